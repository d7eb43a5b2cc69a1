/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/replication/replica-fixture.h"

#define NOW ISS_SERVER_FOLDER_NOW

static void
enroll (IssReplicaFixture *self)
{
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  replica = iss_replica_load (self->folder->root, &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_enroll (replica, &error));
  g_assert_no_error (error);

  g_ptr_array_add (certificates, self->admin);
  administrators = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, 1, certificates);
  message = iss_administrators_sign (administrators, self->admin, self->admin_key, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_pin (replica, message, &error));
  g_assert_no_error (error);
}

/**
 * iss_replica_fixture_set_up:
 * @self: a fixture
 * @unused: the test's data
 */
void
iss_replica_fixture_set_up (IssReplicaFixture *self,
                            gconstpointer      unused)
{
  self->folder = iss_server_folder_new ();
  self->type = iss_certificate_type_find ("OAuthTokenIssuer");
  self->admin = iss_server_folder_make (self->folder, "alice", NULL, &self->admin_key);
  self->one = iss_server_folder_make (self->folder, "one", "contoso.example", &self->one_key);
  self->two = iss_server_folder_make (self->folder, "two", "contoso.example", &self->two_key);
  self->three = iss_server_folder_make (self->folder, "three", "contoso.example",
                                        &self->three_key);
  enroll (self);
}

/**
 * iss_replica_fixture_tear_down:
 * @self: a fixture
 * @unused: the test's data
 */
void
iss_replica_fixture_tear_down (IssReplicaFixture *self,
                               gconstpointer      unused)
{
  g_object_unref (self->admin);
  g_object_unref (self->admin_key);
  g_object_unref (self->one);
  g_object_unref (self->one_key);
  g_object_unref (self->two);
  g_object_unref (self->two_key);
  g_object_unref (self->three);
  g_object_unref (self->three_key);
  iss_server_folder_free (self->folder);
}

/**
 * iss_replica_fixture_new_manifest:
 * @self: a fixture
 * @revision: its revision
 * @current: (nullable): one of the fixture's certificates
 * @previous: (nullable): another
 * @staged: (nullable): another
 * @staged_at: when that becomes current; 0 = none is staged
 *
 * Returns: (transfer full): a manifest for the fixture's server, held if something is staged
 */
IssManifest *
iss_replica_fixture_new_manifest (IssReplicaFixture *self,
                                  guint64            revision,
                                  IssCertificate    *current,
                                  IssCertificate    *previous,
                                  IssCertificate    *staged,
                                  gint64             staged_at)
{
  g_autoptr(GPtrArray) chain = g_ptr_array_new ();
  IssManifest *manifest =
    iss_manifest_new (ISS_REPLICA_FIXTURE_POOL,
                      iss_root_folder_get_server_id (self->folder->root), self->type, revision);

  g_ptr_array_add (chain, self->folder->issuing);
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, current, chain);
  iss_manifest_set_slot (manifest, ISS_SLOT_PREVIOUS, previous, chain);
  iss_manifest_set_slot (manifest, ISS_SLOT_STAGED, staged, chain);
  manifest->staged_at = staged_at;
  manifest->held = staged != NULL;

  return manifest;
}

static IssPrivateKey *
find_key (IssReplicaFixture *self,
          IssCertificate    *certificate)
{
  if (certificate == self->one)
    return self->one_key;

  return certificate == self->two ? self->two_key : self->three_key;
}

/**
 * iss_replica_fixture_compose:
 * @self: a fixture
 * @manifest: what is wanted
 * @recipient: (nullable): whom the keys are sealed to; the fixture's server
 *
 * Returns: (transfer full): the package, signed by the fixture's administrator
 */
GBytes *
iss_replica_fixture_compose (IssReplicaFixture *self,
                             IssManifest       *manifest,
                             IssCertificate    *recipient)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplica) replica = iss_replica_load (self->folder->root, &error);
  GBytes *sealed[ISS_N_SLOTS] = { NULL };
  GBytes *package;

  g_assert_no_error (error);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      if (!iss_manifest_needs_key (manifest, (IssSlot) i))
        continue;

      sealed[i] = iss_package_seal_key (find_key (self, manifest->slot[i]),
                                        recipient != NULL ? recipient
                                                          : iss_replica_get_certificate (replica),
                                        &error);
      g_assert_no_error (error);
    }

  package = iss_package_compose (manifest, sealed, self->admin, self->admin_key, NOW, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_clear_pointer (&sealed[i], g_bytes_unref);

  return package;
}

/**
 * iss_replica_fixture_deliver:
 * @self: a fixture
 * @manifest: what is wanted
 * @now: when
 *
 * Delivers the package and acts upon it.
 */
void
iss_replica_fixture_deliver (IssReplicaFixture *self,
                             IssManifest       *manifest,
                             gint64             now)
{
  g_autoptr(GBytes) package = iss_replica_fixture_compose (self, manifest, NULL);
  g_autoptr(GError) error = NULL;
  IssDelivery delivery;

  g_assert_true (iss_deployment_accept (self->folder->root, package, self->type, "alice", now,
                                        &delivery, &error));
  g_assert_no_error (error);
  g_assert_cmpint (delivery, ==, ISS_DELIVERY_ACCEPTED);
  g_assert_true (iss_deployment_run (self->folder->root, self->type, "alice", now, &error));
  g_assert_no_error (error);
}

/**
 * iss_replica_fixture_expect:
 * @self: a fixture
 * @scope: "global" or "local"
 * @current: (nullable): what the type must use
 * @previous: (nullable): the same
 * @staged: (nullable): the same
 */
void
iss_replica_fixture_expect (IssReplicaFixture *self,
                            const char        *scope,
                            IssCertificate    *current,
                            IssCertificate    *previous,
                            IssCertificate    *staged)
{
  g_autoptr(IssAssignments) assignments = iss_assignments_load (self->folder->root, NULL);
  const IssAssignment *assignment = iss_assignments_find (assignments, self->type);
  IssCertificate *expected[] = { current, previous, staged };

  if (current == NULL && previous == NULL && staged == NULL)
    {
      g_assert_null (assignment);
      return;
    }

  g_assert_nonnull (assignment);
  g_assert_cmpstr (assignment->scope, ==, scope);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_assert_cmpstr (assignment->slot[i], ==,
                     expected[i] != NULL ? iss_certificate_get_sha256_hex (expected[i]) : NULL);
}
