/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-replica.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-proof.h"
#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/replication/deployment.h"
#include "core/replication/scheduler.h"
#include "core/store/audit.h"

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
  if (!iss_replica_pin (replica, message, error))
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
  const IssCertificateType *type;
  const char *name;
  IssDelivery delivery;

  g_variant_get (parameters, "(&s@ay@a{sv})", &name, &package_variant, &options);
  type = iss_certificate_type_parse (name, error);
  if (type == NULL)
    return NULL;

  package = iss_agent_wire_dup_bytes (package_variant);
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
  if (!iss_deployment_arm (context->root, statement, type, context->who, context->now, error))
    return NULL;

  return answer_state (context, error);
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
