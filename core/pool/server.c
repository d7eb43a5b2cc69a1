/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server.h"

#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/base/text.h"
#include "core/pool/server-private.h"

#include <string.h>

/**
 * IssServer:
 *
 * One front end as the console knows it.
 *
 * Two truths are kept apart: what was last seen there, with its time, and
 * whether the server answers now. That a server does not answer never changes
 * what was seen; it only ages.
 */
struct _IssServer
{
  GObject                parent_instance;

  char                  *name;
  IssConnectionAddress  *address;
  IssLaunch             *launch;
  IssClock              *clock;

  IssAgentClient        *client;          /* (nullable) */
  GCancellable          *opening;         /* (nullable): a connection is being opened */
  GQueue                 waiting;         /* (element-type GTask): start when it is open */

  IssServerState         state;
  GError                *error;           /* (nullable) */
  gint64                 failing_since;
  guint                  n_tries;

  /* set of GBytes: certificates that every look asks about */
  GHashTable            *asked;
  IssObservation        *observation;     /* (nullable) */
  gint64                 seen_at;
  gdouble                clock_offset;
  char                  *agent_version;   /* (nullable) */
  char                  *role;            /* (nullable) */
  GTimeZone             *zone;            /* (nullable) */
  IssParserLacks         parser_lacks;
  IssWitness            *witness;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssServer, iss_server, G_TYPE_OBJECT)

static void
client_closed_cb (IssAgentClient *client,
                  const GError   *reason,
                  IssServer      *self)
{
  if (client != self->client)
    return;

  g_signal_handlers_disconnect_by_data (client, self);
  g_clear_object (&self->client);
  iss_server_set_failed (self, reason, iss_clock_now (self->clock));
}

static void
client_changed_cb (IssAgentClient *client,
                   IssServer      *self)
{
  iss_server_look_async (self, NULL, NULL, NULL, NULL);
}

static void
drop_client (IssServer *self)
{
  if (self->client == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->client, self);
  iss_agent_client_close (self->client);
  g_clear_object (&self->client);
}

static void
iss_server_dispose (GObject *object)
{
  IssServer *self = ISS_SERVER (object);

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  drop_client (self);

  G_OBJECT_CLASS (iss_server_parent_class)->dispose (object);
}

static void
iss_server_finalize (GObject *object)
{
  IssServer *self = ISS_SERVER (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->address, iss_connection_address_unref);
  g_clear_pointer (&self->launch, iss_launch_free);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->asked, g_hash_table_unref);
  g_clear_object (&self->observation);
  g_clear_pointer (&self->agent_version, g_free);
  g_clear_pointer (&self->role, g_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->witness, iss_witness_free);

  G_OBJECT_CLASS (iss_server_parent_class)->finalize (object);
}

static void
iss_server_class_init (IssServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_server_dispose;
  object_class->finalize = iss_server_finalize;

  /**
   * IssServer::changed:
   *
   * Its state, or what was seen there, may be different now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", ISS_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
iss_server_init (IssServer *self)
{
  g_queue_init (&self->waiting);
  self->witness = iss_witness_new ();
  self->asked = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                       (GDestroyNotify) g_bytes_unref, NULL);
}

static void
emit_changed (IssServer *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The waiting operations and why none of them can start. */
static void
fail_waiting (IssServer    *self,
              const GError *error)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      iss_server_return_error (self, task, g_error_copy (error));
      g_object_unref (task);
    }
}

static void
start_waiting (IssServer *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->waiting)) != NULL)
    {
      IssServerStart start = g_task_get_source_tag (task);

      if (!g_task_return_error_if_cancelled (task))
        start (self, self->client, task);
      g_object_unref (task);
    }
}

static void
take_answer (IssServer  *self,
             gdouble     clock_offset,
             const char *agent_version,
             const char *role)
{
  self->state = ISS_SERVER_STATE_READY;
  self->failing_since = 0;
  self->n_tries = 0;
  g_clear_error (&self->error);
  self->clock_offset = clock_offset;
  g_free (self->agent_version);
  self->agent_version = g_strdup (agent_version);
  g_free (self->role);
  self->role = g_strdup (role);
}

static void
take_zone (IssServer  *self,
           const char *identifier)
{
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = iss_time_text_zone (identifier);
}

