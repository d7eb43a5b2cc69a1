/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/formats/pfx-report.h"

G_BEGIN_DECLS

/* The doctor for PFX files, in a worker: the same for the window and the shell. */

void           iss_file_report_async  (GFile                *file,
                                       IssSecret            *password,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
IssPfxReport  *iss_file_report_finish (GAsyncResult         *result,
                                       GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
