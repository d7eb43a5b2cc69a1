/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"

G_BEGIN_DECLS

GBytes  *iss_pkcs7_writer_write (GPtrArray  *certificates,
                                 GError    **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
