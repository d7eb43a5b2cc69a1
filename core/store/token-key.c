/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/token-key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/openssl.h"
#include "core/store/token-uri.h"

#define MAX_SLOTS 256
#define MAX_FOUND 16
#define MAX_LABEL 64
#define MAX_PIN_BYTES 256
#define MAX_SIGNATURE 2048
#define SHA256_SIZE 32
#define CREDENTIAL_PREFIX "pin-"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P11KitUri, p11_kit_uri_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

typedef struct
{
  /* Owned */
  P11KitUri         *uri;
  CK_FUNCTION_LIST **modules;
  char              *label;     /* (nullable): the token's, to be shown */

  CK_FUNCTION_LIST  *module;    /* the token's; borrowed from the above */
  CK_SLOT_ID         slot;
  CK_TOKEN_INFO      info;
  CK_SESSION_HANDLE  session;
  CK_OBJECT_HANDLE   key;
  CK_KEY_TYPE        key_type;
  gboolean           has_session;
  gboolean           asks_again;   /* it wants the PIN for every signature */
} Token;

static void
token_clear (Token *token)
{
  if (token->has_session)
    token->module->C_CloseSession (token->session);
  g_clear_pointer (&token->modules, p11_kit_modules_finalize_and_release);
  g_clear_pointer (&token->uri, p11_kit_uri_free);
  g_clear_pointer (&token->label, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Token, token_clear)

/* What the token said, with what we wanted of it. */
static void
set_token_error (GError     **error,
                 const Token *token,
                 CK_RV        status)
{
  switch (status)
    {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The token “%s” was taken away meanwhile"), token->label);
      break;

    case CKR_MECHANISM_INVALID:
    case CKR_MECHANISM_PARAM_INVALID:
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The token “%s” cannot sign as is needed here: with RSA or ECDSA, and "
                     "SHA-256"), token->label);
      break;

    case CKR_KEY_FUNCTION_NOT_PERMITTED:
    case CKR_KEY_TYPE_INCONSISTENT:
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The token “%s” does not let this key sign"), token->label);
      break;

    default:
      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED, _("The token “%s” fails: %s"),
                   token->label, p11_kit_strerror (status));
      break;
    }
}

/* "softhsm2, opensc-pkcs11" */
static char *
dup_module_names (CK_FUNCTION_LIST **modules)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (gsize i = 0; modules[i] != NULL; i++)
    {
      char *name = p11_kit_module_get_name (modules[i]);

      if (name != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
      free (name);
    }

  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : g_strdup (_("none"));
}

static gboolean
is_module_meant (P11KitUri        *uri,
                 CK_FUNCTION_LIST *module)
{
  const char *wanted = p11_kit_uri_get_module_name (uri);
  char *name = p11_kit_module_get_name (module);
  gboolean is_meant = wanted == NULL || g_strcmp0 (wanted, name) == 0;
  CK_INFO info;

  free (name);

  return is_meant && module->C_GetInfo (&info) == CKR_OK &&
         p11_kit_uri_match_module_info (uri, &info) == 1;
}

/* Adds to *n_found; the last one found stays in @token. */
static void
search_module (Token            *token,
               CK_FUNCTION_LIST *module,
               guint            *n_found)
{
  CK_SLOT_ID wanted = p11_kit_uri_get_slot_id (token->uri);
  CK_SLOT_ID slots[MAX_SLOTS];
  CK_ULONG n_slots = MAX_SLOTS;

  if (module->C_GetSlotList (CK_TRUE, slots, &n_slots) != CKR_OK)
    return;

  for (CK_ULONG i = 0; i < n_slots; i++)
    {
      CK_SLOT_INFO slot;
      CK_TOKEN_INFO info;

      if ((wanted != (CK_SLOT_ID) -1 && wanted != slots[i]) ||
          module->C_GetSlotInfo (slots[i], &slot) != CKR_OK ||
          p11_kit_uri_match_slot_info (token->uri, &slot) != 1 ||
          module->C_GetTokenInfo (slots[i], &info) != CKR_OK ||
          (info.flags & CKF_TOKEN_INITIALIZED) == 0 ||
          p11_kit_uri_match_token_info (token->uri, &info) != 1)
        continue;

      token->module = module;
      token->slot = slots[i];
      token->info = info;
      (*n_found)++;
    }
}

