/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/agent/agent-tasks.h"
#include "core/base/time-text.h"
#include "core/replication/task-text.h"

/* How many of those that are over a table shows of each server. */
#define MOST_OVER 5

static const char *const options[] = { "server", "pool", NULL };

/* What one server says. */
typedef struct
{
  IssServer     *server;   /* borrowed */
  IssAgentTasks *tasks;    /* (nullable) */
} Answer;

typedef struct
{
  CtlContext *context;     /* borrowed */
  GArray     *answers;     /* (element-type Answer) */
} Look;

static void
answer_clear (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->tasks, iss_agent_tasks_free);
}

static void
start_call (IssServer           *server,
            gpointer             data,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr(IssAgentCall) call = iss_agent_tasks_new_call ();

  iss_server_call_async (server, call, cancellable, callback, user_data);
}

static char *
finish_call (IssServer     *server,
             gpointer       data,
             GAsyncResult  *result,
             GError       **error)
{
  Look *look = data;
  IssAgentTasks *tasks = iss_server_call_finish (server, result, error);

  if (tasks == NULL)
    return NULL;

  for (guint i = 0; i < look->answers->len; i++)
    {
      Answer *answer = &g_array_index (look->answers, Answer, i);

      if (answer->server == server)
        answer->tasks = tasks;
    }

  return g_strdup ("");
}

static void
print_task (IssJsonText *json,
            IssServer   *server,
            IssTask     *task,
            gint64       now)
{
  const gint64 tried = iss_task_get_last_try (task);
  const gint64 next = iss_task_get_next_try (task);
  g_autofree char *due = iss_time_text_iso (iss_task_get_due (task));
  g_autofree char *last_try = tried != 0 ? iss_time_text_iso (tried) : NULL;
  g_autofree char *next_try = next != 0 ? iss_time_text_iso (next) : NULL;
  const char *type = iss_task_get_type_name (task);
  const char *certificate = iss_task_get_certificate (task);
  const char *consumer = iss_task_get_consumer (task);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "server", iss_server_get_name (server));
  iss_json_text_name_string (json, "task", iss_task_kind_get_name (iss_task_get_kind (task)));
  iss_json_text_name_string (json, "id", iss_task_get_id (task));
  iss_json_text_name_string (json, "type", *type != '\0' ? type : NULL);
  iss_json_text_name_string (json, "consumer", *consumer != '\0' ? consumer : NULL);
  iss_json_text_name_string (json, "sha256", *certificate != '\0' ? certificate : NULL);
  iss_json_text_name_string (json, "due", due);
  iss_json_text_name_string (json, "state", iss_task_state_get_name (iss_task_get_state (task)));
  iss_json_text_name_integer (json, "late", iss_task_get_lateness (task, now));
  iss_json_text_name_integer (json, "attempts", iss_task_get_attempts (task));
  iss_json_text_name_string (json, "lastTry", last_try);
  iss_json_text_name_string (json, "nextTry", next_try);
  iss_json_text_name_string (json, "result", iss_task_get_result (task));
  iss_json_text_end_object (json);
}

static void
print_server (IssJsonText  *json,
              const Answer *answer)
{
  g_autofree char *since = answer->tasks->resident_since != 0
    ? iss_time_text_iso (answer->tasks->resident_since) : NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "server", iss_server_get_name (answer->server));
  iss_json_text_name_string (json, "residentSince", since);
  iss_json_text_end_object (json);
}

static void
print_json (Look *look)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < look->answers->len; i++)
    {
      const Answer *answer = &g_array_index (look->answers, Answer, i);

      if (answer->tasks != NULL)
        print_server (json, answer);
    }
  iss_json_text_end_array (json);

  iss_json_text_name (json, "tasks");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < look->answers->len; i++)
    {
      const Answer *answer = &g_array_index (look->answers, Answer, i);
      const IssAgentTasks *tasks = answer->tasks;

      for (guint k = 0; tasks != NULL && k < tasks->waiting->len; k++)
        print_task (json, answer->server, tasks->waiting->pdata[k], tasks->time);
      for (guint k = 0; tasks != NULL && k < tasks->over->len; k++)
        print_task (json, answer->server, tasks->over->pdata[k], tasks->time);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (look->context, text);
  ctl_context_print (look->context, "\n");
}

