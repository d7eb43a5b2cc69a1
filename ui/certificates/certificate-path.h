/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/agent/agent-path.h"

G_BEGIN_DECLS

#define ISS_TYPE_CERTIFICATE_PATH (iss_certificate_path_get_type ())

/* The certificate dialog's third page: the certificate under its issuers, and
 * the status of each in words. Signal "view" (guint index): a link of the path is
 * to be shown in a dialog of its own. */
G_DECLARE_FINAL_TYPE (IssCertificatePath, iss_certificate_path, ISS, CERTIFICATE_PATH, GtkWidget)

GtkWidget   *iss_certificate_path_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void         iss_certificate_path_set_path     (IssCertificatePath  *self,
                                                IssAgentPath        *path,
                                                const char          *server_name,
                                                GTimeZone           *zone);
void         iss_certificate_path_set_waiting  (IssCertificatePath  *self,
                                                const char          *server_name);
void         iss_certificate_path_set_error    (IssCertificatePath  *self,
                                                const char          *message);
void         iss_certificate_path_select       (IssCertificatePath  *self,
                                                guint                index);
/* of the selected link */
const char  *iss_certificate_path_get_status   (IssCertificatePath  *self);

G_END_DECLS