static gboolean
find_token (Token   *token,
            GError **error)
{
  g_autofree char *names = NULL;
  guint n_found = 0;

  for (gsize i = 0; token->modules[i] != NULL; i++)
    {
      if (is_module_meant (token->uri, token->modules[i]))
        search_module (token, token->modules[i], &n_found);
    }

  if (n_found > 1)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
                   _("The URI names %u tokens of this server: add serial=… to say which"), n_found);
      return FALSE;
    }

  if (n_found == 0)
    {
      names = dup_module_names (token->modules);
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("This server has no token as the URI names it: is it plugged in, and is its "
                     "PKCS#11 module registered with p11-kit? Registered are: %s"), names);
      return FALSE;
    }

  {
    g_autofree char *label = g_strndup ((const char *) token->info.label,
                                        p11_kit_space_strlen (token->info.label,
                                                              sizeof token->info.label));

    token->label = iss_text_sanitise (label, -1, MAX_LABEL);
  }

  return TRUE;
}

static IssSecret *
read_pin_file (const char  *path,
               GError     **error)
{
  g_autofree char *what = g_strdup_printf (_("The PIN file %s on the server"), path);
  g_autoptr(IssSecret) whole = NULL;
  struct stat info;
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

  /* Whatever the reason, it is the same as no PIN. */
  if (fd < 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s cannot be read: %s"), what,
                   g_strerror (errno));
      return NULL;
    }

  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    whole = iss_secret_read_fd (fd, MAX_PIN_BYTES, what, error);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s is not a file"), what);
  close (fd);

  return whole != NULL ? iss_secret_without_newline (whole) : NULL;
}

/* systemd's names of credentials take no blanks and no slashes. */
static char *
dup_credential_path (const Token *token,
                     const char  *credentials)
{
  g_autofree char *name = g_strconcat (CREDENTIAL_PREFIX, token->label, NULL);

  g_strcanon (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.", '_');

  return g_build_filename (credentials, name, NULL);
}

/* The server's own: what the URI names, else systemd's credential. (nullable) without an error:
 * there is none. */
static IssSecret *
read_own_pin (const Token  *token,
              const char   *credentials,
              GError      **error)
{
  g_autofree char *path = iss_token_uri_dup_pin_file (token->uri);

  if (path == NULL && credentials != NULL)
    {
      path = dup_credential_path (token, credentials);
      if (access (path, F_OK) != 0)
        g_clear_pointer (&path, g_free);
    }

  return path != NULL ? read_pin_file (path, error) : NULL;
}

/* A token locks itself after a few wrong PINs, often three, and for good. */
static gboolean
check_tries (const Token  *token,
             gboolean      own,
             GError      **error)
{
  if ((token->info.flags & CKF_USER_PIN_LOCKED) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The token “%s” has locked itself after too many wrong PINs: its security "
                     "officer must unlock it"), token->label);
      return FALSE;
    }

  if ((token->info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD,
                   _("The next wrong PIN would lock the token “%s”, so no PIN is tried: log in to "
                     "it once with its own tool"), token->label);
      return FALSE;
    }

  if (own && (token->info.flags & CKF_USER_PIN_COUNT_LOW) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD,
                   _("A wrong PIN was given to the token “%s” since its last login, so the server "
                     "does not try its own: give the PIN once"), token->label);
      return FALSE;
    }

  return TRUE;
}

/* It is tried once, and never again. */
static gboolean
set_login_error (GError     **error,
                 const Token *token,
                 CK_RV        status)
{
  CK_TOKEN_INFO now;

  switch (status)
    {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:
      return TRUE;

    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
    case CKR_PIN_LOCKED:
      break;

    default:
      set_token_error (error, token, status);
      return FALSE;
    }

  if (status == CKR_PIN_LOCKED ||
      (token->module->C_GetTokenInfo (token->slot, &now) == CKR_OK &&
       (now.flags & CKF_USER_PIN_LOCKED) != 0))
    g_set_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD,
                 _("The PIN is not that of the token “%s”, which has locked itself now"),
                 token->label);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD,
                 _("The PIN is not that of the token “%s”; it was tried once, for a few wrong "
                   "ones lock a token"), token->label);

  return FALSE;
}

static gboolean
log_in (Token        *token,
        CK_USER_TYPE  who,
        IssSecret    *pin,
        GError      **error)
{
  gsize size;
  gconstpointer data = iss_secret_get_data (pin, &size);

  return set_login_error (error, token,
                          token->module->C_Login (token->session, who, (CK_UTF8CHAR_PTR) data,
                                                  size));
}

