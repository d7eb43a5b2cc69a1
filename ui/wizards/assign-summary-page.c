/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-summary-page.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/wizards/assign-order.h"
#include "ui/wizards/assign-words.h"
#include "ui/wizards/global-choice.h"
#include "ui/wizards/global-pages.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/shell-line-bar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NAMES 4

/**
 * IssAssignSummaryPage:
 *
 * What is going to be done.
 *
 * Every server is asked what would happen there: its rules are asked, not
 * repeated here. What one warns of has to be confirmed, what it refuses cannot.
 */
struct _IssAssignSummaryPage
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkLabel       *headline;
  GtkGrid        *grid;
  GtkLabel       *consequence;
  IssJobList     *list;
  GtkWidget      *fate_box;
  GtkCheckButton *keep_check;
  GtkCheckButton *cancel_check;
  IssGlobalChoice *choice;
  GtkCheckButton *confirm_check;
  GtkLabel       *confirm_label;
  IssShellLineBar *shell_line;
  IssShellLineBar *cmdlets;

  /* Owned References */
  IssAssignPlan  *plan;
  IssGlobalOrder *order;
  GCancellable   *cancellable;   /* (nullable): while a server is asked for the certificate */
  char           *warning;   /* what has to be confirmed; "" = nothing */

  gboolean        ask_again; /* the answer to come is to another question */
};

static gboolean
has_failed_with (IssJobEntry *entry,
                 IssError     code)
{
  return iss_job_entry_get_state (entry) == ISS_JOB_FAILED
         && g_error_matches (iss_job_entry_get_error (entry), ISS_ERROR, (int) code);
}

/* Whether a server wants to know what becomes of the certificate that is staged there. */
static gboolean
is_fate_asked (IssAssignSummaryPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);

  for (guint i = 0; job != NULL && i < iss_job_get_n_entries (job); i++)
    if (has_failed_with (iss_job_get_entry (job, i), ISS_ERROR_STAGED))
      return TRUE;

  return FALSE;
}

/* Servers where it would be done, confirmed or not. */
static guint
count_willing (IssAssignSummaryPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = 0;

  for (guint i = 0; job != NULL && i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);

      if (iss_job_entry_get_state (entry) == ISS_JOB_DONE
          || has_failed_with (entry, ISS_ERROR_NEEDS_CONFIRMATION))
        n++;
    }

  return n;
}

/* Returns: (transfer none): where the text stands */
static GtkLabel *
add_line (IssAssignSummaryPage *self,
          const char           *title,
          const char           *text,
          gboolean              is_code)
{
  guint row = 0;
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *value = gtk_label_new (text);

  while (gtk_grid_get_child_at (self->grid, 0, (int) row) != NULL)
    row++;

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_valign (name, GTK_ALIGN_START);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_selectable (GTK_LABEL (value), TRUE);
  gtk_widget_set_can_focus (value, FALSE);
  gtk_widget_set_hexpand (value, TRUE);
  if (is_code)
    gtk_widget_add_css_class (value, "thumbprint");
  gtk_grid_attach (self->grid, name, 0, (int) row, 1, 1);
  gtk_grid_attach (self->grid, value, 1, (int) row, 1, 1);

  return GTK_LABEL (value);
}

static char *
dup_names (IssCertificate *certificate)
{
  const char *const *names = iss_certificate_get_dns_names (certificate);
  guint n = names != NULL ? g_strv_length ((char **) names) : 0;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MAX_NAMES); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", names[i]);
  if (n > MAX_NAMES)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", n - MAX_NAMES),
                              n - MAX_NAMES);
    }

  return n > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup (_("none"));
}

/* In the place that was kept for it, while the page still shows this certificate. */
static void
got_certificate_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GtkLabel) label = user_data;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  certificate = iss_server_get_certificate_finish (ISS_SERVER (object), result, NULL, &error);
  if (certificate != NULL)
    text = dup_names (certificate);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup_printf ("%s.", error->message);

  if (text != NULL)
    gtk_label_set_label (label, text);
}

