/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/audit-entry.h"

G_BEGIN_DECLS

/* An entry of the audit record in plain words, for the page and the shell alike. */

/* "alice imported auth.contoso.example into Personal" */
char      *iss_audit_sentence_dup          (IssAuditEntry  *entry) G_GNUC_WARN_UNUSED_RESULT;
/* one line a detail: "Store: my" */
char      *iss_audit_sentence_dup_details  (IssAuditEntry  *entry) G_GNUC_WARN_UNUSED_RESULT;

/* Finds the SHA-256 of certificates in a detail's value, one after the other. */
gboolean   iss_audit_sentence_next_hash    (const char    **position,
                                            char          **out_hex);

G_END_DECLS
