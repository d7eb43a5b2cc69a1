/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include "core/base/text.h"
#include "ui/certificates/certificate-dialog.h"

/* The verbs about one certificate. */

/* The target names the server, the store ("" = any) and the SHA-256. */
static void
open_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssPool *pool = iss_console_window_get_pool (self);
  g_autofree const char **what = g_variant_get_strv (parameter, NULL);
  g_autoptr(GBytes) sha256 = NULL;
  IssServer *server;

  if (pool == NULL || g_strv_length ((char **) what) < 3)
    return;

  server = iss_pool_find_server (pool, what[0]);
  sha256 = iss_text_parse_hex (what[2]);
  if (server == NULL || sha256 == NULL || g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    return;

  gtk_window_present (GTK_WINDOW (iss_certificate_dialog_new (GTK_WINDOW (self), pool, server,
                                                              what[1], sha256)));
}

/**
 * iss_console_window_certificates_install:
 * @klass: the window's class
 *
 * Installs the verbs about one certificate.
 */
void
iss_console_window_certificates_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "certificate.open", "as", open_cb);
}
