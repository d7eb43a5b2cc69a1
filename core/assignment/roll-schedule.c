/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-schedule.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of what there is to see, what is left free before and after it. */
#define MARGIN_BEFORE 16
#define MARGIN_AFTER 6

/* What is so many times further away than the rest is beyond the edge: it would squeeze that. */
#define FAR 4

#define LEAST_SPAN 3600

/**
 * IssRollSchedule:
 *
 * What happens when, around a roll.
 *
 * Picture and text are made from the same events, so that who cannot see the one
 * is told the same by the other.
 */
struct _IssRollSchedule
{
  GObject     parent_instance;

  GPtrArray  *events;      /* (element-type IssRollEvent) */
  GPtrArray  *bars;        /* (element-type IssRollBar) */
  GTimeZone  *zone;        /* (nullable) */
  char       *old_name;    /* (nullable) */
  char       *new_name;
  char       *way_back;

  gint64      instant;
  gint64      removable;   /* 0 = there is nothing to remove */
  gint64      now;
  gint64      from;
  gint64      until;
};

G_DEFINE_FINAL_TYPE (IssRollSchedule, iss_roll_schedule, G_TYPE_OBJECT)

static void
iss_roll_schedule_finalize (GObject *object)
{
  IssRollSchedule *self = ISS_ROLL_SCHEDULE (object);

  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_pointer (&self->bars, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->old_name, g_free);
  g_clear_pointer (&self->new_name, g_free);
  g_clear_pointer (&self->way_back, g_free);

  G_OBJECT_CLASS (iss_roll_schedule_parent_class)->finalize (object);
}

static void
iss_roll_schedule_class_init (IssRollScheduleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_roll_schedule_finalize;
}

static void
event_free (gpointer data)
{
  IssRollEvent *event = data;

  g_free (event->date);
  g_free (event->label);
  g_free (event->text);
  g_free (event);
}

static void
bar_free (gpointer data)
{
  IssRollBar *bar = data;

  g_free (bar->label);
  g_free (bar);
}

static void
iss_roll_schedule_init (IssRollSchedule *self)
{
  self->events = g_ptr_array_new_with_free_func (event_free);
  self->bars = g_ptr_array_new_with_free_func (bar_free);
}

/* A renewed certificate is often called what the old one was. */
static void
take_names (IssRollSchedule   *self,
            const IssRollPlan *plan)
{
  if (plan->old_name == NULL)
    {
      self->new_name = g_strdup (plan->new_name);
    }
  else if (strcmp (plan->old_name, plan->new_name) == 0)
    {
      /* Translators: of two certificates with the same name */
      self->old_name = g_strdup_printf (_("%s (old)"), plan->old_name);
      self->new_name = g_strdup_printf (_("%s (new)"), plan->new_name);
    }
  else
    {
      self->old_name = g_strdup (plan->old_name);
      self->new_name = g_strdup (plan->new_name);
    }
}

static char *
dup_date (gint64     instant,
          GTimeZone *zone)
{
  g_autofree char *day = iss_time_text_short (instant, zone);
  g_autofree char *clock = iss_time_text_clock (instant, zone);

  /* Translators: date, hours and minutes: 12 Jul 2027, 00:00 */
  return g_strdup_printf (C_("date", "%s, %.5s"), day, clock);
}

static void
add_event (IssRollSchedule  *self,
           IssRollEventKind  kind,
           gint64            instant,
           const char       *label,
           char             *text)
{
  IssRollEvent *event = g_new0 (IssRollEvent, 1);

  event->kind = kind;
  event->instant = instant;
  event->date = dup_date (instant, self->zone);
  event->label = g_strdup (label);
  event->text = text;
  g_ptr_array_add (self->events, event);
}

