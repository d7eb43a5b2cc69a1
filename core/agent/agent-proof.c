/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-proof.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/agent/token-helper.h"
#include "core/agent/token-proof.h"
#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"

static gboolean
check_slots (IssRootFolder   *root,
             const char      *type_name,
             const char      *sha256_hex,
             GError         **error)
{
  g_autoptr(IssAssignments) assignments = NULL;
  const IssCertificateType *type = iss_certificate_type_parse (type_name, error);
  const IssAssignment *assignment;

  assignments = type != NULL ? iss_assignments_load (root, error) : NULL;
  if (assignments == NULL)
    return FALSE;

  assignment = iss_assignments_find (assignments, type);
  for (guint slot = 0; assignment != NULL && slot < ISS_N_SLOTS; slot++)
    {
      if (g_strcmp0 (assignment->slot[slot], sha256_hex) == 0)
        return TRUE;
    }

  /* Translators: a certificate type */
  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The certificate is not assigned to %s on this server: nothing can be proved "
                 "about that"), type->name);
  return FALSE;
}

static IssProof *
prove_by_file (const IssAgentContext  *context,
               IssCertificate         *certificate,
               const char             *type,
               GBytes                 *nonce,
               GError                **error)
{
  g_autoptr(IssPrivateKey) key = NULL;

  key = iss_key_file_load (context->root, iss_certificate_get_spki_sha256 (certificate), error);
  if (key == NULL)
    return NULL;

  return iss_proof_make (key, certificate, iss_root_folder_get_server_id (context->root), type,
                         nonce, context->now, error);
}

/* With the server's own PIN: nobody is there to be asked. */
static IssProof *
prove_by_token (const IssAgentContext  *context,
                IssCertificate         *certificate,
                const char             *type,
                GBytes                 *nonce,
                GCancellable           *cancellable,
                GError                **error)
{
  g_autofree char *uri = NULL;

  uri = iss_key_uri_load (context->root, iss_certificate_get_spki_sha256 (certificate), NULL,
                          error);
  if (uri == NULL)
    return NULL;

  return iss_token_proof_make (context->root, certificate, uri, NULL, type, nonce, context->now,
                               ISS_TOKEN_HELPER_SECONDS, cancellable, error);
}

static IssProof *
prove (const IssAgentContext  *context,
       IssCertificate         *certificate,
       const char             *type,
       GBytes                 *nonce,
       GCancellable           *cancellable,
       GError                **error)
{
  switch (iss_key_file_get_state (context->root, iss_certificate_get_spki_sha256 (certificate)))
    {
    case ISS_KEY_STATE_FILE:
      return prove_by_file (context, certificate, type, nonce, error);

    case ISS_KEY_STATE_TOKEN:
      return prove_by_token (context, certificate, type, nonce, cancellable, error);

    case ISS_KEY_STATE_NONE:
      break;
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                       _("The server does not have the private key"));
  return NULL;
}

/**
 * iss_agent_proof_to_answer:
 * @proof: a proof
 *
 * Returns: (transfer floating): it as %ISS_AGENT_PROOF_REPLY
 */
GVariant *
iss_agent_proof_to_answer (IssProof *proof)
{
  IssCertificate *certificate;

  g_return_val_if_fail (proof != NULL, NULL);

  certificate = iss_proof_get_certificate (proof);

  return g_variant_new ("(@ay@ayx@ay)",
                        iss_agent_wire_new_bytes (iss_certificate_get_der (certificate)),
                        iss_agent_wire_new_bytes (iss_proof_get_own (proof)),
                        iss_proof_get_time (proof),
                        iss_agent_wire_new_bytes (iss_proof_get_signature (proof)));
}

/**
 * iss_agent_proof_run:
 * @context: for whom and when
 * @parameters: (sayaya{sv}): a certificate type or "", a SHA-256, 32 random bytes, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Signs the statement of core/replication/proof.h with the private key of a certificate of
 * Personal: with a type, of one that is in a slot of that type; without, of any. Viewers may
 * ask, too: they learn what they can see anyway, and get nothing signed that they chose.
 *
 * Errors: %ISS_ERROR_INVALID_ARGUMENT unless there are exactly 32 random bytes,
 * %ISS_ERROR_REFUSED if the type does not use the certificate, %ISS_ERROR_NOT_FOUND if the
 * certificate or its key is not here, or as of iss_key_file_load(), iss_proof_make() and
 * iss_token_proof_make().
 *
 * Returns: (transfer floating): (ayayxay): the certificate, the server's 32 bytes, its time,
 *   the signature
 */
