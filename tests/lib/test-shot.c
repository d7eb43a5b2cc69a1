/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/picture.h"
#include "tests/lib/shot.h"
#include "tests/lib/temp-folder.h"
#include "ui/style.h"

static GtkWidget *
make_window (const char *text)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("iss-certificate-symbolic"));
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("document-open-symbolic"));
  gtk_box_append (GTK_BOX (box), gtk_label_new (text));
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 80);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static void
take (const char *text,
      const char *path)
{
  GtkWidget *window = make_window (text);

  iss_shot_save (window, path);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_repeatable (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *one = iss_temp_folder_dup_path (folder, "one.png");
  g_autofree char *other = iss_temp_folder_dup_path (folder, "other.png");
  g_autofree char *third = iss_temp_folder_dup_path (folder, "third.png");
  g_autofree char *report = NULL;
  g_autofree char *third_report = NULL;
  g_autoptr(GError) error = NULL;

  take ("Manual import does not replicate.", one);
  take ("Manual import does not replicate.", other);
  take ("Manual import does not replicate,", third);

  g_assert_true (iss_picture_compare (one, other, NULL, &report, &error));
  g_assert_no_error (error);
  g_assert_false (iss_picture_compare (one, third, NULL, &third_report, &error));
  g_assert_no_error (error);
}

/* In labels of either kind, however deep, and no more than was asked for. */
static void
test_replace (void)
{
  GtkWidget *window = make_window ("/tmp/x1/auth.pfx is in /tmp/x1");
  GtkWidget *box = gtk_window_get_child (GTK_WINDOW (window));
  GtkWidget *label = gtk_widget_get_last_child (box);
  GtkWidget *inscription = gtk_inscription_new ("/tmp/x1/auth.key");

  gtk_box_append (GTK_BOX (box), inscription);
  iss_shot_replace (window, "/tmp/x2", "?");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "/tmp/x1/auth.pfx is in /tmp/x1");
  iss_shot_replace (window, "/tmp/x1", "~");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "~/auth.pfx is in ~");
  g_assert_cmpstr (gtk_inscription_get_text (GTK_INSCRIPTION (inscription)), ==, "~/auth.key");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_pinned (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *font = NULL;
  g_autofree char *theme = NULL;
  GtkWidget *window;
  gboolean animations;
  gboolean blink;

  g_object_get (settings,
                "gtk-font-name", &font,
                "gtk-icon-theme-name", &theme,
                "gtk-enable-animations", &animations,
                "gtk-cursor-blink", &blink,
                NULL);
  g_assert_cmpstr (font, ==, "DejaVu Sans 10");
  g_assert_cmpstr (theme, ==, "Adwaita");
  g_assert_false (animations);
  g_assert_false (blink);

  window = make_window ("x");
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (window))), ==,
                   "GskCairoRenderer");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_icons (void)
{
  static const char *names[] =
  {
    "iss-console-symbolic", "iss-pool-symbolic", "iss-server-symbolic", "iss-server-off-symbolic",
    "iss-store-symbolic", "iss-certificate-symbolic", "iss-certificate-key-symbolic",
    "iss-assignment-symbolic", "iss-presence-symbolic", "iss-replication-symbolic",
    "iss-task-symbolic", "iss-log-symbolic", "iss-state-published-symbolic",
    "iss-state-in-store-symbolic", "iss-state-missing-symbolic", "iss-state-different-symbolic",
    "iss-state-expired-symbolic", "iss-state-not-yet-symbolic", "iss-state-unknown-symbolic",
    "org.issuant.Issuant",
  };
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  g_assert_false (gtk_icon_theme_has_icon (theme, "iss-no-such-thing-symbolic"));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      g_assert_true (gtk_icon_theme_has_icon (theme, names[i]));
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/shot/replace", test_replace);
  g_test_add_func ("/shot/pinned", test_pinned);
  g_test_add_func ("/shot/icons", test_icons);
  g_test_add_func ("/shot/repeatable", test_repeatable);

  return g_test_run ();
}
