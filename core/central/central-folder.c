/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/atomic-file.h"
#include "core/base/error.h"

#define LOCK_NAME ".lock"
#define REVISION_NAME "revision"
#define ENTRIES_NAME "entries"

/* The first line of each file: what it is, and its revision. */
#define HEADER "issuant entry 1 "
#define MAX_HEADER 64
#define FILE_MODE 0600
#define FOLDER_MODE 0700

/**
 * IssCentralFolder:
 *
 * A revision is taken before the file that has it is put in its place by a rename: cut off in
 * between there is a number that nobody has. Writers hold a lock for that; readers need none.
 */
struct _IssCentralFolder
{
  GObject       parent_instance;

  /* Owned */
  char         *path;
  GFileMonitor *monitor;   /* (nullable): where there is none, whoever waits looks */

  int           folder;
  int           entries;
};

/* "/" and what else a name of a file may not be. */
static char *
dup_file_name (const char *key)
{
  return g_uri_escape_string (key, NULL, FALSE);
}

static gboolean
refuse_entry (IssCentralFolder  *self,
              const char        *key,
              GError           **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               _("%s: the entry “%s” of the central store is damaged: restore it from a backup"),
               self->path, key);

  return FALSE;
}

/* The number in the first line, and how long that is. */
static gboolean
parse_header (const char *text,
              gsize       size,
              guint64    *out_revision,
              gsize      *out_length)
{
  const char *end = memchr (text, '\n', MIN (size, MAX_HEADER));
  g_autofree char *line = end != NULL ? g_strndup (text, (gsize) (end - text)) : NULL;

  if (line == NULL || !g_str_has_prefix (line, HEADER) ||
      !g_ascii_string_to_unsigned (line + strlen (HEADER), 10, 1, G_MAXINT64, out_revision, NULL))
    return FALSE;

  *out_length = (gsize) (end - text) + 1;

  return TRUE;
}

static GBytes *
iss_central_folder_get (IssCentralEngine  *engine,
                        const char        *key,
                        guint64           *out_revision,
                        GError           **error)
{
  IssCentralFolder *self = ISS_CENTRAL_FOLDER (engine);
  g_autofree char *name = dup_file_name (key);
  g_autoptr(GBytes) file = NULL;
  gsize size, length;
  const char *text;

  file = iss_atomic_file_read (self->entries, name, ISS_CENTRAL_ENGINE_MAX_VALUE + MAX_HEADER,
                               error);
  if (file == NULL)
    return NULL;

  text = g_bytes_get_data (file, &size);
  if (size == 0 || !parse_header (text, size, out_revision, &length))
    {
      refuse_entry (self, key, error);
      return NULL;
    }

  return g_bytes_new_from_bytes (file, length, size - length);
}

