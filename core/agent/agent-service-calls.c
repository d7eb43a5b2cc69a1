/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-service-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-import.h"
#include "core/agent/agent-look.h"
#include "core/agent/agent-wire.h"
#include "core/agent/parser-client.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_JOB_NAME 64
#define MAX_JOBS 16

/* Counts as running until it is freed. */
IssAgentServiceCall *
iss_agent_service_call_new (IssAgentService       *self,
                            GDBusMethodInvocation *invocation)
{
  IssAgentServiceCall *call = g_new0 (IssAgentServiceCall, 1);

  call->self = g_object_ref (self);
  call->invocation = invocation;
  self->n_running++;
  return call;
}

/* Once it is answered. */
void
iss_agent_service_call_free (IssAgentServiceCall *call)
{
  call->self->n_running--;
  if (call->job != NULL)
    g_hash_table_remove (call->self->jobs, call->job);
  g_free (call->job);
  g_object_unref (call->self);
  g_free (call);
}

/* Answers with @error, and frees @call. */
void
iss_agent_service_call_fail (IssAgentServiceCall *call,
                             const GError        *error)
{
  g_dbus_method_invocation_return_gerror (call->invocation, error);
  iss_agent_service_call_free (call);
}

/* Every call but Hello begins here; an answer is given when it is FALSE. */
gboolean
iss_agent_service_admit (IssAgentService       *self,
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

static void
return_page (IssAgentServiceCall *call)
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
  iss_agent_service_call_free (call);
}

static void
rows_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  IssAgentServiceCall *call = user_data;
  IssAgentService *self = call->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRowTable) table = iss_agent_look_rows_finish (result, &error);

  if (table == NULL)
    {
      iss_agent_service_call_fail (call, error);
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
  IssAgentServiceCall *call;

  if (!iss_agent_service_admit (self, invocation, FALSE))
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

  call = iss_agent_service_call_new (self, invocation);
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
  IssAgentServiceCall *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) observation = iss_agent_look_observe_finish (result, &error);
  GVariantDict dict;

  if (observation == NULL)
    {
      iss_agent_service_call_fail (call, error);
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
  iss_agent_service_call_free (call);
}

static gboolean
handle_observe_cb (IssAgentService       *self,
                   GDBusMethodInvocation *invocation,
                   GVariant              *certificates)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) asked = NULL;
  IssAgentServiceCall *call;

  if (!iss_agent_service_admit (self, invocation, FALSE))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  asked = iss_agent_wire_read_hashes (certificates, ISS_AGENT_WIRE_MAX_ASKED, &error);
  if (asked == NULL)
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  call = iss_agent_service_call_new (self, invocation);
  call->began_us = iss_clock_now_us (self->clock);
  iss_agent_look_observe_async (self->root, asked, iss_clock_now (self->clock), observed_cb, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  IssAgentServiceCall *call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) items = iss_agent_import_run_finish (result, &error);

  if (items == NULL)
    {
      iss_agent_service_call_fail (call, error);
      return;
    }

  iss_dbus_agent_complete_import (call->self->skeleton, call->invocation, items);
  iss_agent_service_call_free (call);
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
  IssAgentServiceCall *call;

  if (!iss_agent_service_admit (self, invocation, !iss_agent_wire_get_boolean (options, "what-if")))
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

  call = iss_agent_service_call_new (self, invocation);
  call->job = g_strdup (job);
  iss_agent_import_run_async (&import, cancellable, imported_cb, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_cancel_cb (IssAgentService       *self,
                  GDBusMethodInvocation *invocation,
                  const char            *job)
{
  GCancellable *cancellable;

  if (!iss_agent_service_admit (self, invocation, FALSE))
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  cancellable = g_hash_table_lookup (self->jobs, job);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);

  iss_dbus_agent_complete_cancel (self->skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Those whose arguments the frame looks at itself. */
void
iss_agent_service_connect_calls (IssAgentService *self)
{
  const struct
    {
      const char *signal;
      GCallback   handler;
    } handlers[] =
    {
      { "handle-list-rows", G_CALLBACK (handle_list_rows_cb) },
      { "handle-observe", G_CALLBACK (handle_observe_cb) },
      { "handle-import", G_CALLBACK (handle_import_cb) },
      { "handle-cancel", G_CALLBACK (handle_cancel_cb) },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (self->skeleton, handlers[i].signal, handlers[i].handler, self);
}
