/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/deployment.h"

#include <string.h>

#include "core/base/error.h"
#include "core/replication/arming.h"
#include "core/formats/seal.h"
#include "core/replication/ladder.h"
#include "core/replication/scheduler.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "tests/core/replication/hostile-package.h"
#include "tests/core/replication/replica-fixture.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define HOUR 3600

static guint
count_refused (IssReplicaFixture *fixture)
{
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder->folder, "audit.jsonl");
  g_autofree char *audit = NULL;
  g_auto(GStrv) parts = NULL;

  /* Nothing has happened yet. */
  if (!g_file_get_contents (path, &audit, NULL, NULL))
    return 0;

  parts = g_strsplit (audit, "refuse-package", -1);

  return g_strv_length (parts) - 1;
}

/* Each is in the record. */
static void
refuse (IssReplicaFixture *fixture,
        GBytes            *package,
        int                code,
        const char        *says)
{
  const guint before = count_refused (fixture);
  g_autoptr(GError) error = NULL;
  IssDelivery delivery;

  g_assert_false (iss_deployment_accept (fixture->folder->root, package, fixture->type, "alice",
                                         NOW, &delivery, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ISS_ERROR, code);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_cmpuint (count_refused (fixture), ==, before + 1);
}

/* From nothing to a certificate that the services see. */
static void
test_first (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(IssAssignments) assignments = NULL;
  g_auto(IssProperties) properties = { NULL };
  const char *hex = iss_certificate_get_sha256_hex (fixture->one);
  g_autofree char *audit = NULL;

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, NULL);

  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_cmpint (iss_ladder_climb (fixture->folder->root, assignments, fixture->type, hex,
                                     FALSE), ==, ISS_RUNG_PUBLISHED);
  g_assert_true (iss_properties_load (&properties, fixture->folder->root, hex, NULL));
  g_assert_cmpstr (properties.origin, ==, "global rev 1");
  g_assert_cmpint (properties.intent, ==, ISS_INTENT_POOL);
  g_assert_false (iss_key_file_is_exportable (fixture->folder->root,
                                              iss_certificate_get_spki_sha256 (fixture->one)));

  audit = iss_temp_folder_read (fixture->folder->folder, "audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "accept-package"));
  g_assert_nonnull (strstr (audit, "deploy-package"));
}

/* The same plan twice is once. */
static void
test_twice (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      IssDelivery delivery;

      g_assert_true (iss_deployment_accept (fixture->folder->root, package, fixture->type,
                                            "alice", NOW, &delivery, &error));
      g_assert_no_error (error);
      g_assert_cmpint (delivery, ==, i == 0 ? ISS_DELIVERY_ACCEPTED : ISS_DELIVERY_KNOWN);
      g_assert_true (iss_deployment_run (fixture->folder->root, fixture->type, "alice", NOW,
                                         &error));
      if (i == 0)
        before = iss_temp_folder_read (fixture->folder->folder, "assignments.conf", NULL);
    }

  after = iss_temp_folder_read (fixture->folder->folder, "assignments.conf", NULL);
  g_assert_cmpstr (before, ==, after);
}

/* By the administrator and for this server, but whoever is in between could change the key. */
static GBytes *
compose_cbc (IssReplicaFixture *fixture,
             IssManifest       *manifest)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplica) replica = iss_replica_load (fixture->folder->root, &error);
  g_autoptr(GBytes) sealed = iss_hostile_package_seal_cbc (fixture->two_key,
                                                           iss_replica_get_certificate (replica));
  GBytes *const keys[ISS_N_SLOTS] = { [ISS_SLOT_CURRENT] = sealed };
  GBytes *package = iss_package_compose (manifest, keys, fixture->admin, fixture->admin_key, NOW,
                                         &error);

  g_assert_no_error (error);

  return package;
}

