/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/drift-repair.h"

#include <string.h>

#include "core/pool/pool-import.h"
#include "core/pool/presence-seen.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/dialogs/error-dialog.h"
#include "ui/style.h"

#define TYPE "OAuthTokenIssuer"

typedef struct
{
  IssAgentsFixture  base;
  GtkWidget        *window;
  IssScopeNode     *node;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  n_servers)
{
  iss_agents_fixture_set_up (&fixture->base, n_servers);
  fixture->node = iss_scope_node_new_pool (fixture->base.workspace, fixture->base.pool);
  fixture->window = g_object_ref_sink (gtk_window_new ());
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  gpointer held = fixture->window;

  gtk_window_destroy (GTK_WINDOW (fixture->window));

  /* The job keeps the window until it has said how it went, which may come after what it did
   * was seen. */
  g_object_add_weak_pointer (held, &held);
  g_object_unref (fixture->window);
  iss_wait_until (held == NULL);
  g_object_unref (fixture->node);
  iss_agents_fixture_tear_down (&fixture->base, NULL);
}

/* (nullable): the dialog of a type; GTK holds it */
static gpointer
find_dialog (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (toplevel, type))
        return toplevel;
    }

  return NULL;
}

static void
import (Fixture *fixture,
        guint    n_servers)
{
  const IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL };
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(IssJob) job = NULL;

  for (guint i = 0; i < n_servers; i++)
    g_ptr_array_add (servers, fixture->base.servers->pdata[i]);

  job = iss_pool_import_new (servers, fixture->base.pfx, fixture->base.password, &options);
  iss_agents_fixture_run (job);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, n_servers);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *looked = user_data;

  g_assert_true (iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL));
  *looked = TRUE;
}

static void
look (Fixture *fixture)
{
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  gboolean looked = FALSE;

  g_ptr_array_add (asked, iss_certificate_get_sha256 (fixture->base.certificate));
  iss_pool_look_async (fixture->base.pool, asked, NULL, looked_cb, &looked);
  iss_wait_until (looked);
}

static void
confirm (const char *question)
{
  IssConfirmDialog *dialog;

  iss_wait_until (find_dialog (ISS_TYPE_CONFIRM_DIALOG) != NULL);
  dialog = find_dialog (ISS_TYPE_CONFIRM_DIALOG);
  g_assert_nonnull (strstr (iss_confirm_dialog_get_question (dialog), question));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.confirm", NULL));
}

static gboolean
is_current (Fixture *fixture,
            guint    server)
{
  const IssObservedSlot *slot = iss_presence_seen_slot (fixture->base.servers->pdata[server], TYPE,
                                                        ISS_SLOT_CURRENT, 0);
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->base.certificate);

  return slot != NULL && memcmp (slot->sha256, g_bytes_get_data (sha256, NULL), 32) == 0;
}

static void
test_put_back (Fixture       *fixture,
               gconstpointer  unused)
{
  IssServer *second = fixture->base.servers->pdata[1];
  g_autoptr(GError) error = NULL;

  import (fixture, 2);
  look (fixture);
  g_assert_true (iss_workspace_set_agreed (fixture->base.workspace, fixture->base.pool, TYPE,
                                           iss_certificate_get_sha256_hex
                                           (fixture->base.certificate), TRUE, "alice", &error));
  g_assert_no_error (error);
  g_assert_false (is_current (fixture, 1));

  iss_drift_repair_put_back (fixture->window, fixture->node, iss_server_get_name (second), TYPE);
  confirm ("Put auth.contoso.example ");

  /* Its agent says that something changed, and is looked at again. */
  iss_wait_until (is_current (fixture, 1));
  g_assert_false (is_current (fixture, 0));
  g_assert_null (find_dialog (ISS_TYPE_ERROR_DIALOG));
}

static void
test_make_everyones (Fixture       *fixture,
                     gconstpointer  unused)
{
  const char *hex = iss_certificate_get_sha256_hex (fixture->base.certificate);
  IssErrorDialog *dialog;

  /* Not on every server: nothing is changed, and no certificate is made. */
  import (fixture, 1);
  look (fixture);
  iss_drift_repair_make_everyones (fixture->window, fixture->node, TYPE, hex);
  iss_wait_until (find_dialog (ISS_TYPE_ERROR_DIALOG) != NULL);
  dialog = find_dialog (ISS_TYPE_ERROR_DIALOG);
  g_assert_nonnull (strstr (iss_error_dialog_get_what (dialog), "it is not known to be on fe02."));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "dialog.cancel", NULL));
  iss_wait_until (find_dialog (ISS_TYPE_ERROR_DIALOG) == NULL);

  import (fixture, 2);
  look (fixture);
  iss_drift_repair_make_everyones (fixture->window, fixture->node, TYPE, hex);
  confirm ("everyone's?");
  iss_wait_until (is_current (fixture, 0) && is_current (fixture, 1));
  iss_wait_until (iss_pool_get_agreed (fixture->base.pool, TYPE) != NULL);
  g_assert_cmpstr (iss_pool_get_agreed (fixture->base.pool, TYPE)->sha256_hex, ==, hex);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/drift-repair/put-back", Fixture, GUINT_TO_POINTER (2), set_up, test_put_back,
              tear_down);
  g_test_add ("/drift-repair/make-everyones", Fixture, GUINT_TO_POINTER (2), set_up,
              test_make_everyones, tear_down);

  return g_test_run ();
}
