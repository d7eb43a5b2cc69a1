/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void      iss_shot_settle             (GtkWidget  *widget);
void      iss_shot_save               (GtkWidget  *widget,
                                       const char *path);
void      iss_shot_set_dark           (gboolean    dark);
void      iss_shot_replace            (GtkWidget  *widget,
                                       const char *from,
                                       const char *to);
gboolean  iss_shot_pixels_are_pinned  (void);
void      iss_shot_check              (GtkWidget  *widget,
                                       const char *name);

G_END_DECLS
