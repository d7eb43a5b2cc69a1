/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_SHELL_LINE_BAR (iss_shell_line_bar_get_type ())

/* "The same in a shell:" a line, and Copy. Hidden while it has no line. */
G_DECLARE_FINAL_TYPE (IssShellLineBar, iss_shell_line_bar, ISS, SHELL_LINE_BAR, GtkWidget)

const char  *iss_shell_line_bar_get_line  (IssShellLineBar  *self);
void         iss_shell_line_bar_set_line  (IssShellLineBar  *self,
                                           const char       *line);
void         iss_shell_line_bar_set_title (IssShellLineBar  *self,
                                           const char       *title);

G_END_DECLS
