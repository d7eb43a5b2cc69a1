/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* "Enroll Servers": servers → administrator's key → enrolling. */
GtkWidget  *iss_enroll_wizard_new       (GtkWindow     *parent,
                                         IssWorkspace  *workspace,
                                         IssPool       *pool) G_GNUC_WARN_UNUSED_RESULT;

/* the same pages, "servers", "sign" and "run", at the end of another wizard; "Later" will do */
void        iss_enroll_wizard_add_offer (IssWizard     *wizard,
                                         IssWorkspace  *workspace,
                                         IssPool       *pool);

G_END_DECLS
