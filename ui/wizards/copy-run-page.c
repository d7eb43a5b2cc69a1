/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/copy-run-page.h"

#include "core/pool/replication-warning.h"
#include "ui/window/banner.h"
#include "ui/wizards/shell-line-bar.h"

#include <glib/gi18n-lib.h>

/**
 * IssCopyRunPage:
 *
 * The last page of “Copy to servers”.
 *
 * When the job is over the pool is looked at again, so that the warning rests
 * on what was seen after it and not on what was meant to happen.
 */
struct _IssCopyRunPage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  GtkLabel        *headline;
  IssJobList      *list;
  IssBanner       *banner;
  IssShellLineBar *shell_line;

  /* Owned References */
  IssCopyPlan     *plan;
  GCancellable    *cancellable;

  gboolean         over;
};

static IssCertificate *
get_certificate (IssCopyRunPage *self)
{
  return iss_export_plan_get_certificate (iss_copy_plan_get_source (self->plan));
}

static char *
iss_copy_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Copying"));
}

static gboolean
iss_copy_run_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static gboolean
iss_copy_run_page_is_working (IssWizardPage *page)
{
  return iss_job_list_is_running (ISS_COPY_RUN_PAGE (page)->list);
}

static void
iss_copy_run_page_stop (IssWizardPage *page)
{
  iss_job_list_stop (ISS_COPY_RUN_PAGE (page)->list);
}

static void
iss_copy_run_page_enter (IssWizardPage *page)
{
  IssCopyRunPage *self = ISS_COPY_RUN_PAGE (page);
  g_autoptr(IssJob) job = iss_copy_plan_make_job (self->plan);

  iss_job_list_run (self->list, job);
}

static void
iss_copy_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_copy_run_page_dup_title;
  iface->can_go_back = iss_copy_run_page_can_go_back;
  iface->is_working = iss_copy_run_page_is_working;
  iface->stop = iss_copy_run_page_stop;
  iface->enter = iss_copy_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssCopyRunPage, iss_copy_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_copy_run_page_page_init))

static void
iss_copy_run_page_dispose (GObject *object)
{
  IssCopyRunPage *self = ISS_COPY_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_COPY_RUN_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_copy_run_page_parent_class)->dispose (object);
}

static void
iss_copy_run_page_finalize (GObject *object)
{
  IssCopyRunPage *self = ISS_COPY_RUN_PAGE (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (iss_copy_run_page_parent_class)->finalize (object);
}

static void
running_cb (IssCopyRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  g_autofree char *text = NULL;
  IssCertificate *certificate = get_certificate (self);

  if (!iss_job_list_is_running (self->list))
    return;

  self->over = FALSE;
  /* Translators: %s is a certificate's name */
  text = g_strdup_printf (ngettext ("Copying %s to %u server…", "Copying %s to %u servers…", n),
                          iss_certificate_get_issued_to (certificate), n);
  gtk_label_set_label (self->headline, text);
  iss_banner_clear (self->banner);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
update_warning (IssCopyRunPage *self)
{
  IssPool *pool = iss_export_plan_get_pool (iss_copy_plan_get_source (self->plan));
  IssCertificate *certificate = get_certificate (self);
  const guint8 *sha256 = g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL);
  const guint8 *sha1 = g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssReplicationWarning) warning = NULL;
  gint64 now = iss_clock_now (iss_pool_get_clock (pool));

  if (iss_copy_plan_get_for_pool (self->plan))
    warning = iss_replication_warning_new_for (pool, sha256, sha1,
                                               iss_certificate_get_issued_to (certificate),
                                               none, now, zone);

  if (warning != NULL)
    iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, warning->rest);
  else
    iss_banner_clear (self->banner);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssCopyRunPage) self = user_data;

  if (!iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL) || self->plan == NULL)
    return;

  update_warning (self);
  self->over = TRUE;
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
ended_cb (IssCopyRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  IssCertificate *certificate = get_certificate (self);
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *text = NULL;
  g_autofree char *line = iss_copy_plan_dup_shell_line (self->plan);

  if (n_done > 0)
    /* Translators: on %u servers of those that were asked */
    text = g_strdup_printf (ngettext ("Copied to %u of %u server.",
                                      "Copied to %u of %u servers.", n), n_done, n);
  else
    text = g_strdup (_("Copied to no server. Nothing has changed."));

  gtk_label_set_label (self->headline, text);
  iss_shell_line_bar_set_line (self->shell_line, line);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));

  g_ptr_array_add (asked, g_bytes_ref (iss_certificate_get_sha256 (certificate)));
  iss_pool_look_async (iss_export_plan_get_pool (iss_copy_plan_get_source (self->plan)), asked,
                       self->cancellable, looked_cb, g_object_ref (self));
}

static void
iss_copy_run_page_class_init (IssCopyRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/copy-run-page.ui";

  object_class->dispose = iss_copy_run_page_dispose;
  object_class->finalize = iss_copy_run_page_finalize;

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssCopyRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssCopyRunPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssCopyRunPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssCopyRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, IssCopyRunPage, shell_line);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
}

static void
iss_copy_run_page_init (IssCopyRunPage *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_copy_run_page_new:
 * @plan: what is to be done
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_copy_run_page_new (IssCopyPlan *plan)
{
  IssCopyRunPage *self;

  g_return_val_if_fail (ISS_IS_COPY_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_COPY_RUN_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

IssJobList *
iss_copy_run_page_get_list (IssCopyRunPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_RUN_PAGE (self), NULL);

  return self->list;
}

const char *
iss_copy_run_page_get_headline (IssCopyRunPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_RUN_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

const char *
iss_copy_run_page_get_warning (IssCopyRunPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_RUN_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}

gboolean
iss_copy_run_page_is_over (IssCopyRunPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_RUN_PAGE (self), FALSE);

  return self->over;
}
