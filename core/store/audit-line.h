/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/text.h"

G_BEGIN_DECLS

/* One line of audit.jsonl as it stands in the file: its form, which is all that
 * the chain needs, not what it says (that is core/store/audit-entry.h). */

#define ISS_AUDIT_FILE_NAME "audit.jsonl"
#define ISS_AUDIT_MAX_BYTES (256 * 1024 * 1024)
#define ISS_AUDIT_MAX_LINE (16 * 1024)
#define ISS_AUDIT_HEX_SIZE (2 * ISS_SHA256_SIZE)

/* What the first line names as the one before it. */
#define ISS_AUDIT_NO_LINE "0000000000000000000000000000000000000000000000000000000000000000"

/* Borrowed, without its newline. */
typedef struct
{
  const char *text;
  gsize       size;
} IssAuditLine;

/**
 * IssAuditForm:
 *
 * What the chain is made of in a line. The texts are the line's, of 64 digits,
 * not terminated.
 */
typedef struct
{
  guint64     n;
  const char *previous;
  const char *torn;       /* (nullable): SHA-256 of what a power loss left before it */
} IssAuditForm;

IssAuditLine  iss_audit_line_take     (const char         **text,
                                       const char          *end);
void          iss_audit_line_hash     (const IssAuditLine  *line,
                                       char                 out_hex[ISS_AUDIT_HEX_SIZE + 1]);
gboolean      iss_audit_line_is_hash  (const char          *text);
gboolean      iss_audit_line_parse    (const IssAuditLine  *line,
                                       IssAuditForm        *out_form);

G_END_DECLS
