/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload-folder.h"

#include "core/assignment/consumer-file.h"
#include "core/base/atomic-file.h"
#include "core/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".reload"
#define FOLDER_MODE 0755
#define FILE_MODE 0644
#define MAX_SIZE (16 * 1024)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* The folder around it belongs to somebody else, who could have put anything there. */
static gboolean
is_believed (const struct stat *info)
{
  return (info->st_uid == 0 || info->st_uid == geteuid ()) && (info->st_mode & 0022) == 0;
}

/**
 * iss_reload_folder_open:
 * @root: descriptor of a server's folder
 * @create: whether to make it where it is missing
 * @error: return location for an error
 *
 * Returns: descriptor of consumers/, which is the caller's own, or root's; -1 with @error set
 */
int
iss_reload_folder_open (int        root,
                        gboolean   create,
                        GError   **error)
{
  struct stat info;
  int folder;

  g_return_val_if_fail (root >= 0, -1);

  if (create && mkdirat (root, ISS_RELOAD_FOLDER, FOLDER_MODE) != 0 && errno != EEXIST)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"),
                                ISS_RELOAD_FOLDER);
      return -1;
    }

  folder = openat (root, ISS_RELOAD_FOLDER, FOLDER_FLAGS);
  if (folder < 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be opened"),
                                ISS_RELOAD_FOLDER);
      return -1;
    }

  /* The umask may have taken something from its mode. */
  if (fstat (folder, &info) == 0 && is_believed (&info) &&
      (!create || info.st_uid != geteuid () || fchmod (folder, FOLDER_MODE) == 0))
    return folder;

  close (folder);
  g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
               _("The folder %s does not belong to root, or others may write there: it is not "
                 "used. Look who made it, and remove it"), ISS_RELOAD_FOLDER);

  return -1;
}

static char *
dup_file_name (const char *consumer)
{
  return g_strconcat (consumer, SUFFIX, NULL);
}

/**
 * iss_reload_folder_write:
 * @folder: descriptor of consumers/
 * @reload: a reload
 * @error: return location for an error
 *
 * Returns: whether it is on the disk
 */
gboolean
iss_reload_folder_write (int               folder,
                         const IssReload  *reload,
                         GError          **error)
{
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (folder >= 0, FALSE);
  g_return_val_if_fail (reload != NULL, FALSE);

  text = iss_reload_to_text (reload);
  name = dup_file_name (reload->consumer);

  return iss_atomic_file_replace (folder, name, text, strlen (text), FILE_MODE, error);
}

static gboolean
is_configured (GPtrArray  *consumers,
               const char *file_name)
{
  for (guint i = 0; i < consumers->len; i++)
    {
      const IssConsumer *consumer = g_ptr_array_index (consumers, i);
      g_autofree char *name = dup_file_name (consumer->name);

      if (g_str_equal (name, file_name))
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_reload_folder_sweep:
 * @folder: descriptor of consumers/
 * @consumers: (element-type IssConsumer): what is configured
 *
 * Removes what was recorded of consumers that are not configured any more, and what was left half
 * written.
 */
void
iss_reload_folder_sweep (int        folder,
                         GPtrArray *consumers)
{
  int copy = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  struct dirent *entry;

  iss_atomic_file_sweep (folder);
  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return;
    }

  while ((entry = readdir (dir)) != NULL)
    {
      if (g_str_has_suffix (entry->d_name, SUFFIX) && !is_configured (consumers, entry->d_name))
        unlinkat (folder, entry->d_name, 0);
    }
  closedir (dir);
}

/* (transfer full) (nullable): what is recorded; what is damaged is as if it were not there, and
 * its consumer is reloaded once more */
static IssReload *
read_record (int         folder,
             const char *consumer)
{
  g_autofree char *name = dup_file_name (consumer);
  g_autoptr(GBytes) text = NULL;
  IssReload *reload;
  struct stat info;

  if (fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !is_believed (&info))
    return NULL;

  text = iss_atomic_file_read (folder, name, MAX_SIZE, NULL);
  reload = text != NULL ? iss_reload_new_from_text (text, NULL) : NULL;
  if (reload == NULL || g_str_equal (reload->consumer, consumer))
    return reload;

  iss_reload_free (reload);

  return NULL;
}

/**
 * iss_reload_folder_read:
 * @root: descriptor of a server's folder
 * @consumers: (element-type IssConsumer): what is configured
 * @error: return location for an error: what is published cannot be found out
 *
 * Returns: (transfer full) (element-type IssReload): of each consumer whether it has read what is
 *   published now, and what is recorded about that
 */
GPtrArray *
iss_reload_folder_read (int         root,
                        GPtrArray  *consumers,
                        GError    **error)
{
  g_autoptr(GPtrArray) reloads = NULL;
  int folder;

  g_return_val_if_fail (root >= 0, NULL);
  g_return_val_if_fail (consumers != NULL, NULL);

  folder = iss_reload_folder_open (root, FALSE, NULL);
  reloads = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_reload_free);
  for (guint i = 0; i < consumers->len; i++)
    {
      const IssConsumer *consumer = g_ptr_array_index (consumers, i);
      g_autoptr(IssReload) before = folder >= 0 ? read_record (folder, consumer->name) : NULL;
      g_autoptr(GError) local_error = NULL;
      IssStagedKey staged = { FALSE };
      IssLiveState live;
      int made = iss_live_state_open (root, consumer->type, &live, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          g_clear_pointer (&reloads, g_ptr_array_unref);
          break;
        }

      if (made >= 0)
        {
          iss_staged_key_look (&staged, made);
          close (made);
        }

      g_ptr_array_add (reloads, iss_reload_new (consumer, before, &live, &staged));
    }

  if (folder >= 0)
    close (folder);

  return g_steal_pointer (&reloads);
}

/**
 * iss_reload_folder_look:
 * @root_path: a server's folder
 * @root: its descriptor
 * @error: return location for an error, also of the configuration
 *
 * Returns: (transfer full) (element-type IssReload): as iss_reload_folder_read(), of what is
 *   configured for this server
 */
GPtrArray *
iss_reload_folder_look (const char  *root_path,
                        int          root,
                        GError     **error)
{
  g_autoptr(GPtrArray) consumers = iss_consumer_file_load (root_path, error);

  return consumers != NULL ? iss_reload_folder_read (root, consumers, error) : NULL;
}

/**
 * iss_reload_folder_may_go:
 * @reloads: (element-type IssReload): of the consumers of a server
 * @type: the name of a type
 * @revision: of a made folder that live/ does not show any more
 *
 * Where nothing is published for @type any more there is no successor that could be waited for.
 *
 * Returns: whether every consumer of the type was reloaded, with success, for a later one
 */
gboolean
iss_reload_folder_may_go (GPtrArray  *reloads,
                          const char *type,
                          guint64     revision)
{
  g_return_val_if_fail (reloads != NULL, FALSE);
  g_return_val_if_fail (type != NULL, FALSE);

  for (guint i = 0; i < reloads->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads, i);

      if (g_str_equal (reload->type, type) && reload->live.revision != 0 &&
          reload->good.revision <= revision)
        return FALSE;
    }

  return TRUE;
}
