/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#include <string.h>

#define NOW 1795000000

static IssServer *
make_server (const char *uri)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);

  return iss_server_new ("fe01.contoso.example", address, launch, clock);
}

static void
count_cb (IssServer *server,
          guint     *n)
{
  (*n)++;
}

static void
test_server_new (void)
{
  g_autoptr(IssServer) server = make_server ("local:///nowhere");
  g_autofree char *short_name = iss_server_dup_short_name (server);

  g_assert_cmpstr (iss_server_get_name (server), ==, "fe01.contoso.example");
  g_assert_cmpstr (short_name, ==, "fe01");
  g_assert_cmpint (iss_server_get_state (server), ==, ISS_SERVER_STATE_NEW);
  g_assert_false (iss_server_is_answering (server));
  g_assert_null (iss_server_get_error (server));
  g_assert_null (iss_server_get_observation (server));
  g_assert_cmpint (iss_server_get_seen_at (server), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&server));
}

static void
test_server_failing_keeps_what_was_seen (void)
{
  g_autoptr(IssServer) server = make_server ("local:///nowhere");
  g_autoptr(GError) first = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE, "First");
  g_autoptr(GError) second = g_error_new_literal (ISS_ERROR, ISS_ERROR_LOGIN, "Second");
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (folder, "fe01");
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, NULL);
  g_autoptr(IssObservation) seen = iss_observation_make (root, NULL, NOW - 1000, NULL);
  guint n_changed = 0;

  g_assert_nonnull (seen);

  g_signal_connect (server, "changed", G_CALLBACK (count_cb), &n_changed);
  iss_server_set_last_seen (server, seen, NOW - 1000, 0);
  iss_server_set_failed (server, first, NOW - 500);
  iss_server_set_failed (server, second, NOW);

  g_assert_cmpuint (n_changed, ==, 3);
  g_assert_cmpuint (iss_server_get_n_tries (server), ==, 2);
  g_assert_cmpint (iss_server_get_failing_since (server), ==, NOW - 500);
  g_assert_cmpint (iss_server_get_state (server), ==, ISS_SERVER_STATE_LOGIN);
  g_assert_error (iss_server_get_error (server), ISS_ERROR, ISS_ERROR_LOGIN);
  g_assert_true (iss_server_get_observation (server) == seen);
  g_assert_cmpint (iss_server_get_seen_at (server), ==, NOW - 1000);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError **error = user_data;

  g_assert_false (iss_server_look_finish (ISS_SERVER (object), result, error));
}

static void
test_server_that_cannot_be_opened (void)
{
  g_autoptr(IssServer) server = make_server ("local:///nowhere");
  g_autoptr(GError) one = NULL;
  g_autoptr(GError) other = NULL;

  /* Both wait for the same connection. */
  iss_server_look_async (server, NULL, NULL, looked_cb, &one);
  iss_server_look_async (server, NULL, NULL, looked_cb, &other);
  g_assert_cmpint (iss_server_get_state (server), ==, ISS_SERVER_STATE_CONNECTING);
  iss_wait_until (one != NULL && other != NULL);

  g_test_message ("%s", one->message);
  g_assert_nonnull (strstr (one->message, "fe01"));
  g_assert_cmpuint (iss_server_get_n_tries (server), ==, 1);
  g_assert_cmpint (iss_server_get_failing_since (server), ==, NOW);
  g_assert_false (iss_server_is_answering (server));
  g_assert_finalize_object (g_steal_pointer (&server));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/new", test_server_new);
  g_test_add_func ("/server/failing-keeps-what-was-seen", test_server_failing_keeps_what_was_seen);
  g_test_add_func ("/server/cannot-be-opened", test_server_that_cannot_be_opened);

  return g_test_run ();
}
