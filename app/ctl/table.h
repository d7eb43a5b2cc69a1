/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A table for people: columns as wide as what is in them. */
typedef struct _CtlTable CtlTable;

CtlTable  *ctl_table_new     (const char *const  *titles) G_GNUC_WARN_UNUSED_RESULT;
void       ctl_table_free    (CtlTable           *self);
void       ctl_table_add     (CtlTable           *self,
                              const char *const  *cells);
char      *ctl_table_to_text (CtlTable           *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)

G_END_DECLS
