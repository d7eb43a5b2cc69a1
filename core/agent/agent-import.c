/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-import.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/agent/agent-writer.h"
#include "core/agent/parser-client.h"
#include "core/agent/vetting.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/store/audit.h"
#include "core/store/trash.h"

#define MAX_SEALED (ISS_CERTIFICATE_FILE_MAX_SIZE + 64 * 1024)
#define MAX_FRIENDLY_NAME 256
#define ORIGIN "manual"

typedef struct
{
  gatomicrefcount   ref_count;

  /* Owned */
  IssRootFolder    *root;
  char             *who;
  IssCertificate   *recipient;
  IssPrivateKey    *key;
  char             *parser;
  GBytes           *sealed;
  IssBundle        *bundle;          /* once it is read */
  char             *friendly_name;   /* (nullable) */

  IssImportOptions  options;         /* borrows from the above */
  gint64            now;
} Job;

static Job *
job_ref (Job *job)
{
  g_atomic_ref_count_inc (&job->ref_count);
  return job;
}

static void
job_unref (Job *job)
{
  if (!g_atomic_ref_count_dec (&job->ref_count))
    return;

  g_object_unref (job->root);
  g_free (job->who);
  g_object_unref (job->recipient);
  g_object_unref (job->key);
  g_free (job->parser);
  g_clear_pointer (&job->sealed, g_bytes_unref);
  g_clear_object (&job->bundle);
  g_free (job->friendly_name);
  g_free (job);
}

static gboolean
read_options (Job       *job,
              GVariant  *options,
              GError   **error)
{
  const char *store = "";
  const char *name = "";
  guint32 intent = ISS_INTENT_UNKNOWN;

  g_variant_lookup (options, "store", "&s", &store);
  g_variant_lookup (options, "friendly-name", "&s", &name);
  g_variant_lookup (options, "intent", "u", &intent);

  if (intent > ISS_INTENT_SERVER)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("There is no such intent"));
      return FALSE;
    }

  job->options.automatic_store = *store == '\0';
  if (!job->options.automatic_store)
    {
      if (!iss_store_name_parse (store, &job->options.store, error))
        return FALSE;

      if (iss_store_name_is_read_only (job->options.store))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                       _("%s belongs to the system: nothing can be imported there"),
                       iss_store_name_get_label (job->options.store));
          return FALSE;
        }
    }

  if (*name != '\0')
    {
      job->friendly_name = iss_agent_wire_dup_typed (name, _("friendly name"), MAX_FRIENDLY_NAME,
                                                     error);
      if (job->friendly_name == NULL)
        return FALSE;
    }

  job->options.friendly_name = job->friendly_name;
  job->options.intent = (IssIntent) intent;
  job->options.exportable = iss_agent_wire_get_boolean (options, "exportable");
  job->options.what_if = iss_agent_wire_get_boolean (options, "what-if");
  job->options.origin = ORIGIN;
  return TRUE;
}

static gboolean
read_bundle (Job           *job,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(IssSecret) clear = NULL;

  clear = iss_vetting_open_seal (job->parser, job->sealed, job->recipient, job->key, cancellable,
                                 error);
  g_clear_pointer (&job->sealed, g_bytes_unref);
  if (clear == NULL)
    return FALSE;

  job->bundle = iss_parser_client_read (job->parser, ISS_PARSER_CLIENT_SECONDS, clear, cancellable,
                                        error);
  return job->bundle != NULL;
}

static gboolean
append_audit (Job        *job,
              GPtrArray  *items,
              GError    **error)
{
  g_autoptr(GString) hashes = g_string_new (NULL);
  const char *store = job->options.automatic_store
    ? "" : iss_store_name_get_nick (job->options.store);

  for (guint i = 0; i < items->len; i++)
    {
      const IssImportItem *item = items->pdata[i];
      g_autofree char *hex = iss_text_hex (item->sha256, ISS_SHA256_SIZE, FALSE);

      g_string_append_printf (hashes, "%s%s", i > 0 ? " " : "", hex);
    }

  {
    const char *const details[] =
      {
        "certificates", hashes->str,
        "store", store,
        "intent", iss_intent_to_string (job->options.intent),
        NULL,
      };

    return iss_audit_append (job->root, job->now, job->who, "import", details, error);
  }
}

