/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-writer.h"

#include "core/base/error.h"
#include "core/formats/pfx-cipher.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

/* Windows' own figures for TripleDES-SHA1; for AES as many as it takes 30 ms. */
#define ITERATIONS_AES256 100000
#define ITERATIONS_TRIPLEDES 2000

/* OpenSSL's stacks are freed with what is in them. */
typedef struct
{
  STACK_OF (PKCS12_SAFEBAG) *keys;
  STACK_OF (PKCS12_SAFEBAG) *certificates;
  STACK_OF (PKCS7)          *safes;
  PKCS12                    *file;
} PfxParts;

typedef struct
{
  int           pbe;
  int           iterations;
  const EVP_MD *mac;
} PfxRecipe;

static void
pfx_parts_clear (PfxParts *self)
{
  sk_PKCS12_SAFEBAG_pop_free (self->keys, PKCS12_SAFEBAG_free);
  sk_PKCS12_SAFEBAG_pop_free (self->certificates, PKCS12_SAFEBAG_free);
  sk_PKCS7_pop_free (self->safes, PKCS7_free);
  PKCS12_free (self->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PfxParts, pfx_parts_clear)

/* The MAC digest goes with the cipher: what reads the one reads the other. */
static PfxRecipe
get_recipe (IssPfxProfile profile,
            guint         rounds)
{
  const PfxRecipe aes256 = { NID_aes_256_cbc,
                             rounds > 0 ? (int) rounds : ITERATIONS_AES256, EVP_sha256 () };
  const PfxRecipe tripledes = { NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                                rounds > 0 ? (int) rounds : ITERATIONS_TRIPLEDES, EVP_sha1 () };

  switch (profile)
    {
    case ISS_PFX_PROFILE_AES256_SHA256:
      return aes256;

    case ISS_PFX_PROFILE_TRIPLEDES_SHA1:
      return tripledes;
    }

  g_assert_not_reached ();
}

static int
find_certificate (IssBundle     *bundle,
                  IssPrivateKey *key)
{
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      if (iss_bundle_get_key_for (bundle, i) == key)
        return (int) i;
    }

  return -1;
}

/* localKeyID says which key belongs to which certificate. Windows looks at
 * nothing else; what it is does not matter: 01 00 00 00 and so on, as it writes. */
static gboolean
add_names (PKCS12_SAFEBAG *bag,
           guint           position,
           const char     *friendly_name,
           gboolean        is_paired)
{
  guint8 id[] = { (guint8) (position + 1), (guint8) ((position + 1) >> 8), 0, 0 };

  return bag != NULL &&
         (!is_paired || PKCS12_add_localkeyid (bag, id, sizeof id)) &&
         (friendly_name == NULL || PKCS12_add_friendlyname_utf8 (bag, friendly_name, -1));
}

static gboolean
add_key (PfxParts        *parts,
         IssBundle       *bundle,
         guint            position,
         PfxRecipe        recipe,
         const char      *password)
{
  IssPrivateKey *key = iss_bundle_get_key_for (bundle, position);
  PKCS12_SAFEBAG *bag;

  /* The same key may have several certificates: it goes with the first. */
  if (key == NULL || find_certificate (bundle, key) != (int) position)
    return TRUE;

  bag = PKCS12_add_key (&parts->keys, iss_private_key_get_pkey (key), 0,
                        recipe.iterations, recipe.pbe, password);

  return add_names (bag, position, iss_bundle_get_friendly_name (bundle, position), TRUE);
}

/* Those who know only one certificate for a key take the first localKeyID. */
static gboolean
add_certificate (PfxParts  *parts,
                 IssBundle *bundle,
                 guint      position)
{
  IssPrivateKey *key = iss_bundle_get_key_for (bundle, position);
  guint owner = key != NULL ? (guint) find_certificate (bundle, key) : position;
  IssCertificate *certificate = iss_bundle_get_certificate (bundle, position);
  PKCS12_SAFEBAG *bag;

  bag = PKCS12_add_cert (&parts->certificates, iss_certificate_get_x509 (certificate));

  return add_names (bag, owner, iss_bundle_get_friendly_name (bundle, position), key != NULL);
}

