/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/secret.h"
#include "core/pool/job.h"
#include "core/pool/workspace.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_AGENTS_FIXTURE_NOW 1795000000
#define ISS_AGENTS_FIXTURE_SEED "agents"   /* of the authority's key, whose label is "ca" */

/* A workspace with a pool of servers fe01, fe02, …, each with a real agent on a folder of its
 * own, and a PFX with a token issuer's certificate for auth.contoso.example. */
typedef struct
{
  IssTempFolder  *folder;
  IssWorkspace   *workspace;
  IssPool        *pool;          /* borrowed from the workspace */
  GPtrArray      *servers;       /* (element-type IssServer): those of the pool */
  IssCertificate *authority;
  IssCertificate *certificate;
  GBytes         *pfx;
  IssSecret      *password;
} IssAgentsFixture;

void  iss_agents_fixture_set_up    (IssAgentsFixture  *self,
                                    gconstpointer      n_servers);
void  iss_agents_fixture_tear_down (IssAgentsFixture  *self,
                                    gconstpointer      unused);

/* A server of the pool whose agent cannot be started. */
void  iss_agents_fixture_add_dead  (IssAgentsFixture  *self,
                                    const char        *name);
void  iss_agents_fixture_run       (IssJob            *job);

G_END_DECLS
