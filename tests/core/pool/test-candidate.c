/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/candidate-private.h"

#include "tests/lib/row-maker.h"

#define OAUTH "OAuthTokenIssuer"

static const char *const oauth[] = { OAUTH, NULL };
static const char *const lower_case[] = { "oauthtokenissuer", NULL };

static IssCandidateView *
new_view (const char *short_name)
{
  IssCandidateView *view = g_new0 (IssCandidateView, 1);

  view->name = g_strconcat (short_name, ".contoso.example", NULL);
  view->short_name = g_strdup (short_name);
  view->rows = iss_row_table_new_empty (ISS_STORE_MY);
  view->findings = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                          (GDestroyNotify) g_bytes_unref,
                                          (GDestroyNotify) g_ptr_array_unref);

  return view;
}

static GPtrArray *
new_views (guint n)
{
  GPtrArray *views =
    g_ptr_array_new_with_free_func ((GDestroyNotify) iss_candidate_view_free);

  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u", i);

      g_ptr_array_add (views, new_view (name));
    }

  return views;
}

static void
judge (IssCandidateView   *view,
       const IssRow       *row,
       IssFindingSeverity  severity,
       const char         *text)
{
  g_autoptr(GBytes) sha256 = g_bytes_new (row->sha256, sizeof row->sha256);
  GPtrArray *findings = g_hash_table_lookup (view->findings, sha256);

  if (findings == NULL)
    {
      findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
      g_hash_table_insert (view->findings, g_bytes_ref (sha256), findings);
    }
  g_ptr_array_add (findings, iss_finding_new (severity, "code", text));
}

/* How one certificate is on three servers: n not there, k without its key, e with a key that may
 * be exported, other letters with one that may not. */
typedef struct
{
  const char         *on;
  IssFindingSeverity  severity;   /* 0: nothing is said of it on fe01 */
  gboolean            suitable;
  const char         *reason;
} Case;

static const Case cases[] =
{
  { "xxx", 0, TRUE, NULL },
  { "xxn", 0, FALSE, "not on fe03: import it there first" },
  { "nxn", 0, FALSE, "not on fe01 and fe03: import it there first" },
  { "xkx", 0, FALSE, "no private key on fe02: import it there with its key" },
  { "ekx", 0, FALSE,
    "no private key on fe02: export it with its key from fe01, then import it there" },
  { "kne", 0, FALSE,
    "no private key on fe01: export it with its key from fe03, then import it there" },
  { "xxx", ISS_FINDING_NOTE, TRUE, NULL },
  { "xxx", ISS_FINDING_WARNING, TRUE, "It is said" },
  { "xxx", ISS_FINDING_ERROR, FALSE, "It is said" },
  { "xkn", ISS_FINDING_ERROR, FALSE, "It is said" },
};

static void
test_candidate_reason (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *test = &cases[i];
      g_autoptr(GPtrArray) views = new_views (3);
      g_autoptr(GPtrArray) candidates = NULL;
      IssCandidate *candidate;
      guint n_on = 0;
      IssRow row;

      g_test_message ("%s, %d", test->on, (int) test->severity);
      for (guint j = 0; j < 3; j++)
        {
          IssCandidateView *view = views->pdata[j];

          if (test->on[j] == 'n')
            continue;
          iss_row_maker_init (&row, 1, "auth.contoso.example");
          row.exportable = test->on[j] == 'e';
          row.key_state = test->on[j] == 'k' ? ISS_KEY_STATE_NONE : ISS_KEY_STATE_FILE;
          iss_row_maker_add (view->rows, &row);
          n_on++;
        }
      if (test->severity != 0)
        judge (views->pdata[0], &row, test->severity, "It is said");

      candidates = iss_candidate_group (views, oauth);
      g_assert_cmpuint (candidates->len, ==, 1);
      candidate = candidates->pdata[0];
      g_assert_cmpuint (iss_candidate_get_n_on (candidate), ==, n_on);
      g_assert_cmpuint (iss_candidate_get_n_servers (candidate), ==, 3);
      g_assert_cmpint (iss_candidate_is_suitable (candidate), ==, test->suitable);
      g_assert_cmpint (iss_candidate_has_warnings (candidate), ==,
                       test->severity == ISS_FINDING_WARNING);
      g_assert_cmpstr (iss_candidate_get_reason (candidate), ==, test->reason);
      g_assert_cmpstr (iss_candidate_get_key_text (candidate), ==, "RSA 2048");
    }
}

