/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: server-proof. */
#include "core/pool/pool-proof.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/pool/pool-assign.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"

#define TYPE "OAuthTokenIssuer"

static void
import (IssAgentsFixture *fixture)
{
  const IssImportOptions options = { .automatic_store = TRUE, .exportable = TRUE,
                                     .intent = ISS_INTENT_POOL };
  g_autoptr(IssJob) job = iss_pool_import_new (fixture->servers, fixture->pfx, fixture->password,
                                               &options);

  iss_agents_fixture_run (job);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, fixture->servers->len);
}

static void
assign (IssAgentsFixture *fixture)
{
  const char *const types[] = { TYPE, NULL };
  g_autoptr(IssJob) job = iss_pool_assign_new (fixture->pool, fixture->servers, types,
                                               iss_certificate_get_sha256 (fixture->certificate),
                                               TRUE, FALSE);

  iss_agents_fixture_run (job);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, fixture->servers->len);
}

/* Puts another file where the private key of a server is. */
static void
spoil_key (IssAgentsFixture *fixture,
           const char       *server,
           const char       *text)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (fixture->certificate);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  g_autofree char *name = g_strconcat (hex, ".pem", NULL);
  g_autofree char *path = g_build_filename (iss_temp_folder_get_path (fixture->folder), server,
                                            "keys", name, NULL);

  if (text == NULL)
    g_assert_no_errno (g_unlink (path));
  else
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static const IssServerProof *
get_proof (IssJob    *job,
           IssServer *server)
{
  GPtrArray *proofs = iss_pool_proof_get_proofs (job, server);

  g_assert_nonnull (proofs);
  g_assert_cmpuint (proofs->len, ==, 1);
  return proofs->pdata[0];
}

static void
test_pool_proof (IssAgentsFixture *fixture,
                 gconstpointer     unused)
{
  IssServer *good = fixture->servers->pdata[0];
  IssServer *bad = fixture->servers->pdata[1];
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificate);
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssJob) again = NULL;
  g_autofree char *outcome = NULL;
  const IssServerProof *proof;
  const IssWitnessed *seen;

  import (fixture);
  assign (fixture);
  spoil_key (fixture, "fe02", NULL);

  job = iss_pool_proof_new (fixture->servers, NULL, NULL);
  iss_agents_fixture_run (job);

  proof = get_proof (job, good);
  g_assert_cmpstr (proof->type, ==, TYPE);
  g_assert_cmpint (proof->slot, ==, ISS_SLOT_CURRENT);
  g_assert_cmpstr (proof->issued_to, ==, "auth.contoso.example");
  g_assert_cmpstr (proof->failure, ==, NULL);
  g_assert_cmpint (proof->at, ==, ISS_AGENTS_FIXTURE_NOW);
  outcome = iss_pool_proof_dup_outcome (proof, NULL);
  g_assert_cmpstr (outcome, ==, "proved 11:06:40 by this console");
  seen = iss_witness_get_proof (iss_server_get_witness (good), g_bytes_get_data (sha256, NULL));
  g_assert_null (seen->failure);

  proof = get_proof (job, bad);
  g_assert_cmpstr (proof->failure, ==, "The server does not have the private key");
  g_assert_cmpint (iss_job_entry_get_state (iss_job_get_entry (job, 1)), ==, ISS_JOB_FAILED);
  seen = iss_witness_get_proof (iss_server_get_witness (bad), g_bytes_get_data (sha256, NULL));
  g_assert_cmpstr (seen->failure, ==, proof->failure);

  /* By its thumbprint, assigned or not; the file there is none. */
  spoil_key (fixture, "fe02", "no key\n");
  again = iss_pool_proof_new (fixture->servers, NULL, sha256);
  iss_agents_fixture_run (again);
  proof = get_proof (again, good);
  g_assert_cmpstr (proof->type, ==, "");
  g_assert_null (proof->failure);
  g_assert_nonnull (strstr (get_proof (again, bad)->failure, "damaged"));
}

static void
test_pool_proof_nothing (IssAgentsFixture *fixture,
                         gconstpointer     unused)
{
  g_autoptr(IssJob) job = NULL;
  IssJobEntry *entry;

  iss_agents_fixture_add_dead (fixture, "fe02.contoso.example");
  job = iss_pool_proof_new (fixture->servers, TYPE, NULL);
  iss_agents_fixture_run (job);

  entry = iss_job_get_entry (job, 0);
  g_assert_cmpstr (iss_job_entry_get_text (entry), ==, "nothing is assigned, nothing to prove");
  g_assert_cmpuint (iss_pool_proof_get_proofs (job, fixture->servers->pdata[0])->len, ==, 0);

  entry = iss_job_get_entry (job, 1);
  g_assert_cmpint (iss_job_entry_get_state (entry), ==, ISS_JOB_FAILED);
  g_assert_null (iss_pool_proof_get_proofs (job, fixture->servers->pdata[1]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pool-proof/one-of-two", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_proof, iss_agents_fixture_tear_down);
  g_test_add ("/pool-proof/nothing", IssAgentsFixture, GUINT_TO_POINTER (1),
              iss_agents_fixture_set_up, test_pool_proof_nothing, iss_agents_fixture_tear_down);

  return g_test_run ();
}
