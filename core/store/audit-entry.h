/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * IssAuditEntryState:
 *
 * What a line of the record is.
 */
typedef enum
{
  ISS_AUDIT_ENTRY_WHOLE,
  ISS_AUDIT_ENTRY_TORN,      /* cut off by a power loss: it was never acknowledged */
  ISS_AUDIT_ENTRY_DAMAGED,   /* not as anything that is written there */
  ISS_N_AUDIT_ENTRY_STATES
} IssAuditEntryState;

#define ISS_TYPE_AUDIT_ENTRY (iss_audit_entry_get_type ())

/* What one line of audit.jsonl says. Immutable. */
G_DECLARE_FINAL_TYPE (IssAuditEntry, iss_audit_entry, ISS, AUDIT_ENTRY, GObject)

IssAuditEntry      *iss_audit_entry_new          (GBytes              *line,
                                                  guint64              offset,
                                                  IssAuditEntryState   expected,
                                                  GHashTable          *names)
                                                  G_GNUC_WARN_UNUSED_RESULT;

IssAuditEntryState  iss_audit_entry_get_state    (IssAuditEntry       *self);
guint64             iss_audit_entry_get_offset   (IssAuditEntry       *self);
guint64             iss_audit_entry_get_n        (IssAuditEntry       *self);   /* 0: not WHOLE */
gint64              iss_audit_entry_get_time     (IssAuditEntry       *self);   /* 0: not WHOLE */
const char         *iss_audit_entry_get_who      (IssAuditEntry       *self);   /* "" */
const char         *iss_audit_entry_get_what     (IssAuditEntry       *self);   /* "" */
/* name, value, …, %NULL */
const char *const  *iss_audit_entry_get_details  (IssAuditEntry       *self);
const char         *iss_audit_entry_get_detail   (IssAuditEntry       *self,
                                                  const char          *name);   /* (nullable) */
gboolean            iss_audit_entry_follows_torn (IssAuditEntry       *self);
/* of the certificate with this SHA-256 in hex (nullable) */
const char         *iss_audit_entry_get_name_of  (IssAuditEntry       *self,
                                                  const char          *sha256_hex);
/* as it stands in the file */
GBytes             *iss_audit_entry_get_line     (IssAuditEntry       *self);
/* the same, fit to be shown */
const char         *iss_audit_entry_get_text     (IssAuditEntry       *self);

G_END_DECLS
