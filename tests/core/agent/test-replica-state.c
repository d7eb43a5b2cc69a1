/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/replica-state.h"

#include "core/assignment/consumer-file.h"
#include "core/base/error.h"
#include "tests/core/replication/replica-fixture.h"

#include <glib/gstdio.h>

#define NOW ISS_SERVER_FOLDER_NOW
#define HOUR 3600

/* Over the wire and back. */
static IssReplicaState *
make (IssReplicaFixture *fixture,
      gint64             now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicaState) state = iss_replica_state_make (fixture->folder->root, now, &error);
  g_autoptr(GVariant) variant = NULL;
  IssReplicaState *read;

  g_assert_no_error (error);
  variant = g_variant_ref_sink (iss_replica_state_to_variant (state));
  read = iss_replica_state_from_variant (variant, &error);
  g_assert_no_error (error);

  return read;
}

static void
test_ladder (IssReplicaFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest =
    iss_replica_fixture_new_manifest (fixture, 4, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(IssReplicaState) before = make (fixture, NOW);
  g_autoptr(IssReplicaState) after = NULL;
  const IssReplicaType *type;

  g_assert_nonnull (iss_replica_state_get_certificate (before));
  g_assert_cmpstr (iss_replica_state_get_pool (before), ==, ISS_REPLICA_FIXTURE_POOL);
  g_assert_cmpuint (iss_replica_state_get_version (before), ==, 1);
  g_assert_cmpuint (iss_replica_state_get_n_types (before), ==, 0);

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  after = make (fixture, NOW + 1);
  g_assert_cmpint (iss_replica_state_get_time (after), ==, NOW + 1);
  type = iss_replica_state_find_type (after, fixture->type);
  g_assert_cmpuint (type->revision, ==, 4);
  g_assert_true (type->deployed);
  g_assert_false (type->local);
  g_assert_true (type->held);
  g_assert_null (type->reason);
  g_assert_cmpint (type->staged_at, ==, NOW + HOUR);
  g_assert_cmpstr (type->slot[ISS_SLOT_STAGED], ==,
                   iss_certificate_get_sha256_hex (fixture->two));
  g_assert_cmpint (type->rung[ISS_SLOT_STAGED], ==, ISS_RUNG_PUBLISHED);
  g_assert_cmpint (type->rung[ISS_SLOT_PREVIOUS], ==, ISS_RUNG_NONE);
  g_assert_null (type->unreadable);
}

/* Whoever decides globally does not see the server's services otherwise. */
static void
test_unreadable (IssReplicaFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest =
    iss_replica_fixture_new_manifest (fixture, 4, fixture->one, NULL, fixture->two, NOW + HOUR);
  g_autoptr(IssReplicaState) state = NULL;
  g_autoptr(IssReplicaState) unknown = NULL;
  const char *path = iss_root_folder_get_path (fixture->folder->root);
  g_autofree char *folder = g_build_filename (path, "consumers", NULL);
  g_autofree char *file = g_build_filename (path, ISS_CONSUMER_FILE_OWN, NULL);

  g_assert_no_errno (g_mkdir (folder, 0755));
  g_assert_true (g_file_set_contents_full (file, "[rtc]\ntype=OAuthTokenIssuer\naccount=daemon\n"
                                           "unit=rtc.service\n", -1, G_FILE_SET_CONTENTS_NONE,
                                           0644, NULL));
  iss_replica_fixture_deliver (fixture, manifest, NOW);
  state = make (fixture, NOW + 1);
  g_assert_cmpstr (iss_replica_state_find_type (state, fixture->type)->unreadable, ==,
                   "rtc, whose account daemon cannot read the staged key (by permissions: the "
                   "key's own permissions do not let daemon read it; allow it with "
                   "set-key-access)");

  /* Which there are cannot be told: none is taken to be ready. */
  g_assert_true (g_file_set_contents_full (file, "[rtc]\nnonsense\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0644, NULL));
  unknown = make (fixture, NOW + 2);
  g_assert_true (g_str_has_prefix (iss_replica_state_find_type (unknown, fixture->type)->unreadable,
                                   "services that are not known ("));
}

/* Also when everything was taken out by hand. */
static void
test_local (IssReplicaFixture *fixture,
            gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 1, fixture->one,
                                                                      NULL, NULL, 0);
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .now = NOW };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(IssReplicaState) state = NULL;

  iss_replica_fixture_deliver (fixture, manifest, NOW);
  assignments = iss_assignments_load (fixture->folder->root, NULL);
  g_assert_true (iss_assignments_change (assignments, fixture->type, &removal));
  g_assert_true (iss_assignments_save (assignments, fixture->folder->root, NULL));
  state = make (fixture, NOW);
  g_assert_true (iss_replica_state_get_type_at (state, 0)->local);
}

static void
test_hostile (void)
{
  static const char *const texts[] =
  {
    "{'certificate': <b'x'>}",
    "{'types': <[{'type': <'Default'>, 'current': <'xyz'>}]>}",
    "{'types': <[{'type': <'Default'>, 'current-rung': <uint32 99>}]>}",
    "{'types': <[{'type': <'Default'>, 'package': <''>}]>}",
    "{'types': <[{'type': <'Default'>}, {'type': <'Default'>}]>}",
  };
  g_autoptr(GVariant) newer = NULL;
  g_autoptr(IssReplicaState) state = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GVariant) variant =
        g_variant_take_ref (g_variant_parse (G_VARIANT_TYPE_VARDICT, texts[i], NULL, NULL, NULL));
      g_autoptr(GError) refusal = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_null (iss_replica_state_from_variant (variant, &refusal));
      g_assert_error (refusal, ISS_ERROR, ISS_ERROR_MALFORMED);
    }

  newer = g_variant_take_ref (g_variant_parse (G_VARIANT_TYPE_VARDICT,
                                               "{'types': <[{'type': <'Later'>}]>, 'more': <1>}",
                                               NULL, NULL, NULL));
  state = iss_replica_state_from_variant (newer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_replica_state_get_n_types (state), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/replica-state/ladder", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_ladder, iss_replica_fixture_tear_down);
  g_test_add ("/replica-state/unreadable", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_unreadable, iss_replica_fixture_tear_down);
  g_test_add ("/replica-state/local", IssReplicaFixture, NULL, iss_replica_fixture_set_up,
              test_local, iss_replica_fixture_tear_down);
  g_test_add_func ("/replica-state/hostile", test_hostile);

  return g_test_run ();
}
