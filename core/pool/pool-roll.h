/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/roll-schedule.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssPoolRoll:
 *
 * A roll on some servers, as they were seen: what is rolled from and to, and when.
 */
typedef struct
{
  IssRollPlan               plan;      /* its strings are those below */
  const IssCertificateType *type;      /* of several, the one whose tokens live longest */
  gint64                    instant;   /* when it is, or was */
  char                     *old_name;  /* (nullable) */
  char                     *new_name;
} IssPoolRoll;

IssPoolRoll      *iss_pool_roll_new           (GPtrArray           *servers,
                                               const char *const   *types,
                                               const char          *name,
                                               gint64               not_before,
                                               gint64               not_after,
                                               gint64               now) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): none is pending, and none is felt any more */
IssPoolRoll      *iss_pool_roll_find          (GPtrArray           *servers,
                                               const char          *type,
                                               gint64               now) G_GNUC_WARN_UNUSED_RESULT;
void              iss_pool_roll_free          (IssPoolRoll         *self);

/* "OAuthTokenIssuer rolls to auth-2027.contoso.example on 12 July 2027, 00:00 (UTC+2)." */
char             *iss_pool_roll_dup_headline  (IssPoolRoll         *self,
                                               GTimeZone           *zone)
                                               G_GNUC_WARN_UNUSED_RESULT;
IssRollSchedule  *iss_pool_roll_make_schedule (IssPoolRoll         *self,
                                               GTimeZone           *zone)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPoolRoll, iss_pool_roll_free)

G_END_DECLS