/* A list row does not have them. */
static void
show_names (IssAssignSummaryPage *self,
            IssCandidate         *candidate)
{
  IssServer *server = iss_pool_find_server (iss_assign_plan_get_pool (self->plan),
                                            iss_candidate_get_holder (candidate));
  GtkLabel *label;

  if (server == NULL)
    return;

  label = add_line (self, _("Alternative names"), "…", FALSE);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  iss_server_get_certificate_async (server, iss_store_name_get_nick (ISS_STORE_MY),
                                    iss_candidate_get_sha256 (candidate), self->cancellable,
                                    got_certificate_cb, g_object_ref (label));
}

static void
show_certificate (IssAssignSummaryPage *self)
{
  IssCandidate *candidate = iss_assign_plan_get_candidate (self->plan);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *thumbprint = iss_text_thumbprint (iss_candidate_get_sha1 (candidate));
  g_autofree char *expires = iss_time_text_instant (iss_candidate_get_not_after (candidate), zone);
  const char *friendly = iss_candidate_get_friendly_name (candidate);

  add_line (self, _("Issued to"), iss_candidate_get_issued_to (candidate), FALSE);
  if (friendly != NULL && *friendly != '\0'
      && strcmp (friendly, iss_candidate_get_issued_to (candidate)) != 0)
    add_line (self, _("Friendly name"), friendly, FALSE);
  show_names (self, candidate);
  add_line (self, _("Issued by"), iss_candidate_get_issued_by (candidate), FALSE);
  add_line (self, _("Expires"), expires, FALSE);
  add_line (self, _("Key"), iss_candidate_get_key_text (candidate), FALSE);
  add_line (self, _("Thumbprint"), thumbprint, TRUE);
  if (*iss_candidate_get_used_for (candidate) != '\0')
    add_line (self, _("Used for already"), iss_candidate_get_used_for (candidate), FALSE);
}

static void
show_words (IssAssignSummaryPage *self)
{
  const gboolean is_global = iss_global_order_is_chosen (self->order);
  g_autofree char *headline = iss_assign_words_dup_headline (self->plan, is_global);
  g_autofree char *consequence = iss_assign_words_dup_consequence (self->plan, is_global);

  gtk_label_set_label (self->headline, headline);
  gtk_label_set_label (self->consequence, consequence);
  gtk_widget_set_visible (GTK_WIDGET (self->consequence), *consequence != '\0');
}

static void
show_plan (IssAssignSummaryPage *self)
{
  IssCandidate *candidate = iss_assign_plan_get_candidate (self->plan);
  g_autofree char *line = iss_assign_plan_dup_shell_line (self->plan);
  g_autofree char *cmdlets = iss_assign_plan_dup_cmdlets (self->plan);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);

  show_words (self);
  gtk_widget_set_visible (GTK_WIDGET (self->grid), candidate != NULL);
  if (iss_assign_plan_rolls (self->plan))
    {
      iss_shell_line_bar_set_line (self->shell_line, line);
      iss_shell_line_bar_set_line (self->cmdlets, cmdlets);
    }
  if (candidate != NULL)
    show_certificate (self);
}

static void
ask (IssAssignSummaryPage *self)
{
  g_autoptr(IssJob) job = iss_assign_plan_make_job (self->plan, TRUE);

  self->ask_again = FALSE;
  iss_job_list_run (self->list, job);
}

/* Back and forth again, or another choice, while it still asks. */
static void
ask_anew (IssAssignSummaryPage *self)
{
  self->ask_again = iss_job_list_is_running (self->list);
  if (self->ask_again)
    iss_job_list_stop (self->list);
  else
    ask (self);
}

static char *
iss_assign_summary_page_dup_title (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);

  return g_strdup (iss_assign_words_get_title (iss_assign_plan_get_change (self->plan)));
}

