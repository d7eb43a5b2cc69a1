/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/row-table.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "tests/core/store/store-fixture.h"

static void
get_row_of (IssRowTable     *table,
            IssCertificate  *certificate,
            IssRow          *out_row)
{
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);

  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      iss_row_table_get_row (table, i, out_row);

      if (memcmp (out_row->sha256, g_bytes_get_data (sha256, NULL), sizeof out_row->sha256) == 0)
        return;
    }

  g_assert_not_reached ();
}

static void
assert_rows_equal (IssRowTable *left,
                   IssRowTable *right)
{
  g_autoptr(GVariant) left_page = g_variant_ref_sink (iss_row_table_dup_page (left, 0, 5000));
  g_autoptr(GVariant) right_page = g_variant_ref_sink (iss_row_table_dup_page (right, 0, 5000));

  g_assert_true (g_variant_equal (left_page, right_page));
}

static void
fill (IssStoreFixture *fixture)
{
  const IssProperties properties =
    { (char *) "Tokens for 2026", NULL, FALSE, ISS_INTENT_POOL, (char *) "manual" };
  g_autoptr(GError) error = NULL;

  iss_certificate_store_add (fixture->root, ISS_STORE_MY, fixture->leaf, NULL, &error);
  g_assert_no_error (error);
  iss_certificate_store_add (fixture->root, ISS_STORE_MY, fixture->other, NULL, &error);
  g_assert_no_error (error);
  iss_certificate_store_add (fixture->root, ISS_STORE_MY, fixture->ca, NULL, &error);
  g_assert_no_error (error);
  iss_key_file_save (fixture->root, fixture->leaf_key, TRUE, "manual", NULL, &error);
  g_assert_no_error (error);
  iss_key_file_save (fixture->root, fixture->other_key, FALSE, "manual", NULL, &error);
  g_assert_no_error (error);
  iss_properties_save (&properties, fixture->root,
                       iss_certificate_get_sha256_hex (fixture->leaf), &error);
  g_assert_no_error (error);
}

static void
test_row_table_read (IssStoreFixture *fixture,
                     gconstpointer    unused)
{
  g_autoptr(GHashTable) assigned = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  IssRowTable *table;
  IssRow row;

  fill (fixture);
  iss_store_fixture_write (fixture, "stores/my/notes.txt", "foreign");
  g_hash_table_insert (assigned, (gpointer) iss_certificate_get_sha256_hex (fixture->leaf),
                       (gpointer) "OAuthTokenIssuer:current");

  table = iss_row_table_read (fixture->root, ISS_STORE_MY, assigned, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_row_table_get_store (table), ==, ISS_STORE_MY);
  g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 3);
  g_assert_cmpuint (iss_row_table_get_n_foreign (table), ==, 1);

  get_row_of (table, fixture->leaf, &row);
  g_assert_cmpstr (row.issued_to, ==, "fe01.contoso.example");
  g_assert_cmpstr (row.issued_by, ==, "Contoso Root");
  g_assert_cmpstr (row.friendly_name, ==, "Tokens for 2026");
  g_assert_cmpstr (row.key_algorithm, ==, "RSA");
  g_assert_cmpstr (row.assigned_to, ==, "OAuthTokenIssuer:current");
  g_assert_cmpstr (row.origin, ==, "manual");
  g_assert_cmpint (row.not_before, ==, iss_certificate_get_not_before (fixture->leaf));
  g_assert_cmpint (row.not_after, ==, iss_certificate_get_not_after (fixture->leaf));
  g_assert_cmpuint (row.key_bits, ==, 1024);
  g_assert_cmpint (row.key_state, ==, ISS_KEY_STATE_FILE);
  g_assert_true (row.exportable);
  g_assert_false (row.is_ca);
  g_assert_cmpint (row.intent, ==, ISS_INTENT_POOL);
  g_assert_cmpmem (row.sha1, sizeof row.sha1,
                   g_bytes_get_data (iss_certificate_get_sha1 (fixture->leaf), NULL), 20);

  get_row_of (table, fixture->other, &row);
  g_assert_cmpint (row.key_state, ==, ISS_KEY_STATE_FILE);
  g_assert_false (row.exportable);
  g_assert_cmpstr (row.friendly_name, ==, "");
  g_assert_cmpstr (row.assigned_to, ==, "");
  g_assert_cmpint (row.intent, ==, ISS_INTENT_UNKNOWN);

  get_row_of (table, fixture->ca, &row);
  g_assert_true (row.is_ca);
  g_assert_cmpint (row.key_state, ==, ISS_KEY_STATE_NONE);

  g_assert_finalize_object (table);
}

static void
test_row_table_damaged_properties (IssStoreFixture *fixture,
                                   gconstpointer    unused)
{
  g_autofree char *name = g_strdup_printf ("properties/%s.conf",
                                           iss_certificate_get_sha256_hex (fixture->leaf));
  g_autoptr(IssRowTable) table = NULL;
  g_autoptr(GError) error = NULL;
  IssRow row;

  fill (fixture);
  iss_store_fixture_write (fixture, name, "what?");

  table = iss_row_table_read (fixture->root, ISS_STORE_MY, NULL, &error);
  g_assert_no_error (error);
  get_row_of (table, fixture->leaf, &row);
  g_assert_cmpstr (row.friendly_name, ==, "");
}

