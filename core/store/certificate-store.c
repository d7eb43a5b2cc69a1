/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/certificate-store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/pem.h"

#define HEX_SIZE (2 * ISS_SHA256_SIZE)
#define SUFFIX ".pem"
#define MAX_BUNDLE_BYTES (16 * 1024 * 1024)

/* Base64 with line ends, and room for a few lines of text before it. */
#define MAX_FILE_BYTES (ISS_CERTIFICATE_MAX_SIZE / 2 * 3 + 64 * 1024)

#define BEGIN_LINE "-----BEGIN CERTIFICATE-----"
#define END_LINE "-----END CERTIFICATE-----"

/* One name of a store's folder. */
typedef struct
{
  ino_t inode;
  char  name[HEX_SIZE + sizeof SUFFIX];
} Entry;

typedef struct
{
  char   *data;
  gsize   allocated;
} Buffer;

static gboolean
is_hex (const char *text)
{
  return strspn (text, "0123456789abcdef") == HEX_SIZE;
}

static gboolean
is_certificate_name (const char *name)
{
  return is_hex (name) && g_str_equal (name + HEX_SIZE, SUFFIX);
}

static gboolean
check_hex (const char  *sha256_hex,
           GError     **error)
{
  if (is_hex (sha256_hex) && sha256_hex[HEX_SIZE] == '\0')
    return TRUE;

  g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("A certificate is named by 64 lower-case hex digits"));
  return FALSE;
}

static gboolean
check_writable (IssStoreName   store,
                GError       **error)
{
  if (!iss_store_name_is_read_only (store))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               _("The store “%s” is the system's and cannot be changed here: "
                 "use Trusted Root Certification Authorities, or update-ca-certificates "
                 "on the server"), iss_store_name_get_label (store));
  return FALSE;
}

static int
open_store (IssRootFolder  *root,
            IssStoreName    store,
            GError        **error)
{
  g_autofree char *relative = g_strconcat ("stores/", iss_store_name_get_nick (store), NULL);

  return iss_root_folder_open_folder (root, relative, error);
}

