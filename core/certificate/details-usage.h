/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

/* What a certificate may be used for, as lines. Each returns FALSE if the bytes
 * are not what they should be; what @text has then is to be thrown away. */

gboolean  iss_details_usage_key         (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_usage_extended    (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_usage_basic       (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_usage_names       (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_usage_period      (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_usage_netscape    (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);

G_END_DECLS
