/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: token-proof. */
#include "core/agent/agent-key-uri.h"

#include <string.h>

#include "core/agent/agent-assign.h"
#include "core/agent/agent-client.h"
#include "core/agent/agent-copy.h"
#include "core/agent/agent-delete-key.h"
#include "core/agent/agent-export.h"
#include "core/agent/agent-proof.h"
#include "core/agent/observation.h"
#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/soft-token.h"

#define NOW ISS_AGENT_FIXTURE_NOW
#define URI ISS_SOFT_TOKEN_URI ";object=auth"
#define STORED ISS_SOFT_TOKEN_URI ";object=auth;type=private"
#define OAUTH "OAuthTokenIssuer"

/* A server with a token that holds the key of a certificate, and another one. */
typedef struct
{
  IssAgentFixture  agent;
  IssCertificate  *certificate;   /* in Personal, without its key */
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("auth", &self->certificate);
  g_autofree char *pem = iss_certificate_dup_pem (self->certificate);
  g_autoptr(GBytes) alone = g_bytes_new (pem, strlen (pem));
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (file, &size);
  g_autofree char *path = NULL;

  iss_agent_fixture_set_up (&self->agent);
  iss_soft_token_set_up (self->agent.temp);
  path = iss_temp_folder_write (self->agent.temp, "auth.key", data, (gssize) size);
  iss_openssl_tool_make_pair (self->agent.temp, "other");
  iss_soft_token_import (self->agent.temp, "auth.key", "auth", "01");
  iss_soft_token_import (self->agent.temp, "other.key", "other", "02");

  iss_agent_fixture_open (&self->agent);
  items = iss_agent_fixture_import (&self->agent, alone, NULL, FALSE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  g_object_unref (self->certificate);
  iss_agent_fixture_tear_down (&self->agent);
}

static gpointer
call (Fixture       *self,
      IssAgentCall  *taken,
      GError       **error)
{
  g_autoptr(IssAgentCall) owned = taken;

  g_clear_object (&self->agent.result);
  iss_agent_client_call_async (self->agent.client, owned, NULL, iss_agent_fixture_result_cb,
                               &self->agent);
  return iss_agent_client_call_finish (self->agent.client, iss_agent_fixture_wait (&self->agent),
                                       error);
}

static char *
set_uri (Fixture      *self,
         const char   *uri,
         const char   *pin,
         gboolean      what_if,
         GError      **error)
{
  g_autoptr(IssSecret) secret = pin != NULL ? iss_openssl_tool_secret (pin) : NULL;

  return call (self, iss_agent_key_uri_call (iss_certificate_get_sha256 (self->certificate), uri,
                                             secret, what_if), error);
}

static void
expect_refusal (Fixture     *self,
                const char  *uri,
                const char  *pin,
                int          code,
                const char  *says)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s, PIN %s", uri, pin != NULL ? pin : "none");
  g_assert_null (set_uri (self, uri, pin, FALSE, &error));
  g_assert_error (error, ISS_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
}

static IssKeyState
get_state (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRootFolder) root = iss_root_folder_open (self->agent.root, FALSE, &error);

  g_assert_no_error (error);
  return iss_key_file_get_state (root, iss_certificate_get_spki_sha256 (self->certificate));
}

static char *
read_file (Fixture    *self,
           const char *relative)
{
  g_autofree char *path = g_build_filename (self->agent.root, relative, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

/* Whether it stands in any file of the server. */
static gboolean
is_on_disk (Fixture    *self,
            const char *text)
{
  g_autofree char *line = g_strdup_printf ("grep -rq %s '%s'", text, self->agent.root);

  return iss_openssl_tool_try (self->agent.temp, line, NULL);
}

static void
assign (Fixture *self)
{
  g_autoptr(IssRootFolder) root = iss_root_folder_open (self->agent.root, FALSE, NULL);
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  const char *const types[] = { OAUTH, NULL };
  GBytes *const hashes[] = { iss_certificate_get_sha256 (self->certificate) };
  const IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_SET,
      .types = types,
      .sha256 = hashes,
      .server_name = "fe01.contoso.example",
      .force = TRUE,
    };

  iss_certificate_store_add (root, ISS_STORE_ROOT, self->certificate, NULL, &error);
  g_assert_no_error (error);

  outcome = call (self, iss_agent_assign_call (&request), &error);
  g_assert_no_error (error);
  g_assert_true (outcome->published);
}

/* What is looked at, exported, copied, proved and published once the key is in a token. */
static void
test_agent_key_uri_set (Fixture       *self,
                        gconstpointer  unused)
{
  g_autofree char *tried = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *audit = NULL;
  g_autofree char *published = NULL;
  g_autofree char *no_key = NULL;
  g_autoptr(GError) error = NULL;

  tried = set_uri (self, URI, "4321", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tried, ==, STORED);
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_NONE);

  stored = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stored, ==, STORED);
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_TOKEN);

  audit = read_file (self, "audit.jsonl");
  g_assert_nonnull (strstr (audit, "\"set-key-uri\""));
  g_assert_nonnull (strstr (audit, "\"uri\":\"" STORED "\""));
  g_assert_false (is_on_disk (self, ISS_SOFT_TOKEN_PIN "$"));

  assign (self);
  published = read_file (self, "live/" OAUTH "/privkey.uri");
  g_assert_cmpstr (published, ==, STORED "\n");
  no_key = read_file (self, "live/" OAUTH "/privkey.pem");
  g_assert_null (no_key);
}