static int
open_file (int          folder,
           const char  *name)
{
  return openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/* Reads a file into the buffer, which grows as it must and is never given
 * back between two files, and closes it. Returns the size, or -1 with errno
 * set; EFBIG and EINVAL (not a file at all) mean that it is not one of ours. */
static gssize
read_file (int      fd,
           gsize    limit,
           Buffer  *buffer)
{
  struct stat info;
  gsize size = 0;
  ssize_t n = 0;
  int saved_errno;

  if (fd < 0)
    return -1;

  saved_errno = fstat (fd, &info) != 0 ? errno
              : !S_ISREG (info.st_mode) ? EINVAL
              : (guint64) info.st_size > limit ? EFBIG
              : 0;

  if (saved_errno == 0 && buffer->allocated < (gsize) info.st_size)
    {
      g_free (buffer->data);
      buffer->allocated = MAX ((gsize) info.st_size, 64 * 1024);
      buffer->data = g_malloc (buffer->allocated);
    }

  while (saved_errno == 0 && size < (gsize) info.st_size)
    {
      n = read (fd, buffer->data + size, (gsize) info.st_size - size);

      if (n > 0)
        size += (gsize) n;
      else if (n == 0)
        break;
      else if (errno != EINTR)
        saved_errno = errno;
    }

  close (fd);

  if (saved_errno != 0)
    {
      errno = saved_errno;
      return -1;
    }

  return (gssize) size;
}

/* The file's certificate, if it is the one that its name says. */
static GBytes *
dup_named_der (const Buffer           *buffer,
               gsize                   size,
               const char             *sha256_hex,
               IssCertificateSummary  *out_summary)
{
  g_auto(IssCertificateSummary) summary = { NULL };
  g_autoptr(GBytes) der = NULL;
  g_autofree char *hex = NULL;

  if (size == 0)
    return NULL;

  der = iss_pem_first_certificate (buffer->data, size);
  if (der == NULL)
    return NULL;

  if (!iss_certificate_summary_read (&summary, g_bytes_get_data (der, NULL),
                                     g_bytes_get_size (der), NULL))
    return NULL;

  hex = iss_text_hex (summary.sha256, sizeof summary.sha256, FALSE);
  if (strncmp (hex, sha256_hex, HEX_SIZE) != 0)
    return NULL;

  *out_summary = summary;
  summary = (IssCertificateSummary) { NULL };
  return g_steal_pointer (&der);
}

static int
compare_inodes (gconstpointer a,
                gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;

  return (left->inode > right->inode) - (left->inode < right->inode);
}

/* Our own files that are being written begin with a dot, as do other
 * programs' private ones: they are not counted. */
static GArray *
list_folder (int       folder,
             guint    *out_n_foreign,
             GError  **error)
{
  g_autoptr(GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  struct dirent *found;
  DIR *stream;
  int copy = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  stream = copy < 0 ? NULL : fdopendir (copy);
  if (stream == NULL)
    {
      iss_error_set_from_errno (error, errno, _("The store's folder cannot be read"));
      if (copy >= 0)
        close (copy);
      return NULL;
    }

  while ((found = readdir (stream)) != NULL)
    {
      Entry entry = { .inode = found->d_ino };

      if (found->d_name[0] == '.')
        continue;

      if (!is_certificate_name (found->d_name))
        {
          *out_n_foreign += 1;
          continue;
        }

      if (entries->len == ISS_CERTIFICATE_STORE_MAX)
        {
          closedir (stream);
          g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE,
                       _("The store holds more than %d certificates"), ISS_CERTIFICATE_STORE_MAX);
          return NULL;
        }

      memcpy (entry.name, found->d_name, sizeof entry.name);
      g_array_append_val (entries, entry);
    }

  closedir (stream);

  /* Twice as fast as any other order where the files are not in memory. */
  g_array_sort (entries, compare_inodes);

  return g_steal_pointer (&entries);
}

static gboolean
foreach_file (IssRootFolder                   *root,
              IssStoreName                     store,
              IssCertificateStoreSummaryFunc   func,
              gpointer                         user_data,
              guint                           *out_n_foreign,
              GError                         **error)
{
  g_autoptr(GArray) entries = NULL;
  Buffer buffer = { NULL };
  gboolean go_on = TRUE;
  int folder;

  folder = open_store (root, store, error);
  if (folder < 0)
    return FALSE;

  entries = list_folder (folder, out_n_foreign, error);

  for (guint i = 0; go_on && entries != NULL && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      g_auto(IssCertificateSummary) summary = { NULL };
      g_autoptr(GBytes) der = NULL;
      gssize size = read_file (open_file (folder, entry->name), MAX_FILE_BYTES, &buffer);

      /* Removed since the folder was read: as if it had never been there. */
      if (size < 0 && errno == ENOENT)
        continue;

      if (size >= 0)
        der = dup_named_der (&buffer, (gsize) size, entry->name, &summary);

      if (der == NULL)
        *out_n_foreign += 1;
      else
        go_on = func (&summary, der, user_data);
    }

  g_free (buffer.data);
  close (folder);

  return entries != NULL;
}

static gboolean
visit_block (const char                      *begin,
             gsize                            size,
             GHashTable                      *seen,
             IssCertificateStoreSummaryFunc   func,
             gpointer                         user_data,
             guint                           *out_n_foreign)
{
  g_auto(IssCertificateSummary) summary = { NULL };
  g_autoptr(GBytes) der = iss_pem_first_certificate (begin, size);

  if (der == NULL ||
      !iss_certificate_summary_read (&summary, g_bytes_get_data (der, NULL),
                                     g_bytes_get_size (der), NULL))
    {
      *out_n_foreign += 1;
      return TRUE;
    }

  if (!g_hash_table_add (seen, iss_text_hex (summary.sha256, sizeof summary.sha256, FALSE)))
    return TRUE;

  return func (&summary, der, user_data);
}

/* The system's bundle is one file of many blocks, and its administrator's
 * business: what cannot be read in it is counted like a foreign file. */
static gboolean
foreach_block (IssRootFolder                   *root,
               IssCertificateStoreSummaryFunc   func,
               gpointer                         user_data,
               guint                           *out_n_foreign,
               GError                         **error)
{
  const char *path = iss_root_folder_get_system_bundle (root);
  g_autofree char *text = NULL;
  g_autoptr(GHashTable) seen = NULL;
  Buffer buffer = { NULL };
  const char *begin;
  const char *limit;
  gboolean go_on = TRUE;
  gssize size;

  /* The system's own file, which many systems make a link. */
  size = read_file (open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), MAX_BUNDLE_BYTES, &buffer);
  text = buffer.data;

  if (size < 0 && (errno == ENOENT || errno == ENOTDIR))
    return TRUE;

  if (size < 0)
    {
      iss_error_set_from_errno (error, errno, _("The system's CA bundle %s cannot be read"), path);
      return FALSE;
    }

  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  begin = text;
  limit = text + size;

  while (go_on && (begin = memmem (begin, (gsize) (limit - begin),
                                   BEGIN_LINE, strlen (BEGIN_LINE))) != NULL)
    {
      const char *end = memmem (begin, (gsize) (limit - begin), END_LINE, strlen (END_LINE));

      end = end == NULL ? limit : end + strlen (END_LINE);
      go_on = visit_block (begin, (gsize) (end - begin), seen, func, user_data, out_n_foreign);
      begin = end;
    }

  return TRUE;
}

