/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/candidate.h"
#include "core/pool/pool-assign.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_ASSIGN_PLAN (iss_assign_plan_get_type ())

/* What the pages of the assignment collect. */
G_DECLARE_FINAL_TYPE (IssAssignPlan, iss_assign_plan, ISS, ASSIGN_PLAN, GObject)

IssAssignPlan             *iss_assign_plan_new            (IssWorkspace   *workspace,
                                                           IssPool        *pool)
                                                           G_GNUC_WARN_UNUSED_RESULT;

IssPool                   *iss_assign_plan_get_pool       (IssAssignPlan  *self);
const IssCertificateType  *iss_assign_plan_get_type_used  (IssAssignPlan  *self);
void                       iss_assign_plan_set_type       (IssAssignPlan  *self,
                                                           const IssCertificateType *type);
IssCandidate              *iss_assign_plan_get_candidate  (IssAssignPlan  *self);   /* (nullable) */
void                       iss_assign_plan_set_candidate  (IssAssignPlan  *self,
                                                           IssCandidate   *candidate);
GPtrArray                 *iss_assign_plan_get_servers    (IssAssignPlan  *self);
void                       iss_assign_plan_set_servers    (IssAssignPlan  *self,
                                                           GPtrArray      *servers);
void                       iss_assign_plan_set_force      (IssAssignPlan  *self,
                                                           gboolean        force);

/* (nullable) */
char                      *iss_assign_plan_dup_left_out   (IssAssignPlan  *self)
                                                           G_GNUC_WARN_UNUSED_RESULT;
IssJob                    *iss_assign_plan_make_job       (IssAssignPlan  *self)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean                   iss_assign_plan_record         (IssAssignPlan  *self,
                                                           IssJob         *job,
                                                           gboolean       *out_agreed,
                                                           GError        **error);
char                      *iss_assign_plan_dup_shell_line (IssAssignPlan  *self)
                                                           G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
