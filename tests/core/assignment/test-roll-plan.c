/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-plan.h"

#include "core/base/error.h"
#include "core/base/time-text.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define NOW 1810994531   /* 2027-05-22T14:02:11Z */

/* Two years ahead, where nothing presses. */
#define FAR (NOW + 730 * DAY)

static IssRollPlan
make_plan (gint64 old_not_after,
           gint64 new_not_before,
           gint64 new_not_after)
{
  IssRollPlan plan = { "auth", old_not_after, "next", new_not_before, new_not_after, DAY, NOW };

  return plan;
}

static void
test_suggest (void)
{
  const struct
    {
      gint64      old_not_after;
      gint64      new_not_before;
      gint64      new_not_after;
      gint64      lifetime;
      const char *suggested;
      const char *reason;
    } cases[] =
    {
      /* Nothing presses: 30 days, at a full hour. */
      { NOW + 60 * DAY, NOW - DAY, FAR, DAY, "2027-06-21T14:00:00Z",
        "In 30 days everyone who reads the metadata will have fetched the new key. It could be "
        "later: auth expires on 21 July 2027, 14:02 (UTC), and the tokens it signs live 24 hours, "
        "so it must stop signing by 20 July 2027, 14:02 (UTC)." },
      { NOW + 31 * DAY, NOW - DAY, FAR, DAY, "2027-06-21T14:00:00Z", "In 30 days" },
      /* The old one's end presses. */
      { NOW + 31 * DAY - 1, NOW - DAY, FAR, DAY, "2027-06-21T14:00:00Z",
        "auth expires on 22 June 2027, 14:02 (UTC), and the tokens it signs live 24 hours, so it "
        "must stop signing by 21 June 2027, 14:02 (UTC)." },
      { NOW + 10 * DAY, NOW - DAY, FAR, DAY, "2027-05-31T14:00:00Z", "must stop signing by" },
      { NOW + 10 * DAY, NOW - DAY, FAR, 8 * HOUR, "2027-06-01T06:00:00Z", "live 8 hours" },
      { NOW + 2 * DAY, NOW - DAY, FAR, DAY, "2027-05-23T14:02:11Z", "must stop signing by" },
      /* Less than a day is left. */
      { NOW + 2 * DAY - 1, NOW - DAY, FAR, DAY, "2027-05-22T14:02:11Z",
        "must stop signing by 23 May 2027, 14:02 (UTC). That is less than a day away: roll now." },
      { NOW + DAY, NOW - DAY, FAR, DAY, "2027-05-22T14:02:11Z", "less than a day away" },
      { NOW + DAY - 1, NOW - DAY, FAR, DAY, "2027-05-22T14:02:11Z", "That is past: roll now." },
      { NOW - DAY, NOW - DAY, FAR, DAY, "2027-05-22T14:02:11Z", "That is past: roll now." },
      /* The new one is not valid yet: never before. */
      { NOW + 60 * DAY, NOW + 40 * DAY, FAR, DAY, "2027-07-01T14:02:11Z",
        "next is not valid before 1 July 2027, 14:02 (UTC)." },
      { NOW + 60 * DAY, NOW + 20 * DAY, FAR, DAY, "2027-06-21T14:00:00Z", "In 30 days" },
      { NOW + 10 * DAY, NOW + 9 * DAY, FAR, DAY, "2027-05-31T14:02:11Z", "must stop signing by" },
      { NOW + 10 * DAY, NOW + 12 * DAY, FAR, DAY, "2027-06-03T14:02:11Z",
        "But next is not valid before 3 June 2027, 14:02 (UTC): roll then." },
      { NOW + DAY, NOW + HOUR, FAR, DAY, "2027-05-22T15:02:11Z", "roll then." },
      /* The new one ends first. */
      { FAR, NOW - DAY, NOW + 5 * DAY, DAY, "2027-05-26T14:00:00Z",
        "next itself expires on 27 May 2027, 14:02 (UTC), and tokens live 24 hours, so the roll "
        "cannot wait beyond 26 May 2027, 14:02 (UTC)." },
      /* No tokens. */
      { NOW + 10 * DAY, NOW - DAY, FAR, 0, "2027-06-01T14:00:00Z",
        "auth expires on 1 June 2027, 14:02 (UTC)." },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRollPlan plan = make_plan (cases[i].old_not_after, cases[i].new_not_before,
                                    cases[i].new_not_after);
      g_autofree char *reason = NULL;
      g_autofree char *suggested = NULL;
      g_autoptr(GError) error = NULL;
      gint64 instant;

      plan.token_lifetime = cases[i].lifetime;
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      instant = iss_roll_plan_suggest (&plan, NULL, &reason);
      suggested = iss_time_text_iso (instant);
      g_assert_cmpstr (suggested, ==, cases[i].suggested);
      g_assert_nonnull (strstr (reason, cases[i].reason));

      /* What is suggested is allowed, unless it is to be done at once. */
      if (instant > NOW)
        {
          iss_roll_plan_check (&plan, instant, NULL, TRUE, &error);
          g_assert_no_error (error);
        }
    }
}

