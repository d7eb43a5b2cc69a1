/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ISS_STATUS_NOTE,
  ISS_STATUS_BUSY,
  ISS_STATUS_WARNING,
  ISS_STATUS_ERROR,
  ISS_STATUS_SUCCESS
} IssStatusKind;

#define ISS_TYPE_STATUS_LINE (iss_status_line_get_type ())

/* What a page has to say about what was typed on it: a symbol or a spinner, and
 * a sentence. Hidden while there is nothing to say. */
G_DECLARE_FINAL_TYPE (IssStatusLine, iss_status_line, ISS, STATUS_LINE, GtkWidget)

void         iss_status_line_say       (IssStatusLine  *self,
                                        IssStatusKind   kind,
                                        const char     *text);
/* the sentence, with its full stop */
void         iss_status_line_say_error (IssStatusLine  *self,
                                        const GError   *error);
void         iss_status_line_clear     (IssStatusLine  *self);
const char  *iss_status_line_get_text  (IssStatusLine  *self);   /* "" = hidden */

G_END_DECLS
