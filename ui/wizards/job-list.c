/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/job-list.h"

#include "core/base/error.h"
#include "ui/wizards/job-row.h"
#include "ui/wizards/many-rows.h"

#include <glib/gi18n-lib.h>

/* After so long a server that has not finished is called slow. */
#define SLOW_AFTER (3 * G_USEC_PER_SEC)

/**
 * IssJobList:
 *
 * Runs a job and shows it, one line a server.
 */
struct _IssJobList
{
  GtkWidget          parent_instance;

  /* Template Widgets */
  GtkWidget         *root;
  GtkScrolledWindow *scrolled;
  GtkBox            *box;
  GtkWidget         *progress_box;
  GtkProgressBar    *progress_bar;
  GtkLabel          *progress_label;
  GtkWidget         *retry_button;

  /* Owned References */
  IssJob            *job;            /* (nullable) */
  GtkSizeGroup      *names;
  GCancellable      *cancellable;    /* (nullable): while it runs */
  char              *confirm_label;  /* (nullable) */

  gint64             began;          /* monotonic, µs */
  guint              timer;
};

enum
{
  PROP_RUNNING = 1,
  N_PROPS
};

enum
{
  ENDED,
  CONFIRM,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssJobList, iss_job_list, GTK_TYPE_WIDGET)

static void
iss_job_list_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  IssJobList *self = ISS_JOB_LIST (object);

  switch (prop_id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, iss_job_list_is_running (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_job_list_dispose (GObject *object)
{
  IssJobList *self = ISS_JOB_LIST (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_JOB_LIST);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->job);
  g_clear_object (&self->names);
  g_clear_pointer (&self->confirm_label, g_free);

  G_OBJECT_CLASS (iss_job_list_parent_class)->dispose (object);
}

static void
iss_job_list_class_init (IssJobListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_job_list_get_property;
  object_class->dispose = iss_job_list_dispose;

  properties[PROP_RUNNING] =
    g_param_spec_boolean ("running", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IssJobList::ended:
   *
   * No entry of the job waits or runs any more.
   */
  signals[ENDED] =
    g_signal_new ("ended", ISS_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * IssJobList::confirm:
   * @self: a list
   * @entry: an entry of its job
   *
   * Somebody wants to confirm what must be confirmed before @entry is done.
   */
  signals[CONFIRM] =
    g_signal_new ("confirm", ISS_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, ISS_TYPE_JOB_ENTRY);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/job-list.ui");
  gtk_widget_class_bind_template_child (widget_class, IssJobList, root);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, scrolled);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, box);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, progress_box);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, progress_label);
  gtk_widget_class_bind_template_child (widget_class, IssJobList, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, iss_job_list_retry);
}

static void
iss_job_list_init (IssJobList *self)
{
  self->names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  gtk_widget_init_template (GTK_WIDGET (self));
}

static char *
dup_slow_name (IssJobList *self)
{
  if (g_get_monotonic_time () - self->began < SLOW_AFTER)
    return NULL;

  for (guint i = 0; i < iss_job_get_n_entries (self->job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (self->job, i);

      if (iss_job_entry_get_state (entry) == ISS_JOB_RUNNING)
        return iss_server_dup_short_name (iss_job_entry_get_server (entry));
    }

  return NULL;
}

/* Asking again neither confirms nor answers anything. */
static guint
count_failures (IssJobList *self)
{
  guint n = 0;

  for (guint i = 0; i < iss_job_get_n_entries (self->job); i++)
    {
      const GError *error = iss_job_entry_get_error (iss_job_get_entry (self->job, i));

      if (error != NULL && !g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION)
          && !g_error_matches (error, ISS_ERROR, ISS_ERROR_STAGED))
        n++;
    }

  return n;
}

static void
update (IssJobList *self)
{
  guint n = iss_job_get_n_entries (self->job);
  guint n_failed = iss_job_get_n_in_state (self->job, ISS_JOB_FAILED);
  guint n_cancelled = iss_job_get_n_in_state (self->job, ISS_JOB_CANCELLED);
  guint n_over = iss_job_get_n_in_state (self->job, ISS_JOB_DONE) + n_failed + n_cancelled;
  gboolean running = iss_job_list_is_running (self);
  g_autofree char *counts = NULL;
  g_autofree char *slow = NULL;
  g_autofree char *text = NULL;

  counts = g_strdup_printf (ngettext ("%u of %u server", "%u of %u servers", n), n_over, n);
  slow = running ? dup_slow_name (self) : NULL;
  /* Translators: "2 of 3 servers, fe03 is slow" */
  text = slow != NULL ? g_strdup_printf (_("%s, %s is slow"), counts, slow)
                      : g_steal_pointer (&counts);

  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, n > 0 ? (gdouble) n_over / n : 1);
  gtk_widget_set_visible (self->progress_box, running);
  gtk_widget_set_visible (self->retry_button, !running && count_failures (self) + n_cancelled > 0);
}

