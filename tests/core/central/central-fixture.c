/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/central/central-fixture.h"

#include "core/replication/arming.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define YEAR (365 * 24 * 3600)

/**
 * iss_central_fixture_make:
 * @self: a fixture
 * @name: whom it is issued to; also decides the key
 * @out_key: (out) (transfer full): its private key
 *
 * Returns: (transfer full): a certificate
 */
IssCertificate *
iss_central_fixture_make (IssCentralFixture  *self,
                          const char         *name,
                          IssPrivateKey     **out_key)
{
  static const char *const dns_names[] = { "contoso.example", NULL };
  const IssMakerSpec spec = { name, dns_names, NOW - YEAR, NOW + YEAR, 2048, FALSE, TRUE, name };
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (self->maker, &spec, NULL, NULL, out_key, &error);

  g_assert_no_error (error);
  return certificate;
}

/**
 * iss_central_fixture_open:
 * @self: a fixture
 * @pins: the name of a folder for what its administrator believes
 *
 * Returns: (transfer full): the same store as another administrator sees it
 */
IssCentralStore *
iss_central_fixture_open (IssCentralFixture *self,
                          const char        *pins)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, pins);

  return iss_central_store_new (self->engine, path);
}

/**
 * iss_central_fixture_set_up:
 * @self: a fixture
 * @unused: the test's data
 */
void
iss_central_fixture_set_up (IssCentralFixture *self,
                            gconstpointer      unused)
{
  g_autofree char *path = NULL;
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  self->folder = iss_temp_folder_new ();
  self->maker = iss_maker_new ("central");
  path = iss_temp_folder_dup_path (self->folder, "central");
  self->engine = ISS_CENTRAL_ENGINE (iss_central_folder_new (path, &error));
  g_assert_no_error (error);
  self->store = iss_central_fixture_open (self, "alice");
  self->type = iss_certificate_type_find ("OAuthTokenIssuer");
  self->alice = iss_central_fixture_make (self, "alice", &self->alice_key);
  self->one = iss_central_fixture_make (self, "auth.contoso.example", &self->one_key);
  self->two = iss_central_fixture_make (self, "auth-2027.contoso.example", &self->two_key);

  g_ptr_array_add (certificates, self->alice);
  administrators = iss_administrators_new (ISS_CENTRAL_FIXTURE_POOL, 1, certificates);
  message = iss_administrators_sign (administrators, self->alice, self->alice_key, NOW, &error);
  g_assert_no_error (error);
  g_assert_true (iss_central_store_put_administrators (self->store, message, &error));
  g_assert_no_error (error);
}

/**
 * iss_central_fixture_tear_down:
 * @self: a fixture
 * @unused: the test's data
 */
void
iss_central_fixture_tear_down (IssCentralFixture *self,
                               gconstpointer      unused)
{
  g_object_unref (self->alice);
  g_object_unref (self->alice_key);
  g_object_unref (self->one);
  g_object_unref (self->one_key);
  g_object_unref (self->two);
  g_object_unref (self->two_key);
  g_object_unref (self->maker);
  g_assert_finalize_object (self->store);
  g_assert_finalize_object (self->engine);
  iss_temp_folder_free (self->folder);
}

/**
 * iss_central_fixture_new_wanted:
 * @self: a fixture
 * @revision: its revision
 * @staged_at: when two becomes current after one; 0 = it is not staged
 *
 * Returns: (transfer full): what alice wants, for no server yet
 */
IssWanted *
iss_central_fixture_new_wanted (IssCentralFixture *self,
                                guint64            revision,
                                gint64             staged_at)
{
  g_autoptr(IssManifest) manifest = iss_manifest_new (ISS_CENTRAL_FIXTURE_POOL, "", self->type,
                                                      revision);
  GBytes *const none[ISS_N_SLOTS] = { NULL };
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) arming = NULL;
  g_autoptr(IssPackage) copy = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (certificates, self->alice);
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, self->one, NULL);
  if (staged_at != 0)
    {
      iss_manifest_set_slot (manifest, ISS_SLOT_STAGED, self->two, NULL);
      manifest->staged_at = staged_at;
      manifest->held = TRUE;
      arming = iss_arming_sign (manifest, self->alice, self->alice_key, NOW, &error);
      g_assert_no_error (error);
    }

  bytes = iss_package_compose (manifest, none, self->alice, self->alice_key, NOW, &error);
  g_assert_no_error (error);
  copy = iss_package_verify (bytes, certificates, &error);
  g_assert_no_error (error);

  return iss_wanted_new (copy, arming, NULL);
}
