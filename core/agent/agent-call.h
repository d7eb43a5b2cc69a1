/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/base/secret.h"

G_BEGIN_DECLS

/**
 * IssAgentReadFunc:
 * @reply: an agent's answer, of the type that was asked for and nothing else checked
 * @parameters: what was asked, without the secret
 * @error: return location for an error
 *
 * Checks an answer and makes a value of it, in a worker. Returns: (transfer full): the value, or
 * %NULL
 */
typedef gpointer (* IssAgentReadFunc) (GVariant  *reply,
                                       GVariant  *parameters,
                                       GError   **error);

/* One call of an agent's method, ready to be made on any connection: arguments,
 * a secret that is sealed to whoever the connection leads to, and how the answer
 * is checked. Immutable. */
typedef struct _IssAgentCall IssAgentCall;

IssAgentCall      *iss_agent_call_new             (const char        *method,
                                                   GVariant          *parameters,
                                                   const char        *reply_type,
                                                   IssAgentReadFunc   read,
                                                   GDestroyNotify     result_free)
                                                   G_GNUC_WARN_UNUSED_RESULT;
/* The secret is sealed and put before the other arguments, as an ay. */
IssAgentCall      *iss_agent_call_new_with_secret (const char        *method,
                                                   IssSecret         *secret,
                                                   GVariant          *parameters,
                                                   const char        *reply_type,
                                                   IssAgentReadFunc   read,
                                                   GDestroyNotify     result_free)
                                                   G_GNUC_WARN_UNUSED_RESULT;
IssAgentCall      *iss_agent_call_ref             (IssAgentCall      *self);
void               iss_agent_call_unref           (IssAgentCall      *self);

const char        *iss_agent_call_get_method      (IssAgentCall      *self);
GVariant          *iss_agent_call_get_parameters  (IssAgentCall      *self);
const char        *iss_agent_call_get_reply_type  (IssAgentCall      *self);
IssSecret         *iss_agent_call_get_secret      (IssAgentCall      *self);   /* (nullable) */
gpointer           iss_agent_call_read            (IssAgentCall      *self,
                                                   GVariant          *reply,
                                                   GError           **error)
                                                   G_GNUC_WARN_UNUSED_RESULT;
GDestroyNotify     iss_agent_call_get_result_free (IssAgentCall      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAgentCall, iss_agent_call_unref)

G_END_DECLS
