/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-client-private.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"

#define MAX_PAGES 200

static void
observed_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);
  g_autoptr(GVariant) member = NULL;
  const gint64 *sent = g_task_get_task_data (task);
  IssObservation *observation = NULL;

  if (reply != NULL)
    {
      member = g_variant_get_child_value (reply, 0);
      iss_agent_client_measure (g_task_get_source_object (task), member, *sent,
                                g_get_monotonic_time ());
      observation = iss_observation_from_variant (member, &error);
    }

  if (observation != NULL)
    g_task_return_pointer (task, observation, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_client_observe_async:
 * @self: a client
 * @asked: (nullable) (element-type GBytes): SHA-256 of at most 256 certificates that shall be
 *   looked at beside those that are assigned
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer has come
 * @user_data: for @callback
 *
 * Looks at everything that is needed to judge the server.
 */
void
iss_agent_client_observe_async (IssAgentClient      *self,
                                GPtrArray           *asked,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GPtrArray) nothing = NULL;
  const gint64 now = g_get_monotonic_time ();
  GTask *task;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (asked == NULL || asked->len <= ISS_OBSERVATION_MAX_ASKED);

  if (asked == NULL)
    asked = nothing = g_ptr_array_new ();

  task = iss_agent_client_new_task (self, iss_agent_client_observe_async, cancellable, callback,
                                    user_data);
  g_task_set_task_data (task, g_memdup2 (&now, sizeof now), g_free);
  iss_agent_link_call_async (self->link, "Observe",
                             g_variant_new ("(@aay)", iss_agent_wire_new_hashes (asked)),
                             "(a{sv})", cancellable, observed_cb, task);
}

/**
 * iss_agent_client_observe_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): what was seen
 */
IssObservation *
iss_agent_client_observe_finish (IssAgentClient  *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  IssRowTable  *table;       /* owned */
  IssStoreName  store;
  guint64       snapshot;
  guint         n_pages;
} Listing;

static void
listing_free (Listing *listing)
{
  g_object_unref (listing->table);
  g_free (listing);
}

static GVariant *
new_page_request (Listing *listing)
{
  return g_variant_new ("(stuu)", iss_store_name_get_nick (listing->store), listing->snapshot,
                        iss_row_table_get_n_rows (listing->table), ISS_ROW_PAGE_MAX);
}

/* Whether there are more pages; FALSE with an error when the answer makes no sense. */
static gboolean
take_page (Listing   *listing,
           GVariant  *reply,
           GError   **error)
{
  g_autoptr(GVariant) rows = NULL;
  guint64 snapshot;
  guint32 total, foreign;
  gsize n;

  g_variant_get (reply, "(tuu@a" ISS_ROW_VARIANT_TYPE ")", &snapshot, &total, &foreign, &rows);
  n = g_variant_n_children (rows);
  listing->n_pages++;

  if (total > MAX_PAGES * ISS_ROW_PAGE_MAX || listing->n_pages > MAX_PAGES ||
      n > ISS_ROW_PAGE_MAX)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The server lists more than %d certificates in one store"),
                   MAX_PAGES * ISS_ROW_PAGE_MAX);
      return FALSE;
    }

  if ((listing->snapshot != 0 && snapshot != listing->snapshot) || snapshot == 0 ||
      iss_row_table_get_n_rows (listing->table) + n > total ||
      (n == 0 && iss_row_table_get_n_rows (listing->table) < total))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server's list of certificates contradicts itself"));
      return FALSE;
    }

  listing->snapshot = snapshot;
  if (!iss_row_table_append_page (listing->table, rows, error))
    return FALSE;

  iss_row_table_set_n_foreign (listing->table, foreign);
  return iss_row_table_get_n_rows (listing->table) < total;
}

