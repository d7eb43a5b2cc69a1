/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-assign.h"
#include "core/pool/server.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"
#include "core/formats/pfx-writer.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#include <string.h>

/* Also covers: server-call. */

#define NOW 1795000000

/* Every operation against a real agent, which has a folder of its own. */
typedef struct
{
  IssTempFolder  *folder;
  IssServer      *server;
  GBytes         *pfx;
  IssSecret      *password;
  IssCertificate *certificate;
  GAsyncResult   *result;
} Fixture;

static GBytes *
make_pfx (Fixture *fixture)
{
  static const char *const names[] = { "auth.contoso.example", NULL };
  g_autoptr(IssMaker) maker = iss_maker_new ("server-operations");
  g_autoptr(IssPrivateKey) ca_key = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) ca = NULL;
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);
  g_autoptr(GError) error = NULL;
  IssMakerSpec ca_spec = { .subject_cn = "Test CA", .not_before = NOW - 86400,
                           .not_after = NOW + 86400 * 3650, .rsa_bits = 2048, .is_ca = TRUE,
                           .key_label = "ca" };
  IssMakerSpec spec = { .subject_cn = "auth.contoso.example", .dns_names = names,
                        .not_before = NOW - 86400, .not_after = NOW + 86400 * 700,
                        .rsa_bits = 2048, .token_issuer = TRUE, .key_label = "auth" };
  GBytes *pfx;

  ca = iss_maker_make (maker, &ca_spec, NULL, NULL, &ca_key, &error);
  g_assert_no_error (error);
  fixture->certificate = iss_maker_make (maker, &spec, ca, ca_key, &key, &error);
  g_assert_no_error (error);

  iss_bundle_add_certificate (bundle, fixture->certificate, "Auth");
  iss_bundle_add_certificate (bundle, ca, NULL);
  iss_bundle_add_key (bundle, key);
  pfx = iss_pfx_writer_write_with (bundle, ISS_PFX_PROFILE_AES256_SHA256, TRUE, 2048,
                                   fixture->password, &error);
  g_assert_no_error (error);

  return pfx;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *agent = g_build_filename (g_getenv ("ISS_TEST_BUILD"),
                                             "app/agent/issuant-agent", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new (agent);
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  g_autoptr(IssConnectionAddress) address = NULL;
  g_autofree char *uri = NULL;

  fixture->folder = iss_temp_folder_new ();
  uri = g_strconcat ("local://", iss_temp_folder_get_path (fixture->folder), "/fe01", NULL);
  address = iss_connection_address_parse (uri, NULL);
  launch->at = NOW;
  fixture->server = iss_server_new ("fe01.contoso.example", address, launch, clock);
  fixture->password = iss_secret_new ("geheim", 6);
  fixture->pfx = make_pfx (fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_server_disconnect (fixture->server);
  g_clear_object (&fixture->result);

  /* A look that the agent's Changed began may still be on its way to fail. */
  iss_wait_until (G_OBJECT (fixture->server)->ref_count == 1);
  g_assert_finalize_object (fixture->server);
  g_bytes_unref (fixture->pfx);
  iss_secret_unref (fixture->password);
  g_object_unref (fixture->certificate);
  iss_temp_folder_free (fixture->folder);
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->result = g_object_ref (result);
}

static GAsyncResult *
wait_for_result (Fixture *fixture)
{
  iss_wait_until (fixture->result != NULL);

  return g_steal_pointer (&fixture->result);
}

static GPtrArray *
import (Fixture    *fixture,
        IssSecret  *password,
        GError    **error)
{
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL,
                               .origin = "manual" };
  g_autoptr(GAsyncResult) result = NULL;

  iss_server_import_async (fixture->server, fixture->pfx, password, &options, NULL, result_cb,
                           fixture);
  result = wait_for_result (fixture);

  return iss_server_import_finish (fixture->server, result, error);
}

