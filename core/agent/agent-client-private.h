/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-client.h"
#include "core/agent/agent-link.h"

G_BEGIN_DECLS

/**
 * IssAgentClient:
 *
 * The console's end of one connection: asks, checks every answer, hands out values. What an
 * agent says is shown to people who act on it, so nothing passes unchecked.
 */
struct _IssAgentClient
{
  GObject         parent_instance;

  /* Owned */
  IssAgentLink   *link;
  char           *server_id;
  char           *version;
  char           *owner;
  char           *role;
  char           *scheduler;
  char           *zone;
  IssCertificate *recipient;   /* whom secret arguments are sealed to */

  IssParserLacks  parser_lacks;
  gint64          hello_time;
  gint64          measured_time;       /* microseconds by the server's clock, at… */
  gint64          measured_monotonic;  /* …this moment of our monotonic one */
  guint           last_job;
};

GTask     *iss_agent_client_new_task   (IssAgentClient      *self,
                                        gpointer             source_tag,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data) G_GNUC_WARN_UNUSED_RESULT;
void       iss_agent_client_measure    (IssAgentClient      *self,
                                        GVariant            *dictionary,
                                        gint64               sent,
                                        gint64               received);
GVariant  *iss_agent_client_new_options (const char        *server_name,
                                         const char *const *sip_domains,
                                         gboolean           force,
                                         gboolean           what_if);   /* floating */

G_END_DECLS
