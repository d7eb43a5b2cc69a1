/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/central/enrolment-doubt.h"
#include "core/pool/server.h"

G_BEGIN_DECLS

/* Asks whether a server that is seen under another host key is still the same. Ends with
 * iss_confirm_dialog_ask_finish(). */
void  iss_enroll_doubt_ask_async  (GtkWidget               *parent,
                                   IssServer               *server,
                                   const IssEnrolmentDoubt *doubt,
                                   GAsyncReadyCallback      callback,
                                   gpointer                 user_data);

G_END_DECLS
