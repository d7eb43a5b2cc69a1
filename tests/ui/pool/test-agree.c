/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/agree.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"
#include "ui/dialogs/confirm-dialog.h"

#include <string.h>

#define TOPOLOGY \
  "[pool pool01.contoso.example]\nsip-domains=contoso.example;\n\n" \
  "[server fe01.contoso.example]\npool=pool01.contoso.example\nconnection=local:///nowhere\n"

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (ISS_IS_CONFIRM_DIALOG (window))
        return window;
    }

  return NULL;
}

static void
ask (const char *action,
     gboolean    is_agreed)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_write (folder, "topology.conf", TOPOLOGY, -1);
  g_autofree char *sha256 = iss_scene_pool_dup_sha256 (ISS_SCENE_AUTH);
  g_autofree char *text = NULL;
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_SCENE_NOW);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssWorkspace) workspace = NULL;
  g_autoptr(IssScopeNode) node = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *dialog;
  IssPool *pool;

  workspace = iss_workspace_open (path, iss_temp_folder_get_path (folder), launch, clock, &error);
  g_assert_no_error (error);
  pool = iss_workspace_get_pool (workspace, 0);
  node = iss_scope_node_new_pool (workspace, pool);

  iss_agree_ask (window, node, sha256);
  dialog = find_dialog ();
  g_assert_nonnull (dialog);
  g_assert_nonnull (strstr (iss_confirm_dialog_get_question (ISS_CONFIRM_DIALOG (dialog)),
                            "3f2a91c0"));
  g_assert_null (iss_pool_get_agreed (pool, "OAuthTokenIssuer"));
  gtk_widget_activate_action (dialog, action, NULL);
  iss_wait_until (find_dialog () == NULL);
  iss_wait_for_idle ();

  g_assert_cmpint (iss_pool_get_agreed (pool, "OAuthTokenIssuer") != NULL, ==, is_agreed);
  text = iss_temp_folder_read (folder, "topology.conf", NULL);
  g_assert_cmpint (strstr (text, sha256) != NULL, ==, is_agreed);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_confirmed (void)
{
  ask ("dialog.confirm", TRUE);
}

static void
test_cancelled (void)
{
  ask ("dialog.cancel", FALSE);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/agree/confirmed", test_confirmed);
  g_test_add_func ("/agree/cancelled", test_cancelled);

  return g_test_run ();
}
