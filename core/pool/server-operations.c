/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/error.h"
#include "core/pool/server-private.h"

/* What can be asked of a server: each waits for the connection, asks the agent,
 * and names the server in what goes wrong. The arguments are copied, because
 * opening a connection can take a minute. */

typedef struct
{
  GPtrArray         *asked;          /* judge: (element-type GBytes) (nullable) */
  IssStoreName       store;          /* list */
  char              *text;           /* get certificate: store; judge: type */
  GBytes            *bytes;          /* get certificate: SHA-256; import: file */
  IssSecret         *password;       /* import (nullable) */
  IssImportOptions   import;         /* strings in friendly_name and origin are owned */
  char             **sip_domains;    /* judge (nullable) */
  GVariant          *properties;     /* get certificate: on the way back */
} Arguments;

static void
arguments_free (Arguments *self)
{
  g_clear_pointer (&self->asked, g_ptr_array_unref);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_free ((char *) self->import.friendly_name);
  g_free ((char *) self->import.origin);
  g_clear_pointer (&self->sip_domains, g_strfreev);
  g_clear_pointer (&self->properties, g_variant_unref);
  g_free (self);
}

static GTask *
operation_new (IssServer           *self,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data,
               Arguments          **out_arguments)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  if (out_arguments != NULL)
    {
      *out_arguments = g_new0 (Arguments, 1);
      g_task_set_task_data (task, *out_arguments, (GDestroyNotify) arguments_free);
    }

  return task;
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssObservation) observation =
    iss_agent_client_observe_finish (ISS_AGENT_CLIENT (object), result, &error);

  if (observation == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  iss_server_set_seen (g_task_get_source_object (task), observation);
  g_task_return_boolean (task, TRUE);
}

static void
start_look (IssServer      *self,
            IssAgentClient *client,
            GTask          *task)
{
  g_autoptr(GPtrArray) asked = iss_server_dup_asked (self);

  iss_agent_client_observe_async (client, asked, g_task_get_cancellable (task), looked_cb,
                                  g_object_ref (task));
}

/**
 * iss_server_look_async:
 * @self: a server
 * @asked: (nullable) (element-type GBytes): certificates to ask about, by SHA-256
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Looks at the server: what is assigned there and what it has of the certificates
 * that are meant for the pool, and of those that this and earlier looks asked
 * about.
 */
void
iss_server_look_async (IssServer           *self,
                       GPtrArray           *asked,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = operation_new (self, cancellable, callback, user_data, NULL);
  for (guint i = 0; asked != NULL && i < asked->len; i++)
    iss_server_ask_about (self, g_ptr_array_index (asked, i));
  iss_server_run (self, task, start_look);
}

/**
 * iss_server_look_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: whether it answered
 */
gboolean
iss_server_look_finish (IssServer     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  IssRowTable *table =
    iss_agent_client_list_rows_finish (ISS_AGENT_CLIENT (object), result, &error);

  if (table == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, table, g_object_unref);
}

static void
start_list_rows (IssServer      *self,
                 IssAgentClient *client,
                 GTask          *task)
{
  Arguments *arguments = g_task_get_task_data (task);

  iss_agent_client_list_rows_async (client, arguments->store, g_task_get_cancellable (task),
                                    listed_cb, g_object_ref (task));
}

/**
 * iss_server_list_rows_async:
 * @self: a server
 * @store: a store
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Lists the certificates of one store.
 */
void
iss_server_list_rows_async (IssServer           *self,
                            IssStoreName         store,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Arguments *arguments;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = operation_new (self, cancellable, callback, user_data, &arguments);
  arguments->store = store;
  iss_server_run (self, task, start_list_rows);
}

/**
 * iss_server_list_rows_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full): the rows, or %NULL with @error set
 */
IssRowTable *
iss_server_list_rows_finish (IssServer     *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
got_certificate_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Arguments *arguments = g_task_get_task_data (task);
  IssCertificate *certificate =
    iss_agent_client_get_certificate_finish (ISS_AGENT_CLIENT (object), result,
                                             &arguments->properties, &error);

  if (certificate == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, certificate, g_object_unref);
}

static void
start_get_certificate (IssServer      *self,
                       IssAgentClient *client,
                       GTask          *task)
{
  Arguments *arguments = g_task_get_task_data (task);

  iss_agent_client_get_certificate_async (client, arguments->text, arguments->bytes,
                                          g_task_get_cancellable (task), got_certificate_cb,
                                          g_object_ref (task));
}

/**
 * iss_server_get_certificate_async:
 * @self: a server
 * @store: the store it is in, or "" for any
 * @sha256: its SHA-256
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Fetches one certificate, with what the server knows about it.
 */