static gboolean
open_session (Token      *token,
              IssSecret  *given,
              const char *credentials,
              IssSecret **out_pin,
              GError    **error)
{
  gboolean own = given == NULL || iss_secret_get_size (given) == 0;
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(GError) local_error = NULL;
  CK_RV status;

  pin = own ? read_own_pin (token, credentials, &local_error) : iss_secret_ref (given);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (pin == NULL && (token->info.flags & CKF_LOGIN_REQUIRED) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("The token “%s” wants a PIN: none was given, and none is kept for it where it "
                     "is. Give it (--pin-file, or --key-password-file for your own key), or have "
                     "pin-source in the key's URI name a file with it"), token->label);
      return FALSE;
    }

  status = token->module->C_OpenSession (token->slot, CKF_SERIAL_SESSION, NULL, NULL,
                                         &token->session);
  token->has_session = status == CKR_OK;
  if (!token->has_session)
    {
      set_token_error (error, token, status);
      return FALSE;
    }

  if (pin != NULL && (!check_tries (token, own, error) || !log_in (token, CKU_USER, pin, error)))
    return FALSE;

  *out_pin = g_steal_pointer (&pin);
  return TRUE;
}

/* "01, 02" */
static char *
dup_ids (const Token            *token,
         const CK_OBJECT_HANDLE *keys,
         CK_ULONG                n_keys)
{
  g_autoptr(GString) ids = g_string_new (NULL);

  for (CK_ULONG i = 0; i < n_keys; i++)
    {
      guint8 id[MAX_LABEL];
      CK_ATTRIBUTE attribute = { CKA_ID, id, sizeof id };

      g_string_append (ids, i > 0 ? ", " : "");
      if (token->module->C_GetAttributeValue (token->session, keys[i], &attribute, 1) != CKR_OK)
        continue;

      for (CK_ULONG k = 0; k < attribute.ulValueLen; k++)
        g_string_append_printf (ids, "%%%02X", id[k]);
    }

  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static gboolean
find_key (Token   *token,
          GError **error)
{
  g_autofree char *name = iss_token_uri_dup_key_name (token->uri);
  CK_OBJECT_HANDLE found[MAX_FOUND];
  CK_ULONG n_found = 0;
  CK_ULONG n_attributes;
  CK_ATTRIBUTE *attributes = p11_kit_uri_get_attributes (token->uri, &n_attributes);
  CK_RV status = token->module->C_FindObjectsInit (token->session, attributes, n_attributes);

  if (status == CKR_OK)
    {
      status = token->module->C_FindObjects (token->session, found, MAX_FOUND, &n_found);
      token->module->C_FindObjectsFinal (token->session);
    }

  if (status != CKR_OK)
    {
      set_token_error (error, token, status);
      return FALSE;
    }

  if (n_found == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The token “%s” has no private key “%s”"), token->label, name);
      return FALSE;
    }

  if (n_found > 1)
    {
      g_autofree char *ids = dup_ids (token, found, n_found);

      g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
                   _("The token “%s” has several private keys “%s”: add id=… to the URI; there "
                     "are %s"), token->label, name, ids);
      return FALSE;
    }

  token->key = found[0];
  return TRUE;
}

static gboolean
look_at_key (Token   *token,
             GError **error)
{
  CK_BBOOL always = CK_FALSE;
  CK_ATTRIBUTE type = { CKA_KEY_TYPE, &token->key_type, sizeof token->key_type };
  CK_ATTRIBUTE again = { CKA_ALWAYS_AUTHENTICATE, &always, sizeof always };
  CK_RV status = token->module->C_GetAttributeValue (token->session, token->key, &type, 1);

  if (status != CKR_OK)
    {
      set_token_error (error, token, status);
      return FALSE;
    }

  if (token->key_type != CKK_RSA && token->key_type != CKK_EC)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The key in the token “%s” is neither an RSA key nor one on an elliptic curve "
                     "(EC): no other can be used here"), token->label);
      return FALSE;
    }

  /* Few tokens know the attribute. */
  token->asks_again =
    token->module->C_GetAttributeValue (token->session, token->key, &again, 1) == CKR_OK &&
    always == CK_TRUE;

  return TRUE;
}

/* PKCS#11 writes r and s side by side; everybody else, ASN.1. */
static GBytes *
encode_ecdsa (const guint8  *raw,
              gsize          size,
              GError       **error)
{
  g_autoptr(ECDSA_SIG) pair = ECDSA_SIG_new ();
  BIGNUM *r = BN_bin2bn (raw, (int) (size / 2), NULL);
  BIGNUM *s = BN_bin2bn (raw + size / 2, (int) (size / 2), NULL);
  guint8 *der = NULL;
  GBytes *encoded = NULL;
  int length = -1;

  if (ECDSA_SIG_set0 (pair, r, s) == 1)
    length = i2d_ECDSA_SIG (pair, &der);

  if (length > 0)
    encoded = g_bytes_new (der, (gsize) length);
  else
    iss_error_take_from_openssl (error, ISS_ERROR_FAILED, _("The token's signature is none"));
  OPENSSL_free (der);

  return encoded;
}

