/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client against a real sshd.
 * Also covers: agent-child. */
#include <string.h>

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/sshd.h"
#include "tests/lib/wait.h"

/* The agent behind ssh works on the fixture's folder: a small script stands for
 * /usr/libexec/issuant-agent, which would take the server's own. */
static IssTestSshd *
set_up (IssAgentFixture *fixture,
        const char      *key_options)
{
  g_autofree char *uri = NULL;
  g_autofree char *words = NULL;
  IssTestSshd *sshd;

  iss_agent_fixture_set_up (fixture);
  words = g_strdup_printf ("exec \"$AGENT\" \"$@\" --root '%s'", fixture->root);
  iss_agent_fixture_script (fixture, words);
  g_free (fixture->launch->remote_agent);
  fixture->launch->remote_agent = g_strdup (fixture->launch->local_agent);

  sshd = iss_test_sshd_new (fixture->temp, "sshd", key_options);
  fixture->launch->ssh_config = g_strdup (iss_test_sshd_get_config (sshd));
  uri = g_strdup_printf ("ssh://%s@127.0.0.1:%u", g_get_user_name (),
                         iss_test_sshd_get_port (sshd));
  iss_connection_address_unref (fixture->address);
  fixture->address = iss_connection_address_parse (uri, NULL);
  g_assert_nonnull (fixture->address);
  return sshd;
}

static void
expect_failure (IssAgentFixture *fixture,
                IssError         code,
                const char      *message)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_agent_fixture_try_open (fixture, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_works (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autofree char *audit = NULL;
  g_autofree char *fingerprint = iss_test_sshd_dup_fingerprint (sshd);
  g_autofree char *host_key = g_strconcat ("ssh-ed25519 ", fingerprint, NULL);
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_open (&fixture);
  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);
  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_agent_client_get_host_key (fixture.client), ==, host_key);
  audit = iss_temp_folder_read (fixture.temp, "root/audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, " from 127.0.0.1"));
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_unknown_host_key (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);

  g_autofree char *fingerprint = iss_test_sshd_dup_fingerprint (sshd);

  iss_test_sshd_forget_host_key (sshd);
  expect_failure (&fixture, ISS_ERROR_HOST_KEY_UNKNOWN, fingerprint);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_changed_host_key (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);

  iss_test_sshd_change_host_key (sshd);
  expect_failure (&fixture, ISS_ERROR_HOST_KEY_CHANGED, "SHA256:");
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_login (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);

  iss_test_sshd_lock_out (sshd);
  expect_failure (&fixture, ISS_ERROR_LOGIN, "Permission denied (publickey)");
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_no_agent (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);

  g_free (fixture.launch->remote_agent);
  fixture.launch->remote_agent = g_strdup ("/nonexistent/issuant-agent");
  expect_failure (&fixture, ISS_ERROR_NO_AGENT, "/nonexistent/issuant-agent");
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_stopped (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, NULL);

  iss_test_sshd_stop (sshd);
  expect_failure (&fixture, ISS_ERROR_UNREACHABLE, "Connection refused");
  iss_agent_fixture_tear_down (&fixture);
}

/* A key that may do nothing but look, whatever the caller asks for. */
static void
test_forced_command (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *program = iss_agent_fixture_dup_program ();
  g_autofree char *root = iss_temp_folder_dup_path (temp, "root");
  g_autofree char *options = g_strdup_printf ("command=\"exec %s --stdio --role=viewer "
                                              "--who=alice --root=%s\",restrict", program, root);
  g_autoptr(IssTestSshd) sshd = set_up (&fixture, options);
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GError) error = NULL;

  g_free (fixture.launch->remote_agent);
  fixture.launch->remote_agent = g_strdup ("/bin/sh");
  iss_agent_fixture_open (&fixture);
  g_assert_cmpstr (iss_agent_client_get_role (fixture.client), ==, "viewer");
  g_assert_null (iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, "alice"));
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ssh/works", test_works);
  g_test_add_func ("/ssh/unknown-host-key", test_unknown_host_key);
  g_test_add_func ("/ssh/changed-host-key", test_changed_host_key);
  g_test_add_func ("/ssh/login", test_login);
  g_test_add_func ("/ssh/no-agent", test_no_agent);
  g_test_add_func ("/ssh/stopped", test_stopped);
  g_test_add_func ("/ssh/forced-command", test_forced_command);

  return g_test_run ();
}
