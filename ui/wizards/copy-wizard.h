/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* "Copy to servers": pages "servers", "run". */

GtkWidget  *iss_copy_wizard_new  (GtkWindow     *parent,
                                  IssWorkspace  *workspace,
                                  IssPool       *pool,
                                  IssServer     *server,
                                  GBytes        *sha256) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
