/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/action-pane.h"

#include "ui/style.h"

static void
done_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  GString *log = user_data;

  g_string_append_printf (log, "%s(%s)", g_action_get_name (G_ACTION (action)),
                          parameter != NULL ? g_variant_get_string (parameter, NULL) : "");
}

static void
collect (GtkWidget *widget,
         GPtrArray *buttons,
         GString   *headings)
{
  if (GTK_IS_BUTTON (widget))
    g_ptr_array_add (buttons, widget);
  else if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "heading"))
    g_string_append_printf (headings, "[%s]", gtk_label_get_text (GTK_LABEL (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, buttons, headings);
}

static void
test_action_pane_menu (void)
{
  IssActionPane *pane = g_object_ref_sink (ISS_ACTION_PANE (iss_action_pane_new ()));
  g_autoptr(GString) log = g_string_new (NULL);
  g_autoptr(GString) headings = g_string_new (NULL);
  g_autoptr(GPtrArray) buttons = g_ptr_array_new ();
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr(GSimpleAction) import = g_simple_action_new ("import", G_VARIANT_TYPE_STRING);
  g_autoptr(GSimpleAction) find = g_simple_action_new ("find", NULL);
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) here = g_menu_new ();
  g_autoptr(GMenu) selected = g_menu_new ();

  g_signal_connect (import, "activate", G_CALLBACK (done_cb), log);
  g_signal_connect (find, "activate", G_CALLBACK (done_cb), log);
  g_simple_action_set_enabled (find, FALSE);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (import));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (find));
  gtk_widget_insert_action_group (GTK_WIDGET (pane), "server", G_ACTION_GROUP (group));

  g_menu_append (here, "_Import…", "server.import::fe01");
  g_menu_append (here, "_Find…", "server.find");
  g_menu_append_section (menu, "Personal, fe01", G_MENU_MODEL (here));
  g_menu_append (selected, "_Assign…", "server.nothing");
  g_menu_append_section (menu, "auth_contoso.example", G_MENU_MODEL (selected));
  iss_action_pane_set_menu (pane, G_MENU_MODEL (menu));

  collect (GTK_WIDGET (pane), buttons, headings);
  g_assert_cmpstr (headings->str, ==, "[Personal, fe01][auth_contoso.example]");
  g_assert_cmpuint (buttons->len, ==, 3);
  g_signal_emit_by_name (g_ptr_array_index (buttons, 0), "clicked");
  g_assert_cmpstr (log->str, ==, "import(fe01)");
  g_assert_false (gtk_widget_get_sensitive (g_ptr_array_index (buttons, 1)));

  iss_action_pane_set_menu (pane, NULL);
  g_ptr_array_set_size (buttons, 0);
  collect (GTK_WIDGET (pane), buttons, headings);
  g_assert_cmpuint (buttons->len, ==, 0);
  g_assert_null (iss_action_pane_get_menu (pane));

  g_assert_finalize_object (pane);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/action-pane/menu", test_action_pane_menu);

  return g_test_run ();
}
