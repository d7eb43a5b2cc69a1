/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/enroll-run-page.h"

#include <glib/gi18n-lib.h>

#include "core/central/pool-enroll.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/wizards/enroll-doubt.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/status-line.h"

/**
 * IssEnrollRunPage:
 *
 * The last page of “Enroll Servers”, or what has to be done before something else.
 */
struct _IssEnrollRunPage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  GtkLabel        *headline;
  IssJobList      *list;
  IssStatusLine   *status;
  IssShellLineBar *shell_line;

  /* Owned References */
  IssEnrollPlan   *plan;
  GCancellable    *completing;   /* (nullable): of the packages that are made afterwards */

  gboolean         over;
  gboolean         failed;   /* on every server */
};

static char *
iss_enroll_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Enrolling"));
}

static gboolean
iss_enroll_run_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static gboolean
iss_enroll_run_page_is_working (IssWizardPage *page)
{
  IssEnrollRunPage *self = ISS_ENROLL_RUN_PAGE (page);

  return iss_job_list_is_running (self->list) || self->completing != NULL;
}

/* Something else is done for those that are enrolled, now or before. */
static gboolean
iss_enroll_run_page_is_complete (IssWizardPage *page)
{
  IssEnrollRunPage *self = ISS_ENROLL_RUN_PAGE (page);

  if (iss_enroll_plan_get_then (self->plan) == NULL || self->over)
    return TRUE;

  return self->failed && iss_enroll_plan_has_enrolled (self->plan);
}

static const char *
iss_enroll_run_page_get_next (IssWizardPage *page)
{
  return iss_enroll_plan_get_then (ISS_ENROLL_RUN_PAGE (page)->plan);
}

static const char *
iss_enroll_run_page_get_next_label (IssWizardPage *page)
{
  return iss_enroll_plan_get_then_label (ISS_ENROLL_RUN_PAGE (page)->plan);
}

static void
iss_enroll_run_page_stop (IssWizardPage *page)
{
  IssEnrollRunPage *self = ISS_ENROLL_RUN_PAGE (page);

  if (self->completing != NULL)
    g_cancellable_cancel (self->completing);
  else
    iss_job_list_stop (self->list);
}

static void
iss_enroll_run_page_enter (IssWizardPage *page)
{
  IssEnrollRunPage *self = ISS_ENROLL_RUN_PAGE (page);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssJob) job = NULL;

  /* Back from what comes next: it was done. */
  if (iss_job_list_get_job (self->list) != NULL)
    return;

  job = iss_enroll_plan_make_job (self->plan, &error);
  if (job != NULL)
    {
      iss_job_list_run (self->list, job);
      return;
    }

  self->failed = TRUE;
  gtk_label_set_label (self->headline, _("Nothing was done."));
  iss_status_line_say_error (self->status, error);
}

static void
iss_enroll_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_enroll_run_page_dup_title;
  iface->is_complete = iss_enroll_run_page_is_complete;
  iface->get_next = iss_enroll_run_page_get_next;
  iface->get_next_label = iss_enroll_run_page_get_next_label;
  iface->can_go_back = iss_enroll_run_page_can_go_back;
  iface->is_working = iss_enroll_run_page_is_working;
  iface->stop = iss_enroll_run_page_stop;
  iface->enter = iss_enroll_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssEnrollRunPage, iss_enroll_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_enroll_run_page_page_init))

static void
give_up (IssEnrollRunPage *self)
{
  if (self->completing != NULL)
    g_cancellable_cancel (self->completing);
  g_clear_object (&self->completing);
}

static void
iss_enroll_run_page_dispose (GObject *object)
{
  IssEnrollRunPage *self = ISS_ENROLL_RUN_PAGE (object);

  give_up (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ENROLL_RUN_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_enroll_run_page_parent_class)->dispose (object);
}

