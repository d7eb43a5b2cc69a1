/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/effective-date.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TYPED 64
#define FIRST_YEAR 1970
#define LAST_YEAR 9998   /* in whatever zone, GDateTime can hold it */

#define DAY 86400
#define MINUTE 60

/**
 * IssEffectiveDate:
 *
 * When something takes effect.
 *
 * What was typed is kept with its zone, because an instant alone cannot tell an
 * administrator elsewhere what was meant by it.
 */
struct _IssEffectiveDate
{
  gint64     instant;
  char      *typed;
  GTimeZone *zone;
};

G_DEFINE_BOXED_TYPE (IssEffectiveDate, iss_effective_date, iss_effective_date_ref,
                     iss_effective_date_unref)

/* 2027-07-01, also with a time, also with an offset. */
#define ISO "^([0-9]{4})-([0-9]{2})-([0-9]{2})" \
            "(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?" \
            "(?: ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?))?$"

/* 7/1/2027 1:00:00 PM and its like: two numbers of which one is the month. */
#define SLASHED "^([0-9]{1,2})([-/.])([0-9]{1,2})\\2([0-9]{4})" \
                "(?:,? ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?([AaPp])[Mm])?)?$"

/* 1 July 2027, 00:00 (UTC+2): what we write ourselves. */
#define NAMED "^([0-9]{1,2}) ([^ 0-9]+) ([0-9]{4})" \
              "(?:,? ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?" \
              "(?: \\(UTC(?:([+-])([0-9]{1,2})(?::([0-9]{2}))?)?\\))?$"

/* A date and a time of day, of nowhere in particular. */
typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
} Wall;

static GMatchInfo *
match (const char *pattern,
       const char *text)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  g_autoptr(GMatchInfo) info = NULL;

  g_assert (regex != NULL);

  return g_regex_match (regex, text, 0, &info) ? g_steal_pointer (&info) : NULL;
}

/* 0 where there is none: at most four digits. */
static int
get_number (GMatchInfo *info,
            int         group)
{
  g_autofree char *text = g_match_info_fetch (info, group);

  return text != NULL ? (int) g_ascii_strtoll (text, NULL, 10) : 0;
}

static gboolean
has_group (GMatchInfo *info,
           int         group)
{
  int start = -1;

  return g_match_info_fetch_pos (info, group, &start, NULL) && start >= 0;
}

/* Seconds since 1970 if the wall stood in Greenwich. */
static gboolean
read_wall (const Wall *wall,
           gint64     *out_seconds)
{
  g_autoptr(GDateTime) when = NULL;

  if (wall->year < FIRST_YEAR || wall->year > LAST_YEAR)
    return FALSE;

  when = g_date_time_new_utc (wall->year, wall->month, wall->day, wall->hour, wall->minute,
                              wall->second);
  if (when == NULL)
    return FALSE;

  *out_seconds = g_date_time_to_unix (when);

  return TRUE;
}

static gint32
offset_at (GTimeZone *zone,
           gint64     instant)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, instant);

  return g_time_zone_get_offset (zone, interval);
}

/* The instants, none to two, at which clocks in @zone show @wall. */
static guint
find_instants (gint64     wall,
               GTimeZone *zone,
               gint64     instants[2])
{
  const gint64 near[] = { wall - DAY, wall + DAY };
  guint n = 0;

  /* An instant is one if the offset in force before or after the next change leads to it. */
  for (gsize i = 0; i < G_N_ELEMENTS (near); i++)
    {
      gint64 instant = wall - offset_at (zone, near[i]);

      if (offset_at (zone, instant) == wall - instant && (n == 0 || instants[0] != instant))
        instants[n++] = instant;
    }

  return n;
}

/* The instant at which clocks jump over @wall. */
static gint64
find_jump (gint64     wall,
           GTimeZone *zone)
{
  gint64 before = wall - DAY - offset_at (zone, wall - DAY);
  gint64 after = wall + DAY - offset_at (zone, wall + DAY);
  gint32 offset = offset_at (zone, before);

  while (after - before > 1)
    {
      gint64 middle = before + (after - before) / 2;

      if (offset_at (zone, middle) == offset)
        before = middle;
      else
        after = middle;
    }

  return after;
}

