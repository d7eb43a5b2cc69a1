/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/global-run-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/central/replication-text.h"
#include "ui/pool/replication-item.h"
#include "ui/wizards/job-list.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/status-line.h"
#include "ui/wizards/wizard.h"

/**
 * IssGlobalRunPage:
 *
 * The last page of a wizard that does something on every server, replicated.
 *
 * Once it is decided, closing the wizard stops nothing: the console's replicator delivers it, now
 * or when a server answers again.
 */
struct _IssGlobalRunPage
{
  GtkWidget              parent_instance;

  /* Template Widgets */
  GtkWidget             *root;
  GtkLabel              *headline;
  IssStatusLine         *status;
  GtkWidget             *force_button;
  GtkWidget             *enroll_button;
  GtkWidget             *sheet_button;
  GtkBox                *rows;
  GtkWidget             *distrust_box;
  IssStatusLine         *distrust_status;
  IssJobList            *distrust_list;
  IssShellLineBar       *shell_line;

  /* Owned References */
  IssGlobalOrder        *order;
  IssReplicationService *service;       /* (nullable): until it is decided */
  IssReplicationTable   *table;         /* (nullable): as last read */
  GCancellable          *cancellable;
  GTimeZone             *zone;

  gboolean               deciding;
  gboolean               decided;
  gboolean               forced;
  gboolean               loading;
  gboolean               load_again;    /* something happened meanwhile */
};

static char *
iss_global_run_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("On Every Server"));
}

static gboolean
iss_global_run_page_can_go_back (IssWizardPage *page)
{
  IssGlobalRunPage *self = ISS_GLOBAL_RUN_PAGE (page);

  return !self->deciding && !self->decided;
}

static gboolean
iss_global_run_page_is_working (IssWizardPage *page)
{
  IssGlobalRunPage *self = ISS_GLOBAL_RUN_PAGE (page);

  return self->deciding || iss_job_list_is_running (self->distrust_list);
}

static void
iss_global_run_page_stop (IssWizardPage *page)
{
  IssGlobalRunPage *self = ISS_GLOBAL_RUN_PAGE (page);

  if (self->deciding)
    g_cancellable_cancel (self->cancellable);
  iss_job_list_stop (self->distrust_list);
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);

  return label;
}

/* A box a line: what is wrapped in a grid makes the window as tall as if each word stood alone. */
static void
add_server (IssGlobalRunPage *self,
            guint             server,
            guint             wanted,
            GtkSizeGroup     *names)
{
  const IssReplicaReport *report = iss_replication_table_get_report (self->table, server);
  g_autoptr(IssReplicationItem) item = iss_replication_item_new (self->table, server, wanted,
                                                                 self->zone);
  g_autofree char *trouble = iss_replication_text_dup_trouble (report, self->zone);
  const char *state = iss_replication_item_get_text (item, ISS_REPLICATION_COLUMN_STATE);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (iss_replication_item_get_icon (item));
  GtkWidget *text = new_label (trouble != NULL ? trouble : state);
  GtkWidget *name = new_label (iss_replication_item_get_text (item,
                                                              ISS_REPLICATION_COLUMN_REPLICA));

  gtk_widget_add_css_class (icon, iss_replication_item_get_css_class (item));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_size_group_add_widget (names, name);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), text);
  gtk_box_append (self->rows, row);
}

/* Which of the table's types was decided; FALSE: it is not there */
static gboolean
find_wanted (IssGlobalRunPage *self,
             guint            *out_wanted)
{
  const IssCertificateType *type = iss_global_order_get_type_of (self->order);

  for (guint i = 0; i < iss_replication_table_get_n_wanted (self->table); i++)
    if (iss_wanted_get_manifest (iss_replication_table_get_wanted (self->table, i))->type == type)
      {
        *out_wanted = i;
        return TRUE;
      }

  return FALSE;
}

static void
show_servers (IssGlobalRunPage *self)
{
  g_autoptr(GtkSizeGroup) names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  GtkWidget *child;
  guint wanted;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);

  if (self->table == NULL || !find_wanted (self, &wanted))
    return;

  for (guint i = 0; i < iss_replication_table_get_n_servers (self->table); i++)
    add_server (self, i, wanted, names);
}

