/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx.h"

#include "core/base/error.h"
#include "core/certificate/openssl.h"
#include "core/formats/certificate-file.h"
#include "core/formats/pfx-asn1.h"
#include "core/formats/pfx-bags.h"
#include "core/formats/pfx-cipher.h"
#include "core/formats/pfx-mac.h"
#include "core/formats/pkcs7.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>

/* RFC 7292 section 4 */
#define VERSION 3

static gboolean
refuse_malformed (GError **error)
{
  ERR_clear_error ();
  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("The file is damaged: its content cannot be read"));

  return FALSE;
}

/* Not an outline that can be read: says the plainest reason there is. */
static void
set_unreadable (const guint8  *data,
                gsize          size,
                GError       **error)
{
  const guint8 *at = data;
  long length;
  int tag, xclass;
  int result = ASN1_get_object (&at, &length, &tag, &xclass, (long) size);

  ERR_clear_error ();

  if (result == V_ASN1_CONSTRUCTED && at + length < data + size)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                         _("There is data after the end of the PFX file"));
  else if ((result & 0x80) != 0 && at > data)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                         _("The PFX file is cut short"));
  else if (iss_pfx_asn1_file_is_nested (data, size))
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                         /* Translators: BER is a way to write files */
                         _("The PFX file is written in a form of BER that is not supported: its "
                           "strings are in pieces within pieces"));
  else
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                         _("The PFX file is damaged"));
}

static PKCS7_ENCRYPT *
read_encrypted (const IssPfxContent  *content,
                GError              **error)
{
  g_autoptr(PKCS7_ENCRYPT) encrypted = NULL;
  const guint8 *data;
  const guint8 *end;

  if (content->content == NULL || content->content->type != V_ASN1_SEQUENCE)
    {
      refuse_malformed (error);
      return NULL;
    }

  data = end = content->content->value.sequence->data;
  encrypted = d2i_PKCS7_ENCRYPT (NULL, &end, content->content->value.sequence->length);
  if (encrypted == NULL || encrypted->enc_data->enc_data == NULL ||
      end != data + content->content->value.sequence->length)
    {
      refuse_malformed (error);
      return NULL;
    }

  return g_steal_pointer (&encrypted);
}

static const ASN1_OCTET_STRING *
get_data (const IssPfxContent  *content,
          GError              **error)
{
  if (content->content == NULL || content->content->type != V_ASN1_OCTET_STRING)
    {
      refuse_malformed (error);
      return NULL;
    }

  return content->content->value.octet_string;
}

static gboolean
refuse_protection (IssPfxWalk         *walk,
                   const ASN1_OBJECT  *type,
                   GError            **error)
{
  char name[80];

  if (OBJ_obj2nid (type) == NID_pkcs7_enveloped)
    {
      walk->cause = ISS_PFX_CAUSE_GROUP;
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("The file is protected for a public key or for a Windows group, not "
                             "with a password: export it again with a password"));
      return FALSE;
    }

  OBJ_obj2txt (name, sizeof name, type, 0);
  g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
               /* Translators: %s is a name such as pkcs7-digestData */
               _("A part of the file is protected in a way that is not supported (%s)"), name);

  return FALSE;
}

/* Before anything is derived: all that can be known without a password. */
static gboolean
survey_content (IssPfxWalk           *walk,
                const IssPfxContent  *content,
                GError              **error)
{
  g_autoptr(PKCS7_ENCRYPT) encrypted = NULL;
  const ASN1_OCTET_STRING *data;

  switch (OBJ_obj2nid (content->type))
    {
    case NID_pkcs7_data:
      data = get_data (content, error);
      return data != NULL &&
             iss_pfx_bags_survey (walk, data->data, (gsize) data->length, error);

    case NID_pkcs7_encrypted:
      encrypted = read_encrypted (content, error);
      return encrypted != NULL &&
             iss_pfx_cost_pay_algorithm (&walk->cost, encrypted->enc_data->algorithm, error) &&
             iss_pfx_cipher_check (walk->cipher, encrypted->enc_data->algorithm, error);

    default:
      return refuse_protection (walk, content->type, error);
    }
}

static gboolean
read_content (IssPfxWalk           *walk,
              const IssPfxContent  *content,
              GError              **error)
{
  g_autoptr(PKCS7_ENCRYPT) encrypted = NULL;
  g_autoptr(IssSecret) clear = NULL;
  const ASN1_OCTET_STRING *plain;
  const guint8 *data;
  gsize size;

  if (OBJ_obj2nid (content->type) == NID_pkcs7_data)
    {
      plain = get_data (content, error);
      return plain != NULL &&
             iss_pfx_bags_read (walk, plain->data, (gsize) plain->length, error);
    }

  encrypted = read_encrypted (content, error);
  if (encrypted == NULL)
    return FALSE;

  clear = iss_pfx_bags_decrypt (walk, encrypted->enc_data->algorithm,
                                encrypted->enc_data->enc_data, error);
  if (clear == NULL)
    return FALSE;

  data = iss_secret_get_data (clear, &size);

  return iss_pfx_bags_survey (walk, data, size, error) &&
         iss_pfx_bags_read (walk, data, size, error);
}

