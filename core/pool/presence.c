/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-line.h"
#include "core/pool/sighting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ALWAYS_SHOWN "OAuthTokenIssuer"

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
};

/* What a matrix is made from. */
typedef struct
{
  IssPresence *presence;
  IssPool     *pool;
  GTimeZone   *zone;
  gint64       now;
} Making;

typedef struct
{
  IssServer *server;
  guint      row;        /* in the topology's order */
  guint      badness;
} Rank;

G_DEFINE_FINAL_TYPE (IssPresence, iss_presence, G_TYPE_OBJECT)

static void
column_clear (gpointer column)
{
  IssPresenceColumn *self = column;

  g_clear_pointer (&self->expected_name, g_free);
  g_clear_pointer (&self->expected_text, g_free);
}

static void
cell_clear (gpointer cell)
{
  IssPresenceCell *self = cell;

  g_clear_pointer (&self->issued_to, g_free);
  g_clear_pointer (&self->word, g_free);
  g_clear_pointer (&self->age, g_free);
  g_clear_pointer (&self->sentence, g_free);
}

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
  self->columns = g_array_new (FALSE, TRUE, sizeof (IssPresenceColumn));
  g_array_set_clear_func (self->columns, column_clear);
  self->cells = g_array_new (FALSE, TRUE, sizeof (IssPresenceCell));
  g_array_set_clear_func (self->cells, cell_clear);
  self->agreed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static const IssObservedSlot *
find_slot (IssServer  *server,
           const char *type,
           IssSlot     slot)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedType *observed = NULL;

  if (observation != NULL)
    observed = iss_observation_find_type (observation, type);
  if (observed == NULL || !observed->slots[slot].is_set)
    return NULL;

  return &observed->slots[slot];
}

static gboolean
is_used (IssPool    *pool,
         const char *type,
         IssSlot     slot)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    if (find_slot (iss_pool_get_server (pool, i), type, slot) != NULL)
      return TRUE;

  return FALSE;
}

static const IssObservedCertificate *
find_certificate (IssServer    *server,
                  const guint8 *sha256)
{
  IssObservation *observation = iss_server_get_observation (server);

  if (observation == NULL)
    return NULL;

  return iss_observation_find_certificate (observation, sha256);
}

/* A server that has it; the others can only say that they have not. */
static const IssObservedCertificate *
find_anywhere (IssPool      *pool,
               const guint8 *sha256)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      const IssObservedCertificate *certificate =
        find_certificate (iss_pool_get_server (pool, i), sha256);

      if (certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE)
        return certificate;
    }

  return NULL;
}

static char *
dup_name_and_thumbprint (const char   *issued_to,
                         const guint8 *sha1)
{
  g_autoptr(GBytes) bytes = g_bytes_new (sha1, ISS_SHA1_SIZE);
  g_autofree char *thumbprint = iss_text_thumbprint_short (bytes);

  return g_strdup_printf ("%s %s", issued_to, thumbprint);
}

static gboolean
parse_sha256 (const char *hex,
              guint8     *out_sha256)
{
  g_autoptr(GBytes) bytes = hex != NULL ? iss_text_parse_hex (hex) : NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) != ISS_SHA256_SIZE)
    return FALSE;

  memcpy (out_sha256, g_bytes_get_data (bytes, NULL), ISS_SHA256_SIZE);

  return TRUE;
}

/* The one certificate that a slot holds wherever it holds any, or NULL. */
static const IssObservedSlot *
find_common (IssPool    *pool,
             const char *type,
             IssSlot     slot)
{
  const IssObservedSlot *common = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      const IssObservedSlot *observed = find_slot (iss_pool_get_server (pool, i), type, slot);

      if (observed == NULL)
        continue;
      if (common != NULL && memcmp (common->sha256, observed->sha256, ISS_SHA256_SIZE) != 0)
        return NULL;
      common = observed;
    }

  return common;
}

