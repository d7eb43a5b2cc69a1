/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/agree.h"

#include <glib/gstdio.h>

#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/dialogs/error-dialog.h"
#include "ui/style.h"

#define TYPE "OAuthTokenIssuer"
#define SHA256 "3f2a91c03f2a91c03f2a91c03f2a91c03f2a91c03f2a91c03f2a91c03f2a91c0"
#define SHA256_UPPER "3F2A91C03F2A91C03F2A91C03F2A91C03F2A91C03F2A91C03F2A91C03F2A91C0"

typedef struct
{
  IssWorkspaceFixture  base;
  IssPool             *pool;      /* borrowed */
  GtkWidget           *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->pool = iss_workspace_get_pool (fixture->base.workspace, 0);
  fixture->window = g_object_ref_sink (gtk_window_new ());
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_for_idle ();
  g_assert_finalize_object (fixture->window);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static IssConfirmDialog *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CONFIRM_DIALOG (toplevel))
        return ISS_CONFIRM_DIALOG (toplevel);   /* GTK holds it */
    }

  return NULL;
}

static IssErrorDialog *
find_error (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_ERROR_DIALOG (toplevel))
        return ISS_ERROR_DIALOG (toplevel);   /* GTK holds it */
    }

  return NULL;
}

static IssConfirmDialog *
ask (Fixture    *fixture,
     const char *sha256_hex)
{
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (fixture->base.workspace, fixture->pool);

  iss_agree_ask (fixture->window, node, sha256_hex);
  iss_wait_until (find_dialog () != NULL);

  return find_dialog ();
}

static void
answer (IssConfirmDialog *dialog,
        const char       *action)
{
  g_object_ref (dialog);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), action, NULL));
  iss_wait_for_idle ();
  g_assert_finalize_object (dialog);
}

static char *
read_topology (Fixture *fixture)
{
  return iss_temp_folder_read (fixture->base.temp, "topology.conf", NULL);
}

static void
test_agreed (Fixture       *fixture,
             gconstpointer  unused)
{
  IssConfirmDialog *dialog = ask (fixture, SHA256_UPPER);
  const IssAgreed *agreed;
  g_autofree char *text = NULL;

  /* No server has shown it: there is no name to call it by. */
  g_assert_cmpstr (iss_confirm_dialog_get_question (dialog), ==,
                   "Agree on the certificate with SHA-256 3f2a91c0…?");
  g_assert_nonnull (strstr (iss_confirm_dialog_get_consequence (dialog),
                            "it changes nothing on any server."));
  g_assert_null (iss_pool_get_agreed (fixture->pool, TYPE));

  answer (dialog, "dialog.confirm");
  iss_wait_until (iss_pool_get_agreed (fixture->pool, TYPE) != NULL);
  agreed = iss_pool_get_agreed (fixture->pool, TYPE);
  g_assert_cmpstr (agreed->sha256_hex, ==, SHA256);
  g_assert_cmpint (agreed->at, ==, ISS_WORKSPACE_FIXTURE_NOW);
  g_assert_cmpstr (agreed->by, !=, "");

  text = read_topology (fixture);
  g_assert_nonnull (strstr (text, "[agreed pool01.contoso.example]\nOAuthTokenIssuer=" SHA256 ";"));
  g_assert_null (find_dialog ());
}

static void
test_not_agreed (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *before = read_topology (fixture);
  g_autofree char *after = NULL;

  answer (ask (fixture, SHA256), "dialog.cancel");
  g_assert_null (iss_pool_get_agreed (fixture->pool, TYPE));
  after = read_topology (fixture);
  g_assert_cmpstr (after, ==, before);
}

/* What could not be written down is not agreed, and is said. */
static void
test_not_written (Fixture       *fixture,
                  gconstpointer  unused)
{
  IssConfirmDialog *dialog = ask (fixture, SHA256);

  g_assert_cmpint (g_remove (fixture->base.topology), ==, 0);
  g_assert_cmpint (g_mkdir (fixture->base.topology, 0700), ==, 0);
  answer (dialog, "dialog.confirm");

  iss_wait_until (find_error () != NULL);
  g_assert_cmpstr (iss_error_dialog_get_what (find_error ()), ==,
                   "What is agreed could not be written down.");
  g_assert_null (iss_pool_get_agreed (fixture->pool, TYPE));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (find_error ()), "dialog.cancel", NULL));
  iss_wait_until (find_error () == NULL);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/agree/agreed", Fixture, NULL, set_up, test_agreed, tear_down);
  g_test_add ("/agree/not-agreed", Fixture, NULL, set_up, test_not_agreed, tear_down);
  g_test_add ("/agree/not-written", Fixture, NULL, set_up, test_not_written, tear_down);

  return g_test_run ();
}
