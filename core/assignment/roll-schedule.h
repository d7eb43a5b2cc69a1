/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/roll-plan.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_ROLL_EVENT_NOW,
  ISS_ROLL_EVENT_ROLL,
  ISS_ROLL_EVENT_REMOVABLE,     /* the last token of the old one has ended */
  ISS_ROLL_EVENT_OLD_EXPIRES,
  ISS_ROLL_EVENT_NEW_EXPIRES,
  ISS_N_ROLL_EVENTS
} IssRollEventKind;

/**
 * IssRollEvent:
 *
 * An instant that matters. Strings are translated.
 */
typedef struct
{
  IssRollEventKind  kind;
  gint64            instant;
  char             *date;    /* "12 Jul 2027, 00:00" */
  char             *label;   /* "may be removed" */
  char             *text;    /* "auth.contoso.example may be removed: …" */
} IssRollEvent;

typedef enum
{
  ISS_ROLL_LANE_SIGNS,
  ISS_ROLL_LANE_VERIFIES,
  ISS_ROLL_LANE_STAGED,         /* published, so that it can verify, and signs nothing yet */
  ISS_N_ROLL_LANES
} IssRollLane;

/**
 * IssRollBar:
 *
 * What a certificate is used for, from when to when.
 */
typedef struct
{
  IssRollLane  lane;
  gboolean     is_new;          /* the certificate that is rolled to */
  gboolean     is_optional;     /* it may, and need not, be there */
  gint64       from;
  gint64       until;
  char        *label;           /* "auth.contoso.example signs" */
} IssRollBar;

#define ISS_TYPE_ROLL_SCHEDULE (iss_roll_schedule_get_type ())

/* What happens when, around a roll: what a picture and a text are made from. Immutable. */
G_DECLARE_FINAL_TYPE (IssRollSchedule, iss_roll_schedule, ISS, ROLL_SCHEDULE, GObject)

IssRollSchedule     *iss_roll_schedule_new          (const IssRollPlan  *plan,
                                                     gint64              instant,
                                                     GTimeZone          *zone)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* in the order of time */
guint                iss_roll_schedule_get_n_events (IssRollSchedule    *self);
const IssRollEvent  *iss_roll_schedule_get_event    (IssRollSchedule    *self,
                                                     guint               index);
guint                iss_roll_schedule_get_n_bars   (IssRollSchedule    *self);
const IssRollBar    *iss_roll_schedule_get_bar      (IssRollSchedule    *self,
                                                     guint               index);
/* what a picture shows: what is later is beyond its edge */
gint64               iss_roll_schedule_get_from     (IssRollSchedule    *self);
gint64               iss_roll_schedule_get_until    (IssRollSchedule    *self);
/* nothing is left to be waited for */
gboolean             iss_roll_schedule_is_over      (IssRollSchedule    *self);

const char          *iss_roll_schedule_get_way_back (IssRollSchedule    *self);
/* a line an event */
char                *iss_roll_schedule_dup_text     (IssRollSchedule    *self)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
