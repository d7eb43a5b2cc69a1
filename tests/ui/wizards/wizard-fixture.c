/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/wizards/wizard-fixture.h"

#include "core/base/error.h"
#include "core/pool/demo.h"
#include "core/pool/pool-import.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"

#include <string.h>

/**
 * iss_wizard_fixture_new:
 *
 * Returns: (transfer full): a new demo pool whose agents live at a fixed instant
 */
IssWizardFixture *
iss_wizard_fixture_new (void)
{
  IssWizardFixture *self = g_new0 (IssWizardFixture, 1);
  g_autofree char *agent = g_build_filename (g_getenv ("ISS_TEST_BUILD"), "app", "agent",
                                             "issuant-agent", NULL);
  g_autofree char *topology = NULL;
  g_autofree char *cache = NULL;
  g_autoptr(GError) error = NULL;
  IssDemoSpec spec = { .seed = "wizards", .at = ISS_WIZARD_FIXTURE_NOW };

  self->temp = iss_temp_folder_new ();
  self->folder = iss_temp_folder_dup_path (self->temp, "demo");
  cache = iss_temp_folder_dup_path (self->temp, "cache");
  spec.folder = self->folder;
  iss_demo_prepare (&spec, NULL, &error);
  g_assert_no_error (error);

  self->launch = iss_launch_new (agent);
  self->launch->at = ISS_WIZARD_FIXTURE_NOW;
  self->clock = iss_clock_new_fixed (ISS_WIZARD_FIXTURE_NOW);
  topology = iss_demo_dup_topology (self->folder);
  self->workspace = iss_workspace_open (topology, cache, self->launch, self->clock, &error);
  g_assert_no_error (error);
  self->pool = iss_workspace_get_pool (self->workspace, 0);

  return self;
}

/**
 * iss_wizard_fixture_free:
 * @self: a fixture
 *
 * Lets the agents go, and removes the pool. Nobody may hold it any more.
 */
void
iss_wizard_fixture_free (IssWizardFixture *self)
{
  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    iss_server_disconnect (iss_pool_get_server (self->pool, i));
  iss_wait_for_idle ();

  g_assert_finalize_object (self->workspace);
  iss_clock_unref (self->clock);
  iss_launch_free (self->launch);
  g_free (self->folder);
  iss_temp_folder_free (self->temp);
  g_free (self);
}

char *
iss_wizard_fixture_dup_file (IssWizardFixture *self,
                             const char       *name)
{
  return g_build_filename (self->folder, "files", name, NULL);
}

char *
iss_wizard_fixture_dup_password (IssWizardFixture *self)
{
  g_autofree char *path = iss_wizard_fixture_dup_file (self, "auth.password");
  char *password = NULL;

  g_assert_true (g_file_get_contents (path, &password, NULL, NULL));

  return g_strchomp (password);
}

static void
import_ended_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  gboolean *ended = user_data;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_job_run_finish (ISS_JOB (object), result, &error));
  g_assert_no_error (error);
  *ended = TRUE;
}

/**
 * iss_wizard_fixture_import:
 * @self: a fixture
 * @file: a PFX file of the demo
 *
 * Imports a certificate with its key on every server.
 */
void
iss_wizard_fixture_import (IssWizardFixture *self,
                           const char       *file)
{
  g_autofree char *path = iss_wizard_fixture_dup_file (self, file);
  g_autofree char *text = iss_wizard_fixture_dup_password (self);
  g_autoptr(IssSecret) password = iss_secret_new (text, strlen (text));
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssJob) job = NULL;
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL };
  gboolean ended = FALSE;
  char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  bytes = g_bytes_new_take (data, size);
  options.origin = "manual";
  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (self->pool, i));

  job = iss_pool_import_new (servers, bytes, password, &options);
  iss_job_run_async (job, NULL, import_ended_cb, &ended);
  iss_wait_until (ended);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 3);
}

/**
 * iss_wizard_fixture_import_next:
 * @self: a fixture
 *
 * Imports next-auth.contoso.example on every server.
 */
void
iss_wizard_fixture_import_next (IssWizardFixture *self)
{
  iss_wizard_fixture_import (self, "next-auth.contoso.example.pfx");
}

guint
iss_wizard_fixture_count (IssWizardFixture *self,
                          const char       *server,
                          const char       *folder)
{
  g_autofree char *path = g_build_filename (self->folder, server, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

void
iss_wizard_fixture_break (IssWizardFixture *self,
                          const char       *server)
{
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE,
                                                 "ssh: connect to host fe03 port 22: "
                                                 "Connection refused");
  g_autofree char *path = g_build_filename (self->folder, server, NULL);
  g_autofree char *away = g_strconcat (path, ".away", NULL);
  IssServer *found = iss_pool_find_server (self->pool, server);
  g_autoptr(GFile) from = g_file_new_for_path (path);
  g_autoptr(GFile) to = g_file_new_for_path (away);

  /* A file where the folder was: the agent does not make a new one. */
  g_assert_true (g_file_move (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  iss_server_disconnect (found);
  iss_server_set_failed (found, error, ISS_WIZARD_FIXTURE_NOW);
}

/**
 * iss_wizard_fixture_child:
 * @widget: a widget with a template
 * @id: the name of a child in it
 *
 * Returns: (transfer none): the child
 */
GtkWidget *
iss_wizard_fixture_child (gpointer    widget,
                          const char *id)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), id);

  g_assert_nonnull (child);

  return GTK_WIDGET (child);
}

void
iss_wizard_fixture_type (gpointer    widget,
                         const char *id,
                         const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (iss_wizard_fixture_child (widget, id)), text);
}

void
iss_wizard_fixture_act (gpointer    widget,
                        const char *action)
{
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

gboolean
iss_wizard_fixture_can_next (gpointer wizard)
{
  return gtk_widget_get_sensitive (iss_wizard_fixture_child (wizard, "next_button"));
}

void
iss_wizard_fixture_shoot (gpointer    window,
                          const char *name)
{
  const char *folder = g_getenv ("ISS_SHOOT_TO");
  g_autofree char *light = NULL;
  g_autofree char *dark = NULL;

  if (folder == NULL)
    return;

  light = g_strdup_printf ("%s/%s.png", folder, name);
  dark = g_strdup_printf ("%s/%s-dark.png", folder, name);
  iss_shot_save (window, light);
  iss_shot_set_dark (TRUE);
  iss_shot_save (window, dark);
  iss_shot_set_dark (FALSE);
}
