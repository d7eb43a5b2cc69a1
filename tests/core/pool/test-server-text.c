/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server.h"

#include "core/base/error.h"

#include <string.h>

static const struct
{
  int         code;
  IssServerState state;
  const char *says;
  const char *remedy;
} cases[] = {
  { ISS_ERROR_UNREACHABLE, ISS_SERVER_STATE_UNREACHABLE, "fe03 does not answer.",
    "“ssh -p 2222 alice@fe03.example”" },
  { ISS_ERROR_CLOSED, ISS_SERVER_STATE_UNREACHABLE, "fe03 does not answer.", "terminal" },
  { ISS_ERROR_LOGIN, ISS_SERVER_STATE_LOGIN, "fe03 does not let us in.", "the key" },
  { ISS_ERROR_HOST_KEY_UNKNOWN, ISS_SERVER_STATE_HOST_KEY_UNKNOWN, "not known yet", "fingerprint" },
  { ISS_ERROR_HOST_KEY_CHANGED, ISS_SERVER_STATE_HOST_KEY_CHANGED, "has changed", "ssh-keygen -R" },
  { ISS_ERROR_NO_AGENT, ISS_SERVER_STATE_NO_AGENT, "is not installed there.",
    "“app/install-agent --port 2222 root@fe03.example” shows" },
  { ISS_ERROR_PROTOCOL, ISS_SERVER_STATE_PROTOCOL, "protocol version",
    "“app/install-agent --port 2222 root@fe03.example” in the folder" },
  { ISS_ERROR_NOT_OWNER, ISS_SERVER_STATE_NOT_OWNER, "wrong account", "ssh://issuant@fe03" },
  { ISS_ERROR_MALFORMED, ISS_SERVER_STATE_FAILED, "cannot be looked at", "details" },
};

static void
test_server_text_failed (void)
{
  g_autoptr(IssConnectionAddress) address =
    iss_connection_address_parse ("ssh://alice@fe03.example:2222", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssServer) server = iss_server_new ("fe03.example", address, launch, clock);
      g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, cases[i].code, "Why");
      g_autofree char *state = NULL;
      g_autofree char *remedy = NULL;

      iss_server_set_failed (server, error, 500);
      g_assert_cmpint (iss_server_get_state (server), ==, (int) cases[i].state);
      state = iss_server_dup_state_text (server);
      remedy = iss_server_dup_remedy_text (server);
      g_test_message ("%s %s", state, remedy);
      g_assert_nonnull (strstr (state, cases[i].says));
      g_assert_nonnull (strstr (remedy, cases[i].remedy));
    }
}

/* A folder of ours is not reached by ssh. */
static void
test_server_text_local (void)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssServer) server = iss_server_new ("fe03.example", address, launch, clock);
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE, "Why");
  g_autofree char *remedy = NULL;

  iss_server_set_failed (server, error, 500);
  remedy = iss_server_dup_remedy_text (server);
  g_assert_cmpstr (remedy, ==, "Nothing can be changed on it until it answers.");
}

static void
test_server_text_new (void)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssServer) server = iss_server_new ("192.0.2.1", address, launch, clock);
  g_autofree char *state = iss_server_dup_state_text (server);

  g_assert_cmpstr (state, ==, "192.0.2.1 was not looked at yet.");
  g_assert_null (iss_server_dup_remedy_text (server));
}

static void
test_server_text_trouble (void)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssServer) server = iss_server_new ("fe03.example", address, launch, clock);
  const struct
    {
      const char *observation;   /* an a{sv}'s text */
      const char *expected;      /* NULL: none */
    } seen[] =
    {
      { "{'time': <int64 5>, 'types': <@a(sstta(ayux)) []>, "
        "'certificates': <@a(ayayssssxxuuu) []>}", NULL },
      { "{'time': <int64 5>, 'types': <@a(sstta(ayux)) []>, "
        "'certificates': <@a(ayayssssxxuuu) []>, 'reconcile-error': <'/live is full'>}",
        "fe03 may not be what is assigned: it could not be mended. /live is full." },
    };

  g_assert_null (iss_server_dup_trouble_text (server));
  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, seen[i].observation,
                                                     NULL, NULL, &error);
      g_autoptr(IssObservation) observation = NULL;
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      observation = iss_observation_from_variant (variant, &error);
      g_assert_no_error (error);
      iss_server_set_last_seen (server, observation, 500, 0);
      text = iss_server_dup_trouble_text (server);
      if (seen[i].expected == NULL)
        g_assert_null (text);
      else
        g_assert_true (g_str_has_suffix (text, seen[i].expected));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-text/failed", test_server_text_failed);
  g_test_add_func ("/server-text/local", test_server_text_local);
  g_test_add_func ("/server-text/new", test_server_text_new);
  g_test_add_func ("/server-text/trouble", test_server_text_trouble);

  return g_test_run ();
}
