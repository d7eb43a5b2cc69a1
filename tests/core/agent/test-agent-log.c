/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Against a real agent, and against answers that no honest one gives. */
#include "core/agent/agent-log.h"

#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/store/audit-sentence.h"
#include "core/store/audit.h"
#include "tests/lib/agent-fixture.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static gpointer
call (IssAgentFixture  *fixture,
      IssAgentCall     *what,
      GError          **error)
{
  g_autoptr(IssAgentCall) owned = what;

  g_clear_object (&fixture->result);
  iss_agent_client_call_async (fixture->client, owned, NULL, iss_agent_fixture_result_cb,
                               fixture);
  return iss_agent_client_call_finish (fixture->client, iss_agent_fixture_wait (fixture), error);
}

static IssAgentLogPage *
get (IssAgentFixture        *fixture,
     const IssAgentLogQuery *query)
{
  g_autoptr(GError) error = NULL;
  IssAgentLogPage *page = call (fixture, iss_agent_log_new_get (query), &error);

  g_assert_no_error (error);
  return page;
}

/* What the entries say, newest first. */
static char *
dup_sentences (IssAgentLogPage *page)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < page->entries->len; i++)
    {
      g_autofree char *sentence = iss_audit_sentence_dup (page->entries->pdata[i]);

      g_string_append_printf (text, "%s\n", sentence);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append (IssAgentFixture *fixture,
        gint64           time,
        const char      *what,
        const char      *name,
        const char      *value)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRootFolder) root = iss_root_folder_open (fixture->root, FALSE, &error);
  const char *const details[] = { name, value, NULL };

  g_assert_no_error (error);
  g_assert_true (iss_audit_append (root, time, "bob", what, details, &error));
  g_assert_no_error (error);
}

static void
test_get (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssAgentLogPage) empty = NULL;
  g_autoptr(IssAgentLogPage) all = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GError) error = NULL;
  const struct
    {
      const char       *name;
      IssAgentLogQuery  query;
      guint             n;
    } cases[] =
    {
      { "name of a certificate", { 0, 10, "AUTH.contoso", NULL, 0 }, 1 },
      { "word of the sentence", { 0, 10, "Imported", NULL, 0 }, 1 },
      { "value", { 0, 10, "thursday", NULL, 0 }, 1 },
      { "nothing", { 0, 10, "friday", NULL, 0 }, 0 },
      { "kind", { 0, 10, NULL, "import", 0 }, 1 },
      { "since", { 0, 10, NULL, NULL, ISS_AGENT_FIXTURE_NOW + 10 }, 1 },
      { "all", { 0, 10, "", NULL, 0 }, 2 },
    };

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);

  empty = get (&fixture, &(IssAgentLogQuery) { .limit = 10 });
  g_assert_cmpuint (empty->entries->len, ==, 0);
  g_assert_cmpuint (empty->next, ==, 0);

  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);
  append (&fixture, ISS_AGENT_FIXTURE_NOW + 10, "tidy", "day", "Thursday");

  all = get (&fixture, &(IssAgentLogQuery) { .limit = 1 });
  g_assert_cmpuint (all->entries->len, ==, 1);
  g_assert_cmpuint (all->next, >, 0);
  g_clear_pointer (&all, iss_agent_log_page_free);
  all = get (&fixture, &(IssAgentLogQuery) { .limit = 10 });
  said = dup_sentences (all);
  g_assert_true (g_str_has_prefix (said, "bob: tidy day Thursday\n"));
  g_assert_nonnull (strstr (said, " imported auth.contoso.example"));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAgentLogPage) page = get (&fixture, &cases[i].query);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpuint (page->entries->len, ==, cases[i].n);
    }

  iss_agent_fixture_tear_down (&fixture);
}

