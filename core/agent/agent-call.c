/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-call.h"

struct _IssAgentCall
{
  /* Owned */
  char             *method;
  GVariant         *parameters;
  char             *reply_type;
  IssSecret        *secret;        /* (nullable) */

  IssAgentReadFunc  read;
  GDestroyNotify    result_free;
};

static void
clear_call (gpointer call)
{
  IssAgentCall *self = call;

  g_free (self->method);
  g_variant_unref (self->parameters);
  g_free (self->reply_type);
  g_clear_pointer (&self->secret, iss_secret_unref);
}

/**
 * iss_agent_call_new_with_secret:
 * @method: a method of org.issuant.Agent1
 * @secret: (nullable): what is sealed and goes before the other arguments
 * @parameters: a tuple of the arguments; if floating, it is sunk
 * @reply_type: the type that the answer must have
 * @read: checks the answer
 * @result_free: frees what @read returns
 *
 * Returns: (transfer full): a call
 */
IssAgentCall *
iss_agent_call_new_with_secret (const char       *method,
                                IssSecret        *secret,
                                GVariant         *parameters,
                                const char       *reply_type,
                                IssAgentReadFunc  read,
                                GDestroyNotify    result_free)
{
  IssAgentCall *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (g_variant_is_of_type (parameters, G_VARIANT_TYPE_TUPLE), NULL);
  g_return_val_if_fail (g_variant_type_string_is_valid (reply_type), NULL);
  g_return_val_if_fail (read != NULL && result_free != NULL, NULL);

  self = g_atomic_rc_box_new0 (IssAgentCall);
  self->method = g_strdup (method);
  self->parameters = g_variant_ref_sink (parameters);
  self->reply_type = g_strdup (reply_type);
  self->secret = secret != NULL ? iss_secret_ref (secret) : NULL;
  self->read = read;
  self->result_free = result_free;
  return self;
}

/**
 * iss_agent_call_new:
 * @method: a method of org.issuant.Agent1
 * @parameters: a tuple of the arguments; if floating, it is sunk
 * @reply_type: the type that the answer must have
 * @read: checks the answer
 * @result_free: frees what @read returns
 *
 * Returns: (transfer full): a call without a secret
 */
IssAgentCall *
iss_agent_call_new (const char       *method,
                    GVariant         *parameters,
                    const char       *reply_type,
                    IssAgentReadFunc  read,
                    GDestroyNotify    result_free)
{
  return iss_agent_call_new_with_secret (method, NULL, parameters, reply_type, read,
                                         result_free);
}

/**
 * iss_agent_call_ref:
 * @self: a call
 *
 * Returns: (transfer full): @self
 */
IssAgentCall *
iss_agent_call_ref (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * iss_agent_call_unref:
 * @self: (transfer full): a call
 *
 * Gives up a reference.
 */
void
iss_agent_call_unref (IssAgentCall *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_call);
}

/**
 * iss_agent_call_get_method:
 * @self: a call
 *
 * Returns: the method's name
 */
const char *
iss_agent_call_get_method (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

/**
 * iss_agent_call_get_parameters:
 * @self: a call
 *
 * Returns: (transfer none): its arguments, without the secret
 */
GVariant *
iss_agent_call_get_parameters (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->parameters;
}

/**
 * iss_agent_call_get_reply_type:
 * @self: a call
 *
 * Returns: the type that the answer must have
 */
const char *
iss_agent_call_get_reply_type (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reply_type;
}

/**
 * iss_agent_call_get_secret:
 * @self: a call
 *
 * Returns: (transfer none) (nullable): what crosses sealed only
 */
IssSecret *
iss_agent_call_get_secret (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->secret;
}

/**
 * iss_agent_call_read:
 * @self: a call
 * @reply: the answer to it
 * @error: return location for an error
 *
 * Returns: (transfer full): the value in @reply, checked
 */
gpointer
iss_agent_call_read (IssAgentCall  *self,
                     GVariant      *reply,
                     GError       **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (g_variant_is_of_type (reply, G_VARIANT_TYPE (self->reply_type)), NULL);

  return self->read (reply, self->parameters, error);
}

/**
 * iss_agent_call_get_result_free:
 * @self: a call
 *
 * Returns: what frees a value that iss_agent_call_read() returned
 */
GDestroyNotify
iss_agent_call_get_result_free (IssAgentCall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->result_free;
}
