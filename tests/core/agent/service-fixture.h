/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-service.h"
#include "tests/lib/server-folder.h"

G_BEGIN_DECLS

/**
 * IssServiceFixture:
 *
 * The agent's end of a connection in this process, on a server's folder, and the other end.
 */
typedef struct
{
  IssServerFolder *folder;
  IssAgentService *service;
  GDBusConnection *theirs;
  GDBusConnection *ours;
} IssServiceFixture;

/* The service starts its own program again to have foreign bytes decoded: here it is the test,
 * which then ends at once, or each would start another. To be asked first of all. */
gboolean   iss_service_fixture_is_helper (int                 argc,
                                          char              **argv);

void       iss_service_fixture_set_up    (IssServiceFixture  *self,
                                          gconstpointer       role);   /* %NULL: operator */
void       iss_service_fixture_tear_down (IssServiceFixture  *self,
                                          gconstpointer       role);

/* @parameters is taken */
GVariant  *iss_service_fixture_call      (IssServiceFixture  *self,
                                          const char         *method,
                                          GVariant           *parameters,
                                          GError            **error) G_GNUC_WARN_UNUSED_RESULT;
/* Returns: (transfer full): what it says of itself */
GVariant  *iss_service_fixture_hello     (IssServiceFixture  *self,
                                          guint               protocol);

G_END_DECLS
