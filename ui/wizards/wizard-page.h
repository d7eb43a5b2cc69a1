/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_WIZARD_PAGE (iss_wizard_page_get_type ())

/* One page of a wizard. It knows what it is called, whether it is complete and
 * what comes next; the frame (wizard.h) does the rest. A page says "changed"
 * whenever one of these answers is different, and "proceed" when what
 * advance() began has succeeded. Every function may be left out. */
G_DECLARE_INTERFACE (IssWizardPage, iss_wizard_page, ISS, WIZARD_PAGE, GtkWidget)

struct _IssWizardPageInterface
{
  GTypeInterface  g_iface;

  char        * (* dup_title)       (IssWizardPage *self);
  gboolean      (* is_complete)     (IssWizardPage *self);   /* left out: it is */
  /* name of a page; NULL: this is the last */
  const char  * (* get_next)        (IssWizardPage *self);
  /* a verb with a mnemonic; NULL: "_Next" or "_Finish" */
  const char  * (* get_next_label)  (IssWizardPage *self);
  gboolean      (* can_go_back)     (IssWizardPage *self);   /* left out: it can */
  /* a job runs: leaving has to be asked about */
  gboolean      (* is_working)      (IssWizardPage *self);
  void          (* stop)            (IssWizardPage *self);   /* stops that job */
  void          (* enter)           (IssWizardPage *self);   /* it is shown now */
  /* Next: TRUE = go on; FALSE = "proceed" will say when */
  gboolean      (* advance)         (IssWizardPage *self);
};

char        *iss_wizard_page_dup_title       (IssWizardPage  *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean     iss_wizard_page_is_complete     (IssWizardPage  *self);
const char  *iss_wizard_page_get_next        (IssWizardPage  *self);   /* (nullable) */
const char  *iss_wizard_page_get_next_label  (IssWizardPage  *self);
gboolean     iss_wizard_page_can_go_back     (IssWizardPage  *self);
gboolean     iss_wizard_page_is_working      (IssWizardPage  *self);
void         iss_wizard_page_stop            (IssWizardPage  *self);
void         iss_wizard_page_enter           (IssWizardPage  *self);
gboolean     iss_wizard_page_advance         (IssWizardPage  *self);

/* For those who implement it. */
void         iss_wizard_page_changed         (IssWizardPage  *self);
void         iss_wizard_page_proceed         (IssWizardPage  *self);

G_END_DECLS
