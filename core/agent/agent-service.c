/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service.h"

#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "core/agent/agent-assign.h"
#include "core/agent/agent-client.h"
#include "core/agent/agent-copy.h"
#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-export.h"
#include "core/agent/agent-delete.h"
#include "core/agent/agent-import.h"
#include "core/agent/agent-log.h"
#include "core/agent/agent-key-access.h"
#include "core/agent/agent-key-uri.h"
#include "core/agent/agent-look.h"
#include "core/agent/agent-method.h"
#include "core/agent/agent-path.h"
#include "core/agent/agent-proof.h"
#include "core/agent/agent-properties.h"
#include "core/agent/agent-replica.h"
#include "core/agent/agent-scheduler.h"
#include "core/agent/agent-tasks.h"
#include "core/agent/agent-trash.h"
#include "core/agent/agent-watch.h"
#include "core/agent/agent-wire.h"
#include "core/agent/agent-writer.h"
#include "core/agent/org.issuant.Agent1.h"
#include "core/agent/parser-client.h"
#include "core/agent/parser-confinement.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/formats/seal.h"
#include "core/replication/scheduler-lock.h"
#include "core/store/row-table.h"
#include "core/store/trash.h"

#define MAX_JOB_NAME 64
#define MAX_JOBS 16

/**
 * IssAgentService:
 *
 * The agent's end of one connection. It holds no truth: every answer is read from the root
 * folder; only the last snapshot of each store is kept, so that its pages belong together.
 */
struct _IssAgentService
{
  GObject           parent_instance;

  /* Owned */
  IssRootFolder    *root;
  IssClock         *clock;
  char             *zone;
  char             *role;
  char             *who;
  IssDbusAgent     *skeleton;
  GDBusConnection  *connection;            /* once exported */
  IssAgentWatch    *watch;
  IssAgentScheduler *scheduler;            /* (nullable): viewers have none */
  IssCertificate   *recipient;             /* of secret arguments, of this connection only */
  IssPrivateKey    *recipient_key;
  IssRowTable      *snapshots[ISS_N_STORES];
  GHashTable       *jobs;                  /* name -> GCancellable */
  GPtrArray        *bound;                 /* (element-type Bound) */
  char             *reconcile_error;       /* (nullable) */

  guint64           snapshot_numbers[ISS_N_STORES];
  guint64           last_snapshot;
  guint             n_running;
  gboolean          greeted;               /* Hello was called, with our protocol */
};

G_DEFINE_FINAL_TYPE (IssAgentService, iss_agent_service, G_TYPE_OBJECT)

/* A method of one service. */
typedef struct
{
  IssAgentService      *self;      /* not owned: it owns this */
  const IssAgentMethod *method;
} Bound;

/* What a call needs until its answer. */
typedef struct
{
  IssAgentService       *self;         /* owned */
  GDBusMethodInvocation *invocation;   /* owned until it is answered */
  char                  *job;          /* (nullable) */
  IssStoreName           store;
  guint                  offset;
  guint                  limit;
  gint64                 began_us;     /* by the clock */
} Call;

static Call *
call_new (IssAgentService       *self,
          GDBusMethodInvocation *invocation)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->invocation = invocation;
  self->n_running++;
  return call;
}

static void
call_free (Call *call)
{
  call->self->n_running--;
  if (call->job != NULL)
    g_hash_table_remove (call->self->jobs, call->job);
  g_free (call->job);
  g_object_unref (call->self);
  g_free (call);
}

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