GVariant *
iss_agent_proof_run (const IssAgentContext  *context,
                     GVariant               *parameters,
                     GCancellable           *cancellable,
                     GError                **error)
{
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) nonce_variant = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GBytes) nonce = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssProof) proof = NULL;
  g_autofree char *hex = NULL;
  const char *type;

  g_variant_get (parameters, "(&s@ay@ay@a{sv})", &type, &sha256, &nonce_variant, &options);
  nonce = iss_agent_wire_dup_bytes (nonce_variant);
  if (g_bytes_get_size (nonce) != ISS_PROOF_NONCE_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("A proof is asked for with exactly %d random bytes, not with %" G_GSIZE_FORMAT
                     ": nothing else is ever signed for a caller"), ISS_PROOF_NONCE_SIZE,
                   g_bytes_get_size (nonce));
      return NULL;
    }

  if (g_variant_n_children (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by its SHA-256, 32 bytes"));
      return NULL;
    }

  hex = iss_text_hex (g_variant_get_data (sha256), ISS_SHA256_SIZE, FALSE);
  certificate = iss_certificate_store_get (context->root, ISS_STORE_MY, hex, error);
  if (certificate == NULL ||
      (*type != '\0' && !check_slots (context->root, type, hex, error)))
    return NULL;

  proof = prove (context, certificate, type, nonce, cancellable, error);
  if (proof == NULL)
    return NULL;

  return iss_agent_proof_to_answer (proof);
}

/**
 * iss_agent_proof_read:
 * @reply: an %ISS_AGENT_PROOF_REPLY from a server
 * @parameters: what was asked
 * @error: return location for %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): the #IssProof, which nobody has verified yet
 */
gpointer
iss_agent_proof_read (GVariant  *reply,
                      GVariant  *parameters,
                      GError   **error)
{
  g_autoptr(GVariant) der_variant = NULL;
  g_autoptr(GVariant) own_variant = NULL;
  g_autoptr(GVariant) signature_variant = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GBytes) own = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  gint64 time;

  g_variant_get (reply, "(@ay@ayx@ay)", &der_variant, &own_variant, &time, &signature_variant);
  if (g_variant_n_children (der_variant) > ISS_CERTIFICATE_MAX_SIZE ||
      g_variant_n_children (own_variant) != ISS_PROOF_NONCE_SIZE ||
      g_variant_n_children (signature_variant) > ISS_PROOF_MAX_SIGNATURE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("What the server sends as a proof is none"));
      return NULL;
    }

  der = iss_agent_wire_dup_bytes (der_variant);
  own = iss_agent_wire_dup_bytes (own_variant);
  signature = iss_agent_wire_dup_bytes (signature_variant);
  certificate = iss_certificate_new_from_der (der, error);

  return certificate != NULL ? iss_proof_new (certificate, own, time, signature) : NULL;
}

/**
 * iss_agent_proof_new_call:
 * @type: the name of a certificate type that uses the certificate there; "" to ask about none
 * @sha256: a certificate of Personal, 32 bytes
 * @nonce: 32 bytes of iss_proof_new_nonce(), for this one call
 *
 * Returns: (transfer full): a call; its value is an #IssProof, to be verified with
 *   iss_proof_verify()
 */
IssAgentCall *
iss_agent_proof_new_call (const char *type,
                          GBytes     *sha256,
                          GBytes     *nonce)
{
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL && nonce != NULL, NULL);

  return iss_agent_call_new ("TestProof",
                             g_variant_new ("(s@ay@aya{sv})", type,
                                            iss_agent_wire_new_bytes (sha256),
                                            iss_agent_wire_new_bytes (nonce), NULL),
                             ISS_AGENT_PROOF_REPLY, iss_agent_proof_read,
                             (GDestroyNotify) iss_proof_free);
}
