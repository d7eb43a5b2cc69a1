/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-matrix.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/pool/presence-cell-view.h"

#define PAGE_ROWS 10

/**
 * IssPresenceMatrix:
 *
 * Servers × slots.
 *
 * The heads stand in a grid of their own above the one that scrolls; size groups
 * keep their columns the same, and both share one horizontal adjustment. What is
 * selected stays selected when the rows change places, for it is remembered by
 * server, type and slot.
 */
struct _IssPresenceMatrix
{
  GtkWidget          parent_instance;

  /* Template Widgets */
  GtkWidget         *root;
  GtkScrolledWindow *head_window;
  GtkScrolledWindow *body_window;
  GtkGrid           *head;
  GtkGrid           *body;

  /* Owned References */
  IssPresence       *presence;
  IssServer         *server;       /* the selected row's */
  char              *type;         /* and the selected column's */
  IssSlot            slot;
  GPtrArray         *widths;       /* (element-type GtkSizeGroup): the servers' column first */

  /* Borrowed References */
  GPtrArray         *views;        /* (element-type IssPresenceCellView), a row after the other */
  GPtrArray         *names;        /* (element-type GtkLabel) */
  GPtrArray         *ages;         /* (element-type GtkLabel) */

  guint              n_rows;
  guint              n_columns;
  guint              row;
  guint              column;
};

enum
{
  SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssPresenceMatrix, iss_presence_matrix, GTK_TYPE_WIDGET)

static void
iss_presence_matrix_dispose (GObject *object)
{
  IssPresenceMatrix *self = ISS_PRESENCE_MATRIX (object);

  for (guint i = 0; i < self->views->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->views, i), self);
  g_ptr_array_set_size (self->views, 0);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_PRESENCE_MATRIX);
  g_clear_object (&self->presence);
  g_clear_object (&self->server);
  g_clear_pointer (&self->type, g_free);

  G_OBJECT_CLASS (iss_presence_matrix_parent_class)->dispose (object);
}

static void
iss_presence_matrix_finalize (GObject *object)
{
  IssPresenceMatrix *self = ISS_PRESENCE_MATRIX (object);

  g_ptr_array_unref (self->widths);
  g_ptr_array_unref (self->views);
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->ages);

  G_OBJECT_CLASS (iss_presence_matrix_parent_class)->finalize (object);
}

static GtkWidget *
get_view (IssPresenceMatrix *self,
          guint              row,
          guint              column)
{
  if (row >= self->n_rows || column >= self->n_columns)
    return NULL;

  return g_ptr_array_index (self->views, row * self->n_columns + column);
}

/* Tab goes to the selected cell, and from there out of the matrix. */
static gboolean
iss_presence_matrix_focus (GtkWidget        *widget,
                           GtkDirectionType  direction)
{
  IssPresenceMatrix *self = ISS_PRESENCE_MATRIX (widget);
  GtkWidget *view = get_view (self, self->row, self->column);

  if (view == NULL || gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return gtk_widget_grab_focus (view);
}

static gboolean
iss_presence_matrix_grab_focus (GtkWidget *widget)
{
  IssPresenceMatrix *self = ISS_PRESENCE_MATRIX (widget);
  GtkWidget *view = get_view (self, self->row, self->column);

  return view != NULL && gtk_widget_grab_focus (view);
}

static gboolean
move_cb (GtkWidget *widget,
         GVariant  *arguments,
         gpointer   user_data)
{
  int rows;
  int columns;

  g_variant_get (arguments, "(ii)", &rows, &columns);
  iss_presence_matrix_move (ISS_PRESENCE_MATRIX (widget), rows, columns);

  return TRUE;
}

static void
iss_presence_matrix_class_init (IssPresenceMatrixClass *klass)
{
  static const struct
  {
    guint           keyval;
    GdkModifierType modifiers;
    int             rows;
    int             columns;
  }
  keys[] =
  {
    { GDK_KEY_Up,        0, -1, 0 },
    { GDK_KEY_KP_Up,     0, -1, 0 },
    { GDK_KEY_Down,      0, 1, 0 },
    { GDK_KEY_KP_Down,   0, 1, 0 },
    { GDK_KEY_Left,      0, 0, -1 },
    { GDK_KEY_KP_Left,   0, 0, -1 },
    { GDK_KEY_Right,     0, 0, 1 },
    { GDK_KEY_KP_Right,  0, 0, 1 },
    { GDK_KEY_Page_Up,   0, -PAGE_ROWS, 0 },
    { GDK_KEY_Page_Down, 0, PAGE_ROWS, 0 },
    { GDK_KEY_Home,      0, 0, -G_MAXINT16 },
    { GDK_KEY_End,       0, 0, G_MAXINT16 },
    { GDK_KEY_Home,      GDK_CONTROL_MASK, -G_MAXINT16, 0 },
    { GDK_KEY_End,       GDK_CONTROL_MASK, G_MAXINT16, 0 },
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_presence_matrix_dispose;
  object_class->finalize = iss_presence_matrix_finalize;
  widget_class->focus = iss_presence_matrix_focus;
  widget_class->grab_focus = iss_presence_matrix_grab_focus;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].keyval, keys[i].modifiers, move_cb,
                                  "(ii)", keys[i].rows, keys[i].columns);

  /**
   * IssPresenceMatrix::selected:
   *
   * Another cell is selected, or what it says is different now.
   */
  signals[SELECTED] = g_signal_new ("selected", ISS_TYPE_PRESENCE_MATRIX, G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/presence-matrix.ui");
  gtk_widget_class_bind_template_child (widget_class, IssPresenceMatrix, root);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceMatrix, head_window);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceMatrix, body_window);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceMatrix, head);
  gtk_widget_class_bind_template_child (widget_class, IssPresenceMatrix, body);
}

