/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology-check.h"

#include "core/agent/connection-address.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/use-place.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_LINES 100000
#define MAX_POOLS 64
#define MAX_SERVERS 10000
#define MAX_SIP_DOMAINS ISS_TOPOLOGY_CHECK_MAX_SIP_DOMAINS

/* Where a group or "group\nkey" stands in the file, for messages. */
static guint
line_of (GHashTable *lines,
         const char *group,
         const char *key)
{
  g_autofree char *place = key != NULL ? g_strdup_printf ("%s\n%s", group, key) : g_strdup (group);

  return GPOINTER_TO_UINT (g_hash_table_lookup (lines, place));
}

G_GNUC_PRINTF (4, 5)
static void
set_error_at (GError     **error,
              const char  *file_name,
              guint        line,
              const char  *format,
              ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (line > 0)
    g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("%s, line %u: %s"), file_name, line,
                 what);
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, "%s: %s", file_name, what);
}

static char *
dup_shown (const char *text)
{
  return iss_text_sanitise (text, -1, 60);
}

/* GKeyFile's errors name no line, and it joins groups that stand twice: so the
 * form is judged here first. */
static GHashTable *
scan_lines (const char  *text,
            const char  *file_name,
            GError     **error)
{
  g_autoptr(GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) all = g_strsplit (text, "\n", MAX_LINES + 1);
  g_autofree char *group = NULL;

  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autofree char *line = g_strstrip (g_strdup (all[i]));
      g_autofree char *shown = dup_shown (line);
      gsize len = strlen (line);
      char *equals;
      char *place;

      if (i == MAX_LINES)
        {
          set_error_at (error, file_name, i, _("there are more than %d lines"), MAX_LINES);
          return NULL;
        }

      if (len == 0 || line[0] == '#')
        continue;

      if (line[0] == '[')
        {
          if (line[len - 1] != ']' || len < 3)
            {
              set_error_at (error, file_name, i + 1, _("“%s” is not a [group]"), shown);
              return NULL;
            }

          g_free (group);
          group = g_strndup (line + 1, len - 2);
          if (!g_hash_table_insert (lines, g_strdup (group), GUINT_TO_POINTER (i + 1)))
            {
              set_error_at (error, file_name, i + 1, _("%s stands here a second time"), shown);
              return NULL;
            }
          continue;
        }

      equals = strchr (line, '=');
      if (equals == NULL || equals == line)
        {
          set_error_at (error, file_name, i + 1,
                        _("“%s” is neither a [group], a name=value nor a # comment"),
                        shown);
          return NULL;
        }
      if (group == NULL)
        {
          set_error_at (error, file_name, i + 1, _("“%s” stands before the first [group]"), shown);
          return NULL;
        }

      *equals = '\0';
      place = g_strdup_printf ("%s\n%s", group, g_strchomp (line));
      if (!g_hash_table_insert (lines, place, GUINT_TO_POINTER (i + 1)))
        {
          set_error_at (error, file_name, i + 1, _("“%s” stands here a second time"), line);
          return NULL;
        }
    }

  return g_steal_pointer (&lines);
}

static gboolean
check_pool (GKeyFile     *key_file,
            const char   *file_name,
            GHashTable   *lines,
            const char   *group,
            GError      **error)
{
  const char *name = group + strlen ("pool ");
  g_auto(GStrv) domains = NULL;

  if (!iss_text_is_host_name (name))
    {
      g_autofree char *shown = dup_shown (name);

      set_error_at (error, file_name, line_of (lines, group, NULL),
                    _("“%s” is not a name for a pool: use a host name such as "
                      "pool01.contoso.example"), shown);
      return FALSE;
    }

  domains = g_key_file_get_string_list (key_file, group, "sip-domains", NULL, NULL);
  for (guint i = 0; domains != NULL && domains[i] != NULL; i++)
    {
      if (i >= MAX_SIP_DOMAINS || !iss_text_is_dns_domain (domains[i]))
        {
          g_autofree char *shown = dup_shown (domains[i]);

          set_error_at (error, file_name, line_of (lines, group, "sip-domains"),
                        _("“%s” is not a SIP domain"), shown);
          return FALSE;
        }
    }

  return TRUE;
}

/* "seen-in-use.Default=tls://fe01.contoso.example:443" */
static gboolean
check_use (GKeyFile     *key_file,
           const char   *file_name,
           GHashTable   *lines,
           const char   *group,
           const char   *key,
           GError      **error)
{
  const char *type = key + strlen (ISS_TOPOLOGY_CHECK_USE);
  g_autofree char *place = g_key_file_get_string (key_file, group, key, NULL);
  g_autofree char *host = NULL;
  g_autoptr(GError) local_error = NULL;

  if (iss_certificate_type_find (type) == NULL)
    {
      g_autofree char *shown = dup_shown (type);

      set_error_at (error, file_name, line_of (lines, group, key),
                    _("“%s” is not a certificate type"), shown);
      return FALSE;
    }

  host = iss_use_place_parse (place != NULL ? place : "", NULL, &local_error);
  if (host != NULL)
    return TRUE;

  set_error_at (error, file_name, line_of (lines, group, key), "%s", local_error->message);
  return FALSE;
}

