/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/certificates/certificate-list.h"
#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_STORE_PAGE (iss_store_page_get_type ())

/* One store of one server: its certificates, or why they cannot be seen. */
G_DECLARE_FINAL_TYPE (IssStorePage, iss_store_page, ISS, STORE_PAGE, GtkWidget)

GtkWidget           *iss_store_page_new       (IssScopeNode  *node) G_GNUC_WARN_UNUSED_RESULT;

IssCertificateList  *iss_store_page_get_list  (IssStorePage  *self);
/* what refresh does with an answer */
void                 iss_store_page_show      (IssStorePage  *self,
                                               IssRowTable   *table,
                                               gint64         seen_at);

G_END_DECLS