/* A DigestInfo of SHA-256 as RFC 8017, 9.2 writes it, before the digest. */
static const guint8 digest_info[] =
  {
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20
  };

static GBytes *
sign (Token           *token,
      IssSecret       *pin,
      IssTokenScheme   scheme,
      GBytes          *message,
      GError         **error)
{
  CK_RSA_PKCS_PSS_PARAMS pss = { CKM_SHA256, CKG_MGF1_SHA256, SHA256_SIZE };
  CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 info[sizeof digest_info + SHA256_SIZE];
  guint8 *digest = info + sizeof digest_info;
  guint8 *signed_bytes = digest;
  gsize digest_size = SHA256_SIZE;
  CK_ULONG signed_size = SHA256_SIZE;
  guint8 signature[MAX_SIGNATURE];
  CK_ULONG size = sizeof signature;
  CK_RV status;

  if (token->key_type == CKK_RSA && scheme == ISS_TOKEN_SCHEME_PSS)
    {
      mechanism = (CK_MECHANISM) { CKM_RSA_PKCS_PSS, &pss, sizeof pss };
    }
  else if (token->key_type == CKK_RSA)
    {
      mechanism.mechanism = CKM_RSA_PKCS;
      memcpy (info, digest_info, sizeof digest_info);
      signed_bytes = info;
      signed_size = sizeof info;
    }

  g_checksum_update (checksum, g_bytes_get_data (message, NULL),
                     (gssize) g_bytes_get_size (message));
  g_checksum_get_digest (checksum, digest, &digest_size);

  status = token->module->C_SignInit (token->session, &mechanism, token->key);
  if (status == CKR_OK && token->asks_again && pin != NULL &&
      !log_in (token, CKU_CONTEXT_SPECIFIC, pin, error))
    return NULL;

  if (status == CKR_OK)
    status = token->module->C_Sign (token->session, signed_bytes, signed_size, signature, &size);

  if (status != CKR_OK)
    {
      set_token_error (error, token, status);
      return NULL;
    }

  return token->key_type == CKK_EC ? encode_ecdsa (signature, size, error)
                                   : g_bytes_new (signature, size);
}

/**
 * iss_token_key_sign:
 * @uri: a pkcs11: URI of a private key
 * @pin: (nullable): the token's PIN; %NULL or empty: the server's own, which is in the file
 *   that the URI's pin-source names, or else in @credentials
 * @credentials: (nullable): systemd's folder of credentials; the PIN of the token "My HSM" is
 *   "pin-My_HSM" there
 * @scheme: how an RSA key is to sign
 * @message: what to sign: bytes that no caller has chosen
 * @error: return location for an error
 *
 * Looks for the token among the modules that are registered with p11-kit, logs in, and signs.
 * A PIN is tried once; not at all if that might lock the token; and one of the server's own
 * not before somebody has given the right one, if the last one was wrong.
 *
 * Errors: %ISS_ERROR_NOT_FOUND without the module, token or key; %ISS_ERROR_AMBIGUOUS when the
 * URI names several; %ISS_ERROR_WRONG_PASSWORD, also if none is tried for that one was wrong;
 * %ISS_ERROR_INVALID_ARGUMENT without a PIN, or as of iss_token_uri_parse();
 * %ISS_ERROR_UNSUPPORTED for a key of another kind than RSA and EC; %ISS_ERROR_REFUSED if the
 * token has locked itself or the key may not sign; %ISS_ERROR_FAILED.
 *
 * Returns: (transfer full): the signature
 */
GBytes *
iss_token_key_sign (const char      *uri,
                    IssSecret       *pin,
                    const char      *credentials,
                    IssTokenScheme   scheme,
                    GBytes          *message,
                    GError         **error)
{
  g_auto(Token) token = { NULL };
  g_autoptr(IssSecret) used_pin = NULL;

  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail ((guint) scheme < ISS_N_TOKEN_SCHEMES, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  token.uri = iss_token_uri_parse (uri, error);
  if (token.uri == NULL)
    return NULL;

  p11_kit_be_quiet ();
  token.modules = p11_kit_modules_load_and_initialize (0);
  if (token.modules == NULL)
    {
      const char *why = p11_kit_message ();

      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
                   _("The PKCS#11 modules that are registered with p11-kit cannot be loaded: %s"),
                   why != NULL ? why : _("no reason is given"));
      return NULL;
    }

  if (!find_token (&token, error) ||
      !open_session (&token, pin, credentials, &used_pin, error) ||
      !find_key (&token, error) ||
      !look_at_key (&token, error))
    return NULL;

  return sign (&token, used_pin, scheme, message, error);
}
