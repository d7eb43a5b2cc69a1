/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/package.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"

/* The first bytes of what is signed: an administrator's key signs other things, too. */
#define TITLE "issuant package 1"

/* title, manifest, sealed keys: slot and message */
#define CONTENT_TYPE "(s" ISS_MANIFEST_TYPE "a(yay))"

/**
 * IssPackage:
 *
 * A package whose signature was verified, as a server gets it: nothing of it is decrypted until
 * it was also checked to be for that server.
 */
struct _IssPackage
{
  GObject         parent_instance;

  /* Owned */
  GBytes         *bytes;
  IssManifest    *manifest;
  GBytes         *sealed_keys[ISS_N_SLOTS];   /* (nullable) */
  IssCertificate *signer;

  gint64          signed_at;
};

G_DEFINE_FINAL_TYPE (IssPackage, iss_package, G_TYPE_OBJECT)

static void
iss_package_finalize (GObject *object)
{
  IssPackage *self = ISS_PACKAGE (object);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&self->sealed_keys[i], g_bytes_unref);
  g_clear_pointer (&self->manifest, iss_manifest_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->signer);

  G_OBJECT_CLASS (iss_package_parent_class)->finalize (object);
}

static void
iss_package_class_init (IssPackageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_package_finalize;
}

static void
iss_package_init (IssPackage *self)
{
}

static gboolean
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, sentence);

  return FALSE;
}

/* One order of bytes on every machine. */
static GVariant *
to_little_endian (GVariant *variant)
{
  return G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (variant) : g_variant_byteswap (variant);
}

static GBytes *
encode (const IssManifest *manifest,
        GBytes *const      sealed_keys[ISS_N_SLOTS])
{
  GVariantBuilder keys;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) content = NULL;

  g_variant_builder_init (&keys, G_VARIANT_TYPE ("a(yay)"));
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (sealed_keys[i] != NULL)
      g_variant_builder_add (&keys, "(y@ay)", (guint8) i,
                             g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, sealed_keys[i],
                                                       TRUE));

  native = g_variant_ref_sink (g_variant_new ("(s@" ISS_MANIFEST_TYPE "a(yay))", TITLE,
                                              iss_manifest_encode (manifest), &keys));
  content = to_little_endian (native);

  return g_variant_get_data_as_bytes (content);
}

/* A key for each slot that needs one, and no other. The pool's own copy has none. */
static gboolean
check_keys (const IssManifest  *manifest,
            GBytes *const       sealed_keys[ISS_N_SLOTS],
            GError            **error)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const gboolean needed = *manifest->server != '\0' &&
                              iss_manifest_needs_key (manifest, (IssSlot) i);

      if (needed != (sealed_keys[i] != NULL))
        return refuse (error, _("The package does not hold just the private keys that it needs"));

      if (sealed_keys[i] != NULL &&
          g_bytes_get_size (sealed_keys[i]) > ISS_PACKAGE_MAX_SEALED_KEY)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("A sealed key in the package is larger than %d KiB"),
                       ISS_PACKAGE_MAX_SEALED_KEY / 1024);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * iss_package_seal_key:
 * @private_key: the private key of a certificate
 * @recipient: the certificate that a server was enrolled with
 * @error: return location for an error, as of iss_seal_to()
 *
 * Returns: (transfer full): the key, which only that server can read
 */
GBytes *
iss_package_seal_key (IssPrivateKey   *private_key,
                      IssCertificate  *recipient,
                      GError         **error)
{
  g_autoptr(IssSecret) pkcs8 = NULL;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (private_key), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (recipient), NULL);

  pkcs8 = iss_private_key_dup_pkcs8 (private_key, error);

  return pkcs8 != NULL ? iss_seal_to (recipient, pkcs8, error) : NULL;
}

/**
 * iss_package_compose:
 * @manifest: what a type shall use; with the id of a server, or none for the pool's own copy
 * @sealed_keys: by slot, what iss_package_seal_key() made for that server, or %NULL
 * @signer: the administrator's certificate
 * @signer_key: its private key
 * @now: seconds since 1970
 * @error: return location for an error, as of iss_signed_data_sign(), or %ISS_ERROR_MALFORMED
 *   when a key is missing or one too many
 *
 * Returns: (transfer full): the package
 */