static void
iss_presence_matrix_init (IssPresenceMatrix *self)
{
  self->widths = g_ptr_array_new_with_free_func (g_object_unref);
  self->views = g_ptr_array_new ();
  self->names = g_ptr_array_new ();
  self->ages = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_scrolled_window_set_hadjustment (self->head_window,
                                       gtk_scrolled_window_get_hadjustment (self->body_window));
}

static GtkWidget *
make_label (const char        *text,
            const char        *css_class,
            GtkAccessibleRole  role)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                   "accessible-role", role,
                                   "label", text,
                                   "xalign", 0.0,
                                   "ellipsize", PANGO_ELLIPSIZE_END,
                                   "max-width-chars", 40,
                                   NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static void
select_cell (IssPresenceMatrix *self,
             guint              row,
             guint              column)
{
  GtkWidget *before = get_view (self, self->row, self->column);
  GtkWidget *after = get_view (self, row, column);
  const IssPresenceColumn *head;

  if (before != NULL && before != after)
    iss_presence_cell_view_set_selected (ISS_PRESENCE_CELL_VIEW (before), FALSE);

  self->row = row;
  self->column = column;

  if (after != NULL)
    {
      head = iss_presence_get_column (self->presence, column);
      g_set_object (&self->server, iss_presence_get_server (self->presence, row));
      g_free (self->type);
      self->type = g_strdup (head->type);
      self->slot = head->slot;
      iss_presence_cell_view_set_selected (ISS_PRESENCE_CELL_VIEW (after), TRUE);
    }

  g_signal_emit (self, signals[SELECTED], 0);
}

static void
has_focus_cb (GtkWidget         *view,
              GParamSpec        *pspec,
              IssPresenceMatrix *self)
{
  guint index;

  if (!gtk_widget_has_focus (view) || !g_ptr_array_find (self->views, view, &index))
    return;

  if (index != self->row * self->n_columns + self->column)
    select_cell (self, index / self->n_columns, index % self->n_columns);
}

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static void
add_row (IssPresenceMatrix *self,
         guint              row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = make_label ("", NULL, GTK_ACCESSIBLE_ROLE_ROW_HEADER);
  GtkWidget *age = make_label ("", "dim-label", GTK_ACCESSIBLE_ROLE_LABEL);

  gtk_widget_add_css_class (age, "caption");
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), age);
  gtk_grid_attach (self->body, box, 0, (int) row, 1, 1);
  gtk_size_group_add_widget (g_ptr_array_index (self->widths, 0), box);
  g_ptr_array_add (self->names, name);
  g_ptr_array_add (self->ages, age);

  for (guint column = 0; column < self->n_columns; column++)
    {
      GtkWidget *view = iss_presence_cell_view_new ();

      g_signal_connect (view, "notify::has-focus", G_CALLBACK (has_focus_cb), self);
      gtk_grid_attach (self->body, view, (int) column + 1, (int) row, 1, 1);
      gtk_size_group_add_widget (g_ptr_array_index (self->widths, column + 1), view);
      g_ptr_array_add (self->views, view);
    }
}

