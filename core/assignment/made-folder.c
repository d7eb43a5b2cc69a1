/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/made-folder.h"

#include "core/assignment/live-document.h"
#include "core/assignment/made-key.h"
#include "core/assignment/staged-key.h"
#include "core/assignment/trust.h"
#include "core/base/atomic-file.h"
#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define METADATA "metadata.json"
#define MAX_METADATA_SIZE (64 * 1024)
#define MAX_FILE_SIZE (4 * 1024 * 1024)
#define FILE_MODE 0644
#define FOLDER_MODE 0755

typedef struct
{
  const char *name;      /* static */
  GBytes     *content;
} Content;

/**
 * IssMadeFolder:
 *
 * The key of what is current is there for the services, and that of what is staged, under a name
 * that none of them looks for, so that it can be tried before the roll whether they can read it.
 * Of a current key in a token there is its URI instead, which is no secret.
 */
struct _IssMadeFolder
{
  IssRootFolder  *root;
  IssCertificate *current;        /* (nullable) */
  char           *name;
  GPtrArray      *contents;       /* (element-type Content), metadata.json last */
  GPtrArray      *keys;           /* (element-type IssMadeKey) */
};

static void
content_free (gpointer data)
{
  Content *content = data;

  g_bytes_unref (content->content);
  g_free (content);
}

/**
 * iss_made_folder_free:
 * @self: (transfer full): a made folder
 */
void
iss_made_folder_free (IssMadeFolder *self)
{
  g_clear_object (&self->current);
  g_clear_object (&self->root);
  g_ptr_array_unref (self->contents);
  g_ptr_array_unref (self->keys);
  g_free (self->name);
  g_free (self);
}

/**
 * iss_made_folder_get_name:
 * @self: a made folder
 *
 * Returns: (transfer none): its name in live/.made
 */
const char *
iss_made_folder_get_name (IssMadeFolder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/* (transfer full) for @text. */
static void
take_content (IssMadeFolder *self,
              const char    *name,
              char          *text)
{
  Content *content = g_new (Content, 1);

  content->name = name;
  content->content = g_bytes_new_take (text, strlen (text));
  g_ptr_array_add (self->contents, content);
}

static IssCertificate *
get_certificate (IssRootFolder        *root,
                 const IssAssignment  *assignment,
                 IssSlot               slot,
                 GError              **error)
{
  g_autoptr(GError) local_error = NULL;
  IssCertificate *certificate;

  certificate = iss_certificate_store_get (root, ISS_STORE_MY, assignment->slot[slot],
                                           &local_error);
  if (certificate != NULL)
    return certificate;

  if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 _("The %s certificate of %s, %s, has gone from Personal: import it again, or "
                   "assign another one"), iss_slot_get_label (slot), assignment->type->name,
                 assignment->slot[slot]);
  else
    g_set_error (error, ISS_ERROR, local_error->code,
                 _("The %s certificate of %s, %s, cannot be published: %s"),
                 iss_slot_get_label (slot), assignment->type->name, assignment->slot[slot],
                 local_error->message);

  return NULL;
}

/* What says where the key is, is no secret, and is copied. */
static gboolean
collect_uri (IssMadeFolder  *self,
             GError        **error)
{
  g_autofree char *uri = NULL;

  uri = iss_key_uri_load (self->root, iss_certificate_get_spki_sha256 (self->current), NULL, error);
  if (uri == NULL)
    return FALSE;

  take_content (self, "privkey.uri", g_strconcat (uri, "\n", NULL));
  return TRUE;
}

static gboolean
collect_key (IssMadeFolder        *self,
             const IssAssignment  *assignment,
             GError              **error)
{
  switch (iss_key_file_get_state (self->root, iss_certificate_get_spki_sha256 (self->current)))
    {
    case ISS_KEY_STATE_FILE:
      g_ptr_array_add (self->keys, iss_made_key_new ("privkey.pem", self->current));
      return TRUE;

    case ISS_KEY_STATE_TOKEN:
      return collect_uri (self, error);

    case ISS_KEY_STATE_NONE:
      break;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("The private key of “%s” (%s), which %s uses, is not on this server: import the "
                 "file with the private key again, or assign another certificate"),
               iss_certificate_get_issued_to (self->current), assignment->slot[ISS_SLOT_CURRENT],
               assignment->type->name);

  return FALSE;
}

