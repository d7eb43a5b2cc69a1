/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* Microsoft's serialized store, as CertSaveStore writes it and certutil reads it: many
 * certificates with their properties, never a private key. */

gboolean  iss_sst_looks_like        (const guint8  *data,
                                     gsize          size);
gboolean  iss_sst_read_certificates (const guint8  *data,
                                     gsize          size,
                                     IssBundle     *bundle,
                                     GError       **error);
GBytes   *iss_sst_write             (IssBundle     *bundle,
                                     GError       **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
