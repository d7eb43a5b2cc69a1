/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_CONFIRM_DIALOG (iss_confirm_dialog_get_type ())

/* A question, what comes of it, a verb, and the safe way out, which is the
 * default. Actions: "dialog.confirm", "dialog.cancel". */
G_DECLARE_FINAL_TYPE (IssConfirmDialog, iss_confirm_dialog, ISS, CONFIRM_DIALOG, GtkWindow)

void         iss_confirm_dialog_ask_async        (GtkWidget            *parent,
                                                  const char           *question,
                                                  const char           *consequence,
                                                  const char           *verb,
                                                  gboolean              destroys,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean     iss_confirm_dialog_ask_finish       (GAsyncResult         *result);

/* The same without a question: one button, Close. Ends with ask_finish(). */
void         iss_confirm_dialog_tell_async       (GtkWidget            *parent,
                                                  const char           *what,
                                                  const char           *why,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);

const char  *iss_confirm_dialog_get_question     (IssConfirmDialog     *self);
const char  *iss_confirm_dialog_get_consequence  (IssConfirmDialog     *self);

G_END_DECLS
