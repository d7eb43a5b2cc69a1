/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-key-page.h"

#include <glib/gi18n-lib.h>

#include "ui/wizards/status-line.h"

/**
 * IssExportKeyPage:
 *
 * The first page of the Export wizard. It asks the server first, because only
 * the server knows whether the key may leave it.
 */
struct _IssExportKeyPage
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkLabel       *intro_label;
  GtkWidget      *choices;
  GtkCheckButton *yes_check;
  GtkWidget      *yes_label;
  GtkCheckButton *no_check;
  IssStatusLine  *status;
  GtkWidget      *retry_button;

  /* Owned References */
  IssExportPlan  *plan;
  GCancellable   *cancellable;   /* (nullable): while the server is asked */
};

static char *
iss_export_key_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Export Private Key"));
}

static gboolean
iss_export_key_page_is_complete (IssWizardPage *page)
{
  return iss_export_plan_get_certificate (ISS_EXPORT_KEY_PAGE (page)->plan) != NULL;
}

static const char *
iss_export_key_page_get_next (IssWizardPage *page)
{
  return "format";
}

static gboolean
iss_export_key_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static void
show_loaded (IssExportKeyPage *self)
{
  IssServer *server = iss_export_plan_get_server (self->plan);
  g_autofree char *server_name = iss_server_dup_short_name (server);
  g_autofree char *name = iss_export_plan_dup_name (self->plan);
  g_autofree char *reason = iss_export_plan_dup_key_reason (self->plan);
  g_autofree char *intro = NULL;
  g_autofree char *note = NULL;

  /* Translators: the first is a certificate, the second a server */
  intro = g_strdup_printf (_("%s is exported from %s. Should its private key go along?"), name,
                           server_name);
  gtk_label_set_label (self->intro_label, intro);
  gtk_widget_set_visible (self->choices, TRUE);
  gtk_widget_set_visible (self->retry_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->yes_check), reason == NULL);
  gtk_widget_set_sensitive (self->yes_label, reason == NULL);
  gtk_check_button_set_active (iss_export_plan_has_key (self->plan) ? self->yes_check
                                                                    : self->no_check, TRUE);
  if (reason != NULL)
    /* Translators: %s is a sentence that says why its key cannot be exported */
    note = g_strdup_printf (_("%s Only the certificate can be exported."), reason);
  iss_status_line_say (self->status, ISS_STATUS_NOTE, note != NULL ? note : "");
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssExportKeyPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = iss_export_plan_load_finish (ISS_EXPORT_PLAN (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (ok)
    {
      show_loaded (self);
    }
  else
    {
      iss_status_line_say_error (self->status, error);
      gtk_widget_set_visible (self->retry_button, TRUE);
    }

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
load (IssExportKeyPage *self)
{
  IssServer *server = iss_export_plan_get_server (self->plan);
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *text = g_strdup_printf (_("Asking %s for the certificate…"), name);

  iss_status_line_say (self->status, ISS_STATUS_BUSY, text);
  gtk_widget_set_visible (self->retry_button, FALSE);
  self->cancellable = g_cancellable_new ();
  iss_export_plan_load_async (self->plan, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
iss_export_key_page_enter (IssWizardPage *page)
{
  IssExportKeyPage *self = ISS_EXPORT_KEY_PAGE (page);

  if (self->cancellable == NULL && iss_export_plan_get_certificate (self->plan) == NULL)
    load (self);
}

/* Another answer is another file: with a key all options begin as they are for the pool. */
static gboolean
iss_export_key_page_advance (IssWizardPage *page)
{
  IssExportKeyPage *self = ISS_EXPORT_KEY_PAGE (page);
  IssExportOptions *options = iss_export_plan_get_options (self->plan);
  gboolean wants_key = gtk_check_button_get_active (self->yes_check);

  if (wants_key != iss_export_plan_has_key (self->plan))
    {
      iss_export_options_init (options);
      options->format = wants_key ? ISS_EXPORT_PFX : ISS_EXPORT_DER;
      options->include_chain = wants_key;
    }

  return TRUE;
}

static void
iss_export_key_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_key_page_dup_title;
  iface->is_complete = iss_export_key_page_is_complete;
  iface->get_next = iss_export_key_page_get_next;
  iface->can_go_back = iss_export_key_page_can_go_back;
  iface->enter = iss_export_key_page_enter;
  iface->advance = iss_export_key_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportKeyPage, iss_export_key_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_key_page_page_init))

static void
iss_export_key_page_dispose (GObject *object)
{
  IssExportKeyPage *self = ISS_EXPORT_KEY_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_KEY_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_export_key_page_parent_class)->dispose (object);
}

static void
iss_export_key_page_class_init (IssExportKeyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-key-page.ui";

  object_class->dispose = iss_export_key_page_dispose;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, choices);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, yes_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, yes_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, no_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssExportKeyPage, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, load);
}

static void
iss_export_key_page_init (IssExportKeyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_export_key_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_key_page_new (IssExportPlan *plan)
{
  IssExportKeyPage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_KEY_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

const char *
iss_export_key_page_get_text (IssExportKeyPage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_KEY_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}
