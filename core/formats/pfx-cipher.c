/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-cipher.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"
#include "core/formats/pfx-key-length.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>

struct _IssPfxCipher
{
  OSSL_LIB_CTX  *library;
  OSSL_PROVIDER *usual;
  OSSL_PROVIDER *legacy;    /* (nullable): not installed */
};

/* What a password-based encryption is made of. */
static const struct
{
  int         nid;
  const char *cipher;
  const char *digest;
} pbes1[] =
{
  { NID_pbe_WithSHA1And128BitRC4,            "RC4",          "SHA1" },
  { NID_pbe_WithSHA1And40BitRC4,             "RC4-40",       "SHA1" },
  { NID_pbe_WithSHA1And3_Key_TripleDES_CBC,  "DES-EDE3-CBC", "SHA1" },
  { NID_pbe_WithSHA1And2_Key_TripleDES_CBC,  "DES-EDE-CBC",  "SHA1" },
  { NID_pbe_WithSHA1And128BitRC2_CBC,        "RC2-CBC",      "SHA1" },
  { NID_pbe_WithSHA1And40BitRC2_CBC,         "RC2-40-CBC",   "SHA1" },
  { NID_pbeWithMD5AndDES_CBC,                "DES-CBC",      "MD5"  },
  { NID_pbeWithMD5AndRC2_CBC,                "RC2-64-CBC",   "MD5"  },
  { NID_pbeWithSHA1AndDES_CBC,               "DES-CBC",      "SHA1" },
  { NID_pbeWithSHA1AndRC2_CBC,               "RC2-64-CBC",   "SHA1" },
};

static gboolean
refuse (IssPfxCipher  *self,
        const char    *name,
        GError       **error)
{
  ERR_clear_error ();

  if (self->legacy == NULL)
    g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                 /* Translators: the first %s is an algorithm, the second a package */
                 _("The file uses %s, which is not available here: OpenSSL's legacy provider is "
                   "not installed (on Debian 13, install the package %s)"),
                 name, "openssl-provider-legacy");
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                 /* Translators: %s is an algorithm */
                 _("The file uses %s, which is not supported"), name);

  return FALSE;
}

static gboolean
has_cipher (IssPfxCipher *self,
            const char   *name)
{
  g_autoptr(EVP_CIPHER) cipher = EVP_CIPHER_fetch (self->library, name, NULL);

  return cipher != NULL && EVP_CIPHER_get_mode (cipher) != EVP_CIPH_GCM_MODE &&
         EVP_CIPHER_get_mode (cipher) != EVP_CIPH_CCM_MODE;
}

static gboolean
has_digest (IssPfxCipher *self,
            const char   *name)
{
  g_autoptr(EVP_MD) digest = EVP_MD_fetch (self->library, name, NULL);

  return digest != NULL;
}

/* RFC 8018 appendix A.2: without a PRF it is HMAC with SHA-1. */
static gboolean
check_prf (IssPfxCipher      *self,
           const X509_ALGOR  *kdf,
           GError           **error)
{
  g_autoptr(PBKDF2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), kdf->parameter);
  char name[80];
  int nid;

  if (parameters == NULL || parameters->prf == NULL)
    return TRUE;

  if (EVP_PBE_find (EVP_PBE_TYPE_PRF, OBJ_obj2nid (parameters->prf->algorithm), NULL, &nid, NULL) &&
      has_digest (self, OBJ_nid2sn (nid)))
    return TRUE;

  OBJ_obj2txt (name, sizeof name, parameters->prf->algorithm, 0);

  return refuse (self, name, error);
}

