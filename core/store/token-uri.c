/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/token-uri.h"

#include <glib/gi18n-lib.h>
#include <p11-kit/uri.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_BYTES 2048
#define MAX_NAME 64
#define FILE_SCHEME "file:"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P11KitUri, p11_kit_uri_free)

/* A URI is stored, published and shown: no secret may be in it, and nothing that makes the
 * server run code which its own administrator has not registered. */
static gboolean
check_queries (P11KitUri  *uri,
               GError    **error)
{
  g_autofree char *pin_file = NULL;

  if (p11_kit_uri_get_pin_value (uri) != NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The URI holds the PIN (pin-value): leave it out and give the PIN "
                             "apart, for a URI is stored and shown in clear"));
      return FALSE;
    }

  if (p11_kit_uri_get_module_path (uri) != NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("The URI names a program library (module-path): leave it out and "
                             "register the library with p11-kit on the server"));
      return FALSE;
    }

  pin_file = iss_token_uri_dup_pin_file (uri);
  if (p11_kit_uri_get_pin_source (uri) != NULL && pin_file == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                           _("The URI's pin-source is not understood: it takes “file:” and the "
                             "whole path of a file on the server"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
names_token (P11KitUri *uri)
{
  const CK_TOKEN_INFO *info = p11_kit_uri_get_token_info (uri);

  return info->label[0] != 0 || info->serialNumber[0] != 0;
}

/* Which token must be said, for its PIN is tried there and nowhere else; and which key. */
static gboolean
check_names (P11KitUri  *uri,
             GError    **error)
{
  if (!names_token (uri))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The URI does not say which token: add token=… or serial=…"));
      return FALSE;
    }

  if (p11_kit_uri_get_attribute (uri, CKA_LABEL) == NULL &&
      p11_kit_uri_get_attribute (uri, CKA_ID) == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The URI does not say which key of the token: add object=… or id=…"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
set_private (P11KitUri  *uri,
             GError    **error)
{
  CK_OBJECT_CLASS private = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE attribute = { CKA_CLASS, &private, sizeof private };
  const CK_ATTRIBUTE *class = p11_kit_uri_get_attribute (uri, CKA_CLASS);

  if (class != NULL && (class->ulValueLen != sizeof private ||
                        memcmp (class->pValue, &private, sizeof private) != 0))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The URI names something else than a private key: say type=private "
                             "or leave it out"));
      return FALSE;
    }

  if (class == NULL)
    p11_kit_uri_set_attribute (uri, &attribute);

  return TRUE;
}

/**
 * iss_token_uri_parse:
 * @text: a pkcs11: URI
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT when it is none or does
 *   not name a private key of a token, %ISS_ERROR_REFUSED when it holds a PIN or the path of a
 *   library, %ISS_ERROR_UNSUPPORTED for a pin-source that is no file, %ISS_ERROR_TOO_LARGE
 *
 * Returns: (transfer full): the URI, to be freed with p11_kit_uri_free(); it is for private keys
 */
P11KitUri *
iss_token_uri_parse (const char  *text,
                     GError     **error)
{
  g_autoptr(P11KitUri) uri = NULL;
  int status;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (strlen (text) > MAX_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The URI of a key has at most %d characters"), MAX_BYTES);
      return NULL;
    }

  uri = p11_kit_uri_new ();
  status = iss_text_is_clean (text, MAX_BYTES) ? p11_kit_uri_parse (text, P11_KIT_URI_FOR_ANY, uri)
                                               : P11_KIT_URI_BAD_SYNTAX;
  if (status == P11_KIT_URI_BAD_SCHEME)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A key in a token is named by a URI that begins with “pkcs11:”, such "
                             "as pkcs11:token=HSM;object=auth"));
      return NULL;
    }

  /* What is not understood may be what makes it another key: RFC 7512, section 2.3. */
  if (status != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized (uri))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("This is not a pkcs11: URI as RFC 7512 has it: odd characters of a "
                             "name are written as % and two hex digits, a blank as %20"));
      return NULL;
    }

  if (!check_queries (uri, error) || !check_names (uri, error) || !set_private (uri, error))
    return NULL;

  return g_steal_pointer (&uri);
}

/**
 * iss_token_uri_normalise:
 * @text: a pkcs11: URI
 * @error: return location for an error, as of iss_token_uri_parse()
 *
 * Writes a URI as it is stored: only what was understood, with type=private.
 *
 * Returns: (transfer full): the URI
 */
char *
iss_token_uri_normalise (const char  *text,
                         GError     **error)
{
  g_autoptr(P11KitUri) uri = iss_token_uri_parse (text, error);
  char *formatted = NULL;
  char *normal;

  if (uri == NULL)
    return NULL;

  if (p11_kit_uri_format (uri, P11_KIT_URI_FOR_ANY, &formatted) != P11_KIT_URI_OK)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The URI of the key cannot be written down"));
      return NULL;
    }

  normal = g_strdup (formatted);
  free (formatted);

  return normal;
}

/**
 * iss_token_uri_dup_pin_file:
 * @uri: a URI
 *
 * Returns: (transfer full) (nullable): the whole path of the file that its pin-source names
 */
char *
iss_token_uri_dup_pin_file (P11KitUri *uri)
{
  const char *source;
  const char *path;

  g_return_val_if_fail (uri != NULL, NULL);

  source = p11_kit_uri_get_pin_source (uri);
  if (source == NULL || !g_str_has_prefix (source, FILE_SCHEME))
    return NULL;

  path = source + strlen (FILE_SCHEME);
  if (g_str_has_prefix (path, "///"))
    path += 2;

  return *path == '/' && path[1] != '/' ? g_strdup (path) : NULL;
}

/**
 * iss_token_uri_dup_key_name:
 * @uri: a URI
 *
 * Returns: (transfer full): what it calls the key: its label, or its id in hex
 */
char *
iss_token_uri_dup_key_name (P11KitUri *uri)
{
  const CK_ATTRIBUTE *name;

  g_return_val_if_fail (uri != NULL, NULL);

  name = p11_kit_uri_get_attribute (uri, CKA_LABEL);
  if (name != NULL)
    return iss_text_sanitise (name->pValue, (gssize) name->ulValueLen, MAX_NAME);

  name = p11_kit_uri_get_attribute (uri, CKA_ID);

  return name != NULL ? iss_text_hex (name->pValue, MIN (name->ulValueLen, MAX_NAME / 2), FALSE)
                      : g_strdup ("");
}
