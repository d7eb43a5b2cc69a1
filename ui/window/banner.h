/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ISS_BANNER_WARNING,
  ISS_BANNER_ERROR
} IssBannerKind;

#define ISS_TYPE_BANNER (iss_banner_get_type ())

/* The one thing that the administrator must know now, above everything else,
 * with at most two ways out. Hidden while there is nothing to say. */
G_DECLARE_FINAL_TYPE (IssBanner, iss_banner, ISS, BANNER, GtkWidget)

GtkWidget   *iss_banner_new         (void) G_GNUC_WARN_UNUSED_RESULT;

void         iss_banner_say         (IssBanner      *self,
                                     IssBannerKind   kind,
                                     const char     *lead,
                                     const char     *rest);
void         iss_banner_add_button  (IssBanner      *self,
                                     const char     *label,
                                     const char     *action_name,
                                     GVariant       *target);
void         iss_banner_clear       (IssBanner      *self);

const char  *iss_banner_get_text    (IssBanner      *self);   /* "" = hidden */
guint        iss_banner_get_n_buttons (IssBanner    *self);

G_END_DECLS