/* Nothing changes, and the record says why. */
static void
test_attacks (IssReplicaFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 5, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(IssManifest) old = iss_replica_fixture_new_manifest (fixture, 4, fixture->two, NULL,
                                                                 NULL, 0);
  g_autoptr(IssManifest) same = iss_replica_fixture_new_manifest (fixture, 5, fixture->two, NULL,
                                                                  NULL, 0);
  g_autoptr(IssManifest) next = iss_replica_fixture_new_manifest (fixture, 6, fixture->two, NULL,
                                                                  NULL, 0);
  g_autoptr(IssManifest) elsewhere = iss_manifest_copy (next);
  g_autoptr(IssManifest) others = iss_manifest_copy (next);
  g_autoptr(IssManifest) other_type = iss_manifest_copy (next);
  g_autoptr(IssPrivateKey) stranger_key = NULL;
  g_autoptr(IssCertificate) stranger = iss_seal_make_recipient (&stranger_key, NULL);
  g_autoptr(GBytes) replayed = iss_replica_fixture_compose (fixture, old, NULL);
  g_autoptr(GBytes) second = iss_replica_fixture_compose (fixture, same, NULL);
  g_autoptr(GBytes) strangers = iss_replica_fixture_compose (fixture, next, stranger);
  g_autoptr(GBytes) good = iss_replica_fixture_compose (fixture, next, NULL);
  g_autoptr(GBytes) torn = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) / 2);
  g_autoptr(GBytes) by_two = iss_hostile_package_sign_again (good, fixture->three,
                                                             fixture->three_key);
  g_autoptr(GBytes) cbc = compose_cbc (fixture, next);
  g_autoptr(GBytes) for_pool = NULL;
  g_autoptr(GBytes) for_server = NULL;
  g_autoptr(GBytes) for_type = NULL;
  g_autoptr(GBytes) forged = NULL;

  g_free (elsewhere->pool);
  elsewhere->pool = g_strdup ("pool02.contoso.example");
  g_free (others->server);
  others->server = g_strdup ("5e1f");
  other_type->type = iss_certificate_type_find ("Default");
  for_pool = iss_replica_fixture_compose (fixture, elsewhere, NULL);
  for_server = iss_replica_fixture_compose (fixture, others, NULL);
  for_type = iss_replica_fixture_compose (fixture, other_type, NULL);

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  refuse (fixture, replayed, ISS_ERROR_REFUSED, "revision 5 was accepted before");
  refuse (fixture, second, ISS_ERROR_REFUSED, "revision 5 was accepted before");
  refuse (fixture, for_pool, ISS_ERROR_REFUSED, "another pool");
  refuse (fixture, for_server, ISS_ERROR_REFUSED, "another server");
  refuse (fixture, for_type, ISS_ERROR_REFUSED, "another certificate type");
  refuse (fixture, strangers, ISS_ERROR_REFUSED, "another recipient");
  refuse (fixture, torn, ISS_ERROR_MALFORMED, "");
  refuse (fixture, by_two, ISS_ERROR_MALFORMED, "not signed by exactly one signer");
  refuse (fixture, cbc, ISS_ERROR_UNSUPPORTED, "does not show tampering");

  /* Whoever is no administrator signs in vain, be he one of another pool. */
  {
    IssCertificate *admin = fixture->admin;
    IssPrivateKey *admin_key = fixture->admin_key;

    fixture->admin = fixture->three;
    fixture->admin_key = fixture->three_key;
    forged = iss_replica_fixture_compose (fixture, next, NULL);
    fixture->admin = admin;
    fixture->admin_key = admin_key;
  }
  refuse (fixture, forged, ISS_ERROR_REFUSED, "not allowed to sign");

  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, NULL);
  {
    g_autoptr(GError) error = NULL;
    IssDelivery delivery;

    g_assert_true (iss_deployment_accept (fixture->folder->root, good, fixture->type, "alice",
                                          NOW, &delivery, &error));
    g_assert_no_error (error);
  }
}

/* Who was an administrator, and is not any more, as far as the server has heard. */
static void
test_revoked (IssReplicaFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) next = NULL;
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (certificates, fixture->three);
  next = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, 2, certificates);
  message = iss_administrators_sign (next, fixture->admin, fixture->admin_key, NOW, &error);
  replica = iss_replica_load (fixture->folder->root, &error);
  g_assert_true (iss_replica_pin (replica, message, &error));
  g_assert_no_error (error);

  refuse (fixture, package, ISS_ERROR_REFUSED, "not allowed to sign");
}

