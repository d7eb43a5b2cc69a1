/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-child.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/agent/agent-stream.h"
#include "core/agent/ssh-failure.h"
#include "core/agent/ssh-host-key.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_STDERR (8 * 1024)
#define CHUNK 4096
#define MAX_PATH 1024

#define DISMISS_SECONDS 5
#define EXPLAIN_SECONDS 2
#define LAST_WORDS_MILLISECONDS 500

/**
 * IssAgentChild:
 *
 * A process of ours and its stderr. Stays until the process has ended, whoever lets go of it:
 * no zombie is left, and none that does not end when it is told to.
 */
struct _IssAgentChild
{
  GObject               parent_instance;

  /* Owned */
  IssConnectionAddress *address;
  GSubprocess          *process;
  GIOStream            *stream;
  GCancellable         *stop_listening;
  GByteArray           *tail;          /* the last of its stderr */
  char                 *host_key;      /* (nullable): what ssh was shown */
  GPtrArray            *explaining;    /* (element-type GTask) */

  guint                 killer;        /* source id */
  guint                 last_words;    /* source id: stderr is open, but nobody may write there */
  gboolean              has_ended;
  gboolean              is_silent;     /* stderr has ended */
};

G_DEFINE_FINAL_TYPE (IssAgentChild, iss_agent_child, G_TYPE_OBJECT)

static void
iss_agent_child_finalize (GObject *object)
{
  IssAgentChild *self = ISS_AGENT_CHILD (object);

  g_clear_handle_id (&self->killer, g_source_remove);
  g_clear_handle_id (&self->last_words, g_source_remove);
  g_clear_pointer (&self->address, iss_connection_address_unref);
  g_clear_object (&self->process);
  g_clear_object (&self->stream);
  g_clear_object (&self->stop_listening);
  g_byte_array_unref (self->tail);
  g_free (self->host_key);
  g_ptr_array_unref (self->explaining);

  G_OBJECT_CLASS (iss_agent_child_parent_class)->finalize (object);
}

static void
iss_agent_child_class_init (IssAgentChildClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_agent_child_finalize;
}

static void
iss_agent_child_init (IssAgentChild *self)
{
  self->tail = g_byte_array_new ();
  self->explaining = g_ptr_array_new_with_free_func (g_object_unref);
  self->stop_listening = g_cancellable_new ();
}

static char *
dup_tail (IssAgentChild *self)
{
  return self->tail->len > 0 ? g_strndup ((const char *) self->tail->data, self->tail->len)
                             : g_strdup ("");
}

/* Looked for again with all that is said: another key than before, and none is known. */
static void
look_for_host_key (IssAgentChild *self)
{
  const char *process = g_subprocess_get_identifier (self->process);
  g_autofree char *text = NULL;
  g_autofree char *found = NULL;

  if (process == NULL ||
      iss_connection_address_get_kind (self->address) != ISS_CONNECTION_SSH)
    return;

  text = dup_tail (self);
  found = iss_ssh_host_key_find (text, process);
  if (found == NULL || g_strcmp0 (found, self->host_key) == 0)
    return;

  if (self->host_key == NULL)
    {
      self->host_key = g_steal_pointer (&found);
      return;
    }

  g_free (self->host_key);
  self->host_key = g_strdup ("");
}

static GError *
explain (IssAgentChild *self)
{
  g_autofree char *text = dup_tail (self);
  int status = g_subprocess_get_if_exited (self->process)
    ? g_subprocess_get_exit_status (self->process) : -1;

  return iss_ssh_failure_new (self->address, status, text);
}

static void
answer_if_known (IssAgentChild *self)
{
  g_autoptr(GPtrArray) explaining = NULL;

  if (!self->has_ended || !self->is_silent)
    return;

  explaining = g_steal_pointer (&self->explaining);
  self->explaining = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < explaining->len; i++)
    g_task_return_pointer (explaining->pdata[i], explain (self), (GDestroyNotify) g_error_free);
}

