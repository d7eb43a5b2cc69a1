/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/properties.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/core/store/store-fixture.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define FILE_NAME "properties/" HEX ".conf"

static void
test_properties_intent (void)
{
  for (guint i = ISS_INTENT_UNKNOWN; i <= ISS_INTENT_SERVER; i++)
    g_assert_cmpint (iss_intent_from_string (iss_intent_to_string ((IssIntent) i)), ==, i);

  g_assert_cmpint (iss_intent_from_string ("Pool"), ==, ISS_INTENT_UNKNOWN);
  g_assert_cmpint (iss_intent_from_string (""), ==, ISS_INTENT_UNKNOWN);
  g_assert_cmpint (iss_intent_from_string (NULL), ==, ISS_INTENT_UNKNOWN);
}

static void
test_properties_round_trip (IssStoreFixture *fixture,
                            gconstpointer    unused)
{
  const IssProperties saved =
    { (char *) "Token issuer ñ; 2026 = \\n", (char *) "Two\\lines", TRUE, ISS_INTENT_POOL,
      (char *) "manual" };
  g_auto(IssProperties) loaded = { NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_properties_save (&saved, fixture->root, HEX, &error));
  g_assert_no_error (error);
  g_assert_true (iss_properties_load (&loaded, fixture->root, HEX, &error));
  g_assert_no_error (error);

  g_assert_cmpstr (loaded.friendly_name, ==, saved.friendly_name);
  g_assert_cmpstr (loaded.description, ==, saved.description);
  g_assert_cmpint (loaded.archived, ==, TRUE);
  g_assert_cmpint (loaded.intent, ==, ISS_INTENT_POOL);
  g_assert_cmpstr (loaded.origin, ==, "manual");
}

static void
test_properties_missing (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  g_auto(IssProperties) loaded = { (char *) "left over", NULL, TRUE, ISS_INTENT_POOL, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_properties_load (&loaded, fixture->root, HEX, &error));
  g_assert_no_error (error);
  g_assert_null (loaded.friendly_name);
  g_assert_false (loaded.archived);
  g_assert_cmpint (loaded.intent, ==, ISS_INTENT_UNKNOWN);
}

static void
test_properties_bad (IssStoreFixture *fixture,
                     gconstpointer    unused)
{
  const IssProperties good = { (char *) "Mended", NULL, FALSE, ISS_INTENT_SERVER, NULL };
  static const char *const texts[] = { "no group\n", "[certificate\n", "[certificate]\n=\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto(IssProperties) loaded = { NULL };
      IssProperties untouched = { NULL, NULL, TRUE, ISS_INTENT_SERVER, NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", texts[i]);
      iss_store_fixture_write (fixture, FILE_NAME, texts[i]);

      g_assert_false (iss_properties_load (&untouched, fixture->root, HEX, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, FILE_NAME));
      g_assert_true (untouched.archived);
      g_clear_error (&error);

      /* A damaged file can be written over. */
      g_assert_true (iss_properties_save (&good, fixture->root, HEX, &error));
      g_assert_no_error (error);
      g_assert_true (iss_properties_load (&loaded, fixture->root, HEX, &error));
      g_assert_cmpstr (loaded.friendly_name, ==, "Mended");
    }
}

static void
test_properties_bad_name (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  static const char *const names[] =
    { "", "00", HEX "0", "../../etc/passwd",
      "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff" };
  const IssProperties none = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      IssProperties loaded = { NULL };
      g_autoptr(GError) load_error = NULL;
      g_autoptr(GError) save_error = NULL;

      g_assert_false (iss_properties_load (&loaded, fixture->root, names[i], &load_error));
      g_assert_error (load_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_false (iss_properties_save (&none, fixture->root, names[i], &save_error));
      g_assert_error (save_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }
}

/* What somebody wrote into the file by hand is as foreign as anything. */
static void
test_properties_hostile (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  g_autofree char *long_name = g_strnfill (5000, 'x');
  g_autofree char *text = g_strdup_printf ("[certificate]\nfriendly-name=%s\n"
                                           "description=a\\nb \xe2\x80\xae" "c\n"
                                           "archived=maybe\nintent=everybody\norigin=\n",
                                           long_name);
  g_auto(IssProperties) loaded = { NULL };
  g_autoptr(GError) error = NULL;

  iss_store_fixture_write (fixture, FILE_NAME, text);

  g_assert_true (iss_properties_load (&loaded, fixture->root, HEX, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_utf8_strlen (loaded.friendly_name, -1), <=, 256);
  g_assert_null (strchr (loaded.description, '\n'));
  g_assert_null (strstr (loaded.description, "\xe2\x80\xae"));
  g_assert_false (loaded.archived);
  g_assert_cmpint (loaded.intent, ==, ISS_INTENT_UNKNOWN);
  g_assert_null (loaded.origin);
}

/* A later version's members survive this one. */
static void
test_properties_unknown_members (IssStoreFixture *fixture,
                                 gconstpointer    unused)
{
  const IssProperties changed = { NULL, NULL, FALSE, ISS_INTENT_POOL, NULL };
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autofree char *text = NULL;

  iss_store_fixture_write (fixture, FILE_NAME,
                           "[certificate]\nfriendly-name=Old\nrenewed-by=abc\n\n[later]\nx=1\n");
  g_assert_true (iss_properties_save (&changed, fixture->root, HEX, NULL));

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "renewed-by=abc"));
  g_assert_nonnull (strstr (text, "[later]"));
  g_assert_null (strstr (text, "Old"));
}

static void
test_properties_remove (IssStoreFixture *fixture,
                        gconstpointer    unused)
{
  const IssProperties saved = { (char *) "Name", NULL, FALSE, ISS_INTENT_POOL, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_properties_save (&saved, fixture->root, HEX, NULL));
  g_assert_cmpuint (iss_store_fixture_count (fixture, "properties"), ==, 1);
  g_assert_true (iss_properties_remove (fixture->root, HEX, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "properties"), ==, 0);
  g_assert_true (iss_properties_remove (fixture->root, HEX, &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/properties/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  g_test_add_func ("/properties/intent", test_properties_intent);
  ADD ("round-trip", test_properties_round_trip);
  ADD ("missing", test_properties_missing);
  ADD ("bad", test_properties_bad);
  ADD ("bad-name", test_properties_bad_name);
  ADD ("hostile", test_properties_hostile);
  ADD ("unknown-members", test_properties_unknown_members);
  ADD ("remove", test_properties_remove);

  return g_test_run ();
}
