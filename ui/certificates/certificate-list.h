/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/certificates/column-choice.h"
#include "ui/certificates/row-model.h"

G_BEGIN_DECLS

#define ISS_TYPE_CERTIFICATE_LIST (iss_certificate_list_get_type ())

/* Certificates in columns, sorted by a click on a heading. Signals: "selected",
 * the selection is another one; "activated", a double click or Return. */
G_DECLARE_FINAL_TYPE (IssCertificateList, iss_certificate_list, ISS, CERTIFICATE_LIST, GtkWidget)

/* What can be done with several can be done with so many. */
#define ISS_CERTIFICATE_LIST_MAX_SELECTED 1000

GtkWidget    *iss_certificate_list_new          (void) G_GNUC_WARN_UNUSED_RESULT;

IssRowModel  *iss_certificate_list_get_model    (IssCertificateList  *self);
GtkColumnView *iss_certificate_list_get_view    (IssCertificateList  *self);
void          iss_certificate_list_set_columns  (IssCertificateList  *self,
                                                 IssColumnChoice     *columns);
void          iss_certificate_list_set_table    (IssCertificateList  *self,
                                                 IssRowTable         *table,
                                                 gint64               now);
void          iss_certificate_list_set_filter   (IssCertificateList  *self,
                                                 const char          *text);
void          iss_certificate_list_set_empty_text (IssCertificateList *self,
                                                 const char          *text);
void          iss_certificate_list_set_stale    (IssCertificateList  *self,
                                                 gboolean             stale);

gboolean      iss_certificate_list_get_selected (IssCertificateList  *self,
                                                 IssRow              *out_row);
/* SHA-256 */
GPtrArray    *iss_certificate_list_dup_selected (IssCertificateList  *self)
                                                 G_GNUC_WARN_UNUSED_RESULT;
gboolean      iss_certificate_list_has_key_selected (IssCertificateList *self);
guint         iss_certificate_list_get_n_selected (IssCertificateList *self);
gboolean      iss_certificate_list_select       (IssCertificateList  *self,
                                                 const guint8        *sha256);
void          iss_certificate_list_sort_by      (IssCertificateList  *self,
                                                 IssRowColumn         column,
                                                 gboolean             descending);

G_END_DECLS
