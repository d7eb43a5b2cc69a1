/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/administrator-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"

/* The private key, or the URI of one in a token on the first line, and its certificate in one
 * file, so that they are there both or not at all. */
#define KEY_FILE "key.pem"

/* The certificate alone, to be given to whoever verifies. */
#define CERTIFICATE_FILE "certificate.pem"

#define MAX_FILE (256 * 1024)

static int
open_folder (const char  *folder,
             GError     **error)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0 && errno == ENOENT)
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("There is no administrator’s key in %s yet"), folder);
  else if (fd < 0)
    iss_error_set_from_errno (error, errno, _("%s cannot be opened"), folder);

  return fd;
}

/* The certificate is what others need: if it cannot be written, there is no key either. */
static gboolean
write_files (int              fd,
             IssCertificate  *certificate,
             GBytes          *key,
             GError         **error)
{
  g_autofree char *pem = iss_certificate_dup_pem (certificate);
  g_autoptr(GByteArray) both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (key, NULL), (guint) g_bytes_get_size (key));
  g_byte_array_append (both, (const guint8 *) pem, (guint) strlen (pem));

  if (!iss_atomic_file_create (fd, KEY_FILE, both->data, both->len, 0600, error))
    return FALSE;

  if (iss_atomic_file_replace (fd, CERTIFICATE_FILE, pem, strlen (pem), 0644, error))
    return TRUE;

  iss_atomic_file_remove (fd, KEY_FILE, NULL);

  return FALSE;
}

static void
set_exists_error (const char  *folder,
                  GError     **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
               _("There is an administrator’s key in %s already: what was signed with it can be "
                 "verified only as long as its certificate is kept"), folder);
}

/**
 * iss_administrator_folder_dup_key_path:
 * @folder: the folder
 *
 * Returns: (transfer full): where the private key is, or which one in a token
 */
char *
iss_administrator_folder_dup_key_path (const char *folder)
{
  g_return_val_if_fail (folder != NULL, NULL);

  return g_build_filename (folder, KEY_FILE, NULL);
}

/**
 * iss_administrator_folder_dup_certificate_path:
 * @folder: the folder
 *
 * Returns: (transfer full): where the certificate is, for others
 */
char *
iss_administrator_folder_dup_certificate_path (const char *folder)
{
  g_return_val_if_fail (folder != NULL, NULL);

  return g_build_filename (folder, CERTIFICATE_FILE, NULL);
}

/**
 * iss_administrator_folder_read:
 * @folder: the folder
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND if there is no key yet
 *
 * Returns: (transfer full): the file with the key, as iss_administrator_folder_write() left it
 */
GBytes *
iss_administrator_folder_read (const char  *folder,
                               GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  GBytes *bytes;
  int fd;

  g_return_val_if_fail (folder != NULL, NULL);

  fd = open_folder (folder, error);
  if (fd < 0)
    return NULL;

  bytes = iss_atomic_file_read (fd, KEY_FILE, MAX_FILE, &local_error);
  close (fd);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("There is no administrator’s key in %s yet"), folder);
  else if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s/%s: ", folder, KEY_FILE);

  return bytes;
}

/**
 * iss_administrator_folder_check_none:
 * @folder: where a key shall be
 * @error: return location for an error: %ISS_ERROR_EXISTS
 *
 * Nobody needs to choose a passphrase or type a PIN for a key that cannot be kept.
 *
 * Returns: whether there is none yet
 */
gboolean
iss_administrator_folder_check_none (const char  *folder,
                                     GError     **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);

  path = iss_administrator_folder_dup_key_path (folder);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  set_exists_error (folder, error);

  return FALSE;
}

/**
 * iss_administrator_folder_write:
 * @folder: the folder; it is made if it is not there
 * @certificate: the administrator's
 * @key: the private key, protected, or a line with the URI of one in a token
 * @error: return location for an error: %ISS_ERROR_EXISTS, or why it cannot be written
 *
 * Puts both there or neither. Whose key it is decides what signs: one that is there is never
 * replaced.
 *
 * Returns: whether they are there
 */
gboolean
iss_administrator_folder_write (const char      *folder,
                                IssCertificate  *certificate,
                                GBytes          *key,
                                GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean stored;
  int fd;

  g_return_val_if_fail (folder != NULL && key != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), folder);
      return FALSE;
    }

  fd = open_folder (folder, error);
  if (fd < 0)
    return FALSE;

  stored = write_files (fd, certificate, key, &local_error);
  close (fd);

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_EXISTS))
    set_exists_error (folder, error);
  else if (local_error != NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", folder);

  return stored;
}
