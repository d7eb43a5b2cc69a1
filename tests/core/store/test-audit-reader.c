/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/audit-reader.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/store/audit.h"
#include "tests/core/store/store-fixture.h"

#define NOW ISS_STORE_FIXTURE_NOW
#define FILE_NAME "audit.jsonl"

static void
append (IssStoreFixture *fixture,
        const char      *what)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_audit_append (fixture->root, NOW, "alice", what, NULL, &error));
  g_assert_no_error (error);
}

static GPtrArray *
read_page (IssStoreFixture     *fixture,
           guint64              before,
           guint                limit,
           IssAuditReaderFunc   func,
           guint64             *out_next)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *entries = iss_audit_reader_read (fixture->root, before, limit, NULL, func, NULL,
                                              out_next, &error);

  g_assert_no_error (error);
  return entries;
}

static guint64
get_n (GPtrArray *entries,
       guint      index)
{
  return iss_audit_entry_get_n (entries->pdata[index]);
}

static IssAuditEntryState
get_state (GPtrArray *entries,
           guint      index)
{
  return iss_audit_entry_get_state (entries->pdata[index]);
}

static gboolean
is_import (IssAuditEntry *entry,
           gpointer       unused)
{
  return g_str_equal (iss_audit_entry_get_what (entry), "import");
}

static void
test_pages (IssStoreFixture *fixture,
            gconstpointer    unused)
{
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) few = NULL;
  g_autoptr(GError) error = NULL;
  guint64 next = 99;
  guint64 expected = 50;

  none = read_page (fixture, 0, 10, NULL, &next);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (next, ==, 0);

  for (guint i = 0; i < 50; i++)
    append (fixture, i % 10 == 0 ? "import" : "assign");

  do
    {
      g_autoptr(GPtrArray) page = read_page (fixture, next, 7, NULL, &next);

      for (guint i = 0; i < page->len; i++)
        g_assert_cmpuint (get_n (page, i), ==, expected--);
    }
  while (next != 0);
  g_assert_cmpuint (expected, ==, 0);

  few = read_page (fixture, 0, 3, is_import, &next);
  g_assert_cmpuint (few->len, ==, 3);
  g_assert_cmpuint (get_n (few, 0), ==, 41);
  g_assert_cmpuint (get_n (few, 2), ==, 21);
  g_assert_cmpuint (next, ==, iss_audit_entry_get_offset (few->pdata[2]));

  next = 99;
  g_assert_null (iss_audit_reader_read (fixture->root, 1000 * 1000, 7, NULL, NULL, NULL, &next,
                                        &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  g_assert_cmpuint (next, ==, 99);
}

/* Lines that are no entries stand where they are, and are told apart by what comes after. */
static void
test_strange (IssStoreFixture *fixture,
              gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autofree char *text = NULL;
  g_autofree char *torn = NULL;
  g_autofree char *rubbish = NULL;
  g_autofree char *end = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) last = NULL;
  guint64 next;

  append (fixture, "import");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  torn = g_strconcat ("rubbish\n", text, "{\"n\":2,\"ti", NULL);
  iss_store_fixture_write (fixture, FILE_NAME, torn);
  append (fixture, "import");

  g_free (text);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  end = g_strconcat (text, "{\"n\":3", NULL);
  iss_store_fixture_write (fixture, FILE_NAME, end);

  entries = read_page (fixture, 0, 10, NULL, &next);
  g_assert_cmpuint (entries->len, ==, 5);
  g_assert_cmpint (get_state (entries, 0), ==, ISS_AUDIT_ENTRY_TORN);
  g_assert_cmpuint (get_n (entries, 1), ==, 2);
  g_assert_cmpint (get_state (entries, 2), ==, ISS_AUDIT_ENTRY_TORN);
  g_assert_cmpuint (get_n (entries, 3), ==, 1);
  g_assert_cmpint (get_state (entries, 4), ==, ISS_AUDIT_ENTRY_DAMAGED);

  /* A page that begins with it knows it, too. */
  last = read_page (fixture, iss_audit_entry_get_offset (entries->pdata[1]), 1, NULL, &next);
  g_assert_cmpint (get_state (last, 0), ==, ISS_AUDIT_ENTRY_TORN);
  g_ptr_array_unref (g_steal_pointer (&last));
  last = read_page (fixture, iss_audit_entry_get_offset (entries->pdata[3]), 1, NULL, &next);
  g_assert_cmpint (get_state (last, 0), ==, ISS_AUDIT_ENTRY_DAMAGED);
  g_assert_cmpuint (next, ==, 0);

  rubbish = g_strconcat (text, "no entry\n", NULL);
  iss_store_fixture_write (fixture, FILE_NAME, rubbish);
  g_ptr_array_unref (g_steal_pointer (&last));
  last = read_page (fixture, 0, 1, NULL, &next);
  g_assert_cmpint (get_state (last, 0), ==, ISS_AUDIT_ENTRY_DAMAGED);
}

/* A megabyte without a newline is no line; what is before and after it can be read. */
static void
test_long (IssStoreFixture *fixture,
           gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autofree char *huge = g_strnfill (1024 * 1024, 'x');
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  guint n_whole = 0;
  guint64 next;

  append (fixture, "import");
  append (fixture, "import");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  changed = g_strdup_printf ("%s\n%s\n%s\n", lines[0], huge, lines[1]);
  iss_store_fixture_write (fixture, FILE_NAME, changed);

  entries = read_page (fixture, 0, 100, NULL, &next);
  g_assert_cmpuint (next, ==, 0);
  g_assert_cmpuint (get_n (entries, 0), ==, 2);
  g_assert_cmpuint (get_n (entries, entries->len - 1), ==, 1);
  for (guint i = 0; i < entries->len; i++)
    {
      n_whole += get_state (entries, i) == ISS_AUDIT_ENTRY_WHOLE ? 1 : 0;
      g_assert_cmpuint (g_bytes_get_size (iss_audit_entry_get_line (entries->pdata[i])), <=,
                        16 * 1024);
    }
  g_assert_cmpuint (n_whole, ==, 2);
  g_assert_cmpuint (entries->len, <, 10);
}

static void
test_no_file (IssStoreFixture *fixture,
              gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, FILE_NAME);
  g_autoptr(GError) error = NULL;
  guint64 next;

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (iss_audit_reader_read (fixture->root, 0, 7, NULL, NULL, NULL, &next, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/audit-reader/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("pages", test_pages);
  ADD ("strange", test_strange);
  ADD ("long", test_long);
  ADD ("no-file", test_no_file);

  return g_test_run ();
}
