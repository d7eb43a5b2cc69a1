/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology.h"
#include "tests/fuzz/target.h"

#include <string.h>

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  iss_seeds_add_text (seeds,
                      "# Ours. Ask Alice.\n"
                      "[pool pool01.contoso.example]\n"
                      "sip-domains=contoso.example;fabrikam.example;\n"
                      "\n"
                      "[server fe01.contoso.example]\n"
                      "pool=pool01.contoso.example\n"
                      "connection=ssh://issuant@fe01.contoso.example:2222\n"
                      "agent=/opt/issuant/issuant-agent\n"
                      "[server fe02.contoso.example]\n"
                      "pool=pool01.contoso.example\n"
                      "connection=local:///srv/fe02\n"
                      "[agreed pool01.contoso.example]\n"
                      "OAuthTokenIssuer=" SHA ";alice;2026-11-20T10:00:00Z\n"
                      "OAuthTokenIssuer.previous=" SHA "\n"
                      "[ssh]\n"
                      "config=/etc/issuant/ssh\n");
  iss_seeds_add_text (seeds, "[pool a]\nsip-domains=b;\n");
}

static void
look (IssTopology *topology)
{
  g_auto(GStrv) pools = iss_topology_dup_pools (topology);
  g_autofree char *config = iss_topology_dup_ssh_config (topology);

  for (guint i = 0; pools[i] != NULL; i++)
    {
      g_auto(GStrv) domains = iss_topology_dup_sip_domains (topology, pools[i]);
      g_auto(GStrv) servers = iss_topology_dup_servers (topology, pools[i]);
      g_autoptr(IssAgreed) agreed = iss_topology_dup_agreed (topology, pools[i],
                                                             "OAuthTokenIssuer");

      g_assert_true (iss_topology_has_pool (topology, pools[i]));
      g_assert_nonnull (domains);
      for (guint j = 0; servers[j] != NULL; j++)
        {
          g_autofree char *pool = iss_topology_dup_pool_of (topology, servers[j]);
          g_autofree char *connection = iss_topology_dup_connection (topology, servers[j]);
          g_autofree char *agent = iss_topology_dup_agent_path (topology, servers[j]);

          g_assert_cmpstr (pool, ==, pools[i]);
          g_assert_nonnull (connection);
        }
    }
}

/* What was read can be written, and read again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *) data : "";
  g_autoptr(GError) error = NULL;
  g_autoptr(IssTopology) topology = iss_topology_parse (text, size, "t.conf", &error);
  g_autoptr(IssTopology) again = NULL;
  g_autofree char *written = NULL;

  iss_seeds_assert_refused (topology != NULL, error);
  if (topology == NULL)
    return 0;

  look (topology);
  written = iss_topology_to_text (topology);
  again = iss_topology_parse (written, strlen (written), "t.conf", &error);
  g_assert_no_error (error);
  look (again);

  return 0;
}
