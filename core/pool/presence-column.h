/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssPresenceColumn:
 *
 * One column of the matrix: a slot of a type, and what is expected there.
 */
typedef struct
{
  const char  *type;
  IssSlot      slot;
  gboolean     pool_wide;
  gboolean     has_expected;
  guint8       expected[32];   /* agreed, pool-wide types only */
  guint8       expected_sha1[20];   /* all zero = not known */
  char        *expected_name;  /* (nullable) */
  /* "auth.contoso.example 3F2A … 5B1E", "one per server", "none", "nothing is agreed" */
  char        *expected_text;
  gint64       at;             /* as of which instant; 0 = as it was seen */
} IssPresenceColumn;

GArray  *iss_presence_column_list (IssPool       *pool,
                                   const char    *type,
                                   gint64         at,
                                   GStringChunk  *types) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
