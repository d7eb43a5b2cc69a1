/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-wire.h"

#include "core/base/error.h"

#include <string.h>

/* The serialised tuple needs one byte an offset, then two, then four. */
static const gsize sizes[] = { 0, 1, 252, 253, 254, 255, 256, 65532, 65533, 65534, 65535, 70000 };

static void
test_agent_wire_import_round_trip (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize length = 0; length < 3; length++)
      {
        g_autofree char *text = g_strnfill (sizes[i], 'f');
        g_autoptr(GBytes) file = g_bytes_new (text, sizes[i]);
        g_autoptr(IssSecret) password = length > 0 ? iss_secret_new ("pass", length - 1) : NULL;
        g_autoptr(IssSecret) packed = iss_agent_wire_pack_import (file, password);
        g_autoptr(GVariant) read = NULL;
        g_autoptr(GVariant) read_file = NULL;
        g_autoptr(GBytes) out_file = NULL;
        g_autoptr(IssSecret) out_password = NULL;
        g_autoptr(GError) error = NULL;
        gboolean has_password = FALSE;

        g_test_message ("%" G_GSIZE_FORMAT " bytes", sizes[i]);
        g_assert_true (iss_agent_wire_unpack_import (packed, &out_file, &out_password, &error));
        g_assert_no_error (error);
        g_assert_true (g_bytes_equal (out_file, file));
        g_assert_cmpint (out_password != NULL, ==, length > 0);
        if (out_password != NULL)
          g_assert_cmpuint (iss_secret_get_size (out_password), ==, length - 1);

        /* GVariant's own opinion of what we wrote. */
        read = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE ("(aybay)"),
                                                            iss_secret_get_data (packed, NULL),
                                                            iss_secret_get_size (packed), FALSE,
                                                            NULL, NULL));
        g_assert_true (g_variant_is_normal_form (read));
        g_variant_get_child (read, 1, "b", &has_password);
        g_assert_cmpint (has_password, ==, length > 0);
        read_file = g_variant_get_child_value (read, 0);
        g_assert_cmpuint (g_variant_get_size (read_file), ==, sizes[i]);
      }
}

static void
test_agent_wire_import_bad (void)
{
  static const struct
  {
    const char   *name;
    const guint8  data[8];
    gsize         size;
    int           code;
  } bad[] = {
    { "empty", { 0 }, 0, ISS_ERROR_MALFORMED },
    { "an offset only", { 0 }, 1, ISS_ERROR_MALFORMED },
    { "the file goes past the end", { 'f', 1, 'p', 200 }, 4, ISS_ERROR_MALFORMED },
    { "the file takes the place of the flag", { 'f', 'f', 'f', 3 }, 4, ISS_ERROR_MALFORMED },
    { "neither yes nor no", { 'f', 2, 1 }, 3, ISS_ERROR_MALFORMED },
    { "a password that is not there", { 'f', 0, 'p', 1 }, 4, ISS_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(IssSecret) clear = iss_secret_new (bad[i].data, bad[i].size);
      g_autoptr(GError) error = NULL;
      GBytes *file = NULL;
      IssSecret *password = NULL;

      g_test_message ("%s", bad[i].name);
      g_assert_false (iss_agent_wire_unpack_import (clear, &file, &password, &error));
      g_assert_error (error, ISS_ERROR, bad[i].code);
      g_assert_null (file);
      g_assert_null (password);
    }
}

static void
test_agent_wire_import_long_password (void)
{
  g_autofree char *text = g_strnfill (4097, 'p');
  g_autoptr(GBytes) file = g_bytes_new_static ("f", 1);

  for (gsize size = 4096; size <= 4097; size++)
    {
      g_autoptr(IssSecret) password = iss_secret_new (text, size);
      g_autoptr(IssSecret) packed = iss_agent_wire_pack_import (file, password);
      g_autoptr(GBytes) out_file = NULL;
      g_autoptr(IssSecret) out_password = NULL;
      g_autoptr(GError) error = NULL;
      gboolean taken = iss_agent_wire_unpack_import (packed, &out_file, &out_password, &error);

      g_assert_cmpint (taken, ==, size == 4096);
      if (!taken)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
    }
}

static void
test_agent_wire_hashes (void)
{
  static const struct
  {
    const char *name;
    gsize       size;
    guint       n;
    int         code;     /* -1: they are taken */
  } cases[] = {
    { "none", 32, 0, -1 },
    { "as many as may be", 32, 3, -1 },
    { "one too many", 32, 4, ISS_ERROR_TOO_LARGE },
    { "too short", 31, 1, ISS_ERROR_INVALID_ARGUMENT },
    { "too long", 33, 1, ISS_ERROR_INVALID_ARGUMENT },
    { "empty", 0, 1, ISS_ERROR_INVALID_ARGUMENT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) hashes =
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
      g_autofree char *text = g_strnfill (cases[i].size, 'h');
      g_autoptr(GVariant) variant = NULL;
      g_autoptr(GPtrArray) read = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      for (guint j = 0; j < cases[i].n; j++)
        g_ptr_array_add (hashes, g_bytes_new (text, cases[i].size));
      variant = g_variant_ref_sink (iss_agent_wire_new_hashes (hashes));
      read = iss_agent_wire_read_hashes (variant, 3, &error);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, ISS_ERROR, cases[i].code);
          g_assert_null (read);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (read->len, ==, cases[i].n);
      for (guint j = 0; j < read->len; j++)
        g_assert_true (g_bytes_equal (read->pdata[j], hashes->pdata[j]));
    }
}

