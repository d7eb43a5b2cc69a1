/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/askpass/window.h"
#include "core/base/secret.h"

#define FIRST_ANSWER_FD 10

typedef struct
{
  GMainLoop *loop;
  int        out;      /* where ssh reads */
  int        status;
} Asking;

/* From the entry's own memory, which GTK wipes, straight to ssh. */
static void
answered_cb (GtkWidget  *window,
             const char *answer,
             Asking     *asking)
{
  if (answer != NULL && g_main_loop_is_running (asking->loop))
    {
      gsize length = strlen (answer);

      if (write (asking->out, answer, length) == (gssize) length &&
          write (asking->out, "\n", 1) == 1)
        asking->status = EXIT_SUCCESS;
    }

  g_main_loop_quit (asking->loop);
}

int
main (int    argc,
      char **argv)
{
  Asking asking = { NULL, -1, EXIT_FAILURE };
  GtkWidget *window;

  iss_secret_init_memory ();

  if (argc != 2)
    {
      g_printerr ("issuant-askpass: %s\n", _("ssh starts this program with its question"));
      return 2;
    }

  /* What a module of GTK's prints is no answer. */
  asking.out = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, FIRST_ANSWER_FD);
  if (asking.out < 0 || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0 || !gtk_init_check ())
    {
      g_printerr ("issuant-askpass: %s\n", _("There is no display to ask on"));
      return EXIT_FAILURE;
    }

  asking.loop = g_main_loop_new (NULL, FALSE);
  window = askpass_window_new (askpass_question_new (argv[1]));
  g_signal_connect (window, "answered", G_CALLBACK (answered_cb), &asking);
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (asking.loop);

  g_signal_handlers_disconnect_by_data (window, &asking);
  gtk_window_destroy (GTK_WINDOW (window));
  g_main_loop_unref (asking.loop);
  return asking.status;
}
