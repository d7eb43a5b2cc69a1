/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-security-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/password-strength.h"
#include "ui/dialogs/secret-entry.h"
#include "ui/wizards/status-line.h"

/**
 * IssExportSecurityPage:
 *
 * A new password, typed twice, with a hint how good it is.
 *
 * What was typed goes from the entries when the page is left, and is kept in
 * secure memory only.
 */
struct _IssExportSecurityPage
{
  GtkWidget         parent_instance;

  /* Template Widgets */
  GtkWidget        *root;
  GtkPasswordEntry *entry;
  GtkPasswordEntry *again_entry;
  GtkLabel         *strength_label;
  GtkDropDown      *encryption;
  GtkLabel         *readers_label;
  IssStatusLine    *status;

  /* Owned References */
  IssExportPlan    *plan;
};

static char *
iss_export_security_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Security"));
}

/* Once known, nothing needs to be typed again. */
static gboolean
is_kept (IssExportSecurityPage *self)
{
  return iss_export_plan_get_password (self->plan) != NULL &&
         iss_secret_entry_is_empty (self->entry) &&
         iss_secret_entry_is_empty (self->again_entry);
}

static gboolean
is_same (IssExportSecurityPage *self)
{
  g_autoptr(IssSecret) typed = iss_secret_entry_dup_secret (self->entry);
  g_autoptr(IssSecret) again = iss_secret_entry_dup_secret (self->again_entry);

  return iss_secret_equal (typed, again);
}

static gboolean
iss_export_security_page_is_complete (IssWizardPage *page)
{
  IssExportSecurityPage *self = ISS_EXPORT_SECURITY_PAGE (page);

  return is_kept (self) || (!iss_secret_entry_is_empty (self->entry) && is_same (self));
}

static const char *
iss_export_security_page_get_next (IssWizardPage *page)
{
  return "file";
}

static void
show_readers (IssExportSecurityPage *self)
{
  const IssExportOptions *options = iss_export_plan_get_options (self->plan);

  gtk_label_set_label (self->readers_label, iss_export_options_profile_readers (options->profile));
}

static void
iss_export_security_page_enter (IssWizardPage *page)
{
  IssExportSecurityPage *self = ISS_EXPORT_SECURITY_PAGE (page);
  const IssExportOptions *options = iss_export_plan_get_options (self->plan);
  const char *hint = iss_export_plan_get_password (self->plan) != NULL ? _("as typed before")
                                                                       : NULL;

  g_object_set (self->entry, "placeholder-text", hint, NULL);
  g_object_set (self->again_entry, "placeholder-text", hint, NULL);
  gtk_drop_down_set_selected (self->encryption, options->profile);
  show_readers (self);
}

static gboolean
iss_export_security_page_advance (IssWizardPage *page)
{
  IssExportSecurityPage *self = ISS_EXPORT_SECURITY_PAGE (page);
  g_autoptr(IssSecret) password = NULL;

  if (is_kept (self))
    return TRUE;

  password = iss_secret_entry_dup_secret (self->entry);
  iss_export_plan_set_password (self->plan, password);
  iss_secret_entry_clear (self->entry);
  iss_secret_entry_clear (self->again_entry);
  return TRUE;
}

static void
iss_export_security_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_security_page_dup_title;
  iface->is_complete = iss_export_security_page_is_complete;
  iface->get_next = iss_export_security_page_get_next;
  iface->enter = iss_export_security_page_enter;
  iface->advance = iss_export_security_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportSecurityPage, iss_export_security_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_security_page_page_init))

static void
iss_export_security_page_dispose (GObject *object)
{
  IssExportSecurityPage *self = ISS_EXPORT_SECURITY_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_SECURITY_PAGE);

  G_OBJECT_CLASS (iss_export_security_page_parent_class)->dispose (object);
}

/* Whether the second one can still become the same. */
static gboolean
is_beginning (IssSecret *password,
              IssSecret *again)
{
  gsize size = iss_secret_get_size (again);

  return size <= iss_secret_get_size (password) &&
         memcmp (iss_secret_get_data (password, NULL), iss_secret_get_data (again, NULL),
                 size) == 0;
}

static void
typed_cb (IssExportSecurityPage *self)
{
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(IssSecret) again = NULL;
  IssPasswordStrength strength;

  if (self->plan == NULL)
    return;

  password = iss_secret_entry_dup_secret (self->entry);
  again = iss_secret_entry_dup_secret (self->again_entry);
  strength = iss_password_strength_judge (password);
  gtk_label_set_label (self->strength_label, iss_password_strength_to_text (strength));

  if (!is_beginning (password, again))
    iss_status_line_say (self->status, ISS_STATUS_ERROR, _("The two passwords are not the same."));
  else
    iss_status_line_clear (self->status);

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
encryption_cb (IssExportSecurityPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->encryption);

  if (self->plan == NULL || selected > ISS_PFX_PROFILE_TRIPLEDES_SHA1)
    return;

  iss_export_plan_get_options (self->plan)->profile = (IssPfxProfile) selected;
  show_readers (self);
}

static void
iss_export_security_page_class_init (IssExportSecurityPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-security-page.ui";

  object_class->dispose = iss_export_security_page_dispose;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, entry);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, again_entry);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, strength_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, encryption);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, readers_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportSecurityPage, status);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, encryption_cb);
}

static void
iss_export_security_page_init (IssExportSecurityPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_secret_entry_protect (self->entry);
  iss_secret_entry_protect (self->again_entry);
}

/**
 * iss_export_security_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_security_page_new (IssExportPlan *plan)
{
  IssExportSecurityPage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_SECURITY_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

const char *
iss_export_security_page_get_text (IssExportSecurityPage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_SECURITY_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}
