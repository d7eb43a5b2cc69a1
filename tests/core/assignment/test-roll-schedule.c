/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-schedule.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define NOW 1810994531     /* 2027-05-22T14:02:11Z */
#define ROLL 1815350400    /* 2027-07-12T00:00:00Z */
#define EXPIRES 1815523200 /* 2027-07-14T00:00:00Z */
#define NEW_EXPIRES 1878292800 /* 2029-07-09T12:00:00Z */

static const IssRollPlan usual = { "auth", EXPIRES, "auth-2027", NOW - DAY, NEW_EXPIRES, DAY, NOW };

/* "kind@seconds after the roll", and the bars likewise. */
static char *
dump (IssRollSchedule *schedule)
{
  static const char *const kinds[] = { "now", "roll", "removable", "old-expires", "new-expires" };
  static const char *const lanes[] = { "signs", "verifies", "staged" };
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < iss_roll_schedule_get_n_events (schedule); i++)
    {
      const IssRollEvent *event = iss_roll_schedule_get_event (schedule, i);

      g_assert_true (i == 0 || event->instant
                               >= iss_roll_schedule_get_event (schedule, i - 1)->instant);
      g_assert_true (*event->label != '\0' && *event->text != '\0' && *event->date != '\0');
      g_string_append_printf (text, "%s ", kinds[event->kind]);
    }
  for (guint i = 0; i < iss_roll_schedule_get_n_bars (schedule); i++)
    {
      const IssRollBar *bar = iss_roll_schedule_get_bar (schedule, i);

      g_assert_cmpint (bar->from, <, bar->until);
      g_string_append_printf (text, "| %s %s%s ", bar->is_new ? "new" : "old", lanes[bar->lane],
                              bar->is_optional ? "?" : "");
    }

  return g_strdup (g_strchomp (text->str));
}

static void
test_shapes (void)
{
  const struct
    {
      IssRollPlan plan;
      gint64      instant;
      const char *shape;
      gboolean    is_over;
      const char *way_back;
    } cases[] =
    {
      { usual, ROLL,
        "now roll removable old-expires new-expires | old signs | new signs | old verifies "
        "| old verifies? | new staged", FALSE,
        "Until the roll it can be cancelled. Swap back is safe until 13 July 2027, 00:00 (UTC), "
        "24 hours before auth expires." },
      /* At the last good instant going back would cut tokens short. */
      { usual, EXPIRES - DAY,
        "now roll old-expires new-expires | old signs | new signs | old verifies | new staged",
        FALSE,
        "Until the roll it can be cancelled. Swap back works until 14 July 2027, 00:00 (UTC), "
        "when auth expires, but tokens it signs again are rejected from then on." },
      /* Too late: the old one ends before its tokens, or before the roll. */
      { usual, EXPIRES - HOUR,
        "now roll old-expires new-expires | old signs | new signs | old verifies | new staged",
        FALSE, "rejected from then on" },
      { usual, EXPIRES + DAY, "now old-expires roll new-expires | old signs | new signs "
        "| new staged", FALSE, "Swapping back does not help: auth expires on 14 July 2027" },
      /* The roll has been. */
      { { "auth", EXPIRES, "auth-2027", NOW, NEW_EXPIRES, DAY, ROLL + HOUR }, ROLL,
        "roll now removable old-expires new-expires | old signs | new signs | old verifies "
        "| old verifies?", FALSE, "Swap back is safe until 13 July" },
      { { "auth", EXPIRES, "auth-2027", NOW, NEW_EXPIRES, DAY, ROLL + DAY }, ROLL,
        "roll now removable old-expires new-expires | old signs | new signs | old verifies "
        "| old verifies?", TRUE, "Swap back works until 14 July" },
      { { "auth", EXPIRES, "auth-2027", NOW, NEW_EXPIRES, DAY, EXPIRES + HOUR }, ROLL,
        "roll removable old-expires now new-expires | old signs | new signs | old verifies "
        "| old verifies?", TRUE, "Swapping back does not help" },
      /* The first one, and one without tokens. */
      { { NULL, 0, "auth-2027", NOW, NEW_EXPIRES, DAY, NOW }, ROLL,
        "now roll new-expires | new signs | new staged", FALSE,
        "Until the roll it can be cancelled. There is nothing to swap back to." },
      { { "sip", EXPIRES, "sip-2027", NOW, NEW_EXPIRES, 0, NOW }, ROLL,
        "now roll old-expires new-expires | old signs | new signs | new staged", FALSE,
        "Swap back is safe until 14 July 2027, 00:00 (UTC), when sip expires." },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssRollSchedule) schedule = NULL;
      g_autofree char *shape = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      schedule = iss_roll_schedule_new (&cases[i].plan, cases[i].instant, NULL);
      shape = dump (schedule);
      g_assert_cmpstr (shape, ==, cases[i].shape);
      g_assert_cmpint (iss_roll_schedule_is_over (schedule), ==, cases[i].is_over);
      g_assert_nonnull (strstr (iss_roll_schedule_get_way_back (schedule), cases[i].way_back));
      g_assert_finalize_object (g_steal_pointer (&schedule));
    }
}

