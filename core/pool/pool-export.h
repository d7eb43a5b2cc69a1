/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-export.h"
#include "core/pool/server.h"

G_BEGIN_DECLS

/* Exports a certificate of one server into a file here: made there, opened once
 * to see that it is what was asked for, then written whole or not at all. */

/**
 * IssPoolExportRequest:
 *
 * What to export, how and where to. Everything borrowed.
 */
typedef struct
{
  IssStoreName      store;      /* ISS_N_STORES = any */
  GBytes           *sha256;
  IssExportOptions  options;
  IssSecret        *password;   /* (nullable): of a PFX */
  GFile            *file;
  gboolean          replace;    /* there may be such a file: it goes */
} IssPoolExportRequest;

/**
 * IssPoolExportOutcome:
 *
 * What was exported.
 */
typedef struct
{
  guint     n_certificates;
  char     *note;           /* (nullable): what is wrong with the chain, a sentence */
  gboolean  key_deleted;
  GError   *delete_error;   /* (nullable): the file is there, but the key was not deleted */
} IssPoolExportOutcome;

void                   iss_pool_export_outcome_free (IssPoolExportOutcome        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPoolExportOutcome, iss_pool_export_outcome_free)

/* Whether a file can be written there: ISS_ERROR_EXISTS if replacing must be agreed to. */
void                   iss_pool_export_check_async  (GFile                       *file,
                                                     gboolean                     replace,
                                                     GCancellable                *cancellable,
                                                     GAsyncReadyCallback          callback,
                                                     gpointer                     user_data);
gboolean               iss_pool_export_check_finish (GAsyncResult                *result,
                                                     GError                     **error);

void                   iss_pool_export_async        (IssServer                   *server,
                                                     const IssPoolExportRequest  *request,
                                                     GCancellable                *cancellable,
                                                     GAsyncReadyCallback          callback,
                                                     gpointer                     user_data);
IssPoolExportOutcome  *iss_pool_export_finish       (IssServer                   *server,
                                                     GAsyncResult                *result,
                                                     GError                     **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