/* Staged and held, it waits; delivered again after it was armed or has rolled, it stays so. */
static void
test_staged (IssReplicaFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssManifest) first = iss_replica_fixture_new_manifest (fixture, 1, fixture->one, NULL,
                                                                   NULL, 0);
  g_autoptr(IssManifest) staged =
    iss_replica_fixture_new_manifest (fixture, 2, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssManifest) hold =
    iss_replica_fixture_new_manifest (fixture, 3, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(GBytes) statement = NULL;
  const IssAssignment *assignment;
  g_autoptr(GError) error = NULL;

  iss_replica_fixture_deliver (fixture, first, NOW - HOUR);
  iss_replica_fixture_deliver (fixture, staged, NOW);
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, fixture->two);
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  assignment = iss_assignments_find (assignments, fixture->type);
  g_assert_true (assignment->held);
  g_assert_cmpint (assignment->staged_at, ==, NOW + HOUR);
  g_assert_cmpint (assignment->current_since, ==, NOW - HOUR);

  statement = iss_arming_sign (staged, fixture->admin, fixture->admin_key, NOW, &error);
  g_assert_true (iss_deployment_arm (fixture->folder->root, statement, fixture->type, "alice", NOW,
                                     &error));
  g_assert_no_error (error);
  g_assert_true (iss_deployment_run (fixture->folder->root, fixture->type, "alice", NOW, &error));
  g_clear_object (&assignments);
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_false (iss_assignments_find (assignments, fixture->type)->held);

  g_assert_true (iss_assignments_roll (assignments, fixture->type, NOW + HOUR, &error));
  g_assert_true (iss_assignments_save (assignments, fixture->folder->root, &error));
  iss_replica_fixture_expect (fixture, "global", fixture->two, fixture->one, NULL);
  g_assert_true (iss_deployment_run (fixture->folder->root, fixture->type, "alice",
                                     NOW + 2 * HOUR, &error));
  g_assert_no_error (error);
  iss_replica_fixture_expect (fixture, "global", fixture->two, fixture->one, NULL);

  /* A later decision holds it: this server goes back to where the others are. */
  iss_replica_fixture_deliver (fixture, hold, NOW + 2 * HOUR);
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, fixture->two);
  g_assert_false (iss_deployment_arm (fixture->folder->root, statement, fixture->type, "alice",
                                      NOW + 2 * HOUR, NULL));
}

/* One that was asleep when the others rolled is where they are, at once or when it is armed. */
static void
test_late (IssReplicaFixture *fixture,
           gconstpointer      unused)
{
  g_autoptr(IssManifest) held =
    iss_replica_fixture_new_manifest (fixture, 2, fixture->one, NULL, fixture->two, NOW - HOUR);
  g_autoptr(IssManifest) free_one =
    iss_replica_fixture_new_manifest (fixture, 3, fixture->two, fixture->one, fixture->three,
                                      NOW - 2);
  g_autoptr(IssAssignments) assignments = NULL;

  iss_replica_fixture_deliver (fixture, held, NOW);
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, fixture->two);

  /* Two rolls later, and every server rolls by itself. */
  free_one->held = FALSE;
  iss_replica_fixture_deliver (fixture, free_one, NOW);
  iss_replica_fixture_expect (fixture, "global", fixture->three, fixture->two, NULL);
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_cmpint (iss_assignments_find (assignments, fixture->type)->current_since, ==, NOW - 2);
}

/* A change by hand is drift, and the next revision ends it. */
static void
test_drift (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssManifest) first = iss_replica_fixture_new_manifest (fixture, 1, fixture->one, NULL,
                                                                   NULL, 0);
  g_autoptr(IssManifest) removed = iss_replica_fixture_new_manifest (fixture, 2, NULL, NULL, NULL,
                                                                     0);
  g_autoptr(IssCertificate) mine = iss_server_folder_hold (fixture->folder, "mine",
                                                           "contoso.example");
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;

  iss_replica_fixture_deliver (fixture, first, NOW);
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_true (iss_assignments_set (assignments, fixture->type,
                                      iss_certificate_get_sha256_hex (mine), NOW + 1, NULL,
                                      &error));
  g_assert_true (iss_assignments_save (assignments, fixture->folder->root, &error));
  iss_replica_fixture_expect (fixture, "local", mine, fixture->one, NULL);

  /* Acting upon it once more puts it right. */
  g_assert_true (iss_deployment_run (fixture->folder->root, fixture->type, "alice", NOW + 2,
                                     &error));
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, NULL);

  iss_replica_fixture_deliver (fixture, removed, NOW + 3);
  iss_replica_fixture_expect (fixture, "global", NULL, NULL, NULL);
}