/* What is left to be done once it is decided. */
static void
say_delivery (IssGlobalRunPage *self)
{
  if (self->service == NULL || self->deciding)
    return;

  if (iss_replication_service_is_running (self->service))
    iss_status_line_say (self->status, ISS_STATUS_BUSY, _("Delivering…"));
  else if (iss_replication_service_get_error (self->service) != NULL)
    iss_status_line_say_error (self->status, iss_replication_service_get_error (self->service));
  else
    iss_status_line_clear (self->status);
}

/* It reads itself again as long as something happened meanwhile. */
static void
load (IssGlobalRunPage    *self,
      GAsyncReadyCallback  callback)
{
  IssPool *pool = iss_global_order_get_pool (self->order);
  g_auto(GStrv) names = NULL;
  IssCentralStore *store =
    iss_central_desk_get_store (iss_global_order_get_desk (self->order), NULL);

  self->load_again = self->loading;
  if (store == NULL || self->loading)
    return;

  names = iss_pool_dup_server_names (pool);
  self->loading = TRUE;
  iss_replication_table_load_async (store, iss_pool_get_name (pool),
                                    (const char *const *) names, self->cancellable, callback,
                                    g_object_ref (self));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssGlobalRunPage) self = user_data;
  g_autoptr(IssReplicationTable) table = iss_replication_table_load_finish (result, NULL);

  /* The page went in the meantime. */
  if (self->order == NULL)
    return;

  self->loading = FALSE;
  if (table != NULL)
    g_set_object (&self->table, table);
  show_servers (self);
  say_delivery (self);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
  if (self->load_again)
    load (self, loaded_cb);
}

static void
service_changed_cb (IssGlobalRunPage *self)
{
  load (self, loaded_cb);
}

static void
follow (IssGlobalRunPage *self)
{
  IssReplicationService *service =
    iss_central_desk_get_service (iss_global_order_get_desk (self->order),
                                  iss_global_order_get_pool (self->order));

  if (service != NULL && self->service == NULL)
    {
      self->service = g_object_ref (service);
      g_signal_connect_object (service, "changed", G_CALLBACK (service_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }

  if (service != NULL)
    service_changed_cb (self);
}

static void
say_outcome (IssGlobalRunPage       *self,
             const IssGlobalOutcome *outcome)
{
  const guint n_served = g_strv_length (outcome->served);
  const guint n = n_served + g_strv_length (outcome->unserved);
  g_autofree char *unserved = g_strjoinv ("; ", outcome->unserved);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, _("This is revision %" G_GUINT64_FORMAT " of %s, for %u of %u "
                                  "servers."),
                          outcome->manifest->revision, outcome->manifest->type->name, n_served,
                          n);
  if (outcome->only_holds)
    g_string_append_printf (text, " %s",
                            _("It was armed already: every server holds it first. Do the same "
                              "once more when each has said so."));
  if (*unserved != '\0')
    g_string_append_printf (text, " %s.", unserved);
  gtk_label_set_label (self->headline, text->str);
  gtk_widget_set_visible (self->enroll_button, *unserved != '\0');
}

/* What was given here; a warning that was passed here is passed there as well. */
static void
show_line (IssGlobalRunPage *self)
{
  g_autofree char *line = g_strconcat (iss_global_order_get_shell_line (self->order),
                                       self->forced ? " --force" : "", NULL);

  iss_shell_line_bar_set_line (self->shell_line, line);
}

/* Where something compromised was replaced. */
static void
distrust (IssGlobalRunPage *self)
{
  g_autoptr(IssJob) job = iss_global_order_make_distrust (self->order);

  gtk_widget_set_visible (self->distrust_box, job != NULL);
  if (job != NULL)
    iss_job_list_run (self->distrust_list, job);
}

static void
ran_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssGlobalRunPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssGlobalOutcome) outcome = NULL;

  outcome = iss_global_order_run_finish (ISS_GLOBAL_ORDER (object), result, &error);

  /* The page went in the meantime. */
  if (self->order == NULL)
    return;

  self->deciding = FALSE;
  self->decided = outcome != NULL || g_error_matches (error, ISS_ERROR, ISS_ERROR_EXISTS);
  gtk_widget_set_visible (self->force_button,
                          g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION));
  gtk_widget_set_visible (self->enroll_button,
                          !self->decided && !iss_global_order_has_enrolled (self->order));
  if (outcome != NULL)
    {
      say_outcome (self, outcome);
      iss_status_line_clear (self->status);
    }
  else
    {
      gtk_label_set_label (self->headline, self->decided ? _("Decided already.")
                                                         : _("Nothing was changed."));
      iss_status_line_say_error (self->status, error);
    }

  gtk_widget_set_visible (self->sheet_button,
                          self->decided && iss_global_order_has_instant (self->order));
  if (self->decided)
    {
      show_line (self);
      follow (self);
      distrust (self);
    }
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
run (IssGlobalRunPage *self,
     gboolean          force)
{
  if (self->deciding)
    return;

  self->deciding = TRUE;
  self->forced = force;
  gtk_widget_set_visible (self->force_button, FALSE);
  gtk_widget_set_visible (self->enroll_button, FALSE);
  gtk_label_set_label (self->headline, _("Deciding it for every server…"));
  iss_status_line_clear (self->status);
  iss_global_order_run_async (self->order, force, self->cancellable, ran_cb, g_object_ref (self));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_global_run_page_enter (IssWizardPage *page)
{
  run (ISS_GLOBAL_RUN_PAGE (page), FALSE);
}

static void
iss_global_run_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_global_run_page_dup_title;
  iface->can_go_back = iss_global_run_page_can_go_back;
  iface->is_working = iss_global_run_page_is_working;
  iface->stop = iss_global_run_page_stop;
  iface->enter = iss_global_run_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssGlobalRunPage, iss_global_run_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_global_run_page_page_init))

