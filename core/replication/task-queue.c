/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task-queue.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define QUEUE "tasks/queue"
#define DONE "tasks/done"
#define SUFFIX ".conf"
#define FILE_MODE 0600
#define MAX_FILE_SIZE (16 * 1024)
#define MAX_FILES 2000

static int
compare_due (gconstpointer a,
             gconstpointer b)
{
  IssTask *one = *(IssTask *const *) a;
  IssTask *other = *(IssTask *const *) b;
  gint64 due = iss_task_get_due (one);
  gint64 other_due = iss_task_get_due (other);

  if (due != other_due)
    return due < other_due ? -1 : 1;

  return strcmp (iss_task_get_id (one), iss_task_get_id (other));
}

static int
compare_ended (gconstpointer a,
               gconstpointer b)
{
  gint64 ended = iss_task_get_last_try (*(IssTask *const *) a);
  gint64 other_ended = iss_task_get_last_try (*(IssTask *const *) b);

  if (ended != other_ended)
    return ended > other_ended ? -1 : 1;

  return -compare_due (a, b);
}

/* A task under another one's name would be run twice or never. */
static IssTask *
read_task (int         folder,
           const char *name)
{
  g_autoptr(GBytes) text = NULL;
  g_autoptr(IssTask) task = NULL;
  g_autofree char *expected = NULL;

  if (!g_str_has_suffix (name, SUFFIX))
    return NULL;

  text = iss_atomic_file_read (folder, name, MAX_FILE_SIZE, NULL);
  task = text != NULL ? iss_task_new_from_text (text, NULL) : NULL;
  if (task == NULL)
    return NULL;

  expected = g_strconcat (iss_task_get_id (task), SUFFIX, NULL);

  return g_str_equal (expected, name) ? g_steal_pointer (&task) : NULL;
}

static GPtrArray *
read_folder (IssRootFolder  *root,
             const char     *relative,
             guint          *out_n_foreign,
             GError        **error)
{
  g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  int folder = iss_root_folder_open_folder (root, relative, error);
  struct dirent *entry;
  guint n_foreign = 0;
  guint n = 0;
  DIR *dir;

  if (folder < 0)
    return NULL;

  dir = fdopendir (folder);
  if (dir == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s/%s cannot be read"),
                                iss_root_folder_get_path (root), relative);
      close (folder);
      return NULL;
    }

  while ((entry = readdir (dir)) != NULL && n++ < MAX_FILES)
    {
      IssTask *task;

      /* Among them what is being written. */
      if (entry->d_name[0] == '.')
        continue;

      task = read_task (folder, entry->d_name);
      if (task != NULL)
        g_ptr_array_add (tasks, task);
      else
        n_foreign++;
    }
  closedir (dir);

  if (n > MAX_FILES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                   _("The folder %s/%s holds more than %d files: move away what is not a task"),
                   iss_root_folder_get_path (root), relative, MAX_FILES);
      return NULL;
    }

  if (out_n_foreign != NULL)
    *out_n_foreign = n_foreign;

  return g_steal_pointer (&tasks);
}

/**
 * iss_task_queue_read:
 * @root: a server's folder
 * @out_n_foreign: (out) (optional): how many files are not tasks
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssTask): the tasks that were begun and are not over,
 *   in the order of their instants
 */
GPtrArray *
iss_task_queue_read (IssRootFolder  *root,
                     guint          *out_n_foreign,
                     GError        **error)
{
  GPtrArray *tasks;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  tasks = read_folder (root, QUEUE, out_n_foreign, error);
  if (tasks != NULL)
    g_ptr_array_sort (tasks, compare_due);

  return tasks;
}

/**
 * iss_task_queue_read_done:
 * @root: a server's folder
 * @out_n_foreign: (out) (optional): how many files are not tasks
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type IssTask): the tasks that are over, about the last
 *   %ISS_TASK_QUEUE_MAX_DONE, the one that ended last first
 */
GPtrArray *
iss_task_queue_read_done (IssRootFolder  *root,
                          guint          *out_n_foreign,
                          GError        **error)
{
  GPtrArray *tasks;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  tasks = read_folder (root, DONE, out_n_foreign, error);
  if (tasks != NULL)
    g_ptr_array_sort (tasks, compare_ended);

  return tasks;
}

static gboolean
write_task (IssRootFolder  *root,
            const char     *relative,
            IssTask        *task,
            GError        **error)
{
  g_autofree char *name = g_strconcat (iss_task_get_id (task), SUFFIX, NULL);
  g_autofree char *text = iss_task_to_text (task);
  int folder = iss_root_folder_open_folder (root, relative, error);
  gboolean is_written;

  if (folder < 0)
    return FALSE;

  is_written = iss_atomic_file_replace (folder, name, text, strlen (text), FILE_MODE, error);
  close (folder);

  return is_written;
}

static gboolean
remove_task (IssRootFolder  *root,
             const char     *relative,
             IssTask        *task,
             GError        **error)
{
  g_autofree char *name = g_strconcat (iss_task_get_id (task), SUFFIX, NULL);
  g_autoptr(GError) local_error = NULL;
  int folder = iss_root_folder_open_folder (root, relative, error);

  if (folder < 0)
    return FALSE;

  iss_atomic_file_remove (folder, name, &local_error);
  close (folder);

  if (local_error == NULL || g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/**
 * iss_task_queue_put:
 * @root: a server's folder, whose writers' lock the caller holds
 * @task: a task that is not over
 * @error: return location for an error
 *
 * Records how far a task is, in the place of what was recorded of it before.
 *
 * Returns: whether it is on the disk
 */
gboolean
iss_task_queue_put (IssRootFolder  *root,
                    IssTask        *task,
                    GError        **error)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_TASK (task), FALSE);
  g_return_val_if_fail (!iss_task_is_over (task), FALSE);

  return write_task (root, QUEUE, task, error);
}

/* What is too many goes with the next one at the latest. */
static void
prune (IssRootFolder *root)
{
  g_autoptr(GPtrArray) done = iss_task_queue_read_done (root, NULL, NULL);

  for (guint i = ISS_TASK_QUEUE_MAX_DONE; done != NULL && i < done->len; i++)
    remove_task (root, DONE, g_ptr_array_index (done, i), NULL);
}

/**
 * iss_task_queue_finish:
 * @root: a server's folder, whose writers' lock the caller holds
 * @task: a task that is over
 * @error: return location for an error
 *
 * Moves a task to those that are over. Cut off in the middle it is in both folders: the one
 * where it is over counts, and calling this again ends it.
 *
 * Returns: whether it is on the disk
 */
gboolean
iss_task_queue_finish (IssRootFolder  *root,
                       IssTask        *task,
                       GError        **error)
{
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_TASK (task), FALSE);
  g_return_val_if_fail (iss_task_is_over (task), FALSE);

  if (!write_task (root, DONE, task, error) || !remove_task (root, QUEUE, task, error))
    return FALSE;

  prune (root);

  return TRUE;
}
