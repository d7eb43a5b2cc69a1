/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/replication/task.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_TASK_COLUMN_TASK,
  ISS_TASK_COLUMN_TYPE,
  ISS_TASK_COLUMN_CERTIFICATE,
  ISS_TASK_COLUMN_DUE,
  ISS_TASK_COLUMN_STATE,
  ISS_TASK_COLUMN_RESULT,
  ISS_N_TASK_COLUMNS
} IssTaskColumn;

#define ISS_TYPE_TASK_ITEM (iss_task_item_get_type ())

/* A line of the list of a server's tasks, as it was seen. Immutable. */
G_DECLARE_FINAL_TYPE (IssTaskItem, iss_task_item, ISS, TASK_ITEM, GObject)

IssTaskItem  *iss_task_item_new           (IssTask        *task,
                                           const char     *certificate,
                                           gint64          now,
                                           GTimeZone      *zone) G_GNUC_WARN_UNUSED_RESULT;

const char   *iss_task_item_get_text      (IssTaskItem    *self,
                                           IssTaskColumn   column);
/* of the state, which stands beside it as a word */
const char   *iss_task_item_get_icon      (IssTaskItem    *self);
const char   *iss_task_item_get_css_class (IssTaskItem    *self);

G_END_DECLS