static char *
dup_expected_text (Making                  *making,
                   const IssPresenceColumn *column)
{
  const IssObservedSlot *staged;
  const IssObservedCertificate *certificate;

  if (!column->pool_wide)
    return g_strdup (_("one per server"));

  if (column->has_expected)
    {
      g_autofree char *hex = NULL;

      if (column->expected_name != NULL)
        return dup_name_and_thumbprint (column->expected_name, column->expected_sha1);

      hex = iss_text_hex (column->expected, 4, FALSE);
      /* Translators: the first digits of a SHA-256 */
      return g_strdup_printf (_("a certificate seen nowhere (SHA-256 %s…)"), hex);
    }

  if (column->slot == ISS_SLOT_CURRENT)
    return g_strdup (_("nothing is agreed"));

  staged = find_common (making->pool, column->type, column->slot);
  certificate = staged != NULL ? find_anywhere (making->pool, staged->sha256) : NULL;
  if (certificate != NULL)
    return dup_name_and_thumbprint (certificate->issued_to, certificate->sha1);

  return g_strdup (_("none"));
}

static void
add_column (Making     *making,
            const char *type,
            IssSlot     slot)
{
  IssPresence *self = making->presence;
  const IssCertificateType *known = iss_certificate_type_find (type);
  const IssAgreed *agreed = iss_pool_get_agreed (making->pool, type);
  const char *hex = NULL;
  IssPresenceColumn column = { 0 };

  column.type = g_string_chunk_insert_const (self->types, type);
  column.slot = slot;
  column.pool_wide = known != NULL && known->pool_wide;

  if (column.pool_wide && agreed != NULL && slot == ISS_SLOT_CURRENT)
    hex = agreed->sha256_hex;
  else if (column.pool_wide && agreed != NULL && slot == ISS_SLOT_PREVIOUS)
    hex = agreed->previous_sha256_hex;

  column.has_expected = parse_sha256 (hex, column.expected);
  if (column.has_expected)
    {
      const IssObservedCertificate *certificate = find_anywhere (making->pool, column.expected);

      if (certificate != NULL)
        {
          column.expected_name = g_strdup (certificate->issued_to);
          memcpy (column.expected_sha1, certificate->sha1, ISS_SHA1_SIZE);
        }
      if (slot == ISS_SLOT_CURRENT)
        g_hash_table_add (self->agreed, g_strdup (type));
    }

  column.expected_text = dup_expected_text (making, &column);
  g_array_append_val (self->columns, column);
}

static void
add_slots (Making     *making,
           const char *type)
{
  const IssAgreed *agreed = iss_pool_get_agreed (making->pool, type);
  const IssCertificateType *known = iss_certificate_type_find (type);
  gboolean pool_wide = known != NULL && known->pool_wide;

  add_column (making, type, ISS_SLOT_CURRENT);
  if ((pool_wide && agreed != NULL && agreed->previous_sha256_hex != NULL) ||
      is_used (making->pool, type, ISS_SLOT_PREVIOUS))
    add_column (making, type, ISS_SLOT_PREVIOUS);
  if (is_used (making->pool, type, ISS_SLOT_STAGED))
    add_column (making, type, ISS_SLOT_STAGED);
}

/* The names of types that this program does not know, sorted. */
static GList *
list_unknown_types (GHashTable *assigned)
{
  GList *names = NULL;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, assigned);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (iss_certificate_type_find (name) == NULL)
      names = g_list_prepend (names, name);

  return g_list_sort (names, (GCompareFunc) strcmp);
}

static GHashTable *
dup_assigned_types (IssPool *pool)
{
  g_autoptr(GHashTable) assigned = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));
      guint n = observation != NULL ? iss_observation_get_n_types (observation) : 0;

      for (guint j = 0; j < n; j++)
        {
          const IssObservedType *type = iss_observation_get_type_at (observation, j);

          for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
            if (type->slots[slot].is_set)
              g_hash_table_add (assigned, g_strdup (type->type));
        }
    }

  return g_steal_pointer (&assigned);
}

