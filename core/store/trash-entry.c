/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/trash-entry.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/pem.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"

#define CERTIFICATE_NAME "certificate.pem"
#define PROPERTIES_NAME "properties.conf"
#define ENTRY_NAME "entry.conf"
#define GROUP "entry"
#define HEX_SIZE (2 * ISS_SHA256_SIZE)
#define MAX_ENTRY_BYTES (16 * 1024)
#define MAX_PROPERTIES_BYTES (64 * 1024)
#define MAX_CERTIFICATE_BYTES (ISS_CERTIFICATE_MAX_SIZE / 2 * 3 + 64 * 1024)
#define WHO_MAX_CHARACTERS 128

static void
close_folder (int *folder)
{
  if (*folder >= 0)
    close (*folder);
}

typedef int Folder;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, close_folder)

/**
 * iss_trash_entry_free:
 * @self: (transfer full): an entry
 */
void
iss_trash_entry_free (IssTrashEntry *self)
{
  g_free (self->id);
  g_free (self->sha256_hex);
  g_free (self->issued_to);
  g_free (self->issued_by);
  g_free (self->friendly_name);
  g_free (self->who);
  g_free (self);
}

/* After the seconds and the hyphen. */
static const char *
get_hash (const char *id)
{
  return id + strlen (id) - HEX_SIZE;
}

/**
 * iss_trash_entry_is_id:
 * @id: a text
 *
 * Returns: whether an entry may have this name: seconds, "-", 64 lower-case hex digits
 */
gboolean
iss_trash_entry_is_id (const char *id)
{
  gsize n_digits;

  g_return_val_if_fail (id != NULL, FALSE);

  n_digits = strspn (id, "0123456789");
  return n_digits >= 1 && n_digits <= 18 && id[n_digits] == '-' &&
         strspn (id + n_digits + 1, "0123456789abcdef") == HEX_SIZE &&
         id[n_digits + 1 + HEX_SIZE] == '\0';
}

static int
open_store (IssRootFolder  *root,
            IssStoreName    store,
            GError        **error)
{
  g_autofree char *relative = g_strconcat ("stores/", iss_store_name_get_nick (store), NULL);

  return iss_root_folder_open_folder (root, relative, error);
}

/* Both names are of one file from now on: nothing is copied, so that a full disk is no
 * obstacle. Our files never change, so neither name is of something else later. */
