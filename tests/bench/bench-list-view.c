/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-list.h"

#include <stdlib.h>
#include <time.h>

#include "tests/lib/row-maker.h"
#include "ui/style.h"

/* How long the certificate list takes: until rows are drawn, a frame of
 * scrolling, a sort, a filter, and the longest time in which the main loop did
 * nothing else. Beside each time is the main thread's own, which other programs on
 * the machine do not change much. Usage: bench-list-view [ROWS] */

#define N_FRAMES 300
#define STEP 60

typedef struct
{
  gint64 wall;
  gint64 own;       /* of this thread */
} Moment;

typedef struct
{
  GtkWindow          *window;
  IssCertificateList *list;
  Moment              frame_begun;
  gboolean            drawn;
  GArray             *frames;      /* of double: ms from the clock's first phase to the last */
  GArray             *own_frames;  /* the same, of this thread */
} Bench;

/* The poll function has no data of its own. */
static Moment poll_ended;
static Moment longest;

static Moment
get_moment (void)
{
  struct timespec own;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &own);

  return (Moment) { g_get_monotonic_time (),
                    (gint64) own.tv_sec * G_USEC_PER_SEC + own.tv_nsec / 1000 };
}

static int
timing_poll (GPollFD *fds,
             guint    n_fds,
             int      timeout)
{
  Moment now = get_moment ();
  int n;

  if (poll_ended.wall != 0)
    {
      longest.wall = MAX (longest.wall, now.wall - poll_ended.wall);
      longest.own = MAX (longest.own, now.own - poll_ended.own);
    }
  n = g_poll (fds, n_fds, timeout);
  poll_ended = get_moment ();

  return n;
}

static void
frame_begins_cb (GdkFrameClock *clock,
                 Bench         *bench)
{
  bench->frame_begun = get_moment ();
}

static void
frame_ends_cb (GdkFrameClock *clock,
               Bench         *bench)
{
  Moment now = get_moment ();
  double ms = (double) (now.wall - bench->frame_begun.wall) / 1000;
  double own_ms = (double) (now.own - bench->frame_begun.own) / 1000;

  g_array_append_val (bench->frames, ms);
  g_array_append_val (bench->own_frames, own_ms);
  bench->drawn = TRUE;
}

static void
wait_for_frame (Bench *bench)
{
  bench->drawn = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (bench->list));
  while (!bench->drawn)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_first_rows (Bench *bench)
{
  GListModel *model = G_LIST_MODEL (iss_certificate_list_get_model (bench->list));

  while (g_list_model_get_n_items (model) == 0)
    g_main_context_iteration (NULL, TRUE);
  wait_for_frame (bench);
}

static void
wait_for_rows (Bench *bench)
{
  while (iss_row_model_is_busy (iss_certificate_list_get_model (bench->list)))
    g_main_context_iteration (NULL, TRUE);
  wait_for_frame (bench);
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return (difference > 0) - (difference < 0);
}

static double
percentile (GArray *values,
            guint   percent)
{
  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, (values->len - 1) * percent / 100);
}

static Moment
begin (void)
{
  longest = (Moment) { 0, 0 };
  poll_ended = (Moment) { 0, 0 };

  return get_moment ();
}

static void
report (const char *what,
        Moment      begun)
{
  Moment now = get_moment ();

  g_print ("%-28s %8.1f ms (own %7.1f)   longest block %6.1f ms (own %5.1f)\n", what,
           (double) (now.wall - begun.wall) / 1000, (double) (now.own - begun.own) / 1000,
           (double) longest.wall / 1000, (double) longest.own / 1000);
}

static void
report_frames (Bench *bench)
{
  g_print ("  frame: median %.1f ms (own %.1f), p95 %.1f ms (own %.1f)\n",
           percentile (bench->frames, 50), percentile (bench->own_frames, 50),
           percentile (bench->frames, 95), percentile (bench->own_frames, 95));
  g_array_set_size (bench->frames, 0);
  g_array_set_size (bench->own_frames, 0);
}

