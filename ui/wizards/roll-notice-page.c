/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/roll-notice-page.h"

#include "core/assignment/roll-notice.h"

#include <glib/gi18n-lib.h>

/**
 * IssRollNoticePage:
 *
 * Who must be told of the roll, and what each needs. What has to be done by hand
 * is marked: nothing here can see whether it was.
 */
struct _IssRollNoticePage
{
  GtkWidget      parent_instance;

  /* Template Widgets */
  GtkWidget     *root;
  GtkLabel      *intro_label;
  GtkBox        *list;

  /* Owned References */
  IssAssignPlan *plan;
  GTimeZone     *zone;
  char          *text;
};

static char *
iss_roll_notice_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Who Must Be Told"));
}

static const char *
iss_roll_notice_page_get_next (IssWizardPage *page)
{
  return "summary";
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);

  return label;
}

static void
show_notices (IssRollNoticePage *self,
              GPtrArray         *notices)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, child);

  for (guint i = 0; i < notices->len; i++)
    {
      const IssRollNotice *notice = g_ptr_array_index (notices, i);
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
      GtkWidget *mark = gtk_label_new (notice->by_hand ? "▲" : "●");
      GtkWidget *who = new_label (notice->who);
      GtkWidget *needs = new_label (notice->needs);

      gtk_widget_add_css_class (mark, notice->by_hand ? "warning" : "success");
      gtk_widget_set_valign (mark, GTK_ALIGN_START);
      gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      notice->by_hand ? _("by hand") : _("by itself"), -1);
      gtk_widget_set_tooltip_text (mark, notice->by_hand ? _("by hand") : _("by itself"));
      gtk_widget_add_css_class (needs, "dim-label");
      gtk_box_append (GTK_BOX (texts), who);
      gtk_box_append (GTK_BOX (texts), needs);
      gtk_box_append (GTK_BOX (row), mark);
      gtk_box_append (GTK_BOX (row), texts);
      gtk_box_append (self->list, row);
    }
}

static void
iss_roll_notice_page_enter (IssWizardPage *page)
{
  IssRollNoticePage *self = ISS_ROLL_NOTICE_PAGE (page);
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  g_autoptr(IssPoolRoll) roll = iss_assign_plan_make_roll (self->plan);
  g_autoptr(GPtrArray) notices = NULL;
  g_autofree char *types = iss_assign_plan_dup_types_text (self->plan);
  g_autofree char *intro = NULL;

  if (roll == NULL || roll->type == NULL)
    return;

  notices = iss_roll_notice_list (roll->type, &roll->plan, roll->instant,
                                  iss_pool_get_name (pool), self->zone);
  g_free (self->text);
  self->text = iss_roll_notice_dup_text (notices);

  /* Translators: %s are certificate types */
  intro = g_strdup_printf (_("Everyone who verifies what %s signs must know the new key before it "
                             "signs."), types);
  gtk_label_set_label (self->intro_label, intro);
  gtk_widget_set_visible (GTK_WIDGET (self->intro_label), roll->plan.token_lifetime > 0);
  show_notices (self, notices);
}

static void
iss_roll_notice_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_roll_notice_page_dup_title;
  iface->get_next = iss_roll_notice_page_get_next;
  iface->enter = iss_roll_notice_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssRollNoticePage, iss_roll_notice_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_roll_notice_page_page_init))

static void
iss_roll_notice_page_dispose (GObject *object)
{
  IssRollNoticePage *self = ISS_ROLL_NOTICE_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ROLL_NOTICE_PAGE);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (iss_roll_notice_page_parent_class)->dispose (object);
}

static void
copy_cb (IssRollNoticePage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
}

static void
iss_roll_notice_page_class_init (IssRollNoticePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/roll-notice-page.ui";

  object_class->dispose = iss_roll_notice_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssRollNoticePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssRollNoticePage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssRollNoticePage, list);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
iss_roll_notice_page_init (IssRollNoticePage *self)
{
  self->text = g_strdup ("");

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_roll_notice_page_new:
 * @plan: what is collected
 * @zone: the zone to show instants in
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_roll_notice_page_new (IssAssignPlan *plan,
                          GTimeZone     *zone)
{
  IssRollNoticePage *self;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);
  g_return_val_if_fail (zone != NULL, NULL);

  self = g_object_new (ISS_TYPE_ROLL_NOTICE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->zone = g_time_zone_ref (zone);

  return GTK_WIDGET (self);
}

const char *
iss_roll_notice_page_get_text (IssRollNoticePage *self)
{
  g_return_val_if_fail (ISS_IS_ROLL_NOTICE_PAGE (self), NULL);

  return self->text;
}
