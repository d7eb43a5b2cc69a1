/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/task-columns.h"

#include <glib/gi18n-lib.h>

#include "ui/pool/task-item.h"
#include "ui/pool/text-columns.h"

static const IssTextColumn columns[ISS_N_TASK_COLUMNS] =
{
  [ISS_TASK_COLUMN_TASK]        = { N_("Task"), 60 },
  [ISS_TASK_COLUMN_TYPE]        = { N_("Type"), 140 },
  [ISS_TASK_COLUMN_CERTIFICATE] = { N_("Certificate"), 180 },
  [ISS_TASK_COLUMN_DUE]         = { N_("Due"), 150, .is_numeric = TRUE },
  [ISS_TASK_COLUMN_STATE]       = { N_("State"), 130, .has_icon = TRUE },
  [ISS_TASK_COLUMN_RESULT]      = { N_("Last result"), -1 },
};

static const char *
get_text (gpointer item,
          guint    column)
{
  return iss_task_item_get_text (item, (IssTaskColumn) column);
}

static const char *
get_icon (gpointer item)
{
  return iss_task_item_get_icon (item);
}

static const char *
get_css_class (gpointer item)
{
  return iss_task_item_get_css_class (item);
}

static const IssTextColumns all =
{
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .get_text = get_text,
  .get_icon = get_icon,
  .get_css_class = get_css_class,
};

/**
 * iss_task_columns_add:
 * @view: an empty column view
 *
 * Adds the columns.
 */
void
iss_task_columns_add (GtkColumnView *view)
{
  iss_text_columns_add (view, &all);
}