static void
test_agent_wire_findings (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    guint       n;
    int         code;
  } cases[] = {
    { "none", "[]", 0, -1 },
    { "all severities", "[(1, 'expired', 'It has expired'), (2, 'w', ''), (3, 'n', '')]", 3, -1 },
    { "severity 0", "[(0, 'a', 'b')]", 0, ISS_ERROR_MALFORMED },
    { "severity 4", "[(4, 'a', 'b')]", 0, ISS_ERROR_MALFORMED },
    { "a severity beyond int", "[(4294967295, 'a', 'b')]", 0, ISS_ERROR_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) variant = g_variant_parse (G_VARIANT_TYPE ("a(uss)"), cases[i].text,
                                                     NULL, NULL, NULL);
      g_autoptr(GPtrArray) read = iss_agent_wire_read_findings (variant, &error);

      g_test_message ("%s", cases[i].name);
      if (cases[i].code >= 0)
        {
          g_assert_error (error, ISS_ERROR, cases[i].code);
          g_assert_null (read);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpuint (read->len, ==, cases[i].n);

      {
        g_autoptr(GVariant) again = g_variant_ref_sink (iss_agent_wire_new_findings (read));

        g_assert_cmpvariant (again, variant);
      }
    }
}

/* 64 may be said of one certificate, and what is said cannot rewrite the line it stands in. */
static void
test_agent_wire_findings_hostile (void)
{
  GVariantBuilder builder;
  g_autoptr(GVariant) most = NULL;
  g_autoptr(GVariant) more = NULL;
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GError) error = NULL;
  const IssFinding *finding;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uss)"));
  for (guint i = 0; i < 64; i++)
    g_variant_builder_add (&builder, "(uss)", 1, "code", "a\n\xe2\x80\xae" "b");
  most = g_variant_ref_sink (g_variant_builder_end (&builder));
  read = iss_agent_wire_read_findings (most, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 64);
  finding = read->pdata[0];
  g_assert_null (strchr (finding->text, '\n'));
  g_assert_null (strstr (finding->text, "\xe2\x80\xae"));

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(uss)"));
  for (guint i = 0; i < 65; i++)
    g_variant_builder_add (&builder, "(uss)", 1, "code", "text");
  more = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_assert_null (iss_agent_wire_read_findings (more, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

static GVariant *
new_item (gsize       sha256_size,
          gsize       sha1_size,
          const char *store)
{
  static const guint8 bytes[64];
  GVariantBuilder builder;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "sha256",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, sha256_size,
                                                          1));
  g_variant_dict_insert_value (&dict, "sha1",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, sha1_size,
                                                          1));
  if (store != NULL)
    g_variant_dict_insert (&dict, "store", "s", store);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_add_value (&builder, g_variant_dict_end (&dict));

  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
