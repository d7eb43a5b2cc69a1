/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-replica.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-proof.h"
#include "core/agent/agent-wire.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/replication/deployment.h"
#include "core/replication/scheduler.h"
#include "core/replication/seal-request.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

/* By another process first. Whether it may be accepted is not asked here. */
static gboolean
vet_signed (const IssAgentContext  *context,
            GBytes                 *message,
            GCancellable           *cancellable,
            GError                **error)
{
  g_autoptr(IssReplica) replica = iss_replica_load (context->root, error);
  const IssAdministrators *administrators;

  if (replica == NULL)
    return FALSE;

  /* Not enrolled: it is refused before anything is decoded. */
  administrators = iss_replica_get_administrators (replica);
  return administrators == NULL ||
         iss_vetting_ask (context->reader, ISS_VETTING_SIGNED, message,
                          administrators->certificates, cancellable, error);
}

static GVariant *
answer_state (const IssAgentContext  *context,
              GError                **error)
{
  g_autoptr(IssReplicaState) state = iss_replica_state_make (context->root, context->now, error);

  return state != NULL ? g_variant_new ("(@a{sv})", iss_replica_state_to_variant (state)) : NULL;
}

/**
 * iss_agent_replica_run_enroll:
 * @context: for whom and when
 * @parameters: (aya{sv}): 32 random bytes, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Makes the key that packages for this server are sealed to, unless there is one, and proves that
 * it is here.
 *
 * Returns: (transfer floating): (ayayxay), as TestProof
 */
GVariant *
iss_agent_replica_run_enroll (const IssAgentContext  *context,
                              GVariant               *parameters,
                              GCancellable           *cancellable,
                              GError                **error)
{
  g_autoptr(GVariant) nonce_variant = g_variant_get_child_value (parameters, 0);
  g_autoptr(GBytes) nonce = iss_agent_wire_dup_bytes (nonce_variant);
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssProof) proof = NULL;
  gboolean is_new;

  if (g_bytes_get_size (nonce) != ISS_PROOF_NONCE_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("A server is enrolled with exactly %d random bytes"), ISS_PROOF_NONCE_SIZE);
      return NULL;
    }

  replica = iss_replica_load (context->root, error);
  if (replica == NULL)
    return NULL;

  is_new = iss_replica_get_certificate (replica) == NULL;
  if (!iss_replica_enroll (replica, error))
    return NULL;

  if (is_new)
    {
      const char *const details[] =
        {
          "recipient", iss_certificate_get_sha256_hex (iss_replica_get_certificate (replica)),
          NULL
        };

      if (!iss_audit_append (context->root, context->now, context->who, "enroll-server", details,
                             error))
        return NULL;
    }

  key = iss_replica_load_key (replica, error);
  proof = key == NULL ? NULL
    : iss_proof_make (key, iss_replica_get_certificate (replica),
                      iss_root_folder_get_server_id (context->root), "", nonce, context->now,
                      error);

  return proof != NULL ? iss_agent_proof_to_answer (proof) : NULL;
}

/**
 * iss_agent_replica_run_pin:
 * @context: for whom and when
 * @parameters: (aya{sv}): a signed set of administrators, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error, as of iss_administrators_verify()
 *
 * Returns: (transfer floating): (a{sv}): the state then
 */