static gboolean
check_pbes2 (IssPfxCipher      *self,
             const X509_ALGOR  *algorithm,
             GError           **error)
{
  g_autoptr(PBE2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  char name[80];
  int nid;

  if (parameters == NULL)
    {
      ERR_clear_error ();
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The file is damaged: how its content is encrypted cannot be read"));
      return FALSE;
    }

  nid = OBJ_obj2nid (parameters->encryption->algorithm);
  if (nid == NID_undef || !has_cipher (self, OBJ_nid2sn (nid)))
    {
      OBJ_obj2txt (name, sizeof name, parameters->encryption->algorithm, 0);
      return refuse (self, name, error);
    }

  if (!iss_pfx_key_length_fits (algorithm))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   /* Translators: %s is a cipher */
                   _("The file uses %s with a key of a length that it cannot have"),
                   OBJ_nid2sn (nid));
      return FALSE;
    }

  if (OBJ_obj2nid (parameters->keyfunc->algorithm) == NID_id_pbkdf2)
    return check_prf (self, parameters->keyfunc, error);

  return TRUE;
}

/**
 * iss_pfx_cipher_new:
 * @error: return location for an error
 *
 * Returns: (transfer full): the algorithms there are here
 */
IssPfxCipher *
iss_pfx_cipher_new (GError **error)
{
  g_autoptr(IssPfxCipher) self = g_new0 (IssPfxCipher, 1);

  self->library = OSSL_LIB_CTX_new ();
  if (self->library != NULL)
    self->usual = OSSL_PROVIDER_load (self->library, "default");

  if (self->usual == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("OpenSSL cannot be used"));
      return NULL;
    }

  self->legacy = OSSL_PROVIDER_load (self->library, "legacy");
  ERR_clear_error ();

  return g_steal_pointer (&self);
}

/**
 * iss_pfx_cipher_free:
 * @self: (transfer full): algorithms
 */
void
iss_pfx_cipher_free (IssPfxCipher *self)
{
  if (self->legacy != NULL)
    OSSL_PROVIDER_unload (self->legacy);
  if (self->usual != NULL)
    OSSL_PROVIDER_unload (self->usual);

  OSSL_LIB_CTX_free (self->library);
  g_free (self);
}

/**
 * iss_pfx_cipher_get_library:
 * @self: algorithms
 *
 * Returns: (transfer none): the library context they are in
 */
OSSL_LIB_CTX *
iss_pfx_cipher_get_library (IssPfxCipher *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->library;
}

/**
 * iss_pfx_cipher_check:
 * @self: algorithms
 * @algorithm: a password-based encryption
 * @error: return location for an error
 *
 * Asks whether @algorithm can be done here, without deriving anything. If not,
 * %ISS_ERROR_UNSUPPORTED with its name and what to install.
 *
 * Returns: whether it can
 */
gboolean
iss_pfx_cipher_check (IssPfxCipher      *self,
                      const X509_ALGOR  *algorithm,
                      GError           **error)
{
  char name[80];
  int nid;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (algorithm != NULL, FALSE);

  nid = OBJ_obj2nid (algorithm->algorithm);
  if (nid == NID_pbes2)
    return check_pbes2 (self, algorithm, error);

  OBJ_obj2txt (name, sizeof name, algorithm->algorithm, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (pbes1); i++)
    {
      if (pbes1[i].nid == nid)
        return (has_cipher (self, pbes1[i].cipher) && has_digest (self, pbes1[i].digest)) ||
               refuse (self, name, error);
    }

  return refuse (self, name, error);
}

/**
 * iss_pfx_cipher_other_form:
 * @password: a password, which changes
 * @derives_utf16: whether it goes through PKCS#12's own derivation
 *
 * Changes @password to the other form in which files know it, or back: none at all and
 * an empty one; as RFC 7292 says and as OpenSSL before 1.1 wrote it.
 *
 * Returns: whether there is another form
 */
