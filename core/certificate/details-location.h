/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

/* Where more is to be had (revocation lists, issuers), and whose key it is, as
 * lines. Each returns FALSE if the bytes are not what they should be; what @text
 * has then is to be thrown away. */

gboolean  iss_details_location_crl       (IssDetailsText  *text,
                                          gconstpointer    data,
                                          gsize            size);
gboolean  iss_details_location_authority (IssDetailsText  *text,
                                          gconstpointer    data,
                                          gsize            size);
gboolean  iss_details_location_subject   (IssDetailsText  *text,
                                          gconstpointer    data,
                                          gsize            size);
gboolean  iss_details_location_issuer_key (IssDetailsText *text,
                                          gconstpointer    data,
                                          gsize            size);
gboolean  iss_details_location_key       (IssDetailsText  *text,
                                          gconstpointer    data,
                                          gsize            size);
gboolean  iss_details_location_names     (IssDetailsText  *text,
                                          gconstpointer    data,
                                          gsize            size);

G_END_DECLS
