/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/row-model.h"

#include <string.h>

#include "core/base/text.h"

/**
 * IssRowModel:
 *
 * The rows of an #IssRowTable, sorted and filtered.
 *
 * The model is a permutation of row numbers. A worker makes it, with collation
 * keys and folded texts that are worked out once a table; it is published with
 * one items-changed, or the first rows first where a view has no widgets for them
 * yet. What was asked for in the meantime cancels what was asked
 * for before, and a result that comes too late is dropped.
 */

/* A view makes widgets for up to 200 rows at once, which takes three frames' time
 * and more; so the first rows are given out alone, and others after each frame. */
#define ROWS_A_STEP 24
#define ROWS_WITH_WIDGETS 224

/* What the worker has worked out of one table. Shared between workers, of which
 * an outdated one may still be running. */
typedef struct
{
  gatomicrefcount  count;
  GMutex           mutex;
  IssRowTable     *table;
  char           **sort_keys[ISS_N_ROW_COLUMNS];   /* (nullable): not needed yet */
  char           **haystacks;                    /* (nullable): not needed yet */
} Cache;

typedef struct
{
  Cache        *cache;
  IssRowColumn  column;
  gboolean      descending;
  char         *needle;      /* folded */
  gint64        now;
} Request;

typedef struct
{
  guint32 *rows;
  guint    n_rows;
} Order;

struct _IssRowItem
{
  GObject      parent_instance;

  IssRowTable *table;
  GHashTable  *live;      /* row number -> item, borrowed; shared with the model */
  guint32      number;
};

struct _IssRowModel
{
  GObject        parent_instance;

  /* What is shown */
  IssRowTable   *shown;          /* (nullable) */
  GHashTable    *live;
  guint32       *rows;
  guint          n_rows;
  guint          n_ordered;      /* of which n_rows are given out so far */
  guint          growing;        /* source: gives out the others */

  /* What is asked for */
  Cache         *cache;          /* (nullable) */
  IssRowColumn   column;
  gboolean       descending;
  char          *needle;
  gint64         now;

  GCancellable  *cancellable;    /* (nullable): of the worker under way */
};

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

enum
{
  PUBLISHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssRowItem, iss_row_item, G_TYPE_OBJECT)

static void
iss_row_item_finalize (GObject *object)
{
  IssRowItem *self = ISS_ROW_ITEM (object);

  g_hash_table_remove (self->live, GUINT_TO_POINTER (self->number));
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (iss_row_item_parent_class)->finalize (object);
}

static void
iss_row_item_class_init (IssRowItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_row_item_finalize;
}

static void
iss_row_item_init (IssRowItem *self)
{
}

static Cache *
cache_new (IssRowTable *table)
{
  Cache *cache = g_new0 (Cache, 1);

  g_atomic_ref_count_init (&cache->count);
  g_mutex_init (&cache->mutex);
  cache->table = g_object_ref (table);

  return cache;
}

static Cache *
cache_ref (Cache *cache)
{
  g_atomic_ref_count_inc (&cache->count);

  return cache;
}

static void
free_texts (char  **texts,
            guint   n_texts)
{
  for (guint i = 0; texts != NULL && i < n_texts; i++)
    g_free (texts[i]);

  g_free (texts);
}

static void
cache_unref (Cache *cache)
{
  guint n_rows;

  if (!g_atomic_ref_count_dec (&cache->count))
    return;

  n_rows = iss_row_table_get_n_rows (cache->table);

  for (guint i = 0; i < ISS_N_ROW_COLUMNS; i++)
    free_texts (cache->sort_keys[i], n_rows);

  free_texts (cache->haystacks, n_rows);
  g_object_unref (cache->table);
  g_mutex_clear (&cache->mutex);
  g_free (cache);
}

static void
request_free (Request *request)
{
  cache_unref (request->cache);
  g_free (request->needle);
  g_free (request);
}

static void
order_free (Order *order)
{
  g_free (order->rows);
  g_free (order);
}