static gboolean
link_file (int           from,
           const char   *from_name,
           int           to,
           const char   *to_name,
           GError      **error)
{
  if (linkat (from, from_name, to, to_name, 0) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The file “%s” cannot be linked"), to_name);
      return FALSE;
    }

  if (fsync (to) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The folder of “%s” cannot be made durable"), to_name);
  return FALSE;
}

static gboolean
write_entry (int           folder,
             IssStoreName  store,
             gint64        now,
             const char   *who,
             GError      **error)
{
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autofree char *clean_who = iss_text_sanitise (who, -1, WHO_MAX_CHARACTERS);
  g_autofree char *text = NULL;
  gsize size;

  g_key_file_set_string (key_file, GROUP, "store", iss_store_name_get_nick (store));
  g_key_file_set_int64 (key_file, GROUP, "deleted", now);
  g_key_file_set_string (key_file, GROUP, "who", clean_who);

  text = g_key_file_to_data (key_file, &size, NULL);
  return iss_atomic_file_create (folder, ENTRY_NAME, text, size, 0600, error);
}

static gboolean
make_in (IssRootFolder  *root,
         int             folder,
         const char     *sha256_hex,
         IssStoreName    store,
         GError        **error)
{
  g_autofree char *certificate_name = g_strconcat (sha256_hex, ".pem", NULL);
  g_autofree char *properties_name = g_strconcat (sha256_hex, ".conf", NULL);
  g_autoptr(GError) local_error = NULL;
  g_auto(Folder) from = open_store (root, store, error);
  g_auto(Folder) properties = -1;

  if (from < 0 || !link_file (from, certificate_name, folder, CERTIFICATE_NAME, error))
    return FALSE;

  properties = iss_root_folder_open_folder (root, "properties", error);
  if (properties < 0)
    return FALSE;

  /* Nobody need have said anything. */
  if (link_file (properties, properties_name, folder, PROPERTIES_NAME, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * iss_trash_entry_make:
 * @root: a root folder whose lock the caller holds
 * @parent: descriptor of the folder to make the entry in
 * @id: the entry's name
 * @store: the store that holds the certificate which @id names
 * @now: when it is deleted, seconds since 1970
 * @who: who deletes it
 * @error: return location for an error
 *
 * Makes an entry, durably. The certificate and its properties stay where they are, too.
 * What an error leaves is for the caller to remove.
 *
 * Returns: whether the entry is whole
 */
gboolean
iss_trash_entry_make (IssRootFolder  *root,
                      int             parent,
                      const char     *id,
                      IssStoreName    store,
                      gint64          now,
                      const char     *who,
                      GError        **error)
{
  g_auto(Folder) folder = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (iss_trash_entry_is_id (id), FALSE);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, FALSE);
  g_return_val_if_fail (who != NULL, FALSE);

  folder = iss_atomic_file_open_folder (parent, id, 0700, error);

  return folder >= 0 && make_in (root, folder, get_hash (id), store, error) &&
         write_entry (folder, store, now, who, error);
}

static gboolean
read_conf (int             folder,
           const char     *id,
           IssTrashEntry  *entry,
           GError        **error)
{
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, ENTRY_NAME, MAX_ENTRY_BYTES, error);
  g_autofree char *store = NULL;
  g_autofree char *who = NULL;
  g_autoptr(GError) local_error = NULL;

  if (bytes == NULL)
    return FALSE;

  if (g_key_file_load_from_bytes (key_file, bytes, G_KEY_FILE_NONE, &local_error))
    store = g_key_file_get_string (key_file, GROUP, "store", &local_error);

  if (store != NULL && iss_store_name_parse (store, &entry->store, &local_error) &&
      !iss_store_name_is_read_only (entry->store))
    {
      who = g_key_file_get_string (key_file, GROUP, "who", NULL);
      entry->deleted = g_key_file_get_int64 (key_file, GROUP, "deleted", &local_error);
    }

  if (local_error != NULL || who == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The entry trash/%s is damaged: it does not say where the certificate was"),
                   id);
      return FALSE;
    }

  entry->who = iss_text_sanitise (who, -1, WHO_MAX_CHARACTERS);
  return TRUE;
}

static void
read_friendly_name (int             folder,
                    IssTrashEntry  *entry)
{
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autoptr(GBytes) bytes = iss_atomic_file_read (folder, PROPERTIES_NAME, MAX_PROPERTIES_BYTES,
                                                  NULL);
  g_autofree char *name = NULL;

  if (bytes != NULL && g_key_file_load_from_bytes (key_file, bytes, G_KEY_FILE_NONE, NULL))
    name = g_key_file_get_string (key_file, "certificate", "friendly-name", NULL);

  entry->friendly_name = iss_text_sanitise (name != NULL ? name : "", -1, 256);
}

static gboolean
read_certificate (IssRootFolder  *root,
                  int             folder,
                  const char     *id,
                  IssTrashEntry  *entry,
                  GError        **error)
{
  g_autoptr(GBytes) pem = iss_atomic_file_read (folder, CERTIFICATE_NAME, MAX_CERTIFICATE_BYTES,
                                                error);
  g_autoptr(GBytes) der = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  GBytes *spki;

  if (pem == NULL)
    return FALSE;

  der = iss_pem_first_certificate (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  certificate = der != NULL ? iss_certificate_new_from_der (der, NULL) : NULL;

  if (certificate == NULL ||
      !g_str_equal (iss_certificate_get_sha256_hex (certificate), get_hash (id)))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                   _("The entry trash/%s is damaged: it does not hold the certificate that its "
                     "name says"), id);
      return FALSE;
    }

  spki = iss_certificate_get_spki_sha256 (certificate);
  memcpy (entry->sha256, g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL), 32);
  memcpy (entry->sha1, g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL), 20);
  memcpy (entry->spki_sha256, g_bytes_get_data (spki, NULL), 32);
  entry->issued_to = g_strdup (iss_certificate_get_issued_to (certificate));
  entry->issued_by = g_strdup (iss_certificate_get_issued_by (certificate));
  entry->not_after = iss_certificate_get_not_after (certificate);
  entry->has_key = iss_key_file_get_state (root, spki) != ISS_KEY_STATE_NONE;
  return TRUE;
}

