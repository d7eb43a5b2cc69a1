/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/consumer-file.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SIZE (64 * 1024)
#define MAX_LINE 4096

/* What is read line by line, so that every error can name its line. */
typedef struct
{
  const char  *path;
  GPtrArray   *consumers;   /* owned */
  GHashTable  *keys;        /* owned: those of the last group */
  guint        line;
  guint        group_line;
} Reader;

static void
reader_clear (Reader *reader)
{
  g_clear_pointer (&reader->consumers, g_ptr_array_unref);
  g_clear_pointer (&reader->keys, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* @message is a sentence without its full stop. */
static gboolean
refuse (const Reader  *reader,
        guint          line,
        const char    *message,
        GError       **error)
{
  g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED,
               /* Translators: a file, a number, a sentence */
               _("%s, line %u: %s. Until that is mended, nothing is reloaded"), reader->path, line,
               message);

  return FALSE;
}

/* (nullable) */
static IssConsumer *
get_last (const Reader *reader)
{
  return reader->consumers->len > 0
       ? g_ptr_array_index (reader->consumers, reader->consumers->len - 1) : NULL;
}

static gboolean
end_group (Reader  *reader,
           GError **error)
{
  g_autoptr(GError) local_error = NULL;
  IssConsumer *last = get_last (reader);

  if (last == NULL || iss_consumer_complete (last, &local_error))
    return TRUE;

  return refuse (reader, reader->group_line, local_error->message, error);
}

static gboolean
begin_group (Reader      *reader,
             const char  *name,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  IssConsumer *consumer;

  if (!end_group (reader, error))
    return FALSE;

  if (reader->consumers->len == ISS_CONSUMER_FILE_MAX)
    return refuse (reader, reader->line, _("There are more consumers than can be"), error);

  for (guint i = 0; i < reader->consumers->len; i++)
    {
      const IssConsumer *other = g_ptr_array_index (reader->consumers, i);

      if (g_str_equal (other->name, name))
        return refuse (reader, reader->line, _("This group is there twice"), error);
    }

  consumer = iss_consumer_new (name, &local_error);
  if (consumer == NULL)
    return refuse (reader, reader->line, local_error->message, error);

  g_ptr_array_add (reader->consumers, consumer);
  g_hash_table_remove_all (reader->keys);
  reader->group_line = reader->line;

  return TRUE;
}

static gboolean
read_value (Reader      *reader,
            const char  *line,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  const char *equals = strchr (line, '=');
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  if (equals == NULL)
    return refuse (reader, reader->line,
                   _("This is neither a [group], nor key=value, nor a # comment"), error);

  if (reader->consumers->len == 0)
    return refuse (reader, reader->line, _("This stands before the first [group]"), error);

  key = g_strstrip (g_strndup (line, (gsize) (equals - line)));
  value = g_strstrip (g_strdup (equals + 1));
  if (!g_hash_table_add (reader->keys, g_strdup (key)))
    return refuse (reader, reader->line, _("This key is there twice"), error);

  if (!iss_text_is_clean (value, MAX_LINE))
    return refuse (reader, reader->line, _("This is not plain text"), error);

  return iss_consumer_set (get_last (reader), key, value, &local_error) ||
         refuse (reader, reader->line, local_error->message, error);
}

static gboolean
read_line (Reader      *reader,
           char        *line,
           GError     **error)
{
  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '#')
    return TRUE;

  if (strlen (line) > MAX_LINE)
    return refuse (reader, reader->line, _("This line is too long"), error);

  if (line[0] != '[')
    return read_value (reader, line, error);

  if (!g_str_has_suffix (line, "]"))
    return refuse (reader, reader->line, _("This group has no end"), error);

  line[strlen (line) - 1] = '\0';

  return begin_group (reader, line + 1, error);
}

