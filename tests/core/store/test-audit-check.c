/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: audit-line, audit-head. */
#include "core/store/audit-check.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/store/audit-head.h"
#include "core/store/audit.h"
#include "tests/core/store/store-fixture.h"

#define NOW ISS_STORE_FIXTURE_NOW
#define N_ENTRIES 6

static void
append (IssStoreFixture *fixture,
        guint            n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (iss_audit_append (fixture->root, NOW + i, "alice", "import", NULL, &error));
      g_assert_no_error (error);
    }
}

static IssAuditCheck
check (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssAuditCheck found;

  g_assert_true (iss_audit_check_run (fixture->root, &found, &error));
  g_assert_no_error (error);
  return found;
}

static char *
dup_text (const IssAuditCheck *found)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();

  return iss_audit_check_dup_text (found, zone);
}

static void
set_letter (GPtrArray *lines,
            guint      n)
{
  *strstr (lines->pdata[n - 1], "alice") = 'A';
}

static void
change_3 (GPtrArray *lines)
{
  set_letter (lines, 3);
}

static void
change_1 (GPtrArray *lines)
{
  set_letter (lines, 1);
}

static void
change_last (GPtrArray *lines)
{
  set_letter (lines, 6);
}

/* Its own "previous" is what was changed: it fits neither side. */
static void
change_link_of_4 (GPtrArray *lines)
{
  char *found = strstr (lines->pdata[3], "\"previous\":\"") + strlen ("\"previous\":\"");

  *found = *found == '0' ? '1' : '0';
}

static void
change_link_of_last (GPtrArray *lines)
{
  char *found = strstr (lines->pdata[5], "\"previous\":\"") + strlen ("\"previous\":\"");

  *found = *found == '0' ? '1' : '0';
}

static void
change_1_and_4 (GPtrArray *lines)
{
  set_letter (lines, 1);
  set_letter (lines, 4);
}

static void
spoil_2 (GPtrArray *lines)
{
  memcpy (lines->pdata[1], "xx", 2);
}

static void
spoil_2_and_3 (GPtrArray *lines)
{
  memcpy (lines->pdata[1], "xx", 2);
  memcpy (lines->pdata[2], "xx", 2);
}

static void
remove_2 (GPtrArray *lines)
{
  g_ptr_array_remove_index (lines, 1);
}

static void
remove_first_two (GPtrArray *lines)
{
  g_ptr_array_remove_range (lines, 0, 2);
}

static void
remove_last_two (GPtrArray *lines)
{
  g_ptr_array_set_size (lines, 4);
}

static void
remove_last (GPtrArray *lines)
{
  g_ptr_array_set_size (lines, 5);
}

static void
remove_all (GPtrArray *lines)
{
  g_ptr_array_set_size (lines, 0);
}

static void
repeat_3 (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 3, g_strdup (lines->pdata[2]));
}

static void
insert_text (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 4, g_strdup ("{\"n\":5,\"what\":\"nothing\"}"));
}

static void
append_text (GPtrArray *lines)
{
  g_ptr_array_add (lines, g_strdup ("rubbish"));
}

static void
begin_with_text (GPtrArray *lines)
{
  g_ptr_array_insert (lines, 0, g_strdup (""));
}

static void
keep (GPtrArray *lines)
{
}

