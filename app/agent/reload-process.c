/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/reload-process.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"

#define CHUNK 4096
#define MAX_KEPT (16 * 1024)
#define BETWEEN_LINES " / "

/* The process has ended, but what it has left behind may hold its output open. */
#define LAST_WORDS_MILLISECONDS 500

/* It was killed; what the kernel holds does not end even so. */
#define DEATH_SECONDS 5

/* Nothing that a caller of ours could set, and nothing of the desktop's. */
static const char *const environment[] =
{
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "LANG=C.UTF-8",
  "HOME=/",
  "SYSTEMD_COLORS=0",
  "SYSTEMD_PAGER=",
  NULL
};

/* One command. Held by its task until it has ended and its output was read. */
typedef struct
{
  /* Owned */
  GSubprocess  *process;
  GCancellable *stop_reading;
  GByteArray   *tail;           /* the last of what it said */

  guint         seconds;
  guint         timer;          /* source id: until it is too late */
  guint         last_words;     /* source id */
  gboolean      timed_out;
  gboolean      has_ended;
  gboolean      is_silent;
  gboolean      is_over;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_clear_handle_id (&run->timer, g_source_remove);
  g_clear_handle_id (&run->last_words, g_source_remove);
  g_clear_object (&run->process);
  g_object_unref (run->stop_reading);
  g_byte_array_unref (run->tail);
  g_free (run);
}

/**
 * agent_reload_process_outcome_free:
 * @self: (transfer full): an outcome
 */
void
agent_reload_process_outcome_free (AgentReloadOutcome *self)
{
  g_free (self->reason);
  g_free (self->output);
  g_free (self);
}

/**
 * agent_reload_process_dup_harmless:
 * @output: what a command said, bytes
 * @size: how many
 *
 * Returns: (transfer full): its last lines in one, of plain text
 */
char *
agent_reload_process_dup_harmless (const char *output,
                                   gsize       size)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *bytes = g_memdup2 (output, size);
  gsize start = 0;
  glong n;

  for (gsize i = 0; i < size; i++)
    {
      if (bytes[i] == '\t' || bytes[i] == '\r')
        bytes[i] = ' ';
    }

  while (start < size)
    {
      const char *newline = memchr (bytes + start, '\n', size - start);
      gsize end = newline != NULL ? (gsize) (newline - bytes) : size;
      g_autofree char *line = iss_text_sanitise (bytes + start, (gssize) (end - start),
                                                 ISS_RELOAD_MAX_OUTPUT);

      g_strstrip (line);
      if (*line != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? BETWEEN_LINES : "", line);

      start = end + 1;
    }

  /* The last words are those that say what went wrong. */
  n = g_utf8_strlen (text->str, -1);
  if (n > ISS_RELOAD_MAX_OUTPUT)
    return g_strconcat ("…", g_utf8_offset_to_pointer (text->str, n - ISS_RELOAD_MAX_OUTPUT + 1),
                        NULL);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_reason (const Run *run)
{
  if (run->timed_out)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "The reload did not end within %u second and was killed",
                                         "The reload did not end within %u seconds and was killed",
                                         run->seconds), run->seconds);

  if (g_subprocess_get_if_signaled (run->process))
    return g_strdup_printf (_("The reload was ended by signal %d (%s)"),
                            g_subprocess_get_term_sig (run->process),
                            g_strsignal (g_subprocess_get_term_sig (run->process)));

  if (g_subprocess_get_exit_status (run->process) != 0)
    return g_strdup_printf (_("The reload ended with status %d"),
                            g_subprocess_get_exit_status (run->process));

  return NULL;
}

static void
finish (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  AgentReloadOutcome *outcome;

  run->is_over = TRUE;
  g_clear_handle_id (&run->timer, g_source_remove);
  g_clear_handle_id (&run->last_words, g_source_remove);
  g_cancellable_cancel (run->stop_reading);

  outcome = g_new0 (AgentReloadOutcome, 1);
  outcome->reason = dup_reason (run);
  outcome->output = agent_reload_process_dup_harmless ((const char *) run->tail->data,
                                                       run->tail->len);
  outcome->state = run->timed_out ? ISS_RELOAD_TIMED_OUT
                 : outcome->reason != NULL ? ISS_RELOAD_FAILED : ISS_RELOAD_DONE;
  g_task_return_pointer (task, outcome, (GDestroyNotify) agent_reload_process_outcome_free);
}

static void
finish_if_over (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (run->has_ended && run->is_silent && !run->is_over)
    finish (task);
}