GVariant *
iss_agent_replica_run_pin (const IssAgentContext  *context,
                           GVariant               *parameters,
                           GCancellable           *cancellable,
                           GError                **error)
{
  g_autoptr(GVariant) message_variant = g_variant_get_child_value (parameters, 0);
  g_autoptr(GBytes) message = iss_agent_wire_dup_bytes (message_variant);
  g_autoptr(IssReplica) replica = iss_replica_load (context->root, error);
  g_autofree char *version = NULL;
  guint64 before;

  if (replica == NULL)
    return NULL;

  before = iss_replica_get_administrators (replica) != NULL
         ? iss_replica_get_administrators (replica)->version : 0;
  if (!iss_vetting_ask (context->reader, ISS_VETTING_ADMINISTRATORS, message, NULL, cancellable,
                        error) ||
      !iss_replica_pin (replica, message, error))
    return NULL;

  version = g_strdup_printf ("%" G_GUINT64_FORMAT,
                             iss_replica_get_administrators (replica)->version);
  if (iss_replica_get_administrators (replica)->version != before)
    {
      const char *const details[] =
        {
          "pool", iss_replica_get_administrators (replica)->pool,
          "version", version,
          NULL
        };

      if (!iss_audit_append (context->root, context->now, context->who, "pin-administrators",
                             details, error))
        return NULL;
    }

  return answer_state (context, error);
}

/**
 * iss_agent_replica_run_deliver:
 * @context: for whom and when
 * @parameters: (saya{sv}): the type, a package, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: it is refused, as of iss_deployment_accept()
 *
 * Accepts a package and acts upon it. That this fails is no error: the state says why, and
 * whoever runs the server's tasks tries again.
 *
 * Returns: (transfer floating): (a{sv}): the state then
 */
GVariant *
iss_agent_replica_run_deliver (const IssAgentContext  *context,
                               GVariant               *parameters,
                               GCancellable           *cancellable,
                               GError                **error)
{
  g_autoptr(GVariant) package_variant = NULL;
  g_autoptr(GVariant) options = NULL;
  g_autoptr(GBytes) package = NULL;
  g_autoptr(GError) local_error = NULL;
  const IssCertificateType *type;
  const char *name;
  IssDelivery delivery;

  g_variant_get (parameters, "(&s@ay@a{sv})", &name, &package_variant, &options);
  type = iss_certificate_type_parse (name, error);
  if (type == NULL)
    return NULL;

  package = iss_agent_wire_dup_bytes (package_variant);
  if (!vet_signed (context, package, cancellable, &local_error))
    {
      iss_deployment_refuse (context->root, type, context->who, context->now, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (!iss_deployment_accept (context->root, package, type, context->who, context->now,
                              &delivery, error))
    return NULL;

  if (delivery == ISS_DELIVERY_KNOWN && iss_agent_wire_get_boolean (options, "force"))
    {
      if (!iss_deployment_run (context->root, type, context->who, context->now, error))
        return NULL;
    }
  else if (!iss_scheduler_run_deployment (context->root, type, context->who, context->now, NULL))
    {
      g_debug ("The package of %s was not deployed at once", type->name);
    }

  return answer_state (context, error);
}

/**
 * iss_agent_replica_run_arm:
 * @context: for whom and when
 * @parameters: (saya{sv}): the type, what arms it, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: it is refused, as of iss_deployment_arm()
 *
 * Returns: (transfer floating): (a{sv}): the state then
 */
GVariant *
iss_agent_replica_run_arm (const IssAgentContext  *context,
                           GVariant               *parameters,
                           GCancellable           *cancellable,
                           GError                **error)
{
  g_autoptr(GVariant) statement_variant = NULL;
  g_autoptr(GBytes) statement = NULL;
  const IssCertificateType *type;
  const char *name;

  g_variant_get (parameters, "(&s@aya{sv})", &name, &statement_variant, NULL);
  type = iss_certificate_type_parse (name, error);
  if (type == NULL)
    return NULL;

  statement = iss_agent_wire_dup_bytes (statement_variant);
  if (!vet_signed (context, statement, cancellable, error) ||
      !iss_deployment_arm (context->root, statement, type, context->who, context->now, error))
    return NULL;

  return answer_state (context, error);
}

static IssSealRequest *
read_request (const IssAgentContext  *context,
              GVariant               *parameters,
              GCancellable           *cancellable,
              GError                **error)
{
  g_autoptr(GVariant) request_variant = g_variant_get_child_value (parameters, 0);
  g_autoptr(GBytes) message = iss_agent_wire_dup_bytes (request_variant);
  g_autoptr(IssReplica) replica = iss_replica_load (context->root, error);
  const IssAdministrators *administrators;

  if (replica == NULL || !vet_signed (context, message, cancellable, error))
    return NULL;

  administrators = iss_replica_get_administrators (replica);
  if (administrators == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                           _("This server is not enrolled for replication: it knows no "
                             "administrator who may ask for a key"));
      return NULL;
    }

  return iss_seal_request_verify (message, administrators->pool,
                                  iss_root_folder_get_server_id (context->root),
                                  administrators->certificates, error);
}

static gboolean
record_sealing (const IssAgentContext  *context,
                const IssSealRequest   *request,
                IssCertificate         *certificate,
                GError                **error)
{
  g_autofree char *n = g_strdup_printf ("%u", request->recipients->len);
  const char *const details[] =
    {
      "certificate", iss_certificate_get_sha256_hex (certificate),
      "format", "replication",
      "recipients", n,
      "recipient", iss_certificate_get_sha256_hex (request->recipients->pdata[0]),
      NULL
    };

  return iss_audit_append (context->root, context->now, context->who, "export", details, error);
}

/**
 * iss_agent_replica_run_seal:
 * @context: for whom and when
 * @parameters: (aya{sv}): a signed request, options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when the key is not here, or as of
 *   iss_seal_request_verify()
 *
 * Seals a private key to other servers of the pool, whether it may be exported or not: that is
 * about those who ask, and here an administrator has signed to whom.
 *
 * Returns: (transfer floating): (aay): the key, sealed to each
 */
GVariant *
iss_agent_replica_run_seal (const IssAgentContext  *context,
                            GVariant               *parameters,
                            GCancellable           *cancellable,
                            GError                **error)
{
  g_autoptr(IssSealRequest) request = read_request (context, parameters, cancellable, error);
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GPtrArray) sealed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *hex = NULL;

  if (request == NULL)
    return NULL;

  hex = iss_text_hex (g_bytes_get_data (request->sha256, NULL), ISS_SHA256_SIZE, FALSE);
  certificate = iss_certificate_store_get (context->root, ISS_STORE_MY, hex, error);
  key = certificate == NULL ? NULL
    : iss_key_file_load (context->root, iss_certificate_get_spki_sha256 (certificate), error);
  if (key == NULL)
    return NULL;

  for (guint i = 0; i < request->recipients->len; i++)
    {
      GBytes *one = iss_package_seal_key (key, request->recipients->pdata[i], error);

      if (one == NULL)
        return NULL;
      g_ptr_array_add (sealed, one);
    }

  if (!record_sealing (context, request, certificate, error))
    return NULL;

  return g_variant_new ("(@aay)", iss_agent_wire_new_hashes (sealed));
}

