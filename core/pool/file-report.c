/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/file-report.h"

#include "core/base/error.h"
#include "core/pool/pool-import.h"

static void
report_worker (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GFile *file = source_object;
  g_autofree char *name = g_file_get_parse_name (file);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = iss_pool_import_load (file, name, cancellable, &error);
  IssPfxReport *report = NULL;

  if (bytes != NULL)
    report = iss_pfx_report_new (bytes, task_data);
  else if (g_error_matches (error, ISS_ERROR, ISS_ERROR_TOO_LARGE))
    report = iss_pfx_report_new_from_error (error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) iss_pfx_report_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_file_report_async:
 * @file: a file
 * @password: (nullable): its password, if it is known
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked at
 * @user_data: data for @callback
 *
 * Looks at a file that is said to be a PFX, in a worker. Nothing is asked of a server.
 *
 * Errors: those of iss_pool_import_load(), but for a file that is too large, which is a
 * report of its own.
 */
void
iss_file_report_async (GFile               *file,
                       IssSecret           *password,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (file, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_file_report_async);
  if (password != NULL)
    g_task_set_task_data (task, iss_secret_ref (password), (GDestroyNotify) iss_secret_unref);
  g_task_run_in_thread (task, report_worker);
}

/**
 * iss_file_report_finish:
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full): what can be said of the file, or %NULL with @error set
 */
IssPfxReport *
iss_file_report_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_file_report_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
