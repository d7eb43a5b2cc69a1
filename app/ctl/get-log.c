/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/agent/agent-log.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/store/audit-sentence.h"

#define USUAL_LAST 100
#define MOST_LAST 100000
/* A server that sends empty pages is not asked for ever. */
#define MAX_ROUNDS 256

static const char *const options[] = { "server", "pool", "since", "filter", "last", "verify",
                                       NULL };

/* What one server says. */
typedef struct
{
  IssServer       *server;    /* borrowed */
  GPtrArray       *entries;   /* (element-type IssAuditEntry), newest first */
  guint64          next;
  IssAuditCheck   *check;     /* (nullable) */
  GError          *error;     /* (nullable) */
} Record;

typedef struct
{
  CtlContext       *context;  /* borrowed */
  IssAgentLogQuery  query;
  guint             last;
  gboolean          verify;
  GPtrArray        *records;  /* (element-type Record) */
} Look;

/* An entry and where it was written. */
typedef struct
{
  IssServer     *server;
  IssAuditEntry *entry;
  gint64         time;        /* of what is no entry, that of the next one */
} Row;

static void
record_free (Record *record)
{
  g_ptr_array_unref (record->entries);
  g_free (record->check);
  g_clear_error (&record->error);
  g_free (record);
}

static Record *
find_record (Look      *look,
             IssServer *server)
{
  for (guint i = 0; i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];

      if (record->server == server)
        return record;
    }

  return NULL;
}

static void
start_call (IssServer           *server,
            gpointer             data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  Look *look = data;
  Record *record = find_record (look, server);
  IssAgentLogQuery query = look->query;
  g_autoptr(IssAgentCall) call = NULL;

  query.before = record->next;
  query.limit = MIN (look->last - record->entries->len, ISS_AGENT_LOG_MAX_PAGE);
  call = look->verify ? iss_agent_log_new_verify () : iss_agent_log_new_get (&query);
  iss_server_call_async (server, call, cancellable, callback, user_data);
}

static char *
finish_call (IssServer     *server,
             gpointer       data,
             GAsyncResult  *result,
             GError       **error)
{
  Look *look = data;
  Record *record = find_record (look, server);
  gpointer value = iss_server_call_finish (server, result, error);

  if (value == NULL)
    return NULL;

  if (look->verify)
    {
      record->check = value;
    }
  else
    {
      IssAgentLogPage *page = value;

      record->next = page->next;
      for (guint i = 0; i < page->entries->len; i++)
        g_ptr_array_add (record->entries, g_object_ref (page->entries->pdata[i]));
      iss_agent_log_page_free (page);
    }

  return g_strdup ("");
}

/* Asks each of the servers once. */
static void
run_round (Look      *look,
           GPtrArray *servers)
{
  g_autoptr(IssJob) job = iss_job_new (servers, start_call, finish_call, look, NULL);

  ctl_context_run_job (look->context, job);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      const GError *error = iss_job_entry_get_error (iss_job_get_entry (job, i));
      Record *record = find_record (look, servers->pdata[i]);

      if (error != NULL)
        record->error = g_error_copy (error);
    }
}

/* Those that have more to say of what is wanted. */
static GPtrArray *
dup_unfinished (Look *look)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];

      if (record->error == NULL && record->next != 0 && record->entries->len < look->last)
        g_ptr_array_add (servers, g_object_ref (record->server));
    }

  return servers;
}

static void
ask (Look      *look,
     GPtrArray *servers)
{
  g_autoptr(GPtrArray) left = g_ptr_array_ref (servers);

  for (guint i = 0; i < MAX_ROUNDS && left->len > 0; i++)
    {
      run_round (look, left);
      g_ptr_array_unref (left);
      left = dup_unfinished (look);
    }
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const Row *one = a;
  const Row *other = b;

  if (one->time != other->time)
    return one->time < other->time ? -1 : 1;
  if (one->server != other->server)
    return strcmp (iss_server_get_name (one->server), iss_server_get_name (other->server));

  return iss_audit_entry_get_offset (one->entry) < iss_audit_entry_get_offset (other->entry)
    ? -1 : 1;
}

