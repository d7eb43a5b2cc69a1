/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/**
 * IssRow:
 *
 * One line of the certificate list. The strings belong to the table.
 */
typedef struct
{
  const char   *issued_to;
  const char   *issued_by;
  const char   *friendly_name;   /* "" = none */
  const char   *purposes;        /* dotted EKU OIDs joined by ","; "" = all; "?" = unreadable */
  const char   *key_algorithm;
  const char   *assigned_to;     /* "OAuthTokenIssuer:current,Default:previous"; "" = nothing */
  const char   *origin;
  gint64        not_before;
  gint64        not_after;
  guint         key_bits;
  IssKeyState   key_state;
  gboolean      exportable;
  gboolean      is_ca;
  IssIntent     intent;
  guint8        sha256[32];
  guint8        sha1[20];
} IssRow;

#define ISS_TYPE_ROW_TABLE (iss_row_table_get_type ())

/* The rows of one store as one packed, immutable snapshot: what the agent
 * sends in pages, what the console's list shows, what issuantctl prints. */
G_DECLARE_FINAL_TYPE (IssRowTable, iss_row_table, ISS, ROW_TABLE, GObject)

#define ISS_ROW_VARIANT_TYPE "(ayaysssssssxxuubbu)"
#define ISS_ROW_PAGE_MAX 5000

IssRowTable  *iss_row_table_read         (IssRootFolder  *root,
                                          IssStoreName    store,
                                          GHashTable     *assigned,
                                          GError        **error) G_GNUC_WARN_UNUSED_RESULT;
IssRowTable  *iss_row_table_new_empty    (IssStoreName    store) G_GNUC_WARN_UNUSED_RESULT;

IssStoreName  iss_row_table_get_store     (IssRowTable   *self);
guint         iss_row_table_get_n_rows    (IssRowTable   *self);
/* files in the folder that are not certificates */
guint         iss_row_table_get_n_foreign (IssRowTable   *self);
void          iss_row_table_set_n_foreign (IssRowTable   *self,
                                           guint          n_foreign);   /* from a server's reply */
void          iss_row_table_get_row       (IssRowTable   *self,
                                           guint          index,
                                           IssRow        *out_row);

GVariant     *iss_row_table_dup_page      (IssRowTable   *self,
                                           guint          offset,
                                           guint          limit);   /* floating a(...) */
/* checks everything; only before it is handed out */
gboolean      iss_row_table_append_page   (IssRowTable   *self,
                                           GVariant      *page,
                                           GError       **error);

G_END_DECLS
