/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-replica.h"

#include <string.h>

#include "core/base/error.h"
#include "core/replication/proof.h"
#include "core/store/certificate-store.h"
#include "tests/core/replication/replica-fixture.h"
#include "tests/lib/agent-fixture.h"

#define NOW ISS_AGENT_FIXTURE_NOW

static gpointer
ask (IssAgentFixture  *agent,
     IssAgentCall     *call,
     GError          **error)
{
  g_autoptr(IssAgentCall) owned = call;

  g_clear_object (&agent->result);
  iss_agent_client_call_async (agent->client, owned, NULL, iss_agent_fixture_result_cb, agent);

  return iss_agent_client_call_finish (agent->client, iss_agent_fixture_wait (agent), error);
}

static GBytes *
sign_administrators (IssReplicaFixture *fixture,
                     guint64            version)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *message;

  g_ptr_array_add (certificates, fixture->admin);
  administrators = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, version, certificates);
  message = iss_administrators_sign (administrators, fixture->admin, fixture->admin_key, NOW,
                                     &error);
  g_assert_no_error (error);

  return message;
}

static IssCertificate *
enroll (IssAgentFixture *agent)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) nonce = iss_proof_new_nonce (&error);
  g_autoptr(IssProof) proof = ask (agent, iss_agent_replica_new_enroll_call (nonce), &error);
  IssCertificate *recipient;

  g_assert_no_error (error);
  recipient = iss_proof_get_certificate (proof);
  iss_proof_verify (proof, iss_agent_client_get_server_id (agent->client), "",
                    iss_certificate_get_sha256 (recipient), nonce, NOW, NOW, &error);
  g_assert_no_error (error);

  return g_object_ref (recipient);
}

static GBytes *
compose (IssReplicaFixture *fixture,
         IssAgentFixture   *agent,
         IssCertificate    *recipient,
         guint64            revision)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, revision,
                                                                      fixture->one, NULL, NULL,
                                                                      0);
  g_autoptr(GPtrArray) chain = g_ptr_array_new ();

  /* This server trusts nobody yet. */
  g_ptr_array_add (chain, fixture->folder->issuing);
  g_ptr_array_add (chain, fixture->folder->authority);
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, fixture->one, chain);
  g_free (manifest->server);
  manifest->server = g_strdup (iss_agent_client_get_server_id (agent->client));

  return iss_replica_fixture_compose (fixture, manifest, recipient);
}

/* Enrolled, told whom to believe, and served, by a real agent. */
static void
test_whole (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  IssAgentFixture agent = { 0 };
  g_autoptr(IssCertificate) recipient = NULL;
  g_autoptr(IssCertificate) again = NULL;
  g_autoptr(GBytes) administrators = sign_administrators (fixture, 1);
  g_autoptr(GBytes) package = NULL;
  g_autoptr(GBytes) old = NULL;
  g_autoptr(IssReplicaState) pinned = NULL;
  g_autoptr(IssReplicaState) served = NULL;
  g_autoptr(IssReplicaState) forced = NULL;
  g_autoptr(IssReplicaState) state = NULL;
  g_autoptr(GError) error = NULL;
  const IssReplicaType *type;

  iss_agent_fixture_set_up (&agent);
  iss_agent_fixture_open (&agent);

  recipient = enroll (&agent);
  again = enroll (&agent);
  g_assert_cmpstr (iss_certificate_get_sha256_hex (recipient), ==,
                   iss_certificate_get_sha256_hex (again));

  pinned = ask (&agent, iss_agent_replica_new_pin_call (administrators), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_replica_state_get_version (pinned), ==, 1);
  g_assert_true (g_bytes_equal (
    iss_certificate_get_sha256 (iss_replica_state_get_certificate (pinned)),
    iss_certificate_get_sha256 (recipient)));

  package = compose (fixture, &agent, recipient, 2);
  served = ask (&agent, iss_agent_replica_new_deliver_call ("OAuthTokenIssuer", package, FALSE),
                &error);
  g_assert_no_error (error);
  type = iss_replica_state_find_type (served, fixture->type);
  g_assert_cmpstr (type->reason, ==, NULL);
  g_assert_true (type->deployed);
  g_assert_cmpint (type->rung[ISS_SLOT_CURRENT], ==, ISS_RUNG_PUBLISHED);

  forced = ask (&agent, iss_agent_replica_new_deliver_call ("OAuthTokenIssuer", package, TRUE),
                &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_state_find_type (forced, fixture->type)->deployed);

  /* What is refused is told by name. */
  old = compose (fixture, &agent, recipient, 1);
  g_assert_null (ask (&agent, iss_agent_replica_new_deliver_call ("OAuthTokenIssuer", old, TRUE),
                      &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "revision 2 was accepted before"));
  g_clear_error (&error);

  state = ask (&agent, iss_agent_replica_new_get_call (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_replica_state_find_type (state, fixture->type)->revision, ==, 2);

  iss_agent_fixture_tear_down (&agent);
}

/* Accepted, but it does not suit: told as a state, with its reason. */
static void
test_fails (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  const IssAgentContext context = { fixture->folder->root, "alice", ISS_SERVER_FOLDER_NOW, NULL,
                                    NULL, program };
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
  g_autoptr(IssAgentCall) call = iss_agent_replica_new_deliver_call ("OAuthTokenIssuer", package,
                                                                     FALSE);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(IssReplicaState) state = NULL;
  g_autoptr(GError) error = NULL;
  const IssReplicaType *type;

  g_assert_true (iss_certificate_store_add (fixture->folder->root, ISS_STORE_DISALLOWED,
                                            fixture->one, NULL, &error));
  reply = iss_agent_replica_run_deliver (&context, iss_agent_call_get_parameters (call), NULL,
                                         &error);
  g_assert_no_error (error);
  g_variant_ref_sink (reply);
  state = iss_agent_call_read (call, reply, &error);
  g_assert_no_error (error);
  type = iss_replica_state_find_type (state, fixture->type);
  g_assert_cmpuint (type->revision, ==, 1);
  g_assert_false (type->deployed);
  g_test_message ("%s", type->reason);
  g_assert_nonnull (type->reason);
}

static void
test_wrong_use (IssReplicaFixture *fixture,
                gconstpointer      unused)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  const IssAgentContext context = { fixture->folder->root, "alice", ISS_SERVER_FOLDER_NOW, NULL,
                                    NULL, program };
  g_autoptr(GBytes) nothing = g_bytes_new_static ("x", 1);
  IssAgentCall *const calls[] =
  {
    iss_agent_replica_new_enroll_call (nothing),
    iss_agent_replica_new_pin_call (nothing),
    iss_agent_replica_new_deliver_call ("Nonsense", nothing, FALSE),
  };
  const IssAgentMethodFunc funcs[] =
  {
    iss_agent_replica_run_enroll, iss_agent_replica_run_pin, iss_agent_replica_run_deliver,
  };
  const IssError codes[] =
  {
    ISS_ERROR_INVALID_ARGUMENT, ISS_ERROR_MALFORMED, ISS_ERROR_INVALID_ARGUMENT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(IssAgentCall) call = calls[i];
      g_autoptr(GError) error = NULL;

      g_assert_null (funcs[i] (&context, iss_agent_call_get_parameters (call), NULL, &error));
      g_assert_error (error, ISS_ERROR, (int) codes[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-replica/whole", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_whole, iss_replica_fixture_tear_down);
  g_test_add ("/agent-replica/fails", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_fails, iss_replica_fixture_tear_down);
  g_test_add ("/agent-replica/wrong-use", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_wrong_use, iss_replica_fixture_tear_down);

  return g_test_run ();
}