/* What is in use is not forgotten; what is not in use is, and the token keeps its key. */
static void
test_agent_key_uri_forgotten (Fixture       *self,
                              gconstpointer  unused)
{
  g_autofree char *stored = NULL;
  g_autofree char *would = NULL;
  g_autofree char *none = NULL;
  g_autofree char *again = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) error = NULL;

  expect_refusal (self, "", NULL, ISS_ERROR_NOT_FOUND, "was not told of a token");

  stored = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, &error);
  g_assert_no_error (error);

  would = set_uri (self, "", NULL, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (would, ==, "");
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_TOKEN);
  g_assert_false (is_on_disk (self, "forget-key-uri"));

  none = set_uri (self, "", NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_NONE);
  audit = read_file (self, "audit.jsonl");
  g_assert_nonnull (strstr (audit, "\"forget-key-uri\""));

  again = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, &error);
  g_assert_no_error (error);
  assign (self);
  expect_refusal (self, "", NULL, ISS_ERROR_REFUSED,
                  "cannot be forgotten: it is in use for OAuth");
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_TOKEN);
}

/* Two certificates have the one key, as after a renewal with it: which of them is untied makes no
 * difference to the one that is assigned. */
static void
test_agent_key_uri_forgotten_shared (Fixture       *self,
                                     gconstpointer  unused)
{
  g_autoptr(IssRootFolder) root = iss_root_folder_open (self->agent.root, FALSE, NULL);
  g_autoptr(IssMaker) maker = iss_maker_new ("agent-fixture");
  const IssMakerSpec spec =
    {
      .subject_cn = "renewed.contoso.example", .not_before = NOW, .not_after = NOW + 1000000,
      .rsa_bits = 2048, .key_label = "auth",
    };
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) renewed = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
  g_autofree char *stored = NULL;
  g_autofree char *none = NULL;
  const char *const types[] = { OAUTH, NULL };
  const IssAssignRequest remove =
    {
      .kind = ISS_TRANSITION_REMOVE_CURRENT, .types = types, .server_name = "fe01",
      .force = TRUE,
    };
  g_autoptr(IssChangeOutcome) outcome = NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (iss_certificate_get_spki_sha256 (renewed),
                                iss_certificate_get_spki_sha256 (self->certificate)));
  iss_certificate_store_add (root, ISS_STORE_MY, renewed, NULL, &error);
  g_assert_no_error (error);
  stored = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, &error);
  g_assert_no_error (error);
  assign (self);

  for (guint what_if = 0; what_if < 2; what_if++)
    {
      g_assert_null (call (self, iss_agent_key_uri_call (iss_certificate_get_sha256 (renewed), "",
                                                         NULL, what_if != 0), &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
      g_assert_nonnull (strstr (error->message, "cannot be forgotten: it is in use for OAuth"));
      g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_TOKEN);
      g_clear_error (&error);
    }

  /* Unassigned, either unties both. */
  outcome = call (self, iss_agent_assign_call (&remove), &error);
  g_assert_no_error (error);
  none = call (self, iss_agent_key_uri_call (iss_certificate_get_sha256 (renewed), "", NULL, FALSE),
               &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_NONE);
}

/* A file that somebody damaged by hand can be got rid of. */
static void
test_agent_key_uri_forgotten_damaged (Fixture       *self,
                                      gconstpointer  unused)
{
  g_autofree char *stored = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, NULL);
  g_autofree char *none = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_strdup_printf ("sh -c 'for f in %s/keys/*.uri; do echo x >$f; done'",
                                           self->agent.root);

  iss_openssl_tool_run (self->agent.temp, line);
  none = set_uri (self, "", NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_NONE);
}