static void
test_text (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  g_autoptr(IssRollSchedule) schedule = iss_roll_schedule_new (&usual, ROLL - 2 * HOUR, zone);
  g_autofree char *text = iss_roll_schedule_dup_text (schedule);

  g_assert_cmpstr (text, ==,
    "22 May 2027, 16:02 (UTC+2)   now: auth signs; auth-2027 is published, so that it can verify\n"
    "12 July 2027, 00:00 (UTC+2)  roll: from here on auth-2027 signs, and auth still verifies what "
    "it signed\n"
    "13 July 2027, 00:00 (UTC+2)  auth may be removed: the last token it signed has ended after 24 "
    "hours\n"
    "14 July 2027, 02:00 (UTC+2)  auth expires\n"
    "9 July 2029, 14:00 (UTC+2)   auth-2027 expires\n"
    "Until the roll it can be cancelled. Swap back is safe until 13 July 2027, 02:00 (UTC+2), "
    "24 hours before auth expires.");
  g_assert_cmpstr (iss_roll_schedule_get_event (schedule, 1)->date, ==, "12 Jul 2027, 00:00");
}

/* The picture shows what is near, and never nothing. */
static void
test_range (void)
{
  IssRollPlan plan = usual;
  g_autoptr(IssRollSchedule) schedule = iss_roll_schedule_new (&plan, ROLL, NULL);
  g_autoptr(IssRollSchedule) far = NULL;
  g_autoptr(IssRollSchedule) moment = NULL;

  g_assert_cmpint (iss_roll_schedule_get_from (schedule), ==, NOW);
  g_assert_cmpint (iss_roll_schedule_get_until (schedule), >, EXPIRES);
  g_assert_cmpint (iss_roll_schedule_get_until (schedule), <, NEW_EXPIRES);

  plan.old_not_after = NEW_EXPIRES - DAY;
  far = iss_roll_schedule_new (&plan, NOW + DAY, NULL);
  g_assert_cmpint (iss_roll_schedule_get_until (far), >, NOW + 2 * DAY);
  g_assert_cmpint (iss_roll_schedule_get_until (far), <, NOW + 3 * DAY);

  plan.token_lifetime = 0;
  moment = iss_roll_schedule_new (&plan, NOW, NULL);
  g_assert_cmpint (iss_roll_schedule_get_until (moment), >, iss_roll_schedule_get_from (moment));
}

/* A renewed certificate is called as the old one was. */
static void
test_same_name (void)
{
  IssRollPlan plan = usual;
  g_autoptr(IssRollSchedule) schedule = NULL;
  g_autofree char *text = NULL;

  plan.new_name = "auth";
  schedule = iss_roll_schedule_new (&plan, ROLL, NULL);
  text = iss_roll_schedule_dup_text (schedule);
  g_assert_nonnull (strstr (text, "from here on auth (new) signs, and auth (old) still"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roll-schedule/shapes", test_shapes);
  g_test_add_func ("/roll-schedule/text", test_text);
  g_test_add_func ("/roll-schedule/range", test_range);
  g_test_add_func ("/roll-schedule/same-name", test_same_name);

  return g_test_run ();
}
