/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-look.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-assign.h"
#include "core/agent/agent-wire.h"
#include "core/agent/observation.h"
#include "core/assignment/trust.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"

typedef struct
{
  /* Owned */
  IssRootFolder *root;
  GPtrArray     *certificates;   /* (element-type GBytes) */

  IssStoreName   store;
  gint64         now;
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
  run (look, observe_worker, iss_agent_look_observe_async, callback, user_data);
}

/**
 * iss_agent_look_observe_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the observation, an a{sv}
 */
GVariant *
iss_agent_look_observe_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, iss_agent_look_observe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The first store that has it, when none was named. */
static gboolean
find_store (IssRootFolder *root,
            const char    *hex,
            IssStoreName  *store)
{
  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (iss_certificate_store_contains (root, (IssStoreName) i, hex))
        {
          *store = (IssStoreName) i;
          return TRUE;
        }
    }

  return FALSE;
}

static GVariant *
describe (IssRootFolder   *root,
          IssStoreName     store,
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

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL || !iss_properties_load (&properties, root, hex, error))
    return NULL;

  by_certificate = iss_assignments_dup_by_certificate (assignments);
  if (store == ISS_STORE_MY)
    assigned = g_hash_table_lookup (by_certificate, hex);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "friendly-name", "s",
                         properties.friendly_name != NULL ? properties.friendly_name : "");
  g_variant_dict_insert (&dict, "description", "s",
                         properties.description != NULL ? properties.description : "");
  g_variant_dict_insert (&dict, "intent", "u", (guint32) properties.intent);
  g_variant_dict_insert (&dict, "origin", "s", properties.origin != NULL ? properties.origin : "");
  g_variant_dict_insert (&dict, "key", "u", (guint32) iss_key_file_get_state (root, spki));
  g_variant_dict_insert (&dict, "exportable", "b", iss_key_file_is_exportable (root, spki));
  g_variant_dict_insert (&dict, "store", "s", iss_store_name_get_nick (store));
  g_variant_dict_insert (&dict, "assigned", "s", assigned != NULL ? assigned : "");
  g_variant_dict_insert (&dict, "key-algorithm", "s",
                         iss_certificate_get_key_algorithm (certificate));
  g_variant_dict_insert (&dict, "key-bits", "u", iss_certificate_get_key_bits (certificate));

  return g_variant_new ("(@ay@a{sv})",
                        iss_agent_wire_new_bytes (iss_certificate_get_der (certificate)),
                        g_variant_dict_end (&dict));
}

/**
 * iss_agent_look_get_certificate:
 * @context: for whom and when
 * @parameters: (say): nick of a store or "" for any, and a SHA-256
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * GetCertificate: reads one certificate with its properties.
 *
 * Returns: (transfer floating): (aya{sv})
 */
GVariant *
iss_agent_look_get_certificate (const IssAgentContext  *context,
                                GVariant               *parameters,
                                GCancellable           *cancellable,
                                GError                **error)
{
  g_autoptr(GVariant) bytes = g_variant_get_child_value (parameters, 1);
  g_autoptr(GBytes) sha256 = iss_agent_wire_dup_bytes (bytes);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (sha256, NULL),
                                       g_bytes_get_size (sha256), FALSE);
  g_autoptr(IssCertificate) certificate = NULL;
  IssStoreName store = ISS_N_STORES;
  const char *nick;

  g_variant_get_child (parameters, 0, "&s", &nick);
  if (g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by the 32 bytes of its SHA-256"));
      return NULL;
    }

  if (*nick != '\0' && !iss_store_name_parse (nick, &store, error))
    return NULL;

  if (*nick == '\0' && !find_store (context->root, hex, &store))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The certificate is in none of the server's stores"));
      return NULL;
    }

  certificate = iss_certificate_store_get (context->root, store, hex, error);
  return certificate != NULL ? describe (context->root, store, certificate, error) : NULL;
}

/**
 * iss_agent_look_judge:
 * @context: for whom and when
 * @parameters: (saaya{sv}): a certificate type, SHA-256 of certificates, and options
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Judge: says whether certificates suit a type.
 *
 * Returns: (transfer floating): (aa(uss))
 */
GVariant *
iss_agent_look_judge (const IssAgentContext  *context,
                      GVariant               *parameters,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_autoptr(GVariant) hashes = g_variant_get_child_value (parameters, 1);
  g_autoptr(GVariant) options = g_variant_get_child_value (parameters, 2);
  g_autoptr(GPtrArray) certificates = NULL;
  g_autofree char *server_name = NULL;
  g_auto(GStrv) sip_domains = NULL;
  const IssCertificateType *type;
  const char *type_name;
  GVariantBuilder all;

  g_variant_get_child (parameters, 0, "&s", &type_name);
  type = iss_certificate_type_parse (type_name, error);
  if (type == NULL)
    return NULL;

  certificates = iss_agent_wire_read_hashes (hashes, ISS_AGENT_WIRE_MAX_ASKED, error);
  if (certificates == NULL ||
      !iss_agent_assign_read_names (options, &server_name, &sip_domains, error))
    return NULL;

  g_variant_builder_init (&all, G_VARIANT_TYPE ("aa(uss)"));
  for (guint i = 0; i < certificates->len; i++)
    {
      GBytes *sha256 = certificates->pdata[i];
      g_autofree char *hex = iss_text_hex (g_bytes_get_data (sha256, NULL),
                                           g_bytes_get_size (sha256), FALSE);
      g_autoptr(GPtrArray) findings =
        iss_trust_judge (context->root, type, hex, server_name,
                         (const char *const *) sip_domains, context->now, error);

      if (findings == NULL)
        {
          g_variant_builder_clear (&all);
          return NULL;
        }

      g_variant_builder_add_value (&all, iss_agent_wire_new_findings (findings));
    }

  return g_variant_new ("(@aa(uss))", g_variant_builder_end (&all));
}
