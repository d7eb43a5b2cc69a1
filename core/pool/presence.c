/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence.h"

#include "core/pool/presence-forecast.h"
#include "core/pool/presence-line.h"

/**
 * IssPresence:
 *
 * The truth about the slots of some types on every server of a pool.
 *
 * A verdict compares what a server showed with what is agreed, never with what
 * most servers have. Where nothing is agreed the servers can only be compared
 * with one another: then a cell that agrees means that no server differs, and
 * the verdict line never says yes. That a server does not answer is no verdict:
 * its cells hold what was last seen and are stale.
 */
struct _IssPresence
{
  GObject          parent_instance;

  /* Owned */
  char            *pool;
  GStringChunk    *types;       /* the names that columns and cells point to */
  GPtrArray       *servers;     /* (element-type IssServer), worst first */
  GArray          *columns;     /* (element-type IssPresenceColumn) */
  GArray          *cells;       /* (element-type IssPresenceCell), a row after the other */
  GHashTable      *agreed;      /* set of type names */
  char            *verdict;
  char            *verdict_utc;
  gboolean         is_good;
  gint64           now;
  gint64           at;          /* as of which instant; 0 = as it was seen */
};

typedef struct
{
  IssServer *server;
  guint      row;        /* in the topology's order */
  guint      badness;
} Rank;

G_DEFINE_FINAL_TYPE (IssPresence, iss_presence, G_TYPE_OBJECT)

static void
iss_presence_finalize (GObject *object)
{
  IssPresence *self = ISS_PRESENCE (object);

  g_clear_pointer (&self->pool, g_free);
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->agreed, g_hash_table_unref);
  g_clear_pointer (&self->types, g_string_chunk_free);
  g_clear_pointer (&self->verdict, g_free);
  g_clear_pointer (&self->verdict_utc, g_free);

  G_OBJECT_CLASS (iss_presence_parent_class)->finalize (object);
}

static void
iss_presence_class_init (IssPresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_presence_finalize;
}

static void
iss_presence_init (IssPresence *self)
{
  self->types = g_string_chunk_new (256);
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->cells = g_array_new (FALSE, TRUE, sizeof (IssPresenceCell));
  g_array_set_clear_func (self->cells, (GDestroyNotify) iss_presence_cell_clear);
  self->agreed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
add_agreed (IssPresence *self)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const IssPresenceColumn *column = &g_array_index (self->columns, IssPresenceColumn, i);

      if (column->has_expected && column->slot == ISS_SLOT_CURRENT)
        g_hash_table_add (self->agreed, g_strdup (column->type));
    }
}

/* How bad a server's current slots are: what is not so outweighs what is not
 * known to be so any more. */
static guint
get_badness (IssPresence           *self,
             const IssPresenceCell *cells)
{
  guint worst = 0;

  if (iss_server_get_observation (cells[0].server) == NULL)
    return 3;

  for (guint i = 0; i < self->columns->len; i++)
    {
      const IssPresenceCell *cell = &cells[i];

      if (cell->slot != ISS_SLOT_CURRENT || cell->verdict == ISS_VERDICT_NONE)
        continue;

      if (cell->verdict != ISS_VERDICT_AGREES)
        worst = 2;
      else if (!iss_presence_cell_is_in_effect (cell) || cell->unattended)
        worst = MAX (worst, 1);
    }

  return worst + (cells[0].stale ? 1 : 0);
}

static int
compare_ranks (gconstpointer a,
               gconstpointer b)
{
  const Rank *first = a;
  const Rank *second = b;

  if (first->badness != second->badness)
    return first->badness > second->badness ? -1 : 1;

  return first->row < second->row ? -1 : 1;
}

/* The rows, the worst first. */
static void
add_servers (IssPresence *self,
             IssPool     *pool,
             GTimeZone   *zone)
{
  const guint n = iss_pool_get_n_servers (pool);
  const guint n_columns = self->columns->len;
  g_autofree IssPresenceCell *cells = g_new0 (IssPresenceCell, n * n_columns);
  g_autofree Rank *ranks = g_new0 (Rank, n);

  for (guint i = 0; i < n; i++)
    {
      ranks[i].server = iss_pool_get_server (pool, i);
      ranks[i].row = i;
      for (guint k = 0; k < n_columns; k++)
        iss_presence_cell_init (&cells[i * n_columns + k], pool,
                                &g_array_index (self->columns, IssPresenceColumn, k),
                                ranks[i].server, self->now, zone);
      ranks[i].badness = get_badness (self, &cells[i * n_columns]);
    }

  if (n > 1)
    qsort (ranks, n, sizeof *ranks, compare_ranks);

  /* What the cells own goes with them. */
  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (self->servers, g_object_ref (ranks[i].server));
      g_array_append_vals (self->cells, &cells[ranks[i].row * n_columns], n_columns);
    }
}

/**
 * iss_presence_new_at:
 * @pool: a pool, as it was last seen
 * @type: (nullable): a certificate type; %NULL: OAuthTokenIssuer and all that are
 *   assigned anywhere, those of the whole pool first
 * @now: the present, in seconds since 1970 by the console's clock
 * @at: as of which instant; 0: as it was seen
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Compares what every server showed, or with @at what the slots as they were seen will hold
 * then and whether that will be valid, with what is agreed. Looks at nothing
 * itself: whether a server holds a certificate that is not assigned there is
 * known only if it was asked about (iss_pool_look_async()).
 *
 * Returns: (transfer full): a snapshot
 */
