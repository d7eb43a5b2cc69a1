/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/enroll-doubt.h"

#include <glib/gi18n-lib.h>

#include "core/pool/server-enroll.h"
#include "ui/dialogs/confirm-dialog.h"

/* One below the other: they are to be compared. */
static char *
dup_keys (const IssEnrolmentDoubt *doubt)
{
  if (doubt->before == NULL)
    /* Translators: "ssh host key ssh-ed25519 SHA256:…" or "on this computer, without ssh" */
    return g_strdup_printf (_("Recorded: unknown\n\nNow: %s"), doubt->now);

  /* Translators: a date, "ssh host key ssh-ed25519 SHA256:…" or "on this computer, without ssh",
   * the same as the second for now */
  return g_strdup_printf (_("Recorded on %s: %s\n\nNow: %s"), doubt->when, doubt->before,
                          doubt->now);
}

static const char *
get_proof (const IssEnrolmentDoubt *doubt)
{
  if (g_str_equal (doubt->host_key, ISS_SERVER_ENROLL_LOCAL))
    return _("Enroll it only if you know why it is reached without ssh now.");

  return _("Enroll it only if ssh-keygen -lf, on the server’s own console, tells the same of its "
           "host key.");
}

/**
 * iss_enroll_doubt_ask_async:
 * @parent: a widget of the window that asks
 * @server: a server
 * @doubt: why it may be another one
 * @callback: called with the answer; iss_confirm_dialog_ask_finish() tells it
 * @user_data: for @callback
 *
 * Asks, with what there is to compare. Nothing is done unless it is confirmed.
 */
void
iss_enroll_doubt_ask_async (GtkWidget               *parent,
                            IssServer               *server,
                            const IssEnrolmentDoubt *doubt,
                            GAsyncReadyCallback      callback,
                            gpointer                 user_data)
{
  g_autofree char *name = NULL;
  g_autofree char *question = NULL;
  g_autofree char *keys = NULL;
  g_autofree char *consequence = NULL;

  g_return_if_fail (ISS_IS_SERVER (server));
  g_return_if_fail (doubt != NULL);

  name = iss_server_dup_short_name (server);
  /* Translators: a server */
  question = g_strdup_printf (_("Is this still %s?"), name);
  keys = dup_keys (doubt);
  /* Translators: what is recorded and what is seen now, a sentence why they differ, a sentence
   * that says how to find out */
  consequence = g_strdup_printf (_("%s\n\n%s. Whoever answers there gets the private keys of what "
                                   "is assigned globally. %s"), keys, doubt->why,
                                 get_proof (doubt));
  iss_confirm_dialog_ask_async (parent, question, consequence, _("_Enroll It"), TRUE, callback,
                                user_data);
}
