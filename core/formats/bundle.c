/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/bundle.h"

struct _IssBundle
{
  GObject       parent_instance;

  IssFormat     format;
  IssIntegrity  integrity;

  GPtrArray    *certificates;     /* (element-type IssCertificate) */
  GPtrArray    *friendly_names;   /* beside certificates; "" = none */
  GPtrArray    *keys;             /* (element-type IssPrivateKey) */
  GHashTable   *positions;        /* SHA-256 of a certificate → its index; borrows the key */
  GHashTable   *keys_by_spki;     /* borrows both from keys */
  GHashTable   *local_ids;        /* certificate or key → GBytes; borrows the key */
  GHashTable   *csp_names;        /* key → its name; borrows the key */
};

G_DEFINE_FINAL_TYPE (IssBundle, iss_bundle, G_TYPE_OBJECT)

static void
iss_bundle_finalize (GObject *object)
{
  IssBundle *self = ISS_BUNDLE (object);

  g_clear_pointer (&self->csp_names, g_hash_table_unref);
  g_clear_pointer (&self->local_ids, g_hash_table_unref);
  g_clear_pointer (&self->keys_by_spki, g_hash_table_unref);
  g_clear_pointer (&self->positions, g_hash_table_unref);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->friendly_names, g_ptr_array_unref);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_bundle_parent_class)->finalize (object);
}

static void
iss_bundle_class_init (IssBundleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_bundle_finalize;
}

