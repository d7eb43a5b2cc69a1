/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/roll-timeline.h"

#include <glib/gi18n-lib.h>

#define USUAL_WIDTH 720
#define GAP 12            /* between what stands side by side */
#define LEADER 26         /* from a label to its mark on the axis */
#define TICK 6
#define LANE 24
#define BAR 18
#define PAD 6
#define LEAST_BAR 3
#define LEAST_TEXT 60     /* of a label that is cut short in its bar */

/**
 * IssRollTimeline:
 *
 * A roll to scale.
 *
 * Bars and labels are widgets, so that the theme colours them and a screen reader
 * finds them; lines are drawn. The instants stand above the axis in one row: where
 * they are too near for that they are moved apart, and a line leads from each to
 * its mark. An instant beyond the right edge stands there with an arrow.
 */
struct _IssRollTimeline
{
  GtkWidget        parent_instance;

  /* Owned References */
  IssRollSchedule *schedule;    /* (nullable) */
  GPtrArray       *events;      /* (element-type GtkWidget): the label of each event */
  GPtrArray       *bars;        /* (element-type GtkWidget): each bar */
  GPtrArray       *bar_labels;  /* (element-type GtkWidget): the label of each bar */
};

/* Where a label stands, and which point of the axis it is about. */
typedef struct
{
  int left;
  int width;
  int mark;
} Place;

G_DEFINE_FINAL_TYPE (IssRollTimeline, iss_roll_timeline, GTK_TYPE_WIDGET)

static int
get_natural_width (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural;
}

static int
get_natural_height (GtkWidget *widget,
                    int        width)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);

  return natural;
}

/* Where an instant is on an axis of @width; within it. */
static int
to_x (IssRollTimeline *self,
      gint64           instant,
      int              width)
{
  gint64 from = iss_roll_schedule_get_from (self->schedule);
  gint64 until = iss_roll_schedule_get_until (self->schedule);
  double share = (double) (CLAMP (instant, from, until) - from) / (double) (until - from);

  return (int) (share * (width - 1) + 0.5);
}

static gboolean
is_beyond (IssRollTimeline *self,
           gint64           instant)
{
  return instant > iss_roll_schedule_get_until (self->schedule);
}

/* Each label above its mark, or as near as the others let it: from the left, and where that
 * leads over the edge, back from the right. */
static void
place_events (IssRollTimeline *self,
              int              width,
              Place           *places)
{
  int edge = 0;

  for (guint i = 0; i < self->events->len; i++)
    {
      const IssRollEvent *event = iss_roll_schedule_get_event (self->schedule, i);
      Place *place = &places[i];

      place->width = get_natural_width (g_ptr_array_index (self->events, i));
      place->mark = to_x (self, event->instant, width);
      place->left = MAX (place->mark - place->width / 2, edge);
      edge = place->left + place->width + GAP;
    }

  edge = width;
  for (guint i = self->events->len; i > 0; i--)
    {
      Place *place = &places[i - 1];

      place->left = MIN (place->left, edge - place->width);
      edge = place->left - GAP;
    }
}

static int
get_events_height (IssRollTimeline *self)
{
  int height = 0;

  for (guint i = 0; i < self->events->len; i++)
    {
      GtkWidget *label = g_ptr_array_index (self->events, i);

      height = MAX (height, get_natural_height (label, get_natural_width (label)));
    }

  return height;
}

static guint
count_lanes (IssRollTimeline *self)
{
  guint n = 0;

  for (guint i = 0; i < self->bars->len; i++)
    n = MAX (n, (guint) iss_roll_schedule_get_bar (self->schedule, i)->lane + 1);

  return n;
}

static GtkSizeRequestMode
iss_roll_timeline_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
iss_roll_timeline_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  IssRollTimeline *self = ISS_ROLL_TIMELINE (widget);
  int width = 0;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = get_events_height (self) + LEADER + TICK + (int) count_lanes (self) * LANE;
      *natural = *minimum;
      return;
    }

  for (guint i = 0; i < self->events->len; i++)
    width += get_natural_width (g_ptr_array_index (self->events, i)) + (i > 0 ? GAP : 0);

  *minimum = width;
  *natural = MAX (width, USUAL_WIDTH);
}

static void
allocate (GtkWidget *widget,
          int        x,
          int        y,
          int        width,
          int        height)
{
  gtk_widget_size_allocate (widget, &(GtkAllocation) { x, y, width, height }, -1);
}

/* The bar's ends, a little apart even where nothing is to be seen at this scale. */
static void
get_ends (IssRollTimeline *self,
          guint            index,
          int              width,
          int             *left,
          int             *right)
{
  const IssRollBar *bar = iss_roll_schedule_get_bar (self->schedule, index);

  *left = to_x (self, bar->from, width);
  *right = MAX (to_x (self, bar->until, width), *left + LEAST_BAR);
}

