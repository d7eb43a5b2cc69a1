/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/replica.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "tests/core/replication/replica-fixture.h"

#define NOW ISS_SERVER_FOLDER_NOW

static void
test_enroll (IssReplicaFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssReplica) replica = iss_replica_load (folder->root, &error);
  g_autoptr(IssReplica) again = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autofree char *path = iss_temp_folder_dup_path (folder->folder, "replica/key.pem");
  struct stat info;

  g_assert_no_error (error);
  g_assert_null (iss_replica_get_certificate (replica));
  g_assert_null (iss_replica_get_administrators (replica));
  g_assert_cmpuint (iss_replica_get_n_accepted (replica), ==, 0);
  g_assert_null (iss_replica_load_key (replica, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (iss_replica_enroll (replica, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);

  again = iss_replica_load (folder->root, &error);
  g_assert_no_error (error);
  key = iss_replica_load_key (again, &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, iss_replica_get_certificate (replica)));

  /* Once more changes nothing. */
  g_assert_true (iss_replica_enroll (again, &error));
  g_assert_cmpstr (iss_certificate_get_sha256_hex (iss_replica_get_certificate (again)), ==,
                   iss_certificate_get_sha256_hex (iss_replica_get_certificate (replica)));
}

/* Cut off between the key and its certificate, a fresh pair is made. */
static void
test_half_enrolled (IssReplicaFixture *fixture,
                    gconstpointer      unused)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder->folder,
                                                    "replica/certificate.der");
  g_autoptr(IssReplica) replica = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;

  file = g_file_new_for_path (path);
  g_assert_true (g_file_delete (file, NULL, NULL));
  replica = iss_replica_load (fixture->folder->root, &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_enroll (replica, &error));
  key = iss_replica_load_key (replica, &error);
  g_assert_no_error (error);
}

static void
test_pin (IssReplicaFixture *fixture,
          gconstpointer      unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplica) replica = iss_replica_load (fixture->folder->root, &error);
  g_autoptr(IssReplica) again = NULL;
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) next = NULL;
  g_autoptr(IssAdministrators) old = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) refused = NULL;

  g_ptr_array_add (certificates, fixture->admin);
  g_ptr_array_add (certificates, fixture->one);
  next = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, 2, certificates);
  old = iss_administrators_new (ISS_REPLICA_FIXTURE_POOL, 1, certificates);
  message = iss_administrators_sign (next, fixture->admin, fixture->admin_key, NOW, &error);
  refused = iss_administrators_sign (old, fixture->admin, fixture->admin_key, NOW, &error);

  g_assert_true (iss_replica_pin (replica, message, &error));
  g_assert_true (iss_replica_pin (replica, message, &error));
  g_assert_no_error (error);
  g_assert_false (iss_replica_pin (replica, refused, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  again = iss_replica_load (fixture->folder->root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_replica_get_administrators (again)->version, ==, 2);
  g_assert_cmpuint (iss_replica_get_administrators (again)->certificates->len, ==, 2);
}

/* Whoever does not know what was accepted takes nothing. */
static void
test_damaged (IssReplicaFixture *fixture,
              gconstpointer      unused)
{
  static const char *const texts[] =
  {
    "", "nonsense", "[Default]\nrevision=x\npackage=00\nat=2027-06-30T00:00:00Z\n",
    "[Nonsense]\nrevision=1\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *path = iss_temp_folder_dup_path (fixture->folder->folder,
                                                        "replica/accepted.conf");

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (iss_replica_load (fixture->folder->root, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, "accepted.conf"));
    }
}

static void
test_accept (IssReplicaFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssManifest) manifest = iss_replica_fixture_new_manifest (fixture, 3, fixture->one,
                                                                      NULL, NULL, 0);
  g_autoptr(GBytes) bytes = iss_replica_fixture_compose (fixture, manifest, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplica) replica = iss_replica_load (fixture->folder->root, &error);
  g_autoptr(IssReplica) again = NULL;
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(IssPackage) loaded = NULL;
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder->folder,
                                                    "replica/OAuthTokenIssuer.package");
  const IssAccepted *accepted;

  package = iss_package_verify (bytes,
                                iss_replica_get_administrators (replica)->certificates, &error);
  g_assert_no_error (error);
  g_assert_true (iss_replica_accept (replica, package, NOW, &error));
  g_assert_no_error (error);

  again = iss_replica_load (fixture->folder->root, &error);
  g_assert_no_error (error);
  accepted = iss_replica_find_accepted (again, fixture->type);
  g_assert_cmpuint (accepted->revision, ==, 3);
  g_assert_cmpint (accepted->at, ==, NOW);
  g_assert_false (accepted->deployed);
  loaded = iss_replica_load_package (again, fixture->type, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (iss_package_get_bytes (loaded), bytes));

  g_assert_true (iss_replica_note_deployed (again, fixture->type, &error));
  g_assert_true (iss_replica_get_accepted (again, 0)->deployed);

  /* Somebody puts another one in its place. */
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_clear_object (&loaded);
  loaded = iss_replica_load_package (again, fixture->type, &error);
  g_assert_null (loaded);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
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
    { "/replica/enroll", test_enroll },
    { "/replica/half-enrolled", test_half_enrolled },
    { "/replica/pin", test_pin },
    { "/replica/damaged", test_damaged },
    { "/replica/accept", test_accept },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssReplicaFixture, NULL, iss_replica_fixture_set_up, tests[i].func,
                iss_replica_fixture_tear_down);

  return g_test_run ();
}
