/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology-private.h"

#include "core/agent/connection-address.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/pool/topology-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SIP_DOMAINS ISS_TOPOLOGY_CHECK_MAX_SIP_DOMAINS

G_DEFINE_FINAL_TYPE (IssTopology, iss_topology, G_TYPE_OBJECT)

static void
iss_topology_finalize (GObject *object)
{
  IssTopology *self = ISS_TOPOLOGY (object);

  g_clear_pointer (&self->key_file, g_key_file_unref);
  g_clear_pointer (&self->file_name, g_free);
  g_clear_pointer (&self->loaded_text, g_free);

  G_OBJECT_CLASS (iss_topology_parent_class)->finalize (object);
}

static void
iss_topology_class_init (IssTopologyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_topology_finalize;
}

static void
iss_topology_init (IssTopology *self)
{
  self->key_file = g_key_file_new ();
}

static char *
group_of (const char *kind,
          const char *name)
{
  return g_strdup_printf ("%s %s", kind, name);
}

static char *
dup_shown (const char *text)
{
  return iss_text_sanitise (text, -1, 60);
}

/**
 * iss_topology_new:
 *
 * Returns: (transfer full): a topology with no pool, as if the file were missing
 */
IssTopology *
iss_topology_new (void)
{
  IssTopology *self = g_object_new (ISS_TYPE_TOPOLOGY, NULL);

  self->file_name = g_strdup ("topology.conf");

  return self;
}

/**
 * iss_topology_parse:
 * @text: the file's text
 * @size: its size in bytes
 * @file_name: its name, for messages
 * @error: return location for an error
 *
 * Reads and judges a whole topology. %ISS_ERROR_MALFORMED names the file and the
 * line; %ISS_ERROR_TOO_LARGE is over 1 MiB.
 *
 * Returns: (transfer full): the topology, or %NULL with @error set
 */
IssTopology *
iss_topology_parse (const char  *text,
                    gsize        size,
                    const char  *file_name,
                    GError     **error)
{
  g_autoptr(IssTopology) self = iss_topology_new ();

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (file_name != NULL, NULL);

  g_free (self->file_name);
  self->file_name = g_strdup (file_name);

  if (size > ISS_TOPOLOGY_MAX_BYTES)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE, _("%s is larger than %d KiB"),
                   file_name, ISS_TOPOLOGY_MAX_BYTES / 1024);
      return NULL;
    }

  if (!g_utf8_validate_len (text, size, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_MALFORMED, _("%s: it is not UTF-8 text"), file_name);
      return NULL;
    }

  self->loaded_text = g_strndup (text, size);
  if (!iss_topology_check_load (self->key_file, self->loaded_text, file_name, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * iss_topology_to_text:
 * @self: a topology
 *
 * Returns: (transfer full): the file's text, comments and all
 */
char *
iss_topology_to_text (IssTopology *self)
{
  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_to_data (self->key_file, NULL, NULL);
}

static char **
dup_names_of (IssTopology *self,
              const char  *prefix)
{
  g_auto(GStrv) groups = g_key_file_get_groups (self->key_file, NULL);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (g_str_has_prefix (groups[i], prefix))
        g_strv_builder_add (names, groups[i] + strlen (prefix));
    }

  return g_strv_builder_end (names);
}

/**
 * iss_topology_dup_pools:
 * @self: a topology
 *
 * Returns: (transfer full): the pools' names in the order of the file
 */
char **
iss_topology_dup_pools (IssTopology *self)
{
  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return dup_names_of (self, "pool ");
}

/**
 * iss_topology_has_pool:
 * @self: a topology
 * @pool: a pool's name
 *
 * Returns: whether there is such a pool
 */
gboolean
iss_topology_has_pool (IssTopology *self,
                       const char  *pool)
{
  g_autofree char *group = group_of ("pool", pool);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);

  return g_key_file_has_group (self->key_file, group);
}

/**
 * iss_topology_dup_sip_domains:
 * @self: a topology
 * @pool: a pool's name
 *
 * Returns: (transfer full): its SIP domains; empty if there is none
 */
char **
iss_topology_dup_sip_domains (IssTopology *self,
                              const char  *pool)
{
  g_autofree char *group = group_of ("pool", pool);
  char **domains;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  domains = g_key_file_get_string_list (self->key_file, group, "sip-domains", NULL, NULL);

  return domains != NULL ? domains : g_new0 (char *, 1);
}

/**
 * iss_topology_set_pool:
 * @self: a topology
 * @pool: a pool's name, a host name
 * @sip_domains: its SIP domains
 * @error: return location for an error
 *
 * Adds the pool, or changes its SIP domains.
 *
 * Returns: whether the names were good; nothing changes if not
 */
gboolean
iss_topology_set_pool (IssTopology        *self,
                       const char         *pool,
                       const char *const  *sip_domains,
                       GError            **error)
{
  g_autofree char *group = NULL;
  gsize n = 0;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);
  g_return_val_if_fail (sip_domains != NULL, FALSE);

  if (!iss_text_is_host_name (pool))
    {
      g_autofree char *shown = dup_shown (pool);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a name for a pool: use a host name such as "
                     "pool01.contoso.example"), shown);
      return FALSE;
    }

  for (n = 0; sip_domains[n] != NULL; n++)
    {
      if (n >= MAX_SIP_DOMAINS || !iss_text_is_dns_domain (sip_domains[n]))
        {
          g_autofree char *shown = dup_shown (sip_domains[n]);

          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("“%s” is not a SIP domain"),
                       shown);
          return FALSE;
        }
    }

  group = group_of ("pool", pool);
  g_key_file_set_string_list (self->key_file, group, "sip-domains", sip_domains, n);

  return TRUE;
}

