/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/ticket.h"

#include <glib/gi18n-lib.h>

/**
 * iss_ticket_dup_observer:
 *
 * Returns: (transfer full): who looks: this user on this computer
 */
char *
iss_ticket_dup_observer (void)
{
  /* Translators: user, computer */
  return g_strdup_printf (_("%s on %s"), g_get_user_name (), g_get_host_name ());
}

/**
 * iss_ticket_copy:
 * @widget: a widget
 * @text: plain text
 *
 * Puts @text onto the clipboard.
 */
void
iss_ticket_copy (GtkWidget  *widget,
                 const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}
