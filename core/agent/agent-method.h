/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/certificate/certificate.h"
#include "core/certificate/private-key.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* One method of org.issuant.Agent1 as the agent answers it: a plain function, run
 * in a thread, and what a caller must be to have it run. */

/**
 * IssAgentContext:
 *
 * For whom and when a method runs. Everything borrowed.
 */
typedef struct
{
  IssRootFolder  *root;
  const char     *who;             /* for the audit record */
  gint64          now;             /* seconds since 1970 */
  IssCertificate *recipient;       /* whom this connection's secret arguments are sealed to */
  IssPrivateKey  *recipient_key;
  const char     *reader;          /* the program that decodes first: ISS_VETTING_OWN */
} IssAgentContext;

typedef enum
{
  ISS_AGENT_ACCESS_READ,     /* everybody; no lock */
  ISS_AGENT_ACCESS_CHANGE    /* operators, with the lock; everybody when options say what-if */
} IssAgentAccess;

/**
 * IssAgentMethodFunc:
 * @context: for whom and when
 * @parameters: the call's arguments, of the XML's types, nothing else checked
 * @cancellable: (nullable): to be looked at before the first change, not after
 * @error: return location for an error
 *
 * Runs in a thread. Returns: (transfer floating): the answer's tuple, or %NULL with @error set
 */
typedef GVariant * (* IssAgentMethodFunc) (const IssAgentContext  *context,
                                           GVariant               *parameters,
                                           GCancellable           *cancellable,
                                           GError                **error);

typedef struct
{
  const char         *signal;   /* "handle-export" */
  IssAgentAccess      access;
  IssAgentMethodFunc  func;
} IssAgentMethod;

gboolean   iss_agent_method_is_what_if (GVariant               *parameters);

void       iss_agent_method_run_async  (const IssAgentMethod   *method,
                                        const IssAgentContext  *context,
                                        GVariant               *parameters,
                                        GCancellable           *cancellable,
                                        GAsyncReadyCallback     callback,
                                        gpointer                user_data);
GVariant  *iss_agent_method_run_finish (GAsyncResult           *result,
                                        GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
