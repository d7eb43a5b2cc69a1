/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/arming.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/core/replication/replica-fixture.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define HOUR 3600

static GBytes *
sign (IssReplicaFixture *fixture,
      const IssManifest *manifest)
{
  g_autoptr(GError) error = NULL;
  GBytes *statement = iss_arming_sign (manifest, fixture->admin, fixture->admin_key, NOW, &error);

  g_assert_no_error (error);
  return statement;
}

static gboolean
arm (IssReplicaFixture  *fixture,
     GBytes             *statement,
     gint64              now,
     GError            **error)
{
  return iss_deployment_arm (fixture->folder->root, statement, fixture->type, "alice", now, error);
}

static gboolean
is_held (IssReplicaFixture *fixture)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (fixture->folder->root, NULL);

  return iss_assignments_find (assignments, fixture->type)->held;
}

/* Armed, armed again, and armed after the roll: the same. */
static void
test_arm (IssReplicaFixture *fixture,
          gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest =
    iss_replica_fixture_new_manifest (fixture, 2, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(GBytes) statement = sign (fixture, manifest);
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  g_assert_true (is_held (fixture));
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (arm (fixture, statement, NOW + 1, &error));
      g_assert_no_error (error);
      g_assert_false (is_held (fixture));
    }
  iss_replica_fixture_expect (fixture, "global", fixture->one, NULL, fixture->two);

  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_true (iss_assignments_roll (assignments, fixture->type, NOW + HOUR, &error));
  g_assert_true (iss_assignments_save (assignments, fixture->folder->root, &error));
  g_assert_true (arm (fixture, statement, NOW + HOUR, &error));
  iss_replica_fixture_expect (fixture, "global", fixture->two, fixture->one, NULL);
}

static void
refuse (IssReplicaFixture *fixture,
        GBytes            *statement,
        const char        *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (arm (fixture, statement, NOW, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_true (is_held (fixture));
}

/* Another revision's, another certificate's, another pool's, one that nobody here believes. */
static void
test_refused (IssReplicaFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest =
    iss_replica_fixture_new_manifest (fixture, 2, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(IssManifest) older = iss_manifest_copy (manifest);
  g_autoptr(IssManifest) other = iss_manifest_copy (manifest);
  g_autoptr(IssManifest) elsewhere = iss_manifest_copy (manifest);
  g_autoptr(GBytes) good = sign (fixture, manifest);
  g_autoptr(GBytes) old_one = NULL;
  g_autoptr(GBytes) others = NULL;
  g_autoptr(GBytes) elsewheres = NULL;
  g_autoptr(GBytes) forged = NULL;
  const IssTransition cancel = { .kind = ISS_TRANSITION_CANCEL, .now = NOW };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;

  older->revision = 1;
  iss_manifest_set_slot (other, ISS_SLOT_STAGED, fixture->three, NULL);
  g_free (elsewhere->pool);
  elsewhere->pool = g_strdup ("pool02.contoso.example");
  old_one = sign (fixture, older);
  others = sign (fixture, other);
  elsewheres = sign (fixture, elsewhere);
  forged = iss_arming_sign (manifest, fixture->three, fixture->three_key, NOW, &error);
  g_assert_no_error (error);

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  refuse (fixture, old_one, "something else");
  refuse (fixture, others, "something else");
  refuse (fixture, elsewheres, "something else");
  refuse (fixture, forged, "not allowed to sign");

  /* Somebody cancelled the roll on this server: it is not armed behind his back. */
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_true (iss_assignments_change (assignments, fixture->type, &cancel));
  g_assert_true (iss_assignments_save (assignments, fixture->folder->root, NULL));
  g_assert_false (arm (fixture, good, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/arming/arm", IssReplicaFixture, NULL, iss_replica_fixture_set_up, test_arm,
              iss_replica_fixture_tear_down);
  g_test_add ("/arming/refused", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_refused, iss_replica_fixture_tear_down);

  return g_test_run ();
}