static gboolean
timer_cb (gpointer user_data)
{
  update (user_data);

  return G_SOURCE_CONTINUE;
}

static void
entry_changed_cb (IssJobList *self)
{
  update (self);
}

static void
job_ended_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(IssJobList) self = user_data;
  g_autoptr(GError) error = NULL;

  /* It fails only when it was cancelled, and then its entries say so. */
  if (!iss_job_run_finish (ISS_JOB (object), result, &error))
    g_debug ("%s", error->message);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->cancellable);

  if (self->job == NULL)
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
confirm_cb (IssJobList  *self,
            IssJobEntry *entry)
{
  if (!iss_job_list_is_running (self))
    g_signal_emit (self, signals[CONFIRM], 0, entry);
}

/* All that is not done, or one entry. */
static void
start (IssJobList  *self,
       IssJobEntry *entry)
{
  self->cancellable = g_cancellable_new ();
  self->began = g_get_monotonic_time ();
  self->timer = g_timeout_add_seconds (1, timer_cb, self);

  if (entry != NULL)
    iss_job_run_entry_async (self->job, entry, self->cancellable, job_ended_cb,
                             g_object_ref (self));
  else
    iss_job_run_async (self->job, self->cancellable, job_ended_cb, g_object_ref (self));
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/**
 * iss_job_list_run:
 * @self: a list in which nothing runs
 * @job: a job that has not begun
 *
 * Shows @job and runs it.
 */
void
iss_job_list_run (IssJobList *self,
                  IssJob     *job)
{
  GtkWidget *row;

  g_return_if_fail (ISS_IS_JOB_LIST (self));
  g_return_if_fail (ISS_IS_JOB (job));
  g_return_if_fail (!iss_job_list_is_running (self));

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, row);

  g_set_object (&self->job, job);
  iss_many_rows_place (self->scrolled, GTK_WIDGET (self->box), iss_job_get_n_entries (job));
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      GtkWidget *its = iss_job_row_new (entry, self->names);

      iss_job_row_set_confirm_label (ISS_JOB_ROW (its), self->confirm_label);
      g_signal_connect_object (its, "confirm", G_CALLBACK (confirm_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (entry, "notify::state", G_CALLBACK (entry_changed_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->box, its);
    }

  start (self, NULL);
}

/**
 * iss_job_list_retry:
 * @self: a list whose job is over
 *
 * Does again what failed or was cancelled.
 */
void
iss_job_list_retry (IssJobList *self)
{
  g_return_if_fail (ISS_IS_JOB_LIST (self));
  g_return_if_fail (self->job != NULL);

  if (!iss_job_list_is_running (self))
    start (self, NULL);
}

/**
 * iss_job_list_retry_entry:
 * @self: a list whose job is over
 * @entry: an entry of it that failed or was cancelled
 *
 * Does it again there, and nowhere else.
 */
void
iss_job_list_retry_entry (IssJobList  *self,
                          IssJobEntry *entry)
{
  g_return_if_fail (ISS_IS_JOB_LIST (self));
  g_return_if_fail (ISS_IS_JOB_ENTRY (entry));
  g_return_if_fail (self->job != NULL);

  if (!iss_job_list_is_running (self))
    start (self, entry);
}

/**
 * iss_job_list_stop:
 * @self: a list
 *
 * Cancels what waits and what runs. "ended" comes later.
 */
void
iss_job_list_stop (IssJobList *self)
{
  g_return_if_fail (ISS_IS_JOB_LIST (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/**
 * iss_job_list_get_job:
 * @self: a list
 *
 * Returns: (transfer none) (nullable): what runs or has run
 */
IssJob *
iss_job_list_get_job (IssJobList *self)
{
  g_return_val_if_fail (ISS_IS_JOB_LIST (self), NULL);

  return self->job;
}

gboolean
iss_job_list_is_running (IssJobList *self)
{
  g_return_val_if_fail (ISS_IS_JOB_LIST (self), FALSE);

  return self->cancellable != NULL;
}

const char *
iss_job_list_get_progress (IssJobList *self)
{
  g_return_val_if_fail (ISS_IS_JOB_LIST (self), NULL);

  return gtk_label_get_label (self->progress_label);
}

/**
 * iss_job_list_set_confirm_label:
 * @self: a list without a job
 * @label: a verb, with a mnemonic
 *
 * Has a button in each row where something must be confirmed first, see #IssJobList::confirm.
 */
void
iss_job_list_set_confirm_label (IssJobList *self,
                                const char *label)
{
  g_return_if_fail (ISS_IS_JOB_LIST (self));
  g_return_if_fail (label != NULL && self->job == NULL);

  g_free (self->confirm_label);
  self->confirm_label = g_strdup (label);
}
