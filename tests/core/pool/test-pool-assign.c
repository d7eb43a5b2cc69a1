/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-assign.h"

#include "core/base/error.h"
#include "core/certificate/maker.h"
#include "core/formats/pfx-writer.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#define OAUTH "OAuthTokenIssuer"
#define NOBODY "Nothing on fe01.contoso.example will run this roll at its instant: start " \
               "issuant-agent.service"

static void
import_everywhere (IssAgentsFixture *fixture)
{
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL,
                               .origin = "manual" };
  g_autoptr(IssJob) job = iss_pool_import_new (fixture->servers, fixture->pfx, fixture->password,
                                               &options);

  iss_agents_fixture_run (job);
}

static IssJob *
assign (IssAgentsFixture *fixture,
        GPtrArray        *servers,
        const char       *type,
        gboolean          what_if)
{
  const char *const types[] = { type, NULL };
  IssJob *job = iss_pool_assign_new (fixture->pool, servers, types,
                                     iss_certificate_get_sha256 (fixture->certificate), TRUE,
                                     what_if);

  iss_agents_fixture_run (job);

  return job;
}

static gboolean
record (IssAgentsFixture *fixture,
        IssJob           *job)
{
  g_autoptr(GError) error = NULL;
  gboolean agreed = TRUE;

  g_assert_true (iss_pool_assign_record (fixture->workspace, fixture->pool, job, "alice", &agreed,
                                         &error));
  g_assert_no_error (error);

  return agreed;
}

static void
test_pool_assign_agreed (IssAgentsFixture *fixture,
                         gconstpointer     unused)
{
  g_autoptr(IssJob) what_if = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssJob) again = NULL;
  g_autoptr(IssJob) removal = NULL;
  const IssAgreed *agreed;

  import_everywhere (fixture);

  what_if = assign (fixture, fixture->servers, OAUTH, TRUE);
  g_assert_cmpuint (iss_job_get_n_in_state (what_if, ISS_JOB_DONE), ==, 2);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (what_if, 0)), ==,
                   "would be assigned");
  g_assert_false (record (fixture, what_if));
  g_assert_null (iss_pool_get_agreed (fixture->pool, OAUTH));

  job = assign (fixture, fixture->servers, OAUTH, FALSE);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 2);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 0)), ==, "assigned, published");
  g_assert_true (record (fixture, job));
  agreed = iss_pool_get_agreed (fixture->pool, OAUTH);
  g_assert_nonnull (agreed);
  g_assert_cmpstr (agreed->sha256_hex, ==, iss_certificate_get_sha256_hex (fixture->certificate));
  g_assert_cmpstr (agreed->by, ==, "alice");

  again = assign (fixture, fixture->servers, OAUTH, FALSE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (again, 1)), ==, "assigned already");

  removal = iss_pool_assign_new_remove (fixture->pool, fixture->servers, OAUTH, ISS_SLOT_CURRENT,
                                        TRUE, FALSE);
  iss_agents_fixture_run (removal);
  g_assert_cmpuint (iss_job_get_n_in_state (removal, ISS_JOB_DONE), ==, 2);
  g_assert_false (record (fixture, removal));
  g_assert_nonnull (iss_pool_get_agreed (fixture->pool, OAUTH));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  guint *n_looked = user_data;
  g_autoptr(GError) error = NULL;

  iss_server_look_finish (ISS_SERVER (object), result, &error);
  g_assert_no_error (error);
  (*n_looked)++;
}

/* Looks at every server, so that the pool knows what is staged. */
static void
look (IssAgentsFixture *fixture)
{
  guint n_looked = 0;

  for (guint i = 0; i < fixture->servers->len; i++)
    iss_server_look_async (fixture->servers->pdata[i], NULL, NULL, looked_cb, &n_looked);
  iss_wait_until (n_looked == fixture->servers->len);
}

/* Another certificate for the same use, as a PFX with the same password. */
static GBytes *
make_other (IssAgentsFixture *fixture,
            IssCertificate  **out_certificate)
{
  const char *const names[] = { "auth.contoso.example", NULL };
  const IssMakerSpec spec =
    {
      .subject_cn = "auth.contoso.example", .dns_names = names, .rsa_bits = 2048,
      .not_before = ISS_AGENTS_FIXTURE_NOW - 3600,
      .not_after = ISS_AGENTS_FIXTURE_NOW + 365 * 24 * 3600,
      .token_issuer = TRUE, .key_label = "other",
    };
  g_autoptr(IssMaker) maker = iss_maker_new (ISS_AGENTS_FIXTURE_SEED);
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_NONE);
  g_autoptr(IssPrivateKey) authority_key = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *pfx;

  authority_key = iss_maker_make_key (maker, "ca", 2048, &error);
  g_assert_no_error (error);
  *out_certificate = iss_maker_make (maker, &spec, fixture->authority, authority_key, &key,
                                     &error);
  g_assert_no_error (error);
  iss_bundle_add_certificate (bundle, *out_certificate, NULL);
  iss_bundle_add_key (bundle, key);
  pfx = iss_pfx_writer_write_with (bundle, ISS_PFX_PROFILE_AES256_SHA256, TRUE, 2048,
                                   fixture->password, &error);
  g_assert_no_error (error);

  return pfx;
}