/**
 * iss_agent_replica_run_get:
 * @context: for whom and when
 * @parameters: (a{sv}): options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Returns: (transfer floating): (a{sv}): the state
 */
GVariant *
iss_agent_replica_run_get (const IssAgentContext  *context,
                           GVariant               *parameters,
                           GCancellable           *cancellable,
                           GError                **error)
{
  return answer_state (context, error);
}

static gpointer
read_state (GVariant  *reply,
            GVariant  *parameters,
            GError   **error)
{
  g_autoptr(GVariant) dict = g_variant_get_child_value (reply, 0);

  return iss_replica_state_from_variant (dict, error);
}

/**
 * iss_agent_replica_new_enroll_call:
 * @nonce: 32 bytes of iss_proof_new_nonce(), for this one call
 *
 * Returns: (transfer full): a call; its value is an #IssProof of the certificate that packages
 *   are to be sealed to, to be verified with iss_proof_verify() for the type ""
 */
IssAgentCall *
iss_agent_replica_new_enroll_call (GBytes *nonce)
{
  g_return_val_if_fail (nonce != NULL, NULL);

  return iss_agent_call_new ("Enroll",
                             g_variant_new ("(@aya{sv})", iss_agent_wire_new_bytes (nonce), NULL),
                             ISS_AGENT_PROOF_REPLY, iss_agent_proof_read,
                             (GDestroyNotify) iss_proof_free);
}

