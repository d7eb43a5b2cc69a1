/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/scheduler-lock.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define LOCK_NAME "scheduler.lock"
#define MAX_BYTES 64

/* The bytes of the file that stand for something. Locking them needs nothing written there. */
#define RUNS 0
#define RESIDENT 1

/**
 * IssSchedulerLock:
 *
 * A lock on an open file description: it excludes another one of the same process as one of
 * another, whoever asks after it disturbs nobody, and it goes with a holder that dies.
 *
 * Of its two bytes everybody who runs tasks has the first, and a service the second, too. Who
 * stages for tomorrow asks for the second: that a console's agent runs tasks now, while somebody
 * looks, is no promise for then.
 */
struct _IssSchedulerLock
{
  int      fd;
  gboolean resident;
};

static struct flock
lock_of (short type,
         off_t first,
         off_t length)
{
  return (struct flock) { .l_type = type, .l_whence = SEEK_SET, .l_start = first,
                          .l_len = length };
}

static int
open_lock (IssRootFolder  *root,
           GError        **error)
{
  int fd = openat (iss_root_folder_get_fd (root), LOCK_NAME,
                   O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    iss_error_set_from_errno (error, errno, _("The lock %s/%s cannot be opened"),
                              iss_root_folder_get_path (root), LOCK_NAME);

  return fd;
}

static gboolean
is_locked (int   fd,
           off_t byte)
{
  struct flock lock = lock_of (F_WRLCK, byte, 1);

  return fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/**
 * iss_scheduler_lock_try:
 * @root: a server's folder
 * @resident: whether it is for a service, which has it as long as it lives
 * @now: seconds since 1970
 * @error: return location for an error: %ISS_ERROR_BUSY when somebody else has it
 *
 * Takes the lock without waiting.
 *
 * Returns: (transfer full): the lock, or %NULL with @error set
 */
IssSchedulerLock *
iss_scheduler_lock_try (IssRootFolder  *root,
                        gboolean        resident,
                        gint64          now,
                        GError        **error)
{
  struct flock lock = lock_of (F_WRLCK, RUNS, resident ? 2 : 1);
  IssSchedulerLock *self;
  int fd;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  fd = open_lock (root, error);
  if (fd < 0)
    return NULL;

  if (fcntl (fd, F_OFD_SETLK, &lock) != 0)
    {
      int saved_errno = errno;

      if (saved_errno == EAGAIN || saved_errno == EACCES)
        g_set_error (error, ISS_ERROR, ISS_ERROR_BUSY,
                     _("Another agent runs the tasks of %s"), iss_root_folder_get_path (root));
      else
        iss_error_set_from_errno (error, saved_errno, _("The lock %s/%s cannot be taken"),
                                  iss_root_folder_get_path (root), LOCK_NAME);
      close (fd);
      return NULL;
    }

  /* Only to be shown: on a full disk the lock holds all the same. */
  if (resident)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT "\n", now);

      if (ftruncate (fd, 0) == 0 && pwrite (fd, text, strlen (text), 0) < 0)
        errno = 0;
    }

  self = g_new0 (IssSchedulerLock, 1);
  self->fd = fd;
  self->resident = resident;

  return self;
}

/**
 * iss_scheduler_lock_free:
 * @self: (transfer full): the lock
 *
 * Gives it back.
 */
void
iss_scheduler_lock_free (IssSchedulerLock *self)
{
  if (self->resident && ftruncate (self->fd, 0) != 0)
    errno = 0;   /* what stands there is read only while the lock is held */

  close (self->fd);
  g_free (self);
}

/**
 * iss_scheduler_lock_get_resident_since:
 * @root: a server's folder
 *
 * Returns: since when a service runs the tasks of this server, at least 1; 0 when none does
 */
gint64
iss_scheduler_lock_get_resident_since (IssRootFolder *root)
{
  char text[MAX_BYTES + 1];
  gint64 since = 0;
  int fd;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), 0);

  fd = open_lock (root, NULL);
  if (fd < 0)
    return 0;

  if (is_locked (fd, RESIDENT))
    {
      ssize_t size = pread (fd, text, MAX_BYTES, 0);

      text[MAX (size, 0)] = '\0';
      since = MAX (g_ascii_strtoll (text, NULL, 10), 1);
    }
  close (fd);

  return since;
}

/**
 * iss_scheduler_lock_check_resident:
 * @root: a server's folder
 * @server_name: what the server is called
 * @error: return location for %ISS_ERROR_NEEDS_CONFIRMATION
 *
 * To be asked before something is staged there for a later instant.
 *
 * Returns: whether a service is there that will run it
 */
gboolean
iss_scheduler_lock_check_resident (IssRootFolder  *root,
                                   const char     *server_name,
                                   GError        **error)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (server_name != NULL, FALSE);

  if (iss_scheduler_lock_get_resident_since (root) != 0)
    return TRUE;

  /* Translators: the name of a server */
  g_set_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION,
               _("Nothing on %s will run this roll at its instant: start issuant-agent.service"),
               server_name);

  return FALSE;
}
