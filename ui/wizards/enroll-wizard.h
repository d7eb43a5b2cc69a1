/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* "Enroll Servers": servers → administrator's key → enrolling. */
GtkWidget  *iss_enroll_wizard_new  (GtkWindow     *parent,
                                    IssWorkspace  *workspace,
                                    IssPool       *pool) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
