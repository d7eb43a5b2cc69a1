/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/file-report.h"
#include "core/pool/pool-import.h"
#include "core/pool/workspace.h"
#include "ui/wizards/global-order.h"

G_BEGIN_DECLS

#define ISS_TYPE_IMPORT_PLAN (iss_import_plan_get_type ())

/* What the pages of the Import wizard collect. */
G_DECLARE_FINAL_TYPE (IssImportPlan, iss_import_plan, ISS, IMPORT_PLAN, GObject)

IssImportPlan   *iss_import_plan_new             (IssWorkspace         *workspace,
                                                  IssPool              *pool,
                                                  GPtrArray            *preferred)
                                                  G_GNUC_WARN_UNUSED_RESULT;

IssWorkspace    *iss_import_plan_get_workspace   (IssImportPlan        *self);
IssPool         *iss_import_plan_get_pool        (IssImportPlan        *self);
/* the wizard was begun for it, or for none */
gboolean         iss_import_plan_prefers         (IssImportPlan        *self,
                                                  IssServer            *server);

GFile           *iss_import_plan_get_file        (IssImportPlan        *self);   /* (nullable) */
/* forgets what was read, and the password */
void             iss_import_plan_set_file        (IssImportPlan        *self,
                                                  GFile                *file);

/* Reads the file. With a wrong password nothing that is known is forgotten. */
void             iss_import_plan_read_async      (IssImportPlan        *self,
                                                  IssSecret            *password,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         iss_import_plan_read_finish     (IssImportPlan        *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/* What can be said of the file, with the password if it is known; finish: iss_file_report_finish */
void             iss_import_plan_report_async    (IssImportPlan        *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
char            *iss_import_plan_dup_details_line (IssImportPlan       *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;

/* the file is protected by one */
gboolean         iss_import_plan_needs_password  (IssImportPlan        *self);
gboolean         iss_import_plan_is_read         (IssImportPlan        *self);
gboolean         iss_import_plan_has_key         (IssImportPlan        *self);
/* (nullable): what the file is about */
IssCertificate  *iss_import_plan_get_certificate (IssImportPlan        *self);
/* (nullable): one sentence */
char            *iss_import_plan_dup_contents    (IssImportPlan        *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;
/* "auth… (3F2A …, with private key)" */
char            *iss_import_plan_dup_name        (IssImportPlan        *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;

gboolean         iss_import_plan_get_exportable  (IssImportPlan        *self);
void             iss_import_plan_set_exportable  (IssImportPlan        *self,
                                                  gboolean              exportable);
gboolean         iss_import_plan_get_for_pool    (IssImportPlan        *self);
void             iss_import_plan_set_for_pool    (IssImportPlan        *self,
                                                  gboolean              for_pool);
/* (element-type IssServer) */
GPtrArray       *iss_import_plan_get_servers     (IssImportPlan        *self);
void             iss_import_plan_set_servers     (IssImportPlan        *self,
                                                  GPtrArray            *servers);

/* The key was not in the file: it is in a token of a server that has the certificate now. */
void             iss_import_plan_add_token_key   (IssImportPlan        *self,
                                                  IssServer            *server,
                                                  const char           *uri,
                                                  gboolean              with_pin);

/* what is done instead, if it is chosen: on every server, replicated */
IssGlobalOrder  *iss_import_plan_get_order       (IssImportPlan        *self);
IssBundle       *iss_import_plan_get_bundle      (IssImportPlan        *self);   /* (nullable) */

IssJob          *iss_import_plan_make_job        (IssImportPlan        *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;
char            *iss_import_plan_dup_shell_line  (IssImportPlan        *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