static void
test_faults (IssStoreFixture *fixture,
             gconstpointer    unused)
{
  const struct
    {
      const char    *name;
      void        (* change) (GPtrArray *lines);
      IssAuditFault  fault;
      guint          from;
      guint          to;
      guint          line;
      guint          n_faults;
      guint          proven_from;
      const char    *says;
    } cases[] =
    {
      { "nothing", keep, ISS_AUDIT_FAULT_NONE, 0, 0, 0, 0, 1,
        "6 entries, unbroken since 2 July 2026" },
      { "entry changed", change_3, ISS_AUDIT_FAULT_CHANGED, 3, 0, 3, 1, 4,
        "Entry 3 was changed after it was written: it is not the one that the next entry was "
        "written after (line 3). Entries 4 to 6 are as they were acknowledged; what stands "
        "before, only a copy kept elsewhere can prove" },
      { "first entry changed", change_1, ISS_AUDIT_FAULT_CHANGED, 1, 0, 1, 1, 2, "Entry 1 was" },
      { "last entry changed", change_last, ISS_AUDIT_FAULT_CHANGED, 6, 0, 6, 1, 0,
        "Entry 6, the last one, was changed after it was written: it is not the one that was "
        "acknowledged (line 6). The record no longer proves any of its entries" },
      { "link changed", change_link_of_4, ISS_AUDIT_FAULT_CHANGED, 4, 0, 4, 1, 5, "Entry 4 was" },
      { "last link changed", change_link_of_last, ISS_AUDIT_FAULT_CHANGED, 6, 0, 6, 1, 0,
        "Entry 6, the last one, was" },
      { "two entries changed", change_1_and_4, ISS_AUDIT_FAULT_CHANGED, 1, 0, 1, 2, 5,
        "There is 1 more break after it" },
      { "entry spoilt", spoil_2, ISS_AUDIT_FAULT_UNREADABLE, 2, 2, 2, 1, 3,
        "Entry 2 was changed after it was written: what stands in its place is no entry (line 2)" },
      { "two entries spoilt", spoil_2_and_3, ISS_AUDIT_FAULT_UNREADABLE, 2, 3, 2, 1, 4,
        "Entries 2 to 3 were changed" },
      { "entry removed", remove_2, ISS_AUDIT_FAULT_MISSING, 2, 2, 2, 1, 3, "Entry 2 is missing" },
      { "first two removed", remove_first_two, ISS_AUDIT_FAULT_MISSING, 1, 2, 1, 1, 3,
        "Entries 1 to 2 are missing" },
      { "last one removed", remove_last, ISS_AUDIT_FAULT_END, 6, 6, 0, 1, 0,
        "Entry 6, the last one, was removed after it was acknowledged. The record" },
      { "last two removed", remove_last_two, ISS_AUDIT_FAULT_END, 5, 6, 0, 1, 0,
        "Entries 5 to 6, the last ones, were removed" },
      { "all removed", remove_all, ISS_AUDIT_FAULT_END, 1, 6, 0, 1, 0, "None is left" },
      { "entry repeated", repeat_3, ISS_AUDIT_FAULT_OUT_OF_TURN, 3, 3, 4, 1, 3,
        "An entry with the number 3 stands after entry 3" },
      { "text put in", insert_text, ISS_AUDIT_FAULT_STRANGE, 4, 0, 5, 1, 5,
        "Something that is no entry was put in after entry 4 (line 5)" },
      { "text appended", append_text, ISS_AUDIT_FAULT_STRANGE, 6, 0, 7, 1, 1,
        "put in after entry 6 (line 7). Entries 1 to 6 are as they were acknowledged" },
      { "empty line first", begin_with_text, ISS_AUDIT_FAULT_STRANGE, 0, 0, 1, 1, 1,
        "at the beginning (line 1)" },
    };
  g_autofree char *path = iss_store_fixture_dup_path (fixture, ISS_AUDIT_FILE_NAME);
  g_autofree char *text = NULL;

  append (fixture, N_ENTRIES);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
      g_auto(GStrv) split = g_strsplit (text, "\n", -1);
      g_autoptr(GString) changed = g_string_new (NULL);
      g_autofree char *said = NULL;
      IssAuditCheck found;

      for (guint k = 0; k < N_ENTRIES; k++)
        g_ptr_array_add (lines, g_strdup (split[k]));
      cases[i].change (lines);
      for (guint k = 0; k < lines->len; k++)
        g_string_append_printf (changed, "%s\n", (char *) lines->pdata[k]);
      iss_store_fixture_write (fixture, ISS_AUDIT_FILE_NAME, changed->str);

      found = check (fixture);
      said = dup_text (&found);
      g_test_message ("%s: %s", cases[i].name, said);
      g_assert_cmpint (found.fault, ==, cases[i].fault);
      g_assert_cmpuint (found.from, ==, cases[i].from);
      g_assert_cmpuint (found.to, ==, cases[i].to);
      g_assert_cmpuint (found.line, ==, cases[i].line);
      g_assert_cmpuint (found.n_faults, ==, cases[i].n_faults);
      g_assert_cmpuint (found.proven_from, ==, cases[i].proven_from);
      g_assert_nonnull (strstr (said, cases[i].says));
      g_assert_cmpint (found.n_torn, ==, 0);
    }
}

