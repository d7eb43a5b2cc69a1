/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-readers.h"

#define FOLDER "keys"
#define GROUP "key"
#define MAX_CONF_BYTES (64 * 1024)
#define MAX_KEY_BYTES (64 * 1024)
#define MAX_KEYS 1000000
#define ORIGIN_MAX_CHARACTERS 128
#define HEX_SIZE (2 * ISS_SHA256_SIZE)

static char *
dup_name (GBytes      *spki_sha256,
          const char  *suffix)
{
  gsize size;
  gconstpointer hash = g_bytes_get_data (spki_sha256, &size);
  g_autofree char *hex = iss_text_hex (hash, size, FALSE);

  return g_strconcat (hex, suffix, NULL);
}

static gboolean
is_regular_file (int          folder,
                 const char  *name)
{
  struct stat info;

  return fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (info.st_mode);
}

static IssKeyState
get_state_in (int      folder,
              GBytes  *spki_sha256)
{
  g_autofree char *pem_name = dup_name (spki_sha256, ".pem");
  g_autofree char *uri_name = dup_name (spki_sha256, ".uri");

  if (is_regular_file (folder, pem_name))
    return ISS_KEY_STATE_FILE;

  if (is_regular_file (folder, uri_name))
    return ISS_KEY_STATE_TOKEN;

  return ISS_KEY_STATE_NONE;
}

/* (nullable): no file, or one that cannot be understood. */
static GKeyFile *
read_conf (int      folder,
           GBytes  *spki_sha256)
{
  g_autoptr(GKeyFile) conf = g_key_file_new ();
  g_autofree char *name = dup_name (spki_sha256, ".conf");
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, name, MAX_CONF_BYTES, NULL);

  if (bytes == NULL || !g_key_file_load_from_bytes (conf, bytes, G_KEY_FILE_KEEP_COMMENTS, NULL))
    return NULL;

  return g_steal_pointer (&conf);
}

/* What is not said clearly is not allowed. */
static gboolean
is_exportable_in (int      folder,
                  GBytes  *spki_sha256)
{
  g_autoptr(GKeyFile) conf = read_conf (folder, spki_sha256);

  return conf != NULL && g_key_file_get_boolean (conf, GROUP, "exportable", NULL);
}

static gboolean
write_conf (int           folder,
            GBytes       *spki_sha256,
            gboolean      exportable,
            const char   *origin,
            GError      **error)
{
  g_autoptr(GKeyFile) conf = read_conf (folder, spki_sha256);
  g_autofree char *name = dup_name (spki_sha256, ".conf");
  g_autofree char *text = NULL;
  gsize size;

  if (conf == NULL)
    conf = g_key_file_new ();

  g_key_file_set_boolean (conf, GROUP, "exportable", exportable);

  if (origin != NULL)
    {
      g_autofree char *clean = iss_text_sanitise (origin, -1, ORIGIN_MAX_CHARACTERS);

      g_key_file_set_string (conf, GROUP, "origin", clean);
    }

  text = g_key_file_to_data (conf, &size, NULL);
  return iss_atomic_file_replace (folder, name, text, size, 0600, error);
}

static IssPrivateKey *
load_in (int       folder,
         GBytes   *spki_sha256,
         GError  **error)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssSecret) pem = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = dup_name (spki_sha256, ".pem");
  struct stat info;
  int fd;

  /* Not to be held up by a pipe that somebody has put there. */
  fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("The server does not have the private key"));
      return NULL;
    }

  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("The private key %s/%s cannot be opened"),
                                FOLDER, name);
      return NULL;
    }

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      close (fd);
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("%s/%s is not a file"), FOLDER, name);
      return NULL;
    }

  pem = iss_secret_read_fd (fd, MAX_KEY_BYTES, name, error);
  close (fd);

  if (pem == NULL)
    return NULL;

  key = iss_private_key_new_from_pem (pem, &local_error);
  if (key == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The private key %s/%s is damaged: %s"), FOLDER, name, local_error->message);
      return NULL;
    }

  if (!g_bytes_equal (iss_private_key_get_spki_sha256 (key), spki_sha256))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The file %s/%s holds another private key than its name says"), FOLDER, name);
      return NULL;
    }

  return g_steal_pointer (&key);
}

