/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/wizard.h"

#include <glib/gi18n-lib.h>

#include "ui/stack-pages.h"

/**
 * IssWizard:
 *
 * A modal window that leads through pages.
 *
 * The frame knows no page: each says what comes next, and the way back is the
 * way that was come. While a job runs, leaving is asked about in the window.
 */
struct _IssWizard
{
  GtkWindow   parent_instance;

  /* Template Widgets */
  GtkWidget  *root;
  GtkLabel   *title_label;
  GtkLabel   *number_label;
  GtkStack   *stack;
  GtkWidget  *question;
  GtkWidget  *stop_button;
  GtkWidget  *go_on_button;
  GtkWidget  *back_button;
  GtkButton  *next_button;
  GtkButton  *cancel_button;

  /* Owned References */
  /* (element-type IssWizardPage) borrowed from the stack; the last is shown */
  GPtrArray  *way;
  const char *leave_label;      /* (nullable): static */
};

G_DEFINE_FINAL_TYPE (IssWizard, iss_wizard, GTK_TYPE_WINDOW)

static void
update (IssWizard *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  IssWizardPage *page = iss_wizard_get_page (self);
  g_autofree char *title = NULL;
  g_autofree char *number = NULL;
  gboolean working;
  gboolean can_go_back;
  gboolean is_first;
  gboolean last;
  const char *leave;

  if (page == NULL)
    return;

  title = iss_wizard_page_dup_title (page);
  working = iss_wizard_page_is_working (page);
  can_go_back = iss_wizard_page_can_go_back (page);
  is_first = self->way->len == 1;
  last = iss_wizard_page_get_next (page) == NULL;
  /* Translators: the wizard's name and the number of its page */
  number = last && !is_first
           ? g_strdup_printf (_("%s · last page"), gtk_window_get_title (GTK_WINDOW (self)))
           : g_strdup_printf (_("%s · page %u"), gtk_window_get_title (GTK_WINDOW (self)),
                              self->way->len);

  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->number_label, number);
  gtk_button_set_label (self->next_button, iss_wizard_page_get_next_label (page));

  gtk_widget_action_set_enabled (widget, "wizard.next",
                                 !working && iss_wizard_page_is_complete (page));
  gtk_widget_action_set_enabled (widget, "wizard.back",
                                 !working && !is_first && can_go_back);
  gtk_widget_set_visible (self->back_button, !is_first && can_go_back);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), !last || working || can_go_back);
  /* What came before a page that has no way back is done, and stays. */
  leave = is_first || can_go_back ? _("Cancel") : _("Close");
  if (self->leave_label != NULL)
    leave = self->leave_label;
  gtk_button_set_label (self->cancel_button, working ? _("Cancel") : leave);

  if (!working)
    gtk_widget_set_visible (self->question, FALSE);
}

static void
focus_first (IssWizard *self)
{
  GtkWidget *page = GTK_WIDGET (iss_wizard_get_page (self));

  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  if (!gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (GTK_WIDGET (self->next_button));
}

static void
show_last (IssWizard *self)
{
  IssWizardPage *page = iss_wizard_get_page (self);

  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  iss_wizard_page_enter (page);
  update (self);

  /* The first page gets the focus when the window is shown: GTK 4.8 tells screen readers nothing
   * of a dialog whose check button had the focus before. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    focus_first (self);
}

static void
go_on (IssWizard *self)
{
  const char *next = iss_wizard_page_get_next (iss_wizard_get_page (self));

  if (next == NULL)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  g_ptr_array_add (self->way, gtk_stack_get_child_by_name (self->stack, next));
  show_last (self);
}

static void
page_changed_cb (IssWizard     *self,
                 IssWizardPage *page)
{
  if (page == iss_wizard_get_page (self))
    update (self);
}

static void
page_proceed_cb (IssWizard     *self,
                 IssWizardPage *page)
{
  if (page == iss_wizard_get_page (self))
    go_on (self);
}

static void
next_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssWizard *self = ISS_WIZARD (widget);

  if (iss_wizard_page_advance (iss_wizard_get_page (self)))
    go_on (self);
}

static void
back_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssWizard *self = ISS_WIZARD (widget);

  g_ptr_array_set_size (self->way, (int) self->way->len - 1);
  show_last (self);
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
stop_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssWizard *self = ISS_WIZARD (widget);

  gtk_widget_set_visible (self->question, FALSE);
  iss_wizard_page_stop (iss_wizard_get_page (self));
}

static void
go_on_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  IssWizard *self = ISS_WIZARD (widget);

  gtk_widget_set_visible (self->question, FALSE);
  focus_first (self);
}

static gboolean
iss_wizard_close_request (GtkWindow *window)
{
  IssWizard *self = ISS_WIZARD (window);
  IssWizardPage *page = iss_wizard_get_page (self);

  if (page != NULL && iss_wizard_page_is_working (page))
    {
      gtk_widget_set_visible (self->question, TRUE);
      gtk_widget_grab_focus (self->go_on_button);
      return TRUE;
    }

  return GTK_WINDOW_CLASS (iss_wizard_parent_class)->close_request (window);
}

static void
iss_wizard_dispose (GObject *object)
{
  IssWizard *self = ISS_WIZARD (object);

  /* A page that dies may still say something: there is nobody to hear it. */
  g_ptr_array_set_size (self->way, 0);

  G_OBJECT_CLASS (iss_wizard_parent_class)->dispose (object);
}

static void
iss_wizard_finalize (GObject *object)
{
  IssWizard *self = ISS_WIZARD (object);

  g_clear_pointer (&self->way, g_ptr_array_unref);

  G_OBJECT_CLASS (iss_wizard_parent_class)->finalize (object);
}

static void
iss_wizard_class_init (IssWizardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = iss_wizard_dispose;
  object_class->finalize = iss_wizard_finalize;
  window_class->close_request = iss_wizard_close_request;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/wizard.ui");
  gtk_widget_class_bind_template_child (widget_class, IssWizard, root);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, title_label);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, number_label);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, stack);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, question);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, stop_button);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, IssWizard, cancel_button);

  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, next_cb);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, back_cb);
  gtk_widget_class_install_action (widget_class, "wizard.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "wizard.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "wizard.go-on", NULL, go_on_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "wizard.cancel", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK,
                                       "wizard.back", NULL);
}