static void
test_head (IssStoreFixture *fixture,
           gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, ISS_AUDIT_HEAD_NAME);
  g_autofree char *old = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  IssAuditHead head;
  IssAuditCheck found = check (fixture);

  g_assert_cmpuint (found.n_entries, ==, 0);
  g_assert_cmpuint (found.n_faults, ==, 0);
  g_assert_cmpstr (found.last_hash, ==, "");
  said = dup_text (&found);
  g_assert_cmpstr (said, ==, "There is no entry yet");

  append (fixture, 2);
  g_assert_true (g_file_get_contents (path, &old, NULL, NULL));
  append (fixture, 2);
  g_assert_true (iss_audit_head_read (fixture->root, &head, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (head.n, ==, 4);
  found = check (fixture);
  g_assert_cmpstr (found.last_hash, ==, head.hash);
  g_assert_cmpint (found.first_time, ==, NOW);
  g_assert_cmpint (found.last_time, ==, NOW + 1);

  iss_store_fixture_write (fixture, ISS_AUDIT_HEAD_NAME, old);
  found = check (fixture);
  g_assert_cmpint (found.fault, ==, ISS_AUDIT_FAULT_AHEAD);
  g_assert_cmpuint (found.from, ==, 3);
  g_assert_cmpuint (found.to, ==, 4);
  g_assert_cmpuint (found.proven_from, ==, 0);

  iss_store_fixture_write (fixture, ISS_AUDIT_HEAD_NAME, "4 abc\n");
  g_assert_false (iss_audit_head_read (fixture->root, &head, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  found = check (fixture);
  g_assert_cmpint (found.fault, ==, ISS_AUDIT_FAULT_NO_HEAD);

  g_assert_cmpint (g_unlink (path), ==, 0);
  found = check (fixture);
  g_assert_cmpint (found.fault, ==, ISS_AUDIT_FAULT_NO_HEAD);
  g_assert_cmpuint (found.proven_from, ==, 0);
}

/* A power loss is no tampering; what it left may not be touched either. */
static void
test_torn (IssStoreFixture *fixture,
           gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, ISS_AUDIT_FILE_NAME);
  g_autofree char *text = NULL;
  g_autofree char *torn = NULL;
  g_autofree char *said = NULL;
  g_autofree char *said_changed = NULL;
  IssAuditCheck found;

  append (fixture, 1);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  torn = g_strconcat (text, "{\"n\":2,\"ti", NULL);
  iss_store_fixture_write (fixture, ISS_AUDIT_FILE_NAME, torn);
  found = check (fixture);
  g_assert_cmpuint (found.n_faults, ==, 0);
  g_assert_cmpuint (found.n_torn, ==, 1);

  append (fixture, 1);
  found = check (fixture);
  g_assert_cmpuint (found.n_faults, ==, 0);
  g_assert_cmpuint (found.n_torn, ==, 1);
  said = dup_text (&found);
  g_assert_cmpstr (said, ==, "2 entries, unbroken since 2 July 2026. A power loss cut off 1 entry "
                   "while it was written; it was never acknowledged");

  g_free (text);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  strstr (text, "{\"n\":2,\"ti\n")[5] = '3';
  iss_store_fixture_write (fixture, ISS_AUDIT_FILE_NAME, text);
  found = check (fixture);
  g_assert_cmpint (found.fault, ==, ISS_AUDIT_FAULT_TORN);
  g_assert_cmpuint (found.from, ==, 2);
  said_changed = dup_text (&found);
  g_assert_nonnull (strstr (said_changed, "power loss had left before entry 2"));
}

static void
test_unreadable (IssStoreFixture *fixture,
                 gconstpointer    unused)
{
  g_autofree char *path = iss_store_fixture_dup_path (fixture, ISS_AUDIT_FILE_NAME);
  g_autoptr(GError) error = NULL;
  IssAuditCheck untouched = { .from = 99 };

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_false (iss_audit_check_run (fixture->root, &untouched, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (untouched.from, ==, 99);
}

static void
test_lines (void)
{
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  const struct
    {
      const char *name;
      const char *text;
      guint       n;      /* 0: it has not the form */
      gboolean    torn;
    } cases[] =
    {
      { "whole", "{\"n\":1,\"a\":\"b\",\"previous\":\"" HASH "\"}", 1, FALSE },
      { "torn", "{\"n\":12,\"a\":\"b\",\"torn\":\"" HASH "\",\"previous\":\"" HASH "\"}", 12,
        TRUE },
      { "empty", "", 0, FALSE },
      { "number 0", "{\"n\":0,\"a\":\"b\",\"previous\":\"" HASH "\"}", 0, FALSE },
      { "no number", "{\"n\":x,\"a\":\"b\",\"previous\":\"" HASH "\"}", 0, FALSE },
      { "cut off", "{\"n\":1,\"a\":\"b\",\"previous\":\"" HASH "\"", 0, FALSE },
      { "no previous", "{\"n\":1,\"a\":\"b\"}", 0, FALSE },
      { "short previous", "{\"n\":1,\"previous\":\"0123\"}", 0, FALSE },
      { "upper case", "{\"n\":1,\"a\":\"b\",\"previous\":\"" "ABCDEF" "6789abcdef0123456789abcdef"
        "0123456789abcdef0123456789abcdef" "\"}", 0, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssAuditLine line = { cases[i].text, strlen (cases[i].text) };
      IssAuditForm form = { 99, NULL, NULL };

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (iss_audit_line_parse (&line, &form), ==, cases[i].n != 0);
      g_assert_cmpuint (form.n, ==, cases[i].n != 0 ? cases[i].n : 99);
      g_assert_cmpint (form.torn != NULL, ==, cases[i].torn);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/audit-check/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("faults", test_faults);
  ADD ("head", test_head);
  ADD ("torn", test_torn);
  ADD ("unreadable", test_unreadable);
  g_test_add_func ("/audit-check/lines", test_lines);

  return g_test_run ();
}
