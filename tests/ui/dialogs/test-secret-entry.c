/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/secret-entry.h"

#include "tests/lib/wait.h"

typedef struct
{
  GtkWidget        *window;
  GtkPasswordEntry *entry;
  GtkEditable      *text;
  GString          *told;     /* whatever GTK was told of it */
} Fixture;

static void
assert_secret (Fixture    *fixture,
               const char *expected)
{
  g_autoptr(IssSecret) secret = iss_secret_entry_dup_secret (fixture->entry);

  g_assert_cmpstr (iss_secret_get_string (secret), ==, expected);
}

/* Connected after, as what tells screen readers is. */
static void
inserted_cb (GtkEditable *text,
             const char  *inserted,
             int          size,
             int         *position,
             GString     *told)
{
  g_string_append_printf (told, "%s at %d;", inserted, *position);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->window = gtk_window_new ();
  fixture->entry = GTK_PASSWORD_ENTRY (gtk_password_entry_new ());
  fixture->text = gtk_editable_get_delegate (GTK_EDITABLE (fixture->entry));
  fixture->told = g_string_new (NULL);
  iss_secret_entry_protect (fixture->entry);
  g_signal_connect_after (fixture->text, "insert-text", G_CALLBACK (inserted_cb), fixture->told);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->entry));
  gtk_window_present (GTK_WINDOW (fixture->window));
  iss_wait_until (gtk_widget_get_mapped (GTK_WIDGET (fixture->entry)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_string_free (fixture->told, TRUE);
}

static void
test_typed (Fixture       *fixture,
            gconstpointer  data)
{
  int position = 0;

  g_assert_true (iss_secret_entry_is_empty (fixture->entry));
  gtk_editable_insert_text (GTK_EDITABLE (fixture->entry), "gähn", -1, &position);
  g_assert_cmpint (position, ==, 4);
  position = 1;
  gtk_editable_insert_text (GTK_EDITABLE (fixture->entry), "éxyz", 2, &position);
  g_assert_cmpint (position, ==, 2);
  assert_secret (fixture, "géähn");
  g_assert_false (iss_secret_entry_is_empty (fixture->entry));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "*****");
  g_assert_cmpstr (fixture->told->str, ==, "**** at 4;* at 2;");

  gtk_editable_delete_text (GTK_EDITABLE (fixture->entry), 1, 3);
  assert_secret (fixture, "ghn");
  iss_secret_entry_clear (fixture->entry);
  assert_secret (fixture, "");
  g_assert_true (iss_secret_entry_is_empty (fixture->entry));
}

/* Undo knows stars only: it is not to put them in. */
static void
test_shown (Fixture       *fixture,
            gconstpointer  data)
{
  int position = 0;

  gtk_editable_insert_text (GTK_EDITABLE (fixture->entry), "secret", -1, &position);
  gtk_text_set_visibility (GTK_TEXT (fixture->text), TRUE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (fixture->entry)), ==, "secret");

  gtk_editable_insert_text (GTK_EDITABLE (fixture->entry), "ly", -1, &position);
  gtk_editable_delete_text (GTK_EDITABLE (fixture->entry), 0, 2);
  gtk_widget_activate_action (GTK_WIDGET (fixture->text), "text.undo", NULL);
  assert_secret (fixture, "cretly");

  iss_secret_entry_clear (fixture->entry);
  g_assert_false (gtk_text_get_visibility (GTK_TEXT (fixture->text)));
  gtk_widget_activate_action (GTK_WIDGET (fixture->text), "text.undo", NULL);
  assert_secret (fixture, "");
}

static void
paste (Fixture    *fixture,
       const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (fixture->window), text);
  g_signal_emit_by_name (fixture->text, "paste-clipboard");
}

static void
test_pasted (Fixture       *fixture,
             gconstpointer  data)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture->entry), "abc");
  gtk_editable_select_region (GTK_EDITABLE (fixture->entry), 1, 2);
  g_string_truncate (fixture->told, 0);
  paste (fixture, "Größe\n");
  iss_wait_until (*fixture->told->str != '\0');

  assert_secret (fixture, "aGrößec");
  g_assert_cmpstr (fixture->told->str, ==, "***** at 6;");
  g_assert_cmpint (gtk_editable_get_position (GTK_EDITABLE (fixture->entry)), ==, 6);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add ("/secret-entry/typed", Fixture, NULL, set_up, test_typed, tear_down);
  g_test_add ("/secret-entry/shown", Fixture, NULL, set_up, test_shown, tear_down);
  g_test_add ("/secret-entry/pasted", Fixture, NULL, set_up, test_pasted, tear_down);

  return g_test_run ();
}