static void
rebuild (IssPresenceMatrix *self)
{
  for (guint i = 0; i < self->views->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->views, i), self);

  g_ptr_array_set_size (self->views, 0);
  g_ptr_array_set_size (self->names, 0);
  g_ptr_array_set_size (self->ages, 0);
  g_ptr_array_set_size (self->widths, 0);
  clear_grid (self->body);

  self->n_rows = iss_presence_get_n_servers (self->presence);
  self->n_columns = iss_presence_get_n_columns (self->presence);
  for (guint i = 0; i <= self->n_columns; i++)
    g_ptr_array_add (self->widths, gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL));
  for (guint row = 0; row < self->n_rows; row++)
    add_row (self, row);
}

static void
show_heads (IssPresenceMatrix *self)
{
  GtkWidget *corner = make_label (_("Server"), "dim-label", GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);

  clear_grid (self->head);
  gtk_widget_set_valign (corner, GTK_ALIGN_START);
  gtk_widget_set_margin_end (corner, 12);
  gtk_grid_attach (self->head, corner, 0, 0, 1, 1);
  gtk_size_group_add_widget (g_ptr_array_index (self->widths, 0), corner);

  for (guint column = 0; column < self->n_columns; column++)
    {
      const IssPresenceColumn *head = iss_presence_get_column (self->presence, column);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *expected = make_label (head->expected_text, "dim-label",
                                        GTK_ACCESSIBLE_ROLE_LABEL);
      g_autofree char *title = NULL;
      GtkWidget *type;

      /* Translators: certificate type, slot: "OAuthTokenIssuer · current" */
      title = g_strdup_printf (_("%s · %s"), head->type, iss_slot_get_label (head->slot));
      gtk_widget_add_css_class (expected, "caption");
      if (head->has_expected && head->expected_name != NULL)
        {
          g_autoptr(GBytes) sha1 = g_bytes_new (head->expected_sha1, ISS_SHA1_SIZE);
          g_autofree char *whole = iss_text_thumbprint (sha1);

          gtk_widget_set_tooltip_text (expected, whole);
        }
      gtk_widget_add_css_class (box, "matrix-head");
      /* The slot has a line of its own: a narrow column must not cut it off. */
      type = make_label (head->type, NULL, GTK_ACCESSIBLE_ROLE_COLUMN_HEADER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (type), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                      -1);
      gtk_widget_set_tooltip_text (type, title);
      gtk_box_append (GTK_BOX (box), type);
      gtk_box_append (GTK_BOX (box), make_label (iss_slot_get_label (head->slot), NULL,
                                                 GTK_ACCESSIBLE_ROLE_LABEL));
      gtk_box_append (GTK_BOX (box), expected);
      gtk_grid_attach (self->head, box, (int) column + 1, 0, 1, 1);
      gtk_size_group_add_widget (g_ptr_array_index (self->widths, column + 1), box);
    }
}

static void
show_row (IssPresenceMatrix *self,
          guint              row,
          gint64             now,
          GTimeZone         *zone)
{
  IssServer *server = iss_presence_get_server (self->presence, row);
  g_autofree char *name = iss_server_dup_short_name (server);
  GtkLabel *age = g_ptr_array_index (self->ages, row);
  const char *row_age = NULL;

  for (guint column = 0; column < self->n_columns; column++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (self->presence, row, column);
      g_autofree char *seen = NULL;

      if (cell->stale && cell->seen_at != 0)
        seen = iss_time_text_since (cell->seen_at, now, zone);
      if (cell->stale)
        row_age = cell->age;
      iss_presence_cell_view_show (ISS_PRESENCE_CELL_VIEW (get_view (self, row, column)), cell,
                                   seen);
    }

  gtk_label_set_label (g_ptr_array_index (self->names, row), name);
  gtk_widget_set_tooltip_text (g_ptr_array_index (self->names, row), iss_server_get_name (server));
  gtk_label_set_label (age, row_age != NULL ? row_age : "");
  gtk_widget_set_visible (GTK_WIDGET (age), row_age != NULL);
}

