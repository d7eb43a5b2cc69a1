/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/agent/agent-path.h"
#include "core/pool/certificate-facts.h"

G_BEGIN_DECLS

#define ISS_TYPE_CERTIFICATE_DIALOG (iss_certificate_dialog_get_type ())

/* One certificate of one server: General, Details, Certification Path. */
G_DECLARE_FINAL_TYPE (IssCertificateDialog, iss_certificate_dialog, ISS, CERTIFICATE_DIALOG,
                      GtkWindow)

GtkWidget  *iss_certificate_dialog_new         (GtkWindow             *parent,
                                                IssPool               *pool,
                                                IssServer             *server,
                                                const char            *store,
                                                GBytes                *sha256);

/* What an answer does; for tests, too */
void        iss_certificate_dialog_set_facts   (IssCertificateDialog  *self,
                                                IssCertificateFacts   *facts);
void        iss_certificate_dialog_set_path    (IssCertificateDialog  *self,
                                                IssAgentPath          *path);
void        iss_certificate_dialog_set_error   (IssCertificateDialog  *self,
                                                const GError          *error);

/* "loading", "failed", "shown" */
const char *iss_certificate_dialog_get_state   (IssCertificateDialog  *self);
/* "general", "details", "path" */
void        iss_certificate_dialog_show_tab    (IssCertificateDialog  *self,
                                                const char            *name);

G_END_DECLS