static void
iss_bundle_init (IssBundle *self)
{
  self->certificates = g_ptr_array_new_with_free_func (g_object_unref);
  self->friendly_names = g_ptr_array_new_with_free_func (g_free);
  self->keys = g_ptr_array_new_with_free_func (g_object_unref);
  self->positions = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  self->keys_by_spki = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  self->local_ids = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  self->csp_names = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

/* The same public key is usually the same bytes. It need not be (a point may be
 * compressed, a NULL left out), so what is not found is compared. */
static IssPrivateKey *
find_key (IssBundle      *self,
          IssCertificate *certificate)
{
  IssPrivateKey *found = g_hash_table_lookup (self->keys_by_spki,
                                              iss_certificate_get_spki_sha256 (certificate));

  for (guint i = 0; found == NULL && i < self->keys->len; i++)
    {
      if (iss_private_key_matches (g_ptr_array_index (self->keys, i), certificate))
        found = g_ptr_array_index (self->keys, i);
    }

  return found;
}

/**
 * iss_bundle_new:
 * @format: what the file was
 * @integrity: what vouches for its content
 *
 * Returns: (transfer full): an empty bundle
 */
IssBundle *
iss_bundle_new (IssFormat    format,
                IssIntegrity integrity)
{
  IssBundle *self = g_object_new (ISS_TYPE_BUNDLE, NULL);

  self->format = format;
  self->integrity = integrity;

  return self;
}

/**
 * iss_bundle_add_certificate:
 * @self: a bundle
 * @certificate: (transfer none): a certificate
 * @friendly_name: (nullable): the name the file gives it
 *
 * Adds a certificate behind the others. One that is there already is not added
 * again; it takes @friendly_name if it had none.
 */
void
iss_bundle_add_certificate (IssBundle      *self,
                            IssCertificate *certificate,
                            const char     *friendly_name)
{
  GBytes *sha256;
  gpointer position;

  g_return_if_fail (ISS_IS_BUNDLE (self));
  g_return_if_fail (ISS_IS_CERTIFICATE (certificate));

  sha256 = iss_certificate_get_sha256 (certificate);

  if (g_hash_table_lookup_extended (self->positions, sha256, NULL, &position))
    {
      gpointer *slot = &g_ptr_array_index (self->friendly_names, GPOINTER_TO_UINT (position));

      if (**(char **) slot == '\0' && friendly_name != NULL)
        {
          g_free (*slot);
          *slot = g_strdup (friendly_name);
        }

      return;
    }

  g_hash_table_insert (self->positions, sha256, GUINT_TO_POINTER (self->certificates->len));
  g_ptr_array_add (self->certificates, g_object_ref (certificate));
  g_ptr_array_add (self->friendly_names, g_strdup (friendly_name != NULL ? friendly_name : ""));
}

/**
 * iss_bundle_add_key:
 * @self: a bundle
 * @key: (transfer none): a private key
 *
 * Adds a private key behind the others, unless it is there already.
 */
void
iss_bundle_add_key (IssBundle     *self,
                    IssPrivateKey *key)
{
  GBytes *spki;

  g_return_if_fail (ISS_IS_BUNDLE (self));
  g_return_if_fail (ISS_IS_PRIVATE_KEY (key));

  spki = iss_private_key_get_spki_sha256 (key);
  if (g_hash_table_contains (self->keys_by_spki, spki))
    return;

  g_ptr_array_add (self->keys, g_object_ref (key));
  g_hash_table_insert (self->keys_by_spki, spki, key);
}

/**
 * iss_bundle_mark_certificate:
 * @self: a bundle
 * @certificate: one that was added
 * @local_id: the mark by which the file pairs it with a private key
 *
 * Remembers the first mark of @certificate; a second one is passed over.
 */
void
iss_bundle_mark_certificate (IssBundle      *self,
                             IssCertificate *certificate,
                             GBytes         *local_id)
{
  gpointer position;
  IssCertificate *kept;

  g_return_if_fail (ISS_IS_BUNDLE (self));
  g_return_if_fail (ISS_IS_CERTIFICATE (certificate));
  g_return_if_fail (local_id != NULL);

  if (!g_hash_table_lookup_extended (self->positions, iss_certificate_get_sha256 (certificate),
                                     NULL, &position))
    return;

  kept = g_ptr_array_index (self->certificates, GPOINTER_TO_UINT (position));
  if (!g_hash_table_contains (self->local_ids, kept))
    g_hash_table_insert (self->local_ids, kept, g_bytes_ref (local_id));
}

/**
 * iss_bundle_mark_key:
 * @self: a bundle
 * @key: one that was added
 * @local_id: (nullable): the mark by which the file pairs it with a certificate
 * @csp_name: (nullable): the provider that kept it on Windows
 *
 * Remembers the first marks of @key.
 */
void
iss_bundle_mark_key (IssBundle     *self,
                     IssPrivateKey *key,
                     GBytes        *local_id,
                     const char    *csp_name)
{
  IssPrivateKey *kept;

  g_return_if_fail (ISS_IS_BUNDLE (self));
  g_return_if_fail (ISS_IS_PRIVATE_KEY (key));

  kept = g_hash_table_lookup (self->keys_by_spki, iss_private_key_get_spki_sha256 (key));
  if (kept == NULL)
    return;

  if (local_id != NULL && !g_hash_table_contains (self->local_ids, kept))
    g_hash_table_insert (self->local_ids, kept, g_bytes_ref (local_id));
  if (csp_name != NULL && !g_hash_table_contains (self->csp_names, kept))
    g_hash_table_insert (self->csp_names, kept, g_strdup (csp_name));
}

/**
 * iss_bundle_get_format:
 * @self: a bundle
 *
 * Returns: what the file was
 */
IssFormat
iss_bundle_get_format (IssBundle *self)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), ISS_FORMAT_UNKNOWN);

  return self->format;
}

/**
 * iss_bundle_get_integrity:
 * @self: a bundle
 *
 * Returns: what vouches for the content of the file
 */
IssIntegrity
iss_bundle_get_integrity (IssBundle *self)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), ISS_INTEGRITY_NONE);

  return self->integrity;
}

/**
 * iss_bundle_get_n_certificates:
 * @self: a bundle
 *
 * Returns: how many different certificates there are
 */
guint
iss_bundle_get_n_certificates (IssBundle *self)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), 0);

  return self->certificates->len;
}

