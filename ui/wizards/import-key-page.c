/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-key-page.h"

#include "core/base/error.h"
#include "ui/dialogs/secret-entry.h"
#include "ui/wizards/file-details.h"

#include <glib/gi18n-lib.h>

/**
 * IssImportKeyPage:
 *
 * Asks for the password and tries it before it lets anybody on.
 *
 * What was typed stays until it is right, then it goes from the entry at once
 * and is kept in secure memory only.
 */
struct _IssImportKeyPage
{
  GtkWidget         parent_instance;

  /* Template Widgets */
  GtkWidget        *root;
  GtkLabel         *intro_label;
  GtkWidget        *password_box;
  GtkPasswordEntry *entry;
  GtkWidget        *status;
  GtkStack         *symbol;
  GtkSpinner       *spinner;
  GtkLabel         *label;
  GtkCheckButton   *exportable_check;

  /* Owned References */
  IssImportPlan    *plan;
  GCancellable     *cancellable;   /* (nullable): while the password is tried */
};

static char *
iss_import_key_page_dup_title (IssWizardPage *page)
{
  IssImportKeyPage *self = ISS_IMPORT_KEY_PAGE (page);

  return g_strdup (iss_import_plan_needs_password (self->plan) ? _("Password")
                                                               : _("Private Key"));
}

static gboolean
iss_import_key_page_is_complete (IssWizardPage *page)
{
  IssImportKeyPage *self = ISS_IMPORT_KEY_PAGE (page);

  if (self->cancellable != NULL)
    return FALSE;

  return iss_import_plan_is_read (self->plan) || !iss_secret_entry_is_empty (self->entry);
}

static const char *
iss_import_key_page_get_next (IssWizardPage *page)
{
  return "servers";
}

static void
say (IssImportKeyPage *self,
     gboolean          busy,
     const char       *text)
{
  gtk_label_set_label (self->label, text);
  gtk_stack_set_visible_child_name (self->symbol, busy ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (self->status, *text != '\0');
}

static void
iss_import_key_page_enter (IssWizardPage *page)
{
  IssImportKeyPage *self = ISS_IMPORT_KEY_PAGE (page);
  gboolean needs = iss_import_plan_needs_password (self->plan);
  gboolean known = iss_import_plan_is_read (self->plan);
  GFile *file = iss_import_plan_get_file (self->plan);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *intro = NULL;

  if (needs)
    /* Translators: %s is a file's name */
    intro = g_strdup_printf (_("%s is protected. Type the password that was given to it when "
                               "it was exported."), name);
  else
    intro = g_strdup_printf (_("%s holds a private key that no password protects."), name);

  gtk_label_set_label (self->intro_label, intro);
  gtk_widget_set_visible (self->password_box, needs);
  g_object_set (self->entry, "placeholder-text", known ? _("known already") : NULL, NULL);
  gtk_check_button_set_active (self->exportable_check,
                               iss_import_plan_get_exportable (self->plan));
  say (self, FALSE, "");
}

static void
tried_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssImportKeyPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;
  gboolean ok = iss_import_plan_read_finish (ISS_IMPORT_PLAN (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);

  if (ok)
    {
      iss_secret_entry_clear (self->entry);
      say (self, FALSE, "");
      iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
      iss_wizard_page_proceed (ISS_WIZARD_PAGE (self));
      return;
    }

  sentence = g_strdup_printf ("%s.", error->message);
  say (self, FALSE, sentence);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static gboolean
iss_import_key_page_advance (IssWizardPage *page)
{
  IssImportKeyPage *self = ISS_IMPORT_KEY_PAGE (page);
  g_autoptr(IssSecret) password = NULL;

  iss_import_plan_set_exportable (self->plan,
                                  gtk_check_button_get_active (self->exportable_check));

  if (iss_secret_entry_is_empty (self->entry))
    return TRUE;

  password = iss_secret_entry_dup_secret (self->entry);
  self->cancellable = g_cancellable_new ();
  say (self, TRUE, _("Trying the password…"));
  iss_wizard_page_changed (page);
  iss_import_plan_read_async (self->plan, password, self->cancellable, tried_cb,
                              g_object_ref (self));

  return FALSE;
}

static void
iss_import_key_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_import_key_page_dup_title;
  iface->is_complete = iss_import_key_page_is_complete;
  iface->get_next = iss_import_key_page_get_next;
  iface->enter = iss_import_key_page_enter;
  iface->advance = iss_import_key_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssImportKeyPage, iss_import_key_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_import_key_page_page_init))

static void
give_up (IssImportKeyPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_import_key_page_unmap (GtkWidget *widget)
{
  /* Gone back while a password was tried: its outcome means nothing any more. */
  give_up (ISS_IMPORT_KEY_PAGE (widget));

  GTK_WIDGET_CLASS (iss_import_key_page_parent_class)->unmap (widget);
}

static void
iss_import_key_page_dispose (GObject *object)
{
  IssImportKeyPage *self = ISS_IMPORT_KEY_PAGE (object);

  give_up (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_IMPORT_KEY_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_import_key_page_parent_class)->dispose (object);
}

static void
typed_cb (IssImportKeyPage *self)
{
  say (self, FALSE, "");
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
details_cb (IssImportKeyPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *details = iss_file_details_new (GTK_WINDOW (root), self->plan);

  gtk_window_present (GTK_WINDOW (details));
}

static void
iss_import_key_page_class_init (IssImportKeyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/import-key-page.ui";

  object_class->dispose = iss_import_key_page_dispose;
  widget_class->unmap = iss_import_key_page_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, password_box);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, entry);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, symbol);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, label);
  gtk_widget_class_bind_template_child (widget_class, IssImportKeyPage, exportable_check);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_cb);
}

static void
iss_import_key_page_init (IssImportKeyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_secret_entry_protect (self->entry);
}

/**
 * iss_import_key_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_import_key_page_new (IssImportPlan *plan)
{
  IssImportKeyPage *self;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_IMPORT_KEY_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

const char *
iss_import_key_page_get_text (IssImportKeyPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_KEY_PAGE (self), NULL);

  return gtk_label_get_label (self->label);
}
