/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-ladder.h"

#include <string.h>

#include "core/pool/presence.h"
#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"

/* The texts of all labels below, in order. */
static void
collect (GtkWidget *widget,
         GString   *text)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (text, "%s|", gtk_label_get_label (GTK_LABEL (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, text);
}

/* Each rung's name for a screen reader says its mark, time and observer. */
static void
test_show (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(IssPresence) presence = iss_presence_new (pool, NULL, ISS_SCENE_NOW, NULL);
  g_autoptr(GtkWidget) ladder = g_object_ref_sink (iss_presence_ladder_new ());
  g_autoptr(GString) text = g_string_new (NULL);

  iss_presence_ladder_show (ISS_PRESENCE_LADDER (ladder), iss_presence_get_cell (presence, 0, 0),
                            ISS_SCENE_NOW, NULL);
  collect (ladder, text);
  g_test_message ("%s", text->str);
  g_assert_nonnull (strstr (text->str, "published|"));
  g_assert_nonnull (strstr (text->str, "●|"));
  g_assert_nonnull (strstr (text->str, "14:02:11|agent|"));

  iss_presence_ladder_show (ISS_PRESENCE_LADDER (ladder), NULL, ISS_SCENE_NOW, NULL);
  g_assert_finalize_object (g_steal_pointer (&ladder));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/presence-ladder/show", test_show);

  return g_test_run ();
}
