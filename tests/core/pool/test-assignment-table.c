/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: assignment-row. */
#include "core/pool/assignment-table.h"

#include <string.h>

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define OAUTH "OAuthTokenIssuer="
#define NO_WEB "Web services internal|current|||nothing is assigned|none\n" \
               "Web services external|current|||nothing is assigned|none\n"
#define NO_DEFAULT "Server default|current|||nothing is assigned|none\n" NO_WEB

static GPtrArray *
dup_servers (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

static char *
describe (IssAssignmentTable *table)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < iss_assignment_table_get_n_rows (table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (table, i);

      g_string_append_printf (text, "%s|%s|%s|%s|%s|%s%s\n", row->label,
                              iss_slot_get_name (row->slot), row->name, row->location, row->state,
                              iss_verdict_get_nick (row->verdict), row->stale ? ", stale" : "");
    }

  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  const char *lines[4];
  const char *type;      /* (nullable) */
  const char *rows;
  const char *silence;   /* (nullable) */
} Case;

static const Case cases[] = {
  { "as-on-the-screen",
    { "Default=S6 WebServicesInternal=S6 OAuthTokenIssuer*=A6,B4",
      "Default=S6 WebServicesInternal=S6 OAuthTokenIssuer*=A6,B4",
      "Default=S6 WebServicesInternal=S6 OAuthTokenIssuer*=A6,B4" }, NULL,
    "Server default|current|sip.contoso.example|Local|3 of 3 published|agrees\n"
    "Web services internal|current|sip.contoso.example|Local|3 of 3 published|agrees\n"
    "Web services external|current|||nothing is assigned|none\n"
    "OAuthTokenIssuer|current|auth.contoso.example|Global|3 of 3 published|agrees\n"
    "OAuthTokenIssuer|previous|old-auth.contoso.example|Global|may be removed|agrees\n", NULL },
  { "one-server", { OAUTH "A6,B4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|published|agrees\n"
    "OAuthTokenIssuer|previous|old-auth.contoso.example|Local|may be removed|agrees\n", NULL },
  { "one-server-in-store", { OAUTH "A4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|key matches|agrees\n", NULL },
  { "one-per-server", { "Default=S6", "Default=L6" }, "Default",
    "Server default|current|sip.contoso.example|Local|published on fe01|agrees\n"
    "Server default|current|lab.contoso.example|Local|published on fe02|agrees\n", NULL },
  { "missing-on-one", { OAUTH "A6", "" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|1 of 2 published: fe01|agrees\n"
    "OAuthTokenIssuer|current|||nothing is assigned on fe02|missing\n", NULL },
  { "only-previous", { OAUTH "A6", OAUTH ",B4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|1 of 2 published: fe01|agrees\n"
    "OAuthTokenIssuer|current|||nothing is assigned on fe02|missing\n"
    "OAuthTokenIssuer|previous|old-auth.contoso.example|Local|"
    "may be removed (on fe02)|agrees\n", NULL },
  { "not-published", { OAUTH "A6", OAUTH "A3", "Default=S3" }, NULL,
    "Server default|current|sip.contoso.example|Local|fe03: in store|agrees\n"
    "Server default|current|||nothing is assigned on fe01 and fe02|none\n"
    NO_WEB
    "OAuthTokenIssuer|current|auth.contoso.example|Local|"
    "1 of 3 published: fe01; fe02: in store|agrees\n"
    "OAuthTokenIssuer|current|||nothing is assigned on fe03|missing\n", NULL },
  { "in-vain", { OAUTH "A6 #OAuthTokenIssuer", OAUTH "A4 #OAuthTokenIssuer" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|"
    "1 of 2 published: fe01; fe02: key matches; fe01: rtc not reloaded|agrees\n", NULL },
  { "gone", { OAUTH "A6", OAUTH "B0" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|1 of 2 published: fe01|agrees\n"
    "OAuthTokenIssuer|current|gone from the store|Local|"
    "0 of 2 published; fe02: gone from the store|missing\n", NULL },
  { "expired", { OAUTH "X6,X4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|expired.contoso.example|Local|"
    "expired 29 June 2027; published|expired\n"
    "OAuthTokenIssuer|previous|expired.contoso.example|Local|may be removed|agrees\n", NULL },
  { "too-early", { OAUTH "Y6" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|early.contoso.example|Local|"
    "not valid before 1 July 2027, 14:02 (UTC); published|not-yet-valid\n", NULL },
  { "tokens-about", { OAUTH "A6@-3600,B4", OAUTH "A6@-60,B4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|2 of 2 published|agrees\n"
    "OAuthTokenIssuer|previous|old-auth.contoso.example|Local|"
    "needed until 1 July 2027, 14:01 (UTC)|agrees\n", NULL },
  { "tokens-are-over", { OAUTH "A6@-86400,B4" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|published|agrees\n"
    "OAuthTokenIssuer|previous|old-auth.contoso.example|Local|may be removed|agrees\n", NULL },
  { "no-tokens", { "Default=S6@-60,L4" }, "Default",
    "Server default|current|sip.contoso.example|Local|published|agrees\n"
    "Server default|previous|lab.contoso.example|Local|may be removed|agrees\n", NULL },
  { "staged", { OAUTH "A6,,B4@86400" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|published|agrees\n"
    "OAuthTokenIssuer|staged|old-auth.contoso.example|Local|"
    "from 1 July 2027, 14:02 (UTC)|agrees\n", NULL },
  { "silent", { OAUTH "A6", "!" OAUTH "A6" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|"
    "2 of 2 published; fe02 seen 13:41|agrees\n",
    "fe02 has not answered since 13:58. What was last seen there is shown." },
  { "all-silent", { "!" OAUTH "A6" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|"
    "published; seen 13:41|agrees, stale\n",
    "fe01 has not answered since 13:58. What was last seen there is shown." },
  { "silent-lacks-it", { OAUTH "A6", "!" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|1 of 2 published: fe01|agrees\n"
    "OAuthTokenIssuer|current|||nothing is assigned on fe02; seen 13:41|missing, stale\n",
    "fe02 has not answered since 13:58. What was last seen there is shown." },
  { "never-seen", { OAUTH "A6", "!?" }, "OAuthTokenIssuer",
    "OAuthTokenIssuer|current|auth.contoso.example|Local|1 of 2 published: fe01|agrees\n",
    "fe02 has not answered since 13:58." },
  { "nobody-looked", { "?", "?" }, NULL, "",
    "fe01 was not looked at yet. fe02 was not looked at yet." },
  { "nothing", { "", "" }, NULL,
    NO_DEFAULT "OAuthTokenIssuer|current|||nothing is assigned|missing\n", NULL },
  { "other-types", { "Strange=A6 XMPPServer=A6 AnotherOne=A6" }, NULL,
    NO_DEFAULT "OAuthTokenIssuer|current|||nothing is assigned|missing\n"
    "XMPP server|current|auth.contoso.example|Local|published|agrees\n"
    "Strange|current|auth.contoso.example|Local|published|agrees\n"
    "AnotherOne|current|auth.contoso.example|Local|published|agrees\n", NULL },
  { "no-servers", { NULL }, NULL, "", NULL },
};

static void
test_assignment_table (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(IssPool) pool = iss_pool_fixture_new (test->lines, 0, 0);
  g_autoptr(GPtrArray) servers = dup_servers (pool);
  g_autoptr(IssAssignmentTable) table = iss_assignment_table_new (servers, test->type, NOW, NULL);
  g_autofree char *rows = describe (table);
  g_autofree char *ticket = iss_assignment_table_dup_ticket (table, "Title.", "alice");

  g_assert_cmpstr (rows, ==, test->rows);
  g_assert_cmpstr (iss_assignment_table_get_silence (table), ==, test->silence);
  g_assert_true (g_str_has_prefix (ticket, "Title.\n"));
  g_assert_true (g_str_has_suffix (ticket, "Seen by alice, 2027-06-30T14:02:11Z\n"));
  g_assert_finalize_object (g_steal_pointer (&table));
}

static void
test_assignment_table_seen_at (void)
{
  static const struct
  {
    const char *lines[3];
    gint64      seen_at;
  } seen[] = {
    { { "Default=S6", "!Default=S6" }, NOW },
    { { "!Default=S6", "!?" }, ISS_POOL_FIXTURE_SEEN },
    { { NULL }, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (seen[i].lines, 0, 0);
      g_autoptr(GPtrArray) servers = dup_servers (pool);
      g_autoptr(IssAssignmentTable) table = iss_assignment_table_new (servers, NULL, NOW, NULL);

      g_assert_cmpint (iss_assignment_table_get_seen_at (table), ==, seen[i].seen_at);
    }
}

/* What a shell prints: one a server, in the servers' order. */
static void
test_assignment_table_uses (void)
{
  static const char *const lines[] = { OAUTH "A6,B4 Default=S6", "!" OAUTH "A0", NULL };
  static const char *const wanted[] = { "fe01 OAuthTokenIssuer current auth.contoso.example",
                                        "fe01 OAuthTokenIssuer previous old-auth.contoso.example",
                                        "fe01 Default current sip.contoso.example",
                                        "fe02 OAuthTokenIssuer current gone, stale" };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  g_autoptr(GPtrArray) servers = dup_servers (pool);
  g_autoptr(IssAssignmentTable) table = iss_assignment_table_new (servers, NULL, NOW, NULL);

  g_assert_cmpuint (iss_assignment_table_get_n_uses (table), ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      const IssAssignmentUse *use = iss_assignment_table_get_use (table, i);
      g_autofree char *name = iss_server_dup_short_name (use->server);
      g_autofree char *text = NULL;

      text = g_strdup_printf ("%s %s %s %s%s", name, use->type->type,
                              iss_slot_get_name (use->slot),
                              use->certificate != NULL ? use->certificate->issued_to : "gone",
                              use->stale ? ", stale" : "");
      g_assert_cmpstr (text, ==, wanted[i]);
    }
}

/* As things are staged now: the roll has been, or, held, it has not. */
static void
test_assignment_table_as_of (void)
{
  static const struct
  {
    const char *lines[3];
    gint64      at;
    const char *rows;
  } moments[] = {
    { { OAUTH "A6,,B4@86400" }, NOW + 86399,
      "OAuthTokenIssuer|current|auth.contoso.example|Local|in use|agrees\n"
      "OAuthTokenIssuer|staged|old-auth.contoso.example|Local|"
      "from 1 July 2027, 14:02 (UTC)|agrees\n" },
    { { OAUTH "A6,,B4@86400" }, NOW + 86400,
      "OAuthTokenIssuer|current|old-auth.contoso.example|Local|in use|agrees\n"
      "OAuthTokenIssuer|previous|auth.contoso.example|Local|"
      "needed until 2 July 2027, 14:02 (UTC)|agrees\n" },
    { { OAUTH "A6,,B4@86400" }, NOW + 2 * 86400,
      "OAuthTokenIssuer|current|old-auth.contoso.example|Local|in use|agrees\n"
      "OAuthTokenIssuer|previous|auth.contoso.example|Local|may be removed|agrees\n" },
    { { OAUTH "A6,,B4@86400 unattended" }, NOW + 2 * 86400,
      "OAuthTokenIssuer|current|old-auth.contoso.example|Local|"
      "in use; no service runs the roll on fe01|agrees\n"
      "OAuthTokenIssuer|previous|auth.contoso.example|Local|may be removed|agrees\n" },
    { { OAUTH "A6,,B4@86400", OAUTH "A6,,B4@86400 ^OAuthTokenIssuer" }, NOW + 2 * 86400,
      "OAuthTokenIssuer|current|old-auth.contoso.example|Local|on fe01|agrees\n"
      "OAuthTokenIssuer|current|auth.contoso.example|Local|on fe02|agrees\n"
      "OAuthTokenIssuer|previous|auth.contoso.example|Local|may be removed (on fe01)|agrees\n"
      "OAuthTokenIssuer|staged|old-auth.contoso.example|Local|"
      "from 1 July 2027, 14:02 (UTC); held: not armed (on fe02)|agrees\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (moments); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (moments[i].lines, 0, 0);
      g_autoptr(GPtrArray) servers = dup_servers (pool);
      g_autoptr(IssAssignmentTable) table =
        iss_assignment_table_new_at (servers, "OAuthTokenIssuer", NOW, moments[i].at, NULL);
      g_autofree char *rows = describe (table);

      g_assert_cmpstr (rows, ==, moments[i].rows);
    }
}

/* What the table borrows stays although the servers are seen anew. */
static void
test_assignment_table_is_snapshot (void)
{
  static const char *const lines[] = { OAUTH "A6", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  g_autoptr(GPtrArray) servers = dup_servers (pool);
  g_autoptr(IssAssignmentTable) table = iss_assignment_table_new (servers, NULL, NOW, NULL);

  iss_server_set_last_seen (iss_pool_get_server (pool, 0), NULL, 0, 0);
  g_clear_object (&pool);
  g_clear_pointer (&servers, g_ptr_array_unref);
  g_assert_cmpstr (iss_assignment_table_get_use (table, 0)->certificate->issued_to, ==,
                   "auth.contoso.example");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/assignment-table/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_assignment_table);
    }
  g_test_add_func ("/assignment-table/as-of", test_assignment_table_as_of);
  g_test_add_func ("/assignment-table/seen-at", test_assignment_table_seen_at);
  g_test_add_func ("/assignment-table/uses", test_assignment_table_uses);
  g_test_add_func ("/assignment-table/is-snapshot", test_assignment_table_is_snapshot);

  return g_test_run ();
}
