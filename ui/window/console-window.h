/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/page.h"

G_BEGIN_DECLS

#define ISS_TYPE_CONSOLE_WINDOW (iss_console_window_get_type ())

/* The console: menu bar, tool bar, banner, scope tree | result pane | action
 * pane, status bar. Properties "workspace" and "show-action-pane". */
G_DECLARE_FINAL_TYPE (IssConsoleWindow, iss_console_window, ISS, CONSOLE_WINDOW,
                      GtkApplicationWindow)

GtkWidget     *iss_console_window_new            (GtkApplication    *application)
                                                  G_GNUC_WARN_UNUSED_RESULT;

IssWorkspace  *iss_console_window_get_workspace  (IssConsoleWindow  *self);   /* (nullable) */
void           iss_console_window_set_workspace  (IssConsoleWindow  *self,
                                                  IssWorkspace      *workspace);
void           iss_console_window_remember       (IssConsoleWindow  *self,
                                                  const char        *path);
void           iss_console_window_set_waiting    (IssConsoleWindow  *self,
                                                  const char        *what);
void           iss_console_window_say_error      (IssConsoleWindow  *self,
                                                  const char        *lead,
                                                  const GError      *error);

gboolean       iss_console_window_show_path      (IssConsoleWindow  *self,
                                                  const char        *path);
/* (nullable): what is shown */
IssScopeNode  *iss_console_window_get_node       (IssConsoleWindow  *self);
IssPage       *iss_console_window_get_page       (IssConsoleWindow  *self);   /* (nullable) */
/* (nullable): of what is shown, or the only one */
IssPool       *iss_console_window_get_pool       (IssConsoleWindow  *self);

G_END_DECLS