/* All servers' entries, the newest last, and no more than are wanted. */
static GArray *
merge (Look     *look,
       gboolean *out_more)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  *out_more = FALSE;
  for (guint i = 0; i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];
      gint64 time = 0;

      *out_more |= record->next != 0;
      for (guint k = record->entries->len; k > 0; k--)
        {
          IssAuditEntry *entry = record->entries->pdata[k - 1];
          Row row = { record->server, entry, 0 };

          if (iss_audit_entry_get_time (entry) != 0)
            time = iss_audit_entry_get_time (entry);
          row.time = time;
          g_array_append_val (rows, row);
        }
    }

  g_array_sort (rows, compare_rows);
  if (rows->len > look->last)
    {
      *out_more = TRUE;
      g_array_remove_range (rows, 0, rows->len - look->last);
    }

  return rows;
}

static void
print_entry (IssJsonText *json,
             const Row   *row)
{
  static const char *const states[] = { "whole", "torn", "damaged" };
  const char *const *details = iss_audit_entry_get_details (row->entry);
  gint64 time = iss_audit_entry_get_time (row->entry);
  g_autofree char *iso = time != 0 ? iss_time_text_iso (time) : NULL;
  g_autofree char *sentence = iss_audit_sentence_dup (row->entry);

  G_STATIC_ASSERT (G_N_ELEMENTS (states) == ISS_N_AUDIT_ENTRY_STATES);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "server", iss_server_get_name (row->server));
  iss_json_text_name_integer (json, "n", (gint64) iss_audit_entry_get_n (row->entry));
  iss_json_text_name_string (json, "state", states[iss_audit_entry_get_state (row->entry)]);
  iss_json_text_name_string (json, "time", iso);
  iss_json_text_name_string (json, "who", iss_audit_entry_get_who (row->entry));
  iss_json_text_name_string (json, "what", iss_audit_entry_get_what (row->entry));
  iss_json_text_name_string (json, "sentence", sentence);
  iss_json_text_name (json, "details");
  iss_json_text_begin_array (json);
  for (guint i = 0; details[i] != NULL; i += 2)
    {
      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "name", details[i]);
      iss_json_text_name_string (json, "value", details[i + 1]);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_name_string (json, "line", iss_audit_entry_get_text (row->entry));
  iss_json_text_end_object (json);
}

static void
print_check (IssJsonText         *json,
             Look                *look,
             IssServer           *server,
             const IssAuditCheck *check)
{
  g_autofree char *text = iss_audit_check_dup_text (check, ctl_context_get_zone (look->context));

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "server", iss_server_get_name (server));
  iss_json_text_name_boolean (json, "unbroken", check->n_faults == 0);
  iss_json_text_name_integer (json, "entries", (gint64) check->n_entries);
  iss_json_text_name_integer (json, "torn", (gint64) check->n_torn);
  iss_json_text_name_integer (json, "faults", (gint64) check->n_faults);
  iss_json_text_name_integer (json, "faultFrom", (gint64) check->from);
  iss_json_text_name_integer (json, "faultLine", (gint64) check->line);
  iss_json_text_name_integer (json, "provenFrom", (gint64) check->proven_from);
  iss_json_text_name_integer (json, "last", (gint64) check->last_n);
  iss_json_text_name_string (json, "sha256", *check->last_hash != '\0' ? check->last_hash : NULL);
  iss_json_text_name_string (json, "sentence", text);
  iss_json_text_end_object (json);
}

static void
print_json (Look   *look,
            GArray *rows)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, look->verify ? "checks" : "entries");
  iss_json_text_begin_array (json);
  for (guint i = 0; !look->verify && i < rows->len; i++)
    print_entry (json, &g_array_index (rows, Row, i));
  for (guint i = 0; look->verify && i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];

      if (record->check != NULL)
        print_check (json, look, record->server, record->check);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (look->context, text);
  ctl_context_print (look->context, "\n");
}