/* Under the lock, in a thread. */
static gpointer
commit_import (IssRootFolder  *root,
               GCancellable   *cancellable,
               gpointer        user_data,
               GError        **error)
{
  Job *job = user_data;
  g_autoptr(GPtrArray) items = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  /* A deletion that was cut off would be finished after this and delete what comes now. */
  if (!iss_trash_mend (root, error))
    return NULL;

  items = iss_import_commit (root, job->bundle, &job->options, error);
  if (items == NULL)
    return NULL;

  if (!append_audit (job, items, error))
    {
      g_prefix_error (error, _("The certificates were imported, but the audit log was not "
                               "written: "));
      return NULL;
    }

  /* A key that was missing may be what an assignment waited for. What is wrong with it is
   * told by Observe. */
  iss_publication_reconcile (root, job->now, NULL);

  return g_variant_ref_sink (iss_agent_wire_new_items (items));
}

static void
committed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  GVariant *items = iss_agent_writer_run_finish (result, &error);

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Without the lock: only looks. */
static GVariant *
rehearse (Job     *job,
          GError **error)
{
  g_autoptr(GPtrArray) items = iss_import_commit (job->root, job->bundle, &job->options, error);

  return items != NULL ? g_variant_ref_sink (iss_agent_wire_new_items (items)) : NULL;
}

/* In a thread: the derivation of a key from a password may take a second. */
static void
read_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(GError) error = NULL;
  GVariant *items = NULL;

  if (read_bundle (job, cancellable, &error) && job->options.what_if)
    items = rehearse (job, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, items, (GDestroyNotify) g_variant_unref);
}

static void
file_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Job *job = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  GVariant *rehearsed = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (rehearsed != NULL)
    {
      g_task_return_pointer (task, rehearsed, (GDestroyNotify) g_variant_unref);
      return;
    }

  /* What the writer says about a cancel is what happened. */
  g_task_set_check_cancellable (task, FALSE);
  iss_agent_writer_run_async (job->root, job->who, job->now, 0, commit_import,
                              job_ref (job), (GDestroyNotify) job_unref,
                              (GDestroyNotify) g_variant_unref,
                              g_task_get_cancellable (task), committed_cb,
                              g_object_ref (task));
}

/**
 * iss_agent_import_run_async:
 * @import: the call; nothing of it is needed after this returns
 * @cancellable: (nullable): what Cancel stops; counts until the first change
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Opens the sealed file, has it read by a process of its own, and adds what is in it to the
 * server's stores: all or nothing. The audit log has it before @callback runs.
 */
void
iss_agent_import_run_async (const IssAgentImport *import,
                            GCancellable         *cancellable,
                            GAsyncReadyCallback   callback,
                            gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) reading = NULL;
  g_autoptr(GError) error = NULL;
  Job *job;

  g_return_if_fail (import != NULL);

  job = g_new0 (Job, 1);
  g_atomic_ref_count_init (&job->ref_count);
  job->root = g_object_ref (import->root);
  job->who = g_strdup (import->who);
  job->now = import->now;
  job->recipient = g_object_ref (import->recipient);
  job->key = g_object_ref (import->key);
  job->parser = g_strdup (import->parser);
  job->sealed = iss_agent_wire_dup_bytes (import->sealed);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_agent_import_run_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_unref);

  if (g_bytes_get_size (job->sealed) > MAX_SEALED)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                               _("The file is larger than %d MiB"),
                               ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
      return;
    }

  if (!read_options (job, import->options, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  reading = g_task_new (NULL, cancellable, file_read_cb, g_object_ref (task));
  g_task_set_task_data (reading, job_ref (job), (GDestroyNotify) job_unref);
  g_task_run_in_thread (reading, read_worker);
}

/**
 * iss_agent_import_run_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the items, an aa{sv}
 */
GVariant *
iss_agent_import_run_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_import_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
