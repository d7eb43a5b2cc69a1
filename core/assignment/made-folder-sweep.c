/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/made-folder.h"

#include "core/assignment/reload-folder.h"
#include "core/assignment/staged-key.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long a folder stays that nothing points at: a service may still be
 * reading what it opened before the switch. Seconds. */
#define KEEP_TIME 600

static void
remove_folder (int         parent,
               const char *name)
{
  g_autoptr(GPtrArray) names = NULL;
  int folder = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (folder < 0)
    {
      unlinkat (parent, name, 0);
      return;
    }

  names = iss_made_folder_list (folder);
  for (guint i = 0; names != NULL && i < names->len; i++)
    unlinkat (folder, g_ptr_array_index (names, i), 0);
  close (folder);

  unlinkat (parent, name, AT_REMOVEDIR);
}

/* "<type>-<revision>": other folders that somebody put there are theirs. */
static gboolean
is_ours (const char *name)
{
  const char *dash = strrchr (name, '-');

  return name[0] != '.' && dash != NULL && dash != name && dash[1] != '\0' &&
         dash[1 + strspn (dash + 1, "0123456789")] == '\0';
}

/* A service may still use it that has not read its successor. */
static gboolean
is_used (const char *name,
         GPtrArray  *reloads)
{
  const char *dash = strrchr (name, '-');
  g_autofree char *type = g_strndup (name, (gsize) (dash - name));

  return reloads == NULL ||
         !iss_reload_folder_may_go (reloads, type, g_ascii_strtoull (dash + 1, NULL, 10));
}

/* What is staged no more, or has become current, has no business there, and no service knows the
 * name: that goes at once. The folder's time, from which the sweep counts, stays. */
static void
remove_staged_key (int                parent,
                   const char        *name,
                   const struct stat *info)
{
  const struct timespec times[2] = { info->st_atim, info->st_mtim };
  int folder = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (folder < 0)
    return;

  if (faccessat (folder, ISS_STAGED_KEY_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0 &&
      unlinkat (folder, ISS_STAGED_KEY_NAME, 0) == 0)
    futimens (folder, times);
  close (folder);
}

/**
 * iss_made_folder_sweep:
 * @parent: descriptor of live/.made
 * @kept: set of the names that something points at
 * @reloads: (nullable) (element-type IssReload): of the services that are configured; %NULL:
 *   that is not known
 * @now: the present instant
 *
 * Removes what was left half made and what has not been pointed at for ten
 * minutes, by the folder's time, once every service that is configured was reloaded for a
 * successor. The staged key goes at once from what is not pointed at. The caller holds the
 * writers' lock, so that nobody else is making one. What cannot be removed stays for the next time.
 */
void
iss_made_folder_sweep (int         parent,
                       GHashTable *kept,
                       GPtrArray  *reloads,
                       gint64      now)
{
  g_autoptr(GPtrArray) names = iss_made_folder_list (parent);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *temporary = NULL;
      struct stat info;

      if (g_str_has_prefix (name, ISS_MADE_FOLDER_TEMPORARY))
        {
          remove_folder (parent, name);
          continue;
        }

      if (!is_ours (name) || g_hash_table_contains (kept, name) ||
          fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
          !S_ISDIR (info.st_mode))
        continue;

      remove_staged_key (parent, name, &info);
      if (info.st_mtime > now - KEEP_TIME || is_used (name, reloads))
        continue;

      /* By its name it is always whole. */
      temporary = iss_made_folder_dup_temporary_name ();
      if (renameat (parent, name, parent, temporary) == 0)
        remove_folder (parent, temporary);
    }
}

/**
 * iss_made_folder_get_next_sweep:
 * @parent: descriptor of live/.made
 * @kept: set of the names that something points at
 * @reloads: (nullable) (element-type IssReload): as for iss_made_folder_sweep()
 * @after: what should have gone until then is passed over: it was tried
 *
 * Returns: the earliest instant after @after from which iss_made_folder_sweep() has something
 *   to remove; 0 when there is none
 */
gint64
iss_made_folder_get_next_sweep (int         parent,
                                GHashTable *kept,
                                GPtrArray  *reloads,
                                gint64      after)
{
  g_autoptr(GPtrArray) names = iss_made_folder_list (parent);
  gint64 next = 0;

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      struct stat info;
      gint64 instant;

      if (!is_ours (name) || g_hash_table_contains (kept, name) ||
          fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
          !S_ISDIR (info.st_mode) || is_used (name, reloads))
        continue;

      instant = (gint64) info.st_mtime + KEEP_TIME;
      if (instant > after && (next == 0 || instant < next))
        next = instant;
    }

  return next;
}
