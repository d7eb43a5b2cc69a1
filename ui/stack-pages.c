/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/stack-pages.h"

static void
visible_child_changed_cb (GtkStack *stack)
{
  GtkWidget *shown = gtk_stack_get_visible_child (stack);

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack)); page != NULL;
       page = gtk_widget_get_next_sibling (page))
    gtk_accessible_update_state (GTK_ACCESSIBLE (page),
                                 GTK_ACCESSIBLE_STATE_HIDDEN, page != shown, -1);
}

/**
 * iss_stack_pages_tell:
 * @stack: a stack
 *
 * From now on has screen readers be told that a page of the stack is hidden while another one
 * is shown. GTK 4.8 takes it from the display only, and whoever reads the window would be read
 * every page that was ever shown.
 */
void
iss_stack_pages_tell (GtkStack *stack)
{
  g_return_if_fail (GTK_IS_STACK (stack));

  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (visible_child_changed_cb), NULL);
  visible_child_changed_cb (stack);
}
