/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-look.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/agent/observation.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"

typedef struct
{
  /* Owned */
  IssRootFolder            *root;
  GPtrArray                *certificates;   /* (element-type GBytes) */
  GBytes                   *sha256;
  char                     *server_name;
  char                    **sip_domains;

  const IssCertificateType *type;
  IssStoreName              store;
  gint64                    now;
} Look;

static Look *
look_new (IssRootFolder *root)
{
  Look *look = g_new0 (Look, 1);

  look->root = g_object_ref (root);
  return look;
}

static void
look_free (Look *look)
{
  g_object_unref (look->root);
  g_clear_pointer (&look->certificates, g_ptr_array_unref);
  g_clear_pointer (&look->sha256, g_bytes_unref);
  g_free (look->server_name);
  g_strfreev (look->sip_domains);
  g_free (look);
}

static void
run (Look                *look,
     GTaskThreadFunc      worker,
     gpointer             source_tag,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  g_task_run_in_thread (task, worker);
}

static void
return_variant (GTask    *task,
                GVariant *variant,
                GError   *error)
{
  if (variant != NULL)
    g_task_return_pointer (task, g_variant_ref_sink (variant), (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

static void
rows_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Look *look = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (look->root, &error);
  g_autoptr(GHashTable) by_certificate = NULL;
  IssRowTable *table = NULL;

  if (assignments != NULL)
    {
      by_certificate = iss_assignments_dup_by_certificate (assignments);
      table = iss_row_table_read (look->root, look->store, by_certificate, &error);
    }

  if (table != NULL)
    g_task_return_pointer (task, table, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_look_rows_async:
 * @root: a server's folder
 * @store: a store
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the rows of a store.
 */
void
iss_agent_look_rows_async (IssRootFolder       *root,
                           IssStoreName         store,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  Look *look;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (store < ISS_N_STORES);

  look = look_new (root);
  look->store = store;
  run (look, rows_worker, iss_agent_look_rows_async, callback, user_data);
}

/**
 * iss_agent_look_rows_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the rows
 */
IssRowTable *
iss_agent_look_rows_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_look_rows_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
observe_worker (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Look *look = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssObservation) observation = NULL;
  GVariant *variant = NULL;

  observation = iss_observation_make (look->root, look->certificates, look->now, &error);
  if (observation != NULL)
    variant = iss_observation_to_variant (observation);

  return_variant (task, variant, g_steal_pointer (&error));
}

/**
 * iss_agent_look_observe_async:
 * @root: a server's folder
 * @asked: (element-type GBytes): SHA-256 of certificates
 * @now: the time, seconds since 1970
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes an observation, as it goes over the wire.
 */
void
iss_agent_look_observe_async (IssRootFolder       *root,
                              GPtrArray           *asked,
                              gint64               now,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Look *look;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (asked != NULL);

  look = look_new (root);
  look->certificates = g_ptr_array_ref (asked);
  look->now = now;
  run (look, observe_worker, iss_agent_look_variant_finish, callback, user_data);
}

static gboolean
find_store (Look       *look,
            const char *hex)
{
  if (look->store != ISS_N_STORES)
    return TRUE;

  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (iss_certificate_store_contains (look->root, (IssStoreName) i, hex))
        {
          look->store = (IssStoreName) i;
          return TRUE;
        }
    }

  return FALSE;
}

static GVariant *
describe (Look            *look,
          IssCertificate  *certificate,
          GError         **error)
{
  const char *hex = iss_certificate_get_sha256_hex (certificate);
  GBytes *spki = iss_certificate_get_spki_sha256 (certificate);
  g_auto(IssProperties) properties = { NULL };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GHashTable) by_certificate = NULL;
  const char *assigned = NULL;
  GVariantDict dict;

  assignments = iss_assignments_load (look->root, error);
  if (assignments == NULL || !iss_properties_load (&properties, look->root, hex, error))
    return NULL;

  by_certificate = iss_assignments_dup_by_certificate (assignments);
  if (look->store == ISS_STORE_MY)
    assigned = g_hash_table_lookup (by_certificate, hex);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "friendly-name", "s",
                         properties.friendly_name != NULL ? properties.friendly_name : "");
  g_variant_dict_insert (&dict, "description", "s",
                         properties.description != NULL ? properties.description : "");
  g_variant_dict_insert (&dict, "intent", "u", (guint32) properties.intent);
  g_variant_dict_insert (&dict, "origin", "s", properties.origin != NULL ? properties.origin : "");
  g_variant_dict_insert (&dict, "key", "u", (guint32) iss_key_file_get_state (look->root, spki));
  g_variant_dict_insert (&dict, "exportable", "b", iss_key_file_is_exportable (look->root, spki));
  g_variant_dict_insert (&dict, "store", "s", iss_store_name_get_nick (look->store));
  g_variant_dict_insert (&dict, "assigned", "s", assigned != NULL ? assigned : "");
  g_variant_dict_insert (&dict, "key-algorithm", "s",
                         iss_certificate_get_key_algorithm (certificate));
  g_variant_dict_insert (&dict, "key-bits", "u", iss_certificate_get_key_bits (certificate));

  return g_variant_new ("(@ay@a{sv})",
                        iss_agent_wire_new_bytes (iss_certificate_get_der (certificate)),
                        g_variant_dict_end (&dict));
}

