/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-export.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/agent/agent-delete-key.h"
#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/formats/certificate-file.h"

/* A file that is to be written, and who asked. */
typedef struct
{
  /* Owned */
  GFile            *file;
  GBytes           *sha256;     /* (nullable): when only the place is looked at */
  IssSecret        *password;   /* (nullable) */
  IssExportResult  *result;     /* (nullable): once the server has made it */
  IssPoolExportOutcome *outcome;

  IssStoreName      store;
  IssExportOptions  options;
  gboolean          replace;
} Export;

static Export *
export_new (GFile    *file,
            gboolean  replace)
{
  Export *self = g_new0 (Export, 1);

  self->file = g_object_ref (file);
  self->replace = replace;
  self->outcome = g_new0 (IssPoolExportOutcome, 1);
  return self;
}

static void
export_free (gpointer data)
{
  Export *self = data;

  g_object_unref (self->file);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_clear_pointer (&self->result, iss_export_result_free);
  g_clear_pointer (&self->outcome, iss_pool_export_outcome_free);
  g_free (self);
}

/**
 * iss_pool_export_outcome_free:
 * @self: (transfer full): an outcome
 *
 * Frees it.
 */
void
iss_pool_export_outcome_free (IssPoolExportOutcome *self)
{
  g_free (self->note);
  g_clear_error (&self->delete_error);
  g_free (self);
}

/* The folder by descriptor and the name in it: they cannot be exchanged in between. */
static int
open_folder (GFile   *file,
             char   **out_name,
             GError **error)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *shown = g_file_get_parse_name (file);
  g_autofree char *folder = NULL;
  int fd;

  if (path == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not on this computer: export to a folder here"), shown);
      return -1;
    }

  folder = g_path_get_dirname (path);
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("The file “%s” cannot be written: there is no folder “%s”"), shown, folder);
      return -1;
    }
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be written"), shown);
      return -1;
    }

  *out_name = g_path_get_basename (path);
  return fd;
}

static gboolean
check_place (Export      *self,
             int          folder,
             const char  *name,
             GError     **error)
{
  g_autofree char *shown = g_file_get_parse_name (self->file);
  struct stat info;

  if (faccessat (folder, ".", W_OK | X_OK, AT_EACCESS) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be written"), shown);
      return FALSE;
    }

  if (fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return TRUE;

  if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is a folder: choose a name for a file in it"), shown);
      return FALSE;
    }

  if (!self->replace)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
                   _("There is a file “%s” already, and it was not overwritten"), shown);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_in_place (Export  *self,
                GError **error)
{
  g_autofree char *name = NULL;
  gboolean good;
  int folder = open_folder (self->file, &name, error);

  if (folder < 0)
    return FALSE;

  good = check_place (self, folder, name, error);
  close (folder);
  return good;
}

/* The server's word is not enough: only what opens is written, and only then may the
 * server's key go. */
static gboolean
check_content (Export  *self,
               GError **error)
{
  g_autoptr(IssBundle) bundle = NULL;
  gboolean wants_key = self->options.format == ISS_EXPORT_PFX;

  bundle = iss_certificate_file_read (self->result->file, self->password, error);
  g_clear_pointer (&self->password, iss_secret_unref);   /* nobody needs it any more */
  if (bundle == NULL)
    {
      g_prefix_error (error, _("What the server has made cannot be read, and was not written: "));
      return FALSE;
    }

  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      IssCertificate *certificate = iss_bundle_get_certificate (bundle, i);
      gboolean has_key = iss_bundle_get_key_for (bundle, i) != NULL;

      if (g_bytes_equal (iss_certificate_get_sha256 (certificate), self->sha256) &&
          has_key == wants_key)
        {
          self->outcome->n_certificates = iss_bundle_get_n_certificates (bundle);
          return TRUE;
        }
    }

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                       wants_key
                         ? _("What the server has made does not hold the certificate with its "
                             "private key, and was not written")
                         : _("What the server has made does not hold the certificate, and was "
                             "not written"));
  return FALSE;
}

static gboolean
write_file (Export  *self,
            GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean written = FALSE;
  gconstpointer data;
  gsize size;
  int folder = open_folder (self->file, &name, error);

  if (folder < 0)
    return FALSE;

  data = g_bytes_get_data (self->result->file, &size);
  if (check_place (self, folder, name, &local_error))
    written = self->replace
      ? iss_atomic_file_replace (folder, name, data, size, 0600, &local_error)
      : iss_atomic_file_create (folder, name, data, size, 0600, &local_error);
  close (folder);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return written;
}

