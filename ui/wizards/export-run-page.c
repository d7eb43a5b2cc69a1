/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/export-run-page.h"

#include <glib/gi18n-lib.h>

#include "core/pool/replication-warning.h"
#include "ui/window/banner.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/status-line.h"

/**
 * IssExportRunPage:
 *
 * The last page of the Export wizard.
 *
 * Afterwards the pool is looked at, so that the page can say which servers do
 * not have the certificate yet.
 */
struct _IssExportRunPage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  IssStatusLine   *status;
  GtkLabel        *note_label;
  GtkLabel        *next_label;
  IssBanner       *banner;
  IssShellLineBar *shell_line;
  GtkWidget       *retry_button;
  GtkWidget       *import_button;

  /* Owned References */
  IssExportPlan   *plan;
  GCancellable    *cancellable;   /* (nullable): while it runs */
  GCancellable    *looking;

  gboolean         done;
  gboolean         over;
};

enum
{
  IMPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
iss_export_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Exporting"));
}

/* After a failure another file may be chosen. */
static gboolean
iss_export_run_page_can_go_back (IssWizardPage *page)
{
  IssExportRunPage *self = ISS_EXPORT_RUN_PAGE (page);

  return self->cancellable == NULL && !self->done;
}

/* Nothing is finished after a failure. */
static const char *
iss_export_run_page_get_next_label (IssWizardPage *page)
{
  return iss_export_run_page_can_go_back (page) ? _("_Close") : NULL;
}

static gboolean
iss_export_run_page_is_working (IssWizardPage *page)
{
  return ISS_EXPORT_RUN_PAGE (page)->cancellable != NULL;
}

static void
iss_export_run_page_stop (IssWizardPage *page)
{
  IssExportRunPage *self = ISS_EXPORT_RUN_PAGE (page);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
set_note (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

static void
update_warning (IssExportRunPage *self)
{
  IssPool *pool = iss_export_plan_get_pool (self->plan);
  IssCertificate *certificate = iss_export_plan_get_certificate (self->plan);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssReplicationWarning) warning =
    iss_replication_warning_new_for (pool,
                                     g_bytes_get_data (iss_certificate_get_sha256 (certificate),
                                                       NULL),
                                     g_bytes_get_data (iss_certificate_get_sha1 (certificate),
                                                       NULL),
                                     iss_certificate_get_issued_to (certificate), none,
                                     iss_clock_now (iss_pool_get_clock (pool)), zone);

  if (warning != NULL)
    iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, warning->rest);
  gtk_widget_set_visible (self->import_button, warning != NULL);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssExportRunPage) self = user_data;

  if (!iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL) || self->plan == NULL)
    return;

  update_warning (self);
  self->over = TRUE;
}

/* Who else needs it: only what a key went along with is meant for other servers. */
static void
look (IssExportRunPage *self)
{
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  IssCertificate *certificate = iss_export_plan_get_certificate (self->plan);

  if (!iss_export_plan_has_key (self->plan))
    {
      self->over = TRUE;
      return;
    }

  g_ptr_array_add (asked, g_bytes_ref (iss_certificate_get_sha256 (certificate)));
  iss_pool_look_async (iss_export_plan_get_pool (self->plan), asked, self->looking, looked_cb,
                       g_object_ref (self));
}

