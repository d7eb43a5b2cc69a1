/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/page.h"

G_DEFINE_INTERFACE (IssPage, iss_page, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
iss_page_default_init (IssPageInterface *iface)
{
  /**
   * IssPage::changed:
   *
   * Title, status, actions or business may be different now.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * iss_page_dup_title:
 * @self: a page
 *
 * Returns: (transfer full) (nullable): what the window's title says while this
 *   page is shown; %NULL for the label of its node
 */
char *
iss_page_dup_title (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  return iface->dup_title != NULL ? iface->dup_title (self) : NULL;
}

/**
 * iss_page_dup_status:
 * @self: a page
 *
 * Returns: (transfer full) (nullable): one line for the status bar
 */
char *
iss_page_dup_status (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  return iface->dup_status != NULL ? iface->dup_status (self) : NULL;
}

/**
 * iss_page_dup_actions:
 * @self: a page
 *
 * Returns: (transfer full) (nullable): the labelled sections of what can be
 *   done here and with what is selected
 */
GMenuModel *
iss_page_dup_actions (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  return iface->dup_actions != NULL ? iface->dup_actions (self) : NULL;
}

/**
 * iss_page_get_action_group:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): the page's own actions, without "page."
 */
GActionGroup *
iss_page_get_action_group (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  return iface->get_action_group != NULL ? iface->get_action_group (self) : NULL;
}

/**
 * iss_page_is_busy:
 * @self: a page
 *
 * Returns: whether the page is looking just now
 */
gboolean
iss_page_is_busy (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  return iface->is_busy != NULL && iface->is_busy (self);
}

/**
 * iss_page_refresh:
 * @self: a page
 *
 * Has the page look again. What it shows stays until there is an answer.
 */
void
iss_page_refresh (IssPage *self)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  if (iface->refresh != NULL)
    iface->refresh (self);
}

/**
 * iss_page_can_filter:
 * @self: a page
 *
 * Returns: whether the search entry means anything here
 */
gboolean
iss_page_can_filter (IssPage *self)
{
  return ISS_PAGE_GET_IFACE (self)->set_filter != NULL;
}

/**
 * iss_page_set_filter:
 * @self: a page
 * @text: what rows must contain; "" for all
 */
void
iss_page_set_filter (IssPage    *self,
                     const char *text)
{
  IssPageInterface *iface = ISS_PAGE_GET_IFACE (self);

  if (iface->set_filter != NULL)
    iface->set_filter (self, text);
}

/**
 * iss_page_changed:
 * @self: a page
 *
 * Tells the window that the page's answers may be different now.
 */
void
iss_page_changed (IssPage *self)
{
  g_return_if_fail (ISS_IS_PAGE (self));

  g_signal_emit (self, signals[CHANGED], 0);
}