static IssEffectiveDate *
new_date (gint64      instant,
          const char *typed,
          GTimeZone  *zone)
{
  IssEffectiveDate *self = g_atomic_rc_box_new0 (IssEffectiveDate);

  self->instant = instant;
  self->typed = g_strdup (typed);
  self->zone = g_time_zone_ref (zone);

  return self;
}

static void
unref_choice (gpointer data)
{
  iss_effective_date_unref (data);
}

static GPtrArray *
new_choices (void)
{
  return g_ptr_array_new_with_free_func (unref_choice);
}

static gboolean
fail_to_read (const char  *typed,
              GError     **error)
{
  g_autofree char *shown = iss_text_sanitise (typed, -1, MAX_TYPED);

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("“%s” is not a date that can be read: type year, month, day and the time, as in "
                 "2027-07-01T00:00, or with the zone, as in 2027-07-01T00:00+02:00"), shown);

  return FALSE;
}

/* "12 July 2027, 00:00 (UTC+2)" of a choice, and what to type for it. */
static char *
describe (IssEffectiveDate *choice)
{
  g_autofree char *echo = iss_effective_date_dup_echo (choice);

  /* Translators: an instant, and what to type to mean it */
  return g_strdup_printf (_("%s (type %s)"), echo, choice->typed);
}

static void
fail_twice (const char  *typed,
            GPtrArray   *choices,
            GError     **error)
{
  g_autofree char *first = describe (g_ptr_array_index (choices, 0));
  g_autofree char *second = describe (g_ptr_array_index (choices, 1));

  g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
               _("“%s” is there twice in %s, because clocks are put back: it is %s or %s"), typed,
               iss_effective_date_get_zone (g_ptr_array_index (choices, 0)), first, second);
}

static void
fail_never (const char  *typed,
            GPtrArray   *choices,
            GError     **error)
{
  g_autofree char *before = describe (g_ptr_array_index (choices, 0));
  g_autofree char *after = describe (g_ptr_array_index (choices, 1));

  g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
               _("“%s” is not there in %s, because clocks are put forward: the last minute before "
                 "is %s, the first one after is %s"), typed,
               iss_effective_date_get_zone (g_ptr_array_index (choices, 0)), before, after);
}

/* What clocks of @zone show, to an instant; where that is not one, the choices. */
static IssEffectiveDate *
resolve (const char  *typed,
         gint64       wall,
         GTimeZone   *zone,
         GPtrArray   *choices,
         GError     **error)
{
  gint64 instants[2] = { 0, 0 };
  guint n = find_instants (wall, zone, instants);

  if (n == 1)
    return new_date (instants[0], typed, zone);

  if (n == 0)
    {
      gint64 jump = find_jump (wall, zone);

      g_ptr_array_add (choices, iss_effective_date_new (jump - MINUTE, zone));
      g_ptr_array_add (choices, iss_effective_date_new (jump, zone));
      fail_never (typed, choices, error);
      return NULL;
    }

  g_ptr_array_add (choices, iss_effective_date_new (MIN (instants[0], instants[1]), zone));
  g_ptr_array_add (choices, iss_effective_date_new (MAX (instants[0], instants[1]), zone));
  fail_twice (typed, choices, error);

  return NULL;
}

static IssEffectiveDate *
parse_iso (const char  *typed,
           GMatchInfo  *info,
           GTimeZone   *zone,
           GPtrArray   *choices,
           GError     **error)
{
  Wall wall = { get_number (info, 1), get_number (info, 2), get_number (info, 3),
                get_number (info, 4), get_number (info, 5), get_number (info, 6) };
  g_autofree char *offset = g_match_info_fetch (info, 7);
  g_autofree char *whole = NULL;
  gint64 seconds;

  if (!read_wall (&wall, &seconds))
    {
      fail_to_read (typed, error);
      return NULL;
    }

  if (!has_group (info, 7))
    return resolve (typed, seconds, zone, choices, error);

  whole = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%s", wall.year, wall.month, wall.day,
                           wall.hour, wall.minute, wall.second, offset);
  if (iss_time_text_parse (whole, &seconds, NULL))
    return new_date (seconds, typed, zone);

  fail_to_read (typed, error);

  return NULL;
}