static gboolean
sorts_by_text (IssRowColumn column)
{
  switch (column)
    {
    case ISS_ROW_COLUMN_ISSUED_TO:
    case ISS_ROW_COLUMN_ISSUED_BY:
    case ISS_ROW_COLUMN_PURPOSES:
    case ISS_ROW_COLUMN_FRIENDLY_NAME:
    case ISS_ROW_COLUMN_ASSIGNED_TO:
      return TRUE;

    case ISS_ROW_COLUMN_EXPIRES:
    case ISS_ROW_COLUMN_STATUS:
    case ISS_ROW_COLUMN_THUMBPRINT:
    case ISS_ROW_COLUMN_KEY:
    case ISS_N_ROW_COLUMNS:
      break;
    }

  return FALSE;
}

/* As people sort: upper and lower case together, in the order of the locale. */
static char *
dup_sort_key (const IssRow *row,
              IssRowColumn  column)
{
  g_autofree char *text = iss_row_column_dup_text (column, row, 0, NULL);
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return g_utf8_collate_key (folded, -1);
}

static char *
dup_haystack (const IssRow *row)
{
  g_autofree char *sha1 = iss_text_hex (row->sha1, sizeof row->sha1, FALSE);
  g_autofree char *all = g_strjoin ("\n", row->issued_to, row->issued_by, row->friendly_name,
                                    row->assigned_to, sha1, NULL);

  return g_utf8_casefold (all, -1);
}

/* Worker; both with the cache's mutex held. */
static void
ensure_sort_keys (Cache        *cache,
                  IssRowColumn  column)
{
  guint n_rows = iss_row_table_get_n_rows (cache->table);

  if (!sorts_by_text (column) || cache->sort_keys[column] != NULL)
    return;

  cache->sort_keys[column] = g_new (char *, n_rows + 1);

  for (guint i = 0; i < n_rows; i++)
    {
      IssRow row;

      iss_row_table_get_row (cache->table, i, &row);
      cache->sort_keys[column][i] = dup_sort_key (&row, column);
    }
}

static void
ensure_haystacks (Cache *cache)
{
  guint n_rows = iss_row_table_get_n_rows (cache->table);

  if (cache->haystacks != NULL)
    return;

  cache->haystacks = g_new (char *, n_rows + 1);

  for (guint i = 0; i < n_rows; i++)
    {
      IssRow row;

      iss_row_table_get_row (cache->table, i, &row);
      cache->haystacks[i] = dup_haystack (&row);
    }
}

static int
compare_values (const Request *request,
                const IssRow  *a,
                const IssRow  *b)
{
  int status_a;
  int status_b;

  switch (request->column)
    {
    case ISS_ROW_COLUMN_EXPIRES:
      return (a->not_after > b->not_after) - (a->not_after < b->not_after);

    case ISS_ROW_COLUMN_STATUS:
      status_a = (int) iss_row_text_get_status (a, request->now);
      status_b = (int) iss_row_text_get_status (b, request->now);
      if (status_a != status_b)
        return status_a - status_b;
      return (a->not_after < b->not_after) - (a->not_after > b->not_after);

    case ISS_ROW_COLUMN_THUMBPRINT:
      return memcmp (a->sha1, b->sha1, sizeof a->sha1);

    case ISS_ROW_COLUMN_KEY:
      if (a->key_state != b->key_state)
        return (int) a->key_state - (int) b->key_state;
      if (!g_str_equal (a->key_algorithm, b->key_algorithm))
        return strcmp (a->key_algorithm, b->key_algorithm);
      return (a->key_bits > b->key_bits) - (a->key_bits < b->key_bits);

    case ISS_ROW_COLUMN_ISSUED_TO:
    case ISS_ROW_COLUMN_ISSUED_BY:
    case ISS_ROW_COLUMN_PURPOSES:
    case ISS_ROW_COLUMN_FRIENDLY_NAME:
    case ISS_ROW_COLUMN_ASSIGNED_TO:
    case ISS_N_ROW_COLUMNS:
      break;
    }

  return 0;
}

