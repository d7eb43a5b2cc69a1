/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-gate.h"

#include <string.h>

#include "core/base/error.h"
#include "core/central/global-plan.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define DAY (24 * 3600)
#define FIRST "fe01.contoso.example"
#define SECOND "fe02.contoso.example"

static const IssTransition cancel = { .kind = ISS_TRANSITION_CANCEL, .now = NOW };

/* A server that has a revision, signs with something, and publishes what may be staged. */
static IssReplicaReport *
new_report (const char     *server,
            guint           revision,
            IssCertificate *current,
            IssCertificate *staged)
{
  IssReplicaReport *report = iss_replica_report_new (server);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;

  g_string_printf (text, "{'types': <[{'type': <'OAuthTokenIssuer'>, 'revision': <uint64 %u>, "
                   "'deployed': <true>, 'staged-rung': <uint32 %d>, 'current': <'%s'>",
                   revision, ISS_RUNG_PUBLISHED, iss_certificate_get_sha256_hex (current));
  if (staged != NULL)
    g_string_append_printf (text, ", 'staged': <'%s'>", iss_certificate_get_sha256_hex (staged));
  g_string_append (text, "}]>}");

  variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text->str, NULL, NULL, &error);
  g_assert_no_error (error);
  report->seen = NOW;
  report->state = iss_replica_state_from_variant (variant, &error);
  g_assert_no_error (error);

  return report;
}

static GPtrArray *
new_reports (IssReplicaReport *first,
             IssReplicaReport *second)
{
  GPtrArray *reports = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_replica_report_free);

  g_ptr_array_add (reports, first);
  g_ptr_array_add (reports, second);

  return reports;
}

static IssManifest *
plan (IssCentralFixture   *fixture,
      IssWanted           *present,
      const IssTransition *change)
{
  g_autoptr(GError) error = NULL;
  IssManifest *next = iss_global_plan_make (present, ISS_CENTRAL_FIXTURE_POOL, fixture->type,
                                            change, NULL, NULL, TRUE, &error);

  g_assert_no_error (error);

  return next;
}

static void
test_open (IssCentralFixture *fixture,
           gconstpointer      unused)
{
  static const char *const excepted[] = { SECOND, NULL };
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
  g_autoptr(GPtrArray) reports =
    new_reports (new_report (FIRST, 2, fixture->one, fixture->two),
                 iss_replica_report_new (SECOND));

  g_assert_false (iss_global_gate_is_open (wanted, reports, FALSE));
  g_assert_false (iss_global_gate_may_roll (wanted));

  g_strfreev (wanted->excepted);
  wanted->excepted = g_strdupv ((char **) excepted);
  g_assert_true (iss_global_gate_is_open (wanted, reports, FALSE));

  wanted->armed_at = NOW;
  g_assert_false (iss_global_gate_is_open (wanted, reports, FALSE));
  g_assert_true (iss_global_gate_may_roll (wanted));
}

/* Of those that are not excepted; somebody may pass it. */
static void
test_clocks (IssCentralFixture *fixture,
             gconstpointer      unused)
{
  static const struct
  {
    gdouble  first;
    gdouble  second;
    gboolean excepted;
    gboolean any_clock;
    gboolean is_open;
  } cases[] =
  {
    { 60, -60, FALSE, FALSE, TRUE },
    { 0, 60.1, FALSE, FALSE, FALSE },
    { -61, 0, FALSE, FALSE, FALSE },
    { -61, 0, FALSE, TRUE, TRUE },
    { 0, -3600, TRUE, FALSE, TRUE },
    { 3600, -3600, TRUE, FALSE, FALSE },
  };
  static const char *const excepted[] = { SECOND, NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
      g_autoptr(GPtrArray) reports =
        new_reports (new_report (FIRST, 2, fixture->one, fixture->two),
                     new_report (SECOND, 2, fixture->one, fixture->two));
      IssReplicaReport *second = reports->pdata[1];

      ((IssReplicaReport *) reports->pdata[0])->clock_offset = cases[i].first;
      second->clock_offset = cases[i].second;
      if (cases[i].excepted)
        {
          g_strfreev (wanted->excepted);
          wanted->excepted = g_strdupv ((char **) excepted);
        }

      g_assert_cmpint (iss_global_gate_is_open (wanted, reports, cases[i].any_clock), ==,
                       cases[i].is_open);
      g_assert_cmpint (iss_global_gate_waits_for_clock (wanted, second), ==,
                       !cases[i].excepted && ABS (cases[i].second) > 60);

      /* What is let out already waits for nothing. */
      wanted->armed_at = NOW;
      g_assert_false (iss_global_gate_waits_for_clock (wanted, second));
    }
}

/* What nobody could make current is cancelled at once, whoever answers. */
static void
test_cancel_unarmed (IssCentralFixture *fixture,
                     gconstpointer      unused)
{
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
  g_autoptr(GPtrArray) reports = new_reports (iss_replica_report_new (FIRST),
                                              iss_replica_report_new (SECOND));
  g_autoptr(IssManifest) next = plan (fixture, wanted, &cancel);
  g_autoptr(GError) error = NULL;
  gboolean only_holds = FALSE;

  g_assert_true (iss_global_gate_pass (wanted, &cancel, reports, NULL, &next, &only_holds,
                                       &error));
  g_assert_no_error (error);
  g_assert_false (only_holds);
  g_assert_null (next->slot[ISS_SLOT_STAGED]);
}

