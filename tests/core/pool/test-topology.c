/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: topology-agreed, topology-file. */
#include "core/pool/topology.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <string.h>

#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static const char good[] =
  "# Ours. Ask Alice.\n"
  "[pool pool01.contoso.example]\n"
  "sip-domains=contoso.example;fabrikam.example;\n"
  "\n"
  "# The first one\n"
  "[server fe01.contoso.example]\n"
  "pool=pool01.contoso.example\n"
  "connection=ssh://issuant@fe01.contoso.example\n"
  "agent=/opt/issuant/issuant-agent\n"
  "\n"
  "[server fe02.contoso.example]\n"
  "pool=pool01.contoso.example\n"
  "connection=local:///srv/fe02\n"
  "\n"
  "[agreed pool01.contoso.example]\n"
  "OAuthTokenIssuer=" SHA_A ";alice;2026-11-20T10:00:00Z\n"
  "\n"
  "[something of a later version]\n"
  "key=value\n";

static void
test_topology_reads (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssTopology) topology = iss_topology_parse (good, strlen (good), "t.conf", &error);
  g_auto(GStrv) pools = NULL;
  g_auto(GStrv) domains = NULL;
  g_auto(GStrv) servers = NULL;
  g_autofree char *connection = NULL;
  g_autofree char *agent = NULL;
  g_autofree char *no_agent = NULL;
  g_autoptr(IssAgreed) agreed = NULL;

  g_assert_no_error (error);
  pools = iss_topology_dup_pools (topology);
  g_assert_cmpstrv (pools, ((const char *[]) { "pool01.contoso.example", NULL }));
  domains = iss_topology_dup_sip_domains (topology, pools[0]);
  g_assert_cmpstrv (domains, ((const char *[]) { "contoso.example", "fabrikam.example", NULL }));
  servers = iss_topology_dup_servers (topology, pools[0]);
  g_assert_cmpstrv (servers, ((const char *[]) { "fe01.contoso.example", "fe02.contoso.example",
                                                 NULL }));
  connection = iss_topology_dup_connection (topology, servers[1]);
  g_assert_cmpstr (connection, ==, "local:///srv/fe02");
  agent = iss_topology_dup_agent_path (topology, servers[0]);
  g_assert_cmpstr (agent, ==, "/opt/issuant/issuant-agent");
  no_agent = iss_topology_dup_agent_path (topology, servers[1]);
  g_assert_null (no_agent);

  agreed = iss_topology_dup_agreed (topology, pools[0], "OAuthTokenIssuer");
  g_assert_nonnull (agreed);
  g_assert_cmpstr (agreed->sha256_hex, ==, SHA_A);
  g_assert_cmpstr (agreed->by, ==, "alice");
  g_assert_cmpint (agreed->at, ==, 1795168800);
  g_assert_null (agreed->previous_sha256_hex);
  g_assert_null (iss_topology_dup_agreed (topology, pools[0], "Default"));
}

static void
test_topology_keeps_comments (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_write (folder, "topology.conf", good, -1);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssTopology) topology = iss_topology_load (path, &error);
  g_autoptr(IssTopology) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  g_assert_true (iss_topology_add_server (topology, "pool01.contoso.example",
                                          "fe03.contoso.example", "ssh://fe03.contoso.example",
                                          NULL, &error));
  g_assert_true (iss_topology_save (topology, path, &error));
  g_assert_no_error (error);

  text = iss_temp_folder_read (folder, "topology.conf", NULL);
  g_assert_true (g_str_has_prefix (text, "# Ours. Ask Alice.\n"));
  /* Debian 12's GLib puts an empty line between a comment and its group, Debian 13's does not. */
  g_assert_true (strstr (text, "# The first one\n\n[server fe01") != NULL ||
                 strstr (text, "# The first one\n[server fe01") != NULL);
  g_assert_nonnull (strstr (text, "[server fe03.contoso.example]"));
  g_assert_nonnull (strstr (text, "[something of a later version]\nkey=value"));

  /* However often it is saved, it stays as it is. */
  again = iss_topology_parse (text, strlen (text), "t.conf", &error);
  g_assert_no_error (error);
  text_again = iss_topology_to_text (again);
  g_assert_cmpstr (text_again, ==, text);
}

