/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-cost.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

/* OpenSSL's own limit; it would refuse more without saying why. */
#define MAX_SCRYPT_MEMORY (32 * 1024 * 1024)
#define MAX_SCRYPT_PARALLEL 16

/* Of a cipher, in bytes */
#define MAX_KEY_SIZE 32

/* SHA-384 and SHA-512; measured: 4.3 and 2.0 million iterations a second. */
#define SLOW_DIGEST 2

static gboolean
refuse_malformed (GError **error)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The file is damaged: how its content is encrypted cannot be read"));

  return FALSE;
}

static gboolean
refuse_endless (GError **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY,
               /* Translators: both are numbers; the first has at least 20 digits */
               _("Opening this file would take more than %" G_GUINT64_FORMAT " rounds of key "
                 "derivation; Issuant does at most %d"),
               G_MAXUINT64, ISS_PFX_MAX_DERIVATION);

  return FALSE;
}

/* At least 1. Negative numbers and zero are no counts. */
static gboolean
read_count (const ASN1_INTEGER  *integer,
            guint64             *out_count,
            GError             **error)
{
  uint64_t count;

  if (integer == NULL || ASN1_STRING_length (integer) == 0 ||
      ASN1_STRING_type (integer) == V_ASN1_NEG_INTEGER)
    return refuse_malformed (error);

  if (!ASN1_INTEGER_get_uint64 (&count, integer))
    {
      ERR_clear_error ();
      return refuse_endless (error);
    }

  if (count == 0)
    return refuse_malformed (error);

  *out_count = count;

  return TRUE;
}

/* How many times as long one iteration takes as one of HMAC with SHA-256: it is done for each
 * block of the key (RFC 8018 section 5.2), and digests of 64 bits a word are slower. */
static guint
get_weight (const X509_ALGOR *prf,
            gint64            key_size)
{
  const EVP_MD *digest;
  int nid = NID_sha1;
  gint64 size;

  if (prf != NULL &&
      !EVP_PBE_find (EVP_PBE_TYPE_PRF, OBJ_obj2nid (prf->algorithm), NULL, &nid, NULL))
    return 1;       /* not known, and so not derived */

  digest = EVP_get_digestbynid (nid);
  size = digest != NULL ? EVP_MD_get_size (digest) : 0;
  if (size <= 0)
    return 1;

  return (guint) ((MAX (key_size, 1) + size - 1) / size) *
         (EVP_MD_get_block_size (digest) != 64 ? SLOW_DIGEST : 1);
}

static gboolean
refuse_total (const IssPfxCost  *self,
              guint64            more,
              GError           **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY,
               _("Opening this file would take at least %" G_GUINT64_FORMAT " rounds of key "
                 "derivation in all; Issuant does at most %d for one file"),
               self->spent + more, ISS_PFX_MAX_TOTAL);

  return FALSE;
}

static gboolean
pay_pbkdf2 (IssPfxCost        *self,
            const X509_ALGOR  *kdf,
            GError           **error)
{
  g_autoptr(PBKDF2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), kdf->parameter);
  int64_t key_size = MAX_KEY_SIZE;

  if (parameters == NULL)
    return refuse_malformed (error);

  if (parameters->keylength != NULL &&
      !ASN1_INTEGER_get_int64 (&key_size, parameters->keylength))
    {
      ERR_clear_error ();
      key_size = MAX_KEY_SIZE;
    }

  return iss_pfx_cost_pay_pbkdf2 (self, parameters, CLAMP (key_size, 1, MAX_KEY_SIZE), error);
}

/* RFC 7914: N × r blocks of 128 bytes are kept, and gone through p times. One
 * block takes about as long as one round of PBKDF2. */
static gboolean
pay_scrypt (IssPfxCost        *self,
            const X509_ALGOR  *kdf,
            GError           **error)
{
  g_autoptr(SCRYPT_PARAMS) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (SCRYPT_PARAMS), kdf->parameter);
  guint64 n, r, p;

  if (parameters == NULL)
    return refuse_malformed (error);

  if (!read_count (parameters->costParameter, &n, error) ||
      !read_count (parameters->blockSize, &r, error) ||
      !read_count (parameters->parallelizationParameter, &p, error))
    return FALSE;

  if (n > MAX_SCRYPT_MEMORY / 128 || r > MAX_SCRYPT_MEMORY / 128 ||
      p > MAX_SCRYPT_PARALLEL || (n + p + 2) * r > MAX_SCRYPT_MEMORY / 128)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY,
                   /* Translators: scrypt is an algorithm, N, r and p are its parameters */
                   _("Opening this file would take too much memory: scrypt with "
                     "N = %" G_GUINT64_FORMAT ", r = %" G_GUINT64_FORMAT
                     ", p = %" G_GUINT64_FORMAT),
                   n, r, p);
      return FALSE;
    }

  return iss_pfx_cost_pay (self, n * r * p, error);
}

