/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/askpass/window.h"

#include "tests/lib/wait.h"

#define FINGERPRINT "SHA256:uNiVztksCsDhcc0u9e8BrrXUVOHL4fBXhJ5FS/sSX0Q"
#define UNKNOWN \
  "The authenticity of host 'fe03 (192.0.2.3)' can't be established.\n" \
  "ED25519 key fingerprint is " FINGERPRINT ".\n" \
  "Are you sure you want to continue connecting (yes/no/[fingerprint])? "

static GtkWidget *
find_child (GtkWidget *window,
            const char *id)
{
  GObject *child = gtk_widget_get_template_child (window, ASKPASS_TYPE_WINDOW, id);

  g_assert_true (GTK_IS_WIDGET (child));
  return GTK_WIDGET (child);
}

static void
answered_cb (GtkWidget  *window,
             const char *answer,
             char      **out_answer)
{
  g_free (*out_answer);
  *out_answer = g_strdup (answer != NULL ? answer : "(refused)");
}

static GtkWidget *
show (const char  *prompt,
      char       **out_answer)
{
  GtkWidget *window = askpass_window_new (askpass_question_new (prompt));

  g_signal_connect (window, "answered", G_CALLBACK (answered_cb), out_answer);
  gtk_window_present (GTK_WINDOW (window));
  iss_wait_until (gtk_widget_get_mapped (window));
  return window;
}

static void
destroy (GtkWidget *window)
{
  g_object_ref (window);
  gtk_window_destroy (GTK_WINDOW (window));
  iss_wait_for_idle ();
  g_assert_finalize_object (window);
}

static void
test_host_key (void)
{
  g_autofree char *answer = NULL;
  GtkWidget *window = show (UNKNOWN, &answer);
  GtkWidget *accept = find_child (window, "accept");
  GtkWidget *expected = find_child (window, "expected");

  g_assert_true (gtk_window_get_default_widget (GTK_WINDOW (window)) ==
                 find_child (window, "refuse"));
  g_assert_false (gtk_widget_get_visible (find_child (window, "password")));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (find_child (window, "fingerprint"))), ==,
                   FINGERPRINT);

  /* Another one than was expected cannot be accepted. */
  gtk_editable_set_text (GTK_EDITABLE (expected), "SHA256:another");
  g_assert_false (gtk_widget_get_sensitive (accept));
  gtk_editable_set_text (GTK_EDITABLE (expected), FINGERPRINT);
  g_assert_true (gtk_widget_get_sensitive (accept));

  g_signal_emit_by_name (accept, "clicked");
  g_assert_cmpstr (answer, ==, "yes");
  g_signal_emit_by_name (find_child (window, "refuse"), "clicked");
  g_assert_cmpstr (answer, ==, "(refused)");
  destroy (window);
}

static void
test_secret (void)
{
  g_autofree char *answer = NULL;
  GtkWidget *window = show ("Enter passphrase for key '/k': ", &answer);

  g_assert_true (gtk_widget_get_visible (find_child (window, "password")));
  g_assert_false (gtk_widget_get_visible (find_child (window, "comparison")));
  gtk_editable_set_text (GTK_EDITABLE (find_child (window, "password")), "s3cret pässword");
  g_signal_emit_by_name (find_child (window, "accept"), "clicked");
  g_assert_cmpstr (answer, ==, "s3cret pässword");
  destroy (window);
}

static void
test_closed (void)
{
  g_autofree char *answer = NULL;
  GtkWidget *window = show (UNKNOWN, &answer);

  g_object_ref (window);
  gtk_window_close (GTK_WINDOW (window));
  iss_wait_until (answer != NULL);
  g_assert_cmpstr (answer, ==, "(refused)");
  iss_wait_for_idle ();
  g_assert_finalize_object (window);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/host-key", test_host_key);
  g_test_add_func ("/window/secret", test_secret);
  g_test_add_func ("/window/closed", test_closed);

  return g_test_run ();
}
