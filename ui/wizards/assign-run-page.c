/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-run-page.h"

#include "ui/wizards/assign-words.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/status-line.h"
#include "ui/wizards/wizard.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignRunPage:
 *
 * The last page of the assignment: what became of it on each server.
 *
 * An agreement is recorded only after the job, for what it decided; then the
 * pool is looked at again, so that every page shows what is true now.
 */
struct _IssAssignRunPage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  GtkLabel        *headline;
  IssJobList      *list;
  GtkLabel        *agreed_label;
  IssStatusLine   *warning;
  GtkWidget       *log_button;
  GtkWidget       *sheet_button;
  IssShellLineBar *shell_line;
  IssShellLineBar *cmdlets;

  /* Owned References */
  IssAssignPlan   *plan;
  GCancellable    *cancellable;

  gboolean         over;
};

static char *
iss_assign_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Executing Commands"));
}

/* Where nothing has changed one can choose again, such as when the certificate was deleted
 * meanwhile. */
static gboolean
iss_assign_run_page_can_go_back (IssWizardPage *page)
{
  IssAssignRunPage *self = ISS_ASSIGN_RUN_PAGE (page);
  IssJob *job = iss_job_list_get_job (self->list);

  return job != NULL && !iss_job_list_is_running (self->list)
         && iss_job_get_n_in_state (job, ISS_JOB_DONE) == 0;
}

static gboolean
iss_assign_run_page_is_working (IssWizardPage *page)
{
  return iss_job_list_is_running (ISS_ASSIGN_RUN_PAGE (page)->list);
}

static void
iss_assign_run_page_stop (IssWizardPage *page)
{
  iss_job_list_stop (ISS_ASSIGN_RUN_PAGE (page)->list);
}

static void
iss_assign_run_page_enter (IssWizardPage *page)
{
  IssAssignRunPage *self = ISS_ASSIGN_RUN_PAGE (page);
  g_autoptr(IssJob) job = iss_assign_plan_make_job (self->plan, FALSE);

  iss_job_list_run (self->list, job);
}

static void
iss_assign_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_assign_run_page_dup_title;
  iface->can_go_back = iss_assign_run_page_can_go_back;
  iface->is_working = iss_assign_run_page_is_working;
  iface->stop = iss_assign_run_page_stop;
  iface->enter = iss_assign_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignRunPage, iss_assign_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_assign_run_page_page_init))

static void
iss_assign_run_page_dispose (GObject *object)
{
  IssAssignRunPage *self = ISS_ASSIGN_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGN_RUN_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_assign_run_page_parent_class)->dispose (object);
}

static void
iss_assign_run_page_finalize (GObject *object)
{
  IssAssignRunPage *self = ISS_ASSIGN_RUN_PAGE (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (iss_assign_run_page_parent_class)->finalize (object);
}

static void
say_agreed (IssAssignRunPage *self,
            const char       *text)
{
  gtk_label_set_label (self->agreed_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->agreed_label), *text != '\0');
}

static void
running_cb (IssAssignRunPage *self)
{
  g_autofree char *types = NULL;
  g_autofree char *text = NULL;

  if (!iss_job_list_is_running (self->list))
    return;

  self->over = FALSE;
  types = iss_assign_plan_dup_types_text (self->plan);
  text = iss_assign_words_dup_running (iss_assign_plan_get_change (self->plan),
                                       iss_assign_plan_get_name (self->plan), types);
  gtk_label_set_label (self->headline, text);
  gtk_widget_set_visible (self->log_button, FALSE);
  gtk_widget_set_visible (self->sheet_button, FALSE);
  say_agreed (self, "");
  iss_status_line_clear (self->warning);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
record (IssAssignRunPage *self,
        IssJob           *job)
{
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  g_autofree char *name = iss_pool_label_dup_short (pool);
  g_autofree char *pool_wide = iss_assign_plan_dup_pool_wide_text (self->plan);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  IssTransitionKind change = iss_assign_plan_get_change (self->plan);
  gboolean agreed = FALSE;

  if (!iss_assign_plan_record (self->plan, job, &agreed, &error))
    text = g_strdup_printf (_("What is agreed could not be recorded: %s."), error->message);
  else if (agreed)
    /* Translators: pool, name of a certificate, certificate type */
    text = g_strdup_printf (_("%s has agreed on %s for %s: presence compares every server "
                              "with it."), name, iss_assign_plan_get_name (self->plan), pool_wide);
  else if (change == ISS_TRANSITION_REMOVE_CURRENT && *pool_wide != '\0')
    /* Translators: %s is a pool */
    text = g_strdup_printf (_("What %s agrees on stays: presence says where it is missing."), name);
  else if (change == ISS_TRANSITION_SET && *pool_wide != '\0')
    /* Translators: %s is a pool */
    text = g_strdup_printf (_("What is agreed stays: this was not done on every server of %s."),
                            name);

  say_agreed (self, text != NULL ? text : "");
}

static void
say_over (IssAssignRunPage *self)
{
  const IssTransitionKind change = iss_assign_plan_get_change (self->plan);
  IssJob *job = iss_job_list_get_job (self->list);

  self->over = TRUE;
  gtk_widget_set_visible (self->sheet_button,
                          iss_job_get_n_in_state (job, ISS_JOB_DONE) > 0 &&
                          (change == ISS_TRANSITION_STAGE || change == ISS_TRANSITION_ARM ||
                           change == ISS_TRANSITION_POSTPONE));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
armed_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssAssignRunPage) self = user_data;
  IssJob *job = ISS_JOB (object);
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  g_autofree char *echo = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) unattended = NULL;

  if (!iss_job_run_finish (job, result, NULL) || self->plan == NULL)
    return;

  record (self, job);
  echo = iss_effective_date_dup_echo (iss_assign_plan_get_date (self->plan));
  unattended = iss_pool_assign_dup_unattended (iss_job_list_get_job (self->list));
  text = iss_assign_words_dup_armed (n_done, n, echo, unattended);
  say_agreed (self, unattended->len == 0 ? text : "");
  iss_status_line_say (self->warning, ISS_STATUS_WARNING, unattended->len > 0 ? text : "");
  say_over (self);
}

