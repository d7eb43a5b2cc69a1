/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

/* The policies of a certificate, as lines. Each returns FALSE if the bytes are
 * not what they should be; what @text has then is to be thrown away. */

gboolean  iss_details_policy_certificate  (IssDetailsText  *text,
                                           gconstpointer    data,
                                           gsize            size);
gboolean  iss_details_policy_application  (IssDetailsText  *text,
                                           gconstpointer    data,
                                           gsize            size);
gboolean  iss_details_policy_mappings     (IssDetailsText  *text,
                                           gconstpointer    data,
                                           gsize            size);
gboolean  iss_details_policy_constraints  (IssDetailsText  *text,
                                           gconstpointer    data,
                                           gsize            size);
gboolean  iss_details_policy_inhibit_any  (IssDetailsText  *text,
                                           gconstpointer    data,
                                           gsize            size);

G_END_DECLS