static void
iss_global_run_page_dispose (GObject *object)
{
  IssGlobalRunPage *self = ISS_GLOBAL_RUN_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_GLOBAL_RUN_PAGE);
  g_clear_object (&self->order);
  g_clear_object (&self->service);
  g_clear_object (&self->table);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_global_run_page_parent_class)->dispose (object);
}

static void
iss_global_run_page_finalize (GObject *object)
{
  g_clear_object (&ISS_GLOBAL_RUN_PAGE (object)->cancellable);

  G_OBJECT_CLASS (iss_global_run_page_parent_class)->finalize (object);
}

static void
force_cb (IssGlobalRunPage *self)
{
  run (self, TRUE);
}

static void
distrusting_cb (IssGlobalRunPage *self)
{
  if (!iss_job_list_is_running (self->distrust_list))
    return;

  iss_status_line_say (self->distrust_status, ISS_STATUS_BUSY,
                       _("Telling each server not to trust the compromised one any more…"));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
distrusted_cb (IssGlobalRunPage *self)
{
  IssJob *job = iss_job_list_get_job (self->distrust_list);
  const guint n = iss_job_get_n_entries (job);
  const guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  g_autofree char *text = NULL;

  /* The page went in the meantime. */
  if (self->order == NULL)
    return;

  if (n_done == n)
    text = g_strdup_printf (ngettext ("The compromised one is in Untrusted on %u of %u server.",
                                      "The compromised one is in Untrusted on %u of %u servers.",
                                      n), n_done, n);
  else
    text = g_strdup_printf (ngettext ("The compromised one is in Untrusted on %u of %u server. The "
                                      "others still trust it: try again when they answer, here or "
                                      "with the line below.",
                                      "The compromised one is in Untrusted on %u of %u servers. "
                                      "The others still trust it: try again when they answer, here "
                                      "or with the line below.", n), n_done, n);
  iss_status_line_say (self->distrust_status,
                       n_done == n ? ISS_STATUS_SUCCESS : ISS_STATUS_WARNING, text);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static IssWizard *
get_wizard (IssGlobalRunPage *self)
{
  return ISS_WIZARD (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* The enrolment takes the wizard's place. */
static void
enroll_cb (IssGlobalRunPage *self)
{
  iss_wizard_hand_over (get_wizard (self), "replication.enroll", NULL);
}

/* What is ready for the roll, and the way back, is a window of the console's. */
static void
sheet_cb (IssGlobalRunPage *self)
{
  const char *types[] = { iss_global_order_get_type_of (self->order)->name, NULL };

  iss_wizard_hand_over (get_wizard (self), "assignment.run-sheet", g_variant_new_strv (types, -1));
}

static void
iss_global_run_page_class_init (IssGlobalRunPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/global-run-page.ui";

  object_class->dispose = iss_global_run_page_dispose;
  object_class->finalize = iss_global_run_page_finalize;

  g_type_ensure (ISS_TYPE_JOB_LIST);
  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, headline);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, force_button);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, enroll_button);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, sheet_button);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, rows);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, distrust_box);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, distrust_status);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, distrust_list);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalRunPage, shell_line);
  gtk_widget_class_bind_template_callback (widget_class, force_cb);
  gtk_widget_class_bind_template_callback (widget_class, distrusting_cb);
  gtk_widget_class_bind_template_callback (widget_class, distrusted_cb);
  gtk_widget_class_bind_template_callback (widget_class, enroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, sheet_cb);
}

