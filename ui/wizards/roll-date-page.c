/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/roll-date-page.h"

#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/server-zone.h"
#include "ui/wizards/status-line.h"

#include <glib/gi18n-lib.h>

/**
 * IssRollDatePage:
 *
 * From when on the certificate shall be current.
 *
 * What is typed is said again in every zone that matters, while it is typed. What
 * could be meant in two ways is asked about: each way is a button that types it.
 */
struct _IssRollDatePage
{
  GtkWidget         parent_instance;

  /* Template Widgets */
  GtkWidget        *root;
  GtkLabel         *intro_label;
  GtkCheckButton   *date_check;
  GtkCheckButton   *once_check;
  GtkWidget        *policy_box;
  GtkCheckButton   *ready_check;
  GtkCheckButton   *each_check;
  GtkEntry         *entry;
  GtkLabel         *hint_label;
  GtkGrid          *grid;
  GtkWidget        *question_box;
  IssStatusLine    *question;
  GtkBox           *choices_box;
  GtkCheckButton   *confirm_check;
  GtkLabel         *confirm_label;
  GtkLabel         *suggestion_label;
  GtkButton        *use_button;

  /* Owned References */
  IssAssignPlan    *plan;
  GTimeZone        *zone;
  IssEffectiveDate *date;        /* (nullable): what was typed, if it is one and allowed */
  char             *echo;
  char             *reason;

  gint64            suggested;   /* 0 = before the page was shown */
  gboolean          needs_confirmation;
};

static char *
iss_roll_date_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Date and Time"));
}

static gboolean
iss_roll_date_page_is_complete (IssWizardPage *page)
{
  IssRollDatePage *self = ISS_ROLL_DATE_PAGE (page);

  if (!gtk_check_button_get_active (self->date_check))
    return TRUE;

  return self->date != NULL
         && (!self->needs_confirmation || gtk_check_button_get_active (self->confirm_check));
}

static const char *
iss_roll_date_page_get_next (IssWizardPage *page)
{
  return "timeline";
}

static void
add_line (IssRollDatePage *self,
          const char      *title,
          const char      *text)
{
  GtkWidget *name = gtk_label_new (title);
  GtkWidget *value = gtk_label_new (text);
  int row = 0;

  while (gtk_grid_get_child_at (self->grid, 0, row) != NULL)
    row++;

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (self->grid, name, 0, row, 1, 1);
  gtk_grid_attach (self->grid, value, 1, row, 1, 1);
}

/* "in 51 days", "in 3 hours" */
static char *
dup_distance (gint64 seconds)
{
  gint64 hours = seconds / 3600;
  gint64 days = hours / 24;

  if (days > 1)
    return g_strdup_printf (ngettext ("in %d day", "in %d days", (gulong) days), (int) days);
  if (hours > 0)
    return g_strdup_printf (ngettext ("in %d hour", "in %d hours", (gulong) hours), (int) hours);

  return g_strdup (_("in less than an hour"));
}

/* The same instant here, on the servers and in UTC. */
static void
show_echo (IssRollDatePage  *self,
           IssEffectiveDate *date)
{
  gint64 now = iss_clock_now (iss_pool_get_clock (iss_assign_plan_get_pool (self->plan)));
  gint64 instant = date != NULL ? iss_effective_date_get_instant (date) : 0;
  g_autofree char *utc = NULL;
  g_autofree char *distance = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  g_clear_pointer (&self->echo, g_free);
  self->echo = date != NULL ? iss_effective_date_dup_echo (date) : g_strdup ("");
  gtk_widget_set_visible (GTK_WIDGET (self->grid), date != NULL);
  if (date == NULL)
    return;

  utc = iss_time_text_instant (instant, NULL);
  add_line (self, _("Here"), self->echo);
  lines = iss_server_zone_list (iss_assign_plan_get_servers (self->plan), instant);
  for (guint i = 0; i < lines->len; i++)
    {
      const IssServerZone *line = g_ptr_array_index (lines, i);
      /* Translators: %s are servers: what the time is by their clocks */
      g_autofree char *where = g_strdup_printf (_("On %s"), line->servers);

      add_line (self, where, line->text);
    }
  add_line (self, _("UTC"), utc);
  if (instant > now)
    {
      distance = dup_distance (instant - now);
      add_line (self, _("That is"), distance);
    }
}