static void
show_done (IssExportRunPage     *self,
           IssPoolExportOutcome *outcome)
{
  GFile *file = iss_export_plan_get_file (self->plan);
  g_autofree char *path = g_file_get_parse_name (file);
  g_autofree char *line = iss_export_plan_dup_shell_line (self->plan);
  g_autofree char *headline = NULL;
  g_autofree char *note = NULL;

  headline = g_strdup_printf (ngettext ("The export was successful: %s holds %u certificate.",
                                        "The export was successful: %s holds %u certificates.",
                                        outcome->n_certificates),
                              path, outcome->n_certificates);
  iss_status_line_say (self->status, ISS_STATUS_SUCCESS, headline);

  if (outcome->delete_error != NULL)
    note = g_strdup_printf (_("The private key was not deleted: %s."),
                            outcome->delete_error->message);
  else if (outcome->key_deleted)
    note = g_strdup (_("The private key was deleted from the server: the file is all that is "
                       "left of it there."));
  else if (outcome->note != NULL)
    note = g_strdup_printf (_("The certification path is not what it should be: %s."),
                            outcome->note);

  set_note (self->note_label, note != NULL ? note : "");
  set_note (self->next_label,
            iss_export_plan_has_key (self->plan)
              ? _("Whoever has the file and its password has the key. Delete it when every "
                  "server has imported it.") : "");
  iss_shell_line_bar_set_line (self->shell_line, line);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssExportRunPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPoolExportOutcome) outcome =
    iss_export_plan_run_finish (ISS_EXPORT_PLAN (object), result, &error);

  if (self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);
  self->done = outcome != NULL;
  gtk_widget_set_visible (self->retry_button, !self->done);

  if (self->done)
    {
      show_done (self, outcome);
      look (self);
    }
  else
    {
      self->over = TRUE;
      set_note (self->note_label, _("No file was written."));
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        iss_status_line_say (self->status, ISS_STATUS_NOTE, _("Stopped."));
      else
        iss_status_line_say_error (self->status, error);
    }

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
start (IssExportRunPage *self)
{
  IssServer *server = iss_export_plan_get_server (self->plan);
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *text = g_strdup_printf (_("%s is making the file…"), name);

  self->over = FALSE;
  self->done = FALSE;
  self->cancellable = g_cancellable_new ();
  iss_status_line_say (self->status, ISS_STATUS_BUSY, text);
  set_note (self->note_label, "");
  set_note (self->next_label, "");
  iss_banner_clear (self->banner);
  iss_shell_line_bar_set_line (self->shell_line, "");
  gtk_widget_set_visible (self->retry_button, FALSE);
  gtk_widget_set_visible (self->import_button, FALSE);
  iss_export_plan_run_async (self->plan, self->cancellable, run_cb, g_object_ref (self));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_export_run_page_enter (IssWizardPage *page)
{
  start (ISS_EXPORT_RUN_PAGE (page));
}

static void
iss_export_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_export_run_page_dup_title;
  iface->get_next_label = iss_export_run_page_get_next_label;
  iface->can_go_back = iss_export_run_page_can_go_back;
  iface->is_working = iss_export_run_page_is_working;
  iface->stop = iss_export_run_page_stop;
  iface->enter = iss_export_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssExportRunPage, iss_export_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_export_run_page_page_init))

static void
iss_export_run_page_dispose (GObject *object)
{
  IssExportRunPage *self = ISS_EXPORT_RUN_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->looking);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EXPORT_RUN_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_export_run_page_parent_class)->dispose (object);
}

static void
import_cb (IssExportRunPage *self)
{
  g_signal_emit (self, signals[IMPORT], 0);
}

static void
iss_export_run_page_class_init (IssExportRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/export-run-page.ui";

  object_class->dispose = iss_export_run_page_dispose;

  /**
   * IssExportRunPage::import:
   *
   * The file is to be imported on other servers now.
   */
  signals[IMPORT] =
    g_signal_new ("import", ISS_TYPE_EXPORT_RUN_PAGE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, next_label);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, shell_line);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, IssExportRunPage, import_button);
  gtk_widget_class_bind_template_callback (widget_class, start);
  gtk_widget_class_bind_template_callback (widget_class, import_cb);
}

static void
iss_export_run_page_init (IssExportRunPage *self)
{
  self->looking = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_export_run_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_export_run_page_new (IssExportPlan *plan)
{
  IssExportRunPage *self;

  g_return_val_if_fail (ISS_IS_EXPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_EXPORT_RUN_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

gboolean
iss_export_run_page_is_over (IssExportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_RUN_PAGE (self), FALSE);

  return self->over;
}

const char *
iss_export_run_page_get_headline (IssExportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_RUN_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}

const char *
iss_export_run_page_get_warning (IssExportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_EXPORT_RUN_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}