/* What one program reads the other shows: over the wire and back. */
static void
test_row_table_round_trip (IssStoreFixture *fixture,
                           gconstpointer    unused)
{
  g_autoptr(IssRowTable) table = NULL;
  g_autoptr(IssRowTable) whole = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(IssRowTable) by_page = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GVariant) past = NULL;
  g_autoptr(GError) error = NULL;

  fill (fixture);
  table = iss_row_table_read (fixture->root, ISS_STORE_MY, NULL, &error);

  g_assert_true (iss_row_table_append_page (whole, iss_row_table_dup_page (table, 0, 5000),
                                            &error));
  g_assert_no_error (error);
  assert_rows_equal (table, whole);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(GVariant) page = g_variant_ref_sink (iss_row_table_dup_page (table, i, 1));
      g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes (page);
      g_autoptr(GVariant) received =
        g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE),
                                                      bytes, FALSE));

      g_assert_cmpuint (g_variant_n_children (page), ==, i < 3 ? 1 : 0);
      g_assert_true (iss_row_table_append_page (by_page, received, &error));
      g_assert_no_error (error);
    }

  assert_rows_equal (table, by_page);

  past = g_variant_ref_sink (iss_row_table_dup_page (table, G_MAXUINT, G_MAXUINT));
  g_assert_cmpuint (g_variant_n_children (past), ==, 0);
}

#define GOOD_SHA256 "byte 0x61,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0"
#define SHA256 "[" GOOD_SHA256 "]"
#define SHA1 "[byte 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"
#define TEXTS "'a','b','c','1.2,3.4','RSA','','manual'"

/* Fills a row's text form with one text that is @n characters long. */
static GVariant *
new_page_with_name (const char *name)
{
  GVariantBuilder builder;
  guint8 hash[32] = { 1 };

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  g_variant_builder_add (&builder, "(@ay@aysssssssxxuubbu)",
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, 32, 1),
                         g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, 20, 1),
                         name, "b", "", "", "RSA", "", "", (gint64) 1, (gint64) 2, 2048, 0,
                         FALSE, FALSE, 0);

  return g_variant_builder_end (&builder);
}

static void
test_row_table_hostile (void)
{
  const struct
  {
    const char *name;
    const char *row;
    gboolean    good;
  } cases[] =
    {
      { "good", "(" SHA256 "," SHA1 "," TEXTS ",0,1,2048,1,true,false,2)", TRUE },
      { "SHA-256 too short", "([byte 1,2]," SHA1 "," TEXTS ",0,1,2048,1,true,false,2)" },
      { "SHA-256 too long", "([" GOOD_SHA256 ",0]," SHA1 "," TEXTS ",0,1,2048,1,true,false,2)" },
      { "SHA-256 empty", "(@ay []," SHA1 "," TEXTS ",0,1,2048,1,true,false,2)" },
      { "SHA-1 too long", "(" SHA256 "," SHA256 "," TEXTS ",0,1,2048,1,true,false,2)" },
      { "SHA-1 empty", "(" SHA256 ",@ay []," TEXTS ",0,1,2048,1,true,false,2)" },
      { "key state", "(" SHA256 "," SHA1 "," TEXTS ",0,1,2048,3,true,false,2)" },
      { "key state, high", "(" SHA256 "," SHA1 "," TEXTS ",0,1,2048,4294967295,true,false,2)" },
      { "intent", "(" SHA256 "," SHA1 "," TEXTS ",0,1,2048,1,true,false,3)" },
      { "key bits", "(" SHA256 "," SHA1 "," TEXTS ",0,1,4294967295,1,true,false,2)" },
      { "not before", "(" SHA256 "," SHA1 "," TEXTS
        ",-9223372036854775808,1,2048,1,true,false,2)" },
      { "not after", "(" SHA256 "," SHA1 "," TEXTS
        ",0,9223372036854775807,2048,1,true,false,2)" },
      { "not after, year 10000", "(" SHA256 "," SHA1 "," TEXTS
        ",0,253402300800,2048,1,true,false,2)" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *good = g_strdup_printf ("%s,%s", cases[0].row, cases[i].row);
      g_autofree char *text = g_strdup_printf ("[%s]", good);
      g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
      g_autoptr(GVariant) page = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      page = g_variant_parse (G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE), text, NULL, NULL, &error);
      g_assert_no_error (error);

      if (cases[i].good)
        {
          g_assert_true (iss_row_table_append_page (table, page, &error));
          g_assert_no_error (error);
          g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 2);
          continue;
        }

      /* Not even the good row before it. */
      g_assert_false (iss_row_table_append_page (table, page, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 0);
    }
}

