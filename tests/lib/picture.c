/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/picture.h"

#include <cairo.h>

/* Differences this close together are shown as one. */
#define CELL 16
#define GAP 8
#define MOST_BOXES 12

typedef cairo_surface_t Surface;
typedef cairo_t Cairo;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Surface, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cairo, cairo_destroy)

typedef struct
{
  int left;
  int top;
  int right;    /* the last column, not the one after it */
  int bottom;
} Box;

/* Which pixels differ, of an area as large as both pictures. */
typedef struct
{
  int     width;
  int     height;
  guint8 *differs;
  guint   n_different;
  guint   worst;
} Mask;

static void
mask_clear (Mask *self)
{
  g_clear_pointer (&self->differs, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mask, mask_clear)

/* All in one format: the same pixels may be stored with or without alpha. */
static Surface *
load (const char  *path,
      GError     **error)
{
  g_autoptr(Surface) file = cairo_image_surface_create_from_png (path);
  g_autoptr(Surface) same = NULL;
  g_autoptr(Cairo) cairo = NULL;

  if (cairo_surface_status (file) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be read: %s", path,
                   cairo_status_to_string (cairo_surface_status (file)));
      return NULL;
    }

  same = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                     cairo_image_surface_get_width (file),
                                     cairo_image_surface_get_height (file));
  cairo = cairo_create (same);
  cairo_set_operator (cairo, CAIRO_OPERATOR_SOURCE);
  cairo_set_source_surface (cairo, file, 0, 0);
  cairo_paint (cairo);
  cairo_surface_flush (same);

  return g_steal_pointer (&same);
}

static const guint8 *
pixel (Surface *surface,
       int      x,
       int      y)
{
  return cairo_image_surface_get_data (surface) +
         (gsize) y * cairo_image_surface_get_stride (surface) + 4 * (gsize) x;
}

static gboolean
has (Surface *surface,
     int      x,
     int      y)
{
  return x < cairo_image_surface_get_width (surface) &&
         y < cairo_image_surface_get_height (surface);
}

static guint
distance (Surface *one,
          Surface *other,
          int      x,
          int      y)
{
  guint worst = 0;

  if (!has (one, x, y) || !has (other, x, y))
    return 255;

  for (int channel = 0; channel < 4; channel++)
    {
      int a = pixel (one, x, y)[channel];
      int b = pixel (other, x, y)[channel];

      worst = MAX (worst, (guint) ABS (a - b));
    }

  return worst;
}

static void
mask_init (Mask    *self,
           Surface *one,
           Surface *other)
{
  self->width = MAX (cairo_image_surface_get_width (one), cairo_image_surface_get_width (other));
  self->height = MAX (cairo_image_surface_get_height (one),
                      cairo_image_surface_get_height (other));
  self->differs = g_malloc0 ((gsize) self->width * self->height);

  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      {
        guint far = distance (one, other, x, y);

        if (far == 0)
          continue;

        self->differs[(gsize) y * self->width + x] = 1;
        self->n_different++;
        self->worst = MAX (self->worst, far);
      }
}

/* The different pixels of one cell; FALSE if it has none. */
static gboolean
measure_cell (const Mask *mask,
              int         column,
              int         row,
              Box        *out_box)
{
  Box box = { G_MAXINT, G_MAXINT, -1, -1 };

  for (int y = row * CELL; y < MIN ((row + 1) * CELL, mask->height); y++)
    for (int x = column * CELL; x < MIN ((column + 1) * CELL, mask->width); x++)
      if (mask->differs[(gsize) y * mask->width + x])
        {
          box.left = MIN (box.left, x);
          box.top = MIN (box.top, y);
          box.right = MAX (box.right, x);
          box.bottom = MAX (box.bottom, y);
        }

  if (box.right < 0)
    return FALSE;

  *out_box = box;
  return TRUE;
}

static gboolean
boxes_are_close (const Box *one,
                 const Box *other)
{
  return one->left <= other->right + CELL && other->left <= one->right + CELL &&
         one->top <= other->bottom + CELL && other->top <= one->bottom + CELL;
}

/* Joins a box with all that it is close to, until there is none left. */
static void
add_box (GArray *boxes,
         Box     box)
{
  for (guint i = 0; i < boxes->len;)
    {
      Box *other = &g_array_index (boxes, Box, i);

      if (!boxes_are_close (&box, other))
        {
          i++;
          continue;
        }

      box.left = MIN (box.left, other->left);
      box.top = MIN (box.top, other->top);
      box.right = MAX (box.right, other->right);
      box.bottom = MAX (box.bottom, other->bottom);
      g_array_remove_index_fast (boxes, i);
      i = 0;
    }

  g_array_append_val (boxes, box);
}

static GArray *
find_boxes (const Mask *mask)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (Box));

  for (int row = 0; row * CELL < mask->height; row++)
    for (int column = 0; column * CELL < mask->width; column++)
      {
        Box box;

        if (measure_cell (mask, column, row, &box))
          add_box (boxes, box);
      }

  return boxes;
}

