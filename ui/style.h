/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes the templates, the icons and the style sheet known to GTK: once, after
 * gtk_init () and before the first widget of ours. Tests call it, too. */
void  iss_style_install  (void);

G_END_DECLS
