/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/time-text.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The years 1 to 9999, which are what GDateTime can hold. */
#define FIRST_INSTANT (-62135596800)
#define LAST_INSTANT 253402300799

#define MAX_SHOWN 60
#define MAX_ZONE 64

static const char *const months[] =
{
  N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
  N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
};

static const char *const short_months[] =
{
  NC_("short month", "Jan"), NC_("short month", "Feb"), NC_("short month", "Mar"),
  NC_("short month", "Apr"), NC_("short month", "May"), NC_("short month", "Jun"),
  NC_("short month", "Jul"), NC_("short month", "Aug"), NC_("short month", "Sep"),
  NC_("short month", "Oct"), NC_("short month", "Nov"), NC_("short month", "Dec"),
};

/* Out of the years 1 to 9999 the nearest instant in them. Where the zone would
 * leave them (a certificate that never expires, seen from UTC+2), UTC. */
static GDateTime *
at (gint64     instant,
    GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = NULL;
  GDateTime *local;

  utc = g_date_time_new_from_unix_utc (CLAMP (instant, FIRST_INSTANT, LAST_INSTANT));
  g_assert (utc != NULL);

  if (zone == NULL)
    return g_steal_pointer (&utc);

  local = g_date_time_to_timezone (utc, zone);
  if (local == NULL
      || g_date_time_get_year (local) < 1
      || g_date_time_get_year (local) > 9999)
    {
      g_clear_pointer (&local, g_date_time_unref);
      return g_steal_pointer (&utc);
    }

  return local;
}

static const char *
month_name (GDateTime *when)
{
  return _(months[g_date_time_get_month (when) - 1]);
}

static char *
format_date (GDateTime *when)
{
  /* Translators: day, month, year */
  return g_strdup_printf (C_("date", "%d %s %d"), g_date_time_get_day_of_month (when),
                          month_name (when), g_date_time_get_year (when));
}

static char *
format_zone (GDateTime *when)
{
  gint64 minutes = g_date_time_get_utc_offset (when) / G_TIME_SPAN_MINUTE;
  char sign = minutes < 0 ? '-' : '+';
  int hours = (int) (ABS (minutes) / 60);
  int rest = (int) (ABS (minutes) % 60);

  if (minutes == 0)
    return g_strdup ("UTC");

  if (rest == 0)
    return g_strdup_printf ("UTC%c%d", sign, hours);

  return g_strdup_printf ("UTC%c%d:%02d", sign, hours, rest);
}

/**
 * iss_time_text_date:
 * @instant: seconds since 1970, UTC
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "1 July 2027"
 */
char *
iss_time_text_date (gint64     instant,
                    GTimeZone *zone)
{
  g_autoptr(GDateTime) when = at (instant, zone);

  return format_date (when);
}

/**
 * iss_time_text_short:
 * @instant: seconds since 1970, UTC
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "1 Jul 2027"
 */
char *
iss_time_text_short (gint64     instant,
                     GTimeZone *zone)
{
  g_autoptr(GDateTime) when = at (instant, zone);
  const char *month = short_months[g_date_time_get_month (when) - 1];

  return g_strdup_printf (C_("date", "%d %s %d"), g_date_time_get_day_of_month (when),
                          g_dpgettext2 (GETTEXT_PACKAGE, "short month", month),
                          g_date_time_get_year (when));
}

/**
 * iss_time_text_instant:
 * @instant: seconds since 1970, UTC
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "1 July 2027, 00:00 (UTC+2)"; the offset is the one
 *   in force at @instant
 */
char *
iss_time_text_instant (gint64     instant,
                       GTimeZone *zone)
{
  g_autoptr(GDateTime) when = at (instant, zone);
  g_autofree char *date = format_date (when);
  g_autofree char *offset = format_zone (when);

  /* Translators: date, hour, minute, zone: 1 July 2027, 00:00 (UTC+2) */
  return g_strdup_printf (C_("date", "%s, %02d:%02d (%s)"), date,
                          g_date_time_get_hour (when), g_date_time_get_minute (when), offset);
}

/**
 * iss_time_text_clock:
 * @instant: seconds since 1970, UTC
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "13:41:07"
 */
char *
iss_time_text_clock (gint64     instant,
                     GTimeZone *zone)
{
  g_autoptr(GDateTime) when = at (instant, zone);

  return g_date_time_format (when, "%H:%M:%S");
}

/**
 * iss_time_text_since:
 * @instant: seconds since 1970, UTC
 * @now: the present, likewise
 * @zone: (nullable): the zone to show it in; %NULL is UTC
 *
 * Returns: (transfer full): "13:41" if that was on the day of @now, else
 *   "3 July, 13:41", and with the year if it is another: "3 July 2026, 13:41"
 */