test_agent_wire_items (void)
{
  static const struct
  {
    const char *name;
    gsize       sha256_size;
    gsize       sha1_size;
    const char *store;
    gboolean    taken;
  } cases[] = {
    { "the least", 32, 20, "my", TRUE },
    { "a short SHA-256", 31, 20, "my", FALSE },
    { "a long SHA-256", 33, 20, "my", FALSE },
    { "a short SHA-1", 32, 19, "my", FALSE },
    { "no such store", 32, 20, "yours", FALSE },
    { "no store", 32, 20, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) variant = new_item (cases[i].sha256_size, cases[i].sha1_size,
                                              cases[i].store);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) read = iss_agent_wire_read_items (variant, &error);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (read != NULL, ==, cases[i].taken);
      if (!cases[i].taken)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

static void
test_agent_wire_items_round_trip (void)
{
  IssImportItem item = { .issued_to = (char *) "auth.contoso.example", .not_after = 1814364131,
                         .store = ISS_STORE_ROOT, .added = TRUE, .key_added = TRUE };
  g_autoptr(GPtrArray) items = g_ptr_array_new ();
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  const IssImportItem *back;

  memset (item.sha256, 'A', sizeof item.sha256);
  memset (item.sha1, 'B', sizeof item.sha1);
  g_ptr_array_add (items, &item);
  variant = g_variant_ref_sink (iss_agent_wire_new_items (items));
  read = iss_agent_wire_read_items (variant, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 1);
  back = read->pdata[0];
  g_assert_cmpmem (back->sha256, 32, item.sha256, 32);
  g_assert_cmpmem (back->sha1, 20, item.sha1, 20);
  g_assert_cmpstr (back->issued_to, ==, item.issued_to);
  g_assert_cmpint (back->not_after, ==, item.not_after);
  g_assert_cmpint (back->store, ==, ISS_STORE_ROOT);
  g_assert_true (back->added);
  g_assert_false (back->has_key);
  g_assert_true (back->key_added);
}

static void
test_agent_wire_members (void)
{
  g_autoptr(GVariant) dictionary =
    g_variant_parse (G_VARIANT_TYPE_VARDICT,
                     "{'text': <'abcdef'>, 'number': <7>, 'yes': <true>, 'no': <false>}", NULL,
                     NULL, NULL);
  g_autofree char *whole = iss_agent_wire_dup_text (dictionary, "text", 6);
  g_autofree char *cut = iss_agent_wire_dup_text (dictionary, "text", 3);
  g_autofree char *other_type = iss_agent_wire_dup_text (dictionary, "number", 6);
  g_autofree char *missing = iss_agent_wire_dup_text (dictionary, "nothing", 6);

  g_assert_cmpstr (whole, ==, "abcdef");
  g_assert_true (g_str_has_prefix (cut, "ab"));
  g_assert_cmpint (g_utf8_strlen (cut, -1), <=, 3);
  g_assert_cmpstr (other_type, ==, "");
  g_assert_cmpstr (missing, ==, "");
  g_assert_true (iss_agent_wire_get_boolean (dictionary, "yes"));
  g_assert_false (iss_agent_wire_get_boolean (dictionary, "no"));
  g_assert_false (iss_agent_wire_get_boolean (dictionary, "number"));
  g_assert_false (iss_agent_wire_get_boolean (dictionary, "nothing"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-wire/import-round-trip", test_agent_wire_import_round_trip);
  g_test_add_func ("/agent-wire/import-bad", test_agent_wire_import_bad);
  g_test_add_func ("/agent-wire/import-long-password", test_agent_wire_import_long_password);
  g_test_add_func ("/agent-wire/hashes", test_agent_wire_hashes);
  g_test_add_func ("/agent-wire/findings", test_agent_wire_findings);
  g_test_add_func ("/agent-wire/findings-hostile", test_agent_wire_findings_hostile);
  g_test_add_func ("/agent-wire/items", test_agent_wire_items);
  g_test_add_func ("/agent-wire/items-round-trip", test_agent_wire_items_round_trip);
  g_test_add_func ("/agent-wire/members", test_agent_wire_members);

  return g_test_run ();
}
