/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/der-walk.h"

G_BEGIN_DECLS

/* What a certificate is called where its subject does not say. */

char     *iss_certificate_name_take_subject (char          *subject,
                                             IssDerWalk     alternative_names,
                                             gconstpointer  sha1) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_certificate_name_take_issuer  (char          *issuer) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
