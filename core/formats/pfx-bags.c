/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-bags.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/openssl.h"
#include "core/formats/pem-key.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <string.h>

#define MAX_FRIENDLY_NAME 256   /* characters */
#define MAX_NAME_SIZE 8192      /* bytes */
#define MAX_LOCAL_ID 256        /* bytes */

static gboolean
refuse_malformed (GError **error)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The file is damaged: its content cannot be read"));

  return FALSE;
}

/* A bag is (type, value); the values that matter here are sequences. */
static gboolean
get_value (const IssPfxBag  *bag,
           const guint8    **out_data,
           gsize            *out_size,
           GError          **error)
{
  if (bag->value->type != V_ASN1_SEQUENCE)
    return refuse_malformed (error);

  *out_data = bag->value->value.sequence->data;
  *out_size = (gsize) bag->value->value.sequence->length;

  return TRUE;
}

static X509_SIG *
read_shrouded (const IssPfxBag  *bag,
               GError          **error)
{
  g_autoptr(X509_SIG) shrouded = NULL;
  const guint8 *data;
  const guint8 *end;
  gsize size;

  if (!get_value (bag, &data, &size, error))
    return NULL;

  end = data;
  shrouded = d2i_X509_SIG (NULL, &end, (long) size);
  if (shrouded == NULL || end != data + size)
    {
      refuse_malformed (error);
      return NULL;
    }

  return g_steal_pointer (&shrouded);
}

/* Attributes are checked for their type before they are used: nothing vouches for them.
 * Borrowed. */
static const ASN1_TYPE *
find_attribute (const IssPfxBag *bag,
                int              nid)
{
  int position;

  if (bag->attributes == NULL)
    return NULL;

  position = X509at_get_attr_by_NID (bag->attributes, nid, -1);
  if (position < 0)
    return NULL;

  return X509_ATTRIBUTE_get0_type (X509at_get_attr (bag->attributes, position), 0);
}

/* (nullable): OpenSSL 3.0.19's own conversion gives nothing for what is not ASCII. */
static char *
dup_utf16 (const ASN1_BMPSTRING *string)
{
  g_autofree gunichar2 *units = NULL;
  gsize n = (gsize) string->length / 2;

  if (string->length % 2 != 0 || string->length > MAX_NAME_SIZE)
    return NULL;

  units = g_new (gunichar2, n + 1);
  for (gsize i = 0; i < n; i++)
    units[i] = (gunichar2) (string->data[2 * i] << 8 | string->data[2 * i + 1]);

  return g_utf16_to_utf8 (units, (glong) n, NULL, NULL, NULL);
}

/* RFC 2985 section 5.5.1: a BMPString, and so is the provider's name. Some write UTF-8.
 * Anything else is no name. */
static char *
dup_name (const IssPfxBag *bag,
          int              nid)
{
  const ASN1_TYPE *value = find_attribute (bag, nid);
  g_autofree char *name = NULL;

  if (value == NULL)
    return NULL;

  if (value->type == V_ASN1_BMPSTRING)
    {
      g_autofree char *decoded = dup_utf16 (value->value.bmpstring);

      if (decoded != NULL)
        name = iss_text_sanitise (decoded, -1, MAX_FRIENDLY_NAME);
    }
  else if (value->type == V_ASN1_UTF8STRING)
    {
      name = iss_text_sanitise ((const char *) value->value.utf8string->data,
                                value->value.utf8string->length, MAX_FRIENDLY_NAME);
    }

  return g_steal_pointer (&name);
}

static GBytes *
dup_local_id (const IssPfxBag *bag)
{
  const ASN1_TYPE *value = find_attribute (bag, NID_localKeyID);

  if (value == NULL || value->type != V_ASN1_OCTET_STRING ||
      value->value.octet_string->length > MAX_LOCAL_ID)
    return NULL;

  return g_bytes_new (value->value.octet_string->data,
                      (gsize) value->value.octet_string->length);
}

