/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/row-text.h"

static const char *const options[] = { CTL_VERB_WHERE, "store", NULL };

/* What one job lists: the store, and each server's rows as they come. */
typedef struct
{
  IssStoreName  store;
  GHashTable   *tables;   /* IssServer (borrowed) -> IssRowTable */
} Listing;

static void
start_list (IssServer           *server,
            gpointer             job_data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  Listing *listing = job_data;

  iss_server_list_rows_async (server, listing->store, cancellable, callback, user_data);
}

static char *
finish_list (IssServer     *server,
             gpointer       job_data,
             GAsyncResult  *result,
             GError       **error)
{
  Listing *listing = job_data;
  IssRowTable *table = iss_server_list_rows_finish (server, result, error);

  if (table == NULL)
    return NULL;

  g_hash_table_insert (listing->tables, server, table);

  return g_strdup ("");
}

static const char *
get_key_location (IssKeyState state)
{
  switch (state)
    {
    case ISS_KEY_STATE_FILE:
      return "file";

    case ISS_KEY_STATE_TOKEN:
      return "token";

    case ISS_KEY_STATE_NONE:
      break;
    }

  return "none";
}

static void
add_json_row (IssJsonText  *json,
              const IssRow *row,
              gint64        now)
{
  g_autofree char *thumbprint = iss_row_text_thumbprint (row);
  g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  g_autofree char *not_before = iss_time_text_iso (row->not_before);
  g_autofree char *not_after = iss_time_text_iso (row->not_after);
  g_autofree char *status = iss_row_text_status (row, now);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "issuedTo", row->issued_to);
  iss_json_text_name_string (json, "issuedBy", row->issued_by);
  iss_json_text_name_string (json, "notBefore", not_before);
  iss_json_text_name_string (json, "notAfter", not_after);
  iss_json_text_name_string (json, "status", status);
  iss_json_text_name_string (json, "purposes", row->purposes);
  iss_json_text_name_string (json, "friendlyName", row->friendly_name);
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "sha256", sha256);
  iss_json_text_name_boolean (json, "hasPrivateKey", row->key_state != ISS_KEY_STATE_NONE);
  iss_json_text_name_string (json, "keyLocation", get_key_location (row->key_state));
  iss_json_text_name_boolean (json, "exportable", row->exportable);
  iss_json_text_name_string (json, "keyAlgorithm", row->key_algorithm);
  iss_json_text_name_integer (json, "keyBits", row->key_bits);
  iss_json_text_name_string (json, "assignedTo", row->assigned_to);
  iss_json_text_name_string (json, "intent", iss_intent_to_string (row->intent));
  iss_json_text_name_string (json, "origin", row->origin);
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext *context,
            IssJob     *job,
            Listing    *listing)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "store", iss_store_name_get_nick (listing->store));
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      IssRowTable *table = g_hash_table_lookup (listing->tables, server);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_string (json, "error", table == NULL ? iss_job_entry_get_text (entry)
                                                              : NULL);
      iss_json_text_name (json, "certificates");
      iss_json_text_begin_array (json);
      for (guint k = 0; table != NULL && k < iss_row_table_get_n_rows (table); k++)
        {
          IssRow row;

          iss_row_table_get_row (table, k, &row);
          add_json_row (json, &row, ctl_context_get_now (context));
        }
      iss_json_text_end_array (json);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
add_rows (CtlContext  *context,
          CtlTable    *table,
          IssServer   *server,
          IssRowTable *rows)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  for (guint i = 0; i < iss_row_table_get_n_rows (rows); i++)
    {
      IssRow row;

      iss_row_table_get_row (rows, i, &row);
      {
        g_autofree char *expires = iss_row_text_expires (&row, ctl_context_get_zone (context));
        g_autofree char *purposes = iss_row_text_purposes (row.purposes);
        g_autofree char *status = iss_row_text_status (&row, ctl_context_get_now (context));
        g_autofree char *thumbprint = iss_row_text_thumbprint (&row);
        g_autofree char *key = iss_row_text_key (&row);
        g_autofree char *assigned = iss_row_text_assigned (row.assigned_to);
        const char *cells[] = { name, row.issued_to, row.issued_by, expires, purposes,
                                row.friendly_name, status, thumbprint, key, assigned, NULL };

        ctl_table_add (table, cells);
      }
    }
}

static void
print_table (CtlContext *context,
             IssJob     *job,
             Listing    *listing)
{
  const char *titles[] = { _("Server"), _("Issued To"), _("Issued By"), _("Expiration Date"),
                           _("Intended Purposes"), _("Friendly Name"), _("Status"),
                           _("Thumbprint"), _("Key"), _("Assigned To"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      IssRowTable *rows = g_hash_table_lookup (listing->tables, server);

      if (rows != NULL)
        add_rows (context, table, server, rows);
      if (rows != NULL && iss_row_table_get_n_foreign (rows) > 0)
        g_printerr (g_dngettext (GETTEXT_PACKAGE,
                                 "%s: %u file in the store's folder is not a certificate and was "
                                 "passed over\n",
                                 "%s: %u files in the store's folder are not certificates and were "
                                 "passed over\n", iss_row_table_get_n_foreign (rows)),
                    iss_server_get_name (server), iss_row_table_get_n_foreign (rows));
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);

      if (iss_job_entry_get_state (entry) != ISS_JOB_DONE)
        ctl_context_warn_of_server (iss_job_entry_get_server (entry),
                                    iss_job_entry_get_text (entry));
    }
}

static CtlExitStatus
get_store (CtlContext *context)
{
  const char *nick = ctl_context_get (context, "store");
  g_autoptr(GHashTable) tables = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  Listing listing = { .tables = tables };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  if (!iss_store_name_parse (nick != NULL ? nick : "my", &listing.store, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  job = iss_job_new (servers, start_list, finish_list, &listing, NULL);
  ctl_context_run_job (context, job);

  if (ctl_context_wants_json (context))
    print_json (context, job, &listing);
  else
    print_table (context, job, &listing);

  return ctl_exit_status_of_job (job);
}

const CtlVerb ctl_get_store_verb =
{
  .name = "get-store",
  .summary = N_("List the certificates of a store"),
  .words = "",
  .options = options,
  .run = get_store,
};