static void
add_bar (IssRollSchedule *self,
         IssRollLane      lane,
         gboolean         is_new,
         gint64           from,
         gint64           until,
         char            *label)
{
  IssRollBar *bar;

  if (until <= from)
    {
      g_free (label);
      return;
    }

  bar = g_new0 (IssRollBar, 1);
  bar->lane = lane;
  bar->is_new = is_new;
  bar->from = from;
  bar->until = until;
  bar->label = label;
  g_ptr_array_add (self->bars, bar);
}

static char *
dup_now_text (IssRollSchedule   *self,
              const IssRollPlan *plan)
{
  gboolean rolled = self->instant <= self->now;
  gboolean signs = plan->token_lifetime > 0;

  if (rolled && self->old_name == NULL)
    return g_strdup_printf (signs ? _("now: %s signs") : _("now: %s is used"), self->new_name);
  if (rolled && self->removable > self->now)
    return g_strdup_printf (_("now: %s signs, %s still verifies what it signed"), self->new_name,
                            self->old_name);
  if (rolled)
    return g_strdup_printf (signs ? _("now: %s signs, %s may be removed")
                                  : _("now: %s is used, %s may be removed"), self->new_name,
                            self->old_name);
  if (self->old_name == NULL || plan->old_not_after <= self->now)
    return g_strdup_printf (_("now: nothing valid is in use; %s is published"), self->new_name);

  return g_strdup_printf (signs ? _("now: %s signs; %s is published, so that it can verify")
                                : _("now: %s is used; %s waits"), self->old_name, self->new_name);
}

static char *
dup_roll_text (IssRollSchedule   *self,
               const IssRollPlan *plan)
{
  if (plan->token_lifetime == 0)
    return g_strdup_printf (_("roll: from here on %s is used"), self->new_name);
  if (self->old_name == NULL || plan->old_not_after <= self->instant)
    return g_strdup_printf (_("roll: from here on %s signs"), self->new_name);

  return g_strdup_printf (_("roll: from here on %s signs, and %s still verifies what it signed"),
                          self->new_name, self->old_name);
}

static char *
dup_old_expires_text (IssRollSchedule   *self,
                      const IssRollPlan *plan)
{
  if (plan->old_not_after < self->instant)
    return g_strdup_printf (plan->token_lifetime > 0
                            ? _("%s expires: until the roll, everything it signs is rejected")
                            : _("%s expires: until the roll, clients reject it"), self->old_name);
  if (plan->old_not_after < self->instant + plan->token_lifetime)
    return g_strdup_printf (_("%s expires: what it signed shortly before the roll is rejected "
                              "from here on"), self->old_name);

  return g_strdup_printf (_("%s expires"), self->old_name);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const IssRollEvent *one = *(IssRollEvent *const *) a;
  const IssRollEvent *other = *(IssRollEvent *const *) b;

  if (one->instant != other->instant)
    return one->instant < other->instant ? -1 : 1;

  return (int) one->kind - (int) other->kind;
}

static void
add_events (IssRollSchedule   *self,
            const IssRollPlan *plan)
{
  g_autofree char *lifetime = iss_roll_plan_dup_lifetime (plan);

  add_event (self, ISS_ROLL_EVENT_NOW, self->now, _("now"), dup_now_text (self, plan));
  add_event (self, ISS_ROLL_EVENT_ROLL, self->instant, _("roll"), dup_roll_text (self, plan));
  if (self->old_name != NULL)
    add_event (self, ISS_ROLL_EVENT_OLD_EXPIRES, plan->old_not_after, _("old one expires"),
               dup_old_expires_text (self, plan));
  if (self->removable > self->instant && self->removable < plan->old_not_after)
    add_event (self, ISS_ROLL_EVENT_REMOVABLE, self->removable, _("old one may be removed"),
               /* Translators: certificate, "24 hours" */
               g_strdup_printf (_("%s may be removed: the last token it signed has ended after "
                                  "%s"), self->old_name, lifetime));
  add_event (self, ISS_ROLL_EVENT_NEW_EXPIRES, plan->new_not_after, _("new one expires"),
             g_strdup_printf (_("%s expires"), self->new_name));

  g_ptr_array_sort (self->events, compare);
}

