/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/time-text.h"

#include "core/base/error.h"

#include <string.h>

#define INSTANT 1814392800   /* 2027-06-30T22:00:00Z */

static void
test_forms (void)
{
  const struct
    {
      gint64      instant;
      const char *zone;
      const char *date;
      const char *brief;
      const char *whole;
      const char *clock;
    } cases[] =
    {
      { INSTANT, NULL, "30 June 2027", "30 Jun 2027", "30 June 2027, 22:00 (UTC)", "22:00:00" },
      { INSTANT, "+02:00", "1 July 2027", "1 Jul 2027", "1 July 2027, 00:00 (UTC+2)",
        "00:00:00" },
      { INSTANT + 7, "+05:30", "1 July 2027", "1 Jul 2027", "1 July 2027, 03:30 (UTC+5:30)",
        "03:30:07" },
      { INSTANT, "-03:30", "30 June 2027", "30 Jun 2027", "30 June 2027, 18:30 (UTC-3:30)",
        "18:30:00" },
      { INSTANT, "-08", "30 June 2027", "30 Jun 2027", "30 June 2027, 14:00 (UTC-8)",
        "14:00:00" },
      { 0, NULL, "1 January 1970", "1 Jan 1970", "1 January 1970, 00:00 (UTC)", "00:00:00" },
      { -1, NULL, "31 December 1969", "31 Dec 1969", "31 December 1969, 23:59 (UTC)", "23:59:59" },
      /* A certificate that never expires, where the zone is already in the year 10000. */
      { G_GINT64_CONSTANT (253402300799), "+02:00", "31 December 9999", "31 Dec 9999",
        "31 December 9999, 23:59 (UTC)", "23:59:59" },
      { G_MAXINT64, NULL, "31 December 9999", "31 Dec 9999", "31 December 9999, 23:59 (UTC)",
        "23:59:59" },
      { G_MININT64, "-08", "1 January 1", "1 Jan 1", "1 January 1, 00:00 (UTC)", "00:00:00" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTimeZone) zone = NULL;
      g_autofree char *date = NULL;
      g_autofree char *brief = NULL;
      g_autofree char *whole = NULL;
      g_autofree char *clock = NULL;

      if (cases[i].zone != NULL)
        zone = g_time_zone_new_identifier (cases[i].zone);

      date = iss_time_text_date (cases[i].instant, zone);
      brief = iss_time_text_short (cases[i].instant, zone);
      whole = iss_time_text_instant (cases[i].instant, zone);
      clock = iss_time_text_clock (cases[i].instant, zone);

      g_assert_cmpstr (date, ==, cases[i].date);
      g_assert_cmpstr (brief, ==, cases[i].brief);
      g_assert_cmpstr (whole, ==, cases[i].whole);
      g_assert_cmpstr (clock, ==, cases[i].clock);
    }
}

/* Every month, by its name. */
static void
test_months (void)
{
  const char *names[] = { "January", "February", "March", "April", "May", "June", "July",
                          "August", "September", "October", "November", "December" };

  for (int month = 1; month <= 12; month++)
    {
      g_autoptr(GDateTime) when = g_date_time_new_utc (2026, month, 5, 0, 0, 0);
      g_autofree char *date = iss_time_text_date (g_date_time_to_unix (when), NULL);
      g_autofree char *brief = iss_time_text_short (g_date_time_to_unix (when), NULL);
      g_autofree char *expected = g_strdup_printf ("5 %s 2026", names[month - 1]);
      g_autofree char *expected_brief = g_strdup_printf ("5 %.3s 2026", names[month - 1]);

      g_assert_cmpstr (date, ==, expected);
      g_assert_cmpstr (brief, ==, expected_brief);
    }
}

/* The offset of that instant, not of today. */
static void
test_daylight_saving (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");
  g_autofree char *summer = NULL;
  g_autofree char *winter = NULL;

  g_assert_nonnull (zone);
  summer = iss_time_text_instant (INSTANT, zone);
  winter = iss_time_text_instant (INSTANT + 184 * 86400, zone);

  g_assert_cmpstr (summer, ==, "1 July 2027, 00:00 (UTC+2)");
  g_assert_cmpstr (winter, ==, "31 December 2027, 23:00 (UTC+1)");
}