/* Where what was selected is now; the worst cell if it has gone. */
static void
find_selected (IssPresenceMatrix *self,
               guint             *out_row,
               guint             *out_column)
{
  *out_row = 0;
  *out_column = 0;

  for (guint row = 0; row < self->n_rows; row++)
    {
      if (iss_presence_get_server (self->presence, row) == self->server)
        *out_row = row;
    }

  for (guint column = 0; column < self->n_columns; column++)
    {
      const IssPresenceColumn *head = iss_presence_get_column (self->presence, column);

      if (g_strcmp0 (head->type, self->type) == 0 && head->slot == self->slot)
        *out_column = column;
    }
}

/**
 * iss_presence_matrix_new:
 *
 * Returns: (transfer floating): a matrix without cells
 */
GtkWidget *
iss_presence_matrix_new (void)
{
  return g_object_new (ISS_TYPE_PRESENCE_MATRIX, NULL);
}

/**
 * iss_presence_matrix_set_presence:
 * @self: a matrix
 * @presence: what to show
 * @now: the present, in seconds since 1970
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Shows @presence. Selection and keyboard focus stay with their server and slot.
 */
void
iss_presence_matrix_set_presence (IssPresenceMatrix *self,
                                  IssPresence       *presence,
                                  gint64             now,
                                  GTimeZone         *zone)
{
  gboolean had_focus;
  guint row;
  guint column;

  g_return_if_fail (ISS_IS_PRESENCE_MATRIX (self));
  g_return_if_fail (ISS_IS_PRESENCE (presence));

  had_focus = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;
  g_set_object (&self->presence, presence);

  if (self->n_rows != iss_presence_get_n_servers (presence) ||
      self->n_columns != iss_presence_get_n_columns (presence))
    rebuild (self);

  show_heads (self);
  for (row = 0; row < self->n_rows; row++)
    show_row (self, row, now, zone);

  find_selected (self, &row, &column);
  select_cell (self, row, column);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

/**
 * iss_presence_matrix_get_selected:
 * @self: a matrix
 *
 * Returns: (transfer none) (nullable): the selected cell; %NULL if there is none
 */
const IssPresenceCell *
iss_presence_matrix_get_selected (IssPresenceMatrix *self)
{
  g_return_val_if_fail (ISS_IS_PRESENCE_MATRIX (self), NULL);

  if (get_view (self, self->row, self->column) == NULL)
    return NULL;

  return iss_presence_get_cell (self->presence, self->row, self->column);
}

/**
 * iss_presence_matrix_get_view:
 * @self: a matrix
 * @row: a row
 * @column: a column
 *
 * Returns: (transfer none) (nullable): its cell
 */
GtkWidget *
iss_presence_matrix_get_view (IssPresenceMatrix *self,
                              guint              row,
                              guint              column)
{
  g_return_val_if_fail (ISS_IS_PRESENCE_MATRIX (self), NULL);

  return get_view (self, row, column);
}

/**
 * iss_presence_matrix_select:
 * @self: a matrix
 * @row: a row there is
 * @column: a column there is
 *
 * Selects a cell; the keyboard focus goes there if it was in the matrix.
 */
void
iss_presence_matrix_select (IssPresenceMatrix *self,
                            guint              row,
                            guint              column)
{
  g_return_if_fail (ISS_IS_PRESENCE_MATRIX (self));
  g_return_if_fail (get_view (self, row, column) != NULL);

  select_cell (self, row, column);
  if (gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

/**
 * iss_presence_matrix_move:
 * @self: a matrix
 * @rows: by how many rows; up is negative
 * @columns: by how many columns
 *
 * Moves the selection, as far as there are cells.
 */
void
iss_presence_matrix_move (IssPresenceMatrix *self,
                          int                rows,
                          int                columns)
{
  int row;
  int column;

  g_return_if_fail (ISS_IS_PRESENCE_MATRIX (self));

  if (self->n_rows == 0 || self->n_columns == 0)
    return;

  row = CLAMP ((int) self->row + rows, 0, (int) self->n_rows - 1);
  column = CLAMP ((int) self->column + columns, 0, (int) self->n_columns - 1);
  iss_presence_matrix_select (self, (guint) row, (guint) column);
}
