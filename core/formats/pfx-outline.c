/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-outline.h"

#include "core/certificate/openssl.h"
#include "core/formats/certificate-file.h"
#include "core/formats/pfx-asn1.h"
#include "core/formats/pfx-bags.h"
#include "core/formats/pfx-key-length.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>

/* As people write them. OpenSSL's own names for the rest. */
static const struct
{
  int         nid;
  const char *name;
} names[] =
{
  { NID_md5,                                  "MD5" },
  { NID_sha1,                                 "SHA-1" },
  { NID_sha224,                               "SHA-224" },
  { NID_sha256,                               "SHA-256" },
  { NID_sha384,                               "SHA-384" },
  { NID_sha512,                               "SHA-512" },
  { NID_hmacWithSHA1,                         "HMAC-SHA-1" },
  { NID_hmacWithSHA224,                       "HMAC-SHA-224" },
  { NID_hmacWithSHA256,                       "HMAC-SHA-256" },
  { NID_hmacWithSHA384,                       "HMAC-SHA-384" },
  { NID_hmacWithSHA512,                       "HMAC-SHA-512" },
  { NID_des_ede3_cbc,                         "TripleDES-CBC" },
  { NID_pbe_WithSHA1And3_Key_TripleDES_CBC,   "TripleDES with SHA-1" },
  { NID_pbe_WithSHA1And2_Key_TripleDES_CBC,   "TripleDES (two keys) with SHA-1" },
  { NID_pbe_WithSHA1And40BitRC2_CBC,          "RC2-40 with SHA-1" },
  { NID_pbe_WithSHA1And128BitRC2_CBC,         "RC2-128 with SHA-1" },
  { NID_pbe_WithSHA1And40BitRC4,              "RC4-40 with SHA-1" },
  { NID_pbe_WithSHA1And128BitRC4,             "RC4-128 with SHA-1" },
  { NID_pbeWithMD5AndDES_CBC,                 "DES with MD5" },
  { NID_pbeWithSHA1AndDES_CBC,                "DES with SHA-1" },
  { NID_pbeWithMD5AndRC2_CBC,                 "RC2 with MD5" },
  { NID_pbeWithSHA1AndRC2_CBC,                "RC2 with SHA-1" },
};

static char *
dup_name (const ASN1_OBJECT *object)
{
  int nid = OBJ_obj2nid (object);
  char name[80];

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i].nid == nid)
        return g_strdup (names[i].name);
    }

  if (nid != NID_undef)
    return g_strdup (OBJ_nid2sn (nid));

  OBJ_obj2txt (name, sizeof name, object, 1);

  return g_strdup (name);
}

static guint64
get_rounds (const ASN1_INTEGER *number)
{
  uint64_t rounds;

  if (number == NULL || ASN1_STRING_type (number) == V_ASN1_NEG_INTEGER)
    return 0;

  if (ASN1_INTEGER_get_uint64 (&rounds, number))
    return rounds;

  ERR_clear_error ();

  return ASN1_STRING_length (number) > 8 ? G_MAXUINT64 : 0;
}

static IssPfxOutlinePart *
part_new (gboolean     is_key,
          IssPfxScheme scheme)
{
  IssPfxOutlinePart *self = g_new0 (IssPfxOutlinePart, 1);

  self->is_key = is_key;
  self->scheme = scheme;

  return self;
}

static void
part_free (gpointer data)
{
  IssPfxOutlinePart *self = data;

  g_free (self->algorithm);
  g_free (self);
}

static gboolean
is_aes_cbc (int nid)
{
  return nid == NID_aes_128_cbc || nid == NID_aes_192_cbc || nid == NID_aes_256_cbc;
}

/* What PBES2 may name, as far as anybody has (openssl-core: OSSL_PROVIDER-legacy). */
static gboolean
is_legacy (int nid)
{
  switch (nid)
    {
    case NID_des_cbc:
    case NID_rc2_cbc:
    case NID_rc4:
    case NID_rc5_cbc:
    case NID_bf_cbc:
    case NID_cast5_cbc:
    case NID_idea_cbc:
    case NID_seed_cbc:
      return TRUE;

    default:
      return FALSE;
    }
}

