/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/store/import.h"

G_BEGIN_DECLS

/* SealFor: a certificate with its private key goes from one server to another
 * without a file: sealed by the one to the other's connection key, as Import
 * takes it. Whoever carries it cannot read it. */

/* agent */
GVariant      *iss_agent_copy_run             (const IssAgentContext   *context,
                                               GVariant                *parameters,
                                               GCancellable            *cancellable,
                                               GError                 **error);

/**
 * IssCopyResult:
 *
 * What a server has sealed for another.
 */
typedef struct
{
  GBytes *sealed;           /* empty after what_if */
  char   *friendly_name;    /* (nullable) */
  char   *note;             /* (nullable): what is wrong with the chain */
} IssCopyResult;

void           iss_copy_result_free           (IssCopyResult           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssCopyResult, iss_copy_result_free)

/* console: for the server that holds it; to: who gets it, for the audit record */
IssAgentCall  *iss_agent_copy_new_seal_call   (IssStoreName             store,
                                               GBytes                  *sha256,
                                               IssCertificate          *recipient,
                                               const char              *to,
                                               gboolean                 what_if)
                                               G_GNUC_WARN_UNUSED_RESULT;
/* for the one that gets it; its value: (element-type IssImportItem) */
IssAgentCall  *iss_agent_copy_new_import_call (GBytes                  *sealed,
                                               const IssImportOptions  *options)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
