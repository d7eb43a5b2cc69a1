/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/stack-pages.h"

/**
 * IssCertificateList:
 *
 * Certificates in columns.
 *
 * Sorting is the row model's. The view's own sorter only draws the arrow and is
 * asked which heading was clicked: every column has a sorter that notes its
 * column and says "smaller", so comparing any two things tells the column, and
 * whether the view turned the answer round (GTK 4.8 has no other way).
 */
struct _IssCertificateList
{
  GtkWidget            parent_instance;

  /* Template Widgets */
  GtkStack            *root;
  GtkColumnView       *view;
  GtkLabel            *empty_label;

  /* Owned References */
  IssRowModel         *model;
  GtkMultiSelection   *selection;
  IssColumnChoice     *columns;
  GTimeZone           *zone;
  char                *empty_text;
  GArray              *selected;         /* (element-type Hash), kept when rows are read again */

  IssRowColumn         probed;           /* by the sorters */
  gboolean             filtered;
  gboolean             selecting;        /* by ourselves */
};

/* SHA-256 of a certificate. */
typedef struct
{
  guint8 bytes[32];
} Hash;

enum
{
  SELECTED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* What belongs to one column: the list, and which it is. */
typedef struct
{
  IssCertificateList *list;
  IssRowColumn        column;
} Column;

/* Pixels: what is usual there and the heading with its arrow are readable, and what is shown at
 * first is together what 1366 leave beside tree and actions. The last column is as wide as what
 * is left, which GTK 4.8 gives only to one without a width of its own. */
static const int widths[ISS_N_ROW_COLUMNS] =
{
  [ISS_ROW_COLUMN_ISSUED_TO] = 188,
  [ISS_ROW_COLUMN_ISSUED_BY] = 128,
  [ISS_ROW_COLUMN_EXPIRES] = 132,
  [ISS_ROW_COLUMN_PURPOSES] = 152,
  [ISS_ROW_COLUMN_FRIENDLY_NAME] = 128,
  [ISS_ROW_COLUMN_STATUS] = 88,
  [ISS_ROW_COLUMN_THUMBPRINT] = 148,
  [ISS_ROW_COLUMN_KEY] = 148,
  [ISS_ROW_COLUMN_ASSIGNED_TO] = -1,
};

#define MIN_CHARS 4
#define MIN_CHARS_LAST 16

G_DEFINE_FINAL_TYPE (IssCertificateList, iss_certificate_list, GTK_TYPE_WIDGET)

static void
iss_certificate_list_dispose (GObject *object)
{
  IssCertificateList *self = ISS_CERTIFICATE_LIST (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->columns != NULL)
    g_signal_handlers_disconnect_by_data (self->columns, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CERTIFICATE_LIST);
  g_clear_object (&self->selection);
  g_clear_object (&self->columns);
  g_clear_object (&self->model);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->empty_text, g_free);
  g_clear_pointer (&self->selected, g_array_unref);

  G_OBJECT_CLASS (iss_certificate_list_parent_class)->dispose (object);
}

static void
activate_cb (GtkColumnView *view,
             guint          position,
             gpointer       user_data)
{
  g_signal_emit (user_data, signals[ACTIVATED], 0);
}

/* The item that a cell, or the padding of one or of its row, shows. */
static GtkListItem *
find_list_item (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_first_child (widget))
    {
      GtkListItem *item = g_object_get_data (G_OBJECT (widget), "list-item");

      if (item != NULL)
        return item;
    }

  return NULL;
}

/* A right click selects what it is on, before the window opens its menu. */
static void
right_click_cb (GtkGestureClick *gesture,
                int              n_press,
                double           x,
                double           y,
                gpointer         user_data)
{
  IssCertificateList *self = user_data;
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  GtkListItem *item = NULL;

  /* Above a row is the list of all rows, whose first is not what was meant. */
  for (; item == NULL && widget != NULL && !GTK_IS_LIST_VIEW (widget) &&
         widget != GTK_WIDGET (self->view);
       widget = gtk_widget_get_parent (widget))
    item = find_list_item (widget);

  if (item != NULL)
    {
      GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
      guint position = gtk_list_item_get_position (item);

      /* On one of several that are selected it means them all. */
      if (!gtk_selection_model_is_selected (selection, position))
        gtk_selection_model_select_item (selection, position, TRUE);
    }
}

