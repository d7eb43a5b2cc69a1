/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-matrix.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "ui/pool/presence-cell-view.h"

static void
show (GtkWidget *matrix,
      IssPool   *pool)
{
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, ISS_SCENE_NOW, NULL);

  iss_presence_matrix_set_presence (ISS_PRESENCE_MATRIX (matrix), presence, ISS_SCENE_NOW, NULL);
}

static void
assert_selected (GtkWidget  *matrix,
                 const char *server,
                 const char *type,
                 IssSlot     slot)
{
  const IssPresenceCell *cell = iss_presence_matrix_get_selected (ISS_PRESENCE_MATRIX (matrix));
  g_autofree char *name = NULL;

  g_assert_nonnull (cell);
  name = iss_server_dup_short_name (cell->server);
  g_assert_cmpstr (name, ==, server);
  g_assert_cmpstr (cell->type, ==, type);
  g_assert_cmpint (cell->slot, ==, slot);
}

static void
test_moves (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_presence_matrix_new ());
  IssPresenceMatrix *matrix = ISS_PRESENCE_MATRIX (widget);

  g_assert_null (iss_presence_matrix_get_selected (matrix));
  show (widget, pool);
  assert_selected (widget, "fe03", "OAuthTokenIssuer", ISS_SLOT_CURRENT);
  iss_presence_matrix_move (matrix, 1, 0);
  assert_selected (widget, "fe02", "OAuthTokenIssuer", ISS_SLOT_CURRENT);
  iss_presence_matrix_move (matrix, 0, 1);
  assert_selected (widget, "fe02", "OAuthTokenIssuer", ISS_SLOT_PREVIOUS);
  iss_presence_matrix_move (matrix, 100, 100);
  assert_selected (widget, "fe01", "Default", ISS_SLOT_CURRENT);
  iss_presence_matrix_move (matrix, -100, -100);
  assert_selected (widget, "fe03", "OAuthTokenIssuer", ISS_SLOT_CURRENT);
  g_assert_finalize_object (g_steal_pointer (&widget));
}

static void
test_names (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_presence_matrix_new ());
  GtkWidget *view;

  show (widget, pool);
  view = iss_presence_matrix_get_view (ISS_PRESENCE_MATRIX (widget), 1, 0);
  gtk_test_accessible_assert_role (widget, GTK_ACCESSIBLE_ROLE_GRID);
  gtk_test_accessible_assert_role (view, GTK_ACCESSIBLE_ROLE_GRID_CELL);
  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "fe02 · OAuthTokenIssuer · current: missing. "
                                       "auth.contoso.example is not in its Personal store. "
                                       "Seen 14:02:11.");
  g_assert_cmpstr (iss_presence_cell_view_get_word (ISS_PRESENCE_CELL_VIEW (view)), ==, "missing");
  g_assert_null (iss_presence_matrix_get_view (ISS_PRESENCE_MATRIX (widget), 3, 0));
  g_assert_finalize_object (g_steal_pointer (&widget));
}

/* The rows change places; what is selected and focused goes along. */
static void
test_keeps (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(GtkWidget) widget = g_object_ref_sink (iss_presence_matrix_new ());
  g_autoptr(IssPageWindow) window = NULL;
  GtkWidget *focus;

  show (widget, pool);
  window = iss_page_window_new (widget);
  gtk_widget_grab_focus (widget);
  iss_presence_matrix_move (ISS_PRESENCE_MATRIX (widget), 2, 0);
  assert_selected (widget, "fe03", "OAuthTokenIssuer", ISS_SLOT_CURRENT);

  iss_scene_pool_fail (iss_pool_get_server (pool, 2));
  show (widget, pool);
  assert_selected (widget, "fe03", "OAuthTokenIssuer", ISS_SLOT_CURRENT);
  focus = gtk_window_get_focus (GTK_WINDOW (iss_page_window_get_window (window)));
  g_assert_true (focus == iss_presence_matrix_get_view (ISS_PRESENCE_MATRIX (widget), 0, 0));

  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&widget));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/presence-matrix/moves", test_moves);
  g_test_add_func ("/presence-matrix/names", test_names);
  g_test_add_func ("/presence-matrix/keeps", test_keeps);

  return g_test_run ();
}
