/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-table.h"
#include "core/pool/job.h"
#include "ui/pool/central-desk.h"
#include "ui/wizards/signing.h"

G_BEGIN_DECLS

#define ISS_TYPE_ENROLL_PLAN (iss_enroll_plan_get_type ())

/* What the pages of "Enroll servers" collect. */
G_DECLARE_FINAL_TYPE (IssEnrollPlan, iss_enroll_plan, ISS, ENROLL_PLAN, GObject)

/* signing (nullable): its own */
IssEnrollPlan        *iss_enroll_plan_new             (IssWorkspace    *workspace,
                                                       IssPool         *pool,
                                                       IssSigning      *signing)
                                                       G_GNUC_WARN_UNUSED_RESULT;

IssPool              *iss_enroll_plan_get_pool        (IssEnrollPlan   *self);
IssSigning           *iss_enroll_plan_get_signing     (IssEnrollPlan   *self);
/* (element-type IssServer) */
GPtrArray            *iss_enroll_plan_get_servers     (IssEnrollPlan   *self);
void                  iss_enroll_plan_set_servers     (IssEnrollPlan   *self,
                                                       GPtrArray       *servers);

/* for the sake of something else: the page that comes then, and the verb that leads there;
 * (nullable) unless it is set */
void                  iss_enroll_plan_set_then        (IssEnrollPlan   *self,
                                                       const char      *page,
                                                       const char      *label);
const char           *iss_enroll_plan_get_then        (IssEnrollPlan   *self);
const char           *iss_enroll_plan_get_then_label  (IssEnrollPlan   *self);
/* "Later" is an answer */
void                  iss_enroll_plan_set_offered     (IssEnrollPlan   *self,
                                                       gboolean         offered);
gboolean              iss_enroll_plan_is_offered      (IssEnrollPlan   *self);
/* a server was enrolled before */
void                  iss_enroll_plan_set_has_enrolled (IssEnrollPlan  *self,
                                                       gboolean         has_enrolled);
gboolean              iss_enroll_plan_has_enrolled    (IssEnrollPlan   *self);

/* reads who is enrolled; finish: iss_replication_table_load_finish */
gboolean              iss_enroll_plan_load_async      (IssEnrollPlan   *self,
                                                       GCancellable    *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer         user_data,
                                                       GError         **error);
/* (nullable): the central store cannot be opened */
IssJob               *iss_enroll_plan_make_job        (IssEnrollPlan   *self,
                                                       GError         **error)
                                                       G_GNUC_WARN_UNUSED_RESULT;

/* Makes packages of what is assigned globally for those that have none yet, and delivers them. */
void                  iss_enroll_plan_complete_async  (IssEnrollPlan   *self,
                                                       GCancellable    *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer         user_data);
gboolean              iss_enroll_plan_complete_finish (IssEnrollPlan   *self,
                                                       GAsyncResult    *result,
                                                       GError         **error);

char                 *iss_enroll_plan_dup_shell_line  (IssEnrollPlan   *self)
                                                       G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
