/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/publication.h"

#include "core/assignment/made-folder.h"
#include "core/assignment/reload-folder.h"
#include "core/assignment/staged-key.h"
#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/jwk.h"
#include "core/store/certificate-store.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIVE "live"
#define MADE ".made"
#define STAMP ".changed"
#define STAMP_MODE 0644
#define MAX_STAMP_SIZE (64 * 1024)
#define MAX_CERTIFICATE_FILE_SIZE (4 * 1024 * 1024)

/* (transfer full) (nullable): the name below .made that a link points to. */
static char *
dup_target (int         live,
            const char *link)
{
  char target[PATH_MAX];
  ssize_t length = readlinkat (live, link, target, sizeof target - 1);

  if (length < 0)
    return NULL;

  target[length] = '\0';
  if (!g_str_has_prefix (target, MADE "/"))
    return NULL;

  return g_strdup (target + strlen (MADE "/"));
}

/* What is pointed at until now is kept for a while from now on. A link that
 * somebody has bent to another place is followed nowhere. */
static void
touch_superseded (int         live,
                  const char *link,
                  gint64      now)
{
  struct timespec times[2] = { { .tv_sec = now }, { .tv_sec = now } };
  g_autofree char *target = dup_target (live, link);

  if (target != NULL && strchr (target, '/') == NULL && target[0] != '.')
    utimensat (live, link, times, 0);
}

static gboolean
publish (IssRootFolder        *root,
         const IssAssignment  *assignment,
         int                   live,
         int                   made,
         gint64                now,
         GError              **error)
{
  g_autoptr(IssMadeFolder) folder = iss_made_folder_new (root, assignment, now, error);
  g_autofree char *before = NULL;
  g_autofree char *target = NULL;

  if (folder == NULL)
    return FALSE;

  if (!iss_made_folder_is_right (folder, made) &&
      !iss_made_folder_make (folder, made, now, error))
    return FALSE;

  before = dup_target (live, assignment->type->name);
  if (g_strcmp0 (before, iss_made_folder_get_name (folder)) == 0)
    return TRUE;

  touch_superseded (live, assignment->type->name, now);
  target = g_strconcat (MADE "/", iss_made_folder_get_name (folder), NULL);

  return iss_atomic_file_link (live, assignment->type->name, target, error);
}

static gboolean
withdraw (const IssCertificateType  *type,
          int                        live,
          gint64                     now,
          GError                   **error)
{
  g_autoptr(GError) local_error = NULL;

  touch_superseded (live, type->name, now);
  if (iss_atomic_file_remove (live, type->name, &local_error) ||
      g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

/* Which folder each type shows, as lines. A folder that was made anew under the
 * same name is another one, by its inode. */
static char *
dup_state (int live)
{
  GString *state = g_string_new (NULL);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      g_autofree char *target = dup_target (live, type->name);
      struct stat info;

      if (target != NULL && fstatat (live, type->name, &info, 0) == 0)
        g_string_append_printf (state, "%s %" G_GUINT64_FORMAT "\n", target,
                                (guint64) info.st_ino);
    }

  return g_string_free (state, FALSE);
}

/* The stamp is the instant and then the state that it is the stamp of: a change
 * whose stamp was lost with the power is stamped at the next start. */
static gboolean
stamp (int          live,
       const char  *state,
       gint64       now,
       GError     **error)
{
  g_autoptr(GBytes) bytes = iss_atomic_file_read (live, STAMP, MAX_STAMP_SIZE, NULL);
  g_autofree char *instant = NULL;
  g_autofree char *text = NULL;

  if (bytes != NULL && g_bytes_get_size (bytes) > 0)
    {
      g_autofree char *before = NULL;
      const char *newline;

      before = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      newline = strchr (before, '\n');
      if (newline != NULL && g_str_equal (newline + 1, state))
        return TRUE;
    }

  instant = iss_time_text_iso (now);
  text = g_strconcat (instant, "\n", state, NULL);

  return iss_atomic_file_replace (live, STAMP, text, strlen (text), STAMP_MODE, error);
}

/* (transfer full) (nullable): everything that a link points at, also links that a newer
 * version made. */
static GHashTable *
dup_kept (int live)
{
  g_autoptr(GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  int copy = openat (live, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return NULL;
    }

  while ((entry = readdir (dir)) != NULL)
    {
      char *target = dup_target (live, entry->d_name);

      if (target != NULL)
        g_hash_table_add (kept, target);
    }
  closedir (dir);

  return g_steal_pointer (&kept);
}

/* (transfer full) (nullable): how far the services are; where that is not known all wait */
static GPtrArray *
dup_reloads (IssRootFolder *root)
{
  return iss_reload_folder_look (iss_root_folder_get_path (root), iss_root_folder_get_fd (root),
                                 NULL);
}

/* Where it cannot be found out what is pointed at nothing is swept. */
static void
sweep (IssRootFolder *root,
       int            live,
       int            made,
       gint64         now)
{
  g_autoptr(GHashTable) kept = dup_kept (live);
  g_autoptr(GPtrArray) reloads = dup_reloads (root);

  if (kept != NULL)
    iss_made_folder_sweep (made, kept, reloads, now);
}

static gboolean
reconcile_in (IssRootFolder   *root,
              IssAssignments  *assignments,
              int              live,
              int              made,
              gint64           now,
              GError         **error)
{
  g_autoptr(GError) first_error = NULL;
  g_autofree char *state = NULL;

  iss_atomic_file_sweep (live);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      const IssAssignment *assignment = iss_assignments_find (assignments, type);
      GError **unless_set = first_error == NULL ? &first_error : NULL;

      if (assignment != NULL)
        publish (root, assignment, live, made, now, unless_set);
      else
        withdraw (type, live, now, unless_set);
    }

  state = dup_state (live);
  stamp (live, state, now, first_error == NULL ? &first_error : NULL);

  sweep (root, live, made, now);

  if (first_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&first_error));

  return FALSE;
}

