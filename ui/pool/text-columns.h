/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * IssTextColumn:
 *
 * One column of a list whose lines are texts.
 */
typedef struct
{
  const char *title;
  int         width;        /* -1 = the rest */
  gboolean    is_numeric;
  gboolean    has_icon;     /* the symbol of the line's state stands before it */
} IssTextColumn;

/**
 * IssTextColumns:
 *
 * Of what the lines are, and how each is asked. Static.
 */
typedef struct
{
  const IssTextColumn *columns;
  guint                n_columns;
  const char *       (*get_text)      (gpointer item,
                                       guint    column);
  const char *       (*get_icon)      (gpointer item);
  const char *       (*get_css_class) (gpointer item);   /* the colour of the symbol */
} IssTextColumns;

/* Nothing in them is cut off: texts are wrapped. */
void  iss_text_columns_add (GtkColumnView         *view,
                            const IssTextColumns  *columns);

G_END_DECLS