static void
test_agent_key_uri_kept (Fixture       *self,
                         gconstpointer  unused)
{
  GBytes *sha256 = iss_certificate_get_sha256 (self->certificate);
  const IssExportOptions options = { .format = ISS_EXPORT_PFX };
  g_autoptr(IssSecret) password = iss_openssl_tool_secret ("password");
  g_autoptr(IssPrivateKey) recipient_key = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&recipient_key, &error);
  g_autofree char *stored = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, &error);

  g_assert_no_error (error);

  g_assert_null (call (self, iss_agent_export_new_call (ISS_STORE_MY, sha256, &options, password),
                       &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_cmpstr (error->message, ==, "The private key cannot be exported: it is in a token");
  g_clear_error (&error);

  g_assert_null (call (self, iss_agent_copy_new_seal_call (ISS_STORE_MY, sha256, recipient, "fe02",
                                                           FALSE), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  g_assert_null (call (self, iss_agent_delete_key_new_call (sha256, FALSE), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_TOKEN);
}

/* TestProof asks nobody for a PIN. */
static void
test_agent_key_uri_proof (Fixture       *self,
                          gconstpointer  unused)
{
  GBytes *sha256 = iss_certificate_get_sha256 (self->certificate);
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (NULL);
  g_autofree char *file = iss_temp_folder_write (self->agent.temp, "pin", ISS_SOFT_TOKEN_PIN, -1);
  g_autofree char *own = g_strconcat (URI "?pin-source=file:", file, NULL);
  g_autofree char *without = set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, NULL);
  g_autofree char *with = NULL;
  g_autoptr(IssProof) none = NULL;
  g_autoptr(IssProof) proof = NULL;
  g_autoptr(GError) error = NULL;

  none = call (self, iss_agent_proof_new_call ("", sha256, nonce), &error);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "none is kept for it"));
  g_clear_error (&error);

  with = set_uri (self, own, NULL, FALSE, &error);
  g_assert_no_error (error);
  proof = call (self, iss_agent_proof_new_call ("", sha256, nonce), &error);
  g_assert_no_error (error);
  iss_proof_verify (proof, iss_agent_client_get_server_id (self->agent.client), "", sha256, nonce,
                    NOW, NOW, &error);
  g_assert_no_error (error);
}

static const IssTokenCheck *
look (Fixture         *self,
      IssObservation **observation,
      IssRung         *out_rung)
{
  GBytes *sha256 = iss_certificate_get_sha256 (self->certificate);
  const guint8 *data = g_bytes_get_data (sha256, NULL);
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  g_clear_object (observation);
  g_ptr_array_add (asked, sha256);
  *observation = iss_agent_fixture_observe (&self->agent, asked, &error);
  g_assert_no_error (error);
  *out_rung = iss_observation_find_certificate (*observation, data)->rung;

  return iss_observation_get_token (*observation, data);
}

/* "Key matches" is tried where the server has the PIN; where it has not, that is said. */
static void
test_agent_key_uri_observed (Fixture       *self,
                             gconstpointer  unused)
{
  g_autofree char *file = iss_temp_folder_write (self->agent.temp, "pin", ISS_SOFT_TOKEN_PIN, -1);
  g_autofree char *own = g_strconcat (URI "?pin-source=file:", file, NULL);
  g_autoptr(IssObservation) observation = NULL;
  const IssTokenCheck *check;
  IssRung rung;

  g_assert_null (look (self, &observation, &rung));
  g_assert_cmpint (rung, ==, ISS_RUNG_IN_STORE);

  g_free (set_uri (self, URI, ISS_SOFT_TOKEN_PIN, FALSE, NULL));
  check = look (self, &observation, &rung);
  g_assert_cmpint (check->trial, ==, ISS_TOKEN_TRIAL_NONE);
  g_assert_cmpint (check->proved, ==, NOW);
  g_assert_nonnull (strstr (check->reason, "wants a PIN"));
  g_assert_cmpint (rung, ==, ISS_RUNG_KEY_MATCHES);

  g_free (set_uri (self, own, NULL, FALSE, NULL));
  check = look (self, &observation, &rung);
  g_assert_cmpint (check->trial, ==, ISS_TOKEN_TRIAL_SIGNED);
  g_assert_cmpint (rung, ==, ISS_RUNG_KEY_MATCHES);

  /* The server's PIN is wrong: it is tried once, and nothing is known of the key. */
  g_assert_true (g_file_set_contents (file, "4321", -1, NULL));
  for (guint i = 0; i < 5; i++)
    {
      check = look (self, &observation, &rung);
      g_assert_cmpint (check->trial, ==, ISS_TOKEN_TRIAL_NONE);
      g_assert_nonnull (strstr (check->reason, i == 0 ? "tried once" : "does not try its own"));
      g_assert_cmpint (rung, ==, ISS_RUNG_KEY_MATCHES);
    }

  /* The token is pulled out. */
  iss_openssl_tool_run (self->agent.temp, "mv tokens elsewhere");
  iss_openssl_tool_run (self->agent.temp, "mkdir tokens");
  check = look (self, &observation, &rung);
  g_assert_cmpint (check->trial, ==, ISS_TOKEN_TRIAL_FAILED);
  g_assert_nonnull (strstr (check->reason, "no token"));
  g_assert_cmpint (rung, ==, ISS_RUNG_IN_STORE);
}

static void
test_agent_key_uri_refused (Fixture       *self,
                            gconstpointer  unused)
{
  expect_refusal (self, URI, NULL, ISS_ERROR_INVALID_ARGUMENT, "none is kept for it");
  expect_refusal (self, URI, "4321", ISS_ERROR_WRONG_PASSWORD, "tried once");
  expect_refusal (self, ISS_SOFT_TOKEN_URI ";object=other", ISS_SOFT_TOKEN_PIN, ISS_ERROR_REFUSED,
                  "not that of “auth.contoso.example”");
  expect_refusal (self, ISS_SOFT_TOKEN_URI ";object=none", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                  "no private key “none”");
  expect_refusal (self, "pkcs11:token=gone;object=auth", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                  "no token");
  expect_refusal (self, URI "?module-name=none", ISS_SOFT_TOKEN_PIN, ISS_ERROR_NOT_FOUND,
                  "Registered are");
  expect_refusal (self, URI "?pin-value=1234", NULL, ISS_ERROR_REFUSED, "pin-value");
  expect_refusal (self, "file:/etc/key.pem", NULL, ISS_ERROR_INVALID_ARGUMENT, "pkcs11:");
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_NONE);
}