/* Every call but Hello begins here; an answer is given when it is FALSE. */
static gboolean
is_admitted (IssAgentService       *self,
             GDBusMethodInvocation *invocation,
             gboolean               changes)
{
  if (!self->greeted)
    {
      g_dbus_method_invocation_return_error_literal (invocation, ISS_ERROR, ISS_ERROR_PROTOCOL,
                                                     _("A connection begins with Hello"));
      return FALSE;
    }

  if (changes && strcmp (self->role, "operator") != 0)
    {
      g_dbus_method_invocation_return_error (invocation, ISS_ERROR, ISS_ERROR_PERMISSION,
                                             _("%s may look at this server, but not change it"),
                                             self->who);
      return FALSE;
    }

  return TRUE;
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
return_page (Call *call)
{
  IssAgentService *self = call->self;
  IssRowTable *table = self->snapshots[call->store];
  guint limit = call->limit;
  g_autoptr(GVariant) page = g_variant_ref_sink (iss_row_table_dup_page (table, call->offset,
                                                                        limit));

  /* Long names: a smaller page, of which the caller asks the rest. */
  while (g_variant_get_size (page) > ISS_AGENT_WIRE_MAX_REPLY / 2 && limit > 1)
    {
      limit /= 2;
      g_variant_unref (page);
      page = g_variant_ref_sink (iss_row_table_dup_page (table, call->offset, limit));
    }

  iss_dbus_agent_complete_list_rows (self->skeleton, call->invocation,
                                     self->snapshot_numbers[call->store],
                                     iss_row_table_get_n_rows (table),
                                     iss_row_table_get_n_foreign (table), page);
  call_free (call);
}

static void
return_error (Call   *call,
              GError *error)
{
  g_dbus_method_invocation_return_gerror (call->invocation, error);
  call_free (call);
}

static void
rows_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Call *call = user_data;
  IssAgentService *self = call->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRowTable) table = iss_agent_look_rows_finish (result, &error);

  if (table == NULL)
    {
      return_error (call, error);
      return;
    }

  g_set_object (&self->snapshots[call->store], table);
  self->snapshot_numbers[call->store] = ++self->last_snapshot;
  return_page (call);
}

static gboolean
handle_list_rows_cb (IssAgentService       *self,
                     GDBusMethodInvocation *invocation,
                     const char            *store,
                     guint64                snapshot,
                     guint                  offset,
                     guint                  limit)
{
  g_autoptr(GError) error = NULL;
  IssStoreName name;
  Call *call;

  if (!is_admitted (self, invocation, FALSE))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  if (!iss_store_name_parse (store, &name, &error))
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  if (limit < 1 || limit > ISS_ROW_PAGE_MAX)
    {
      g_dbus_method_invocation_return_error (invocation, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                                             _("A page has 1 to %d rows"), ISS_ROW_PAGE_MAX);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  if (snapshot != 0 &&
      (self->snapshots[name] == NULL || self->snapshot_numbers[name] != snapshot))
    {
      g_dbus_method_invocation_return_error_literal (invocation, ISS_ERROR, ISS_ERROR_CHANGED,
                                                     _("The list was read anew meanwhile: "
                                                       "begin with its first page"));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  call = call_new (self, invocation);
  call->store = name;
  call->offset = offset;
  call->limit = limit;

  if (snapshot != 0)
    return_page (call);
  else
    iss_agent_look_rows_async (self->root, name, rows_read_cb, call);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
observed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) observation = iss_agent_look_observe_finish (result, &error);
  GVariantDict dict;

  if (observation == NULL)
    {
      return_error (call, error);
      return;
    }

  /* When it was asked and when it answers: the time between them is not on the way. */
  g_variant_dict_init (&dict, observation);
  g_variant_dict_insert (&dict, "time-us", "x", call->began_us);
  g_variant_dict_insert (&dict, "replied-us", "x", iss_clock_now_us (call->self->clock));
  if (call->self->reconcile_error != NULL)
    g_variant_dict_insert (&dict, "reconcile-error", "s", call->self->reconcile_error);

  iss_dbus_agent_complete_observe (call->self->skeleton, call->invocation,
                                   g_variant_dict_end (&dict));
  call_free (call);
}

static gboolean
handle_observe_cb (IssAgentService       *self,
                   GDBusMethodInvocation *invocation,
                   GVariant              *certificates)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) asked = NULL;
  Call *call;

  if (!is_admitted (self, invocation, FALSE))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  asked = iss_agent_wire_read_hashes (certificates, ISS_AGENT_WIRE_MAX_ASKED, &error);
  if (asked == NULL)
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  call = call_new (self, invocation);
  call->began_us = iss_clock_now_us (self->clock);
  iss_agent_look_observe_async (self->root, asked, iss_clock_now (self->clock), observed_cb, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) items = iss_agent_import_run_finish (result, &error);

  if (items == NULL)
    {
      return_error (call, error);
      return;
    }

  iss_dbus_agent_complete_import (call->self->skeleton, call->invocation, items);
  call_free (call);
}

