/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/demo.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/pool/demo-content.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER ".issuant-demo"
#define GROUP "demo"
#define MAX_MARKER 4096
#define MAX_DEPTH 32
#define AGED (30 * 24 * 3600)

/* What stands where the demo shall be. */
typedef enum
{
  PLACE_FREE,      /* nothing, or an empty folder */
  PLACE_GOOD,      /* a demo that can be used */
  PLACE_AGED,      /* a demo that must be made anew */
  PLACE_FOREIGN    /* anything else: never touched */
} Place;

static gboolean
is_dots (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

static int
open_folder_at (int         parent,
                const char *name)
{
  return openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The names in a folder; NULL with errno set. */
static GPtrArray *
list_names (int folder)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  int fd = open_folder_at (folder, ".");
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  while ((entry = readdir (dir)) != NULL)
    if (!is_dots (entry->d_name))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  closedir (dir);

  return g_steal_pointer (&names);
}

/* Removes a file, a link or a folder with everything in it. Links are removed,
 * never followed. */
static gboolean
remove_tree (int         parent,
             const char *name,
             guint       depth)
{
  g_autoptr(GPtrArray) names = NULL;
  gboolean removed = TRUE;
  struct stat info;
  int folder;

  if (fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT;
  if (!S_ISDIR (info.st_mode))
    return unlinkat (parent, name, 0) == 0;
  if (depth == MAX_DEPTH)
    return FALSE;

  folder = open_folder_at (parent, name);
  if (folder < 0)
    return FALSE;

  names = list_names (folder);
  removed = names != NULL;
  for (guint i = 0; removed && i < names->len; i++)
    removed = remove_tree (folder, g_ptr_array_index (names, i), depth + 1);
  close (folder);

  return removed && unlinkat (parent, name, AT_REMOVEDIR) == 0;
}

/* Removes what a demo has made, the marker last: cut off at any point, the rest
 * can still be told for a demo. */
static gboolean
remove_content (int folder)
{
  int files = open_folder_at (folder, "files");
  gboolean removed = TRUE;

  if (files >= 0)
    {
      for (guint i = 0; iss_demo_content_files[i] != NULL; i++)
        removed = remove_tree (files, iss_demo_content_files[i], 0) && removed;
      close (files);
      if (removed)
        removed = unlinkat (folder, "files", AT_REMOVEDIR) == 0;
    }

  for (guint i = 0; iss_demo_content_names[i] != NULL; i++)
    if (strcmp (iss_demo_content_names[i], MARKER) != 0 &&
        strcmp (iss_demo_content_names[i], "files") != 0)
      removed = remove_tree (folder, iss_demo_content_names[i], 0) && removed;

  return removed && remove_tree (folder, MARKER, 0);
}

/* Takes over what somebody else has put between the demo's own. */
static gboolean
carry_over (int                from,
            int                to,
            const char *const *own)
{
  g_autoptr(GPtrArray) names = list_names (from);

  if (names == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);

      if (!g_strv_contains (own, name) &&
          renameat2 (from, name, to, name, RENAME_NOREPLACE) != 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
carry_over_all (int old_folder,
                int new_folder)
{
  int old_files = open_folder_at (old_folder, "files");
  int new_files = open_folder_at (new_folder, "files");
  gboolean carried = carry_over (old_folder, new_folder, iss_demo_content_names);

  if (carried && old_files >= 0 && new_files >= 0)
    carried = carry_over (old_files, new_files, iss_demo_content_files);

  if (old_files >= 0)
    close (old_files);
  if (new_files >= 0)
    close (new_files);

  return carried;
}

static GKeyFile *
read_marker (int folder)
{
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, MARKER, MAX_MARKER, NULL);
  g_autoptr(GKeyFile) marker = g_key_file_new ();

  if (bytes == NULL || !g_key_file_load_from_bytes (marker, bytes, G_KEY_FILE_NONE, NULL) ||
      !g_key_file_has_key (marker, GROUP, "seed", NULL) ||
      !g_key_file_has_key (marker, GROUP, "at", NULL) ||
      !g_key_file_has_key (marker, GROUP, "version", NULL))
    return NULL;

  return g_steal_pointer (&marker);
}

static gboolean
write_marker (int                 folder,
              const IssDemoSpec  *spec,
              gint64              valid_from,
              gint64              expires,
              GError            **error)
{
  g_autoptr(GKeyFile) marker = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize size;

  g_key_file_set_comment (marker, NULL, NULL,
                          " This folder is Issuant's demo pool and may be made anew at any time.",
                          NULL);
  g_key_file_set_string (marker, GROUP, "seed", spec->seed);
  g_key_file_set_int64 (marker, GROUP, "at", spec->at);
  g_key_file_set_integer (marker, GROUP, "version", ISS_DEMO_CONTENT_VERSION);
  g_key_file_set_int64 (marker, GROUP, "valid-from", valid_from);
  g_key_file_set_int64 (marker, GROUP, "expires", expires);
  text = g_key_file_to_data (marker, &size, NULL);

  return iss_atomic_file_replace (folder, MARKER, text, size, 0600, error);
}

/* A demo of which anything is missing is made anew, too. */
static gboolean
is_whole (int folder)
{
  struct stat info;

  for (guint i = 0; iss_demo_content_names[i] != NULL; i++)
    if (fstatat (folder, iss_demo_content_names[i], &info, AT_SYMLINK_NOFOLLOW) != 0)
      return FALSE;

  return TRUE;
}

static Place
judge_folder (int    folder,
              gint64 now)
{
  g_autoptr(GPtrArray) names = list_names (folder);
  g_autoptr(GKeyFile) marker = NULL;

  if (names == NULL)
    return PLACE_FOREIGN;
  if (names->len == 0)
    return PLACE_FREE;

  marker = read_marker (folder);
  if (marker == NULL)
    return PLACE_FOREIGN;

  if (g_key_file_get_integer (marker, GROUP, "version", NULL) != ISS_DEMO_CONTENT_VERSION ||
      now < g_key_file_get_int64 (marker, GROUP, "valid-from", NULL) ||
      now > g_key_file_get_int64 (marker, GROUP, "expires", NULL) - AGED ||
      !is_whole (folder))
    return PLACE_AGED;

  return PLACE_GOOD;
}

static Place
judge_place (int         parent,
             const char *name,
             gint64      now)
{
  int folder = open_folder_at (parent, name);
  Place place;

  if (folder < 0)
    return errno == ENOENT ? PLACE_FREE : PLACE_FOREIGN;

  place = judge_folder (folder, now);
  close (folder);

  return place;
}

static gboolean
refuse_foreign (const char  *path,
                GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
               _("“%s” is there already and is not a demo of Issuant: it is left as it is; "
                 "move it away or choose another folder"), path);
  return FALSE;
}

/* The folder in which the demo is built, empty but for the marker, locked for
 * as long as the descriptor is open. */
static int
open_workshop (int                 parent,
               const char         *name,
               const char         *path,
               const IssDemoSpec  *spec,
               GError            **error)
{
  struct stat opened;
  struct stat named;
  int folder;
  Place place;

  if (mkdirat (parent, name, 0700) != 0 && errno != EEXIST)
    {
      iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be made"), path);
      return -1;
    }

  folder = open_folder_at (parent, name);
  if (folder < 0)
    {
      refuse_foreign (path, error);
      return -1;
    }

  if (flock (folder, LOCK_EX | LOCK_NB) != 0 || fstat (folder, &opened) != 0 ||
      fstatat (parent, name, &named, AT_SYMLINK_NOFOLLOW) != 0 ||
      opened.st_ino != named.st_ino || opened.st_dev != named.st_dev)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_BUSY,
                   _("Another program makes the demo in “%s” right now: try again when it is done"),
                   path);
      close (folder);
      return -1;
    }

  place = judge_folder (folder, spec->at);
  if (place == PLACE_FOREIGN)
    {
      refuse_foreign (path, error);
      close (folder);
      return -1;
    }

  if ((place != PLACE_FREE && !remove_content (folder)) ||
      !write_marker (folder, spec, 0, 0, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("What an earlier try left in “%s” cannot be removed"), path);
      close (folder);
      return -1;
    }

  return folder;
}

