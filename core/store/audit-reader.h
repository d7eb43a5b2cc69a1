/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/audit-entry.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* audit.jsonl from its end, a page at a time, without the lock. */

#define ISS_AUDIT_READER_MAX_PAGE 1000

/**
 * IssAuditReaderFunc:
 * @entry: an entry, newest first
 * @user_data: what was given
 *
 * Returns: whether it belongs on the page
 */
typedef gboolean (* IssAuditReaderFunc) (IssAuditEntry *entry,
                                         gpointer       user_data);

GPtrArray  *iss_audit_reader_read (IssRootFolder       *root,
                                   guint64              before,
                                   guint                limit,
                                   GHashTable          *names,
                                   IssAuditReaderFunc   func,
                                   gpointer             user_data,
                                   guint64             *out_next,
                                   GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
