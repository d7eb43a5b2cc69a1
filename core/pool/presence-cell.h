/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence-column.h"
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
  IssSlot      origin;         /* where what is there was seen: another slot before a roll */
  IssVerdict   verdict;
  IssRung      rung;           /* of what is there, as the server's agent sees it */
  gboolean     stale;          /* the server does not answer now: this is what was last seen */
  gint64       seen_at;        /* console's clock; 0 = never */
  gboolean     has_certificate;
  guint8       sha256[32];     /* of what is there */
  guint8       sha1[20];
  char        *issued_to;
  gint64       not_after;      /* 0 = not known */
  /* "published", "missing", "different: lab.contoso.example" … translated */
  char        *word;
  gboolean     unattended;     /* the roll that would bring it there, no service runs */
  char        *not_reloaded;   /* (nullable): "nginx not reloaded": it is published in vain */
  char        *age;            /* (nullable): "seen 13:41, not answering since 13:58" */
  char        *sentence;       /* the whole truth in a line, for the lower part and the shell */
} IssPresenceCell;

/* Fills in an empty cell; clear frees what it owns. */
void        iss_presence_cell_init   (IssPresenceCell          *self,
                                      IssPool                  *pool,
                                      const IssPresenceColumn  *column,
                                      IssServer                *server,
                                      gint64                    now,
                                      GTimeZone                *zone);
void        iss_presence_cell_clear  (IssPresenceCell          *self);

/* how far it is for those who use it: less than published where a service has not read it */
IssRung     iss_presence_cell_get_rung_in_effect (const IssPresenceCell *self);

/* what should be used is, as far as that is known */
gboolean    iss_presence_cell_is_in_effect (const IssPresenceCell *self);

G_END_DECLS