static void
running_cb (IssEnrollRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_in_state (job, ISS_JOB_WAITING) +
            iss_job_get_n_in_state (job, ISS_JOB_RUNNING);
  g_autofree char *text = NULL;

  if (!iss_job_list_is_running (self->list))
    return;

  give_up (self);
  self->over = FALSE;
  self->failed = FALSE;
  text = g_strdup_printf (ngettext ("Enrolling %u server…", "Enrolling %u servers…", n), n);
  gtk_label_set_label (self->headline, text);
  iss_status_line_clear (self->status);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
completed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(IssEnrollRunPage) self = user_data;
  g_autoptr(GError) error = NULL;
  const gboolean is_done = iss_enroll_plan_complete_finish (ISS_ENROLL_PLAN (object), result,
                                                            &error);

  /* Servers are tried again, or the page went. */
  if (g_task_get_cancellable (G_TASK (result)) != self->completing)
    return;

  g_clear_object (&self->completing);
  if (is_done)
    iss_status_line_clear (self->status);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    iss_status_line_say (self->status, ISS_STATUS_WARNING,
                         _("Stopped: packages of what is assigned globally may be missing for "
                           "these servers. Enroll them again to make the rest."));
  else
    iss_status_line_say_error (self->status, error);
  self->over = TRUE;
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
ended_cb (IssEnrollRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  g_autofree char *text = NULL;
  g_autofree char *line = iss_enroll_plan_dup_shell_line (self->plan);

  if (n_done > 0)
    /* Translators: of %u servers that were asked */
    text = g_strdup_printf (ngettext ("%u of %u server is enrolled.",
                                      "%u of %u servers are enrolled.", n), n_done, n);
  else
    text = g_strdup (_("No server was enrolled."));

  gtk_label_set_label (self->headline, text);
  iss_shell_line_bar_set_line (self->shell_line, line);
  self->failed = n_done == 0;
  if (n_done > 0)
    {
      iss_status_line_say (self->status, ISS_STATUS_BUSY,
                           _("Making packages of what is assigned globally…"));
      self->completing = g_cancellable_new ();
      iss_enroll_plan_complete_async (self->plan, self->completing, completed_cb,
                                      g_object_ref (self));
    }
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

/* What was asked about, and about whom. Everything owned. */
typedef struct
{
  IssEnrollRunPage *page;
  IssJobEntry      *entry;
  char             *host_key;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->page);
  g_object_unref (self->entry);
  g_free (self->host_key);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  IssEnrollRunPage *self = question->page;

  /* Or the page went, or it is tried again already. */
  if (!iss_confirm_dialog_ask_finish (result) || self->plan == NULL ||
      iss_job_list_is_running (self->list))
    return;

  iss_pool_enroll_accept (iss_job_list_get_job (self->list),
                          iss_job_entry_get_server (question->entry), question->host_key);
  iss_job_list_retry_entry (self->list, question->entry);
}

static void
confirm_cb (IssEnrollRunPage *self,
            IssJobEntry      *entry)
{
  IssServer *server = iss_job_entry_get_server (entry);
  const IssEnrolmentDoubt *doubt = iss_pool_enroll_get_doubt (iss_job_list_get_job (self->list),
                                                              server);
  Question *question;

  if (doubt == NULL)
    return;

  question = g_new0 (Question, 1);
  question->page = g_object_ref (self);
  question->entry = g_object_ref (entry);
  question->host_key = g_strdup (doubt->host_key);
  iss_enroll_doubt_ask_async (GTK_WIDGET (self), server, doubt, answered_cb, question);
}

static void
iss_enroll_run_page_class_init (IssEnrollRunPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/enroll-run-page.ui";

  G_OBJECT_CLASS (klass)->dispose = iss_enroll_run_page_dispose;

  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollRunPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollRunPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollRunPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollRunPage, shell_line);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
}

static void
iss_enroll_run_page_init (IssEnrollRunPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_job_list_set_confirm_label (self->list, _("_Confirm Host Key…"));
}

/**
 * iss_enroll_run_page_new:
 * @plan: what is to be done
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_enroll_run_page_new (IssEnrollPlan *plan)
{
  IssEnrollRunPage *self;

  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ENROLL_RUN_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

/**
 * iss_enroll_run_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): what became of each server
 */
IssJobList *
iss_enroll_run_page_get_list (IssEnrollRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_RUN_PAGE (self), NULL);

  return self->list;
}

/**
 * iss_enroll_run_page_get_headline:
 * @self: a page
 *
 * Returns: (transfer none): what is or was done
 */
const char *
iss_enroll_run_page_get_headline (IssEnrollRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_RUN_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

/**
 * iss_enroll_run_page_get_text:
 * @self: a page
 *
 * Returns: (transfer none): what went wrong afterwards; "" = nothing
 */
const char *
iss_enroll_run_page_get_text (IssEnrollRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_RUN_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}

/**
 * iss_enroll_run_page_is_over:
 * @self: a page
 *
 * Returns: whether packages were made for those that were enrolled, too
 */
gboolean
iss_enroll_run_page_is_over (IssEnrollRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_RUN_PAGE (self), FALSE);

  return self->over;
}
