/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pem-key.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/openssl.h"
#include "core/formats/pfx-cipher.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

/* An RSA key of 16,384 bits takes 13 kB. */
#define MAX_KEY_SIZE (64 * 1024)

/* OWASP, "Password Storage Cheat Sheet" (2023), for PBKDF2 with HMAC-SHA-256 */
#define ROUNDS 600000
#define SALT_BYTES 16

/* RFC 1421 style encryption takes the first bytes of the IV for salt. */
#define SALT_SIZE 8

/* The forms before PKCS#8, by label. */
static const struct
{
  const char *label;
  int         type;
} traditional[] =
{
  { "RSA PRIVATE KEY", EVP_PKEY_RSA },
  { "EC PRIVATE KEY",  EVP_PKEY_EC },
  { "DSA PRIVATE KEY", EVP_PKEY_DSA },
};

static int
traditional_type (const IssPemBlock *block)
{
  for (gsize i = 0; i < G_N_ELEMENTS (traditional); i++)
    {
      if (iss_pem_block_is (block, traditional[i].label))
        return traditional[i].type;
    }

  return EVP_PKEY_NONE;
}

static IssPrivateKey *
read_traditional (int            type,
                  const guint8  *data,
                  gsize          size,
                  GError       **error)
{
  const guint8 *end = data;
  EVP_PKEY *pkey = d2i_PrivateKey (type, NULL, &end, (long) size);

  if (pkey == NULL || end != data + size)
    {
      EVP_PKEY_free (pkey);
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED, _("The private key is damaged"));
      return NULL;
    }

  return iss_private_key_new_take (pkey, error);
}

/* PKCS#8: EncryptedPrivateKeyInfo. What came out of it looks like a key or the
 * password was wrong: nothing else vouches for it. */
static IssPrivateKey *
read_encrypted (IssSecret   *block,
                IssSecret   *password,
                IssPfxCost  *cost,
                GError     **error)
{
  g_autoptr(IssPfxCipher) cipher = NULL;
  g_autoptr(X509_SIG) encrypted = NULL;
  g_autoptr(IssSecret) clear = NULL;
  const ASN1_OCTET_STRING *content;
  const X509_ALGOR *algorithm;
  IssPrivateKey *key;
  IssPfxPassword bytes;
  gsize size;
  const guint8 *data = iss_secret_get_data (block, &size);
  const guint8 *end = data;

  encrypted = d2i_X509_SIG (NULL, &end, (long) size);
  if (encrypted == NULL || end != data + size)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED,
                                   _("The encrypted private key is damaged"));
      return NULL;
    }

  X509_SIG_get0 (encrypted, &algorithm, &content);

  cipher = iss_pfx_cipher_new (error);
  if (cipher == NULL ||
      !iss_pfx_cost_pay_algorithm (cost, algorithm, error) ||
      !iss_pfx_cipher_check (cipher, algorithm, error) ||
      !iss_pfx_cipher_take_password (password, &bytes, error))
    return NULL;

  if (password == NULL)
    {
      iss_pfx_cipher_set_wrong_password (NULL, FALSE, error);
      return NULL;
    }

  clear = iss_pfx_cipher_decrypt (cipher, algorithm, content, &bytes, error);
  if (clear == NULL)
    return NULL;

  data = iss_secret_get_data (clear, &size);
  key = iss_pem_key_read_pkcs8 (data, size, error);
  if (key == NULL && error != NULL && g_error_matches (*error, ISS_ERROR, ISS_ERROR_MALFORMED))
    iss_pfx_cipher_set_wrong_password (password, FALSE, error);

  return key;
}

