/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service-private.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "core/agent/agent-client.h"
#include "core/agent/agent-wire.h"
#include "core/agent/agent-writer.h"
#include "core/agent/parser-confinement.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/formats/seal.h"
#include "core/replication/scheduler-lock.h"
#include "core/store/trash.h"

G_DEFINE_FINAL_TYPE (IssAgentService, iss_agent_service, G_TYPE_OBJECT)

static void
disconnect_methods (IssAgentService *self)
{
  for (guint i = 0; i < self->bound->len; i++)
    g_signal_handlers_disconnect_by_data (self->skeleton, self->bound->pdata[i]);
}

static void
iss_agent_service_dispose (GObject *object)
{
  IssAgentService *self = ISS_AGENT_SERVICE (object);

  if (self->skeleton != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->skeleton, self);
      disconnect_methods (self);
      if (self->connection != NULL)
        g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
    }
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);

  g_clear_object (&self->skeleton);
  g_clear_object (&self->connection);
  g_clear_object (&self->watch);
  g_clear_object (&self->scheduler);
  g_clear_object (&self->recipient);
  g_clear_object (&self->recipient_key);
  g_clear_object (&self->root);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_pointer (&self->jobs, g_hash_table_unref);
  for (guint i = 0; i < ISS_N_STORES; i++)
    g_clear_object (&self->snapshots[i]);

  G_OBJECT_CLASS (iss_agent_service_parent_class)->dispose (object);
}

static void
iss_agent_service_finalize (GObject *object)
{
  IssAgentService *self = ISS_AGENT_SERVICE (object);

  g_ptr_array_unref (self->bound);
  g_free (self->zone);
  g_free (self->role);
  g_free (self->who);
  g_free (self->reconcile_error);

  G_OBJECT_CLASS (iss_agent_service_parent_class)->finalize (object);
}

static void
iss_agent_service_class_init (IssAgentServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_agent_service_dispose;
  object_class->finalize = iss_agent_service_finalize;
}

static void
iss_agent_service_init (IssAgentService *self)
{
  self->bound = g_ptr_array_new_with_free_func (g_free);
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static char *
dup_owner (IssAgentService *self)
{
  struct stat root_stat;
  const struct passwd *entry;

  if (fstat (iss_root_folder_get_fd (self->root), &root_stat) != 0)
    return g_strdup ("");

  entry = getpwuid (root_stat.st_uid);
  return entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("%u", root_stat.st_uid);
}

/* "resident since 2027-06-30T00:00:00Z", or "none". */
static char *
dup_scheduler (IssAgentService *self)
{
  const gint64 since = iss_scheduler_lock_get_resident_since (self->root);
  g_autofree char *instant = NULL;

  if (since == 0)
    return g_strdup ("none");

  instant = iss_time_text_iso (since);
  return g_strconcat ("resident since ", instant, NULL);
}

static gboolean
handle_hello_cb (IssAgentService       *self,
                 GDBusMethodInvocation *invocation,
                 guint                  protocol,
                 GVariant              *options)
{
  g_autofree char *owner = dup_owner (self);
  g_autofree char *scheduler = dup_scheduler (self);
  g_autoptr(GError) error = NULL;
  GVariantDict dict;
  GBytes *seal;

  if (self->recipient == NULL)
    {
      self->recipient = iss_seal_make_recipient (&self->recipient_key, &error);
      if (self->recipient == NULL)
        {
          g_dbus_method_invocation_return_gerror (invocation, error);
          return G_DBUS_METHOD_INVOCATION_HANDLED;
        }
    }

  self->greeted = protocol == ISS_AGENT_PROTOCOL;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "server-id", "s", iss_root_folder_get_server_id (self->root));
  g_variant_dict_insert (&dict, "version", "s", ISSUANT_VERSION);
  g_variant_dict_insert (&dict, "time", "x", iss_clock_now (self->clock));
  g_variant_dict_insert (&dict, "time-us", "x", iss_clock_now_us (self->clock));
  g_variant_dict_insert (&dict, "zone", "s", self->zone);
  g_variant_dict_insert (&dict, "owner", "s", owner);
  g_variant_dict_insert (&dict, "scheduler", "s", scheduler);
  g_variant_dict_insert (&dict, "role", "s", self->role);
  g_variant_dict_insert (&dict, "parser-lacks", "u", iss_parser_confinement_get_lacks ());
  seal = iss_certificate_get_der (self->recipient);
  g_variant_dict_insert_value (&dict, "seal", iss_agent_wire_new_bytes (seal));

  iss_dbus_agent_complete_hello (self->skeleton, invocation, ISS_AGENT_PROTOCOL,
                                 g_variant_dict_end (&dict));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
root_changed_cb (IssAgentService *self)
{
  if (self->greeted)
    iss_dbus_agent_emit_changed (self->skeleton);
}

/* Nobody waits for the answers any more: what has not begun need not begin. */
static void
connection_closed_cb (IssAgentService *self)
{
  GHashTableIter iter;
  gpointer cancellable;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &cancellable))
    g_cancellable_cancel (cancellable);
}