GBytes *
iss_package_compose (const IssManifest  *manifest,
                     GBytes *const       sealed_keys[ISS_N_SLOTS],
                     IssCertificate     *signer,
                     IssPrivateKey      *signer_key,
                     gint64              now,
                     GError            **error)
{
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GBytes) package = NULL;

  g_return_val_if_fail (manifest != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (signer), NULL);
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (signer_key), NULL);

  if (!check_keys (manifest, sealed_keys, error))
    return NULL;

  content = encode (manifest, sealed_keys);
  package = iss_signed_data_sign (content, signer, signer_key, now, error);
  if (package == NULL)
    return NULL;

  if (g_bytes_get_size (package) > ISS_PACKAGE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The package is larger than %d MiB"), ISS_PACKAGE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  return g_steal_pointer (&package);
}

static gboolean
read_keys (IssPackage  *self,
           GVariant    *keys,
           GError     **error)
{
  gint last = -1;

  for (gsize i = 0; i < g_variant_n_children (keys); i++)
    {
      g_autoptr(GVariant) sealed = NULL;
      guint8 slot;

      g_variant_get_child (keys, i, "(y@ay)", &slot, &sealed);
      if (slot >= ISS_N_SLOTS || (gint) slot <= last)
        return refuse (error, _("The sealed keys of the package are not in order"));

      last = slot;
      self->sealed_keys[slot] = g_variant_get_data_as_bytes (sealed);
    }

  return check_keys (self->manifest, self->sealed_keys, error);
}

static gboolean
read_content (IssPackage  *self,
              GBytes      *content,
              GError     **error)
{
  g_autoptr(GVariant) written = NULL;
  g_autoptr(GVariant) native = NULL;
  g_autoptr(GVariant) manifest = NULL;
  g_autoptr(GVariant) keys = NULL;
  g_autoptr(GBytes) again = NULL;
  const char *title;

  written = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (CONTENT_TYPE), content,
                                                          FALSE));
  if (!g_variant_is_normal_form (written))
    return refuse (error, _("What is signed is not a package"));

  native = to_little_endian (written);
  g_variant_get (native, "(&s@" ISS_MANIFEST_TYPE "@a(yay))", &title, &manifest, &keys);
  if (!g_str_equal (title, TITLE))
    return refuse (error, _("What is signed is not a package"));

  self->manifest = iss_manifest_decode (manifest, error);
  if (self->manifest == NULL || !read_keys (self, keys, error))
    return FALSE;

  /* There is one way to write a package, so that two that differ say different things. */
  again = encode (self->manifest, self->sealed_keys);
  if (!g_bytes_equal (again, content))
    return refuse (error, _("The package is not written as Issuant writes it"));

  return TRUE;
}

/**
 * iss_package_verify:
 * @bytes: a package from outside
 * @administrators: (element-type IssCertificate): who may sign; their certificates are pinned
 * @error: return location for an error
 *
 * Nothing is decrypted. Errors are those of iss_signed_data_verify(): %ISS_ERROR_REFUSED for
 * another signer or one that is no administrator any more, %ISS_ERROR_MALFORMED for what is
 * forged, cut off or damaged, %ISS_ERROR_TOO_LARGE.
 *
 * Returns: (transfer full): a package that an administrator has signed, for whomever it may be
 */
IssPackage *
iss_package_verify (GBytes     *bytes,
                    GPtrArray  *administrators,
                    GError    **error)
{
  g_autoptr(IssPackage) self = NULL;
  g_autoptr(GBytes) content = NULL;

  g_return_val_if_fail (bytes != NULL && administrators != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_bytes_get_size (bytes) > ISS_PACKAGE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The package is larger than %d MiB"), ISS_PACKAGE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  self = g_object_new (ISS_TYPE_PACKAGE, NULL);
  self->bytes = g_bytes_ref (bytes);
  content = iss_signed_data_verify (bytes, administrators, ISS_PACKAGE_MAX_SIZE, &self->signer,
                                    &self->signed_at, error);
  if (content == NULL || !read_content (self, content, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * iss_package_check:
 * @self: a package
 * @pool: the pool that it must be for
 * @server: the id of the server that it must be for; "" for the pool's own copy
 * @type: (nullable): the type that it must be for
 * @highest: the highest revision that was accepted of its type before
 * @error: return location for %ISS_ERROR_REFUSED
 *
 * Returns: whether it is meant for that server, and newer than everything there
 */
gboolean
iss_package_check (IssPackage               *self,
                   const char               *pool,
                   const char               *server,
                   const IssCertificateType *type,
                   guint64                   highest,
                   GError                  **error)
{
  const IssManifest *manifest;

  g_return_val_if_fail (ISS_IS_PACKAGE (self), FALSE);
  g_return_val_if_fail (pool != NULL && server != NULL, FALSE);

  manifest = self->manifest;
  if (!g_str_equal (manifest->pool, pool))
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 /* Translators: two pools */
                 _("The package is for another pool: %s, not %s"), manifest->pool, pool);
  else if (!g_str_equal (manifest->server, server))
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                         _("The package is for another server"));
  else if (type != NULL && manifest->type != type)
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 /* Translators: two certificate types */
                 _("The package is for another certificate type: %s, not %s"),
                 manifest->type->name, type->name);
  else if (manifest->revision <= highest)
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 _("The package is an old one: it is revision %" G_GUINT64_FORMAT " of %s, and "
                   "revision %" G_GUINT64_FORMAT " was accepted before"),
                 manifest->revision, manifest->type->name, highest);
  else
    return TRUE;

  return FALSE;
}