/**
 * iss_topology_dup_servers:
 * @self: a topology
 * @pool: a pool's name
 *
 * Returns: (transfer full): the names of its servers in the order of the file
 */
char **
iss_topology_dup_servers (IssTopology *self,
                          const char  *pool)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_auto(GStrv) all = NULL;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  all = dup_names_of (self, "server ");
  for (guint i = 0; all[i] != NULL; i++)
    {
      g_autofree char *its_pool = iss_topology_dup_pool_of (self, all[i]);

      if (g_strcmp0 (its_pool, pool) == 0)
        g_strv_builder_add (names, all[i]);
    }

  return g_strv_builder_end (names);
}

/**
 * iss_topology_dup_pool_of:
 * @self: a topology
 * @server: a server's name
 *
 * Returns: (transfer full) (nullable): the pool it belongs to, or %NULL if there
 *   is no such server
 */
char *
iss_topology_dup_pool_of (IssTopology *self,
                          const char  *server)
{
  g_autofree char *group = group_of ("server", server);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_get_string (self->key_file, group, "pool", NULL);
}

/**
 * iss_topology_dup_connection:
 * @self: a topology
 * @server: the name of one of its servers
 *
 * Returns: (transfer full): the connection's URI
 */
char *
iss_topology_dup_connection (IssTopology *self,
                             const char  *server)
{
  g_autofree char *group = group_of ("server", server);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_get_string (self->key_file, group, "connection", NULL);
}

/**
 * iss_topology_dup_agent_path:
 * @self: a topology
 * @server: the name of one of its servers
 *
 * Returns: (transfer full) (nullable): where the agent is on that server, or
 *   %NULL for the usual place
 */
char *
iss_topology_dup_agent_path (IssTopology *self,
                             const char  *server)
{
  g_autofree char *group = group_of ("server", server);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_get_string (self->key_file, group, "agent", NULL);
}

/**
 * iss_topology_dup_use_place:
 * @self: a topology
 * @server: the name of one of its servers
 * @type: a certificate type's name
 *
 * Returns: (transfer full) (nullable): where the service that uses the type's certificate can be
 *   seen, see iss_use_place_parse(); %NULL: the file does not say
 */
char *
iss_topology_dup_use_place (IssTopology *self,
                            const char  *server,
                            const char  *type)
{
  g_autofree char *group = group_of ("server", server);
  g_autofree char *key = g_strconcat (ISS_TOPOLOGY_CHECK_USE, type, NULL);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_get_string (self->key_file, group, key, NULL);
}

/**
 * iss_topology_dup_ssh_config:
 * @self: a topology
 *
 * Returns: (transfer full) (nullable): the configuration file for ssh, or %NULL
 *   for ssh's own
 */
char *
iss_topology_dup_ssh_config (IssTopology *self)
{
  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), NULL);

  return g_key_file_get_string (self->key_file, "ssh", "config", NULL);
}

/**
 * iss_topology_add_server:
 * @self: a topology
 * @pool: the pool it joins, which must be there
 * @server: its host name
 * @connection: how it is reached: `ssh://user@host:port` or `local:///folder`
 * @agent_path: (nullable): where the agent is on it, if not in the usual place
 * @error: return location for an error
 *
 * Returns: whether it was added; nothing changes if not
 */
gboolean
iss_topology_add_server (IssTopology  *self,
                         const char   *pool,
                         const char   *server,
                         const char   *connection,
                         const char   *agent_path,
                         GError      **error)
{
  g_autoptr(IssConnectionAddress) address = NULL;
  g_autofree char *group = NULL;

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);

  if (!iss_topology_check_is_server (server))
    {
      g_autofree char *shown = dup_shown (server);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("“%s” is not a host name"),
                   shown);
      return FALSE;
    }

  if (!iss_topology_has_pool (self, pool))
    {
      g_autofree char *shown = dup_shown (pool);

      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("There is no pool “%s”: make it first with set-pool"), shown);
      return FALSE;
    }

  group = group_of ("server", server);
  if (g_key_file_has_group (self->key_file, group))
    {
      g_autofree char *its_pool = iss_topology_dup_pool_of (self, server);

      g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS, _("%s is there already, in pool %s"), server,
                   its_pool);
      return FALSE;
    }

  address = iss_connection_address_parse (connection, error);
  if (address == NULL)
    return FALSE;

  if (agent_path != NULL && (!g_path_is_absolute (agent_path) || !iss_text_is_clean (agent_path,
                                                                                     1024)))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The agent's path must be absolute"));
      return FALSE;
    }

  g_key_file_set_string (self->key_file, group, "pool", pool);
  g_key_file_set_string (self->key_file, group, "connection",
                         iss_connection_address_get_uri (address));
  if (agent_path != NULL)
    g_key_file_set_string (self->key_file, group, "agent", agent_path);

  return TRUE;
}

/**
 * iss_topology_remove_server:
 * @self: a topology
 * @server: a server's name
 * @error: return location for an error
 *
 * Takes the server out of the file. Nothing changes on the server itself.
 *
 * Returns: whether it was there
 */
gboolean
iss_topology_remove_server (IssTopology  *self,
                            const char   *server,
                            GError      **error)
{
  g_autofree char *group = group_of ("server", server);

  g_return_val_if_fail (ISS_IS_TOPOLOGY (self), FALSE);

  if (!g_key_file_remove_group (self->key_file, group, NULL))
    {
      g_autofree char *shown = dup_shown (server);

      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND, _("There is no server “%s”"), shown);
      return FALSE;
    }

  return TRUE;
}
