/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/temp-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define MAX_ATTEMPTS 100

struct _IssTempFolder
{
  char *path;
};

static void
open_and_remove_children (const char *path,
                          void (*remove) (const char *path))
{
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;

  /* A test may have left a folder that even its owner may not enter. */
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
  dir = g_dir_open (path, 0, &error);
  g_assert_no_error (error);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove (child);
    }
}

/* Symbolic links are removed, never followed. An agent that was told to end may still be writing
 * its last file: then a folder is filled again while it is emptied. */
static void
remove_tree (const char *path)
{
  for (guint attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
    {
      struct stat info;

      if (lstat (path, &info) != 0)
        {
          g_assert_cmpint (errno, ==, ENOENT);
          return;
        }

      if (S_ISDIR (info.st_mode))
        open_and_remove_children (path, remove_tree);

      if (g_remove (path) == 0)
        return;

      g_test_message ("%s: %s, once more", path, g_strerror (errno));
    }

  g_error ("%s cannot be removed", path);
}

static void
list_tree (GPtrArray  *lines,
           const char *path,
           const char *shown)
{
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  const char *name;

  dir = g_dir_open (path, 0, &error);
  g_assert_no_error (error);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *child_shown = g_build_filename (shown, name, NULL);
      struct stat info;

      g_assert_cmpint (lstat (child, &info), ==, 0);
      g_ptr_array_add (lines, g_strdup_printf ("%04o %s%s\n", info.st_mode & 07777, child_shown,
                                               S_ISDIR (info.st_mode) ? "/" : ""));
      if (S_ISDIR (info.st_mode))
        list_tree (lines, child, child_shown);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const char *one = *(const char **) a;
  const char *other = *(const char **) b;

  /* Behind the mode. */
  return g_strcmp0 (one + 5, other + 5);
}

/**
 * iss_temp_folder_new:
 *
 * Makes an empty folder, mode 0700. Aborts the test if it cannot.
 *
 * Returns: (transfer full): the folder
 */
IssTempFolder *
iss_temp_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  IssTempFolder *self = g_new0 (IssTempFolder, 1);

  self->path = g_dir_make_tmp ("issuant-test-XXXXXX", &error);
  g_assert_no_error (error);

  return self;
}

/**
 * iss_temp_folder_free:
 * @self: (transfer full): a folder
 *
 * Removes the folder with everything in it.
 */
void
iss_temp_folder_free (IssTempFolder *self)
{
  remove_tree (self->path);
  g_free (self->path);
  g_free (self);
}

/**
 * iss_temp_folder_get_path:
 * @self: a folder
 *
 * Returns: its absolute path
 */
const char *
iss_temp_folder_get_path (IssTempFolder *self)
{
  return self->path;
}

/**
 * iss_temp_folder_dup_path:
 * @self: a folder
 * @name: a path below it
 *
 * Returns: (transfer full): the absolute path of @name, which need not exist
 */
char *
iss_temp_folder_dup_path (IssTempFolder *self,
                          const char    *name)
{
  return g_build_filename (self->path, name, NULL);
}

/**
 * iss_temp_folder_write:
 * @self: a folder
 * @name: a path below it; the folders on the way are made
 * @data: the bytes
 * @size: how many, or -1 if @data is a string
 *
 * Writes a file, mode 0600.
 *
 * Returns: (transfer full): its absolute path
 */
char *
iss_temp_folder_write (IssTempFolder *self,
                       const char    *name,
                       gconstpointer  data,
                       gssize         size)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  /* With no flag GLib 2.74 leaves the tail of a longer file that was there. */
  g_file_set_contents_full (path, data, size, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&path);
}

/**
 * iss_temp_folder_read:
 * @self: a folder
 * @name: a file below it
 * @out_size: (out) (optional): how many bytes
 *
 * Returns: (transfer full): the file's bytes and a final zero
 */
char *
iss_temp_folder_read (IssTempFolder *self,
                      const char    *name,
                      gsize         *out_size)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (self->path, name, NULL);
  char *data = NULL;

  g_file_get_contents (path, &data, out_size, &error);
  g_assert_no_error (error);

  return data;
}

/**
 * iss_temp_folder_dup_listing:
 * @self: a folder
 *
 * Everything below the folder as text, to compare a whole tree with one assertion.
 *
 * Returns: (transfer full): one line "mode path" each, sorted; folders end in a slash
 */
char *
iss_temp_folder_dup_listing (IssTempFolder *self)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  list_tree (lines, self->path, "");
  g_ptr_array_sort (lines, compare_names);
  g_ptr_array_add (lines, NULL);

  return g_strjoinv (NULL, (char **) lines->pdata);
}
