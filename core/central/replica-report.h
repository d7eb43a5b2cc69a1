/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/replica-state.h"
#include "core/central/wanted.h"

G_BEGIN_DECLS

/**
 * IssReplicaReport:
 *
 * What is known of one server's half of replication: what it said last, and what became of the
 * last try to reach it.
 */
typedef struct
{
  char            *server;          /* its name */
  gint64           tried;           /* when it was last tried; 0 = never */
  gint64           seen;            /* when it last answered; 0 = never */
  IssReplicaState *state;           /* (nullable): what it said then */
  char            *error;           /* (nullable): what went wrong at the last try */
  guint            failures;        /* in a row */
  gdouble          clock_offset;    /* seconds, server - here */
  char            *version;         /* (nullable): the agent's */
} IssReplicaReport;

IssReplicaReport  *iss_replica_report_new     (const char              *server)
                                               G_GNUC_WARN_UNUSED_RESULT;
void               iss_replica_report_free    (IssReplicaReport        *self);

GBytes            *iss_replica_report_encode  (const IssReplicaReport  *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
IssReplicaReport  *iss_replica_report_decode  (const char              *server,
                                               GBytes                  *bytes,
                                               GError                 **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

/* whether the server has deployed what is wanted, and nobody changed it there since */
gboolean           iss_replica_report_is_up_to_date (const IssReplicaReport *self,
                                               const IssWanted         *wanted);
/* whether it shows the key of what is staged to those who verify */
gboolean           iss_replica_report_is_ready (const IssReplicaReport *self,
                                               const IssWanted         *wanted);
/* when to try again what failed: later each time, and not all at once */
gint64             iss_replica_report_get_next_try (const IssReplicaReport *self,
                                               gdouble                  jitter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssReplicaReport, iss_replica_report_free)

G_END_DECLS
