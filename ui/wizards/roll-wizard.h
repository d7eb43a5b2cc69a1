/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* Roll to another certificate at a date: "what", "store", "date", "timeline", "notices",
 * "summary" and "run". */

GtkWidget  *iss_roll_wizard_new_for (GtkWindow          *parent,
                                     IssWorkspace       *workspace,
                                     IssPool            *pool,
                                     const char *const  *words,
                                     GTimeZone          *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
