/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-mac.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pkcs12.h>

/* RFC 9579 section 5: a shorter key is not to be accepted. */
#define MIN_PBMAC1_KEY 20
#define MAX_PBMAC1_KEY 64

/* PBMAC1 read, RFC 8018 appendix A.5. The parameters have the form of PBES2's,
 * with a MAC in place of the cipher. */
typedef struct
{
  PBE2PARAM               *parameters;
  PBKDF2PARAM             *pbkdf2;
  const ASN1_OCTET_STRING *salt;
  gint64                   key_size;
  int                      prf;     /* NID of the digest */
  int                      hmac;    /* NID of the digest */
} Pbmac1;

static void
pbmac1_clear (Pbmac1 *self)
{
  g_clear_pointer (&self->pbkdf2, PBKDF2PARAM_free);
  g_clear_pointer (&self->parameters, PBE2PARAM_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pbmac1, pbmac1_clear)

static gboolean
refuse_malformed (GError **error)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The file is damaged: how its content is sealed cannot be read"));

  return FALSE;
}

static gboolean
refuse_key_size (GError **error)
{
  ERR_clear_error ();
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               /* Translators: PBMAC1 is an algorithm */
               _("The file is sealed with PBMAC1 in a way that is not allowed: it must say the "
                 "length of its key, %d to %d bytes (RFC 9579)"), MIN_PBMAC1_KEY, MAX_PBMAC1_KEY);

  return FALSE;
}

static gboolean
refuse_unsupported (const ASN1_OBJECT  *algorithm,
                    GError            **error)
{
  char name[80];

  OBJ_obj2txt (name, sizeof name, algorithm, 0);
  ERR_clear_error ();
  g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
               /* Translators: %s is an algorithm */
               _("The content of the file is sealed with %s, which is not supported"), name);

  return FALSE;
}

static const X509_ALGOR *
get_algorithm (const IssPfxMacData *mac)
{
  const X509_ALGOR *algorithm;

  X509_SIG_get0 (mac->digest, &algorithm, NULL);

  return algorithm;
}

static EVP_MD *
fetch_digest (IssPfxCipher *cipher,
              int           nid)
{
  if (nid == NID_undef)
    return NULL;

  return EVP_MD_fetch (iss_pfx_cipher_get_library (cipher), OBJ_nid2sn (nid), NULL);
}

static int
digest_of_prf (const X509_ALGOR *prf)
{
  int nid = NID_undef;

  if (prf == NULL)
    return NID_sha1;

  if (!EVP_PBE_find (EVP_PBE_TYPE_PRF, OBJ_obj2nid (prf->algorithm), NULL, &nid, NULL))
    return NID_undef;

  return nid;
}

static gboolean
pbmac1_read (Pbmac1               *self,
             const X509_ALGOR     *algorithm,
             GError              **error)
{
  self->parameters = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  if (self->parameters == NULL)
    return refuse_malformed (error);

  if (OBJ_obj2nid (self->parameters->keyfunc->algorithm) != NID_id_pbkdf2)
    return refuse_unsupported (self->parameters->keyfunc->algorithm, error);

  self->pbkdf2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM),
                                            self->parameters->keyfunc->parameter);
  if (self->pbkdf2 == NULL || self->pbkdf2->salt->type != V_ASN1_OCTET_STRING)
    return refuse_malformed (error);

  if (self->pbkdf2->keylength == NULL ||
      !ASN1_INTEGER_get_int64 (&self->key_size, self->pbkdf2->keylength) ||
      self->key_size < MIN_PBMAC1_KEY || self->key_size > MAX_PBMAC1_KEY)
    return refuse_key_size (error);

  self->salt = self->pbkdf2->salt->value.octet_string;
  self->prf = digest_of_prf (self->pbkdf2->prf);
  self->hmac = digest_of_prf (self->parameters->encryption);

  if (self->prf == NID_undef)
    return refuse_unsupported (self->pbkdf2->prf->algorithm, error);

  if (self->hmac == NID_undef)
    return refuse_unsupported (self->parameters->encryption->algorithm, error);

  return TRUE;
}

/* Nothing is gained from a password where no password makes such a MAC. */
static gboolean
check_size (const IssPfxMacData  *mac,
            const EVP_MD         *digest,
            GError              **error)
{
  const ASN1_OCTET_STRING *expected;

  X509_SIG_get0 (mac->digest, NULL, &expected);

  return ASN1_STRING_length (expected) == EVP_MD_get_size (digest) || refuse_malformed (error);
}

static gboolean
compare (const IssPfxMacData      *mac,
         const ASN1_OCTET_STRING  *content,
         const EVP_MD             *digest,
         const guint8             *key,
         int                       key_size,
         IssPfxCipher             *cipher)
{
  const ASN1_OCTET_STRING *expected;
  guint8 made[EVP_MAX_MD_SIZE];
  size_t made_size = 0;
  gboolean equal;

  X509_SIG_get0 (mac->digest, NULL, &expected);

  equal = EVP_Q_mac (iss_pfx_cipher_get_library (cipher), "HMAC", NULL,
                     EVP_MD_get0_name (digest), NULL, key, (size_t) key_size,
                     ASN1_STRING_get0_data (content), (size_t) ASN1_STRING_length (content),
                     made, sizeof made, &made_size) != NULL &&
          (size_t) ASN1_STRING_length (expected) == made_size &&
          CRYPTO_memcmp (ASN1_STRING_get0_data (expected), made, made_size) == 0;

  OPENSSL_cleanse (made, sizeof made);

  return equal;
}