/* "PBKDF2 with HMAC-SHA-256". Without a PRF it is SHA-1 (RFC 8018 appendix A.2). */
static char *
describe_pbkdf2 (const X509_ALGOR *derivation,
                 guint64          *out_rounds)
{
  g_autoptr(PBKDF2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), derivation->parameter);
  g_autofree char *prf = NULL;

  ERR_clear_error ();
  if (parameters == NULL)
    return NULL;

  *out_rounds = get_rounds (parameters->iter);
  prf = parameters->prf != NULL ? dup_name (parameters->prf->algorithm) : g_strdup ("HMAC-SHA-1");

  /* Translators: both are names of algorithms; %s is such as HMAC-SHA-256 */
  return g_strdup_printf (_("PBKDF2 with %s"), prf);
}

static void
describe_pbes2 (IssPfxOutlinePart *self,
                const X509_ALGOR  *algorithm)
{
  g_autoptr(PBE2PARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  g_autoptr(X509_ALGOR) mended = NULL;
  g_autofree char *cipher = NULL;
  g_autofree char *derivation = NULL;

  ERR_clear_error ();
  if (parameters == NULL)
    {
      self->scheme = ISS_PFX_SCHEME_UNKNOWN;
      self->algorithm = g_strdup ("PBES2");
      return;
    }

  cipher = dup_name (parameters->encryption->algorithm);
  self->scheme = ISS_PFX_SCHEME_OTHER;
  self->needs_legacy = is_legacy (OBJ_obj2nid (parameters->encryption->algorithm));

  if (OBJ_obj2nid (parameters->keyfunc->algorithm) == NID_id_pbkdf2)
    {
      derivation = describe_pbkdf2 (parameters->keyfunc, &self->rounds);
      if (derivation != NULL && is_aes_cbc (OBJ_obj2nid (parameters->encryption->algorithm)))
        self->scheme = ISS_PFX_SCHEME_AES;
    }

  if (derivation == NULL)
    derivation = dup_name (parameters->keyfunc->algorithm);

  mended = iss_pfx_key_length_dup_mended (algorithm);
  if (mended != NULL || !iss_pfx_key_length_fits (algorithm))
    {
      self->scheme = ISS_PFX_SCHEME_MISNAMED;
      /* Translators: the first %s is a cipher, the second a way to derive its key */
      self->algorithm = g_strdup_printf (_("%s with a key of another length, %s"), cipher,
                                         derivation);
    }
  else
    {
      self->algorithm = g_strdup_printf ("%s, %s", cipher, derivation);
    }
}

static void
describe_pbes1 (IssPfxOutlinePart *self,
                const X509_ALGOR  *algorithm)
{
  g_autoptr(PBEPARAM) parameters =
    ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBEPARAM), algorithm->parameter);

  ERR_clear_error ();
  if (parameters != NULL)
    self->rounds = get_rounds (parameters->iter);
  self->algorithm = dup_name (algorithm->algorithm);

  switch (OBJ_obj2nid (algorithm->algorithm))
    {
    case NID_pbe_WithSHA1And3_Key_TripleDES_CBC:
    case NID_pbe_WithSHA1And2_Key_TripleDES_CBC:
      self->scheme = ISS_PFX_SCHEME_TRIPLEDES;
      break;

    case NID_pbe_WithSHA1And40BitRC2_CBC:
    case NID_pbe_WithSHA1And128BitRC2_CBC:
    case NID_pbe_WithSHA1And40BitRC4:
    case NID_pbe_WithSHA1And128BitRC4:
    case NID_pbeWithMD5AndDES_CBC:
    case NID_pbeWithSHA1AndDES_CBC:
    case NID_pbeWithMD5AndRC2_CBC:
    case NID_pbeWithSHA1AndRC2_CBC:
      self->scheme = ISS_PFX_SCHEME_OLD;
      self->needs_legacy = TRUE;
      break;

    default:
      self->scheme = ISS_PFX_SCHEME_UNKNOWN;
      break;
    }
}

static void
add_encrypted (IssPfxOutline    *self,
               gboolean          is_key,
               const X509_ALGOR *algorithm)
{
  IssPfxOutlinePart *part = part_new (is_key, ISS_PFX_SCHEME_UNKNOWN);

  if (OBJ_obj2nid (algorithm->algorithm) == NID_pbes2)
    describe_pbes2 (part, algorithm);
  else
    describe_pbes1 (part, algorithm);

  g_ptr_array_add (self->parts, part);
}

