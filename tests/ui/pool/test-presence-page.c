/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page in every scene. Also covers: pool-watch, presence-cell-view, presence-ladder,
 * presence-matrix, presence-remedy, state-icon, ticket, verdict-line. */

#include "ui/pool/presence-page.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/wait.h"

static GtkWidget *
make_page (IssPool *pool)
{
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);

  return g_object_ref_sink (iss_presence_page_new (node));
}

static void
test_scenes (void)
{
  for (IssScene scene = 0; scene < ISS_N_SCENES; scene++)
    {
      g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
      g_autoptr(GtkWidget) page = make_page (pool);
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      g_autofree char *verdict = NULL;
      g_autofree char *sentence = NULL;

      g_object_get (page, "verdict", &verdict, "sentence", &sentence, NULL);
      g_test_message ("%s: %s / %s", iss_scene_pool_get_name (scene), verdict, sentence);
      g_assert_cmpstr (verdict, !=, "");
      g_assert_cmpint (scene == ISS_SCENE_EMPTY, ==, *sentence == '\0');
      iss_page_window_shoot (window, "presence", iss_scene_pool_get_name (scene));
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

typedef struct
{
  IssScene    scene;
  const char *button;      /* of the worst server's cell, which is selected at first */
  const char *activated;
} ButtonCase;

static void
test_remedies (void)
{
  static const ButtonCase cases[] =
  {
    { ISS_SCENE_DEAD,         "Look at fe01 Again", "server.look 'fe01.contoso.example'" },
    { ISS_SCENE_NOT_ASSIGNED, "Assign…",            "assignment.assign ['fe01.contoso.example']" },
    { ISS_SCENE_EMPTY,        "Add a Server…",      "server.connect" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const ButtonCase *c = &cases[i];
      g_autoptr(IssPool) pool = iss_scene_pool_new (c->scene);
      g_autoptr(GtkWidget) page = make_page (pool);
      g_autoptr(IssPageWindow) window = iss_page_window_new (page);
      GtkWidget *button = iss_page_window_find_button (window, c->button);

      g_test_message ("%s", c->button);
      g_assert_nonnull (button);
      g_signal_emit_by_name (button, "clicked");
      g_assert_cmpstr (iss_page_window_get_activated (window), ==, c->activated);
      g_clear_pointer (&window, iss_page_window_free);
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

static void
test_large (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new_large (60);
  gint64 begin = g_get_monotonic_time ();
  g_autoptr(GtkWidget) page = make_page (pool);
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);

  iss_page_window_shoot (window, "presence", "large");
  g_assert_nonnull (iss_page_window_find_button (window, "Import on fe03…"));
  g_signal_emit_by_name (iss_page_window_find_button (window, "Make auth.contoso.example Global…"),
                         "clicked");
  g_assert_true (g_str_has_prefix (iss_page_window_get_activated (window),
                                   "assignment.make-global ('OAuthTokenIssuer', '"));
  g_test_message ("%d ms", (int) ((g_get_monotonic_time () - begin) / 1000));
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/presence-page/scenes", test_scenes);
  g_test_add_func ("/presence-page/remedies", test_remedies);
  g_test_add_func ("/presence-page/large", test_large);

  return g_test_run ();
}
