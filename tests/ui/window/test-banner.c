/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/banner.h"

#include "ui/style.h"

static void
test_banner_say (void)
{
  IssBanner *banner = g_object_ref_sink (ISS_BANNER (iss_banner_new ()));

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (banner)));
  g_assert_cmpstr (iss_banner_get_text (banner), ==, "");
  gtk_test_accessible_assert_role (banner, GTK_ACCESSIBLE_ROLE_ALERT);

  iss_banner_say (banner, ISS_BANNER_WARNING, "Manual import does not replicate.",
                  "fe02 <b>does</b> not have it.");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (banner)));
  g_assert_cmpstr (iss_banner_get_text (banner), ==,
                   "Manual import does not replicate. fe02 <b>does</b> not have it.");
  gtk_test_accessible_assert_property (banner, GTK_ACCESSIBLE_PROPERTY_LABEL,
    "Manual import does not replicate. fe02 <b>does</b> not have it.");

  iss_banner_add_button (banner, "_Import on fe02…", "server.import",
                         g_variant_new_strv (NULL, 0));
  iss_banner_add_button (banner, "_Show", "console.show", g_variant_new_string ("x"));
  g_assert_cmpuint (iss_banner_get_n_buttons (banner), ==, 2);

  iss_banner_say (banner, ISS_BANNER_ERROR, "Broken.", NULL);
  g_assert_cmpuint (iss_banner_get_n_buttons (banner), ==, 0);
  g_assert_cmpstr (iss_banner_get_text (banner), ==, "Broken.");

  iss_banner_clear (banner);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (banner)));
  g_assert_cmpstr (iss_banner_get_text (banner), ==, "");

  g_assert_finalize_object (banner);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/banner/say", test_banner_say);

  return g_test_run ();
}
