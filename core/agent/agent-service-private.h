/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-scheduler.h"
#include "core/agent/agent-service.h"
#include "core/agent/agent-watch.h"
#include "core/agent/org.issuant.Agent1.h"
#include "core/certificate/private-key.h"
#include "core/store/row-table.h"

G_BEGIN_DECLS

/* What the connection itself (agent-service.c), the calls with handlers of their own
 * (agent-service-calls.c) and the methods of a table (agent-service-methods.c) share. */

/**
 * IssAgentService:
 *
 * The agent's end of one connection. It holds no truth: every answer is read from the root
 * folder; only the last snapshot of each store is kept, so that its pages belong together.
 */
struct _IssAgentService
{
  GObject           parent_instance;

  /* Owned */
  IssRootFolder    *root;
  IssClock         *clock;
  char             *zone;
  char             *role;
  char             *who;
  IssDbusAgent     *skeleton;
  GDBusConnection  *connection;            /* once exported */
  IssAgentWatch    *watch;
  IssAgentScheduler *scheduler;            /* (nullable): viewers have none */
  IssCertificate   *recipient;             /* of secret arguments, of this connection only */
  IssPrivateKey    *recipient_key;
  IssRowTable      *snapshots[ISS_N_STORES];
  GHashTable       *jobs;                  /* name -> GCancellable */
  GPtrArray        *bound;                 /* of agent-service-methods.c */
  char             *reconcile_error;       /* (nullable) */

  guint64           snapshot_numbers[ISS_N_STORES];
  guint64           last_snapshot;
  guint             n_running;
  gboolean          greeted;               /* Hello was called, with our protocol */
};

/**
 * IssAgentServiceCall:
 *
 * What a call needs until its answer.
 */
typedef struct
{
  IssAgentService       *self;         /* owned */
  GDBusMethodInvocation *invocation;   /* owned until it is answered */
  char                  *job;          /* (nullable) */
  IssStoreName           store;
  guint                  offset;
  guint                  limit;
  gint64                 began_us;     /* by the clock */
} IssAgentServiceCall;

/* FALSE: an answer is given */
gboolean              iss_agent_service_admit           (IssAgentService        *self,
                                                         GDBusMethodInvocation  *invocation,
                                                         gboolean                changes);
IssAgentServiceCall  *iss_agent_service_call_new        (IssAgentService        *self,
                                                         GDBusMethodInvocation  *invocation)
                                                         G_GNUC_WARN_UNUSED_RESULT;
void                  iss_agent_service_call_free       (IssAgentServiceCall    *call);
void                  iss_agent_service_call_fail       (IssAgentServiceCall    *call,
                                                         const GError           *error);

void                  iss_agent_service_connect_calls   (IssAgentService        *self);
void                  iss_agent_service_connect_methods (IssAgentService        *self);

G_END_DECLS
