/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-file-page.h"

#include "core/base/error.h"
#include "ui/dialogs/file-chooser.h"
#include "ui/wizards/file-details.h"

#include <glib/gi18n-lib.h>

/* A path is not read at every letter. */
#define TYPING_PAUSE 300

/**
 * IssImportFilePage:
 *
 * The first page of the Import wizard: a path, and what is found there.
 */
struct _IssImportFilePage
{
  GtkWidget      parent_instance;

  /* Template Widgets */
  GtkWidget     *root;
  GtkEditable   *entry;
  GtkWidget     *browse_button;
  GtkWidget     *status;
  GtkStack      *symbol;
  GtkImage      *icon;
  GtkSpinner    *spinner;
  GtkLabel      *label;
  GtkWidget     *details_button;

  /* Owned References */
  IssImportPlan *plan;
  GCancellable  *cancellable;    /* (nullable): of the file that is being read */
  GCancellable  *choosing;       /* (nullable): of the file chooser */

  guint          timer;
  gboolean       complete;
};

static char *
iss_import_file_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("File to Import"));
}

static gboolean
iss_import_file_page_is_complete (IssWizardPage *page)
{
  return ISS_IMPORT_FILE_PAGE (page)->complete;
}

static const char *
iss_import_file_page_get_next (IssWizardPage *page)
{
  IssImportPlan *plan = ISS_IMPORT_FILE_PAGE (page)->plan;

  if (iss_import_plan_needs_password (plan) || iss_import_plan_has_key (plan))
    return "key";

  return "servers";
}

static gboolean
iss_import_file_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static void
iss_import_file_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_import_file_page_dup_title;
  iface->is_complete = iss_import_file_page_is_complete;
  iface->get_next = iss_import_file_page_get_next;
  iface->can_go_back = iss_import_file_page_can_go_back;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssImportFilePage, iss_import_file_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_import_file_page_page_init))

static void
give_up (IssImportFilePage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_import_file_page_dispose (GObject *object)
{
  IssImportFilePage *self = ISS_IMPORT_FILE_PAGE (object);

  give_up (self);
  if (self->choosing != NULL)
    g_cancellable_cancel (self->choosing);
  g_clear_object (&self->choosing);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_IMPORT_FILE_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_import_file_page_parent_class)->dispose (object);
}

static void
say (IssImportFilePage *self,
     const char        *icon_name,
     const char        *css_class,
     const char        *text)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "success");
  if (css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_spinner_set_spinning (self->spinner, icon_name == NULL && *text != '\0');
  gtk_stack_set_visible_child_name (self->symbol, icon_name == NULL ? "spinner" : "icon");
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->status, *text != '\0');
  gtk_widget_set_visible (self->details_button, *text != '\0' && icon_name != NULL);
}

static void
set_complete (IssImportFilePage *self,
              gboolean           complete)
{
  self->complete = complete;
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(IssImportFilePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *sentence = NULL;
  gboolean ok = iss_import_plan_read_finish (ISS_IMPORT_PLAN (object), result, &error);

  /* Another file is being read, or the page is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);

  if (!ok && !g_error_matches (error, ISS_ERROR, ISS_ERROR_WRONG_PASSWORD))
    {
      sentence = g_strdup_printf ("%s.", error->message);
      say (self, "dialog-error-symbolic", "error", sentence);
      set_complete (self, FALSE);
      return;
    }

  contents = iss_import_plan_dup_contents (self->plan);
  if (iss_import_plan_is_read (self->plan))
    {
      g_autofree char *name = iss_import_plan_dup_name (self->plan);

      /* Translators: what a file holds, and the certificate that it is about */
      sentence = g_strdup_printf (_("%s.\n%s"), contents, name);
      say (self, iss_import_plan_has_key (self->plan) ? "iss-certificate-key-symbolic"
                                                      : "iss-certificate-symbolic",
           NULL, sentence);
    }
  else
    {
      sentence = g_strdup_printf ("%s.", contents);
      say (self, "dialog-password-symbolic", NULL, sentence);
    }

  set_complete (self, TRUE);
}