static void
bench_scroll (Bench *bench)
{
  GtkAdjustment *adjustment;
  Moment begun;

  adjustment = gtk_scrollable_get_vadjustment (
    GTK_SCROLLABLE (iss_certificate_list_get_view (bench->list)));
  g_array_set_size (bench->frames, 0);
  g_array_set_size (bench->own_frames, 0);
  begun = begin ();

  for (guint i = 0; i < N_FRAMES; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + STEP);
      wait_for_frame (bench);
    }

  report ("scroll 300 steps of 60 px", begun);
  report_frames (bench);

  begun = begin ();
  for (guint i = 0; i < 50; i++)
    {
      gtk_adjustment_set_value (adjustment, (i * 37 % 50) / 50.0 *
                                gtk_adjustment_get_upper (adjustment));
      wait_for_frame (bench);
    }

  report ("50 jumps", begun);
  report_frames (bench);
}

static void
bench_sort (Bench        *bench,
            const char   *what,
            IssRowColumn  column,
            gboolean      descending)
{
  Moment begun = begin ();

  iss_certificate_list_sort_by (bench->list, column, descending);
  wait_for_rows (bench);
  report (what, begun);
}

static void
bench_filter (Bench      *bench,
              const char *what,
              const char *text)
{
  Moment begun = begin ();

  iss_certificate_list_set_filter (bench->list, text);
  wait_for_rows (bench);
  report (what, begun);
}

int
main (int   argc,
      char *argv[])
{
  guint n_rows = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 10000;
  g_autoptr(IssRowTable) table = NULL;
  Bench bench = { 0 };
  GdkFrameClock *clock;
  Moment begun;

  gtk_init ();
  iss_style_install ();
  g_main_context_set_poll_func (NULL, timing_poll);

  table = iss_row_maker_new_table (ISS_STORE_MY, n_rows);
  bench.frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.own_frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.window = GTK_WINDOW (gtk_window_new ());
  bench.list = ISS_CERTIFICATE_LIST (iss_certificate_list_new ());
  gtk_window_set_default_size (bench.window, 1200, 750);
  gtk_window_set_child (bench.window, GTK_WIDGET (bench.list));
  gtk_window_present (bench.window);

  clock = gtk_native_get_surface (GTK_NATIVE (bench.window)) != NULL
        ? gdk_surface_get_frame_clock (gtk_native_get_surface (GTK_NATIVE (bench.window))) : NULL;
  g_assert (clock != NULL);
  g_signal_connect (clock, "before-paint", G_CALLBACK (frame_begins_cb), &bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (frame_ends_cb), &bench);
  wait_for_frame (&bench);

  g_print ("%u rows\n", n_rows);
  begun = begin ();
  iss_certificate_list_set_table (bench.list, table, ISS_ROW_MAKER_NOW);
  wait_for_first_rows (&bench);
  report ("table to first rows drawn", begun);
  wait_for_rows (&bench);
  report ("table to all rows", begun);

  bench_scroll (&bench);
  bench_sort (&bench, "sort by name, descending", ISS_ROW_COLUMN_ISSUED_TO, TRUE);
  bench_sort (&bench, "sort by friendly name", ISS_ROW_COLUMN_FRIENDLY_NAME, FALSE);
  bench_sort (&bench, "sort by expiry", ISS_ROW_COLUMN_EXPIRES, FALSE);
  bench_sort (&bench, "sort by status", ISS_ROW_COLUMN_STATUS, TRUE);
  bench_filter (&bench, "filter, first time", "host0001");
  bench_filter (&bench, "filter, again", "host00");
  bench_filter (&bench, "filter off", "");

  gtk_window_destroy (bench.window);
  g_array_unref (bench.frames);
  g_array_unref (bench.own_frames);

  return EXIT_SUCCESS;
}
