/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/token-signer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/token-helper.h"
#include "core/base/error.h"
#include "core/formats/signed-data.h"

/* A card may be slow, and nothing waits for it but who signs. */
#define SECONDS 30

/* What is signed to try the key: no other message begins like this. */
#define TRIAL "issuant key trial 1"

typedef struct
{
  char      *uri;
  IssSecret *pin;   /* (nullable) */
} Token;

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->uri);
  g_clear_pointer (&token->pin, iss_secret_unref);
  g_free (token);
}

static GBytes *
sign (gpointer   data,
      GBytes    *message,
      GError   **error)
{
  const Token *token = data;

  return iss_token_helper_sign (ISS_HELPER_PROCESS_OWN, SECONDS, token->uri, token->pin,
                                ISS_TOKEN_SCHEME_PKCS1, message, NULL, error);
}

/**
 * iss_token_signer_new:
 * @certificate: the administrator's
 * @uri: a pkcs11: URI of its private key
 * @pin: (nullable): the token's PIN; %NULL or empty: that in the file which the URI names, or a
 *   systemd credential
 * @error: return location for an error, as of iss_token_key_sign() and
 *   iss_private_key_new_elsewhere(); %ISS_ERROR_REFUSED when it is the key of another certificate
 *
 * Has the token sign once, to try PIN and key: a PIN that is wrong is not tried again. Blocks.
 *
 * Returns: (transfer full): the key, for iss_signed_data_sign()
 */
IssPrivateKey *
iss_token_signer_new (IssCertificate  *certificate,
                      const char      *uri,
                      IssSecret       *pin,
                      GError         **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) trial = g_bytes_new_static (TRIAL, strlen (TRIAL));
  g_autoptr(GBytes) message = NULL;
  Token *token;

  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (uri != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  token = g_new0 (Token, 1);
  token->uri = g_strdup (uri);
  token->pin = pin != NULL ? iss_secret_ref (pin) : NULL;
  key = iss_private_key_new_elsewhere (certificate, sign, token, token_free, error);
  if (key == NULL)
    return NULL;

  message = iss_signed_data_sign (trial, certificate, key, 0, error);

  return message != NULL ? g_steal_pointer (&key) : NULL;
}
