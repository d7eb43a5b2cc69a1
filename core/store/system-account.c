/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/system-account.h"

#include <glib/gi18n-lib.h>
#include <grp.h>
#include <pwd.h>

#include "core/base/text.h"

#define PASSWD_BYTES (64 * 1024)
#define GROUP_BYTES (256 * 1024)

/**
 * iss_system_account_find:
 * @name: an account's name
 * @out_account: (out caller-allocates): the account; untouched on failure
 *
 * Of more groups than fit, the first ones count.
 *
 * Returns: %FALSE if there is no such account
 */
gboolean
iss_system_account_find (const char        *name,
                         IssSystemAccount  *out_account)
{
  g_autofree char *buffer = g_malloc (PASSWD_BYTES);
  struct passwd entry;
  struct passwd *found = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_account != NULL, FALSE);

  if (getpwnam_r (name, &entry, buffer, PASSWD_BYTES, &found) != 0 || found == NULL)
    return FALSE;

  out_account->uid = entry.pw_uid;
  out_account->n_groups = ISS_SYSTEM_ACCOUNT_MAX_GROUPS;
  if (getgrouplist (name, entry.pw_gid, out_account->groups, &out_account->n_groups) < 0)
    out_account->n_groups = ISS_SYSTEM_ACCOUNT_MAX_GROUPS;

  return TRUE;
}

/**
 * iss_system_account_is_in_group:
 * @self: an account
 * @group: a group's number
 *
 * Returns: whether it is a member, by its first group or another one
 */
gboolean
iss_system_account_is_in_group (const IssSystemAccount *self,
                                gid_t                   group)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (int i = 0; i < self->n_groups; i++)
    {
      if (self->groups[i] == group)
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_system_account_dup_name:
 * @uid: an account's number
 *
 * Returns: (transfer full) (nullable): its name, or %NULL if no account has the number
 */
char *
iss_system_account_dup_name (uid_t uid)
{
  g_autofree char *buffer = g_malloc (PASSWD_BYTES);
  struct passwd entry;
  struct passwd *found = NULL;

  if (getpwuid_r (uid, &entry, buffer, PASSWD_BYTES, &found) != 0 || found == NULL)
    return NULL;

  return iss_text_sanitise (entry.pw_name, -1, ISS_SYSTEM_ACCOUNT_MAX_NAME);
}

/**
 * iss_system_account_dup_group_name:
 * @gid: a group's number
 *
 * Returns: (transfer full): its name; "group 4711" if no group has the number
 */
char *
iss_system_account_dup_group_name (gid_t gid)
{
  g_autofree char *buffer = g_malloc (GROUP_BYTES);
  struct group entry;
  struct group *found = NULL;

  if (getgrgid_r (gid, &entry, buffer, GROUP_BYTES, &found) != 0 || found == NULL)
    return g_strdup_printf (_("group %u"), gid);

  return iss_text_sanitise (entry.gr_name, -1, ISS_SYSTEM_ACCOUNT_MAX_NAME);
}