/* What is staged on a pool is armed only when every server can verify with it. */
static void
arm (IssAssignRunPage *self)
{
  g_autofree char *obstacle = iss_assign_plan_dup_obstacle (self->plan);
  g_autofree char *text = NULL;
  g_autoptr(IssJob) job = NULL;

  if (obstacle == NULL)
    {
      job = iss_assign_plan_make_arm_job (self->plan);
      iss_job_run_async (job, self->cancellable, armed_cb, g_object_ref (self));
      return;
    }

  /* Translators: %s are servers, and why each is not ready */
  text = g_strdup_printf (_("The roll is held: not armed. %s. Once they are ready, arm it where "
                            "the assignments are."), obstacle);
  say_agreed (self, text);
  say_over (self);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssAssignRunPage) self = user_data;
  IssJob *job;

  if (!iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL) || self->plan == NULL)
    return;

  job = iss_job_list_get_job (self->list);
  if (iss_assign_plan_is_held (self->plan) && iss_job_get_n_in_state (job, ISS_JOB_DONE) > 0)
    arm (self);
  else
    say_over (self);
}

static char *
dup_end (IssAssignRunPage *self,
         guint             n,
         guint             n_done)
{
  IssTransitionKind change = iss_assign_plan_get_change (self->plan);

  if (n_done == 0)
    return g_strdup (iss_assign_words_get_failed (change));

  return iss_assign_words_dup_done (change, n_done, n);
}

/* A server that does not answer at all has no log to show. */
static IssServer *
find_log_server (IssAssignRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  IssServer *found = NULL;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);

      if (!iss_server_is_answering (server))
        continue;

      /* What went wrong is worth more than what went well. */
      if (iss_job_entry_get_state (entry) == ISS_JOB_FAILED)
        return server;
      if (found == NULL)
        found = server;
    }

  return found;
}

static void
ended_cb (IssAssignRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  g_autofree char *text = dup_end (self, n, n_done);
  g_autofree char *line = iss_assign_plan_dup_shell_line (self->plan);
  g_autofree char *cmdlets = iss_assign_plan_dup_cmdlets (self->plan);

  gtk_label_set_label (self->headline, text);
  gtk_widget_set_visible (self->log_button, find_log_server (self) != NULL);
  iss_shell_line_bar_set_line (self->shell_line, line);
  iss_shell_line_bar_set_line (self->cmdlets, cmdlets);
  record (self, job);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));

  iss_pool_look_async (iss_assign_plan_get_pool (self->plan), NULL, self->cancellable, looked_cb,
                       g_object_ref (self));
}

static IssWizard *
get_wizard (IssAssignRunPage *self)
{
  return ISS_WIZARD (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* The log is a page of the console, which the wizard covers. */
static void
log_cb (IssAssignRunPage *self)
{
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  IssServer *server = find_log_server (self);
  g_autofree char *path = NULL;

  if (server == NULL)
    return;

  path = g_strconcat (iss_pool_get_name (pool), "/", iss_server_get_name (server), "/event-log",
                      NULL);
  iss_wizard_hand_over (get_wizard (self), "console.show", g_variant_new_string (path));
}

/* So is what is ready for the roll, and the way back. */
static void
sheet_cb (IssAssignRunPage *self)
{
  iss_wizard_hand_over (get_wizard (self), "assignment.run-sheet",
                        g_variant_new_strv (iss_assign_plan_get_types (self->plan), -1));
}

static void
iss_assign_run_page_class_init (IssAssignRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/assign-run-page.ui";

  object_class->dispose = iss_assign_run_page_dispose;
  object_class->finalize = iss_assign_run_page_finalize;

  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, agreed_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, warning);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, log_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, sheet_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, shell_line);
  gtk_widget_class_bind_template_child (widget_class, IssAssignRunPage, cmdlets);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, log_cb);
  gtk_widget_class_bind_template_callback (widget_class, sheet_cb);
}

static void
iss_assign_run_page_init (IssAssignRunPage *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_shell_line_bar_set_title (self->cmdlets, _("In Skype for Business Server:"));
}

/**
 * iss_assign_run_page_new:
 * @plan: what is to be done
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_assign_run_page_new (IssAssignPlan *plan)
{
  IssAssignRunPage *self;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_RUN_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

const char *
iss_assign_run_page_get_headline (IssAssignRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_RUN_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

const char *
iss_assign_run_page_get_agreed (IssAssignRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_RUN_PAGE (self), NULL);

  if (*iss_status_line_get_text (self->warning) != '\0')
    return iss_status_line_get_text (self->warning);

  return gtk_label_get_label (self->agreed_label);
}

gboolean
iss_assign_run_page_is_over (IssAssignRunPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_RUN_PAGE (self), FALSE);

  return self->over;
}