/* Seconds by which the server's clock is ahead, as the last answer says. */
static gdouble
measure_clock (IssServer *self)
{
  gint64 monotonic;
  gint64 its_time = iss_agent_client_get_measured (self->client, &monotonic);
  gint64 ago = iss_clock_is_fixed (self->clock) ? 0 : g_get_monotonic_time () - monotonic;

  if (its_time == 0)
    return 0;

  return (gdouble) (its_time - (iss_clock_now_us (self->clock) - ago)) / G_USEC_PER_SEC;
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssServer) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentClient) client = iss_agent_client_open_finish (result, &error);
  gint64 now = iss_clock_now (self->clock);

  g_clear_object (&self->opening);

  if (client == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          self->state = ISS_SERVER_STATE_NEW;
          emit_changed (self);
        }
      else
        {
          iss_server_set_failed (self, error, now);
        }
      fail_waiting (self, error);
      return;
    }

  self->client = g_steal_pointer (&client);
  g_signal_connect (self->client, "closed", G_CALLBACK (client_closed_cb), self);
  g_signal_connect (self->client, "changed", G_CALLBACK (client_changed_cb), self);

  take_answer (self, measure_clock (self), iss_agent_client_get_version (self->client),
               iss_agent_client_get_role (self->client));
  take_zone (self, iss_agent_client_get_zone (self->client));
  self->parser_lacks = iss_agent_client_get_parser_lacks (self->client);
  start_waiting (self);
  emit_changed (self);
}

/**
 * iss_server_run:
 * @self: a server
 * @task: an operation on it; its source tag becomes @start
 * @start: begins the operation on the open connection
 *
 * Opens the connection if there is none, then starts the operation. Operations
 * that come meanwhile wait for the same connection.
 */
void
iss_server_run (IssServer      *self,
                GTask          *task,
                IssServerStart  start)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  g_task_set_source_tag (task, start);

  if (self->client != NULL && !iss_agent_client_is_closed (self->client))
    {
      start (self, self->client, task);
      return;
    }

  g_queue_push_tail (&self->waiting, g_object_ref (task));
  if (self->opening != NULL)
    return;

  drop_client (self);
  self->opening = g_cancellable_new ();
  self->state = ISS_SERVER_STATE_CONNECTING;
  emit_changed (self);
  iss_agent_client_open_async (self->address, self->launch, self->opening, opened_cb,
                               g_object_ref (self));
}

/* The state that an error means, or READY if the server did answer. */
static IssServerState
state_of_error (const GError *error)
{
  if (error->domain != ISS_ERROR)
    return ISS_SERVER_STATE_FAILED;

  if (error->code == ISS_ERROR_UNREACHABLE || error->code == ISS_ERROR_CLOSED)
    return ISS_SERVER_STATE_UNREACHABLE;
  if (error->code == ISS_ERROR_LOGIN)
    return ISS_SERVER_STATE_LOGIN;
  if (error->code == ISS_ERROR_HOST_KEY_UNKNOWN)
    return ISS_SERVER_STATE_HOST_KEY_UNKNOWN;
  if (error->code == ISS_ERROR_HOST_KEY_CHANGED)
    return ISS_SERVER_STATE_HOST_KEY_CHANGED;
  if (error->code == ISS_ERROR_NO_AGENT)
    return ISS_SERVER_STATE_NO_AGENT;
  if (error->code == ISS_ERROR_PROTOCOL)
    return ISS_SERVER_STATE_PROTOCOL;
  if (error->code == ISS_ERROR_NOT_OWNER)
    return ISS_SERVER_STATE_NOT_OWNER;

  return ISS_SERVER_STATE_FAILED;
}

/**
 * iss_server_return_error:
 * @self: a server
 * @task: an operation that failed
 * @error: (transfer full): why
 *
 * Ends the operation with an error that names the server.
 */
void
iss_server_return_error (IssServer *self,
                         GTask     *task,
                         GError    *error)
{
  g_autofree char *short_name = iss_server_dup_short_name (self);

  if (strstr (error->message, short_name) == NULL &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&error, "%s: ", short_name);

  g_task_return_error (task, error);
}

/**
 * iss_server_set_seen:
 * @self: a server
 * @observation: what was seen there just now
 *
 * Keeps what was seen, with the console's time, and how far the clocks are apart.
 */
void
iss_server_set_seen (IssServer      *self,
                     IssObservation *observation)
{
  g_set_object (&self->observation, observation);
  self->seen_at = iss_clock_now (self->clock);
  if (self->client != NULL)
    self->clock_offset = measure_clock (self);
  emit_changed (self);
}

/**
 * iss_server_new:
 * @name: its host name
 * @address: how it is reached
 * @launch: how agents are started
 * @clock: the console's clock
 *
 * Returns: (transfer full): a server that nobody has looked at; nothing is
 *   connected until it is needed
 */
