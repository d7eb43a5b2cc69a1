/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-readers.h"

#include <acl/libacl.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/acl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/system-account.h"

#define FOLDER "keys"
#define GROUP "key"
#define MAX_CONF_BYTES (64 * 1024)

static char *
dup_path (IssRootFolder *root,
          GBytes        *spki_sha256)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki_sha256, NULL),
                                       g_bytes_get_size (spki_sha256), FALSE);
  g_autofree char *name = g_strconcat (hex, ".pem", NULL);

  return g_build_filename (iss_root_folder_get_path (root), FOLDER, name, NULL);
}

static gboolean
set_permission (acl_entry_t  entry,
                gboolean     may_read)
{
  acl_permset_t set;

  return acl_get_permset (entry, &set) == 0 && acl_clear_perms (set) == 0 &&
         (!may_read || acl_add_perm (set, ACL_READ) == 0);
}

/* (nullable) */
static acl_entry_t
find_user (acl_t acl,
           uid_t uid)
{
  acl_entry_t entry;
  int state = acl_get_entry (acl, ACL_FIRST_ENTRY, &entry);

  while (state == 1)
    {
      acl_tag_t tag;
      void *qualifier = NULL;
      gboolean is_it = FALSE;

      if (acl_get_tag_type (entry, &tag) == 0 && tag == ACL_USER)
        qualifier = acl_get_qualifier (entry);
      if (qualifier != NULL)
        {
          is_it = *(const uid_t *) qualifier == uid;
          acl_free (qualifier);
        }
      if (is_it)
        return entry;

      state = acl_get_entry (acl, ACL_NEXT_ENTRY, &entry);
    }

  return NULL;
}

static gboolean
allow_user (acl_t *acl,
            uid_t  uid)
{
  acl_entry_t entry = find_user (*acl, uid);

  if (entry == NULL &&
      (acl_create_entry (acl, &entry) != 0 || acl_set_tag_type (entry, ACL_USER) != 0 ||
       acl_set_qualifier (entry, &uid) != 0))
    return FALSE;

  return set_permission (entry, TRUE);
}

static gboolean
deny_user (acl_t *acl,
           uid_t  uid)
{
  acl_entry_t entry = find_user (*acl, uid);

  return entry == NULL || acl_delete_entry (*acl, entry) == 0;
}

/* Every name is looked up before anything is changed. */
static gboolean
find_accounts (const char *const  *names,
               uid_t               owner,
               gboolean            deny,
               GArray             *uids,
               GError            **error)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree IssSystemAccount *account = g_new0 (IssSystemAccount, 1);
      g_autofree char *shown = iss_text_sanitise (names[i], -1, ISS_KEY_ACCESS_MAX_NAME);

      if (i >= ISS_KEY_ACCESS_MAX_ACCOUNTS)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("At most %d accounts may be named"), ISS_KEY_ACCESS_MAX_ACCOUNTS);
          return FALSE;
        }

      if (strlen (names[i]) > ISS_KEY_ACCESS_MAX_NAME ||
          !iss_system_account_find (names[i], account))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                       _("There is no account “%s” on this server: nothing was changed"), shown);
          return FALSE;
        }

      if (deny && (account->uid == owner || account->uid == 0))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                       account->uid == 0
                       ? _("“%s” reads every file on this server; no permission stops it")
                       : _("“%s” owns the key and must be able to read it: the agent works as this "
                           "account"), shown);
          return FALSE;
        }

      /* Those read it anyway. */
      if (account->uid != owner && account->uid != 0)
        g_array_append_val (uids, account->uid);
    }

  return TRUE;
}

/* Without named accounts or groups an ACL is the mode, and needs no mask. */
static gboolean
set_mask (acl_t *acl)
{
  acl_entry_t mask = NULL;
  acl_entry_t entry;
  gboolean is_extended = FALSE;
  int state = acl_get_entry (*acl, ACL_FIRST_ENTRY, &entry);

  while (state == 1)
    {
      acl_tag_t tag = ACL_UNDEFINED_TAG;

      if (acl_get_tag_type (entry, &tag) == 0 && tag == ACL_MASK)
        mask = entry;
      is_extended = is_extended || tag == ACL_USER || tag == ACL_GROUP;
      state = acl_get_entry (*acl, ACL_NEXT_ENTRY, &entry);
    }

  if (is_extended)
    return acl_calc_mask (acl) == 0;

  return mask == NULL || acl_delete_entry (*acl, mask) == 0;
}

