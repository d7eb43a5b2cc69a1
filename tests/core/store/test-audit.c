/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "tests/core/store/store-fixture.h"

#define NOW ISS_STORE_FIXTURE_NOW
#define FILE_NAME "audit.jsonl"

static const char *const details[] = { "thumbprint", "AB\"C\n", "store", "my", NULL };

static void
append (IssStoreFixture *fixture,
        const char      *what)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_audit_append (fixture->root, NOW, "alice", what, details, &error));
  g_assert_no_error (error);
}

static char *
dup_record (IssStoreFixture *fixture)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

static void
assert_whole (IssStoreFixture *fixture,
              guint            n_lines,
              guint            n_torn)
{
  g_autoptr(GError) error = NULL;
  guint found_lines = 99;
  guint found_torn = 99;

  g_assert_true (iss_audit_verify (fixture->root, &found_lines, &found_torn, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found_lines, ==, n_lines);
  g_assert_cmpuint (found_torn, ==, n_torn);
}

static void
assert_damaged (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  guint untouched = 99;

  g_assert_false (iss_audit_verify (fixture->root, &untouched, &untouched, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_cmpuint (untouched, ==, 99);
}

static void
test_audit_append (IssStoreFixture *fixture,
                   gconstpointer    unused)
{
  g_autofree char *text = NULL;
  g_autofree char *hash = NULL;
  g_auto(GStrv) lines = NULL;

  assert_whole (fixture, 0, 0);
  append (fixture, "import");
  assert_whole (fixture, 1, 0);
  append (fixture, "assign");
  append (fixture, "assign");
  assert_whole (fixture, 3, 0);

  text = dup_record (fixture);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_true (g_str_has_prefix (lines[0],
    "{\"n\":1,\"time\":\"2026-07-02T13:46:40Z\",\"who\":\"alice\",\"what\":\"import\","
    "\"thumbprint\":\"AB\\\"C"));
  g_assert_true (g_str_has_suffix (lines[0],
    ",\"store\":\"my\",\"previous\":\"000000000000000000000000000000000000000000000000"
    "0000000000000000\"}"));

  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, lines[0], -1);
  g_assert_nonnull (strstr (lines[1], hash));
  g_assert_cmpstr (lines[3], ==, "");
}

typedef void (* Change) (GPtrArray *lines);

static void
change_letter (GPtrArray *lines)
{
  char *line = g_ptr_array_index (lines, 1);

  *strstr (line, "alice") = 'A';
}

static void
change_last (GPtrArray *lines)
{
  char *line = g_ptr_array_index (lines, 3);

  *strstr (line, "alice") = 'A';
}

static void
remove_first (GPtrArray *lines)
{
  g_ptr_array_remove_index (lines, 0);
}

static void
remove_middle (GPtrArray *lines)
{
  g_ptr_array_remove_index (lines, 1);
}

static void
remove_last (GPtrArray *lines)
{
  g_ptr_array_remove_index (lines, 3);
}

static void
remove_last_two (GPtrArray *lines)
{
  g_ptr_array_set_size (lines, 2);
}

static void
remove_all (GPtrArray *lines)
{
  g_ptr_array_set_size (lines, 0);
}

static void
exchange (GPtrArray *lines)
{
  gpointer line = lines->pdata[1];

  lines->pdata[1] = lines->pdata[2];
  lines->pdata[2] = line;
}

static void
repeat (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 1, g_strdup (g_ptr_array_index (lines, 1)));
}

static void
insert_text (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 2, g_strdup ("{\"n\":2,\"what\":\"nothing\"}"));
}

static void
append_text (GPtrArray *lines)
{
  g_ptr_array_add (lines, g_strdup ("{\"n\":5,\"what\":\"nothing\"}"));
}

static void
insert_empty (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 2, g_strdup (""));
}

static void
test_audit_tampered (IssStoreFixture *fixture,
                     gconstpointer    unused)
{
  const struct
  {
    const char *name;
    Change      change;
    gboolean    seen_by_append;
  } cases[] =
    {
      { "letter changed", change_letter, FALSE },
      { "last line changed", change_last, TRUE },
      { "first line removed", remove_first, FALSE },
      { "middle line removed", remove_middle, FALSE },
      { "last line removed", remove_last, TRUE },
      { "last two lines removed", remove_last_two, TRUE },
      { "all lines removed", remove_all, TRUE },
      { "lines exchanged", exchange, FALSE },
      { "line repeated", repeat, FALSE },
      { "line inserted", insert_text, FALSE },
      { "line appended", append_text, FALSE },
      { "empty line inserted", insert_empty, FALSE },
    };
  g_autofree char *text = NULL;

  for (guint i = 0; i < 4; i++)
    append (fixture, "assign");

  text = dup_record (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
      g_auto(GStrv) split = g_strsplit (text, "\n", -1);
      g_autoptr(GString) changed = g_string_new (NULL);

      g_test_message ("%s", cases[i].name);

      for (guint j = 0; j < 4; j++)
        g_ptr_array_add (lines, g_strdup (split[j]));

      cases[i].change (lines);

      for (guint j = 0; j < lines->len; j++)
        g_string_append_printf (changed, "%s\n", (char *) g_ptr_array_index (lines, j));

      iss_store_fixture_write (fixture, FILE_NAME, changed->str);
      assert_damaged (fixture);

      if (cases[i].seen_by_append)
        {
          g_autoptr(GError) error = NULL;
          g_autofree char *after = NULL;

          g_assert_false (iss_audit_append (fixture->root, NOW, "bob", "assign", NULL, &error));
          g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
          after = dup_record (fixture);
          g_assert_cmpstr (after, ==, changed->str);
        }
    }

  iss_store_fixture_write (fixture, FILE_NAME, text);
  assert_whole (fixture, 4, 0);
}