IssPresence *
iss_presence_new_at (IssPool    *pool,
                     const char *type,
                     gint64      now,
                     gint64      at,
                     GTimeZone  *zone)
{
  g_autoptr(IssPresence) self = NULL;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_PRESENCE, NULL);
  self->pool = g_strdup (iss_pool_get_name (pool));
  self->now = now;
  self->at = at;
  self->columns = iss_presence_column_list (pool, type, at, self->types);
  add_agreed (self);
  add_servers (self, pool, zone);

  if (at != 0)
    {
      self->verdict = iss_presence_forecast_dup_line (self, at, zone, &self->is_good);
      self->verdict_utc = iss_presence_forecast_dup_line (self, at, NULL, NULL);
    }
  else
    {
      self->verdict = iss_presence_line_dup (self, now, zone, &self->is_good);
      self->verdict_utc = iss_presence_line_dup (self, now, NULL, NULL);
    }

  return g_steal_pointer (&self);
}

/**
 * iss_presence_new:
 * @pool: a pool, as it was last seen
 * @type: (nullable): a certificate type; %NULL: OAuthTokenIssuer and all that are
 *   assigned anywhere, those of the whole pool first
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): as iss_presence_new_at(), as it was seen
 */
IssPresence *
iss_presence_new (IssPool    *pool,
                  const char *type,
                  gint64      now,
                  GTimeZone  *zone)
{
  return iss_presence_new_at (pool, type, now, 0, zone);
}

/**
 * iss_presence_get_n_servers:
 * @self: a presence
 *
 * Returns: the number of its rows
 */
guint
iss_presence_get_n_servers (IssPresence *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), 0);

  return self->servers->len;
}

/**
 * iss_presence_get_server:
 * @self: a presence
 * @row: a row; the worst server is the first, else the topology's order holds
 *
 * Returns: (transfer none): its server
 */
IssServer *
iss_presence_get_server (IssPresence *self,
                         guint        row)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (row < self->servers->len, NULL);

  return g_ptr_array_index (self->servers, row);
}

/**
 * iss_presence_get_n_columns:
 * @self: a presence
 *
 * Returns: the number of its columns, at least one
 */
guint
iss_presence_get_n_columns (IssPresence *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), 0);

  return self->columns->len;
}

/**
 * iss_presence_get_column:
 * @self: a presence
 * @column: a column
 *
 * Returns: (transfer none): a slot and what is expected in it
 */
const IssPresenceColumn *
iss_presence_get_column (IssPresence *self,
                         guint        column)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (column < self->columns->len, NULL);

  return &g_array_index (self->columns, IssPresenceColumn, column);
}

/**
 * iss_presence_get_cell:
 * @self: a presence
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer none): the truth about that slot on that server
 */
const IssPresenceCell *
iss_presence_get_cell (IssPresence *self,
                       guint        row,
                       guint        column)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (row < self->servers->len, NULL);
  g_return_val_if_fail (column < self->columns->len, NULL);

  return &g_array_index (self->cells, IssPresenceCell, row * self->columns->len + column);
}

/**
 * iss_presence_is_good:
 * @self: a presence
 *
 * Returns: whether every server answers and has in every current slot what it
 *   should, published
 */
gboolean
iss_presence_is_good (IssPresence *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), FALSE);

  return self->is_good;
}

/**
 * iss_presence_get_verdict:
 * @self: a presence
 *
 * Returns: (transfer none): the answer in a line, about the first type that is
 *   not as it should be, or about the first type
 */
const char *
iss_presence_get_verdict (IssPresence *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), NULL);

  return self->verdict;
}

/**
 * iss_presence_get_seen_at:
 * @self: a presence
 *
 * Returns: the oldest look that the answer rests on, in seconds since 1970 by
 *   the console's clock; 0 if there was none
 */
gint64
iss_presence_get_seen_at (IssPresence *self)
{
  gint64 oldest = 0;

  g_return_val_if_fail (ISS_IS_PRESENCE (self), 0);

  for (guint row = 0; row < self->servers->len; row++)
    {
      gint64 seen_at = iss_presence_get_cell (self, row, 0)->seen_at;

      if (seen_at != 0 && (oldest == 0 || seen_at < oldest))
        oldest = seen_at;
    }

  return oldest;
}

/**
 * iss_presence_has_agreed:
 * @self: a presence
 * @type: a certificate type
 *
 * Returns: whether something is agreed for it
 */
gboolean
iss_presence_has_agreed (IssPresence *self,
                         const char  *type)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  return g_hash_table_contains (self->agreed, type);
}

/**
 * iss_presence_dup_ticket:
 * @self: a presence
 * @observer: who looked
 *
 * Returns: (transfer full): the whole matrix as plain text for a ticket: who,
 *   what, whole thumbprints, every time in UTC
 */
char *
iss_presence_dup_ticket (IssPresence *self,
                         const char  *observer)
{
  g_return_val_if_fail (ISS_IS_PRESENCE (self), NULL);
  g_return_val_if_fail (observer != NULL, NULL);

  return iss_presence_line_dup_ticket (self, self->pool, self->verdict_utc, observer, self->now);
}
