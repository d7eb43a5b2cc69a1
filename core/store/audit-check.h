/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/audit-line.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssAuditFault:
 *
 * The first thing that is not as it was written. Crosses the wire: the values never change.
 */
typedef enum
{
  ISS_AUDIT_FAULT_NONE       = 0,
  ISS_AUDIT_FAULT_CHANGED    = 1,   /* entry @from */
  ISS_AUDIT_FAULT_MISSING    = 2,   /* entries @from to @to, with others after them */
  ISS_AUDIT_FAULT_UNREADABLE = 3,   /* the same, and something stands in their place */
  ISS_AUDIT_FAULT_OUT_OF_TURN = 4,  /* entry @from stands after entry @to */
  ISS_AUDIT_FAULT_STRANGE    = 5,   /* what is no entry stands after entry @from */
  ISS_AUDIT_FAULT_TORN       = 6,   /* what a power loss left before entry @from was changed */
  ISS_AUDIT_FAULT_END        = 7,   /* entries @from to @to were taken off the end */
  ISS_AUDIT_FAULT_AHEAD      = 8,   /* entries @from to @to were never acknowledged */
  ISS_AUDIT_FAULT_NO_HEAD    = 9,   /* audit.head is missing or damaged */
  ISS_N_AUDIT_FAULTS
} IssAuditFault;

/**
 * IssAuditCheck:
 *
 * What the chain of a server's audit record proves, and what it does not.
 */
typedef struct
{
  guint64       n_entries;
  guint64       n_torn;        /* cut off by a power loss: no sign of tampering */
  guint64       last_n;        /* the number of the last entry; 0: there is none */
  gint64        first_time;    /* of the first entry that can be read; 0: none */
  gint64        last_time;
  char          last_hash[ISS_AUDIT_HEX_SIZE + 1];   /* to be kept elsewhere; "" = none */

  guint64       n_faults;
  IssAuditFault fault;         /* the first of them */
  guint64       from;
  guint64       to;
  guint64       line;          /* where in the file it was found, from 1; 0: nowhere in it */
  guint64       proven_from;   /* entries from this to the last are as acknowledged; 0: none is */
} IssAuditCheck;

gboolean  iss_audit_check_run        (IssRootFolder        *root,
                                      IssAuditCheck        *out_check,
                                      GError              **error);

/* One or more sentences, without the last full stop. */
char     *iss_audit_check_dup_text   (const IssAuditCheck  *self,
                                      GTimeZone            *zone) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_audit_check_dup_fault  (const IssAuditCheck  *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
