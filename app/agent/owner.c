/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/owner.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/agent/ssh-failure.h"
#include "core/base/error.h"

static char *
dup_name (uid_t uid)
{
  const struct passwd *entry = getpwuid (uid);

  return entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("%u", (guint) uid);
}

/* For good: nothing can bring root back afterwards. */
static gboolean
drop_to (uid_t    uid,
         gid_t    folder_gid,
         GError **error)
{
  const struct passwd *entry = getpwuid (uid);
  gid_t gid = entry != NULL ? entry->pw_gid : folder_gid;

  if ((entry != NULL ? initgroups (entry->pw_name, gid) : setgroups (0, NULL)) != 0 ||
      setresgid (gid, gid, gid) != 0 || setresuid (uid, uid, uid) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The agent cannot become the owner of its folder"));
      return FALSE;
    }

  if (setuid (0) == 0 || (gid != 0 && setgid (0) == 0) || geteuid () != uid)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_FAILED,
                           _("The agent could become root again: it does not begin"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
refuse_missing (const char  *root,
                gboolean     may_make,
                int         *out_exit_status,
                GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (root);

  if (may_make && g_file_test (parent, G_FILE_TEST_IS_DIR))
    return TRUE;

  *out_exit_status = ISS_AGENT_EXIT_NO_ROOT;
  if (may_make)
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("%s cannot be made: %s is not there"), root, parent);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("%s is not there: the server was not set up with app/install-agent"), root);
  return FALSE;
}

/**
 * agent_owner_become:
 * @root: the root folder
 * @may_make: whether the folder is one of the caller's own, which is made where it is missing
 * @out_exit_status: (out): what the program ends with; untouched on success
 * @error: return location for an error
 *
 * Makes sure that this process is the owner of @root: started as root it becomes that user,
 * started as anybody else it refuses.
 *
 * Returns: whether it is
 */
gboolean
agent_owner_become (const char  *root,
                    gboolean     may_make,
                    int         *out_exit_status,
                    GError     **error)
{
  struct stat root_stat;

  if (stat (root, &root_stat) != 0)
    {
      int saved_errno = errno;

      if (saved_errno == ENOENT)
        return refuse_missing (root, may_make, out_exit_status, error);

      *out_exit_status = ISS_AGENT_EXIT_FAILED;
      iss_error_set_from_errno (error, saved_errno, _("%s cannot be opened"), root);
      return FALSE;
    }

  if (root_stat.st_uid == geteuid () && root_stat.st_uid == getuid ())
    return TRUE;

  if (geteuid () != 0)
    {
      g_autofree char *owner = dup_name (root_stat.st_uid);

      *out_exit_status = ISS_AGENT_EXIT_NOT_OWNER;
      if (may_make)
        g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER,
                     _("%s belongs to %s: only that user may open it"), root, owner);
      else
        g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER,
                     _("%s belongs to %s: connect as ssh://%s@%s"),
                     root, owner, owner, g_get_host_name ());
      return FALSE;
    }

  if (drop_to (root_stat.st_uid, root_stat.st_gid, error))
    return TRUE;

  *out_exit_status = ISS_AGENT_EXIT_FAILED;
  return FALSE;
}
