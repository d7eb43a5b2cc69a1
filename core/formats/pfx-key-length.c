/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-key-length.h"

#include "core/certificate/openssl.h"

#include <openssl/err.h>

/* Ciphers that are the same but for the size of their key. Others either have one size or, as
 * RC2, say it elsewhere. */
static const struct
{
  int    family;
  int    nid;
  gint64 size;      /* bytes */
} ciphers[] =
{
  { NID_aes_128_cbc,      NID_aes_128_cbc,      16 },
  { NID_aes_128_cbc,      NID_aes_192_cbc,      24 },
  { NID_aes_128_cbc,      NID_aes_256_cbc,      32 },
  { NID_camellia_128_cbc, NID_camellia_128_cbc, 16 },
  { NID_camellia_128_cbc, NID_camellia_192_cbc, 24 },
  { NID_camellia_128_cbc, NID_camellia_256_cbc, 32 },
  { NID_des_ede3_cbc,     NID_des_ede3_cbc,     24 },
  { NID_des_cbc,          NID_des_cbc,          8 },
};

/* -1 = not said, or not in a way that can be read */
static gint64
read_size (const PBE2PARAM *parameters)
{
  g_autoptr(PBKDF2PARAM) pbkdf2 = NULL;
  int64_t size;

  if (OBJ_obj2nid (parameters->keyfunc->algorithm) != NID_id_pbkdf2)
    return -1;

  pbkdf2 = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM),
                                      parameters->keyfunc->parameter);
  if (pbkdf2 == NULL || pbkdf2->keylength == NULL)
    return -1;

  return ASN1_INTEGER_get_int64 (&size, pbkdf2->keylength) ? MAX (size, 0) : 0;
}

/* The cipher that @nid is said to be where its key has @size bytes; NID_undef if there is none */
static int
get_cipher (int    nid,
            gint64 size)
{
  int family = NID_undef;

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      if (ciphers[i].nid == nid)
        family = ciphers[i].family;
    }

  if (family == NID_undef || size < 0)
    return nid;

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    {
      if (ciphers[i].family == family && ciphers[i].size == size)
        return ciphers[i].nid;
    }

  return NID_undef;
}

static PBE2PARAM *
unpack (const X509_ALGOR *algorithm)
{
  if (OBJ_obj2nid (algorithm->algorithm) != NID_pbes2)
    return NULL;

  return ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);
}

/**
 * iss_pfx_key_length_fits:
 * @algorithm: a password-based encryption
 *
 * Returns: %FALSE if it says that its key has a size with which its cipher, and those that differ
 *   from it in nothing else, cannot be used
 */
gboolean
iss_pfx_key_length_fits (const X509_ALGOR *algorithm)
{
  g_autoptr(PBE2PARAM) parameters = NULL;
  gboolean fits;

  g_return_val_if_fail (algorithm != NULL, FALSE);

  parameters = unpack (algorithm);
  fits = parameters == NULL ||
         OBJ_obj2nid (parameters->encryption->algorithm) == NID_undef ||
         get_cipher (OBJ_obj2nid (parameters->encryption->algorithm),
                     read_size (parameters)) != NID_undef;
  ERR_clear_error ();

  return fits;
}

/**
 * iss_pfx_key_length_dup_mended:
 * @algorithm: a password-based encryption
 *
 * NSS before 3.31 encrypted with 256 bits, whatever it called the cipher, and wrote down the
 * size that it used: "AES-128-CBC" with a key of 32 bytes is AES-256-CBC. OpenSSL refuses it.
 *
 * Returns: (transfer full) (nullable): the same with the cipher called by its name; %NULL if it is
 */
X509_ALGOR *
iss_pfx_key_length_dup_mended (const X509_ALGOR *algorithm)
{
  g_autoptr(PBE2PARAM) parameters = NULL;
  X509_ALGOR *mended = NULL;
  int nid, cipher;

  g_return_val_if_fail (algorithm != NULL, NULL);

  parameters = unpack (algorithm);
  if (parameters != NULL)
    {
      nid = OBJ_obj2nid (parameters->encryption->algorithm);
      cipher = get_cipher (nid, read_size (parameters));

      if (cipher != nid && cipher != NID_undef)
        {
          mended = X509_ALGOR_dup ((X509_ALGOR *) algorithm);
          ASN1_OBJECT_free (parameters->encryption->algorithm);
          parameters->encryption->algorithm = OBJ_nid2obj (cipher);
          if (mended != NULL &&
              ASN1_TYPE_pack_sequence (ASN1_ITEM_rptr (PBE2PARAM), parameters,
                                       &mended->parameter) == NULL)
            g_clear_pointer (&mended, X509_ALGOR_free);
        }
    }

  ERR_clear_error ();

  return mended;
}
