/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/token-helper.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define NAME "issuant-token"

/* An answer is a magic number and its size, 32 bits each, big end first, and then
 * (error code or less than 0, what went wrong, signature) as a GVariant. */
#define MAGIC 0x49535431u   /* "IST1" */
#define ANSWER_TYPE G_VARIANT_TYPE ("(isay)")
#define REQUEST_TYPE G_VARIANT_TYPE ("(suay)")
#define MAX_REQUEST (64 * 1024)
#define MAX_ANSWER (16 * 1024)
#define MAX_MESSAGE 1024
#define MAX_SIGNATURE 4096
#define NO_ERROR -1

static const char *
get_failed (void)
{
  return _("The token's PKCS#11 module failed: try it on the server with its own tool");
}

static gboolean
read_header (const guint8 *header,
             gsize        *out_size)
{
  guint32 words[2];

  memcpy (words, header, sizeof words);
  *out_size = GUINT32_FROM_BE (words[1]);

  return GUINT32_FROM_BE (words[0]) == MAGIC && *out_size <= MAX_ANSWER;
}

static IssSecret *
pack_request (const char     *uri,
              IssSecret      *pin,
              IssTokenScheme  scheme,
              GBytes         *message)
{
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GBytes) bytes = NULL;

  variant = g_variant_ref_sink (g_variant_new ("(su@ay)", uri, (guint32) scheme,
                                               iss_agent_wire_new_bytes (message)));
  bytes = g_variant_get_data_as_bytes (variant);

  return iss_agent_wire_pack_import (bytes, pin);
}

/* The module may have taken the helper over: nothing of it is trusted. */
static GBytes *
read_answer (IssSecret  *answer,
             GError    **error)
{
  gsize size;
  gconstpointer data = iss_secret_get_data (answer, &size);
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GVariant) variant = g_variant_new_from_bytes (ANSWER_TYPE, bytes, FALSE);
  g_autoptr(GVariant) signature = NULL;
  const char *text;
  int code;

  g_variant_ref_sink (variant);
  g_variant_get (variant, "(i&s@ay)", &code, &text, &signature);

  if (code >= 0 && code < ISS_N_ERRORS)
    {
      g_autofree char *message = iss_text_sanitise (text, -1, MAX_MESSAGE);

      g_set_error_literal (error, ISS_ERROR, code, message);
      return NULL;
    }

  if (code != NO_ERROR || g_variant_get_size (signature) == 0 ||
      g_variant_get_size (signature) > MAX_SIGNATURE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, get_failed ());
      return NULL;
    }

  return iss_agent_wire_dup_bytes (signature);
}

/**
 * iss_token_helper_sign:
 * @program: what signs; %ISS_HELPER_PROCESS_OWN
 * @seconds: how long it may take; %ISS_TOKEN_HELPER_SECONDS
 * @uri: a pkcs11: URI of a private key
 * @pin: (nullable): the token's PIN; %NULL or empty: the server's own
 * @scheme: how an RSA key is to sign
 * @message: what to sign: bytes that no caller has chosen
 * @cancellable: (nullable): ends the helper at once
 * @error: return location for an error
 *
 * As iss_token_key_sign(), in another process. Blocks: not for the main thread.
 *
 * Errors: those of iss_token_key_sign(); %ISS_ERROR_TOO_COSTLY after @seconds; %ISS_ERROR_FAILED
 * if the module crashes.
 *
 * Returns: (transfer full): the signature; whether it is one is for the caller to verify
 */
GBytes *
iss_token_helper_sign (const char    *program,
                       guint          seconds,
                       const char    *uri,
                       IssSecret     *pin,
                       IssTokenScheme scheme,
                       GBytes        *message,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(IssSecret) request = NULL;
  g_autoptr(IssSecret) answer = NULL;
  g_autofree char *too_late = NULL;
  IssHelperProcess helper =
    {
      .name = NAME,
      .option = ISS_TOKEN_HELPER_OPTION,
      .cannot_start = _("The process that speaks to tokens cannot be started"),
      .failed = get_failed (),
      .read_header = read_header,
    };

  g_return_val_if_fail (uri != NULL && message != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  helper.too_late = too_late =
    g_strdup_printf (_("The token did not answer within %u seconds"), seconds);
  request = pack_request (uri, pin, scheme, message);
  answer = iss_helper_process_ask (&helper, program, seconds, request, cancellable, error);

  return answer != NULL ? read_answer (answer, error) : NULL;
}

static GBytes *
sign (int          fd,
      const char  *credentials,
      GError     **error)
{
  g_autoptr(IssSecret) request = iss_secret_read_fd (fd, MAX_REQUEST, _("The request"), error);
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GVariant) message_variant = NULL;
  const char *uri;
  guint32 scheme;

  if (request == NULL || !iss_agent_wire_unpack_import (request, &bytes, &pin, error))
    return NULL;

  variant = g_variant_ref_sink (g_variant_new_from_bytes (REQUEST_TYPE, bytes, FALSE));
  g_variant_get (variant, "(&su@ay)", &uri, &scheme, &message_variant);
  message = iss_agent_wire_dup_bytes (message_variant);

  return iss_token_key_sign (uri, pin, credentials,
                             scheme == ISS_TOKEN_SCHEME_PKCS1 ? ISS_TOKEN_SCHEME_PKCS1
                                                              : ISS_TOKEN_SCHEME_PSS,
                             message, error);
}

/**
 * iss_token_helper_serve:
 * @fd: a socket: the request comes in, the answer goes out
 * @credentials: (nullable): systemd's folder of credentials
 *
 * Signs once and answers. The process should end itself then, without what libraries do at the
 * end: modules are known to crash there.
 *
 * Returns: whether it answered
 */
gboolean
iss_token_helper_serve (int         fd,
                        const char *credentials)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) signature = sign (fd, credentials, &error);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssSecret) answer = NULL;
  guint32 words[2];
  gpointer data;
  gsize size;

  variant = g_variant_ref_sink (g_variant_new ("(is@ay)", error != NULL ? error->code : NO_ERROR,
                                               error != NULL ? error->message : "",
                                               iss_agent_wire_new_bytes (error != NULL
                                                                         ? empty : signature)));
  size = g_variant_get_size (variant);
  words[0] = GUINT32_TO_BE (MAGIC);
  words[1] = GUINT32_TO_BE ((guint32) size);

  answer = iss_secret_new_sized (sizeof words + size, &data);
  memcpy (data, words, sizeof words);
  memcpy ((guint8 *) data + sizeof words, g_variant_get_data (variant), size);

  return iss_helper_process_reply (fd, answer);
}
