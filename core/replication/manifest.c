/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/manifest.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/transition.h"
#include "core/base/error.h"
#include "core/base/text.h"

/**
 * iss_manifest_new:
 * @pool: a pool
 * @server: the id of a server of it; "" for the pool's own copy
 * @type: a certificate type
 * @revision: of that type in that pool, from 1
 *
 * Returns: (transfer full): a manifest by which the type uses nothing
 */
IssManifest *
iss_manifest_new (const char               *pool,
                  const char               *server,
                  const IssCertificateType *type,
                  guint64                   revision)
{
  IssManifest *self;

  g_return_val_if_fail (pool != NULL && server != NULL, NULL);
  g_return_val_if_fail (type != NULL, NULL);

  self = g_new0 (IssManifest, 1);
  self->pool = g_strdup (pool);
  self->server = g_strdup (server);
  self->type = type;
  self->revision = revision;

  return self;
}

static GPtrArray *
copy_chain (GPtrArray *chain)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; chain != NULL && i < chain->len; i++)
    g_ptr_array_add (copy, g_object_ref (chain->pdata[i]));

  return copy;
}

/**
 * iss_manifest_copy:
 * @self: a manifest
 *
 * Returns: (transfer full): the same once more
 */
IssManifest *
iss_manifest_copy (const IssManifest *self)
{
  IssManifest *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = iss_manifest_new (self->pool, self->server, self->type, self->revision);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (self->slot[i] != NULL)
      iss_manifest_set_slot (copy, (IssSlot) i, self->slot[i], self->chain[i]);
  copy->current_since = self->current_since;
  copy->staged_at = self->staged_at;
  copy->staged_typed = g_strdup (self->staged_typed);
  copy->staged_zone = g_strdup (self->staged_zone);
  copy->held = self->held;

  return copy;
}

/**
 * iss_manifest_free:
 * @self: (transfer full): a manifest
 */
void
iss_manifest_free (IssManifest *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_clear_object (&self->slot[i]);
      g_clear_pointer (&self->chain[i], g_ptr_array_unref);
    }
  g_free (self->pool);
  g_free (self->server);
  g_free (self->staged_typed);
  g_free (self->staged_zone);
  g_free (self);
}

/**
 * iss_manifest_set_slot:
 * @self: a manifest
 * @slot: a slot
 * @certificate: (nullable): what it shall hold
 * @chain: (nullable) (element-type IssCertificate): its issuers, nearest first
 */
void
iss_manifest_set_slot (IssManifest    *self,
                       IssSlot         slot,
                       IssCertificate *certificate,
                       GPtrArray      *chain)
{
  g_autoptr(GPtrArray) copy = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail ((guint) slot < ISS_N_SLOTS);

  copy = copy_chain (certificate != NULL ? chain : NULL);
  g_set_object (&self->slot[slot], certificate);
  g_clear_pointer (&self->chain[slot], g_ptr_array_unref);
  if (certificate != NULL)
    self->chain[slot] = g_steal_pointer (&copy);
}

/**
 * iss_manifest_is_empty:
 * @self: a manifest
 *
 * Returns: whether the type shall use nothing
 */
gboolean
iss_manifest_is_empty (const IssManifest *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (self->slot[i] != NULL)
      return FALSE;

  return TRUE;
}

/**
 * iss_manifest_needs_key:
 * @self: a manifest
 * @slot: a slot
 *
 * The previous certificate only verifies. A certificate that is in two slots has one key.
 *
 * Returns: whether a package of this manifest carries the private key of that slot
 */
gboolean
iss_manifest_needs_key (const IssManifest *self,
                        IssSlot            slot)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, FALSE);

  return self->slot[slot] != NULL && slot != ISS_SLOT_PREVIOUS;
}

static GVariant *
new_bytes (GBytes *bytes)
{
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

static void
add_slot (GVariantBuilder *slots,
          guint            slot,
          IssCertificate  *certificate,
          GPtrArray       *chain)
{
  GVariantBuilder issuers;

  g_variant_builder_init (&issuers, G_VARIANT_TYPE ("aay"));
  for (guint i = 0; i < chain->len; i++)
    g_variant_builder_add_value (&issuers,
                                 new_bytes (iss_certificate_get_der (chain->pdata[i])));

  g_variant_builder_add (slots, "(y@ay@ayaay)", (guint8) slot,
                         new_bytes (iss_certificate_get_sha256 (certificate)),
                         new_bytes (iss_certificate_get_der (certificate)), &issuers);
}

/**
 * iss_manifest_encode:
 * @self: a manifest
 *
 * Returns: (transfer floating): it as %ISS_MANIFEST_TYPE, in this machine's byte order; there is
 *   one way to write each
 */
GVariant *
iss_manifest_encode (const IssManifest *self)
{
  GVariantBuilder slots;

  g_return_val_if_fail (self != NULL, NULL);

  g_variant_builder_init (&slots, G_VARIANT_TYPE ("a(yayayaay)"));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (self->slot[i] != NULL)
      add_slot (&slots, i, self->slot[i], self->chain[i]);

  return g_variant_new ("(sssta(yayayaay)xxssb)", self->pool, self->server, self->type->name,
                        self->revision, &slots, self->current_since, self->staged_at,
                        self->staged_typed != NULL ? self->staged_typed : "",
                        self->staged_zone != NULL ? self->staged_zone : "", self->held);
}

static gboolean
refuse (GError     **error,
        const char  *what)
{
  /* Translators: what is wrong with it */
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("What a package says of the certificates is damaged: %s"), what);

  return FALSE;
}