/* Servers that warn of the same say it once. */
static void
test_candidate_warnings (void)
{
  g_autoptr(GPtrArray) views = new_views (2);
  g_autoptr(GPtrArray) candidates = NULL;
  IssRow row;

  iss_row_maker_init (&row, 1, "auth.contoso.example");
  for (guint i = 0; i < 2; i++)
    {
      IssCandidateView *view = views->pdata[i];

      iss_row_maker_add (view->rows, &row);
      judge (view, &row, ISS_FINDING_WARNING, "It ends soon");
    }
  judge (views->pdata[1], &row, ISS_FINDING_WARNING, "Its key is short");

  candidates = iss_candidate_group (views, oauth);
  g_assert_cmpstr (iss_candidate_get_reason (candidates->pdata[0]), ==,
                   "It ends soon; Its key is short");
  g_assert_true (iss_candidate_is_suitable (candidates->pdata[0]));
  g_assert_cmpuint (iss_candidate_get_findings (candidates->pdata[0],
                                                "fe02.contoso.example")->len, ==, 2);
  g_assert_null (iss_candidate_get_findings (candidates->pdata[0], "fe02"));
}

/* It says what else would use it, not what is to be assigned, nor what has used it. */
static void
test_candidate_used_for (void)
{
  static const char *const assigned[] = {
    OAUTH ":current,Default:current", "Default:current,WebServicesInternal:previous",
  };
  g_autoptr(GPtrArray) views = new_views (G_N_ELEMENTS (assigned));
  g_autoptr(GPtrArray) candidates = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (assigned); i++)
    {
      IssCandidateView *view = views->pdata[i];
      IssRow row;

      iss_row_maker_init (&row, 1, "auth.contoso.example");
      row.assigned_to = assigned[i];
      row.friendly_name = i == 1 ? "Auth" : "";
      iss_row_maker_add (view->rows, &row);
    }

  candidates = iss_candidate_group (views, lower_case);
  g_assert_cmpstr (iss_candidate_get_used_for (candidates->pdata[0]), ==, "Default");
  g_assert_cmpstr (iss_candidate_get_friendly_name (candidates->pdata[0]), ==, "Auth");
}

/* The suitable ones come first; then by name; the one that lasts longer before the other. */
static void
test_candidate_order (void)
{
  static const struct
  {
    const char *issued_to;
    gint64      later;
    gboolean    bad;
  } rows[] = {
    { "b.example", 0, FALSE },
    { "a.example", 0, TRUE },
    { "b.example", 1, FALSE },
    { "c.example", 0, FALSE },
  };
  static const guint expected[] = { 2, 0, 3, 1 };
  g_autoptr(GPtrArray) views = new_views (1);
  g_autoptr(GPtrArray) candidates = NULL;
  IssCandidateView *view = views->pdata[0];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      IssRow row;

      iss_row_maker_init (&row, i, rows[i].issued_to);
      row.not_after += rows[i].later;
      iss_row_maker_add (view->rows, &row);
      if (rows[i].bad)
        judge (view, &row, ISS_FINDING_ERROR, "It is bad");
    }

  candidates = iss_candidate_group (views, oauth);
  g_assert_cmpuint (candidates->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      IssRow row;

      iss_row_maker_init (&row, expected[i], rows[expected[i]].issued_to);
      g_assert_cmpmem (g_bytes_get_data (iss_candidate_get_sha256 (candidates->pdata[i]), NULL),
                       32, row.sha256, 32);
    }
  g_assert_finalize_object (g_ptr_array_steal_index (candidates, 0));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/candidate/reason", test_candidate_reason);
  g_test_add_func ("/candidate/warnings", test_candidate_warnings);
  g_test_add_func ("/candidate/used-for", test_candidate_used_for);
  g_test_add_func ("/candidate/order", test_candidate_order);

  return g_test_run ();
}