static void
iss_global_run_page_init (IssGlobalRunPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->zone = g_time_zone_new_local ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_global_run_page_new:
 * @order: what is to be decided
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_global_run_page_new (IssGlobalOrder *order)
{
  IssGlobalRunPage *self;

  g_return_val_if_fail (ISS_IS_GLOBAL_ORDER (order), NULL);

  self = g_object_new (ISS_TYPE_GLOBAL_RUN_PAGE, NULL);
  self->order = g_object_ref (order);

  return GTK_WIDGET (self);
}

/**
 * iss_global_run_page_get_headline:
 * @self: a page
 *
 * Returns: (transfer none): what is or was done
 */
const char *
iss_global_run_page_get_headline (IssGlobalRunPage *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_RUN_PAGE (self), NULL);

  return gtk_label_get_label (self->headline);
}

/**
 * iss_global_run_page_get_text:
 * @self: a page
 *
 * Returns: (transfer none): what went wrong, or has to be confirmed; "" = nothing
 */
const char *
iss_global_run_page_get_text (IssGlobalRunPage *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_RUN_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}

/**
 * iss_global_run_page_get_distrust:
 * @self: a page
 *
 * Returns: (transfer none): where what is compromised is trusted no more; "" = nothing is
 */
const char *
iss_global_run_page_get_distrust (IssGlobalRunPage *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_RUN_PAGE (self), NULL);

  return iss_status_line_get_text (self->distrust_status);
}

/**
 * iss_global_run_page_dup_servers:
 * @self: a page
 *
 * Returns: (transfer full): each server and how far it is, a line each
 */
char *
iss_global_run_page_dup_servers (IssGlobalRunPage *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (ISS_IS_GLOBAL_RUN_PAGE (self), NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->rows)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    g_string_append_printf (text, "%s: %s\n",
                            gtk_label_get_label (GTK_LABEL (gtk_widget_get_first_child (row))),
                            gtk_label_get_label (GTK_LABEL (gtk_widget_get_last_child (row))));

  return g_string_free (text, FALSE);
}

/**
 * iss_global_run_page_is_over:
 * @self: a page
 *
 * Returns: whether it is decided or refused, and a whole pass was made since
 */
gboolean
iss_global_run_page_is_over (IssGlobalRunPage *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_RUN_PAGE (self), FALSE);

  if (iss_global_run_page_is_working (ISS_WIZARD_PAGE (self)) || self->loading ||
      gtk_label_get_label (self->headline)[0] == '\0')
    return FALSE;

  return self->service == NULL || !iss_replication_service_is_running (self->service);
}
