/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-import.h"

#include "core/base/error.h"
#include "core/formats/certificate-file.h"

#include <glib/gi18n-lib.h>

/* What is imported everywhere, and what became of it on each server. */
typedef struct
{
  GBytes           *file;
  IssSecret        *password;    /* (nullable) */
  IssImportOptions  options;     /* its strings are owned */
  GHashTable       *items;       /* IssServer → GPtrArray of IssImportItem */
} Import;

/* A file that is read in a worker. */
typedef struct
{
  GFile     *file;
  IssSecret *password;   /* (nullable) */
  GBytes    *bytes;      /* what was read */
} Reading;

static void
import_free (gpointer data)
{
  Import *self = data;

  g_bytes_unref (self->file);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_free ((char *) self->options.friendly_name);
  g_free ((char *) self->options.origin);
  g_hash_table_unref (self->items);
  g_free (self);
}

static void
import_start (IssServer           *server,
              gpointer             job_data,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  Import *self = job_data;

  iss_server_import_async (server, self->file, self->password, &self->options, cancellable,
                           callback, user_data);
}

/* The one that the file is about: with its key, else in Personal, else the first. */
static const IssImportItem *
find_leading_item (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const IssImportItem *item = g_ptr_array_index (items, i);

      if (item->has_key)
        return item;
    }

  for (guint i = 0; i < items->len; i++)
    {
      const IssImportItem *item = g_ptr_array_index (items, i);

      if (item->store == ISS_STORE_MY)
        return item;
    }

  return items->len > 0 ? g_ptr_array_index (items, 0) : NULL;
}

static const char *
get_outcome (const IssImportItem *item,
             gboolean             what_if)
{
  if (item == NULL)
    return _("nothing to import");
  if (!item->added && !item->key_added)
    return _("had it already");
  if (what_if)
    return item->has_key ? _("would be imported, with its key")
                         : _("would be imported, without a key");
  if (!item->added)
    return _("had it already, its key was imported");
  if (item->store == ISS_STORE_DISALLOWED)
    return _("not trusted there any more");

  return item->has_key ? _("imported, key matches") : _("imported, without a key");
}

/**
 * iss_pool_import_dup_outcome:
 * @items: (element-type IssImportItem): what an import did
 * @what_if: whether it only would have
 *
 * Returns: (transfer full): the same in words, about the certificate that matters
 */
char *
iss_pool_import_dup_outcome (GPtrArray *items,
                             gboolean   what_if)
{
  g_return_val_if_fail (items != NULL, NULL);

  return g_strdup (get_outcome (find_leading_item (items), what_if));
}

static char *
import_finish (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Import *self = job_data;
  GPtrArray *items = iss_server_import_finish (server, result, error);

  if (items == NULL)
    return NULL;

  g_hash_table_replace (self->items, g_object_ref (server), items);

  return g_strdup (get_outcome (find_leading_item (items), self->options.what_if));
}

/**
 * iss_pool_import_new:
 * @servers: (element-type IssServer): where
 * @file: the file's bytes
 * @password: (nullable): its password
 * @options: how; copied
 *
 * Returns: (transfer full): a job that imports one file on each server; what one
 *   server says does not stop the others
 */
IssJob *
iss_pool_import_new (GPtrArray              *servers,
                     GBytes                 *file,
                     IssSecret              *password,
                     const IssImportOptions *options)
{
  Import *self;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_new0 (Import, 1);
  self->file = g_bytes_ref (file);
  self->password = password != NULL ? iss_secret_ref (password) : NULL;
  self->options = *options;
  self->options.friendly_name = g_strdup (options->friendly_name);
  self->options.origin = g_strdup (options->origin);
  self->items = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                       (GDestroyNotify) g_ptr_array_unref);

  return iss_job_new (servers, import_start, import_finish, self, import_free);
}

/**
 * iss_pool_import_get_items:
 * @job: a job of iss_pool_import_new()
 * @server: a server of it
 *
 * Returns: (transfer none) (nullable) (element-type IssImportItem): what became
 *   of each certificate of the file there; %NULL if it is not done or failed
 */
GPtrArray *
iss_pool_import_get_items (IssJob    *job,
                           IssServer *server)
{
  Import *self;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  self = iss_job_get_data (job);

  return g_hash_table_lookup (self->items, server);
}

static void
reading_free (gpointer data)
{
  Reading *self = data;

  g_object_unref (self->file);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/* GIO's error in our words; a cancelled one stays what it is. */
static void
take_gio_error (GError     **error,
                GError      *cause,
                const char  *name)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, cause);
      return;
    }

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND, _("There is no file “%s”"), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                 _("The file “%s” may not be read: its permissions do not allow it"), name);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED, _("The file “%s” cannot be read: %s"), name,
                 cause->message);
  g_error_free (cause);
}

static void
set_too_large (GError     **error,
               const char  *name)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
               _("The file “%s” is larger than %d MiB: that is no certificate file"), name,
               ISS_CERTIFICATE_FILE_MAX_SIZE / (1024 * 1024));
}

/* Looks at kind and size before opening: a pipe would block, and nothing of a
 * huge file is read. */