static void
check_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (check_in_place (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
write_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  g_autoptr(GTask) whole = g_object_ref (task_data);
  Export *self = g_task_get_task_data (whole);
  g_autoptr(GError) error = NULL;

  if (check_content (self, &error) && write_file (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_pool_export_check_async:
 * @file: where to
 * @replace: whether a file that is there may go
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked at
 * @user_data: data for @callback
 *
 * Looks whether the file could be written, in a worker: a folder may be on another computer.
 */
void
iss_pool_export_check_async (GFile               *file,
                             gboolean             replace,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_pool_export_check_async);
  g_task_set_task_data (task, export_new (file, replace), export_free);
  g_task_run_in_thread (task, check_worker);
}

/**
 * iss_pool_export_check_finish:
 * @result: what the callback got
 * @error: return location for an error, which names the file: %ISS_ERROR_EXISTS,
 *   %ISS_ERROR_NOT_FOUND when the folder is not there, %ISS_ERROR_PERMISSION,
 *   %ISS_ERROR_INVALID_ARGUMENT for a folder
 *
 * Returns: whether it could be written when it was looked at
 */
gboolean
iss_pool_export_check_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_pool_export_check_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
return_outcome (GTask *task)
{
  Export *self = g_task_get_task_data (task);

  g_task_return_pointer (task, g_steal_pointer (&self->outcome),
                         (GDestroyNotify) iss_pool_export_outcome_free);
}

static void
key_deleted_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  g_autoptr(GVariant) deleted = iss_server_call_finish (ISS_SERVER (object), result,
                                                        &self->outcome->delete_error);

  self->outcome->key_deleted = deleted != NULL;
  return_outcome (task);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  IssServer *server = g_task_get_source_object (task);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!self->options.delete_key)
    {
      return_outcome (task);
      return;
    }

  /* The file is on the disk, fsynced: not before. */
  call = iss_agent_delete_key_new_call (self->sha256, FALSE);
  iss_server_call_async (server, call, NULL, key_deleted_cb, g_object_ref (task));
}

static void
exported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  g_autoptr(GTask) writing = NULL;
  g_autoptr(GError) error = NULL;

  self->result = iss_server_call_finish (ISS_SERVER (object), result, &error);
  if (self->result == NULL ||
      g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->outcome->n_certificates = self->result->n_certificates;
  self->outcome->note = g_strdup (self->result->note);
  if (self->options.what_if)
    {
      return_outcome (task);
      return;
    }

  writing = g_task_new (NULL, NULL, written_cb, g_object_ref (task));
  g_task_set_task_data (writing, g_object_ref (task), g_object_unref);
  g_task_run_in_thread (writing, write_worker);
}

/* Only when the file could be written does the server hear of it. */
static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Export *self = g_task_get_task_data (task);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GError) error = NULL;

  if (!iss_pool_export_check_finish (result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  call = iss_agent_export_new_call (self->store, self->sha256, &self->options, self->password);
  iss_server_call_async (g_task_get_source_object (task), call, g_task_get_cancellable (task),
                         exported_cb, g_object_ref (task));
}

/**
 * iss_pool_export_async:
 * @server: the server that holds the certificate, and its key for a PFX
 * @request: what, how and where to; nothing of it is needed after this returns
 * @cancellable: (nullable): counts until the file is written
 * @callback: called when it is over
 * @user_data: data for @callback
 *
 * Looks at the place, has the server make the file, opens it to see that it is right, writes it
 * with mode 0600, and only then, if that was asked for, has the key deleted there.
 */
void
iss_pool_export_async (IssServer                  *server,
                       const IssPoolExportRequest *request,
                       GCancellable               *cancellable,
                       GAsyncReadyCallback         callback,
                       gpointer                    user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  Export *self;

  g_return_if_fail (ISS_IS_SERVER (server));
  g_return_if_fail (request != NULL && request->sha256 != NULL);
  g_return_if_fail (G_IS_FILE (request->file));

  self = export_new (request->file, request->replace);
  self->sha256 = g_bytes_ref (request->sha256);
  self->password = request->password != NULL ? iss_secret_ref (request->password) : NULL;
  self->store = request->store;
  self->options = request->options;

  task = g_task_new (server, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_pool_export_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, export_free);

  if (!iss_export_options_check (&self->options, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  iss_pool_export_check_async (self->file, self->replace, cancellable, checked_cb,
                               g_object_ref (task));
}

/**
 * iss_pool_export_finish:
 * @server: the server
 * @result: what the callback got
 * @error: return location for an error, which names the server or the file
 *
 * Returns: (transfer full): what was exported, or %NULL if no file was written
 */
IssPoolExportOutcome *
iss_pool_export_finish (IssServer     *server,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, server), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