static gpointer
reconcile (IssRootFolder  *root,
           GCancellable   *cancellable,
           gpointer        user_data,
           GError        **error)
{
  const gint64 *now = user_data;

  if (!iss_trash_mend (root, error))
    return NULL;

  iss_publication_reconcile (root, *now, error);
  return NULL;
}

static void
reconciled_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(IssAgentService) self = ISS_AGENT_SERVICE (user_data);
  g_autoptr(GError) error = NULL;

  /* It returns nothing. */
  if (iss_agent_writer_run_finish (result, &error) != NULL)
    g_assert_not_reached ();
  self->n_running--;

  /* Somebody else who writes reconciles, too. */
  if (error == NULL || g_error_matches (error, ISS_ERROR, ISS_ERROR_BUSY))
    return;

  g_debug ("What is published was not mended: %s", error->message);
  g_free (self->reconcile_error);
  self->reconcile_error = g_strdup (error->message);
}

static void
start_reconcile (IssAgentService *self)
{
  gint64 now = iss_clock_now (self->clock);

  if (strcmp (self->role, "operator") != 0)
    return;

  self->n_running++;
  iss_agent_writer_run_async (self->root, self->who, now, 0, reconcile,
                              g_memdup2 (&now, sizeof now), g_free, NULL, NULL,
                              reconciled_cb, g_object_ref (self));
}

/* A viewer's agent changes nothing, also not by itself. */
static void
start_scheduler (IssAgentService *self)
{
  g_autoptr(GError) error = NULL;

  if (strcmp (self->role, "operator") != 0)
    return;

  self->scheduler = iss_agent_scheduler_new (self->root, self->clock, FALSE, &error);
  if (self->scheduler == NULL)
    g_debug ("Nothing runs the due tasks: %s", error->message);
}

static void
connect_handlers (IssAgentService *self)
{
  g_signal_connect_swapped (self->skeleton, "handle-hello", G_CALLBACK (handle_hello_cb), self);
  iss_agent_service_connect_calls (self);
  iss_agent_service_connect_methods (self);
}

/**
 * iss_agent_service_new:
 * @root: the server's folder
 * @clock: the time of day
 * @zone: the name of the zone that the server's people live by
 * @role: "operator", or "viewer" who may not change anything
 * @who: whose name the audit log shows
 *
 * Begins to mend what is published, in the background.
 *
 * Returns: (transfer full): a service for one connection
 */
IssAgentService *
iss_agent_service_new (IssRootFolder *root,
                       IssClock      *clock,
                       const char    *zone,
                       const char    *role,
                       const char    *who)
{
  IssAgentService *self;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (clock != NULL, NULL);
  g_return_val_if_fail (zone != NULL, NULL);
  g_return_val_if_fail (role != NULL, NULL);
  g_return_val_if_fail (who != NULL, NULL);

  self = g_object_new (ISS_TYPE_AGENT_SERVICE, NULL);
  self->root = g_object_ref (root);
  self->clock = iss_clock_ref (clock);
  self->zone = g_strdup (zone);
  self->role = g_strdup (role);
  self->who = g_strdup (who);
  self->skeleton = iss_dbus_agent_skeleton_new ();
  connect_handlers (self);

  self->watch = iss_agent_watch_new (iss_root_folder_get_path (root));
  g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (root_changed_cb), self);

  start_reconcile (self);
  start_scheduler (self);
  return self;
}

/**
 * iss_agent_service_export:
 * @self: a service
 * @connection: the connection it serves
 * @error: return location for an error
 *
 * Answers on @connection from now on.
 *
 * Returns: whether it does
 */
gboolean
iss_agent_service_export (IssAgentService  *self,
                          GDBusConnection  *connection,
                          GError          **error)
{
  g_return_val_if_fail (ISS_IS_AGENT_SERVICE (self), FALSE);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), FALSE);
  g_return_val_if_fail (self->connection == NULL, FALSE);

  /* Its errors keep their codes on the wire only if they are registered. */
  g_assert (iss_error_quark () != 0);

  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         ISS_AGENT_WIRE_PATH, error))
    return FALSE;

  self->connection = g_object_ref (connection);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (connection_closed_cb), self);
  g_dbus_connection_start_message_processing (connection);
  return TRUE;
}

/**
 * iss_agent_service_is_busy:
 * @self: a service
 *
 * Returns: whether something is still running that should not be cut off
 */
gboolean
iss_agent_service_is_busy (IssAgentService *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_SERVICE (self), FALSE);

  return self->n_running > 0 ||
         (self->scheduler != NULL && iss_agent_scheduler_is_busy (self->scheduler));
}
