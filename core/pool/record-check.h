/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/pool/roll-record.h"

G_BEGIN_DECLS

/**
 * IssRecordCheck:
 *
 * What a roll record's file proves, on a machine that knows nothing else of it.
 */
typedef struct
{
  /* Sentences; none: everything is as it was signed, and what the servers proved is true. */
  GPtrArray      *problems;
  IssCertificate *signer;       /* (nullable): whose certificate is in it */
  gboolean        is_known;     /* it is one of those that were given */
  gint64          signed_at;    /* 0: not known */

  /* What it says; only what was signed is told. */
  char           *pool;         /* (nullable) */
  char           *type;
  char           *by;
  char           *headline;
  gint64          made;
  guint           n_proofs;     /* that were verified again */
  guint           n_servers;
  guint           n_entries;    /* of logs, whose chains were followed */
} IssRecordCheck;

IssRecordCheck *iss_record_check_run     (GBytes          *file,
                                          GPtrArray       *signers) G_GNUC_WARN_UNUSED_RESULT;
void            iss_record_check_free    (IssRecordCheck  *self);

gboolean        iss_record_check_is_good (IssRecordCheck  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssRecordCheck, iss_record_check_free)

G_END_DECLS