static void
iss_wizard_init (IssWizard *self)
{
  self->way = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_stack_pages_tell (self->stack);
}

/**
 * iss_wizard_new:
 * @parent: (nullable): the window that it belongs to
 * @title: its name
 *
 * Returns: (transfer none): a wizard without pages; GTK owns it until it is closed
 */
GtkWidget *
iss_wizard_new (GtkWindow  *parent,
                const char *title)
{
  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  return g_object_new (ISS_TYPE_WIZARD,
                       "transient-for", parent,
                       "title", title,
                       NULL);
}

/**
 * iss_wizard_add_page:
 * @self: a wizard
 * @name: by which other pages call it
 * @page: (transfer floating): the page
 *
 * Adds a page. The first one is shown.
 */
void
iss_wizard_add_page (IssWizard     *self,
                     const char    *name,
                     IssWizardPage *page)
{
  g_return_if_fail (ISS_IS_WIZARD (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (ISS_IS_WIZARD_PAGE (page));

  gtk_stack_add_named (self->stack, GTK_WIDGET (page), name);
  g_signal_connect_object (page, "changed", G_CALLBACK (page_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "proceed", G_CALLBACK (page_proceed_cb), self,
                           G_CONNECT_SWAPPED);

  if (self->way->len == 0)
    {
      g_ptr_array_add (self->way, page);
      show_last (self);
    }
}

/**
 * iss_wizard_get_page:
 * @self: a wizard
 *
 * Returns: (transfer none) (nullable): the page that is shown
 */
IssWizardPage *
iss_wizard_get_page (IssWizard *self)
{
  g_return_val_if_fail (ISS_IS_WIZARD (self), NULL);

  if (self->way->len == 0)
    return NULL;

  return g_ptr_array_index (self->way, self->way->len - 1);
}

/**
 * iss_wizard_find_page:
 * @self: a wizard
 * @name: a page's name
 *
 * Returns: (transfer none) (nullable): that page
 */
IssWizardPage *
iss_wizard_find_page (IssWizard  *self,
                      const char *name)
{
  GtkWidget *page;

  g_return_val_if_fail (ISS_IS_WIZARD (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  page = gtk_stack_get_child_by_name (self->stack, name);

  return page != NULL ? ISS_WIZARD_PAGE (page) : NULL;
}

/**
 * iss_wizard_get_number:
 * @self: a wizard
 *
 * Returns: the number of the page that is shown, from 1; 0 without pages
 */
guint
iss_wizard_get_number (IssWizard *self)
{
  g_return_val_if_fail (ISS_IS_WIZARD (self), 0);

  return self->way->len;
}

/**
 * iss_wizard_set_leave_label:
 * @self: a wizard
 * @label: a translated text that stays
 *
 * Has the button that leaves it, nothing done, say @label: "Cancel" would be taken for what a
 * wizard does that cancels something.
 */
void
iss_wizard_set_leave_label (IssWizard  *self,
                            const char *label)
{
  g_return_if_fail (ISS_IS_WIZARD (self));
  g_return_if_fail (label != NULL);

  self->leave_label = label;
  update (self);
}

/**
 * iss_wizard_hand_over:
 * @self: a wizard
 * @action: an action of the window that it belongs to
 * @target: (nullable): what it is done with; consumed if it is floating
 *
 * Has the console do something that is not the wizard's, which covers it, and closes the wizard.
 * Without such a window nothing happens.
 */
void
iss_wizard_hand_over (IssWizard  *self,
                      const char *action,
                      GVariant   *target)
{
  g_autoptr(GVariant) held = target != NULL ? g_variant_ref_sink (target) : NULL;
  GtkWindow *console;

  g_return_if_fail (ISS_IS_WIZARD (self));
  g_return_if_fail (action != NULL);

  console = gtk_window_get_transient_for (GTK_WINDOW (self));
  if (console == NULL)
    return;

  gtk_widget_activate_action_variant (GTK_WIDGET (console), action, held);
  gtk_window_close (GTK_WINDOW (self));
}