/* A master connection of ssh's, or whatever the child has left behind, may hold stderr open. */
static gboolean
last_words_over_cb (gpointer user_data)
{
  IssAgentChild *self = ISS_AGENT_CHILD (user_data);

  self->last_words = 0;
  g_cancellable_cancel (self->stop_listening);
  return G_SOURCE_REMOVE;
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssAgentChild) self = ISS_AGENT_CHILD (user_data);

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  self->has_ended = TRUE;
  g_clear_handle_id (&self->killer, g_source_remove);
  if (!self->is_silent)
    self->last_words = g_timeout_add (LAST_WORDS_MILLISECONDS, last_words_over_cb, self);
  answer_if_known (self);
}

static void
stderr_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(IssAgentChild) self = ISS_AGENT_CHILD (user_data);
  GInputStream *input = G_INPUT_STREAM (object);
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (input, result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      self->is_silent = TRUE;
      g_clear_handle_id (&self->last_words, g_source_remove);
      answer_if_known (self);
      return;
    }

  g_byte_array_append (self->tail, g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
  look_for_host_key (self);
  if (self->tail->len > MAX_STDERR)
    g_byte_array_remove_range (self->tail, 0, self->tail->len - MAX_STDERR);

  g_input_stream_read_bytes_async (input, CHUNK, G_PRIORITY_DEFAULT, self->stop_listening,
                                   stderr_read_cb, g_object_ref (self));
}

/* Both ends of what will be the stream: ours, and the child's stdin and stdout. */
static gboolean
open_ends (gboolean   socket,
           int        ours[2],
           int        theirs[2],
           GError   **error)
{
  int ends[2];

  if (socket)
    {
      if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        {
          iss_error_set_from_errno (error, errno, _("A connection cannot be opened"));
          return FALSE;
        }

      ours[0] = ours[1] = ends[0];
      theirs[0] = ends[1];
      theirs[1] = fcntl (ends[1], F_DUPFD_CLOEXEC, 3);
      if (theirs[1] >= 0)
        return TRUE;

      iss_error_set_from_errno (error, errno, _("A connection cannot be opened"));
      close (ends[0]);
      close (ends[1]);
      return FALSE;
    }

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;

  theirs[0] = ends[0];
  ours[1] = ends[1];
  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    {
      close (theirs[0]);
      close (ours[1]);
      return FALSE;
    }

  ours[0] = ends[0];
  theirs[1] = ends[1];
  return TRUE;
}

static void
set_environment (GSubprocessLauncher *launcher,
                 const IssLaunch     *launch)
{
  /* What ssh says is read by a program. */
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);

  if (launch->askpass == NULL)
    {
      g_subprocess_launcher_unsetenv (launcher, "SSH_ASKPASS");
      g_subprocess_launcher_unsetenv (launcher, "SSH_ASKPASS_REQUIRE");
      return;
    }

  /* Forced: else ssh asks on a terminal that nobody sees. */
  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS", launch->askpass, TRUE);
  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS_REQUIRE", "force", TRUE);
}