/**
 * iss_certificate_store_foreach_summary:
 * @root: a root folder
 * @store: a store
 * @func: called for each certificate; %FALSE stops
 * @user_data: data for @func
 * @out_n_foreign: (out) (optional): how many files in the folder are not certificates
 *   by the name of their SHA-256; they are left alone. Untouched on failure
 * @error: return location for an error
 *
 * Reads the whole store, in the order in which the disk has it. What appears or
 * disappears meanwhile is seen or not; nothing is seen half. A system without a
 * CA bundle has an empty "authroot".
 *
 * Returns: whether the store was read, to the end or to where @func stopped
 */
gboolean
iss_certificate_store_foreach_summary (IssRootFolder                   *root,
                                       IssStoreName                     store,
                                       IssCertificateStoreSummaryFunc   func,
                                       gpointer                         user_data,
                                       guint                           *out_n_foreign,
                                       GError                         **error)
{
  guint n_foreign = 0;
  gboolean read;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (store == ISS_STORE_AUTHROOT)
    read = foreach_block (root, func, user_data, &n_foreign, error);
  else
    read = foreach_file (root, store, func, user_data, &n_foreign, error);

  if (read && out_n_foreign != NULL)
    *out_n_foreign = n_foreign;

  return read;
}

typedef struct
{
  IssCertificateStoreFunc  func;
  gpointer                 user_data;
} Plain;

static gboolean
visit_plain_cb (const IssCertificateSummary  *summary,
                GBytes                       *der,
                gpointer                      user_data)
{
  const Plain *plain = user_data;
  g_autofree char *hex = iss_text_hex (summary->sha256, sizeof summary->sha256, FALSE);

  return plain->func (hex, g_bytes_get_data (der, NULL), g_bytes_get_size (der),
                      plain->user_data);
}

/**
 * iss_certificate_store_foreach:
 * @root: a root folder
 * @store: a store
 * @func: called with the DER of each certificate; %FALSE stops
 * @user_data: data for @func
 * @out_n_foreign: (out) (optional): see iss_certificate_store_foreach_summary()
 * @error: return location for an error
 *
 * Returns: whether the store was read
 */
gboolean
iss_certificate_store_foreach (IssRootFolder            *root,
                               IssStoreName              store,
                               IssCertificateStoreFunc   func,
                               gpointer                  user_data,
                               guint                    *out_n_foreign,
                               GError                  **error)
{
  Plain plain = { func, user_data };

  g_return_val_if_fail (func != NULL, FALSE);

  return iss_certificate_store_foreach_summary (root, store, visit_plain_cb, &plain,
                                                out_n_foreign, error);
}

typedef struct
{
  const char  *sha256_hex;
  GBytes      *der;
} Search;

static gboolean
search_cb (const IssCertificateSummary  *summary,
           GBytes                       *der,
           gpointer                      user_data)
{
  Search *search = user_data;
  g_autofree char *hex = iss_text_hex (summary->sha256, sizeof summary->sha256, FALSE);

  if (!g_str_equal (hex, search->sha256_hex))
    return TRUE;

  search->der = g_bytes_ref (der);
  return FALSE;
}

