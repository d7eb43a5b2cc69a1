/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/type-check-list.h"

#include "core/pool/assignment-table.h"

#include <glib/gi18n-lib.h>

/**
 * IssTypeCheckList:
 *
 * What a certificate can be assigned to.
 */
struct _IssTypeCheckList
{
  GtkWidget    parent_instance;

  /* Template Widgets */
  GtkWidget   *root;
  GtkBox      *needed_box;
  GtkExpander *more;
  GtkBox      *more_box;

  /* Owned References */
  IssPool     *pool;     /* (nullable): before it is filled */
  GPtrArray   *checks;   /* (element-type GtkCheckButton) borrowed; in the order of the types */
  GPtrArray   *labels;   /* (element-type GtkLabel) borrowed; likewise: what is used now */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssTypeCheckList, iss_type_check_list, GTK_TYPE_WIDGET)

static void
iss_type_check_list_dispose (GObject *object)
{
  IssTypeCheckList *self = ISS_TYPE_CHECK_LIST (object);

  g_ptr_array_set_size (self->checks, 0);
  g_ptr_array_set_size (self->labels, 0);
  g_clear_object (&self->pool);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_TYPE_CHECK_LIST);

  G_OBJECT_CLASS (iss_type_check_list_parent_class)->dispose (object);
}

static void
iss_type_check_list_finalize (GObject *object)
{
  IssTypeCheckList *self = ISS_TYPE_CHECK_LIST (object);

  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->labels, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_type_check_list_parent_class)->finalize (object);
}

static void
iss_type_check_list_class_init (IssTypeCheckListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/type-check-list.ui";

  object_class->dispose = iss_type_check_list_dispose;
  object_class->finalize = iss_type_check_list_finalize;

  /**
   * IssTypeCheckList::changed:
   *
   * Other types are ticked.
   */
  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_TYPE_CHECK_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssTypeCheckList, root);
  gtk_widget_class_bind_template_child (widget_class, IssTypeCheckList, needed_box);
  gtk_widget_class_bind_template_child (widget_class, IssTypeCheckList, more);
  gtk_widget_class_bind_template_child (widget_class, IssTypeCheckList, more_box);
}

static void
iss_type_check_list_init (IssTypeCheckList *self)
{
  self->checks = g_ptr_array_new ();
  self->labels = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/* While a server has not said what it uses, nobody knows what the pool does. */
static gboolean
is_looking (IssPool *pool)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);

      if (iss_server_get_observation (server) == NULL && iss_server_get_error (server) == NULL)
        return TRUE;
    }

  return FALSE;
}

/* (nullable): "now auth.contoso.example, 3 of 3 published" */
static char *
dup_now (IssAssignmentTable *table,
         const char         *type)
{
  const IssAssignmentRow *only = NULL;
  guint n = 0;

  for (guint i = 0; i < iss_assignment_table_get_n_rows (table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (table, i);

      if (!g_str_equal (row->type, type) || row->slot != ISS_SLOT_CURRENT || !row->has_certificate)
        continue;

      only = row;
      n++;
    }

  if (n == 1)
    /* Translators: name of a certificate, where it is used: "3 of 3 published" */
    return g_strdup_printf (_("now %s, %s"), only->name, only->state);
  if (n > 1)
    return g_strdup_printf (ngettext ("now %u certificate", "now %u different certificates", n), n);

  return iss_assignment_table_get_n_rows (table) > 0 ? g_strdup (_("nothing is assigned")) : NULL;
}

static void
toggled_cb (IssTypeCheckList *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_type (IssTypeCheckList         *self,
          GtkBox                   *to,
          const IssCertificateType *type,
          gboolean                  ticked)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *check = gtk_check_button_new_with_label (iss_certificate_type_get_label (type));
  GtkWidget *label = gtk_label_new (NULL);

  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), ticked);
  g_object_set_data (G_OBJECT (check), "type", (gpointer) type->name);
  g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "dim-label");

  /* Those of one group stand below its name. */
  if (!g_str_equal (type->group, type->label))
    gtk_widget_set_margin_start (check, 12);
  gtk_box_append (GTK_BOX (row), check);
  gtk_box_append (GTK_BOX (row), label);
  gtk_box_append (to, row);
  g_ptr_array_add (self->checks, check);
  g_ptr_array_add (self->labels, label);
}

