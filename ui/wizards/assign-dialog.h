/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* Assign a certificate for a type: pages "choose" and "run" in a wizard's frame. */

GtkWidget  *iss_assign_dialog_new  (GtkWindow     *parent,
                                    IssWorkspace  *workspace,
                                    IssPool       *pool,
                                    const char    *type,
                                    GBytes        *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