static gboolean
make_file (PfxParts   *parts,
           IssBundle  *bundle,
           PfxRecipe   recipe,
           gboolean    privacy,
           const char *password)
{
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      if (!add_certificate (parts, bundle, i) || !add_key (parts, bundle, i, recipe, password))
        return FALSE;
    }

  if (parts->keys != NULL && !PKCS12_add_safe (&parts->safes, parts->keys, -1, 0, NULL))
    return FALSE;

  if (!PKCS12_add_safe (&parts->safes, parts->certificates, privacy ? recipe.pbe : -1,
                        recipe.iterations, password))
    return FALSE;

  parts->file = PKCS12_add_safes (parts->safes, 0);

  return parts->file != NULL &&
         PKCS12_set_mac (parts->file, password, -1, NULL, 0, recipe.iterations, recipe.mac);
}

/**
 * iss_pfx_writer_write_with:
 * @bundle: certificates, whole chain, and their private keys; at least one
 *   certificate, and no private key without one
 * @profile: who must be able to read it
 * @privacy: whether the certificates are encrypted, too (“certificate privacy”);
 *   private keys always are
 * @rounds: how often what is derived from the password is hashed, at most 100,000; 0: as often
 *   as @profile has it, which is right wherever the password is a secret
 * @password: (nullable): the password; none is the same as an empty one
 * @error: return location for an error
 *
 * Writes a PFX file (RFC 7292): private keys encrypted, names and pairs kept, everything
 * sealed with a MAC. AES256-SHA256 is PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA256,
 * 100,000 rounds; TripleDES-SHA1 takes 2,000.
 *
 * Errors: %ISS_ERROR_INVALID_ARGUMENT if @bundle cannot be a PFX file,
 * %ISS_ERROR_TOO_LARGE for a password over 1,024 bytes.
 *
 * Returns: (transfer full): the file
 */
GBytes *
iss_pfx_writer_write_with (IssBundle      *bundle,
                           IssPfxProfile   profile,
                           gboolean        privacy,
                           guint           rounds,
                           IssSecret      *password,
                           GError        **error)
{
  g_auto(PfxParts) parts = { NULL };
  IssPfxPassword bytes;
  guint8 *encoded = NULL;
  GBytes *file;
  int size;

  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), NULL);
  g_return_val_if_fail (rounds <= ITERATIONS_AES256, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (iss_bundle_get_n_certificates (bundle) == 0 || iss_bundle_get_n_unpaired_keys (bundle) > 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A PFX file needs a certificate for each private key"));
      return NULL;
    }

  if (!iss_pfx_cipher_take_password (password, &bytes, error))
    return NULL;

  if (bytes.text == NULL)
    bytes.text = "";

  /* OpenSSL takes it up to the first NUL: the file would open with less. */
  if (strlen (bytes.text) != bytes.size)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The password must not contain a NUL character"));
      return NULL;
    }

  if (!make_file (&parts, bundle, get_recipe (profile, rounds), privacy, bytes.text))
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The PFX file cannot be made"));
      return NULL;
    }

  size = i2d_PKCS12 (parts.file, &encoded);
  if (size <= 0)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The PFX file cannot be made"));
      return NULL;
    }

  ERR_clear_error ();
  file = g_bytes_new (encoded, (gsize) size);
  OPENSSL_free (encoded);

  return file;
}

/**
 * iss_pfx_writer_write:
 * @bundle: as for iss_pfx_writer_write_with()
 * @profile: who must be able to read it
 * @password: (nullable): the password
 * @error: return location for an error
 *
 * Writes a PFX file in which the certificates are encrypted, too.
 *
 * Returns: (transfer full): the file
 */
GBytes *
iss_pfx_writer_write (IssBundle      *bundle,
                      IssPfxProfile   profile,
                      IssSecret      *password,
                      GError        **error)
{
  return iss_pfx_writer_write_with (bundle, profile, TRUE, 0, password, error);
}
