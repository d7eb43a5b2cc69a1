/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/resident.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>

#include "core/agent/agent-scheduler.h"
#include "core/agent/ssh-failure.h"
#include "core/base/error.h"
#include "core/replication/scheduler-lock.h"
#include "core/replication/scheduler.h"

/* What was said last of a trouble that lasts: it is said once. */
typedef struct
{
  IssRootFolder *root;
  IssClock      *clock;
  char          *said;
} Journal;

static void
say (Journal    *journal,
     const char *text)
{
  if (g_strcmp0 (journal->said, text) == 0)
    return;

  g_free (journal->said);
  journal->said = g_strdup (text);
  if (*text != '\0')
    g_printerr ("issuant-agent: %s\n", text);
}

/* Each task that has failed, in one line: with the journal that is what an administrator sees. */
static char *
dup_trouble (IssRootFolder *root,
             IssClock      *clock,
             guint         *out_n)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) tasks = iss_scheduler_list (root, iss_clock_now (clock), &error);
  GString *text = g_string_new (NULL);
  guint n = 0;

  if (tasks == NULL)
    {
      g_string_append (text, error->message);
      n++;
    }

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);

      /* Whoever reloads services says himself what has failed. */
      if (iss_task_get_state (task) != ISS_TASK_STATE_FAILED ||
          iss_task_get_kind (task) == ISS_TASK_RELOAD)
        continue;

      g_string_append_printf (text, "%s%s: %s", n > 0 ? "; " : "", iss_task_get_id (task),
                              iss_task_get_result (task));
      n++;
    }

  *out_n = n;

  return g_string_free (text, FALSE);
}

static void
ran_cb (IssAgentScheduler *scheduler,
        Journal           *journal)
{
  const GError *error = iss_agent_scheduler_get_error (scheduler);
  g_autofree char *trouble = NULL;
  guint n;

  if (error != NULL)
    {
      say (journal, error->message);
      return;
    }

  trouble = dup_trouble (journal->root, journal->clock, &n);
  say (journal, trouble);
}

static gboolean
end_cb (gpointer user_data)
{
  gboolean *ended = user_data;

  *ended = TRUE;

  return G_SOURCE_CONTINUE;
}

/**
 * agent_resident_stay:
 * @root: the server's folder
 * @clock: (transfer full): the time of day
 *
 * Runs what is due at its instant, until SIGTERM or SIGINT; what is under way then is finished.
 *
 * Returns: the program's exit status
 */
int
agent_resident_stay (IssRootFolder *root,
                     IssClock      *clock)
{
  g_autoptr(IssClock) owned = clock;
  g_autoptr(IssAgentScheduler) scheduler = NULL;
  g_autoptr(GError) error = NULL;
  Journal journal = { root, clock, NULL };
  gboolean ended = FALSE;

  scheduler = iss_agent_scheduler_new (root, clock, TRUE, &error);
  if (scheduler == NULL)
    {
      g_printerr ("issuant-agent: %s\n", error->message);
      return ISS_AGENT_EXIT_FAILED;
    }

  g_signal_connect (scheduler, "ran", G_CALLBACK (ran_cb), &journal);
  g_unix_signal_add (SIGTERM, end_cb, &ended);
  g_unix_signal_add (SIGINT, end_cb, &ended);

  while (!ended || iss_agent_scheduler_is_busy (scheduler))
    g_main_context_iteration (NULL, TRUE);

  g_signal_handlers_disconnect_by_data (scheduler, &journal);
  g_free (journal.said);

  return EXIT_SUCCESS;
}

/**
 * agent_resident_run_due:
 * @root: the server's folder
 * @clock: (transfer full): the time of day
 *
 * Runs what is due now, once; where a service does that already there is nothing to do.
 *
 * Returns: the program's exit status: failure when a task has failed and waits for its next try
 */
int
agent_resident_run_due (IssRootFolder *root,
                        IssClock      *clock)
{
  g_autoptr(IssClock) owned = clock;
  g_autoptr(IssAgentScheduler) scheduler = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *trouble = NULL;
  guint n;

  if (iss_scheduler_lock_get_resident_since (root) != 0)
    return EXIT_SUCCESS;

  scheduler = iss_agent_scheduler_new (root, clock, FALSE, &error);
  if (scheduler == NULL)
    {
      g_printerr ("issuant-agent: %s\n", error->message);
      return ISS_AGENT_EXIT_FAILED;
    }

  while (iss_agent_scheduler_get_n_passes (scheduler) == 0)
    g_main_context_iteration (NULL, TRUE);

  if (iss_agent_scheduler_get_error (scheduler) != NULL)
    {
      g_printerr ("issuant-agent: %s\n", iss_agent_scheduler_get_error (scheduler)->message);
      return ISS_AGENT_EXIT_FAILED;
    }

  trouble = dup_trouble (root, clock, &n);
  if (n == 0)
    return EXIT_SUCCESS;

  g_printerr ("issuant-agent: %s\n", trouble);

  return ISS_AGENT_EXIT_FAILED;
}