static void
add_all_columns (Making *making)
{
  g_autoptr(GHashTable) assigned = dup_assigned_types (making->pool);
  g_autoptr(GList) unknown = list_unknown_types (assigned);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);

      if (type->pool_wide &&
          (g_str_equal (type->name, ALWAYS_SHOWN) ||
           iss_pool_get_agreed (making->pool, type->name) != NULL ||
           g_hash_table_contains (assigned, type->name)))
        add_slots (making, type->name);
    }

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);

      if (!type->pool_wide && g_hash_table_contains (assigned, type->name))
        add_column (making, type->name, ISS_SLOT_CURRENT);
    }

  for (GList *l = unknown; l != NULL; l = l->next)
    add_column (making, l->data, ISS_SLOT_CURRENT);
}

static IssVerdict
judge_dates (const IssObservedCertificate *certificate,
             gint64                        now)
{
  if (certificate == NULL || certificate->rung < ISS_RUNG_IN_STORE)
    return ISS_VERDICT_AGREES;
  if (now > certificate->not_after)
    return ISS_VERDICT_EXPIRED;
  if (now < certificate->not_before)
    return ISS_VERDICT_NOT_YET_VALID;

  return ISS_VERDICT_AGREES;
}

static IssVerdict
judge_empty (Making                  *making,
             const IssPresenceColumn *column)
{
  if (column->has_expected)
    return ISS_VERDICT_MISSING;
  if (column->slot == ISS_SLOT_PREVIOUS || (!column->pool_wide && column->slot != ISS_SLOT_CURRENT))
    return ISS_VERDICT_NONE;

  return is_used (making->pool, column->type, column->slot) ? ISS_VERDICT_MISSING
                                                             : ISS_VERDICT_NONE;
}

static IssVerdict
judge_cell (Making                       *making,
            const IssPresenceColumn      *column,
            const IssObservedSlot        *observed,
            const IssObservedCertificate *certificate)
{
  if (observed == NULL)
    return judge_empty (making, column);

  if (column->has_expected && memcmp (observed->sha256, column->expected, ISS_SHA256_SIZE) != 0)
    return ISS_VERDICT_DIFFERENT;
  if (column->pool_wide && !column->has_expected &&
      find_common (making->pool, column->type, column->slot) == NULL)
    return ISS_VERDICT_DIFFERENT;

  /* Assigned, and gone from its store since. */
  if (observed->rung < ISS_RUNG_IN_STORE)
    return ISS_VERDICT_MISSING;

  /* A previous certificate only verifies what it signed: that it expires is how
   * it ends, not something to mend. */
  if (column->slot == ISS_SLOT_PREVIOUS)
    return ISS_VERDICT_AGREES;

  return judge_dates (certificate, making->now);
}

static char *
dup_word (const IssPresenceCell        *cell,
          const IssObservedCertificate *wanted,
          gint64                        now)
{
  switch (cell->verdict)
    {
    case ISS_VERDICT_AGREES:
      return g_strdup (iss_rung_get_label (cell->rung));

    case ISS_VERDICT_MISSING:
      if (cell->has_certificate)
        return g_strdup (_("assigned, but not in store"));
      if (wanted != NULL && wanted->rung >= ISS_RUNG_IN_STORE)
        return g_strdup (_("not assigned"));
      break;

    case ISS_VERDICT_DIFFERENT:
      if (cell->issued_to == NULL)
        break;
      if (cell->not_after != 0 && now > cell->not_after)
        /* Translators: a certificate's name */
        return g_strdup_printf (_("different: %s, expired"), cell->issued_to);
      return g_strdup_printf (_("different: %s"), cell->issued_to);

    case ISS_VERDICT_NONE:
    case ISS_VERDICT_EXPIRED:
    case ISS_VERDICT_NOT_YET_VALID:
    case ISS_VERDICT_UNKNOWN:
      break;
    }

  return g_strdup (iss_verdict_get_label (cell->verdict));
}