static gboolean
handle_import_cb (IssAgentService       *self,
                  GDBusMethodInvocation *invocation,
                  const char            *job,
                  GVariant              *sealed,
                  GVariant              *options)
{
  IssAgentImport import = { NULL };
  GCancellable *cancellable;
  Call *call;

  if (!is_admitted (self, invocation, !iss_agent_wire_get_boolean (options, "what-if")))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  if (*job == '\0' || !iss_text_is_clean (job, MAX_JOB_NAME) ||
      g_hash_table_contains (self->jobs, job))
    {
      g_dbus_method_invocation_return_error_literal (invocation, ISS_ERROR,
                                                     ISS_ERROR_INVALID_ARGUMENT,
                                                     _("A job needs a name of its own"));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  if (g_hash_table_size (self->jobs) >= MAX_JOBS)
    {
      g_dbus_method_invocation_return_error (invocation, ISS_ERROR, ISS_ERROR_BUSY,
                                             _("%d imports are running already"), MAX_JOBS);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  cancellable = g_cancellable_new ();
  g_hash_table_insert (self->jobs, g_strdup (job), cancellable);

  import.root = self->root;
  import.who = self->who;
  import.now = iss_clock_now (self->clock);
  import.recipient = self->recipient;
  import.key = self->recipient_key;
  import.parser = ISS_PARSER_CLIENT_OWN;
  import.sealed = sealed;
  import.options = options;

  call = call_new (self, invocation);
  call->job = g_strdup (job);
  iss_agent_import_run_async (&import, cancellable, imported_cb, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Each change of the assignments publishes everything: what could not be mended before may be
 * now. */
static void
forget_reconcile_error (IssAgentService *self,
                        GVariant        *answer)
{
  g_autoptr(GVariant) outcome = NULL;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{sv})")))
    return;

  outcome = g_variant_get_child_value (answer, 0);
  if (iss_agent_wire_get_boolean (outcome, "published"))
    g_clear_pointer (&self->reconcile_error, g_free);
}

static void
method_run_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  Call *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) answer = iss_agent_method_run_finish (result, &error);

  if (answer == NULL)
    {
      return_error (call, error);
      return;
    }

  forget_reconcile_error (call->self, answer);
  g_dbus_method_invocation_return_value (call->invocation, answer);
  call_free (call);
}

/* Any of the methods below. The arguments that follow are in the invocation, too. */
static gboolean
handle_method_cb (Bound                 *bound,
                  GDBusMethodInvocation *invocation)
{
  IssAgentService *self = bound->self;
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  const gboolean changes = bound->method->access == ISS_AGENT_ACCESS_CHANGE &&
                           !iss_agent_method_is_what_if (parameters);
  const IssAgentContext context = { self->root, self->who, iss_clock_now (self->clock),
                                    self->recipient, self->recipient_key };

  if (is_admitted (self, invocation, changes))
    iss_agent_method_run_async (bound->method, &context, parameters, NULL, method_run_cb,
                                call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
connect_methods (IssAgentService *self)
{
  static const IssAgentMethod methods[] =
    {
      { "handle-build-path", ISS_AGENT_ACCESS_READ, iss_agent_path_run },
      { "handle-change-assignments", ISS_AGENT_ACCESS_CHANGE, iss_agent_assign_run },
      { "handle-delete-key", ISS_AGENT_ACCESS_CHANGE, iss_agent_delete_key_run },
      { "handle-export", ISS_AGENT_ACCESS_CHANGE, iss_agent_export_run },
      { "handle-export-certificate", ISS_AGENT_ACCESS_READ, iss_agent_export_run_certificate },
      { "handle-seal-for", ISS_AGENT_ACCESS_CHANGE, iss_agent_copy_run },
      { "handle-get-certificate", ISS_AGENT_ACCESS_READ, iss_agent_look_get_certificate },
      { "handle-judge", ISS_AGENT_ACCESS_READ, iss_agent_look_judge },
      { "handle-delete", ISS_AGENT_ACCESS_CHANGE, iss_agent_delete_run },
      { "handle-list-trash", ISS_AGENT_ACCESS_READ, iss_agent_trash_run_list },
      { "handle-get-key-access", ISS_AGENT_ACCESS_READ, iss_agent_key_access_run_get },
      { "handle-set-key-access", ISS_AGENT_ACCESS_CHANGE, iss_agent_key_access_run_set },
      { "handle-set-key-uri", ISS_AGENT_ACCESS_CHANGE, iss_agent_key_uri_run },
      { "handle-set-properties", ISS_AGENT_ACCESS_CHANGE, iss_agent_properties_run },
      { "handle-restore", ISS_AGENT_ACCESS_CHANGE, iss_agent_trash_run_restore },
      { "handle-get-tasks", ISS_AGENT_ACCESS_READ, iss_agent_tasks_run },
      { "handle-get-log", ISS_AGENT_ACCESS_READ, iss_agent_log_get_run },
      { "handle-verify-log", ISS_AGENT_ACCESS_READ, iss_agent_log_verify_run },
      { "handle-test-proof", ISS_AGENT_ACCESS_READ, iss_agent_proof_run },
      { "handle-enroll", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_enroll },
      { "handle-pin-administrators", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_pin },
      { "handle-deliver-package", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_deliver },
      { "handle-arm-roll", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_arm },
      { "handle-seal-for-replicas", ISS_AGENT_ACCESS_CHANGE, iss_agent_replica_run_seal },
      { "handle-get-replica", ISS_AGENT_ACCESS_READ, iss_agent_replica_run_get },
      { NULL, ISS_AGENT_ACCESS_READ, NULL }
    };

  for (gsize i = 0; methods[i].signal != NULL; i++)
    {
      Bound *bound = g_new (Bound, 1);

      *bound = (Bound) { self, &methods[i] };
      g_ptr_array_add (self->bound, bound);
      g_signal_connect_swapped (self->skeleton, methods[i].signal,
                                G_CALLBACK (handle_method_cb), bound);
    }
}

static gboolean
handle_cancel_cb (IssAgentService       *self,
                  GDBusMethodInvocation *invocation,
                  const char            *job)
{
  GCancellable *cancellable;

  if (!is_admitted (self, invocation, FALSE))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  cancellable = g_hash_table_lookup (self->jobs, job);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  iss_dbus_agent_complete_cancel (self->skeleton, invocation);
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
  const struct
    {
      const char *signal;
      GCallback   handler;
    } handlers[] =
    {
      { "handle-hello", G_CALLBACK (handle_hello_cb) },
      { "handle-list-rows", G_CALLBACK (handle_list_rows_cb) },
      { "handle-observe", G_CALLBACK (handle_observe_cb) },
      { "handle-import", G_CALLBACK (handle_import_cb) },
      { "handle-cancel", G_CALLBACK (handle_cancel_cb) },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (self->skeleton, handlers[i].signal, handlers[i].handler, self);
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
  connect_methods (self);

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