/* What is free for the label of a bar beside it, between its neighbours in the lane. */
static void
get_room (IssRollTimeline *self,
          guint            index,
          int              width,
          int             *before,
          int             *after)
{
  IssRollLane lane = iss_roll_schedule_get_bar (self->schedule, index)->lane;
  int own_left;
  int own_right;

  *before = 0;
  *after = width;
  get_ends (self, index, width, &own_left, &own_right);
  for (guint i = 0; i < self->bars->len; i++)
    {
      int left;
      int right;

      if (i == index || iss_roll_schedule_get_bar (self->schedule, i)->lane != lane)
        continue;

      get_ends (self, i, width, &left, &right);
      if (i < index)
        *before = MAX (*before, right);
      else
        *after = MIN (*after, left);
    }
}

/* In its bar, else beside it, else cut short; where none of that can be read, nowhere: the
 * text says it, too. @edge is where the lane's label before it ends. */
static void
allocate_bar_label (IssRollTimeline *self,
                    guint            index,
                    int              width,
                    int              y,
                    int             *edge)
{
  GtkWidget *label = g_ptr_array_index (self->bar_labels, index);
  gboolean is_optional = iss_roll_schedule_get_bar (self->schedule, index)->is_optional;
  int wanted = get_natural_width (label);
  int height = get_natural_height (label, -1);
  int top = y + (BAR - height) / 2;
  int left;
  int right;
  int before;
  int after;
  int x = -1;

  get_ends (self, index, width, &left, &right);
  get_room (self, index, width, &before, &after);
  before = MAX (before, *edge);

  if (right - left >= wanted + 2 * PAD)
    x = left + PAD;
  else if (!is_optional && after - right >= wanted + 2 * PAD)
    x = right + PAD;
  else if (!is_optional && left - before >= wanted + 2 * PAD)
    x = left - PAD - wanted;
  else if (right - left >= LEAST_TEXT)
    {
      x = left + PAD;
      wanted = right - left - 2 * PAD;
    }

  gtk_widget_set_opacity (label, x >= 0 ? 1 : 0);
  allocate (label, MAX (x, 0), top, wanted, height);
  if (x >= 0)
    *edge = x + wanted;
}

static void
iss_roll_timeline_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  IssRollTimeline *self = ISS_ROLL_TIMELINE (widget);
  g_autofree Place *places = g_new0 (Place, self->events->len);
  int events_height = get_events_height (self);
  int lanes = events_height + LEADER + TICK;
  int edges[ISS_N_ROLL_LANES] = { 0 };

  place_events (self, width, places);
  for (guint i = 0; i < self->events->len; i++)
    {
      GtkWidget *label = g_ptr_array_index (self->events, i);
      int own = get_natural_height (label, places[i].width);

      allocate (label, places[i].left, events_height - own, places[i].width, own);
    }

  for (guint i = 0; i < self->bars->len; i++)
    {
      const IssRollBar *bar = iss_roll_schedule_get_bar (self->schedule, i);
      int top = lanes + (int) bar->lane * LANE + (LANE - BAR) / 2;
      int left;
      int right;

      get_ends (self, i, width, &left, &right);
      allocate (g_ptr_array_index (self->bars, i), left, top, right - left, BAR);
      allocate_bar_label (self, i, width, top, &edges[bar->lane]);
    }
}

static GdkRGBA
get_colour (GtkWidget *widget,
            float      alpha)
{
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &colour);
  colour.alpha *= alpha;

  return colour;
}

/* From each label down to its mark. */
static void
draw_leaders (IssRollTimeline *self,
              cairo_t         *cr,
              const Place     *places,
              int              top,
              int              bottom)
{
  for (guint i = 0; i < self->events->len; i++)
    {
      const IssRollEvent *event = iss_roll_schedule_get_event (self->schedule, i);
      const Place *place = &places[i];
      double mark = place->mark + 0.5;
      double start = CLAMP (mark, place->left + 4, place->left + place->width - 4);

      if (is_beyond (self, event->instant))
        continue;

      cairo_move_to (cr, start, top + 2);
      cairo_line_to (cr, start, top + 5);
      cairo_line_to (cr, mark, bottom - 3);
      cairo_line_to (cr, mark, bottom);
    }
}

