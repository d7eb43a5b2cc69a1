/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool-roll.h"

G_BEGIN_DECLS

/* In the order of how bad they are. */
typedef enum
{
  ISS_RUN_CHECK_GO,
  ISS_RUN_CHECK_WARNING,   /* go, and mind this */
  ISS_RUN_CHECK_UNKNOWN,   /* nobody has looked: no go yet */
  ISS_RUN_CHECK_NO_GO,
  ISS_N_RUN_CHECK_STATES
} IssRunCheckState;

const char  *iss_run_check_state_get_nick   (IssRunCheckState  state);   /* "no-go" */
const char  *iss_run_check_state_get_label  (IssRunCheckState  state);   /* translated */
const char  *iss_run_check_state_get_symbol (IssRunCheckState  state);   /* "●" */

/**
 * IssRunCheck:
 *
 * One thing that must be right before a change is made.
 */
typedef struct
{
  const char       *name;      /* a word for machines: "answers", "staged", "clock", … */
  IssServer        *server;    /* owned (nullable): of the whole pool */
  IssRunCheckState  state;
  char             *text;      /* "published", or what is wrong; translated */
  char             *remedy;    /* (nullable): what to do, or a line for a shell */
  gint64            seen_at;   /* console's clock; 0 = never */
} IssRunCheck;

/* (element-type IssRunCheck): those of the pool, then those of each server in the pool's order */
GPtrArray        *iss_run_check_list        (IssPool                   *pool,
                                             const IssCertificateType  *type,
                                             GPtrArray                 *looks,
                                             IssPoolRoll               *roll,
                                             gint64                     now,
                                             GTimeZone                 *zone)
                                             G_GNUC_WARN_UNUSED_RESULT;
IssRunCheckState  iss_run_check_worst       (GPtrArray                 *checks);
/* server (nullable): of the pool */
IssRunCheckState  iss_run_check_worst_of    (GPtrArray                 *checks,
                                             IssServer                 *server);
gboolean          iss_run_check_is_staged   (IssPool                   *pool,
                                             const char                *type,
                                             gboolean                  *out_is_held);

G_END_DECLS
