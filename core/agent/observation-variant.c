/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_TYPES 64

#define SLOT_TYPE "(ayux)"
#define TYPE_TYPE "(sstta" SLOT_TYPE ")"
#define CERTIFICATE_TYPE "(ayayssssxxuuu)"

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
 * Members: "time" x; "unattended" b: no service runs what is due; "held" as: types whose staged one
 * is not armed; "types" a(sstta(ayux)): name, scope, revision, published, and for each slot SHA-256
 * (empty = not set), rung, instant; "certificates" a(ayayssssxxuuu): SHA-256, SHA-1, issued to,
 * issued by, friendly name, origin, not before, not after, key state, intent, rung; "readers"
 * a(ays): SHA-256 of those of them whose key other accounts than the owner may read, and which, by
 * permissions; "tokens" a(ayuxs): SHA-256 of those whose key is in a token, whether it signed
 * (IssTokenTrial), when it did before, why not; "reloads" and "reload-error":
 * iss_observed_reloads_write(); "reconcile-error" s: not there when all is well.
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
  g_variant_dict_insert (&dict, "unattended", "b", self->unattended);
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

  if (*name == '\0' || !iss_text_is_clean (name, ISS_OBSERVATION_MAX_NAME) ||
      g_variant_n_children (slots) != ISS_N_SLOTS)
    return set_malformed (error);

  type.type = iss_observation_keep_text (self, name, ISS_OBSERVATION_MAX_NAME);
  type.scope = iss_observation_keep_text (self, scope, ISS_OBSERVATION_MAX_NAME);
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
  certificate.issued_to = iss_observation_keep_text (self, issued_to, ISS_OBSERVATION_MAX_TEXT);
  certificate.issued_by = iss_observation_keep_text (self, issued_by, ISS_OBSERVATION_MAX_TEXT);
  certificate.friendly_name = iss_observation_keep_text (self, friendly_name,
                                                         ISS_OBSERVATION_MAX_TEXT);
  certificate.origin = iss_observation_keep_text (self, origin, ISS_OBSERVATION_MAX_NAME);
  certificate.key_state = (IssKeyState) key_state;
  certificate.intent = (IssIntent) intent;
  certificate.rung = (IssRung) rung;

  return iss_observation_add_certificate (self, &certificate) || set_malformed (error);
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

      iss_observation_add_readers (self, g_variant_get_data (sha256), readers);
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

  /* An older agent does not say. */
  g_variant_lookup (variant, "unattended", "b", &self->unattended);
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