gboolean
iss_pfx_cipher_other_form (IssPfxPassword *password,
                           gboolean        derives_utf16)
{
  g_return_val_if_fail (password != NULL, FALSE);

  if (password->size == 0)
    {
      password->text = password->text == NULL ? "" : NULL;
      return TRUE;
    }

  if (!derives_utf16)
    return FALSE;

  for (gsize i = 0; i < password->size; i++)
    {
      if ((guint8) password->text[i] >= 0x80)
        {
          password->as_bytes = !password->as_bytes;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * iss_pfx_cipher_dup_utf16_text:
 * @password: a password
 *
 * Returns: (transfer full): UTF-8 text that PKCS#12's derivation is to turn into UTF-16
 */
IssSecret *
iss_pfx_cipher_dup_utf16_text (const IssPfxPassword *password)
{
  gpointer room;
  g_autoptr(IssSecret) longest = NULL;
  guint8 *out;
  gsize n = 0;

  g_return_val_if_fail (password != NULL, NULL);

  if (!password->as_bytes)
    return iss_secret_new (password->text, password->size);

  /* Each byte becomes the character of that number, which is that byte after a zero. */
  longest = iss_secret_new_sized (2 * password->size, &room);
  out = room;
  for (gsize i = 0; i < password->size; i++)
    {
      guint8 byte = (guint8) password->text[i];

      if (byte >= 0x80)
        {
          out[n++] = (guint8) (0xc0 | byte >> 6);
          byte = (guint8) (0x80 | (byte & 0x3f));
        }
      out[n++] = byte;
    }

  return iss_secret_new (out, n);
}

/* (nullable): it has characters that Latin-1 has not, or none that are not ASCII */
static IssSecret *
dup_latin1 (const IssPfxPassword *password)
{
  const char *end = password->text + password->size;
  gpointer room;
  g_autoptr(IssSecret) longest = iss_secret_new_sized (password->size, &room);
  guint8 *out = room;
  gsize n = 0;

  for (const char *at = password->text; at < end; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character > 0xff)
        return NULL;
      out[n++] = (guint8) character;
    }

  return n < password->size ? iss_secret_new (out, n) : NULL;
}

/* As RFC 7292, appendix B.1, has it for its own derivation: big-endian, with a final zero. */
static IssSecret *
dup_utf16 (const IssPfxPassword *password)
{
  const char *end = password->text + password->size;
  gpointer room;
  g_autoptr(IssSecret) longest = iss_secret_new_sized (2 * password->size + 2, &room);
  guint8 *out = room;
  gsize n = 0;

  for (const char *at = password->text; at < end; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);
      guint units[2] = { character, 0 };

      if (character > 0xffff)
        {
          units[0] = 0xd800 + ((character - 0x10000) >> 10);
          units[1] = 0xdc00 + ((character - 0x10000) & 0x3ff);
        }
      for (guint i = 0; i < 2 && (i == 0 || units[i] != 0); i++)
        {
          out[n++] = (guint8) (units[i] >> 8);
          out[n++] = (guint8) units[i];
        }
    }
  out[n++] = 0;
  out[n++] = 0;

  return iss_secret_new (out, n);
}

/**
 * iss_pfx_cipher_dup_odd_form:
 * @password: a password
 * @index: below %ISS_PFX_CIPHER_N_ODD_FORMS
 *
 * BouncyCastle's older versions gave PBES2 the password in Latin-1, NSS's in UTF-16.
 *
 * Returns: (transfer full) (nullable): the bytes of another encoding; %NULL if there is none
 */
IssSecret *
iss_pfx_cipher_dup_odd_form (const IssPfxPassword *password,
                             guint                 index)
{
  g_return_val_if_fail (password != NULL, NULL);
  g_return_val_if_fail (index < ISS_PFX_CIPHER_N_ODD_FORMS, NULL);

  if (password->size == 0 ||
      !g_utf8_validate (password->text, (gssize) password->size, NULL))
    return NULL;

  return index == 0 ? dup_latin1 (password) : dup_utf16 (password);
}

/**
 * iss_pfx_cipher_decrypt:
 * @self: algorithms
 * @algorithm: a password-based encryption that was paid for and checked
 * @encrypted: what is encrypted
 * @password: the password
 * @error: return location for an error
 *
 * If the padding is wrong after decryption, the error is
 * %ISS_ERROR_WRONG_PASSWORD; the caller may know better and say more. A wrong
 * password goes unnoticed once in 256 times: the caller must look at what it got.
 *
 * Returns: (transfer full): the clear bytes
 */
IssSecret *
iss_pfx_cipher_decrypt (IssPfxCipher             *self,
                        const X509_ALGOR         *algorithm,
                        const ASN1_OCTET_STRING  *encrypted,
                        const IssPfxPassword     *password,
                        GError                  **error)
{
  g_autoptr(IssSecret) text = NULL;
  g_autoptr(X509_ALGOR) mended = NULL;
  IssSecret *secret = NULL;
  IssPfxPassword bytes;
  unsigned char *clear = NULL;
  int size = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (algorithm != NULL && encrypted != NULL && password != NULL, NULL);
  g_return_val_if_fail (password->size <= ISS_PFX_CIPHER_MAX_PASSWORD, NULL);

  if (ASN1_STRING_length (encrypted) == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The file is damaged: an encrypted part is empty"));
      return NULL;
    }

  bytes = *password;
  if (password->as_bytes && OBJ_obj2nid (algorithm->algorithm) != NID_pbes2)
    {
      text = iss_pfx_cipher_dup_utf16_text (password);
      bytes.text = iss_secret_get_data (text, &bytes.size);
    }

  mended = iss_pfx_key_length_dup_mended (algorithm);
  ERR_clear_error ();

  if (PKCS12_pbe_crypt_ex (mended != NULL ? mended : algorithm, bytes.text, (int) bytes.size,
                           ASN1_STRING_get0_data (encrypted), ASN1_STRING_length (encrypted),
                           &clear, &size, 0, self->library, NULL) == NULL)
    {
      unsigned long reason = ERR_peek_last_error ();

      if (ERR_GET_LIB (reason) == ERR_LIB_PKCS12 &&
          ERR_GET_REASON (reason) == PKCS12_R_PKCS12_CIPHERFINAL_ERROR)
        {
          ERR_clear_error ();
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD,
                               _("The password is wrong, or the file is damaged"));
        }
      else
        {
          iss_error_take_from_openssl (error, ISS_ERROR_MALFORMED,
                                       _("The encrypted part of the file cannot be decrypted"));
        }

      return NULL;
    }

  secret = iss_secret_new (clear, (gsize) size);
  OPENSSL_clear_free (clear, (size_t) size);

  return secret;
}

