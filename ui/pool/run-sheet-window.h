/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/run-sheet.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_RUN_SHEET_WINDOW (iss_run_sheet_window_get_type ())

/* The run sheet of one certificate type of a pool: ready, do, prove, way back. It stays beside the
 * console while the change is made, and follows it. */
G_DECLARE_FINAL_TYPE (IssRunSheetWindow, iss_run_sheet_window, ISS, RUN_SHEET_WINDOW, GtkWindow)

GtkWidget    *iss_run_sheet_window_new        (GtkWindow                 *parent,
                                               IssWorkspace              *workspace,
                                               IssPool                   *pool,
                                               const IssCertificateType  *type,
                                               GTimeZone                 *zone);

IssRunSheet  *iss_run_sheet_window_get_sheet  (IssRunSheetWindow         *self);
gboolean      iss_run_sheet_window_is_busy    (IssRunSheetWindow         *self);
void          iss_run_sheet_window_set_looks  (IssRunSheetWindow         *self,
                                               GPtrArray                 *looks);

G_END_DECLS