/**
 * iss_agent_replica_new_pin_call:
 * @administrators: what iss_administrators_sign() made
 *
 * Returns: (transfer full): a call; its value is an #IssReplicaState
 */
IssAgentCall *
iss_agent_replica_new_pin_call (GBytes *administrators)
{
  g_return_val_if_fail (administrators != NULL, NULL);

  return iss_agent_call_new ("PinAdministrators",
                             g_variant_new ("(@aya{sv})",
                                            iss_agent_wire_new_bytes (administrators), NULL),
                             "(a{sv})", read_state, g_object_unref);
}

/**
 * iss_agent_replica_new_deliver_call:
 * @type: the name of a type
 * @package: a package of it for that server
 * @force: whether it is also acted upon if the server has it already, which puts drift right
 *
 * Returns: (transfer full): a call; its value is an #IssReplicaState
 */
IssAgentCall *
iss_agent_replica_new_deliver_call (const char *type,
                                    GBytes     *package,
                                    gboolean    force)
{
  GVariantDict options;

  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (package != NULL, NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "force", "b", force);

  return iss_agent_call_new ("DeliverPackage",
                             g_variant_new ("(s@ay@a{sv})", type,
                                            iss_agent_wire_new_bytes (package),
                                            g_variant_dict_end (&options)),
                             "(a{sv})", read_state, g_object_unref);
}

/**
 * iss_agent_replica_new_arm_call:
 * @type: the name of a type
 * @statement: what iss_arming_sign() made
 *
 * Returns: (transfer full): a call; its value is an #IssReplicaState
 */
IssAgentCall *
iss_agent_replica_new_arm_call (const char *type,
                                GBytes     *statement)
{
  g_return_val_if_fail (type != NULL, NULL);
  g_return_val_if_fail (statement != NULL, NULL);

  return iss_agent_call_new ("ArmRoll",
                             g_variant_new ("(s@aya{sv})", type,
                                            iss_agent_wire_new_bytes (statement), NULL),
                             "(a{sv})", read_state, g_object_unref);
}

static gpointer
read_sealed (GVariant  *reply,
             GVariant  *parameters,
             GError   **error)
{
  g_autoptr(GVariant) list = g_variant_get_child_value (reply, 0);
  g_autoptr(GPtrArray) sealed = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) one = g_variant_get_child_value (list, i);

      if (i >= ISS_SEAL_REQUEST_MAX_RECIPIENTS ||
          g_variant_get_size (one) > ISS_PACKAGE_MAX_SEALED_KEY)
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                               _("What the server has sealed is too large"));
          return NULL;
        }

      g_ptr_array_add (sealed, iss_agent_wire_dup_bytes (one));
    }

  return g_steal_pointer (&sealed);
}

/**
 * iss_agent_replica_new_seal_call:
 * @request: what iss_seal_request_sign() made for that server
 *
 * Returns: (transfer full): a call; its value is a #GPtrArray of #GBytes
 */
IssAgentCall *
iss_agent_replica_new_seal_call (GBytes *request)
{
  g_return_val_if_fail (request != NULL, NULL);

  return iss_agent_call_new ("SealForReplicas",
                             g_variant_new ("(@aya{sv})", iss_agent_wire_new_bytes (request),
                                            NULL),
                             "(aay)", read_sealed, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * iss_agent_replica_new_get_call:
 *
 * Returns: (transfer full): a call; its value is an #IssReplicaState
 */
IssAgentCall *
iss_agent_replica_new_get_call (void)
{
  return iss_agent_call_new ("GetReplica", g_variant_new ("(a{sv})", NULL), "(a{sv})", read_state,
                             g_object_unref);
}
