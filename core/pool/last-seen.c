/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/last-seen.h"

#include "core/base/atomic-file.h"
#include "core/base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_FILE_BYTES (4 * 1024 * 1024)

/* Format, connection, seen at, failing since, observation. The connection is
 * there so that a server that moved does not inherit what was seen elsewhere. */
#define FILE_TYPE "(usxxma{sv})"
#define FILE_FORMAT 1

static char *
dup_file_name (IssServer *server)
{
  return g_strconcat (iss_server_get_name (server), ".seen", NULL);
}

static const char *
get_uri (IssServer *server)
{
  return iss_connection_address_get_uri (iss_server_get_address (server));
}

static int
open_folder (const char  *folder,
             gboolean     make,
             GError     **error)
{
  int fd;

  if (make && g_mkdir_with_parents (folder, 0700) != 0)
    {
      iss_error_set_from_errno (error, errno, _("The folder %s cannot be made"), folder);
      return -1;
    }

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    iss_error_set_from_errno (error, errno, _("The folder %s cannot be opened"), folder);

  return fd;
}

/**
 * iss_last_seen_save:
 * @folder: the cache folder, made if need be
 * @server: a server
 * @error: return location for an error
 *
 * Writes down what was last seen there, and since when it does not answer.
 *
 * Returns: whether it was written
 */
gboolean
iss_last_seen_save (const char  *folder,
                    IssServer   *server,
                    GError     **error)
{
  g_autoptr(GVariant) contents = NULL;
  g_autofree char *name = NULL;
  IssObservation *observation;
  gboolean saved;
  int fd;

  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_SERVER (server), FALSE);

  fd = open_folder (folder, TRUE, error);
  if (fd < 0)
    return FALSE;

  observation = iss_server_get_observation (server);
  name = dup_file_name (server);
  contents = g_variant_new ("(usxxm@a{sv})", FILE_FORMAT, get_uri (server),
                            iss_server_get_seen_at (server),
                            iss_server_get_failing_since (server),
                            observation != NULL ? iss_observation_to_variant (observation) : NULL);
  g_variant_ref_sink (contents);
  saved = iss_atomic_file_replace (fd, name, g_variant_get_data (contents),
                                   g_variant_get_size (contents), 0600, error);
  close (fd);

  return saved;
}

/**
 * iss_last_seen_load:
 * @folder: the cache folder
 * @server: a server
 * @error: return location for an error
 *
 * Gives the server what an earlier run saw. The file is judged like an answer
 * from the wire: a bad one changes nothing.
 *
 * Returns: whether there was something; %ISS_ERROR_NOT_FOUND if not
 */
gboolean
iss_last_seen_load (const char  *folder,
                    IssServer   *server,
                    GError     **error)
{
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GVariant) contents = NULL;
  g_autoptr(GVariant) seen = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  const char *uri;
  guint32 format;
  gint64 seen_at;
  gint64 failing_since;
  int fd;

  g_return_val_if_fail (folder != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_SERVER (server), FALSE);

  fd = open_folder (folder, FALSE, error);
  if (fd < 0)
    return FALSE;

  name = dup_file_name (server);
  bytes = iss_atomic_file_read (fd, name, MAX_FILE_BYTES, error);
  close (fd);
  if (bytes == NULL)
    return FALSE;

  contents = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FILE_TYPE), bytes,
                                                           FALSE));
  if (!g_variant_is_normal_form (contents))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("%s in %s is damaged"), name, folder);
      return FALSE;
    }

  g_variant_get (contents, "(u&sxxm@a{sv})", &format, &uri, &seen_at, &failing_since, &seen);
  if (format != FILE_FORMAT || strcmp (uri, get_uri (server)) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("%s in %s is about another connection"), name, folder);
      return FALSE;
    }

  if (seen != NULL)
    {
      observation = iss_observation_from_variant (seen, error);
      if (observation == NULL)
        return FALSE;
    }

  iss_server_set_last_seen (server, observation, seen_at, failing_since);

  return TRUE;
}