/* What the word cannot say, or NULL. */
static char *
dup_detail (const IssPresenceColumn      *column,
            const IssPresenceCell        *cell,
            const IssObservedCertificate *own,
            const IssObservedCertificate *wanted,
            GTimeZone                    *zone)
{
  const char *name = column->expected_name != NULL ? column->expected_name
                                                   : _("the agreed certificate");
  g_autofree char *used = NULL;
  g_autofree char *date = NULL;

  if (cell->issued_to != NULL)
    used = dup_name_and_thumbprint (cell->issued_to, cell->sha1);

  switch (cell->verdict)
    {
    case ISS_VERDICT_MISSING:
      if (cell->has_certificate)
        return g_strdup (_("Its certificate is no longer in the Personal store"));
      if (!column->has_expected)
        return g_strdup (_("Nothing is assigned"));
      if (wanted == NULL)
        return g_strdup_printf (_("It is not assigned; whether the server has %s "
                                  "was not looked at"),
                                name);
      if (wanted->rung >= ISS_RUNG_IN_STORE)
        return g_strdup_printf (_("%s is in its Personal store, but not assigned"), name);

      /* What a silent server has now nobody knows. */
      if (cell->stale)
        return g_strdup_printf (_("%s was not in its Personal store"), name);
      return g_strdup_printf (_("%s is not in its Personal store"), name);

    case ISS_VERDICT_DIFFERENT:
      if (used != NULL && column->has_expected)
        /* Translators: two certificates with their thumbprints */
        return g_strdup_printf (_("It uses %s; agreed is %s"), used, column->expected_text);
      if (used != NULL)
        return g_strdup_printf (_("It uses %s; another server uses another one, "
                                  "and none is agreed"),
                                used);
      break;

    case ISS_VERDICT_EXPIRED:
      date = iss_time_text_date (own->not_after, zone);
      return g_strdup_printf (_("%s expired on %s"), used, date);

    case ISS_VERDICT_NOT_YET_VALID:
      date = iss_time_text_instant (own->not_before, zone);
      return g_strdup_printf (_("%s is not valid before %s"), used, date);

    case ISS_VERDICT_AGREES:
      return g_steal_pointer (&used);

    case ISS_VERDICT_NONE:
    case ISS_VERDICT_UNKNOWN:
      break;
    }

  return NULL;
}

static char *
dup_seen (Making                *making,
          const IssPresenceCell *cell)
{
  g_autofree char *clock = NULL;

  if (cell->age != NULL)
    {
      g_autofree char *age = g_strdup (cell->age);

      age[0] = g_ascii_toupper (age[0]);
      return g_steal_pointer (&age);
    }
  if (cell->seen_at == 0)
    return NULL;

  clock = iss_time_text_clock (cell->seen_at, making->zone);
  /* Translators: a time: "Seen 14:02:11" */
  return g_strdup_printf (_("Seen %s"), clock);
}

