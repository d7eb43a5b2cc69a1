/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/topology-check.h"

#include "core/base/error.h"

#include <string.h>

#define POOL "[pool p.example]\nsip-domains=contoso.example;\n"

static const struct
{
  const char *why;
  const char *text;
  const char *says;      /* what the message holds */
} bad[] = {
  { "neither group nor value", "# hello\n\nnonsense\n", "t.conf, line 3: “nonsense”" },
  { "value before a group", "a=b\n", "line 1: “a=b” stands before" },
  { "group not closed", POOL "[server x\n", "line 3: “[server x”" },
  { "group twice", POOL "[pool p.example]\n", "line 3: [pool p.example] stands here a second" },
  { "key twice", POOL "sip-domains=x.example\n", "line 3: “sip-domains” stands here a second" },
  { "no name", POOL "=x\n", "line 3" },
  { "pool's name", "[pool -x]\n", "line 1: “-x” is not a name" },
  { "SIP domain", "[pool p.example]\nsip-domains=a b;\n", "line 2: “a b” is not a SIP domain" },
  { "server's name", POOL "[server -oProxyCommand=x]\npool=p.example\nconnection=ssh://x\n",
    "line 3: “-oProxyCommand=x” is not a host name" },
  { "no pool", POOL "[server fe01]\nconnection=ssh://fe01\n", "line 3: fe01 belongs to" },
  { "another pool", POOL "[server fe01]\npool=q\nconnection=ssh://fe01\n", "line 4: fe01 belongs" },
  { "no connection", POOL "[server fe01]\npool=p.example\n", "connection=ssh://issuant@fe01" },
  { "bad connection", POOL "[server fe01]\npool=p.example\nconnection=ftp://x\n", "line 5" },
  { "relative agent", POOL "[server fe01]\npool=p.example\nconnection=ssh://x\nagent=a\n",
    "line 6: the agent's path" },
  { "seen in use nowhere", POOL "[server fe01]\npool=p.example\nconnection=ssh://x\n"
    "seen-in-use.Default=http://x\n", "line 6: “http://x” is not where" },
  { "no such type in use", POOL "[server fe01]\npool=p.example\nconnection=ssh://x\n"
    "seen-in-use.Web=tls://x\n", "line 6: “Web” is not a certificate type" },
  { "agreed on nothing", POOL "[agreed p.example]\nDefault=x\n", "line 4: “Default”" },
  { "agreed never", POOL "[agreed p.example]\nDefault="
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;me;soon\n", "line 4" },
  { "bidi control is not shown", POOL "\xe2\x80\xaex\n", "line 3: “\xef\xbf\xbdx”" },
};

static void
test_topology_check_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GKeyFile) key_file = g_key_file_new ();
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i].why);
      g_assert_false (iss_topology_check_load (key_file, bad[i].text, "t.conf", &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

static void
test_topology_check_good (void)
{
  static const char *texts[] = { "", "\n\n# only this\n", POOL, POOL "[other]\nx=y\n",
                                 POOL "[server fe01]\npool=p.example\nconnection=ssh://x\n"
                                 "seen-in-use.Default=tls://fe01.contoso.example:5061\n",
                                 "[pool p.example]\r\nsip-domains=contoso.example;\r\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GKeyFile) key_file = g_key_file_new ();
      g_autoptr(GError) error = NULL;

      g_assert_true (iss_topology_check_load (key_file, texts[i], "t.conf", &error));
      g_assert_no_error (error);
    }
}

static void
test_topology_check_sha256 (void)
{
  g_assert_true (iss_topology_check_is_sha256 (
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
  g_assert_false (iss_topology_check_is_sha256 (
    "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"));
  g_assert_false (iss_topology_check_is_sha256 ("0123"));
  g_assert_false (iss_topology_check_is_sha256 (""));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/topology-check/bad", test_topology_check_bad);
  g_test_add_func ("/topology-check/good", test_topology_check_good);
  g_test_add_func ("/topology-check/sha256", test_topology_check_sha256);

  return g_test_run ();
}