static gboolean
count (guint       *n,
       guint        limit,
       const char  *what,
       GError     **error)
{
  if (++*n <= limit)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
               /* Translators: %s is "parts", "certificates" or "private keys" */
               _("The file holds more than %u %s"), limit, what);

  return FALSE;
}

static gboolean
refuse_depth (GError **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
               _("The parts of the file are nested more than %d deep"), ISS_PFX_BAGS_MAX_DEPTH);

  return FALSE;
}

static gboolean
survey_shrouded (IssPfxWalk       *walk,
                 const IssPfxBag  *bag,
                 GError          **error)
{
  g_autoptr(X509_SIG) shrouded = read_shrouded (bag, error);
  const X509_ALGOR *algorithm;

  if (shrouded == NULL)
    return FALSE;

  X509_SIG_get0 (shrouded, &algorithm, NULL);

  return iss_pfx_cost_pay_algorithm (&walk->cost, algorithm, error) &&
         iss_pfx_cipher_check (walk->cipher, algorithm, error);
}

static gboolean
survey (IssPfxWalk    *walk,
        const guint8  *data,
        gsize          size,
        guint          depth,
        GError       **error)
{
  IssPfxList list;

  if (depth > ISS_PFX_BAGS_MAX_DEPTH)
    return refuse_depth (error);

  iss_pfx_asn1_list_open (&list, data, size);

  for (;;)
    {
      g_autoptr(IssPfxBag) bag = iss_pfx_asn1_list_next_bag (&list);
      gboolean fine = TRUE;

      if (bag == NULL)
        return list.failed ? refuse_malformed (error) : TRUE;

      if (!count (&walk->n_bags, ISS_PFX_BAGS_MAX, _("parts"), error))
        return FALSE;

      switch (OBJ_obj2nid (bag->type))
        {
        case NID_keyBag:
          fine = count (&walk->n_keys, ISS_PFX_BAGS_MAX_KEYS, _("private keys"), error);
          break;

        case NID_pkcs8ShroudedKeyBag:
          fine = count (&walk->n_keys, ISS_PFX_BAGS_MAX_KEYS, _("private keys"), error) &&
                 survey_shrouded (walk, bag, error);
          break;

        case NID_certBag:
          fine = count (&walk->n_certificates, ISS_PFX_BAGS_MAX_CERTIFICATES,
                        _("certificates"), error);
          break;

        case NID_safeContentsBag:
          fine = get_value (bag, &data, &size, error) &&
                 survey (walk, data, size, depth + 1, error);
          break;

        default:
          break;
        }

      if (!fine)
        return FALSE;
    }
}

static gboolean
take_key (IssPfxWalk       *walk,
          const IssPfxBag  *bag,
          const guint8     *data,
          gsize             size,
          GError          **error)
{
  g_autoptr(IssPrivateKey) key = iss_pem_key_read_pkcs8 (data, size, error);
  g_autoptr(GBytes) local_id = dup_local_id (bag);
  g_autofree char *csp_name = dup_name (bag, NID_ms_csp_name);

  if (key == NULL)
    return FALSE;

  iss_bundle_add_key (walk->bundle, key);
  iss_bundle_mark_key (walk->bundle, key, local_id, csp_name);

  return TRUE;
}

static gboolean
take_shrouded_key (IssPfxWalk       *walk,
                   const IssPfxBag  *bag,
                   GError          **error)
{
  g_autoptr(X509_SIG) shrouded = read_shrouded (bag, error);
  g_autoptr(IssSecret) clear = NULL;
  const X509_ALGOR *algorithm;
  const ASN1_OCTET_STRING *encrypted;
  const guint8 *data;
  gsize size;

  if (shrouded == NULL)
    return FALSE;

  X509_SIG_get0 (shrouded, &algorithm, &encrypted);
  clear = iss_pfx_bags_decrypt (walk, algorithm, encrypted, error);
  if (clear == NULL)
    return FALSE;

  data = iss_secret_get_data (clear, &size);

  return take_key (walk, bag, data, size, error);
}