static gboolean
pay_pbes2 (IssPfxCost        *self,
           const X509_ALGOR  *algorithm,
           GError           **error)
{
  g_autoptr(PBE2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  char name[80];

  if (parameters == NULL)
    return refuse_malformed (error);

  switch (OBJ_obj2nid (parameters->keyfunc->algorithm))
    {
    case NID_id_pbkdf2:
      return pay_pbkdf2 (self, parameters->keyfunc, error);

    case NID_id_scrypt:
      return pay_scrypt (self, parameters->keyfunc, error);

    default:
      OBJ_obj2txt (name, sizeof name, parameters->keyfunc->algorithm, 0);
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The file uses the key derivation %s, which is not supported"), name);
      return FALSE;
    }
}

static gboolean
pay_pbes1 (IssPfxCost        *self,
           const X509_ALGOR  *algorithm,
           GError           **error)
{
  g_autoptr(PBEPARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBEPARAM), algorithm->parameter);

  if (parameters == NULL)
    return refuse_malformed (error);

  return iss_pfx_cost_pay_integer (self, parameters->iter, error);
}

/**
 * iss_pfx_cost_pay:
 * @self: a budget
 * @iterations: what one derivation takes
 * @error: return location for an error
 *
 * Takes @iterations from the budget. Nothing is taken if they are too many for
 * one derivation or for the rest of the file: %ISS_ERROR_TOO_COSTLY with the figure.
 *
 * Returns: whether the derivation may be done
 */
gboolean
iss_pfx_cost_pay (IssPfxCost  *self,
                  guint64      iterations,
                  GError     **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (self->spent <= ISS_PFX_MAX_TOTAL, FALSE);

  if (iterations > ISS_PFX_MAX_DERIVATION)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY,
                   _("Opening this file would take %" G_GUINT64_FORMAT " rounds of key "
                     "derivation; Issuant does at most %d"),
                   iterations, ISS_PFX_MAX_DERIVATION);
      return FALSE;
    }

  if (iterations > ISS_PFX_MAX_TOTAL - self->spent)
    return refuse_total (self, iterations, error);

  self->spent += iterations;

  return TRUE;
}

/**
 * iss_pfx_cost_pay_integer:
 * @self: a budget
 * @iterations: the number as the file has it
 * @error: return location for an error
 *
 * Like iss_pfx_cost_pay(). Zero and negative numbers are %ISS_ERROR_MALFORMED.
 *
 * Returns: whether the derivation may be done
 */
gboolean
iss_pfx_cost_pay_integer (IssPfxCost          *self,
                          const ASN1_INTEGER  *iterations,
                          GError             **error)
{
  guint64 count;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!read_count (iterations, &count, error))
    return FALSE;

  return iss_pfx_cost_pay (self, count, error);
}

/**
 * iss_pfx_cost_pay_pbkdf2:
 * @self: a budget
 * @parameters: of PBKDF2 (RFC 8018 appendix A.2)
 * @key_size: how many bytes are derived
 * @error: return location for an error
 *
 * Like iss_pfx_cost_pay_integer(), for a derivation that takes longer the more bytes it makes.
 *
 * Returns: whether the derivation may be done
 */
gboolean
iss_pfx_cost_pay_pbkdf2 (IssPfxCost         *self,
                         const PBKDF2PARAM  *parameters,
                         gint64              key_size,
                         GError            **error)
{
  guint64 before;
  guint64 extra;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (parameters != NULL, FALSE);

  before = self->spent;
  if (!iss_pfx_cost_pay_integer (self, parameters->iter, error))
    return FALSE;

  extra = (self->spent - before) * (get_weight (parameters->prf, key_size) - 1);
  if (extra > ISS_PFX_MAX_TOTAL - self->spent)
    {
      refuse_total (self, extra, error);
      self->spent = before;
      return FALSE;
    }

  self->spent += extra;

  return TRUE;
}

/**
 * iss_pfx_cost_pay_algorithm:
 * @self: a budget
 * @algorithm: a password-based encryption: PKCS#12 (RFC 7292 appendix C), PBES1
 *   or PBES2 (RFC 8018)
 * @error: return location for an error
 *
 * Pays for one decryption with @algorithm. An unknown one is
 * %ISS_ERROR_UNSUPPORTED with its name.
 *
 * Returns: whether the derivation may be done
 */
gboolean
iss_pfx_cost_pay_algorithm (IssPfxCost        *self,
                            const X509_ALGOR  *algorithm,
                            GError           **error)
{
  char name[80];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (algorithm != NULL, FALSE);

  switch (OBJ_obj2nid (algorithm->algorithm))
    {
    case NID_pbe_WithSHA1And128BitRC4:
    case NID_pbe_WithSHA1And40BitRC4:
    case NID_pbe_WithSHA1And3_Key_TripleDES_CBC:
    case NID_pbe_WithSHA1And2_Key_TripleDES_CBC:
    case NID_pbe_WithSHA1And128BitRC2_CBC:
    case NID_pbe_WithSHA1And40BitRC2_CBC:
    case NID_pbeWithMD5AndDES_CBC:
    case NID_pbeWithMD5AndRC2_CBC:
    case NID_pbeWithSHA1AndDES_CBC:
    case NID_pbeWithSHA1AndRC2_CBC:
      return pay_pbes1 (self, algorithm, error);

    case NID_pbes2:
      return pay_pbes2 (self, algorithm, error);

    default:
      OBJ_obj2txt (name, sizeof name, algorithm->algorithm, 0);
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The file is encrypted with %s, which is not supported"), name);
      return FALSE;
    }
}
