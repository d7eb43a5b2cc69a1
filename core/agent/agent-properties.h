/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/agent-method.h"
#include "core/store/properties.h"

G_BEGIN_DECLS

#define ISS_AGENT_PROPERTIES_MAX_NAME 256
#define ISS_AGENT_PROPERTIES_MAX_DESCRIPTION 1024

/**
 * IssAgentPropertyChanges:
 *
 * What shall be different about a certificate on a server. Everything borrowed.
 */
typedef struct
{
  const char *friendly_name;    /* (nullable): stays; "" = none */
  const char *description;      /* (nullable): stays; "" = none */
  IssIntent   intent;           /* UNKNOWN: stays */
  gboolean    not_exportable;   /* the private key; for good */
} IssAgentPropertyChanges;

/* SetProperties: both ends. */
GVariant      *iss_agent_properties_run   (const IssAgentContext          *context,
                                           GVariant                       *parameters,
                                           GCancellable                   *cancellable,
                                           GError                        **error);

/* The value is a GStrv, the properties that changed */
IssAgentCall  *iss_agent_properties_call  (GBytes                         *sha256,
                                           const IssAgentPropertyChanges  *changes,
                                           gboolean                        force,
                                           gboolean                        what_if)
                                           G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
