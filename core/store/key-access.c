/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-access.h"

#include <acl/libacl.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/acl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define FOLDER "keys"
#define GROUP "key"
#define MAX_CONF_BYTES (64 * 1024)
#define MAX_GROUPS 1024
#define MAX_ENTRIES 256

/* One line of an ACL. */
typedef struct
{
  acl_tag_t tag;
  id_t      id;       /* of USER and GROUP */
  gboolean  allows;
} Entry;

/* What a file or folder grants: to whom, of one permission. */
typedef struct
{
  GArray   *entries;  /* (element-type Entry) */
  uid_t     owner;
  gid_t     group;
} Grant;

/* An account as the system knows it. */
typedef struct
{
  uid_t  uid;
  gid_t  groups[MAX_GROUPS];
  int    n_groups;
} Account;

static void
grant_clear (Grant *grant)
{
  g_clear_pointer (&grant->entries, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Grant, grant_clear)

static void
reader_free (IssKeyReader *reader)
{
  g_free (reader->name);
  g_free (reader->why_not);
  g_free (reader);
}

/**
 * iss_key_access_free:
 * @self: (transfer full): who may read a key
 */
void
iss_key_access_free (IssKeyAccess *self)
{
  g_ptr_array_unref (self->readers);
  g_free (self->path);
  g_free (self);
}

static gboolean
permits (acl_entry_t  entry,
         acl_perm_t   permission)
{
  acl_permset_t set;

  return acl_get_permset (entry, &set) == 0 && acl_get_perm (set, permission) == 1;
}

static void
read_entries (acl_t       acl,
              acl_perm_t  permission,
              GArray     *entries)
{
  acl_entry_t found;
  int state = acl_get_entry (acl, ACL_FIRST_ENTRY, &found);

  while (state == 1 && entries->len < MAX_ENTRIES)
    {
      Entry entry = { .allows = permits (found, permission) };

      if (acl_get_tag_type (found, &entry.tag) == 0)
        {
          void *qualifier = entry.tag == ACL_USER || entry.tag == ACL_GROUP
                          ? acl_get_qualifier (found) : NULL;

          if (qualifier != NULL)
            entry.id = *(const id_t *) qualifier;
          acl_free (qualifier);
          g_array_append_val (entries, entry);
        }

      state = acl_get_entry (acl, ACL_NEXT_ENTRY, &found);
    }
}

/* Where there are no ACLs the mode is one. */
static gboolean
read_grant (const char  *path,
            acl_perm_t   permission,
            Grant       *grant,
            GError     **error)
{
  struct stat info;
  acl_t acl;

  if (stat (path, &info) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The permissions of %s cannot be read"), path);
      return FALSE;
    }

  acl = acl_get_file (path, ACL_TYPE_ACCESS);
  if (acl == NULL)
    acl = acl_from_mode (info.st_mode & 0777);
  if (acl == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The permissions of %s cannot be read"), path);
      return FALSE;
    }

  grant->owner = info.st_uid;
  grant->group = info.st_gid;
  grant->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  read_entries (acl, permission, grant->entries);
  acl_free (acl);
  return TRUE;
}

static gboolean
is_in_group (const Account *account,
             gid_t          group)
{
  for (int i = 0; i < account->n_groups; i++)
    {
      if (account->groups[i] == group)
        return TRUE;
    }

  return FALSE;
}

/* (nullable): the entry of that kind, of that account */
static const Entry *
find_entry (const Grant *grant,
            acl_tag_t    tag,
            id_t         id)
{
  for (guint i = 0; i < grant->entries->len; i++)
    {
      const Entry *entry = &g_array_index (grant->entries, Entry, i);

      if (entry->tag == tag && (id == (id_t) -1 || entry->id == id))
        return entry;
    }

  return NULL;
}

static gboolean
allows (const Entry *entry)
{
  return entry != NULL && entry->allows;
}

/* The access check algorithm of acl(5). */
static gboolean
is_granted (const Grant   *grant,
            const Account *account)
{
  const Entry *mask = find_entry (grant, ACL_MASK, (id_t) -1);
  gboolean masked = mask == NULL || mask->allows;
  gboolean in_a_group = FALSE;
  const Entry *named;

  if (account->uid == 0)
    return TRUE;

  if (account->uid == grant->owner)
    return allows (find_entry (grant, ACL_USER_OBJ, (id_t) -1));

  named = find_entry (grant, ACL_USER, account->uid);
  if (named != NULL)
    return named->allows && masked;

  for (guint i = 0; i < grant->entries->len; i++)
    {
      const Entry *entry = &g_array_index (grant->entries, Entry, i);
      gid_t group = entry->tag == ACL_GROUP_OBJ ? grant->group : (gid_t) entry->id;

      if ((entry->tag != ACL_GROUP_OBJ && entry->tag != ACL_GROUP) ||
          !is_in_group (account, group))
        continue;

      in_a_group = TRUE;
      if (entry->allows && masked)
        return TRUE;
    }

  return !in_a_group && allows (find_entry (grant, ACL_OTHER, (id_t) -1));
}

/* (nullable): the first folder above @path that the account may not search. */
static char *
find_closed_folder (const char    *path,
                    const Account *account)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr(GString) folder = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL && parts[i + 1] != NULL; i++)
    {
      g_auto(Grant) grant = { NULL };

      g_string_append_printf (folder, "%s%s", folder->len == 1 ? "" : "/", parts[i]);
      if (!read_grant (folder->str, ACL_EXECUTE, &grant, NULL) || !is_granted (&grant, account))
        return g_strdup (folder->str);
    }

  return NULL;
}

