/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against a real agent. Also covers: agent-look. */

#include "core/agent/agent-client.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"

static IssRowTable *
list (IssAgentFixture  *fixture,
      IssStoreName      store,
      GError          **error)
{
  g_clear_object (&fixture->result);
  iss_agent_client_list_rows_async (fixture->client, store, NULL, iss_agent_fixture_result_cb,
                                    fixture);
  return iss_agent_client_list_rows_finish (fixture->client, iss_agent_fixture_wait (fixture),
                                            error);
}

static void
test_all (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssCertificate) got = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", &certificate);
  g_autoptr(GBytes) nothing = g_bytes_new_take (g_malloc0 (32), 32);
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) judgements = NULL;
  g_autoptr(IssRowTable) empty = NULL;
  g_autoptr(IssRowTable) rows = NULL;
  g_autoptr(IssRowTable) system = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GError) error = NULL;
  const IssObservedCertificate *seen;
  guint32 intent = 0;
  IssRow row;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);

  empty = list (&fixture, ISS_STORE_MY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_row_table_get_n_rows (empty), ==, 0);

  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);

  rows = list (&fixture, ISS_STORE_MY, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_row_table_get_n_rows (rows), ==, 1);
  iss_row_table_get_row (rows, 0, &row);
  g_assert_cmpstr (row.issued_to, ==, "auth.contoso.example");
  g_assert_cmpint (row.intent, ==, ISS_INTENT_POOL);

  system = list (&fixture, ISS_STORE_AUTHROOT, &error);
  g_assert_no_error (error);

  g_ptr_array_add (asked, iss_certificate_get_sha256 (certificate));
  g_ptr_array_add (asked, nothing);
  observation = iss_agent_fixture_observe (&fixture, asked, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_observation_get_time (observation), ==, ISS_AGENT_FIXTURE_NOW);
  seen = iss_observation_find_certificate (observation, row.sha256);
  g_assert_nonnull (seen);
  g_assert_cmpint (seen->rung, >=, ISS_RUNG_KEY_MATCHES);
  g_assert_cmpint (seen->key_state, ==, ISS_KEY_STATE_FILE);
  seen = iss_observation_find_certificate (observation, g_bytes_get_data (nothing, NULL));
  g_assert_nonnull (seen);
  g_assert_cmpint (seen->rung, ==, ISS_RUNG_NONE);

  g_clear_object (&fixture.result);
  iss_agent_client_get_certificate_async (fixture.client, "", asked->pdata[0], NULL,
                                          iss_agent_fixture_result_cb, &fixture);
  got = iss_agent_client_get_certificate_finish (fixture.client,
                                                 iss_agent_fixture_wait (&fixture),
                                                 &properties, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_certificate_get_sha256_hex (got), ==,
                   iss_certificate_get_sha256_hex (certificate));
  g_assert_true (g_variant_lookup (properties, "intent", "u", &intent));
  g_assert_cmpuint (intent, ==, ISS_INTENT_POOL);

  g_clear_object (&fixture.result);
  iss_agent_client_get_certificate_async (fixture.client, "", nothing, NULL,
                                          iss_agent_fixture_result_cb, &fixture);
  g_assert_null (iss_agent_client_get_certificate_finish (fixture.client,
                                                          iss_agent_fixture_wait (&fixture),
                                                          NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_ptr_array_set_size (asked, 1);
  g_clear_object (&fixture.result);
  iss_agent_client_judge_async (fixture.client, "OAuthTokenIssuer", asked,
                                "fe01.contoso.example", NULL, NULL,
                                iss_agent_fixture_result_cb, &fixture);
  judgements = iss_agent_client_judge_finish (fixture.client, iss_agent_fixture_wait (&fixture),
                                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (judgements->len, ==, 1);

  g_clear_object (&fixture.result);
  iss_agent_client_judge_async (fixture.client, "NoSuchType", asked, NULL, NULL, NULL,
                                iss_agent_fixture_result_cb, &fixture);
  g_assert_null (iss_agent_client_judge_finish (fixture.client,
                                                iss_agent_fixture_wait (&fixture), &error));
  g_assert_nonnull (error);
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-client-look/all", test_all);

  return g_test_run ();
}
