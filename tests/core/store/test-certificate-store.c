/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/certificate-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/core/store/store-fixture.h"

static gboolean
add (IssStoreFixture *fixture,
     IssStoreName     store,
     IssCertificate  *certificate)
{
  g_autoptr(GError) error = NULL;
  gboolean added = 99;

  g_assert_true (iss_certificate_store_add (fixture->root, store, certificate, &added, &error));
  g_assert_no_error (error);

  return added;
}

static char *
dup_relative (const char     *store,
              IssCertificate *certificate)
{
  return g_strdup_printf ("stores/%s/%s.pem", store,
                          iss_certificate_get_sha256_hex (certificate));
}

static void
test_certificate_store_round_trip (IssStoreFixture *fixture,
                                   gconstpointer    unused)
{
  const char *hex = iss_certificate_get_sha256_hex (fixture->leaf);
  g_autofree char *relative = dup_relative ("my", fixture->leaf);
  g_autofree char *path = iss_store_fixture_dup_path (fixture, relative);
  g_autoptr(IssCertificate) loaded = NULL;
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  struct stat info;

  g_assert_false (iss_certificate_store_contains (fixture->root, ISS_STORE_MY, hex));
  g_assert_true (add (fixture, ISS_STORE_MY, fixture->leaf));
  g_assert_false (add (fixture, ISS_STORE_MY, fixture->leaf));
  g_assert_true (iss_certificate_store_contains (fixture->root, ISS_STORE_MY, hex));
  g_assert_false (iss_certificate_store_contains (fixture->root, ISS_STORE_ROOT, hex));

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0644);

  der = iss_certificate_store_load (fixture->root, ISS_STORE_MY, hex, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (der, iss_certificate_get_der (fixture->leaf)));

  loaded = iss_certificate_store_get (fixture->root, ISS_STORE_MY, hex, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (iss_certificate_get_issued_to (loaded), ==, "fe01.contoso.example");

  g_assert_true (iss_certificate_store_remove (fixture->root, ISS_STORE_MY, hex, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/my"), ==, 0);

  g_assert_false (iss_certificate_store_remove (fixture->root, ISS_STORE_MY, hex, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (iss_certificate_store_load (fixture->root, ISS_STORE_MY, hex, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_certificate_store_bad_name (IssStoreFixture *fixture,
                                 gconstpointer    unused)
{
  g_autofree char *upper = g_ascii_strup (iss_certificate_get_sha256_hex (fixture->leaf), -1);
  g_autofree char *longer = g_strconcat (iss_certificate_get_sha256_hex (fixture->leaf), "0", NULL);
  const char *const names[] = { "", "00", upper, longer, "../../server-id" };

  add (fixture, ISS_STORE_MY, fixture->leaf);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) load_error = NULL;
      g_autoptr(GError) remove_error = NULL;

      g_assert_null (iss_certificate_store_load (fixture->root, ISS_STORE_MY, names[i],
                                                 &load_error));
      g_assert_error (load_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_false (iss_certificate_store_remove (fixture->root, ISS_STORE_MY, names[i],
                                                    &remove_error));
      g_assert_error (remove_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_false (iss_certificate_store_contains (fixture->root, ISS_STORE_MY, names[i]));
    }
}

static gboolean
count_cb (const char   *sha256_hex,
          const guint8 *der,
          gsize         size,
          gpointer      user_data)
{
  guint *n = user_data;
  g_autofree char *hash = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, size);

  g_assert_cmpstr (hash, ==, sha256_hex);
  *n += 1;

  return TRUE;
}

static gboolean
stop_cb (const char   *sha256_hex,
         const guint8 *der,
         gsize         size,
         gpointer      user_data)
{
  guint *n = user_data;

  *n += 1;

  return FALSE;
}

/* A second certificate in a store disappears while the first is looked at. */
static gboolean
remove_all_cb (const char   *sha256_hex,
               const guint8 *der,
               gsize         size,
               gpointer      user_data)
{
  IssStoreFixture *fixture = user_data;

  iss_certificate_store_remove (fixture->root, ISS_STORE_MY,
                                iss_certificate_get_sha256_hex (fixture->leaf), NULL);
  iss_certificate_store_remove (fixture->root, ISS_STORE_MY,
                                iss_certificate_get_sha256_hex (fixture->other), NULL);

  return TRUE;
}

static void
test_certificate_store_foreach (IssStoreFixture *fixture,
                                gconstpointer    unused)
{
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GError) error = NULL;
  guint n_foreign = 99;
  guint n = 0;

  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_MY, count_cb, &n,
                                                &n_foreign, &error));
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (n_foreign, ==, 0);

  add (fixture, ISS_STORE_MY, fixture->leaf);
  add (fixture, ISS_STORE_MY, fixture->other);
  add (fixture, ISS_STORE_ROOT, fixture->ca);

  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_MY, count_cb, &n,
                                                &n_foreign, &error));
  g_assert_cmpuint (n, ==, 2);

  n = 0;
  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_MY, stop_cb, &n,
                                                NULL, &error));
  g_assert_cmpuint (n, ==, 1);

  all = iss_certificate_store_get_all (fixture->root, ISS_STORE_MY, &n_foreign, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpuint (n_foreign, ==, 0);

  /* What vanishes meanwhile is not foreign. */
  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_MY, remove_all_cb,
                                                fixture, &n_foreign, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_foreign, ==, 0);
}