char *
iss_time_text_since (gint64     instant,
                     gint64     now,
                     GTimeZone *zone)
{
  g_autoptr(GDateTime) when = at (instant, zone);
  g_autoptr(GDateTime) present = at (now, zone);
  g_autofree char *date = NULL;
  int hour = g_date_time_get_hour (when);
  int minute = g_date_time_get_minute (when);

  if (g_date_time_get_year (when) != g_date_time_get_year (present))
    date = format_date (when);
  else if (g_date_time_get_day_of_year (when) != g_date_time_get_day_of_year (present))
    /* Translators: day, month */
    date = g_strdup_printf (C_("date", "%d %s"), g_date_time_get_day_of_month (when),
                            month_name (when));

  if (date == NULL)
    return g_strdup_printf ("%02d:%02d", hour, minute);

  /* Translators: date, hour, minute */
  return g_strdup_printf (C_("date", "%s, %02d:%02d"), date, hour, minute);
}

/**
 * iss_time_text_iso:
 * @instant: seconds since 1970, UTC
 *
 * Returns: (transfer full): for machines: "2027-06-30T22:00:00Z"
 */
char *
iss_time_text_iso (gint64 instant)
{
  g_autoptr(GDateTime) when = at (instant, NULL);

  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ",
                          g_date_time_get_year (when), g_date_time_get_month (when),
                          g_date_time_get_day_of_month (when), g_date_time_get_hour (when),
                          g_date_time_get_minute (when), (int) g_date_time_get_second (when));
}

/* Exactly @n digits. */
static gboolean
take_number (const char **text,
             guint        n,
             int         *out_number)
{
  int number = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*text)[i]))
        return FALSE;

      number = number * 10 + g_ascii_digit_value ((*text)[i]);
    }

  *text += n;
  *out_number = number;

  return TRUE;
}

static gboolean
take_character (const char **text,
                char         c)
{
  if (**text != c)
    return FALSE;

  (*text)++;

  return TRUE;
}

/* Z, +02, +0200 or +02:00: east is positive, in minutes. */
static gboolean
take_offset (const char **text,
             int         *out_minutes)
{
  int hours = 0;
  int minutes = 0;
  int sign = 1;

  if (take_character (text, 'Z'))
    {
      *out_minutes = 0;
      return TRUE;
    }

  if (take_character (text, '-'))
    sign = -1;
  else if (!take_character (text, '+'))
    return FALSE;

  if (!take_number (text, 2, &hours))
    return FALSE;

  if (**text != '\0')
    {
      (void) take_character (text, ':');
      if (!take_number (text, 2, &minutes))
        return FALSE;
    }

  /* From UTC-12 to UTC+14, there are no others. */
  if (minutes > 59 || hours * 60 + minutes > (sign > 0 ? 14 : 12) * 60)
    return FALSE;

  *out_minutes = sign * (hours * 60 + minutes);

  return TRUE;
}

static gboolean
parse_iso (const char *text,
           gint64     *out_instant)
{
  g_autoptr(GDateTime) when = NULL;
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second = 0;
  int offset;

  if (!take_number (&text, 4, &year) || !take_character (&text, '-')
      || !take_number (&text, 2, &month) || !take_character (&text, '-')
      || !take_number (&text, 2, &day) || !take_character (&text, 'T')
      || !take_number (&text, 2, &hour) || !take_character (&text, ':')
      || !take_number (&text, 2, &minute))
    return FALSE;

  if (take_character (&text, ':') && !take_number (&text, 2, &second))
    return FALSE;

  if (!take_offset (&text, &offset) || *text != '\0')
    return FALSE;

  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31
      || hour > 23 || minute > 59 || second > 59)
    return FALSE;

  when = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (when == NULL)
    return FALSE;

  *out_instant = g_date_time_to_unix (when) - offset * 60;

  return TRUE;
}

/**
 * iss_time_text_zone:
 * @identifier: the name of a time zone, from outside
 *
 * GLib reads the file of that name: what would lead elsewhere is no name of a zone.
 *
 * Returns: (transfer full) (nullable): the zone; %NULL if there is none that this computer knows
 */
GTimeZone *
iss_time_text_zone (const char *identifier)
{
  g_return_val_if_fail (identifier != NULL, NULL);

  if (!g_ascii_isalpha (*identifier) || strlen (identifier) > MAX_ZONE)
    return NULL;

  for (const char *c = identifier; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("/_+-", *c) == NULL)
      return NULL;

  return g_time_zone_new_identifier (identifier);
}

/**
 * iss_time_text_parse:
 * @text: what somebody typed
 * @out_instant: (out): seconds since 1970, UTC
 * @error: return location for an error
 *
 * Takes only what can mean one instant: a date and a time with a zone
 * (ISO 8601), such as 2027-06-30T22:00:00Z or 2027-07-01T00:00+02:00. The
 * seconds may be left out, the zone may not.
 *
 * Returns: whether it could be read; else %ISS_ERROR_INVALID_ARGUMENT
 */
gboolean
iss_time_text_parse (const char  *text,
                     gint64      *out_instant,
                     GError     **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (out_instant != NULL, FALSE);

  if (parse_iso (text, out_instant))
    return TRUE;

  shown = iss_text_sanitise (text, -1, MAX_SHOWN);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("“%s” is not an instant: give date, time and zone, as in "
                 "2027-06-30T22:00:00Z or 2027-07-01T00:00+02:00"), shown);

  return FALSE;
}
