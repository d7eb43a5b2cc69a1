/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/agent-client.h"
#include "core/base/clock.h"
#include "core/pool/witness.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_SERVER_STATE_NEW,              /* not looked at by this program yet */
  ISS_SERVER_STATE_CONNECTING,
  ISS_SERVER_STATE_READY,
  ISS_SERVER_STATE_UNREACHABLE,
  ISS_SERVER_STATE_LOGIN,
  ISS_SERVER_STATE_HOST_KEY_UNKNOWN,
  ISS_SERVER_STATE_HOST_KEY_CHANGED,
  ISS_SERVER_STATE_NO_AGENT,
  ISS_SERVER_STATE_PROTOCOL,
  ISS_SERVER_STATE_NOT_OWNER,
  ISS_SERVER_STATE_FAILED
} IssServerState;

#define ISS_TYPE_SERVER (iss_server_get_type ())

/* One front end as the console knows it: how it is reached, whether it answers,
 * and what was last seen there, with the time. Opens its connection when it is
 * first needed. Signal "changed": anything below may be different now. */
G_DECLARE_FINAL_TYPE (IssServer, iss_server, ISS, SERVER, GObject)

IssServer       *iss_server_new                  (const char            *name,
                                                  IssConnectionAddress  *address,
                                                  const IssLaunch       *launch,
                                                  IssClock              *clock)
                                                  G_GNUC_WARN_UNUSED_RESULT;

const char      *iss_server_get_name             (IssServer        *self);
/* "fe01" */
char            *iss_server_dup_short_name       (IssServer        *self) G_GNUC_WARN_UNUSED_RESULT;
IssConnectionAddress *iss_server_get_address     (IssServer        *self);

IssServerState   iss_server_get_state            (IssServer        *self);
gboolean         iss_server_is_answering         (IssServer        *self);   /* READY */
/* (nullable): why it does not answer */
const GError    *iss_server_get_error            (IssServer        *self);
/* 0 = answers, or was never tried */
gint64           iss_server_get_failing_since    (IssServer        *self);
/* failed ones in a row */
guint            iss_server_get_n_tries          (IssServer        *self);
/* one sentence */
char            *iss_server_dup_state_text       (IssServer        *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): what to do */
char            *iss_server_dup_remedy_text      (IssServer        *self) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): it answers, but */
char            *iss_server_dup_trouble_text     (IssServer        *self) G_GNUC_WARN_UNUSED_RESULT;

/* what confines the reading of files there */
IssParserLacks   iss_server_get_parser_lacks     (IssServer        *self);
/* what Hello does with what it tells; for tests and demos, too */
void             iss_server_set_parser_lacks     (IssServer        *self,
                                                  IssParserLacks    lacks);

/* (nullable): last seen */
IssObservation  *iss_server_get_observation      (IssServer        *self);
/* console's clock; 0 = never */
gint64           iss_server_get_seen_at          (IssServer        *self);
/* from the cache, or a test */
void             iss_server_set_last_seen        (IssServer        *self,
                                                  IssObservation   *observation,
                                                  gint64            seen_at,
                                                  gint64            failing_since);
/* what a failed look does; for tests and demos, too */
void             iss_server_set_failed           (IssServer        *self,
                                                  const GError     *error,
                                                  gint64            at);
/* what an answer to Hello does; for tests and demos, too */
void             iss_server_set_answering        (IssServer        *self,
                                                  gdouble           clock_offset,
                                                  const char       *agent_version,
                                                  const char       *role);
/* seconds, server − console; measured at every contact */
gdouble          iss_server_get_clock_offset     (IssServer        *self);
const char      *iss_server_get_agent_version    (IssServer        *self);   /* (nullable) */
const char      *iss_server_get_role             (IssServer        *self);   /* (nullable) */
/* (nullable): the zone that its people live by, as it last told */
GTimeZone       *iss_server_get_zone             (IssServer        *self);
/* what Hello does with what it tells; for tests and demos, too */
void             iss_server_set_zone             (IssServer        *self,
                                                  const char       *identifier);
/* what this program itself has tried there */
IssWitness      *iss_server_get_witness          (IssServer        *self);

void             iss_server_ask_about            (IssServer        *self,
                                                  GBytes           *sha256);
GPtrArray       *iss_server_dup_asked            (IssServer        *self) G_GNUC_WARN_UNUSED_RESULT;

void             iss_server_disconnect           (IssServer        *self);

/* Each opens the connection first where there is none. An error that means that
 * the server does not answer also becomes its state. */
void             iss_server_look_async           (IssServer             *self,
                                                  GPtrArray             *asked,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
gboolean         iss_server_look_finish          (IssServer             *self,
                                                  GAsyncResult          *result,
                                                  GError               **error);

/* Any method; the value is what the call's own function reads. */
void             iss_server_call_async           (IssServer             *self,
                                                  IssAgentCall          *call,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
gpointer         iss_server_call_finish          (IssServer             *self,
                                                  GAsyncResult          *result,
                                                  GError               **error)
                                                  G_GNUC_WARN_UNUSED_RESULT;

void             iss_server_list_rows_async      (IssServer             *self,
                                                  IssStoreName           store,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
IssRowTable     *iss_server_list_rows_finish     (IssServer             *self,
                                                  GAsyncResult          *result,
                                                  GError               **error)
                                                  G_GNUC_WARN_UNUSED_RESULT;

void             iss_server_get_certificate_async  (IssServer           *self,
                                                  const char            *store,
                                                  GBytes                *sha256,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
IssCertificate  *iss_server_get_certificate_finish (IssServer           *self,
                                                  GAsyncResult          *result,
                                                  GVariant             **out_properties,
                                                  GError               **error)
                                                  G_GNUC_WARN_UNUSED_RESULT;

void             iss_server_import_async         (IssServer             *self,
                                                  GBytes                *file,
                                                  IssSecret             *password,
                                                  const IssImportOptions *options,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
/* IssImportItem */
GPtrArray       *iss_server_import_finish        (IssServer             *self,
                                                  GAsyncResult          *result,
                                                  GError               **error)
                                                  G_GNUC_WARN_UNUSED_RESULT;

void             iss_server_judge_async          (IssServer             *self,
                                                  const char            *type,
                                                  GPtrArray             *certificates,
                                                  const char *const     *sip_domains,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
/* arrays of IssFinding */
GPtrArray       *iss_server_judge_finish         (IssServer             *self,
                                                  GAsyncResult          *result,
                                                  GError               **error)
                                                  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
