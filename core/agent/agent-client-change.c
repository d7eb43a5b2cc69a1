/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-client-private.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/seal.h"

#define MAX_NAME 256
#define CANCEL_GRACE_SECONDS 5

typedef struct
{
  /* Owned */
  IssAgentClient *self;
  GBytes         *file;
  IssSecret      *password;
  IssCertificate *recipient;
  GVariant       *options;
  char           *job;
  GCancellable   *give_up;         /* the agent does not answer the Cancel either */
  GSource        *cancel_source;

  guint           grace;           /* source id */
} Importing;

static void
importing_free (Importing *importing)
{
  g_clear_handle_id (&importing->grace, g_source_remove);
  if (importing->cancel_source != NULL)
    g_source_destroy (importing->cancel_source);
  g_clear_pointer (&importing->cancel_source, g_source_unref);
  g_clear_pointer (&importing->file, g_bytes_unref);
  g_clear_pointer (&importing->password, iss_secret_unref);
  g_clear_object (&importing->recipient);
  g_clear_pointer (&importing->options, g_variant_unref);
  g_free (importing->job);
  g_clear_object (&importing->give_up);
  g_object_unref (importing->self);
  g_free (importing);
}

static gboolean
grace_over_cb (gpointer user_data)
{
  Importing *importing = user_data;

  importing->grace = 0;
  g_cancellable_cancel (importing->give_up);
  return G_SOURCE_REMOVE;
}

static void
cancel_told_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GVariant) reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, NULL);
}

/* The agent knows whether the cancel came in time: its answer to the import says so. */
static gboolean
import_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  Importing *importing = user_data;

  iss_agent_link_call_async (importing->self->link, "Cancel",
                             g_variant_new ("(s)", importing->job), "()", NULL,
                             cancel_told_cb, NULL);
  importing->grace = g_timeout_add_seconds (CANCEL_GRACE_SECONDS, grace_over_cb, importing);
  return G_SOURCE_REMOVE;
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);
  g_autoptr(GVariant) member = NULL;
  GPtrArray *items = NULL;

  if (reply != NULL)
    {
      member = g_variant_get_child_value (reply, 0);
      items = iss_agent_wire_read_items (member, &error);
    }

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
seal_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Importing *importing = task_data;
  g_autoptr(IssSecret) clear = iss_agent_wire_pack_import (importing->file, importing->password);
  g_autoptr(GError) error = NULL;
  GBytes *sealed = iss_seal_to (importing->recipient, clear, &error);

  if (sealed != NULL)
    g_task_return_pointer (task, sealed, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
sealed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Importing *importing = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) sealed = g_task_propagate_pointer (G_TASK (result), &error);

  g_clear_pointer (&importing->file, g_bytes_unref);
  g_clear_pointer (&importing->password, iss_secret_unref);

  if (sealed == NULL || g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  iss_agent_link_call_async (importing->self->link, "Import",
                             g_variant_new ("(s@ay@a{sv})", importing->job,
                                            iss_agent_wire_new_bytes (sealed),
                                            importing->options),
                             "(aa{sv})", importing->give_up, imported_cb, g_object_ref (task));

  if (cancellable == NULL)
    return;

  importing->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (importing->cancel_source, G_SOURCE_FUNC (import_cancelled_cb),
                         importing, NULL);
  g_source_attach (importing->cancel_source, NULL);
}

static GVariant *
new_import_options (const IssImportOptions *options)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "store", "s",
                         options->automatic_store ? "" : iss_store_name_get_nick (options->store));
  g_variant_dict_insert (&dict, "exportable", "b", options->exportable);
  g_variant_dict_insert (&dict, "intent", "u", (guint32) options->intent);
  if (options->friendly_name != NULL)
    g_variant_dict_insert (&dict, "friendly-name", "s", options->friendly_name);
  g_variant_dict_insert (&dict, "what-if", "b", options->what_if);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * iss_agent_client_import_async:
 * @self: a client
 * @file: a file with certificates, of any known format
 * @password: (nullable): its password
 * @options: how to import; not needed after this returns
 * @cancellable: (nullable): when it is cancelled, the agent is told; what it has committed by
 *   then stays, and is reported
 * @callback: called when the agent has answered
 * @user_data: for @callback
 *
 * Imports a file on the server. File and password cross sealed to this connection's key.
 */
void
iss_agent_client_import_async (IssAgentClient         *self,
                               GBytes                 *file,
                               IssSecret              *password,
                               const IssImportOptions *options,
                               GCancellable           *cancellable,
                               GAsyncReadyCallback     callback,
                               gpointer                user_data)
{
  g_autoptr(GTask) sealing = NULL;
  GTask *task;
  Importing *importing;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (file != NULL);
  g_return_if_fail (options != NULL);

  importing = g_new0 (Importing, 1);
  importing->self = g_object_ref (self);
  importing->file = g_bytes_ref (file);
  importing->password = password != NULL ? iss_secret_ref (password) : NULL;
  importing->recipient = g_object_ref (self->recipient);
  importing->options = new_import_options (options);
  importing->job = g_strdup_printf ("import-%u", ++self->last_job);
  importing->give_up = g_cancellable_new ();

  task = iss_agent_client_new_task (self, iss_agent_client_import_async, cancellable,
                                    callback, user_data);
  g_task_set_task_data (task, importing, (GDestroyNotify) importing_free);

  /* The importing lives as long as @task, which waits for the sealing. */
  sealing = g_task_new (NULL, NULL, sealed_cb, task);
  g_task_set_task_data (sealing, importing, NULL);
  g_task_run_in_thread (sealing, seal_worker);
}

/**
 * iss_agent_client_import_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssImportItem): what became of each certificate
 */
GPtrArray *
iss_agent_client_import_finish (IssAgentClient  *self,
                                GAsyncResult    *result,
                                GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
