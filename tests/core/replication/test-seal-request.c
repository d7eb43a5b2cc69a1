/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/seal-request.h"

#include <string.h>

#include "core/agent/agent-replica.h"
#include "core/base/error.h"
#include "core/formats/seal.h"
#include "tests/core/replication/replica-fixture.h"
#include "tests/lib/agent-fixture.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define POOL ISS_REPLICA_FIXTURE_POOL

static GPtrArray *
ask (IssReplicaFixture  *fixture,
     GBytes             *request,
     GError            **error)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  const IssAgentContext context = { fixture->folder->root, "alice", NOW, NULL, NULL, program };
  g_autoptr(IssAgentCall) call = iss_agent_replica_new_seal_call (request);
  g_autoptr(GVariant) reply = NULL;

  reply = iss_agent_replica_run_seal (&context, iss_agent_call_get_parameters (call), NULL, error);
  if (reply == NULL)
    return NULL;

  g_variant_ref_sink (reply);
  return iss_agent_call_read (call, reply, error);
}

static GBytes *
sign (IssReplicaFixture *fixture,
      const char        *pool,
      const char        *server,
      IssCertificate    *certificate,
      IssCertificate    *recipient,
      gboolean           by_stranger)
{
  g_autoptr(GPtrArray) recipients = g_ptr_array_new ();
  g_autoptr(IssSealRequest) request = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *message;

  if (recipient != NULL)
    g_ptr_array_add (recipients, recipient);
  request = iss_seal_request_new (pool, server, iss_certificate_get_sha256 (certificate),
                                  recipients);
  message = iss_seal_request_sign (request, by_stranger ? fixture->three : fixture->admin,
                                   by_stranger ? fixture->three_key : fixture->admin_key, NOW,
                                   &error);
  g_assert_no_error (error);

  return message;
}

/* A key that may not be exported, for a server that was built anew. */
static void
test_sealed (IssReplicaFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(IssPrivateKey) new_key = NULL;
  g_autoptr(IssCertificate) new_server = iss_seal_make_recipient (&new_key, NULL);
  const char *server = iss_root_folder_get_server_id (fixture->folder->root);
  g_autoptr(GBytes) request = NULL;
  g_autoptr(GPtrArray) sealed = NULL;
  g_autoptr(IssSecret) pkcs8 = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) error = NULL;

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  request = sign (fixture, POOL, server, fixture->one, new_server, FALSE);
  sealed = ask (fixture, request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sealed->len, ==, 1);
  pkcs8 = iss_seal_open (sealed->pdata[0], new_server, new_key, &error);
  g_assert_no_error (error);
  key = iss_private_key_new_from_pkcs8 (pkcs8, &error);
  g_assert_true (iss_private_key_matches (key, fixture->one));
  audit = iss_temp_folder_read (fixture->folder->folder, "audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, iss_certificate_get_sha256_hex (new_server)));
}

static void
test_refused (IssReplicaFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  const char *server = iss_root_folder_get_server_id (fixture->folder->root);
  const struct
  {
    const char     *pool;
    const char     *server;
    IssCertificate *certificate;
    IssCertificate *recipient;
    gboolean        by_stranger;
    IssError        code;
  } cases[] =
  {
    { POOL, server, fixture->one, fixture->two, TRUE, ISS_ERROR_REFUSED },
    { "pool02", server, fixture->one, fixture->two, FALSE, ISS_ERROR_REFUSED },
    { POOL, "5e1f", fixture->one, fixture->two, FALSE, ISS_ERROR_REFUSED },
    { POOL, server, fixture->one, NULL, FALSE, ISS_ERROR_TOO_LARGE },
    { POOL, server, fixture->two, fixture->two, FALSE, ISS_ERROR_NOT_FOUND },
  };

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) request = sign (fixture, cases[i].pool, cases[i].server,
                                        cases[i].certificate, cases[i].recipient,
                                        cases[i].by_stranger);
      g_autoptr(GError) error = NULL;

      g_assert_null (ask (fixture, request, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }

  /* A package is no request. */
  {
    g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null (ask (fixture, package, &error));
    g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/seal-request/sealed", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_sealed, iss_replica_fixture_tear_down);
  g_test_add ("/seal-request/refused", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_refused, iss_replica_fixture_tear_down);

  return g_test_run ();
}