static gboolean
apply_users (acl_t   *acl,
             GArray  *allowed,
             GArray  *denied)
{
  for (guint i = 0; i < allowed->len; i++)
    {
      if (!allow_user (acl, g_array_index (allowed, uid_t, i)))
        return FALSE;
    }

  for (guint i = 0; i < denied->len; i++)
    {
      if (!deny_user (acl, g_array_index (denied, uid_t, i)))
        return FALSE;
    }

  return set_mask (acl);
}

/* (nullable): the account that an entry lets read the key. */
static char *
dup_reader (acl_entry_t entry)
{
  g_autofree char *name = NULL;
  acl_permset_t set;
  acl_tag_t tag;
  void *qualifier;

  if (acl_get_tag_type (entry, &tag) != 0 || tag != ACL_USER ||
      acl_get_permset (entry, &set) != 0 || acl_get_perm (set, ACL_READ) != 1)
    return NULL;

  qualifier = acl_get_qualifier (entry);
  if (qualifier == NULL)
    return NULL;

  name = iss_system_account_dup_name (*(const uid_t *) qualifier);
  acl_free (qualifier);

  return g_steal_pointer (&name);
}

/* What is written beside the key, for when its file must be made anew. */
static gboolean
write_readers (IssRootFolder  *root,
               GBytes         *spki_sha256,
               acl_t           acl,
               GError        **error)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki_sha256, NULL),
                                       g_bytes_get_size (spki_sha256), FALSE);
  g_autofree char *name = g_strconcat (hex, ".conf", NULL);
  g_autoptr(GKeyFile) conf = g_key_file_new ();
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  acl_entry_t entry;
  gboolean written;
  gsize size;
  int state;
  int folder = iss_root_folder_open_folder (root, FOLDER, error);

  if (folder < 0)
    return FALSE;

  bytes = iss_atomic_file_read (folder, name, MAX_CONF_BYTES, NULL);
  if (bytes != NULL)
    g_key_file_load_from_bytes (conf, bytes, G_KEY_FILE_KEEP_COMMENTS, NULL);

  state = acl_get_entry (acl, ACL_FIRST_ENTRY, &entry);
  while (state == 1 && names->len < ISS_KEY_ACCESS_MAX_ACCOUNTS)
    {
      char *account = dup_reader (entry);

      if (account != NULL)
        g_ptr_array_add (names, account);
      state = acl_get_entry (acl, ACL_NEXT_ENTRY, &entry);
    }

  if (names->len > 0)
    g_key_file_set_string_list (conf, GROUP, "readers", (const char *const *) names->pdata,
                                names->len);
  else
    g_key_file_remove_key (conf, GROUP, "readers", NULL);

  text = g_key_file_to_data (conf, &size, NULL);
  written = iss_atomic_file_replace (folder, name, text, size, 0600, error);
  close (folder);

  return written;
}

/* In one step. What accounts are named in the mark is for when the file must be made anew. */
static gboolean
change_acl (IssRootFolder  *root,
            GBytes         *spki_sha256,
            GArray         *allowed,
            GArray         *denied,
            gboolean        record,
            gboolean        what_if,
            gboolean       *out_changed,
            GError        **error)
{
  g_autofree char *path = dup_path (root, spki_sha256);
  g_autoptr(GError) local_error = NULL;
  gboolean changed;
  gboolean done;
  acl_t before = acl_get_file (path, ACL_TYPE_ACCESS);
  acl_t acl;

  if (before == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED,
                   _("The file system of %s has no access control lists, so only the owner can "
                     "read the key: %s"), iss_root_folder_get_path (root), g_strerror (errno));
      return FALSE;
    }

  acl = acl_dup (before);
  done = acl != NULL && apply_users (&acl, allowed, denied);
  changed = done && acl_cmp (before, acl) != 0;
  acl_free (before);

  if (done && changed && !what_if)
    done = (!record || write_readers (root, spki_sha256, acl, &local_error)) &&
           acl_set_file (path, ACL_TYPE_ACCESS, acl) == 0;

  if (!done && local_error == NULL)
    iss_error_set_from_errno (&local_error, errno, _("The permissions of the private key cannot "
                                                     "be changed"));
  if (acl != NULL)
    acl_free (acl);

  if (done)
    *out_changed = changed;
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return done;
}

