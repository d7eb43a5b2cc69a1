/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"
#include "core/pool/job.h"

G_BEGIN_DECLS

/* Import on each server: one file and password, several servers, one job. */

IssJob          *iss_pool_import_new           (GPtrArray              *servers,
                                                GBytes                 *file,
                                                IssSecret              *password,
                                                const IssImportOptions *options)
                                                G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) IssImportItem, after it is done */
GPtrArray       *iss_pool_import_get_items     (IssJob                 *job,
                                                IssServer              *server);

/* At most ISS_CERTIFICATE_FILE_MAX_SIZE bytes of a regular file; blocks. */
GBytes          *iss_pool_import_load          (GFile                  *file,
                                                const char             *name,
                                                GCancellable           *cancellable,
                                                GError                **error)
                                                G_GNUC_WARN_UNUSED_RESULT;
/* "imported, key matches" */
char            *iss_pool_import_dup_outcome   (GPtrArray              *items,
                                                gboolean                what_if)
                                                G_GNUC_WARN_UNUSED_RESULT;

/* Reads a file for an import: limits, kind, password; in a worker. */
void             iss_pool_import_read_async    (GFile                  *file,
                                                IssSecret              *password,
                                                GCancellable           *cancellable,
                                                GAsyncReadyCallback     callback,
                                                gpointer                user_data);
IssBundle       *iss_pool_import_read_finish   (GAsyncResult           *result,
                                                GBytes                **out_bytes,
                                                GError                **error)
                                                G_GNUC_WARN_UNUSED_RESULT;
/* the certificate the file is about */
IssCertificate  *iss_pool_import_get_leading   (IssBundle              *bundle,
                                                gboolean               *out_has_key);

G_END_DECLS
