/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* The Certificate Export Wizard: pages "key", "format", "security", "file",
 * "summary", "run". */

GtkWidget  *iss_export_wizard_new  (GtkWindow     *parent,
                                    IssWorkspace  *workspace,
                                    IssPool       *pool,
                                    IssServer     *server,
                                    IssStoreName   store,
                                    GBytes        *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