IssServer *
iss_server_new (const char           *name,
                IssConnectionAddress *address,
                const IssLaunch      *launch,
                IssClock             *clock)
{
  IssServer *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (launch != NULL, NULL);
  g_return_val_if_fail (clock != NULL, NULL);

  self = g_object_new (ISS_TYPE_SERVER, NULL);
  self->name = g_strdup (name);
  self->address = iss_connection_address_ref (address);
  self->launch = iss_launch_copy (launch);
  self->clock = iss_clock_ref (clock);

  return self;
}

/**
 * iss_server_get_name:
 * @self: a server
 *
 * Returns: (transfer none): its whole host name
 */
const char *
iss_server_get_name (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->name;
}

/**
 * iss_server_dup_short_name:
 * @self: a server
 *
 * Returns: (transfer full): what people call it: the first label of its host
 *   name, or the whole if that is an address
 */
char *
iss_server_dup_short_name (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return iss_text_dup_short_host (self->name);
}

/**
 * iss_server_get_address:
 * @self: a server
 *
 * Returns: (transfer none): how it is reached
 */
IssConnectionAddress *
iss_server_get_address (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->address;
}

/**
 * iss_server_get_state:
 * @self: a server
 *
 * Returns: whether it answers, and if not, in which of the ways
 */
IssServerState
iss_server_get_state (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), ISS_SERVER_STATE_FAILED);

  return self->state;
}

/**
 * iss_server_is_answering:
 * @self: a server
 *
 * Returns: whether a connection to it is open now
 */
gboolean
iss_server_is_answering (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), FALSE);

  return self->state == ISS_SERVER_STATE_READY;
}

/**
 * iss_server_get_error:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): why it does not answer
 */
const GError *
iss_server_get_error (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->error;
}

/**
 * iss_server_get_failing_since:
 * @self: a server
 *
 * Returns: when it first failed to answer, in seconds since 1970 by the
 *   console's clock; 0 if it answers or was never tried
 */
gint64
iss_server_get_failing_since (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), 0);

  return self->failing_since;
}

/**
 * iss_server_get_n_tries:
 * @self: a server
 *
 * Returns: how often in a row it was tried without an answer
 */
guint
iss_server_get_n_tries (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), 0);

  return self->n_tries;
}

/**
 * iss_server_ask_about:
 * @self: a server
 * @sha256: a certificate
 *
 * Lets every look from now on ask about the certificate as well, so that what is
 * seen says whether the server has it. Beyond %ISS_OBSERVATION_MAX_ASKED the
 * certificate is not asked about.
 */
void
iss_server_ask_about (IssServer *self,
                      GBytes    *sha256)
{
  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE);

  if (g_hash_table_size (self->asked) < ISS_OBSERVATION_MAX_ASKED)
    g_hash_table_add (self->asked, g_bytes_ref (sha256));
}

/**
 * iss_server_dup_asked:
 * @self: a server
 *
 * Returns: (transfer container) (element-type GBytes): the certificates that
 *   every look asks about
 */
GPtrArray *
iss_server_dup_asked (IssServer *self)
{
  GPtrArray *asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GHashTableIter iter;
  GBytes *sha256;

  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, (gpointer *) &sha256, NULL))
    g_ptr_array_add (asked, g_bytes_ref (sha256));

  return asked;
}

/**
 * iss_server_get_observation:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): what was last seen there
 */
IssObservation *
iss_server_get_observation (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->observation;
}

/**
 * iss_server_get_seen_at:
 * @self: a server
 *
 * Returns: when that was, in seconds since 1970 by the console's clock; 0 = never
 */
gint64
iss_server_get_seen_at (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), 0);

  return self->seen_at;
}

/**
 * iss_server_set_last_seen:
 * @self: a server
 * @observation: (nullable): what was seen
 * @seen_at: when, by the console's clock
 * @failing_since: since when it does not answer; 0 = it did
 *
 * Takes over what an earlier run of the program saw.
 */
void
iss_server_set_last_seen (IssServer      *self,
                          IssObservation *observation,
                          gint64          seen_at,
                          gint64          failing_since)
{
  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (observation == NULL || ISS_IS_OBSERVATION (observation));

  g_set_object (&self->observation, observation);
  self->seen_at = observation != NULL ? seen_at : 0;
  self->failing_since = failing_since;
  emit_changed (self);
}

/**
 * iss_server_set_failed:
 * @self: a server
 * @error: why it does not answer
 * @at: when that was noticed, by the console's clock
 *
 * Records that the server did not answer. What was seen there stays.
 */
