/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service-private.h"

#include "core/agent/agent-assign.h"
#include "core/agent/agent-copy.h"
#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-delete.h"
#include "core/agent/agent-export.h"
#include "core/agent/agent-key-access.h"
#include "core/agent/agent-key-uri.h"
#include "core/agent/agent-log.h"
#include "core/agent/agent-look.h"
#include "core/agent/agent-method.h"
#include "core/agent/agent-path.h"
#include "core/agent/agent-proof.h"
#include "core/agent/agent-properties.h"
#include "core/agent/agent-replica.h"
#include "core/agent/agent-tasks.h"
#include "core/agent/agent-trash.h"
#include "core/agent/agent-wire.h"
#include "core/agent/vetting.h"

/* A method of one service. */
typedef struct
{
  IssAgentService      *self;      /* not owned: it owns this */
  const IssAgentMethod *method;
} Bound;

/* Each change of the assignments publishes everything: what could not be mended before may be
 * now. */
static void
forget_reconcile_error (IssAgentService *self,
                        GVariant        *answer)
{
  g_autoptr(GVariant) outcome = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    return;

  outcome = g_variant_get_child_value (answer, 0);
  if (iss_agent_wire_get_boolean (outcome, "published"))
    g_clear_pointer (&self->reconcile_error, g_free);
}

static void
method_run_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  IssAgentServiceCall *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) answer = iss_agent_method_run_finish (result, &error);

  if (answer == NULL)
    {
      iss_agent_service_call_fail (call, error);
      return;
    }

  forget_reconcile_error (call->self, answer);
  g_dbus_method_invocation_return_value (call->invocation, answer);
  iss_agent_service_call_free (call);
}

/* Any of the methods below. The arguments that follow are in the invocation, too. */
static gboolean
handle_method_cb (Bound                 *bound,
                  GDBusMethodInvocation *invocation)
{
  IssAgentService *self = bound->self;
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  const gboolean changes = bound->method->access == ISS_AGENT_ACCESS_CHANGE &&
                           !iss_agent_method_is_what_if (parameters);
  const IssAgentContext context = { self->root, self->who, iss_clock_now (self->clock),
                                    self->recipient, self->recipient_key,
                                    ISS_VETTING_OWN };

  if (iss_agent_service_admit (self, invocation, changes))
    iss_agent_method_run_async (bound->method, &context, parameters, NULL, method_run_cb,
                                iss_agent_service_call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Those that are functions of their arguments, each in a file of its own. */
void
iss_agent_service_connect_methods (IssAgentService *self)
{
  static const IssAgentMethod methods[] =
    {
      { "handle-build-path", ISS_AGENT_ACCESS_READ, iss_agent_path_run },
      { "handle-change-assignments", ISS_AGENT_ACCESS_CHANGE, iss_agent_assign_run },
      { "handle-delete-key", ISS_AGENT_ACCESS_CHANGE, iss_agent_delete_key_run },
      { "handle-export", ISS_AGENT_ACCESS_CHANGE, iss_agent_export_run },
      { "handle-export-certificate", ISS_AGENT_ACCESS_READ, iss_agent_export_run_certificate },
      { "handle-seal-for", ISS_AGENT_ACCESS_CHANGE, iss_agent_copy_run },
      { "handle-get-certificate", ISS_AGENT_ACCESS_READ, iss_agent_look_get_certificate },
      { "handle-judge", ISS_AGENT_ACCESS_READ, iss_agent_look_judge },
      { "handle-delete", ISS_AGENT_ACCESS_CHANGE, iss_agent_delete_run },
      { "handle-list-trash", ISS_AGENT_ACCESS_READ, iss_agent_trash_run_list },
      { "handle-get-key-access", ISS_AGENT_ACCESS_READ, iss_agent_key_access_run_get },
      { "handle-set-key-access", ISS_AGENT_ACCESS_CHANGE, iss_agent_key_access_run_set },
      { "handle-set-key-uri", ISS_AGENT_ACCESS_CHANGE, iss_agent_key_uri_run },
      { "handle-set-properties", ISS_AGENT_ACCESS_CHANGE, iss_agent_properties_run },
      { "handle-restore", ISS_AGENT_ACCESS_CHANGE, iss_agent_trash_run_restore },
      { "handle-get-tasks", ISS_AGENT_ACCESS_READ, iss_agent_tasks_run },
      { "handle-get-log", ISS_AGENT_ACCESS_READ, iss_agent_log_get_run },
      { "handle-verify-log", ISS_AGENT_ACCESS_READ, iss_agent_log_verify_run },
      { "handle-test-proof", ISS_AGENT_ACCESS_READ, iss_agent_proof_run },
      { "handle-enroll", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_enroll },
      { "handle-pin-administrators", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_pin },
      { "handle-deliver-package", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_deliver },
      { "handle-arm-roll", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_arm },
      { "handle-seal-for-replicas", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_seal },
      { "handle-get-replica", ISS_AGENT_ACCESS_READ, iss_agent_replica_run_get },
      { NULL, ISS_AGENT_ACCESS_READ, NULL }
    };

  for (gsize i = 0; methods[i].signal != NULL; i++)
    {
      Bound *bound = g_new (Bound, 1);

      *bound = (Bound) { self, &methods[i] };
      g_ptr_array_add (self->bound, bound);
      g_signal_connect_swapped (self->skeleton, methods[i].signal,
                                G_CALLBACK (handle_method_cb), bound);
    }
}
