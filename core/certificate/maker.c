/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/maker.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"

#include <glib/gi18n-lib.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

#define MIN_RSA_BITS 512
#define MAX_RSA_BITS 8192
#define PUBLIC_EXPONENT 65537
#define SMALL_PRIMES_BELOW 8192
#define WINDOW 8192
#define SERIAL_SIZE 16
#define MAX_SEARCHES 64

/**
 * IssMaker:
 *
 * Makes RSA keys and certificates that depend on nothing but a seed.
 *
 * The primes are searched for here rather than by OpenSSL, whose search asks
 * its random generator and changes between releases. Signatures are RSASSA
 * PKCS #1 v1.5, which has no randomness. Who knows the seed knows the keys:
 * this is for demonstrations and tests, never for anything real.
 *
 * Keys are remembered, so that a second certificate for a key costs a signature.
 * One maker belongs to one thread.
 */
struct _IssMaker
{
  GObject     parent_instance;

  /* Owned */
  char       *seed;
  GHashTable *keys;           /* char *label and bits → IssPrivateKey */
  GArray     *small_primes;   /* (element-type guint): odd */
};

/* An endless row of bytes: HMAC-SHA-256 under the seed of a label and a counter. */
typedef struct
{
  const char *seed;
  const char *purpose;
  const char *label;
  guint64     counter;
} Stream;

G_DEFINE_FINAL_TYPE (IssMaker, iss_maker, G_TYPE_OBJECT)

static void
iss_maker_finalize (GObject *object)
{
  IssMaker *self = ISS_MAKER (object);

  g_clear_pointer (&self->seed, g_free);
  g_clear_pointer (&self->keys, g_hash_table_unref);
  g_clear_pointer (&self->small_primes, g_array_unref);

  G_OBJECT_CLASS (iss_maker_parent_class)->finalize (object);
}

static void
iss_maker_class_init (IssMakerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_maker_finalize;
}

static GArray *
list_small_primes (void)
{
  g_autofree guint8 *composite = g_new0 (guint8, SMALL_PRIMES_BELOW);
  g_autoptr(GArray) primes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 3; i < SMALL_PRIMES_BELOW; i += 2)
    {
      if (composite[i])
        continue;

      g_array_append_val (primes, i);

      for (guint j = i * i; j < SMALL_PRIMES_BELOW; j += 2 * i)
        composite[j] = 1;
    }

  return g_steal_pointer (&primes);
}

static void
iss_maker_init (IssMaker *self)
{
  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->small_primes = list_small_primes ();
}

static void
stream_read (Stream *stream,
             guint8 *out,
             gsize   size)
{
  while (size > 0)
    {
      g_autoptr(GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) stream->seed,
                                          strlen (stream->seed));
      guint64 counter = GUINT64_TO_BE (stream->counter);
      guint8 block[32];
      gsize block_size = sizeof block;
      gsize n;

      g_hmac_update (hmac, (const guchar *) stream->purpose, (gssize) strlen (stream->purpose) + 1);
      g_hmac_update (hmac, (const guchar *) stream->label, (gssize) strlen (stream->label) + 1);
      g_hmac_update (hmac, (const guchar *) &counter, sizeof counter);
      g_hmac_get_digest (hmac, block, &block_size);

      n = MIN (size, block_size);
      memcpy (out, block, n);
      out += n;
      size -= n;
      stream->counter++;
    }
}

/* Marks each k for which @base + 2k has a small factor. */
static void
sieve (IssMaker     *self,
       const BIGNUM *base,
       guint8       *composite)
{
  memset (composite, 0, WINDOW);

  for (guint i = 0; i < self->small_primes->len; i++)
    {
      guint prime = g_array_index (self->small_primes, guint, i);
      guint remainder = (guint) BN_mod_word (base, prime);
      guint k = (prime - remainder) % prime * ((prime + 1) / 2) % prime;

      for (; k < WINDOW; k += prime)
        composite[k] = 1;
    }
}

/* The first prime with @bits bits after a number from the stream. The two top
 * bits are set, so that a product of two has all its bits. */
