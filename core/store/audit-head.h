/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/audit-line.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

#define ISS_AUDIT_HEAD_NAME "audit.head"

/* How far the chain has come. audit.head holds it for what has been
 * acknowledged: without it, lines taken off the end would not be missed. */
typedef struct
{
  guint64  n;                              /* of the last whole line; 0: none yet */
  char     hash[ISS_AUDIT_HEX_SIZE + 1];   /* SHA-256 of it */
} IssAuditHead;

/* n 0 when there is none; %ISS_ERROR_MALFORMED */
gboolean  iss_audit_head_read    (IssRootFolder       *root,
                                  IssAuditHead        *out_head,
                                  GError             **error);
gboolean  iss_audit_head_write   (const IssAuditHead  *self,
                                  IssRootFolder       *root,
                                  GError             **error);
gboolean  iss_audit_head_agrees  (const IssAuditHead  *self,
                                  const IssAuditHead  *found,
                                  const char          *previous);

G_END_DECLS
