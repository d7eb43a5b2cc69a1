/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation-private.h"

#include <string.h>

#include "core/assignment/publication.h"
#include "core/base/text.h"
#include "core/replication/scheduler-lock.h"
#include "core/store/row-table.h"

static gboolean
token_matches (IssObservation *self,
               const guint8   *sha256)
{
  const IssTokenCheck *check = iss_observation_get_token (self, sha256);

  return check != NULL && iss_token_check_matches (check);
}

static gboolean
parse_sha256 (const char *hex,
              guint8     *out)
{
  g_autoptr(GBytes) bytes = iss_text_parse_hex (hex);

  if (bytes == NULL || g_bytes_get_size (bytes) != ISS_SHA256_SIZE)
    return FALSE;

  memcpy (out, g_bytes_get_data (bytes, NULL), ISS_SHA256_SIZE);
  return TRUE;
}

static gint64
get_instant (const IssAssignment *assignment,
             IssSlot              slot)
{
  switch (slot)
    {
    case ISS_SLOT_CURRENT:
      return assignment->current_since;

    case ISS_SLOT_STAGED:
      return assignment->staged_at;

    case ISS_SLOT_PREVIOUS:
    case ISS_N_SLOTS:
      break;
    }

  return 0;
}

static void
observe_type (IssObservation      *self,
              IssRootFolder       *root,
              IssAssignments      *assignments,
              const IssAssignment *assignment)
{
  IssObservedType observed = { NULL };

  observed.type = assignment->type->name;
  observed.scope = iss_observation_keep_text (self, assignment->scope, ISS_OBSERVATION_MAX_NAME);
  observed.revision = assignment->revision;
  observed.held = assignment->held;
  if (!iss_publication_get_revision (root, assignment->type, &observed.published))
    observed.published = 0;

  for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
    {
      IssObservedSlot *to = &observed.slots[slot];
      const char *hex = assignment->slot[slot];

      if (hex == NULL || !parse_sha256 (hex, to->sha256))
        continue;

      to->is_set = TRUE;
      to->rung = iss_ladder_climb (root, assignments, assignment->type, hex,
                                   token_matches (self, to->sha256));
      to->instant = get_instant (assignment, (IssSlot) slot);
    }

  g_array_append_val (self->types, observed);
}

static void
observe_row (IssObservation *self,
             IssRootFolder  *root,
             IssAssignments *assignments,
             const IssRow   *row)
{
  IssObservedCertificate observed = { { 0 } };
  g_autofree char *hex = iss_text_hex (row->sha256, ISS_SHA256_SIZE, FALSE);
  g_autofree char *readers = row->key_state == ISS_KEY_STATE_FILE
                           ? iss_ladder_dup_readers (root, hex) : NULL;

  if (readers != NULL)
    iss_observation_add_readers (self, row->sha256, readers);

  memcpy (observed.sha256, row->sha256, ISS_SHA256_SIZE);
  memcpy (observed.sha1, row->sha1, ISS_SHA1_SIZE);
  observed.issued_to = iss_observation_keep_text (self, row->issued_to, ISS_OBSERVATION_MAX_TEXT);
  observed.issued_by = iss_observation_keep_text (self, row->issued_by, ISS_OBSERVATION_MAX_TEXT);
  observed.friendly_name = iss_observation_keep_text (self, row->friendly_name,
                                                      ISS_OBSERVATION_MAX_TEXT);
  observed.origin = iss_observation_keep_text (self, row->origin, ISS_OBSERVATION_MAX_NAME);
  observed.not_before = row->not_before;
  observed.not_after = row->not_after;
  observed.key_state = row->key_state;
  observed.intent = row->intent;
  observed.rung = iss_ladder_climb (root, assignments, NULL, hex,
                                    token_matches (self, row->sha256));
  iss_observation_add_certificate (self, &observed);
}

/* Those that were asked about or are assigned, but are not there: that was looked at, too. */
static void
observe_absent (IssObservation *self,
                GHashTable     *wanted)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      IssObservedCertificate observed = { { 0 } };

      if (g_hash_table_contains (self->by_sha256, key))
        continue;

      memcpy (observed.sha256, g_bytes_get_data (key, NULL), ISS_SHA256_SIZE);
      observed.issued_to = observed.issued_by = observed.friendly_name = observed.origin = "";
      iss_observation_add_certificate (self, &observed);
    }
}

/* (element-type GBytes): assigned to something, or asked about */
static GHashTable *
dup_wanted (IssAssignments *assignments,
            GPtrArray      *asked)
{
  GHashTable *wanted = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                              (GDestroyNotify) g_bytes_unref, NULL);

  for (guint i = 0; asked != NULL && i < asked->len; i++)
    g_hash_table_add (wanted, g_bytes_ref (asked->pdata[i]));

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    {
      const IssAssignment *assignment = iss_assignments_get (assignments, i);

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          guint8 sha256[ISS_SHA256_SIZE];

          if (assignment->slot[slot] != NULL && parse_sha256 (assignment->slot[slot], sha256))
            g_hash_table_add (wanted, g_bytes_new (sha256, sizeof sha256));
        }
    }

  return wanted;
}