static IssSecret *
decrypt_with (const EVP_CIPHER  *cipher,
              const guint8      *key,
              const guint8      *iv,
              IssSecret         *encrypted)
{
  g_autoptr(EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  g_autoptr(IssSecret) room = NULL;
  gpointer out;
  gsize size;
  gconstpointer in = iss_secret_get_data (encrypted, &size);
  int n = 0;
  int n_last = 0;

  room = iss_secret_new_sized (size + EVP_MAX_BLOCK_LENGTH, &out);

  if (!EVP_DecryptInit_ex2 (context, cipher, key, iv, NULL) ||
      !EVP_DecryptUpdate (context, out, &n, in, (int) size) ||
      !EVP_DecryptFinal_ex (context, (guint8 *) out + n, &n_last))
    return NULL;

  return iss_secret_new (out, (gsize) (n + n_last));
}

/* "DEK-Info: AES-256-CBC,5A…": the key is the MD5 of password and salt, once
 * round, so there is no cost to pay. */
static IssSecret *
decrypt_traditional (const IssPemBlock  *block,
                     IssSecret          *encrypted,
                     IssSecret          *password,
                     GError            **error)
{
  g_autofree char *info = iss_pem_block_dup_header (block, "DEK-Info");
  g_auto(GStrv) parts = g_strsplit (info != NULL ? info : "", ",", 2);
  g_autoptr(IssPfxCipher) library = NULL;
  g_autoptr(EVP_CIPHER) cipher = NULL;
  g_autoptr(EVP_MD) md5 = NULL;
  g_autoptr(GBytes) iv = NULL;
  IssSecret *clear;
  IssPfxPassword bytes;
  guint8 key[EVP_MAX_KEY_LENGTH];

  if (g_strv_length (parts) != 2 || (iv = iss_text_parse_hex (parts[1])) == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("How the private key is encrypted cannot be read"));
      return NULL;
    }

  library = iss_pfx_cipher_new (error);
  if (library == NULL || !iss_pfx_cipher_take_password (password, &bytes, error))
    return NULL;

  cipher = EVP_CIPHER_fetch (iss_pfx_cipher_get_library (library), parts[0], NULL);
  md5 = EVP_MD_fetch (iss_pfx_cipher_get_library (library), "MD5", NULL);
  ERR_clear_error ();

  if (cipher == NULL || md5 == NULL || EVP_CIPHER_get_mode (cipher) != EVP_CIPH_CBC_MODE)
    {
      g_autofree char *name = iss_text_sanitise (parts[0], -1, 40);

      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The private key is encrypted with %s, which is not supported"), name);
      return NULL;
    }

  if (g_bytes_get_size (iv) != (gsize) EVP_CIPHER_get_iv_length (cipher) ||
      g_bytes_get_size (iv) < SALT_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("How the private key is encrypted cannot be read"));
      return NULL;
    }

  if (password == NULL)
    {
      iss_pfx_cipher_set_wrong_password (NULL, FALSE, error);
      return NULL;
    }

  EVP_BytesToKey (cipher, md5, g_bytes_get_data (iv, NULL),
                  (const guint8 *) bytes.text, (int) bytes.size, 1, key, NULL);
  clear = decrypt_with (cipher, key, g_bytes_get_data (iv, NULL), encrypted);
  OPENSSL_cleanse (key, sizeof key);
  ERR_clear_error ();

  if (clear == NULL)
    iss_pfx_cipher_set_wrong_password (password, FALSE, error);

  return clear;
}

/**
 * iss_pem_key_is:
 * @block: a block of PEM
 *
 * Returns: whether it holds a private key that can be read, password permitting
 */
gboolean
iss_pem_key_is (const IssPemBlock *block)
{
  return iss_pem_block_is (block, "PRIVATE KEY") ||
         iss_pem_block_is (block, "ENCRYPTED PRIVATE KEY") ||
         traditional_type (block) != EVP_PKEY_NONE;
}

/**
 * iss_pem_key_is_encrypted:
 * @block: a block of PEM
 *
 * Returns: whether it holds a private key that needs a password
 */
gboolean
iss_pem_key_is_encrypted (const IssPemBlock *block)
{
  g_autofree char *type = NULL;

  if (iss_pem_block_is (block, "ENCRYPTED PRIVATE KEY"))
    return TRUE;

  if (traditional_type (block) == EVP_PKEY_NONE)
    return FALSE;

  type = iss_pem_block_dup_header (block, "Proc-Type");

  return type != NULL && strstr (type, "ENCRYPTED") != NULL;
}

/**
 * iss_pem_key_read_pkcs8:
 * @data: PrivateKeyInfo (RFC 5958)
 * @size: its size
 * @error: return location for an error
 *
 * Returns: (transfer full): the private key, which depends on no private library
 *   context
 */
IssPrivateKey *
iss_pem_key_read_pkcs8 (const guint8  *data,
                        gsize          size,
                        GError       **error)
{
  g_autoptr(PKCS8_PRIV_KEY_INFO) info = NULL;
  const guint8 *end = data;
  EVP_PKEY *pkey;

  info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &end, (long) size);
  if (info == NULL || end != data + size)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED, _("The private key is damaged"));
      return NULL;
    }

  pkey = EVP_PKCS82PKEY (info);
  if (pkey == NULL)
    {
      const ASN1_OBJECT *algorithm = NULL;
      char name[80];

      PKCS8_pkey_get0 (&algorithm, NULL, NULL, NULL, info);
      OBJ_obj2txt (name, sizeof name, algorithm, 0);
      ERR_clear_error ();
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   /* Translators: %s is a key algorithm, such as rsaEncryption */
                   _("The private key (%s) is damaged or of a kind that is not supported"), name);
      return NULL;
    }

  ERR_clear_error ();

  return iss_private_key_new_take (pkey, error);
}