/**
 * iss_trash_entry_read:
 * @root: a root folder
 * @parent: descriptor of the folder that holds the entry
 * @id: the entry's name
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_MALFORMED
 *
 * Returns: (transfer full): the entry, or %NULL
 */
IssTrashEntry *
iss_trash_entry_read (IssRootFolder  *root,
                      int             parent,
                      const char     *id,
                      GError        **error)
{
  g_autoptr(IssTrashEntry) entry = g_new0 (IssTrashEntry, 1);
  g_auto(Folder) folder = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (iss_trash_entry_is_id (id), NULL);

  folder = openat (parent, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0)
    {
      iss_error_set_from_errno (error, errno, _("The entry trash/%s cannot be opened"), id);
      return NULL;
    }

  entry->id = g_strdup (id);
  entry->sha256_hex = g_strdup (get_hash (id));

  if (!read_conf (folder, id, entry, error) ||
      !read_certificate (root, folder, id, entry, error))
    return NULL;

  read_friendly_name (folder, entry);
  return g_steal_pointer (&entry);
}

/* What was said about a certificate was said about it in every store. */
static gboolean
is_elsewhere (IssRootFolder  *root,
              IssStoreName    store,
              const char     *sha256_hex)
{
  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (i != store && !iss_store_name_is_read_only ((IssStoreName) i) &&
          iss_certificate_store_contains (root, (IssStoreName) i, sha256_hex))
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_trash_entry_take_out:
 * @root: a root folder whose lock the caller holds
 * @parent: descriptor of the folder that holds the entry
 * @id: the entry's name
 * @error: return location for an error
 *
 * Takes out of its store what the entry keeps: properties before certificate. The key
 * stays. Doing it again does nothing.
 *
 * Returns: whether the store is without it now
 */
gboolean
iss_trash_entry_take_out (IssRootFolder  *root,
                          int             parent,
                          const char     *id,
                          GError        **error)
{
  g_autoptr(IssTrashEntry) entry = iss_trash_entry_read (root, parent, id, error);
  g_autoptr(GError) local_error = NULL;

  if (entry == NULL)
    return FALSE;

  if (!is_elsewhere (root, entry->store, entry->sha256_hex) &&
      !iss_properties_remove (root, entry->sha256_hex, error))
    return FALSE;

  if (iss_certificate_store_remove (root, entry->store, entry->sha256_hex, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* What is there already was there first, and stays. */
static gboolean
link_back (int           folder,
           const char   *name,
           int           to,
           const char   *to_name,
           GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  if (link_file (folder, name, to, to_name, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_EXISTS))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * iss_trash_entry_put_back:
 * @root: a root folder whose lock the caller holds
 * @parent: descriptor of the folder that holds the entry
 * @id: the entry's name
 * @error: return location for an error
 *
 * Puts certificate and properties where they were. The entry stays. Doing it again does nothing.
 *
 * Returns: whether they are there now
 */
gboolean
iss_trash_entry_put_back (IssRootFolder  *root,
                          int             parent,
                          const char     *id,
                          GError        **error)
{
  g_autoptr(IssTrashEntry) entry = iss_trash_entry_read (root, parent, id, error);
  g_autofree char *certificate_name = NULL;
  g_autofree char *properties_name = NULL;
  g_auto(Folder) folder = -1;
  g_auto(Folder) store = -1;
  g_auto(Folder) properties = -1;

  if (entry == NULL)
    return FALSE;

  folder = iss_atomic_file_open_folder (parent, id, 0, error);
  store = folder < 0 ? -1 : open_store (root, entry->store, error);
  properties = store < 0 ? -1 : iss_root_folder_open_folder (root, "properties", error);
  if (properties < 0)
    return FALSE;

  certificate_name = g_strconcat (entry->sha256_hex, ".pem", NULL);
  properties_name = g_strconcat (entry->sha256_hex, ".conf", NULL);

  return link_back (folder, CERTIFICATE_NAME, store, certificate_name, error) &&
         (faccessat (folder, PROPERTIES_NAME, F_OK, AT_SYMLINK_NOFOLLOW) != 0 ||
          link_back (folder, PROPERTIES_NAME, properties, properties_name, error));
}

/**
 * iss_trash_entry_is_back:
 * @root: a root folder
 * @parent: descriptor of the folder that holds the entry
 * @self: the entry
 * @error: return location for an error: %ISS_ERROR_EXISTS when the certificate is in its store
 *   again and other things are said about it than the entry keeps; %ISS_ERROR_MALFORMED when
 *   a damaged file is in its place
 *
 * Judges before a restore.
 *
 * Returns: whether the certificate can be, or need not be, put back
 */
gboolean
iss_trash_entry_is_back (IssRootFolder        *root,
                         int                   parent,
                         const IssTrashEntry  *self,
                         GError              **error)
{
  g_autofree char *name = g_strconcat (self->sha256_hex, ".conf", NULL);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) there = NULL;
  g_autoptr(GBytes) now_said = NULL;
  g_autoptr(GBytes) kept = NULL;
  g_auto(Folder) properties = -1;
  g_auto(Folder) folder = -1;

  there = iss_certificate_store_load (root, self->store, self->sha256_hex, &local_error);
  if (there == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  if (there == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  folder = iss_atomic_file_open_folder (parent, self->id, 0, error);
  properties = folder < 0 ? -1 : iss_root_folder_open_folder (root, "properties", error);
  if (properties < 0)
    return FALSE;

  now_said = iss_atomic_file_read (properties, name, MAX_PROPERTIES_BYTES, NULL);
  kept = iss_atomic_file_read (folder, PROPERTIES_NAME, MAX_PROPERTIES_BYTES, NULL);
  if (now_said == NULL || kept == NULL || g_bytes_equal (now_said, kept))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
               _("“%s” is in “%s” again, with another name, description or purpose than when "
                 "it was deleted: what is there stays. Delete it first if you want the old one"),
               self->issued_to, iss_store_name_get_label (self->store));
  return FALSE;
}

/**
 * iss_trash_entry_remove:
 * @parent: descriptor of the folder that holds the entry
 * @id: the entry's name
 * @error: return location for an error
 *
 * Removes an entry's folder, for good. An entry that is not there is no error.
 *
 * Returns: whether it is gone
 */
gboolean
iss_trash_entry_remove (int           parent,
                        const char   *id,
                        GError      **error)
{
  /* The one that says where it was goes last: until then the rest can be finished. */
  static const char *const names[] = { PROPERTIES_NAME, CERTIFICATE_NAME, ENTRY_NAME };
  g_auto(Folder) folder = -1;

  g_return_val_if_fail (iss_trash_entry_is_id (id), FALSE);

  folder = openat (parent, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 && errno == ENOENT)
    return TRUE;

  if (folder >= 0)
    {
      iss_atomic_file_sweep (folder);
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        (void) unlinkat (folder, names[i], 0);
    }

  if (unlinkat (parent, id, AT_REMOVEDIR) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The entry trash/%s cannot be removed"), id);
  return FALSE;
}

/**
 * iss_trash_entry_append_audit:
 * @root: a root folder whose lock the caller holds
 * @now: seconds since 1970
 * @who: who did it
 * @what: what was done to them, a stable word such as "restore"
 * @entries: (element-type IssTrashEntry): at least one, of one store
 * @error: return location for an error, as of iss_audit_append()
 *
 * One line, however many: the names are cut, the hashes are in the entries' names.
 *
 * Returns: whether it is recorded
 */
gboolean
iss_trash_entry_append_audit (IssRootFolder  *root,
                              gint64          now,
                              const char     *who,
                              const char     *what,
                              GPtrArray      *entries,
                              GError        **error)
{
  g_autoptr(GString) hashes = g_string_new (NULL);
  g_autoptr(GString) names = g_string_new (NULL);
  const char *details[] = { "certificates", NULL, "names", NULL, "store", NULL, NULL };

  g_return_val_if_fail (entries != NULL && entries->len > 0, FALSE);

  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (hashes, "%s%s", i > 0 ? " " : "", entry->sha256_hex);
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", entry->issued_to);
      details[5] = iss_store_name_get_nick (entry->store);
    }

  details[1] = hashes->str;
  details[3] = names->str;
  return iss_audit_append (root, now, who, what, details, error);
}
