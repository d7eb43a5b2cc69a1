/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/replication-item.h"

#include "core/base/text.h"
#include "core/central/replication-text.h"

/**
 * IssReplicationItem:
 *
 * How far one server is with one type.
 */
struct _IssReplicationItem
{
  GObject     parent_instance;

  char       *texts[ISS_N_REPLICATION_COLUMNS];
  const char *icon;
  const char *css_class;
  guint       server;
  guint       wanted;
};

typedef struct
{
  const char *icon;
  const char *css_class;
} Look;

static const Look looks[ISS_N_REPLICATION_STATES] =
{
  [ISS_REPLICATION_UP_TO_DATE]   = { "iss-state-published-symbolic", "success" },
  [ISS_REPLICATION_OLDER]        = { "iss-state-in-store-symbolic",  "warning" },
  [ISS_REPLICATION_NOT_DEPLOYED] = { "iss-state-different-symbolic", "error" },
  [ISS_REPLICATION_LOCAL]        = { "iss-state-different-symbolic", "warning" },
  [ISS_REPLICATION_NOTHING]      = { "iss-state-missing-symbolic",   "warning" },
  [ISS_REPLICATION_UNSERVED]     = { "iss-state-missing-symbolic",   "error" },
};

/* What was last seen is not what is so now. */
static const Look unknown = { "iss-state-unknown-symbolic", "dim-label" };

G_DEFINE_FINAL_TYPE (IssReplicationItem, iss_replication_item, G_TYPE_OBJECT)

static void
iss_replication_item_finalize (GObject *object)
{
  IssReplicationItem *self = ISS_REPLICATION_ITEM (object);

  for (gsize i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);

  G_OBJECT_CLASS (iss_replication_item_parent_class)->finalize (object);
}

static void
iss_replication_item_class_init (IssReplicationItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_replication_item_finalize;
}

static void
iss_replication_item_init (IssReplicationItem *self)
{
}

/**
 * iss_replication_item_new:
 * @table: what is known of the pool
 * @server: which of its servers
 * @wanted: which of its types
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full): a line of the list
 */
IssReplicationItem *
iss_replication_item_new (IssReplicationTable *table,
                          guint                server,
                          guint                wanted,
                          GTimeZone           *zone)
{
  const IssReplicaReport *report = iss_replication_table_get_report (table, server);
  const IssReplicaType *type = iss_replication_table_find_type (table, server, wanted);
  const IssReplicationState state = iss_replication_table_get_state (table, server, wanted);
  const IssWanted *one = iss_replication_table_get_wanted (table, wanted);
  const Look *look = report->error != NULL ? &unknown : &looks[state];
  IssReplicationItem *self = g_object_new (ISS_TYPE_REPLICATION_ITEM, NULL);

  self->server = server;
  self->wanted = wanted;
  self->icon = look->icon;
  self->css_class = look->css_class;
  self->texts[ISS_REPLICATION_COLUMN_REPLICA] = iss_text_dup_short_host (report->server);
  self->texts[ISS_REPLICATION_COLUMN_TYPE] = g_strdup (iss_wanted_get_manifest (one)->type->name);
  self->texts[ISS_REPLICATION_COLUMN_STATE] = g_strdup (iss_replication_state_get_label (state));
  self->texts[ISS_REPLICATION_COLUMN_REVISION] =
    iss_replication_text_dup_revision (table, server, wanted);
  self->texts[ISS_REPLICATION_COLUMN_CURRENT] =
    g_strdup (iss_replication_text_get_rung (type, ISS_SLOT_CURRENT));
  self->texts[ISS_REPLICATION_COLUMN_STAGED] = iss_replication_text_dup_staged (type, zone);
  self->texts[ISS_REPLICATION_COLUMN_SEEN] = iss_replication_text_dup_seen (report, zone);

  return self;
}

/**
 * iss_replication_item_get_server:
 * @self: a line
 *
 * Returns: which of the table's servers it is about
 */
guint
iss_replication_item_get_server (IssReplicationItem *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_ITEM (self), 0);

  return self->server;
}

/**
 * iss_replication_item_get_wanted:
 * @self: a line
 *
 * Returns: which of the table's types it is about
 */
guint
iss_replication_item_get_wanted (IssReplicationItem *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_ITEM (self), 0);

  return self->wanted;
}

/**
 * iss_replication_item_get_text:
 * @self: a line
 * @column: a column
 *
 * Returns: (transfer none): what stands there
 */
const char *
iss_replication_item_get_text (IssReplicationItem   *self,
                               IssReplicationColumn  column)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_ITEM (self), NULL);
  g_return_val_if_fail ((guint) column < ISS_N_REPLICATION_COLUMNS, NULL);

  return self->texts[column];
}

/**
 * iss_replication_item_get_icon:
 * @self: a line
 *
 * Returns: (transfer none): the symbol of its state
 */
const char *
iss_replication_item_get_icon (IssReplicationItem *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_ITEM (self), NULL);

  return self->icon;
}

/**
 * iss_replication_item_get_css_class:
 * @self: a line
 *
 * Returns: (transfer none): the colour of its state, a static string
 */
const char *
iss_replication_item_get_css_class (IssReplicationItem *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_ITEM (self), NULL);

  return self->css_class;
}
