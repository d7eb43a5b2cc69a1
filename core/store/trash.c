/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/trash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

#define FOLDER "trash"

/* Where a batch of entries is while it is worked on. The name says what has been decided:
 * renaming MAKING to DELETING deletes them all, GATHERING to RESTORING brings them all back.
 * The lock is held throughout, so that there is never more than one of each. */
#define MAKING ".making"
#define DELETING ".deleting"
#define GATHERING ".gathering"
#define RESTORING ".restoring"
#define PURGING ".purging"

static void
close_folder (int *folder)
{
  if (*folder >= 0)
    close (*folder);
}

typedef int Folder;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, close_folder)

static int
open_trash (IssRootFolder  *root,
            GError        **error)
{
  return iss_root_folder_open_folder (root, FOLDER, error);
}

/* -1 without error: there is no such batch. */
static gboolean
open_batch (int           trash,
            const char   *batch,
            int          *out_folder,
            GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  *out_folder = iss_atomic_file_open_folder (trash, batch, 0, &local_error);
  if (*out_folder >= 0 || g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* (element-type utf8): names of the entries in a folder, oldest first */
static GPtrArray *
list_ids (int       folder,
          GError  **error)
{
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  int copy = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *stream = copy < 0 ? NULL : fdopendir (copy);
  struct dirent *found;

  if (stream == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The trash cannot be read"));
      if (copy >= 0)
        close (copy);
      return NULL;
    }

  while ((found = readdir (stream)) != NULL)
    {
      if (iss_trash_entry_is_id (found->d_name))
        g_ptr_array_add (ids, g_strdup (found->d_name));
    }

  closedir (stream);
  g_ptr_array_sort (ids, compare_ids);

  return g_steal_pointer (&ids);
}

static gboolean
rename_durably (int           from,
                const char   *name,
                int           to,
                const char   *new_name,
                GError      **error)
{
  if (renameat (from, name, to, new_name) == 0 && fsync (to) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The folder “%s” in the trash cannot be moved"), name);
  return FALSE;
}

/* A batch whose entries have all gone elsewhere. */
static gboolean
end_batch (int           trash,
           const char   *batch,
           GError      **error)
{
  if (unlinkat (trash, batch, AT_REMOVEDIR) == 0 && fsync (trash) == 0)
    return TRUE;

  iss_error_set_from_errno (error, errno, _("The folder “%s” in the trash cannot be removed"),
                            batch);
  return FALSE;
}

static gboolean
is_in (int         folder,
       const char *name)
{
  return faccessat (folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What a batch's entries are given to, one by one. */
typedef gboolean (* EntryFunc) (IssRootFolder  *root,
                                int             trash,
                                int             batch,
                                const char     *id,
                                gpointer        user_data,
                                GError        **error);

static gboolean
finish_batch (IssRootFolder  *root,
              int             trash,
              const char     *batch,
              EntryFunc       func,
              gpointer        user_data,
              GError        **error)
{
  g_autoptr(GPtrArray) ids = NULL;
  g_auto(Folder) folder = -1;

  if (!open_batch (trash, batch, &folder, error))
    return FALSE;

  if (folder < 0)
    return TRUE;

  ids = list_ids (folder, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      if (!func (root, trash, folder, g_ptr_array_index (ids, i), user_data, error))
        return FALSE;
    }

  return end_batch (trash, batch, error);
}

static gboolean
drop_entry (IssRootFolder  *root,
            int             trash,
            int             batch,
            const char     *id,
            gpointer        user_data,
            GError        **error)
{
  return iss_trash_entry_remove (batch, id, error);
}

static gboolean
return_entry (IssRootFolder  *root,
              int             trash,
              int             batch,
              const char     *id,
              gpointer        user_data,
              GError        **error)
{
  return rename_durably (batch, id, trash, id, error);
}

static gboolean
delete_entry (IssRootFolder  *root,
              int             trash,
              int             batch,
              const char     *id,
              gpointer        user_data,
              GError        **error)
{
  return iss_trash_entry_take_out (root, batch, id, error) &&
         rename_durably (batch, id, trash, id, error);
}

static gboolean
restore_entry (IssRootFolder  *root,
               int             trash,
               int             batch,
               const char     *id,
               gpointer        user_data,
               GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  /* Half removed already: then it has been put back before. */
  if (!iss_trash_entry_put_back (root, batch, id, &local_error) &&
      !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return iss_trash_entry_remove (batch, id, error);
}

static gboolean
note_key_cb (const IssCertificateSummary  *summary,
             GBytes                       *der,
             gpointer                      user_data)
{
  g_hash_table_add (user_data, g_bytes_new (summary->spki_sha256, sizeof summary->spki_sha256));
  return TRUE;
}

/* (element-type GBytes): public keys of every certificate in the stores and in the trash.
 * (nullable) without error: somebody keeps a request that this program cannot read, and its
 * key must not go. */
static gboolean
find_needed_keys (IssRootFolder  *root,
                  int             trash,
                  GHashTable    **out_keys,
                  GError        **error)
{
  g_autoptr(GHashTable) keys = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                      (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr(GPtrArray) ids = list_ids (trash, error);
  guint n_foreign = 0;

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      guint n = 0;

      if (iss_store_name_is_read_only ((IssStoreName) i))
        continue;

      if (!iss_certificate_store_foreach_summary (root, (IssStoreName) i, note_key_cb, keys, &n,
                                                  error))
        return FALSE;

      n_foreign += n;
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr(IssTrashEntry) entry = iss_trash_entry_read (root, trash,
                                                             g_ptr_array_index (ids, i), NULL);

      if (entry != NULL)
        g_hash_table_add (keys, g_bytes_new (entry->spki_sha256, sizeof entry->spki_sha256));
      else
        n_foreign++;
    }

  *out_keys = n_foreign == 0 ? g_steal_pointer (&keys) : NULL;
  return TRUE;
}

/* The key before the entry, which is what says that there is a key to remove. */
static gboolean
purge_entry (IssRootFolder  *root,
             int             trash,
             int             batch,
             const char     *id,
             gpointer        user_data,
             GError        **error)
{
  GHashTable *needed = user_data;
  g_autoptr(IssTrashEntry) entry = iss_trash_entry_read (root, batch, id, NULL);
  g_autoptr(GBytes) spki = NULL;
  g_autoptr(GError) local_error = NULL;

  if (entry != NULL && needed != NULL)
    spki = g_bytes_new (entry->spki_sha256, sizeof entry->spki_sha256);

  if (spki != NULL && !g_hash_table_contains (needed, spki) &&
      !iss_key_file_remove (root, spki, &local_error) &&
      !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return iss_trash_entry_remove (batch, id, error);
}

static gboolean
finish_purge (IssRootFolder  *root,
              int             trash,
              GError        **error)
{
  g_autoptr(GHashTable) needed = NULL;

  if (!is_in (trash, PURGING))
    return TRUE;

  return find_needed_keys (root, trash, &needed, error) &&
         finish_batch (root, trash, PURGING, purge_entry, needed, error);
}

static gboolean
mend_in (IssRootFolder  *root,
         int             trash,
         GError        **error)
{
  return finish_batch (root, trash, MAKING, drop_entry, NULL, error) &&
         finish_batch (root, trash, GATHERING, return_entry, NULL, error) &&
         finish_batch (root, trash, DELETING, delete_entry, NULL, error) &&
         finish_batch (root, trash, RESTORING, restore_entry, NULL, error) &&
         finish_purge (root, trash, error);
}

/**
 * iss_trash_mend:
 * @root: a root folder whose lock the caller holds
 * @error: return location for an error
 *
 * Makes whole what a crash has left half: at every start, and before anything that adds a
 * certificate. Where nothing is half it looks up five names.
 *
 * Returns: whether nothing is half now
 */
gboolean
iss_trash_mend (IssRootFolder  *root,
                GError        **error)
{
  g_auto(Folder) trash = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);

  trash = open_trash (root, error);

  return trash >= 0 && mend_in (root, trash, error);
}

/* Two stores may lose the same certificate in the same second. */
static char *
dup_free_id (int          trash,
             const char  *sha256_hex,
             gint64       now)
{
  gint64 seconds = MAX (now, 0);
  char *id = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", seconds, sha256_hex);

  while (is_in (trash, id))
    {
      g_free (id);
      seconds++;
      id = g_strdup_printf ("%" G_GINT64_FORMAT "-%s", seconds, sha256_hex);
    }

  return id;
}

static gboolean
make_entries (IssRootFolder       *root,
              int                  trash,
              IssStoreName         store,
              const char *const   *sha256_hex,
              gint64               now,
              const char          *who,
              GStrvBuilder        *ids,
              GError             **error)
{
  g_auto(Folder) making = iss_atomic_file_open_folder (trash, MAKING, 0700, error);

  if (making < 0)
    return FALSE;

  for (guint i = 0; sha256_hex[i] != NULL; i++)
    {
      g_autofree char *id = dup_free_id (trash, sha256_hex[i], now);

      if (!iss_trash_entry_make (root, making, id, store, now, who, error))
        return FALSE;

      g_strv_builder_add (ids, id);
    }

  return fsync (making) == 0;
}

static gboolean
check_writable (IssStoreName   store,
                GError       **error)
{
  if (!iss_store_name_is_read_only (store))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("Nothing can be deleted from “%s”: the store is the system's. To distrust a "
                 "certificate of it, put the certificate into Untrusted Certificates, or use "
                 "update-ca-certificates on the server"), iss_store_name_get_label (store));
  return FALSE;
}

static gboolean
check_put (IssRootFolder       *root,
           IssStoreName         store,
           const char *const   *sha256_hex,
           GError             **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; sha256_hex[i] != NULL; i++)
    {
      g_autoptr(GBytes) der = iss_certificate_store_load (root, store, sha256_hex[i], error);

      if (der == NULL)
        return FALSE;

      if (i == ISS_TRASH_MAX_AT_ONCE || !g_hash_table_add (seen, (gpointer) sha256_hex[i]))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("At most %d different certificates can be deleted at once"),
                       ISS_TRASH_MAX_AT_ONCE);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * iss_trash_put:
 * @root: a root folder whose lock the caller holds
 * @store: a store
 * @sha256_hex: (array zero-terminated=1): certificates of the store, at most
 *   %ISS_TRASH_MAX_AT_ONCE
 * @now: seconds since 1970
 * @who: who deletes them
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_REFUSED for the
 *   system's store
 *
 * Moves certificates and what was said about them into the trash, all or none. Their private
 * keys stay where they are until the last certificate, request and trash entry has gone.
 * Whether they may be deleted, the caller has judged.
 *
 * After an error nothing is deleted, unless the disk failed after all was decided: then the
 * next change finishes it.
 *
 * Returns: (transfer full): the names of the entries, in the order of @sha256_hex, or %NULL
 */
char **
iss_trash_put (IssRootFolder       *root,
               IssStoreName         store,
               const char *const   *sha256_hex,
               gint64               now,
               const char          *who,
               GError             **error)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  g_auto(Folder) trash = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, NULL);
  g_return_val_if_fail (sha256_hex != NULL, NULL);
  g_return_val_if_fail (who != NULL, NULL);

  if (!check_writable (store, error))
    return NULL;

  trash = open_trash (root, error);
  if (trash < 0 || !mend_in (root, trash, error) || !check_put (root, store, sha256_hex, error))
    return NULL;

  if (!make_entries (root, trash, store, sha256_hex, now, who, ids, error) ||
      !rename_durably (trash, MAKING, trash, DELETING, error))
    {
      finish_batch (root, trash, MAKING, drop_entry, NULL, NULL);
      return NULL;
    }

  if (!finish_batch (root, trash, DELETING, delete_entry, NULL, error))
    {
      g_prefix_error (error, _("The deletion has begun and will be finished by the next change: "));
      return NULL;
    }

  return g_strv_builder_end (ids);
}

/**
 * iss_trash_list:
 * @root: a root folder
 * @max: how many entries to read at most
 * @out_n_all: (out) (optional): how many there are; untouched on failure
 * @error: return location for an error
 *
 * Reads the trash, without the lock. Entries that cannot be read are passed over; they count
 * in @out_n_all.
 *
 * Returns: (transfer full) (element-type IssTrashEntry): the entries, newest first
 */
GPtrArray *
iss_trash_list (IssRootFolder  *root,
                guint           max,
                guint          *out_n_all,
                GError        **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                 iss_trash_entry_free);
  g_autoptr(GPtrArray) ids = NULL;
  g_auto(Folder) trash = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  trash = open_trash (root, error);
  ids = trash < 0 ? NULL : list_ids (trash, error);
  if (ids == NULL)
    return NULL;

  for (guint i = ids->len; i > 0 && entries->len < max; i--)
    {
      IssTrashEntry *entry = iss_trash_entry_read (root, trash, g_ptr_array_index (ids, i - 1),
                                                   NULL);

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }

  if (out_n_all != NULL)
    *out_n_all = ids->len;

  return g_steal_pointer (&entries);
}

/* Restored before, or imported since: as good as restored. */
static gboolean
is_in_a_store (IssRootFolder *root,
               const char    *id)
{
  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      if (!iss_store_name_is_read_only ((IssStoreName) i) &&
          iss_certificate_store_contains (root, (IssStoreName) i, strchr (id, '-') + 1))
        return TRUE;
    }

  return FALSE;
}

static gboolean
judge_restore (IssRootFolder       *root,
               int                  trash,
               const char *const   *ids,
               GPtrArray           *entries,
               GError             **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(IssTrashEntry) entry = NULL;
      g_autoptr(GError) local_error = NULL;

      if (i == ISS_TRASH_MAX_AT_ONCE || !iss_trash_entry_is_id (ids[i]) ||
          !g_hash_table_add (seen, (gpointer) ids[i]))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("Say which entries of the trash, each once, at most %d"),
                       ISS_TRASH_MAX_AT_ONCE);
          return FALSE;
        }

      entry = iss_trash_entry_read (root, trash, ids[i], &local_error);

      if (entry == NULL && g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
        {
          if (is_in_a_store (root, ids[i]))
            continue;

          g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                       _("The certificate %.16s… is not in the trash any more: it is kept for "
                         "%d days. Import it again from its file"), strchr (ids[i], '-') + 1,
                       ISS_TRASH_SECONDS / (24 * 60 * 60));
          return FALSE;
        }

      if (entry == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (!iss_trash_entry_is_back (root, trash, entry, error))
        return FALSE;

      g_ptr_array_add (entries, g_steal_pointer (&entry));
    }

  return TRUE;
}