/**
 * iss_package_open_key:
 * @self: a package that iss_package_check() found to be for this server
 * @slot: a slot that needs a key
 * @recipient: the certificate that this server was enrolled with
 * @recipient_key: its private key
 * @error: return location for an error: as of iss_seal_open(), %ISS_ERROR_NOT_FOUND when there
 *   is no key, %ISS_ERROR_MALFORMED when it is not the certificate's
 *
 * Returns: (transfer full): the private key of the certificate in that slot
 */
IssPrivateKey *
iss_package_open_key (IssPackage      *self,
                      IssSlot          slot,
                      IssCertificate  *recipient,
                      IssPrivateKey   *recipient_key,
                      GError         **error)
{
  g_autoptr(IssSecret) pkcs8 = NULL;
  g_autoptr(IssPrivateKey) key = NULL;

  g_return_val_if_fail (ISS_IS_PACKAGE (self), NULL);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  if (self->sealed_keys[slot] == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The package has no private key for what is %s"),
                   iss_slot_get_label (slot));
      return NULL;
    }

  pkcs8 = iss_seal_open (self->sealed_keys[slot], recipient, recipient_key, error);
  key = pkcs8 != NULL ? iss_private_key_new_from_pkcs8 (pkcs8, error) : NULL;
  if (key == NULL)
    return NULL;

  if (!iss_private_key_matches (key, self->manifest->slot[slot]))
    {
      refuse (error, _("A private key in the package does not belong to its certificate"));
      return NULL;
    }

  return g_steal_pointer (&key);
}

/**
 * iss_package_get_bytes:
 * @self: a package
 *
 * Returns: (transfer none): it as it was signed
 */
GBytes *
iss_package_get_bytes (IssPackage *self)
{
  g_return_val_if_fail (ISS_IS_PACKAGE (self), NULL);

  return self->bytes;
}

/**
 * iss_package_get_manifest:
 * @self: a package
 *
 * Returns: (transfer none): what the type shall use
 */
const IssManifest *
iss_package_get_manifest (IssPackage *self)
{
  g_return_val_if_fail (ISS_IS_PACKAGE (self), NULL);

  return self->manifest;
}

/**
 * iss_package_get_sealed_key:
 * @self: a package
 * @slot: a slot
 *
 * Returns: (transfer none) (nullable): the private key as the server gets it, which goes into
 *   the server's next package as it is
 */
GBytes *
iss_package_get_sealed_key (IssPackage *self,
                            IssSlot     slot)
{
  g_return_val_if_fail (ISS_IS_PACKAGE (self), NULL);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return self->sealed_keys[slot];
}

/**
 * iss_package_get_signer:
 * @self: a package
 *
 * Returns: (transfer none): the administrator who signed it
 */
IssCertificate *
iss_package_get_signer (IssPackage *self)
{
  g_return_val_if_fail (ISS_IS_PACKAGE (self), NULL);

  return self->signer;
}

/**
 * iss_package_get_signed_at:
 * @self: a package
 *
 * Returns: when it was signed, by the signer's clock
 */
gint64
iss_package_get_signed_at (IssPackage *self)
{
  g_return_val_if_fail (ISS_IS_PACKAGE (self), 0);

  return self->signed_at;
}