/* A staged key that is gone, not the certificate's, or somebody else's file, is no reason not to
 * publish the rest: it cannot be tried, and at the roll it is an error. */
static void
collect_staged_key (IssMadeFolder  *self,
                    IssCertificate *staged)
{
  g_autoptr(IssMadeKey) key = iss_made_key_new (ISS_STAGED_KEY_NAME, staged);

  if (iss_key_file_get_state (self->root, iss_certificate_get_spki_sha256 (staged)) ==
        ISS_KEY_STATE_FILE &&
      iss_made_key_is_own (key, self->root) && iss_made_key_check (key, self->root, NULL))
    g_ptr_array_add (self->keys, g_steal_pointer (&key));
}

/* The issuers between the certificate and its root, which a peer has itself. */
static gboolean
collect_chain (IssMadeFolder  *self,
               gint64          now,
               GError        **error)
{
  g_autoptr(IssChain) chain = iss_trust_build_chain (self->root, self->current, now, error);
  GString *issuers;
  GPtrArray *links;
  char *leaf;

  if (chain == NULL)
    return FALSE;

  issuers = g_string_new (NULL);
  links = iss_chain_get_links (chain);
  for (guint i = 1; i < links->len; i++)
    {
      IssCertificate *link = g_ptr_array_index (links, i);
      g_autofree char *pem = NULL;

      if (iss_certificate_is_self_issued (link))
        break;

      pem = iss_certificate_dup_pem (link);
      g_string_append (issuers, pem);
    }

  leaf = iss_certificate_dup_pem (self->current);
  take_content (self, "fullchain.pem", g_strconcat (leaf, issuers->str, NULL));
  take_content (self, "cert.pem", leaf);
  take_content (self, "chain.pem", g_string_free (issuers, FALSE));

  return TRUE;
}

/**
 * iss_made_folder_new:
 * @root: a server's folder
 * @assignment: what one type uses there
 * @now: the present instant, for the chain
 * @error: return location for an error
 *
 * Works out what has to be published, from the stores; touches nothing. A
 * certificate or key that has gone is %ISS_ERROR_NOT_FOUND, which names the type, the
 * certificate and what to do.
 *
 * Returns: (transfer full): the folder as it should be, or %NULL with @error set
 */
IssMadeFolder *
iss_made_folder_new (IssRootFolder        *root,
                     const IssAssignment  *assignment,
                     gint64                now,
                     GError              **error)
{
  g_autoptr(IssMadeFolder) self = NULL;
  g_autoptr(IssCertificate) previous = NULL;
  g_autoptr(IssCertificate) staged = NULL;
  IssCertificate *certificates[ISS_N_SLOTS];

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), NULL);
  g_return_val_if_fail (assignment != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_new0 (IssMadeFolder, 1);
  self->root = g_object_ref (root);
  self->name = g_strdup_printf ("%s-%" G_GUINT64_FORMAT, assignment->type->name,
                                assignment->revision);
  self->contents = g_ptr_array_new_with_free_func (content_free);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_made_key_free);

  if (assignment->slot[ISS_SLOT_CURRENT] != NULL)
    {
      self->current = get_certificate (root, assignment, ISS_SLOT_CURRENT, error);
      if (self->current == NULL ||
          !collect_key (self, assignment, error) ||
          !collect_chain (self, now, error))
        return NULL;
    }

  if (assignment->slot[ISS_SLOT_PREVIOUS] != NULL)
    {
      previous = get_certificate (root, assignment, ISS_SLOT_PREVIOUS, error);
      if (previous == NULL)
        return NULL;

      take_content (self, "previous.pem", iss_certificate_dup_pem (previous));
    }

  if (assignment->slot[ISS_SLOT_STAGED] != NULL)
    {
      staged = get_certificate (root, assignment, ISS_SLOT_STAGED, error);
      if (staged == NULL)
        return NULL;

      collect_staged_key (self, staged);
    }

  certificates[ISS_SLOT_CURRENT] = self->current;
  certificates[ISS_SLOT_PREVIOUS] = previous;
  certificates[ISS_SLOT_STAGED] = staged;
  take_content (self, "jwks.json", iss_live_document_dup_jwks (certificates));
  take_content (self, METADATA, iss_live_document_dup_metadata (assignment, certificates));

  return g_steal_pointer (&self);
}

