/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/properties.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define FOLDER "properties"
#define GROUP "certificate"
#define MAX_BYTES (64 * 1024)
#define NAME_MAX_CHARACTERS 256
#define DESCRIPTION_MAX_CHARACTERS 1024
#define ORIGIN_MAX_CHARACTERS 128

/**
 * iss_intent_to_string:
 * @intent: an intent
 *
 * Returns: its word in files and options: "pool", "server" or "unknown"
 */
const char *
iss_intent_to_string (IssIntent intent)
{
  switch (intent)
    {
    case ISS_INTENT_POOL:
      return "pool";

    case ISS_INTENT_SERVER:
      return "server";

    case ISS_INTENT_UNKNOWN:
      break;
    }

  return "unknown";
}

/**
 * iss_intent_from_string:
 * @text: (nullable): a word
 *
 * Returns: the intent, %ISS_INTENT_UNKNOWN for words that are none
 */
IssIntent
iss_intent_from_string (const char *text)
{
  if (g_strcmp0 (text, "pool") == 0)
    return ISS_INTENT_POOL;

  if (g_strcmp0 (text, "server") == 0)
    return ISS_INTENT_SERVER;

  return ISS_INTENT_UNKNOWN;
}

static char *
dup_file_name (const char  *sha256_hex,
               GError     **error)
{
  if (strlen (sha256_hex) != 2 * ISS_SHA256_SIZE ||
      strspn (sha256_hex, "0123456789abcdef") != 2 * ISS_SHA256_SIZE)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("A certificate is named by 64 lower-case hex digits"));
      return NULL;
    }

  return g_strconcat (sha256_hex, ".conf", NULL);
}

/* (nullable) without error: there is no such file. */
static gboolean
read_key_file (int           folder,
               const char   *name,
               GKeyFile    **out_key_file,
               GError      **error)
{
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, name, MAX_BYTES, &local_error);

  if (bytes == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      *out_key_file = NULL;
      return TRUE;
    }

  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (!g_key_file_load_from_bytes (key_file, bytes, G_KEY_FILE_KEEP_COMMENTS, &local_error))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The file %s/%s is damaged: %s"), FOLDER, name, local_error->message);
      return FALSE;
    }

  *out_key_file = g_steal_pointer (&key_file);
  return TRUE;
}

/* An empty text and none are the same. */
static char *
dup_text (GKeyFile    *key_file,
          const char  *key,
          gsize        max_characters)
{
  g_autofree char *text = g_key_file_get_string (key_file, GROUP, key, NULL);

  if (text == NULL || text[0] == '\0')
    return NULL;

  return iss_text_sanitise (text, -1, max_characters);
}

static void
set_text (GKeyFile    *key_file,
          const char  *key,
          const char  *text,
          gsize        max_characters)
{
  g_autofree char *clean = NULL;

  if (text == NULL || text[0] == '\0')
    {
      g_key_file_remove_key (key_file, GROUP, key, NULL);
      return;
    }

  clean = iss_text_sanitise (text, -1, max_characters);
  g_key_file_set_string (key_file, GROUP, key, clean);
}

/**
 * iss_properties_load:
 * @self: (out caller-allocates): where to put the properties; cleared by the caller with
 *   iss_properties_clear() after success, untouched on failure
 * @root: a root folder
 * @sha256_hex: the certificate, in lower case
 * @error: return location for an error: %ISS_ERROR_MALFORMED for a damaged file
 *
 * Reads what people have said about a certificate. A certificate about which nobody has
 * said anything has no file, and that is no error.
 *
 * Returns: whether @self is filled
 */
gboolean
iss_properties_load (IssProperties  *self,
                     IssRootFolder  *root,
                     const char     *sha256_hex,
                     GError        **error)
{
  g_autoptr(GKeyFile) key_file = NULL;
  g_autofree char *name = NULL;
  g_autofree char *intent = NULL;
  int folder;
  gboolean read;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);

  name = dup_file_name (sha256_hex, error);
  if (name == NULL)
    return FALSE;

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  read = read_key_file (folder, name, &key_file, error);
  close (folder);

  if (!read)
    return FALSE;

  *self = (IssProperties) { NULL };
  if (key_file == NULL)
    return TRUE;

  intent = g_key_file_get_string (key_file, GROUP, "intent", NULL);

  self->friendly_name = dup_text (key_file, "friendly-name", NAME_MAX_CHARACTERS);
  self->description = dup_text (key_file, "description", DESCRIPTION_MAX_CHARACTERS);
  self->archived = g_key_file_get_boolean (key_file, GROUP, "archived", NULL);
  self->intent = iss_intent_from_string (intent);
  self->origin = dup_text (key_file, "origin", ORIGIN_MAX_CHARACTERS);

  return TRUE;
}

/**
 * iss_properties_save:
 * @self: properties
 * @root: a root folder whose lock the caller holds
 * @sha256_hex: the certificate, in lower case
 * @error: return location for an error
 *
 * Writes the properties, durably. Texts are sanitised and cut to their limits: 256 characters for
 * the friendly name, 1,024 for the description. Members that this version does not know stay
 * in the file; a file that is damaged is replaced.
 *
 * Returns: whether they are on the disk
 */
gboolean
iss_properties_save (const IssProperties  *self,
                     IssRootFolder        *root,
                     const char           *sha256_hex,
                     GError              **error)
{
  g_autoptr(GKeyFile) key_file = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  gsize size;
  int folder;
  gboolean saved;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);

  name = dup_file_name (sha256_hex, error);
  if (name == NULL)
    return FALSE;

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  if (!read_key_file (folder, name, &key_file, &local_error) &&
      !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_MALFORMED))
    {
      close (folder);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (key_file == NULL)
    key_file = g_key_file_new ();

  set_text (key_file, "friendly-name", self->friendly_name, NAME_MAX_CHARACTERS);
  set_text (key_file, "description", self->description, DESCRIPTION_MAX_CHARACTERS);
  set_text (key_file, "origin", self->origin, ORIGIN_MAX_CHARACTERS);
  g_key_file_set_boolean (key_file, GROUP, "archived", self->archived);
  g_key_file_set_string (key_file, GROUP, "intent", iss_intent_to_string (self->intent));

  text = g_key_file_to_data (key_file, &size, NULL);
  saved = iss_atomic_file_replace (folder, name, text, size, 0600, error);
  close (folder);

  return saved;
}

/**
 * iss_properties_remove:
 * @root: a root folder whose lock the caller holds
 * @sha256_hex: the certificate, in lower case
 * @error: return location for an error
 *
 * Forgets what was said about a certificate. No properties is no error.
 *
 * Returns: whether there are none on the disk now
 */
gboolean
iss_properties_remove (IssRootFolder  *root,
                       const char     *sha256_hex,
                       GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = NULL;
  int folder;
  gboolean removed;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);

  name = dup_file_name (sha256_hex, error);
  if (name == NULL)
    return FALSE;

  folder = iss_root_folder_open_folder (root, FOLDER, error);
  if (folder < 0)
    return FALSE;

  removed = iss_atomic_file_remove (folder, name, &local_error) ||
            g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  close (folder);

  if (!removed)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return removed;
}

/**
 * iss_properties_clear:
 * @self: properties
 *
 * Frees what @self holds and makes it the properties of nothing.
 */
void
iss_properties_clear (IssProperties *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->friendly_name, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->origin, g_free);
  *self = (IssProperties) { NULL };
}
