/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/file-details.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/shell-line.h"

/**
 * IssFileDetails:
 *
 * The report on one file, line by line. Read anew when it is opened, with the password if
 * the wizard has the right one already.
 */
struct _IssFileDetails
{
  GtkWindow        parent_instance;

  /* Template Widgets */
  GtkStack        *stack;
  GtkLabel        *failure;
  GtkGrid         *grid;
  IssShellLineBar *shell_line_bar;
  GtkWidget       *close_button;

  /* Owned References */
  GCancellable    *cancellable;

  gboolean         loaded;
};

G_DEFINE_FINAL_TYPE (IssFileDetails, iss_file_details, GTK_TYPE_WINDOW)

static void
iss_file_details_dispose (GObject *object)
{
  IssFileDetails *self = ISS_FILE_DETAILS (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (iss_file_details_parent_class)->dispose (object);
}

/* In this order: GTK 4.8 tells a screen reader of no dialog that had a focus before. */
static void
iss_file_details_show (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (iss_file_details_parent_class)->show (widget);

  gtk_window_set_focus (GTK_WINDOW (widget), ISS_FILE_DETAILS (widget)->close_button);
}

static void
iss_file_details_class_init (IssFileDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/file-details.ui";

  object_class->dispose = iss_file_details_dispose;
  widget_class->show = iss_file_details_show;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssFileDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, IssFileDetails, failure);
  gtk_widget_class_bind_template_child (widget_class, IssFileDetails, grid);
  gtk_widget_class_bind_template_child (widget_class, IssFileDetails, shell_line_bar);
  gtk_widget_class_bind_template_child (widget_class, IssFileDetails, close_button);
}

static void
iss_file_details_init (IssFileDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
new_label (const char *text,
           gboolean    wrap)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), wrap);
  if (wrap)
    {
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_widget_set_can_focus (label, FALSE);
      gtk_widget_set_hexpand (label, TRUE);
    }

  return label;
}

static GtkWidget *
new_symbol (const char *icon_name,
            const char *css_class)
{
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", icon_name,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   "valign", GTK_ALIGN_START,
                                   NULL);

  gtk_widget_add_css_class (image, css_class);

  return image;
}

static void
add_heading (IssFileDetails *self,
             const char     *name,
             int             row)
{
  GtkWidget *label = new_label (name, FALSE);

  gtk_widget_add_css_class (label, "heading");
  gtk_widget_set_margin_top (label, row > 0 ? 12 : 0);
  gtk_grid_attach (self->grid, label, 0, row, 3, 1);
}

/* The words say all; the symbol is for who looks them over. */
static void
add_line (IssFileDetails   *self,
          const IssPfxLine *line,
          int               row)
{
  GtkWidget *name = new_label (line->name, FALSE);
  GtkWidget *value = new_label (line->value, TRUE);
  GtkWidget *symbol = NULL;

  gtk_widget_add_css_class (name, "dim-label");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, name, value, NULL,
                                  -1);

  switch (line->kind)
    {
    case ISS_PFX_LINE_GOOD:
      symbol = new_symbol ("object-select-symbolic", "success");
      break;

    case ISS_PFX_LINE_WARNING:
      symbol = new_symbol ("dialog-warning-symbolic", "warning");
      break;

    case ISS_PFX_LINE_BAD:
      symbol = new_symbol ("dialog-error-symbolic", "error");
      break;

    case ISS_PFX_LINE_HEADING:
    case ISS_PFX_LINE_FACT:
      break;
    }

  gtk_grid_attach (self->grid, name, 0, row, 1, 1);
  if (symbol != NULL)
    gtk_grid_attach (self->grid, symbol, 1, row, 1, 1);
  gtk_grid_attach (self->grid, value, 2, row, 1, 1);
}

static void
show_report (IssFileDetails     *self,
             const IssPfxReport *report)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) lines = iss_pfx_report_dup_lines (report, zone);

  for (guint i = 0; i < lines->len; i++)
    {
      const IssPfxLine *line = g_ptr_array_index (lines, i);

      if (line->kind == ISS_PFX_LINE_HEADING)
        add_heading (self, line->name, (int) i);
      else
        add_line (self, line, (int) i);
    }

  gtk_stack_set_visible_child_name (self->stack, "report");
}

static void
report_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssFileDetails) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPfxReport) report = iss_file_report_finish (result, &error);
  g_autofree char *sentence = NULL;

  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    return;

  self->loaded = TRUE;
  if (report != NULL)
    {
      show_report (self, report);
      return;
    }

  sentence = g_strdup_printf ("%s.", error->message);
  gtk_label_set_label (self->failure, sentence);
  gtk_stack_set_visible_child_name (self->stack, "failure");
}

/**
 * iss_file_details_new:
 * @parent: (nullable): the window it belongs to
 * @plan: a plan with a file
 *
 * Returns: (transfer none): the dialog, to be presented
 */
GtkWidget *
iss_file_details_new (GtkWindow     *parent,
                      IssImportPlan *plan)
{
  IssFileDetails *self;
  GFile *file;
  g_autofree char *name = NULL;
  g_autofree char *title = NULL;
  g_autofree char *line = NULL;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  file = iss_import_plan_get_file (plan);
  g_return_val_if_fail (file != NULL, NULL);

  self = g_object_new (ISS_TYPE_FILE_DETAILS, "transient-for", parent, NULL);
  name = g_file_get_basename (file);
  /* Translators: %s is a file's name */
  title = g_strdup_printf (_("Details of %s"), name);
  gtk_window_set_title (GTK_WINDOW (self), title);

  line = iss_import_plan_dup_details_line (plan);
  iss_shell_line_bar_set_line (self->shell_line_bar, line);

  self->cancellable = g_cancellable_new ();
  iss_import_plan_report_async (plan, self->cancellable, report_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}

gboolean
iss_file_details_is_loaded (IssFileDetails *self)
{
  g_return_val_if_fail (ISS_IS_FILE_DETAILS (self), FALSE);

  return self->loaded;
}
