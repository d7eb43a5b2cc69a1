/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-proof.h"

#include <string.h>

#include "core/agent/agent-client.h"
#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/store/key-file.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define TYPE "OAuthTokenIssuer"

static IssProof *
ask (IssServerFolder  *folder,
     const char       *type,
     GBytes           *sha256,
     GBytes           *nonce,
     GError          **error)
{
  const IssAgentContext context = { folder->root, "alice", NOW, NULL, NULL, NULL };
  g_autoptr(IssAgentCall) call = iss_agent_proof_new_call (type, sha256, nonce);
  g_autoptr(GVariant) reply = iss_agent_proof_run (&context, iss_agent_call_get_parameters (call),
                                                   NULL, error);

  if (reply == NULL)
    return NULL;

  g_variant_ref_sink (reply);
  g_assert_cmpstr (g_variant_get_type_string (reply), ==, iss_agent_call_get_reply_type (call));
  return iss_agent_call_read (call, reply, error);
}

static void
assign (IssServerFolder *folder,
        const char      *type,
        IssCertificate  *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (folder->root, &error);

  g_assert_no_error (error);
  iss_assignments_set (assignments, iss_certificate_type_find (type),
                       iss_certificate_get_sha256_hex (certificate), NOW, NULL, &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, folder->root, &error);
  g_assert_no_error (error);
}

static void
expect_proved (IssServerFolder *folder,
               const char      *type,
               IssCertificate  *certificate)
{
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssProof) proof = ask (folder, type, sha256, nonce, &error);

  g_assert_no_error (error);
  iss_proof_verify (proof, iss_root_folder_get_server_id (folder->root), type, sha256, nonce, NOW,
                    NOW, &error);
  g_assert_no_error (error);
}

static void
expect_refused (IssServerFolder *folder,
                const char      *label,
                const char      *type,
                GBytes          *sha256,
                GBytes          *nonce,
                IssError         code)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  g_assert_null (ask (folder, type, sha256, nonce, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
}

/* Those in a slot of the type; those of Personal without one; and each by its own bytes. */
static void
test_agent_proof_which (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) old = iss_server_folder_hold (folder, "old", "contoso.example");
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autoptr(IssCertificate) idle = iss_server_folder_hold (folder, "idle", "contoso.example");
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) absent = iss_server_folder_make (folder, "none", "x.example", &key);
  g_autoptr(GError) error = NULL;

  assign (folder, TYPE, old);
  assign (folder, TYPE, held);

  expect_proved (folder, TYPE, held);
  expect_proved (folder, TYPE, old);
  expect_proved (folder, "", held);
  expect_proved (folder, "", idle);

  expect_refused (folder, "in no slot", TYPE, iss_certificate_get_sha256 (idle), nonce,
                  ISS_ERROR_REFUSED);
  expect_refused (folder, "in no slot of this type", "Default", iss_certificate_get_sha256 (held),
                  nonce, ISS_ERROR_REFUSED);
  expect_refused (folder, "no such type", "Nonsense", iss_certificate_get_sha256 (held), nonce,
                  ISS_ERROR_INVALID_ARGUMENT);
  expect_refused (folder, "not there", "", iss_certificate_get_sha256 (absent), nonce,
                  ISS_ERROR_NOT_FOUND);
  expect_refused (folder, "in another store", "", iss_certificate_get_sha256 (folder->authority),
                  nonce, ISS_ERROR_NOT_FOUND);

  g_assert_true (iss_key_file_remove (folder->root, iss_certificate_get_spki_sha256 (idle),
                                      &error));
  g_assert_no_error (error);
  expect_refused (folder, "no key", "", iss_certificate_get_sha256 (idle), nonce,
                  ISS_ERROR_NOT_FOUND);
}

/* Exactly 32 bytes: whatever a caller would like to have signed, it is refused. */
static void
test_agent_proof_nonce (void)
{
  static const char token[] = "eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJyb290IiwiZXhwIjo5OTk5OTk5OTk5fQ";
  const gsize sizes[] = { 0, 31, 33, sizeof token - 1 };
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autoptr(GBytes) large = g_bytes_new_take (g_malloc0 (1024 * 1024), 1024 * 1024);
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autoptr(GBytes) short_hash = g_bytes_new_static (token, 20);

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (token, sizes[i]);

      expect_refused (folder, token, "", iss_certificate_get_sha256 (held), bytes,
                      ISS_ERROR_INVALID_ARGUMENT);
    }

  expect_refused (folder, "a megabyte", "", iss_certificate_get_sha256 (held), large,
                  ISS_ERROR_INVALID_ARGUMENT);
  expect_refused (folder, "no SHA-256", "", short_hash, nonce, ISS_ERROR_INVALID_ARGUMENT);
}

static void
expect_unread (const char *label,
               GVariant   *reply)
{
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autoptr(IssAgentCall) call = iss_agent_proof_new_call ("", nonce, nonce);
  g_autoptr(GVariant) owned = g_variant_ref_sink (reply);
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  g_assert_null (iss_agent_call_read (call, owned, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static GVariant *
new_zeros (gsize size)
{
  g_autofree guint8 *zeros = g_malloc0 (size + 1);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, zeros, size, 1);
}

static void
test_agent_proof_hostile (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  GBytes *der = iss_certificate_get_der (folder->authority);
  GVariant *good = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, der, TRUE);

  g_variant_ref_sink (good);
  expect_unread ("no certificate", g_variant_new ("(@ay@ayx@ay)", new_zeros (9), new_zeros (32),
                                                  (gint64) NOW, new_zeros (256)));
  expect_unread ("a huge one", g_variant_new ("(@ay@ayx@ay)", new_zeros (2 * 1024 * 1024),
                                              new_zeros (32), (gint64) NOW, new_zeros (256)));
  expect_unread ("too few bytes", g_variant_new ("(@ay@ayx@ay)", good, new_zeros (31),
                                                 (gint64) NOW, new_zeros (256)));
  expect_unread ("a huge signature", g_variant_new ("(@ay@ayx@ay)", good, new_zeros (32),
                                                    (gint64) NOW, new_zeros (4097)));
  g_variant_unref (good);
}

/* Over a real connection, by who may only look. */
static void
test_agent_proof_viewer (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("proof", &certificate);
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssProof) proof = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);
  iss_agent_client_close (fixture.client);
  g_clear_object (&fixture.client);

  iss_agent_fixture_script (&fixture, "exec \"$AGENT\" \"$@\" --role viewer");
  iss_agent_fixture_open (&fixture);
  g_assert_cmpstr (iss_agent_client_get_role (fixture.client), ==, "viewer");

  call = iss_agent_proof_new_call ("", iss_certificate_get_sha256 (certificate), nonce);
  g_clear_object (&fixture.result);
  iss_agent_client_call_async (fixture.client, call, NULL, iss_agent_fixture_result_cb, &fixture);
  proof = iss_agent_client_call_finish (fixture.client, iss_agent_fixture_wait (&fixture), &error);
  g_assert_no_error (error);
  iss_proof_verify (proof, iss_agent_client_get_server_id (fixture.client), "",
                    iss_certificate_get_sha256 (certificate), nonce, ISS_AGENT_FIXTURE_NOW,
                    ISS_AGENT_FIXTURE_NOW, &error);
  g_assert_no_error (error);

  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-proof/which", test_agent_proof_which);
  g_test_add_func ("/agent-proof/nonce", test_agent_proof_nonce);
  g_test_add_func ("/agent-proof/hostile", test_agent_proof_hostile);
  g_test_add_func ("/agent-proof/viewer", test_agent_proof_viewer);

  return g_test_run ();
}
