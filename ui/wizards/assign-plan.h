/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/effective-date.h"
#include "core/pool/candidate.h"
#include "core/pool/pool-assign.h"
#include "core/pool/pool-roll.h"
#include "core/pool/roll-gate.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_PLAN (iss_assign_plan_get_type ())

/* What the pages of the assignment collect: a certificate for some types on some
 * servers, or a slot of a type that shall be emptied there. */
G_DECLARE_FINAL_TYPE (IssAssignPlan, iss_assign_plan, ISS, ASSIGN_PLAN, GObject)

IssAssignPlan    *iss_assign_plan_new             (IssWorkspace        *workspace,
                                                   IssPool             *pool)
                                                   G_GNUC_WARN_UNUSED_RESULT;

IssWorkspace     *iss_assign_plan_get_workspace   (IssAssignPlan       *self);
IssPool          *iss_assign_plan_get_pool        (IssAssignPlan       *self);
/* names, in the order of the table of types */
const char *const *iss_assign_plan_get_types      (IssAssignPlan       *self);
void              iss_assign_plan_set_types       (IssAssignPlan       *self,
                                                   const char *const   *types);
/* "Server default and OAuthTokenIssuer" */
char             *iss_assign_plan_dup_types_text  (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* of those that must be the same on every server; "" = none */
char             *iss_assign_plan_dup_pool_wide_text (IssAssignPlan    *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
gboolean          iss_assign_plan_is_pool_wide    (IssAssignPlan       *self);
char            **iss_assign_plan_dup_types_of    (IssAssignPlan       *self,
                                                   gboolean             pool_wide)
                                                   G_GNUC_WARN_UNUSED_RESULT;
IssCandidate     *iss_assign_plan_get_candidate   (IssAssignPlan       *self);   /* (nullable) */
void              iss_assign_plan_set_candidate   (IssAssignPlan       *self,
                                                   IssCandidate        *candidate);
GPtrArray        *iss_assign_plan_get_servers     (IssAssignPlan       *self);
void              iss_assign_plan_set_servers     (IssAssignPlan       *self,
                                                   GPtrArray           *servers);
gboolean          iss_assign_plan_get_force       (IssAssignPlan       *self);
void              iss_assign_plan_set_force       (IssAssignPlan       *self,
                                                   gboolean             force);

/* What becomes of another certificate that is staged. */
IssStagedFate     iss_assign_plan_get_staged      (IssAssignPlan       *self);
void              iss_assign_plan_set_staged      (IssAssignPlan       *self,
                                                   IssStagedFate        fate);

/* Instead of the one that was used until now and is compromised. (nullable) */
IssCertificate   *iss_assign_plan_get_compromised (IssAssignPlan       *self);
void              iss_assign_plan_set_compromised (IssAssignPlan       *self,
                                                   IssCertificate      *certificate);
const char       *iss_assign_plan_get_compromised_name (IssAssignPlan  *self);

/* Rolls even if other servers are not ready. */
gboolean          iss_assign_plan_is_unconditional (IssAssignPlan      *self);
void              iss_assign_plan_set_unconditional (IssAssignPlan     *self,
                                                   gboolean             unconditional);

/* Instead of at once: at a date. */
void              iss_assign_plan_set_rolls       (IssAssignPlan       *self,
                                                   gboolean             rolls);
gboolean          iss_assign_plan_rolls           (IssAssignPlan       *self);
/* (nullable): at once */
IssEffectiveDate *iss_assign_plan_get_date        (IssAssignPlan       *self);
void              iss_assign_plan_set_date        (IssAssignPlan       *self,
                                                   IssEffectiveDate    *date);
IssPoolRoll      *iss_assign_plan_make_roll       (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;

/* Instead: change what the first type uses in another way. name: of the certificate that it is
 * about. */
void              iss_assign_plan_set_change      (IssAssignPlan       *self,
                                                   IssTransitionKind    change,
                                                   const char          *name);
/* set, stage where there is a date, or that other change */
IssTransitionKind iss_assign_plan_get_change      (IssAssignPlan       *self);
/* of the certificate; "" = not chosen yet */
const char       *iss_assign_plan_get_name        (IssAssignPlan       *self);

/* (nullable) */
char             *iss_assign_plan_dup_left_out    (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
gboolean          iss_assign_plan_is_held         (IssAssignPlan       *self);
/* (element-type IssServer): those that the tick beside Arm excepts: they are not ready */
GPtrArray        *iss_assign_plan_dup_unready     (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* of those that roll at one instant, as in a shell; NEEDS_CONFIRMATION */
gboolean          iss_assign_plan_check_clocks    (IssAssignPlan       *self,
                                                   GError             **error);
/* (nullable): why what is staged cannot be armed */
char             *iss_assign_plan_dup_obstacle    (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
IssJob           *iss_assign_plan_make_arm_job    (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
IssJob           *iss_assign_plan_make_job        (IssAssignPlan       *self,
                                                   gboolean             what_if)
                                                   G_GNUC_WARN_UNUSED_RESULT;
gboolean          iss_assign_plan_record          (IssAssignPlan       *self,
                                                   IssJob              *job,
                                                   gboolean            *out_agreed,
                                                   GError             **error);

/* assign-plan-line.c: the same in a shell, and in the management shell ("" = there is no such
 * command) */
char             *iss_assign_plan_dup_shell_line  (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* on every server, replicated */
char             *iss_assign_plan_dup_global_line (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
char             *iss_assign_plan_dup_cmdlets     (IssAssignPlan       *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
