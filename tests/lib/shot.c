/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/shot.h"

#include "tests/lib/picture.h"
#include "tests/lib/tree-dump.h"
#include "tests/lib/wait.h"

#include <glib/gstdio.h>

#define ENOUGH_FRAMES 3

/* Debian 12's. Another GTK draws other pixels: theme and text are laid out anew. */
#define PINNED_GTK_MINOR 8

static gboolean
count_frame_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  guint *n_frames = user_data;

  (*n_frames)++;

  return *n_frames < ENOUGH_FRAMES ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/**
 * iss_shot_settle:
 * @widget: a widget in a window that was presented
 *
 * Runs the main context until some frames are drawn and there is nothing left to do.
 */
void
iss_shot_settle (GtkWidget *widget)
{
  guint n_frames = 0;

  iss_wait_until (gtk_widget_get_mapped (widget));
  gtk_widget_add_tick_callback (widget, count_frame_cb, &n_frames, NULL);
  iss_wait_until (n_frames >= ENOUGH_FRAMES);
  iss_wait_for_idle ();
}

/**
 * iss_shot_save:
 * @widget: a widget in a window that was presented
 * @path: where to write the PNG file
 *
 * Takes the picture of @widget's own surface: no frame of a window manager, no popovers.
 */
void
iss_shot_save (GtkWidget  *widget,
               const char *path)
{
  g_autoptr(GdkPaintable) paintable = NULL;
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;
  GskRenderer *renderer;
  int width;
  int height;

  iss_shot_settle (widget);

  width = gtk_widget_get_width (widget);
  height = gtk_widget_get_height (widget);
  paintable = gtk_widget_paintable_new (widget);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);

  renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, width, height));
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

/**
 * iss_shot_set_dark:
 * @dark: whether the theme's dark variant shall be used from now on
 *
 * The pinned environment names the theme by GTK_THEME, which comes before every setting.
 */
void
iss_shot_set_dark (gboolean dark)
{
  g_setenv ("GTK_THEME", dark ? "Default:dark" : "Default", TRUE);
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", dark, NULL);
}

static void
replace_in (GtkWidget  *widget,
            const char *property,
            const char *from,
            const char *to)
{
  g_autofree char *before = NULL;
  g_autoptr(GString) text = NULL;

  g_object_get (widget, property, &before, NULL);
  text = g_string_new (before);
  if (g_string_replace (text, from, to, 0) > 0)
    g_object_set (widget, property, text->str, NULL);
}

/**
 * iss_shot_replace:
 * @widget: a widget
 * @from: what is another text every time, such as the name of a folder of this process
 * @to: what the picture shall show instead
 *
 * Replaces a part of what @widget, and what is in it, says.
 */
void
iss_shot_replace (GtkWidget  *widget,
                  const char *from,
                  const char *to)
{
  if (GTK_IS_LABEL (widget))
    replace_in (widget, "label", from, to);
  else if (GTK_IS_INSCRIPTION (widget))
    replace_in (widget, "text", from, to);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    iss_shot_replace (child, from, to);
}

/**
 * iss_shot_pixels_are_pinned:
 *
 * Returns: whether this is the GTK that the reference pictures were taken with: Debian 12's
 */
gboolean
iss_shot_pixels_are_pinned (void)
{
  return gtk_get_major_version () == 4 && gtk_get_minor_version () == PINNED_GTK_MINOR;
}

static char *
dup_reference (const char *name,
               const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_test_build_filename (G_TEST_DIST, "shots", "expected", file, NULL);
}

static gboolean
check_text (const char *text,
            const char *name,
            const char *folder)
{
  g_autofree char *reference = dup_reference (name, ".txt");
  g_autofree char *new_file = g_strconcat (name, ".new.txt", NULL);
  g_autofree char *path = g_build_filename (folder, new_file, NULL);
  g_autofree char *expected = NULL;
  g_autoptr(GError) error = NULL;

  if (g_file_get_contents (reference, &expected, NULL, &error) && g_str_equal (expected, text))
    return TRUE;

  g_test_message ("%s: %s", name, error != NULL ? error->message : "it says something else now:");
  g_test_message ("%s", text);
  g_file_set_contents (path, text, -1, NULL);
  g_test_fail ();

  return FALSE;
}

static void
check_picture (GtkWidget  *widget,
               const char *name,
               const char *folder)
{
  g_autofree char *reference = dup_reference (name, ".png");
  g_autofree char *new_file = g_strconcat (name, ".new.png", NULL);
  g_autofree char *difference_file = g_strconcat (name, ".difference.png", NULL);
  g_autofree char *picture = g_build_filename (folder, new_file, NULL);
  g_autofree char *difference = g_build_filename (folder, difference_file, NULL);
  g_autofree char *report = NULL;
  g_autoptr(GError) error = NULL;

  iss_shot_save (widget, picture);
  if (iss_picture_compare (reference, picture, difference, &report, &error))
    {
      g_assert_cmpint (g_unlink (picture), ==, 0);
      return;
    }

  g_test_message ("%s: %s", name, error != NULL ? error->message : report);
  g_test_fail ();
}

static void
update (GtkWidget  *widget,
        const char *text,
        const char *name)
{
  g_autofree char *text_path = dup_reference (name, ".txt");
  g_autofree char *picture_path = dup_reference (name, ".png");
  g_autoptr(GError) error = NULL;

  g_file_set_contents (text_path, text, -1, &error);
  g_assert_no_error (error);
  if (iss_shot_pixels_are_pinned ())
    iss_shot_save (widget, picture_path);
}

/**
 * iss_shot_check:
 * @widget: a widget in a window that was presented
 * @name: the picture's name: its references are tests/shots/expected/@name.txt and @name.png
 *
 * Fails the test, and goes on, if @widget does not say exactly what is in the text (see
 * iss_tree_dump()), or, with Debian 12's GTK, does not look exactly as in the picture. The new
 * text or picture, and the pictures side by side, are then left in the folder that ISS_SHOTS
 * names. With UPDATE_SHOTS=1 in the environment the references are written instead: look at
 * the change.
 */
void
iss_shot_check (GtkWidget  *widget,
                const char *name)
{
  const char *folder = g_getenv ("ISS_SHOTS");
  g_autofree char *file = g_strconcat (name, ".new.png", NULL);
  g_autofree char *picture = NULL;
  g_autofree char *text = NULL;

  iss_shot_settle (widget);
  text = iss_tree_dump (widget);

  if (g_strcmp0 (g_getenv ("UPDATE_SHOTS"), "1") == 0)
    {
      update (widget, text, name);
      return;
    }

  g_assert_nonnull (folder);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  picture = g_build_filename (folder, file, NULL);
  if (!check_text (text, name, folder))
    iss_shot_save (widget, picture);
  if (iss_shot_pixels_are_pinned ())
    check_picture (widget, name, folder);
}
