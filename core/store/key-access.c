/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-access.h"

#include <acl/libacl.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/acl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/system-account.h"

#define FOLDER "keys"
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
            const IssSystemAccount *account)
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
          !iss_system_account_is_in_group (account, group))
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
                    const IssSystemAccount *account)
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

static void
add_account (IssKeyAccess *access,
             const Grant  *grant,
             uid_t         uid,
             gboolean      is_owner)
{
  g_autofree IssSystemAccount *account = g_new0 (IssSystemAccount, 1);
  g_autofree char *closed = NULL;
  IssKeyReader *reader = g_new0 (IssKeyReader, 1);

  reader->name = iss_system_account_dup_name (uid);
  reader->is_owner = is_owner;

  /* An account that has gone is in no groups. */
  account->uid = uid;
  if (reader->name == NULL)
    reader->name = g_strdup_printf (_("user %u"), uid);
  else
    iss_system_account_find (reader->name, account);

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
  g_autofree IssSystemAccount *account = g_new0 (IssSystemAccount, 1);
  g_autofree char *closed = NULL;
  IssKeyReader *reader = g_new0 (IssKeyReader, 1);

  /* Any member that is nobody else. */
  account->uid = (uid_t) -1;
  account->groups[0] = gid;
  account->n_groups = 1;

  reader->name = iss_system_account_dup_group_name (gid);
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

/* Of a key whose file is at @path, and that is reached by @way. */
static gboolean
is_allowed (const char  *path,
            const char  *way,
            const char  *account,
            char       **out_why_not,
            gboolean    *out_grantable)
{
  g_autofree IssSystemAccount *found = g_new0 (IssSystemAccount, 1);
  g_autoptr(GError) error = NULL;
  g_autofree char *closed = NULL;
  g_auto(Grant) grant = { NULL };

  *out_grantable = FALSE;
  if (!iss_system_account_find (account, found))
    {
      *out_why_not = g_strdup_printf (_("There is no account %s on this server; make it, or let "
                                        "another one run the service"), account);
      return FALSE;
    }

  if (!read_grant (path, ACL_READ, &grant, &error))
    {
      *out_why_not = g_strdup (error->message);
      return FALSE;
    }

  if (!is_granted (&grant, found))
    {
      *out_grantable = TRUE;
      *out_why_not = g_strdup_printf (_("the key's own permissions do not let %s read it; allow "
                                        "it with set-key-access"), account);
      return FALSE;
    }

  closed = find_closed_folder (way, found);
  if (closed == NULL)
    return TRUE;

  *out_why_not = g_strdup_printf (_("%s may not search the folder %s; let it, with setfacl or "
                                    "chmod"), account, closed);

  return FALSE;
}

/**
 * iss_key_access_allows:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes, whose private key is in a file
 * @account: the name of an account of this server
 * @out_why_not: (out) (transfer full): why it may not, and what to do, without full stop;
 *   untouched when it may
 * @out_grantable: (out): whether to allow it with set-key-access is what is to be done
 *
 * Works out by permissions whether an account could read a private key once live/ shows it.
 *
 * Returns: whether it could
 */
gboolean
iss_key_access_allows (IssRootFolder  *root,
                       GBytes         *spki_sha256,
                       const char     *account,
                       char          **out_why_not,
                       gboolean       *out_grantable)
{
  g_autofree char *key = NULL;
  g_autofree char *way = NULL;
  gboolean published;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, FALSE);
  g_return_val_if_fail (account != NULL && out_why_not != NULL && out_grantable != NULL, FALSE);

  key = dup_key_path (root, spki_sha256);
  way = dup_way (root, key, NULL, &published);

  return is_allowed (key, way, account, out_why_not, out_grantable);
}

/**
 * iss_key_access_allows_file:
 * @path: a private key's file
 * @account: the name of an account of this server
 * @out_why_not: (out) (transfer full): why it may not, and what to do, without full stop;
 *   untouched when it may
 * @out_grantable: (out): whether to allow it with set-key-access is what is to be done
 *
 * Returns: whether, by permissions, the account may read that very file
 */
gboolean
iss_key_access_allows_file (const char  *path,
                            const char  *account,
                            char       **out_why_not,
                            gboolean    *out_grantable)
{
  gboolean allowed;
  char *real;

  g_return_val_if_fail (path != NULL && account != NULL, FALSE);
  g_return_val_if_fail (out_why_not != NULL && out_grantable != NULL, FALSE);

  real = realpath (path, NULL);
  allowed = is_allowed (path, real != NULL ? real : path, account, out_why_not, out_grantable);
  free (real);

  return allowed;
}