static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const Request *request = user_data;
  guint32 number_a = *(const guint32 *) a;
  guint32 number_b = *(const guint32 *) b;
  int order;

  if (sorts_by_text (request->column))
    {
      char **keys = request->cache->sort_keys[request->column];

      order = strcmp (keys[number_a], keys[number_b]);
    }
  else
    {
      IssRow row_a;
      IssRow row_b;

      iss_row_table_get_row (request->cache->table, number_a, &row_a);
      iss_row_table_get_row (request->cache->table, number_b, &row_b);
      order = compare_values (request, &row_a, &row_b);
    }

  if (order == 0)
    return (number_a > number_b) - (number_a < number_b);

  return request->descending ? -order : order;
}

/* Runs on a worker thread. It sees the request and the cache, never the model. */
static void
order_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Request *request = task_data;
  Cache *cache = request->cache;
  guint n_rows = iss_row_table_get_n_rows (cache->table);
  Order *order = g_new0 (Order, 1);

  order->rows = g_new (guint32, n_rows + 1);
  g_mutex_lock (&cache->mutex);

  if (*request->needle != '\0')
    ensure_haystacks (cache);

  for (guint i = 0; i < n_rows; i++)
    {
      if (*request->needle == '\0' || strstr (cache->haystacks[i], request->needle) != NULL)
        order->rows[order->n_rows++] = i;
    }

  if (request->column != ISS_N_ROW_COLUMNS && !g_cancellable_is_cancelled (cancellable))
    {
      ensure_sort_keys (cache, request->column);
      g_qsort_with_data (order->rows, (int) order->n_rows, sizeof *order->rows,
                         compare_rows, request);
    }

  g_mutex_unlock (&cache->mutex);
  g_task_return_pointer (task, order, (GDestroyNotify) order_free);
}

static GType
iss_row_model_get_item_type (GListModel *model)
{
  return ISS_TYPE_ROW_ITEM;
}

static guint
iss_row_model_get_n_items (GListModel *model)
{
  return ISS_ROW_MODEL (model)->n_rows;
}

static gpointer
iss_row_model_get_item (GListModel *model,
                        guint       position)
{
  IssRowModel *self = ISS_ROW_MODEL (model);
  IssRowItem *item;

  if (position >= self->n_rows)
    return NULL;

  item = g_hash_table_lookup (self->live, GUINT_TO_POINTER (self->rows[position]));
  if (item != NULL)
    return g_object_ref (item);

  item = g_object_new (ISS_TYPE_ROW_ITEM, NULL);
  item->table = g_object_ref (self->shown);
  item->live = g_hash_table_ref (self->live);
  item->number = self->rows[position];
  g_hash_table_insert (self->live, GUINT_TO_POINTER (item->number), item);

  return item;
}

static void
iss_row_model_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = iss_row_model_get_item_type;
  iface->get_n_items = iss_row_model_get_n_items;
  iface->get_item = iss_row_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssRowModel, iss_row_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      iss_row_model_list_model_init))