static gboolean
find_account (const char  *name,
              Account     *account)
{
  g_autofree char *buffer = g_malloc (64 * 1024);
  struct passwd entry;
  struct passwd *found = NULL;

  if (getpwnam_r (name, &entry, buffer, 64 * 1024, &found) != 0 || found == NULL)
    return FALSE;

  account->uid = entry.pw_uid;
  account->n_groups = MAX_GROUPS;
  if (getgrouplist (name, entry.pw_gid, account->groups, &account->n_groups) < 0)
    account->n_groups = MAX_GROUPS;

  return TRUE;
}

/* (nullable): no account has that number. */
static char *
dup_account_name (uid_t uid)
{
  g_autofree char *buffer = g_malloc (64 * 1024);
  struct passwd entry;
  struct passwd *found = NULL;

  if (getpwuid_r (uid, &entry, buffer, 64 * 1024, &found) != 0 || found == NULL)
    return NULL;

  return iss_text_sanitise (entry.pw_name, -1, ISS_KEY_ACCESS_MAX_NAME);
}

static char *
dup_group_name (gid_t gid)
{
  g_autofree char *buffer = g_malloc (256 * 1024);
  struct group entry;
  struct group *found = NULL;

  if (getgrgid_r (gid, &entry, buffer, 256 * 1024, &found) != 0 || found == NULL)
    return g_strdup_printf (_("group %u"), gid);

  return iss_text_sanitise (entry.gr_name, -1, ISS_KEY_ACCESS_MAX_NAME);
}

static void
add_account (IssKeyAccess *access,
             const Grant  *grant,
             uid_t         uid,
             gboolean      is_owner)
{
  g_autofree Account *account = g_new0 (Account, 1);
  g_autofree char *closed = NULL;
  IssKeyReader *reader = g_new0 (IssKeyReader, 1);

  reader->name = dup_account_name (uid);
  reader->is_owner = is_owner;

  /* An account that has gone is in no groups. */
  account->uid = uid;
  if (reader->name == NULL)
    reader->name = g_strdup_printf (_("user %u"), uid);
  else
    find_account (reader->name, account);

  closed = find_closed_folder (access->path, account);
  if (!is_granted (grant, account))
    reader->why_not = g_strdup_printf (_("the key's own permissions do not let %s read it"),
                                       reader->name);
  else if (closed != NULL)
    reader->why_not = g_strdup_printf (_("%s may not search the folder %s"), reader->name, closed);

  reader->may_read = reader->why_not == NULL;
  g_ptr_array_add (access->readers, reader);
}

static void
add_group (IssKeyAccess *access,
           const Grant  *grant,
           gid_t         gid)
{
  g_autofree Account *account = g_new0 (Account, 1);
  g_autofree char *closed = NULL;
  IssKeyReader *reader = g_new0 (IssKeyReader, 1);

  /* Any member that is nobody else. */
  account->uid = (uid_t) -1;
  account->groups[0] = gid;
  account->n_groups = 1;

  reader->name = dup_group_name (gid);
  reader->is_group = TRUE;
  closed = find_closed_folder (access->path, account);
  if (!is_granted (grant, account))
    reader->why_not = g_strdup_printf (_("the key's own permissions do not let %s read it"),
                                       reader->name);
  else if (closed != NULL)
    reader->why_not = g_strdup_printf (_("%s may not search the folder %s"), reader->name, closed);

  reader->may_read = reader->why_not == NULL;
  g_ptr_array_add (access->readers, reader);
}

static char *
dup_key_path (IssRootFolder *root,
              GBytes        *spki_sha256)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki_sha256, NULL),
                                       g_bytes_get_size (spki_sha256), FALSE);
  g_autofree char *name = g_strconcat (hex, ".pem", NULL);

  return g_build_filename (iss_root_folder_get_path (root), FOLDER, name, NULL);
}

/* Services do not look into keys/, which only the owner may search, but below live/, where the
 * same file has a second name. Before it has one, the way to live/ is all that can be judged. */
static char *
dup_way (IssRootFolder *root,
         const char    *key_path,
         const char    *published,
         gboolean      *out_published)
{
  g_autofree char *name = g_build_filename (iss_root_folder_get_path (root),
                                            published != NULL ? published : "live",
                                            "privkey.pem", NULL);
  g_autofree char *parent = g_path_get_dirname (name);
  g_autofree char *real = realpath (name, NULL);
  g_autofree char *real_parent = NULL;
  struct stat key;
  struct stat other;

  *out_published = real != NULL && stat (key_path, &key) == 0 && stat (real, &other) == 0 &&
                   key.st_dev == other.st_dev && key.st_ino == other.st_ino;
  if (*out_published)
    return g_strdup (real);

  real_parent = realpath (published != NULL ? iss_root_folder_get_path (root) : parent, NULL);
  return g_build_filename (real_parent != NULL ? real_parent : parent,
                           published != NULL ? "live" : "privkey.pem", NULL);
}