/* Every line as long as it may be: the pages get smaller, and nothing is lost. */
static void
test_long_lines (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree char *path = NULL;
  g_autofree char *filler = g_strnfill (15 * 1024, 'x');
  g_autoptr(GString) text = g_string_new (NULL);
  IssAgentLogQuery query = { .limit = 1000 };
  guint expected = 600;
  guint n_pages = 0;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  path = g_build_filename (fixture.root, "audit.jsonl", NULL);

  for (guint i = 1; i <= expected; i++)
    g_string_append_printf (text, "{\"n\":%u,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"a\","
                            "\"what\":\"b\",\"c\":\"%s\",\"previous\":\"" HASH "\"}\n", i, filler);
  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));

  do
    {
      g_autoptr(IssAgentLogPage) page = get (&fixture, &query);

      for (guint i = 0; i < page->entries->len; i++)
        g_assert_cmpuint (iss_audit_entry_get_n (page->entries->pdata[i]), ==, expected--);
      query.before = page->next;
      n_pages++;
    }
  while (query.before != 0);

  g_assert_cmpuint (expected, ==, 0);
  g_assert_cmpuint (n_pages, >, 1);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_refused (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree char *long_filter = g_strnfill (1000, 'x');
  const struct
    {
      const char       *name;
      IssAgentLogQuery  query;
      IssError          code;
    } cases[] =
    {
      { "no limit", { 0, 0, NULL, NULL, 0 }, ISS_ERROR_INVALID_ARGUMENT },
      { "limit too large", { 0, 1001, NULL, NULL, 0 }, ISS_ERROR_INVALID_ARGUMENT },
      { "filter too long", { 0, 10, long_filter, NULL, 0 }, ISS_ERROR_INVALID_ARGUMENT },
      { "beyond the end", { G_MAXUINT64, 10, NULL, NULL, 0 }, ISS_ERROR_CHANGED },
    };

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  append (&fixture, ISS_AGENT_FIXTURE_NOW, "tidy", "day", "Thursday");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_null (call (&fixture, iss_agent_log_new_get (&cases[i].query), &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }

  iss_agent_fixture_tear_down (&fixture);
}

static void
test_verify (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree IssAuditCheck *empty = NULL;
  g_autofree IssAuditCheck *whole = NULL;
  g_autofree IssAuditCheck *broken = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  path = g_build_filename (fixture.root, "audit.jsonl", NULL);

  empty = call (&fixture, iss_agent_log_new_verify (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (empty->n_entries, ==, 0);

  for (guint i = 0; i < 3; i++)
    append (&fixture, ISS_AGENT_FIXTURE_NOW, "tidy", "day", "Thursday");
  whole = call (&fixture, iss_agent_log_new_verify (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (whole->n_entries, ==, 3);
  g_assert_cmpuint (whole->n_faults, ==, 0);
  g_assert_cmpuint (strlen (whole->last_hash), ==, 64);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  *strstr (text, "Thursday") = 't';
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  broken = call (&fixture, iss_agent_log_new_verify (), &error);
  g_assert_no_error (error);
  g_assert_cmpint (broken->fault, ==, ISS_AUDIT_FAULT_CHANGED);
  g_assert_cmpuint (broken->from, ==, 1);
  g_assert_cmpuint (broken->proven_from, ==, 2);

  iss_agent_fixture_tear_down (&fixture);
}

static void
test_viewer (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssAgentLogPage) page = NULL;
  g_autofree IssAuditCheck *check = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_script (&fixture, "exec \"$AGENT\" \"$@\" --role viewer");
  iss_agent_fixture_open (&fixture);
  append (&fixture, ISS_AGENT_FIXTURE_NOW, "tidy", "day", "Thursday");

  page = get (&fixture, &(IssAgentLogQuery) { .limit = 10 });
  g_assert_cmpuint (page->entries->len, ==, 1);
  check = call (&fixture, iss_agent_log_new_verify (), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (check->n_faults, ==, 0);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_hostile_pages (void)
{
  static const struct
    {
      const char *name;
      const char *reply;
      IssError    code;
    } cases[] =
    {
      { "more than asked", "(0, [(30, 1, b'a'), (20, 1, b'b'), (10, 1, b'c')], @a{ss} {})",
        ISS_ERROR_TOO_LARGE },
      { "out of order", "(0, [(10, 1, b'a'), (20, 1, b'b')], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "twice", "(0, [(20, 1, b'a'), (20, 1, b'b')], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "above what was asked", "(0, [(100, 1, b'a')], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "unknown kind", "(0, [(20, 3, b'a')], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "next page above", "(50, [(20, 1, b'a')], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "the same page again", "(100, @a(tuay) [], @a{ss} {})", ISS_ERROR_MALFORMED },
      { "name of nothing", "(0, @a(tuay) [], {'abc': 'def'})", ISS_ERROR_MALFORMED },
    };
  const IssAgentLogQuery query = { .before = 100, .limit = 2 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAgentCall) asked = iss_agent_log_new_get (&query);
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) reply =
        g_variant_parse (G_VARIANT_TYPE (iss_agent_call_get_reply_type (asked)), cases[i].reply,
                         NULL, NULL, &error);

      g_test_message ("%s", cases[i].name);
      g_assert_no_error (error);
      g_assert_null (iss_agent_call_read (asked, reply, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
}

/* What it says that can be seen is made fit to be seen; that a line is whole is not believed. */
static void
test_hostile_texts (void)
{
  const IssAgentLogQuery query = { .limit = 2 };
  g_autoptr(IssAgentCall) asked = iss_agent_log_new_get (&query);
  g_autofree char *huge = g_strnfill (17 * 1024, 'x');
  g_autofree char *text = g_strdup_printf ("(0, [(20, 0, b'%s')], @a{ss} {})", huge);
  g_autoptr(GVariant) too_long = g_variant_parse (G_VARIANT_TYPE ("(ta(tuay)a{ss})"), text, NULL,
                                                  NULL, NULL);
  g_autoptr(GVariant) reply =
    g_variant_parse (G_VARIANT_TYPE ("(ta(tuay)a{ss})"),
                     "(5, [(20, 0, b'\\342\\200\\256 {\\n')], {'" HASH "': '\\u202e evil'})", NULL,
                     NULL, NULL);
  g_autoptr(IssAgentLogPage) page = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (reply);
  page = iss_agent_call_read (asked, reply, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (page->next, ==, 5);
  g_assert_cmpint (iss_audit_entry_get_state (page->entries->pdata[0]), ==,
                   ISS_AUDIT_ENTRY_DAMAGED);
  g_assert_true (iss_text_is_clean (iss_audit_entry_get_text (page->entries->pdata[0]), 100));
  g_assert_true (iss_text_is_clean (iss_audit_entry_get_name_of (page->entries->pdata[0], HASH),
                                    100));

  g_assert_null (iss_agent_call_read (asked, too_long, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
test_hostile_checks (void)
{
  static const struct
    {
      const char *name;
      const char *reply;
      gboolean    good;
    } cases[] =
    {
      { "unbroken", "({'entries': <uint64 3>, 'last': <uint64 3>, 'faults': <uint64 0>, "
        "'fault': <uint32 0>, 'proven-from': <uint64 1>},)", TRUE },
      { "nothing", "(@a{sv} {},)", FALSE },
      { "another type", "({'entries': <'many'>, 'faults': <uint64 0>, 'fault': <uint32 0>},)",
        FALSE },
      { "unknown fault", "({'entries': <uint64 3>, 'last': <uint64 3>, 'faults': <uint64 1>, "
        "'fault': <uint32 77>},)", FALSE },
      { "fault without faults", "({'entries': <uint64 3>, 'last': <uint64 3>, "
        "'faults': <uint64 0>, 'fault': <uint32 1>, 'proven-from': <uint64 1>},)", FALSE },
      { "faults without fault", "({'entries': <uint64 3>, 'last': <uint64 3>, "
        "'faults': <uint64 1>, 'fault': <uint32 0>, 'proven-from': <uint64 1>},)", FALSE },
      { "unbroken, not proven", "({'entries': <uint64 3>, 'last': <uint64 3>, "
        "'faults': <uint64 0>, 'fault': <uint32 0>, 'proven-from': <uint64 2>},)", FALSE },
      { "proven beyond the end", "({'entries': <uint64 3>, 'last': <uint64 3>, "
        "'faults': <uint64 1>, 'fault': <uint32 1>, 'proven-from': <uint64 4>},)", FALSE },
      { "no hash", "({'entries': <uint64 3>, 'last': <uint64 3>, 'faults': <uint64 0>, "
        "'fault': <uint32 0>, 'proven-from': <uint64 1>, 'sha256': <'xyz'>},)", FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAgentCall) asked = iss_agent_log_new_verify ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) reply = g_variant_parse (G_VARIANT_TYPE ("(a{sv})"), cases[i].reply,
                                                   NULL, NULL, &error);
      g_autofree IssAuditCheck *check = NULL;

      g_test_message ("%s", cases[i].name);
      g_assert_no_error (error);
      check = iss_agent_call_read (asked, reply, &error);
      g_assert_cmpint (check != NULL, ==, cases[i].good);
      if (!cases[i].good)
        g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-log/get", test_get);
  g_test_add_func ("/agent-log/long-lines", test_long_lines);
  g_test_add_func ("/agent-log/refused", test_refused);
  g_test_add_func ("/agent-log/verify", test_verify);
  g_test_add_func ("/agent-log/viewer", test_viewer);
  g_test_add_func ("/agent-log/hostile-pages", test_hostile_pages);
  g_test_add_func ("/agent-log/hostile-texts", test_hostile_texts);
  g_test_add_func ("/agent-log/hostile-checks", test_hostile_checks);

  return g_test_run ();
}