static BIGNUM *
find_prime (IssMaker *self,
            Stream   *stream,
            guint     bits,
            BN_CTX   *context)
{
  g_autofree guint8 *bytes = g_malloc (bits / 8);
  g_autofree guint8 *composite = g_malloc (WINDOW);

  for (guint search = 0; search < MAX_SEARCHES; search++)
    {
      g_autoptr(BIGNUM) candidate = NULL;
      guint last = 0;

      stream_read (stream, bytes, bits / 8);
      bytes[0] |= 0xc0;
      bytes[bits / 8 - 1] |= 1;

      candidate = BN_bin2bn (bytes, (int) (bits / 8), NULL);
      if (candidate == NULL)
        return NULL;

      sieve (self, candidate, composite);

      for (guint k = 0; k < WINDOW; k++)
        {
          int is_prime;

          if (composite[k])
            continue;

          if (BN_add_word (candidate, 2 * (k - last)) != 1)
            return NULL;

          last = k;

          if ((guint) BN_num_bits (candidate) != bits)
            break;

          if (BN_mod_word (candidate, PUBLIC_EXPONENT) == 1)
            continue;

          is_prime = BN_check_prime (candidate, context, NULL);
          if (is_prime < 0)
            return NULL;

          if (is_prime == 1)
            return g_steal_pointer (&candidate);
        }
    }

  return NULL;
}

/* FIPS 186-4, B.3.1: two factors that are close can be found from the product. */
static gboolean
far_apart (const BIGNUM *p,
           const BIGNUM *q,
           guint         bits)
{
  g_autoptr(BIGNUM) difference = BN_new ();

  return difference != NULL && BN_sub (difference, p, q) == 1 &&
         BN_num_bits (difference) > (int) bits - 100;
}

static EVP_PKEY *
key_from_primes (const BIGNUM *p,
                 const BIGNUM *q,
                 BN_CTX       *context)
{
  g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr(OSSL_PARAM) params = NULL;
  g_autoptr(EVP_PKEY_CTX) maker = EVP_PKEY_CTX_new_from_name (NULL, "RSA", NULL);
  g_autoptr(BIGNUM) e = BN_new ();
  g_autoptr(BIGNUM) n = BN_new ();
  g_autoptr(BIGNUM) d = BN_new ();
  g_autoptr(BIGNUM) p1 = BN_dup (p);
  g_autoptr(BIGNUM) q1 = BN_dup (q);
  g_autoptr(BIGNUM) gcd = BN_new ();
  g_autoptr(BIGNUM) lcm = BN_new ();
  g_autoptr(BIGNUM) dp = BN_new ();
  g_autoptr(BIGNUM) dq = BN_new ();
  g_autoptr(BIGNUM) qinv = BN_new ();
  EVP_PKEY *pkey = NULL;

  if (builder == NULL || maker == NULL || e == NULL || n == NULL || d == NULL || p1 == NULL ||
      q1 == NULL || gcd == NULL || lcm == NULL || dp == NULL || dq == NULL || qinv == NULL)
    return NULL;

  /* RFC 8017 section 3.2 */
  if (BN_set_word (e, PUBLIC_EXPONENT) != 1 ||
      BN_sub_word (p1, 1) != 1 ||
      BN_sub_word (q1, 1) != 1 ||
      BN_mul (n, p, q, context) != 1 ||
      BN_gcd (gcd, p1, q1, context) != 1 ||
      BN_mul (lcm, p1, q1, context) != 1 ||
      BN_div (lcm, NULL, lcm, gcd, context) != 1 ||
      BN_mod_inverse (d, e, lcm, context) == NULL ||
      BN_mod (dp, d, p1, context) != 1 ||
      BN_mod (dq, d, q1, context) != 1 ||
      BN_mod_inverse (qinv, q, p, context) == NULL)
    return NULL;

  if (OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_D, d) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_FACTOR1, p) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_FACTOR2, q) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) != 1 ||
      OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qinv) != 1)
    return NULL;

  params = OSSL_PARAM_BLD_to_param (builder);

  if (params == NULL ||
      EVP_PKEY_fromdata_init (maker) != 1 ||
      EVP_PKEY_fromdata (maker, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
    return NULL;

  return pkey;
}

static EVP_PKEY *
make_rsa (IssMaker   *self,
          const char *name,
          guint       bits)
{
  Stream stream = { .seed = self->seed, .purpose = "issuant maker 1: key", .label = name };
  g_autoptr(BN_CTX) context = BN_CTX_new ();
  g_autoptr(BIGNUM) p = NULL;
  g_autoptr(BIGNUM) q = NULL;

  if (context == NULL)
    return NULL;

  p = find_prime (self, &stream, bits / 2, context);
  if (p == NULL)
    return NULL;

  do
    {
      g_clear_pointer (&q, BN_clear_free);
      q = find_prime (self, &stream, bits / 2, context);
    }
  while (q != NULL && !far_apart (p, q, bits / 2));

  if (q == NULL)
    return NULL;

  if (BN_cmp (p, q) > 0)
    return key_from_primes (p, q, context);

  return key_from_primes (q, p, context);
}

static char *
dup_name_digest (const X509_NAME *name)
{
  const unsigned char *der;
  size_t size;

  if (X509_NAME_get0_der (name, &der, &size) != 1)
    return g_strdup ("");

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, size);
}

