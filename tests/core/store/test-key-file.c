/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/core/store/store-fixture.h"

static GBytes *
get_hash (IssPrivateKey *key)
{
  return iss_private_key_get_spki_sha256 (key);
}

static char *
dup_relative (IssPrivateKey *key,
              const char    *suffix)
{
  gsize size;
  gconstpointer hash = g_bytes_get_data (get_hash (key), &size);
  g_autofree char *hex = iss_text_hex (hash, size, FALSE);

  return g_strconcat ("keys/", hex, suffix, NULL);
}

static gboolean
save (IssStoreFixture *fixture,
      IssPrivateKey   *key,
      gboolean         exportable)
{
  g_autoptr(GError) error = NULL;
  gboolean added = 99;

  g_assert_true (iss_key_file_save (fixture->root, key, exportable, "manual", &added, &error));
  g_assert_no_error (error);

  return added;
}

static void
test_key_file_round_trip (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  g_autofree char *pem = dup_relative (fixture->leaf_key, ".pem");
  g_autofree char *pem_path = iss_store_fixture_dup_path (fixture, pem);
  g_autofree char *conf = dup_relative (fixture->leaf_key, ".conf");
  g_autofree char *conf_path = iss_store_fixture_dup_path (fixture, conf);
  g_autofree char *text = NULL;
  g_autofree char *conf_text = NULL;
  g_autoptr(IssPrivateKey) loaded = NULL;
  g_autoptr(GError) error = NULL;
  GBytes *hash = get_hash (fixture->leaf_key);
  struct stat info;

  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_NONE);
  g_assert_null (iss_key_file_load (fixture->root, hash, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (save (fixture, fixture->leaf_key, TRUE));
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_FILE);
  g_assert_true (iss_key_file_is_exportable (fixture->root, hash));
  g_assert_false (iss_key_file_is_exportable (fixture->root, get_hash (fixture->other_key)));

  g_assert_cmpint (g_stat (pem_path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_true (g_file_get_contents (pem_path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "-----BEGIN PRIVATE KEY-----\n"));
  g_assert_true (g_file_get_contents (conf_path, &conf_text, NULL, NULL));
  g_assert_nonnull (strstr (conf_text, "origin=manual"));

  loaded = iss_key_file_load (fixture->root, hash, &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (loaded, fixture->leaf));
  g_assert_false (iss_private_key_matches (loaded, fixture->other));
}

/* An import can tighten, never loosen. */
static void
test_key_file_exportable (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  const struct
  {
    gboolean first;
    gboolean second;
    gboolean expected;
  } cases[] =
    {
      { TRUE, TRUE, TRUE }, { TRUE, FALSE, FALSE }, { FALSE, TRUE, FALSE }, { FALSE, FALSE, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GBytes *hash = get_hash (fixture->leaf_key);

      g_test_message ("%d then %d", cases[i].first, cases[i].second);
      g_assert_true (save (fixture, fixture->leaf_key, cases[i].first));
      g_assert_false (save (fixture, fixture->leaf_key, cases[i].second));
      g_assert_cmpint (iss_key_file_is_exportable (fixture->root, hash), ==, cases[i].expected);

      g_assert_true (iss_key_file_remove (fixture->root, hash, NULL));
      g_assert_cmpuint (iss_store_fixture_count (fixture, "keys"), ==, 0);
    }
}

/* Without a mark that can be read a key is not exportable, and stays so. */
static void
test_key_file_unclear_mark (IssStoreFixture *fixture,
                            gconstpointer    unused)
{
  static const char *const texts[] = {
    "", "[key]\n", "[key]\nexportable=perhaps\n", "exportable=1"
  };
  g_autofree char *conf = dup_relative (fixture->leaf_key, ".conf");
  GBytes *hash = get_hash (fixture->leaf_key);

  save (fixture, fixture->leaf_key, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      iss_store_fixture_write (fixture, conf, texts[i]);
      g_assert_false (iss_key_file_is_exportable (fixture->root, hash));
      g_assert_false (save (fixture, fixture->leaf_key, TRUE));
      g_assert_false (iss_key_file_is_exportable (fixture->root, hash));
    }
}

static void
test_key_file_damaged (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  g_autofree char *pem = dup_relative (fixture->leaf_key, ".pem");
  g_autofree char *other_pem = dup_relative (fixture->other_key, ".pem");
  g_autofree char *other_path = iss_store_fixture_dup_path (fixture, other_pem);
  g_autofree char *other_text = NULL;
  g_autofree char *huge = g_strnfill (100 * 1024, 'A');
  GBytes *hash = get_hash (fixture->leaf_key);

  save (fixture, fixture->other_key, TRUE);
  g_assert_true (g_file_get_contents (other_path, &other_text, NULL, NULL));

  {
    const struct
    {
      const char *name;
      const char *text;
      IssError    code;
    } cases[] =
      {
        { "empty", "", ISS_ERROR_MALFORMED },
        { "no key", "hello\n", ISS_ERROR_MALFORMED },
        { "another key", other_text, ISS_ERROR_MALFORMED },
        { "huge", huge, ISS_ERROR_TOO_LARGE },
      };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autoptr(GError) error = NULL;

        g_test_message ("%s", cases[i].name);
        iss_store_fixture_write (fixture, pem, cases[i].text);
        g_assert_null (iss_key_file_load (fixture->root, hash, &error));
        g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      }
  }

  /* The import of the key mends it. */
  iss_store_fixture_write (fixture, pem, other_text);
  g_assert_true (save (fixture, fixture->leaf_key, FALSE));

  {
    g_autoptr(IssPrivateKey) mended = iss_key_file_load (fixture->root, hash, NULL);

    g_assert_nonnull (mended);
  }
}

static void
test_key_file_not_a_file (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  g_autofree char *pem = dup_relative (fixture->leaf_key, ".pem");
  g_autofree char *path = iss_store_fixture_dup_path (fixture, pem);
  g_autoptr(GError) error = NULL;
  GBytes *hash = get_hash (fixture->leaf_key);

  /* A pipe does not hold us up. */
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_NONE);
  g_assert_null (iss_key_file_load (fixture->root, hash, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
test_key_file_token (IssStoreFixture *fixture,
                     gconstpointer    unused)
{
  g_autofree char *uri = dup_relative (fixture->leaf_key, ".uri");
  g_autofree char *pem = dup_relative (fixture->leaf_key, ".pem");
  g_autofree char *pem_path = iss_store_fixture_dup_path (fixture, pem);
  GBytes *hash = get_hash (fixture->leaf_key);

  iss_store_fixture_write (fixture, uri, "pkcs11:token=issuant;id=%01\n");
  g_assert_cmpint (iss_key_file_get_state (fixture->root, hash), ==, ISS_KEY_STATE_TOKEN);
  g_assert_false (iss_key_file_is_exportable (fixture->root, hash));

  /* The same key from a file does not take the token's place. */
  g_assert_false (save (fixture, fixture->leaf_key, TRUE));
  g_assert_false (g_file_test (pem_path, G_FILE_TEST_EXISTS));
}

static void
test_key_file_list (IssStoreFixture *fixture,
                    gconstpointer    unused)
{
  g_autofree char *uri = dup_relative (fixture->other_key, ".uri");
  g_autofree char *pem = dup_relative (fixture->leaf_key, ".pem");
  g_autofree char *leaf_hex = g_strndup (pem + strlen ("keys/"), 64);
  g_autofree char *other_hex = g_strndup (uri + strlen ("keys/"), 64);
  g_autoptr(GHashTable) keys = NULL;
  g_autoptr(GError) error = NULL;

  save (fixture, fixture->leaf_key, TRUE);
  iss_store_fixture_write (fixture, uri, "pkcs11:token=issuant\n");
  iss_store_fixture_write (fixture, "keys/readme.txt", "not a key");
  iss_store_fixture_write (fixture, "keys/.pem", "not a key");

  keys = iss_key_file_list (fixture->root, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (keys), ==, 2);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (keys, leaf_hex)), ==, ISS_KEY_STATE_FILE);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (keys, other_hex)), ==,
                   ISS_KEY_STATE_TOKEN);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/key-file/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("round-trip", test_key_file_round_trip);
  ADD ("exportable", test_key_file_exportable);
  ADD ("unclear-mark", test_key_file_unclear_mark);
  ADD ("damaged", test_key_file_damaged);
  ADD ("not-a-file", test_key_file_not_a_file);
  ADD ("token", test_key_file_token);
  ADD ("list", test_key_file_list);

  return g_test_run ();
}