static gboolean
last_words_over_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Run *run = g_task_get_task_data (task);

  run->last_words = 0;
  run->is_silent = TRUE;
  finish_if_over (task);

  return G_SOURCE_REMOVE;
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Run *run = g_task_get_task_data (task);

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  run->has_ended = TRUE;
  if (!run->is_silent && !run->is_over)
    run->last_words = g_timeout_add (LAST_WORDS_MILLISECONDS, last_words_over_cb, task);
  finish_if_over (task);
}

static void
keep (Run    *run,
      GBytes *bytes)
{
  g_byte_array_append (run->tail, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  if (run->tail->len > MAX_KEPT)
    g_byte_array_remove_range (run->tail, 0, run->tail->len - MAX_KEPT);
}

static void
output_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = G_TASK (user_data);
  Run *run = g_task_get_task_data (task);
  GInputStream *input = G_INPUT_STREAM (object);
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (input, result, NULL);

  if (bytes != NULL && g_bytes_get_size (bytes) > 0 && !run->is_over)
    {
      keep (run, bytes);
      g_input_stream_read_bytes_async (input, CHUNK, G_PRIORITY_DEFAULT, run->stop_reading,
                                       output_read_cb, g_steal_pointer (&task));
      return;
    }

  run->is_silent = TRUE;
  g_clear_handle_id (&run->last_words, g_source_remove);
  finish_if_over (task);
}

/* It does not even die. */
static gboolean
death_awaited_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Run *run = g_task_get_task_data (task);

  run->timer = 0;
  if (!run->is_over)
    finish (task);

  return G_SOURCE_REMOVE;
}

/* With everything that it has started, unless that has left its group. */
static gboolean
too_late_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Run *run = g_task_get_task_data (task);
  const char *pid = g_subprocess_get_identifier (run->process);

  run->timer = 0;
  if (pid == NULL)
    return G_SOURCE_REMOVE;

  run->timed_out = TRUE;
  kill (-(pid_t) g_ascii_strtoll (pid, NULL, 10), SIGKILL);
  run->timer = g_timeout_add_seconds (DEATH_SECONDS, death_awaited_cb, task);

  return G_SOURCE_REMOVE;
}

/* In the child. Whoever kills us shall not leave it without anybody who watches the time. */
static void
prepare_child_cb (gpointer user_data)
{
  (void) setsid ();
  (void) prctl (PR_SET_PDEATHSIG, SIGKILL);
  umask (0022);
}

static GSubprocess *
start (const char *const  *argv,
       GError            **error)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  g_subprocess_launcher_set_cwd (launcher, "/");
  g_subprocess_launcher_set_child_setup (launcher, prepare_child_cb, NULL, NULL);

  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

/**
 * agent_reload_process_run_async:
 * @argv: a program by its whole path, and its arguments
 * @seconds: how long it may take
 * @callback: called when it has ended, or was killed
 * @user_data: for @callback
 *
 * Runs it without a shell, in a session of its own, with a fixed environment and nothing to read.
 */
void
agent_reload_process_run_async (const char *const   *argv,
                                guint                seconds,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr(GError) error = NULL;
  Run *run = g_new0 (Run, 1);

  g_task_set_source_tag (task, agent_reload_process_run_async);
  g_task_set_task_data (task, run, run_free);
  run->stop_reading = g_cancellable_new ();
  run->tail = g_byte_array_new ();
  run->seconds = seconds;
  run->process = start (argv, &error);
  if (run->process == NULL)
    {
      AgentReloadOutcome *outcome = g_new0 (AgentReloadOutcome, 1);

      outcome->state = ISS_RELOAD_FAILED;
      outcome->reason = g_strdup (error->message);
      outcome->output = g_strdup ("");
      g_task_return_pointer (task, outcome, (GDestroyNotify) agent_reload_process_outcome_free);
      return;
    }

  run->timer = g_timeout_add_seconds (seconds, too_late_cb, task);
  g_input_stream_read_bytes_async (g_subprocess_get_stdout_pipe (run->process), CHUNK,
                                   G_PRIORITY_DEFAULT, run->stop_reading, output_read_cb,
                                   g_object_ref (task));
  g_subprocess_wait_async (run->process, NULL, ended_cb, g_object_ref (task));
}

/**
 * agent_reload_process_run_finish:
 * @result: what the callback got
 *
 * Returns: (transfer full): how it has ended
 */
AgentReloadOutcome *
agent_reload_process_run_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, agent_reload_process_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