static void
draw_third (Cairo      *cairo,
            Surface    *picture,
            const Mask *mask,
            double      offset)
{
  cairo_save (cairo);
  cairo_rectangle (cairo, offset, 0, mask->width, mask->height);
  cairo_clip (cairo);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_surface (cairo, picture, offset, 0);
  cairo_paint_with_alpha (cairo, 0.35);
  cairo_set_source_rgb (cairo, 0.9, 0, 0);

  for (int y = 0; y < mask->height; y++)
    for (int x = 0; x < mask->width; x++)
      if (mask->differs[(gsize) y * mask->width + x])
        cairo_rectangle (cairo, offset + x, y, 1, 1);

  cairo_fill (cairo);
  cairo_restore (cairo);
}

/* Reference, new one, and the new one pale with what differs in red; boxes in all three. */
static gboolean
draw_difference (Surface     *reference,
                 Surface     *picture,
                 const Mask  *mask,
                 GArray      *boxes,
                 const char  *path,
                 GError     **error)
{
  g_autoptr(Surface) sheet = NULL;
  g_autoptr(Cairo) cairo = NULL;
  cairo_status_t status;
  int step = mask->width + GAP;

  sheet = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 3 * step - GAP, mask->height);
  cairo = cairo_create (sheet);
  cairo_set_source_rgb (cairo, 0.2, 0.2, 0.2);
  cairo_paint (cairo);
  cairo_set_source_surface (cairo, reference, 0, 0);
  cairo_paint (cairo);
  cairo_set_source_surface (cairo, picture, step, 0);
  cairo_paint (cairo);
  draw_third (cairo, picture, mask, 2 * step);

  cairo_set_line_width (cairo, 1);
  cairo_set_source_rgb (cairo, 1, 0, 1);
  for (guint i = 0; i < boxes->len; i++)
    {
      const Box *box = &g_array_index (boxes, Box, i);

      for (int third = 0; third < 3; third++)
        cairo_rectangle (cairo, third * step + box->left - 2.5, box->top - 2.5,
                         box->right - box->left + 6, box->bottom - box->top + 6);
    }
  cairo_stroke (cairo);

  status = cairo_surface_write_to_png (sheet, path);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be written: %s", path,
                   cairo_status_to_string (status));
      return FALSE;
    }

  return TRUE;
}

static char *
describe (Surface    *reference,
          Surface    *picture,
          const Mask *mask,
          GArray     *boxes)
{
  GString *report = g_string_new (NULL);

  if (mask->n_different == 0)
    return g_string_free (g_string_append (report, "the same"), FALSE);

  g_string_append_printf (report, "%u of %u pixels differ, by at most %u; %d×%d instead of %d×%d",
                          mask->n_different, (guint) mask->width * (guint) mask->height,
                          mask->worst,
                          cairo_image_surface_get_width (picture),
                          cairo_image_surface_get_height (picture),
                          cairo_image_surface_get_width (reference),
                          cairo_image_surface_get_height (reference));

  for (guint i = 0; i < MIN (boxes->len, MOST_BOXES); i++)
    {
      const Box *box = &g_array_index (boxes, Box, i);

      g_string_append_printf (report, "\n  x %d to %d, y %d to %d",
                              box->left, box->right, box->top, box->bottom);
    }
  if (boxes->len > MOST_BOXES)
    g_string_append_printf (report, "\n  and %u more", boxes->len - MOST_BOXES);

  return g_string_free (report, FALSE);
}

/**
 * iss_picture_compare:
 * @reference: path of a PNG file
 * @picture: path of the PNG file to compare with it
 * @difference: (nullable): where to write both and their difference, side by side, if they differ
 * @out_report: (out) (transfer full): what differs, and where, in words
 * @error: return location for an error
 *
 * Compares pixels, exactly: a rule that forgives hides a changed word or a shift by one pixel.
 *
 * Returns: %TRUE if they are the same; %FALSE if they differ, with @error clear, or if one of
 *   them cannot be read or the difference cannot be written, with @error set
 */
gboolean
iss_picture_compare (const char  *reference,
                     const char  *picture,
                     const char  *difference,
                     char       **out_report,
                     GError     **error)
{
  g_autoptr(Surface) one = NULL;
  g_autoptr(Surface) other = NULL;
  g_autoptr(GArray) boxes = NULL;
  g_auto(Mask) mask = { 0, };

  one = load (reference, error);
  if (one == NULL)
    return FALSE;

  other = load (picture, error);
  if (other == NULL)
    return FALSE;

  mask_init (&mask, one, other);
  boxes = find_boxes (&mask);

  if (mask.n_different > 0 && difference != NULL &&
      !draw_difference (one, other, &mask, boxes, difference, error))
    return FALSE;

  *out_report = describe (one, other, &mask, boxes);

  return mask.n_different == 0;
}