/**
 * iss_pfx_cipher_take_password:
 * @password: (nullable): what was typed
 * @out_password: (out): the same, borrowed from @password
 * @error: return location for an error
 *
 * Returns: whether it can be a password
 */
gboolean
iss_pfx_cipher_take_password (IssSecret       *password,
                              IssPfxPassword  *out_password,
                              GError         **error)
{
  IssPfxPassword taken = { NULL, 0, FALSE };

  g_return_val_if_fail (out_password != NULL, FALSE);

  if (password != NULL)
    {
      taken.text = iss_secret_get_data (password, &taken.size);
      if (taken.text == NULL)
        taken.text = "";
    }

  if (taken.size > ISS_PFX_CIPHER_MAX_PASSWORD)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The password is longer than %d bytes"), ISS_PFX_CIPHER_MAX_PASSWORD);
      return FALSE;
    }

  *out_password = taken;

  return TRUE;
}

/**
 * iss_pfx_cipher_set_wrong_password:
 * @password: (nullable): what was typed
 * @proved: whether nothing else can be wrong
 * @error: return location for an error
 *
 * Sets %ISS_ERROR_WRONG_PASSWORD with the sentence that fits, in place of what
 * is in @error.
 */
void
iss_pfx_cipher_set_wrong_password (IssSecret  *password,
                                   gboolean    proved,
                                   GError    **error)
{
  const char *sentence;

  if (password == NULL)
    sentence = _("A password is needed to open this file");
  else if (proved)
    sentence = _("The password is wrong");
  else
    sentence = _("The password is wrong, or the file is damaged");

  g_clear_error (error);
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD, sentence);
}
