/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-run-page.h"

#include "core/pool/replication-warning.h"
#include "ui/certificates/token-key-dialog.h"
#include "ui/window/banner.h"
#include "ui/wizards/shell-line-bar.h"

#include <glib/gi18n-lib.h>

/**
 * IssImportRunPage:
 *
 * The last page of the Import wizard.
 *
 * When the job is over the pool is looked at again, so that the warning rests
 * on what was seen after it and not on what was meant to happen.
 */
struct _IssImportRunPage
{
  GtkWidget        parent_instance;

  /* Template Widgets */
  GtkWidget       *root;
  GtkLabel        *headline;
  IssJobList      *list;
  IssBanner       *banner;
  IssShellLineBar *shell_line;
  GtkWidget       *token_box;
  GtkLabel        *token_label;
  GtkWidget       *token_button;
  GtkWidget       *assign_button;

  /* Owned References */
  IssImportPlan   *plan;
  GCancellable    *cancellable;
  IssServer       *keyless;        /* (nullable): has the certificate now, and no key of it */

  gboolean         over;
};

enum
{
  ASSIGN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
iss_import_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Importing"));
}

static gboolean
iss_import_run_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static gboolean
iss_import_run_page_is_working (IssWizardPage *page)
{
  return iss_job_list_is_running (ISS_IMPORT_RUN_PAGE (page)->list);
}

static void
iss_import_run_page_stop (IssWizardPage *page)
{
  iss_job_list_stop (ISS_IMPORT_RUN_PAGE (page)->list);
}

static void
iss_import_run_page_enter (IssWizardPage *page)
{
  IssImportRunPage *self = ISS_IMPORT_RUN_PAGE (page);
  g_autoptr(IssJob) job = iss_import_plan_make_job (self->plan);

  iss_job_list_run (self->list, job);
}

static void
iss_import_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_import_run_page_dup_title;
  iface->can_go_back = iss_import_run_page_can_go_back;
  iface->is_working = iss_import_run_page_is_working;
  iface->stop = iss_import_run_page_stop;
  iface->enter = iss_import_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssImportRunPage, iss_import_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_import_run_page_page_init))

static void
iss_import_run_page_dispose (GObject *object)
{
  IssImportRunPage *self = ISS_IMPORT_RUN_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_IMPORT_RUN_PAGE);
  g_clear_object (&self->plan);

  G_OBJECT_CLASS (iss_import_run_page_parent_class)->dispose (object);
}

static void
iss_import_run_page_finalize (GObject *object)
{
  IssImportRunPage *self = ISS_IMPORT_RUN_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->keyless);

  G_OBJECT_CLASS (iss_import_run_page_parent_class)->finalize (object);
}

static void
running_cb (IssImportRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  g_autofree char *text = NULL;
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);

  if (!iss_job_list_is_running (self->list))
    return;

  self->over = FALSE;
  /* Translators: %s is a certificate's name */
  text = g_strdup_printf (ngettext ("Importing %s on %u server…", "Importing %s on %u servers…", n),
                          iss_certificate_get_issued_to (certificate), n);
  gtk_label_set_label (self->headline, text);
  gtk_widget_set_visible (self->assign_button, FALSE);
  gtk_widget_set_visible (self->token_box, FALSE);
  iss_banner_clear (self->banner);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
update_warning (IssImportRunPage *self)
{
  IssPool *pool = iss_import_plan_get_pool (self->plan);
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  const guint8 *sha256 = g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL);
  const guint8 *sha1 = g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssReplicationWarning) warning = NULL;
  gint64 now = iss_clock_now (iss_pool_get_clock (pool));

  /* Only Personal is looked at, where an authority without a key does not go. */
  if (iss_import_plan_get_for_pool (self->plan)
      && (iss_import_plan_has_key (self->plan) || !iss_certificate_is_ca (certificate)))
    warning = iss_replication_warning_new_for (pool, sha256, sha1,
                                               iss_certificate_get_issued_to (certificate),
                                               none, now, zone);

  if (warning != NULL)
    iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, warning->rest);
  else
    iss_banner_clear (self->banner);
}

/* Counts the servers that have imported it and have its key; the first that has none is kept. */
static guint
find_keyless (IssImportRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  const guint8 *sha256 = g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL);
  guint n_with_key = 0;

  g_clear_object (&self->keyless);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      IssObservation *observation = iss_server_get_observation (server);
      const IssObservedCertificate *seen;

      if (iss_job_entry_get_state (entry) != ISS_JOB_DONE || observation == NULL)
        continue;

      seen = iss_observation_find_certificate (observation, sha256);
      if (seen == NULL || seen->rung < ISS_RUNG_IN_STORE)
        continue;

      if (seen->rung >= ISS_RUNG_KEY_MATCHES)
        n_with_key++;
      else if (self->keyless == NULL)
        self->keyless = g_object_ref (server);
    }

  return n_with_key;
}