static gboolean
add_shrouded (IssPfxOutline *self,
              const guint8  *data,
              gsize          size)
{
  g_autoptr(X509_SIG) shrouded = d2i_X509_SIG (NULL, &data, (long) size);
  const X509_ALGOR *algorithm;

  ERR_clear_error ();
  self->n_shrouded++;
  if (shrouded == NULL)
    return FALSE;

  X509_SIG_get0 (shrouded, &algorithm, NULL);
  add_encrypted (self, TRUE, algorithm);

  return TRUE;
}

static gboolean
walk_bags (IssPfxOutline *self,
           guint         *n_bags,
           const guint8  *data,
           gsize          size,
           guint          depth)
{
  IssPfxList list;

  if (depth > ISS_PFX_BAGS_MAX_DEPTH)
    return FALSE;

  iss_pfx_asn1_list_open (&list, data, size);

  for (;;)
    {
      g_autoptr(IssPfxBag) bag = iss_pfx_asn1_list_next_bag (&list);
      const ASN1_STRING *value;

      if (bag == NULL)
        return !list.failed;

      if (++*n_bags > ISS_PFX_BAGS_MAX || bag->value->type != V_ASN1_SEQUENCE)
        return FALSE;

      value = bag->value->value.sequence;
      switch (OBJ_obj2nid (bag->type))
        {
        case NID_keyBag:
          self->n_keys++;
          break;

        case NID_certBag:
          self->n_certificates++;
          break;

        case NID_pkcs8ShroudedKeyBag:
          if (!add_shrouded (self, ASN1_STRING_get0_data (value),
                             (gsize) ASN1_STRING_length (value)))
            return FALSE;
          break;

        case NID_safeContentsBag:
          if (!walk_bags (self, n_bags, ASN1_STRING_get0_data (value),
                          (gsize) ASN1_STRING_length (value), depth + 1))
            return FALSE;
          break;

        default:
          break;
        }
    }
}

static gboolean
walk_encrypted (IssPfxOutline       *self,
                const IssPfxContent *content)
{
  g_autoptr(PKCS7_ENCRYPT) encrypted = NULL;
  const guint8 *data;

  self->n_encrypted++;
  if (content->content == NULL || content->content->type != V_ASN1_SEQUENCE)
    return FALSE;

  data = content->content->value.sequence->data;
  encrypted = d2i_PKCS7_ENCRYPT (NULL, &data, content->content->value.sequence->length);
  ERR_clear_error ();
  if (encrypted == NULL)
    return FALSE;

  add_encrypted (self, FALSE, encrypted->enc_data->algorithm);

  return TRUE;
}

static gboolean
walk_content (IssPfxOutline       *self,
              guint               *n_bags,
              const IssPfxContent *content)
{
  const ASN1_OCTET_STRING *data;
  guint before = *n_bags;
  guint shrouded_before = self->n_shrouded;
  gboolean is_whole;

  switch (OBJ_obj2nid (content->type))
    {
    case NID_pkcs7_data:
      if (content->content == NULL || content->content->type != V_ASN1_OCTET_STRING)
        return FALSE;

      data = content->content->value.octet_string;
      is_whole = walk_bags (self, n_bags, data->data, (gsize) data->length, 1);
      /* More in it than encrypted keys: clear, and that is worth a word. */
      if (*n_bags - before > self->n_shrouded - shrouded_before)
        g_ptr_array_add (self->parts, part_new (FALSE, ISS_PFX_SCHEME_CLEAR));
      return is_whole;

    case NID_pkcs7_encrypted:
      return walk_encrypted (self, content);

    case NID_pkcs7_enveloped:
      self->n_encrypted++;
      g_ptr_array_add (self->parts, part_new (FALSE, ISS_PFX_SCHEME_GROUP));
      return TRUE;

    default:
      g_ptr_array_add (self->parts, part_new (FALSE, ISS_PFX_SCHEME_UNKNOWN));
      return FALSE;
    }
}

static gboolean
walk_contents (IssPfxOutline           *self,
               const ASN1_OCTET_STRING *safes)
{
  IssPfxList list;
  guint n_bags = 0;
  guint n = 0;

  iss_pfx_asn1_list_open (&list, safes->data, (gsize) safes->length);

  for (;;)
    {
      g_autoptr(IssPfxContent) content = iss_pfx_asn1_list_next_content (&list);

      if (content == NULL)
        return !list.failed;

      if (++n > ISS_PFX_BAGS_MAX || !walk_content (self, &n_bags, content))
        return FALSE;
    }
}

