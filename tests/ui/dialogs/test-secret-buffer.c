/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/secret-buffer.h"

#include <string.h>

static void
assert_secret (IssSecretBuffer *buffer,
               const char      *expected)
{
  g_autoptr(IssSecret) secret = iss_secret_buffer_dup_secret (buffer);

  g_assert_cmpstr (iss_secret_get_string (secret), ==, expected);
}

static void
inserted_cb (GtkEntryBuffer *buffer,
             guint           position,
             const char     *chars,
             guint           n_chars,
             GString        *told)
{
  g_string_append_printf (told, "%u %s %u;", position, chars, n_chars);
}

static void
test_stars (void)
{
  g_autoptr(IssSecretBuffer) buffer = iss_secret_buffer_new ();
  GtkEntryBuffer *entry_buffer = GTK_ENTRY_BUFFER (buffer);
  g_autoptr(GString) told = g_string_new (NULL);

  g_assert_cmpstr (gtk_entry_buffer_get_text (entry_buffer), ==, "");
  assert_secret (buffer, "");
  g_signal_connect (buffer, "inserted-text", G_CALLBACK (inserted_cb), told);

  g_assert_cmpuint (gtk_entry_buffer_insert_text (entry_buffer, 0, "aß𝄞", -1), ==, 3);
  g_assert_cmpuint (gtk_entry_buffer_insert_text (entry_buffer, 2, "é", -1), ==, 1);
  assert_secret (buffer, "aßé𝄞");
  g_assert_cmpstr (gtk_entry_buffer_get_text (entry_buffer), ==, "****");
  g_assert_cmpuint (gtk_entry_buffer_get_length (entry_buffer), ==, 4);
  g_assert_cmpuint (gtk_entry_buffer_get_bytes (entry_buffer), ==, 4);
  g_assert_cmpstr (told->str, ==, "0 *** 3;2 * 1;");

  iss_secret_buffer_set_shown (buffer, TRUE);
  g_assert_cmpstr (gtk_entry_buffer_get_text (entry_buffer), ==, "aßé𝄞");
  g_assert_cmpuint (gtk_entry_buffer_get_bytes (entry_buffer), ==, strlen ("aßé𝄞"));
  iss_secret_buffer_set_shown (buffer, FALSE);

  g_assert_cmpuint (gtk_entry_buffer_delete_text (entry_buffer, 1, 2), ==, 2);
  assert_secret (buffer, "a𝄞");
  g_assert_cmpuint (gtk_entry_buffer_delete_text (entry_buffer, 1, -1), ==, 1);
  assert_secret (buffer, "a");
  g_assert_cmpuint (gtk_entry_buffer_delete_text (entry_buffer, 7, 1), ==, 0);
  gtk_entry_buffer_set_text (entry_buffer, "", -1);
  assert_secret (buffer, "");
}

static void
test_expected (void)
{
  g_autoptr(IssSecretBuffer) buffer = iss_secret_buffer_new ();
  GtkEntryBuffer *entry_buffer = GTK_ENTRY_BUFFER (buffer);

  iss_secret_buffer_expect (buffer, "säße");
  g_assert_true (iss_secret_buffer_is_expecting (buffer));
  gtk_entry_buffer_insert_text (entry_buffer, 0, "***", 3);
  iss_secret_buffer_expect (buffer, NULL);
  g_assert_false (iss_secret_buffer_is_expecting (buffer));
  gtk_entry_buffer_insert_text (entry_buffer, 3, "*", 1);
  assert_secret (buffer, "säß*");
}

/* As many whole characters as there is room for. */
static void
test_room (void)
{
  g_autoptr(IssSecretBuffer) buffer = iss_secret_buffer_new ();
  GtkEntryBuffer *entry_buffer = GTK_ENTRY_BUFFER (buffer);
  g_autofree char *most = g_strnfill (ISS_SECRET_BUFFER_MAX_SIZE - 2, 'a');

  gtk_entry_buffer_insert_text (entry_buffer, 0, most, -1);
  g_assert_cmpuint (gtk_entry_buffer_insert_text (entry_buffer, 0, "ß", -1), ==, 0);
  g_assert_cmpuint (gtk_entry_buffer_insert_text (entry_buffer, 0, "bß", -1), ==, 1);
  g_assert_cmpuint (gtk_entry_buffer_insert_text (entry_buffer, 0, "c", -1), ==, 0);
  g_assert_cmpuint (gtk_entry_buffer_get_length (entry_buffer), ==, ISS_SECRET_BUFFER_MAX_SIZE - 1);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret-buffer/stars", test_stars);
  g_test_add_func ("/secret-buffer/expected", test_expected);
  g_test_add_func ("/secret-buffer/room", test_room);

  return g_test_run ();
}
