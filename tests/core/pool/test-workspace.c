/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/workspace.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <string.h>

#define NOW 1795000000
#define NEXT "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define POOL "pool01.contoso.example"

typedef struct
{
  IssTempFolder *folder;
  char          *path;
  char          *cache;
  IssLaunch     *launch;
  IssClock      *clock;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = iss_temp_folder_new ();
  fixture->path = iss_temp_folder_dup_path (fixture->folder, "topology.conf");
  fixture->cache = iss_temp_folder_dup_path (fixture->folder, "seen");
  fixture->launch = iss_launch_new ("/nowhere/issuant-agent");
  fixture->clock = iss_clock_new_fixed (NOW);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_temp_folder_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->cache);
  iss_launch_free (fixture->launch);
  iss_clock_unref (fixture->clock);
}

static IssWorkspace *
open_workspace (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssWorkspace *workspace = iss_workspace_open (fixture->path, fixture->cache, fixture->launch,
                                                fixture->clock, &error);

  g_assert_no_error (error);

  return workspace;
}

static void
test_workspace_grows (Fixture       *fixture,
                      gconstpointer  unused)
{
  const char *domains[] = { "contoso.example", NULL };
  g_autoptr(IssWorkspace) workspace = open_workspace (fixture);
  g_autoptr(IssWorkspace) again = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  g_assert_cmpuint (iss_workspace_get_n_pools (workspace), ==, 0);
  g_assert_true (iss_workspace_set_pool (workspace, POOL, domains, &error));
  g_assert_true (iss_workspace_add_server (workspace, POOL, "fe01.contoso.example",
                                           "ssh://fe01", NULL, &error));
  g_assert_true (iss_workspace_add_server (workspace, POOL, "fe02.contoso.example",
                                           "ssh://fe02", "/opt/agent", &error));
  g_assert_no_error (error);
  g_assert_nonnull (iss_workspace_find_server (workspace, "fe02", &pool));
  g_assert_true (iss_workspace_set_agreed (workspace, pool, "OAuthTokenIssuer", SHA, TRUE,
                                           "alice", &error));
  g_assert_no_error (error);

  again = open_workspace (fixture);
  pool = iss_workspace_find_pool (again, "POOL01.contoso.example");
  g_assert_nonnull (pool);
  g_assert_cmpuint (iss_pool_get_n_servers (pool), ==, 2);
  g_assert_cmpstr (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->sha256_hex, ==, SHA);
  g_assert_cmpint (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->at, ==, NOW);

  /* The next one, and another one because that is compromised. */
  g_assert_true (iss_workspace_set_agreed (again, pool, "OAuthTokenIssuer", NEXT, TRUE, "alice",
                                           &error));
  g_assert_cmpstr (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->previous_sha256_hex, ==, SHA);
  g_assert_true (iss_workspace_set_agreed (again, pool, "OAuthTokenIssuer", SHA, FALSE, "alice",
                                           &error));
  g_assert_no_error (error);
  g_assert_cmpstr (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->sha256_hex, ==, SHA);
  g_assert_null (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->previous_sha256_hex);

  g_assert_true (iss_workspace_remove_server (again, "fe01.contoso.example", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_pool_get_n_servers (pool), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&again));
}

static void
test_workspace_two_consoles (Fixture       *fixture,
                             gconstpointer  unused)
{
  const char *domains[] = { "contoso.example", NULL };
  g_autoptr(IssWorkspace) one = open_workspace (fixture);
  g_autoptr(IssWorkspace) other = open_workspace (fixture);
  g_autoptr(IssWorkspace) again = NULL;
  g_autoptr(GError) error = NULL;

  /* Each change starts from what is on the disk: neither undoes the other's. */
  g_assert_true (iss_workspace_set_pool (one, "a.example", domains, &error));
  g_assert_true (iss_workspace_set_pool (other, "b.example", domains, &error));
  g_assert_no_error (error);

  again = open_workspace (fixture);
  g_assert_nonnull (iss_workspace_find_pool (again, "a.example"));
  g_assert_nonnull (iss_workspace_find_pool (again, "b.example"));
}

static void
test_workspace_remembers (Fixture       *fixture,
                          gconstpointer  unused)
{
  const char *domains[] = { "contoso.example", NULL };
  g_autoptr(IssWorkspace) workspace = open_workspace (fixture);
  g_autoptr(IssWorkspace) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) dead = g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE, "Dead");

  g_assert_true (iss_workspace_set_pool (workspace, POOL, domains, &error));
  g_assert_true (iss_workspace_add_server (workspace, POOL, "fe01", "ssh://fe01", NULL, &error));
  iss_server_set_failed (iss_workspace_find_server (workspace, "fe01", NULL), dead, NOW - 60);

  again = open_workspace (fixture);
  g_assert_cmpint (iss_server_get_failing_since (iss_workspace_find_server (again, "fe01", NULL)),
                   ==, NOW - 60);
}

static void
test_workspace_bad_file (Fixture       *fixture,
                         gconstpointer  unused)
{
  static const char text[] = "[pool p.example]\nsip-domains=contoso.example;\nnonsense\n";
  g_autofree char *path = iss_temp_folder_write (fixture->folder, "topology.conf", text, -1);
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_workspace_open (path, NULL, fixture->launch, fixture->clock, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "topology.conf, line 3"));
  after = iss_temp_folder_read (fixture->folder, "topology.conf", NULL);
  g_assert_cmpstr (after, ==, text);
}

static void
test_workspace_refusals_change_nothing (Fixture       *fixture,
                                        gconstpointer  unused)
{
  g_autoptr(IssWorkspace) workspace = open_workspace (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_false (iss_workspace_add_server (workspace, POOL, "fe01", "ssh://fe01", NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (iss_workspace_remove_server (workspace, "fe01", &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (iss_workspace_get_n_pools (workspace), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/workspace/grows", Fixture, NULL, set_up, test_workspace_grows, tear_down);
  g_test_add ("/workspace/two-consoles", Fixture, NULL, set_up, test_workspace_two_consoles,
              tear_down);
  g_test_add ("/workspace/remembers", Fixture, NULL, set_up, test_workspace_remembers, tear_down);
  g_test_add ("/workspace/bad-file", Fixture, NULL, set_up, test_workspace_bad_file, tear_down);
  g_test_add ("/workspace/refusals-change-nothing", Fixture, NULL, set_up,
              test_workspace_refusals_change_nothing, tear_down);

  return g_test_run ();
}
