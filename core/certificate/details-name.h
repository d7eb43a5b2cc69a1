/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details-text.h"
#include "core/certificate/openssl.h"

G_BEGIN_DECLS

/* Names and other small values of a certificate as lines of a #IssDetailsText.
 * For core/certificate only. */

gpointer  iss_details_name_decode       (const ASN1_ITEM       *item,
                                         gconstpointer          data,
                                         gsize                  size);
char     *iss_details_name_dup_oid      (const ASN1_OBJECT     *object) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_details_name_dup_string   (const ASN1_STRING     *string) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_details_name_dup_integer  (const ASN1_INTEGER    *integer) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_details_name_dup_labelled (const char            *label,
                                         const char            *oid) G_GNUC_WARN_UNUSED_RESULT;

void      iss_details_name_add_x500     (IssDetailsText        *text,
                                         guint                  depth,
                                         const X509_NAME       *name);
char     *iss_details_name_dup_values   (const X509_NAME       *name) G_GNUC_WARN_UNUSED_RESULT;
void      iss_details_name_add_general  (IssDetailsText        *text,
                                         guint                  depth,
                                         const GENERAL_NAME    *name);
void      iss_details_name_add_generals (IssDetailsText        *text,
                                         guint                  depth,
                                         const GENERAL_NAMES   *names);

G_END_DECLS