/* A key that is in a file would go on being used. */
static void
test_agent_key_uri_file (Fixture       *self,
                         gconstpointer  unused)
{
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("auth", NULL);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError) error = NULL;

  items = iss_agent_fixture_import (&self->agent, file, NULL, FALSE, &error);
  g_assert_no_error (error);
  expect_refusal (self, URI, ISS_SOFT_TOKEN_PIN, ISS_ERROR_EXISTS, "in a file");
  g_assert_cmpint (get_state (self), ==, ISS_KEY_STATE_FILE);
}

/* A viewer does not use up the token's tries. */
static void
test_agent_key_uri_viewer (Fixture       *self,
                           gconstpointer  unused)
{
  g_autofree char *would = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_client_close (self->agent.client);
  g_clear_object (&self->agent.client);
  iss_agent_fixture_script (&self->agent, "exec \"$AGENT\" \"$@\" --role=viewer");
  iss_agent_fixture_open (&self->agent);

  expect_refusal (self, URI, ISS_SOFT_TOKEN_PIN, ISS_ERROR_PERMISSION, "may look");
  expect_refusal (self, "", NULL, ISS_ERROR_PERMISSION, "may look");
  would = set_uri (self, URI, "4321", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (would, ==, STORED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-key-uri/set", Fixture, NULL, set_up, test_agent_key_uri_set, tear_down);
  g_test_add ("/agent-key-uri/forgotten", Fixture, NULL, set_up, test_agent_key_uri_forgotten,
              tear_down);
  g_test_add ("/agent-key-uri/forgotten-shared", Fixture, NULL, set_up,
              test_agent_key_uri_forgotten_shared, tear_down);
  g_test_add ("/agent-key-uri/forgotten-damaged", Fixture, NULL, set_up,
              test_agent_key_uri_forgotten_damaged, tear_down);
  g_test_add ("/agent-key-uri/kept", Fixture, NULL, set_up, test_agent_key_uri_kept, tear_down);
  g_test_add ("/agent-key-uri/proof", Fixture, NULL, set_up, test_agent_key_uri_proof, tear_down);
  g_test_add ("/agent-key-uri/observed", Fixture, NULL, set_up, test_agent_key_uri_observed,
              tear_down);
  g_test_add ("/agent-key-uri/refused", Fixture, NULL, set_up, test_agent_key_uri_refused,
              tear_down);
  g_test_add ("/agent-key-uri/file", Fixture, NULL, set_up, test_agent_key_uri_file, tear_down);
  g_test_add ("/agent-key-uri/viewer", Fixture, NULL, set_up, test_agent_key_uri_viewer,
              tear_down);

  return g_test_run ();
}