/* (element-type IssRow index): the rows that are looked at closely */
static GArray *
choose_rows (IssRowTable *rows,
             GHashTable  *wanted)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (guint));
  guint room = ISS_OBSERVATION_MAX_CERTIFICATES - g_hash_table_size (wanted);

  for (guint i = 0; i < iss_row_table_get_n_rows (rows); i++)
    {
      IssRow row;
      g_autoptr(GBytes) sha256 = NULL;

      iss_row_table_get_row (rows, i, &row);
      sha256 = g_bytes_new (row.sha256, ISS_SHA256_SIZE);

      if (g_hash_table_contains (wanted, sha256))
        {
          g_array_append_val (chosen, i);
        }
      else if (row.intent != ISS_INTENT_UNKNOWN && room > 0)
        {
          room--;
          g_array_append_val (chosen, i);
        }
    }

  return chosen;
}

static void
try_tokens (IssObservation *self,
            IssRootFolder  *root,
            IssRowTable    *rows,
            GArray         *chosen,
            gint64          now)
{
  gboolean patient = TRUE;

  for (guint i = 0; i < chosen->len; i++)
    {
      g_autofree char *hex = NULL;
      IssRow row;

      iss_row_table_get_row (rows, g_array_index (chosen, guint, i), &row);
      if (row.key_state != ISS_KEY_STATE_TOKEN)
        continue;

      hex = iss_text_hex (row.sha256, ISS_SHA256_SIZE, FALSE);
      g_hash_table_insert (self->tokens, g_bytes_new (row.sha256, ISS_SHA256_SIZE),
                           iss_token_check_make (root, hex, now, &patient));
    }
}

static IssObservation *
observe (IssRootFolder   *root,
         IssAssignments  *assignments,
         GPtrArray       *asked,
         gint64           now,
         GError         **error)
{
  g_autoptr(IssObservation) self = g_object_new (ISS_TYPE_OBSERVATION, NULL);
  g_autoptr(GHashTable) by_certificate = iss_assignments_dup_by_certificate (assignments);
  g_autoptr(GHashTable) wanted = dup_wanted (assignments, asked);
  g_autoptr(IssRowTable) rows = NULL;
  g_autoptr(GArray) chosen = NULL;

  rows = iss_row_table_read (root, ISS_STORE_MY, by_certificate, error);
  if (rows == NULL)
    return NULL;

  chosen = choose_rows (rows, wanted);
  try_tokens (self, root, rows, chosen, now);

  for (guint i = 0; i < iss_assignments_get_n (assignments); i++)
    observe_type (self, root, assignments, iss_assignments_get (assignments, i));

  for (guint i = 0; i < chosen->len; i++)
    {
      IssRow row;

      iss_row_table_get_row (rows, g_array_index (chosen, guint, i), &row);
      observe_row (self, root, assignments, &row);
    }

  observe_absent (self, wanted);
  return g_steal_pointer (&self);
}

static gboolean
is_same_truth (IssAssignments *a,
               IssAssignments *b)
{
  if (iss_assignments_get_n (a) != iss_assignments_get_n (b))
    return FALSE;

  for (guint i = 0; i < iss_assignments_get_n (a); i++)
    {
      const IssAssignment *other = iss_assignments_find (b, iss_assignments_get (a, i)->type);

      if (other == NULL || other->revision != iss_assignments_get (a, i)->revision)
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_observation_make:
 * @root: a server's folder
 * @asked: (nullable) (element-type GBytes): SHA-256 of at most
 *   %ISS_OBSERVATION_MAX_ASKED certificates that the caller wants to know about
 * @now: the server's time, seconds since 1970
 * @error: return location for an error
 *
 * Looks at a server, on the server, without a lock: if the assignments move meanwhile, it
 * looks once more. Takes as long as reading the Personal store and, where keys are in tokens,
 * as these take to sign.
 *
 * Returns: (transfer full): what was seen
 */
IssObservation *
iss_observation_make (IssRootFolder  *root,
                      GPtrArray      *asked,
                      gint64          now,
                      GError        **error)
{
  g_autoptr(IssObservation) self = NULL;
  g_autoptr(IssAssignments) before = NULL;
  g_autoptr(IssAssignments) after = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (asked == NULL || asked->len <= ISS_OBSERVATION_MAX_ASKED, NULL);

  before = iss_assignments_load (root, error);
  if (before == NULL)
    return NULL;

  self = observe (root, before, asked, now, error);
  if (self == NULL)
    return NULL;

  after = iss_assignments_load (root, error);
  if (after == NULL)
    return NULL;

  if (!is_same_truth (before, after))
    {
      g_clear_object (&self);
      self = observe (root, after, asked, now, error);
      if (self == NULL)
        return NULL;
    }

  self->reloads = iss_observed_reloads_look (root);
  self->unattended = iss_scheduler_lock_get_resident_since (root) == 0;
  self->time = now;
  return g_steal_pointer (&self);
}
