/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/administration.h"

#include <string.h>

#include "core/base/error.h"
#include "core/replication/arming.h"
#include "core/replication/deployment.h"
#include "tests/core/central/central-fixture.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define POOL ISS_CENTRAL_FIXTURE_POOL
#define SERVER "fe01.contoso.example"

static const char *const servers[] = { SERVER, "fe02.contoso.example", NULL };

typedef struct
{
  IssCentralFixture  central;
  IssCertificate    *bob;
  IssPrivateKey     *bob_key;
  IssServerFolder   *server;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_central_fixture_set_up (&fixture->central, NULL);
  fixture->bob = iss_central_fixture_make (&fixture->central, "bob", &fixture->bob_key);
  fixture->server = iss_server_folder_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_unref (fixture->bob);
  g_object_unref (fixture->bob_key);
  iss_server_folder_free (fixture->server);
  iss_central_fixture_tear_down (&fixture->central, NULL);
}

static void
add_bob (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAdministrators) after = NULL;

  after = iss_administration_add (fixture->central.store, POOL, fixture->bob,
                                  fixture->central.alice, fixture->central.alice_key, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (after->version, ==, 2);
  g_assert_true (iss_administration_has (after, fixture->bob));
  g_assert_true (iss_administration_has (after, fixture->central.alice));
}

static IssAdministrators *
remove_alice (Fixture  *fixture,
              GError  **error)
{
  return iss_administration_remove (fixture->central.store, POOL, servers, fixture->central.alice,
                                    fixture->bob, fixture->bob_key, NOW, error);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  unused)
{
  IssCentralFixture *central = &fixture->central;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_administration_add (central->store, POOL, central->one, fixture->bob,
                                         fixture->bob_key, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  g_assert_null (iss_administration_add (central->store, POOL, central->alice, central->alice,
                                         central->alice_key, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_clear_error (&error);

  g_assert_null (iss_administration_remove (central->store, POOL, servers, fixture->bob,
                                            central->alice, central->alice_key, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_null (iss_administration_remove (central->store, POOL, servers, central->alice,
                                            central->alice, central->alice_key, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

/* What she has seen of a server stays known, and as of when she saw it. */
static void
test_removed (Fixture       *fixture,
              gconstpointer  unused)
{
  IssCentralFixture *central = &fixture->central;
  g_autoptr(IssEnrolment) seen = NULL;
  g_autoptr(IssEnrolment) after = NULL;
  g_autoptr(IssAdministrators) remaining = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  seen = iss_enrolment_new (POOL, SERVER, "id", central->one, "ssh://fe01", "SHA256:x", NOW - 60);
  message = iss_enrolment_sign (seen, central->alice, central->alice_key, &error);
  g_assert_true (iss_central_store_put_enrolment (central->store, POOL, SERVER, message, &error));
  add_bob (fixture);

  remaining = remove_alice (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (remaining->version, ==, 3);
  g_assert_cmpuint (remaining->certificates->len, ==, 1);
  g_assert_false (iss_administration_has (remaining, central->alice));

  after = iss_central_store_get_enrolment (central->store, POOL, SERVER, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->at, ==, NOW - 60);
  g_assert_cmpstr (after->host_key, ==, "SHA256:x");
}

/* Not before what she has decided is signed by somebody who stays. */
static void
test_needed (Fixture       *fixture,
             gconstpointer  unused)
{
  IssCentralFixture *central = &fixture->central;
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (central, 1, NOW + 60);
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_central_store_put_wanted (central->store, wanted, 0, &error));
  add_bob (fixture);
  g_assert_null (remove_alice (fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "signed anew"));

  administrators = iss_central_store_get_administrators (central->store, POOL, NULL, NULL);
  g_assert_true (iss_administration_needs (central->store, administrators, wanted,
                                           central->alice));
  g_assert_false (iss_administration_needs (central->store, administrators, wanted,
                                            fixture->bob));
}

static GBytes *
compose (Fixture        *fixture,
         IssReplica     *replica,
         IssCertificate *signer,
         IssPrivateKey  *signer_key)
{
  IssCentralFixture *central = &fixture->central;
  g_autoptr(IssManifest) manifest = NULL;
  GBytes *sealed[ISS_N_SLOTS] = { NULL };
  g_autoptr(GBytes) key = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *package;

  manifest = iss_manifest_new (POOL, iss_root_folder_get_server_id (fixture->server->root),
                               central->type, 1);
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, central->one, NULL);
  key = iss_package_seal_key (central->one_key, iss_replica_get_certificate (replica), &error);
  sealed[ISS_SLOT_CURRENT] = key;
  package = iss_package_compose (manifest, sealed, signer, signer_key, NOW, &error);
  g_assert_no_error (error);

  return package;
}

/* Revoked, her packages are refused by a server as soon as it has heard of it, and she cannot
 * make herself an administrator again. */
static void
test_revoked (Fixture       *fixture,
              gconstpointer  unused)
{
  IssCentralFixture *central = &fixture->central;
  IssRootFolder *root = fixture->server->root;
  g_autoptr(IssReplica) replica = iss_replica_load (root, NULL);
  g_autoptr(IssAdministrators) first = NULL;
  g_autoptr(IssAdministrators) remaining = NULL;
  g_autoptr(GBytes) both = NULL;
  g_autoptr(GBytes) only_bob = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) of_alice = NULL;
  g_autoptr(GBytes) of_bob = NULL;
  g_autoptr(GError) error = NULL;
  IssDelivery delivery;

  add_bob (fixture);
  first = iss_central_store_get_administrators (central->store, POOL, &both, &error);
  g_assert_true (iss_replica_enroll (replica, &error));
  g_assert_true (iss_replica_pin (replica, both, &error));
  remaining = remove_alice (fixture, &error);
  g_clear_pointer (&remaining, iss_administrators_free);
  remaining = iss_central_store_get_administrators (central->store, POOL, &only_bob, &error);
  g_assert_true (iss_replica_pin (replica, only_bob, &error));
  g_assert_no_error (error);

  of_alice = compose (fixture, replica, central->alice, central->alice_key);
  g_assert_false (iss_deployment_accept (root, of_alice, central->type, "x", NOW, &delivery,
                                         &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_test_message ("%s", error->message);
  g_clear_error (&error);

  first->version = 4;
  again = iss_administrators_sign (first, central->alice, central->alice_key, NOW, &error);
  g_assert_false (iss_replica_pin (replica, again, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  of_bob = compose (fixture, replica, fixture->bob, fixture->bob_key);
  g_assert_true (iss_deployment_accept (root, of_bob, central->type, "x", NOW, &delivery, &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/administration/refused", test_refused);
  ADD ("/administration/removed", test_removed);
  ADD ("/administration/needed", test_needed);
  ADD ("/administration/revoked", test_revoked);
#undef ADD

  return g_test_run ();
}