/* Adds the first instant of a reading, if there is such a date. */
static void
add_reading (const Wall *wall,
             GTimeZone  *zone,
             GPtrArray  *choices)
{
  g_autoptr(GPtrArray) own = new_choices ();
  g_autofree char *typed = NULL;
  IssEffectiveDate *reading;
  gint64 seconds;

  if (!read_wall (wall, &seconds))
    return;

  typed = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d", wall->year, wall->month, wall->day,
                           wall->hour, wall->minute);
  reading = resolve (typed, seconds, zone, own, NULL);

  /* A day that was not there at that hour either: where it begins. */
  if (reading == NULL)
    reading = iss_effective_date_ref (g_ptr_array_index (own, own->len - 1));

  g_ptr_array_add (choices, reading);
}

static void
parse_slashed (const char  *typed,
               GMatchInfo  *info,
               GTimeZone   *zone,
               GPtrArray   *choices,
               GError     **error)
{
  g_autofree char *half = g_match_info_fetch (info, 8);
  int first = get_number (info, 1);
  int second = get_number (info, 3);
  Wall wall = { get_number (info, 4), first, second, get_number (info, 5), get_number (info, 6),
                get_number (info, 7) };
  Wall other;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  if (has_group (info, 8))
    {
      wall.hour = wall.hour < 1 || wall.hour > 12 ? -1 : wall.hour % 12;
      if (wall.hour >= 0 && g_ascii_tolower (*half) == 'p')
        wall.hour += 12;
    }

  other = wall;
  other.month = second;
  other.day = first;
  if (wall.hour >= 0)
    {
      add_reading (&wall, zone, choices);
      if (first != second)
        add_reading (&other, zone, choices);
    }

  if (choices->len == 0)
    {
      fail_to_read (typed, error);
      return;
    }

  one = describe (g_ptr_array_index (choices, 0));
  if (choices->len == 1)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS,
                   _("“%s” is written as day and month are easily exchanged. If it is %s, type it "
                     "so"), typed, one);
      return;
    }

  two = describe (g_ptr_array_index (choices, 1));
  g_set_error (error, ISS_ERROR, ISS_ERROR_AMBIGUOUS, _("“%s” can be %s or %s"), typed, one, two);
}

/* The month that is called so, in full or short; 0 = none. */
static int
find_month (const char *name)
{
  for (int month = 1; month <= 12; month++)
    {
      g_autoptr(GDateTime) day = g_date_time_new_utc (2027, month, 9, 0, 0, 0);
      g_autofree char *date = iss_time_text_date (g_date_time_to_unix (day), NULL);
      g_autofree char *brief = iss_time_text_short (g_date_time_to_unix (day), NULL);
      g_autofree char *typed = g_strdup_printf ("9 %s 2027", name);
      g_autofree char *folded = g_utf8_casefold (typed, -1);
      g_autofree char *folded_date = g_utf8_casefold (date, -1);
      g_autofree char *folded_brief = g_utf8_casefold (brief, -1);

      if (strcmp (folded, folded_date) == 0 || strcmp (folded, folded_brief) == 0)
        return month;
    }

  return 0;
}

static IssEffectiveDate *
parse_named (const char  *typed,
             GMatchInfo  *info,
             GTimeZone   *zone,
             GPtrArray   *choices,
             GError     **error)
{
  g_autofree char *month = g_match_info_fetch (info, 2);
  g_autofree char *sign = g_match_info_fetch (info, 7);
  Wall wall = { get_number (info, 3), find_month (month), get_number (info, 1),
                get_number (info, 4), get_number (info, 5), get_number (info, 6) };
  g_autofree char *whole = NULL;
  gint64 seconds;

  if (!read_wall (&wall, &seconds))
    {
      fail_to_read (typed, error);
      return NULL;
    }

  if (!g_str_has_suffix (typed, ")"))
    return resolve (typed, seconds, zone, choices, error);

  whole = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", wall.year, wall.month,
                           wall.day, wall.hour, wall.minute, wall.second,
                           has_group (info, 7) ? *sign : '+', get_number (info, 8),
                           get_number (info, 9));
  if (iss_time_text_parse (whole, &seconds, NULL))
    return new_date (seconds, typed, zone);

  fail_to_read (typed, error);

  return NULL;
}

