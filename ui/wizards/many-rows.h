/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void  iss_many_rows_place  (GtkScrolledWindow  *scrolled,
                            GtkWidget          *rows,
                            guint               n_rows);

G_END_DECLS
