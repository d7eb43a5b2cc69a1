/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "ui/certificates/row-column.h"

G_BEGIN_DECLS

#define ISS_TYPE_COLUMN_CHOICE (iss_column_choice_get_type ())

/* Which columns certificate lists show: one choice for all lists, kept in a file. Signal
 * "changed". */
G_DECLARE_FINAL_TYPE (IssColumnChoice, iss_column_choice, ISS, COLUMN_CHOICE, GObject)

IssColumnChoice  *iss_column_choice_new               (void) G_GNUC_WARN_UNUSED_RESULT;
/* reads it now, and writes it at each change */
void              iss_column_choice_remember          (IssColumnChoice  *self,
                                                       const char       *path);

gboolean          iss_column_choice_is_shown          (IssColumnChoice  *self,
                                                       IssRowColumn      column);
void              iss_column_choice_set_shown         (IssColumnChoice  *self,
                                                       IssRowColumn      column,
                                                       gboolean          shown);
void              iss_column_choice_reset             (IssColumnChoice  *self);

/* to be inserted as "column" */
GActionGroup     *iss_column_choice_get_action_group  (IssColumnChoice  *self);
GMenuModel       *iss_column_choice_get_menu          (IssColumnChoice  *self);

G_END_DECLS
