/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "tests/lib/temp-folder.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

#define ISS_WIZARD_FIXTURE_NOW 1814313600    /* 2027-06-30T00:00:00Z */

/**
 * IssWizardFixture:
 *
 * The demo pool in a folder of its own, with real agents: fe01 has
 * auth.contoso.example, fe02 and fe03 do not.
 */
typedef struct
{
  IssTempFolder *temp;
  char          *folder;      /* of the demo */
  IssLaunch     *launch;
  IssClock      *clock;
  IssWorkspace  *workspace;
  IssPool       *pool;        /* borrowed */
} IssWizardFixture;

IssWizardFixture *iss_wizard_fixture_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void              iss_wizard_fixture_free      (IssWizardFixture  *self);

/* a central store and an administrator's key of its own, both still to be made */
void              iss_wizard_fixture_attach_desk (IssWizardFixture *self);

char             *iss_wizard_fixture_dup_file  (IssWizardFixture  *self,
                                                const char        *name) G_GNUC_WARN_UNUSED_RESULT;
char             *iss_wizard_fixture_dup_typed (const char        *name) G_GNUC_WARN_UNUSED_RESULT;
char             *iss_wizard_fixture_dup_password (IssWizardFixture *self)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* on every server */
void              iss_wizard_fixture_import    (IssWizardFixture  *self,
                                                const char        *file);
void              iss_wizard_fixture_import_next (IssWizardFixture *self);
/* files in it, 0 if it is not there */
guint             iss_wizard_fixture_count     (IssWizardFixture  *self,
                                                const char        *server,
                                                const char        *folder);
/* does not answer from now on */
void              iss_wizard_fixture_break     (IssWizardFixture  *self,
                                                const char        *server);
/* answers again */
void              iss_wizard_fixture_mend      (IssWizardFixture  *self,
                                                const char        *server);

GtkWidget        *iss_wizard_fixture_child     (gpointer           widget,
                                                const char        *id);       /* of its template */
void              iss_wizard_fixture_type      (gpointer           widget,
                                                const char        *id,
                                                const char        *text);
void              iss_wizard_fixture_act       (gpointer           widget,
                                                const char        *action);
gboolean          iss_wizard_fixture_can_next  (gpointer           wizard);
/* iss_shot_check() of what is the same every time */
void              iss_wizard_fixture_check      (gpointer           window,
                                                const char        *name);
void              iss_wizard_fixture_check_both (gpointer           window,
                                                const char        *name);     /* light, dark */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssWizardFixture, iss_wizard_fixture_free)

G_END_DECLS
