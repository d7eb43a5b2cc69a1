/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-readers.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-file.h"
#include "tests/core/store/store-fixture.h"

/* What a change does to the permissions is tested with who may read by them: see
 * test-key-access.c. */

static const char *const daemon_only[] = { "daemon", NULL };

static GBytes *
get_spki (IssStoreFixture *fixture)
{
  return iss_certificate_get_spki_sha256 (fixture->leaf);
}

static char *
dup_path (IssStoreFixture *fixture,
          const char      *suffix)
{
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (get_spki (fixture), NULL), 32, FALSE);
  g_autofree char *relative = g_strdup_printf ("keys/%s%s", hex, suffix);

  return iss_store_fixture_dup_path (fixture, relative);
}

static void
save (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;

  iss_key_file_save (fixture->root, fixture->leaf_key, FALSE, "manual", NULL, &error);
  g_assert_no_error (error);
}

static void
allow (IssStoreFixture    *fixture,
       const char *const  *accounts)
{
  g_autoptr(GError) error = NULL;

  iss_key_readers_change (fixture->root, get_spki (fixture), accounts, NULL, FALSE, NULL, &error);
  g_assert_no_error (error);
}

/* Beside the owner, whether the folders let them or not. */
static char *
dup_named (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssKeyAccess) access = iss_key_access_read (fixture->root, get_spki (fixture), NULL,
                                                        &error);
  GString *names = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < access->readers->len; i++)
    {
      const IssKeyReader *reader = access->readers->pdata[i];

      if (!reader->is_owner)
        g_string_append_printf (names, "%s ", reader->name);
    }

  return g_string_free (names, FALSE);
}

static void
assert_named (IssStoreFixture *fixture,
              const char      *expected)
{
  g_autofree char *names = dup_named (fixture);

  g_assert_cmpstr (names, ==, expected);
}

/* A key's file that was lost comes with the next import, and its readers with it. */
static void
test_key_readers_lost_file (IssStoreFixture *fixture,
                            gconstpointer    data)
{
  g_autofree char *path = dup_path (fixture, ".pem");

  save (fixture);
  assert_named (fixture, "");
  allow (fixture, daemon_only);
  assert_named (fixture, "daemon ");

  g_assert_no_errno (g_unlink (path));
  save (fixture);
  assert_named (fixture, "daemon ");
}

static void
test_key_readers_damaged_file (IssStoreFixture *fixture,
                               gconstpointer    data)
{
  g_autofree char *path = dup_path (fixture, ".pem");
  g_autoptr(GError) error = NULL;

  save (fixture);
  allow (fixture, daemon_only);
  g_file_set_contents (path, "damaged", -1, &error);
  g_assert_no_error (error);

  save (fixture);
  assert_named (fixture, "daemon ");
}

/* What cannot be done any more stops no import, and stays said for when it can. */
static void
test_key_readers_gone_account (IssStoreFixture *fixture,
                               gconstpointer    data)
{
  g_autofree char *path = dup_path (fixture, ".pem");
  g_autofree char *conf = dup_path (fixture, ".conf");
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  save (fixture);
  allow (fixture, daemon_only);
  g_file_set_contents (conf, "[key]\nexportable=false\nreaders=no-such-account;games;\n", -1,
                       &error);
  g_assert_no_error (error);

  g_assert_no_errno (g_unlink (path));
  save (fixture);
  assert_named (fixture, "games ");

  g_file_get_contents (conf, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "no-such-account;games;"));
}

/* Nobody is named, or nothing can be understood: the owner alone. */
static void
test_key_readers_no_list (IssStoreFixture *fixture,
                          gconstpointer    data)
{
  g_autofree char *conf = dup_path (fixture, ".conf");
  g_autoptr(GError) error = NULL;

  save (fixture);
  g_assert_true (iss_key_readers_restore (fixture->root, get_spki (fixture), &error));
  g_assert_no_error (error);
  assert_named (fixture, "");

  g_file_set_contents (conf, "not a key file", -1, &error);
  g_assert_no_error (error);
  g_assert_true (iss_key_readers_restore (fixture->root, get_spki (fixture), &error));
  g_assert_no_error (error);
  assert_named (fixture, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) \
  g_test_add (path, IssStoreFixture, NULL, iss_store_fixture_set_up, function, \
              iss_store_fixture_tear_down)

  ADD ("/key-readers/lost-file", test_key_readers_lost_file);
  ADD ("/key-readers/damaged-file", test_key_readers_damaged_file);
  ADD ("/key-readers/gone-account", test_key_readers_gone_account);
  ADD ("/key-readers/no-list", test_key_readers_no_list);

  return g_test_run ();
}
