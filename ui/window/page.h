/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/scope-node.h"

G_BEGIN_DECLS

#define ISS_TYPE_PAGE (iss_page_get_type ())

/* What the result pane shows for one node of the scope tree.
 *
 * How to make one: write a final GtkWidget that implements this interface, give
 * it `GtkWidget *iss_foo_page_new (IssScopeNode *node)`, and add one line to the
 * table in ui/window/page-factory.c. The window makes the page when its node is
 * first selected and keeps it while the node lives; it calls refresh() when the
 * page is shown and on F5, so the page shows at once what is known already and
 * looks again from refresh(). A page listens to its pool's or server's "changed"
 * by itself, and says iss_page_changed() whenever the answer of one of its dup_
 * functions has become different.
 *
 * dup_actions() is the one place that says what can be done here: the action
 * pane, the Action menu and the context menu are all drawn from it. It is a menu
 * of sections, each with a label ("Personal, fe01"; then, when something is
 * selected, "auth.contoso.example"), whose items name the window's actions with
 * a target ("server.import", see ui/window/console-window-actions.c) or the
 * page's own, which get_action_group() gives and which are called "page.NAME".
 *
 * To go elsewhere:  gtk_widget_activate_action (page, "console.show", "s", PATH)
 * with the path of a node: "POOL", "POOL/assignments", "POOL/presence", "POOL/SERVER",
 * "POOL/SERVER/certificates", "POOL/SERVER/certificates/my", "POOL/SERVER/assignments",
 * "POOL/SERVER/tasks", "POOL/replication" (full names).
 *
 * Every function may be left out. */
G_DECLARE_INTERFACE (IssPage, iss_page, ISS, PAGE, GtkWidget)

struct _IssPageInterface
{
  GTypeInterface  g_iface;

  /* of the window: "Personal, fe01"; else the node's label */
  char          * (* dup_title)        (IssPage *self);
  char          * (* dup_status)       (IssPage *self);   /* left in the status bar */
  GMenuModel    * (* dup_actions)      (IssPage *self);   /* see above */
  GActionGroup  * (* get_action_group) (IssPage *self);   /* borrowed; "page." */
  gboolean        (* is_busy)          (IssPage *self);   /* shown by the refresh button */
  /* look again; does nothing while it looks */
  void            (* refresh)          (IssPage *self);
  /* the search entry; left out: it is greyed */
  void            (* set_filter)       (IssPage    *self,
                                        const char *text);
};

/* (nullable) */
char          *iss_page_dup_title         (IssPage     *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
char          *iss_page_dup_status        (IssPage     *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
GMenuModel    *iss_page_dup_actions       (IssPage     *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
GActionGroup  *iss_page_get_action_group  (IssPage     *self);
gboolean       iss_page_is_busy           (IssPage     *self);
void           iss_page_refresh           (IssPage     *self);
gboolean       iss_page_can_filter        (IssPage     *self);
void           iss_page_set_filter        (IssPage     *self,
                                           const char  *text);

/* For those who implement it: emits "changed". */
void           iss_page_changed           (IssPage     *self);

G_END_DECLS
