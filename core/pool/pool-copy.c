/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-copy.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-copy.h"
#include "core/base/error.h"
#include "core/pool/pool-import.h"
#include "core/pool/server-recipient.h"

typedef struct
{
  IssPoolCopyRequest  request;   /* holder and sha256 are owned */
  char               *note;      /* (nullable) */
} Copy;

static void
copy_free (gpointer data)
{
  Copy *self = data;

  g_object_unref (self->request.holder);
  g_bytes_unref (self->request.sha256);
  g_free (self->note);
  g_free (self);
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  GPtrArray *items = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
import (GTask         *task,
        Copy          *self,
        IssCopyResult *copied)
{
  IssServer *server = g_task_get_source_object (task);
  const IssImportOptions options =
    {
      .automatic_store = TRUE,
      .exportable = self->request.exportable,
      .intent = self->request.intent,
      .friendly_name = copied->friendly_name,
      .origin = "manual",
    };
  g_autoptr(IssAgentCall) call = iss_agent_copy_new_import_call (copied->sealed, &options);

  iss_server_call_async (server, call, g_task_get_cancellable (task), imported_cb,
                         g_object_ref (task));
}

static void
sealed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Copy *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCopyResult) copied = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (copied == NULL ||
      g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_free (self->note);
  self->note = g_strdup (copied->note);

  if (self->request.what_if)
    g_task_return_pointer (task, g_ptr_array_new (), (GDestroyNotify) g_ptr_array_unref);
  else
    import (task, self, copied);
}

/* The one that gets it answers: now the one that has it seals it to this connection. */
static void
recipient_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Copy *self = g_task_get_task_data (task);
  IssServer *server = ISS_SERVER (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) recipient = iss_server_recipient_finish (server, result, &error);
  g_autoptr(IssAgentCall) call = NULL;

  if (recipient == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  call = iss_agent_copy_new_seal_call (self->request.store, self->request.sha256, recipient,
                                       iss_server_get_name (server), self->request.what_if);
  iss_server_call_async (self->request.holder, call, g_task_get_cancellable (task), sealed_cb,
                         g_object_ref (task));
}

static void
copy_start (IssServer           *server,
            gpointer             job_data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  Copy *self = job_data;
  g_autoptr(GTask) task = g_task_new (server, cancellable, callback, user_data);

  g_task_set_source_tag (task, copy_start);
  /* What is imported is imported: a late cancel must not deny it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, NULL);

  if (server == self->request.holder)
    {
      g_task_return_new_error (task, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                               _("A certificate cannot be copied to the server that it comes "
                                 "from"));
      return;
    }

  iss_server_recipient_async (server, cancellable, recipient_cb, g_object_ref (task));
}

static char *
copy_finish (IssServer     *server,
             gpointer       job_data,
             GAsyncResult  *result,
             GError       **error)
{
  Copy *self = job_data;
  g_autoptr(GPtrArray) items = g_task_propagate_pointer (G_TASK (result), error);

  if (items == NULL)
    return NULL;

  if (self->request.what_if)
    return g_strdup (_("would be copied, with its key"));

  return iss_pool_import_dup_outcome (items, FALSE);
}

/**
 * iss_pool_copy_new:
 * @servers: (element-type IssServer): where to; not the holder
 * @request: what, and how; nothing of it is needed after this returns
 *
 * Returns: (transfer full): a job that copies a certificate with its key to each
 *   server; what one server says does not stop the others
 */
IssJob *
iss_pool_copy_new (GPtrArray                *servers,
                   const IssPoolCopyRequest *request)
{
  Copy *self;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (ISS_IS_SERVER (request->holder), NULL);
  g_return_val_if_fail (request->sha256 != NULL, NULL);

  self = g_new0 (Copy, 1);
  self->request = *request;
  g_object_ref (self->request.holder);
  g_bytes_ref (self->request.sha256);

  return iss_job_new (servers, copy_start, copy_finish, self, copy_free);
}

/**
 * iss_pool_copy_get_note:
 * @job: a job of iss_pool_copy_new() that has run
 *
 * Returns: (transfer none) (nullable): what is wrong with the certification path there
 */
const char *
iss_pool_copy_get_note (IssJob *job)
{
  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  return ((Copy *) iss_job_get_data (job))->note;
}
