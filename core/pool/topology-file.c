/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology-private.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A topology on the disk: read whole, and written whole or not at all. */

/* Opens the folder that holds @path, following links in the path: a topology
 * file that is a link into a shared folder stays one. */
static int
open_folder_of (const char  *path,
                gboolean     make,
                char       **out_name,
                GError     **error)
{
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *folder = g_path_get_dirname (real != NULL ? real : path);
  int fd;

  if (make && g_mkdir_with_parents (folder, 0700) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), folder);
      return -1;
    }

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be opened"), folder);
      return -1;
    }

  *out_name = g_path_get_basename (real != NULL ? real : path);
  return fd;
}

static GBytes *
read_whole (int          folder,
            const char  *name,
            const char  *path,
            GError     **error)
{
  GBytes *bytes = iss_atomic_file_read (folder, name, ISS_TOPOLOGY_MAX_BYTES, error);

  if (bytes == NULL)
    g_prefix_error (error, "%s: ", path);

  return bytes;
}

/**
 * iss_topology_load:
 * @path: the topology file
 * @error: return location for an error
 *
 * Returns: (transfer full): the topology, or %NULL with @error set;
 *   %ISS_ERROR_NOT_FOUND if there is no such file
 */
IssTopology *
iss_topology_load (const char  *path,
                   GError     **error)
{
  g_autofree char *name = NULL;
  g_autoptr(GBytes) bytes = NULL;
  const char *text;
  gsize size;
  int folder;

  g_return_val_if_fail (path != NULL, NULL);

  folder = open_folder_of (path, FALSE, &name, error);
  if (folder < 0)
    return NULL;

  bytes = read_whole (folder, name, path, error);
  close (folder);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  return iss_topology_parse (text != NULL ? text : "", size, path, error);
}

/* Whether the file on disk is what this object was loaded from. */
static gboolean
check_unchanged (IssTopology  *self,
                 int           folder,
                 const char   *name,
                 const char   *path,
                 GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = read_whole (folder, name, path, &local_error);
  gsize size = 0;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  gboolean same;

  if (bytes == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (bytes == NULL || self->loaded_text == NULL)
    same = bytes == NULL && self->loaded_text == NULL;
  else
    same = size == strlen (self->loaded_text) && (size == 0 || memcmp (text, self->loaded_text,
                                                                       size) == 0);

  if (!same)
    g_set_error (error, ISS_ERROR, ISS_ERROR_CHANGED,
                 _("%s was changed by somebody else since it was read: read it again, then "
                   "repeat the change"),
                 path);

  return same;
}

/**
 * iss_topology_save:
 * @self: a topology
 * @path: the topology file
 * @error: return location for an error
 *
 * Writes the file whole or not at all, with the comments it had. If the file is
 * no longer what was loaded, nothing is written and the error is %ISS_ERROR_CHANGED.
 *
 * Returns: whether it was written
 */
gboolean
iss_topology_save (IssTopology  *self,
                   const char   *path,
                   GError      **error)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  gboolean saved;
  int folder;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  folder = open_folder_of (path, TRUE, &name, error);
  if (folder < 0)
    return FALSE;

  text = iss_topology_to_text (self);

  /* The lock goes with the descriptor; it is held for two short calls only. */
  flock (folder, LOCK_EX);
  saved = check_unchanged (self, folder, name, path, error) &&
          iss_atomic_file_replace (folder, name, text, strlen (text), 0644, error);
  close (folder);

  if (saved)
    {
      g_free (self->loaded_text);
      self->loaded_text = g_steal_pointer (&text);
    }

  return saved;
}
