/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-uri.h"

#include <string.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-file.h"
#include "tests/core/store/store-fixture.h"

#define URI "pkcs11:token=HSM;object=auth;type=private"
#define OTHER "pkcs11:token=HSM;id=%02;type=private"

static char *
dup_relative (IssPrivateKey *key,
              const char    *suffix)
{
  GBytes *hash = iss_private_key_get_spki_sha256 (key);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (hash, NULL), 32, FALSE);

  return g_strconcat ("keys/", hex, suffix, NULL);
}

static mode_t
get_mode (IssStoreFixture *fixture,
          const char      *relative)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, relative);
  struct stat info;

  g_assert_no_errno (stat (path, &info));
  return info.st_mode & 07777;
}

static void
test_key_uri_round_trip (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  GBytes *hash = iss_private_key_get_spki_sha256 (fixture->leaf_key);
  g_autofree char *uri_file = dup_relative (fixture->leaf_key, ".uri");
  g_autofree char *conf_file = dup_relative (fixture->leaf_key, ".conf");
  g_autofree char *loaded = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;
  gint64 proved = 99;

  g_assert_null (iss_key_uri_load (fixture->root, hash, &proved, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_cmpint (proved, ==, 99);
  g_clear_error (&error);

  iss_key_uri_save (fixture->root, hash, URI, 1234567890, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_TOKEN);
  g_assert_false (iss_key_file_is_exportable (fixture->root, hash));
  g_assert_cmpint (get_mode (fixture, uri_file), ==, 0644);
  g_assert_cmpint (get_mode (fixture, conf_file), ==, 0600);

  loaded = iss_key_uri_load (fixture->root, hash, &proved, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (loaded, ==, URI);
  g_assert_cmpint (proved, ==, 1234567890);

  /* The token was moved: what is said last holds. */
  iss_key_uri_save (fixture->root, hash, OTHER, 1234567899, &error);
  g_assert_no_error (error);
  again = iss_key_uri_load (fixture->root, hash, NULL, &error);
  g_assert_cmpstr (again, ==, OTHER);

  g_assert_true (iss_key_file_remove (fixture->root, hash, &error));
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_NONE);
  g_assert_false (iss_key_file_remove (fixture->root, hash, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

/* Somebody has written it: the same rules. */
static void
test_key_uri_by_hand (IssStoreFixture *fixture,
                      gconstpointer    unused)
{
  GBytes *hash = iss_private_key_get_spki_sha256 (fixture->leaf_key);
  g_autofree char *uri_file = dup_relative (fixture->leaf_key, ".uri");
  g_autofree char *loaded = NULL;
  g_autoptr(GError) error = NULL;
  gint64 proved = 99;

  iss_store_fixture_write (fixture, uri_file, "  pkcs11:token=HSM;object=auth\r\n\n");
  loaded = iss_key_uri_load (fixture->root, hash, &proved, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (loaded, ==, URI);
  g_assert_cmpint (proved, ==, 0);

  iss_store_fixture_write (fixture, uri_file, "pkcs11:token=HSM;object=auth?pin-value=1234\n");
  g_assert_null (iss_key_uri_load (fixture->root, hash, &proved, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_true (g_str_has_prefix (error->message, uri_file));
  g_assert_null (strstr (error->message, "1234"));
}

static void
test_key_uri_beside_file (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  GBytes *hash = iss_private_key_get_spki_sha256 (fixture->leaf_key);
  g_autoptr(GError) error = NULL;

  iss_key_file_save (fixture->root, fixture->leaf_key, TRUE, "manual", NULL, &error);
  g_assert_no_error (error);
  g_assert_false (iss_key_uri_save (fixture->root, hash, URI, 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_FILE);
  g_assert_true (iss_key_file_is_exportable (fixture->root, hash));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/key-uri/round-trip", IssStoreFixture, NULL, iss_store_fixture_set_up,
              test_key_uri_round_trip, iss_store_fixture_tear_down);
  g_test_add ("/key-uri/by-hand", IssStoreFixture, NULL, iss_store_fixture_set_up,
              test_key_uri_by_hand, iss_store_fixture_tear_down);
  g_test_add ("/key-uri/beside-file", IssStoreFixture, NULL, iss_store_fixture_set_up,
              test_key_uri_beside_file, iss_store_fixture_tear_down);

  return g_test_run ();
}