static char *
dup_sentence (Making                *making,
              const IssPresenceCell *cell,
              const char            *detail)
{
  g_autofree char *server = iss_server_dup_short_name (cell->server);
  g_autofree char *seen = dup_seen (making, cell);
  g_autoptr(GString) text = g_string_new (NULL);

  /* Translators: server, certificate type, slot, verdict:
   * "fe02 · OAuthTokenIssuer · current: missing." */
  g_string_append_printf (text, _("%s · %s · %s: %s."), server, cell->type,
                          iss_slot_get_label (cell->slot), cell->word);
  if (detail != NULL)
    g_string_append_printf (text, " %s.", detail);
  if (seen != NULL)
    g_string_append_printf (text, " %s.", seen);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_cell (Making                  *making,
          const IssPresenceColumn *column,
          IssServer               *server)
{
  const IssObservedSlot *observed = find_slot (server, column->type, column->slot);
  const IssObservedCertificate *own = NULL;
  const IssObservedCertificate *wanted = NULL;
  IssPresenceCell cell = { 0 };
  g_autofree char *detail = NULL;

  cell.server = server;
  cell.type = column->type;
  cell.slot = column->slot;
  cell.seen_at = iss_server_get_seen_at (server);
  cell.stale = iss_sighting_is_stale (server, making->now);
  cell.age = iss_sighting_dup_age (server, making->now, making->zone);

  if (observed != NULL)
    {
      own = find_certificate (server, observed->sha256);
      cell.has_certificate = TRUE;
      cell.rung = observed->rung;
      memcpy (cell.sha256, observed->sha256, ISS_SHA256_SIZE);
    }
  if (own != NULL && own->rung < ISS_RUNG_IN_STORE)
    own = NULL;
  if (own != NULL)
    {
      memcpy (cell.sha1, own->sha1, ISS_SHA1_SIZE);
      cell.issued_to = g_strdup (own->issued_to);
      cell.not_after = own->not_after;
    }
  if (column->has_expected)
    wanted = find_certificate (server, column->expected);

  cell.verdict = iss_server_get_observation (server) != NULL
                 ? judge_cell (making, column, observed, own)
                 : ISS_VERDICT_UNKNOWN;
  cell.word = dup_word (&cell, wanted, making->now);
  detail = dup_detail (column, &cell, own, wanted, making->zone);
  cell.sentence = dup_sentence (making, &cell, detail);
  g_array_append_val (making->presence->cells, cell);
}

/* How bad a server's current slots are: what is not so outweighs what is not
 * known to be so any more. */
static guint
get_badness (Making    *making,
             IssServer *server)
{
  IssPresence *self = making->presence;
  gboolean stale = iss_sighting_is_stale (server, making->now);
  guint worst = 0;

  for (guint i = 0; i < self->columns->len; i++)
    {
      const IssPresenceColumn *column = &g_array_index (self->columns, IssPresenceColumn, i);
      const IssObservedSlot *observed = find_slot (server, column->type, column->slot);
      IssVerdict verdict;

      if (column->slot != ISS_SLOT_CURRENT)
        continue;
      if (iss_server_get_observation (server) == NULL)
        return 3;

      verdict = judge_cell (making, column, observed,
                            observed != NULL ? find_certificate (server, observed->sha256) : NULL);
      if (verdict != ISS_VERDICT_AGREES && verdict != ISS_VERDICT_NONE)
        worst = 2;
      else if (verdict == ISS_VERDICT_AGREES && observed->rung < ISS_RUNG_PUBLISHED)
        worst = MAX (worst, 1);
    }

  return worst + (stale ? 1 : 0);
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

static void
add_servers (Making *making)
{
  guint n = iss_pool_get_n_servers (making->pool);
  g_autofree Rank *ranks = g_new0 (Rank, n);

  for (guint i = 0; i < n; i++)
    {
      ranks[i].server = iss_pool_get_server (making->pool, i);
      ranks[i].row = i;
      ranks[i].badness = get_badness (making, ranks[i].server);
    }

  if (n > 1)
    qsort (ranks, n, sizeof *ranks, compare_ranks);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (making->presence->servers, g_object_ref (ranks[i].server));
}

/**
 * iss_presence_new:
 * @pool: a pool, as it was last seen
 * @type: (nullable): a certificate type; %NULL: OAuthTokenIssuer and all that are
 *   assigned anywhere, those of the whole pool first
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Compares what every server showed with what is agreed. Looks at nothing
 * itself: whether a server holds a certificate that is not assigned there is
 * known only if it was asked about (iss_pool_look_async()).
 *
 * Returns: (transfer full): a snapshot
 */
IssPresence *
iss_presence_new (IssPool    *pool,
                  const char *type,
                  gint64      now,
                  GTimeZone  *zone)
{
  g_autoptr(IssPresence) self = NULL;
  Making making;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_PRESENCE, NULL);
  self->pool = g_strdup (iss_pool_get_name (pool));
  self->now = now;
  making = (Making) { .presence = self, .pool = pool, .zone = zone, .now = now };

  if (type != NULL)
    add_slots (&making, type);
  else
    add_all_columns (&making);
  add_servers (&making);

  for (guint row = 0; row < self->servers->len; row++)
    for (guint i = 0; i < self->columns->len; i++)
      add_cell (&making, &g_array_index (self->columns, IssPresenceColumn, i),
                g_ptr_array_index (self->servers, row));

  self->verdict = iss_presence_line_dup (self, now, zone, &self->is_good);
  self->verdict_utc = iss_presence_line_dup (self, now, NULL, NULL);

  return g_steal_pointer (&self);
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
