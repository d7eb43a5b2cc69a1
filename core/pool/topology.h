/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/pool/agreed.h"

G_BEGIN_DECLS

#define ISS_TYPE_TOPOLOGY (iss_topology_get_type ())

/* The topology file: pools, their SIP domains and servers, how each is reached,
 * what is agreed. A GKeyFile that people edit too, so comments are kept:
 *
 *   [pool pool01.contoso.example]
 *   sip-domains=contoso.example;
 *
 *   [server fe01.contoso.example]
 *   pool=pool01.contoso.example
 *   connection=ssh://issuant@fe01.contoso.example
 *   agent=/opt/issuant/issuant-agent        (optional)
 *   seen-in-use.Default=tls://fe01.contoso.example:443     (optional)
 *
 *   [agreed pool01.contoso.example]
 *   OAuthTokenIssuer=<sha256>;<by>;<ISO instant>
 *   OAuthTokenIssuer.previous=<sha256>
 *   OAuthTokenIssuer.next=<sha256>;<by>;<ISO instant of the roll>
 *
 *   [ssh]
 *   config=/home/alice/.ssh/issuant         (optional: ssh -F)
 */
G_DECLARE_FINAL_TYPE (IssTopology, iss_topology, ISS, TOPOLOGY, GObject)

IssTopology  *iss_topology_new               (void) G_GNUC_WARN_UNUSED_RESULT;
/* errors name file and line */
IssTopology  *iss_topology_parse             (const char    *text,
                                              gsize          size,
                                              const char    *file_name,
                                              GError       **error) G_GNUC_WARN_UNUSED_RESULT;
IssTopology  *iss_topology_load              (const char    *path,
                                              GError       **error) G_GNUC_WARN_UNUSED_RESULT;
/* CHANGED if the file is not what was loaded */
gboolean      iss_topology_save              (IssTopology   *self,
                                              const char    *path,
                                              GError       **error);
char         *iss_topology_to_text           (IssTopology   *self) G_GNUC_WARN_UNUSED_RESULT;

char        **iss_topology_dup_pools         (IssTopology   *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean      iss_topology_has_pool          (IssTopology   *self,
                                              const char    *pool);
char        **iss_topology_dup_sip_domains   (IssTopology   *self,
                                              const char    *pool) G_GNUC_WARN_UNUSED_RESULT;
gboolean      iss_topology_set_pool          (IssTopology   *self,
                                              const char    *pool,
                                              const char *const *sip_domains,
                                              GError       **error);

char        **iss_topology_dup_servers       (IssTopology   *self,
                                              const char    *pool) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
char         *iss_topology_dup_pool_of       (IssTopology   *self,
                                              const char    *server) G_GNUC_WARN_UNUSED_RESULT;
char         *iss_topology_dup_connection    (IssTopology   *self,
                                              const char    *server) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
char         *iss_topology_dup_agent_path    (IssTopology   *self,
                                              const char    *server) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): where the service of a type can be seen */
char         *iss_topology_dup_use_place     (IssTopology   *self,
                                              const char    *server,
                                              const char    *type) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
char         *iss_topology_dup_ssh_config    (IssTopology   *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean      iss_topology_add_server        (IssTopology   *self,
                                              const char    *pool,
                                              const char    *server,
                                              const char    *connection,
                                              const char    *agent_path,
                                              GError       **error);
gboolean      iss_topology_remove_server     (IssTopology   *self,
                                              const char    *server,
                                              GError       **error);

/* (nullable): nothing is agreed */
IssAgreed    *iss_topology_dup_agreed        (IssTopology   *self,
                                              const char    *pool,
                                              const char    *type) G_GNUC_WARN_UNUSED_RESULT;
gboolean      iss_topology_set_agreed        (IssTopology   *self,
                                              const char    *pool,
                                              const char    *type,
                                              const char    *sha256_hex,
                                              const char    *by,
                                              gint64         at,
                                              GError       **error);
void          iss_topology_drop_previous     (IssTopology   *self,
                                              const char    *pool,
                                              const char    *type);
gboolean      iss_topology_set_agreed_next   (IssTopology   *self,
                                              const char    *pool,
                                              const char    *type,
                                              const char    *sha256_hex,
                                              const char    *by,
                                              gint64         at,
                                              gint64         now,
                                              GError       **error);

G_END_DECLS
