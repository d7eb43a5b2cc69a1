/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/helper-process.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"

typedef struct
{
  GPid pid;   /* 0: not started */
  int  fd;    /* -1: closed */
} Child;

typedef struct
{
  const IssHelperProcess *helper;

  int           fd;
  gint64        deadline;      /* of the monotonic clock */
  GCancellable *cancellable;   /* (nullable) */

  /* What is left to send */
  const guint8 *out;
  gsize         out_left;

  /* What is still to come */
  guint8       *in;
  gsize         in_left;
} Exchange;

/* It has answered, or it never will: either way it has no more to do. */
static void
child_clear (Child *child)
{
  if (child->fd >= 0)
    close (child->fd);
  if (child->pid == 0)
    return;

  kill (child->pid, SIGKILL);
  while (waitpid (child->pid, NULL, 0) < 0 && errno == EINTR)
    continue;
  g_spawn_close_pid (child->pid);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Child, child_clear)

/* With nothing of ours but one end of a socket, and nowhere in particular. */
static gboolean
spawn (const IssHelperProcess  *helper,
       const char              *program,
       Child                   *child,
       GError                 **error)
{
  const char *const argv[] = { program, helper->name, helper->option, NULL };
  const GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_FILE_AND_ARGV_ZERO |
                            G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
  g_autoptr(GError) local_error = NULL;
  int ends[2];
  gboolean spawned;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      iss_error_set_from_errno (error, errno, "%s", helper->cannot_start);
      return FALSE;
    }

  child->fd = ends[0];
  spawned = g_spawn_async_with_pipes_and_fds ("/", argv, NULL, flags, NULL, NULL, ends[1], -1, -1,
                                              NULL, NULL, 0, &child->pid, NULL, NULL, NULL,
                                              &local_error);
  close (ends[1]);
  if (!spawned)
    {
      child->pid = 0;
      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED, "%s: %s", helper->cannot_start,
                   local_error->message);
    }

  return spawned;
}

/* Until something can be read, or written as long as there is something to write. */
static gboolean
wait_for_child (Exchange  *exchange,
                short     *out_events,
                GError   **error)
{
  GPollFD cancelled = { .fd = -1 };
  gboolean watches = g_cancellable_make_pollfd (exchange->cancellable, &cancelled);
  struct pollfd fds[2] =
    {
      { .fd = exchange->fd, .events = exchange->out_left > 0 ? POLLIN | POLLOUT : POLLIN },
      { .fd = watches ? cancelled.fd : -1, .events = POLLIN },
    };
  gint64 left;
  int n;

  do
    {
      left = MAX (exchange->deadline - g_get_monotonic_time (), 0);
      n = poll (fds, G_N_ELEMENTS (fds), (int) ((left + 999) / 1000));
    }
  while (n < 0 && errno == EINTR);

  if (watches)
    g_cancellable_release_fd (exchange->cancellable);
  if (g_cancellable_set_error_if_cancelled (exchange->cancellable, error))
    return FALSE;

  if (n <= 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_TOO_COSTLY, exchange->helper->too_late);
      return FALSE;
    }

  *out_events = fds[0].revents;

  return TRUE;
}

/* A child that does not want it all may answer all the same. */
static void
send_some (Exchange *exchange)
{
  gssize n = send (exchange->fd, exchange->out, exchange->out_left, MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;

  if (n < 0)
    n = (gssize) exchange->out_left;

  exchange->out += n;
  exchange->out_left -= (gsize) n;
  if (exchange->out_left == 0)
    (void) shutdown (exchange->fd, SHUT_WR);
}

/* FALSE when nothing more will come. */
static gboolean
receive_some (Exchange *exchange)
{
  gssize n = recv (exchange->fd, exchange->in, exchange->in_left, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return TRUE;

  if (n <= 0)
    return FALSE;

  exchange->in += n;
  exchange->in_left -= (gsize) n;

  return TRUE;
}

/* Reads exactly @size bytes, and sends meanwhile. */
static gboolean
receive (Exchange  *exchange,
         gpointer   into,
         gsize      size,
         GError   **error)
{
  short events;

  exchange->in = into;
  exchange->in_left = size;

  while (exchange->in_left > 0)
    {
      if (!wait_for_child (exchange, &events, error))
        return FALSE;

      if ((events & POLLOUT) != 0 && exchange->out_left > 0)
        send_some (exchange);

      if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !receive_some (exchange))
        {
          g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, exchange->helper->failed);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * iss_helper_process_ask:
 * @self: what kind of helper
 * @program: the program that becomes one
 * @seconds: how long it may take
 * @request: what it is sent
 * @cancellable: (nullable): ends it at once
 * @error: return location for an error
 *
 * Starts the helper, sends it @request, and reads its answer. Blocks: not for the main thread.
 * The helper has ended when this returns.
 *
 * Errors: %ISS_ERROR_TOO_COSTLY after @seconds; %ISS_ERROR_FAILED if it cannot be started,
 * crashes, or begins with no header.
 *
 * Returns: (transfer full): what followed the header, or %NULL with @error set
 */
IssSecret *
iss_helper_process_ask (const IssHelperProcess  *self,
                        const char              *program,
                        guint                    seconds,
                        IssSecret               *request,
                        GCancellable            *cancellable,
                        GError                 **error)
{
  g_auto(Child) child = { 0, -1 };
  g_autoptr(IssSecret) answer = NULL;
  guint8 header[ISS_HELPER_PROCESS_HEADER_SIZE];
  Exchange exchange;
  gpointer data;
  gsize size;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (program != NULL, NULL);
  g_return_val_if_fail (seconds > 0, NULL);
  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!spawn (self, program, &child, error))
    return NULL;

  exchange.helper = self;
  exchange.fd = child.fd;
  exchange.deadline = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;
  exchange.cancellable = cancellable;
  exchange.out = iss_secret_get_data (request, &exchange.out_left);

  if (!receive (&exchange, header, sizeof header, error))
    return NULL;

  if (!self->read_header (header, &size))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED, self->failed);
      return NULL;
    }

  answer = iss_secret_new_sized (size, &data);
  if (!receive (&exchange, data, size, error))
    return NULL;

  return g_steal_pointer (&answer);
}

/**
 * iss_helper_process_reply:
 * @fd: the helper's end of the socket
 * @answer: header and answer
 *
 * Returns: whether all of it was written
 */
gboolean
iss_helper_process_reply (int        fd,
                          IssSecret *answer)
{
  const guint8 *data;
  gsize size;

  g_return_val_if_fail (answer != NULL, FALSE);

  data = iss_secret_get_data (answer, &size);
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno != EINTR)
        return FALSE;

      data += MAX (n, 0);
      size -= (gsize) MAX (n, 0);
    }

  return TRUE;
}
