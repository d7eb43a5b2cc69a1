/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/presence-rung.h"
#include "core/pool/presence.h"
#include "core/pool/run-check.h"
#include "core/pool/run-look.h"

G_BEGIN_DECLS

/* What the one button does. */
typedef enum
{
  ISS_RUN_ACTION_NONE,
  ISS_RUN_ACTION_ROLL,     /* begins one */
  ISS_RUN_ACTION_ARM,
  ISS_N_RUN_ACTIONS
} IssRunAction;

#define ISS_TYPE_RUN_SHEET (iss_run_sheet_get_type ())

/* One page about one change: ready or not, what to do, whether it worked, and the way back. A
 * snapshot, made from what was observed; immutable. */
G_DECLARE_FINAL_TYPE (IssRunSheet, iss_run_sheet, ISS, RUN_SHEET, GObject)

/* looks: (nullable) (element-type IssRunLook) */
IssRunSheet              *iss_run_sheet_new             (IssPool                   *pool,
                                                         const IssCertificateType  *type,
                                                         GPtrArray                 *looks,
                                                         gint64                     now,
                                                         GTimeZone                 *zone)
                                                         G_GNUC_WARN_UNUSED_RESULT;

const char               *iss_run_sheet_get_pool        (IssRunSheet  *self);
const IssCertificateType *iss_run_sheet_get_type_of     (IssRunSheet  *self);
GPtrArray                *iss_run_sheet_get_looks       (IssRunSheet  *self);   /* (nullable) */
gint64                    iss_run_sheet_get_now         (IssRunSheet  *self);
/* (nullable): no roll is pending, and none is felt any more */
const IssPoolRoll        *iss_run_sheet_get_roll        (IssRunSheet  *self);
/* one sentence: what the change is */
const char               *iss_run_sheet_get_headline    (IssRunSheet  *self);
/* the oldest look that it rests on; 0 = none */
gint64                    iss_run_sheet_get_seen_at     (IssRunSheet  *self);

/* Ready? */
GPtrArray                *iss_run_sheet_get_checks      (IssRunSheet  *self);   /* IssRunCheck */
/* "● fe01: answers, staged and published, clock +0.1 s"; server (nullable): of the pool */
char                     *iss_run_sheet_dup_checks_of   (IssRunSheet  *self,
                                                         IssServer    *server)
                                                         G_GNUC_WARN_UNUSED_RESULT;
IssRunCheckState          iss_run_sheet_get_state       (IssRunSheet  *self);
/* "Ready." "Not ready: 2 of 12 checks say no go." */
const char               *iss_run_sheet_get_verdict     (IssRunSheet  *self);

/* Do */
IssRunAction              iss_run_sheet_get_action      (IssRunSheet  *self);
const char               *iss_run_sheet_get_action_text (IssRunSheet  *self);
const char               *iss_run_sheet_get_shell_line  (IssRunSheet  *self);   /* (nullable) */
gboolean                  iss_run_sheet_may_do          (IssRunSheet  *self);

/* Prove: of the certificate that is staged, or else the current one; (nullable): none is */
IssPresence              *iss_run_sheet_get_presence    (IssRunSheet  *self);
IssSlot                   iss_run_sheet_get_slot        (IssRunSheet  *self);
const IssPresenceCell    *iss_run_sheet_get_cell        (IssRunSheet  *self,
                                                         guint         row);

/* Way back */
const char               *iss_run_sheet_get_way_back    (IssRunSheet  *self);

/* the whole sheet for a ticket or a terminal */
char                     *iss_run_sheet_dup_text        (IssRunSheet  *self,
                                                         GTimeZone    *zone)
                                                         G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