static void
add_group (GtkBox                   *to,
           const IssCertificateType *type)
{
  GtkWidget *label;

  if (g_str_equal (type->group, type->label))
    return;

  label = gtk_label_new (_(type->group));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (to, label);
}

static gboolean
is_needed (const IssCertificateType *type)
{
  return g_str_equal (type->group, "Default certificate") || type->pool_wide;
}

/**
 * iss_type_check_list_update:
 * @self: a list with a pool
 *
 * Says anew what the pool uses, after it was looked at.
 */
void
iss_type_check_list_update (IssTypeCheckList *self)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(IssAssignmentTable) table = NULL;
  gboolean looking;

  g_return_if_fail (ISS_IS_TYPE_CHECK_LIST (self));
  g_return_if_fail (self->pool != NULL);

  looking = is_looking (self->pool);
  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (self->pool, i));
  table = iss_assignment_table_new (servers, NULL,
                                    iss_clock_now (iss_pool_get_clock (self->pool)), zone);

  for (guint i = 0; i < self->labels->len; i++)
    {
      GtkWidget *check = g_ptr_array_index (self->checks, i);
      GtkWidget *label = g_ptr_array_index (self->labels, i);
      g_autofree char *now = looking ? g_strdup (_("looking…"))
                                     : dup_now (table, g_object_get_data (G_OBJECT (check),
                                                                          "type"));

      gtk_label_set_label (GTK_LABEL (label), now != NULL ? now : "");
      gtk_widget_set_tooltip_text (label, now);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      now != NULL ? now : "", -1);
    }
}

/**
 * iss_type_check_list_set_pool:
 * @self: a list
 * @pool: whose assignments it shows beside the types
 * @types: names of those that are ticked at first
 * @rollable: leave out what cannot be rolled
 *
 * Fills the list.
 */
void
iss_type_check_list_set_pool (IssTypeCheckList  *self,
                              IssPool           *pool,
                              const char *const *types,
                              gboolean           rollable)
{
  const char *group[2] = { "", "" };
  gboolean unfold = FALSE;

  g_return_if_fail (ISS_IS_TYPE_CHECK_LIST (self));
  g_return_if_fail (ISS_IS_POOL (pool));
  g_return_if_fail (types != NULL);
  g_return_if_fail (self->pool == NULL);

  self->pool = g_object_ref (pool);
  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      gboolean folded = !is_needed (type);
      GtkBox *to = folded ? self->more_box : self->needed_box;
      gboolean ticked = g_strv_contains (types, type->name);

      if (rollable && !type->rollable)
        continue;

      if (!g_str_equal (group[folded], type->group))
        add_group (to, type);
      group[folded] = type->group;
      add_type (self, to, type, ticked);
      unfold = unfold || (folded && ticked);
    }

  gtk_expander_set_expanded (self->more, unfold);
  iss_type_check_list_update (self);
}

/**
 * iss_type_check_list_dup_ticked:
 * @self: a list
 *
 * Returns: (transfer full): the names of the types that are ticked
 */
char **
iss_type_check_list_dup_ticked (IssTypeCheckList *self)
{
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();

  g_return_val_if_fail (ISS_IS_TYPE_CHECK_LIST (self), NULL);

  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);

      if (gtk_check_button_get_active (check))
        g_strv_builder_add (types, g_object_get_data (G_OBJECT (check), "type"));
    }

  return g_strv_builder_end (types);
}

/**
 * iss_type_check_list_find_check:
 * @self: a list
 * @type: name of a certificate type
 *
 * Returns: (transfer none) (nullable): the tick of that type
 */
GtkCheckButton *
iss_type_check_list_find_check (IssTypeCheckList *self,
                                const char       *type)
{
  g_return_val_if_fail (ISS_IS_TYPE_CHECK_LIST (self), NULL);

  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);

      if (g_str_equal (g_object_get_data (G_OBJECT (check), "type"), type))
        return check;
    }

  return NULL;
}