static gboolean
check_uses (GKeyFile     *key_file,
            const char   *file_name,
            GHashTable   *lines,
            const char   *group,
            GError      **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys (key_file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      if (g_str_has_prefix (keys[i], ISS_TOPOLOGY_CHECK_USE) &&
          !check_use (key_file, file_name, lines, group, keys[i], error))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_topology_check_is_server:
 * @text: some text
 *
 * Returns: whether a server may be called so: a host name or an IP address
 */
gboolean
iss_topology_check_is_server (const char *text)
{
  return iss_text_is_host_name (text) || g_hostname_is_ip_address (text);
}

static gboolean
has_pool (GKeyFile   *key_file,
          const char *pool)
{
  g_autofree char *group = g_strconcat ("pool ", pool, NULL);

  return g_key_file_has_group (key_file, group);
}

static gboolean
check_server (GKeyFile     *key_file,
              const char   *file_name,
              GHashTable   *lines,
              const char   *group,
              GError      **error)
{
  const char *name = group + strlen ("server ");
  g_autofree char *pool = g_key_file_get_string (key_file, group, "pool", NULL);
  g_autofree char *uri = g_key_file_get_string (key_file, group, "connection", NULL);
  g_autofree char *agent = g_key_file_get_string (key_file, group, "agent", NULL);
  g_autoptr(IssConnectionAddress) address = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!iss_topology_check_is_server (name))
    {
      g_autofree char *shown = dup_shown (name);

      set_error_at (error, file_name, line_of (lines, group, NULL),
                    _("“%s” is not a host name"), shown);
      return FALSE;
    }

  if (pool == NULL || !has_pool (key_file, pool))
    {
      g_autofree char *shown = dup_shown (pool != NULL ? pool : "");

      set_error_at (error, file_name,
                    line_of (lines, group, pool != NULL ? "pool" : NULL),
                    _("%s belongs to pool “%s”, and there is no group [pool %s]"), name, shown,
                    shown);
      return FALSE;
    }

  if (uri == NULL)
    {
      set_error_at (error, file_name, line_of (lines, group, NULL),
                    _("%s has no connection: add one such as connection=ssh://issuant@%s"),
                    name, name);
      return FALSE;
    }

  address = iss_connection_address_parse (uri, &local_error);
  if (address == NULL)
    {
      set_error_at (error, file_name, line_of (lines, group, "connection"), "%s",
                    local_error->message);
      return FALSE;
    }

  if (agent != NULL && (!g_path_is_absolute (agent) || !iss_text_is_clean (agent, 1024)))
    {
      set_error_at (error, file_name, line_of (lines, group, "agent"),
                    _("the agent's path must be absolute"));
      return FALSE;
    }

  return check_uses (key_file, file_name, lines, group, error);
}

/**
 * iss_topology_check_is_sha256:
 * @text: some text
 *
 * Returns: whether it is a SHA-256 as the file spells it: 64 lower-case hex digits
 */
gboolean
iss_topology_check_is_sha256 (const char *text)
{
  return strlen (text) == 2 * ISS_SHA256_SIZE && strspn (text,
                                                         "0123456789abcdef") == 2 * ISS_SHA256_SIZE;
}

static gboolean
check_agreed (GKeyFile     *key_file,
              const char   *file_name,
              GHashTable   *lines,
              const char   *group,
              GError      **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys (key_file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_auto(GStrv) parts = g_key_file_get_string_list (key_file, group, keys[i], NULL, NULL);
      gint64 at;

      if (parts == NULL || parts[0] == NULL || !iss_topology_check_is_sha256 (parts[0]) ||
          (!g_str_has_suffix (keys[i], ".previous") &&
           (g_strv_length (parts) != 3 || !iss_time_text_parse (parts[2], &at, NULL))))
        {
          set_error_at (error, file_name, line_of (lines, group, keys[i]),
                        _("“%s” is not SHA-256;who;when"), keys[i]);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_groups (GKeyFile     *key_file,
              const char   *file_name,
              GHashTable   *lines,
              GError      **error)
{
  g_auto(GStrv) groups = g_key_file_get_groups (key_file, NULL);
  guint n_pools = 0;
  guint n_servers = 0;

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], "pool "))
        {
          if (!check_pool (key_file, file_name, lines, groups[i], error))
            return FALSE;
          n_pools++;
        }
      else if (g_str_has_prefix (groups[i], "server "))
        {
          if (!check_server (key_file, file_name, lines, groups[i], error))
            return FALSE;
          n_servers++;
        }
      else if (g_str_has_prefix (groups[i], "agreed "))
        {
          if (!check_agreed (key_file, file_name, lines, groups[i], error))
            return FALSE;
        }

      if (n_pools > MAX_POOLS || n_servers > MAX_SERVERS)
        {
          set_error_at (error, file_name, line_of (lines, groups[i], NULL),
                        _("there are more than %d pools or %d servers"), MAX_POOLS, MAX_SERVERS);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * iss_topology_check_load:
 * @key_file: an empty key file
 * @text: the file's text, UTF-8
 * @file_name: its name, for messages
 * @error: return location for an error
 *
 * Loads @text into @key_file, with its comments, if it is a good topology.
 *
 * Returns: whether it is; %ISS_ERROR_MALFORMED names the file and the line
 */
gboolean
iss_topology_check_load (GKeyFile    *key_file,
                         const char  *text,
                         const char  *file_name,
                         GError     **error)
{
  g_autoptr(GHashTable) lines = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (key_file != NULL, FALSE);

  lines = scan_lines (text, file_name, error);
  if (lines == NULL)
    return FALSE;

  if (!g_key_file_load_from_data (key_file, text, strlen (text),
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                                  &local_error))
    {
      set_error_at (error, file_name, 0, "%s", local_error->message);
      return FALSE;
    }

  return check_groups (key_file, file_name, lines, error);
}
