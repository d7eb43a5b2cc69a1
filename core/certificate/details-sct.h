/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

/* Signed certificate timestamps (RFC 6962 section 3.3) as lines. Returns FALSE if
 * the bytes are not what they should be; what @text has then is to be thrown away. */

gboolean  iss_details_sct_list  (IssDetailsText  *text,
                                 gconstpointer    data,
                                 gsize            size);

G_END_DECLS
