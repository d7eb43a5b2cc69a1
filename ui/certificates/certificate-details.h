/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/certificate/details.h"

G_BEGIN_DECLS

#define ISS_TYPE_CERTIFICATE_DETAILS (iss_certificate_details_get_type ())

/* The certificate dialog's second page: every field in a list, and the whole of
 * the selected one below it. */
G_DECLARE_FINAL_TYPE (IssCertificateDetails, iss_certificate_details, ISS, CERTIFICATE_DETAILS,
                      GtkWidget)

GtkWidget             *iss_certificate_details_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void                   iss_certificate_details_set_details (IssCertificateDetails *self,
                                                            IssDetails            *details);
/* (nullable): why the properties cannot be edited */
void                   iss_certificate_details_set_reason  (IssCertificateDetails *self,
                                                            const char            *reason);
void                   iss_certificate_details_set_show    (IssCertificateDetails *self,
                                                            IssDetailsShow         show);
gboolean               iss_certificate_details_select      (IssCertificateDetails *self,
                                                            const char            *name_or_oid);
/* (nullable) */
const IssDetailsField *iss_certificate_details_get_field   (IssCertificateDetails *self);
guint                  iss_certificate_details_get_n_shown (IssCertificateDetails *self);

G_END_DECLS