/* Where a key is, and for ever: the store never writes over one that works. */
static gboolean
write_key (int              folder,
           IssPrivateKey   *key,
           gboolean         replace,
           GError         **error)
{
  g_autoptr(IssSecret) pem = iss_private_key_dup_pem (key, error);
  g_autofree char *name = dup_name (iss_private_key_get_spki_sha256 (key), ".pem");
  gconstpointer bytes;
  gsize size;

  if (pem == NULL)
    return FALSE;

  bytes = iss_secret_get_data (pem, &size);

  if (replace)
    return iss_atomic_file_replace (folder, name, bytes, size, 0600, error);

  return iss_atomic_file_create (folder, name, bytes, size, 0600, error);
}

static gboolean
is_key_hash (GBytes *spki_sha256)
{
  return spki_sha256 != NULL && g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE;
}

/**
 * iss_key_file_get_state:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key (SubjectPublicKeyInfo), 32 bytes
 *
 * Looks only whether the key is there; iss_key_file_load() finds out whether it works.
 *
 * Returns: where the private key is
 */
IssKeyState
iss_key_file_get_state (IssRootFolder  *root,
                        GBytes         *spki_sha256)
{
  IssKeyState state;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), ISS_KEY_STATE_NONE);
  g_return_val_if_fail (is_key_hash (spki_sha256), ISS_KEY_STATE_NONE);

  folder = iss_root_folder_open_folder (root, FOLDER, NULL);
  if (folder < 0)
    return ISS_KEY_STATE_NONE;

  state = get_state_in (folder, spki_sha256);
  close (folder);

  return state;
}

/**
 * iss_key_file_is_exportable:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 *
 * Returns: whether the key is in a file and is marked exportable. Without a mark that can be
 *   read it is not.
 */
gboolean
iss_key_file_is_exportable (IssRootFolder  *root,
                            GBytes         *spki_sha256)
{
  gboolean exportable;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (is_key_hash (spki_sha256), FALSE);

  folder = iss_root_folder_open_folder (root, FOLDER, NULL);
  if (folder < 0)
    return FALSE;

  exportable = get_state_in (folder, spki_sha256) == ISS_KEY_STATE_FILE &&
               is_exportable_in (folder, spki_sha256);
  close (folder);

  return exportable;
}

/**
 * iss_key_file_load:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_MALFORMED when the
 *   file is damaged or holds another key
 *
 * Reads a private key into secret memory.
 *
 * Returns: (transfer full): the key, which belongs to @spki_sha256, or %NULL
 */
IssPrivateKey *
iss_key_file_load (IssRootFolder  *root,
                   GBytes         *spki_sha256,
                   GError        **error)
{
  IssPrivateKey *key;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (is_key_hash (spki_sha256), NULL);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return NULL;

  key = load_in (folder, spki_sha256, error);
  close (folder);

  return key;
}

