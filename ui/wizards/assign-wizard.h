/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* Assign a certificate, with the pages of the Deployment Wizard: "what", "store", "summary"
 * and "run"; change what is assigned already: "summary" and "run", before which to postpone
 * a roll are the pages of the Roll wizard. */

GtkWidget  *iss_assign_wizard_new         (GtkWindow          *parent,
                                           IssWorkspace       *workspace,
                                           IssPool            *pool,
                                           const char *const  *types,
                                           GPtrArray          *servers,
                                           GBytes             *sha256) G_GNUC_WARN_UNUSED_RESULT;
GtkWidget  *iss_assign_wizard_new_change  (GtkWindow          *parent,
                                           IssWorkspace       *workspace,
                                           IssPool            *pool,
                                           const char         *type,
                                           IssTransitionKind   change,
                                           GPtrArray          *servers) G_GNUC_WARN_UNUSED_RESULT;

/* "Make It Global": "store", "summary" and what is in global-pages.h. type (nullable): what the
 * certificate is used for somewhere */
GtkWidget  *iss_assign_wizard_new_global  (GtkWindow          *parent,
                                           IssWorkspace       *workspace,
                                           IssPool            *pool,
                                           const char         *type,
                                           GBytes             *sha256) G_GNUC_WARN_UNUSED_RESULT;

/* What is compromised: "replace", "store", "summary" and "run". */
GtkWidget  *iss_assign_wizard_new_replace (GtkWindow          *parent,
                                           IssWorkspace       *workspace,
                                           IssPool            *pool,
                                           GBytes             *sha256) G_GNUC_WARN_UNUSED_RESULT;

/* The wizard that the words of an action's target ask for, in any order: types, servers, a
 * certificate by its SHA-256, a slot. */
GtkWidget  *iss_assign_wizard_new_for     (GtkWindow          *parent,
                                           IssWorkspace       *workspace,
                                           IssPool            *pool,
                                           const char *const  *words,
                                           IssTransitionKind   change) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