static void
iss_roll_timeline_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  IssRollTimeline *self = ISS_ROLL_TIMELINE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  g_autofree Place *places = g_new0 (Place, self->events->len);
  int top = get_events_height (self);
  int axis = top + LEADER;
  GdkRGBA strong = get_colour (widget, 0.55f);
  GdkRGBA faint = get_colour (widget, 0.18f);
  cairo_t *cr;

  if (self->schedule == NULL)
    return;

  place_events (self, width, places);
  gtk_snapshot_append_color (snapshot, &strong, &GRAPHENE_RECT_INIT (0, axis, width, 1));
  for (guint i = 0; i < self->events->len; i++)
    {
      const IssRollEvent *event = iss_roll_schedule_get_event (self->schedule, i);
      gboolean is_roll = event->kind == ISS_ROLL_EVENT_ROLL;

      if (!is_beyond (self, event->instant))
        gtk_snapshot_append_color (snapshot, is_roll ? &strong : &faint,
                                   &GRAPHENE_RECT_INIT (places[i].mark, axis, 1, height - axis));
    }

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, top, width, LEADER));
  gdk_cairo_set_source_rgba (cr, &strong);
  cairo_set_line_width (cr, 1);
  draw_leaders (self, cr, places, top, axis);
  cairo_stroke (cr);
  cairo_destroy (cr);

  GTK_WIDGET_CLASS (iss_roll_timeline_parent_class)->snapshot (widget, snapshot);
}

static void
remove_children (IssRollTimeline *self)
{
  g_ptr_array_set_size (self->bar_labels, 0);
  g_ptr_array_set_size (self->bars, 0);
  g_ptr_array_set_size (self->events, 0);
}

static void
iss_roll_timeline_dispose (GObject *object)
{
  IssRollTimeline *self = ISS_ROLL_TIMELINE (object);

  if (self->events != NULL)
    remove_children (self);
  g_clear_pointer (&self->bar_labels, g_ptr_array_unref);
  g_clear_pointer (&self->bars, g_ptr_array_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_object (&self->schedule);

  G_OBJECT_CLASS (iss_roll_timeline_parent_class)->dispose (object);
}

static void
iss_roll_timeline_class_init (IssRollTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_roll_timeline_dispose;
  widget_class->get_request_mode = iss_roll_timeline_get_request_mode;
  widget_class->measure = iss_roll_timeline_measure;
  widget_class->size_allocate = iss_roll_timeline_size_allocate;
  widget_class->snapshot = iss_roll_timeline_snapshot;

  gtk_widget_class_set_css_name (widget_class, "rolltimeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
unparent (gpointer widget)
{
  gtk_widget_unparent (widget);
}

static void
iss_roll_timeline_init (IssRollTimeline *self)
{
  self->events = g_ptr_array_new_with_free_func (unparent);
  self->bars = g_ptr_array_new_with_free_func (unparent);
  self->bar_labels = g_ptr_array_new_with_free_func (unparent);

  /* Time goes from left to right. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Timeline of the roll"), -1);
}

/**
 * iss_roll_timeline_new:
 *
 * Returns: (transfer floating): a timeline without a roll
 */
GtkWidget *
iss_roll_timeline_new (void)
{
  return g_object_new (ISS_TYPE_ROLL_TIMELINE, NULL);
}

IssRollSchedule *
iss_roll_timeline_get_schedule (IssRollTimeline *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_TIMELINE (self), NULL);

  return self->schedule;
}

static void
add_event (IssRollTimeline    *self,
           const IssRollEvent *event)
{
  gboolean is_now = event->kind == ISS_ROLL_EVENT_NOW;
  const char *arrow = is_beyond (self, event->instant) ? " →" : "";
  g_autofree char *text = is_now ? g_strdup (event->label)
                                 : g_strdup_printf ("%s%s\n%s", event->date, arrow, event->label);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_tooltip_text (label, event->text);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  g_ptr_array_add (self->events, label);
}

static void
add_bar (IssRollTimeline  *self,
         const IssRollBar *bar)
{
  static const char *const lanes[] = { "signs", "verifies", "staged" };
  GtkWidget *widget = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (bar->label);

  gtk_widget_add_css_class (widget, "roll-bar");
  gtk_widget_add_css_class (widget, bar->is_new ? "new" : "old");
  gtk_widget_add_css_class (widget, bar->is_optional ? "optional" : lanes[bar->lane]);
  gtk_widget_set_tooltip_text (widget, bar->label);
  gtk_widget_set_parent (widget, GTK_WIDGET (self));
  g_ptr_array_add (self->bars, widget);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_can_target (label, FALSE);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  g_ptr_array_add (self->bar_labels, label);
}

/**
 * iss_roll_timeline_set_schedule:
 * @self: a timeline
 * @schedule: (nullable): what happens when
 *
 * Draws @schedule.
 */
void
iss_roll_timeline_set_schedule (IssRollTimeline *self,
                                IssRollSchedule *schedule)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_ROLL_TIMELINE (self));
  g_return_if_fail (schedule == NULL || ISS_IS_ROLL_SCHEDULE (schedule));

  remove_children (self);
  g_set_object (&self->schedule, schedule);
  if (schedule != NULL)
    {
      for (guint i = 0; i < iss_roll_schedule_get_n_events (schedule); i++)
        add_event (self, iss_roll_schedule_get_event (schedule, i));
      for (guint i = 0; i < iss_roll_schedule_get_n_bars (schedule); i++)
        add_bar (self, iss_roll_schedule_get_bar (schedule, i));
      text = iss_roll_schedule_dup_text (schedule);
    }

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