void
iss_server_set_failed (IssServer    *self,
                       const GError *error,
                       gint64        at)
{
  g_autoptr(GError) copy = NULL;

  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (error != NULL);

  copy = g_error_copy (error);
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&copy);
  self->state = state_of_error (self->error);
  if (self->failing_since == 0)
    self->failing_since = at;
  self->n_tries++;
  emit_changed (self);
}

/**
 * iss_server_set_answering:
 * @self: a server
 * @clock_offset: how far its clock is ahead of the console's, in seconds
 * @agent_version: (nullable): the version of its agent
 * @role: (nullable): what the agent lets this console do
 *
 * Records that the server answered. What was seen there stays.
 */
void
iss_server_set_answering (IssServer  *self,
                          gdouble     clock_offset,
                          const char *agent_version,
                          const char *role)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  take_answer (self, clock_offset, agent_version, role);
  emit_changed (self);
}

/**
 * iss_server_get_clock_offset:
 * @self: a server
 *
 * Returns: how far its clock was ahead of the console's at the last contact, in seconds, less
 *   half of the time on the way; 0 if that was never measured
 */
gdouble
iss_server_get_clock_offset (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), 0);

  return self->clock_offset;
}

/**
 * iss_server_get_agent_version:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): the version of its agent
 */
const char *
iss_server_get_agent_version (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->agent_version;
}

/**
 * iss_server_get_parser_lacks:
 * @self: a server
 *
 * Returns: which walls around the process that reads files there its system does not have, as
 *   it last told; nothing is missing as long as it never answered
 */
IssParserLacks
iss_server_get_parser_lacks (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), 0);

  return self->parser_lacks;
}

/**
 * iss_server_set_parser_lacks:
 * @self: a server
 * @lacks: which walls its system does not have
 */
void
iss_server_set_parser_lacks (IssServer      *self,
                             IssParserLacks  lacks)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  self->parser_lacks = lacks;
}

/**
 * iss_server_get_role:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): what this connection may do: `operator`
 *   or `viewer`
 */
const char *
iss_server_get_role (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->role;
}

/**
 * iss_server_get_witness:
 * @self: a server
 *
 * Returns: (transfer none): what this program itself has tried there, instead of being told
 */
IssWitness *
iss_server_get_witness (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->witness;
}

/**
 * iss_server_get_clock:
 * @self: a server
 *
 * Returns: (transfer none): the console's clock
 */
IssClock *
iss_server_get_clock (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->clock;
}

/**
 * iss_server_get_server_id:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): what tells it from every other, as it said on the open
 *   connection; %NULL: there is none
 */
const char *
iss_server_get_server_id (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->client != NULL ? iss_agent_client_get_server_id (self->client) : NULL;
}

/**
 * iss_server_get_host_key:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): the ssh host key that the open connection was made under;
 *   %NULL: there is none, or ssh has not told it
 */
const char *
iss_server_get_host_key (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->client != NULL ? iss_agent_client_get_host_key (self->client) : NULL;
}

/**
 * iss_server_get_zone:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): the time zone that it last told; %NULL: it has not, or this
 *   computer does not know it
 */
GTimeZone *
iss_server_get_zone (IssServer *self)
{
  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  return self->zone;
}

/**
 * iss_server_set_zone:
 * @self: a server
 * @identifier: the name of its time zone
 */
void
iss_server_set_zone (IssServer  *self,
                     const char *identifier)
{
  g_return_if_fail (ISS_IS_SERVER (self));
  g_return_if_fail (identifier != NULL);

  take_zone (self, identifier);
}

/**
 * iss_server_witnessed:
 * @self: a server whose witness knows something new
 *
 * Tells everybody.
 */
void
iss_server_witnessed (IssServer *self)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  emit_changed (self);
}

/**
 * iss_server_set_proved:
 * @self: a server
 * @sha256: a certificate
 * @at: when it was tried, by the console's clock
 * @failure: (nullable): why possession of its key was not proved; %NULL: it was
 *
 * Keeps what came of a proof.
 */
void
iss_server_set_proved (IssServer  *self,
                       GBytes     *sha256,
                       gint64      at,
                       const char *failure)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  iss_witness_add_proof (self->witness, sha256, at, failure);
  emit_changed (self);
}

/**
 * iss_server_disconnect:
 * @self: a server
 *
 * Closes the connection, or gives up opening it. What was seen stays.
 */
void
iss_server_disconnect (IssServer *self)
{
  g_return_if_fail (ISS_IS_SERVER (self));

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);

  if (self->client != NULL)
    {
      drop_client (self);
      self->state = ISS_SERVER_STATE_NEW;
      emit_changed (self);
    }
}