/* First it is held, and then taken out, when all were seen to hold it. */
static void
test_cancel_armed (IssCentralFixture *fixture,
                   gconstpointer      unused)
{
  static const char *const excepted[] = { SECOND, NULL };
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
  g_autoptr(GPtrArray) reports =
    new_reports (new_report (FIRST, 2, fixture->one, fixture->two),
                 new_report (SECOND, 2, fixture->one, fixture->two));
  g_autoptr(IssWanted) held = iss_central_fixture_new_wanted (fixture, 3, NOW + DAY);
  g_autoptr(IssManifest) next = plan (fixture, wanted, &cancel);
  g_autoptr(IssManifest) after = NULL;
  g_autoptr(IssManifest) without = NULL;
  g_autoptr(GError) error = NULL;
  gboolean only_holds = FALSE;

  wanted->armed_at = NOW - DAY;
  g_assert_true (iss_global_gate_pass (wanted, &cancel, reports, NULL, &next, &only_holds,
                                       &error));
  g_assert_true (only_holds);
  g_assert_cmpuint (next->revision, ==, 3);
  g_assert_true (next->held);
  g_assert_nonnull (next->slot[ISS_SLOT_STAGED]);
  g_assert_true (iss_global_gate_was_armed (wanted, next));

  /* Nothing arms it, and one has not answered since. */
  g_clear_pointer (&held->arming, g_bytes_unref);
  held->was_armed = TRUE;
  g_ptr_array_set_size (reports, 0);
  g_ptr_array_add (reports, new_report (FIRST, 3, fixture->one, fixture->two));
  g_ptr_array_add (reports, new_report (SECOND, 2, fixture->one, fixture->two));
  without = plan (fixture, held, &cancel);
  only_holds = FALSE;
  g_assert_false (iss_global_gate_pass (held, &cancel, reports, NULL, &without, &only_holds,
                                        &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, SECOND));
  g_assert_null (strstr (error->message, FIRST));
  g_clear_error (&error);

  g_assert_true (iss_global_gate_pass (held, &cancel, reports, excepted, &without, &only_holds,
                                       &error));
  g_ptr_array_remove_index (reports, 1);
  g_ptr_array_add (reports, new_report (SECOND, 3, fixture->one, fixture->two));
  after = plan (fixture, held, &cancel);
  g_assert_true (iss_global_gate_pass (held, &cancel, reports, NULL, &after, &only_holds,
                                       &error));
  g_assert_false (only_holds);
  g_assert_null (after->slot[ISS_SLOT_STAGED]);
}

/* In the place of what is armed nothing else is staged, or set, unless it is compromised. */
static void
test_replaced (IssCentralFixture *fixture,
               gconstpointer      unused)
{
  const IssTransition set =
    { .kind = ISS_TRANSITION_SWAP_BACK, .now = NOW, .staged = ISS_STAGED_CANCEL };
  IssTransition replace = { .kind = ISS_TRANSITION_REPLACE, .now = NOW };
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
  g_autoptr(GPtrArray) reports =
    new_reports (new_report (FIRST, 2, fixture->one, fixture->two),
                 new_report (SECOND, 2, fixture->one, fixture->two));
  g_autoptr(IssManifest) next = plan (fixture, wanted, &cancel);
  g_autoptr(GError) error = NULL;
  gboolean only_holds = FALSE;

  wanted->armed_at = NOW - DAY;
  g_assert_false (iss_global_gate_pass (wanted, &set, reports, NULL, &next, &only_holds, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_test_message ("%s", error->message);
  g_clear_error (&error);

  replace.compromised_hex = iss_certificate_get_sha256_hex (fixture->one);
  g_assert_false (iss_global_gate_pass (wanted, &replace, reports, NULL, &next, &only_holds,
                                        &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  replace.compromised_hex = iss_certificate_get_sha256_hex (fixture->two);
  g_assert_true (iss_global_gate_pass (wanted, &replace, reports, NULL, &next, &only_holds,
                                       &error));
  g_assert_no_error (error);
  g_assert_false (only_holds);
  g_assert_null (next->slot[ISS_SLOT_STAGED]);
}

/* The previous one stays until every server was seen to sign with the next. */
static void
test_previous (IssCentralFixture *fixture,
               gconstpointer      unused)
{
  const IssTransition removal =
    { .kind = ISS_TRANSITION_REMOVE_PREVIOUS, .now = NOW + 3 * DAY };
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 2, NOW + DAY);
  g_autoptr(GPtrArray) reports =
    new_reports (new_report (FIRST, 2, fixture->two, NULL),
                 new_report (SECOND, 2, fixture->one, fixture->two));
  g_autoptr(IssManifest) next = NULL;
  g_autoptr(GError) error = NULL;
  gboolean only_holds = FALSE;

  wanted->armed_at = NOW;
  next = plan (fixture, wanted, &removal);
  g_assert_false (iss_global_gate_pass (wanted, &removal, reports, NULL, &next, &only_holds,
                                        &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, SECOND));
  g_clear_error (&error);

  g_ptr_array_remove_index (reports, 1);
  g_ptr_array_add (reports, new_report (SECOND, 2, fixture->two, NULL));
  g_assert_true (iss_global_gate_pass (wanted, &removal, reports, NULL, &next, &only_holds,
                                       &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *path;
    void (* func) (IssCentralFixture *fixture,
                   gconstpointer      unused);
  } tests[] =
  {
    { "/global-gate/open", test_open },
    { "/global-gate/clocks", test_clocks },
    { "/global-gate/cancel/unarmed", test_cancel_unarmed },
    { "/global-gate/cancel/armed", test_cancel_armed },
    { "/global-gate/replaced", test_replaced },
    { "/global-gate/previous", test_previous },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssCentralFixture, NULL, iss_central_fixture_set_up, tests[i].func,
                iss_central_fixture_tear_down);

  return g_test_run ();
}