static void
test_topology_two_writers (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (folder, "deep/er/topology.conf");
  g_autoptr(GError) error = NULL;
  g_autoptr(IssTopology) one = iss_topology_new ();
  g_autoptr(IssTopology) other = iss_topology_new ();
  const char *domains[] = { "contoso.example", NULL };

  g_assert_true (iss_topology_set_pool (one, "a.example", domains, &error));
  g_assert_true (iss_topology_set_pool (other, "b.example", domains, &error));
  g_assert_true (iss_topology_save (one, path, &error));
  g_assert_no_error (error);

  g_assert_false (iss_topology_save (other, path, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_clear_error (&error);

  /* The one that knows what is there may go on. */
  g_assert_true (iss_topology_set_pool (one, "c.example", domains, &error));
  g_assert_true (iss_topology_save (one, path, &error));
  g_assert_no_error (error);
}

static void
test_topology_agreed_moves_on (void)
{
  g_autoptr(IssTopology) topology = iss_topology_parse (good, strlen (good), "t.conf", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgreed) agreed = NULL;

  g_assert_true (iss_topology_set_agreed (topology, "pool01.contoso.example", "OAuthTokenIssuer",
                                          SHA_B, "bob; really", 1000000000, &error));
  agreed = iss_topology_dup_agreed (topology, "pool01.contoso.example", "OAuthTokenIssuer");
  g_assert_cmpstr (agreed->sha256_hex, ==, SHA_B);
  g_assert_cmpstr (agreed->previous_sha256_hex, ==, SHA_A);
  g_assert_cmpstr (agreed->by, ==, "bob, really");
  g_assert_cmpint (agreed->at, ==, 1000000000);

  g_assert_false (iss_topology_set_agreed (topology, "pool01.contoso.example", "Default",
                                           "not hex", "bob", 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
}

/* One roll after the other: what the first has made of what is agreed is not forgotten when the
 * second is staged, held, cancelled, or when somebody swaps back. */
static void
test_topology_agreed_rolls (void)
{
  static const char *const pool = "pool01.contoso.example";
  static const char *const type = "OAuthTokenIssuer";
  static const struct
  {
    const char *why, *next, *expect, *expect_previous, *expect_next;
    gint64      now;
  } cases[] = {
    { "staged before the first has rolled", SHA_A, SHA_A, NULL, SHA_A, 1900000000 - 1 },
    { "held before it has", NULL, SHA_A, NULL, NULL, 1900000000 - 1 },
    { "staged after it", SHA_A, SHA_B, SHA_A, SHA_A, 1900000000 },
    { "held after it", NULL, SHA_B, SHA_A, NULL, 1900000000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssTopology) topology = iss_topology_parse (good, strlen (good), "t.conf", NULL);
      g_autoptr(IssAgreed) agreed = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].why);
      g_assert_true (iss_topology_set_agreed_next (topology, pool, type, SHA_B, "bob", 1900000000,
                                                   1800000000, &error));
      g_assert_true (iss_topology_set_agreed_next (topology, pool, type, cases[i].next, "bob",
                                                   2000000000, cases[i].now, &error));
      agreed = iss_topology_dup_agreed (topology, pool, type);
      g_assert_cmpstr (agreed->sha256_hex, ==, cases[i].expect);
      g_assert_cmpstr (agreed->previous_sha256_hex, ==, cases[i].expect_previous);
      g_assert_cmpstr (agreed->next_sha256_hex, ==, cases[i].expect_next);
      g_assert_cmpint (agreed->next_at, ==, cases[i].expect_next != NULL ? 2000000000 : 0);
    }
}

static void
test_topology_refuses_changes (void)
{
  static const struct
  {
    const char *why, *pool, *server, *connection, *agent;
    IssError    code;
  } cases[] = {
    { "no such pool", "other.example", "fe09", "ssh://fe09", NULL, ISS_ERROR_NOT_FOUND },
    { "there already", "pool01.contoso.example", "fe01.contoso.example", "ssh://x", NULL,
      ISS_ERROR_EXISTS },
    { "an option as a name", "pool01.contoso.example", "-oProxyCommand=x", "ssh://x", NULL,
      ISS_ERROR_INVALID_ARGUMENT },
    { "an option as a host", "pool01.contoso.example", "fe09", "ssh://-oProxyCommand=x", NULL,
      ISS_ERROR_INVALID_ARGUMENT },
    { "another scheme", "pool01.contoso.example", "fe09", "http://fe09", NULL,
      ISS_ERROR_INVALID_ARGUMENT },
    { "a relative agent", "pool01.contoso.example", "fe09", "ssh://fe09", "agent",
      ISS_ERROR_INVALID_ARGUMENT },
  };
  g_autoptr(IssTopology) topology = iss_topology_parse (good, strlen (good), "t.conf", NULL);
  g_autofree char *before = iss_topology_to_text (topology);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *after = NULL;

      g_test_message ("%s", cases[i].why);
      g_assert_false (iss_topology_add_server (topology, cases[i].pool, cases[i].server,
                                               cases[i].connection, cases[i].agent, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      after = iss_topology_to_text (topology);
      g_assert_cmpstr (after, ==, before);
    }
}

static void
test_topology_missing (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (folder, "topology.conf");
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_topology_load (path, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_null (iss_topology_load (iss_temp_folder_get_path (folder), &error));
  g_assert_nonnull (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/topology/reads", test_topology_reads);
  g_test_add_func ("/topology/keeps-comments", test_topology_keeps_comments);
  g_test_add_func ("/topology/two-writers", test_topology_two_writers);
  g_test_add_func ("/topology/agreed-moves-on", test_topology_agreed_moves_on);
  g_test_add_func ("/topology/agreed-rolls", test_topology_agreed_rolls);
  g_test_add_func ("/topology/refuses-changes", test_topology_refuses_changes);
  g_test_add_func ("/topology/missing", test_topology_missing);

  return g_test_run ();
}
