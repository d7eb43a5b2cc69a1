/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-trash.h"

#include "core/base/error.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"

static void
import_everywhere (IssAgentsFixture *fixture)
{
  const IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_SERVER,
                                     .origin = "manual" };
  g_autoptr(IssJob) job = iss_pool_import_new (fixture->servers, fixture->pfx, fixture->password,
                                               &options);

  iss_agents_fixture_run (job);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, fixture->servers->len);
}

static IssJob *
delete (IssAgentsFixture *fixture,
        gboolean          what_if)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  IssJob *job;

  g_ptr_array_add (certificates, iss_certificate_get_sha256 (fixture->certificate));
  job = iss_pool_trash_delete_new (fixture->servers, ISS_STORE_MY, certificates, FALSE, what_if);
  iss_agents_fixture_run (job);
  return job;
}

static void
assert_in_trash (IssAgentsFixture *fixture,
                 guint             n)
{
  g_autoptr(IssJob) job = iss_pool_trash_list_new (fixture->servers);

  iss_agents_fixture_run (job);
  for (guint i = 0; i < fixture->servers->len; i++)
    {
      const IssAgentTrash *trash = iss_pool_trash_get_listed (job, fixture->servers->pdata[i]);

      g_assert_nonnull (trash);
      g_assert_cmpuint (trash->n_all, ==, n);
      g_assert_cmpuint (trash->entries->len, ==, n);
    }
}

static void
test_pool_trash_round_trip (IssAgentsFixture *fixture,
                            gconstpointer     unused)
{
  g_autoptr(GHashTable) entries = g_hash_table_new (NULL, NULL);
  g_autoptr(IssJob) rehearsal = NULL;
  g_autoptr(IssJob) deletion = NULL;
  g_autoptr(IssJob) restore = NULL;
  g_autoptr(IssJob) again = NULL;

  import_everywhere (fixture);

  rehearsal = delete (fixture, TRUE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (rehearsal, 0)), ==,
                   "would delete 1 certificate; it could be restored for 30 days");
  assert_in_trash (fixture, 0);

  deletion = delete (fixture, FALSE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (deletion, 0)), ==,
                   "deleted 1 certificate; it can be restored for 30 days");
  assert_in_trash (fixture, 1);

  for (guint i = 0; i < fixture->servers->len; i++)
    {
      const char *const *ids = iss_pool_trash_get_deleted (deletion, fixture->servers->pdata[i]);

      g_assert_nonnull (ids);
      g_hash_table_insert (entries, fixture->servers->pdata[i], (gpointer) ids);
    }

  restore = iss_pool_trash_restore_new (entries, FALSE);
  iss_agents_fixture_run (restore);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (restore, 0)), ==,
                   "restored 1 certificate to Personal");
  assert_in_trash (fixture, 0);

  again = iss_pool_trash_restore_new (entries, FALSE);
  iss_agents_fixture_run (again);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (again, 0)), ==,
                   "is in its store already");
}

/* One server that does not have it, or does not answer, stops no other. */
static void
test_pool_trash_partly (IssAgentsFixture *fixture,
                        gconstpointer     unused)
{
  g_autoptr(IssJob) job = NULL;

  import_everywhere (fixture);
  iss_agents_fixture_add_dead (fixture, "fe09");

  job = delete (fixture, FALSE);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 2);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_FAILED), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pool-trash/round-trip", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_trash_round_trip,
              iss_agents_fixture_tear_down);
  g_test_add ("/pool-trash/partly", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_trash_partly, iss_agents_fixture_tear_down);

  return g_test_run ();
}
