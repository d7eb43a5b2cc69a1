/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/staged-key.h"

#include "core/base/text.h"
#include "core/base/time-text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define MAX_ACL 4096
#define MAX_SENTENCE 400
#define MEMBER "staged-key"
#define LAST_INSTANT G_GINT64_CONSTANT (253402300799)   /* of the year 9999 */

/* The times of the file do not do for it: each link that comes or goes changes them. */
static guint64
sum_up (const struct stat *info,
        int                folder)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d/%s", folder, ISS_STAGED_KEY_NAME);
  g_autofree char *text = g_strdup_printf ("%u %u %o ", info->st_uid, info->st_gid, info->st_mode);
  char acl[MAX_ACL];
  ssize_t size = lgetxattr (path, "system.posix_acl_access", acl, sizeof acl);

  g_checksum_update (checksum, (const guchar *) text, -1);
  if (size > 0)
    g_checksum_update (checksum, (const guchar *) acl, size);

  return g_ascii_strtoull (g_checksum_get_string (checksum) + 49, NULL, 16);
}

/**
 * iss_staged_key_look:
 * @self: a staged key, all zero
 * @folder: descriptor of a made folder
 *
 * Finds out which one is staged there. It is not opened: whoever asks may not be able to.
 */
void
iss_staged_key_look (IssStagedKey *self,
                     int           folder)
{
  struct stat info;

  g_return_if_fail (self != NULL);
  g_return_if_fail (folder >= 0);

  if (fstatat (folder, ISS_STAGED_KEY_NAME, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG (info.st_mode))
    return;

  self->is_there = TRUE;
  self->inode = info.st_ino;
  self->permissions = sum_up (&info, folder);
}

/**
 * iss_staged_key_clear:
 * @self: a staged key
 *
 * Frees what it owns.
 */
void
iss_staged_key_clear (IssStagedKey *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->why_not, g_free);
}

/* What is not said to be readable is not, also where no reason is recorded. */
static const char *
get_reason (gboolean    readable,
            const char *why_not)
{
  if (readable)
    return NULL;

  return why_not != NULL ? why_not : "";
}

/**
 * iss_staged_key_take_trial:
 * @self: what is staged now
 * @before: what is recorded
 *
 * Takes what came of a trial, if that was of the same file and nobody has changed since who may
 * read it.
 */
void
iss_staged_key_take_trial (IssStagedKey       *self,
                           const IssStagedKey *before)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (before != NULL);

  if (self->is_there && before->tried != 0 && self->inode == before->inode &&
      self->permissions == before->permissions)
    iss_staged_key_set (self, before->tried, get_reason (before->readable, before->why_not),
                        before->grantable);
}

/**
 * iss_staged_key_set:
 * @self: a staged key
 * @tried: when it was tried; 0: it was worked out from permissions
 * @why_not: (nullable): why the account cannot read it, and what to do; %NULL: it can
 * @grantable: whether to allow it with set-key-access is what is to be done
 *
 * Notes what came of it.
 */
void
iss_staged_key_set (IssStagedKey *self,
                    gint64        tried,
                    const char   *why_not,
                    gboolean      grantable)
{
  g_return_if_fail (self != NULL);

  self->tried = tried;
  self->readable = why_not == NULL;
  self->grantable = why_not != NULL && grantable;
  g_free (self->why_not);
  self->why_not = why_not != NULL ? iss_text_sanitise (why_not, -1, MAX_SENTENCE) : NULL;
}

/**
 * iss_staged_key_write:
 * @self: a staged key
 * @file: the record of a reload
 * @group: where in it
 *
 * Writes what came of a trial, and of which file; nothing where nobody tried.
 */
void
iss_staged_key_write (const IssStagedKey *self,
                      GKeyFile           *file,
                      const char         *group)
{
  g_autofree char *tried = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (file != NULL && group != NULL);

  if (!self->is_there || self->tried == 0)
    return;

  tried = iss_time_text_iso (self->tried);
  g_key_file_set_uint64 (file, group, MEMBER "-inode", self->inode);
  g_key_file_set_uint64 (file, group, MEMBER "-permissions", self->permissions);
  g_key_file_set_string (file, group, MEMBER "-tried", tried);
  g_key_file_set_boolean (file, group, MEMBER "-readable", self->readable);
  if (self->why_not != NULL)
    g_key_file_set_string (file, group, MEMBER "-reason", self->why_not);
  g_key_file_set_boolean (file, group, MEMBER "-grantable", self->grantable);
}

/**
 * iss_staged_key_read:
 * @self: a staged key, all zero
 * @file: the record of a reload
 * @group: where in it
 *
 * Returns: whether it can be true; nothing at all is
 */
gboolean
iss_staged_key_read (IssStagedKey *self,
                     GKeyFile     *file,
                     const char   *group)
{
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;
  gint64 tried;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (file != NULL && group != NULL, FALSE);

  text = g_key_file_get_string (file, group, MEMBER "-tried", NULL);
  if (text == NULL)
    return TRUE;

  if (!iss_time_text_parse (text, &tried, NULL) || tried <= 0 || tried > LAST_INSTANT)
    return FALSE;

  self->is_there = TRUE;
  self->inode = g_key_file_get_uint64 (file, group, MEMBER "-inode", NULL);
  self->permissions = g_key_file_get_uint64 (file, group, MEMBER "-permissions", NULL);
  reason = g_key_file_get_string (file, group, MEMBER "-reason", NULL);
  iss_staged_key_set (self, tried,
                      get_reason (g_key_file_get_boolean (file, group, MEMBER "-readable", NULL),
                                  reason),
                      g_key_file_get_boolean (file, group, MEMBER "-grantable", NULL));

  return TRUE;
}

/**
 * iss_staged_key_insert:
 * @self: a staged key
 * @dict: what is said of a reload
 *
 * Adds "staged-key" (xbs): when it was tried (0: by permissions), whether the account can read
 * it, and why not; and "staged-key-grantable" b: whether set-key-access would let it. Nothing
 * where none is staged.
 */
void
iss_staged_key_insert (const IssStagedKey *self,
                       GVariantDict       *dict)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (dict != NULL);

  if (!self->is_there)
    return;

  g_variant_dict_insert (dict, MEMBER, "(xbs)", self->tried, self->readable,
                         self->why_not != NULL ? self->why_not : "");
  g_variant_dict_insert (dict, MEMBER "-grantable", "b", self->grantable);
}

/**
 * iss_staged_key_lookup:
 * @self: a staged key, all zero
 * @variant: an a{sv} from a server
 *
 * Returns: whether what it says can be true; nothing at all is
 */
gboolean
iss_staged_key_lookup (IssStagedKey *self,
                       GVariant     *variant)
{
  const char *why_not;
  gboolean readable;
  gboolean grantable = FALSE;
  gint64 tried;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (variant != NULL, FALSE);

  if (!g_variant_lookup (variant, MEMBER, "(xb&s)", &tried, &readable, &why_not))
    return TRUE;

  if (tried < 0 || tried > LAST_INSTANT)
    return FALSE;

  self->is_there = TRUE;
  g_variant_lookup (variant, MEMBER "-grantable", "b", &grantable);
  iss_staged_key_set (self, tried, readable ? NULL : why_not, grantable);

  return TRUE;
}