/* From the first to the last of what is near; the new one's end is years away. */
static void
measure (IssRollSchedule   *self,
         const IssRollPlan *plan)
{
  gint64 first = MIN (self->now, self->instant);
  gint64 last = MAX (self->now, self->instant);
  gint64 span;

  last = MAX (last, self->removable);
  if (self->old_name != NULL)
    {
      first = MIN (first, plan->old_not_after);
      if (plan->old_not_after - first <= FAR * (last - first))
        last = MAX (last, plan->old_not_after);
    }

  span = MAX (last - first, LEAST_SPAN);
  self->from = self->now > first ? first - span / MARGIN_BEFORE : first;
  self->until = last + span / MARGIN_AFTER;
}

static void
add_bars (IssRollSchedule   *self,
          const IssRollPlan *plan)
{
  gboolean signs = plan->token_lifetime > 0;
  gint64 staged = MIN (self->now, self->instant);

  if (self->old_name != NULL)
    add_bar (self, ISS_ROLL_LANE_SIGNS, FALSE, self->from,
             MIN (self->instant, plan->old_not_after),
             /* Translators: %s is a certificate */
             g_strdup_printf (signs ? _("%s signs") : _("%s is used"), self->old_name));
  add_bar (self, ISS_ROLL_LANE_SIGNS, TRUE, self->instant, plan->new_not_after,
           g_strdup_printf (signs ? _("%s signs") : _("%s is used"), self->new_name));

  if (self->old_name != NULL && signs)
    {
      add_bar (self, ISS_ROLL_LANE_VERIFIES, FALSE, self->instant, self->removable,
               /* Translators: %s is a certificate */
               g_strdup_printf (_("%s still verifies"), self->old_name));
      add_bar (self, ISS_ROLL_LANE_VERIFIES, FALSE, MAX (self->removable, self->instant),
               plan->old_not_after, g_strdup (_("may be removed")));
      if (plan->old_not_after > MAX (self->removable, self->instant))
        ((IssRollBar *) g_ptr_array_index (self->bars, self->bars->len - 1))->is_optional = TRUE;
    }

  if (self->instant > self->now)
    add_bar (self, ISS_ROLL_LANE_STAGED, TRUE, staged, self->instant,
             /* Translators: %s is a certificate */
             g_strdup_printf (_("%s is staged and published"), self->new_name));
}

/* Going back makes the old one sign again: what it signs must end before it expires. */
static char *
dup_way_back (IssRollSchedule   *self,
              const IssRollPlan *plan)
{
  const char *before = self->instant > self->now ? _("Until the roll it can be cancelled. ") : "";
  gint64 safe = plan->old_not_after - plan->token_lifetime;
  g_autofree char *expires = iss_time_text_instant (plan->old_not_after, self->zone);
  g_autofree char *until = iss_time_text_instant (safe, self->zone);
  g_autofree char *lifetime = iss_roll_plan_dup_lifetime (plan);

  if (self->old_name == NULL)
    return g_strdup_printf (_("%sThere is nothing to swap back to."), before);
  if (plan->old_not_after <= MAX (self->instant, self->now))
    /* Translators: "Until the roll it can be cancelled. ", certificate, instant */
    return g_strdup_printf (_("%sSwapping back does not help: %s expires on %s."), before,
                            self->old_name, expires);
  if (plan->token_lifetime == 0)
    /* Translators: "Until the roll it can be cancelled. ", instant, certificate */
    return g_strdup_printf (_("%sSwap back is safe until %s, when %s expires."), before, expires,
                            self->old_name);
  if (safe <= MAX (self->instant, self->now))
    /* Translators: "Until the roll it can be cancelled. ", instant, certificate */
    return g_strdup_printf (_("%sSwap back works until %s, when %s expires, but tokens it signs "
                              "again are rejected from then on."), before, expires,
                            self->old_name);

  /* Translators: "Until the roll it can be cancelled. ", instant, "24 hours", certificate */
  return g_strdup_printf (_("%sSwap back is safe until %s, %s before %s expires."), before, until,
                          lifetime, self->old_name);
}