typedef gboolean (* ContentFunc) (IssPfxWalk           *walk,
                                  const IssPfxContent  *content,
                                  GError              **error);

static gboolean
for_each_content (IssPfxWalk               *walk,
                  const ASN1_OCTET_STRING  *safes,
                  ContentFunc               func,
                  GError                  **error)
{
  IssPfxList list;
  guint n = 0;

  iss_pfx_asn1_list_open (&list, safes->data, (gsize) safes->length);

  for (;;)
    {
      g_autoptr(IssPfxContent) content = iss_pfx_asn1_list_next_content (&list);

      if (content == NULL)
        return list.failed ? refuse_malformed (error) : TRUE;

      if (++n > ISS_PFX_BAGS_MAX)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The file holds more than %u %s"), ISS_PFX_BAGS_MAX, _("parts"));
          return FALSE;
        }

      if (!func (walk, content, error))
        return FALSE;
    }
}

/* No bytes at all and an empty string (two zero bytes, RFC 7292 appendix B.1) are
 * different passwords; both are in use for "none". There is an old form of what is not
 * ASCII, too. The second try is paid as well. */
static gboolean
verify (IssPfxWalk               *walk,
        const IssPfxMacData      *mac,
        const ASN1_OCTET_STRING  *safes,
        IssIntegrity              integrity,
        GError                  **error)
{
  gboolean is_utf16 = integrity == ISS_INTEGRITY_HMAC;

  walk->password_proved = iss_pfx_mac_verify (mac, safes, walk->cipher, &walk->password);

  if (!walk->password_proved && iss_pfx_cipher_other_form (&walk->password, is_utf16))
    {
      if (!iss_pfx_mac_check (mac, walk->cipher, &walk->cost, &integrity, error))
        return FALSE;

      walk->password_proved = iss_pfx_mac_verify (mac, safes, walk->cipher, &walk->password);
    }

  if (!walk->password_proved)
    iss_pfx_cipher_set_wrong_password (walk->typed, TRUE, error);

  return walk->password_proved;
}

/* The outline is RFC 7292's, with a password for seal. */
static const ASN1_OCTET_STRING *
get_safes (IssPfxWalk        *walk,
           const IssPfxFile  *file,
           GError           **error)
{
  if (ASN1_INTEGER_get (file->version) != VERSION)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The PFX file is not of version %d, the only one there is"), VERSION);
      return NULL;
    }

  if (OBJ_obj2nid (file->auth_safe->type) == NID_pkcs7_signed)
    {
      walk->cause = ISS_PFX_CAUSE_SIGNED;
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("The file is sealed with somebody's key, not with a password: "
                             "export it again with a password"));
      return NULL;
    }

  if (OBJ_obj2nid (file->auth_safe->type) != NID_pkcs7_data)
    {
      refuse_protection (walk, file->auth_safe->type, error);
      return NULL;
    }

  return get_data (file->auth_safe, error);
}

static gboolean
read_file (IssPfxWalk               *walk,
           const IssPfxMacData      *mac,
           const ASN1_OCTET_STRING  *safes,
           GError                  **error)
{
  IssIntegrity integrity = ISS_INTEGRITY_NONE;

  if (mac != NULL && !iss_pfx_mac_check (mac, walk->cipher, &walk->cost, &integrity, error))
    return FALSE;

  if (!for_each_content (walk, safes, survey_content, error))
    return FALSE;

  if (mac != NULL && !verify (walk, mac, safes, integrity, error))
    return FALSE;

  walk->bundle = iss_bundle_new (ISS_FORMAT_PFX, integrity);
  if (!for_each_content (walk, safes, read_content, error))
    return FALSE;

  if (iss_bundle_get_n_certificates (walk->bundle) == 0 &&
      iss_bundle_get_n_keys (walk->bundle) == 0)
    walk->cause = ISS_PFX_CAUSE_EMPTY;

  return TRUE;
}

static IssBundle *
read_bytes (IssPfxWalk  *walk,
            GBytes      *bytes,
            GError     **error)
{
  g_autoptr(IssPfxCipher) cipher = NULL;
  g_autoptr(IssPfxFile) file = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  const ASN1_OCTET_STRING *safes;
  gboolean read;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("The file is empty"));
      return NULL;
    }

  if (size > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("The file is larger than %d MiB"),
                   ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return NULL;
    }

  if (!iss_pfx_cipher_take_password (walk->typed, &walk->password, error))
    return NULL;

  file = iss_pfx_asn1_file_read (data, size);
  if (file == NULL)
    {
      set_unreadable (data, size, error);
      return NULL;
    }

  safes = get_safes (walk, file, error);
  if (safes == NULL)
    return NULL;

  cipher = iss_pfx_cipher_new (error);
  if (cipher == NULL)
    return NULL;

  walk->cipher = cipher;
  read = read_file (walk, file->mac, safes, error);
  walk->cipher = NULL;
  bundle = g_steal_pointer (&walk->bundle);

  return read ? g_steal_pointer (&bundle) : NULL;
}