static IssCertificate *
read_certificate (GVariant  *variant,
                  GError   **error)
{
  g_autoptr(GBytes) der = g_variant_get_data_as_bytes (variant);

  if (g_bytes_get_size (der) > ISS_MANIFEST_MAX_CERTIFICATE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("A certificate in a package is larger than %d KiB"),
                   ISS_MANIFEST_MAX_CERTIFICATE / 1024);
      return NULL;
    }

  return iss_certificate_new_from_der (der, error);
}

/* In the order of the slots, each once. */
static gboolean
read_slot (IssManifest  *self,
           GVariant     *variant,
           gint         *last,
           GError      **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) der = NULL;
  g_autoptr(GVariant) issuers = NULL;
  g_autoptr(GBytes) hash = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func (g_object_unref);
  guint8 slot;

  g_variant_get (variant, "(y@ay@ay@aay)", &slot, &sha256, &der, &issuers);
  if (slot >= ISS_N_SLOTS || (gint) slot <= *last)
    return refuse (error, _("its slots are not in order"));
  *last = slot;

  if (g_variant_n_children (issuers) > ISS_MANIFEST_MAX_CHAIN)
    return refuse (error, _("a chain is too long"));

  certificate = read_certificate (der, error);
  if (certificate == NULL)
    return FALSE;

  hash = g_variant_get_data_as_bytes (sha256);
  if (!g_bytes_equal (hash, iss_certificate_get_sha256 (certificate)))
    return refuse (error, _("a certificate is not the one that is named"));

  for (gsize i = 0; i < g_variant_n_children (issuers); i++)
    {
      g_autoptr(GVariant) issuer = g_variant_get_child_value (issuers, i);
      IssCertificate *read = read_certificate (issuer, error);

      if (read == NULL)
        return FALSE;
      g_ptr_array_add (chain, read);
    }

  iss_manifest_set_slot (self, (IssSlot) slot, certificate, chain);

  return TRUE;
}

static gboolean
read_slots (IssManifest  *self,
            GVariant     *slots,
            GError      **error)
{
  gint last = -1;

  for (gsize i = 0; i < g_variant_n_children (slots); i++)
    {
      g_autoptr(GVariant) slot = g_variant_get_child_value (slots, i);

      if (!read_slot (self, slot, &last, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_instants (const IssManifest  *self,
                GError            **error)
{
  const gboolean staged = self->slot[ISS_SLOT_STAGED] != NULL;

  /* Without its instant a staged certificate would roll at once. */
  if (staged != (self->staged_at > 0) || self->staged_at < 0 || self->current_since < 0)
    return refuse (error, _("an instant is missing"));

  if (!staged && (self->staged_typed != NULL || self->staged_zone != NULL || self->held))
    return refuse (error, _("nothing is staged, but it says when"));

  if (staged && self->slot[ISS_SLOT_CURRENT] == NULL)
    return refuse (error, _("a certificate is staged, but none is current"));

  return TRUE;
}

/**
 * iss_manifest_decode:
 * @variant: an %ISS_MANIFEST_TYPE from outside, in normal form and this machine's byte order
 * @error: return location for %ISS_ERROR_MALFORMED or %ISS_ERROR_TOO_LARGE
 *
 * Returns: (transfer full): the manifest, of which every part was checked
 */
IssManifest *
iss_manifest_decode (GVariant  *variant,
                     GError   **error)
{
  g_autoptr(GVariant) slots = NULL;
  g_autoptr(IssManifest) self = NULL;
  const IssCertificateType *type;
  const char *pool, *server, *type_name, *typed, *zone;
  guint64 revision;
  gint64 since, staged_at;
  gboolean held;

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE (ISS_MANIFEST_TYPE)), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  g_variant_get (variant, "(&s&s&st@a(yayayaay)xx&s&sb)", &pool, &server, &type_name, &revision,
                 &slots, &since, &staged_at, &typed, &zone, &held);
  type = iss_certificate_type_find (type_name);
  if (!iss_text_is_clean (pool, ISS_MANIFEST_MAX_NAME) || *pool == '\0' ||
      !iss_text_is_clean (server, ISS_MANIFEST_MAX_NAME) ||
      !iss_text_is_clean (typed, ISS_TRANSITION_MAX_TYPED) ||
      !iss_text_is_clean (zone, ISS_TRANSITION_MAX_ZONE))
    {
      refuse (error, _("a name in it is not a short text"));
      return NULL;
    }

  if (type == NULL || !g_str_equal (type->name, type_name))
    {
      refuse (error, _("there is no such certificate type"));
      return NULL;
    }

  if (revision == 0 || revision > G_MAXINT64)
    {
      refuse (error, _("it has no revision"));
      return NULL;
    }

  self = iss_manifest_new (pool, server, type, revision);
  self->current_since = since;
  self->staged_at = staged_at;
  self->staged_typed = *typed != '\0' ? g_strdup (typed) : NULL;
  self->staged_zone = *zone != '\0' ? g_strdup (zone) : NULL;
  self->held = held;
  if (!read_slots (self, slots, error) || !check_instants (self, error))
    return NULL;

  return g_steal_pointer (&self);
}