static gboolean
is_content_right (const Content *content,
                  int            folder)
{
  g_autoptr(GBytes) found = NULL;
  struct stat info;

  if (fstatat (folder, content->name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
      (info.st_mode & 07777) != FILE_MODE)
    return FALSE;

  found = iss_atomic_file_read (folder, content->name, MAX_FILE_SIZE, NULL);

  return found != NULL && g_bytes_equal (found, content->content);
}

/**
 * iss_made_folder_list:
 * @folder: descriptor of a folder
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the names in it, without "." and ".."
 */
GPtrArray *
iss_made_folder_list (int folder)
{
  g_autoptr(GPtrArray) names = NULL;
  struct dirent *entry;
  DIR *dir;
  int fd = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return NULL;

  dir = fdopendir (fd);
  if (dir == NULL)
    {
      close (fd);
      return NULL;
    }

  names = g_ptr_array_new_with_free_func (g_free);
  while ((entry = readdir (dir)) != NULL)
    {
      if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
        g_ptr_array_add (names, g_strdup (entry->d_name));
    }
  closedir (dir);

  return g_steal_pointer (&names);
}

static gboolean
is_folder_right (IssMadeFolder *self,
                 int            folder)
{
  g_autoptr(GPtrArray) names = iss_made_folder_list (folder);
  struct stat info;

  if (fstat (folder, &info) != 0 || (info.st_mode & 07777) != FOLDER_MODE)
    return FALSE;

  if (names == NULL || names->len != self->contents->len + self->keys->len)
    return FALSE;

  for (guint i = 0; i < self->contents->len; i++)
    {
      if (!is_content_right (g_ptr_array_index (self->contents, i), folder))
        return FALSE;
    }

  for (guint i = 0; i < self->keys->len; i++)
    {
      if (!iss_made_key_is_right (g_ptr_array_index (self->keys, i), self->root, folder))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_made_folder_is_right:
 * @self: a made folder
 * @parent: descriptor of live/.made
 *
 * Returns: whether it is there, with exactly what it should hold
 */
gboolean
iss_made_folder_is_right (IssMadeFolder *self,
                          int            parent)
{
  gboolean is_right;
  int folder;

  g_return_val_if_fail (self != NULL, FALSE);

  folder = openat (parent, self->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0)
    return FALSE;

  is_right = is_folder_right (self, folder);
  close (folder);

  return is_right;
}

/* The keys first, metadata.json last. */
static gboolean
fill (IssMadeFolder  *self,
      int             folder,
      gint64          now,
      GError        **error)
{
  struct timespec times[2] = { { .tv_sec = now }, { .tv_sec = now } };

  for (guint i = 0; i < self->keys->len; i++)
    {
      if (!iss_made_key_link (g_ptr_array_index (self->keys, i), self->root, folder, error))
        return FALSE;
    }

  for (guint i = 0; i < self->contents->len; i++)
    {
      const Content *content = g_ptr_array_index (self->contents, i);
      gsize size;
      gconstpointer data = g_bytes_get_data (content->content, &size);

      if (!iss_atomic_file_create (folder, content->name, data, size, FILE_MODE, error))
        return FALSE;
    }

  if (fchmod (folder, FOLDER_MODE) != 0 ||
      futimens (folder, times) != 0 ||
      fsync (folder) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder live/.made/%s cannot be completed"),
                                self->name);
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_made_folder_dup_temporary_name:
 *
 * Returns: (transfer full): a name under which nobody looks for anything
 */
char *
iss_made_folder_dup_temporary_name (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat (ISS_MADE_FOLDER_TEMPORARY, uuid, NULL);
}

/* Nobody may be looking into it before it is whole, and it is nobody else's. */
static int
open_temporary (int          parent,
                char       **out_name,
                GError     **error)
{
  g_autofree char *name = iss_made_folder_dup_temporary_name ();
  int folder;

  while (mkdirat (parent, name, 0700) != 0)
    {
      if (errno != EEXIST)
        {
          iss_error_set_from_errno (error, errno, _("A folder cannot be made in live/.made"));
          return -1;
        }

      g_free (name);
      name = iss_made_folder_dup_temporary_name ();
    }

  folder = iss_atomic_file_open_folder (parent, name, 0, error);
  if (folder >= 0)
    *out_name = g_steal_pointer (&name);

  return folder;
}

/* Puts the filled folder in its place. A wrong one that stands there changes
 * places with it in one step where the file system can do that. */
static gboolean
settle (int          parent,
        const char  *temporary,
        const char  *name,
        GError     **error)
{
  g_autofree char *aside = iss_made_folder_dup_temporary_name ();
  gboolean settled = renameat2 (parent, temporary, parent, name, RENAME_EXCHANGE) == 0;

  if (!settled && errno != ENOENT &&
      renameat (parent, name, parent, aside) != 0 && errno != ENOENT)
    {
      iss_error_set_from_errno (error, errno, _("The folder live/.made/%s cannot be replaced"),
                                name);
      return FALSE;
    }

  if (!settled && renameat (parent, temporary, parent, name) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder live/.made/%s cannot be made"), name);
      return FALSE;
    }

  if (fsync (parent) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder live/.made cannot be written"));
      return FALSE;
    }

  return TRUE;
}

/**
 * iss_made_folder_make:
 * @self: a made folder
 * @parent: descriptor of live/.made
 * @now: the present instant, which becomes the folder's time
 * @error: return location for an error
 *
 * Makes the folder anew, durably, under a name of its own first: whoever finds
 * the name finds everything. What is left on failure, or of a wrong folder that was
 * there, goes with the next iss_made_folder_sweep().
 *
 * Returns: whether the folder is in its place
 */
gboolean
iss_made_folder_make (IssMadeFolder  *self,
                      int             parent,
                      gint64          now,
                      GError        **error)
{
  g_autofree char *temporary = NULL;
  gboolean filled;
  int folder;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  folder = open_temporary (parent, &temporary, error);
  if (folder < 0)
    return FALSE;

  filled = fill (self, folder, now, error);
  close (folder);

  return filled && settle (parent, temporary, self->name, error);
}

/* Moves behind one token and the white space before it. */
static gboolean
take_token (const char **text,
            const char  *token)
{
  const char *found = *text + strspn (*text, " \t\r\n");

  if (!g_str_has_prefix (found, token))
    return FALSE;

  *text = found + strlen (token);

  return TRUE;
}

/**
 * iss_made_folder_read_revision:
 * @folder: descriptor of a made folder
 * @type: the type it should be for
 * @out_revision: (out): the revision of the assignment it was made for
 *
 * Reads metadata.json as this program writes it, and nothing else.
 *
 * Returns: whether the folder is complete and of that type
 */
gboolean
iss_made_folder_read_revision (int                        folder,
                               const IssCertificateType  *type,
                               guint64                   *out_revision)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  g_autofree char *quoted = NULL;
  const char *rest;
  guint64 revision;
  char *end;

  g_return_val_if_fail (type != NULL, FALSE);
  g_return_val_if_fail (out_revision != NULL, FALSE);

  bytes = iss_atomic_file_read (folder, METADATA, MAX_METADATA_SIZE, NULL);
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return FALSE;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  quoted = g_strdup_printf ("\"%s\"", type->name);
  rest = g_strchomp (text);

  if (!g_str_has_suffix (text, "}") ||
      !take_token (&rest, "{") ||
      !take_token (&rest, "\"format\"") || !take_token (&rest, ":") || !take_token (&rest, "1") ||
      !take_token (&rest, ",") ||
      !take_token (&rest, "\"type\"") || !take_token (&rest, ":") || !take_token (&rest, quoted) ||
      !take_token (&rest, ",") ||
      !take_token (&rest, "\"revision\"") || !take_token (&rest, ":") || !take_token (&rest, ""))
    return FALSE;

  if (!g_ascii_isdigit (rest[0]))
    return FALSE;

  revision = g_ascii_strtoull (rest, &end, 10);
  rest = end;
  if (revision == 0 || revision > G_MAXINT64 || !take_token (&rest, ","))
    return FALSE;

  *out_revision = revision;

  return TRUE;
}