static GFile *
parse_file (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (*stripped == '\0')
    return NULL;
  if (g_str_has_prefix (stripped, "file://"))
    return g_file_new_for_uri (stripped);
  if (g_str_has_prefix (stripped, "~/"))
    return g_file_new_build_filename (g_get_home_dir (), stripped + 2, NULL);

  return g_file_new_for_path (stripped);
}

static void
read_now (IssImportFilePage *self)
{
  g_autoptr(GFile) file = parse_file (gtk_editable_get_text (self->entry));

  give_up (self);
  iss_import_plan_set_file (self->plan, file);

  if (file == NULL)
    {
      say (self, NULL, NULL, "");
      return;
    }

  say (self, NULL, NULL, _("Reading the file…"));
  self->cancellable = g_cancellable_new ();
  iss_import_plan_read_async (self->plan, NULL, self->cancellable, read_cb, g_object_ref (self));
}

static gboolean
typing_paused_cb (gpointer user_data)
{
  IssImportFilePage *self = user_data;

  self->timer = 0;
  read_now (self);

  return G_SOURCE_REMOVE;
}

static void
typed_cb (IssImportFilePage *self)
{
  give_up (self);
  iss_import_plan_set_file (self->plan, NULL);
  say (self, NULL, NULL, "");
  set_complete (self, FALSE);
  self->timer = g_timeout_add (TYPING_PAUSE, typing_paused_cb, self);
}

static void
take_file (IssImportFilePage *self,
           GFile             *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *uri = path == NULL ? g_file_get_uri (file) : NULL;

  gtk_editable_set_text (self->entry, path != NULL ? path : uri);
  gtk_editable_set_position (self->entry, -1);
  read_now (self);
}

static void
chosen_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssImportFilePage) self = user_data;
  g_autoptr(GFile) file = iss_file_chooser_choose_finish (result, NULL);

  /* None: it was closed, and nothing changes. */
  if (file != NULL && self->plan != NULL)
    take_file (self, file);
}

static void
browse_cb (IssImportFilePage *self)
{
  g_clear_object (&self->choosing);
  self->choosing = g_cancellable_new ();
  iss_file_chooser_choose_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                 _("File to Import"), self->choosing, chosen_cb,
                                 g_object_ref (self));
}

static void
details_cb (IssImportFilePage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *details = iss_file_details_new (GTK_WINDOW (root), self->plan);

  gtk_window_present (GTK_WINDOW (details));
}

static gboolean
drop_cb (GtkDropTarget     *target,
         const GValue      *value,
         double             x,
         double             y,
         IssImportFilePage *self)
{
  if (!G_VALUE_HOLDS (value, G_TYPE_FILE))
    return FALSE;

  take_file (self, g_value_get_object (value));

  return TRUE;
}

static void
iss_import_file_page_class_init (IssImportFilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/import-file-page.ui";

  object_class->dispose = iss_import_file_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, entry);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, browse_button);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, status);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, symbol);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, icon);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, label);
  gtk_widget_class_bind_template_child (widget_class, IssImportFilePage, details_button);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, browse_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_cb);
}

static void
iss_import_file_page_init (IssImportFilePage *self)
{
  GtkDropTarget *target;

  gtk_widget_init_template (GTK_WIDGET (self));
  say (self, NULL, NULL, "");

  target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/**
 * iss_import_file_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_import_file_page_new (IssImportPlan *plan)
{
  IssImportFilePage *self;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_IMPORT_FILE_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

/**
 * iss_import_file_page_set_file:
 * @self: a page
 * @file: a file, which is read at once
 */
void
iss_import_file_page_set_file (IssImportFilePage *self,
                               GFile             *file)
{
  g_return_if_fail (ISS_IS_IMPORT_FILE_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  take_file (self, file);
}

const char *
iss_import_file_page_get_text (IssImportFilePage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_FILE_PAGE (self), NULL);

  return gtk_label_get_label (self->label);
}