/* One handler for all cells; the text is made only when it is asked for. */
static gboolean
query_tooltip_cb (GtkWidget  *view,
                  int         x,
                  int         y,
                  gboolean    keyboard,
                  GtkTooltip *tooltip,
                  gpointer    user_data)
{
  IssCertificateList *self = user_data;
  GtkWidget *widget = keyboard ? NULL : gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);

  for (; widget != NULL && widget != view; widget = gtk_widget_get_parent (widget))
    {
      GtkListItem *item = g_object_get_data (G_OBJECT (widget), "list-item");
      Column *column = g_object_get_data (G_OBJECT (widget), "column");
      g_autofree char *text = NULL;
      IssRow row;

      if (item == NULL || gtk_list_item_get_item (item) == NULL)
        continue;

      iss_row_model_item_get_row (gtk_list_item_get_item (item), &row);
      text = iss_row_column_dup_tooltip (column->column, &row, self->zone);
      gtk_tooltip_set_text (tooltip, text);

      return text != NULL;
    }

  return FALSE;
}

static gboolean
iss_certificate_list_grab_focus (GtkWidget *widget)
{
  GtkWidget *view = GTK_WIDGET (ISS_CERTIFICATE_LIST (widget)->view);
  GtkWidget *rows = gtk_widget_get_last_child (view);

  /* Its headings come first, and would take the keys. */
  return gtk_widget_grab_focus (rows) || gtk_widget_child_focus (rows, GTK_DIR_TAB_FORWARD);
}

static void
iss_certificate_list_class_init (IssCertificateListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_certificate_list_dispose;
  widget_class->grab_focus = iss_certificate_list_grab_focus;

  signals[SELECTED] =
    g_signal_new ("selected", ISS_TYPE_CERTIFICATE_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] =
    g_signal_new ("activated", ISS_TYPE_CERTIFICATE_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/issuant/Issuant/ui/certificates/certificate-list.ui");
  gtk_widget_class_bind_template_child (widget_class, IssCertificateList, root);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateList, view);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateList, empty_label);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, right_click_cb);
  gtk_widget_class_bind_template_callback (widget_class, query_tooltip_cb);
}

static GtkWidget *
make_inscription (IssRowColumn column)
{
  GtkWidget *inscription = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (inscription),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (inscription),
                                 widths[column] > 0 ? MIN_CHARS : MIN_CHARS_LAST);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (inscription), 1);
  gtk_widget_set_hexpand (inscription, TRUE);

  if (column == ISS_ROW_COLUMN_THUMBPRINT)
    gtk_widget_add_css_class (inscription, "thumbprint");
  if (column == ISS_ROW_COLUMN_EXPIRES)
    gtk_widget_add_css_class (inscription, "numeric");

  return inscription;
}

static gboolean
has_icon (IssRowColumn column)
{
  return column == ISS_ROW_COLUMN_STATUS || column == ISS_ROW_COLUMN_KEY;
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          Column                   *column)
{
  GtkWidget *cell = make_inscription (column->column);

  if (has_icon (column->column))
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

      gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
      gtk_box_append (GTK_BOX (box), cell);
      cell = box;
    }

  g_object_set_data (G_OBJECT (cell), "list-item", item);
  g_object_set_data (G_OBJECT (cell), "column", column);
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         Column                   *column)
{
  IssRowItem *row_item = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);
  gint64 now = iss_row_model_get_now (column->list->model);
  g_autofree char *text = NULL;
  IssRow row;

  iss_row_model_item_get_row (row_item, &row);
  text = iss_row_column_dup_text (column->column, &row, now, column->list->zone);

  if (has_icon (column->column))
    {
      const char *classes[] = { iss_row_column_get_css_class (column->column, &row, now), NULL };
      GtkWidget *image = gtk_widget_get_first_child (cell);

      gtk_image_set_from_icon_name (GTK_IMAGE (image),
                                    iss_row_column_get_icon (column->column, &row, now));
      gtk_widget_set_css_classes (image, classes);
      cell = gtk_widget_get_last_child (cell);
    }

  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
}