static gboolean
take_certificate (IssPfxWalk       *walk,
                  const IssPfxBag  *bag,
                  GError          **error)
{
  g_autoptr(IssPfxContent) content = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GBytes) local_id = dup_local_id (bag);
  g_autofree char *friendly_name = NULL;
  const guint8 *data;
  gsize size;

  if (!get_value (bag, &data, &size, error))
    return FALSE;

  content = iss_pfx_asn1_content_read (data, size);
  if (content == NULL)
    return refuse_malformed (error);

  /* The other kind, SDSI, nobody has seen. */
  if (OBJ_obj2nid (content->type) != NID_x509Certificate)
    return TRUE;

  if (content->content == NULL || content->content->type != V_ASN1_OCTET_STRING)
    return refuse_malformed (error);

  der = g_bytes_new (content->content->value.octet_string->data,
                     (gsize) content->content->value.octet_string->length);
  certificate = iss_certificate_new_from_der (der, error);
  if (certificate == NULL)
    return FALSE;

  friendly_name = dup_name (bag, NID_friendlyName);
  iss_bundle_add_certificate (walk->bundle, certificate, friendly_name);
  if (local_id != NULL)
    iss_bundle_mark_certificate (walk->bundle, certificate, local_id);

  return TRUE;
}

static gboolean
take_bags (IssPfxWalk    *walk,
           const guint8  *data,
           gsize          size,
           guint          depth,
           GError       **error)
{
  IssPfxList list;

  if (depth > ISS_PFX_BAGS_MAX_DEPTH)
    return refuse_depth (error);

  iss_pfx_asn1_list_open (&list, data, size);

  for (;;)
    {
      g_autoptr(IssPfxBag) bag = iss_pfx_asn1_list_next_bag (&list);
      gboolean fine = TRUE;

      if (bag == NULL)
        return list.failed ? refuse_malformed (error) : TRUE;

      switch (OBJ_obj2nid (bag->type))
        {
        case NID_keyBag:
          fine = get_value (bag, &data, &size, error) &&
                 take_key (walk, bag, data, size, error);
          break;

        case NID_pkcs8ShroudedKeyBag:
          fine = take_shrouded_key (walk, bag, error);
          break;

        case NID_certBag:
          fine = take_certificate (walk, bag, error);
          break;

        case NID_safeContentsBag:
          fine = get_value (bag, &data, &size, error) &&
                 take_bags (walk, data, size, depth + 1, error);
          break;

        default:
          /* Revocation lists, secrets and what is still to be invented. */
          break;
        }

      if (!fine)
        return FALSE;
    }
}

static IssSecret *
decrypt_as (IssPfxWalk               *walk,
            const IssPfxPassword     *password,
            const X509_ALGOR         *algorithm,
            const ASN1_OCTET_STRING  *encrypted,
            GError                  **error)
{
  g_autoptr(IssSecret) clear = NULL;
  gsize size;
  const guint8 *data;

  clear = iss_pfx_cipher_decrypt (walk->cipher, algorithm, encrypted, password, error);
  if (clear == NULL)
    return NULL;

  /* All that is ever encrypted here is one sequence. */
  data = iss_secret_get_data (clear, &size);
  if (!iss_pfx_asn1_is_sequence (data, size))
    {
      iss_pfx_cipher_set_wrong_password (walk->typed, FALSE, error);
      return NULL;
    }

  return g_steal_pointer (&clear);
}

static IssSecret *
decrypt_once (IssPfxWalk               *walk,
              const X509_ALGOR         *algorithm,
              const ASN1_OCTET_STRING  *encrypted,
              GError                  **error)
{
  return decrypt_as (walk, &walk->password, algorithm, encrypted, error);
}

/* PBES2 takes bytes (RFC 8018), and RFC 7292 does not say in which encoding: some wrote other
 * ones than UTF-8. Only for a password that the MAC has proved; each try is paid for. */