static void
test_row_table_hostile_texts (void)
{
  g_autofree char *longest = g_strnfill (1024, 'x');
  g_autofree char *too_long = g_strnfill (1025, 'x');
  g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GError) error = NULL;
  IssRow row;

  g_assert_true (iss_row_table_append_page (table, new_page_with_name (longest), &error));
  g_assert_no_error (error);

  g_assert_false (iss_row_table_append_page (table, new_page_with_name (too_long), &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 1);

  g_assert_true (iss_row_table_append_page (table,
                                            new_page_with_name ("a\xe2\x80\xae" "b\nc\x1b" "[31m"),
                                            &error));
  g_assert_no_error (error);
  iss_row_table_get_row (table, 1, &row);
  g_assert_true (iss_text_is_clean (row.issued_to, 1024));
  g_assert_true (g_str_has_prefix (row.issued_to, "a"));
}

static void
test_row_table_hostile_pages (void)
{
  g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GVariant) one = g_variant_ref_sink (new_page_with_name ("one"));
  g_autoptr(GVariant) row = g_variant_get_child_value (one, 0);
  g_autoptr(GVariant) other = NULL;
  g_autoptr(GVariant) many = NULL;
  g_autoptr(GVariant) torn = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  other = g_variant_ref_sink (g_variant_new_parsed ("[('x', 1)]"));
  g_assert_false (iss_row_table_append_page (table, other, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  for (guint i = 0; i < ISS_ROW_PAGE_MAX + 1; i++)
    g_variant_builder_add_value (&builder, row);
  many = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_assert_false (iss_row_table_append_page (table, many, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_clear_error (&error);

  /* Every byte of a page changed: refused or harmless, never out of bounds. */
  for (gsize i = 0; i < g_variant_get_size (one); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_variant_get_data (one), g_variant_get_size (one));
      g_autoptr(IssRowTable) victim = iss_row_table_new_empty (ISS_STORE_MY);
      g_autoptr(GVariant) page = NULL;

      copy[i] ^= 0xff;
      page = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE),
                                                          copy, g_variant_get_size (one), FALSE,
                                                          NULL, NULL));
      if (!iss_row_table_append_page (victim, page, NULL))
        g_assert_cmpuint (iss_row_table_get_n_rows (victim), ==, 0);
    }

  g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, 0);
}

/* Lists longer than a row takes end with a whole member. */
static void
test_row_table_long_lists (IssStoreFixture *fixture,
                           gconstpointer    unused)
{
  g_autoptr(GHashTable) assigned = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GString) list = g_string_new ("Default:current");
  g_autoptr(IssRowTable) table = NULL;
  g_autoptr(IssRowTable) copy = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GError) error = NULL;
  IssRow row;

  while (list->len < 3000)
    g_string_append (list, ",WebServicesInternal:current");

  fill (fixture);
  g_hash_table_insert (assigned, (gpointer) iss_certificate_get_sha256_hex (fixture->leaf),
                       list->str);
  table = iss_row_table_read (fixture->root, ISS_STORE_MY, assigned, &error);
  g_assert_no_error (error);

  get_row_of (table, fixture->leaf, &row);
  g_assert_cmpuint (strlen (row.assigned_to), <=, 1024);
  g_assert_true (g_str_has_suffix (row.assigned_to, ",WebServicesInternal:current"));

  g_assert_true (iss_row_table_append_page (copy, iss_row_table_dup_page (table, 0, 10), &error));
  g_assert_no_error (error);
}

/* A server that goes on sending for ever is stopped. */
static void
test_row_table_hostile_flood (void)
{
  g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(GVariant) one = g_variant_ref_sink (new_page_with_name ("one"));
  g_autoptr(GVariant) row = g_variant_get_child_value (one, 0);
  g_autoptr(GVariant) page = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a" ISS_ROW_VARIANT_TYPE));
  for (guint i = 0; i < ISS_ROW_PAGE_MAX; i++)
    g_variant_builder_add_value (&builder, row);
  page = g_variant_ref_sink (g_variant_builder_end (&builder));

  for (guint i = 0; i < ISS_CERTIFICATE_STORE_MAX / ISS_ROW_PAGE_MAX; i++)
    {
      g_assert_true (iss_row_table_append_page (table, page, &error));
      g_assert_no_error (error);
    }

  g_assert_false (iss_row_table_append_page (table, one, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_cmpuint (iss_row_table_get_n_rows (table), ==, ISS_CERTIFICATE_STORE_MAX);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/row-table/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("read", test_row_table_read);
  ADD ("damaged-properties", test_row_table_damaged_properties);
  ADD ("round-trip", test_row_table_round_trip);
  ADD ("long-lists", test_row_table_long_lists);
  g_test_add_func ("/row-table/hostile", test_row_table_hostile);
  g_test_add_func ("/row-table/hostile-texts", test_row_table_hostile_texts);
  g_test_add_func ("/row-table/hostile-pages", test_row_table_hostile_pages);
  g_test_add_func ("/row-table/hostile-flood", test_row_table_hostile_flood);

  return g_test_run ();
}