static gboolean
iss_assign_summary_page_is_complete (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);

  if (iss_job_list_is_running (self->list) || is_fate_asked (self))
    return FALSE;

  /* What every server says to it comes with the decision. */
  if (iss_global_order_is_chosen (self->order))
    return TRUE;

  if (count_willing (self) == 0)
    return FALSE;

  return *self->warning == '\0' || gtk_check_button_get_active (self->confirm_check);
}

static const char *
iss_assign_summary_page_get_next (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);

  return iss_global_order_is_chosen (self->order) ? iss_global_pages_get_first (self->order)
                                                  : "run";
}

static const char *
iss_assign_summary_page_get_next_label (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);

  if (iss_global_order_is_chosen (self->order))
    return NULL;

  return iss_assign_words_get_button (iss_assign_plan_get_change (self->plan));
}

/* By name, as long as that is one line. */
static char *
dup_by_hand (GPtrArray *servers)
{
  g_autoptr(GString) names = NULL;
  g_autofree char *joined = NULL;

  if (servers->len > MAX_NAMES)
    return g_strdup_printf (ngettext ("On %u server, by _hand", "On %u servers, by _hand",
                                      servers->len), servers->len);

  /* A name may hold what would be a mnemonic. */
  joined = iss_pool_label_dup_names (servers);
  names = g_string_new (joined);
  g_string_replace (names, "_", "__", 0);

  /* Translators: %s are servers */
  return g_strdup_printf (_("On %s, by _hand"), names->str);
}

static void
iss_assign_summary_page_enter (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);
  g_autofree char *by_hand = NULL;

  iss_assign_plan_set_force (self->plan, FALSE);
  iss_assign_plan_set_staged (self->plan, ISS_STAGED_ASK);
  gtk_widget_set_visible (self->fate_box, FALSE);
  gtk_check_button_set_active (self->keep_check, FALSE);
  gtk_check_button_set_active (self->cancel_check, FALSE);
  by_hand = dup_by_hand (iss_assign_plan_get_servers (self->plan));
  iss_global_choice_set_by_hand (self->choice, by_hand);
  iss_global_choice_set_type (self->choice, iss_assign_order_get_type (self->plan),
                              iss_assign_order_get_obstacle (self->plan));
  show_plan (self);
  ask_anew (self);
}

static gboolean
iss_assign_summary_page_advance (IssWizardPage *page)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (page);

  const gboolean is_global = iss_global_order_is_chosen (self->order);

  iss_assign_plan_set_force (self->plan, *self->warning != '\0' && !is_global);
  if (is_global)
    iss_assign_order_fill (self->order, self->plan);

  return TRUE;
}

static void
iss_assign_summary_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_assign_summary_page_dup_title;
  iface->is_complete = iss_assign_summary_page_is_complete;
  iface->get_next = iss_assign_summary_page_get_next;
  iface->get_next_label = iss_assign_summary_page_get_next_label;
  iface->enter = iss_assign_summary_page_enter;
  iface->advance = iss_assign_summary_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignSummaryPage, iss_assign_summary_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_assign_summary_page_page_init))

static void
iss_assign_summary_page_dispose (GObject *object)
{
  IssAssignSummaryPage *self = ISS_ASSIGN_SUMMARY_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGN_SUMMARY_PAGE);
  g_clear_object (&self->order);
  g_clear_pointer (&self->warning, g_free);

  G_OBJECT_CLASS (iss_assign_summary_page_parent_class)->dispose (object);
}

/* The warnings of all servers, each once. */
static char *
dup_warning (IssJob *job)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      g_autofree char *its = has_failed_with (entry, ISS_ERROR_NEEDS_CONFIRMATION)
                             ? iss_job_entry_dup_reason (entry) : NULL;

      if (its != NULL && strstr (text->str, its) == NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", its);
    }

  return g_strdup (text->str);
}

