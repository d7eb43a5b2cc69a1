/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool-copy.h"
#include "ui/wizards/export-plan.h"

G_BEGIN_DECLS

#define ISS_TYPE_COPY_PLAN (iss_copy_plan_get_type ())

/* What the pages of "Copy to servers" collect. */
G_DECLARE_FINAL_TYPE (IssCopyPlan, iss_copy_plan, ISS, COPY_PLAN, GObject)

IssCopyPlan    *iss_copy_plan_new             (IssExportPlan  *source) G_GNUC_WARN_UNUSED_RESULT;

/* which certificate, of which server */
IssExportPlan  *iss_copy_plan_get_source      (IssCopyPlan    *self);

gboolean        iss_copy_plan_get_for_pool    (IssCopyPlan    *self);
void            iss_copy_plan_set_for_pool    (IssCopyPlan    *self,
                                               gboolean        for_pool);
gboolean        iss_copy_plan_get_exportable  (IssCopyPlan    *self);
void            iss_copy_plan_set_exportable  (IssCopyPlan    *self,
                                               gboolean        exportable);
/* (element-type IssServer) */
GPtrArray      *iss_copy_plan_get_servers     (IssCopyPlan    *self);
void            iss_copy_plan_set_servers     (IssCopyPlan    *self,
                                               GPtrArray      *servers);

IssJob         *iss_copy_plan_make_job        (IssCopyPlan    *self) G_GNUC_WARN_UNUSED_RESULT;
char           *iss_copy_plan_dup_shell_line  (IssCopyPlan    *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