/* One server after the other: each has a token, and a PIN, of its own. */
static void
update_token (IssImportRunPage *self)
{
  guint n_with_key;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (iss_import_plan_has_key (self->plan))
    return;

  n_with_key = find_keyless (self);
  gtk_widget_set_visible (self->assign_button, n_with_key > 0);
  gtk_widget_set_visible (self->token_box, self->keyless != NULL);
  if (self->keyless == NULL)
    return;

  name = iss_server_dup_short_name (self->keyless);
  /* Translators: a server, the same server */
  text = g_strdup_printf (_("%s does not have the private key. Is it in a token of %s?"), name,
                          name);
  gtk_label_set_label (self->token_label, text);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssImportRunPage) self = user_data;

  if (!iss_pool_look_finish (ISS_POOL (object), result, NULL, NULL) || self->plan == NULL)
    return;

  update_warning (self);
  update_token (self);
  self->over = TRUE;
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
look (IssImportRunPage *self)
{
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  self->over = FALSE;
  g_ptr_array_add (asked, g_bytes_ref (iss_certificate_get_sha256 (certificate)));
  iss_pool_look_async (iss_import_plan_get_pool (self->plan), asked, self->cancellable,
                       looked_cb, g_object_ref (self));
}

static void
ended_cb (IssImportRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->list);
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  g_autofree char *text = NULL;
  g_autofree char *line = iss_import_plan_dup_shell_line (self->plan);

  if (n_done > 0)
    /* Translators: on %u servers of those that were asked */
    text = g_strdup_printf (ngettext ("Imported on %u of %u server.",
                                      "Imported on %u of %u servers.", n), n_done, n);
  else
    text = g_strdup (_("Imported on no server. Nothing has changed."));

  gtk_label_set_label (self->headline, text);
  iss_shell_line_bar_set_line (self->shell_line, line);
  gtk_widget_set_visible (self->assign_button,
                          n_done > 0 && iss_import_plan_has_key (self->plan));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
  look (self);
}

/* Its line said "without a key". */
static void
amend (IssImportRunPage *self,
       IssServer        *server)
{
  IssJob *job = iss_job_list_get_job (self->list);

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);

      if (iss_job_entry_get_server (entry) == server &&
          iss_job_entry_get_state (entry) == ISS_JOB_DONE)
        iss_job_entry_amend (entry, _("imported, its token holds the key"));
    }
}

static void
proved_cb (IssImportRunPage *self,
           const char       *uri,
           gboolean          with_pin)
{
  g_autofree char *name = NULL;
  g_autofree char *said = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (self->plan == NULL || self->keyless == NULL)
    return;

  name = iss_server_dup_short_name (self->keyless);
  /* Translators: a server */
  said = g_strdup_printf (_("The token of %s has proved that it holds the key."), name);
  text = g_strconcat (gtk_label_get_label (self->headline), " ", said, NULL);
  gtk_label_set_label (self->headline, text);

  iss_import_plan_add_token_key (self->plan, self->keyless, uri, with_pin);
  line = iss_import_plan_dup_shell_line (self->plan);
  iss_shell_line_bar_set_line (self->shell_line, line);
  gtk_widget_set_visible (self->token_box, FALSE);
  amend (self, self->keyless);
  look (self);
}

static void
token_cb (IssImportRunPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  GtkWidget *dialog;

  dialog = iss_token_key_dialog_new (GTK_WINDOW (root), self->keyless,
                                     iss_certificate_get_sha256 (certificate),
                                     iss_certificate_get_issued_to (certificate));
  g_signal_connect_object (dialog, "proved", G_CALLBACK (proved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
assign_cb (IssImportRunPage *self)
{
  g_signal_emit (self, signals[ASSIGN], 0);
}

static void
iss_import_run_page_class_init (IssImportRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/import-run-page.ui";

  object_class->dispose = iss_import_run_page_dispose;
  object_class->finalize = iss_import_run_page_finalize;

  /**
   * IssImportRunPage::assign:
   *
   * The certificate is to be assigned now.
   */
  signals[ASSIGN] =
    g_signal_new ("assign", ISS_TYPE_IMPORT_RUN_PAGE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, banner);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, shell_line);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, assign_button);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, token_box);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, token_label);
  gtk_widget_class_bind_template_child (widget_class, IssImportRunPage, token_button);
  gtk_widget_class_bind_template_callback (widget_class, running_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_bind_template_callback (widget_class, token_cb);
  gtk_widget_class_bind_template_callback (widget_class, assign_cb);
}

static void
iss_import_run_page_init (IssImportRunPage *self)
{
  self->cancellable = g_cancellable_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_import_run_page_new:
 * @plan: what is to be done
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_import_run_page_new (IssImportPlan *plan)
{
  IssImportRunPage *self;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_IMPORT_RUN_PAGE, NULL);
  self->plan = g_object_ref (plan);

  return GTK_WIDGET (self);
}

IssJobList *
iss_import_run_page_get_list (IssImportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_RUN_PAGE (self), NULL);

  return self->list;
}

const char *
iss_import_run_page_get_headline (IssImportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_RUN_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

const char *
iss_import_run_page_get_warning (IssImportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_RUN_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}

/**
 * iss_import_run_page_get_token_question:
 * @self: a page
 *
 * Returns: (transfer none): the question whose token holds the key; "" where it is not asked
 */
const char *
iss_import_run_page_get_token_question (IssImportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_RUN_PAGE (self), NULL);

  return gtk_widget_get_visible (self->token_box) ? gtk_label_get_label (self->token_label) : "";
}

gboolean
iss_import_run_page_is_over (IssImportRunPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_RUN_PAGE (self), FALSE);

  return self->over;
}
