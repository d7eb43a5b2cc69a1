/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-format-page.h"

#include <glib/gi18n-lib.h>

/**
 * IssExportFormatPage:
 *
 * All formats are shown, as in the snap-in, and those that the answer
 * before rules out are grey.
 */
struct _IssExportFormatPage
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkCheckButton *der_check;
  GtkCheckButton *pem_check;
  GtkCheckButton *p7b_check;
  GtkCheckButton *p7b_chain_check;
  GtkCheckButton *sst_check;
  GtkCheckButton *pfx_check;
  GtkWidget      *pfx_box;
  GtkCheckButton *chain_check;
  GtkCheckButton *delete_check;
  GtkLabel       *delete_label;
  GtkCheckButton *properties_check;
  GtkCheckButton *privacy_check;

  /* Owned References */
  IssExportPlan  *plan;

  gboolean        showing;   /* what the plan says: not the person */
};

static char *
iss_export_format_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Export File Format"));
}

static const char *
iss_export_format_page_get_next (IssWizardPage *page)
{
  return iss_export_plan_has_key (ISS_EXPORT_FORMAT_PAGE (page)->plan) ? "security" : "file";
}

static void
update_sensitive (IssExportFormatPage *self)
{
  gboolean has_key = iss_export_plan_has_key (self->plan);
  g_autofree char *reason = iss_export_plan_dup_delete_reason (self->plan);

  gtk_widget_set_sensitive (GTK_WIDGET (self->der_check), !has_key);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pem_check), !has_key);
  gtk_widget_set_sensitive (GTK_WIDGET (self->p7b_check), !has_key);
  gtk_widget_set_sensitive (GTK_WIDGET (self->p7b_chain_check),
                            gtk_check_button_get_active (self->p7b_check));
  gtk_widget_set_sensitive (GTK_WIDGET (self->sst_check), !has_key);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pfx_check), has_key);
  gtk_widget_set_sensitive (self->pfx_box, has_key);
  gtk_widget_set_sensitive (GTK_WIDGET (self->delete_check), reason == NULL);
}

static void
iss_export_format_page_enter (IssWizardPage *page)
{
  IssExportFormatPage *self = ISS_EXPORT_FORMAT_PAGE (page);
  const IssExportOptions *options = iss_export_plan_get_options (self->plan);
  GtkCheckButton *checks[] = { self->pfx_check, self->der_check, self->pem_check,
                               self->p7b_check, self->sst_check };
  g_autofree char *reason = iss_export_plan_dup_delete_reason (self->plan);

  self->showing = TRUE;
  gtk_check_button_set_active (checks[options->format], TRUE);
  gtk_check_button_set_active (self->p7b_chain_check,
                               options->format == ISS_EXPORT_P7B && options->include_chain);
  gtk_check_button_set_active (self->chain_check, options->include_chain);
  gtk_check_button_set_active (self->delete_check, options->delete_key);
  gtk_check_button_set_active (self->properties_check, options->properties);
  gtk_check_button_set_active (self->privacy_check, options->privacy);
  gtk_label_set_label (self->delete_label,
                       reason != NULL ? reason
                                      : _("Every server of a pool needs this key: only for one "
                                          "that is to leave this server for good. It is deleted "
                                          "when the file is safely written."));
  self->showing = FALSE;
  update_sensitive (self);
}

static void
toggled_cb (IssExportFormatPage *self)
{
  IssExportOptions *options;

  if (self->showing || self->plan == NULL)
    return;

  options = iss_export_plan_get_options (self->plan);
  if (!iss_export_plan_has_key (self->plan))
    options->format = gtk_check_button_get_active (self->p7b_check) ? ISS_EXPORT_P7B
                      : gtk_check_button_get_active (self->sst_check) ? ISS_EXPORT_SST
                      : gtk_check_button_get_active (self->pem_check) ? ISS_EXPORT_PEM
                                                                      : ISS_EXPORT_DER;

  if (iss_export_plan_has_key (self->plan))
    options->include_chain = gtk_check_button_get_active (self->chain_check);
  else
    options->include_chain = options->format == ISS_EXPORT_P7B &&
                             gtk_check_button_get_active (self->p7b_chain_check);

  options->delete_key = iss_export_plan_has_key (self->plan) &&
                        gtk_check_button_get_active (self->delete_check);
  options->properties = gtk_check_button_get_active (self->properties_check);
  options->privacy = gtk_check_button_get_active (self->privacy_check);
  update_sensitive (self);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_export_format_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_format_page_dup_title;
  iface->get_next = iss_export_format_page_get_next;
  iface->enter = iss_export_format_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportFormatPage, iss_export_format_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_format_page_page_init))

static void
iss_export_format_page_dispose (GObject *object)
{
  IssExportFormatPage *self = ISS_EXPORT_FORMAT_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_FORMAT_PAGE);

  G_OBJECT_CLASS (iss_export_format_page_parent_class)->dispose (object);
}

static void
iss_export_format_page_class_init (IssExportFormatPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-format-page.ui";

  object_class->dispose = iss_export_format_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, der_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, pem_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, p7b_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, p7b_chain_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, sst_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, pfx_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, pfx_box);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, chain_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, delete_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, delete_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, properties_check);
  gtk_widget_class_bind_template_child (widget_class, IssExportFormatPage, privacy_check);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
iss_export_format_page_init (IssExportFormatPage *self)
{
  const struct
  {
    GtkCheckButton  **check;
    IssExportFormat   format;
  } checks[] =
  {
    { &self->der_check, ISS_EXPORT_DER },
    { &self->pem_check, ISS_EXPORT_PEM },
    { &self->p7b_check, ISS_EXPORT_P7B },
    { &self->sst_check, ISS_EXPORT_SST },
    { &self->pfx_check, ISS_EXPORT_PFX },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    gtk_check_button_set_label (*checks[i].check,
                                iss_export_options_format_label (checks[i].format));
}

/**
 * iss_export_format_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_format_page_new (IssExportPlan *plan)
{
  IssExportFormatPage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_FORMAT_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}
