/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-call.h"
#include "core/agent/launch.h"
#include "core/agent/observation.h"
#include "core/agent/parser-confinement.h"
#include "core/store/import.h"
#include "core/store/row-table.h"

G_BEGIN_DECLS

#define ISS_AGENT_PROTOCOL 1

#define ISS_TYPE_AGENT_CLIENT (iss_agent_client_get_type ())

/* One open connection to one agent. Everything that comes back is checked
 * before it is handed out. Signal "closed" (GError *reason): the connection is
 * gone. Signal "changed": the server says that something changed. */
G_DECLARE_FINAL_TYPE (IssAgentClient, iss_agent_client, ISS, AGENT_CLIENT, GObject)

void             iss_agent_client_open_async        (IssConnectionAddress  *address,
                                                     const IssLaunch       *launch,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
IssAgentClient  *iss_agent_client_open_finish       (GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;
void             iss_agent_client_close             (IssAgentClient        *self);

gboolean         iss_agent_client_is_closed         (IssAgentClient        *self);
const char      *iss_agent_client_get_server_id     (IssAgentClient        *self);
/* (nullable): the ssh host key that it was made under */
const char      *iss_agent_client_get_host_key      (IssAgentClient        *self);
const char      *iss_agent_client_get_version       (IssAgentClient        *self);
const char      *iss_agent_client_get_owner         (IssAgentClient        *self);
/* "operator" | "viewer" */
const char      *iss_agent_client_get_role          (IssAgentClient        *self);
const char      *iss_agent_client_get_scheduler     (IssAgentClient        *self);
const char      *iss_agent_client_get_zone          (IssAgentClient        *self);
IssParserLacks   iss_agent_client_get_parser_lacks  (IssAgentClient        *self);
/* whom secrets for this connection are sealed to */
IssCertificate  *iss_agent_client_get_recipient     (IssAgentClient        *self);
/* the server's clock in Hello */
gint64           iss_agent_client_get_hello_time    (IssAgentClient        *self);
/* microseconds: the server's clock at a moment of our monotonic one, as last measured */
gint64           iss_agent_client_get_measured      (IssAgentClient        *self,
                                                     gint64                *out_monotonic);

/* Any method; the value is what the call's own function reads. */
void             iss_agent_client_call_async        (IssAgentClient        *self,
                                                     IssAgentCall          *call,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
gpointer         iss_agent_client_call_finish       (IssAgentClient        *self,
                                                     GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

void             iss_agent_client_observe_async     (IssAgentClient        *self,
                                                     GPtrArray             *asked,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
IssObservation  *iss_agent_client_observe_finish    (IssAgentClient        *self,
                                                     GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

void             iss_agent_client_list_rows_async   (IssAgentClient        *self,
                                                     IssStoreName           store,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
IssRowTable     *iss_agent_client_list_rows_finish  (IssAgentClient        *self,
                                                     GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* out_properties: a{sv} as in the XML, checked. */
void             iss_agent_client_get_certificate_async  (IssAgentClient   *self,
                                                     const char            *store,
                                                     GBytes                *sha256,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
IssCertificate  *iss_agent_client_get_certificate_finish (IssAgentClient   *self,
                                                     GAsyncResult          *result,
                                                     GVariant             **out_properties,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* Sealed on the way. Cancelling tells the agent. Returns (element-type IssImportItem). */
void             iss_agent_client_import_async      (IssAgentClient        *self,
                                                     GBytes                *file,
                                                     IssSecret             *password,
                                                     const IssImportOptions *options,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GPtrArray       *iss_agent_client_import_finish     (IssAgentClient        *self,
                                                     GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* One (element-type IssFinding) array for each certificate asked about, in order. */
void             iss_agent_client_judge_async       (IssAgentClient        *self,
                                                     const char            *type,
                                                     GPtrArray             *certificates,
                                                     const char            *server_name,
                                                     const char *const     *sip_domains,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GPtrArray       *iss_agent_client_judge_finish      (IssAgentClient        *self,
                                                     GAsyncResult          *result,
                                                     GError               **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