/* The lock goes with the descriptor, however this process ends. */
static int
lock (IssCentralFolder  *self,
      GError           **error)
{
  int fd = openat (self->folder, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;

  iss_error_set_from_errno (error, errno, _("The central store in %s cannot be locked"),
                            self->path);
  if (fd >= 0)
    close (fd);

  return -1;
}

static gboolean
take_revision (IssCentralFolder  *self,
               guint64           *out_revision,
               GError           **error)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;
  guint64 revision = 0;

  bytes = iss_atomic_file_read (self->folder, REVISION_NAME, MAX_HEADER, &local_error);
  if (bytes != NULL)
    {
      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      if (!g_ascii_string_to_unsigned (g_strchomp (text), 10, 1, G_MAXINT64 - 1, &revision, NULL))
        return refuse_entry (self, REVISION_NAME, error);
    }
  else if (!g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_free (text);
  text = g_strdup_printf ("%" G_GUINT64_FORMAT "\n", revision + 1);
  if (!iss_atomic_file_replace (self->folder, REVISION_NAME, text, strlen (text), FILE_MODE,
                                error))
    return FALSE;

  *out_revision = revision + 1;

  return TRUE;
}

static gboolean
write_entry (IssCentralFolder  *self,
             const char        *key,
             GBytes            *value,
             guint64            revision,
             GError           **error)
{
  g_autofree char *name = dup_file_name (key);
  g_autofree char *header = g_strdup_printf (HEADER "%" G_GUINT64_FORMAT "\n", revision);
  g_autoptr(GByteArray) file = NULL;

  if (value == NULL)
    return iss_atomic_file_remove (self->entries, name, error);

  file = g_byte_array_new ();
  g_byte_array_append (file, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (file, g_bytes_get_data (value, NULL), (guint) g_bytes_get_size (value));

  return iss_atomic_file_replace (self->entries, name, file->data, file->len, FILE_MODE, error);
}

static gboolean
put_locked (IssCentralFolder  *self,
            const char        *key,
            GBytes            *value,
            guint64            expected,
            guint64           *out_revision,
            GError           **error)
{
  g_autoptr(GBytes) present = NULL;
  g_autoptr(GError) local_error = NULL;
  guint64 revision = 0;

  present = iss_central_folder_get (ISS_CENTRAL_ENGINE (self), key, &revision, &local_error);
  if (present == NULL && !g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (revision != expected)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_CHANGED,
                           _("Somebody else was faster: the central store is not as it was seen"));
      return FALSE;
    }

  return (present == NULL && value == NULL) ||
         (take_revision (self, out_revision, error) &&
          write_entry (self, key, value, *out_revision, error));
}

static gboolean
iss_central_folder_put_if (IssCentralEngine  *engine,
                           const char        *key,
                           GBytes            *value,
                           guint64            expected,
                           guint64           *out_revision,
                           GError           **error)
{
  IssCentralFolder *self = ISS_CENTRAL_FOLDER (engine);
  int fd = lock (self, error);
  gboolean put;

  if (fd < 0)
    return FALSE;

  put = put_locked (self, key, value, expected, out_revision, error);
  close (fd);

  return put;
}

/* Only the first line: the values may be large. */
static gboolean
read_revision (IssCentralFolder *self,
               const char       *name,
               guint64          *out_revision)
{
  char text[MAX_HEADER];
  int fd = openat (self->entries, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  ssize_t n;
  gsize length;

  if (fd < 0)
    return FALSE;

  n = read (fd, text, sizeof text);
  close (fd);

  return n > 0 && parse_header (text, (gsize) n, out_revision, &length);
}

static GPtrArray *
iss_central_folder_list_since (IssCentralEngine  *engine,
                               const char        *prefix,
                               guint64            since,
                               GError           **error)
{
  IssCentralFolder *self = ISS_CENTRAL_FOLDER (engine);
  g_autoptr(GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_central_entry_free);
  g_autofree char *path = g_build_filename (self->path, ENTRIES_NAME, NULL);
  g_autofree char *start = dup_file_name (prefix);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &local_error);
  const char *name;

  if (folder == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED, _("The central store cannot be read: %s"),
                   local_error->message);
      return NULL;
    }

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      IssCentralEntry *entry;
      guint64 revision;
      char *key;

      /* One that is just removed is not there, and what is not ours is passed over. */
      if (!g_str_has_prefix (name, start) || !read_revision (self, name, &revision) ||
          revision <= since)
        continue;

      key = g_uri_unescape_string (name, NULL);
      if (key == NULL)
        continue;

      entry = g_new0 (IssCentralEntry, 1);
      entry->key = key;
      entry->revision = revision;
      g_ptr_array_add (entries, entry);
    }

  return g_steal_pointer (&entries);
}

static void
iss_central_folder_engine_init (IssCentralEngineInterface *iface)
{
  iface->get = iss_central_folder_get;
  iface->put_if = iss_central_folder_put_if;
  iface->list_since = iss_central_folder_list_since;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssCentralFolder, iss_central_folder, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_CENTRAL_ENGINE,
                                                      iss_central_folder_engine_init))

static void
iss_central_folder_dispose (GObject *object)
{
  IssCentralFolder *self = ISS_CENTRAL_FOLDER (object);

  if (self->monitor != NULL)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);

  G_OBJECT_CLASS (iss_central_folder_parent_class)->dispose (object);
}

static void
iss_central_folder_finalize (GObject *object)
{
  IssCentralFolder *self = ISS_CENTRAL_FOLDER (object);

  if (self->folder >= 0)
    close (self->folder);
  if (self->entries >= 0)
    close (self->entries);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (iss_central_folder_parent_class)->finalize (object);
}

static void
iss_central_folder_class_init (IssCentralFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = iss_central_folder_dispose;
  object_class->finalize = iss_central_folder_finalize;
}

static void
iss_central_folder_init (IssCentralFolder *self)
{
  self->folder = -1;
  self->entries = -1;
}

static void
changed_cb (IssCentralFolder *self)
{
  g_signal_emit_by_name (self, "changed");
}

/* The signal comes to the main context of whoever makes this. */
static void
watch (IssCentralFolder *self)
{
  g_autofree char *path = g_build_filename (self->path, ENTRIES_NAME, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);

  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect_swapped (self->monitor, "changed", G_CALLBACK (changed_cb), self);
}

/**
 * iss_central_folder_new:
 * @path: where; it is made if it is not there
 * @error: return location for an error
 *
 * Returns: (transfer full): the engine
 */
IssCentralFolder *
iss_central_folder_new (const char  *path,
                        GError     **error)
{
  g_autoptr(IssCentralFolder) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (g_mkdir_with_parents (path, FOLDER_MODE) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), path);
      return NULL;
    }

  self = g_object_new (ISS_TYPE_CENTRAL_FOLDER, NULL);
  self->path = g_strdup (path);
  self->folder = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (self->folder < 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be opened"), path);
      return NULL;
    }

  self->entries = iss_atomic_file_open_folder (self->folder, ENTRIES_NAME, FOLDER_MODE, error);
  if (self->entries < 0)
    return NULL;

  iss_atomic_file_sweep (self->entries);
  watch (self);

  return g_steal_pointer (&self);
}
