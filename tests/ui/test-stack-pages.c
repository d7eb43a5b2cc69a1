/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/stack-pages.h"

static void
check_hidden (GtkWidget *first,
              gboolean   hidden_first,
              GtkWidget *second,
              gboolean   hidden_second)
{
  g_autofree char *wrong_first =
    gtk_test_accessible_check_state (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_STATE_HIDDEN,
                                     hidden_first);
  g_autofree char *wrong_second =
    gtk_test_accessible_check_state (GTK_ACCESSIBLE (second), GTK_ACCESSIBLE_STATE_HIDDEN,
                                     hidden_second);

  g_assert_cmpstr (wrong_first, ==, NULL);
  g_assert_cmpstr (wrong_second, ==, NULL);
}

static void
test_stack_pages_tell (void)
{
  GtkWidget *stack = g_object_ref_sink (gtk_stack_new ());
  GtkWidget *first = gtk_label_new ("first");
  GtkWidget *second = gtk_label_new ("second");

  gtk_stack_add_child (GTK_STACK (stack), first);
  iss_stack_pages_tell (GTK_STACK (stack));
  gtk_stack_add_child (GTK_STACK (stack), second);

  gtk_stack_set_visible_child (GTK_STACK (stack), second);
  check_hidden (first, TRUE, second, FALSE);

  gtk_stack_set_visible_child (GTK_STACK (stack), first);
  check_hidden (first, FALSE, second, TRUE);

  /* What is told of them is not whether they are there. */
  g_assert_true (gtk_widget_get_visible (second));

  g_assert_finalize_object (stack);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/stack-pages/tell", test_stack_pages_tell);

  return g_test_run ();
}
