/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/replication-columns.h"

#include <glib/gi18n-lib.h>

#include "ui/pool/replication-item.h"
#include "ui/pool/text-columns.h"

static const IssTextColumn columns[ISS_N_REPLICATION_COLUMNS] =
{
  [ISS_REPLICATION_COLUMN_REPLICA]  = { N_("Replica"), 70 },
  [ISS_REPLICATION_COLUMN_TYPE]     = { N_("Type"), 140 },
  [ISS_REPLICATION_COLUMN_STATE]    = { N_("State"), 180, .has_icon = TRUE },
  [ISS_REPLICATION_COLUMN_REVISION] = { N_("Revision"), 85, .is_numeric = TRUE },
  [ISS_REPLICATION_COLUMN_CURRENT]  = { N_("Current"), 90 },
  [ISS_REPLICATION_COLUMN_STAGED]   = { N_("Staged"), -1 },
  [ISS_REPLICATION_COLUMN_SEEN]     = { N_("Last status report"), 150, .is_numeric = TRUE },
};

static const char *
get_text (gpointer item,
          guint    column)
{
  return iss_replication_item_get_text (item, (IssReplicationColumn) column);
}

static const char *
get_icon (gpointer item)
{
  return iss_replication_item_get_icon (item);
}

static const char *
get_css_class (gpointer item)
{
  return iss_replication_item_get_css_class (item);
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
 * iss_replication_columns_add:
 * @view: an empty column view
 *
 * Adds the columns.
 */
void
iss_replication_columns_add (GtkColumnView *view)
{
  iss_text_columns_add (view, &all);
}