/* What the walk has not said by itself is plain from the error. */
static IssPfxCause
get_cause (const IssPfxWalk *walk,
           const GError     *error)
{
  if (walk->cause != ISS_PFX_CAUSE_NONE)
    return walk->cause;

  if (error->domain != ISS_ERROR)
    return ISS_PFX_CAUSE_DAMAGED;

  switch (error->code)
    {
    case ISS_ERROR_WRONG_PASSWORD:
      return walk->typed != NULL ? ISS_PFX_CAUSE_WRONG_PASSWORD : ISS_PFX_CAUSE_PASSWORD_NEEDED;

    case ISS_ERROR_UNSUPPORTED:
      return ISS_PFX_CAUSE_NOT_AVAILABLE;

    case ISS_ERROR_TOO_COSTLY:
      return ISS_PFX_CAUSE_TOO_COSTLY;

    case ISS_ERROR_TOO_LARGE:
      return ISS_PFX_CAUSE_TOO_LARGE;

    default:
      return ISS_PFX_CAUSE_DAMAGED;
    }
}

/**
 * iss_pfx_looks_like:
 * @bytes: a file
 *
 * Returns: whether it begins like PKCS#12 (RFC 7292 section 4): a version and then PKCS#7
 */
gboolean
iss_pfx_looks_like (GBytes *bytes)
{
  gsize size;
  const guint8 *data;
  const guint8 *at;
  long length;
  int tag, xclass;

  g_return_val_if_fail (bytes != NULL, FALSE);

  data = at = g_bytes_get_data (bytes, &size);
  if (size < 16 || data[0] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return FALSE;

  ASN1_get_object (&at, &length, &tag, &xclass, (long) size);
  ERR_clear_error ();

  if (at == data || data + size - at <= 4 || at[0] != V_ASN1_INTEGER || at[1] != 1 ||
      at[3] != (V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED))
    return FALSE;

  /* PKCS#8 begins with a version and a sequence, too, but never with this one. */
  if (at[2] == VERSION)
    return TRUE;

  at += 3;

  return iss_pkcs7_looks_like (at, (gsize) (data + size - at));
}

/**
 * iss_pfx_read_with_cause:
 * @bytes: a file
 * @password: (nullable): its password; %NULL if none was given
 * @out_cause: (out): why it does not open; %ISS_PFX_CAUSE_NONE if it does, or
 *   %ISS_PFX_CAUSE_EMPTY
 * @error: return location for an error
 *
 * Reads a PFX file whole. First the whole of it is surveyed: sizes, numbers, what
 * every derivation would cost and whether every algorithm is there. Then the MAC
 * is verified, and only then is anything decrypted. Private keys live in the
 * program's own library context.
 *
 * The error names the one true cause: %ISS_ERROR_WRONG_PASSWORD only when the MAC
 * says so or, without a MAC, the content decrypts to nothing; %ISS_ERROR_TOO_COSTLY;
 * %ISS_ERROR_UNSUPPORTED with the algorithm's name; %ISS_ERROR_TOO_LARGE;
 * %ISS_ERROR_MALFORMED. It never holds the password.
 *
 * Takes up to 2 seconds for the costliest file that is accepted: not for the main thread.
 *
 * Returns: (transfer full): what is in it, which may be neither a certificate nor a private
 *   key: Java keeps other secrets in such files
 */
IssBundle *
iss_pfx_read_with_cause (GBytes       *bytes,
                         IssSecret    *password,
                         IssPfxCause  *out_cause,
                         GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  IssPfxWalk walk = { NULL };
  IssBundle *bundle;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (out_cause != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  walk.typed = password;
  bundle = read_bytes (&walk, bytes, &local_error);
  *out_cause = bundle == NULL ? get_cause (&walk, local_error) : walk.cause;
  if (bundle == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return bundle;
}

/**
 * iss_pfx_read:
 * @bytes: a file
 * @password: (nullable): its password; %NULL if none was given
 * @error: return location for an error
 *
 * Reads a PFX file whole, as iss_pfx_read_with_cause() does.
 *
 * Returns: (transfer full): what is in it, at least one certificate or private key
 */
IssBundle *
iss_pfx_read (GBytes     *bytes,
              IssSecret  *password,
              GError    **error)
{
  g_autoptr(IssBundle) bundle = NULL;
  IssPfxCause cause;

  bundle = iss_pfx_read_with_cause (bytes, password, &cause, error);
  if (bundle == NULL || cause != ISS_PFX_CAUSE_EMPTY)
    return g_steal_pointer (&bundle);

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       _("There is no certificate in this file"));
  return NULL;
}
