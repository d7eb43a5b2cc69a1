/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/launch.h"

#include <string.h>

static char *
join (const IssLaunch *launch,
      const char      *uri)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, &error);
  g_auto(GStrv) argv = NULL;

  g_assert_no_error (error);
  argv = iss_launch_dup_argv (launch, address);
  return g_strjoinv ("|", argv);
}

#define SSH "ssh|-T|-a|-x|-e|none|-o|ClearAllForwardings=yes|-o|PermitLocalCommand=no|" \
            "-o|ServerAliveInterval=15|-o|ServerAliveCountMax=3|-o|ConnectTimeout=15|" \
            "-o|FingerprintHash=sha256|-o|ControlPath=none|" \
            "-o|LogVerbose=sshconnect.c:verify_host_key*|"
#define AGENT "exec|'/usr/libexec/issuant-agent'|--stdio"

static void
test_ssh (void)
{
  g_autoptr(IssLaunch) launch = iss_launch_new ("/usr/libexec/issuant-agent");
  const struct
    {
      const char *uri;
      const char *argv;
    } cases[] =
    {
      { "ssh://fe01", SSH "-o|BatchMode=yes|--|fe01|" AGENT },
      { "ssh://issuant@fe01:2222", SSH "-p|2222|-l|issuant|-o|BatchMode=yes|--|fe01|" AGENT },
      { "ssh://[::1]", SSH "-o|BatchMode=yes|--|::1|" AGENT },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *argv = join (launch, cases[i].uri);

      g_assert_cmpstr (argv, ==, cases[i].argv);
    }
}

static void
test_ssh_options (void)
{
  g_autoptr(IssLaunch) launch = iss_launch_new ("/usr/libexec/issuant-agent");
  g_autoptr(IssLaunch) copy = NULL;
  g_autofree char *argv = NULL;

  g_free (launch->remote_agent);
  launch->remote_agent = g_strdup ("/opt/it's here/$(agent)");
  launch->askpass = g_strdup ("/usr/libexec/issuant-askpass");
  launch->ssh_config = g_strdup ("/tmp/config");
  launch->who = g_strdup ("alice");
  launch->patience = 5;
  launch->at = 7;

  copy = iss_launch_copy (launch);
  g_assert_cmpstr (copy->who, ==, "alice");
  g_assert_cmpuint (copy->patience, ==, 5);
  g_assert_cmpint (copy->at, ==, 7);

  /* What is for local agents only does not reach a server; askpass is not in the arguments. */
  argv = join (copy, "ssh://fe01");
  g_assert_cmpstr (argv, ==, SSH "-F|/tmp/config|--|fe01|"
                             "exec|'/opt/it'\\''s here/$(agent)'|--stdio");
}

static void
test_local (void)
{
  g_autoptr(IssLaunch) launch = iss_launch_new ("/usr/libexec/issuant-agent");
  g_autofree char *plain = join (launch, "local:///srv/fe%2001");
  g_autofree char *full = NULL;

  g_assert_cmpstr (plain, ==, "/usr/libexec/issuant-agent|--stdio|--root|/srv/fe 01");

  launch->at = 1793000000;
  launch->who = g_strdup ("alice");
  full = join (launch, "local:///srv/fe01");
  g_assert_cmpstr (full, ==, "/usr/libexec/issuant-agent|--stdio|--root|/srv/fe01|"
                             "--at|1793000000|--who|alice");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/launch/ssh", test_ssh);
  g_test_add_func ("/launch/ssh-options", test_ssh_options);
  g_test_add_func ("/launch/local", test_local);

  return g_test_run ();
}