static void
iss_row_model_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, iss_row_model_is_busy (ISS_ROW_MODEL (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_row_model_finalize (GObject *object)
{
  IssRowModel *self = ISS_ROW_MODEL (object);

  g_clear_handle_id (&self->growing, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->cache, cache_unref);
  g_clear_pointer (&self->live, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (iss_row_model_parent_class)->finalize (object);
}

static void
iss_row_model_class_init (IssRowModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = iss_row_model_get_property;
  object_class->finalize = iss_row_model_finalize;

  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IssRowModel::published:
   *
   * The rows are what was last asked for.
   */
  signals[PUBLISHED] =
    g_signal_new ("published", ISS_TYPE_ROW_MODEL, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_row_model_init (IssRowModel *self)
{
  self->live = g_hash_table_new (NULL, NULL);
  self->needle = g_strdup ("");
  self->column = ISS_N_ROW_COLUMNS;
}

static void
notify_busy (IssRowModel *self,
             gboolean     was_busy)
{
  if (was_busy != iss_row_model_is_busy (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* Less urgent than drawing: a frame comes between. */
static gboolean
grow_cb (gpointer user_data)
{
  IssRowModel *self = user_data;
  guint n_before = self->n_rows;
  guint n_rows = MIN (self->n_ordered, n_before + ROWS_A_STEP);

  if (n_rows >= ROWS_WITH_WIDGETS || n_rows == self->n_ordered)
    {
      n_rows = self->n_ordered;
      self->growing = 0;
    }

  self->n_rows = n_rows;
  g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, n_rows - n_before);

  if (n_rows < self->n_ordered)
    return G_SOURCE_CONTINUE;

  notify_busy (self, TRUE);
  g_signal_emit (self, signals[PUBLISHED], 0);

  return G_SOURCE_REMOVE;
}

/* Takes @rows. */
static void
publish (IssRowModel *self,
         IssRowTable *table,
         guint32     *rows,
         guint        n_rows)
{
  guint n_before = self->n_rows;

  /* Items of another table live on by themselves. */
  if (g_set_object (&self->shown, table))
    {
      g_hash_table_unref (self->live);
      self->live = g_hash_table_new (NULL, NULL);
    }

  g_clear_handle_id (&self->growing, g_source_remove);
  g_free (self->rows);
  self->rows = rows;
  self->n_ordered = n_rows;
  /* Where both are long a view uses its widgets again, which costs little. */
  self->n_rows = MIN (n_before, n_rows) >= ROWS_WITH_WIDGETS ? n_rows : MIN (n_rows, ROWS_A_STEP);

  if (self->n_rows < n_rows)
    self->growing = g_idle_add_full (G_PRIORITY_LOW, grow_cb, self, NULL);

  if (n_before > 0 || n_rows > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_rows);

  if (self->growing == 0)
    g_signal_emit (self, signals[PUBLISHED], 0);
}

static void
set_cancellable (IssRowModel  *self,
                 GCancellable *cancellable)
{
  gboolean was_busy = iss_row_model_is_busy (self);

  g_set_object (&self->cancellable, cancellable);
  notify_busy (self, was_busy);
}

static void
ordered_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  IssRowModel *self = ISS_ROW_MODEL (object);
  g_autoptr(GError) error = NULL;
  Order *order = g_task_propagate_pointer (G_TASK (result), &error);

  /* Asked for something else since: that one will be published. */
  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable || order == NULL)
    {
      g_clear_pointer (&order, order_free);
      return;
    }

  set_cancellable (self, NULL);
  publish (self, self->cache->table, g_steal_pointer (&order->rows), order->n_rows);
  order_free (order);
}

static void
start (IssRowModel *self)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GTask) task = NULL;
  Request *request;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  if (self->cache == NULL)
    return;

  request = g_new0 (Request, 1);
  request->cache = cache_ref (self->cache);
  request->column = self->column;
  request->descending = self->descending;
  request->needle = g_strdup (self->needle);
  request->now = self->now;

  set_cancellable (self, cancellable);
  task = g_task_new (self, cancellable, ordered_cb, NULL);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_task_run_in_thread (task, order_worker);
}

/**
 * iss_row_model_new:
 *
 * Returns: (transfer full): a model without a table
 */
IssRowModel *
iss_row_model_new (void)
{
  return g_object_new (ISS_TYPE_ROW_MODEL, NULL);
}

/**
 * iss_row_model_get_table:
 * @self: a model
 *
 * Returns: (transfer none) (nullable): the table whose rows it shows, or is
 *   about to show
 */
IssRowTable *
iss_row_model_get_table (IssRowModel *self)
{
  g_return_val_if_fail (ISS_IS_ROW_MODEL (self), NULL);

  return self->cache != NULL ? self->cache->table : NULL;
}

/**
 * iss_row_model_set_table:
 * @self: a model
 * @table: (nullable): a table that is not changed any more
 * @now: the instant at which validity is judged
 *
 * Shows another table; the rows change when the worker is done. Without a table
 * they go at once.
 */
void
iss_row_model_set_table (IssRowModel *self,
                         IssRowTable *table,
                         gint64       now)
{
  g_return_if_fail (ISS_IS_ROW_MODEL (self));
  g_return_if_fail (table == NULL || ISS_IS_ROW_TABLE (table));

  g_clear_pointer (&self->cache, cache_unref);
  self->now = now;
  if (table != NULL)
    self->cache = cache_new (table);

  start (self);

  if (table == NULL)
    {
      set_cancellable (self, NULL);
      publish (self, NULL, NULL, 0);
    }
}

/**
 * iss_row_model_set_sort:
 * @self: a model
 * @column: what to sort by; %ISS_N_ROW_COLUMNS for the order of the table
 * @descending: the other way round; rows that are equal keep their order
 */
void
iss_row_model_set_sort (IssRowModel  *self,
                        IssRowColumn  column,
                        gboolean      descending)
{
  g_return_if_fail (ISS_IS_ROW_MODEL (self));

  if (self->column == column && self->descending == descending)
    return;

  self->column = column;
  self->descending = descending;
  start (self);
}

/**
 * iss_row_model_set_filter:
 * @self: a model
 * @text: what names, assignments or thumbprint must contain, in any case; "" for
 *   all rows. A thumbprint may have spaces in it
 */
void
iss_row_model_set_filter (IssRowModel *self,
                          const char  *text)
{
  g_autofree char *stripped = NULL;
  g_autofree char *folded = NULL;

  g_return_if_fail (ISS_IS_ROW_MODEL (self));
  g_return_if_fail (text != NULL);

  stripped = g_strstrip (g_strdup (text));

  /* "3F2A 91C0" */
  if (strchr (stripped, ' ') != NULL && strspn (stripped, "0123456789abcdefABCDEF ") ==
      strlen (stripped))
    {
      g_auto(GStrv) groups = g_strsplit (stripped, " ", -1);

      g_free (stripped);
      stripped = g_strjoinv (NULL, groups);
    }

  folded = g_utf8_casefold (stripped, -1);
  if (g_str_equal (folded, self->needle))
    return;

  g_free (self->needle);
  self->needle = g_steal_pointer (&folded);
  start (self);
}

/**
 * iss_row_model_get_now:
 * @self: a model
 *
 * Returns: the instant at which validity is judged
 */
gint64
iss_row_model_get_now (IssRowModel *self)
{
  g_return_val_if_fail (ISS_IS_ROW_MODEL (self), 0);

  return self->now;
}

gboolean
iss_row_model_is_busy (IssRowModel *self)
{
  g_return_val_if_fail (ISS_IS_ROW_MODEL (self), FALSE);

  return self->cancellable != NULL || self->growing != 0;
}

/**
 * iss_row_model_item_get_row:
 * @item: an item of a model
 * @out_row: (out): what it stands for; the strings live as long as @item
 */
void
iss_row_model_item_get_row (IssRowItem *item,
                            IssRow     *out_row)
{
  g_return_if_fail (ISS_IS_ROW_ITEM (item));
  g_return_if_fail (out_row != NULL);

  iss_row_table_get_row (item->table, item->number, out_row);
}

IssStoreName
iss_row_model_item_get_store (IssRowItem *item)
{
  g_return_val_if_fail (ISS_IS_ROW_ITEM (item), ISS_STORE_MY);

  return iss_row_table_get_store (item->table);
}

/**
 * iss_row_model_find:
 * @self: a model
 * @sha256: of a certificate
 * @out_position: (out): where it is shown; untouched if it is not
 *
 * Returns: whether it is shown
 */
gboolean
iss_row_model_find (IssRowModel  *self,
                    const guint8 *sha256,
                    guint        *out_position)
{
  g_return_val_if_fail (ISS_IS_ROW_MODEL (self), FALSE);
  g_return_val_if_fail (sha256 != NULL, FALSE);

  for (guint i = 0; i < self->n_rows; i++)
    {
      IssRow row;

      iss_row_table_get_row (self->shown, self->rows[i], &row);
      if (memcmp (row.sha256, sha256, sizeof row.sha256) == 0)
        {
          *out_position = i;
          return TRUE;
        }
    }

  return FALSE;
}
