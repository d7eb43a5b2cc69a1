/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/row-table.h"

#define MAX_TYPES 64
#define MAX_NAME 64
#define MAX_TEXT 256
#define MAX_SENTENCE 1024

#define SLOT_TYPE "(ayux)"
#define TYPE_TYPE "(sstta" SLOT_TYPE ")"
#define CERTIFICATE_TYPE "(ayayssssxxuuu)"

/**
 * IssObservation:
 *
 * What one server showed of itself at one moment: what each certificate type uses, and how
 * far the certificates that matter have come. Made by the agent, sent whole, never changed.
 */
struct _IssObservation
{
  GObject       parent_instance;

  /* Owned */
  GStringChunk *strings;
  GArray       *types;           /* IssObservedType */
  GArray       *certificates;    /* IssObservedCertificate */
  GHashTable   *by_sha256;       /* GBytes -> index + 1 */

  GHashTable   *readers;         /* GBytes -> accounts that may read its key, of strings */
  GHashTable   *tokens;          /* GBytes -> IssTokenCheck, owned */
  IssObservedReloads *reloads;   /* (nullable) */

  const char   *reconcile_error; /* (nullable): of strings */
  gint64        time;
};

G_DEFINE_FINAL_TYPE (IssObservation, iss_observation, G_TYPE_OBJECT)

static void
iss_observation_finalize (GObject *object)
{
  IssObservation *self = ISS_OBSERVATION (object);

  g_string_chunk_free (self->strings);
  g_array_unref (self->types);
  g_array_unref (self->certificates);
  g_hash_table_unref (self->by_sha256);
  g_hash_table_unref (self->readers);
  g_hash_table_unref (self->tokens);
  g_clear_pointer (&self->reloads, iss_observed_reloads_free);

  G_OBJECT_CLASS (iss_observation_parent_class)->finalize (object);
}

static void
iss_observation_class_init (IssObservationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_observation_finalize;
}

static void
iss_observation_init (IssObservation *self)
{
  self->strings = g_string_chunk_new (4096);
  self->types = g_array_new (FALSE, TRUE, sizeof (IssObservedType));
  self->certificates = g_array_new (FALSE, TRUE, sizeof (IssObservedCertificate));
  self->by_sha256 = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                           (GDestroyNotify) g_bytes_unref, NULL);
  self->readers = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                         (GDestroyNotify) g_bytes_unref, NULL);
  self->tokens = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                        (GDestroyNotify) g_bytes_unref,
                                        (GDestroyNotify) iss_token_check_free);
}

static const char *
keep_text (IssObservation *self,
           const char     *text,
           gsize           max_characters)
{
  g_autofree char *clean = iss_text_sanitise (text, -1, max_characters);

  return g_string_chunk_insert_const (self->strings, clean);
}

/* FALSE when it is there already. */
static gboolean
add_certificate (IssObservation               *self,
                 const IssObservedCertificate *certificate)
{
  g_array_append_vals (self->certificates, certificate, 1);

  return g_hash_table_insert (self->by_sha256,
                              g_bytes_new (certificate->sha256, ISS_SHA256_SIZE),
                              GUINT_TO_POINTER (self->certificates->len));
}

static void
add_readers (IssObservation *self,
             const guint8   *sha256,
             const char     *readers)
{
  g_hash_table_insert (self->readers, g_bytes_new (sha256, ISS_SHA256_SIZE),
                       (gpointer) keep_text (self, readers, MAX_TEXT));
}

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
  observed.scope = keep_text (self, assignment->scope, MAX_NAME);
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
    add_readers (self, row->sha256, readers);

  memcpy (observed.sha256, row->sha256, ISS_SHA256_SIZE);
  memcpy (observed.sha1, row->sha1, ISS_SHA1_SIZE);
  observed.issued_to = keep_text (self, row->issued_to, MAX_TEXT);
  observed.issued_by = keep_text (self, row->issued_by, MAX_TEXT);
  observed.friendly_name = keep_text (self, row->friendly_name, MAX_TEXT);
  observed.origin = keep_text (self, row->origin, MAX_NAME);
  observed.not_before = row->not_before;
  observed.not_after = row->not_after;
  observed.key_state = row->key_state;
  observed.intent = row->intent;
  observed.rung = iss_ladder_climb (root, assignments, NULL, hex,
                                    token_matches (self, row->sha256));
  add_certificate (self, &observed);
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
      add_certificate (self, &observed);
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
  self->time = now;
  return g_steal_pointer (&self);
}

