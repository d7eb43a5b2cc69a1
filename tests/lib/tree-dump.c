/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/tree-dump.h"

/* What a person could tell apart without seeing it, or NULL for what only arranges. */
static char *
describe (GtkWidget *widget)
{
  const char *type = G_OBJECT_TYPE_NAME (widget);

  if (GTK_IS_LABEL (widget))
    return g_strdup_printf ("label “%s”", gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_INSCRIPTION (widget))
    return g_strdup_printf ("label “%s”", gtk_inscription_get_text (GTK_INSCRIPTION (widget)));
  if (GTK_IS_TEXT (widget))
    return g_strdup_printf ("text “%s”", gtk_editable_get_text (GTK_EDITABLE (widget)));
  if (GTK_IS_IMAGE (widget) && gtk_image_get_icon_name (GTK_IMAGE (widget)) != NULL)
    return g_strdup_printf ("image %s", gtk_image_get_icon_name (GTK_IMAGE (widget)));
  if (GTK_IS_CHECK_BUTTON (widget))
    return g_strdup_printf ("check %s", gtk_check_button_get_active (GTK_CHECK_BUTTON (widget))
                                        ? "on" : "off");
  if (GTK_IS_TOGGLE_BUTTON (widget))
    return g_strdup_printf ("toggle %s", gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (widget))
                                         ? "on" : "off");
  if (GTK_IS_BUTTON (widget))
    return g_strdup ("button");
  if (GTK_IS_SPINNER (widget))
    return g_strdup ("spinner");
  if (g_str_has_prefix (type, "Iss") || GTK_IS_WINDOW (widget))
    return g_strdup (type);

  return NULL;
}

static gboolean
is_leaf (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) || GTK_IS_INSCRIPTION (widget) || GTK_IS_TEXT (widget) ||
         GTK_IS_IMAGE (widget);
}

/* Debian 13's lists have a row at hand below those that are seen. */
static gboolean
is_scrolled_away (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  graphene_rect_t bounds;

  return GTK_IS_SCROLLABLE (parent) &&
         gtk_widget_compute_bounds (widget, parent, &bounds) &&
         (bounds.origin.y >= gtk_widget_get_height (parent) ||
          bounds.origin.y + bounds.size.height <= 0);
}

/* Where the pointer happens to stand; it has no type of its own that is public. */
static gboolean
is_tooltip (GtkWidget *widget)
{
  return g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkTooltipWindow");
}

static void
dump (GtkWidget *widget,
      GString   *text,
      int        depth)
{
  g_autofree char *line = describe (widget);

  if (!gtk_widget_get_mapped (widget) || is_scrolled_away (widget) || is_tooltip (widget))
    return;

  if (line != NULL)
    {
      g_string_append_printf (text, "%*s%s%s\n", depth * 2, "", line,
                              gtk_widget_is_sensitive (widget) ? "" : ", greyed");
      depth++;
    }

  if (is_leaf (widget))
    return;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    dump (child, text, depth);
}

/**
 * iss_tree_dump:
 * @widget: a widget in a window that was presented
 *
 * Writes down what @widget says: texts, icons, what is ticked and what is greyed, indented as
 * they are nested. What only arranges is left out, and rows that are scrolled out of sight, so
 * that it is the same with every GTK 4.
 *
 * Returns: (transfer full): the text
 */
char *
iss_tree_dump (GtkWidget *widget)
{
  GString *text;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);

  text = g_string_new (NULL);
  dump (widget, text, 0);

  return g_string_free (text, FALSE);
}
