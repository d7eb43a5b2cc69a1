/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/effective-date.h"

#include "core/base/error.h"
#include "core/base/time-text.h"

#include <string.h>

#define BERLIN "Europe/Berlin"
#define NEW_YORK "America/New_York"
#define LORD_HOWE "Australia/Lord_Howe"

static GTimeZone *
get_zone (const char *name)
{
  GTimeZone *zone = g_time_zone_new_identifier (name);

  g_assert_nonnull (zone);

  return zone;
}

static void
test_read (void)
{
  static const struct
  {
    const char *typed;
    const char *zone;
    const char *utc;
    const char *echo;
  } cases[] = {
    { "2027-07-01T00:00", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "2027-07-01", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "2027-07-01 00:00", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { " 2027-07-01T00:00:07 ", BERLIN, "2027-06-30T22:00:07Z", "1 July 2027, 00:00 (UTC+2)" },
    { "2027-12-01", BERLIN, "2027-11-30T23:00:00Z", "1 December 2027, 00:00 (UTC+1)" },
    { "2027-07-01", NEW_YORK, "2027-07-01T04:00:00Z", "1 July 2027, 00:00 (UTC-4)" },
    { "2027-07-01", LORD_HOWE, "2027-06-30T13:30:00Z", "1 July 2027, 00:00 (UTC+10:30)" },
    { "2027-01-01", LORD_HOWE, "2026-12-31T13:00:00Z", "1 January 2027, 00:00 (UTC+11)" },
    { "2027-07-01", "UTC", "2027-07-01T00:00:00Z", "1 July 2027, 00:00 (UTC)" },
    /* With an offset, wherever it is read. */
    { "2027-07-01T00:00+02:00", NEW_YORK, "2027-06-30T22:00:00Z", "30 June 2027, 18:00 (UTC-4)" },
    { "2027-07-01T00:00 +0200", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "2027-06-30T22:00:00Z", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "2027-07-01+02", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    /* What we write ourselves. */
    { "1 July 2027, 00:00 (UTC+2)", NEW_YORK, "2027-06-30T22:00:00Z",
      "30 June 2027, 18:00 (UTC-4)" },
    { "1 July 2027, 03:30 (UTC+5:30)", "UTC", "2027-06-30T22:00:00Z", "30 June 2027, 22:00 (UTC)" },
    { "30 June 2027, 22:00 (UTC)", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "1 jul 2027", BERLIN, "2027-06-30T22:00:00Z", "1 July 2027, 00:00 (UTC+2)" },
    { "1 July 2027 12:34", BERLIN, "2027-07-01T10:34:00Z", "1 July 2027, 12:34 (UTC+2)" },
    /* Beside a change of the clocks, and long after the last one in the tables. */
    { "2027-03-28T01:59:59", BERLIN, "2027-03-28T00:59:59Z", "28 March 2027, 01:59 (UTC+1)" },
    { "2027-03-28T03:00", BERLIN, "2027-03-28T01:00:00Z", "28 March 2027, 03:00 (UTC+2)" },
    { "2027-10-31T01:59", BERLIN, "2027-10-30T23:59:00Z", "31 October 2027, 01:59 (UTC+2)" },
    { "2027-10-31T03:00", BERLIN, "2027-10-31T02:00:00Z", "31 October 2027, 03:00 (UTC+1)" },
    { "2090-07-01", BERLIN, "2090-06-30T22:00:00Z", "1 July 2090, 00:00 (UTC+2)" },
    { "1970-01-01T00:00Z", "UTC", "1970-01-01T00:00:00Z", "1 January 1970, 00:00 (UTC)" },
    { "9998-12-31T23:59-12", "UTC", "9999-01-01T11:59:00Z", "1 January 9999, 11:59 (UTC)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTimeZone) zone = get_zone (cases[i].zone);
      g_autoptr(IssEffectiveDate) date = NULL;
      g_autoptr(GPtrArray) choices = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *utc = NULL;
      g_autofree char *echo = NULL;
      g_autofree char *typed = g_strstrip (g_strdup (cases[i].typed));

      g_test_message ("%s in %s", cases[i].typed, cases[i].zone);
      date = iss_effective_date_parse (cases[i].typed, zone, &choices, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (choices->len, ==, 0);

      utc = iss_time_text_iso (iss_effective_date_get_instant (date));
      echo = iss_effective_date_dup_echo (date);
      g_assert_cmpstr (utc, ==, cases[i].utc);
      g_assert_cmpstr (echo, ==, cases[i].echo);
      g_assert_cmpstr (iss_effective_date_get_typed (date), ==, typed);
      g_assert_cmpstr (iss_effective_date_get_zone (date), ==, cases[i].zone);
    }
}

/* What is asked about, never guessed; each choice can be typed, and means one instant. */
static void
test_ask (void)
{
  static const struct
  {
    const char *typed;
    const char *zone;
    const char *first;    /* what to type for it */
    const char *second;   /* NULL: there is no other */
    const char *says;
  } cases[] = {
    { "7/1/2027", BERLIN, "2027-07-01T00:00", "2027-01-07T00:00",
      "“7/1/2027” can be 1 July 2027, 00:00 (UTC+2) (type 2027-07-01T00:00) or 7 January 2027, "
      "00:00 (UTC+1) (type 2027-01-07T00:00)" },
    { "7/1/2027 1:00:00 PM", NEW_YORK, "2027-07-01T13:00", "2027-01-07T13:00", "13:00 (UTC-4)" },
    { "07/01/2027, 12:30 am", NEW_YORK, "2027-07-01T00:30", "2027-01-07T00:30", "00:30 (UTC-5)" },
    { "1.7.2027", BERLIN, "2027-01-07T00:00", "2027-07-01T00:00", "can be" },
    { "1-7-2027 23:59", "UTC", "2027-01-07T23:59", "2027-07-01T23:59", "can be" },
    { "13/7/2027", BERLIN, "2027-07-13T00:00", NULL, "easily exchanged. If it is 13 July 2027" },
    { "7/13/2027", BERLIN, "2027-07-13T00:00", NULL, "If it is 13 July 2027" },
    { "7/7/2027", BERLIN, "2027-07-07T00:00", NULL, "If it is 7 July 2027" },
    /* Clocks are put back: twice. */
    { "2027-10-31T02:30", BERLIN, "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00",
      "“2027-10-31T02:30” is there twice in Europe/Berlin, because clocks are put back: it is "
      "31 October 2027, 02:30 (UTC+2)" },
    { "2027-10-31T02:00", BERLIN, "2027-10-31T02:00+02:00", "2027-10-31T02:00+01:00", "twice" },
    { "31 October 2027, 02:59", BERLIN, "2027-10-31T02:59+02:00", "2027-10-31T02:59+01:00",
      "twice" },
    { "2027-11-07T01:00", NEW_YORK, "2027-11-07T01:00-04:00", "2027-11-07T01:00-05:00", "twice" },
    { "2027-04-04T01:45", LORD_HOWE, "2027-04-04T01:45+11:00", "2027-04-04T01:45+10:30", "twice" },
    /* Put forward: never. */
    { "2027-03-28T02:30", BERLIN, "2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00",
      "“2027-03-28T02:30” is not there in Europe/Berlin, because clocks are put forward: the last "
      "minute before is 28 March 2027, 01:59 (UTC+1)" },
    { "2027-03-28T02:00", BERLIN, "2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00", "not there" },
    { "2027-03-14T02:59:59", NEW_YORK, "2027-03-14T01:59-05:00", "2027-03-14T03:00-04:00",
      "not there" },
    { "2027-10-03T02:15", LORD_HOWE, "2027-10-03T01:59+10:30", "2027-10-03T02:30+11:00",
      "not there" },
    { "2027-04-30", "Africa/Cairo", "2027-04-29T23:59+02:00", "2027-04-30T01:00+03:00",
      "not there" },
    /* A whole day was not there. */
    { "2011-12-30", "Pacific/Apia", "2011-12-29T23:59-10:00", "2011-12-31T00:00+14:00",
      "not there" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTimeZone) zone = get_zone (cases[i].zone);
      g_autoptr(IssEffectiveDate) date = NULL;
      g_autoptr(GPtrArray) choices = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s in %s", cases[i].typed, cases[i].zone);
      date = iss_effective_date_parse (cases[i].typed, zone, &choices, &error);
      g_assert_null (date);
      g_assert_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_cmpuint (choices->len, ==, cases[i].second != NULL ? 2 : 1);

      for (guint k = 0; k < choices->len; k++)
        {
          IssEffectiveDate *choice = g_ptr_array_index (choices, k);
          const char *typed = iss_effective_date_get_typed (choice);
          g_autoptr(IssEffectiveDate) again = NULL;

          g_assert_cmpstr (typed, ==, k == 0 ? cases[i].first : cases[i].second);
          again = iss_effective_date_parse (typed, zone, NULL, NULL);
          g_assert_nonnull (again);
          g_assert_cmpint (iss_effective_date_get_instant (again), ==,
                           iss_effective_date_get_instant (choice));
        }
    }
}

static void
test_refuse (void)
{
  static const char *const cases[] = {
    "", " ", "now", "tomorrow", "2027", "2027-07", "27-07-01", "7/1/27", "7/1", "2027/07/01",
    "2027-7-1", "2027-07-01T0:00", "2027-07-01T00", "2027-07-01T24:00", "2027-07-01T00:60",
    "2027-07-01T00:00:60", "2027-07-01T00:00.5", "2027-07-01T00:00 Z Z", "2027-07-01T00:00CEST",
    "2027-07-01T00:00+2", "2027-07-01T00:00+15:00", "2027-06-31", "2027-02-29", "2027-13-01",
    "2027-00-10", "2027-07-00", "1969-12-31T23:59", "0027-07-01", "9999-01-01", "20270701T000000Z",
    "12027-07-01", "-2027-07-01", "7/1.2027", "13/13/2027", "0/1/2027", "7/1/2027 13:00 PM",
    "7/1/2027 0:30 AM", "7/1/1969", "1 Julember 2027", "32 July 2027", "1 July 27",
    "1 July 2027, 00:00 (UTC+15)", "1 July 2027, 00:00 (CEST)", "July 1, 2027", "1814392800",
    "2027-07-01\n", "2027-07-01T00:00\xe2\x80\x8e", "\xff\xfe", "２０２７-07-01",
    "2027-07-01T00:00                                                              ",
  };
  g_autoptr(GTimeZone) zone = get_zone (BERLIN);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) choices = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (iss_effective_date_parse (cases[i], zone, &choices, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_cmpuint (choices->len, ==, 0);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, "as in 2027-07-01T00:00"));
      g_assert_cmpuint (strlen (error->message), <, 400);
    }
}

/* Every quarter of an hour of a year is read as what it is, or asked about. */
static void
test_year (void)
{
  static const struct { const char *zone; guint n_twice; guint n_never; } cases[] = {
    { BERLIN, 4, 4 }, { NEW_YORK, 4, 4 }, { LORD_HOWE, 2, 2 }, { "UTC", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTimeZone) zone = get_zone (cases[i].zone);
      g_autoptr(GDateTime) first = g_date_time_new_utc (2027, 1, 1, 0, 0, 0);
      guint n_twice = 0;
      guint n_never = 0;

      for (gint64 quarter = 0; quarter < 365 * 24 * 4; quarter++)
        {
          g_autoptr(GDateTime) wall = g_date_time_add_minutes (first, (int) quarter * 15);
          g_autofree char *typed = g_date_time_format (wall, "%Y-%m-%dT%H:%M");
          g_autoptr(IssEffectiveDate) date = NULL;
          g_autoptr(GPtrArray) choices = NULL;

          date = iss_effective_date_parse (typed, zone, &choices, NULL);
          if (date != NULL)
            {
              g_autofree char *iso = iss_effective_date_dup_iso (date);

              g_assert_true (g_str_has_prefix (iso, typed));
              continue;
            }

          g_assert_cmpuint (choices->len, ==, 2);
          if (g_str_has_prefix (iss_effective_date_get_typed (choices->pdata[0]), typed))
            n_twice++;
          else
            n_never++;
        }

      g_assert_cmpuint (n_twice, ==, cases[i].n_twice);
      g_assert_cmpuint (n_never, ==, cases[i].n_never);
    }
}

static void
test_new (void)
{
  g_autoptr(GTimeZone) berlin = get_zone (BERLIN);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(IssEffectiveDate) date = iss_effective_date_new (1814392800, berlin);
  g_autoptr(IssEffectiveDate) late = iss_effective_date_new (1814392807, utc);
  g_autofree char *iso = iss_effective_date_dup_iso (date);
  g_autofree char *late_iso = iss_effective_date_dup_iso (late);

  g_assert_cmpstr (iss_effective_date_get_typed (date), ==, "2027-07-01T00:00+02:00");
  g_assert_cmpstr (iso, ==, "2027-07-01T00:00+02:00");
  g_assert_cmpstr (late_iso, ==, "2027-06-30T22:00:07Z");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/effective-date/read", test_read);
  g_test_add_func ("/effective-date/ask", test_ask);
  g_test_add_func ("/effective-date/refuse", test_refuse);
  g_test_add_func ("/effective-date/year", test_year);
  g_test_add_func ("/effective-date/new", test_new);

  return g_test_run ();
}
