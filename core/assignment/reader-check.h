/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* Before a certificate is used for a type: whether the accounts of the services that root has
 * configured will be able to read its private key, by permissions. (element-type IssFinding) */
GPtrArray  *iss_reader_check_judge  (IssRootFolder             *root,
                                     const IssCertificateType  *type,
                                     const char                *sha256_hex,
                                     const char                *current,
                                     gboolean                   held) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
