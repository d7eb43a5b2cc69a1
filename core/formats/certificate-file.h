/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

#define ISS_CERTIFICATE_FILE_MAX_SIZE (8 * 1024 * 1024)

/* A file of any format that holds certificates: sniffed, never trusted by name. */

/* What reading takes from the disk, held in memory. */
typedef struct _IssCertificateFileHold IssCertificateFileHold;

IssCertificateFileHold *iss_certificate_file_hold    (GError                 **error)
                                                      G_GNUC_WARN_UNUSED_RESULT;
void                    iss_certificate_file_release (IssCertificateFileHold  *hold);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssCertificateFileHold, iss_certificate_file_release)

IssFormat   iss_certificate_file_sniff          (GBytes     *bytes);
gboolean    iss_certificate_file_needs_password (GBytes     *bytes);
IssBundle  *iss_certificate_file_read           (GBytes     *bytes,
                                                 IssSecret  *password,
                                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
