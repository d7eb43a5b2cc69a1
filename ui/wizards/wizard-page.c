/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/wizard-page.h"

#include <glib/gi18n-lib.h>

G_DEFINE_INTERFACE (IssWizardPage, iss_wizard_page, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  PROCEED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
iss_wizard_page_default_init (IssWizardPageInterface *iface)
{
  /**
   * IssWizardPage::changed:
   *
   * Title, completeness, what comes next or whether a job runs may be different.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_WIZARD_PAGE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * IssWizardPage::proceed:
   *
   * What advance() began has succeeded: the next page may be shown.
   */
  signals[PROCEED] =
    g_signal_new ("proceed", ISS_TYPE_WIZARD_PAGE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * iss_wizard_page_dup_title:
 * @self: a page
 *
 * Returns: (transfer full): what stands above the page
 */
char *
iss_wizard_page_dup_title (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->dup_title != NULL ? iface->dup_title (self) : g_strdup ("");
}

/**
 * iss_wizard_page_is_complete:
 * @self: a page
 *
 * Returns: whether everything that the page asks for is there
 */
gboolean
iss_wizard_page_is_complete (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->is_complete == NULL || iface->is_complete (self);
}

/**
 * iss_wizard_page_get_next:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the name of the page that comes next, or
 *   %NULL for the last one
 */
const char *
iss_wizard_page_get_next (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->get_next != NULL ? iface->get_next (self) : NULL;
}

/**
 * iss_wizard_page_get_next_label:
 * @self: a page
 *
 * Returns: (transfer none): the label of the default button, with a mnemonic
 */
const char *
iss_wizard_page_get_next_label (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);
  const char *label = iface->get_next_label != NULL ? iface->get_next_label (self) : NULL;

  if (label != NULL)
    return label;

  return iss_wizard_page_get_next (self) != NULL ? _("_Next") : _("_Finish");
}

/**
 * iss_wizard_page_can_go_back:
 * @self: a page
 *
 * Returns: whether the page before this one still means anything
 */
gboolean
iss_wizard_page_can_go_back (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->can_go_back == NULL || iface->can_go_back (self);
}

/**
 * iss_wizard_page_is_working:
 * @self: a page
 *
 * Returns: whether a job runs that must not be left without a question
 */
gboolean
iss_wizard_page_is_working (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->is_working != NULL && iface->is_working (self);
}

/**
 * iss_wizard_page_stop:
 * @self: a page
 *
 * Stops the job that runs. The page stays, and shows what became of it.
 */
void
iss_wizard_page_stop (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  if (iface->stop != NULL)
    iface->stop (self);
}

/**
 * iss_wizard_page_enter:
 * @self: a page
 *
 * Tells the page that it is shown now.
 */
void
iss_wizard_page_enter (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  if (iface->enter != NULL)
    iface->enter (self);
}

/**
 * iss_wizard_page_advance:
 * @self: a complete page
 *
 * Returns: %TRUE to go on at once; %FALSE if the page has begun to check what
 *   was typed, and says "proceed" when that has succeeded
 */
gboolean
iss_wizard_page_advance (IssWizardPage *self)
{
  IssWizardPageInterface *iface = ISS_WIZARD_PAGE_GET_IFACE (self);

  return iface->advance == NULL || iface->advance (self);
}

/**
 * iss_wizard_page_changed:
 * @self: a page
 *
 * Tells the frame that the page's answers may be different now.
 */
void
iss_wizard_page_changed (IssWizardPage *self)
{
  g_return_if_fail (ISS_IS_WIZARD_PAGE (self));

  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * iss_wizard_page_proceed:
 * @self: a page whose advance() returned %FALSE
 *
 * Tells the frame to go on.
 */
void
iss_wizard_page_proceed (IssWizardPage *self)
{
  g_return_if_fail (ISS_IS_WIZARD_PAGE (self));

  g_signal_emit (self, signals[PROCEED], 0);
}