static gboolean
gather (int          trash,
        const char  *batch,
        GPtrArray   *entries,
        GError     **error)
{
  g_auto(Folder) folder = iss_atomic_file_open_folder (trash, batch, 0700, error);

  if (folder < 0)
    return FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const IssTrashEntry *entry = g_ptr_array_index (entries, i);

      if (!rename_durably (trash, entry->id, folder, entry->id, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_trash_restore:
 * @root: a root folder, whose lock the caller holds unless it is only to be tried
 * @ids: (array zero-terminated=1): names of entries
 * @what_if: only judge
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when an entry is gone and its
 *   certificate is nowhere, %ISS_ERROR_EXISTS when something else is in its place now
 *
 * Puts certificates and what was said about them back where they were, all or none. Their
 * keys have never left. What is back already is no error.
 *
 * Returns: (transfer full) (element-type IssTrashEntry): what came back, or %NULL
 */
GPtrArray *
iss_trash_restore (IssRootFolder       *root,
                   const char *const   *ids,
                   gboolean             what_if,
                   GError             **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                                 iss_trash_entry_free);
  g_auto(Folder) trash = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (ids != NULL, NULL);

  trash = open_trash (root, error);
  if (trash < 0 || (!what_if && !mend_in (root, trash, error)) ||
      !judge_restore (root, trash, ids, entries, error))
    return NULL;

  if (what_if || entries->len == 0)
    return g_steal_pointer (&entries);

  if (!gather (trash, GATHERING, entries, error) ||
      !rename_durably (trash, GATHERING, trash, RESTORING, error))
    {
      finish_batch (root, trash, GATHERING, return_entry, NULL, NULL);
      return NULL;
    }

  if (!finish_batch (root, trash, RESTORING, restore_entry, NULL, error))
    {
      g_prefix_error (error, _("The restore has begun and will be finished by the next change: "));
      return NULL;
    }

  return g_steal_pointer (&entries);
}

static GPtrArray *
find_aged (IssRootFolder  *root,
           int             trash,
           GHashTable     *kept,
           gint64          now,
           GError        **error)
{
  g_autoptr(GPtrArray) aged = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                              iss_trash_entry_free);
  g_autoptr(GPtrArray) ids = list_ids (trash, error);

  if (ids == NULL)
    return NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      g_autoptr(IssTrashEntry) entry = NULL;

      /* The name is never earlier than the deletion: most need not be read. */
      if (now - g_ascii_strtoll (id, NULL, 10) < ISS_TRASH_SECONDS)
        continue;

      entry = iss_trash_entry_read (root, trash, id, NULL);
      if (entry != NULL && (kept == NULL || !g_hash_table_contains (kept, entry->sha256_hex)))
        g_ptr_array_add (aged, g_steal_pointer (&entry));
    }

  return g_steal_pointer (&aged);
}