static int
probe_cb (gconstpointer a,
          gconstpointer b,
          gpointer      user_data)
{
  Column *column = user_data;

  column->list->probed = column->column;

  return GTK_ORDERING_SMALLER;
}

static void
sorter_changed_cb (GtkSorter       *sorter,
                   GtkSorterChange  change,
                   gpointer         user_data)
{
  IssCertificateList *self = user_data;
  GtkOrdering answer;

  /* Two different things, because what is the same is equal without being asked. */
  self->probed = ISS_N_ROW_COLUMNS;
  answer = gtk_sorter_compare (sorter, self, self->model);
  iss_row_model_set_sort (self->model, self->probed, answer == GTK_ORDERING_LARGER);
}

static void
add_column (IssCertificateList *self,
            IssRowColumn        which)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  Column *data = g_new0 (Column, 1);
  GtkColumnViewColumn *column;
  GtkCustomSorter *sorter;

  data->list = self;
  data->column = which;
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), data);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), data);
  g_object_set_data_full (G_OBJECT (factory), "column", data, g_free);

  sorter = gtk_custom_sorter_new (probe_cb, data, NULL);
  column = gtk_column_view_column_new (iss_row_column_get_title (which), factory);
  gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, widths[which]);
  gtk_column_view_column_set_expand (column, widths[which] < 0);
  gtk_column_view_append_column (self->view, column);

  g_object_unref (sorter);
  g_object_unref (column);
}

static GArray *
dup_selected (IssCertificateList *self)
{
  g_autoptr(GtkBitset) bits =
    gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  GArray *hashes = g_array_new (FALSE, FALSE, sizeof (Hash));
  GtkBitsetIter iter;
  guint position;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, bits, &position);
       more && hashes->len <= ISS_CERTIFICATE_LIST_MAX_SELECTED;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(IssRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
      IssRow row;
      Hash hash;

      iss_row_model_item_get_row (item, &row);
      memcpy (hash.bytes, row.sha256, sizeof hash.bytes);
      g_array_append_val (hashes, hash);
    }

  return hashes;
}

static gboolean
is_same (GArray *a,
         GArray *b)
{
  return a->len == b->len &&
         (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (Hash)) == 0);
}

/* Those that are selected now are the administrator's choice. */
static void
selection_changed_cb (IssCertificateList *self)
{
  g_autoptr(GArray) selected = NULL;

  if (self->selecting)
    return;

  selected = dup_selected (self);
  if (is_same (selected, self->selected))
    return;

  g_array_unref (self->selected);
  self->selected = g_steal_pointer (&selected);
  g_signal_emit (self, signals[SELECTED], 0);
}

/* The rows are other objects after the server was asked again, but what the
 * administrator has selected are certificates. */
static void
select_again (IssCertificateList *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->selection);
  g_autoptr(GtkBitset) bits = gtk_bitset_new_empty ();
  g_autoptr(GtkBitset) all = gtk_bitset_new_range (0, g_list_model_get_n_items
                                                   (G_LIST_MODEL (self->model)));
  g_autoptr(GArray) selected = NULL;

  for (guint i = 0; i < self->selected->len; i++)
    {
      guint position;

      if (iss_row_model_find (self->model, g_array_index (self->selected, Hash, i).bytes,
                              &position))
        gtk_bitset_add (bits, position);
    }

  self->selecting = TRUE;
  gtk_selection_model_set_selection (model, bits, all);
  self->selecting = FALSE;

  selected = dup_selected (self);
  if (selected->len != self->selected->len)
    {
      g_array_unref (self->selected);
      self->selected = g_steal_pointer (&selected);
      g_signal_emit (self, signals[SELECTED], 0);
    }
}

/* The first rows are shown before all are there. */
static void
items_changed_cb (IssCertificateList *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_stack_set_visible_child_name (self->root, "list");
}