static void
certificate_worker (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  Look *look = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (look->sha256, NULL),
                                       g_bytes_get_size (look->sha256), FALSE);
  GVariant *variant = NULL;

  if (!find_store (look, hex))
    g_set_error_literal (&error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                         _("The certificate is in none of the server's stores"));
  else
    certificate = iss_certificate_store_get (look->root, look->store, hex, &error);

  if (certificate != NULL)
    variant = describe (look, certificate, &error);

  return_variant (task, variant, g_steal_pointer (&error));
}

/**
 * iss_agent_look_certificate_async:
 * @root: a server's folder
 * @store: a store; %ISS_N_STORES looks into all
 * @sha256: 32 bytes
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads one certificate with its properties.
 */
void
iss_agent_look_certificate_async (IssRootFolder       *root,
                                  IssStoreName         store,
                                  GBytes              *sha256,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  Look *look;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE);

  look = look_new (root);
  look->store = store;
  look->sha256 = g_bytes_ref (sha256);
  run (look, certificate_worker, iss_agent_look_variant_finish, callback, user_data);
}

static void
judge_worker (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Look *look = task_data;
  GVariantBuilder all;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa(uss)"));
  for (guint i = 0; i < look->certificates->len; i++)
    {
      GBytes *sha256 = look->certificates->pdata[i];
      g_autofree char *hex = iss_text_hex (g_bytes_get_data (sha256, NULL),
                                           g_bytes_get_size (sha256), FALSE);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) findings = NULL;

      findings = iss_trust_judge (look->root, look->type, hex, look->server_name,
                                  (const char *const *) look->sip_domains, look->now, &error);
      if (findings == NULL)
        {
          g_variant_builder_clear (&all);
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }

      g_variant_builder_add_value (&all, iss_agent_wire_new_findings (findings));
    }

  return_variant (task, g_variant_builder_end (&all), NULL);
}

/**
 * iss_agent_look_judge_async:
 * @root: a server's folder
 * @type: a certificate type
 * @certificates: (element-type GBytes): SHA-256 of certificates
 * @server_name: the server's name
 * @sip_domains: the pool's SIP domains
 * @now: the time, seconds since 1970
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Judges whether certificates suit a type.
 */
void
iss_agent_look_judge_async (IssRootFolder            *root,
                            const IssCertificateType *type,
                            GPtrArray                *certificates,
                            const char               *server_name,
                            const char *const        *sip_domains,
                            gint64                    now,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  Look *look;

  g_return_if_fail (ISS_IS_ROOT_FOLDER (root));
  g_return_if_fail (type != NULL);
  g_return_if_fail (certificates != NULL);

  look = look_new (root);
  look->type = type;
  look->certificates = g_ptr_array_ref (certificates);
  look->server_name = g_strdup (server_name);
  look->sip_domains = g_strdupv ((char **) sip_domains);
  look->now = now;
  run (look, judge_worker, iss_agent_look_variant_finish, callback, user_data);
}

/**
 * iss_agent_look_variant_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): what was read
 */
GVariant *
iss_agent_look_variant_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_look_variant_finish), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