static void
add_row (CtlTable     *table,
         const Answer *answer,
         IssTask      *task,
         GTimeZone    *zone)
{
  const gint64 now = answer->tasks->time;
  g_autofree char *type = iss_task_text_dup_type (task);
  g_autofree char *name = iss_server_dup_short_name (answer->server);
  g_autofree char *due = iss_time_text_instant (iss_task_get_due (task), zone);
  g_autofree char *state = iss_task_text_dup_state (task, now);
  g_autofree char *result = iss_task_text_dup_result (task, now, zone);
  const char *cells[] =
    {
      name, iss_task_kind_get_label (iss_task_get_kind (task)), *type != '\0' ? type : "–", due,
      state, *result != '\0' ? result : "–", NULL
    };

  ctl_table_add (table, cells);
}

static void
print_table (Look *look)
{
  const char *titles[] =
    {
      _("Server"), _("Task"), _("Type"), _("Due"), _("State"), _("Last result"), NULL
    };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  GTimeZone *zone = ctl_context_get_zone (look->context);
  g_autofree char *text = NULL;
  guint n_answers = 0;
  guint n_rows = 0;

  for (guint i = 0; i < look->answers->len; i++)
    {
      const Answer *answer = &g_array_index (look->answers, Answer, i);
      const IssAgentTasks *tasks = answer->tasks;

      if (tasks == NULL)
        continue;

      n_answers++;
      for (guint k = 0; k < tasks->waiting->len; k++, n_rows++)
        add_row (table, answer, tasks->waiting->pdata[k], zone);
      for (guint k = 0; k < MIN (tasks->over->len, MOST_OVER); k++, n_rows++)
        add_row (table, answer, tasks->over->pdata[k], zone);
    }

  if (n_answers == 0)
    return;

  text = n_rows > 0 ? ctl_table_to_text (table) : g_strdup (_("Nothing is scheduled.\n"));
  ctl_context_print (look->context, text);
}

/* Services are reloaded by somebody else. */
static gboolean
has_waiting (const IssAgentTasks *tasks)
{
  for (guint i = 0; i < tasks->waiting->len; i++)
    {
      if (iss_task_get_kind (tasks->waiting->pdata[i]) != ISS_TASK_RELOAD)
        return TRUE;
    }

  return FALSE;
}

/* Only where something is waiting that nobody will run. */
static void
warn_of_absence (Look *look)
{
  for (guint i = 0; i < look->answers->len; i++)
    {
      const Answer *answer = &g_array_index (look->answers, Answer, i);
      g_autofree char *name = iss_server_dup_short_name (answer->server);
      g_autofree char *text = NULL;

      if (answer->tasks == NULL || !has_waiting (answer->tasks) ||
          answer->tasks->resident_since != 0)
        continue;

      text = iss_task_text_dup_resident (name, 0, NULL);
      ctl_context_warn (look->context, text);
    }
}

static CtlExitStatus
say_outcome (Look   *look,
             IssJob *job)
{
  CtlExitStatus status = CTL_EXIT_STATUS_NOT_REACHED;
  guint n_answers = 0;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      const Answer *answer = &g_array_index (look->answers, Answer, i);
      const GError *error = iss_job_entry_get_error (iss_job_get_entry (job, i));

      if (error == NULL)
        {
          n_answers++;
          continue;
        }

      ctl_context_warn_of_server (answer->server, error->message);
      if (iss_server_is_answering (answer->server))
        status = ctl_exit_status_of_error (error);
    }

  if (n_answers == look->answers->len)
    return CTL_EXIT_STATUS_DONE;

  return n_answers > 0 ? CTL_EXIT_STATUS_PARTLY : status;
}

static CtlExitStatus
get_task (CtlContext *context)
{
  g_autoptr(GArray) answers = g_array_new (FALSE, TRUE, sizeof (Answer));
  Look look = { context, answers };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  g_array_set_clear_func (answers, answer_clear);
  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  for (guint i = 0; i < servers->len; i++)
    {
      const Answer answer = { servers->pdata[i], NULL };

      g_array_append_val (answers, answer);
    }

  job = iss_job_new (servers, start_call, finish_call, &look, NULL);
  ctl_context_run_job (context, job);

  if (ctl_context_wants_json (context))
    print_json (&look);
  else
    print_table (&look);
  warn_of_absence (&look);

  return say_outcome (&look, job);
}

const CtlVerb ctl_get_task_verb =
{
  .name = "get-task",
  .summary = N_("Show what servers do at an instant, and what became of it"),
  .words = "",
  .options = options,
  .run = get_task,
};