static gboolean
save_in (int              folder,
         IssPrivateKey   *key,
         gboolean         exportable,
         const char      *origin,
         gboolean        *out_added,
         GError         **error)
{
  GBytes *spki_sha256 = iss_private_key_get_spki_sha256 (key);
  g_autoptr(IssPrivateKey) existing = NULL;
  g_autoptr(GError) local_error = NULL;
  IssKeyState state = get_state_in (folder, spki_sha256);
  gboolean was_exportable = is_exportable_in (folder, spki_sha256);

  if (state == ISS_KEY_STATE_TOKEN)
    {
      *out_added = FALSE;
      return TRUE;
    }

  if (state == ISS_KEY_STATE_FILE)
    {
      existing = load_in (folder, spki_sha256, &local_error);

      if (existing == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_MALFORMED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      exportable = exportable && was_exportable;
    }

  /* The mark first: the key is never there without it, and never looser. */
  if ((existing == NULL || exportable != was_exportable) &&
      !write_conf (folder, spki_sha256, exportable, existing == NULL ? origin : NULL, error))
    return FALSE;

  if (existing == NULL && !write_key (folder, key, state == ISS_KEY_STATE_FILE, error))
    return FALSE;

  *out_added = existing == NULL;
  return TRUE;
}

/**
 * iss_key_file_save:
 * @root: a root folder whose lock the caller holds
 * @key: a private key
 * @exportable: whether it may be exported
 * @origin: (nullable): where it comes from: "manual", "request", …
 * @out_added: (out) (optional): whether it was not there; untouched on failure
 * @error: return location for an error
 *
 * Puts a key where its public key finds it, for the owner's eyes only, durably.
 * A key that is there already stays, and its mark can only become stricter; so
 * does a key in a token. A damaged file is replaced. Accounts that the mark of a
 * key that was lost lets read it may read it again.
 *
 * Returns: whether the server holds the key now
 */
gboolean
iss_key_file_save (IssRootFolder  *root,
                   IssPrivateKey  *key,
                   gboolean        exportable,
                   const char     *origin,
                   gboolean       *out_added,
                   GError        **error)
{
  GBytes *spki_sha256;
  gboolean added;
  gboolean saved;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (ISS_IS_PRIVATE_KEY (key), FALSE);

  spki_sha256 = iss_private_key_get_spki_sha256 (key);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  saved = save_in (folder, key, exportable, origin, &added, error) &&
          (get_state_in (folder, spki_sha256) != ISS_KEY_STATE_FILE ||
           iss_key_readers_restore (root, spki_sha256, error));
  close (folder);

  if (saved && out_added != NULL)
    *out_added = added;

  return saved;
}

/**
 * iss_key_file_tighten:
 * @root: a root folder whose lock the caller holds
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @error: return location for an error
 *
 * Marks a key as not exportable. There is no way back.
 *
 * Returns: whether it is marked so now
 */
gboolean
iss_key_file_tighten (IssRootFolder  *root,
                      GBytes         *spki_sha256,
                      GError        **error)
{
  gboolean written;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (is_key_hash (spki_sha256), FALSE);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  written = write_conf (folder, spki_sha256, FALSE, NULL, error);
  close (folder);

  return written;
}

/**
 * iss_key_file_remove:
 * @root: a root folder whose lock the caller holds
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND
 *
 * Removes a key's file and its mark, for good, and a mark that has no key. Only for a
 * key that nothing needs any more. Of a key in a token only goes what says where it is:
 * the token keeps it.
 *
 * Returns: whether the key is gone
 */
gboolean
iss_key_file_remove (IssRootFolder  *root,
                     GBytes         *spki_sha256,
                     GError        **error)
{
  g_autofree char *key_name = NULL;
  g_autofree char *conf_name = NULL;
  gboolean removed;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (is_key_hash (spki_sha256), FALSE);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  key_name = dup_name (spki_sha256,
                       get_state_in (folder, spki_sha256) == ISS_KEY_STATE_TOKEN ? ".uri"
                                                                                 : ".pem");
  conf_name = dup_name (spki_sha256, ".conf");

  /* A mark without its key says nothing. */
  removed = iss_atomic_file_remove (folder, key_name, error);
  iss_atomic_file_remove (folder, conf_name, NULL);

  close (folder);
  return removed;
}

static gboolean
is_key_name (const char *name)
{
  return strspn (name, "0123456789abcdef") == HEX_SIZE &&
         (g_str_equal (name + HEX_SIZE, ".pem") || g_str_equal (name + HEX_SIZE, ".uri"));
}

/**
 * iss_key_file_list:
 * @root: a root folder
 * @error: return location for an error
 *
 * Reads the names of all keys at once, for lists: no key is opened.
 *
 * Returns: (transfer full) (element-type utf8 IssKeyState): SHA-256 of the public keys in
 *   lower-case hex, each with where it is (`GPOINTER_TO_INT`), or %NULL with @error set
 */
GHashTable *
iss_key_file_list (IssRootFolder  *root,
                   GError        **error)
{
  g_autoptr(GHashTable) keys = NULL;
  struct dirent *entry;
  DIR *stream;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return NULL;

  stream = fdopendir (folder);
  if (stream == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be read"), FOLDER);
      close (folder);
      return NULL;
    }

  keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while ((entry = readdir (stream)) != NULL && g_hash_table_size (keys) < MAX_KEYS)
    {
      gboolean is_file = g_str_has_suffix (entry->d_name, ".pem");
      g_autofree char *hex = NULL;

      if (!is_key_name (entry->d_name))
        continue;

      hex = g_strndup (entry->d_name, HEX_SIZE);
      if (is_file || !g_hash_table_contains (keys, hex))
        g_hash_table_replace (keys, g_steal_pointer (&hex),
                              GINT_TO_POINTER (is_file ? ISS_KEY_STATE_FILE : ISS_KEY_STATE_TOKEN));
    }

  closedir (stream);
  return g_steal_pointer (&keys);
}