/* Told apart from a file that has none: a kernel without them answers another error. */
static gboolean
can_keep_acls (const char *path)
{
  acl_t acl = acl_get_file (path, ACL_TYPE_ACCESS);
  gboolean can = acl != NULL || errno != ENOTSUP;

  if (acl != NULL)
    acl_free (acl);
  return can;
}

/**
 * iss_key_access_read:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @published: (nullable): the folder of live/ that should show the key, such as
 *   "live/OAuthTokenIssuer"
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when the key is in no file here
 *
 * Works out by permissions who may read a private key, as acl(5) says. Nobody's identity is
 * taken on to try it.
 *
 * Returns: (transfer full): who may read the key, or %NULL
 */
IssKeyAccess *
iss_key_access_read (IssRootFolder  *root,
                     GBytes         *spki_sha256,
                     const char     *published,
                     GError        **error)
{
  g_autoptr(IssKeyAccess) access = g_new0 (IssKeyAccess, 1);
  g_autofree char *path = NULL;
  g_auto(Grant) grant = { NULL };
  const Entry *group;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, NULL);

  access->readers = g_ptr_array_new_with_free_func ((GDestroyNotify) reader_free);
  path = dup_key_path (root, spki_sha256);
  if (faccessat (AT_FDCWD, path, F_OK, AT_EACCESS) != 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The server does not have the private key in a file"));
      return NULL;
    }

  if (!read_grant (path, ACL_READ, &grant, error))
    return NULL;

  access->has_acls = can_keep_acls (path);
  access->path = dup_way (root, path, published, &access->published);
  add_account (access, &grant, grant.owner, TRUE);

  for (guint i = 0; i < grant.entries->len; i++)
    {
      const Entry *entry = &g_array_index (grant.entries, Entry, i);

      if (entry->tag == ACL_USER && entry->id != grant.owner)
        add_account (access, &grant, entry->id, FALSE);
      else if (entry->tag == ACL_GROUP)
        add_group (access, &grant, entry->id);
    }

  group = find_entry (&grant, ACL_GROUP_OBJ, (id_t) -1);
  if (allows (group))
    add_group (access, &grant, grant.group);

  return g_steal_pointer (&access);
}

/**
 * iss_key_access_dup_readers:
 * @self: who may read a key
 *
 * Returns: (transfer full): names of accounts and groups, beside the owner, that may really
 *   read it, by permissions
 */
char **
iss_key_access_dup_readers (const IssKeyAccess *self)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->readers->len; i++)
    {
      const IssKeyReader *reader = self->readers->pdata[i];

      if (reader->may_read && !reader->is_owner)
        g_strv_builder_add (names, reader->name);
    }

  return g_strv_builder_end (names);
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
      g_autofree Account *account = g_new0 (Account, 1);
      g_autofree char *shown = iss_text_sanitise (names[i], -1, ISS_KEY_ACCESS_MAX_NAME);

      if (i >= ISS_KEY_ACCESS_MAX_ACCOUNTS)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("At most %d accounts may be named"), ISS_KEY_ACCESS_MAX_ACCOUNTS);
          return FALSE;
        }

      if (strlen (names[i]) > ISS_KEY_ACCESS_MAX_NAME || !find_account (names[i], account))
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
  g_autoptr(GArray) entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  gboolean written;
  gsize size;
  int folder = iss_root_folder_open_folder (root, FOLDER, error);

  if (folder < 0)
    return FALSE;

  bytes = iss_atomic_file_read (folder, name, MAX_CONF_BYTES, NULL);
  if (bytes != NULL)
    g_key_file_load_from_bytes (conf, bytes, G_KEY_FILE_KEEP_COMMENTS, NULL);

  read_entries (acl, ACL_READ, entries);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      char *account = entry->tag == ACL_USER && entry->allows ? dup_account_name (entry->id) : NULL;

      if (account != NULL)
        g_ptr_array_add (names, account);
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

/**
 * iss_key_access_change:
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
iss_key_access_change (IssRootFolder       *root,
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
  gboolean done;
  acl_t before;
  acl_t acl;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, FALSE);

  path = dup_key_path (root, spki_sha256);
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

  before = acl_get_file (path, ACL_TYPE_ACCESS);
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
    done = write_readers (root, spki_sha256, acl, error) &&
           acl_set_file (path, ACL_TYPE_ACCESS, acl) == 0;

  if (!done && (error == NULL || *error == NULL))
    iss_error_set_from_errno (error, errno, _("The permissions of the private key cannot be "
                                              "changed"));
  if (acl != NULL)
    acl_free (acl);

  if (done && out_changed != NULL)
    *out_changed = changed;

  return done;
}