static void
published_cb (IssCertificateList *self)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (iss_row_model_get_table (self->model) == NULL)
    {
      gtk_stack_set_visible_child_name (self->root, "nothing");
      return;
    }

  select_again (self);

  gtk_label_set_label (self->empty_label,
                       self->filtered ? _("No certificate here matches what is searched for.")
                                      : self->empty_text);
  gtk_stack_set_visible_child_name (self->root, n_rows > 0 ? "list" : "empty");
}

static void
show_columns (IssCertificateList *self)
{
  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    {
      g_autoptr(GtkColumnViewColumn) view_column =
        g_list_model_get_item (gtk_column_view_get_columns (self->view), column);

      gtk_column_view_column_set_visible (view_column,
                                          iss_column_choice_is_shown (self->columns, column));
      gtk_column_view_column_set_header_menu (view_column,
                                              iss_column_choice_get_menu (self->columns));
    }
}

static void
iss_certificate_list_init (IssCertificateList *self)
{
  g_autoptr(IssColumnChoice) columns = iss_column_choice_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_stack_pages_tell (self->root);

  self->zone = g_time_zone_new_local ();
  self->empty_text = g_strdup (_("There are no certificates here."));
  self->model = iss_row_model_new ();
  self->selected = g_array_new (FALSE, FALSE, sizeof (Hash));
  self->selection = gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->model)));

  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    add_column (self, column);
  iss_certificate_list_set_columns (self, columns);

  g_signal_connect (gtk_column_view_get_sorter (self->view), "changed",
                    G_CALLBACK (sorter_changed_cb), self);
  g_signal_connect_swapped (self->selection, "selection-changed",
                            G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->model, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->model, "published", G_CALLBACK (published_cb), self);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  iss_certificate_list_sort_by (self, ISS_ROW_COLUMN_ISSUED_TO, FALSE);
}

/**
 * iss_certificate_list_new:
 *
 * Returns: (transfer floating): an empty list
 */
GtkWidget *
iss_certificate_list_new (void)
{
  return g_object_new (ISS_TYPE_CERTIFICATE_LIST, NULL);
}

/**
 * iss_certificate_list_get_model:
 * @self: a list
 *
 * Returns: (transfer none): its rows
 */
IssRowModel *
iss_certificate_list_get_model (IssCertificateList *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), NULL);

  return self->model;
}

/**
 * iss_certificate_list_get_view:
 * @self: a list
 *
 * Returns: (transfer none): the widget with the columns, for measurements
 */
GtkColumnView *
iss_certificate_list_get_view (IssCertificateList *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), NULL);

  return self->view;
}

/**
 * iss_certificate_list_set_columns:
 * @self: a list
 * @columns: which columns it shows from now on; a right click on a heading changes that
 */
void
iss_certificate_list_set_columns (IssCertificateList *self,
                                  IssColumnChoice    *columns)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));
  g_return_if_fail (ISS_IS_COLUMN_CHOICE (columns));

  if (self->columns != NULL)
    g_signal_handlers_disconnect_by_data (self->columns, self);

  g_set_object (&self->columns, columns);
  g_signal_connect_swapped (columns, "changed", G_CALLBACK (show_columns), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "column",
                                  iss_column_choice_get_action_group (columns));
  show_columns (self);
}

/**
 * iss_certificate_list_set_table:
 * @self: a list
 * @table: (nullable): the rows to show
 * @now: the instant at which validity is judged
 */
void
iss_certificate_list_set_table (IssCertificateList *self,
                                IssRowTable        *table,
                                gint64              now)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));

  iss_row_model_set_table (self->model, table, now);
}

/**
 * iss_certificate_list_set_filter:
 * @self: a list
 * @text: what rows must contain; "" for all
 */
void
iss_certificate_list_set_filter (IssCertificateList *self,
                                 const char         *text)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));

  /* What is found is read from the top. */
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)), 0);
  self->filtered = *text != '\0';
  iss_row_model_set_filter (self->model, text);
}

/**
 * iss_certificate_list_set_empty_text:
 * @self: a list
 * @text: what is said where there are no rows
 */
