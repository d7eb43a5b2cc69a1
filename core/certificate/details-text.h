/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines that say what a field of a certificate holds, written front to back: one
 * row of a list, the beginning that is shown, and the whole that is copied. */
typedef struct _IssDetailsText IssDetailsText;

#define ISS_DETAILS_TEXT_MAX_SHOWN 256      /* lines */
#define ISS_DETAILS_TEXT_MAX_LINES 20000

IssDetailsText *iss_details_text_new          (void) G_GNUC_WARN_UNUSED_RESULT;
void            iss_details_text_free         (IssDetailsText  *self);

void            iss_details_text_add          (IssDetailsText  *self,
                                               guint            depth,
                                               const char      *line);
void            iss_details_text_add_format   (IssDetailsText  *self,
                                               guint            depth,
                                               const char      *format,
                                               ...) G_GNUC_PRINTF (3, 4);
void            iss_details_text_add_hex      (IssDetailsText  *self,
                                               guint            depth,
                                               gconstpointer    data,
                                               gsize            size);
void            iss_details_text_add_dump     (IssDetailsText  *self,
                                               gconstpointer    data,
                                               gsize            size);
void            iss_details_text_set_summary  (IssDetailsText  *self,
                                               const char      *summary);

/* the first of them is kept */
void            iss_details_text_set_fault    (IssDetailsText  *self,
                                               const char      *fault);

const char     *iss_details_text_get_fault    (IssDetailsText  *self);   /* (nullable) */
guint           iss_details_text_get_n_lines  (IssDetailsText  *self);
char           *iss_details_text_dup_summary  (IssDetailsText  *self) G_GNUC_WARN_UNUSED_RESULT;
char           *iss_details_text_dup_shown    (IssDetailsText  *self) G_GNUC_WARN_UNUSED_RESULT;
char           *iss_details_text_dup_whole    (IssDetailsText  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssDetailsText, iss_details_text_free)

G_END_DECLS
