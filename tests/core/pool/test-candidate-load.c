/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/candidate.h"

#include "core/base/error.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#include <string.h>

#define OAUTH "OAuthTokenIssuer"

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static GPtrArray *
load (IssAgentsFixture  *fixture,
      const char        *type,
      GCancellable      *cancellable,
      GPtrArray        **out_silent,
      GError           **error)
{
  g_auto(GStrv) types = g_strsplit (type, ",", -1);
  g_autoptr(GAsyncResult) result = NULL;

  iss_candidate_load_async (fixture->pool, fixture->servers, (const char *const *) types,
                            cancellable, loaded_cb,
                            &result);
  iss_wait_until (result != NULL);

  return iss_candidate_load_finish (result, out_silent, error);
}

static void
import_on (IssAgentsFixture *fixture,
           GPtrArray        *servers)
{
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL,
                               .origin = "manual" };
  g_autoptr(IssJob) job = iss_pool_import_new (servers, fixture->pfx, fixture->password,
                                               &options);

  iss_agents_fixture_run (job);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, servers->len);
}

static void
test_candidate_load_everywhere (IssAgentsFixture *fixture,
                                gconstpointer     unused)
{
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) none_silent = NULL;
  g_autoptr(GPtrArray) candidates = NULL;
  g_autoptr(GPtrArray) silent = NULL;
  g_autoptr(GError) error = NULL;
  IssCandidate *candidate;

  none = load (fixture, OAUTH, NULL, &none_silent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (none_silent->len, ==, 0);

  import_on (fixture, fixture->servers);
  candidates = load (fixture, OAUTH, NULL, &silent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (silent->len, ==, 0);
  g_assert_cmpuint (candidates->len, ==, 1);

  candidate = candidates->pdata[0];
  g_assert_true (g_bytes_equal (iss_candidate_get_sha256 (candidate),
                                iss_certificate_get_sha256 (fixture->certificate)));
  g_assert_cmpstr (iss_candidate_get_issued_to (candidate), ==, "auth.contoso.example");
  g_assert_cmpstr (iss_candidate_get_issued_by (candidate), ==, "Test CA");
  g_assert_cmpuint (iss_candidate_get_n_on (candidate), ==, 2);
  g_assert_cmpuint (iss_candidate_get_n_servers (candidate), ==, 2);
  g_assert_true (iss_candidate_is_suitable (candidate));
  g_assert_cmpstr (iss_candidate_get_used_for (candidate), ==, "");
  g_assert_nonnull (iss_candidate_get_findings (candidate, "fe01.contoso.example"));
  g_assert_null (iss_candidate_get_findings (candidate, "fe09.contoso.example"));
}

static void
test_candidate_load_missing_on_one (IssAgentsFixture *fixture,
                                    gconstpointer     unused)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GPtrArray) candidates = NULL;
  g_autoptr(GError) error = NULL;
  IssCandidate *candidate;

  g_ptr_array_add (one, fixture->servers->pdata[0]);
  import_on (fixture, one);
  candidates = load (fixture, OAUTH, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (candidates->len, ==, 1);

  candidate = candidates->pdata[0];
  g_assert_cmpuint (iss_candidate_get_n_on (candidate), ==, 1);
  g_assert_cmpuint (iss_candidate_get_n_servers (candidate), ==, 2);
  g_assert_false (iss_candidate_is_suitable (candidate));
  g_assert_nonnull (strstr (iss_candidate_get_reason (candidate), "fe02"));
}

/* A server that does not answer is left out, and named. */
static void
test_candidate_load_silent (IssAgentsFixture *fixture,
                            gconstpointer     unused)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(GPtrArray) candidates = NULL;
  g_autoptr(GPtrArray) silent = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (one, fixture->servers->pdata[0]);
  import_on (fixture, one);
  iss_agents_fixture_add_dead (fixture, "fe02.contoso.example");
  candidates = load (fixture, OAUTH, NULL, &silent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (candidates->len, ==, 1);
  g_assert_cmpuint (iss_candidate_get_n_servers (candidates->pdata[0]), ==, 1);
  g_assert_true (iss_candidate_is_suitable (candidates->pdata[0]));
  g_assert_cmpuint (silent->len, ==, 1);
  g_assert_true (silent->pdata[0] == fixture->servers->pdata[1]);
}

static void
test_candidate_load_bad (IssAgentsFixture *fixture,
                         gconstpointer     unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) unknown = NULL;
  g_autoptr(GError) cancelled = NULL;
  GPtrArray *silent = NULL;

  g_assert_null (load (fixture, "NoSuchType", NULL, &silent, &unknown));
  g_assert_nonnull (unknown);
  g_assert_true (unknown->domain == ISS_ERROR);
  g_assert_null (silent);

  g_cancellable_cancel (cancellable);
  g_assert_null (load (fixture, OAUTH, cancellable, &silent, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (silent);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/candidate-load/everywhere", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_candidate_load_everywhere,
              iss_agents_fixture_tear_down);
  g_test_add ("/candidate-load/missing-on-one", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_candidate_load_missing_on_one,
              iss_agents_fixture_tear_down);
  g_test_add ("/candidate-load/silent", IssAgentsFixture, GUINT_TO_POINTER (1),
              iss_agents_fixture_set_up, test_candidate_load_silent,
              iss_agents_fixture_tear_down);
  g_test_add ("/candidate-load/bad", IssAgentsFixture, GUINT_TO_POINTER (1),
              iss_agents_fixture_set_up, test_candidate_load_bad, iss_agents_fixture_tear_down);

  return g_test_run ();
}
