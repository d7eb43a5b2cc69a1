/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-client.h"
#include "core/certificate/maker.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_AGENT_FIXTURE_NOW G_GINT64_CONSTANT (1793318400)   /* 30 October 2026 */

/* A server of a test's own: a real issuant-agent on a folder that goes with it. */
typedef struct
{
  IssTempFolder        *temp;
  char                 *root;
  IssConnectionAddress *address;
  IssLaunch            *launch;
  IssAgentClient       *client;     /* once it is open */

  GAsyncResult         *result;     /* of the last call */
} IssAgentFixture;

void             iss_agent_fixture_set_up       (IssAgentFixture  *self);
void             iss_agent_fixture_tear_down    (IssAgentFixture  *self);

char            *iss_agent_fixture_dup_program  (void) G_GNUC_WARN_UNUSED_RESULT;
/* instead of the agent */
void             iss_agent_fixture_script       (IssAgentFixture  *self,
                                                 const char       *text);

void             iss_agent_fixture_result_cb    (GObject          *object,
                                                 GAsyncResult     *result,
                                                 gpointer          user_data);
/* valid until the next wait */
GAsyncResult    *iss_agent_fixture_wait         (IssAgentFixture  *self);

IssAgentClient  *iss_agent_fixture_try_open     (IssAgentFixture  *self,
                                                 GError          **error) G_GNUC_WARN_UNUSED_RESULT;
void             iss_agent_fixture_open         (IssAgentFixture  *self);

/* A token issuer's certificate for auth.contoso.example with its key, as PEM. */
GBytes          *iss_agent_fixture_make_file    (const char       *label,
                                                 IssCertificate  **out_certificate)
                                                 G_GNUC_WARN_UNUSED_RESULT;

GPtrArray       *iss_agent_fixture_import       (IssAgentFixture  *self,
                                                 GBytes           *file,
                                                 IssSecret        *password,
                                                 gboolean          what_if,
                                                 GError          **error) G_GNUC_WARN_UNUSED_RESULT;
IssObservation  *iss_agent_fixture_observe      (IssAgentFixture  *self,
                                                 GPtrArray        *asked,
                                                 GError          **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