void
iss_server_get_certificate_async (IssServer           *self,
                                  const char          *store,
                                  GBytes              *sha256,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Arguments *arguments;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = operation_new (self, cancellable, callback, user_data, &arguments);
  arguments->text = g_strdup (store);
  arguments->bytes = g_bytes_ref (sha256);
  iss_server_run (self, task, start_get_certificate);
}

/**
 * iss_server_get_certificate_finish:
 * @self: a server
 * @result: the result given to the callback
 * @out_properties: (out) (transfer full) (optional): its properties, a{sv}
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate, or %NULL with @error set
 */
IssCertificate *
iss_server_get_certificate_finish (IssServer     *self,
                                   GAsyncResult  *result,
                                   GVariant     **out_properties,
                                   GError       **error)
{
  IssCertificate *certificate;
  Arguments *arguments;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  arguments = g_task_get_task_data (G_TASK (result));
  certificate = g_task_propagate_pointer (G_TASK (result), error);
  if (certificate != NULL && out_properties != NULL)
    *out_properties = g_steal_pointer (&arguments->properties);

  return certificate;
}

static void
imported_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *items =
    iss_agent_client_import_finish (ISS_AGENT_CLIENT (object), result, &error);

  if (items == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  /* It is done: a late cancel must not deny it. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_return_pointer (task, items, (GDestroyNotify) g_ptr_array_unref);
}

static void
start_import (IssServer      *self,
              IssAgentClient *client,
              GTask          *task)
{
  Arguments *arguments = g_task_get_task_data (task);

  iss_agent_client_import_async (client, arguments->bytes, arguments->password,
                                 &arguments->import, g_task_get_cancellable (task),
                                 imported_cb, g_object_ref (task));
}

/**
 * iss_server_import_async:
 * @self: a server
 * @file: the bytes of a certificate file
 * @password: (nullable): its password
 * @options: how to import
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Imports a file on the server. It crosses sealed.
 */
void
iss_server_import_async (IssServer              *self,
                         GBytes                 *file,
                         IssSecret              *password,
                         const IssImportOptions *options,
                         GCancellable           *cancellable,
                         GAsyncReadyCallback     callback,
                         gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  Arguments *arguments;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = operation_new (self, cancellable, callback, user_data, &arguments);
  arguments->bytes = g_bytes_ref (file);
  arguments->password = password != NULL ? iss_secret_ref (password) : NULL;
  arguments->import = *options;
  arguments->import.friendly_name = g_strdup (options->friendly_name);
  arguments->import.origin = g_strdup (options->origin);
  iss_server_run (self, task, start_import);
}

/**
 * iss_server_import_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssImportItem): what became of each
 *   certificate, or %NULL with @error set
 */
GPtrArray *
iss_server_import_finish (IssServer     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
judged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *findings =
    iss_agent_client_judge_finish (ISS_AGENT_CLIENT (object), result, &error);

  if (findings == NULL)
    {
      iss_server_return_error (g_task_get_source_object (task), task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, findings, (GDestroyNotify) g_ptr_array_unref);
}

static void
start_judge (IssServer      *self,
             IssAgentClient *client,
             GTask          *task)
{
  Arguments *arguments = g_task_get_task_data (task);
  g_autofree char *name = iss_server_dup_short_name (self);

  iss_agent_client_judge_async (client, arguments->text, arguments->asked, name,
                                (const char *const *) arguments->sip_domains,
                                g_task_get_cancellable (task), judged_cb, g_object_ref (task));
}

/**
 * iss_server_judge_async:
 * @self: a server
 * @type: a certificate type's name
 * @certificates: (element-type GBytes): certificates of Personal, by SHA-256
 * @sip_domains: (nullable): the pool's SIP domains
 * @cancellable: (nullable): a cancellable
 * @callback: (nullable): called when it is over
 * @user_data: data for @callback
 *
 * Asks whether certificates suit a type, on that server and now.
 */
void
iss_server_judge_async (IssServer           *self,
                        const char          *type,
                        GPtrArray           *certificates,
                        const char *const  *sip_domains,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Arguments *arguments;

  g_return_if_fail (ISS_IS_SERVER (self));

  task = operation_new (self, cancellable, callback, user_data, &arguments);
  arguments->text = g_strdup (type);
  arguments->asked = g_ptr_array_ref (certificates);
  arguments->sip_domains = g_strdupv ((char **) sip_domains);
  iss_server_run (self, task, start_judge);
}

/**
 * iss_server_judge_finish:
 * @self: a server
 * @result: the result given to the callback
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type GPtrArray): findings for each
 *   certificate, in order, or %NULL with @error set
 */
GPtrArray *
iss_server_judge_finish (IssServer     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