static void
set_not_found_error (GError       **error,
                     IssStoreName   store,
                     const char    *sha256_hex)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("There is no certificate with the SHA-256 %.16s… in “%s”"),
               sha256_hex, iss_store_name_get_label (store));
}

/* (nullable) with errno: EBADMSG if there is a file, but not the certificate. */
static GBytes *
load_file (int          folder,
           const char  *sha256_hex)
{
  g_auto(IssCertificateSummary) summary = { NULL };
  g_autofree char *name = g_strconcat (sha256_hex, SUFFIX, NULL);
  g_autofree char *text = NULL;
  Buffer buffer = { NULL };
  GBytes *der;
  gssize size;

  size = read_file (open_file (folder, name), MAX_FILE_BYTES, &buffer);
  text = buffer.data;

  if (size < 0)
    {
      if (errno == EFBIG || errno == EINVAL || errno == ELOOP)
        errno = EBADMSG;
      return NULL;
    }

  der = dup_named_der (&buffer, (gsize) size, sha256_hex, &summary);
  if (der == NULL)
    errno = EBADMSG;

  return der;
}

/**
 * iss_certificate_store_load:
 * @root: a root folder
 * @store: a store
 * @sha256_hex: SHA-256 of the certificate in lower case
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_MALFORMED if the file
 *   of that name is not that certificate
 *
 * Returns: (transfer full): the certificate's DER, or %NULL
 */
GBytes *
iss_certificate_store_load (IssRootFolder  *root,
                            IssStoreName    store,
                            const char     *sha256_hex,
                            GError        **error)
{
  GBytes *der;
  int saved_errno;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, NULL);
  g_return_val_if_fail (sha256_hex != NULL, NULL);

  if (!check_hex (sha256_hex, error))
    return NULL;

  if (store == ISS_STORE_AUTHROOT)
    {
      Search search = { sha256_hex, NULL };

      if (!iss_certificate_store_foreach_summary (root, store, search_cb, &search, NULL, error))
        return NULL;

      if (search.der == NULL)
        set_not_found_error (error, store, sha256_hex);

      return search.der;
    }

  folder = open_store (root, store, error);
  if (folder < 0)
    return NULL;

  der = load_file (folder, sha256_hex);
  saved_errno = errno;
  close (folder);

  if (der == NULL && saved_errno == ENOENT)
    set_not_found_error (error, store, sha256_hex);
  else if (der == NULL && saved_errno == EBADMSG)
    g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
                 _("The file stores/%s/%s.pem is damaged: it is not the certificate that "
                   "its name says"), iss_store_name_get_nick (store), sha256_hex);
  else if (der == NULL)
    iss_error_set_from_errno (error, saved_errno, _("The file stores/%s/%s.pem cannot be read"),
                              iss_store_name_get_nick (store), sha256_hex);

  return der;
}

/**
 * iss_certificate_store_get:
 * @root: a root folder
 * @store: a store
 * @sha256_hex: SHA-256 of the certificate in lower case
 * @error: return location for an error, as of iss_certificate_store_load()
 *
 * Returns: (transfer full): the certificate, or %NULL
 */
IssCertificate *
iss_certificate_store_get (IssRootFolder  *root,
                           IssStoreName    store,
                           const char     *sha256_hex,
                           GError        **error)
{
  g_autoptr(GBytes) der = iss_certificate_store_load (root, store, sha256_hex, error);

  if (der == NULL)
    return NULL;

  return iss_certificate_new_from_der (der, error);
}

/**
 * iss_certificate_store_contains:
 * @root: a root folder
 * @store: a store
 * @sha256_hex: SHA-256 of a certificate in lower case
 *
 * Returns: whether the store holds that certificate, whole
 */
gboolean
iss_certificate_store_contains (IssRootFolder  *root,
                                IssStoreName    store,
                                const char     *sha256_hex)
{
  g_autoptr(GBytes) der = iss_certificate_store_load (root, store, sha256_hex, NULL);

  return der != NULL;
}