static void
page_listed_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  IssAgentClient *self = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);

  if (reply != NULL && take_page (listing, reply, &error))
    {
      iss_agent_link_call_async (self->link, "ListRows", new_page_request (listing),
                                 "(tuua" ISS_ROW_VARIANT_TYPE ")",
                                 g_task_get_cancellable (task), page_listed_cb,
                                 g_object_ref (task));
      return;
    }

  if (error == NULL)
    {
      g_task_return_pointer (task, g_object_ref (listing->table), g_object_unref);
      return;
    }

  /* A server that floods us is not spoken to any more. */
  if (reply != NULL && g_error_matches (error, ISS_ERROR, ISS_ERROR_TOO_LARGE))
    iss_agent_link_close (self->link, error);
  g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_client_list_rows_async:
 * @self: a client
 * @store: a store
 * @cancellable: (nullable): a cancellable
 * @callback: called when all rows are there
 * @user_data: for @callback
 *
 * Reads the rows of a store, in pages of one snapshot.
 */
void
iss_agent_client_list_rows_async (IssAgentClient      *self,
                                  IssStoreName         store,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  Listing *listing;
  GTask *task;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (store < ISS_N_STORES);

  listing = g_new0 (Listing, 1);
  listing->store = store;
  listing->table = iss_row_table_new_empty (store);

  task = iss_agent_client_new_task (self, iss_agent_client_list_rows_async, cancellable,
                                    callback, user_data);
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  iss_agent_link_call_async (self->link, "ListRows", new_page_request (listing),
                             "(tuua" ISS_ROW_VARIANT_TYPE ")", cancellable, page_listed_cb, task);
}

/**
 * iss_agent_client_list_rows_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full): the rows
 */
IssRowTable *
iss_agent_client_list_rows_finish (IssAgentClient  *self,
                                   GAsyncResult    *result,
                                   GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  GBytes         *sha256;
  GVariant       *reply;         /* once it is there */
  IssCertificate *certificate;
  GVariant       *properties;
} Getting;

static void
getting_free (Getting *getting)
{
  g_bytes_unref (getting->sha256);
  g_clear_pointer (&getting->reply, g_variant_unref);
  g_clear_object (&getting->certificate);
  g_clear_pointer (&getting->properties, g_variant_unref);
  g_free (getting);
}

/* The known members only, each of its type, with clean text. */
static GVariant *
check_properties (GVariant *properties)
{
  const char *const texts[] = { "friendly-name", "description", "origin", "store", "assigned",
                                "key-algorithm" };
  const char *const numbers[] = { "intent", "key", "key-bits" };
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = iss_agent_wire_dup_text (properties, texts[i],
                                                       ISS_AGENT_WIRE_MAX_TEXT);

      g_variant_dict_insert (&dict, texts[i], "s", text);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint32 number = 0;

      g_variant_lookup (properties, numbers[i], "u", &number);
      g_variant_dict_insert (&dict, numbers[i], "u", number);
    }

  g_variant_dict_insert (&dict, "exportable", "b",
                         iss_agent_wire_get_boolean (properties, "exportable"));
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static gboolean
take_certificate (Getting  *getting,
                  GError  **error)
{
  g_autoptr(GVariant) der_variant = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GBytes) der = NULL;

  g_variant_get (getting->reply, "(@ay@a{sv})", &der_variant, &properties);
  der = iss_agent_wire_dup_bytes (der_variant);
  getting->certificate = iss_certificate_new_from_der (der, error);
  if (getting->certificate == NULL)
    return FALSE;

  if (!g_bytes_equal (iss_certificate_get_sha256 (getting->certificate), getting->sha256))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server has answered with another certificate than the one "
                             "that was asked for"));
      return FALSE;
    }

  getting->properties = check_properties (properties);
  return TRUE;
}