static GVariant *
new_fixed (const guint8 *data,
           gsize         size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

/* Those whose staged certificate is held. */
static GVariant *
held_to_variant (IssObservation *self)
{
  GVariantBuilder names;

  g_variant_builder_init (&names, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < self->types->len; i++)
    {
      const IssObservedType *type = &g_array_index (self->types, IssObservedType, i);

      if (type->held)
        g_variant_builder_add (&names, "s", type->type);
    }

  return g_variant_builder_end (&names);
}

static void
read_held (IssObservation *self,
           GVariant       *variant)
{
  g_autofree const char **names = NULL;

  if (!g_variant_lookup (variant, "held", "^a&s", &names))
    return;

  for (guint i = 0; i < self->types->len; i++)
    {
      IssObservedType *type = &g_array_index (self->types, IssObservedType, i);

      type->held = type->slots[ISS_SLOT_STAGED].is_set && g_strv_contains (names, type->type);
    }
}

static GVariant *
type_to_variant (const IssObservedType *type)
{
  GVariantBuilder slots;

  g_variant_builder_init (&slots, G_VARIANT_TYPE ("a" SLOT_TYPE));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const IssObservedSlot *slot = &type->slots[i];

      g_variant_builder_add (&slots, "(@ayux)",
                             new_fixed (slot->sha256, slot->is_set ? ISS_SHA256_SIZE : 0),
                             (guint32) slot->rung, slot->instant);
    }

  return g_variant_new (TYPE_TYPE, type->type, type->scope, type->revision, type->published,
                        &slots);
}

static GVariant *
readers_to_variant (IssObservation *self)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer sha256;
  gpointer readers;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ays)"));
  g_hash_table_iter_init (&iter, self->readers);
  while (g_hash_table_iter_next (&iter, &sha256, &readers))
    g_variant_builder_add (&builder, "(@ays)",
                           new_fixed (g_bytes_get_data (sha256, NULL), ISS_SHA256_SIZE), readers);

  return g_variant_builder_end (&builder);
}

/**
 * iss_observation_to_variant:
 * @self: an observation
 *
 * Members: "time" x; "held" as: types whose staged one is not armed; "types" a(sstta(ayux)):
 * name, scope, revision, published, and for each slot SHA-256 (empty = not set), rung, instant;
 * "certificates" a(ayayssssxxuuu): SHA-256, SHA-1, issued to, issued by, friendly name, origin,
 * not before, not after, key state, intent, rung; "readers" a(ays): SHA-256 of those of them whose
 * key other accounts than the owner may read, and which, by permissions; "tokens" a(ayuxs):
 * SHA-256 of those whose key is in a token, whether it signed (IssTokenTrial), when it did before,
 * why not; "reloads" and "reload-error": iss_observed_reloads_write(); "reconcile-error" s: not
 * there when all is well.
 *
 * Returns: (transfer floating): an a{sv}
 */