static gboolean
set_serial (IssMaker           *self,
            const IssMakerSpec *spec,
            const X509_NAME    *issuer,
            X509               *x509)
{
  g_autofree char *names = spec->dns_names != NULL
                           ? g_strjoinv (",", (char **) spec->dns_names)
                           : g_strdup ("");
  g_autofree char *issuer_name = dup_name_digest (issuer);
  g_autofree char *label = g_strdup_printf ("%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT
                                            "|%u|%d|%d|%s|%s",
                                            spec->subject_cn, names,
                                            spec->not_before, spec->not_after,
                                            spec->rsa_bits, spec->is_ca != FALSE,
                                            spec->token_issuer != FALSE,
                                            spec->key_label, issuer_name);
  Stream stream = { .seed = self->seed, .purpose = "issuant maker 1: serial", .label = label };
  g_autoptr(BIGNUM) number = NULL;
  g_autoptr(ASN1_INTEGER) serial = NULL;
  guint8 bytes[SERIAL_SIZE];

  stream_read (&stream, bytes, sizeof bytes);
  bytes[0] = (bytes[0] & 0x3f) | 0x40;

  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  serial = BN_to_ASN1_INTEGER (number, NULL);

  return serial != NULL && X509_set_serialNumber (x509, serial) == 1;
}

static gboolean
set_subject (X509       *x509,
             const char *common_name)
{
  X509_NAME *name = X509_get_subject_name (x509);

  /* The string's type is named: OpenSSL's choice could differ with its settings. */
  return common_name[0] == '\0' ||
         X509_NAME_add_entry_by_NID (name, NID_commonName, V_ASN1_UTF8STRING,
                                     (const unsigned char *) common_name, -1, -1, 0) == 1;
}

static gboolean
set_validity (X509               *x509,
              const IssMakerSpec *spec)
{
  return ASN1_TIME_set (X509_getm_notBefore (x509), (time_t) spec->not_before) != NULL &&
         ASN1_TIME_set (X509_getm_notAfter (x509), (time_t) spec->not_after) != NULL;
}

