/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_AS_OF (iss_as_of_get_type ())

/* "as of now ▾": as of which instant a page is drawn: now, after the next roll, in 30 days, or
 * a date that is typed. Signal "changed". */
G_DECLARE_FINAL_TYPE (IssAsOf, iss_as_of, ISS, AS_OF, GtkWidget)

GtkWidget  *iss_as_of_new          (void) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

/* next_roll: 0 = none is staged */
void        iss_as_of_set_present  (IssAsOf     *self,
                                    gint64       now,
                                    gint64       next_roll,
                                    GTimeZone   *zone);
/* 0 = now */
gint64      iss_as_of_get_instant  (IssAsOf     *self);
gboolean    iss_as_of_type         (IssAsOf     *self,
                                    const char  *typed);

G_END_DECLS
