/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_OVERVIEW_GOOD,
  ISS_OVERVIEW_UNKNOWN,    /* not looked at, or being looked at */
  ISS_OVERVIEW_WARNING,
  ISS_OVERVIEW_ERROR,
  ISS_N_OVERVIEW_LEVELS
} IssOverviewLevel;

typedef enum
{
  ISS_REMEDY_NONE,
  ISS_REMEDY_PRESENCE,     /* the matrix shows more */
  ISS_REMEDY_ASSIGN,       /* target: a certificate type */
  ISS_REMEDY_AGREE,        /* target: SHA-256 hex of the certificate */
  ISS_REMEDY_MAKE_GLOBAL,  /* target: SHA-256 hex of the certificate */
  ISS_REMEDY_LOOK,         /* target: a server's name; "" = all */
  ISS_REMEDY_ADD_SERVER,
  ISS_N_REMEDIES
} IssRemedy;

/**
 * IssOverviewFact:
 *
 * One line of the overview: what is true of one thing, and the one remedy.
 */
typedef struct
{
  IssOverviewLevel  level;
  /* "OAuthTokenIssuer", "Clocks", "fe03"; "" = belongs to the line above */
  char             *subject;
  char             *sentence;
  char             *advice;     /* (nullable): what to do, where no button can */
  IssRemedy         remedy;
  char             *target;     /* (nullable): see the remedy */
} IssOverviewFact;

#define ISS_TYPE_OVERVIEW (iss_overview_get_type ())

/* Is everything as it should be? A snapshot: made from what the pool has seen,
 * at one instant. */
G_DECLARE_FINAL_TYPE (IssOverview, iss_overview, ISS, OVERVIEW, GObject)

IssOverview            *iss_overview_new            (IssPool          *pool,
                                                     gint64            now,
                                                     GTimeZone        *zone)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* as of an instant; 0: as it was seen */
IssOverview            *iss_overview_new_at         (IssPool          *pool,
                                                     gint64            now,
                                                     gint64            at,
                                                     GTimeZone        *zone)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* of the worst fact */
IssOverviewLevel        iss_overview_get_level      (IssOverview      *self);
const char             *iss_overview_get_answer     (IssOverview      *self);
gint64                  iss_overview_get_seen_at    (IssOverview      *self);   /* 0 = never */
guint                   iss_overview_get_n_facts    (IssOverview      *self);
const IssOverviewFact  *iss_overview_get_fact       (IssOverview      *self,
                                                     guint             index);
char                   *iss_overview_dup_ticket     (IssOverview      *self,
                                                     const char       *observer)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* translated: "warning" */
const char             *iss_overview_level_get_label (IssOverviewLevel level);

G_END_DECLS
