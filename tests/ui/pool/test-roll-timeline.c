/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/roll-timeline.h"

#include "tests/lib/page-window.h"
#include "tests/lib/shot.h"

#include <string.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define NOW 1810994531     /* 2027-05-22T14:02:11Z */
#define ROLL 1815350400    /* 2027-07-12T00:00:00Z */
#define EXPIRES 1815523200 /* 2027-07-14T00:00:00Z */
#define NEW_EXPIRES 1878292800 /* 2029-07-09T12:00:00Z */

#define OLD_NAME "auth.contoso.example"
#define NEW_NAME "auth-2027.contoso.example"

static IssRollSchedule *
make (gint64 now,
      gint64 roll,
      gint64 old_not_after,
      gint64 lifetime)
{
  IssRollPlan plan = { old_not_after != 0 ? OLD_NAME : NULL, old_not_after, NEW_NAME, NOW - DAY,
                       NEW_EXPIRES, lifetime, now };

  return iss_roll_schedule_new (&plan, roll, NULL);
}

/* Nothing that can be read stands on anything else that can, and nothing outside. */
static void
assert_apart (GtkWidget *timeline)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();
  graphene_rect_t whole = GRAPHENE_RECT_INIT (-1, -1, gtk_widget_get_width (timeline) + 2,
                                              gtk_widget_get_height (timeline) + 2);

  for (GtkWidget *child = gtk_widget_get_first_child (timeline); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child) && gtk_widget_get_opacity (child) > 0)
      g_ptr_array_add (labels, child);

  g_assert_cmpuint (labels->len, >, 2);
  for (guint i = 0; i < labels->len; i++)
    {
      graphene_rect_t one;

      g_assert_true (gtk_widget_compute_bounds (labels->pdata[i], timeline, &one));
      g_assert_true (graphene_rect_contains_rect (&whole, &one));
      for (guint k = 0; k < i; k++)
        {
          graphene_rect_t other;

          g_assert_true (gtk_widget_compute_bounds (labels->pdata[k], timeline, &other));
          g_assert_false (graphene_rect_intersection (&one, &other, NULL));
        }
    }
}

static void
test_apart (void)
{
  const struct { gint64 now; gint64 roll; gint64 old_not_after; gint64 lifetime; } cases[] =
    {
      { NOW, ROLL, EXPIRES, DAY },
      { NOW, NOW + HOUR, NOW + 2 * HOUR, DAY },
      { NOW, NOW + 1, EXPIRES, DAY },
      { NOW, NOW + DAY, NEW_EXPIRES - DAY, DAY },
      { NOW, ROLL, ROLL - DAY, DAY },
      { ROLL + HOUR, ROLL, EXPIRES, DAY },
      { EXPIRES + DAY, ROLL, EXPIRES, DAY },
      { NOW, ROLL, EXPIRES, 0 },
      { NOW, ROLL, 0, DAY },
      { NOW, NOW, NOW + 1, DAY },
      { NOW, NEW_EXPIRES - HOUR, EXPIRES, DAY },
    };
  const int widths[] = { 1, 700, 900, 1300 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (widths); k++)
      {
        g_autoptr(IssRollSchedule) schedule = NULL;
        g_autoptr(GtkWidget) timeline = g_object_ref_sink (iss_roll_timeline_new ());
        g_autoptr(GtkWidget) window = g_object_ref_sink (gtk_window_new ());

        g_test_message ("case %" G_GSIZE_FORMAT ", %d wide", i, widths[k]);
        schedule = make (cases[i].now, cases[i].roll, cases[i].old_not_after, cases[i].lifetime);
        iss_roll_timeline_set_schedule (ISS_ROLL_TIMELINE (timeline), schedule);
        gtk_window_set_child (GTK_WINDOW (window), timeline);
        gtk_window_set_default_size (GTK_WINDOW (window), widths[k], 300);
        gtk_window_present (GTK_WINDOW (window));
        iss_shot_settle (timeline);
        assert_apart (timeline);
        gtk_window_destroy (GTK_WINDOW (window));
      }
}

/* Who cannot see it is told the same. */
static void
test_text (void)
{
  g_autoptr(IssRollSchedule) schedule = make (NOW, ROLL, EXPIRES, DAY);
  g_autoptr(GtkWidget) timeline = g_object_ref_sink (iss_roll_timeline_new ());
  g_autofree char *text = iss_roll_schedule_dup_text (schedule);

  iss_roll_timeline_set_schedule (ISS_ROLL_TIMELINE (timeline), schedule);
  g_assert_true (iss_roll_timeline_get_schedule (ISS_ROLL_TIMELINE (timeline)) == schedule);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (timeline), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (timeline),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);

  iss_roll_timeline_set_schedule (ISS_ROLL_TIMELINE (timeline), NULL);
  g_assert_null (gtk_widget_get_first_child (timeline));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (timeline),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");
  g_assert_finalize_object (g_steal_pointer (&timeline));
}

static void
shoot (const char *name,
       gint64      now,
       gint64      roll,
       gint64      old_not_after)
{
  g_autoptr(IssRollSchedule) schedule = make (now, roll, old_not_after, DAY);
  g_autoptr(GtkWidget) window = g_object_ref_sink (gtk_window_new ());
  GtkWidget *timeline = iss_roll_timeline_new ();
  g_autofree char *dark = g_strconcat (name, "-dark", NULL);

  iss_roll_timeline_set_schedule (ISS_ROLL_TIMELINE (timeline), schedule);
  gtk_widget_set_margin_top (timeline, 12);
  gtk_widget_set_margin_bottom (timeline, 12);
  gtk_widget_set_margin_start (timeline, 12);
  gtk_widget_set_margin_end (timeline, 12);
  gtk_window_set_child (GTK_WINDOW (window), timeline);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, -1);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_check (window, name);
  iss_shot_set_dark (TRUE);
  iss_shot_check (window, dark);
  iss_shot_set_dark (FALSE);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_pictures (void)
{
  shoot ("timeline-usual", NOW, ROLL, EXPIRES);
  shoot ("timeline-near", NOW, NOW + 2 * DAY, NOW + 5 * DAY);
  shoot ("timeline-rolled", ROLL + 8 * HOUR, ROLL, EXPIRES);
  shoot ("timeline-late", NOW, ROLL, ROLL - 10 * DAY);
  shoot ("timeline-far", NOW, NOW + 30 * DAY, NEW_EXPIRES - DAY);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/roll-timeline/apart", test_apart);
  g_test_add_func ("/roll-timeline/text", test_text);
  g_test_add_func ("/roll-timeline/pictures", test_pictures);

  return g_test_run ();
}
