/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/ticket.h"

#include "tests/lib/wait.h"

#include <string.h>

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, NULL);
}

static void
test_copy (void)
{
  GtkWidget *window = gtk_window_new ();
  g_autofree char *text = NULL;

  iss_ticket_copy (window, "all is well");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (window), NULL, read_cb, &text);
  iss_wait_until (text != NULL);
  g_assert_cmpstr (text, ==, "all is well");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_observer (void)
{
  g_autofree char *observer = iss_ticket_dup_observer ();

  g_assert_true (g_str_has_prefix (observer, g_get_user_name ()));
  g_assert_nonnull (strstr (observer, g_get_host_name ()));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ticket/copy", test_copy);
  g_test_add_func ("/ticket/observer", test_observer);

  return g_test_run ();
}