static void
change (IssAgentsFixture *fixture,
        IssAssignRequest  request,
        const char       *text,
        gboolean          expect_agreed)
{
  const char *const types[] = { OAUTH, NULL };
  g_autoptr(IssJob) job = NULL;

  request.types = types;
  request.force = TRUE;
  job = iss_pool_assign_new_change (fixture->pool, fixture->servers, &request);
  iss_agents_fixture_run (job);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 0)), ==, text);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 2);
  g_assert_cmpint (record (fixture, job), ==, expect_agreed);
}

/* What is going to roll is recorded when nothing holds it any more, and only then. */
static void
test_pool_assign_roll (IssAgentsFixture *fixture,
                       gconstpointer     unused)
{
  const gint64 instant = ISS_AGENTS_FIXTURE_NOW + 48 * 3600;
  g_autoptr(IssCertificate) other = NULL;
  g_autoptr(GBytes) pfx = make_other (fixture, &other);
  GBytes *hash = iss_certificate_get_sha256 (other);
  const char *hex = iss_certificate_get_sha256_hex (other);
  g_autoptr(IssJob) job = NULL;
  g_autoptr(IssJob) import = NULL;
  const IssImportOptions options = { .automatic_store = TRUE, .exportable = TRUE };

  import_everywhere (fixture);
  job = assign (fixture, fixture->servers, OAUTH, FALSE);
  g_assert_true (record (fixture, job));
  import = iss_pool_import_new (fixture->servers, pfx, fixture->password, &options);
  iss_agents_fixture_run (import);
  g_assert_cmpuint (iss_job_get_n_in_state (import, ISS_JOB_DONE), ==, 2);

  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_STAGE, .sha256 = &hash,
                                        .instant = instant, .held = TRUE },
          "staged, published. " NOBODY, FALSE);
  g_assert_null (iss_pool_get_agreed (fixture->pool, OAUTH)->next_sha256_hex);

  look (fixture);
  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_ARM }, "armed, published. " NOBODY,
          FALSE);
  g_assert_cmpstr (iss_pool_get_agreed (fixture->pool, OAUTH)->next_sha256_hex, ==, hex);
  g_assert_cmpint (iss_pool_get_agreed (fixture->pool, OAUTH)->next_at, ==, instant);

  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_POSTPONE,
                                        .instant = instant + 3600 },
          "postponed, published. " NOBODY, FALSE);
  g_assert_cmpint (iss_pool_get_agreed (fixture->pool, OAUTH)->next_at, ==, instant + 3600);

  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_CANCEL }, "cancelled", FALSE);
  g_assert_null (iss_pool_get_agreed (fixture->pool, OAUTH)->next_sha256_hex);

  /* At once, and back. */
  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_SET, .sha256 = &hash },
          "assigned, published", TRUE);
  g_assert_cmpstr (iss_pool_get_agreed (fixture->pool, OAUTH)->sha256_hex, ==, hex);
  change (fixture, (IssAssignRequest) { .kind = ISS_TRANSITION_SWAP_BACK },
          "swapped back, published", TRUE);
  g_assert_cmpstr (iss_pool_get_agreed (fixture->pool, OAUTH)->sha256_hex, ==,
                   iss_certificate_get_sha256_hex (fixture->certificate));
}

/* What one server uses is not what the pool has agreed on, nor is what each has for itself. */
static void
test_pool_assign_not_agreed (IssAgentsFixture *fixture,
                             gconstpointer     unused)
{
  g_autoptr(GPtrArray) one = g_ptr_array_new ();
  g_autoptr(IssJob) on_one = NULL;
  g_autoptr(IssJob) per_server = NULL;

  import_everywhere (fixture);

  g_ptr_array_add (one, fixture->servers->pdata[0]);
  on_one = assign (fixture, one, OAUTH, FALSE);
  g_assert_cmpuint (iss_job_get_n_in_state (on_one, ISS_JOB_DONE), ==, 1);
  g_assert_false (record (fixture, on_one));
  g_assert_null (iss_pool_get_agreed (fixture->pool, OAUTH));

  per_server = assign (fixture, fixture->servers, "Default", FALSE);
  g_assert_false (record (fixture, per_server));
  g_assert_null (iss_pool_get_agreed (fixture->pool, "Default"));
}

/* A server that refuses has a say; one that cannot be reached has none. */
static void
test_pool_assign_refused (IssAgentsFixture *fixture,
                          gconstpointer     unused)
{
  g_autoptr(IssJob) job = assign (fixture, fixture->servers, OAUTH, FALSE);

  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_FAILED), ==, 2);
  g_assert_error (iss_job_entry_get_error (iss_job_get_entry (job, 0)), ISS_ERROR,
                  ISS_ERROR_REFUSED);
  g_assert_false (record (fixture, job));
  g_assert_null (iss_pool_get_agreed (fixture->pool, OAUTH));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pool-assign/agreed", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_assign_agreed, iss_agents_fixture_tear_down);
  g_test_add ("/pool-assign/roll", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_assign_roll, iss_agents_fixture_tear_down);
  g_test_add ("/pool-assign/not-agreed", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_assign_not_agreed,
              iss_agents_fixture_tear_down);
  g_test_add ("/pool-assign/refused", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_pool_assign_refused, iss_agents_fixture_tear_down);

  return g_test_run ();
}
