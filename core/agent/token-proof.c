/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/token-proof.h"

#include <glib/gi18n-lib.h>

#include "core/agent/token-helper.h"
#include "core/base/error.h"
#include "core/certificate/signature.h"

/**
 * iss_token_proof_make:
 * @root: a server's folder
 * @certificate: a certificate of Personal there
 * @uri: where its private key is said to be
 * @pin: (nullable): the token's PIN; %NULL or empty: the server's own
 * @type: what is asked about: a certificate type, or ""
 * @nonce: 32 random bytes of whoever asks
 * @now: the server's time
 * @seconds: how long it may take; %ISS_TOKEN_HELPER_SECONDS
 * @cancellable: (nullable): stops waiting for the token
 * @error: return location for an error: %ISS_ERROR_REFUSED if the key in the token is not the
 *   certificate's, or as of iss_token_helper_sign()
 *
 * As iss_proof_make(), with a key in a token. What the token signs is verified. Blocks.
 *
 * Returns: (transfer full): the proof
 */
IssProof *
iss_token_proof_make (IssRootFolder   *root,
                      IssCertificate  *certificate,
                      const char      *uri,
                      IssSecret       *pin,
                      const char      *type,
                      GBytes          *nonce,
                      gint64           now,
                      guint            seconds,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autoptr(GBytes) own = NULL;
  g_autoptr(GBytes) statement = NULL;
  g_autoptr(GBytes) signature = NULL;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);
  g_return_val_if_fail (uri != NULL && type != NULL && nonce != NULL, NULL);

  own = iss_proof_new_nonce (error);
  if (own == NULL)
    return NULL;

  statement = iss_proof_new_statement (iss_root_folder_get_server_id (root), type,
                                       iss_certificate_get_sha256 (certificate), nonce, own, now);
  signature = iss_token_helper_sign (ISS_HELPER_PROCESS_OWN, seconds, uri, pin,
                                     ISS_TOKEN_SCHEME_PSS, statement,
                                     cancellable, error);
  if (signature == NULL)
    return NULL;

  if (!iss_signature_verify (certificate, statement, signature, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The key in the token is not that of “%s”: what it signs is not by this "
                     "certificate's private key"), iss_certificate_get_issued_to (certificate));
      return NULL;
    }

  return iss_proof_new (certificate, own, now, signature);
}