/* (nullable): the accounts that the key's own mark names. */
static char **
read_readers (IssRootFolder *root,
              GBytes        *spki_sha256)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki_sha256, NULL),
                                       g_bytes_get_size (spki_sha256), FALSE);
  g_autofree char *name = g_strconcat (hex, ".conf", NULL);
  g_autoptr(GKeyFile) conf = g_key_file_new ();
  g_autoptr(GBytes) bytes = NULL;
  int folder = iss_root_folder_open_folder (root, FOLDER, NULL);

  if (folder < 0)
    return NULL;

  bytes = iss_atomic_file_read (folder, name, MAX_CONF_BYTES, NULL);
  close (folder);
  if (bytes == NULL || !g_key_file_load_from_bytes (conf, bytes, G_KEY_FILE_NONE, NULL))
    return NULL;

  return g_key_file_get_string_list (conf, GROUP, "readers", NULL, NULL);
}

/**
 * iss_key_readers_change:
 * @root: a root folder, whose lock the caller holds unless it is only to be tried
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @allow: (nullable) (array zero-terminated=1): accounts that shall read the key
 * @deny: (nullable) (array zero-terminated=1): accounts that shall not any more
 * @what_if: only judge
 * @out_changed: (out) (optional): whether anything is, or would be, different; untouched on failure
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when there is no such key or no such
 *   account, %ISS_ERROR_REFUSED for the owner, %ISS_ERROR_UNSUPPORTED where the file system has
 *   no ACLs
 *
 * Changes the ACL of a key's file, in one step, and with it that of every other name of the
 * file, as below live/. Groups are left alone.
 *
 * Returns: whether the key's permissions are what was asked for
 */
gboolean
iss_key_readers_change (IssRootFolder       *root,
                       GBytes              *spki_sha256,
                       const char *const   *allow,
                       const char *const   *deny,
                       gboolean             what_if,
                       gboolean            *out_changed,
                       GError             **error)
{
  g_autoptr(GArray) allowed = g_array_new (FALSE, FALSE, sizeof (uid_t));
  g_autoptr(GArray) denied = g_array_new (FALSE, FALSE, sizeof (uid_t));
  g_autofree char *path = NULL;
  struct stat info;
  gboolean changed;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, FALSE);

  path = dup_path (root, spki_sha256);
  if (lstat (path, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The server does not have the private key in a file, so nobody can be "
                             "allowed to read it"));
      return FALSE;
    }

  if (!find_accounts (allow, info.st_uid, FALSE, allowed, error) ||
      !find_accounts (deny, info.st_uid, TRUE, denied, error))
    return FALSE;

  if (!change_acl (root, spki_sha256, allowed, denied, TRUE, what_if, &changed, error))
    return FALSE;

  if (out_changed != NULL)
    *out_changed = changed;

  return TRUE;
}

/**
 * iss_key_readers_restore:
 * @root: a root folder whose lock the caller holds
 * @spki_sha256: SHA-256 of the public key of a key that is in a file, 32 bytes
 * @error: return location for an error
 *
 * Lets the accounts that the key's mark names read its file, which may have been lost and
 * written anew. An account that the server does not have is passed over, and so is a file system
 * without ACLs: who really may read the key is asked of the file system.
 *
 * Returns: whether they may read it, as far as that can be
 */
gboolean
iss_key_readers_restore (IssRootFolder  *root,
                         GBytes         *spki_sha256,
                         GError        **error)
{
  g_autoptr(GArray) allowed = g_array_new (FALSE, FALSE, sizeof (uid_t));
  g_autoptr(GArray) denied = g_array_new (FALSE, FALSE, sizeof (uid_t));
  g_autoptr(GError) local_error = NULL;
  g_auto(GStrv) names = NULL;
  gboolean changed;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, FALSE);

  names = read_readers (root, spki_sha256);
  for (guint i = 0; names != NULL && names[i] != NULL && i < ISS_KEY_ACCESS_MAX_ACCOUNTS; i++)
    {
      g_autofree IssSystemAccount *account = g_new0 (IssSystemAccount, 1);

      if (strlen (names[i]) <= ISS_KEY_ACCESS_MAX_NAME &&
          iss_system_account_find (names[i], account))
        g_array_append_val (allowed, account->uid);
    }

  if (allowed->len == 0 ||
      change_acl (root, spki_sha256, allowed, denied, FALSE, FALSE, &changed, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_UNSUPPORTED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
