/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: pin-folder. */
#include "core/central/central-store.h"

#include "core/base/error.h"
#include "core/formats/seal.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define POOL ISS_CENTRAL_FIXTURE_POOL
#define SERVER "fe01.contoso.example"

/* Two administrators, one decision. */
static void
test_wanted (IssCentralFixture *fixture,
             gconstpointer      unused)
{
  g_autoptr(IssWanted) first = iss_central_fixture_new_wanted (fixture, 1, 0);
  g_autoptr(IssWanted) second = iss_central_fixture_new_wanted (fixture, 2, NOW + 60);
  g_autoptr(IssWanted) others = iss_central_fixture_new_wanted (fixture, 2, NOW + 99);
  g_autoptr(IssWanted) read = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;
  guint64 seen = 99;

  g_assert_null (iss_central_store_get_wanted (fixture->store, POOL, fixture->type, &seen,
                                               &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_cmpuint (seen, ==, 0);
  g_clear_error (&error);

  g_assert_true (iss_central_store_put_wanted (fixture->store, first, 0, &error));
  read = iss_central_store_get_wanted (fixture->store, POOL, fixture->type, &seen, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_wanted_get_manifest (read)->revision, ==, 1);

  g_assert_true (iss_central_store_put_wanted (fixture->store, second, seen, &error));
  g_assert_false (iss_central_store_put_wanted (fixture->store, others, seen, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_clear_error (&error);

  all = iss_central_store_list_wanted (fixture->store, POOL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpint (iss_wanted_get_manifest (all->pdata[0])->staged_at, ==, NOW + 60);
}

static GBytes *
sign_set (IssCentralFixture *fixture,
          guint64            version,
          IssCertificate    *one,
          IssCertificate    *other,
          IssCertificate    *signer,
          IssPrivateKey     *signer_key)
{
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr(IssAdministrators) set = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *message;

  g_ptr_array_add (certificates, one);
  if (other != NULL)
    g_ptr_array_add (certificates, other);
  set = iss_administrators_new (POOL, version, certificates);
  message = iss_administrators_sign (set, signer, signer_key, NOW, &error);
  g_assert_no_error (error);

  return message;
}

/* The store is not believed: what it says must follow from what was pinned. */
static void
test_administrators (IssCentralFixture *fixture,
                     gconstpointer      unused)
{
  g_autoptr(IssPrivateKey) mallory_key = NULL;
  g_autoptr(IssCertificate) mallory = iss_central_fixture_make (fixture, "mallory", &mallory_key);
  g_autoptr(GBytes) both = sign_set (fixture, 2, fixture->alice, fixture->one, fixture->alice,
                                     fixture->alice_key);
  g_autoptr(GBytes) forged = sign_set (fixture, 3, fixture->alice, mallory, mallory, mallory_key);
  g_autoptr(IssCentralStore) stranger = iss_central_fixture_open (fixture, "stranger");
  g_autoptr(IssAdministrators) read = NULL;
  g_autoptr(GError) error = NULL;
  guint64 revision;
  g_autoptr(GBytes) present = NULL;

  g_assert_true (iss_central_store_put_administrators (fixture->store, both, &error));
  g_assert_no_error (error);
  read = iss_central_store_get_administrators (fixture->store, POOL, NULL, &error);
  g_assert_cmpuint (read->version, ==, 2);

  g_assert_null (iss_central_store_get_administrators (stranger, POOL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  g_assert_false (iss_central_store_put_administrators (fixture->store, forged, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  /* Whoever can write there puts it there himself. */
  present = iss_central_engine_get (fixture->engine, "pool/" POOL "/administrators", &revision,
                                    &error);
  g_assert_true (iss_central_engine_put_if (fixture->engine, "pool/" POOL "/administrators",
                                            forged, revision, NULL, &error));
  g_assert_null (iss_central_store_get_administrators (fixture->store, POOL, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

static void
test_enrolment (IssCentralFixture *fixture,
                gconstpointer      unused)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssEnrolment) enrolment = iss_enrolment_new (POOL, SERVER, "5e1f", recipient, "", "",
                                                         NOW);
  g_autoptr(IssEnrolment) read = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_central_store_get_enrolment (fixture->store, POOL, SERVER, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  message = iss_enrolment_sign (enrolment, fixture->alice, fixture->alice_key, &error);
  for (guint i = 0; i < 2; i++)
    g_assert_true (iss_central_store_put_enrolment (fixture->store, POOL, SERVER, message,
                                                    &error));
  read = iss_central_store_get_enrolment (fixture->store, POOL, SERVER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->server_id, ==, "5e1f");
}

static void
test_package (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(GBytes) package = g_bytes_new_static ("package", 7);
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, package);
  g_autofree char *key = g_strconcat ("package/", hex, NULL);
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GBytes) other = g_bytes_new_static ("another", 7);
  g_autoptr(GBytes) present = NULL;
  g_autoptr(GError) error = NULL;
  guint64 revision;

  g_assert_true (iss_central_store_put_package (fixture->store, package, &error));
  g_assert_true (iss_central_store_put_package (fixture->store, package, &error));
  read = iss_central_store_get_package (fixture->store, hex, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, package));

  present = iss_central_engine_get (fixture->engine, key, &revision, &error);
  g_assert_true (iss_central_engine_put_if (fixture->engine, key, other, revision, NULL, &error));
  g_clear_pointer (&read, g_bytes_unref);
  read = iss_central_store_get_package (fixture->store, hex, &error);
  g_assert_null (read);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *path;
    void (* func) (IssCentralFixture *fixture,
                   gconstpointer      unused);
  } tests[] =
  {
    { "/central-store/wanted", test_wanted },
    { "/central-store/administrators", test_administrators },
    { "/central-store/enrolment", test_enrolment },
    { "/central-store/package", test_package },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssCentralFixture, NULL, iss_central_fixture_set_up, tests[i].func,
                iss_central_fixture_tear_down);

  return g_test_run ();
}
