/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"

G_BEGIN_DECLS

/**
 * IssChangeItem:
 *
 * One type that changes. Borrowed.
 */
typedef struct
{
  const IssCertificateType *type;
  const char               *sha256_hex;   /* set, stage; else NULL */
} IssChangeItem;

/**
 * IssChangeOrder:
 *
 * Who wants which change of several types at once. Everything borrowed.
 */
typedef struct
{
  /* the same for all; now is in it, certificates and validity are filled in */
  IssTransition         transition;
  const IssChangeItem  *items;
  guint                 n_items;
  IssCertificate       *compromised;   /* (nullable): replace */
  const char           *who;           /* for the audit record */
  const char           *server_name;   /* what a certificate must be for; "" = not known */
  const char *const    *sip_domains;   /* (nullable) */
  gboolean              force;         /* pass warnings */
  gboolean              what_if;       /* change nothing */
} IssChangeOrder;

/**
 * IssChangeOutcome:
 *
 * What became of it.
 */
typedef struct
{
  char    **changed;         /* names of types; empty: everything was so already */
  char     *notes;           /* what is worth knowing, translated; "" = nothing */
  gboolean  published;
  char     *publish_error;   /* (nullable) */
  gboolean  unattended;      /* it has an instant, at which nobody is there; as the notes say */
} IssChangeOutcome;

IssChangeOutcome  *iss_change_run           (IssRootFolder         *root,
                                             const IssChangeOrder  *order,
                                             GError               **error)
                                             G_GNUC_WARN_UNUSED_RESULT;
void               iss_change_outcome_free  (IssChangeOutcome      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssChangeOutcome, iss_change_outcome_free)

G_END_DECLS
