/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/table.h"

#define GAP 2

struct _CtlTable
{
  guint       n_columns;
  GPtrArray  *rows;      /* (element-type GStrv) the titles first */
};

/* How many columns of a terminal the text takes. */
static guint
width_of (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

/**
 * ctl_table_new:
 * @titles: the columns' titles
 *
 * Returns: (transfer full): an empty table
 */
CtlTable *
ctl_table_new (const char *const *titles)
{
  CtlTable *self = g_new0 (CtlTable, 1);

  self->n_columns = g_strv_length ((char **) titles);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  ctl_table_add (self, titles);

  return self;
}

/**
 * ctl_table_free:
 * @self: (nullable): a table
 *
 * Frees it.
 */
void
ctl_table_free (CtlTable *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->rows);
  g_free (self);
}

/**
 * ctl_table_add:
 * @self: a table
 * @cells: as many texts as there are columns
 *
 * Adds a row.
 */
void
ctl_table_add (CtlTable          *self,
               const char *const *cells)
{
  g_return_if_fail (g_strv_length ((char **) cells) == self->n_columns);

  g_ptr_array_add (self->rows, g_strdupv ((char **) cells));
}

/**
 * ctl_table_to_text:
 * @self: a table
 *
 * Returns: (transfer full): the whole table, a line a row, without blanks at the
 *   ends of lines
 */
char *
ctl_table_to_text (CtlTable *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  GString *text = g_string_new (NULL);

  for (guint row = 0; row < self->rows->len; row++)
    {
      char **cells = g_ptr_array_index (self->rows, row);

      for (guint column = 0; column < self->n_columns; column++)
        widths[column] = MAX (widths[column], width_of (cells[column]));
    }

  for (guint row = 0; row < self->rows->len; row++)
    {
      char **cells = g_ptr_array_index (self->rows, row);

      for (guint column = 0; column < self->n_columns; column++)
        {
          g_string_append (text, cells[column]);
          if (column + 1 < self->n_columns)
            for (guint i = width_of (cells[column]); i < widths[column] + GAP; i++)
              g_string_append_c (text, ' ');
        }

      while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate (text, text->len - 1);
      g_string_append_c (text, '\n');
    }

  return g_string_free (text, FALSE);
}
