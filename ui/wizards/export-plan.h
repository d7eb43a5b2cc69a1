/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool-export.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_EXPORT_PLAN (iss_export_plan_get_type ())

/* What the pages of the Export wizard collect. */
G_DECLARE_FINAL_TYPE (IssExportPlan, iss_export_plan, ISS, EXPORT_PLAN, GObject)

IssExportPlan         *iss_export_plan_new             (IssWorkspace         *workspace,
                                                        IssPool              *pool,
                                                        IssServer            *server,
                                                        IssStoreName          store,
                                                        GBytes               *sha256)
                                                        G_GNUC_WARN_UNUSED_RESULT;

IssWorkspace          *iss_export_plan_get_workspace   (IssExportPlan        *self);
IssPool               *iss_export_plan_get_pool        (IssExportPlan        *self);
IssServer             *iss_export_plan_get_server      (IssExportPlan        *self);

/* Asks the server what it has. */
void                   iss_export_plan_load_async      (IssExportPlan        *self,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
gboolean               iss_export_plan_load_finish     (IssExportPlan        *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
/* (nullable) */
IssCertificate        *iss_export_plan_get_certificate (IssExportPlan        *self);
/* "auth… (3F2A …)" */
char                  *iss_export_plan_dup_name        (IssExportPlan        *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why its key cannot be exported, a sentence */
char                  *iss_export_plan_dup_key_reason  (IssExportPlan        *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why its key cannot be deleted */
char                  *iss_export_plan_dup_delete_reason (IssExportPlan      *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;

/* to be changed */
IssExportOptions      *iss_export_plan_get_options     (IssExportPlan        *self);
/* goes along */
gboolean               iss_export_plan_has_key         (IssExportPlan        *self);
/* (nullable) */
IssSecret             *iss_export_plan_get_password    (IssExportPlan        *self);
void                   iss_export_plan_set_password    (IssExportPlan        *self,
                                                        IssSecret            *password);
/* (nullable) */
GFile                 *iss_export_plan_get_file        (IssExportPlan        *self);
void                   iss_export_plan_set_file        (IssExportPlan        *self,
                                                        GFile                *file,
                                                        gboolean              replace);
/* "auth.contoso.example.pfx" */
char                  *iss_export_plan_dup_file_name   (IssExportPlan        *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;

void                   iss_export_plan_run_async       (IssExportPlan        *self,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
IssPoolExportOutcome  *iss_export_plan_run_finish      (IssExportPlan        *self,
                                                        GAsyncResult         *result,
                                                        GError              **error)
                                                        G_GNUC_WARN_UNUSED_RESULT;
char                  *iss_export_plan_dup_shell_line  (IssExportPlan        *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