/**
 * iss_effective_date_parse:
 * @typed: what an administrator typed
 * @zone: the zone that a text without an offset is meant in
 * @out_choices: (out) (optional) (element-type IssEffectiveDate): where it can be read in
 *   several ways, or names a time that clocks do not show, what can be meant: one or two, to be
 *   asked about; else empty. Written on failure, too
 * @error: return location for an error: %ISS_ERROR_AMBIGUOUS if there are choices, else
 *   %ISS_ERROR_INVALID_ARGUMENT
 *
 * Takes ISO 8601, with an offset or without, and what iss_effective_date_dup_echo() writes. A
 * date without a time is its midnight. Days and months that may be exchanged (7/1/2027) are
 * refused with what they may mean; so are times that clocks show twice or never, when they are
 * put back or forward. It is never guessed.
 *
 * Returns: (transfer full): the date, or %NULL with @error set
 */
IssEffectiveDate *
iss_effective_date_parse (const char  *typed,
                          GTimeZone   *zone,
                          GPtrArray  **out_choices,
                          GError     **error)
{
  g_autoptr(GPtrArray) choices = new_choices ();
  g_autoptr(IssEffectiveDate) date = NULL;
  g_autoptr(GMatchInfo) iso = NULL;
  g_autoptr(GMatchInfo) slashed = NULL;
  g_autoptr(GMatchInfo) named = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (typed != NULL, NULL);
  g_return_val_if_fail (zone != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* What is pasted may bring blanks along. */
  if (strlen (typed) <= MAX_TYPED && iss_text_is_clean (typed, MAX_TYPED))
    {
      text = g_strstrip (g_strdup (typed));
      iso = match (ISO, text);
      slashed = match (SLASHED, text);
      named = match (NAMED, text);
    }

  if (iso != NULL)
    date = parse_iso (text, iso, zone, choices, error);
  else if (slashed != NULL)
    parse_slashed (text, slashed, zone, choices, error);
  else if (named != NULL)
    date = parse_named (text, named, zone, choices, error);
  else
    fail_to_read (typed, error);

  if (out_choices != NULL)
    *out_choices = g_steal_pointer (&choices);

  return g_steal_pointer (&date);
}

/* 2027-07-01T00:00+02:00; seconds only where there are some. */
static char *
format_iso (gint64     instant,
            GTimeZone *zone)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (instant);
  g_autoptr(GDateTime) local = g_date_time_to_timezone (utc, zone);
  gboolean is_utc = g_date_time_get_utc_offset (local) == 0;
  g_autofree char *minutes = g_date_time_format (local, "%Y-%m-%dT%H:%M");
  g_autofree char *seconds = g_date_time_format (local, "%S");
  g_autofree char *offset = is_utc ? g_strdup ("Z") : g_date_time_format (local, "%:z");

  if (strcmp (seconds, "00") == 0)
    return g_strconcat (minutes, offset, NULL);

  return g_strconcat (minutes, ":", seconds, offset, NULL);
}

/**
 * iss_effective_date_new:
 * @instant: seconds since 1970, UTC, in the years 1970 to 9998
 * @zone: the zone to show it in
 *
 * Returns: (transfer full): a date that nobody typed: its text is what can be
 */
IssEffectiveDate *
iss_effective_date_new (gint64     instant,
                        GTimeZone *zone)
{
  g_autofree char *typed = NULL;

  g_return_val_if_fail (zone != NULL, NULL);

  typed = format_iso (instant, zone);

  return new_date (instant, typed, zone);
}

static void
clear (gpointer data)
{
  IssEffectiveDate *self = data;

  g_free (self->typed);
  g_time_zone_unref (self->zone);
}

/**
 * iss_effective_date_ref:
 * @self: a date
 *
 * Returns: (transfer full): @self
 */
IssEffectiveDate *
iss_effective_date_ref (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * iss_effective_date_unref:
 * @self: (transfer full): a date
 */
void
iss_effective_date_unref (IssEffectiveDate *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

gint64
iss_effective_date_get_instant (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->instant;
}

const char *
iss_effective_date_get_typed (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->typed;
}

const char *
iss_effective_date_get_zone (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_time_zone_get_identifier (self->zone);
}

/**
 * iss_effective_date_dup_echo:
 * @self: a date
 *
 * Returns: (transfer full): what was understood, to be shown to whoever typed it
 */
char *
iss_effective_date_dup_echo (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return iss_time_text_instant (self->instant, self->zone);
}

/**
 * iss_effective_date_dup_iso:
 * @self: a date
 *
 * Returns: (transfer full): what means it in any zone: for the line of a shell
 */
char *
iss_effective_date_dup_iso (IssEffectiveDate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return format_iso (self->instant, self->zone);
}
