/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-key-uri.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-wire.h"
#include "core/agent/token-helper.h"
#include "core/agent/token-proof.h"
#include "core/agent/vetting.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"
#include "core/store/token-uri.h"

#define MAX_SEALED (64 * 1024)
#define MAX_URI 8192

static IssCertificate *
find_certificate (IssRootFolder  *root,
                  GVariant       *sha256,
                  GError        **error)
{
  g_autofree char *hex = NULL;

  if (g_variant_n_children (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by its SHA-256, 32 bytes"));
      return NULL;
    }

  hex = iss_text_hex (g_variant_get_data (sha256), ISS_SHA256_SIZE, FALSE);
  return iss_certificate_store_get (root, ISS_STORE_MY, hex, error);
}

static gboolean
check_key_file (IssRootFolder   *root,
                IssCertificate  *certificate,
                GError         **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (certificate);

  if (iss_key_file_get_state (root, spki) != ISS_KEY_STATE_FILE)
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_EXISTS,
                       _("The server has this private key in a file, which it would go on using: "
                         "delete that one first"));
  return FALSE;
}

static IssSecret *
open_pin (const IssAgentContext  *context,
          GVariant               *sealed,
          GCancellable           *cancellable,
          GError                **error)
{
  g_autoptr(GBytes) bytes = iss_agent_wire_dup_bytes (sealed);

  if (g_bytes_get_size (bytes) > MAX_SEALED)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("The PIN is too long"));
      return NULL;
    }

  return iss_vetting_open_seal (context->reader, bytes, context->recipient,
                                context->recipient_key, cancellable, error);
}

/* The token has the key if it can do what only the key can. */
static gboolean
prove (const IssAgentContext  *context,
       IssCertificate         *certificate,
       const char             *uri,
       IssSecret              *pin,
       GCancellable           *cancellable,
       GError                **error)
{
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (error);
  g_autoptr(IssProof) proof = NULL;

  if (nonce == NULL)
    return FALSE;

  proof = iss_token_proof_make (context->root, certificate, uri, pin, "", nonce, context->now,
                                ISS_TOKEN_HELPER_SECONDS, cancellable, error);

  return proof != NULL;
}

static gboolean
append_audit (const IssAgentContext  *context,
              IssCertificate         *certificate,
              const char             *what,
              const char             *uri,
              GError                **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (certificate);
  g_autofree char *key = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (certificate),
      "name", iss_certificate_get_issued_to (certificate),
      "key", key,
      "uri", uri,
      NULL,
    };

  return iss_audit_append (context->root, context->now, context->who, what, details, error);
}

static gboolean
commit (const IssAgentContext  *context,
        IssCertificate         *certificate,
        const char             *uri,
        GError                **error)
{
  if (!iss_key_uri_save (context->root, iss_certificate_get_spki_sha256 (certificate), uri,
                         context->now, error))
    return FALSE;

  if (!append_audit (context, certificate, "set-key-uri", uri, error))
    {
      g_prefix_error (error, _("Where the key is was written down, but the audit log was not: "));
      return FALSE;
    }

  /* A key that was missing may be what an assignment waited for. What is wrong with it is
   * told by Observe. */
  iss_publication_reconcile (context->root, context->now, NULL);

  return TRUE;
}

static char *
dup_known (const IssAgentContext  *context,
           IssCertificate         *certificate,
           GError                **error)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (certificate);
  g_autofree char *uri = NULL;

  if (iss_key_file_get_state (context->root, spki) != ISS_KEY_STATE_TOKEN)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The server was not told of a token that holds this private key"));
      return NULL;
    }

  /* What somebody has damaged by hand can be forgotten as well. */
  uri = iss_key_uri_load (context->root, spki, NULL, NULL);

  return uri != NULL ? g_steal_pointer (&uri) : g_strdup ("");
}

