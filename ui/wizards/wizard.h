/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_WIZARD (iss_wizard_get_type ())

/* The frame of every wizard: a modal window with pages, Back, Next and Cancel.
 * Actions "wizard.next", "wizard.back", "wizard.cancel". */
G_DECLARE_FINAL_TYPE (IssWizard, iss_wizard, ISS, WIZARD, GtkWindow)

GtkWidget      *iss_wizard_new          (GtkWindow      *parent,
                                         const char     *title) G_GNUC_WARN_UNUSED_RESULT;

void            iss_wizard_add_page     (IssWizard      *self,
                                         const char     *name,
                                         IssWizardPage  *page);   /* the first one added is shown */
IssWizardPage  *iss_wizard_get_page     (IssWizard      *self);   /* (nullable): shown */
IssWizardPage  *iss_wizard_find_page    (IssWizard      *self,
                                         const char     *name);   /* (nullable) */
guint           iss_wizard_get_number   (IssWizard      *self);   /* of the page shown, from 1 */
/* instead of "Cancel" */
void            iss_wizard_set_leave_label
                                        (IssWizard      *self,
                                         const char     *label);
/* what is the console's to do, with a floating target (nullable); the wizard closes */
void            iss_wizard_hand_over    (IssWizard      *self,
                                         const char     *action,
                                         GVariant       *target);

G_END_DECLS