static void
take_certificate_worker (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (take_certificate (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* A server may send what takes its time to decode: the main loop does not wait for that. */
static void
certificate_got_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Getting *getting = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  getting->reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);
  if (getting->reply != NULL)
    g_task_run_in_thread (task, take_certificate_worker);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_client_get_certificate_async:
 * @self: a client
 * @store: nick of a store, or "" for any
 * @sha256: 32 bytes
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer has come
 * @user_data: for @callback
 *
 * Reads one certificate with its properties there.
 */
void
iss_agent_client_get_certificate_async (IssAgentClient      *self,
                                        const char          *store,
                                        GBytes              *sha256,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  Getting *getting;
  GTask *task;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (store != NULL);
  g_return_if_fail (sha256 != NULL);

  getting = g_new0 (Getting, 1);
  getting->sha256 = g_bytes_ref (sha256);
  task = iss_agent_client_new_task (self, iss_agent_client_get_certificate_async, cancellable,
                                    callback, user_data);
  g_task_set_task_data (task, getting, (GDestroyNotify) getting_free);

  iss_agent_link_call_async (self->link, "GetCertificate",
                             g_variant_new ("(s@ay)", store, iss_agent_wire_new_bytes (sha256)),
                             "(aya{sv})", cancellable, certificate_got_cb, task);
}

/**
 * iss_agent_client_get_certificate_finish:
 * @self: a client
 * @result: what the callback got
 * @out_properties: (out) (optional) (transfer full): an a{sv} as in the XML, every member
 *   there and checked; untouched on failure
 * @error: return location for an error
 *
 * Returns: (transfer full): the certificate that was asked for and no other
 */
IssCertificate *
iss_agent_client_get_certificate_finish (IssAgentClient  *self,
                                         GAsyncResult    *result,
                                         GVariant       **out_properties,
                                         GError         **error)
{
  Getting *getting;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  getting = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  if (out_properties != NULL)
    *out_properties = g_variant_ref (getting->properties);
  return g_object_ref (getting->certificate);
}

static GPtrArray *
read_judgements (GVariant  *judgements,
                 gsize      n_asked,
                 GError   **error)
{
  g_autoptr(GPtrArray) read = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  if (g_variant_n_children (judgements) != n_asked)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                           _("The server has not judged what it was asked about"));
      return NULL;
    }

  for (gsize i = 0; i < n_asked; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (judgements, i);
      GPtrArray *findings = iss_agent_wire_read_findings (child, error);

      if (findings == NULL)
        return NULL;
      g_ptr_array_add (read, findings);
    }

  return g_steal_pointer (&read);
}

static void
judged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  gsize n_asked = GPOINTER_TO_SIZE (g_task_get_task_data (task));
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = iss_agent_link_call_finish (ISS_AGENT_LINK (object), result, &error);
  g_autoptr(GVariant) member = NULL;
  GPtrArray *judgements = NULL;

  if (reply != NULL)
    {
      member = g_variant_get_child_value (reply, 0);
      judgements = read_judgements (member, n_asked, &error);
    }

  if (judgements != NULL)
    g_task_return_pointer (task, judgements, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * iss_agent_client_judge_async:
 * @self: a client
 * @type: the name of a certificate type
 * @certificates: (element-type GBytes): SHA-256 of at most 256 certificates
 * @server_name: (nullable): the server's name
 * @sip_domains: (nullable): the pool's SIP domains
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer has come
 * @user_data: for @callback
 *
 * Asks whether certificates suit a type, there and now.
 */
void
iss_agent_client_judge_async (IssAgentClient      *self,
                              const char          *type,
                              GPtrArray           *certificates,
                              const char          *server_name,
                              const char *const   *sip_domains,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (ISS_IS_AGENT_CLIENT (self));
  g_return_if_fail (type != NULL);
  g_return_if_fail (certificates != NULL && certificates->len <= ISS_AGENT_WIRE_MAX_ASKED);

  task = iss_agent_client_new_task (self, iss_agent_client_judge_async, cancellable,
                                    callback, user_data);
  g_task_set_task_data (task, GSIZE_TO_POINTER (certificates->len), NULL);
  iss_agent_link_call_async (self->link, "Judge",
                             g_variant_new ("(s@aay@a{sv})", type,
                                            iss_agent_wire_new_hashes (certificates),
                                            iss_agent_client_new_options (server_name, sip_domains,
                                                                          FALSE, FALSE)),
                             "(aa(uss))", cancellable, judged_cb, task);
}

/**
 * iss_agent_client_judge_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type GPtrArray): an array of #IssFinding for each
 *   certificate, in order
 */
GPtrArray *
iss_agent_client_judge_finish (IssAgentClient  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
