/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * IssAgreed:
 *
 * What the last assignment made on the whole pool recorded for one type.
 */
typedef struct
{
  char   *sha256_hex;            /* lower case */
  char   *previous_sha256_hex;   /* (nullable): what was agreed before */
  char   *by;
  gint64  at;

  /* What a roll of the whole pool will make of it. */
  char   *next_sha256_hex;       /* (nullable): nothing is going to roll */
  gint64  next_at;
} IssAgreed;

IssAgreed  *iss_agreed_copy     (const IssAgreed  *self) G_GNUC_WARN_UNUSED_RESULT;
void        iss_agreed_free     (IssAgreed        *self);

/* whether anything changed */
gboolean    iss_agreed_settle   (IssAgreed        *self,
                                 gint64            now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAgreed, iss_agreed_free)

G_END_DECLS
