/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/wizards/wizard-fixture.h"

#include "core/base/error.h"
#include "core/pool/demo.h"
#include "core/pool/pool-import.h"
#include "tests/lib/shot.h"
#include "tests/lib/tree-dump.h"
#include "tests/lib/wait.h"
#include "ui/pool/central-desk.h"
#include "ui/wizards/job-row.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Below the folders that the environment of the tests has made for this process. */
#define DATA "issuant"
#define HOME "pki"

/* What ssh would say of a server that is off: see iss_wizard_fixture_break(). */
#define AGENT \
  "#!/bin/sh\n" \
  "before=\n" \
  "for word; do\n" \
  "  if [ \"$before\" = --root ] && [ -f \"$word\" ]; then\n" \
  "    echo \"" SILENT "\" >&2\n" \
  "    exit 255\n" \
  "  fi\n" \
  "  before=$word\n" \
  "done\n" \
  "exec '%s' \"$@\"\n"

#define SILENT "ssh: connect to host fe03 port 22: Connection refused"

static void
link_to (const char *target,
         const char *parent,
         const char *name)
{
  g_autofree char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_no_errno (symlink (target, path));
}

static void
remove_link (const char *parent,
             const char *name)
{
  g_autofree char *path = g_build_filename (parent, name, NULL);

  g_assert_no_errno (g_unlink (path));
}

/**
 * iss_wizard_fixture_new:
 *
 * Makes it where "--demo" looks for it, and its files known as "~/pki", so that no page says
 * the name of a folder that is another one the next time.
 *
 * Returns: (transfer full): a new demo pool whose agents live at a fixed instant
 */
IssWizardFixture *
iss_wizard_fixture_new (void)
{
  IssWizardFixture *self = g_new0 (IssWizardFixture, 1);
  g_autofree char *agent = g_build_filename (g_getenv ("ISS_TEST_BUILD"), "app", "agent",
                                             "issuant-agent", NULL);
  g_autofree char *script = g_strdup_printf (AGENT, agent);
  g_autofree char *program = NULL;
  g_autofree char *topology = NULL;
  g_autofree char *cache = NULL;
  g_autofree char *files = NULL;
  g_autoptr(GError) error = NULL;
  IssDemoSpec spec = { .seed = "wizards", .at = ISS_WIZARD_FIXTURE_NOW };

  self->temp = iss_temp_folder_new ();
  link_to (iss_temp_folder_get_path (self->temp), g_get_user_data_dir (), DATA);
  self->folder = g_build_filename (g_get_user_data_dir (), DATA, "demo", NULL);
  files = g_build_filename (self->folder, "files", NULL);
  link_to (files, g_get_home_dir (), HOME);
  cache = iss_temp_folder_dup_path (self->temp, "cache");
  spec.folder = self->folder;
  iss_demo_prepare (&spec, NULL, &error);
  g_assert_no_error (error);

  program = iss_temp_folder_write (self->temp, "issuant-agent", script, -1);
  g_assert_no_errno (g_chmod (program, 0700));
  self->launch = iss_launch_new (program);
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

  /* What is asked of the servers in the background has it until it is answered. */
  iss_wait_until (G_OBJECT (self->workspace)->ref_count == 1);
  g_assert_finalize_object (self->workspace);
  iss_clock_unref (self->clock);
  iss_launch_free (self->launch);
  g_free (self->folder);
  remove_link (g_get_user_data_dir (), DATA);
  remove_link (g_get_home_dir (), HOME);
  iss_temp_folder_free (self->temp);
  g_free (self);
}

void
iss_wizard_fixture_attach_desk (IssWizardFixture *self)
{
  g_autofree char *folder = iss_temp_folder_dup_path (self->temp, "central");
  g_autofree char *key_folder = iss_temp_folder_dup_path (self->temp, "administrator");

  iss_central_desk_attach (self->workspace, folder, key_folder);
}

char *
iss_wizard_fixture_dup_file (IssWizardFixture *self,
                             const char       *name)
{
  return g_build_filename (self->folder, "files", name, NULL);
}

/**
 * iss_wizard_fixture_dup_typed:
 * @name: a file of the demo
 *
 * Returns: (transfer full): the same file as somebody would type it: it is the same every time
 */
char *
iss_wizard_fixture_dup_typed (const char *name)
{
  return g_build_filename ("~", HOME, name, NULL);
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
                                                 SILENT);
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

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *looked = user_data;
  g_autoptr(GError) error = NULL;

  iss_server_look_finish (ISS_SERVER (object), result, &error);
  g_assert_no_error (error);
  *looked = TRUE;
}

/**
 * iss_wizard_fixture_mend:
 * @self: a fixture
 * @server: one that was broken
 *
 * Has it answer again, and looks at it.
 */
void
iss_wizard_fixture_mend (IssWizardFixture *self,
                         const char       *server)
{
  g_autofree char *path = g_build_filename (self->folder, server, NULL);
  g_autofree char *away = g_strconcat (path, ".away", NULL);
  IssServer *found = iss_pool_find_server (self->pool, server);
  gboolean looked = FALSE;

  g_assert_no_errno (g_unlink (path));
  g_assert_no_errno (g_rename (away, path));
  iss_server_look_async (found, NULL, NULL, looked_cb, &looked);
  iss_wait_until (looked);
  g_assert_true (iss_server_is_answering (found));
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

/* How long it took is another time every time. */
static void
still_time (GtkWidget *widget)
{
  if (ISS_IS_JOB_ROW (widget))
    {
      GtkWidget *seconds = iss_wizard_fixture_child (widget, "seconds_label");

      if (*gtk_label_get_label (GTK_LABEL (seconds)) != '\0')
        gtk_label_set_label (GTK_LABEL (seconds), "0.4 s");
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    still_time (child);
}

static gboolean
is_looking (GtkWidget *window)
{
  g_autofree char *text = iss_tree_dump (window);

  return strstr (text, "looking…") != NULL;
}

static gboolean
says (gpointer    window,
      const char *text)
{
  g_autofree char *all = iss_tree_dump (window);

  return strstr (all, text) != NULL;
}

/**
 * iss_wizard_fixture_check:
 * @window: a window
 * @name: the picture's name, see iss_shot_check()
 *
 * Compares what @window says and looks like, once nobody is asked any more. Jobs took 0.4 seconds
 * in the picture, and what is in the home folder begins with "~".
 */
void
iss_wizard_fixture_check (gpointer    window,
                          const char *name)
{
  iss_shot_settle (window);
  iss_wait_until (!is_looking (window));

  /* What a server has said last may be said once more, as it was. */
  do
    {
      still_time (window);
      iss_shot_replace (window, g_get_home_dir (), "~");
      iss_shot_replace (window, g_get_user_data_dir (), "~/.local/share");
      iss_shot_settle (window);
    }
  while (is_looking (window) || says (window, g_get_user_data_dir ()));
  iss_shot_check (window, name);
}

/**
 * iss_wizard_fixture_check_both:
 * @window: a window
 * @name: the picture's name; "-dark" is added for the dark one
 *
 * Like iss_wizard_fixture_check(), light and dark.
 */
void
iss_wizard_fixture_check_both (gpointer    window,
                               const char *name)
{
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  iss_wizard_fixture_check (window, name);
  iss_shot_set_dark (TRUE);
  iss_wizard_fixture_check (window, dark);
  iss_shot_set_dark (FALSE);
}
