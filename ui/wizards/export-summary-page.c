/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-summary-page.h"

#include <glib/gi18n-lib.h>

/**
 * IssExportSummaryPage:
 *
 * Says what will be done; only confirms.
 */
struct _IssExportSummaryPage
{
  GtkWidget      parent_instance;

  /* Template Widgets */
  GtkWidget     *root;
  GtkLabel      *certificate_label;
  GtkLabel      *server_label;
  GtkLabel      *file_label;
  GtkLabel      *keys_label;
  GtkLabel      *chain_label;
  GtkLabel      *format_label;
  GtkLabel      *encryption_label;
  GtkWidget     *delete_box;

  /* Owned References */
  IssExportPlan *plan;
};

static char *
iss_export_summary_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Completing the Certificate Export Wizard"));
}

static const char *
iss_export_summary_page_get_next (IssWizardPage *page)
{
  return "run";
}

static const char *
iss_export_summary_page_get_next_label (IssWizardPage *page)
{
  IssExportSummaryPage *self = ISS_EXPORT_SUMMARY_PAGE (page);

  return iss_export_plan_get_options (self->plan)->delete_key ? _("_Export and delete the key")
                                                              : _("_Export");
}

static void
iss_export_summary_page_enter (IssWizardPage *page)
{
  IssExportSummaryPage *self = ISS_EXPORT_SUMMARY_PAGE (page);
  const IssExportOptions *options = iss_export_plan_get_options (self->plan);
  gboolean has_key = iss_export_plan_has_key (self->plan);
  g_autofree char *name = iss_export_plan_dup_name (self->plan);
  GFile *file = iss_export_plan_get_file (self->plan);
  g_autofree char *path = g_file_get_parse_name (file);

  gtk_label_set_label (self->certificate_label, name);
  gtk_label_set_label (self->server_label,
                       iss_server_get_name (iss_export_plan_get_server (self->plan)));
  gtk_label_set_label (self->file_label, path);
  gtk_label_set_label (self->keys_label, has_key ? _("Yes") : _("No"));
  gtk_label_set_label (self->chain_label, options->include_chain ? _("Yes") : _("No"));
  gtk_label_set_label (self->format_label, iss_export_options_format_label (options->format));
  gtk_label_set_label (self->encryption_label,
                       !has_key ? _("none: there is no secret in it")
                       : options->profile == ISS_PFX_PROFILE_AES256_SHA256
                         ? _("AES256-SHA256, with the password") :
                           _("TripleDES-SHA1, with the password"));
  gtk_widget_set_visible (self->delete_box, options->delete_key);
}

static void
iss_export_summary_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_summary_page_dup_title;
  iface->get_next = iss_export_summary_page_get_next;
  iface->get_next_label = iss_export_summary_page_get_next_label;
  iface->enter = iss_export_summary_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportSummaryPage, iss_export_summary_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_summary_page_page_init))

static void
iss_export_summary_page_dispose (GObject *object)
{
  IssExportSummaryPage *self = ISS_EXPORT_SUMMARY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_SUMMARY_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_export_summary_page_parent_class)->dispose (object);
}

static void
iss_export_summary_page_class_init (IssExportSummaryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-summary-page.ui";

  object_class->dispose = iss_export_summary_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, certificate_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, server_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, file_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, keys_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, chain_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, format_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, encryption_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSummaryPage, delete_box);
}

static void
iss_export_summary_page_init (IssExportSummaryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_export_summary_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_summary_page_new (IssExportPlan *plan)
{
  IssExportSummaryPage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_SUMMARY_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}