/* RFC 9579: PBMAC1's parameters have the form of PBES2's, with a MAC for the cipher. */
static void
describe_mac (IssPfxOutline       *self,
              const IssPfxMacData *mac)
{
  g_autoptr(PBE2PARAM) pbmac1 = NULL;
  g_autofree char *derivation = NULL;
  const X509_ALGOR *algorithm;

  X509_SIG_get0 (mac->digest, &algorithm, NULL);

  if (OBJ_obj2nid (algorithm->algorithm) != NID_pbmac1)
    {
      self->integrity = ISS_INTEGRITY_HMAC;
      self->digest = dup_name (algorithm->algorithm);
      self->is_sha1 = OBJ_obj2nid (algorithm->algorithm) == NID_sha1;
      self->rounds = mac->iterations != NULL ? get_rounds (mac->iterations) : 1;
      return;
    }

  self->integrity = ISS_INTEGRITY_PBMAC1;
  pbmac1 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
  ERR_clear_error ();
  if (pbmac1 == NULL)
    return;

  self->digest = dup_name (pbmac1->encryption->algorithm);
  if (OBJ_obj2nid (pbmac1->keyfunc->algorithm) == NID_id_pbkdf2)
    derivation = describe_pbkdf2 (pbmac1->keyfunc, &self->rounds);
}

/**
 * iss_pfx_outline_read:
 * @bytes: a file
 *
 * Reads what is not encrypted. Derives nothing, and takes a damaged file for what is left
 * of it.
 *
 * Returns: (transfer full) (nullable): the outline, or %NULL if it is no PFX file at all
 */
IssPfxOutline *
iss_pfx_outline_read (GBytes *bytes)
{
  g_autoptr(IssPfxFile) file = NULL;
  g_autoptr(IssPfxOutline) self = NULL;
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  if (size == 0 || size > ISS_CERTIFICATE_FILE_MAX_SIZE)
    return NULL;

  file = iss_pfx_asn1_file_read (data, size);
  if (file == NULL)
    return NULL;

  self = g_new0 (IssPfxOutline, 1);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->is_signed = OBJ_obj2nid (file->auth_safe->type) == NID_pkcs7_signed;

  if (file->mac != NULL)
    describe_mac (self, file->mac);

  if (OBJ_obj2nid (file->auth_safe->type) == NID_pkcs7_enveloped)
    g_ptr_array_add (self->parts, part_new (FALSE, ISS_PFX_SCHEME_GROUP));
  else if (OBJ_obj2nid (file->auth_safe->type) == NID_pkcs7_data &&
           file->auth_safe->content != NULL &&
           file->auth_safe->content->type == V_ASN1_OCTET_STRING)
    self->is_whole = walk_contents (self, file->auth_safe->content->value.octet_string);

  return g_steal_pointer (&self);
}

/**
 * iss_pfx_outline_free:
 * @self: (transfer full): an outline
 */
void
iss_pfx_outline_free (IssPfxOutline *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self->digest);
  g_free (self);
}

/**
 * iss_pfx_outline_has:
 * @self: an outline
 * @scheme: a way to encrypt
 *
 * Returns: whether a part is encrypted that way
 */
gboolean
iss_pfx_outline_has (const IssPfxOutline *self,
                     IssPfxScheme         scheme)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const IssPfxOutlinePart *part = g_ptr_array_index (self->parts, i);

      if (part->scheme == scheme)
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_pfx_outline_needs_legacy:
 * @self: an outline
 *
 * Returns: whether OpenSSL 3 opens it with its legacy provider only
 */
gboolean
iss_pfx_outline_needs_legacy (const IssPfxOutline *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->parts->len; i++)
    {
      const IssPfxOutlinePart *part = g_ptr_array_index (self->parts, i);

      if (part->needs_legacy)
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_pfx_outline_get_max_rounds:
 * @self: an outline
 *
 * Returns: how many rounds the longest derivation takes
 */
guint64
iss_pfx_outline_get_max_rounds (const IssPfxOutline *self)
{
  guint64 most;

  g_return_val_if_fail (self != NULL, 0);

  most = self->rounds;
  for (guint i = 0; i < self->parts->len; i++)
    {
      const IssPfxOutlinePart *part = g_ptr_array_index (self->parts, i);

      most = MAX (most, part->rounds);
    }

  return most;
}