/**
 * iss_bundle_get_certificate:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_certificates()
 *
 * Returns: (transfer none): the certificate there, in the order of the file
 */
IssCertificate *
iss_bundle_get_certificate (IssBundle *self,
                            guint      index)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);

  return g_ptr_array_index (self->certificates, index);
}

/**
 * iss_bundle_get_friendly_name:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_certificates()
 *
 * Returns: (transfer none) (nullable): the name the file gives that certificate
 */
const char *
iss_bundle_get_friendly_name (IssBundle *self,
                              guint      index)
{
  const char *name;

  g_return_val_if_fail (ISS_IS_BUNDLE (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);

  name = g_ptr_array_index (self->friendly_names, index);

  return *name != '\0' ? name : NULL;
}

/**
 * iss_bundle_get_key_for:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_certificates()
 *
 * Keys belong to certificates by their public key, whatever the file says.
 *
 * Returns: (transfer none) (nullable): the private key of that certificate
 */
IssPrivateKey *
iss_bundle_get_key_for (IssBundle *self,
                        guint      index)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), NULL);
  g_return_val_if_fail (index < self->certificates->len, NULL);

  return find_key (self, g_ptr_array_index (self->certificates, index));
}

/**
 * iss_bundle_get_pairing:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_certificates()
 *
 * Returns: what makes the private key of that certificate its own
 */
IssPairing
iss_bundle_get_pairing (IssBundle *self,
                        guint      index)
{
  IssPrivateKey *key = iss_bundle_get_key_for (self, index);
  GBytes *of_key;
  GBytes *of_certificate;

  if (key == NULL)
    return ISS_PAIRING_NONE;

  of_key = g_hash_table_lookup (self->local_ids, key);
  of_certificate = g_hash_table_lookup (self->local_ids,
                                        g_ptr_array_index (self->certificates, index));

  if (of_key == NULL || of_certificate == NULL)
    return ISS_PAIRING_PUBLIC_KEY;

  return g_bytes_equal (of_key, of_certificate) ? ISS_PAIRING_BOTH : ISS_PAIRING_CONTRADICTED;
}

/**
 * iss_bundle_get_csp_name:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_certificates()
 *
 * Returns: (transfer none) (nullable): the provider that kept the private key of that
 *   certificate on Windows, if the file says so
 */
const char *
iss_bundle_get_csp_name (IssBundle *self,
                         guint      index)
{
  IssPrivateKey *key = iss_bundle_get_key_for (self, index);

  return key != NULL ? g_hash_table_lookup (self->csp_names, key) : NULL;
}

/**
 * iss_bundle_get_n_keys:
 * @self: a bundle
 *
 * Returns: how many different private keys there are
 */
guint
iss_bundle_get_n_keys (IssBundle *self)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), 0);

  return self->keys->len;
}

/**
 * iss_bundle_get_key:
 * @self: a bundle
 * @index: less than iss_bundle_get_n_keys()
 *
 * Returns: (transfer none): the private key there, in the order of the file
 */
IssPrivateKey *
iss_bundle_get_key (IssBundle *self,
                    guint      index)
{
  g_return_val_if_fail (ISS_IS_BUNDLE (self), NULL);
  g_return_val_if_fail (index < self->keys->len, NULL);

  return g_ptr_array_index (self->keys, index);
}

/**
 * iss_bundle_get_n_unpaired_keys:
 * @self: a bundle
 *
 * Returns: how many private keys have no certificate in this bundle
 */
guint
iss_bundle_get_n_unpaired_keys (IssBundle *self)
{
  g_autoptr(GHashTable) paired = NULL;

  g_return_val_if_fail (ISS_IS_BUNDLE (self), 0);

  if (self->keys->len == 0)
    return 0;

  paired = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->certificates->len; i++)
    {
      IssPrivateKey *key = find_key (self, g_ptr_array_index (self->certificates, i));

      if (key != NULL)
        g_hash_table_add (paired, key);
    }

  return self->keys->len - g_hash_table_size (paired);
}