/* A certificate that nobody there trusts does not come into use, and is tried again. */
static void
test_unsuitable (IssReplicaFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(GBytes) package = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssMaker) maker = iss_maker_new ("elsewhere");
  const IssMakerSpec spec = { "three", NULL, NOW - HOUR, NOW + HOUR, 2048, FALSE, TRUE, "three" };
  IssDelivery delivery;

  g_clear_object (&fixture->three);
  g_clear_object (&fixture->three_key);
  fixture->three = iss_maker_make (maker, &spec, fixture->admin, fixture->admin_key,
                                   &fixture->three_key, &error);
  g_assert_no_error (error);
  manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->three, NULL, NULL, 0);
  package = iss_replica_fixture_compose (fixture, manifest, NULL);

  g_assert_true (iss_deployment_accept (fixture->folder->root, package, fixture->type, "alice",
                                        NOW, &delivery, &error));
  g_assert_false (iss_deployment_run (fixture->folder->root, fixture->type, "alice", NOW, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  iss_replica_fixture_expect (fixture, "global", NULL, NULL, NULL);
}

/* What could not be done when the package came is a task of the server's until it is. */
static void
test_retry (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
  IssRootFolder *root = fixture->folder->root;
  const char *hex = iss_certificate_get_sha256_hex (fixture->one);
  IssSchedulerOutcome outcome;
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(GError) error = NULL;
  IssDelivery delivery;

  g_assert_true (iss_certificate_store_add (root, ISS_STORE_DISALLOWED, fixture->one, NULL,
                                            &error));
  g_assert_true (iss_deployment_accept (root, package, fixture->type, "alice", NOW, &delivery,
                                        &error));
  g_assert_false (iss_scheduler_run_deployment (root, fixture->type, "alice", NOW, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
  g_clear_error (&error);

  tasks = iss_scheduler_list (root, NOW, &error);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_assert_cmpint (iss_task_get_kind (tasks->pdata[0]), ==, ISS_TASK_DEPLOY);
  g_assert_cmpint (iss_task_get_state (tasks->pdata[0]), ==, ISS_TASK_STATE_FAILED);

  g_assert_true (iss_certificate_store_remove (root, ISS_STORE_DISALLOWED, hex, &error));
  g_assert_true (iss_scheduler_run_due (root, "issuant-agent", NOW + HOUR, 0, &outcome, &error));
  g_assert_cmpuint (outcome.n_done, ==, 1);
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, NULL);
  g_assert_true (iss_scheduler_run_deployment (root, fixture->type, "alice", NOW, &error));
}

static void
test_not_enrolled (IssReplicaFixture *fixture,
                   gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) package = iss_replica_fixture_compose (fixture, manifest, NULL);
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder->folder,
                                                    "replica/administrators.p7s");
  g_autoptr(GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_delete (file, NULL, NULL));
  refuse (fixture, package, ISS_ERROR_REFUSED, "not enrolled");
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *path;
    void (* func) (IssReplicaFixture *fixture,
                   gconstpointer      unused);
  } tests[] =
  {
    { "/deployment/first", test_first },
    { "/deployment/twice", test_twice },
    { "/deployment/attacks", test_attacks },
    { "/deployment/revoked", test_revoked },
    { "/deployment/staged", test_staged },
    { "/deployment/late", test_late },
    { "/deployment/drift", test_drift },
    { "/deployment/unsuitable", test_unsuitable },
    { "/deployment/retry", test_retry },
    { "/deployment/not-enrolled", test_not_enrolled },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssReplicaFixture, NULL, iss_replica_fixture_set_up, tests[i].func,
                iss_replica_fixture_tear_down);

  return g_test_run ();
}
