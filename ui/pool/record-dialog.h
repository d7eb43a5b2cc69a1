/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/central/administrator.h"
#include "core/pool/run-sheet.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_RECORD_DIALOG (iss_record_dialog_get_type ())

/* Signs a run sheet with the administrator's key, which it makes where there is none, and saves it
 * as a roll record. Signal "saved": where, and signed by whom; then it closes. */
G_DECLARE_FINAL_TYPE (IssRecordDialog, iss_record_dialog, ISS, RECORD_DIALOG, GtkWindow)

GtkWidget   *iss_record_dialog_new            (GtkWindow        *parent,
                                               IssRunSheet      *sheet,
                                               const char       *key_folder,
                                               IssClock         *clock);

void         iss_record_dialog_sign           (IssRecordDialog  *self,
                                               const char       *path);
const char  *iss_record_dialog_get_error      (IssRecordDialog  *self);

/* where an administrator's key is kept: the demo has one of its own; workspace (nullable) */
char        *iss_record_dialog_dup_key_folder (IssWorkspace     *workspace)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
