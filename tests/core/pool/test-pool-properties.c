/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-properties.h"

#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"

static const char *
get_text (IssJob *job)
{
  return iss_job_entry_get_text (iss_job_get_entry (job, 0));
}

static void
test_pool_properties_set (IssAgentsFixture *fixture,
                          gconstpointer     unused)
{
  const IssImportOptions options = { .automatic_store = TRUE, .origin = "manual" };
  const IssAgentPropertyChanges changes = { "Token issuer", NULL, ISS_INTENT_POOL, FALSE };
  const char *const missing[] = { "no-such-account", NULL };
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificate);
  g_autoptr(IssJob) import = NULL;
  g_autoptr(IssJob) tried = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssJob) again = NULL;
  g_autoptr(IssJob) look = NULL;
  g_autoptr(IssJob) refused = NULL;
  const IssKeyAccess *access;

  import = iss_pool_import_new (fixture->servers, fixture->pfx, fixture->password, &options);
  iss_agents_fixture_run (import);

  tried = iss_pool_properties_new (fixture->servers, sha256, &changes, FALSE, TRUE);
  iss_agents_fixture_run (tried);
  g_assert_cmpstr (get_text (tried), ==, "would change: friendly name and what it is meant for");

  job = iss_pool_properties_new (fixture->servers, sha256, &changes, FALSE, FALSE);
  iss_agents_fixture_run (job);
  g_assert_cmpstr (get_text (job), ==, "changed: friendly name and what it is meant for");

  again = iss_pool_properties_new (fixture->servers, sha256, &changes, FALSE, FALSE);
  iss_agents_fixture_run (again);
  g_assert_cmpstr (get_text (again), ==, "is so already");

  look = iss_pool_properties_new_access (fixture->servers, sha256, NULL, NULL, FALSE);
  iss_agents_fixture_run (look);
  g_assert_cmpstr (get_text (look), ==, "only the owner may read the key, by permissions");
  access = iss_pool_properties_get_access (look, fixture->servers->pdata[0]);
  g_assert_nonnull (access);
  g_assert_cmpuint (access->readers->len, ==, 1);

  refused = iss_pool_properties_new_access (fixture->servers, sha256, missing, NULL, FALSE);
  iss_agents_fixture_run (refused);
  g_assert_cmpuint (iss_job_get_n_in_state (refused, ISS_JOB_FAILED), ==, 1);
  g_assert_null (iss_pool_properties_get_access (refused, fixture->servers->pdata[0]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pool-properties/set", IssAgentsFixture, GUINT_TO_POINTER (1),
              iss_agents_fixture_set_up, test_pool_properties_set, iss_agents_fixture_tear_down);

  return g_test_run ();
}