/* Puts the new folder in the place of the old one, and then removes the old one. */
static gboolean
exchange (int          parent,
          int          workshop,
          const char  *new_name,
          const char  *name,
          const char  *path,
          GError     **error)
{
  g_autofree char *old_name = g_strconcat (name, ".old", NULL);
  int old_folder = open_folder_at (parent, name);

  /* Over nothing, or over an empty folder. */
  if (old_folder < 0 || renameat (parent, new_name, parent, name) == 0)
    {
      gboolean renamed = old_folder >= 0 || renameat (parent, new_name, parent, name) == 0;

      if (!renamed)
        iss_error_set_from_errno (error, errno, _("The demo cannot be put to “%s”"), path);
      if (old_folder >= 0)
        close (old_folder);
      return renamed;
    }

  /* What is not the demo's own goes along. */
  if (!carry_over_all (old_folder, workshop) ||
      renameat2 (parent, new_name, parent, name, RENAME_EXCHANGE) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The demo cannot be put to “%s”"), path);
      close (old_folder);
      return FALSE;
    }

  /* The old one has the workshop's name now; what stays of it is cleared by the next making. */
  if (remove_content (old_folder))
    unlinkat (parent, new_name, AT_REMOVEDIR);
  close (old_folder);

  return TRUE;
}

