/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-properties.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-key-uri.h"
#include "core/base/text.h"

typedef struct
{
  IssAgentCall *call;
  GHashTable   *values;    /* server -> what came, owned */
  gboolean      what_if;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  iss_agent_call_unref (work->call);
  g_hash_table_unref (work->values);
  g_free (work);
}

static Work *
work_new (IssAgentCall   *call,
          GDestroyNotify  value_free,
          gboolean        what_if)
{
  Work *work = g_new0 (Work, 1);

  work->call = call;
  work->values = g_hash_table_new_full (NULL, NULL, g_object_unref, value_free);
  work->what_if = what_if;
  return work;
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Work *work = job_data;

  iss_server_call_async (server, work->call, cancellable, callback, user_data);
}

static gpointer
finish (IssServer     *server,
        Work          *work,
        GAsyncResult  *result,
        GError       **error)
{
  gpointer value = iss_server_call_finish (server, result, error);

  if (value != NULL)
    g_hash_table_replace (work->values, g_object_ref (server), value);

  return value;
}

static const char *
get_label (const char *property)
{
  if (g_str_equal (property, "friendly-name"))
    return _("friendly name");
  if (g_str_equal (property, "description"))
    return _("description");
  if (g_str_equal (property, "intent"))
    return _("what it is meant for");
  if (g_str_equal (property, "exportable"))
    return _("key not exportable any more");

  return _("something else");
}

static char *
finish_properties (IssServer     *server,
                   gpointer       job_data,
                   GAsyncResult  *result,
                   GError       **error)
{
  Work *work = job_data;
  const char *const *changed = finish (server, work, result, error);
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();
  g_autofree char *names = NULL;

  if (changed == NULL)
    return NULL;

  if (changed[0] == NULL)
    return g_strdup (_("is so already"));

  for (guint i = 0; changed[i] != NULL; i++)
    g_ptr_array_add (labels, (gpointer) get_label (changed[i]));
  g_ptr_array_add (labels, NULL);

  names = iss_text_join_names ((const char *const *) labels->pdata);
  return g_strdup_printf (work->what_if ? _("would change: %s") : _("changed: %s"), names);
}

/**
 * iss_pool_properties_new:
 * @servers: (element-type IssServer): where
 * @sha256: a certificate
 * @changes: what shall be different
 * @force: pass warnings
 * @what_if: only ask what would be
 *
 * Returns: (transfer full): a job that changes what is said about the certificate there
 */
IssJob *
iss_pool_properties_new (GPtrArray                     *servers,
                         GBytes                        *sha256,
                         const IssAgentPropertyChanges *changes,
                         gboolean                       force,
                         gboolean                       what_if)
{
  g_return_val_if_fail (servers != NULL, NULL);

  return iss_job_new (servers, start, finish_properties,
                      work_new (iss_agent_properties_call (sha256, changes, force, what_if),
                                (GDestroyNotify) g_strfreev, what_if),
                      work_free);
}

/* "the key can be read by rtc-service, by permissions" */
static char *
finish_access (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Work *work = job_data;
  const IssKeyAccess *access = finish (server, work, result, error);
  g_auto(GStrv) readers = NULL;
  g_autofree char *names = NULL;

  if (access == NULL)
    return NULL;

  if (work->what_if)
    return g_strdup (_("could be changed"));

  if (!access->has_acls)
    return g_strdup (_("the file system has no access control lists: only the owner may read the "
                       "key"));

  readers = iss_key_access_dup_readers (access);
  if (readers[0] == NULL)
    return g_strdup (_("only the owner may read the key, by permissions"));

  names = iss_text_join_names ((const char *const *) readers);
  return g_strdup_printf (_("%s may read the key, by permissions"), names);
}

