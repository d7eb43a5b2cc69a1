/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

gboolean  iss_details_extension_is_known  (const char      *oid);
gboolean  iss_details_extension_decode    (const char      *oid,
                                           gconstpointer    data,
                                           gsize            size,
                                           IssDetailsText  *text);

G_END_DECLS
