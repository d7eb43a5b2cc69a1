/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/made-key.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define KEYS "keys"

/**
 * iss_made_key_new:
 * @name: (transfer none): what it is called in the made folder; not copied
 * @certificate: whose private key it is, which is in a file
 *
 * Returns: (transfer full): the key; nothing was looked at
 */
IssMadeKey *
iss_made_key_new (const char     *name,
                  IssCertificate *certificate)
{
  IssMadeKey *self;
  g_autofree char *hex = NULL;
  gsize size;
  gconstpointer data;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  data = g_bytes_get_data (iss_certificate_get_spki_sha256 (certificate), &size);
  hex = iss_text_hex (data, size, FALSE);
  self = g_new0 (IssMadeKey, 1);
  self->name = name;
  self->file = g_strconcat (hex, ".pem", NULL);
  self->certificate = g_object_ref (certificate);

  return self;
}

/**
 * iss_made_key_free:
 * @self: (transfer full): a key
 */
void
iss_made_key_free (IssMadeKey *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->certificate);
  g_free (self->file);
  g_free (self);
}

/**
 * iss_made_key_check:
 * @self: a key
 * @root: a server's folder
 * @error: return location for an error
 *
 * Reads the key, once: a file's name says which public key it is for, but not everything that
 * says so is true.
 *
 * Returns: whether it really is its certificate's
 */
gboolean
iss_made_key_check (IssMadeKey     *self,
                    IssRootFolder  *root,
                    GError        **error)
{
  g_autoptr(IssPrivateKey) key = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  if (self->is_checked)
    return TRUE;

  key = iss_key_file_load (root, iss_certificate_get_spki_sha256 (self->certificate), error);
  if (key == NULL)
    return FALSE;

  self->is_checked = iss_private_key_matches (key, self->certificate);
  if (!self->is_checked)
    g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                 _("The private key keys/%s does not belong to “%s”, so it is not published"),
                 self->file, iss_certificate_get_issued_to (self->certificate));

  return self->is_checked;
}

/**
 * iss_made_key_is_own:
 * @self: a key
 * @root: a server's folder
 *
 * Returns: whether its file belongs to who runs this: only then can it be kept from others' eyes
 */
gboolean
iss_made_key_is_own (IssMadeKey    *self,
                     IssRootFolder *root)
{
  struct stat info;
  gboolean is_own;
  int keys;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  keys = iss_root_folder_open_folder (root, KEYS, NULL);
  if (keys < 0)
    return FALSE;

  is_own = fstatat (keys, self->file, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           info.st_uid == geteuid ();
  close (keys);

  return is_own;
}

static gboolean
has_acl (int fd)
{
  return fgetxattr (fd, "system.posix_acl_access", NULL, 0) > 0;
}

/* With an ACL the group's bits are its mask: then only the others' count. */
static mode_t
get_private_mode (int    fd,
                  mode_t mode)
{
  return has_acl (fd) ? mode & 0770 : mode & 0700;
}

static gboolean
is_right_in (IssMadeKey *self,
             int         folder,
             int         keys)
{
  struct stat here;
  struct stat there;
  gboolean is_right;
  int fd;

  fd = openat (folder, self->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return FALSE;

  is_right = fstat (fd, &here) == 0 &&
             fstatat (keys, self->file, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
             here.st_dev == there.st_dev &&
             here.st_ino == there.st_ino &&
             (here.st_mode & 0777) == get_private_mode (fd, here.st_mode & 0777);
  close (fd);

  return is_right;
}

/**
 * iss_made_key_is_right:
 * @self: a key
 * @root: a server's folder
 * @folder: descriptor of a made folder
 *
 * Returns: whether it is there, and nobody may read it but the owner and whom its ACL names
 */
gboolean
iss_made_key_is_right (IssMadeKey    *self,
                       IssRootFolder *root,
                       int            folder)
{
  gboolean is_right;
  int keys;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  keys = iss_root_folder_open_folder (root, KEYS, NULL);
  if (keys < 0)
    return FALSE;

  is_right = is_right_in (self, folder, keys);
  close (keys);

  return is_right;
}

static gboolean
link_in (IssMadeKey  *self,
         int          folder,
         int          keys,
         GError     **error)
{
  struct stat info;
  gboolean is_private;
  int fd;

  fd = openat (keys, self->file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The private key keys/%s cannot be opened"),
                                self->file);
      return FALSE;
    }

  is_private = fstat (fd, &info) == 0 && S_ISREG (info.st_mode) &&
               fchmod (fd, get_private_mode (fd, info.st_mode & 0777)) == 0;
  close (fd);

  if (!is_private)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("The private key keys/%s cannot be kept from others' eyes, so it is not "
                     "published"), self->file);
      return FALSE;
    }

  if (linkat (keys, self->file, folder, self->name, 0) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno,
                            _("The private key keys/%s cannot be linked into live/.made"),
                            self->file);

  return FALSE;
}

/**
 * iss_made_key_link:
 * @self: a key
 * @root: a server's folder
 * @folder: descriptor of a made folder that does not have it
 * @error: return location for an error
 *
 * Gives the key's file its second name, if it really is that certificate's, and takes from it
 * what others may do with it.
 *
 * Returns: whether it is there
 */
gboolean
iss_made_key_link (IssMadeKey     *self,
                   IssRootFolder  *root,
                   int             folder,
                   GError        **error)
{
  gboolean linked;
  int keys;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  if (!iss_made_key_check (self, root, error))
    return FALSE;

  keys = iss_root_folder_open_folder (root, KEYS, error);
  if (keys < 0)
    return FALSE;

  linked = link_in (self, folder, keys, error);
  close (keys);

  return linked;
}