/**
 * iss_roll_schedule_new:
 * @plan: what is rolled
 * @instant: when the roll is, or was
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): what happens when, seen from the plan's present
 */
IssRollSchedule *
iss_roll_schedule_new (const IssRollPlan *plan,
                       gint64             instant,
                       GTimeZone         *zone)
{
  IssRollSchedule *self;

  g_return_val_if_fail (plan != NULL, NULL);
  g_return_val_if_fail (plan->new_name != NULL, NULL);

  self = g_object_new (ISS_TYPE_ROLL_SCHEDULE, NULL);
  self->zone = zone != NULL ? g_time_zone_ref (zone) : NULL;
  self->now = plan->now;
  self->instant = instant;
  if (plan->old_name != NULL)
    self->removable = MIN (instant + plan->token_lifetime, plan->old_not_after);
  take_names (self, plan);
  measure (self, plan);
  add_events (self, plan);
  add_bars (self, plan);
  self->way_back = dup_way_back (self, plan);

  return self;
}

guint
iss_roll_schedule_get_n_events (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), 0);

  return self->events->len;
}

const IssRollEvent *
iss_roll_schedule_get_event (IssRollSchedule *self,
                             guint            index)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), NULL);
  g_return_val_if_fail (index < self->events->len, NULL);

  return g_ptr_array_index (self->events, index);
}

guint
iss_roll_schedule_get_n_bars (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), 0);

  return self->bars->len;
}

const IssRollBar *
iss_roll_schedule_get_bar (IssRollSchedule *self,
                           guint            index)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), NULL);
  g_return_val_if_fail (index < self->bars->len, NULL);

  return g_ptr_array_index (self->bars, index);
}

gint64
iss_roll_schedule_get_from (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), 0);

  return self->from;
}

gint64
iss_roll_schedule_get_until (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), 0);

  return self->until;
}

/**
 * iss_roll_schedule_is_over:
 * @self: a schedule
 *
 * Returns: whether the roll has been and the old certificate is needed no longer
 */
gboolean
iss_roll_schedule_is_over (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), TRUE);

  return self->instant <= self->now && self->removable <= self->now;
}

/**
 * iss_roll_schedule_get_way_back:
 * @self: a schedule
 *
 * Returns: (transfer none): how the roll is undone, and until when
 */
const char *
iss_roll_schedule_get_way_back (IssRollSchedule *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), NULL);

  return self->way_back;
}

/**
 * iss_roll_schedule_dup_text:
 * @self: a schedule
 *
 * Returns: (transfer full): the same as the picture: a line for each event, in the order of
 *   time, and the way back
 */
char *
iss_roll_schedule_dup_text (IssRollSchedule *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  glong width = 0;

  g_return_val_if_fail (ISS_IS_ROLL_SCHEDULE (self), NULL);

  for (guint i = 0; i < self->events->len; i++)
    {
      const IssRollEvent *event = g_ptr_array_index (self->events, i);
      g_autofree char *when = iss_time_text_instant (event->instant, self->zone);

      width = MAX (width, g_utf8_strlen (when, -1));
    }

  for (guint i = 0; i < self->events->len; i++)
    {
      const IssRollEvent *event = g_ptr_array_index (self->events, i);
      g_autofree char *when = iss_time_text_instant (event->instant, self->zone);

      g_string_append_printf (text, "%s%*s  %s\n", when,
                              (int) (width - g_utf8_strlen (when, -1)), "", event->text);
    }
  g_string_append (text, self->way_back);

  return g_strdup (text->str);
}
