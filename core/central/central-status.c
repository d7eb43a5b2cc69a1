/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/central/central-load.h"

#define TITLE "issuant heartbeat 2"

/* title, who, since when without a pause (0: a single pass), when last */
#define CONTENT_TYPE "(ssxx)"

/* Whoever replicates makes a pass every minute, and says so when it begins and ends. */
#define LONGEST_PAUSE 180

#define MAX_NAME 255
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)

static char *
dup_key (const char *pool)
{
  return g_strdup_printf ("pool/%s/replicator", pool);
}

/* Damaged, it is as good as none: the next pass writes it anew. */
static void
read_heartbeat (IssCentralStatus *self,
                GBytes           *bytes)
{
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  const char *title, *who;
  gint64 since, at;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), bytes,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return;

  native = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (written)
                                           : g_variant_byteswap (written);
  g_variant_get (native, "(&s&sxx)", &title, &who, &since, &at);
  if (!g_str_equal (title, TITLE) || since < 0 || at <= 0 || since > at || at > LAST_INSTANT)
    return;

  self->replicator = iss_text_sanitise (who, -1, MAX_NAME);
  self->since = since;
  self->heartbeat = at;
}

/* What is assigned globally now has a name; of the rest only the SHA-256 is known. */
static void
load_names (IssCentralStatus *self,
            IssCentralStore  *store,
            const char       *pool)
{
  g_autoptr(GPtrArray) all = iss_central_store_list_wanted (store, pool, NULL);

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const IssManifest *manifest = iss_wanted_get_manifest (all->pdata[i]);

      for (guint k = 0; k < ISS_N_SLOTS; k++)
        {
          IssCertificate *certificate = manifest->slot[k];
          g_autofree char *thumbprint = NULL;

          if (certificate == NULL)
            continue;

          thumbprint = iss_text_thumbprint_short (iss_certificate_get_sha1 (certificate));
          g_hash_table_replace (self->names,
                                g_strdup (iss_certificate_get_sha256_hex (certificate)),
                                g_strdup_printf ("%s %s",
                                                 iss_certificate_get_issued_to (certificate),
                                                 thumbprint));
        }
    }
}

static gboolean
load_deleted (IssCentralStatus    *self,
              IssCentralStore     *store,
              const char          *pool,
              const char *const   *servers,
              GError             **error)
{
  g_autofree char *prefix = g_strdup_printf ("pool/%s/report/", pool);
  g_autoptr(GHashTable) present = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) entries = NULL;

  for (guint i = 0; servers[i] != NULL; i++)
    g_hash_table_add (present, (gpointer) servers[i]);

  entries = iss_central_engine_list_since (iss_central_store_get_engine (store), prefix, 0, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const IssCentralEntry *entry = g_ptr_array_index (entries, i);
      const char *name = entry->key + strlen (prefix);
      IssReplicaReport *report;

      if (g_hash_table_contains (present, name) || !iss_text_is_host_name (name))
        continue;

      report = iss_central_store_get_report (store, pool, name, NULL);
      if (report != NULL)
        g_ptr_array_add (self->deleted, report);
    }

  return entries != NULL;
}

/**
 * iss_central_status_load:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: (array zero-terminated=1): those that are in it
 * @error: return location for an error
 *
 * Returns: (transfer full): who replicates, and what is known of servers that were in it
 */
IssCentralStatus *
iss_central_status_load (IssCentralStore    *store,
                         const char         *pool,
                         const char *const  *servers,
                         GError            **error)
{
  g_autoptr(IssCentralStatus) self = NULL;
  g_autofree char *key = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (store == NULL || ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (pool != NULL && servers != NULL, NULL);

  self = g_new0 (IssCentralStatus, 1);
  self->deleted = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (store == NULL)
    return g_steal_pointer (&self);

  key = dup_key (pool);
  bytes = iss_central_engine_get (iss_central_store_get_engine (store), key, NULL, &local_error);
  if (bytes != NULL)
    {
      read_heartbeat (self, bytes);
    }
  else if (!g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!load_deleted (self, store, pool, servers, error))
    return NULL;

  if (self->deleted->len > 0)
    load_names (self, store, pool);

  return g_steal_pointer (&self);
}

static gpointer
load (IssCentralStore    *store,
      const char         *pool,
      const char *const  *servers,
      GError            **error)
{
  return iss_central_status_load (store, pool, servers, error);
}

/**
 * iss_central_status_load_async:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: (array zero-terminated=1): those that are in it
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is read
 * @user_data: data for @callback
 *
 * The same in a thread.
 */
void
iss_central_status_load_async (IssCentralStore     *store,
                               const char          *pool,
                               const char *const   *servers,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  iss_central_load_async (store, pool, servers, load, (GDestroyNotify) iss_central_status_free,
                          cancellable, callback, user_data);
}

/**
 * iss_central_status_load_finish:
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full): as iss_central_status_load()
 */
IssCentralStatus *
iss_central_status_load_finish (GAsyncResult  *result,
                                GError       **error)
{
  return iss_central_load_finish (result, error);
}

/**
 * iss_central_status_free:
 * @self: (transfer full): a status
 */
void
iss_central_status_free (IssCentralStatus *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->replicator);
  g_ptr_array_unref (self->deleted);
  g_hash_table_unref (self->names);
  g_free (self);
}

