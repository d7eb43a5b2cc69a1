/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"
#include "core/pool/verdict.h"

G_BEGIN_DECLS

/**
 * IssPresenceCell:
 *
 * The truth about one slot of one type on one server. Strings may be NULL.
 */
typedef struct
{
  IssServer   *server;         /* borrowed from the presence */
  const char  *type;
  IssSlot      slot;
  IssVerdict   verdict;
  IssRung      rung;           /* of what is there */
  gboolean     stale;          /* the server does not answer now: this is what was last seen */
  gint64       seen_at;        /* console's clock; 0 = never */
  gboolean     has_certificate;
  guint8       sha256[32];     /* of what is there */
  guint8       sha1[20];
  char        *issued_to;
  gint64       not_after;      /* 0 = not known */
  /* "published", "missing", "different: lab.contoso.example" … translated */
  char        *word;
  char        *age;            /* (nullable): "seen 13:41, not answering since 13:58" */
  char        *sentence;       /* the whole truth in a line, for the lower part and the shell */
} IssPresenceCell;

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
} IssPresenceColumn;

#define ISS_TYPE_PRESENCE (iss_presence_get_type ())

/* The matrix servers × slots, and the one line that says whether it is the same
 * everywhere. A snapshot: made from what the pool has seen, at one instant. */
G_DECLARE_FINAL_TYPE (IssPresence, iss_presence, ISS, PRESENCE, GObject)

/* type NULL: all that are assigned anywhere, pool-wide first */
IssPresence              *iss_presence_new           (IssPool      *pool,
                                                      const char   *type,
                                                      gint64        now,
                                                      GTimeZone    *zone) G_GNUC_WARN_UNUSED_RESULT;

guint                     iss_presence_get_n_servers (IssPresence  *self);   /* worst first */
IssServer                *iss_presence_get_server    (IssPresence  *self,
                                                      guint         row);
guint                     iss_presence_get_n_columns (IssPresence  *self);
const IssPresenceColumn  *iss_presence_get_column    (IssPresence  *self,
                                                      guint         column);
const IssPresenceCell    *iss_presence_get_cell      (IssPresence  *self,
                                                      guint         row,
                                                      guint         column);

/* the verdict line says yes */
gboolean                  iss_presence_is_good       (IssPresence  *self);
/* "OAuthTokenIssuer: not the same everywhere. 1 of 3 servers uses the agreed certificate." */
const char               *iss_presence_get_verdict   (IssPresence  *self);
/* the oldest look that the answer rests on; 0 = none */
gint64                    iss_presence_get_seen_at   (IssPresence  *self);
gboolean                  iss_presence_has_agreed    (IssPresence  *self,
                                                      const char   *type);
/* plain text for a ticket, UTC */
char                     *iss_presence_dup_ticket    (IssPresence  *self,
                                                      const char   *observer)
                                                      G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