static void
test_server_operations_import_to_assignment (Fixture       *fixture,
                                             gconstpointer  unused)
{
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificate);
  const char *types[] = { "OAuthTokenIssuer", NULL };
  const char *domains[] = { "contoso.example", NULL };
  GBytes *wanted[] = { sha256 };
  IssAssignRequest request = { .types = types, .sha256 = wanted, .sip_domains = domains };
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(IssRowTable) table = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  const IssObservedType *type;
  IssRow row;

  items = import (fixture, fixture->password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);

  g_ptr_array_add (asked, sha256);
  {
    g_autoptr(GAsyncResult) result = NULL;

    iss_server_judge_async (fixture->server, types[0], asked, domains, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    findings = iss_server_judge_finish (fixture->server, result, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (findings->len, ==, 1);
    g_assert_false (iss_suitability_refuses (g_ptr_array_index (findings, 0)));
  }
  {
    g_autoptr(GAsyncResult) result = NULL;

    g_autoptr(IssAgentCall) call = iss_agent_assign_call (&request);

    iss_server_call_async (fixture->server, call, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    outcome = iss_server_call_finish (fixture->server, result, &error);
    g_assert_no_error (error);
    g_assert_cmpstrv (outcome->changed, types);
    g_assert_true (outcome->published);
  }
  {
    g_autoptr(GAsyncResult) result = NULL;

    iss_server_list_rows_async (fixture->server, ISS_STORE_MY, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    table = iss_server_list_rows_finish (fixture->server, result, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 1);
    iss_row_table_get_row (table, 0, &row);
    g_assert_cmpstr (row.issued_to, ==, "auth.contoso.example");
    g_assert_cmpstr (row.assigned_to, ==, "OAuthTokenIssuer:current");
  }
  {
    g_autoptr(GAsyncResult) result = NULL;

    iss_server_get_certificate_async (fixture->server, "my", sha256, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    certificate = iss_server_get_certificate_finish (fixture->server, result, &properties, &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (iss_certificate_get_der (certificate),
                                  iss_certificate_get_der (fixture->certificate)));
  }
  {
    g_autoptr(GAsyncResult) result = NULL;

    iss_server_look_async (fixture->server, NULL, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    g_assert_true (iss_server_look_finish (fixture->server, result, &error));
    g_assert_no_error (error);
  }

  type = iss_observation_find_type (iss_server_get_observation (fixture->server), types[0]);
  g_assert_nonnull (type);
  g_assert_true (type->slots[ISS_SLOT_CURRENT].is_set);
  g_assert_cmpint (type->slots[ISS_SLOT_CURRENT].rung, ==, ISS_RUNG_PUBLISHED);
  g_assert_cmpint (iss_server_get_seen_at (fixture->server), ==, NOW);
  g_assert_true (iss_server_is_answering (fixture->server));

  {
    g_autoptr(GAsyncResult) result = NULL;
    const IssAssignRequest removal =
      { .kind = ISS_TRANSITION_REMOVE_CURRENT, .types = types, .force = TRUE };
    g_autoptr(IssAgentCall) call = iss_agent_assign_call (&removal);
    g_autoptr(IssChangeOutcome) removed = NULL;

    iss_server_call_async (fixture->server, call, NULL, result_cb, fixture);
    result = wait_for_result (fixture);
    removed = iss_server_call_finish (fixture->server, result, &error);
    g_assert_no_error (error);
    g_assert_cmpstrv (removed->changed, types);
  }
}

static void
test_server_operations_wrong_password (Fixture       *fixture,
                                       gconstpointer  unused)
{
  g_autoptr(IssSecret) wrong = iss_secret_new ("falsch", 6);
  g_autoptr(GError) error = NULL;

  g_assert_null (import (fixture, wrong, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD);
  g_assert_nonnull (strstr (error->message, "fe01"));
  g_assert_null (strstr (error->message, "falsch"));
  g_assert_true (iss_server_is_answering (fixture->server));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/server-operations/import-to-assignment", Fixture, NULL, set_up,
              test_server_operations_import_to_assignment, tear_down);
  g_test_add ("/server-operations/wrong-password", Fixture, NULL, set_up,
              test_server_operations_wrong_password, tear_down);

  return g_test_run ();
}
