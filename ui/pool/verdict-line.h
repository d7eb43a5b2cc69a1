/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ISS_TYPE_VERDICT_LINE (iss_verdict_line_get_type ())

/* A page's first line: the answer, when it was seen, Look Again and Copy for the
 * Ticket, which activate "page.look" and "page.copy-ticket". */
G_DECLARE_FINAL_TYPE (IssVerdictLine, iss_verdict_line, ISS, VERDICT_LINE, GtkWidget)

GtkWidget   *iss_verdict_line_new       (void) G_GNUC_WARN_UNUSED_RESULT;   /* floating */

void         iss_verdict_line_say       (IssVerdictLine  *self,
                                         const char      *icon_name,
                                         const char      *css_class,
                                         const char      *text,
                                         const char      *seen);
const char  *iss_verdict_line_get_text  (IssVerdictLine  *self);
const char  *iss_verdict_line_get_seen  (IssVerdictLine  *self);
/* what only this page has, before Look Again */
void         iss_verdict_line_append    (IssVerdictLine  *self,
                                         GtkWidget       *widget);
void         iss_verdict_line_set_busy  (IssVerdictLine  *self,
                                         gboolean         busy);

G_END_DECLS