GVariant *
iss_observation_to_variant (IssObservation *self)
{
  GVariantDict dict;
  GVariantBuilder types, certificates;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);

  g_variant_builder_init (&types, G_VARIANT_TYPE ("a" TYPE_TYPE));
  for (guint i = 0; i < self->types->len; i++)
    g_variant_builder_add_value (&types, type_to_variant (&g_array_index (self->types,
                                                                         IssObservedType, i)));

  g_variant_builder_init (&certificates, G_VARIANT_TYPE ("a" CERTIFICATE_TYPE));
  for (guint i = 0; i < self->certificates->len; i++)
    {
      const IssObservedCertificate *c = &g_array_index (self->certificates,
                                                        IssObservedCertificate, i);

      g_variant_builder_add (&certificates, "(@ay@ayssssxxuuu)",
                             new_fixed (c->sha256, ISS_SHA256_SIZE),
                             new_fixed (c->sha1, ISS_SHA1_SIZE),
                             c->issued_to, c->issued_by, c->friendly_name, c->origin,
                             c->not_before, c->not_after, (guint32) c->key_state,
                             (guint32) c->intent, (guint32) c->rung);
    }

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", self->time);
  g_variant_dict_insert_value (&dict, "types", g_variant_builder_end (&types));
  g_variant_dict_insert_value (&dict, "certificates", g_variant_builder_end (&certificates));
  g_variant_dict_insert_value (&dict, "readers", readers_to_variant (self));
  g_variant_dict_insert_value (&dict, "held", held_to_variant (self));
  g_variant_dict_insert_value (&dict, "tokens", iss_token_check_write_all (self->tokens));
  if (self->reloads != NULL)
    iss_observed_reloads_write (self->reloads, &dict);
  if (self->reconcile_error != NULL)
    g_variant_dict_insert (&dict, "reconcile-error", "s", self->reconcile_error);
  return g_variant_dict_end (&dict);
}

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("What the server says about itself cannot be understood"));
  return FALSE;
}

static gboolean
set_too_large (GError **error)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The server says more about itself than there can be"));
  return FALSE;
}

static gboolean
read_slot (GVariant        *variant,
           IssObservedSlot *slot)
{
  g_autoptr(GVariant) sha256 = NULL;
  guint32 rung;
  gsize size;

  g_variant_get (variant, "(@ayux)", &sha256, &rung, &slot->instant);
  size = g_variant_get_size (sha256);
  if (rung >= ISS_N_RUNGS || (size != 0 && size != ISS_SHA256_SIZE))
    return FALSE;

  slot->is_set = size != 0;
  slot->rung = (IssRung) rung;
  if (slot->is_set)
    memcpy (slot->sha256, g_variant_get_data (sha256), ISS_SHA256_SIZE);
  return TRUE;
}

static gboolean
read_type (IssObservation  *self,
           GVariant        *variant,
           GError         **error)
{
  IssObservedType type = { NULL };
  g_autoptr(GVariant) slots = NULL;
  const char *name, *scope;

  g_variant_get (variant, "(&s&stt@a" SLOT_TYPE ")", &name, &scope,
                 &type.revision, &type.published, &slots);

  if (*name == '\0' || !iss_text_is_clean (name, MAX_NAME) ||
      g_variant_n_children (slots) != ISS_N_SLOTS)
    return set_malformed (error);

  type.type = keep_text (self, name, MAX_NAME);
  type.scope = keep_text (self, scope, MAX_NAME);
  if (iss_observation_find_type (self, type.type) != NULL)
    return set_malformed (error);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_autoptr(GVariant) slot = g_variant_get_child_value (slots, i);

      if (!read_slot (slot, &type.slots[i]))
        return set_malformed (error);
    }

  g_array_append_val (self->types, type);
  return TRUE;
}

static gboolean
read_certificate (IssObservation  *self,
                  GVariant        *variant,
                  GError         **error)
{
  IssObservedCertificate certificate = { { 0 } };
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) sha1 = NULL;
  const char *issued_to, *issued_by, *friendly_name, *origin;
  guint32 key_state, intent, rung;

  g_variant_get (variant, "(@ay@ay&s&s&s&sxxuuu)", &sha256, &sha1, &issued_to, &issued_by,
                 &friendly_name, &origin, &certificate.not_before, &certificate.not_after,
                 &key_state, &intent, &rung);

  if (g_variant_get_size (sha256) != ISS_SHA256_SIZE ||
      g_variant_get_size (sha1) != ISS_SHA1_SIZE ||
      key_state > ISS_KEY_STATE_TOKEN ||
      intent > ISS_INTENT_SERVER ||
      rung >= ISS_N_RUNGS)
    return set_malformed (error);

  memcpy (certificate.sha256, g_variant_get_data (sha256), ISS_SHA256_SIZE);
  memcpy (certificate.sha1, g_variant_get_data (sha1), ISS_SHA1_SIZE);
  certificate.issued_to = keep_text (self, issued_to, MAX_TEXT);
  certificate.issued_by = keep_text (self, issued_by, MAX_TEXT);
  certificate.friendly_name = keep_text (self, friendly_name, MAX_TEXT);
  certificate.origin = keep_text (self, origin, MAX_NAME);
  certificate.key_state = (IssKeyState) key_state;
  certificate.intent = (IssIntent) intent;
  certificate.rung = (IssRung) rung;

  return add_certificate (self, &certificate) || set_malformed (error);
}