/**
 * iss_publication_reconcile:
 * @root: a server's folder, whose writers' lock the caller holds
 * @now: the present instant
 * @error: return location for an error
 *
 * Makes live/ agree with assignments.conf: to be called at every start and
 * after each commit, as often as one likes. Each type changes by one switch of a
 * link, from wholly before to wholly after.
 *
 * Where a certificate or its key has gone from the disk, what is published of
 * that type is left as it is, the other types are done all the same, and the error
 * names the first such type with the remedy. With a damaged assignments.conf nothing
 * is touched.
 *
 * Returns: whether everything that is assigned is published
 */
gboolean
iss_publication_reconcile (IssRootFolder  *root,
                           gint64          now,
                           GError        **error)
{
  g_autoptr(IssAssignments) assignments = NULL;
  gboolean reconciled;
  int live;
  int made;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  assignments = iss_assignments_load (root, error);
  if (assignments == NULL)
    return FALSE;

  live = iss_atomic_file_open_folder (iss_root_folder_get_fd (root), LIVE, 0755, error);
  if (live < 0)
    return FALSE;

  made = iss_atomic_file_open_folder (live, MADE, 0755, error);
  if (made < 0)
    {
      close (live);
      return FALSE;
    }

  reconciled = reconcile_in (root, assignments, live, made, now, error);
  close (made);
  close (live);

  return reconciled;
}

/**
 * iss_publication_get_next_sweep:
 * @root: a server's folder
 * @after: what should have gone until then is passed over: it was tried
 *
 * What a service may still use, because its reload for a successor has not succeeded, waits for
 * no instant.
 *
 * Returns: the earliest instant after @after from which iss_publication_reconcile() removes
 *   something that services do not read any more; 0 when there is nothing
 */
gint64
iss_publication_get_next_sweep (IssRootFolder *root,
                                gint64         after)
{
  g_autoptr(GHashTable) kept = NULL;
  g_autoptr(GPtrArray) reloads = NULL;
  gint64 next = 0;
  int live;
  int made;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), 0);

  live = iss_root_folder_open_folder (root, LIVE, NULL);
  if (live < 0)
    return 0;

  made = iss_atomic_file_open_folder (live, MADE, 0, NULL);
  kept = dup_kept (live);
  reloads = dup_reloads (root);
  if (made >= 0 && kept != NULL)
    next = iss_made_folder_get_next_sweep (made, kept, reloads, after);

  if (made >= 0)
    close (made);
  close (live);

  return next;
}