static void
choose_cb (GtkButton *button,
           gpointer   user_data)
{
  IssRollDatePage *self = ISS_ROLL_DATE_PAGE (user_data);
  g_autofree char *typed = g_strdup (g_object_get_data (G_OBJECT (button), "typed"));

  /* The button goes with what it stands for. */
  gtk_editable_set_text (GTK_EDITABLE (self->entry), typed);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
show_choices (IssRollDatePage *self,
              GPtrArray       *choices)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->choices_box))) != NULL)
    gtk_box_remove (self->choices_box, child);

  for (guint i = 0; i < choices->len; i++)
    {
      IssEffectiveDate *choice = g_ptr_array_index (choices, i);
      g_autofree char *echo = iss_effective_date_dup_echo (choice);
      GtkWidget *button = gtk_button_new_with_label (echo);

      g_object_set_data_full (G_OBJECT (button), "typed",
                              g_strdup (iss_effective_date_get_typed (choice)), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (choose_cb), self, 0);
      gtk_box_append (self->choices_box, button);
    }
}

/* Whether the instant may be, and if only when confirmed, what is to be confirmed. */
static gboolean
judge (IssRollDatePage  *self,
       IssEffectiveDate *date,
       GError          **error)
{
  g_autoptr(IssPoolRoll) roll = iss_assign_plan_make_roll (self->plan);
  g_autoptr(GError) warning = NULL;
  g_autofree char *text = NULL;
  gint64 instant = iss_effective_date_get_instant (date);

  if (roll == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                           _("There is no roll any more: it was cancelled, or has been"));
      return FALSE;
    }

  if (iss_roll_plan_check (&roll->plan, instant, self->zone, FALSE, &warning)
      && iss_assign_plan_check_clocks (self->plan, &warning))
    return TRUE;

  if (!g_error_matches (warning, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION))
    {
      g_propagate_error (error, g_steal_pointer (&warning));
      return FALSE;
    }

  /* Translators: %s is what is cut short */
  text = g_strdup_printf (_("Roll then _all the same: %s"), warning->message);
  gtk_label_set_label (self->confirm_label, text);
  self->needs_confirmation = TRUE;

  return TRUE;
}

static void
update (IssRollDatePage *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr(IssEffectiveDate) date = NULL;
  g_autoptr(GPtrArray) choices = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->date, iss_effective_date_unref);
  self->needs_confirmation = FALSE;
  gtk_check_button_set_active (self->confirm_check, FALSE);

  if (gtk_check_button_get_active (self->date_check) && *typed != '\0')
    date = iss_effective_date_parse (typed, self->zone, &choices, &error);
  show_echo (self, date);
  if (date != NULL && judge (self, date, &error))
    self->date = g_steal_pointer (&date);

  if (error != NULL)
    iss_status_line_say_error (self->question, error);
  else
    iss_status_line_clear (self->question);
  if (choices != NULL)
    show_choices (self, choices);
  gtk_widget_set_visible (GTK_WIDGET (self->choices_box), choices != NULL && choices->len > 0);
  gtk_widget_set_visible (self->question_box, error != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_check), self->needs_confirmation);
  gtk_widget_set_visible (self->policy_box,
                          gtk_check_button_get_active (self->date_check)
                          && iss_assign_plan_is_pool_wide (self->plan)
                          && iss_assign_plan_get_change (self->plan) != ISS_TRANSITION_POSTPONE);

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
use_suggestion (IssRollDatePage *self)
{
  gint64 now = iss_clock_now (iss_pool_get_clock (iss_assign_plan_get_pool (self->plan)));
  g_autoptr(IssEffectiveDate) date = NULL;

  if (self->suggested <= now)
    {
      gtk_check_button_set_active (self->once_check, TRUE);
      return;
    }

  date = iss_effective_date_new (self->suggested, self->zone);
  gtk_check_button_set_active (self->date_check, TRUE);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), iss_effective_date_get_typed (date));
}

static void
show_suggestion (IssRollDatePage *self)
{
  g_autoptr(IssPoolRoll) roll = iss_assign_plan_make_roll (self->plan);
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (roll == NULL)
    return;

  g_clear_pointer (&self->reason, g_free);
  self->suggested = iss_roll_plan_suggest (&roll->plan, self->zone, &self->reason);
  when = iss_time_text_instant (self->suggested, self->zone);
  text = self->suggested <= roll->plan.now
         /* Translators: %s is the reason, whole sentences */
         ? g_strdup_printf (_("Suggested: at once. %s"), self->reason)
         /* Translators: an instant, and the reason, whole sentences */
         : g_strdup_printf (_("Suggested: %s. %s"), when, self->reason);
  gtk_label_set_label (self->suggestion_label, text);

  /* A certificate that is not valid yet cannot be current at once. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->once_check),
                            roll->plan.new_not_before <= roll->plan.now);
}

static void
iss_roll_date_page_enter (IssWizardPage *page)
{
  IssRollDatePage *self = ISS_ROLL_DATE_PAGE (page);
  g_autofree char *types = iss_assign_plan_dup_types_text (self->plan);
  g_autofree char *intro = NULL;
  gboolean postpones = iss_assign_plan_get_change (self->plan) == ISS_TRANSITION_POSTPONE;
  gboolean is_first = self->suggested == 0;

  /* Translators: certificate, certificate types */
  intro = g_strdup_printf (_("From when on shall %s be the current certificate for %s?"),
                           iss_assign_plan_get_name (self->plan), types);
  gtk_label_set_label (self->intro_label, intro);
  gtk_widget_set_visible (GTK_WIDGET (self->once_check), !postpones);
  show_suggestion (self);
  if (is_first)
    use_suggestion (self);
  update (self);
}

