/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/job-output.h"
#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/pool-trash.h"

static const char *const options[] = { CTL_VERB_WHERE, "thumbprint", "store", "what-if", NULL };

static char *
dup_thumbprint (const IssTrashEntry *entry)
{
  return iss_text_hex (entry->sha1, sizeof entry->sha1, TRUE);
}

static void
add_json_entry (IssJsonText         *json,
                const IssTrashEntry *entry)
{
  g_autofree char *deleted = iss_time_text_iso (entry->deleted);
  g_autofree char *goes = iss_time_text_iso (entry->deleted + ISS_TRASH_SECONDS);
  g_autofree char *not_after = iss_time_text_iso (entry->not_after);
  g_autofree char *thumbprint = dup_thumbprint (entry);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "issuedTo", entry->issued_to);
  iss_json_text_name_string (json, "issuedBy", entry->issued_by);
  iss_json_text_name_string (json, "notAfter", not_after);
  iss_json_text_name_string (json, "friendlyName", entry->friendly_name);
  iss_json_text_name_string (json, "thumbprint", thumbprint);
  iss_json_text_name_string (json, "sha256", entry->sha256_hex);
  iss_json_text_name_string (json, "store", iss_store_name_get_nick (entry->store));
  iss_json_text_name_boolean (json, "hasPrivateKey", entry->has_key);
  iss_json_text_name_string (json, "deletedAt", deleted);
  iss_json_text_name_string (json, "deletedBy", entry->who);
  iss_json_text_name_string (json, "goesAt", goes);
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext *context,
            IssJob     *job)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      const IssAgentTrash *trash = iss_pool_trash_get_listed (job, server);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_string (json, "error", trash == NULL ? iss_job_entry_get_text (entry)
                                                              : NULL);
      iss_json_text_name (json, "trash");
      iss_json_text_begin_array (json);
      for (guint k = 0; trash != NULL && k < trash->entries->len; k++)
        add_json_entry (json, trash->entries->pdata[k]);
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
add_entries (CtlContext          *context,
             CtlTable            *table,
             IssServer           *server,
             const IssAgentTrash *trash)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  for (guint i = 0; i < trash->entries->len; i++)
    {
      const IssTrashEntry *entry = trash->entries->pdata[i];
      GTimeZone *zone = ctl_context_get_zone (context);
      g_autofree char *deleted = iss_time_text_instant (entry->deleted, zone);
      g_autofree char *goes = iss_time_text_date (entry->deleted + ISS_TRASH_SECONDS, zone);
      g_autofree char *thumbprint = dup_thumbprint (entry);
      const char *cells[] = { name, entry->issued_to, iss_store_name_get_label (entry->store),
                              deleted, entry->who, goes, entry->has_key ? _("yes") : _("no"),
                              thumbprint, NULL };

      ctl_table_add (table, cells);
    }
}

static CtlExitStatus
print_trash (CtlContext *context,
             IssJob     *job)
{
  const char *titles[] = { _("Server"), _("Issued To"), _("Deleted From"), _("Deleted"), _("By"),
                           _("Kept Until"), _("Key"), _("Thumbprint"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;
  guint n = 0;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssServer *server = iss_job_entry_get_server (iss_job_get_entry (job, i));
      const IssAgentTrash *trash = iss_pool_trash_get_listed (job, server);

      if (trash == NULL)
        {
          ctl_context_warn_of_server (server, iss_job_entry_get_text (iss_job_get_entry (job, i)));
          continue;
        }

      add_entries (context, table, server, trash);
      n += trash->n_all;
    }

  text = ctl_table_to_text (table);
  if (n > 0)
    ctl_context_print (context, text);
  else
    g_printerr (_("Nothing is in the trash.\n"));

  return ctl_exit_status_of_job (job);
}

static gboolean
is_named (const IssTrashEntry *entry,
          GBytes              *thumbprint)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (thumbprint, &size);

  return size == sizeof entry->sha256 ? memcmp (entry->sha256, data, size) == 0
                                      : memcmp (entry->sha1, data, size) == 0;
}

