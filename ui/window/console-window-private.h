/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/certificates/column-choice.h"
#include "ui/window/action-pane.h"
#include "ui/window/banner.h"
#include "ui/window/console-window.h"
#include "ui/window/history.h"
#include "ui/window/scope-tree.h"
#include "ui/window/status-bar.h"
#include "ui/window/undo-bar.h"

G_BEGIN_DECLS

struct _IssConsoleWindow
{
  GtkApplicationWindow  parent_instance;

  /* Template Widgets */
  GtkWidget            *root;
  GtkPopoverMenuBar    *menu_bar;
  GtkEditable          *search_entry;
  IssBanner            *banner;
  IssScopeTree         *tree;
  GtkStack             *stack;
  GtkSpinner           *spinner;
  GtkLabel             *waiting_label;
  GtkWidget            *side;
  IssActionPane        *action_pane;
  IssUndoBar           *undo_bar;
  IssStatusBar         *status_bar;

  /* Owned References */
  IssWorkspace         *workspace;
  IssScopeNode         *root_node;
  GMenu                *action_menu;
  GHashTable           *pages;          /* path -> (element-type IssPage), held by the stack */
  IssHistory           *history;
  IssColumnChoice      *columns;        /* of the lists of all stores */
  GCancellable         *cancellable;    /* of the looks at the workspace's pools */
  IssPool              *pool;           /* the one that the banner speaks of */

  /* Borrowed References */
  IssPage              *page;           /* shown; held by the stack */
  GtkWidget            *context_menu;   /* a child of ours while it is open */

  gboolean              show_action_pane;
  gboolean              moving;         /* through the history, or to another workspace */
  gboolean              undoing;        /* until the server has answered */
  gboolean              failed;         /* the banner shows an error, which stays */
};

/* console-window.c */
void  iss_console_window_look             (IssConsoleWindow  *self,
                                           IssPool           *pool);
void  iss_console_window_popup_menu       (IssConsoleWindow  *self,
                                           GtkWidget         *parent,
                                           double             x,
                                           double             y);

/* console-window-actions.c: the table of verbs, and when each may be used. */
void  iss_console_window_actions_install  (GtkWidgetClass    *klass);
void  iss_console_window_actions_update   (IssConsoleWindow  *self);

/* console-window-banner.c: what is true of the pool. */
void  iss_console_window_banner_update    (IssConsoleWindow  *self);

/* console-window-certificates.c: those of them about one certificate. */
void  iss_console_window_certificates_install (GtkWidgetClass *klass);

/* console-window-wizards.c: those of them that open a wizard. */
void  iss_console_window_wizards_install  (GtkWidgetClass    *klass);
void  iss_console_window_wizards_update   (IssConsoleWindow  *self);

/* console-window-changes.c: those of them that change a certificate where it is. */
void  iss_console_window_changes_install  (GtkWidgetClass    *klass);
void  iss_console_window_changes_update   (IssConsoleWindow  *self);
void  iss_console_window_changes_append_undo (IssConsoleWindow *self,
                                           GMenu             *menu);

G_END_DECLS
