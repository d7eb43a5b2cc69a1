/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/last-seen.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#define NOW 1795000000

static IssServer *
make_server (const char *uri)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);

  return iss_server_new ("fe01.contoso.example", address, launch, clock);
}

static IssObservation *
make_observation (IssTempFolder *folder)
{
  g_autofree char *path = iss_temp_folder_dup_path (folder, "fe01");
  g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, NULL);
  IssObservation *observation = iss_observation_make (root, NULL, NOW - 1200, NULL);

  g_assert_nonnull (observation);

  return observation;
}

static void
test_last_seen_round_trip (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *folder = iss_temp_folder_dup_path (temp, "cache/seen");
  g_autoptr(IssServer) before = make_server ("ssh://fe01");
  g_autoptr(IssServer) after = make_server ("ssh://fe01");
  g_autoptr(IssServer) moved = make_server ("ssh://elsewhere");
  g_autoptr(IssObservation) seen = make_observation (temp);
  g_autoptr(GError) error = NULL;

  iss_server_set_last_seen (before, seen, NOW - 1199, NOW - 100);
  g_assert_true (iss_last_seen_save (folder, before, &error));
  g_assert_no_error (error);

  g_assert_true (iss_last_seen_load (folder, after, &error));
  g_assert_no_error (error);
  g_assert_cmpint (iss_server_get_seen_at (after), ==, NOW - 1199);
  g_assert_cmpint (iss_server_get_failing_since (after), ==, NOW - 100);
  g_assert_cmpint (iss_observation_get_time (iss_server_get_observation (after)), ==, NOW - 1200);
  g_assert_cmpint (iss_server_get_state (after), ==, ISS_SERVER_STATE_NEW);

  /* Another connection is another server until it has been looked at. */
  g_assert_false (iss_last_seen_load (folder, moved, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_null (iss_server_get_observation (moved));
}

static void
test_last_seen_damaged (void)
{
  static const char *const texts[] = { "", "x", "\1\0\0\0", "ssh://fe01 and so on and so on" };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = iss_temp_folder_write (folder, "fe01.contoso.example.seen",
                                                     texts[i], -1);
      g_autoptr(IssServer) server = make_server ("ssh://fe01");
      g_autoptr(GError) error = NULL;

      g_assert_false (iss_last_seen_load (iss_temp_folder_get_path (folder), server, &error));
      g_assert_nonnull (error);
      g_assert_null (iss_server_get_observation (server));
      g_assert_cmpint (iss_server_get_failing_since (server), ==, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/last-seen/round-trip", test_last_seen_round_trip);
  g_test_add_func ("/last-seen/damaged", test_last_seen_damaged);

  return g_test_run ();
}
