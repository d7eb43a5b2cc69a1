/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-drift.h"

#include "core/agent/agent-log.h"
#include "core/base/text.h"
#include "core/pool/drift.h"
#include "core/pool/server-private.h"

#include <glib/gi18n-lib.h>

#define MAX_ENTRIES 200

/* What a server's log is asked about: one type. */
typedef struct
{
  char     *type;
  GBytes   *present;    /* (nullable) */
  gboolean  is_gone;
} Question;

typedef struct
{
  GHashTable *questions;   /* server -> Question, owned */
} Work;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->type);
  g_clear_pointer (&self->present, g_bytes_unref);
  g_free (self);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_hash_table_unref (work->questions);
  g_free (work);
}

static char *
dup_present_hex (const Question *question)
{
  return question->present != NULL
         ? iss_text_hex (g_bytes_get_data (question->present, NULL), ISS_SHA256_SIZE, FALSE)
         : NULL;
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Work *work = job_data;
  const Question *question = g_hash_table_lookup (work->questions, server);
  g_autofree char *hex = dup_present_hex (question);
  const IssAgentLogQuery query =
    {
      .limit = MAX_ENTRIES,
      .filter = question->is_gone ? hex : question->type,
    };
  g_autoptr(IssAgentCall) call = iss_agent_log_new_get (&query);

  iss_server_call_async (server, call, cancellable, callback, user_data);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  Work *work = job_data;
  const Question *question = g_hash_table_lookup (work->questions, server);
  g_autoptr(IssAgentLogPage) page = iss_server_call_finish (server, result, error);
  g_autofree char *hex = dup_present_hex (question);
  IssAuditEntry *entry = NULL;
  const char *who = NULL;
  gint64 at = 0;

  if (page == NULL)
    return NULL;

  switch (iss_drift_find_cause (page->entries, question->type, hex, question->is_gone, &entry))
    {
    case ISS_DRIFT_LOGGED:
      who = iss_audit_entry_get_who (entry);
      at = iss_audit_entry_get_time (entry);
      break;

    case ISS_DRIFT_OUTSIDE:
      at = iss_server_get_seen_at (server);
      break;

    case ISS_DRIFT_NEVER:
      break;
    }

  iss_witness_add_change (iss_server_get_witness (server), question->type, question->present, who,
                          at);
  iss_server_witnessed (server);
  return g_strdup (_("its log was asked"));
}

static gboolean
is_known (const IssPresenceCell *cell,
          GBytes                *present)
{
  const IssWitnessed *change = iss_witness_get_change (iss_server_get_witness (cell->server),
                                                       cell->type);

  return change != NULL && (change->sha256 == NULL) == (present == NULL) &&
         (present == NULL || g_bytes_equal (change->sha256, present));
}

/**
 * iss_pool_drift_new:
 * @pool: a pool that was looked at
 * @now: the present, in seconds since 1970 by the console's clock
 *
 * Returns: (transfer full) (nullable): a job that asks each server which is not as it was agreed
 *   who changed the first such type, unless that was asked already of what is there now; %NULL:
 *   there is nothing to ask
 */
IssJob *
iss_pool_drift_new (IssPool *pool,
                    gint64   now)
{
  g_autoptr(IssPresence) presence = NULL;
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  Work *work;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  presence = iss_presence_new (pool, NULL, now, NULL);
  work = g_new0 (Work, 1);
  work->questions = g_hash_table_new_full (NULL, NULL, g_object_unref, question_free);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, i);
        g_autoptr(GBytes) present =
          cell->has_certificate ? g_bytes_new (cell->sha256, ISS_SHA256_SIZE) : NULL;
        Question *question;

        if (!iss_server_is_answering (cell->server) ||
            !iss_drift_is_one (cell, iss_presence_get_column (presence, i)) ||
            is_known (cell, present) || g_hash_table_contains (work->questions, cell->server))
          continue;

        question = g_new0 (Question, 1);
        question->type = g_strdup (cell->type);
        question->present = g_steal_pointer (&present);
        question->is_gone = iss_drift_is_gone (cell);
        g_hash_table_insert (work->questions, g_object_ref (cell->server), question);
        g_ptr_array_add (servers, cell->server);
      }

  if (servers->len == 0)
    {
      work_free (work);
      return NULL;
    }

  return iss_job_new (servers, start, finish, work, work_free);
}
