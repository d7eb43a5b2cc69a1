/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/atomic-file.h"

#include "core/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* What is being written has a name ".new.PID.N.NAME", for as short a time as can be. */
#define TEMPORARY_PREFIX ".new."
#define TEMPORARY_NAME_MAX 128
#define TEMPORARY_TRIES 1000

#define READ_STEP (64 * 1024)

/* A file that is not there yet. */
typedef struct
{
  int  folder;                          /* borrowed */
  int  fd;
  char temporary[TEMPORARY_NAME_MAX];   /* "" while it has no name */
} Draft;

static void
draft_clear (Draft *draft)
{
  if (draft->temporary[0] != '\0')
    (void) unlinkat (draft->folder, draft->temporary, 0);

  if (draft->fd >= 0)
    (void) close (draft->fd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

static gboolean
check_name (const char  *name,
            GError     **error)
{
  if (name[0] != '\0'
      && strchr (name, '/') == NULL
      && strcmp (name, ".") != 0
      && strcmp (name, "..") != 0
      && !g_str_has_prefix (name, TEMPORARY_PREFIX))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("“%s” cannot be the name of a file here"), name);

  return FALSE;
}

static void
make_temporary_name (char       *out_temporary,
                     guint       n,
                     const char *name)
{
  g_snprintf (out_temporary, TEMPORARY_NAME_MAX, TEMPORARY_PREFIX "%ld.%u.%s",
              (long) getpid (), n, name);
}

/* Held while the file has its temporary name, so that a sweep can tell a
 * writer that is at work from one that is gone, whatever became of its PID. */
static void
hold (int fd)
{
  (void) flock (fd, LOCK_EX | LOCK_NB);
}

static gboolean
open_named (Draft      *draft,
            const char *name)
{
  for (guint n = 0; n < TEMPORARY_TRIES; n++)
    {
      char temporary[TEMPORARY_NAME_MAX];

      make_temporary_name (temporary, n, name);
      draft->fd = openat (draft->folder, temporary,
                          O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
      if (draft->fd >= 0)
        {
          g_strlcpy (draft->temporary, temporary, sizeof draft->temporary);
          return TRUE;
        }

      if (errno != EEXIST)
        return FALSE;
    }

  return FALSE;
}

/* Without a name where the file system can do that, else with a temporary one. */
static gboolean
open_draft (Draft      *draft,
            const char *name)
{
  draft->fd = openat (draft->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (draft->fd >= 0)
    {
      hold (draft->fd);
      return TRUE;
    }

  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
    return FALSE;

  if (!open_named (draft, name))
    return FALSE;

  hold (draft->fd);

  return TRUE;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        return FALSE;

      data += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static gboolean
link_draft (Draft      *draft,
            const char *name)
{
  char path[64];

  if (draft->temporary[0] != '\0')
    return linkat (draft->folder, draft->temporary, draft->folder, name, 0) == 0;

  /* AT_EMPTY_PATH would need CAP_DAC_READ_SEARCH. */
  g_snprintf (path, sizeof path, "/proc/self/fd/%d", draft->fd);

  return linkat (AT_FDCWD, path, draft->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

/* FAT and its like know no links: there the temporary name becomes the name, unless there is
 * such a file. */
static gboolean
create_from_draft (Draft      *draft,
                   const char *name)
{
  if (link_draft (draft, name))
    return TRUE;

  if (draft->temporary[0] == '\0' || (errno != EPERM && errno != EOPNOTSUPP))
    return FALSE;

  if (renameat2 (draft->folder, draft->temporary, draft->folder, name, RENAME_NOREPLACE) != 0)
    return FALSE;

  draft->temporary[0] = '\0';

  return TRUE;
}

static gboolean
name_draft (Draft      *draft,
            const char *name)
{
  for (guint n = 0; n < TEMPORARY_TRIES; n++)
    {
      char temporary[TEMPORARY_NAME_MAX];

      make_temporary_name (temporary, n, name);
      if (link_draft (draft, temporary))
        {
          g_strlcpy (draft->temporary, temporary, sizeof draft->temporary);
          return TRUE;
        }

      if (errno != EEXIST)
        return FALSE;
    }

  return FALSE;
}

static gboolean
rename_draft (Draft      *draft,
              const char *name)
{
  if (draft->temporary[0] == '\0' && !name_draft (draft, name))
    return FALSE;

  if (renameat (draft->folder, draft->temporary, draft->folder, name) != 0)
    return FALSE;

  draft->temporary[0] = '\0';

  return TRUE;
}

static gboolean
write_draft (Draft         *draft,
             const char    *name,
             gconstpointer  data,
             gsize          size,
             mode_t         mode,
             GError       **error)
{
  if (open_draft (draft, name)
      && fchmod (draft->fd, mode) == 0
      && write_all (draft->fd, data, size)
      && fsync (draft->fd) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The file “%s” cannot be written"), name);

  return FALSE;
}

/* The name is there but would not survive a loss of power. */
static gboolean
sync_folder (int          folder,
             const char  *name,
             GError     **error)
{
  if (fsync (folder) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The folder of “%s” cannot be made durable"), name);

  return FALSE;
}

/**
 * iss_atomic_file_create:
 * @folder: descriptor of the folder, open for reading
 * @name: name of the file
 * @data: (nullable): what it shall hold
 * @size: number of bytes
 * @mode: its mode, exactly: the umask does not count
 * @error: return location for an error
 *
 * Makes a new file, which has its whole content from the moment it has a name
 * and keeps both when the power goes after this function has returned %TRUE.
 *
 * Returns: whether that was done; else %ISS_ERROR_EXISTS if there is such a
 *   name, %ISS_ERROR_NO_SPACE, %ISS_ERROR_PERMISSION, …
 */
gboolean
iss_atomic_file_create (int            folder,
                        const char    *name,
                        gconstpointer  data,
                        gsize          size,
                        mode_t         mode,
                        GError       **error)
{
  g_auto(Draft) draft = { .folder = folder, .fd = -1 };

  g_return_val_if_fail (folder >= 0, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (!check_name (name, error) || !write_draft (&draft, name, data, size, mode, error))
    return FALSE;

  if (!create_from_draft (&draft, name))
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be made"), name);
      return FALSE;
    }

  return sync_folder (folder, name, error);
}

/**
 * iss_atomic_file_replace:
 * @folder: descriptor of the folder, open for reading
 * @name: name of the file
 * @data: (nullable): what it shall hold
 * @size: number of bytes
 * @mode: its mode, exactly: the umask does not count
 * @error: return location for an error
 *
 * Puts a new file in the place of the one called @name, if there is one. A
 * reader gets the old content or the new, never a mixture and never nothing,
 * also across a loss of power.
 *
 * Returns: whether that was done; else the old file is still there. Only when
 *   it is the folder that could not be made durable is the new one.
 */
gboolean
iss_atomic_file_replace (int            folder,
                         const char    *name,
                         gconstpointer  data,
                         gsize          size,
                         mode_t         mode,
                         GError       **error)
{
  g_auto(Draft) draft = { .folder = folder, .fd = -1 };

  g_return_val_if_fail (folder >= 0, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (!check_name (name, error) || !write_draft (&draft, name, data, size, mode, error))
    return FALSE;

  if (!rename_draft (&draft, name))
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be replaced"), name);
      return FALSE;
    }

  return sync_folder (folder, name, error);
}

static gboolean
make_temporary_link (int         folder,
                     const char *name,
                     const char *target,
                     char       *out_temporary)
{
  for (guint n = 0; n < TEMPORARY_TRIES; n++)
    {
      make_temporary_name (out_temporary, n, name);
      if (symlinkat (target, folder, out_temporary) == 0)
        return TRUE;

      if (errno != EEXIST)
        break;
    }

  out_temporary[0] = '\0';

  return FALSE;
}

/**
 * iss_atomic_file_link:
 * @folder: descriptor of the folder, open for reading
 * @name: name of the link
 * @target: what it points to; need not be there
 * @error: return location for an error
 *
 * Makes the symbolic link @name, or points it elsewhere, in one step.
 *
 * Returns: whether that was done, durably
 */
gboolean
iss_atomic_file_link (int          folder,
                      const char  *name,
                      const char  *target,
                      GError     **error)
{
  g_auto(Draft) draft = { .folder = folder, .fd = -1 };

  g_return_val_if_fail (folder >= 0, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (target != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;

  if (!make_temporary_link (folder, name, target, draft.temporary)
      || !rename_draft (&draft, name))
    {
      iss_error_set_from_errno (error, errno, _("The link “%s” cannot be made"), name);
      return FALSE;
    }

  return sync_folder (folder, name, error);
}

/**
 * iss_atomic_file_remove:
 * @folder: descriptor of the folder, open for reading
 * @name: name of a file or link
 * @error: return location for an error
 *
 * Returns: whether it is gone, durably; %ISS_ERROR_NOT_FOUND if it was not there
 */
gboolean
iss_atomic_file_remove (int          folder,
                        const char  *name,
                        GError     **error)
{
  g_return_val_if_fail (folder >= 0, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!check_name (name, error))
    return FALSE;

  if (unlinkat (folder, name, 0) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be removed"), name);
      return FALSE;
    }

  return sync_folder (folder, name, error);
}

static void
set_not_regular (GError     **error,
                 const char  *name)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("“%s” is not a regular file"), name);
}

static void
set_too_large (GError     **error,
               const char  *name,
               gsize        limit)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
               _("The file “%s” is larger than %" G_GSIZE_FORMAT " bytes"), name, limit);
}

/* The size is a guess: the file may grow while it is read. */
static GBytes *
read_all (int          fd,
          const char  *name,
          gsize        guess,
          gsize        limit,
          GError     **error)
{
  g_autoptr(GByteArray) content = g_byte_array_sized_new ((guint) MIN (guess, limit) + 1);
  gsize length = 0;

  for (;;)
    {
      gsize step = length < guess ? guess - length + 1 : READ_STEP;
      gssize n;

      g_byte_array_set_size (content, (guint) (length + MIN (step, limit - length + 1)));
      n = read (fd, content->data + length, content->len - length);
      if (n < 0 && errno == EINTR)
        continue;

      if (n < 0)
        {
          iss_error_set_from_errno (error, errno, _("The file “%s” cannot be read"), name);
          return NULL;
        }

      if (n == 0)
        break;

      length += (gsize) n;
      if (length > limit)
        {
          set_too_large (error, name, limit);
          return NULL;
        }
    }

  g_byte_array_set_size (content, (guint) length);

  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

/**
 * iss_atomic_file_read:
 * @folder: descriptor of the folder
 * @name: name of a file
 * @limit: the most bytes it may have, less than 1 GiB
 * @error: return location for an error
 *
 * Reads a whole regular file. Links are not followed, and a pipe or a device
 * that stands there does not block.
 *
 * Returns: (transfer full): its content, or %NULL with %ISS_ERROR_NOT_FOUND,
 *   %ISS_ERROR_TOO_LARGE, %ISS_ERROR_MALFORMED if it is not a regular file, …
 */
GBytes *
iss_atomic_file_read (int          folder,
                      const char  *name,
                      gsize        limit,
                      GError     **error)
{
  GBytes *content = NULL;
  struct stat st;
  int fd;

  g_return_val_if_fail (folder >= 0, NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (limit < 1024 * 1024 * 1024, NULL);

  if (!check_name (name, error))
    return NULL;

  fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    {
      if (errno == ELOOP || errno == ENXIO)
        set_not_regular (error, name);
      else
        iss_error_set_from_errno (error, errno, _("The file “%s” cannot be read"), name);

      return NULL;
    }

  if (fstat (fd, &st) != 0)
    iss_error_set_from_errno (error, errno, _("The file “%s” cannot be read"), name);
  else if (!S_ISREG (st.st_mode))
    set_not_regular (error, name);
  else if ((guint64) st.st_size > limit)
    set_too_large (error, name, limit);
  else
    content = read_all (fd, name, (gsize) st.st_size, limit, error);

  (void) close (fd);

  return content;
}

/**
 * iss_atomic_file_open_folder:
 * @parent: descriptor of a folder, or `AT_FDCWD`
 * @name: name of a folder in it
 * @mode: the mode to make it with if it is missing, or 0 not to make it
 * @error: return location for an error
 *
 * Returns: a descriptor the caller closes, or -1 with %ISS_ERROR_NOT_FOUND,
 *   %ISS_ERROR_MALFORMED if @name is a link or a file, …
 */
int
iss_atomic_file_open_folder (int          parent,
                             const char  *name,
                             mode_t       mode,
                             GError     **error)
{
  gboolean is_new = FALSE;
  int fd;

  g_return_val_if_fail (parent >= 0 || parent == AT_FDCWD, -1);
  g_return_val_if_fail (name != NULL, -1);

  if (!check_name (name, error))
    return -1;

  if (mode != 0)
    {
      is_new = mkdirat (parent, name, 0700) == 0;
      if (!is_new && errno != EEXIST)
        {
          iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be made"), name);
          return -1;
        }
    }

  fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("“%s” is not a folder"), name);
      return -1;
    }

  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be opened"), name);
      return -1;
    }

  if (is_new && (fchmod (fd, mode) != 0 || (parent >= 0 && fsync (parent) != 0)))
    {
      iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be made"), name);
      (void) close (fd);
      return -1;
    }

  return fd;
}

static gboolean
is_running (const char *temporary)
{
  gint64 pid = g_ascii_strtoll (temporary + strlen (TEMPORARY_PREFIX), NULL, 10);

  return pid > 0 && pid <= G_MAXINT && (kill ((pid_t) pid, 0) == 0 || errno != ESRCH);
}

/* Nobody holds it: see hold(). A link cannot be held and counts as held. */
static gboolean
is_abandoned (int         folder,
              const char *temporary)
{
  int fd = openat (folder, temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gboolean abandoned;

  if (fd < 0)
    return FALSE;

  abandoned = flock (fd, LOCK_EX | LOCK_NB) == 0;
  (void) close (fd);

  return abandoned;
}

/**
 * iss_atomic_file_sweep:
 * @folder: descriptor of a folder, open for reading
 *
 * Removes what writers have left that were killed at work. Those that are
 * still at work are left in peace.
 */
void
iss_atomic_file_sweep (int folder)
{
  struct dirent *entry;
  DIR *entries;
  int fd;

  g_return_if_fail (folder >= 0);

  /* An open file description of its own: reading moves its position. */
  fd = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return;

  entries = fdopendir (fd);
  if (entries == NULL)
    {
      (void) close (fd);
      return;
    }

  while ((entry = readdir (entries)) != NULL)
    {
      if (!g_str_has_prefix (entry->d_name, TEMPORARY_PREFIX))
        continue;

      if (!is_running (entry->d_name) || is_abandoned (folder, entry->d_name))
        (void) unlinkat (folder, entry->d_name, 0);
    }

  (void) closedir (entries);
}