static gboolean
build (int                 parent,
       const char         *name,
       const char         *path,
       const IssDemoSpec  *spec,
       GError            **error)
{
  g_autofree char *new_name = g_strconcat (name, ".new", NULL);
  g_autofree char *new_path = g_strconcat (path, ".new", NULL);
  gint64 valid_from;
  gint64 expires;
  gboolean built;
  int workshop;

  workshop = open_workshop (parent, new_name, new_path, spec, error);
  if (workshop < 0)
    return FALSE;

  built = iss_demo_content_make (spec, new_path, path, &valid_from, &expires, error) &&
          write_marker (workshop, spec, valid_from, expires, error) &&
          exchange (parent, workshop, new_name, name, path, error);
  close (workshop);

  return built;
}

static gboolean
prepare_in (int                 parent,
            const char         *name,
            const char         *path,
            const IssDemoSpec  *spec,
            gboolean           *out_made,
            GError            **error)
{
  Place place = judge_place (parent, name, spec->at);

  if (place == PLACE_FOREIGN)
    return refuse_foreign (path, error);

  if (place == PLACE_GOOD && !spec->reset)
    {
      *out_made = FALSE;
      return TRUE;
    }

  if (!build (parent, name, path, spec, error))
    return FALSE;

  *out_made = TRUE;
  return TRUE;
}

/**
 * iss_demo_prepare:
 * @spec: which demo, and where
 * @out_made: (out) (optional): whether it was made now; untouched on failure
 * @error: return location for an error
 *
 * Makes the demo pool, unless it is there already and good. One that is of
 * another version, damaged, not valid yet or within 30 days of the first expiry
 * is made anew. It is built beside its place and then renamed, so there is
 * always a whole one or none. What else lies in a demo's folder is kept.
 *
 * Errors: %ISS_ERROR_EXISTS if there is something that is not a demo, which is
 * left as it is; %ISS_ERROR_BUSY if another program is making it.
 *
 * Returns: whether there is a demo now
 */
gboolean
iss_demo_prepare (const IssDemoSpec  *spec,
                  gboolean           *out_made,
                  GError            **error)
{
  g_autofree char *path = NULL;
  g_autofree char *parent_path = NULL;
  g_autofree char *name = NULL;
  gboolean prepared;
  gboolean made = FALSE;
  int parent;

  g_return_val_if_fail (spec != NULL && spec->folder != NULL && spec->seed != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  path = g_canonicalize_filename (spec->folder, NULL);
  parent_path = g_path_get_dirname (path);
  name = g_path_get_basename (path);

  if (g_mkdir_with_parents (parent_path, 0700) != 0 ||
      (parent = open (parent_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder “%s” cannot be made"), parent_path);
      return FALSE;
    }

  prepared = prepare_in (parent, name, path, spec, &made, error);
  close (parent);

  if (prepared && out_made != NULL)
    *out_made = made;

  return prepared;
}

/**
 * iss_demo_dup_topology:
 * @folder: where the demo is
 *
 * Returns: (transfer full): the path of its topology file
 */
char *
iss_demo_dup_topology (const char *folder)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_canonicalize_filename (folder, NULL);

  return g_build_filename (path, "topology.conf", NULL);
}
