/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/certificate/suitability.h"

G_BEGIN_DECLS

/**
 * IssRollPlan:
 *
 * What a good instant for a roll depends on. Strings are borrowed; instants are
 * seconds since 1970, UTC.
 */
typedef struct
{
  const char *old_name;        /* (nullable): what signs now; %NULL = nothing is current */
  gint64      old_not_after;   /* these three: 0 = not known */
  const char *new_name;
  gint64      new_not_before;
  gint64      new_not_after;
  gint64      token_lifetime;  /* seconds; 0 = the type issues no tokens */
  gint64      now;
} IssRollPlan;

gint64    iss_roll_plan_suggest      (const IssRollPlan  *plan,
                                      GTimeZone          *zone,
                                      char              **out_reason);
/* the last at which no token is cut short */
gint64    iss_roll_plan_get_latest   (const IssRollPlan  *plan);
/* (element-type IssFinding) */
GPtrArray *iss_roll_plan_judge       (const IssRollPlan  *plan,
                                      gint64              instant,
                                      GTimeZone          *zone) G_GNUC_WARN_UNUSED_RESULT;
gboolean  iss_roll_plan_check        (const IssRollPlan  *plan,
                                      gint64              instant,
                                      GTimeZone          *zone,
                                      gboolean            force,
                                      GError            **error);

/* "24 hours" */
char     *iss_roll_plan_dup_lifetime (const IssRollPlan  *plan) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
