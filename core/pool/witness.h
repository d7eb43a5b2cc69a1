/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * IssWitnessed:
 *
 * What came of one thing that was tried. Everything borrowed from the witness.
 */
typedef struct
{
  gint64       at;        /* console's clock */
  const char  *failure;   /* (nullable): why it is not so, a sentence without a full stop */
  GBytes      *sha256;    /* (nullable): the certificate that was seen */
  const char  *place;     /* (nullable): where */
  gboolean     is_named;  /* only by its thumbprint: no key was compared with the certificate's */
} IssWitnessed;

/* What this program itself has tried on one server, instead of being told by the
 * server: proofs of possession, and which certificate its services show. */
typedef struct _IssWitness IssWitness;

IssWitness          *iss_witness_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void                 iss_witness_free       (IssWitness    *self);

void                 iss_witness_add_proof  (IssWitness    *self,
                                             GBytes        *sha256,
                                             gint64         at,
                                             const char    *failure);
const IssWitnessed  *iss_witness_get_proof  (IssWitness    *self,
                                             const guint8  *sha256);   /* (nullable) */

void                 iss_witness_add_use    (IssWitness    *self,
                                             const char    *type,
                                             const char    *place,
                                             gint64         at,
                                             GBytes        *sha256,
                                             gboolean       is_named,
                                             const char    *failure);
const IssWitnessed  *iss_witness_get_use    (IssWitness    *self,
                                             const char    *type);     /* (nullable) */

/* who changed what a type uses, as the server's log says; place: who; at 0: nobody ever did */
void                 iss_witness_add_change (IssWitness    *self,
                                             const char    *type,
                                             GBytes        *present,
                                             const char    *who,
                                             gint64         at);
const IssWitnessed  *iss_witness_get_change (IssWitness    *self,
                                             const char    *type);     /* (nullable) */

/* where the service of a type can be seen */
void                 iss_witness_set_place  (IssWitness    *self,
                                             const char    *type,
                                             const char    *place);
const char          *iss_witness_get_place  (IssWitness    *self,
                                             const char    *type);     /* (nullable) */
char               **iss_witness_dup_placed_types (IssWitness *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssWitness, iss_witness_free)

G_END_DECLS
