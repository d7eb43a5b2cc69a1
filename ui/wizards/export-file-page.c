/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-file-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "ui/dialogs/file-chooser.h"
#include "ui/wizards/status-line.h"

/**
 * IssExportFilePage:
 *
 * Asks for the file, and looks whether it can be written before it lets
 * anybody on. A file that is there goes only when that is ticked.
 */
struct _IssExportFilePage
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkEditable    *entry;
  GtkWidget      *browse_button;
  IssStatusLine  *status;
  GtkCheckButton *replace_check;

  /* Owned References */
  IssExportPlan  *plan;
  GCancellable   *cancellable;   /* (nullable): while the place is looked at */
  GFile          *file;          /* (nullable): that is looked at */
  char           *suggested;     /* (nullable): what stood there untouched */
};

static char *
iss_export_file_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("File to Export"));
}

static gboolean
iss_export_file_page_is_complete (IssWizardPage *page)
{
  IssExportFilePage *self = ISS_EXPORT_FILE_PAGE (page);
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  return *typed != '\0' && self->cancellable == NULL &&
         (!gtk_widget_get_visible (GTK_WIDGET (self->replace_check)) ||
          gtk_check_button_get_active (self->replace_check));
}

static const char *
iss_export_file_page_get_next (IssWizardPage *page)
{
  return "summary";
}

static char *
dup_folder (void)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  return g_strdup (folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR) ? folder
                                                                             : g_get_home_dir ());
}

static void
say_no_question (IssExportFilePage *self)
{
  gtk_check_button_set_active (self->replace_check, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->replace_check), FALSE);
  iss_status_line_clear (self->status);
}

/* A name of its own for each kind of file, until somebody has typed another. */
static void
iss_export_file_page_enter (IssWizardPage *page)
{
  IssExportFilePage *self = ISS_EXPORT_FILE_PAGE (page);
  const char *typed = gtk_editable_get_text (self->entry);
  g_autofree char *folder = dup_folder ();
  g_autofree char *name = iss_export_plan_dup_file_name (self->plan);

  if (*typed != '\0' && g_strcmp0 (typed, self->suggested) != 0)
    return;

  g_free (self->suggested);
  self->suggested = g_build_filename (folder, name, NULL);
  gtk_editable_set_text (self->entry, self->suggested);
  gtk_editable_set_position (self->entry, -1);
}

static GFile *
parse_file (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (g_str_has_prefix (stripped, "file://"))
    return g_file_new_for_uri (stripped);
  if (g_str_has_prefix (stripped, "~/"))
    return g_file_new_build_filename (g_get_home_dir (), stripped + 2, NULL);
  if (!g_path_is_absolute (stripped))
    return g_file_new_build_filename (g_get_home_dir (), stripped, NULL);

  return g_file_new_for_path (stripped);
}

/* "auth" is "auth.pfx": Windows goes by the name. */
static GFile *
dup_typed_file (IssExportFilePage *self)
{
  const IssExportOptions *options = iss_export_plan_get_options (self->plan);
  g_autoptr(GFile) file = parse_file (gtk_editable_get_text (self->entry));
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *longer = NULL;

  if (path == NULL || strchr (base, '.') != NULL)
    return g_steal_pointer (&file);

  longer = g_strconcat (path, iss_export_options_format_suffix (options->format), NULL);
  return g_file_new_for_path (longer);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(IssExportFilePage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = iss_pool_export_check_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);
  iss_status_line_clear (self->status);
  if (ok)
    {
      iss_export_plan_set_file (self->plan, self->file,
                                gtk_check_button_get_active (self->replace_check));
      iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
      iss_wizard_page_proceed (ISS_WIZARD_PAGE (self));
      return;
    }

  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS))
    {
      g_autofree char *name = g_file_get_parse_name (self->file);
      g_autofree char *text = g_strdup_printf (_("There is a file “%s” already."), name);

      iss_status_line_say (self->status, ISS_STATUS_NOTE, text);
      gtk_widget_set_visible (GTK_WIDGET (self->replace_check), TRUE);
      gtk_widget_grab_focus (GTK_WIDGET (self->replace_check));
    }
  else
    {
      iss_status_line_say_error (self->status, error);
      gtk_widget_grab_focus (GTK_WIDGET (self->entry));
    }

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static gboolean
iss_export_file_page_advance (IssWizardPage *page)
{
  IssExportFilePage *self = ISS_EXPORT_FILE_PAGE (page);

  g_clear_object (&self->file);
  self->file = dup_typed_file (self);
  self->cancellable = g_cancellable_new ();
  iss_wizard_page_changed (page);
  iss_pool_export_check_async (self->file, gtk_check_button_get_active (self->replace_check),
                               self->cancellable, checked_cb, g_object_ref (self));
  return FALSE;
}

static void
iss_export_file_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_file_page_dup_title;
  iface->is_complete = iss_export_file_page_is_complete;
  iface->get_next = iss_export_file_page_get_next;
  iface->enter = iss_export_file_page_enter;
  iface->advance = iss_export_file_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportFilePage, iss_export_file_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_file_page_page_init))

static void
give_up (IssExportFilePage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_export_file_page_unmap (GtkWidget *widget)
{
  give_up (ISS_EXPORT_FILE_PAGE (widget));

  GTK_WIDGET_CLASS (iss_export_file_page_parent_class)->unmap (widget);
}

static void
iss_export_file_page_dispose (GObject *object)
{
  IssExportFilePage *self = ISS_EXPORT_FILE_PAGE (object);

  give_up (self);
  g_clear_object (&self->plan);
  g_clear_object (&self->file);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_FILE_PAGE);

  G_OBJECT_CLASS (iss_export_file_page_parent_class)->dispose (object);
}

static void
iss_export_file_page_finalize (GObject *object)
{
  g_free (ISS_EXPORT_FILE_PAGE (object)->suggested);

  G_OBJECT_CLASS (iss_export_file_page_parent_class)->finalize (object);
}

static void
typed_cb (IssExportFilePage *self)
{
  if (self->plan == NULL)
    return;

  give_up (self);
  say_no_question (self);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
replace_cb (IssExportFilePage *self)
{
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
chosen_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssExportFilePage) self = user_data;
  g_autoptr(GFile) file = iss_file_chooser_choose_finish (result, NULL);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  /* The chooser may have asked about a file that is there; we ask once more, in one place. */
  if (path != NULL && self->plan != NULL)
    gtk_editable_set_text (self->entry, path);
}

static void
browse_cb (IssExportFilePage *self)
{
  g_autoptr(GFile) file = dup_typed_file (self);

  iss_file_chooser_save_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                               _("File to Export"), file, NULL, chosen_cb, g_object_ref (self));
}

static void
iss_export_file_page_class_init (IssExportFilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-file-page.ui";

  object_class->dispose = iss_export_file_page_dispose;
  object_class->finalize = iss_export_file_page_finalize;
  widget_class->unmap = iss_export_file_page_unmap;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportFilePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportFilePage, entry);
  gtk_widget_class_bind_template_child (widget_class, IssExportFilePage, browse_button);
  gtk_widget_class_bind_template_child (widget_class, IssExportFilePage, status);
  gtk_widget_class_bind_template_child (widget_class, IssExportFilePage, replace_check);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_cb);
  gtk_widget_class_bind_template_callback (widget_class, browse_cb);
}

static void
iss_export_file_page_init (IssExportFilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_export_file_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_file_page_new (IssExportPlan *plan)
{
  IssExportFilePage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_FILE_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

const char *
iss_export_file_page_get_text (IssExportFilePage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_FILE_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}
