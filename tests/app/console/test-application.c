/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/application.h"

#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"

/* Options that contradict each other end the program before a window is there. */
static void
test_application_refuses (void)
{
  static const struct
  {
    const char *arguments[4];
    int         status;
  } cases[] =
  {
    { { "issuant", "--reset" }, 2 },
    { { "issuant", "--seed", "x" }, 2 },
    { { "issuant", "--demo", "--topology", "x.conf" }, 2 },
    { { "issuant", "--demo", "--at=yesterday" }, 2 },
    { { "issuant", "--nonsense" }, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssApplication *application = iss_application_new (NULL);
      g_auto(GStrv) arguments = g_new0 (char *, 5);
      guint n = 0;

      for (; n < 4 && cases[i].arguments[n] != NULL; n++)
        arguments[n] = g_strdup (cases[i].arguments[n]);

      g_test_message ("%s", arguments[1]);
      g_assert_cmpint (g_application_run (G_APPLICATION (application), (int) n, arguments), ==,
                       cases[i].status);
      g_assert_null (iss_application_get_window (application));
      g_assert_finalize_object (application);
    }
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow      *window,
                 gpointer        user_data)
{
  /* When its first page is there. */
  g_idle_add_once ((GSourceOnceFunc) gtk_window_destroy, window);
}

static void
test_application_topology (void)
{
  IssApplication *application = iss_application_new (NULL);
  IssWorkspaceFixture fixture;
  char *arguments[] = { "issuant", "--topology", NULL, NULL };

  iss_workspace_fixture_set_up (&fixture, TRUE);
  arguments[2] = fixture.topology;
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 3, arguments), ==, 0);

  g_object_add_weak_pointer (G_OBJECT (application), (gpointer *) &application);
  g_object_unref (application);
  iss_wait_until (application == NULL);
  iss_workspace_fixture_tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *agent = NULL;

  g_test_init (&argc, &argv, NULL);

  agent = iss_agent_fixture_dup_program ();
  g_setenv ("ISSUANT_AGENT", agent, TRUE);

  g_test_add_func ("/application/refuses", test_application_refuses);
  g_test_add_func ("/application/topology", test_application_topology);

  return g_test_run ();
}
