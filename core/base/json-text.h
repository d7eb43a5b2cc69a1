/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes JSON text: an RFC 8259 document, built front to back. It does not read. */
typedef struct _IssJsonText IssJsonText;

IssJsonText *iss_json_text_new          (gboolean      pretty) G_GNUC_WARN_UNUSED_RESULT;
void         iss_json_text_free         (IssJsonText  *self);

void         iss_json_text_begin_object (IssJsonText  *self);
void         iss_json_text_end_object   (IssJsonText  *self);
void         iss_json_text_begin_array  (IssJsonText  *self);
void         iss_json_text_end_array    (IssJsonText  *self);
void         iss_json_text_name         (IssJsonText  *self,
                                         const char   *name);
void         iss_json_text_string       (IssJsonText  *self,
                                         const char   *value);
void         iss_json_text_integer      (IssJsonText  *self,
                                         gint64        value);
void         iss_json_text_boolean      (IssJsonText  *self,
                                         gboolean      value);
void         iss_json_text_null         (IssJsonText  *self);

void         iss_json_text_name_string  (IssJsonText  *self,
                                         const char   *name,
                                         const char   *value);
void         iss_json_text_name_integer (IssJsonText  *self,
                                         const char   *name,
                                         gint64        value);
void         iss_json_text_name_boolean (IssJsonText  *self,
                                         const char   *name,
                                         gboolean      value);

char        *iss_json_text_finish       (IssJsonText  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssJsonText, iss_json_text_free)

G_END_DECLS
