/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/workspace.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_WORKSPACE_FIXTURE_NOW G_GINT64_CONSTANT (1795000000)   /* 18 November 2026 */

/* A workspace of a test's own: pool01.contoso.example with fe01 and fe02, each a
 * real issuant-agent on an empty folder, started when it is first looked at. */
typedef struct
{
  IssTempFolder *temp;
  char          *topology;    /* its path */
  IssWorkspace  *workspace;
} IssWorkspaceFixture;

void  iss_workspace_fixture_set_up    (IssWorkspaceFixture  *self,
                                       gboolean              with_pool);
void  iss_workspace_fixture_tear_down (IssWorkspaceFixture  *self);

G_END_DECLS
