/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/certificate-facts.h"

G_BEGIN_DECLS

#define ISS_TYPE_CERTIFICATE_GENERAL (iss_certificate_general_get_type ())

/* The certificate dialog's first page: what it is for, whose it is, its key, its
 * use, and which servers have it. */
G_DECLARE_FINAL_TYPE (IssCertificateGeneral, iss_certificate_general, ISS, CERTIFICATE_GENERAL,
                      GtkWidget)

GtkWidget *iss_certificate_general_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void       iss_certificate_general_set_facts  (IssCertificateGeneral  *self,
                                               IssCertificateFacts    *facts);
/* (nullable): what speaks against it, when its path is known */
void       iss_certificate_general_set_fault  (IssCertificateGeneral  *self,
                                               const char             *fault);

G_END_DECLS