static void
test_certificate_store_foreign (IssStoreFixture *fixture,
                                gconstpointer    unused)
{
  g_autofree char *leaf = dup_relative ("my", fixture->leaf);
  g_autofree char *leaf_path = iss_store_fixture_dup_path (fixture, leaf);
  g_autofree char *other = dup_relative ("my", fixture->other);
  g_autofree char *other_path = iss_store_fixture_dup_path (fixture, other);
  g_autofree char *ca = dup_relative ("my", fixture->ca);
  g_autofree char *folder_name = g_strdup_printf ("stores/my/%064d.pem", 1);
  g_autofree char *folder = iss_store_fixture_dup_path (fixture, folder_name);
  g_autofree char *link_name = g_strdup_printf ("stores/my/%064d.pem", 2);
  g_autofree char *link = iss_store_fixture_dup_path (fixture, link_name);
  g_autofree char *huge_name = g_strdup_printf ("stores/my/%064d.pem", 3);
  g_autofree char *huge = iss_store_fixture_dup_path (fixture, huge_name);
  g_autofree char *empty_name = g_strdup_printf ("stores/my/%064d.pem", 4);
  g_autofree char *pipe_name = g_strdup_printf ("stores/my/%064d.pem", 5);
  g_autofree char *pipe_path = iss_store_fixture_dup_path (fixture, pipe_name);
  g_autofree char *pem = iss_certificate_dup_pem (fixture->leaf);
  g_autoptr(GError) error = NULL;
  guint n_foreign = 0;
  guint n = 0;

  add (fixture, ISS_STORE_MY, fixture->leaf);

  iss_store_fixture_write (fixture, "stores/my/README", "by hand");
  iss_store_fixture_write (fixture, "stores/my/fe01.pem", pem);
  iss_store_fixture_write (fixture, "stores/my/.hidden", "not counted");
  iss_store_fixture_write (fixture, other, pem);              /* another's content */
  iss_store_fixture_write (fixture, ca, "-----BEGIN CERTIFICATE-----\nAAAA\n");
  iss_store_fixture_write (fixture, empty_name, "");
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (leaf_path, link), ==, 0);
  g_assert_true (g_file_set_contents (huge, "", 0, NULL));
  g_assert_cmpint (truncate (huge, 100 * 1024 * 1024), ==, 0);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);

  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_MY, count_cb, &n,
                                                &n_foreign, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (n_foreign, ==, 9);

  g_assert_null (iss_certificate_store_load (fixture->root, ISS_STORE_MY,
                                             iss_certificate_get_sha256_hex (fixture->other),
                                             &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_false (iss_certificate_store_contains (fixture->root, ISS_STORE_MY,
                                                  iss_certificate_get_sha256_hex (fixture->other)));

  /* They are left alone, but the place of a certificate is the certificate's. */
  g_assert_true (g_file_test (other_path, G_FILE_TEST_EXISTS));
  g_assert_true (add (fixture, ISS_STORE_MY, fixture->other));
  g_assert_true (iss_certificate_store_contains (fixture->root, ISS_STORE_MY,
                                                 iss_certificate_get_sha256_hex (fixture->other)));
}

static void
test_certificate_store_authroot (IssStoreFixture *fixture,
                                 gconstpointer    unused)
{
  g_autofree char *bundle = iss_temp_folder_dup_path (fixture->temp, "bundle.crt");
  g_autofree char *link = iss_temp_folder_dup_path (fixture->temp, "link.crt");
  g_autofree char *ca = iss_certificate_dup_pem (fixture->ca);
  g_autofree char *leaf = iss_certificate_dup_pem (fixture->leaf);
  g_autofree char *text = g_strconcat ("# Contoso\n", ca, leaf, ca,
                                       "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                       "-----END CERTIFICATE-----\n"
                                       "-----BEGIN CERTIFICATE-----\nAAAA", NULL);
  const char *ca_hex = iss_certificate_get_sha256_hex (fixture->ca);
  g_autoptr(IssCertificate) loaded = NULL;
  g_autoptr(GError) error = NULL;
  guint n_foreign = 99;
  guint n = 0;

  /* No bundle: an empty store. */
  iss_root_folder_set_system_bundle (fixture->root, link);
  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_AUTHROOT, count_cb, &n,
                                                &n_foreign, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (n_foreign, ==, 0);

  g_assert_true (g_file_set_contents (bundle, text, -1, NULL));
  g_assert_cmpint (symlink ("bundle.crt", link), ==, 0);

  g_assert_true (iss_certificate_store_foreach (fixture->root, ISS_STORE_AUTHROOT, count_cb, &n,
                                                &n_foreign, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpuint (n_foreign, ==, 2);

  loaded = iss_certificate_store_get (fixture->root, ISS_STORE_AUTHROOT, ca_hex, &error);
  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  g_assert_null (iss_certificate_store_load (fixture->root, ISS_STORE_AUTHROOT,
                                             iss_certificate_get_sha256_hex (fixture->other),
                                             &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_false (iss_certificate_store_add (fixture->root, ISS_STORE_AUTHROOT, fixture->other,
                                             NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (iss_certificate_store_remove (fixture->root, ISS_STORE_AUTHROOT, ca_hex,
                                                &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  /* A folder in its place is an error, not an empty store. */
  iss_root_folder_set_system_bundle (fixture->root, fixture->path);
  g_assert_false (iss_certificate_store_foreach (fixture->root, ISS_STORE_AUTHROOT, count_cb, &n,
                                                 &n_foreign, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/certificate-store/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("round-trip", test_certificate_store_round_trip);
  ADD ("bad-name", test_certificate_store_bad_name);
  ADD ("foreach", test_certificate_store_foreach);
  ADD ("foreign", test_certificate_store_foreign);
  ADD ("authroot", test_certificate_store_authroot);

  return g_test_run ();
}
