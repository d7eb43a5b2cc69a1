/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-column.h"

#include "core/base/text.h"
#include "core/pool/presence-seen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ALWAYS_SHOWN "OAuthTokenIssuer"

typedef struct
{
  IssPool      *pool;
  GStringChunk *types;
  GArray       *columns;   /* (element-type IssPresenceColumn) */
  gint64        at;
} Making;

static void
clear_column (gpointer column)
{
  IssPresenceColumn *self = column;

  g_clear_pointer (&self->expected_name, g_free);
  g_clear_pointer (&self->expected_text, g_free);
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
        return iss_presence_seen_dup_name (column->expected_name, column->expected_sha1);

      hex = iss_text_hex (column->expected, 4, FALSE);
      /* Translators: the first digits of a SHA-256 */
      return g_strdup_printf (_("a certificate seen nowhere (SHA-256 %s…)"), hex);
    }

  if (column->slot == ISS_SLOT_CURRENT)
    return g_strdup (_("nothing is agreed"));

  staged = iss_presence_seen_common (making->pool, column->type, column->slot, making->at);
  certificate = staged != NULL ? iss_presence_seen_anywhere (making->pool, staged->sha256) : NULL;
  if (certificate != NULL)
    return iss_presence_seen_dup_name (certificate->issued_to, certificate->sha1);

  return g_strdup (_("none"));
}

/* What is agreed follows a roll of the whole pool at its instant: what is agreed now will be
 * what was before. */
static void
expect_roll (Making            *making,
             IssPresenceColumn *column)
{
  const IssAgreed *agreed = iss_pool_get_agreed (making->pool, column->type);
  const IssObservedSlot *staged = iss_presence_seen_common (making->pool, column->type,
                                                            ISS_SLOT_STAGED, 0);
  g_autoptr(IssAgreed) then = NULL;

  if (making->at == 0 || !column->pool_wide || agreed == NULL ||
      column->slot == ISS_SLOT_STAGED)
    return;

  then = iss_agreed_copy (agreed);
  if (iss_agreed_settle (then, making->at))
    {
      column->has_expected = parse_sha256 (column->slot == ISS_SLOT_CURRENT
                                           ? then->sha256_hex : then->previous_sha256_hex,
                                           column->expected);
      return;
    }

  /* Staged server by server, and the same on all. */
  if (staged == NULL || staged->instant == 0 || making->at < staged->instant ||
      iss_presence_seen_common (making->pool, column->type, ISS_SLOT_STAGED, making->at) != NULL)
    return;

  if (column->slot == ISS_SLOT_CURRENT)
    memcpy (column->expected, staged->sha256, ISS_SHA256_SIZE);
  else
    column->has_expected = parse_sha256 (agreed->sha256_hex, column->expected);
}

static void
add_column (Making     *making,
            const char *type,
            IssSlot     slot)
{
  const IssCertificateType *known = iss_certificate_type_find (type);
  const IssAgreed *agreed = iss_pool_get_agreed (making->pool, type);
  const char *hex = NULL;
  IssPresenceColumn column = { 0 };

  column.type = g_string_chunk_insert_const (making->types, type);
  column.slot = slot;
  column.pool_wide = known != NULL && known->pool_wide;

  if (column.pool_wide && agreed != NULL && slot == ISS_SLOT_CURRENT)
    hex = agreed->sha256_hex;
  else if (column.pool_wide && agreed != NULL && slot == ISS_SLOT_PREVIOUS)
    hex = agreed->previous_sha256_hex;

  column.has_expected = parse_sha256 (hex, column.expected);
  column.at = making->at;
  expect_roll (making, &column);
  if (column.has_expected)
    {
      const IssObservedCertificate *certificate =
        iss_presence_seen_anywhere (making->pool, column.expected);

      if (certificate != NULL)
        {
          column.expected_name = g_strdup (certificate->issued_to);
          memcpy (column.expected_sha1, certificate->sha1, ISS_SHA1_SIZE);
        }
    }

  column.expected_text = dup_expected_text (making, &column);
  g_array_append_val (making->columns, column);
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
      iss_presence_seen_is_used (making->pool, type, ISS_SLOT_PREVIOUS, making->at))
    add_column (making, type, ISS_SLOT_PREVIOUS);
  if (iss_presence_seen_is_used (making->pool, type, ISS_SLOT_STAGED, making->at))
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

/**
 * iss_presence_column_list:
 * @pool: a pool, as it was last seen
 * @type: (nullable): a certificate type; %NULL: OAuthTokenIssuer and all that are
 *   assigned anywhere, those of the whole pool first
 * @at: as of which instant; 0: as it was seen
 * @types: takes the names that the columns point to
 *
 * Returns: (transfer full) (element-type IssPresenceColumn): the columns of a presence
 */
GArray *
iss_presence_column_list (IssPool      *pool,
                          const char   *type,
                          gint64        at,
                          GStringChunk *types)
{
  Making making = { pool, types, g_array_new (FALSE, TRUE, sizeof (IssPresenceColumn)), at };

  g_return_val_if_fail (ISS_IS_POOL (pool), making.columns);

  g_array_set_clear_func (making.columns, clear_column);
  if (type != NULL)
    add_slots (&making, type);
  else
    add_all_columns (&making);

  return making.columns;
}