static void
running_cb (IssAssignSummaryPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_check), FALSE);
  if (self->plan != NULL)
    iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

/* By hand, what the servers said of it matters; and what is warned of has to be confirmed. */
static void
show_choice (IssAssignSummaryPage *self)
{
  const gboolean is_global = iss_global_order_is_chosen (self->order);

  /* Once there is something to say. */
  if (*gtk_label_get_label (self->headline) != '\0')
    show_words (self);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !is_global);
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_check), *self->warning != '\0' && !is_global &&
                          !iss_job_list_is_running (self->list));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
ended_cb (IssAssignSummaryPage *self)
{
  g_autofree char *obstacle = NULL;
  g_autofree char *text = NULL;

  if (self->plan == NULL)
    return;

  if (self->ask_again)
    {
      ask (self);
      return;
    }

  if (iss_assign_plan_get_change (self->plan) == ISS_TRANSITION_ARM)
    obstacle = iss_assign_plan_dup_obstacle (self->plan);
  g_free (self->warning);
  self->warning = obstacle != NULL ? g_steal_pointer (&obstacle)
                                   : dup_warning (iss_job_list_get_job (self->list));

  text = iss_assign_words_dup_confirmation (iss_assign_plan_get_change (self->plan),
                                            self->warning);
  /* Once asked, the answer can be changed. */
  if (is_fate_asked (self))
    gtk_widget_set_visible (self->fate_box, TRUE);
  gtk_label_set_label (self->confirm_label, text);
  gtk_check_button_set_active (self->confirm_check, FALSE);
  show_choice (self);
}

static void
fate_chosen_cb (IssAssignSummaryPage *self,
                GtkCheckButton       *check)
{
  if (self->plan == NULL || !gtk_check_button_get_active (check))
    return;

  iss_assign_plan_set_staged (self->plan, check == self->keep_check ? ISS_STAGED_KEEP
                                                                    : ISS_STAGED_CANCEL);
  ask_anew (self);
}

static void
confirmed_cb (IssAssignSummaryPage *self)
{
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_assign_summary_page_class_init (IssAssignSummaryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/assign-summary-page.ui";

  object_class->dispose = iss_assign_summary_page_dispose;

  g_type_ensure (ISS_TYPE_GLOBAL_CHOICE);
  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, grid);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, consequence);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, choice);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, fate_box);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, keep_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, cancel_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, confirm_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, shell_line);
  gtk_widget_class_bind_template_child (widget_class, IssAssignSummaryPage, cmdlets);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, fate_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirmed_cb);
}

static void
iss_assign_summary_page_init (IssAssignSummaryPage *self)
{
  self->warning = g_strdup ("");

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_shell_line_bar_set_title (self->cmdlets, _("In Skype for Business Server:"));
}

/**
 * iss_assign_summary_page_new:
 * @plan: what is collected
 * @order: what is done instead, if it is chosen
 *
 * Returns: (transfer floating): the page; it asks nobody before it is shown
 */
GtkWidget *
iss_assign_summary_page_new (IssAssignPlan  *plan,
                             IssGlobalOrder *order)
{
  IssAssignSummaryPage *self;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);
  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (order), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_SUMMARY_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->order = g_object_ref (order);
  iss_global_choice_set_order (self->choice, order,
                               _("What is assigned by hand does not replicate: a server that comes "
                                 "later will not use it."), TRUE);
  g_signal_connect_object (order, "changed", G_CALLBACK (show_choice), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

IssJobList *
iss_assign_summary_page_get_list (IssAssignSummaryPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_SUMMARY_PAGE (self), NULL);

  return self->list;
}

const char *
iss_assign_summary_page_get_headline (IssAssignSummaryPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_SUMMARY_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

const char *
iss_assign_summary_page_get_warning (IssAssignSummaryPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_SUMMARY_PAGE (self), NULL);

  return self->warning;
}