/* The token is not asked, and nothing in it changes. */
static GVariant *
forget (const IssAgentContext  *context,
        IssCertificate         *certificate,
        gboolean                what_if,
        GError                **error)
{
  g_autofree char *uri = dup_known (context, certificate, error);

  if (uri == NULL)
    return NULL;

  if (!iss_agent_delete_key_check_unused (context->root, certificate, error))
    {
      g_prefix_error (error, _("The key in the token cannot be forgotten: "));
      return NULL;
    }

  /* What is gone is written down first. */
  if (!what_if &&
      (!append_audit (context, certificate, "forget-key-uri", uri, error) ||
       !iss_key_file_remove (context->root, iss_certificate_get_spki_sha256 (certificate), error)))
    return NULL;

  return g_variant_new ("(s)", "");
}

/**
 * iss_agent_key_uri_run:
 * @context: for whom and when
 * @parameters: (ayaysa{sv}): sealed PIN, SHA-256 of a certificate of Personal, URI, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_REFUSED when the token's key is another
 *   one, %ISS_ERROR_EXISTS when the key is in a file, or as of iss_token_proof_make()
 *
 * Has the token prove that it holds the certificate's private key, and writes down where the key
 * is. With "what-if" the token is not asked: a viewer must not use up its
 * tries of the PIN. An empty URI forgets where the key is, unless an assignment uses it.
 *
 * Returns: (transfer floating): (s): the URI as it is stored; "": none is
 */
GVariant *
iss_agent_key_uri_run (const IssAgentContext  *context,
                       GVariant               *parameters,
                       GCancellable           *cancellable,
                       GError                **error)
{
  g_autoptr(GVariant) sealed = NULL;
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssSecret) pin = NULL;
  g_autofree char *uri = NULL;
  const char *typed;
  gboolean what_if;

  g_variant_get (parameters, "(@ay@ay&s@a{sv})", &sealed, &sha256, &typed, &options);
  what_if = iss_agent_wire_get_boolean (options, "what-if");

  if (*typed == '\0')
    {
      certificate = find_certificate (context->root, sha256, error);
      return certificate != NULL ? forget (context, certificate, what_if, error) : NULL;
    }

  uri = iss_token_uri_normalise (typed, error);
  certificate = uri != NULL ? find_certificate (context->root, sha256, error) : NULL;
  if (certificate == NULL || !check_key_file (context->root, certificate, error))
    return NULL;

  if (what_if)
    return g_variant_new ("(s)", uri);

  pin = open_pin (context, sealed, cancellable, error);
  if (pin == NULL ||
      !prove (context, certificate, uri, pin, cancellable, error) ||
      !commit (context, certificate, uri, error))
    return NULL;

  return g_variant_new ("(s)", uri);
}

static gpointer
read_uri (GVariant  *reply,
          GVariant  *parameters,
          GError   **error)
{
  const char *uri;

  g_variant_get (reply, "(&s)", &uri);

  return iss_text_sanitise (uri, -1, MAX_URI);
}

/**
 * iss_agent_key_uri_call:
 * @sha256: a certificate of Personal
 * @uri: a pkcs11: URI of its private key; "": forget which one it was
 * @pin: (nullable): the token's PIN; %NULL: the server's own
 * @what_if: only ask whether it could be
 *
 * Returns: (transfer full): a call that ties the certificate to a key in a token, or unties it
 */
IssAgentCall *
iss_agent_key_uri_call (GBytes     *sha256,
                        const char *uri,
                        IssSecret  *pin,
                        gboolean    what_if)
{
  g_autoptr(IssSecret) none = iss_secret_new (NULL, 0);
  GVariantDict options;

  g_return_val_if_fail (sha256 != NULL, NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "what-if", "b", what_if);

  return iss_agent_call_new_with_secret ("SetKeyUri", pin != NULL ? pin : none,
                                         g_variant_new ("(@ays@a{sv})",
                                                        iss_agent_wire_new_bytes (sha256), uri,
                                                        g_variant_dict_end (&options)),
                                         "(s)", read_uri, g_free);
}