static gboolean
spawn (IssAgentChild    *self,
       const IssLaunch  *launch,
       GError          **error)
{
  gboolean local = iss_connection_address_get_kind (self->address) == ISS_CONNECTION_LOCAL;
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) local_error = NULL;
  g_auto(GStrv) argv = iss_launch_dup_argv (launch, self->address);
  int ours[2], theirs[2];

  if (!open_ends (local, ours, theirs, error))
    return FALSE;

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_take_stdin_fd (launcher, theirs[0]);
  g_subprocess_launcher_take_stdout_fd (launcher, theirs[1]);
  if (!local)
    set_environment (launcher, launch);

  self->stream = iss_agent_stream_new_for_fds (ours[0], ours[1], error);
  if (self->stream == NULL)
    return FALSE;

  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv,
                                                &local_error);
  if (self->process == NULL)
    {
      g_set_error (error, ISS_ERROR, local ? ISS_ERROR_NO_AGENT : ISS_ERROR_FAILED,
                   _("%s cannot be started here: %s"), argv[0], local_error->message);
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_agent_child_spawn:
 * @address: the server
 * @launch: how to start agents
 * @error: return location for an error
 *
 * Starts the agent, or ssh that starts it, with the protocol on its stdin and stdout.
 *
 * Returns: (transfer full): the child
 */
IssAgentChild *
iss_agent_child_spawn (IssConnectionAddress  *address,
                       const IssLaunch       *launch,
                       GError               **error)
{
  g_autoptr(IssAgentChild) self = NULL;
  GInputStream *errors;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (launch != NULL, NULL);

  if (!g_path_is_absolute (launch->remote_agent) ||
      !iss_text_is_clean (launch->remote_agent, MAX_PATH))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The path of issuant-agent on the server must begin with “/”"));
      return NULL;
    }

  self = g_object_new (ISS_TYPE_AGENT_CHILD, NULL);
  self->address = iss_connection_address_ref (address);
  if (!spawn (self, launch, error))
    return NULL;

  errors = g_subprocess_get_stderr_pipe (self->process);
  g_input_stream_read_bytes_async (errors, CHUNK, G_PRIORITY_DEFAULT, self->stop_listening,
                                   stderr_read_cb, g_object_ref (self));
  g_subprocess_wait_async (self->process, NULL, ended_cb, g_object_ref (self));
  return g_steal_pointer (&self);
}

/**
 * iss_agent_child_get_stream:
 * @self: a child
 *
 * Returns: (transfer none): what it speaks the protocol on
 */
GIOStream *
iss_agent_child_get_stream (IssAgentChild *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CHILD (self), NULL);

  return self->stream;
}

/**
 * iss_agent_child_get_host_key:
 * @self: a child
 *
 * Returns: (transfer none) (nullable): see iss_ssh_host_key_find(); %NULL for a local agent, too
 */
const char *
iss_agent_child_get_host_key (IssAgentChild *self)
{
  g_return_val_if_fail (ISS_IS_AGENT_CHILD (self), NULL);

  return self->host_key;
}

static gboolean
kill_cb (gpointer user_data)
{
  IssAgentChild *self = ISS_AGENT_CHILD (user_data);

  self->killer = 0;
  g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

static void
kill_in (IssAgentChild *self,
         guint          seconds)
{
  if (self->has_ended)
    return;

  g_clear_handle_id (&self->killer, g_source_remove);
  self->killer = g_timeout_add_seconds (seconds, kill_cb, self);
}

/**
 * iss_agent_child_dismiss:
 * @self: a child whose stream was closed
 *
 * It ends by itself; if it has not in 5 seconds, it is killed.
 */
void
iss_agent_child_dismiss (IssAgentChild *self)
{
  g_return_if_fail (ISS_IS_AGENT_CHILD (self));

  kill_in (self, DISMISS_SECONDS);
}

/**
 * iss_agent_child_kill:
 * @self: a child
 *
 * Ends it at once.
 */
void
iss_agent_child_kill (IssAgentChild *self)
{
  g_return_if_fail (ISS_IS_AGENT_CHILD (self));

  if (!self->has_ended)
    g_subprocess_force_exit (self->process);
}

/**
 * iss_agent_child_explain_async:
 * @self: a child whose stream has ended
 * @callback: called when it has ended, too
 * @user_data: for @callback
 *
 * Waits for what the child has to say about its end.
 */
void
iss_agent_child_explain_async (IssAgentChild       *self,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (ISS_IS_AGENT_CHILD (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, iss_agent_child_explain_async);
  g_ptr_array_add (self->explaining, task);
  kill_in (self, EXPLAIN_SECONDS);
  answer_if_known (self);
}

/**
 * iss_agent_child_explain_finish:
 * @self: a child
 * @result: what the callback got
 *
 * Returns: (transfer full): why it ended; see iss_ssh_failure_new()
 */
GError *
iss_agent_child_explain_finish (IssAgentChild *self,
                                GAsyncResult  *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}
