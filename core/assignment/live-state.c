/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/live-state.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MADE ".made"
#define PREFIX MADE "/"
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static gboolean
refuse (const IssCertificateType  *type,
        GError                   **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("live/%s is not as the agent makes it: it is not followed"), type->name);

  return FALSE;
}

/* ".made/<type>-<revision>" and nothing else: whoever owns the folder could write anything. */
static gboolean
parse_target (const IssCertificateType *type,
              const char               *target,
              guint64                  *out_revision)
{
  g_autofree char *prefix = g_strconcat (PREFIX, type->name, "-", NULL);
  const char *digits = target + strlen (prefix);

  return g_str_has_prefix (target, prefix) && *digits >= '1' && *digits <= '9' &&
         g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT64, out_revision, NULL);
}

/* In one folder after the other, by descriptor, so that nothing can be bent meanwhile. A slash
 * behind a name would follow a link in spite of O_NOFOLLOW. */
static int
open_folder (int         live,
             const char *target)
{
  int made = openat (live, MADE, FOLDER_FLAGS);
  int folder = made >= 0 ? openat (made, target + strlen (PREFIX), FOLDER_FLAGS) : -1;

  if (made >= 0)
    close (made);

  return folder;
}

static int
open_in (int                        live,
         const IssCertificateType  *type,
         IssLiveState              *out_state,
         GError                   **error)
{
  IssLiveState state = { 0 };
  char target[PATH_MAX];
  struct stat info;
  ssize_t length = readlinkat (live, type->name, target, sizeof target - 1);
  int folder;

  if (length < 0 && errno == ENOENT)
    {
      *out_state = state;
      return -1;
    }

  target[MAX (length, 0)] = '\0';
  if (length < 0 || !parse_target (type, target, &state.revision))
    {
      refuse (type, error);
      return -1;
    }

  folder = open_folder (live, target);
  if (folder < 0 || fstat (folder, &info) != 0)
    {
      if (folder >= 0)
        close (folder);
      refuse (type, error);
      return -1;
    }

  state.inode = info.st_ino;
  state.since = info.st_mtime;
  *out_state = state;

  return folder;
}

/**
 * iss_live_state_open:
 * @root: descriptor of a server's folder
 * @type: a type
 * @out_state: (out): what live/ shows; revision 0: nothing
 * @error: return location for an error
 *
 * Root may ask, though the folder is somebody else's: a link is read, never followed, and only
 * one that the agent could have made leads anywhere.
 *
 * Returns: descriptor of the made folder; -1 if there is none, with @error set or nothing
 *   published
 */
int
iss_live_state_open (int                        root,
                     const IssCertificateType  *type,
                     IssLiveState              *out_state,
                     GError                   **error)
{
  int live;
  int folder;

  g_return_val_if_fail (root >= 0, -1);
  g_return_val_if_fail (type != NULL, -1);
  g_return_val_if_fail (out_state != NULL, -1);

  live = openat (root, "live", FOLDER_FLAGS);
  if (live < 0)
    {
      IssLiveState nothing = { 0 };

      if (errno == ENOENT)
        *out_state = nothing;
      else
        iss_error_set_from_errno (error, errno, _("The folder live cannot be opened"));
      return -1;
    }

  folder = open_in (live, type, out_state, error);
  close (live);

  return folder;
}

/**
 * iss_live_state_is_same:
 * @self: a state
 * @other: another one
 *
 * Returns: whether both are of the same made folder
 */
gboolean
iss_live_state_is_same (const IssLiveState *self,
                        const IssLiveState *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->revision == other->revision && self->inode == other->inode;
}