static gboolean
check_file (GFile         *file,
            const char    *name,
            GCancellable  *cancellable,
            GError       **error)
{
  GError *cause = NULL;
  g_autoptr(GFileInfo) info =
    g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                       G_FILE_QUERY_INFO_NONE, cancellable, &cause);

  if (info == NULL)
    {
      take_gio_error (error, cause, name);
      return FALSE;
    }

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is a folder: choose a file in it"), name);
      return FALSE;
    }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a file that can be imported"), name);
      return FALSE;
    }
  if (g_file_info_get_size (info) > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      set_too_large (error, name);
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_pool_import_load:
 * @file: a file
 * @name: what to call it in an error
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads at most %ISS_CERTIFICATE_FILE_MAX_SIZE bytes, into secret memory: a file may hold a
 * private key in clear. Blocks: for a worker.
 *
 * Errors: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_PERMISSION, %ISS_ERROR_TOO_LARGE,
 * %ISS_ERROR_INVALID_ARGUMENT for a folder or a device. Each names the file.
 *
 * Returns: (transfer full): its bytes
 */
GBytes *
iss_pool_import_load (GFile         *file,
                      const char    *name,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(IssSecret) room = NULL;
  GError *cause = NULL;
  IssSecret *content;
  gpointer data;
  gsize size;

  if (!check_file (file, name, cancellable, error))
    return NULL;

  room = iss_secret_new_sized (ISS_CERTIFICATE_FILE_MAX_SIZE + 1, &data);
  stream = g_file_read (file, cancellable, &cause);
  if (stream == NULL ||
      !g_input_stream_read_all (G_INPUT_STREAM (stream), data, ISS_CERTIFICATE_FILE_MAX_SIZE + 1,
                                &size, cancellable, &cause))
    {
      take_gio_error (error, cause, name);
      return NULL;
    }

  /* It may have grown since. */
  if (size > ISS_CERTIFICATE_FILE_MAX_SIZE)
    {
      set_too_large (error, name);
      return NULL;
    }

  content = iss_secret_new (data, size);

  return g_bytes_new_with_free_func (iss_secret_get_data (content, NULL), size,
                                     (GDestroyNotify) iss_secret_unref, content);
}

static void
read_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Reading *self = task_data;
  g_autofree char *name = g_file_get_parse_name (self->file);
  g_autoptr(GError) error = NULL;
  IssBundle *bundle = NULL;

  self->bytes = iss_pool_import_load (self->file, name, cancellable, &error);
  if (self->bytes != NULL)
    {
      bundle = iss_certificate_file_read (self->bytes, self->password, &error);
      if (bundle == NULL)
        g_prefix_error (&error, "%s: ", name);
    }

  if (bundle != NULL)
    g_task_return_pointer (task, bundle, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_pool_import_read_async:
 * @file: a file
 * @password: (nullable): its password
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is read
 * @user_data: data for @callback
 *
 * Reads a file for an import, in a worker: at most
 * %ISS_CERTIFICATE_FILE_MAX_SIZE bytes, whatever its name says.
 *
 * Errors: those of iss_certificate_file_read(); %ISS_ERROR_NOT_FOUND,
 * %ISS_ERROR_PERMISSION, %ISS_ERROR_TOO_LARGE, %ISS_ERROR_INVALID_ARGUMENT for a
 * folder or a device. Each names the file.
 */
void
iss_pool_import_read_async (GFile               *file,
                            IssSecret           *password,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (G_IS_FILE (file));

  reading = g_new0 (Reading, 1);
  reading->file = g_object_ref (file);
  reading->password = password != NULL ? iss_secret_ref (password) : NULL;

  task = g_task_new (file, cancellable, callback, user_data);
  g_task_set_source_tag (task, iss_pool_import_read_async);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_worker);
}

/**
 * iss_pool_import_read_finish:
 * @result: the result given to the callback
 * @out_bytes: (out) (optional) (transfer full): the file's bytes, as
 *   iss_pool_import_new() takes them; untouched on failure
 * @error: return location for an error
 *
 * Returns: (transfer full): what is in the file, or %NULL with @error set
 */
IssBundle *
iss_pool_import_read_finish (GAsyncResult  *result,
                             GBytes       **out_bytes,
                             GError       **error)
{
  IssBundle *bundle;
  Reading *reading;

  g_return_val_if_fail (g_async_result_is_tagged (result, iss_pool_import_read_async), NULL);

  reading = g_task_get_task_data (G_TASK (result));
  bundle = g_task_propagate_pointer (G_TASK (result), error);
  if (bundle != NULL && out_bytes != NULL)
    *out_bytes = g_bytes_ref (reading->bytes);

  return bundle;
}

/**
 * iss_pool_import_get_leading:
 * @bundle: what is in a file
 * @out_has_key: (out) (optional): whether its private key is in the file, too
 *
 * Returns: (transfer none) (nullable): the certificate that the file is about:
 *   the first with its key, else the first that is not a CA's, else the first;
 *   %NULL if there is none
 */
IssCertificate *
iss_pool_import_get_leading (IssBundle *bundle,
                             gboolean  *out_has_key)
{
  IssCertificate *leading = NULL;
  gboolean has_key = FALSE;

  g_return_val_if_fail (ISS_IS_BUNDLE (bundle), NULL);

  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle) && !has_key; i++)
    if (iss_bundle_get_key_for (bundle, i) != NULL)
      {
        leading = iss_bundle_get_certificate (bundle, i);
        has_key = TRUE;
      }

  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle) && leading == NULL; i++)
    if (!iss_certificate_is_ca (iss_bundle_get_certificate (bundle, i)))
      leading = iss_bundle_get_certificate (bundle, i);

  if (leading == NULL && iss_bundle_get_n_certificates (bundle) > 0)
    leading = iss_bundle_get_certificate (bundle, 0);

  if (out_has_key != NULL)
    *out_has_key = has_key;

  return leading;
}