static gboolean
iss_roll_date_page_advance (IssWizardPage *page)
{
  IssRollDatePage *self = ISS_ROLL_DATE_PAGE (page);
  gboolean at_once = !gtk_check_button_get_active (self->date_check);
  g_autoptr(GError) error = NULL;

  /* Time has gone on since it was typed. */
  if (!at_once && !judge (self, self->date, &error))
    {
      update (self);
      return FALSE;
    }

  iss_assign_plan_set_date (self->plan, at_once ? NULL : self->date);
  iss_assign_plan_set_unconditional (self->plan,
                                     gtk_check_button_get_active (self->each_check));

  return TRUE;
}

static void
iss_roll_date_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_roll_date_page_dup_title;
  iface->is_complete = iss_roll_date_page_is_complete;
  iface->get_next = iss_roll_date_page_get_next;
  iface->enter = iss_roll_date_page_enter;
  iface->advance = iss_roll_date_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssRollDatePage, iss_roll_date_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_roll_date_page_page_init))

static void
iss_roll_date_page_dispose (GObject *object)
{
  IssRollDatePage *self = ISS_ROLL_DATE_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ROLL_DATE_PAGE);
  g_clear_pointer (&self->date, iss_effective_date_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->echo, g_free);
  g_clear_pointer (&self->reason, g_free);

  G_OBJECT_CLASS (iss_roll_date_page_parent_class)->dispose (object);
}

/* While the page is made nothing is typed yet. */
static gboolean
is_shown (IssRollDatePage *self)
{
  return self->plan != NULL && self->suggested != 0;
}

static void
typed_cb (IssRollDatePage *self)
{
  if (!is_shown (self))
    return;

  gtk_check_button_set_active (self->date_check, TRUE);
  update (self);
}

static void
chosen_cb (IssRollDatePage *self)
{
  if (!is_shown (self))
    return;

  update (self);
}

static void
confirmed_cb (IssRollDatePage *self)
{
  if (self->plan != NULL)
    iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
use_cb (IssRollDatePage *self)
{
  use_suggestion (self);
  update (self);
}

static void
iss_roll_date_page_class_init (IssRollDatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/roll-date-page.ui";

  object_class->dispose = iss_roll_date_page_dispose;

  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, date_check);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, once_check);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, policy_box);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, ready_check);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, each_check);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, entry);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, grid);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, question_box);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, question);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, choices_box);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, confirm_check);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, confirm_label);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, suggestion_label);
  gtk_widget_class_bind_template_child (widget_class, IssRollDatePage, use_button);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirmed_cb);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
iss_roll_date_page_init (IssRollDatePage *self)
{
  self->echo = g_strdup ("");

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_roll_date_page_new:
 * @plan: what is collected
 * @zone: the zone that a time without one is meant in
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_roll_date_page_new (IssAssignPlan *plan,
                        GTimeZone     *zone)
{
  IssRollDatePage *self;
  g_autofree char *hint = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  self = g_object_new (ISS_TYPE_ROLL_DATE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->zone = g_time_zone_ref (zone);

  /* Translators: %s is a time zone: Europe/Berlin */
  hint = g_strdup_printf (_("as 2027-07-01T00:00, in %s"), g_time_zone_get_identifier (zone));
  gtk_label_set_label (self->hint_label, hint);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry),
                               _("Year, month, day and time, as 2027-07-01T00:00. With another "
                                 "zone, as 2027-07-01T00:00-04:00 or 2027-07-01T00:00Z"));

  return GTK_WIDGET (self);
}

const char *
iss_roll_date_page_get_echo (IssRollDatePage *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_DATE_PAGE (self), NULL);

  return self->echo;
}

const char *
iss_roll_date_page_get_question (IssRollDatePage *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_DATE_PAGE (self), NULL);

  return iss_status_line_get_text (self->question);
}

const char *
iss_roll_date_page_get_reason (IssRollDatePage *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_DATE_PAGE (self), NULL);

  return self->reason != NULL ? self->reason : "";
}
