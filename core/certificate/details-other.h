/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"

G_BEGIN_DECLS

/* Extensions that are not the RFC's: Microsoft's and others', as lines. Each
 * returns FALSE if the bytes are not what they should be; what @text has then is
 * to be thrown away. */

gboolean  iss_details_other_string      (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_template    (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_version     (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_null        (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_smime       (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_tls         (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);
gboolean  iss_details_other_directory   (IssDetailsText  *text,
                                         gconstpointer    data,
                                         gsize            size);

G_END_DECLS
