/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-dialog.h"

#include "core/certificate/maker.h"
#include "tests/lib/scene-pool.h"
#include "ui/style.h"

/* How long a certificate of one name, and one of 10,000, takes from its bytes to the dialog on the
 * screen, and then its Details. Fails where half of the rounds take longer than the limit. */

#define N_ROUNDS 9
#define LIMIT_MILLISECONDS 100

static GBytes *
make_der (guint n_names)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autoptr(IssMaker) maker = iss_maker_new ("bench");
  g_autoptr(IssCertificate) certificate = NULL;
  IssMakerSpec spec = { "many.contoso.example", NULL, 1780000000, 1800000000, 2048, FALSE, TRUE,
                        "key" };

  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%05u.contoso.example", i);

      g_strv_builder_add (builder, name);
    }
  names = g_strv_builder_end (builder);
  spec.dns_names = (const char *const *) names;
  certificate = iss_maker_make (maker, &spec, NULL, NULL, NULL, NULL);

  return g_bytes_ref (iss_certificate_get_der (certificate));
}

static void
drawn_cb (GdkFrameClock *clock,
          gboolean      *drawn)
{
  *drawn = TRUE;
}

static void
wait_for_frame (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gboolean drawn = FALSE;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (drawn_cb), &drawn);

  gtk_widget_queue_draw (window);
  while (!drawn)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, id);
}

static double
since (gint64 begun)
{
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

/* One line of the table; whether it is fast enough. The first round is among them: fonts and
 * styles are loaded by it. */
static gboolean
judge (guint       n_names,
       const char *what,
       double     *times)
{
  double median;

  qsort (times, N_ROUNDS, sizeof *times, compare_times);
  median = times[N_ROUNDS / 2];
  g_print ("%6u %-26s %8.1f %8.1f %8.1f %8d   %s\n", n_names, what, times[0], median,
           times[N_ROUNDS - 1], LIMIT_MILLISECONDS, median <= LIMIT_MILLISECONDS ? "good"
                                                                                : "TOO SLOW");

  return median <= LIMIT_MILLISECONDS;
}

static gboolean
measure (IssPool   *pool,
         IssServer *server,
         guint      n_names)
{
  double opened[N_ROUNDS];
  double details[N_ROUNDS];
  gboolean is_good;
  g_autoptr(GBytes) der = make_der (n_names);
  g_autoptr(GVariant) properties =
    g_variant_ref_sink (g_variant_new_parsed ("@a{sv} {'store': <'my'>}"));

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      gint64 begun = g_get_monotonic_time ();
      g_autoptr(IssCertificate) certificate = iss_certificate_new_from_der (der, NULL);
      g_autoptr(IssCertificateFacts) facts = NULL;
      GtkWidget *dialog;

      facts = iss_certificate_facts_new (server, pool, certificate, properties, ISS_SCENE_NOW,
                                         NULL);
      dialog = iss_certificate_dialog_new (NULL, pool, server, "my",
                                           iss_certificate_get_sha256 (certificate));
      iss_certificate_dialog_set_facts (ISS_CERTIFICATE_DIALOG (dialog), facts);
      gtk_window_present (GTK_WINDOW (dialog));
      wait_for_frame (dialog);
      opened[i] = since (begun);
      begun = g_get_monotonic_time ();
      iss_certificate_dialog_show_tab (ISS_CERTIFICATE_DIALOG (dialog), "details");
      wait_for_frame (dialog);
      details[i] = since (begun);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }

  is_good = judge (n_names, "names, certificate opened", opened);

  return judge (n_names, "names, then its Details", details) && is_good;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(IssPool) pool = NULL;
  g_autoptr(IssConnectionAddress) address = NULL;
  g_autoptr(IssLaunch) launch = NULL;
  g_autoptr(IssServer) server = NULL;
  gboolean is_good;

  gtk_init ();
  iss_style_install ();
  pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  address = iss_connection_address_parse ("local:///nonexistent", NULL);
  launch = iss_launch_new ("/nonexistent/issuant-agent");
  server = iss_server_new ("fe01.contoso.example", address, launch, iss_pool_get_clock (pool));
  iss_pool_add_server (pool, server);

  g_print ("%-33s %8s %8s %8s %8s\n", "Certificate dialog, ms", "fastest", "median", "slowest",
           "limit");
  is_good = measure (pool, server, 1);
  is_good = measure (pool, server, 10000) && is_good;

  return is_good ? 0 : 1;
}
