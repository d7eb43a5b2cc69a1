/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/agent/export-options.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/* Export and ExportCertificate: the file is made on the server that holds the
 * certificate. With its private key only as a PFX with a password, written down
 * in the audit record; without it for everybody. */

/* agent */
GVariant         *iss_agent_export_run             (const IssAgentContext   *context,
                                                    GVariant                *parameters,
                                                    GCancellable            *cancellable,
                                                    GError                 **error);
GVariant         *iss_agent_export_run_certificate (const IssAgentContext   *context,
                                                    GVariant                *parameters,
                                                    GCancellable            *cancellable,
                                                    GError                 **error);

/**
 * IssExportResult:
 *
 * What a server has exported.
 */
typedef struct
{
  GBytes *file;             /* empty after what_if */
  guint   n_certificates;   /* in the file */
  char   *note;             /* (nullable): what is wrong with the chain */
} IssExportResult;

void              iss_export_result_free           (IssExportResult         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssExportResult, iss_export_result_free)

/* console; store: ISS_N_STORES = any; password for a PFX only */
IssAgentCall     *iss_agent_export_new_call        (IssStoreName             store,
                                                    GBytes                  *sha256,
                                                    const IssExportOptions  *options,
                                                    IssSecret               *password)
                                                    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
