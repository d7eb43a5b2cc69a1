/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-uri.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-file.h"
#include "core/store/token-uri.h"

#define FOLDER "keys"
#define GROUP "key"
#define MAX_BYTES (64 * 1024)

static char *
dup_name (GBytes      *spki_sha256,
          const char  *suffix)
{
  gsize size;
  gconstpointer hash = g_bytes_get_data (spki_sha256, &size);
  g_autofree char *hex = iss_text_hex (hash, size, FALSE);

  return g_strconcat (hex, suffix, NULL);
}

static GKeyFile *
read_conf (int     folder,
           GBytes *spki_sha256)
{
  g_autofree char *name = dup_name (spki_sha256, ".conf");
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, name, MAX_BYTES, NULL);
  GKeyFile *conf = g_key_file_new ();

  /* A damaged one counts as none: what it does not say is not allowed. */
  if (bytes != NULL)
    g_key_file_load_from_bytes (conf, bytes, G_KEY_FILE_KEEP_COMMENTS, NULL);

  return conf;
}

static char *
load_in (int       folder,
         GBytes   *spki_sha256,
         gint64   *out_proved,
         GError  **error)
{
  g_autofree char *name = dup_name (spki_sha256, ".uri");
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, name, MAX_BYTES, error);
  g_autoptr(GKeyFile) conf = NULL;
  g_autofree char *text = NULL;
  char *uri;

  if (bytes == NULL)
    return NULL;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  uri = iss_token_uri_normalise (g_strstrip (text), error);
  if (uri == NULL)
    {
      g_prefix_error (error, "%s/%s: ", FOLDER, name);
      return NULL;
    }

  if (out_proved != NULL)
    {
      conf = read_conf (folder, spki_sha256);
      *out_proved = MAX (g_key_file_get_int64 (conf, GROUP, "proved", NULL), 0);
    }

  return uri;
}

/**
 * iss_key_uri_load:
 * @root: a root folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @out_proved: (out) (optional): when its token last signed with it, seconds since 1970;
 *   0: never, somebody has written the file; untouched on failure
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, or as of iss_token_uri_parse()
 *
 * Reads where the private key is.
 *
 * Returns: (transfer full): a pkcs11: URI
 */
char *
iss_key_uri_load (IssRootFolder  *root,
                  GBytes         *spki_sha256,
                  gint64         *out_proved,
                  GError        **error)
{
  char *uri;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (spki_sha256 != NULL, NULL);

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return NULL;

  uri = load_in (folder, spki_sha256, out_proved, error);
  close (folder);

  return uri;
}

static gboolean
write_conf (int       folder,
            GBytes   *spki_sha256,
            gint64    proved,
            GError  **error)
{
  g_autoptr(GKeyFile) conf = read_conf (folder, spki_sha256);
  g_autofree char *name = dup_name (spki_sha256, ".conf");
  g_autofree char *text = NULL;
  gsize size;

  g_key_file_set_boolean (conf, GROUP, "exportable", FALSE);
  g_key_file_set_string (conf, GROUP, "origin", "token");
  g_key_file_set_int64 (conf, GROUP, "proved", proved);
  text = g_key_file_to_data (conf, &size, NULL);

  return iss_atomic_file_replace (folder, name, text, size, 0600, error);
}

static gboolean
save_in (int           folder,
         GBytes       *spki_sha256,
         const char   *uri,
         gint64        proved,
         GError      **error)
{
  g_autofree char *name = dup_name (spki_sha256, ".uri");
  g_autofree char *line = g_strconcat (uri, "\n", NULL);

  /* The mark first, as with a key in a file. The URI is no secret: services read it. */
  return write_conf (folder, spki_sha256, proved, error) &&
         iss_atomic_file_replace (folder, name, line, strlen (line), 0644, error);
}

/**
 * iss_key_uri_save:
 * @root: a root folder whose lock the caller holds
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 * @uri: where its private key is, as iss_token_uri_normalise() writes it
 * @proved: when the token signed with it, seconds since 1970
 * @error: return location for an error: %ISS_ERROR_EXISTS when the private key is in a file,
 *   which would go on being used
 *
 * Says in which token a private key is, durably. What was said before is replaced.
 *
 * Returns: whether it is written
 */
gboolean
iss_key_uri_save (IssRootFolder  *root,
                  GBytes         *spki_sha256,
                  const char     *uri,
                  gint64          proved,
                  GError        **error)
{
  gboolean saved;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (spki_sha256 != NULL && uri != NULL, FALSE);

  if (iss_key_file_get_state (root, spki_sha256) == ISS_KEY_STATE_FILE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_EXISTS,
                           _("The server has this private key in a file, which it would go on "
                             "using: delete that one first"));
      return FALSE;
    }

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  saved = save_in (folder, spki_sha256, uri, proved, error);
  close (folder);

  return saved;
}