/* An older agent does not say. */
static gboolean
read_readers (IssObservation  *self,
              GVariant        *variant,
              GError         **error)
{
  g_autoptr(GVariant) list = g_variant_lookup_value (variant, "readers", G_VARIANT_TYPE ("a(ays)"));

  if (list != NULL && g_variant_n_children (list) > ISS_OBSERVATION_MAX_CERTIFICATES)
    return set_too_large (error);

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) sha256 = NULL;
      const char *readers;

      g_variant_get_child (list, i, "(@ay&s)", &sha256, &readers);
      if (g_variant_n_children (sha256) != ISS_SHA256_SIZE)
        return set_malformed (error);

      add_readers (self, g_variant_get_data (sha256), readers);
    }

  return TRUE;
}

/* An older agent does not say. */
static gboolean
read_tokens (IssObservation  *self,
             GVariant        *variant,
             GError         **error)
{
  g_autoptr(GVariant) list = g_variant_lookup_value (variant, "tokens",
                                                     G_VARIANT_TYPE (ISS_TOKEN_CHECK_TYPE));

  if (list != NULL && g_variant_n_children (list) > ISS_OBSERVATION_MAX_CERTIFICATES)
    return set_too_large (error);

  return list == NULL || iss_token_check_read_all (list, self->tokens) || set_malformed (error);
}

/**
 * iss_observation_from_variant:
 * @variant: an a{sv} from a server
 * @error: return location for an error
 *
 * The way back, on the console's side: the server is not trusted. Members that are not known
 * are passed over.
 *
 * Returns: (transfer full): the observation, or %NULL with %ISS_ERROR_MALFORMED or
 *   %ISS_ERROR_TOO_LARGE
 */