static gboolean
verify_pbmac1 (const IssPfxMacData      *mac,
               const ASN1_OCTET_STRING  *content,
               IssPfxCipher             *cipher,
               const IssPfxPassword     *password)
{
  g_auto(Pbmac1) pbmac1 = { NULL };
  g_autoptr(EVP_MD) prf = NULL;
  g_autoptr(EVP_MD) hmac = NULL;
  guint8 key[MAX_PBMAC1_KEY];
  gboolean equal;

  if (!pbmac1_read (&pbmac1, get_algorithm (mac), NULL))
    return FALSE;

  prf = fetch_digest (cipher, pbmac1.prf);
  hmac = fetch_digest (cipher, pbmac1.hmac);

  equal = prf != NULL && hmac != NULL &&
          PKCS5_PBKDF2_HMAC (password->text != NULL ? password->text : "", (int) password->size,
                             ASN1_STRING_get0_data (pbmac1.salt),
                             ASN1_STRING_length (pbmac1.salt),
                             (int) ASN1_INTEGER_get (pbmac1.pbkdf2->iter), prf,
                             (int) pbmac1.key_size, key) &&
          compare (mac, content, hmac, key, (int) pbmac1.key_size, cipher);

  OPENSSL_cleanse (key, sizeof key);

  return equal;
}

static gboolean
verify_hmac (const IssPfxMacData      *mac,
             const ASN1_OCTET_STRING  *content,
             IssPfxCipher             *cipher,
             const IssPfxPassword     *password)
{
  g_autoptr(EVP_MD) digest = NULL;
  g_autoptr(IssSecret) text = NULL;
  IssPfxPassword bytes = *password;
  guint8 key[EVP_MAX_MD_SIZE];
  gboolean equal;
  int iterations = mac->iterations != NULL ? (int) ASN1_INTEGER_get (mac->iterations) : 1;

  if (password->as_bytes)
    {
      text = iss_pfx_cipher_dup_utf16_text (password);
      bytes.text = iss_secret_get_data (text, &bytes.size);
    }

  digest = fetch_digest (cipher, OBJ_obj2nid (get_algorithm (mac)->algorithm));

  equal = digest != NULL &&
          PKCS12_key_gen_utf8_ex (bytes.text, (int) bytes.size,
                                  mac->salt->data, mac->salt->length,
                                  PKCS12_MAC_ID, iterations,
                                  EVP_MD_get_size (digest), key, digest,
                                  iss_pfx_cipher_get_library (cipher), NULL) &&
          compare (mac, content, digest, key, EVP_MD_get_size (digest), cipher);

  OPENSSL_cleanse (key, sizeof key);

  return equal;
}

/**
 * iss_pfx_mac_check:
 * @mac: the MAC of a file
 * @cipher: the algorithms there are
 * @cost: the budget of the file
 * @out_integrity: (out): of which kind it is
 * @error: return location for an error
 *
 * Pays for one verification and makes sure that it can be done, without deriving
 * anything.
 *
 * Returns: whether it can be verified
 */
gboolean
iss_pfx_mac_check (const IssPfxMacData  *mac,
                   IssPfxCipher         *cipher,
                   IssPfxCost           *cost,
                   IssIntegrity         *out_integrity,
                   GError              **error)
{
  const X509_ALGOR *algorithm = get_algorithm (mac);
  g_auto(Pbmac1) pbmac1 = { NULL };
  g_autoptr(EVP_MD) digest = NULL;
  g_autoptr(EVP_MD) prf = NULL;

  if (OBJ_obj2nid (algorithm->algorithm) == NID_pbmac1)
    {
      if (!pbmac1_read (&pbmac1, algorithm, error) ||
          !iss_pfx_cost_pay_pbkdf2 (cost, pbmac1.pbkdf2, pbmac1.key_size, error))
        return FALSE;

      prf = fetch_digest (cipher, pbmac1.prf);
      digest = fetch_digest (cipher, pbmac1.hmac);
      if (prf == NULL || digest == NULL)
        return refuse_unsupported (algorithm->algorithm, error);

      if (!check_size (mac, digest, error))
        return FALSE;

      *out_integrity = ISS_INTEGRITY_PBMAC1;

      return TRUE;
    }

  digest = fetch_digest (cipher, OBJ_obj2nid (algorithm->algorithm));
  if (digest == NULL || EVP_MD_get_size (digest) <= 0)
    return refuse_unsupported (algorithm->algorithm, error);

  if (!check_size (mac, digest, error))
    return FALSE;

  if (mac->iterations != NULL
      ? !iss_pfx_cost_pay_integer (cost, mac->iterations, error)
      : !iss_pfx_cost_pay (cost, 1, error))
    return FALSE;

  *out_integrity = ISS_INTEGRITY_HMAC;

  return TRUE;
}

/**
 * iss_pfx_mac_verify:
 * @mac: a MAC for which iss_pfx_mac_check() was true
 * @content: what it vouches for
 * @cipher: the algorithms there are
 * @password: the password
 *
 * Returns: whether @password made @mac over @content
 */
gboolean
iss_pfx_mac_verify (const IssPfxMacData      *mac,
                    const ASN1_OCTET_STRING  *content,
                    IssPfxCipher             *cipher,
                    const IssPfxPassword     *password)
{
  gboolean verified;

  if (OBJ_obj2nid (get_algorithm (mac)->algorithm) == NID_pbmac1)
    verified = verify_pbmac1 (mac, content, cipher, password);
  else
    verified = verify_hmac (mac, content, cipher, password);

  ERR_clear_error ();

  return verified;
}