/**
 * iss_consumer_file_parse:
 * @path: what the file is called
 * @text: what it holds
 * @size: how many bytes
 * @error: return location for %ISS_ERROR_MALFORMED, which names file and line
 *
 * Returns: (transfer full) (element-type IssConsumer): the consumers, in their order
 */
GPtrArray *
iss_consumer_file_parse (const char  *path,
                         const char  *text,
                         gsize        size,
                         GError     **error)
{
  g_auto(Reader) reader = { .path = path };
  g_auto(GStrv) lines = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (text != NULL || size == 0, NULL);

  if (size > 0 && !g_utf8_validate_len (text, size, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("%s is not plain text"), path);
      return NULL;
    }

  reader.consumers = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_consumer_free);
  reader.keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (size > 0)
    {
      g_autofree char *copy = g_strndup (text, size);

      lines = g_strsplit (copy, "\n", -1);
    }

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      reader.line = i + 1;
      if (!read_line (&reader, lines[i], error))
        return NULL;
    }

  return end_group (&reader, error) ? g_steal_pointer (&reader.consumers) : NULL;
}

/**
 * iss_consumer_file_dup_path:
 * @root_path: a server's folder
 *
 * Returns: (transfer full): which file says what uses its certificates
 */
char *
iss_consumer_file_dup_path (const char *root_path)
{
  g_return_val_if_fail (root_path != NULL, NULL);

  return g_str_equal (root_path, ISS_CONSUMER_FILE_ROOT)
       ? g_strdup (ISS_CONSUMER_FILE_PATH)
       : g_build_filename (root_path, ISS_CONSUMER_FILE_OWN, NULL);
}

static gboolean
check_owner (const char         *path,
             const struct stat  *info,
             GError            **error)
{
  if (!S_ISREG (info->st_mode))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION, _("%s is not a file"), path);
      return FALSE;
    }

  /* Who is not root can do nothing by it that he could not do himself. */
  if (info->st_uid != 0 && info->st_uid != geteuid ())
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("%s does not belong to root, so it is not believed: chown root %s"), path,
                   path);
      return FALSE;
    }

  if ((info->st_mode & 0022) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_PERMISSION,
                   _("%s may be written by others than its owner, so it is not believed: "
                     "chmod go-w %s"), path, path);
      return FALSE;
    }

  if (info->st_size > MAX_SIZE)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("%s is larger than %d KiB"), path,
                   MAX_SIZE / 1024);
      return FALSE;
    }

  return TRUE;
}

static GPtrArray *
load_from (int          fd,
           const char  *path,
           GError     **error)
{
  g_autofree char *text = g_malloc (MAX_SIZE);
  struct stat info;
  gsize size = 0;
  gssize n = 0;

  if (fstat (fd, &info) != 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be read"), path);
      return NULL;
    }

  if (!check_owner (path, &info, error))
    return NULL;

  do
    {
      n = read (fd, text + size, MAX_SIZE - size);
      size += (gsize) MAX (n, 0);
    }
  while (n > 0 || (n < 0 && errno == EINTR));

  if (n < 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be read"), path);
      return NULL;
    }

  return iss_consumer_file_parse (path, text, size, error);
}

/**
 * iss_consumer_file_load:
 * @root_path: a server's folder
 * @error: return location for an error, which names the file
 *
 * Only a file of root's, which nobody else may write, is believed. Whoever is not root may have
 * one of his own in a folder of his own.
 *
 * Returns: (transfer full) (element-type IssConsumer): what is configured there; nothing where
 *   there is no file; %NULL with @error set
 */
GPtrArray *
iss_consumer_file_load (const char  *root_path,
                        GError     **error)
{
  g_autofree char *path = NULL;
  GPtrArray *consumers;
  int fd;

  g_return_val_if_fail (root_path != NULL, NULL);

  path = iss_consumer_file_dup_path (root_path);
  fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) iss_consumer_free);

  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be opened"), path);
      return NULL;
    }

  consumers = load_from (fd, path, error);
  close (fd);

  return consumers;
}