void
iss_certificate_list_set_empty_text (IssCertificateList *self,
                                     const char         *text)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));

  g_free (self->empty_text);
  self->empty_text = g_strdup (text);
}

/**
 * iss_certificate_list_set_stale:
 * @self: a list
 * @stale: whether the rows are what was last seen rather than what is
 */
void
iss_certificate_list_set_stale (IssCertificateList *self,
                                gboolean            stale)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));

  if (stale)
    gtk_widget_add_css_class (GTK_WIDGET (self->view), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->view), "stale");
}

/**
 * iss_certificate_list_get_selected:
 * @self: a list
 * @out_row: (out): the selected row, the first of several; its strings live until the rows
 *   change
 *
 * Returns: whether one is selected
 */
gboolean
iss_certificate_list_get_selected (IssCertificateList *self,
                                   IssRow             *out_row)
{
  g_autoptr(GtkBitset) bits = NULL;
  g_autoptr(IssRowItem) item = NULL;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), FALSE);

  bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_is_empty (bits))
    return FALSE;

  item = g_list_model_get_item (G_LIST_MODEL (self->model), gtk_bitset_get_minimum (bits));
  iss_row_model_item_get_row (item, out_row);

  return TRUE;
}

/**
 * iss_certificate_list_get_n_selected:
 * @self: a list
 *
 * Returns: how many rows are selected
 */
guint
iss_certificate_list_get_n_selected (IssCertificateList *self)
{
  g_autoptr(GtkBitset) bits = NULL;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), 0);

  bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));

  return (guint) MIN (gtk_bitset_get_size (bits), G_MAXUINT);
}

/**
 * iss_certificate_list_has_key_selected:
 * @self: a list
 *
 * Returns: whether one of the selected certificates has its private key there
 */
gboolean
iss_certificate_list_has_key_selected (IssCertificateList *self)
{
  g_autoptr(GtkBitset) bits = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), FALSE);

  bits = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (gboolean more = gtk_bitset_iter_init_first (&iter, bits, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(IssRowItem) item = g_list_model_get_item (G_LIST_MODEL (self->model), position);
      IssRow row;

      iss_row_model_item_get_row (item, &row);
      if (row.key_state != ISS_KEY_STATE_NONE)
        return TRUE;
    }

  return FALSE;
}

/**
 * iss_certificate_list_dup_selected:
 * @self: a list
 *
 * Returns: (transfer full) (element-type GBytes): SHA-256 of the selected certificates, at most
 *   %ISS_CERTIFICATE_LIST_MAX_SELECTED and one
 */
GPtrArray *
iss_certificate_list_dup_selected (IssCertificateList *self)
{
  GPtrArray *selected = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GArray) hashes = NULL;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), selected);

  hashes = dup_selected (self);
  for (guint i = 0; i < hashes->len; i++)
    g_ptr_array_add (selected, g_bytes_new (g_array_index (hashes, Hash, i).bytes, sizeof (Hash)));

  return selected;
}

/**
 * iss_certificate_list_select:
 * @self: a list
 * @sha256: of a certificate
 *
 * Returns: %FALSE if it is not shown
 */
gboolean
iss_certificate_list_select (IssCertificateList *self,
                             const guint8       *sha256)
{
  guint position = 0;

  g_return_val_if_fail (ISS_IS_CERTIFICATE_LIST (self), FALSE);

  if (!iss_row_model_find (self->model, sha256, &position))
    return FALSE;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);

  return TRUE;
}

/**
 * iss_certificate_list_sort_by:
 * @self: a list
 * @column: a column
 * @descending: the other way round
 *
 * As a click on the heading does.
 */
void
iss_certificate_list_sort_by (IssCertificateList *self,
                              IssRowColumn        column,
                              gboolean            descending)
{
  g_autoptr(GtkColumnViewColumn) view_column = NULL;

  g_return_if_fail (ISS_IS_CERTIFICATE_LIST (self));
  g_return_if_fail (column < ISS_N_ROW_COLUMNS);

  view_column = g_list_model_get_item (gtk_column_view_get_columns (self->view), column);
  gtk_column_view_sort_by_column (self->view, view_column,
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}