static gboolean
add_basic_constraints (X509     *x509,
                       gboolean  is_ca)
{
  g_autoptr(BASIC_CONSTRAINTS) constraints = BASIC_CONSTRAINTS_new ();

  constraints->ca = is_ca ? 0xff : 0;

  return X509_add1_ext_i2d (x509, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_key_usage (X509               *x509,
               const IssMakerSpec *spec)
{
  enum { DIGITAL_SIGNATURE = 0, KEY_ENCIPHERMENT = 2, KEY_CERT_SIGN = 5, CRL_SIGN = 6 };
  g_autoptr(ASN1_BIT_STRING) usage = ASN1_BIT_STRING_new ();

  if (spec->is_ca)
    {
      ASN1_BIT_STRING_set_bit (usage, KEY_CERT_SIGN, 1);
      ASN1_BIT_STRING_set_bit (usage, CRL_SIGN, 1);
    }
  else
    {
      ASN1_BIT_STRING_set_bit (usage, DIGITAL_SIGNATURE, 1);
      if (!spec->token_issuer)
        ASN1_BIT_STRING_set_bit (usage, KEY_ENCIPHERMENT, 1);
    }

  return X509_add1_ext_i2d (x509, NID_key_usage, usage, 1, X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_extended_key_usage (X509 *x509)
{
  g_autoptr(EXTENDED_KEY_USAGE) usages = EXTENDED_KEY_USAGE_new ();

  sk_ASN1_OBJECT_push (usages, OBJ_nid2obj (NID_server_auth));
  sk_ASN1_OBJECT_push (usages, OBJ_nid2obj (NID_client_auth));

  return X509_add1_ext_i2d (x509, NID_ext_key_usage, usages, 0, X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_dns_names (X509               *x509,
               const char *const  *dns_names,
               gboolean            critical)
{
  g_autoptr(GENERAL_NAMES) names = GENERAL_NAMES_new ();

  for (gsize i = 0; dns_names[i] != NULL; i++)
    {
      GENERAL_NAME *name = GENERAL_NAME_new ();
      ASN1_IA5STRING *text = ASN1_IA5STRING_new ();

      ASN1_STRING_set (text, dns_names[i], -1);
      GENERAL_NAME_set0_value (name, GEN_DNS, text);
      sk_GENERAL_NAME_push (names, name);
    }

  return X509_add1_ext_i2d (x509, NID_subject_alt_name, names, critical, X509V3_ADD_DEFAULT) == 1;
}

/* RFC 5280 section 4.2.1.2, method (1) */
static ASN1_OCTET_STRING *
make_key_identifier (X509 *x509)
{
  g_autoptr(ASN1_OCTET_STRING) identifier = ASN1_OCTET_STRING_new ();
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr (x509);
  guint8 digest[20];
  gsize digest_size = sizeof digest;

  g_checksum_update (checksum, ASN1_STRING_get0_data (key), ASN1_STRING_length (key));
  g_checksum_get_digest (checksum, digest, &digest_size);
  ASN1_OCTET_STRING_set (identifier, digest, sizeof digest);

  return g_steal_pointer (&identifier);
}

static gboolean
add_key_identifiers (X509 *x509,
                     X509 *issuer)
{
  g_autoptr(ASN1_OCTET_STRING) own = make_key_identifier (x509);
  g_autoptr(AUTHORITY_KEYID) authority = AUTHORITY_KEYID_new ();

  authority->keyid = make_key_identifier (issuer);

  return X509_add1_ext_i2d (x509, NID_subject_key_identifier, own, 0, X509V3_ADD_DEFAULT) == 1 &&
         X509_add1_ext_i2d (x509, NID_authority_key_identifier, authority, 0,
                            X509V3_ADD_DEFAULT) == 1;
}

static gboolean
add_extensions (X509               *x509,
                X509               *issuer,
                const IssMakerSpec *spec)
{
  gboolean has_names = spec->dns_names != NULL && spec->dns_names[0] != NULL;

  /* RFC 5280 section 4.2.1.6: critical if there is no subject. */
  return add_basic_constraints (x509, spec->is_ca) &&
         add_key_usage (x509, spec) &&
         (spec->is_ca || add_extended_key_usage (x509)) &&
         (!has_names || add_dns_names (x509, spec->dns_names, spec->subject_cn[0] == '\0')) &&
         add_key_identifiers (x509, issuer);
}

static GBytes *
encode (X509 *x509)
{
  unsigned char *der = NULL;
  int length = i2d_X509 (x509, &der);
  GBytes *bytes;

  if (length <= 0)
    return NULL;

  bytes = g_bytes_new (der, (gsize) length);
  OPENSSL_free (der);

  return bytes;
}

/**
 * iss_maker_new:
 * @seed: any text
 *
 * Returns: (transfer full): a maker whose keys and certificates are the same on
 *   every machine, for ever, for the same @seed
 */
IssMaker *
iss_maker_new (const char *seed)
{
  IssMaker *self;

  g_return_val_if_fail (seed != NULL, NULL);

  self = g_object_new (ISS_TYPE_MAKER, NULL);
  self->seed = g_strdup (seed);

  return self;
}

/**
 * iss_maker_make_key:
 * @self: a maker
 * @label: names the key
 * @rsa_bits: its size: 512 to 8192 and divisible by 16
 * @error: return location for an error
 *
 * Makes the key of a seed, a label and a size; the second time it is remembered.
 * 2048 bits take about a tenth of a second.
 *
 * Errors: %ISS_ERROR_INVALID_ARGUMENT for another size.
 *
 * Returns: (transfer full): the key, or %NULL with @error set
 */
IssPrivateKey *
iss_maker_make_key (IssMaker    *self,
                    const char  *label,
                    guint        rsa_bits,
                    GError     **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autofree char *name = NULL;
  IssPrivateKey *known;
  EVP_PKEY *pkey;

  g_return_val_if_fail (ISS_IS_MAKER (self), NULL);
  g_return_val_if_fail (label != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (rsa_bits < MIN_RSA_BITS || rsa_bits > MAX_RSA_BITS || rsa_bits % 16 != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("An RSA key cannot have %u bits here: use %d to %d in steps of 16"),
                   rsa_bits, MIN_RSA_BITS, MAX_RSA_BITS);
      return NULL;
    }

  name = g_strdup_printf ("%u:%s", rsa_bits, label);
  known = g_hash_table_lookup (self->keys, name);
  if (known != NULL)
    return g_object_ref (known);

  pkey = make_rsa (self, name, rsa_bits);
  if (pkey == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The key cannot be made"));
      return NULL;
    }

  key = iss_private_key_new_take (pkey, error);
  if (key == NULL)
    return NULL;

  g_hash_table_insert (self->keys, g_steal_pointer (&name), g_object_ref (key));

  return g_steal_pointer (&key);
}

/**
 * iss_maker_make:
 * @self: a maker
 * @spec: what to make; an empty @subject_cn gives an empty subject
 * @issuer: (nullable): the authority's certificate; %NULL for a self-signed one
 * @issuer_key: (nullable): the authority's key, where there is an @issuer
 * @out_key: (out) (optional) (transfer full): the certificate's key
 * @error: return location for an error
 *
 * Makes the certificate of a seed, a @spec and an issuer.
 *
 * Returns: (transfer full): the certificate, or %NULL with @error set
 */
IssCertificate *
iss_maker_make (IssMaker            *self,
                const IssMakerSpec  *spec,
                IssCertificate      *issuer,
                IssPrivateKey       *issuer_key,
                IssPrivateKey      **out_key,
                GError             **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(X509) x509 = NULL;
  g_autoptr(GBytes) der = NULL;
  X509 *issuer_x509;
  IssPrivateKey *signer;

  g_return_val_if_fail (ISS_IS_MAKER (self), NULL);
  g_return_val_if_fail (spec != NULL && spec->subject_cn != NULL && spec->key_label != NULL, NULL);
  g_return_val_if_fail ((issuer == NULL) == (issuer_key == NULL), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  key = iss_maker_make_key (self, spec->key_label, spec->rsa_bits, error);
  if (key == NULL)
    return NULL;

  x509 = X509_new ();
  issuer_x509 = issuer != NULL ? iss_certificate_get_x509 (issuer) : x509;
  signer = issuer != NULL ? issuer_key : key;

  if (x509 != NULL &&
      X509_set_version (x509, X509_VERSION_3) == 1 &&
      set_subject (x509, spec->subject_cn) &&
      X509_set_issuer_name (x509, X509_get_subject_name (issuer_x509)) == 1 &&
      set_serial (self, spec, X509_get_issuer_name (x509), x509) &&
      set_validity (x509, spec) &&
      X509_set_pubkey (x509, iss_private_key_get_pkey (key)) == 1 &&
      add_extensions (x509, issuer_x509, spec) &&
      X509_sign (x509, iss_private_key_get_pkey (signer), EVP_sha256 ()) > 0)
    der = encode (x509);

  if (der == NULL)
    {
      iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The certificate cannot be made"));
      return NULL;
    }

  certificate = iss_certificate_new_from_der (der, error);
  if (certificate == NULL)
    return NULL;

  if (out_key != NULL)
    *out_key = g_steal_pointer (&key);

  return g_steal_pointer (&certificate);
}