static void
test_audit_head (IssStoreFixture *fixture,
                 gconstpointer    unused)
{
  static const char *const heads[] = { "", "3", "3 abc\n", "x", "2 " };
  g_autofree char *head = iss_store_fixture_dup_path (fixture, "audit.head");
  g_autofree char *text = NULL;

  for (guint i = 0; i < 3; i++)
    append (fixture, "assign");

  g_assert_true (g_file_get_contents (head, &text, NULL, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      iss_store_fixture_write (fixture, "audit.head", heads[i]);
      assert_damaged (fixture);
    }

  g_assert_cmpint (g_unlink (head), ==, 0);
  assert_damaged (fixture);

  /* The record may be one line ahead of it, after a crash. */
  iss_store_fixture_write (fixture, "audit.head", text);
  assert_whole (fixture, 3, 0);
  append (fixture, "assign");
  iss_store_fixture_write (fixture, "audit.head", text);
  assert_whole (fixture, 4, 0);
  append (fixture, "assign");
  assert_whole (fixture, 5, 0);

  /* Not two. */
  iss_store_fixture_write (fixture, "audit.head", text);
  assert_damaged (fixture);
}

/* The power goes while the third line is being written, after each of its bytes. */
static void
test_audit_torn (IssStoreFixture *fixture,
                 gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autofree char *head_path = iss_store_fixture_dup_path (fixture, "audit.head");
  g_autofree char *head = NULL;
  g_autofree char *two = NULL;
  g_autofree char *three = NULL;

  append (fixture, "assign");
  append (fixture, "assign");
  two = dup_record (fixture);
  g_assert_true (g_file_get_contents (head_path, &head, NULL, NULL));
  append (fixture, "assign");
  three = dup_record (fixture);

  for (gsize size = strlen (two); size <= strlen (three); size += size + 8 < strlen (three) ? 7 : 1)
    {
      gboolean whole = size + 1 >= strlen (three);
      gboolean torn = size > strlen (two) && !whole;

      g_assert_true (g_file_set_contents (path, three, (gssize) size, NULL));
      iss_store_fixture_write (fixture, "audit.head", head);

      assert_whole (fixture, whole ? 3 : 2, torn ? 1 : 0);
      append (fixture, "import");
      append (fixture, "import");
      assert_whole (fixture, whole ? 5 : 4, torn ? 1 : 0);
    }
}

/* What is left of a torn line is covered by the chain, too. */
static void
test_audit_torn_tampered (IssStoreFixture *fixture,
                          gconstpointer    unused)
{
  g_autofree char *torn = NULL;
  g_autofree char *text = NULL;
  g_autofree char *without = NULL;
  char *rest;

  append (fixture, "assign");
  torn = dup_record (fixture);
  text = g_strconcat (torn, "{\"n\":2,\"ti", NULL);
  iss_store_fixture_write (fixture, FILE_NAME, text);
  append (fixture, "assign");
  assert_whole (fixture, 2, 1);

  g_free (text);
  text = dup_record (fixture);
  rest = strstr (text, "{\"n\":2,\"ti\n");
  without = g_strdup_printf ("%.*s%s", (int) (rest - text), text,
                             rest + strlen ("{\"n\":2,\"ti\n"));
  iss_store_fixture_write (fixture, FILE_NAME, without);
  assert_damaged (fixture);

  rest[5] = '3';
  iss_store_fixture_write (fixture, FILE_NAME, text);
  assert_damaged (fixture);
}

static void
test_audit_limits (IssStoreFixture *fixture,
                   gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autofree char *huge = g_strnfill (100000, 'x');
  g_autoptr(GPtrArray) many = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  struct stat info;

  g_assert_true (iss_audit_append (fixture->root, NOW, huge, "import", NULL, &error));
  g_assert_no_error (error);
  assert_whole (fixture, 1, 0);

  for (guint i = 0; i < 100; i++)
    {
      g_ptr_array_add (many, (gpointer) "name");
      g_ptr_array_add (many, huge);
    }
  g_ptr_array_add (many, NULL);

  g_assert_false (iss_audit_append (fixture->root, NOW, "alice", "import",
                                    (const char *const *) many->pdata, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  assert_whole (fixture, 1, 0);

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/audit/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("append", test_audit_append);
  ADD ("tampered", test_audit_tampered);
  ADD ("head", test_audit_head);
  ADD ("torn", test_audit_torn);
  ADD ("torn-tampered", test_audit_torn_tampered);
  ADD ("limits", test_audit_limits);

  return g_test_run ();
}