/* Without a current certificate only the new one counts. */
static void
test_first (void)
{
  IssRollPlan plan = { NULL, 0, "next", NOW - DAY, FAR, DAY, NOW };
  g_autofree char *reason = NULL;
  g_autofree char *suggested = NULL;

  suggested = iss_time_text_iso (iss_roll_plan_suggest (&plan, NULL, &reason));
  g_assert_cmpstr (suggested, ==, "2027-06-21T14:00:00Z");
  g_assert_cmpint (iss_roll_plan_get_latest (&plan), ==, FAR - DAY);
  g_assert_true (iss_roll_plan_check (&plan, NOW + 1, NULL, FALSE, NULL));
}

static void
test_check (void)
{
  const struct
    {
      gint64      instant;
      gint64      old_not_after;
      gint64      new_not_before;
      gint64      new_not_after;
      int         code;    /* -1 = allowed */
      const char *says;
    } cases[] =
    {
      { NOW + DAY, NOW + 60 * DAY, NOW - DAY, FAR, -1, NULL },
      { NOW + 1, NOW + 60 * DAY, NOW - DAY, FAR, -1, NULL },
      /* A clock of seconds that has gone on by a millisecond still shows the same second. */
      { NOW, NOW + 60 * DAY, NOW - DAY, FAR, ISS_ERROR_REFUSED,
        "22 May 2027, 14:02 (UTC) is not in the future, it is 14:02:11 now" },
      { NOW - 1, NOW + 60 * DAY, NOW - DAY, FAR, ISS_ERROR_REFUSED, "not in the future" },
      { NOW + 10, NOW + 60 * DAY, NOW + 11, FAR, ISS_ERROR_REFUSED, "next is not valid before" },
      { NOW + 11, NOW + 60 * DAY, NOW + 11, FAR, -1, NULL },
      { FAR, FAR + DAY, NOW - DAY, FAR, ISS_ERROR_REFUSED, "next expires on" },
      { FAR + DAY, FAR + DAY, NOW - DAY, FAR, ISS_ERROR_REFUSED, "an earlier time, or a cert" },
      /* What is cut short. */
      { NOW + 9 * DAY, NOW + 10 * DAY, NOW - DAY, FAR, -1, NULL },
      { NOW + 9 * DAY + 1, NOW + 10 * DAY, NOW - DAY, FAR, ISS_ERROR_NEEDS_CONFIRMATION,
        "Tokens live 24 hours, and auth expires on 1 June 2027, 14:02 (UTC): what it signs after "
        "31 May 2027, 14:02 (UTC) is rejected before it ends" },
      { NOW + 10 * DAY, NOW + 10 * DAY, NOW - DAY, FAR, ISS_ERROR_NEEDS_CONFIRMATION, "rejected" },
      { NOW + 11 * DAY, NOW + 10 * DAY, NOW - DAY, FAR, ISS_ERROR_NEEDS_CONFIRMATION,
        "auth expires on 1 June 2027, 14:02 (UTC), before the roll: from then until the roll, "
        "everything it signs is rejected" },
      { NOW + 5 * DAY, FAR, NOW - DAY, NOW + 5 * DAY + HOUR, ISS_ERROR_NEEDS_CONFIRMATION,
        "and next expires on 27 May 2027, 15:02 (UTC), which is sooner after the roll" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRollPlan plan = make_plan (cases[i].old_not_after, cases[i].new_not_before,
                                    cases[i].new_not_after);
      g_autoptr(GError) error = NULL;
      gboolean forced;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (iss_roll_plan_check (&plan, cases[i].instant, NULL, FALSE, &error), ==,
                       cases[i].code < 0);
      forced = iss_roll_plan_check (&plan, cases[i].instant, NULL, TRUE, NULL);
      g_assert_cmpint (forced, ==, cases[i].code != ISS_ERROR_REFUSED);
      if (cases[i].code < 0)
        continue;

      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
test_zone (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  IssRollPlan plan = make_plan (NOW + 10 * DAY, NOW - DAY, FAR);
  g_autofree char *reason = NULL;

  iss_roll_plan_suggest (&plan, zone, &reason);
  g_assert_nonnull (strstr (reason, "1 June 2027, 16:02 (UTC+2)"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roll-plan/suggest", test_suggest);
  g_test_add_func ("/roll-plan/first", test_first);
  g_test_add_func ("/roll-plan/check", test_check);
  g_test_add_func ("/roll-plan/zone", test_zone);

  return g_test_run ();
}
