/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/workspace-fixture.h"

#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

/**
 * iss_workspace_fixture_set_up:
 * @self: (out): a fixture
 * @with_pool: whether there is a pool in the topology
 */
void
iss_workspace_fixture_set_up (IssWorkspaceFixture *self,
                              gboolean             with_pool)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  g_autoptr(IssLaunch) launch = iss_launch_new (program);
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_WORKSPACE_FIXTURE_NOW);
  g_autofree char *cache = NULL;
  g_autoptr(GError) error = NULL;

  self->temp = iss_temp_folder_new ();
  self->topology = iss_temp_folder_dup_path (self->temp, "topology.conf");
  cache = iss_temp_folder_dup_path (self->temp, "cache");

  if (with_pool)
    {
      g_autofree char *text = NULL;
      const char *root = iss_temp_folder_get_path (self->temp);

      text = g_strdup_printf ("[pool pool01.contoso.example]\n"
                              "sip-domains=contoso.example;\n"
                              "[server fe01.contoso.example]\n"
                              "pool=pool01.contoso.example\n"
                              "connection=local://%s/fe01\n"
                              "[server fe02.contoso.example]\n"
                              "pool=pool01.contoso.example\n"
                              "connection=local://%s/fe02\n", root, root);
      g_free (iss_temp_folder_write (self->temp, "topology.conf", text, -1));
    }

  self->workspace = iss_workspace_open (self->topology, cache, launch, clock, &error);
  g_assert_no_error (error);
}

/**
 * iss_workspace_fixture_tear_down:
 * @self: a fixture
 *
 * Everything that used the workspace must be gone by now, or about to go.
 */
void
iss_workspace_fixture_tear_down (IssWorkspaceFixture *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->workspace), (gpointer *) &self->workspace);
  g_object_unref (self->workspace);
  iss_wait_until (self->workspace == NULL);
  g_clear_pointer (&self->topology, g_free);
  g_clear_pointer (&self->temp, iss_temp_folder_free);
}