IssObservation *
iss_observation_from_variant (GVariant  *variant,
                              GError   **error)
{
  g_autoptr(IssObservation) self = NULL;
  g_autoptr(GVariant) types = NULL;
  g_autoptr(GVariant) certificates = NULL;
  const char *reconcile_error = NULL;

  g_return_val_if_fail (variant != NULL, NULL);

  if (!g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT))
    {
      set_malformed (error);
      return NULL;
    }

  self = g_object_new (ISS_TYPE_OBSERVATION, NULL);
  types = g_variant_lookup_value (variant, "types", G_VARIANT_TYPE ("a" TYPE_TYPE));
  certificates = g_variant_lookup_value (variant, "certificates",
                                         G_VARIANT_TYPE ("a" CERTIFICATE_TYPE));

  if (types == NULL || certificates == NULL ||
      !g_variant_lookup (variant, "time", "x", &self->time))
    {
      set_malformed (error);
      return NULL;
    }

  g_variant_lookup (variant, "reconcile-error", "&s", &reconcile_error);
  iss_observation_set_reconcile_error (self, reconcile_error);

  if (g_variant_n_children (types) > MAX_TYPES ||
      g_variant_n_children (certificates) > ISS_OBSERVATION_MAX_CERTIFICATES)
    {
      set_too_large (error);
      return NULL;
    }

  if (!read_readers (self, variant, error) || !read_tokens (self, variant, error))
    return NULL;

  self->reloads = iss_observed_reloads_read (variant);
  if (self->reloads == NULL)
    {
      set_malformed (error);
      return NULL;
    }

  for (gsize i = 0; i < g_variant_n_children (types); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (types, i);

      if (!read_type (self, child, error))
        return NULL;
    }

  read_held (self, variant);

  for (gsize i = 0; i < g_variant_n_children (certificates); i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (certificates, i);

      if (!read_certificate (self, child, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * iss_observation_get_time:
 * @self: an observation
 *
 * Returns: when it was made, by the server's clock
 */
gint64
iss_observation_get_time (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->time;
}

/**
 * iss_observation_get_reconcile_error:
 * @self: an observation
 *
 * Returns: (transfer none) (nullable): why what services read on the server was not made to
 *   agree with its assignments when the agent started, a sentence; %NULL when it does
 */
const char *
iss_observation_get_reconcile_error (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);

  return self->reconcile_error;
}

/**
 * iss_observation_set_reconcile_error:
 * @self: an observation that nobody else has seen yet
 * @message: (nullable): see iss_observation_get_reconcile_error(); may come from outside
 *
 * Adds what the agent knows and the folder does not show.
 */
void
iss_observation_set_reconcile_error (IssObservation *self,
                                     const char     *message)
{
  g_return_if_fail (ISS_IS_OBSERVATION (self));

  self->reconcile_error = message != NULL && *message != '\0'
    ? keep_text (self, message, MAX_SENTENCE) : NULL;
}

/**
 * iss_observation_get_n_types:
 * @self: an observation
 *
 * Returns: how many certificate types use something
 */
guint
iss_observation_get_n_types (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->types->len;
}

/**
 * iss_observation_get_type_at:
 * @self: an observation
 * @index: less than iss_observation_get_n_types()
 *
 * Returns: (transfer none): one type
 */
const IssObservedType *
iss_observation_get_type_at (IssObservation *self,
                             guint           index)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (index < self->types->len, NULL);

  return &g_array_index (self->types, IssObservedType, index);
}

/**
 * iss_observation_find_type:
 * @self: an observation
 * @type: the name of a certificate type
 *
 * Returns: (transfer none) (nullable): what it uses; %NULL when nothing
 */
const IssObservedType *
iss_observation_find_type (IssObservation *self,
                           const char     *type)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < self->types->len; i++)
    {
      const IssObservedType *observed = &g_array_index (self->types, IssObservedType, i);

      if (g_ascii_strcasecmp (observed->type, type) == 0)
        return observed;
    }

  return NULL;
}

/**
 * iss_observation_get_n_certificates:
 * @self: an observation
 *
 * Returns: how many certificates were looked at
 */
guint
iss_observation_get_n_certificates (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), 0);

  return self->certificates->len;
}

/**
 * iss_observation_get_certificate:
 * @self: an observation
 * @index: less than iss_observation_get_n_certificates()
 *
 * Returns: (transfer none): one certificate
 */
const IssObservedCertificate *
iss_observation_get_certificate (IssObservation *self,
                                 guint           index)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);

  return &g_array_index (self->certificates, IssObservedCertificate, index);
}

/**
 * iss_observation_find_certificate:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): what was seen of it; %NULL when it was not looked at
 */
const IssObservedCertificate *
iss_observation_find_certificate (IssObservation *self,
                                  const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;
  guint place;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_sha256, key));
  return place > 0 ? &g_array_index (self->certificates, IssObservedCertificate, place - 1)
                   : NULL;
}

/**
 * iss_observation_get_readers:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): accounts beside the owner that may read the certificate's
 *   key there, by permissions; %NULL: none, or it was not looked at
 */
const char *
iss_observation_get_readers (IssObservation *self,
                             const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  return g_hash_table_lookup (self->readers, key);
}

/**
 * iss_observation_get_reloads:
 * @self: an observation
 *
 * Returns: (transfer none): how far the services are that root has configured there
 */
const IssObservedReloads *
iss_observation_get_reloads (IssObservation *self)
{
  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);

  return self->reloads;
}

/**
 * iss_observation_get_token:
 * @self: an observation
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): what is known of the certificate's private key there;
 *   %NULL if it is in no token, or was not looked at
 */
const IssTokenCheck *
iss_observation_get_token (IssObservation *self,
                           const guint8   *sha256)
{
  g_autoptr(GBytes) key = NULL;

  g_return_val_if_fail (ISS_IS_OBSERVATION (self), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  key = g_bytes_new_static (sha256, ISS_SHA256_SIZE);
  return g_hash_table_lookup (self->tokens, key);
}
