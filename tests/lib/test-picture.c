/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/picture.h"
#include "tests/lib/temp-folder.h"

#include <cairo.h>

typedef struct
{
  IssTempFolder *folder;
  char          *reference;
  char          *picture;
  char          *difference;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = iss_temp_folder_new ();
  fixture->reference = iss_temp_folder_dup_path (fixture->folder, "reference.png");
  fixture->picture = iss_temp_folder_dup_path (fixture->folder, "picture.png");
  fixture->difference = iss_temp_folder_dup_path (fixture->folder, "difference.png");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_free (fixture->reference);
  g_free (fixture->picture);
  g_free (fixture->difference);
  iss_temp_folder_free (fixture->folder);
}

/* White, with one dot a little darker. */
static void
draw (const char     *path,
      cairo_format_t  format,
      int             width,
      int             height,
      int             dot_x,
      int             dot_y)
{
  cairo_surface_t *surface = cairo_image_surface_create (format, width, height);
  cairo_t *cairo = cairo_create (surface);

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 1, 254 / 255.0, 1);
  cairo_rectangle (cairo, dot_x, dot_y, 1, 1);
  cairo_fill (cairo);
  g_assert_cmpint (cairo_surface_write_to_png (surface, path), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

static void
test_same (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;

  draw (fixture->reference, CAIRO_FORMAT_ARGB32, 40, 30, 7, 9);
  draw (fixture->picture, CAIRO_FORMAT_RGB24, 40, 30, 7, 9);
  g_assert_true (iss_picture_compare (fixture->reference, fixture->picture, fixture->difference,
                                      &report, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (report, ==, "the same");
  g_assert_false (g_file_test (fixture->difference, G_FILE_TEST_EXISTS));
}

/* One pixel, one step in one channel: nothing is forgiven. */
static void
test_one_pixel (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;
  cairo_surface_t *sheet;

  draw (fixture->reference, CAIRO_FORMAT_ARGB32, 100, 30, -1, -1);
  draw (fixture->picture, CAIRO_FORMAT_ARGB32, 100, 30, 71, 9);
  g_assert_false (iss_picture_compare (fixture->reference, fixture->picture, fixture->difference,
                                       &report, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (report, ==, "1 of 3000 pixels differ, by at most 1; 100×30 instead of 100×30\n"
                               "  x 71 to 71, y 9 to 9");

  sheet = cairo_image_surface_create_from_png (fixture->difference);
  g_assert_cmpint (cairo_image_surface_get_width (sheet), ==, 3 * 100 + 2 * 8);
  g_assert_cmpint (cairo_image_surface_get_height (sheet), ==, 30);
  cairo_surface_destroy (sheet);
}

static void
test_far_apart (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;

  draw (fixture->reference, CAIRO_FORMAT_ARGB32, 100, 90, 5, 5);
  draw (fixture->picture, CAIRO_FORMAT_ARGB32, 100, 90, 95, 85);
  g_assert_false (iss_picture_compare (fixture->reference, fixture->picture, NULL,
                                       &report, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (report, "x 5 to 5, y 5 to 5"));
  g_assert_nonnull (strstr (report, "x 95 to 95, y 85 to 85"));
}

static void
test_size (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;

  draw (fixture->reference, CAIRO_FORMAT_ARGB32, 40, 30, -1, -1);
  draw (fixture->picture, CAIRO_FORMAT_ARGB32, 41, 30, -1, -1);
  g_assert_false (iss_picture_compare (fixture->reference, fixture->picture, fixture->difference,
                                       &report, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (report, "30 of 1230 pixels differ, by at most 255"));
}

static void
test_unreadable (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;

  draw (fixture->reference, CAIRO_FORMAT_ARGB32, 40, 30, -1, -1);
  g_assert_false (iss_picture_compare (fixture->reference, fixture->picture, fixture->difference,
                                       &report, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_null (report);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/picture/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/picture/one-pixel", Fixture, NULL, set_up, test_one_pixel, tear_down);
  g_test_add ("/picture/far-apart", Fixture, NULL, set_up, test_far_apart, tear_down);
  g_test_add ("/picture/size", Fixture, NULL, set_up, test_size, tear_down);
  g_test_add ("/picture/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);

  return g_test_run ();
}