/**
 * iss_pool_properties_new_access:
 * @servers: (element-type IssServer): where
 * @sha256: a certificate of Personal
 * @allow: (nullable) (array zero-terminated=1): accounts that shall read its key
 * @deny: (nullable) (array zero-terminated=1): accounts that shall not any more
 * @what_if: only ask whether it could be
 *
 * Returns: (transfer full): a job that changes who may read the key; with nobody named, that
 *   looks who may
 */
IssJob *
iss_pool_properties_new_access (GPtrArray         *servers,
                                GBytes            *sha256,
                                const char *const *allow,
                                const char *const *deny,
                                gboolean           what_if)
{
  gboolean changes = (allow != NULL && allow[0] != NULL) || (deny != NULL && deny[0] != NULL);
  IssAgentCall *call;

  g_return_val_if_fail (servers != NULL, NULL);

  call = changes ? iss_agent_key_access_call_set (sha256, allow, deny, what_if)
                 : iss_agent_key_access_call_get (sha256);

  return iss_job_new (servers, start, finish_access,
                      work_new (call, (GDestroyNotify) iss_key_access_free, what_if && changes),
                      work_free);
}

/**
 * iss_pool_properties_get_access:
 * @job: a job of iss_pool_properties_new_access()
 * @server: one of its servers
 *
 * Returns: (transfer none) (nullable): who may read the key there, once it has answered
 */
const IssKeyAccess *
iss_pool_properties_get_access (IssJob    *job,
                                IssServer *server)
{
  Work *work;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  work = iss_job_get_data (job);
  return g_hash_table_lookup (work->values, server);
}

static char *
finish_key_uri (IssServer     *server,
                gpointer       job_data,
                GAsyncResult  *result,
                GError       **error)
{
  Work *work = job_data;

  if (finish (server, work, result, error) == NULL)
    return NULL;

  return g_strdup (work->what_if ? _("would have the token prove that it holds the key")
                                 : _("the key is in the token, and matches"));
}

static char *
finish_forget (IssServer     *server,
               gpointer       job_data,
               GAsyncResult  *result,
               GError       **error)
{
  Work *work = job_data;

  if (finish (server, work, result, error) == NULL)
    return NULL;

  return g_strdup (work->what_if ? _("would forget in which token the key is")
                                 : _("no longer knows in which token the key is; the token is "
                                     "as it was"));
}

/**
 * iss_pool_properties_new_key_uri:
 * @servers: (element-type IssServer): where; each has a token of that name
 * @sha256: a certificate of Personal
 * @uri: a pkcs11: URI of its private key
 * @pin: (nullable): the token's PIN; %NULL: each server's own
 * @what_if: only ask whether it could be; no token is asked
 *
 * Returns: (transfer full): a job that says that the certificate's key is in a token there, once
 *   the token has proved it
 */
IssJob *
iss_pool_properties_new_key_uri (GPtrArray  *servers,
                                 GBytes     *sha256,
                                 const char *uri,
                                 IssSecret  *pin,
                                 gboolean    what_if)
{
  g_return_val_if_fail (servers != NULL, NULL);

  return iss_job_new (servers, start, finish_key_uri,
                      work_new (iss_agent_key_uri_call (sha256, uri, pin, what_if), g_free,
                                what_if),
                      work_free);
}

/**
 * iss_pool_properties_new_forget_key_uri:
 * @servers: (element-type IssServer): where
 * @sha256: a certificate of Personal
 * @what_if: only ask whether it could be
 *
 * Returns: (transfer full): a job after which the servers do not know any more in which token the
 *   certificate's key is. Nothing in the token changes
 */
IssJob *
iss_pool_properties_new_forget_key_uri (GPtrArray *servers,
                                        GBytes    *sha256,
                                        gboolean   what_if)
{
  g_return_val_if_fail (servers != NULL, NULL);

  return iss_job_new (servers, start, finish_forget,
                      work_new (iss_agent_key_uri_call (sha256, "", NULL, what_if), g_free,
                                what_if),
                      work_free);
}