/**
 * iss_certificate_store_add:
 * @root: a root folder whose lock the caller holds
 * @store: a store
 * @certificate: a certificate
 * @out_added: (out) (optional): whether it was not there; untouched on failure
 * @error: return location for an error: %ISS_ERROR_REFUSED for a read-only store
 *
 * Adds a certificate, durably. A damaged file of its name is replaced.
 *
 * Returns: whether the store holds @certificate now
 */
gboolean
iss_certificate_store_add (IssRootFolder   *root,
                           IssStoreName     store,
                           IssCertificate  *certificate,
                           gboolean        *out_added,
                           GError         **error)
{
  g_autoptr(GBytes) existing = NULL;
  g_autofree char *name = NULL;
  g_autofree char *pem = NULL;
  const char *sha256_hex;
  gboolean is_damaged;
  gboolean written;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  if (!check_writable (store, error))
    return FALSE;

  folder = open_store (root, store, error);
  if (folder < 0)
    return FALSE;

  sha256_hex = iss_certificate_get_sha256_hex (certificate);
  existing = load_file (folder, sha256_hex);
  is_damaged = existing == NULL && errno == EBADMSG;

  name = g_strconcat (sha256_hex, SUFFIX, NULL);
  pem = iss_certificate_dup_pem (certificate);

  if (existing != NULL)
    written = TRUE;
  else if (is_damaged)
    written = iss_atomic_file_replace (folder, name, pem, strlen (pem), 0644, error);
  else
    written = iss_atomic_file_create (folder, name, pem, strlen (pem), 0644, error);

  close (folder);

  if (written && out_added != NULL)
    *out_added = existing == NULL;

  return written;
}

/**
 * iss_certificate_store_remove:
 * @root: a root folder whose lock the caller holds
 * @store: a store
 * @sha256_hex: SHA-256 of the certificate in lower case
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND, %ISS_ERROR_REFUSED for a
 *   read-only store
 *
 * Removes a certificate's file, durably, and nothing else: neither its key nor its properties.
 *
 * Returns: whether it is gone
 */
gboolean
iss_certificate_store_remove (IssRootFolder  *root,
                              IssStoreName    store,
                              const char     *sha256_hex,
                              GError        **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *name = NULL;
  gboolean removed;
  int folder;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), FALSE);
  g_return_val_if_fail ((guint) store < ISS_N_STORES, FALSE);
  g_return_val_if_fail (sha256_hex != NULL, FALSE);

  if (!check_hex (sha256_hex, error) || !check_writable (store, error))
    return FALSE;

  folder = open_store (root, store, error);
  if (folder < 0)
    return FALSE;

  name = g_strconcat (sha256_hex, SUFFIX, NULL);
  removed = iss_atomic_file_remove (folder, name, &local_error);
  close (folder);

  if (removed)
    return TRUE;

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    set_not_found_error (error, store, sha256_hex);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

typedef struct
{
  GPtrArray  *certificates;
  guint       n_undecodable;
} Collection;

static gboolean
collect_cb (const IssCertificateSummary  *summary,
            GBytes                       *der,
            gpointer                      user_data)
{
  Collection *collection = user_data;
  IssCertificate *certificate = iss_certificate_new_from_der (der, NULL);

  if (certificate != NULL)
    g_ptr_array_add (collection->certificates, certificate);
  else
    collection->n_undecodable++;

  return TRUE;
}

/**
 * iss_certificate_store_get_all:
 * @root: a root folder
 * @store: a store
 * @out_n_foreign: (out) (optional): how many files are not certificates; untouched on failure
 * @error: return location for an error
 *
 * Decodes every certificate of a store, 0.1 ms each: for building chains, not for lists.
 *
 * Returns: (transfer full) (element-type IssCertificate): the certificates, or %NULL
 */
GPtrArray *
iss_certificate_store_get_all (IssRootFolder  *root,
                               IssStoreName    store,
                               guint          *out_n_foreign,
                               GError        **error)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new_with_free_func (g_object_unref);
  Collection collection = { certificates, 0 };
  guint n_foreign = 0;

  if (!iss_certificate_store_foreach_summary (root, store, collect_cb, &collection,
                                              &n_foreign, error))
    return NULL;

  if (out_n_foreign != NULL)
    *out_n_foreign = n_foreign + collection.n_undecodable;

  return g_steal_pointer (&certificates);
}