/**
 * iss_trash_purge:
 * @root: a root folder whose lock the caller holds
 * @kept: (nullable) (element-type utf8): certificates, SHA-256 in lower-case hex, that are not
 *   to go however old their entries are: those that are assigned
 * @now: seconds since 1970
 * @error: return location for an error
 *
 * Removes for good what has been in the trash for 30 days, and each private key that no
 * certificate, no request and no other entry needs any more. Entries that cannot be read stay.
 *
 * Returns: (transfer full) (element-type IssTrashEntry): what went, or %NULL
 */
GPtrArray *
iss_trash_purge (IssRootFolder  *root,
                 GHashTable     *kept,
                 gint64          now,
                 GError        **error)
{
  g_autoptr(GPtrArray) aged = NULL;
  g_auto(Folder) trash = -1;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);

  trash = open_trash (root, error);
  if (trash < 0 || !mend_in (root, trash, error))
    return NULL;

  aged = find_aged (root, trash, kept, now, error);
  if (aged == NULL || aged->len == 0)
    return g_steal_pointer (&aged);

  if (!gather (trash, PURGING, aged, error) || !finish_purge (root, trash, error))
    return NULL;

  return g_steal_pointer (&aged);
}

/**
 * iss_trash_get_next_purge:
 * @root: a root folder
 * @kept: (nullable) (element-type utf8): what does not go, as for iss_trash_purge()
 * @after: what should have gone until then is passed over: it was tried
 *
 * By the names of the entries; nothing is read.
 *
 * Returns: the earliest instant after @after from which iss_trash_purge() has something to do;
 *   0 when there is none
 */
gint64
iss_trash_get_next_purge (IssRootFolder *root,
                          GHashTable    *kept,
                          gint64         after)
{
  g_auto(Folder) trash = open_trash (root, NULL);
  g_autoptr(GPtrArray) ids = trash >= 0 ? list_ids (trash, NULL) : NULL;
  gint64 next = 0;

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      const gint64 instant = g_ascii_strtoll (id, NULL, 10) + ISS_TRASH_SECONDS;

      if (instant > after && (next == 0 || instant < next) &&
          (kept == NULL || !g_hash_table_contains (kept, strchr (id, '-') + 1)))
        next = instant;
    }

  return next;
}
