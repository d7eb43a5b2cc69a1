/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/server.h"

G_BEGIN_DECLS

#define ISS_TYPE_TOKEN_KEY_DIALOG (iss_token_key_dialog_get_type ())

/* Says in which token of a server a certificate's private key is. */
G_DECLARE_FINAL_TYPE (IssTokenKeyDialog, iss_token_key_dialog, ISS, TOKEN_KEY_DIALOG, GtkWindow)

GtkWidget   *iss_token_key_dialog_new        (GtkWindow          *parent,
                                              IssServer          *server,
                                              GBytes             *sha256,
                                              const char         *issued_to);

gboolean     iss_token_key_dialog_is_busy    (IssTokenKeyDialog  *self);
const char  *iss_token_key_dialog_get_error  (IssTokenKeyDialog  *self);

G_END_DECLS