/* (nullable): the newest that the thumbprint names, from that store if one is said. */
static const IssTrashEntry *
find_entry (const IssAgentTrash *trash,
            GBytes              *thumbprint,
            IssStoreName         store)
{
  for (guint i = 0; trash != NULL && i < trash->entries->len; i++)
    {
      const IssTrashEntry *entry = trash->entries->pdata[i];

      if (is_named (entry, thumbprint) && (store == ISS_N_STORES || store == entry->store))
        return entry;
    }

  return NULL;
}

/* By what is in any trash; or, because it may be back already, in a store. */
static GBytes *
find_sha256 (CtlContext    *context,
             GPtrArray     *servers,
             IssJob        *listed,
             IssStoreName   store,
             const char    *typed,
             GError       **error)
{
  g_autoptr(GBytes) thumbprint = iss_text_parse_thumbprint (typed, error);
  GBytes *found;

  if (thumbprint == NULL)
    return NULL;

  for (guint i = 0; i < servers->len; i++)
    {
      const IssTrashEntry *entry = find_entry (iss_pool_trash_get_listed (listed,
                                                                          servers->pdata[i]),
                                               thumbprint, store);

      if (entry != NULL)
        return g_bytes_new (entry->sha256, sizeof entry->sha256);
    }

  found = ctl_context_find_certificate_in (context, servers,
                                           store == ISS_N_STORES ? ISS_STORE_MY : store, typed,
                                           NULL);
  if (found == NULL)
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("No server that answers has a certificate with the thumbprint %s in its trash: "
                   "without --thumbprint you see what is there"), typed);

  return found;
}

/* A server without it in its trash is asked all the same: it says whether it is back already. */
static gboolean
find_entries (CtlContext    *context,
              GPtrArray     *servers,
              IssJob        *listed,
              IssStoreName   store,
              GHashTable    *wanted,
              GError       **error)
{
  g_auto(GStrv) typed = g_strsplit (ctl_context_get (context, "thumbprint"), ",", -1);
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; typed[i] != NULL; i++)
    {
      GBytes *sha256 = find_sha256 (context, servers, listed, store, g_strstrip (typed[i]), error);

      if (sha256 == NULL)
        return FALSE;

      g_ptr_array_add (hashes, sha256);
    }

  for (guint i = 0; i < servers->len; i++)
    {
      const IssAgentTrash *trash = iss_pool_trash_get_listed (listed, servers->pdata[i]);
      g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

      for (guint k = 0; k < hashes->len; k++)
        {
          const IssTrashEntry *entry = find_entry (trash, hashes->pdata[k], store);
          g_autofree char *hex = iss_text_hex (g_bytes_get_data (hashes->pdata[k], NULL),
                                               ISS_SHA256_SIZE, FALSE);
          g_autofree char *id = entry != NULL ? g_strdup (entry->id)
                                              : g_strconcat ("0-", hex, NULL);

          g_strv_builder_add (ids, id);
        }

      g_hash_table_insert (wanted, servers->pdata[i], g_strv_builder_end (ids));
    }

  return TRUE;
}

static CtlExitStatus
restore_certificate (CtlContext *context)
{
  gboolean restores = ctl_context_has (context, "thumbprint");
  const char *nick = ctl_context_get (context, "store");
  g_autoptr(GHashTable) wanted = g_hash_table_new_full (NULL, NULL, NULL,
                                                        (GDestroyNotify) g_strfreev);
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) listed = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssStoreName store = ISS_N_STORES;
  IssPool *pool = NULL;

  if (nick != NULL && !iss_store_name_parse (nick, &store, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, restores, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  listed = iss_pool_trash_list_new (servers);
  ctl_context_run_job (context, listed);

  if (!restores && ctl_context_wants_json (context))
    {
      print_json (context, listed);
      return ctl_exit_status_of_job (listed);
    }

  if (!restores)
    return print_trash (context, listed);

  if (!find_entries (context, servers, listed, store, wanted, &error))
    return ctl_context_fail (context, error);

  job = iss_pool_trash_restore_new (wanted, ctl_context_has (context, "what-if"));
  ctl_context_run_job (context, job);

  return ctl_job_output_print (context, job, "restore-certificate");
}

const CtlVerb ctl_restore_certificate_verb =
{
  .name = "restore-certificate",
  .summary = N_("Restore what was deleted; without --thumbprint show the trash"),
  .words = "",
  .options = options,
  .run = restore_certificate,
};