/**
 * iss_pem_key_read:
 * @block: a block for which iss_pem_key_is()
 * @password: (nullable): the password
 * @cost: the budget of the file
 * @error: return location for an error
 *
 * Never asks anybody for a password.
 *
 * Returns: (transfer full): the private key
 */
IssPrivateKey *
iss_pem_key_read (const IssPemBlock  *block,
                  IssSecret          *password,
                  IssPfxCost         *cost,
                  GError            **error)
{
  g_autoptr(IssSecret) content = NULL;
  int type = traditional_type (block);
  gboolean encrypted = iss_pem_key_is_encrypted (block);
  IssPrivateKey *key;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (iss_pem_key_is (block), NULL);
  g_return_val_if_fail (cost != NULL, NULL);

  if (block->body_size > MAX_KEY_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The private key is larger than %d KiB"), MAX_KEY_SIZE / 1024);
      return NULL;
    }

  content = iss_pem_block_dup_secret (block);
  if (content == NULL || iss_secret_get_size (content) == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("It is not base64"));
      return NULL;
    }

  if (type == EVP_PKEY_NONE && encrypted)
    return read_encrypted (content, password, cost, error);

  if (encrypted)
    {
      g_autoptr(IssSecret) clear = decrypt_traditional (block, content, password, error);

      if (clear == NULL)
        return NULL;

      g_clear_pointer (&content, iss_secret_unref);
      content = g_steal_pointer (&clear);
    }

  data = iss_secret_get_data (content, &size);
  if (type == EVP_PKEY_NONE)
    return iss_pem_key_read_pkcs8 (data, size, error);

  key = read_traditional (type, data, size, error);
  if (key == NULL && encrypted && error != NULL &&
      g_error_matches (*error, ISS_ERROR, ISS_ERROR_MALFORMED))
    iss_pfx_cipher_set_wrong_password (password, FALSE, error);

  return key;
}

/**
 * iss_pem_key_write:
 * @key: a private key
 * @password: what protects it, not empty
 * @error: return location for an error
 *
 * Writes EncryptedPrivateKeyInfo (RFC 5958) in PEM: AES-256-CBC, with PBKDF2 in 600,000 rounds
 * of HMAC-SHA-256. That takes about a third of a second: not in the main loop.
 *
 * Errors: %ISS_ERROR_INVALID_ARGUMENT for an empty password, %ISS_ERROR_TOO_LARGE for one that
 * is too long, %ISS_ERROR_UNSUPPORTED if the key cannot leave where it is.
 *
 * Returns: (transfer full): the text
 */
GBytes *
iss_pem_key_write (IssPrivateKey  *key,
                   IssSecret      *password,
                   GError        **error)
{
  g_autoptr(PKCS8_PRIV_KEY_INFO) info = NULL;
  g_autoptr(X509_SIG) encrypted = NULL;
  g_autoptr(BIO) out = NULL;
  X509_ALGOR *algorithm;
  IssPfxPassword bytes;
  char *text;
  long size;

  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), NULL);
  g_return_val_if_fail (password != NULL, NULL);

  if (!iss_pfx_cipher_take_password (password, &bytes, error))
    return NULL;

  if (bytes.size == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A private key needs a password that is not empty"));
      return NULL;
    }

  ERR_clear_error ();
  info = EVP_PKEY2PKCS8 (iss_private_key_get_pkey (key));
  algorithm = PKCS5_pbe2_set_iv (EVP_aes_256_cbc (), ROUNDS, NULL, SALT_BYTES, NULL,
                                 NID_hmacWithSHA256);
  if (info != NULL && algorithm != NULL)
    encrypted = PKCS8_set0_pbe (bytes.text, (int) bytes.size, info, algorithm);
  if (encrypted == NULL)
    X509_ALGOR_free (algorithm);

  out = BIO_new (BIO_s_mem ());
  if (encrypted == NULL || out == NULL || PEM_write_bio_PKCS8 (out, encrypted) != 1)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_UNSUPPORTED,
                                   _("The private key cannot be written"));
      return NULL;
    }

  size = BIO_get_mem_data (out, &text);

  return g_bytes_new (text, (gsize) size);
}