static void
print_table (Look     *look,
             GArray   *rows,
             gboolean  more)
{
  const char *titles[] = { _("Time"), _("Server"), _("Entry"), _("What happened"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;
  guint n_failed = 0;

  for (guint i = 0; i < look->records->len; i++)
    n_failed += ((Record *) look->records->pdata[i])->error != NULL ? 1 : 0;

  if (rows->len == 0 && n_failed == look->records->len)
    return;

  if (rows->len == 0)
    {
      ctl_context_print (look->context, look->query.filter != NULL || look->query.since != 0
                         ? _("No entry is like that.\n") : _("There is no entry yet.\n"));
      return;
    }

  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = &g_array_index (rows, Row, i);
      gint64 time = iss_audit_entry_get_time (row->entry);
      guint64 n = iss_audit_entry_get_n (row->entry);
      g_autofree char *when = time != 0
        ? iss_time_text_instant (time, ctl_context_get_zone (look->context)) : g_strdup ("–");
      g_autofree char *name = iss_server_dup_short_name (row->server);
      g_autofree char *number = n != 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, n)
                                       : g_strdup ("–");
      g_autofree char *sentence = iss_audit_sentence_dup (row->entry);
      const char *cells[] = { when, name, number, sentence, NULL };

      ctl_table_add (table, cells);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (look->context, text);
  if (more)
    g_printerr (_("There are older entries: --last %u shows more.\n"),
                MIN (look->last * 10, MOST_LAST));
}

static void
print_checks (Look *look)
{
  for (guint i = 0; i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];
      g_autofree char *name = iss_server_dup_short_name (record->server);
      g_autofree char *text = NULL;

      if (record->check == NULL)
        continue;

      text = iss_audit_check_dup_text (record->check, ctl_context_get_zone (look->context));
      g_print (_("%s: %s.\n"), name, text);
      if (*record->check->last_hash != '\0')
        g_print (_("  SHA-256 of entry %" G_GUINT64_FORMAT ": %s\n"), record->check->last_n,
                 record->check->last_hash);
    }
}

static CtlExitStatus
say_outcome (Look *look)
{
  guint n_answering = 0;
  gboolean broken = FALSE;
  CtlExitStatus status = CTL_EXIT_STATUS_NOT_REACHED;

  for (guint i = 0; i < look->records->len; i++)
    {
      Record *record = look->records->pdata[i];

      if (record->error != NULL)
        {
          ctl_context_warn_of_server (record->server, record->error->message);
          if (iss_server_is_answering (record->server))
            status = ctl_exit_status_of_error (record->error);
          continue;
        }

      n_answering++;
      broken = broken || (record->check != NULL && record->check->n_faults > 0);
    }

  if (broken)
    return CTL_EXIT_STATUS_FAILED;
  if (n_answering == look->records->len)
    return CTL_EXIT_STATUS_DONE;

  return n_answering > 0 ? CTL_EXIT_STATUS_PARTLY : status;
}

/* A date alone is its first instant where the shell is. */
static gboolean
parse_since (Look        *look,
             const char  *typed,
             GError     **error)
{
  g_autofree char *midnight = g_strconcat (typed, "T00:00:00", NULL);
  g_autoptr(GDateTime) date = strlen (typed) == strlen ("2026-10-30") && typed[4] == '-'
    ? g_date_time_new_from_iso8601 (midnight, ctl_context_get_zone (look->context)) : NULL;

  if (date == NULL)
    return iss_time_text_parse (typed, &look->query.since, error);

  look->query.since = g_date_time_to_unix (date);
  return TRUE;
}

static gboolean
read_options (Look    *look,
              GError **error)
{
  const char *last = ctl_context_get (look->context, "last");
  const char *since = ctl_context_get (look->context, "since");
  guint64 n = USUAL_LAST;

  if (last != NULL && !g_ascii_string_to_unsigned (last, 10, 1, MOST_LAST, &n, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("--last needs a number from 1 to %d"), MOST_LAST);
      return FALSE;
    }

  if (since != NULL && !parse_since (look, since, error))
    return FALSE;

  look->last = (guint) n;
  look->query.filter = ctl_context_get (look->context, "filter");
  look->verify = ctl_context_has (look->context, "verify");
  if (look->verify && (look->query.filter != NULL || since != NULL || last != NULL))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--verify checks the whole record: leave --since, --filter and "
                             "--last out"));
      return FALSE;
    }

  return TRUE;
}

static CtlExitStatus
get_log (CtlContext *context)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) record_free);
  Look look = { .context = context, .records = records };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GArray) rows = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  gboolean more;

  if (!read_options (&look, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  for (guint i = 0; i < servers->len; i++)
    {
      Record *record = g_new0 (Record, 1);

      record->server = servers->pdata[i];
      record->entries = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (records, record);
    }

  ask (&look, servers);
  rows = merge (&look, &more);

  if (ctl_context_wants_json (context))
    print_json (&look, rows);
  else if (look.verify)
    print_checks (&look);
  else
    print_table (&look, rows, more);

  return say_outcome (&look);
}

const CtlVerb ctl_get_log_verb =
{
  .name = "get-log",
  .summary = N_("Show who changed what and when, or with --verify whether that record is whole"),
  .words = "",
  .options = options,
  .run = get_log,
};