/* The clock may have been set back since: it was just now. */
static gboolean
is_active (const IssCentralStatus *self,
           gint64                  now)
{
  return self->since != 0 && now - self->heartbeat <= LONGEST_PAUSE;
}

/**
 * iss_central_status_beat:
 * @store: the central store
 * @pool: the name of a pool
 * @replicator: who replicates
 * @is_resident: whether it goes on; %FALSE: a single pass, which is not noted while somebody else
 *   or another program goes on
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Returns: whether it is noted; that another one was faster is no error
 */
gboolean
iss_central_status_beat (IssCentralStore  *store,
                         const char       *pool,
                         const char       *replicator,
                         gboolean          is_resident,
                         gint64            now,
                         GError          **error)
{
  IssCentralEngine *engine;
  IssCentralStatus before = { NULL };
  g_autofree char *key = NULL;
  g_autoptr(GBytes) present = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 revision = 0;
  gint64 since = 0;
  gboolean is_own;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), FALSE);
  g_return_val_if_fail (pool != NULL && replicator != NULL, FALSE);

  engine = iss_central_store_get_engine (store);
  key = dup_key (pool);
  present = iss_central_engine_get (engine, key, &revision, NULL);
  if (present != NULL)
    read_heartbeat (&before, present);
  is_own = g_strcmp0 (before.replicator, replicator) == 0;
  g_free (before.replicator);
  if (!is_resident && is_active (&before, now))
    return TRUE;

  if (is_resident)
    since = is_own && is_active (&before, now) ? MIN (before.since, now) : now;

  native = g_variant_ref_sink (g_variant_new (CONTENT_TYPE, TITLE, replicator, since, now));
  content = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (native)
                                            : g_variant_byteswap (native);
  bytes = g_variant_get_data_as_bytes (content);

  if ((present != NULL && g_bytes_equal (present, bytes)) ||
      iss_central_engine_put_if (engine, key, bytes, revision, NULL, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_CHANGED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * iss_central_status_list_held:
 * @report: of a server
 *
 * Returns: (transfer full) (element-type utf8): SHA-256 of each certificate that a type used there
 *   when it last answered, none twice
 */
GPtrArray *
iss_central_status_list_held (const IssReplicaReport *report)
{
  GPtrArray *held = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (report != NULL, held);

  for (guint i = 0; report->state != NULL && i < iss_replica_state_get_n_types (report->state);
       i++)
    {
      const IssReplicaType *type = iss_replica_state_get_type_at (report->state, i);

      for (guint k = 0; k < ISS_N_SLOTS; k++)
        if (type->slot[k] != NULL &&
            !g_ptr_array_find_with_equal_func (held, type->slot[k], g_str_equal, NULL))
          g_ptr_array_add (held, g_strdup (type->slot[k]));
    }

  return held;
}

/**
 * iss_central_status_dup_replicator:
 * @self: a status
 * @now: seconds since 1970
 * @zone: where whoever reads this is
 *
 * Returns: (transfer full): who replicates since when; or that nobody does now, and who was last
 */
char *
iss_central_status_dup_replicator (const IssCentralStatus *self,
                                   gint64                  now,
                                   GTimeZone              *zone)
{
  g_autofree char *since = NULL;
  g_autofree char *when = NULL;

  g_return_val_if_fail (self != NULL && zone != NULL, NULL);

  if (self->heartbeat == 0)
    return g_strdup (_("Nobody has replicated yet"));

  when = iss_time_text_instant (self->heartbeat, zone);

  if (!is_active (self, now))
    /* Translators: "alice@desk1", an instant */
    return g_strdup_printf (_("Nobody replicates now; %s did last, %s"), self->replicator, when);

  since = iss_time_text_instant (self->since, zone);

  /* Translators: "alice@desk1", an instant, another */
  return g_strdup_printf (_("%s has been replicating since %s; last pass %s"), self->replicator,
                          since, when);
}

/**
 * iss_central_status_dup_deleted:
 * @self: a status
 * @report: of a server that is in the pool no more
 * @zone: where whoever reads this is
 *
 * Returns: (transfer full): what it still has
 */
char *
iss_central_status_dup_deleted (const IssCentralStatus *self,
                                const IssReplicaReport *report,
                                GTimeZone              *zone)
{
  g_autoptr(GPtrArray) held = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;
  g_autofree char *when = NULL;

  g_return_val_if_fail (self != NULL && report != NULL && zone != NULL, NULL);

  held = iss_central_status_list_held (report);
  if (held->len == 0)
    /* Translators: a server */
    return g_strdup_printf (_("%s was removed from the pool and gets no further package; it had no "
                              "certificate that was assigned globally"), report->server);

  for (guint i = 0; i < held->len; i++)
    {
      const char *name = g_hash_table_lookup (self->names, held->pdata[i]);

      g_ptr_array_add (names, name != NULL ? (gpointer) name : held->pdata[i]);
    }
  g_ptr_array_add (names, NULL);
  list = iss_text_join_names ((const char *const *) names->pdata);
  when = iss_time_text_instant (report->seen, zone);

  /* Translators: a server, certificates, an instant */
  return g_strdup_printf (_("%s was removed from the pool and gets no further package, but still "
                            "holds %s, with the private keys; seen %s"), report->server, list,
                          when);
}
