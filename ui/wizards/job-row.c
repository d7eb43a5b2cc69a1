/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/job-row.h"

#include "core/base/error.h"

#include <glib/gi18n-lib.h>

/**
 * IssJobRow:
 *
 * One entry of a job: its server, how far it has come, what became of it.
 */
struct _IssJobRow
{
  GtkWidget    parent_instance;

  /* Template Widgets */
  GtkWidget   *root;
  GtkLabel    *name_label;
  GtkStack    *symbol;
  GtkImage    *icon;
  GtkSpinner  *spinner;
  GtkLabel    *text_label;
  GtkButton   *confirm_button;
  GtkLabel    *seconds_label;

  /* Owned References */
  IssJobEntry *entry;
};

enum
{
  CONFIRM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssJobRow, iss_job_row, GTK_TYPE_WIDGET)

static void
iss_job_row_dispose (GObject *object)
{
  IssJobRow *self = ISS_JOB_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_JOB_ROW);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (iss_job_row_parent_class)->dispose (object);
}

static void
confirm_cb (IssJobRow *self)
{
  g_signal_emit (self, signals[CONFIRM], 0, self->entry);
}

static void
iss_job_row_class_init (IssJobRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_job_row_dispose;

  /**
   * IssJobRow::confirm:
   * @self: a row
   * @entry: what it shows
   *
   * Somebody wants to confirm what must be confirmed before it is done.
   */
  signals[CONFIRM] = g_signal_new ("confirm", ISS_TYPE_JOB_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, ISS_TYPE_JOB_ENTRY);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, root);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, symbol);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, icon);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, text_label);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, IssJobRow, seconds_label);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
}

static void
iss_job_row_init (IssJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

typedef struct
{
  const char *icon_name;
  const char *css_class;
  const char *text;        /* (nullable): when the entry says nothing */
} Look;

static const Look looks[] =
{
  [ISS_JOB_WAITING]   = { "iss-state-unknown-symbolic", "dim-label", N_("waiting") },
  [ISS_JOB_RUNNING]   = { NULL, "dim-label", N_("working…") },
  [ISS_JOB_DONE]      = { "iss-state-published-symbolic", "success", NULL },
  [ISS_JOB_FAILED]    = { "dialog-error-symbolic", "error", NULL },
  [ISS_JOB_CANCELLED] = { "iss-state-missing-symbolic", "warning", N_("cancelled") },
};

/* What has to be confirmed, or answered, did not fail. */
static const Look confirm = { "dialog-warning-symbolic", "warning", NULL };

/* Not the server's fault: nobody could ask it. */
static const Look silent = { "iss-server-off-symbolic", "error", NULL };

static const Look *
get_look (IssJobEntry *entry)
{
  const GError *error = iss_job_entry_get_error (entry);

  if (iss_job_entry_get_state (entry) == ISS_JOB_FAILED
      && (g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION)
          || g_error_matches (error, ISS_ERROR, ISS_ERROR_STAGED)))
    return &confirm;

  if (iss_job_entry_get_state (entry) == ISS_JOB_FAILED
      && !iss_server_is_answering (iss_job_entry_get_server (entry)))
    return &silent;

  return &looks[iss_job_entry_get_state (entry)];
}

static void
update (IssJobRow *self)
{
  IssJobState state = iss_job_entry_get_state (self->entry);
  g_autofree char *reason = iss_job_entry_dup_reason (self->entry);
  const char *text = reason;
  const Look *look = get_look (self->entry);
  gdouble seconds = iss_job_entry_get_seconds (self->entry);
  gboolean running = state == ISS_JOB_RUNNING;
  gboolean over = state == ISS_JOB_DONE || state == ISS_JOB_FAILED;
  g_autofree char *seconds_text = NULL;

  if (*text == '\0' && look->text != NULL)
    text = _(look->text);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].css_class);

  gtk_widget_add_css_class (GTK_WIDGET (self->icon), look->css_class);
  gtk_image_set_from_icon_name (self->icon, look->icon_name);
  gtk_stack_set_visible_child_name (self->symbol, running ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_label_set_label (self->text_label, text);

  gtk_widget_set_visible (GTK_WIDGET (self->confirm_button),
                          gtk_button_get_label (self->confirm_button) != NULL && !running
                          && g_error_matches (iss_job_entry_get_error (self->entry), ISS_ERROR,
                                              ISS_ERROR_NEEDS_CONFIRMATION));

  /* Translators: seconds that something took */
  seconds_text = over && seconds > 0 ? g_strdup_printf (_("%.1f s"), seconds) : g_strdup ("");
  gtk_label_set_label (self->seconds_label, seconds_text);
}

/**
 * iss_job_row_new:
 * @entry: an entry of a job
 * @names: (nullable): makes the names of all rows equally wide
 *
 * Returns: (transfer floating): a row that follows @entry
 */
GtkWidget *
iss_job_row_new (IssJobEntry  *entry,
                 GtkSizeGroup *names)
{
  IssJobRow *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (ISS_IS_JOB_ENTRY (entry), NULL);

  self = g_object_new (ISS_TYPE_JOB_ROW, NULL);
  self->entry = g_object_ref (entry);

  name = iss_server_dup_short_name (iss_job_entry_get_server (entry));
  gtk_label_set_label (self->name_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label),
                               iss_server_get_name (iss_job_entry_get_server (entry)));
  if (names != NULL)
    gtk_size_group_add_widget (names, GTK_WIDGET (self->name_label));

  g_signal_connect_object (entry, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

const char *
iss_job_row_get_text (IssJobRow *self)
{
  g_return_val_if_fail (ISS_IS_JOB_ROW (self), NULL);

  return gtk_label_get_label (self->text_label);
}

/**
 * iss_job_row_set_confirm_label:
 * @self: a row
 * @label: (nullable): a verb, with a mnemonic
 *
 * Has a button where something must be confirmed before it is done, see #IssJobRow::confirm.
 */
void
iss_job_row_set_confirm_label (IssJobRow  *self,
                               const char *label)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_JOB_ROW (self));

  if (label == NULL)
    return;

  name = iss_server_dup_short_name (iss_job_entry_get_server (self->entry));
  text = g_strdup_printf ("%s: %s", name, label);
  gtk_button_set_label (self->confirm_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->confirm_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  update (self);
}