static IssSecret *
decrypt_in_odd_forms (IssPfxWalk               *walk,
                      const X509_ALGOR         *algorithm,
                      const ASN1_OCTET_STRING  *encrypted,
                      GError                  **error)
{
  for (guint i = 0; i < ISS_PFX_CIPHER_N_ODD_FORMS; i++)
    {
      g_autoptr(IssSecret) odd = iss_pfx_cipher_dup_odd_form (&walk->password, i);
      g_autoptr(GError) local_error = NULL;
      IssPfxPassword password = { NULL, 0, FALSE };
      IssSecret *clear;

      if (odd == NULL)
        continue;

      if (!iss_pfx_cost_pay_algorithm (&walk->cost, algorithm, error))
        return NULL;

      password.text = iss_secret_get_data (odd, &password.size);
      clear = decrypt_as (walk, &password, algorithm, encrypted, &local_error);
      if (clear != NULL)
        return clear;
    }

  return NULL;
}

/**
 * iss_pfx_bags_survey:
 * @walk: a file
 * @data: SafeContents
 * @size: its size
 * @error: return location for an error
 *
 * Counts the bags, pays for every encrypted one and makes sure that it can be
 * decrypted, without deriving anything.
 *
 * Returns: whether @data may be read
 */
gboolean
iss_pfx_bags_survey (IssPfxWalk    *walk,
                     const guint8  *data,
                     gsize          size,
                     GError       **error)
{
  return survey (walk, data, size, 1, error);
}

/**
 * iss_pfx_bags_read:
 * @walk: a file
 * @data: SafeContents that were surveyed
 * @size: its size
 * @error: return location for an error
 *
 * Puts the certificates and private keys into the bundle. Revocation lists and
 * other secrets are passed over.
 *
 * Returns: whether everything could be read
 */
gboolean
iss_pfx_bags_read (IssPfxWalk    *walk,
                   const guint8  *data,
                   gsize          size,
                   GError       **error)
{
  return take_bags (walk, data, size, 1, error);
}

/**
 * iss_pfx_bags_decrypt:
 * @walk: a file
 * @algorithm: a password-based encryption that was paid for and checked
 * @encrypted: what is encrypted
 * @error: return location for an error
 *
 * Decrypts one part. As long as nothing has proved the password, its other form is tried
 * as well, and paid for again; once it is proved, the encodings that some have used for PBES2.
 *
 * Returns: (transfer full): the clear bytes, one sequence
 */
IssSecret *
iss_pfx_bags_decrypt (IssPfxWalk               *walk,
                      const X509_ALGOR         *algorithm,
                      const ASN1_OCTET_STRING  *encrypted,
                      GError                  **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean is_utf16 = OBJ_obj2nid (algorithm->algorithm) != NID_pbes2;
  IssSecret *clear = decrypt_once (walk, algorithm, encrypted, &local_error);

  if (clear == NULL && (!walk->password_proved || walk->password.size == 0) &&
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD) &&
      iss_pfx_cipher_other_form (&walk->password, is_utf16))
    {
      if (!iss_pfx_cost_pay_algorithm (&walk->cost, algorithm, error))
        return NULL;

      g_clear_error (&local_error);
      clear = decrypt_once (walk, algorithm, encrypted, &local_error);
      if (clear == NULL)
        iss_pfx_cipher_other_form (&walk->password, is_utf16);
    }

  if (clear == NULL && walk->password_proved && !is_utf16 &&
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    {
      g_autoptr(GError) cost_error = NULL;

      clear = decrypt_in_odd_forms (walk, algorithm, encrypted, &cost_error);
      if (cost_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cost_error));
          return NULL;
        }
    }

  if (clear != NULL)
    {
      walk->password_proved = TRUE;
      return clear;
    }

  if (!g_error_matches (local_error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (walk->password_proved)
    {
      walk->cause = ISS_PFX_CAUSE_OTHER_PASSWORD;
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("The password is right, but a part of the file is encrypted with "
                             "another password"));
    }
  else
    iss_pfx_cipher_set_wrong_password (walk->typed, FALSE, error);

  return NULL;
}