static void
test_since (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier ("+02:00");
  const struct { gint64 ago; const char *expected; } cases[] =
    {
      { 0, "12:00" },
      { 12 * 3600, "00:00" },
      { 12 * 3600 + 1, "30 June, 23:59" },
      { 86400, "30 June, 12:00" },
      { 181 * 86400 + 12 * 3600, "1 January, 00:00" },
      { 181 * 86400 + 12 * 3600 + 60, "31 December 2026, 23:59" },
      { -3600, "13:00" },
      { 365 * 86400, "1 July 2026, 12:00" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 now = INSTANT + 12 * 3600;
      g_autofree char *text = iss_time_text_since (now - cases[i].ago, now, zone);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_parse (void)
{
  const struct { const char *text; gint64 instant; } cases[] =
    {
      { "2027-06-30T22:00:00Z", INSTANT },
      { "2027-06-30T22:00Z", INSTANT },
      { "2027-07-01T00:00+02:00", INSTANT },
      { "2027-07-01T00:00:07+0200", INSTANT + 7 },
      { "2027-07-01T00:00:00+02", INSTANT },
      { "2027-07-01T03:30:00+05:30", INSTANT },
      { "2027-06-30T18:30:00-03:30", INSTANT },
      { "1970-01-01T00:00:00Z", 0 },
      { "2028-02-29T00:00:00Z", 1835395200 },
      { "9999-12-31T23:59:59Z", G_GINT64_CONSTANT (253402300799) },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *iso = NULL;
      gint64 instant = -7;
      gint64 again = -7;

      g_test_message ("%s", cases[i].text);
      g_assert_true (iss_time_text_parse (cases[i].text, &instant, &error));
      g_assert_no_error (error);
      g_assert_cmpint (instant, ==, cases[i].instant);

      iso = iss_time_text_iso (instant);
      g_assert_true (iss_time_text_parse (iso, &again, NULL));
      g_assert_cmpint (again, ==, instant);
    }
}

static void
test_parse_bad (void)
{
  const char *cases[] =
    {
      "", "now", "tomorrow", "2027", "2027-07-01", "2027-07-01T00:00:00", "2027-07-01 00:00",
      "01/07/2027", "1.7.2027", "7/1/2027 00:00 AM", "20270701T000000Z", "2027-W26-4T00:00:00Z",
      "2027-7-1T00:00:00Z", "2027-07-01T00:00:00.5Z", "2027-07-01T00:00:00z",
      "2027-07-01T00:00:00 Z", "2027-07-01T00:00:00ZZ", "2027-07-01T00:00:00Z ",
      " 2027-07-01T00:00:00Z", "2027-07-01T00:00:00CEST", "2027-07-01T00:00:00+2",
      "2027-07-01T00:00:00+02:0", "2027-07-01T00:00:00+02:", "2027-07-01T00:00:00+02:60",
      "2027-07-01T00:00:00+14:01", "2027-07-01T00:00:00-12:30", "2027-07-01T24:00:00Z",
      "2027-07-01T23:60:00Z", "2027-07-01T23:59:60Z", "2027-07-00T00:00:00Z",
      "2027-06-31T00:00:00Z", "2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z",
      "2027-00-01T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
      "-2027-07-01T00:00:00Z", "2027-07-01T00:0:00Z", "2027-07-01T00:00:Z", "1814392800",
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 instant = -7;

      g_test_message ("“%s”", cases[i]);
      g_assert_false (iss_time_text_parse (cases[i], &instant, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (instant, ==, -7);
      g_assert_nonnull (strstr (error->message, cases[i]));
      g_assert_nonnull (strstr (error->message, "2027-06-30T22:00:00Z"));
    }
}

static void
test_iso (void)
{
  g_autofree char *text = iss_time_text_iso (INSTANT);
  g_autofree char *early = iss_time_text_iso (-62135596800);

  g_assert_cmpstr (text, ==, "2027-06-30T22:00:00Z");
  g_assert_cmpstr (early, ==, "0001-01-01T00:00:00Z");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/time-text/forms", test_forms);
  g_test_add_func ("/time-text/months", test_months);
  g_test_add_func ("/time-text/daylight-saving", test_daylight_saving);
  g_test_add_func ("/time-text/since", test_since);
  g_test_add_func ("/time-text/parse", test_parse);
  g_test_add_func ("/time-text/parse/bad", test_parse_bad);
  g_test_add_func ("/time-text/iso", test_iso);

  return g_test_run ();
}