/* (transfer full) (nullable) */
static char *
find_key_folder (int                made,
                 const struct stat *key)
{
  static const char *const files[] = { "privkey.pem", ISS_STAGED_KEY_NAME };
  g_autoptr(GPtrArray) names = iss_made_folder_list (made);

  for (guint i = 0; names != NULL && i < names->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (files); k++)
      {
        g_autofree char *path = g_build_filename (g_ptr_array_index (names, i), files[k], NULL);
        struct stat info;

        if (fstatat (made, path, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            info.st_dev == key->st_dev && info.st_ino == key->st_ino)
          return g_strdup (g_ptr_array_index (names, i));
      }

  return NULL;
}

/**
 * iss_publication_dup_key_folder:
 * @root: a server's folder
 * @spki_sha256: SHA-256 of the public key, 32 bytes
 *
 * Returns: (transfer full) (nullable): a folder below live/.made where the private key has a
 *   second name, pointed at or not swept yet; %NULL: none
 */
char *
iss_publication_dup_key_folder (IssRootFolder *root,
                                GBytes        *spki_sha256)
{
  g_autofree char *hex = NULL;
  g_autofree char *file = NULL;
  char *name = NULL;
  struct stat key;
  int made;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (g_bytes_get_size (spki_sha256) == ISS_SHA256_SIZE, NULL);

  hex = iss_text_hex (g_bytes_get_data (spki_sha256, NULL), ISS_SHA256_SIZE, FALSE);
  file = g_strdup_printf ("keys/%s.pem", hex);
  made = iss_root_folder_open_folder (root, LIVE "/" MADE, NULL);
  if (made < 0)
    return NULL;

  if (fstatat (iss_root_folder_get_fd (root), file, &key, AT_SYMLINK_NOFOLLOW) == 0)
    name = find_key_folder (made, &key);
  close (made);

  return name;
}

/* -1 if nothing is published. The folder stays whole for the one who has it open. */
static int
open_published (IssRootFolder            *root,
                const IssCertificateType *type)
{
  int live = iss_root_folder_open_folder (root, LIVE, NULL);
  int folder;

  if (live < 0)
    return -1;

  folder = openat (live, type->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  close (live);

  return folder;
}

/**
 * iss_publication_get_revision:
 * @root: a server's folder
 * @type: a type
 * @out_revision: (out): the revision of the assignment that live/ shows
 *
 * What is published is of the present when this is the assignment's revision.
 *
 * Returns: whether anything is published for @type
 */
gboolean
iss_publication_get_revision (IssRootFolder             *root,
                              const IssCertificateType  *type,
                              guint64                   *out_revision)
{
  gboolean is_published;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (out_revision != NULL, FALSE);

  folder = open_published (root, type);
  if (folder < 0)
    return FALSE;

  is_published = iss_made_folder_read_revision (folder, type, out_revision);
  close (folder);

  return is_published;
}

static gboolean
is_file (int         folder,
         const char *name,
         const char *text)
{
  g_autoptr(GBytes) found = iss_atomic_file_read (folder, name, MAX_CERTIFICATE_FILE_SIZE, NULL);

  return found != NULL &&
         g_bytes_get_size (found) == strlen (text) &&
         memcmp (g_bytes_get_data (found, NULL), text, strlen (text)) == 0;
}

/* Among the keys that those have who verify. */
static gboolean
is_in_keys (int             folder,
            IssCertificate *certificate)
{
  g_autoptr(GBytes) found = iss_atomic_file_read (folder, "jwks.json", MAX_CERTIFICATE_FILE_SIZE,
                                                  NULL);
  g_autofree char *x5c = iss_jwk_dup_x5c (certificate);
  g_autofree char *quoted = g_strconcat ("\"", x5c, "\"", NULL);

  return found != NULL && g_bytes_get_size (found) > 0 &&
         g_strstr_len (g_bytes_get_data (found, NULL), (gssize) g_bytes_get_size (found),
                       quoted) != NULL;
}

static gboolean
shows_in (int                   folder,
          const IssAssignment  *assignment,
          IssSlot               slot,
          IssCertificate       *certificate)
{
  g_autofree char *pem = iss_certificate_dup_pem (certificate);
  guint64 revision;

  if (!iss_made_folder_read_revision (folder, assignment->type, &revision) ||
      revision != assignment->revision)
    return FALSE;

  switch (slot)
    {
    case ISS_SLOT_CURRENT:
      return is_file (folder, "cert.pem", pem);

    case ISS_SLOT_PREVIOUS:
      return is_file (folder, "previous.pem", pem);

    case ISS_SLOT_STAGED:
      return is_in_keys (folder, certificate);

    case ISS_N_SLOTS:
      break;
    }

  return FALSE;
}

/**
 * iss_publication_shows:
 * @root: a server's folder
 * @assignment: what a type uses there
 * @slot: one of its slots
 *
 * Returns: whether live/ is of the assignment's revision and really shows the
 *   certificate of @slot: a staged one among the keys for verifying
 */
gboolean
iss_publication_shows (IssRootFolder        *root,
                       const IssAssignment  *assignment,
                       IssSlot               slot)
{
  g_autoptr(IssCertificate) certificate = NULL;
  gboolean shows;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail (assignment != NULL, FALSE);
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, FALSE);

  if (assignment->slot[slot] == NULL)
    return FALSE;

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, assignment->slot[slot], NULL);
  folder = certificate != NULL ? open_published (root, assignment->type) : -1;
  if (folder < 0)
    return FALSE;

  shows = shows_in (folder, assignment, slot, certificate);
  close (folder);

  return shows;
}
