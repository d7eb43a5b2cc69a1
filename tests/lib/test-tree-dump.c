/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/tree-dump.h"

#include "tests/lib/shot.h"
#include "ui/style.h"

static GtkWidget *
make_window (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *hidden = gtk_label_new ("nobody sees this");
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *check = gtk_check_button_new_with_label ("For every server");
  GtkWidget *button = gtk_button_new_with_label ("Import");

  gtk_widget_set_visible (hidden, FALSE);
  gtk_editable_set_text (GTK_EDITABLE (entry), "auth.pfx");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_widget_set_sensitive (button, FALSE);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("iss-certificate-symbolic"));
  gtk_box_append (GTK_BOX (box), gtk_label_new ("Manual import does not replicate."));
  gtk_box_append (GTK_BOX (box), gtk_inscription_new ("fe02"));
  gtk_box_append (GTK_BOX (box), hidden);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), check);
  gtk_box_append (GTK_BOX (box), button);
  gtk_window_set_title (GTK_WINDOW (window), "Sample");
  gtk_widget_add_css_class (box, "background");
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 240);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);

  return window;
}

static void
test_tree_dump_says (void)
{
  GtkWidget *window = make_window ();
  g_autofree char *text = iss_tree_dump (gtk_window_get_child (GTK_WINDOW (window)));

  g_assert_cmpstr (text, ==,
                   "image iss-certificate-symbolic\n"
                   "label “Manual import does not replicate.”\n"
                   "label “fe02”\n"
                   "text “auth.pfx”\n"
                   "check on\n"
                   "  label “For every server”\n"
                   "button, greyed\n"
                   "  label “Import”, greyed\n");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          gpointer                  unused)
{
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  unused)
{
  GtkStringObject *object = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (object));
}

/* A list of @lines, in a window of 150 pixels' height. */
static GtkWidget *
make_list (const char * const *lines)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *model =
    GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (gtk_string_list_new (lines))));

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled),
                                 gtk_list_view_new (model, factory));
  gtk_window_set_titlebar (GTK_WINDOW (window), gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 150);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);

  return window;
}

/* Debian 13's list has one row more ready than is seen. */
static void
test_tree_dump_scrolled_away (void)
{
  static const char * const lines[] = { "one\n\n\n", "two\n\n\n", "three\n\n\n", "four", NULL };
  GtkWidget *window = make_list (lines);
  g_autofree char *text = iss_tree_dump (gtk_window_get_child (GTK_WINDOW (window)));

  g_assert_cmpstr (text, ==, "label “one\n\n\n”\nlabel “two\n\n\n”\n");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* The references beside the other pictures: text everywhere, pixels on Debian 12. */
static void
test_tree_dump_shot (void)
{
  GtkWidget *window = make_window ();

  iss_shot_check (gtk_window_get_child (GTK_WINDOW (window)), "sample");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/tree-dump/says", test_tree_dump_says);
  g_test_add_func ("/tree-dump/scrolled-away", test_tree_dump_scrolled_away);
  g_test_add_func ("/tree-dump/shot", test_tree_dump_shot);

  return g_test_run ();
}
