/* SPDX-License-Identifier: GPL-3.0-or-later */
/* issuant-askpass between a real ssh and somebody at the keyboard. */
#include <gtk/gtk.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/sshd.h"
#include "tests/lib/wait.h"

#define PASSPHRASE "correct horse 4711"

typedef struct
{
  IssAgentFixture  agent;
  IssTestSshd     *sshd;
  GSubprocess     *typist;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autofree char *words = NULL;
  g_autofree char *uri = NULL;

  iss_agent_fixture_set_up (&fixture->agent);
  words = g_strdup_printf ("exec \"$AGENT\" \"$@\" --root '%s'", fixture->agent.root);
  iss_agent_fixture_script (&fixture->agent, words);
  g_free (fixture->agent.launch->remote_agent);
  fixture->agent.launch->remote_agent = g_strdup (fixture->agent.launch->local_agent);
  fixture->agent.launch->askpass = g_build_filename (g_getenv ("ISS_TEST_BUILD"), "app", "askpass",
                                                     "issuant-askpass", NULL);

  fixture->sshd = iss_test_sshd_new (fixture->agent.temp, "sshd", NULL);
  fixture->agent.launch->ssh_config = g_strdup (iss_test_sshd_get_config (fixture->sshd));
  uri = g_strdup_printf ("ssh://%s@127.0.0.1:%u", g_get_user_name (),
                         iss_test_sshd_get_port (fixture->sshd));
  iss_connection_address_unref (fixture->agent.address);
  fixture->agent.address = iss_connection_address_parse (uri, NULL);
  g_assert_nonnull (fixture->agent.address);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  g_subprocess_wait_check (fixture->typist, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&fixture->typist);
  iss_test_sshd_free (fixture->sshd);
  iss_agent_fixture_tear_down (&fixture->agent);
}

/* @keys: what is done at the keyboard once the window is there, as xdotool has it. */
static void
type_at_window (Fixture    *fixture,
                const char *keys)
{
  g_autofree char *script = NULL;
  g_autoptr(GError) error = NULL;

  script = g_strdup_printf ("set -eu\n"
                            "w=$(timeout 20 xdotool search --sync --onlyvisible --name "
                            "'^Issuant: Log In$' | head -n 1)\n"
                            "timeout 20 xdotool windowfocus --sync \"$w\"\n%s\n", keys);
  fixture->typist = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sh", "-c", script, NULL);
  g_assert_no_error (error);
}

/* The fingerprint that was told is pasted, it is the same, and so the server is known. */
static void
test_right_server (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autofree char *fingerprint = iss_test_sshd_dup_fingerprint (fixture->sshd);
  g_autofree char *keys = g_strdup_printf ("xdotool key alt+c\nxdotool type '%s'\n"
                                           "xdotool key alt+r", fingerprint);
  g_autofree char *known = NULL;

  iss_test_sshd_forget_host_key (fixture->sshd);
  type_at_window (fixture, keys);
  iss_agent_fixture_open (&fixture->agent);
  known = iss_test_sshd_dup_known_hosts (fixture->sshd);
  g_assert_nonnull (strstr (known, "[127.0.0.1]:"));
  g_assert_nonnull (strstr (known, "ssh-ed25519"));
}

/* One letter is wrong: the button does not take the server, and Enter and Escape refuse it. */
static void
test_wrong_fingerprint (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *known = NULL;
  g_autoptr(GError) error = NULL;

  iss_test_sshd_forget_host_key (fixture->sshd);
  type_at_window (fixture, "xdotool key alt+c\nxdotool type 'SHA256:another'\n"
                           "xdotool key alt+r\nxdotool key Escape");
  g_assert_null (iss_agent_fixture_try_open (&fixture->agent, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_HOST_KEY_UNKNOWN);
  known = iss_test_sshd_dup_known_hosts (fixture->sshd);
  g_assert_cmpstr (known, ==, "");
}

/* Each way out that is taken without thinking connects to nothing and writes nothing. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  user_data)
{
  g_autofree char *keys = g_strdup_printf ("xdotool key %s", (const char *) user_data);
  g_autofree char *known = NULL;
  g_autoptr(GError) error = NULL;

  iss_test_sshd_forget_host_key (fixture->sshd);
  type_at_window (fixture, keys);
  g_assert_null (iss_agent_fixture_try_open (&fixture->agent, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_HOST_KEY_UNKNOWN);
  g_test_message ("%s", error->message);
  known = iss_test_sshd_dup_known_hosts (fixture->sshd);
  g_assert_cmpstr (known, ==, "");
}

static void
test_passphrase (Fixture       *fixture,
                 gconstpointer  user_data)
{
  iss_test_sshd_lock_key (fixture->sshd, PASSPHRASE);
  type_at_window (fixture, "xdotool type '" PASSPHRASE "'\nxdotool key Return");
  iss_agent_fixture_open (&fixture->agent);
}

static void
test_no_passphrase (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  iss_test_sshd_lock_key (fixture->sshd, PASSPHRASE);
  type_at_window (fixture, "xdotool key Escape");
  g_assert_null (iss_agent_fixture_try_open (&fixture->agent, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_LOGIN);
}

static void
add (const char    *path,
     void         (*test) (Fixture *, gconstpointer),
     gconstpointer  data)
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  g_test_init (&argc, &argv, NULL);
  if (xdotool == NULL)
    {
      g_test_message ("xdotool, which types, is not installed");
      return 77;
    }

  add ("/ssh/right-server", test_right_server, NULL);
  add ("/ssh/wrong-fingerprint", test_wrong_fingerprint, NULL);
  add ("/ssh/refused/enter", test_refused, "Return");
  add ("/ssh/refused/escape", test_refused, "Escape");
  add ("/ssh/refused/button", test_refused, "alt+d");
  add ("/ssh/passphrase", test_passphrase, NULL);
  add ("/ssh/no-passphrase", test_no_passphrase, NULL);

  return g_test_run ();
}
