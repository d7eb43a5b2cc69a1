/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/shot.h"
#include "ui/pool/assignments-page.h"
#include "ui/pool/overview-page.h"
#include "ui/pool/presence-page.h"
#include "ui/pool/server-page.h"

/* The pages that decide whether Issuant is trusted, compared with pictures that
 * somebody has looked at. */

static void
check (IssScene     scene,
       const char  *page,
       GtkWidget *(*make) (IssScopeNode *))
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
  g_autoptr(IssScopeNode) node = iss_scope_node_new_pool (NULL, pool);
  g_autoptr(GtkWidget) widget = g_object_ref_sink (make (node));
  g_autoptr(IssPageWindow) window = iss_page_window_new (widget);
  g_autofree char *name = g_strdup_printf ("%s-%s", page, iss_scene_pool_get_name (scene));

  /* The whole window: a page alone has no background. */
  iss_shot_settle (widget);
  iss_shot_check (iss_page_window_get_window (window), name);
}

static void
test_pictures_overview (void)
{
  check (ISS_SCENE_GOOD, "overview", iss_overview_page_new);
  check (ISS_SCENE_MIXED, "overview", iss_overview_page_new);
  check (ISS_SCENE_NOT_ASSIGNED, "overview", iss_overview_page_new);
  check (ISS_SCENE_NOT_AGREED, "overview", iss_overview_page_new);
}

static void
test_pictures_presence (void)
{
  check (ISS_SCENE_GOOD, "presence", iss_presence_page_new);
  check (ISS_SCENE_MIXED, "presence", iss_presence_page_new);
  check (ISS_SCENE_DEAD, "presence", iss_presence_page_new);
}

static void
test_pictures_assignments (void)
{
  check (ISS_SCENE_GOOD, "assignments", iss_assignments_page_new);
  check (ISS_SCENE_MIXED, "assignments", iss_assignments_page_new);
  check (ISS_SCENE_NOT_ASSIGNED, "assignments", iss_assignments_page_new);
  check (ISS_SCENE_DEAD, "assignments", iss_assignments_page_new);
  check (ISS_SCENE_FIRST_LOOK, "assignments", iss_assignments_page_new);
  check (ISS_SCENE_EMPTY, "assignments", iss_assignments_page_new);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/pictures/overview", test_pictures_overview);
  g_test_add_func ("/pictures/presence", test_pictures_presence);
  g_test_add_func ("/pictures/assignments", test_pictures_assignments);

  return g_test_run ();
}
