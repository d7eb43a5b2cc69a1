/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/pin-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/replication/administrators.h"

static int
open_folder (const char  *folder,
             GError     **error)
{
  int fd;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), folder);
      return -1;
    }

  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd < 0)
    iss_error_set_from_errno (error, errno, _("%s cannot be opened"), folder);

  return fd;
}

/**
 * iss_pin_folder_dup_name:
 * @pool: a pool
 *
 * Returns: (transfer full): the name of the file that says who may sign for it
 */
char *
iss_pin_folder_dup_name (const char *pool)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (pool != NULL, NULL);

  escaped = g_uri_escape_string (pool, NULL, FALSE);

  return g_strconcat (escaped, ".p7s", NULL);
}

/**
 * iss_pin_folder_read:
 * @folder: the folder; it is made if it is not there
 * @pool: a pool
 * @out_message: (out) (transfer full) (nullable): the signed set; %NULL: none was pinned
 * @error: return location for an error
 *
 * Returns: whether it is known
 */
gboolean
iss_pin_folder_read (const char  *folder,
                     const char  *pool,
                     GBytes     **out_message,
                     GError     **error)
{
  g_autofree char *name = NULL;
  g_autoptr(GError) local_error = NULL;
  GBytes *message;
  int fd;

  g_return_val_if_fail (folder != NULL && pool != NULL && out_message != NULL, FALSE);

  fd = open_folder (folder, error);
  if (fd < 0)
    return FALSE;

  name = iss_pin_folder_dup_name (pool);
  message = iss_atomic_file_read (fd, name, ISS_ADMINISTRATORS_MAX_SIZE, &local_error);
  close (fd);
  if (message == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  *out_message = message;

  return TRUE;
}

/**
 * iss_pin_folder_write:
 * @folder: the folder; it is made if it is not there
 * @pool: a pool
 * @message: the signed set
 * @error: return location for an error
 *
 * Returns: whether it is pinned
 */
gboolean
iss_pin_folder_write (const char  *folder,
                      const char  *pool,
                      GBytes      *message,
                      GError     **error)
{
  g_autofree char *name = NULL;
  gconstpointer data;
  gsize size;
  gboolean written;
  int fd;

  g_return_val_if_fail (folder != NULL && pool != NULL && message != NULL, FALSE);

  fd = open_folder (folder, error);
  if (fd < 0)
    return FALSE;

  name = iss_pin_folder_dup_name (pool);
  data = g_bytes_get_data (message, &size);
  written = iss_atomic_file_replace (fd, name, data, size, 0600, error);
  close (fd);

  return written;
}

/**
 * iss_pin_folder_restore:
 * @folder: the folder
 * @pool: a pool
 * @pinned: (nullable): what was pinned, as of iss_pin_folder_read()
 *
 * Takes back what iss_pin_folder_write() did.
 */
void
iss_pin_folder_restore (const char *folder,
                        const char *pool,
                        GBytes     *pinned)
{
  g_autofree char *name = NULL;
  int fd;

  g_return_if_fail (folder != NULL && pool != NULL);

  if (pinned != NULL)
    {
      iss_pin_folder_write (folder, pool, pinned, NULL);
      return;
    }

  fd = open_folder (folder, NULL);
  if (fd < 0)
    return;

  name = iss_pin_folder_dup_name (pool);
  iss_atomic_file_remove (fd, name, NULL);
  close (fd);
}
