/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/global-choice.h"

#include <glib/gi18n-lib.h>

/**
 * IssGlobalChoice:
 *
 * Replicated, or by hand.
 *
 * By hand is what is chosen until somebody chooses: but a change of what is assigned globally
 * already is made globally, unless somebody chooses otherwise. An import by hand changes nothing
 * that is assigned.
 */
struct _IssGlobalChoice
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkCheckButton *global_check;
  GtkLabel       *global_means;
  GtkCheckButton *hand_check;
  GtkLabel       *hand_means;
  GtkWidget      *warning_box;
  GtkLabel       *warning;

  /* Owned References */
  IssGlobalOrder *order;      /* (nullable) until it is set */
  char           *type;       /* (nullable) */
  char           *obstacle;   /* (nullable) */

  gboolean        changes;    /* what is assigned */
  gboolean        decided;    /* by itself or by somebody */
  gboolean        updating;
};

G_DEFINE_FINAL_TYPE (IssGlobalChoice, iss_global_choice, GTK_TYPE_WIDGET)

static void
iss_global_choice_dispose (GObject *object)
{
  IssGlobalChoice *self = ISS_GLOBAL_CHOICE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_GLOBAL_CHOICE);
  if (self->order != NULL)
    g_signal_handlers_disconnect_by_data (self->order, self);
  g_clear_object (&self->order);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->obstacle, g_free);

  G_OBJECT_CLASS (iss_global_choice_parent_class)->dispose (object);
}

static void
update (IssGlobalChoice *self)
{
  const gboolean can = self->type != NULL && self->obstacle == NULL;
  const gboolean is_global = can && self->changes &&
                             iss_global_order_is_global (self->order, self->type);
  g_autofree char *means = NULL;
  g_autofree char *text = NULL;

  if (is_global && !self->decided)
    {
      self->decided = TRUE;
      iss_global_order_choose (self->order, TRUE);
    }
  if (self->obstacle != NULL && iss_global_order_is_chosen (self->order))
    iss_global_order_choose (self->order, FALSE);

  if (self->obstacle != NULL)
    means = g_strdup (self->obstacle);
  else
    /* Translators: a certificate type */
    means = g_strdup_printf (_("Run once; each server decrypts it and uses it for %s by scheduled "
                               "task."), self->type != NULL ? self->type : "");
  if (is_global && !iss_global_order_is_chosen (self->order))
    /* Translators: a certificate type */
    text = g_strdup_printf (_("%s is assigned globally: what is changed by hand is drift, until "
                              "the next decision or until what was changed is put back."),
                            self->type);

  self->updating = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->global_check), can);
  gtk_label_set_label (self->global_means, means);
  gtk_check_button_set_active (iss_global_order_is_chosen (self->order) ? self->global_check
                                                                        : self->hand_check, TRUE);
  gtk_label_set_label (self->warning, text != NULL ? text : "");
  gtk_widget_set_visible (self->warning_box, text != NULL);
  self->updating = FALSE;
}

static void
toggled_cb (IssGlobalChoice *self)
{
  if (self->updating || self->order == NULL)
    return;

  self->decided = TRUE;
  iss_global_order_choose (self->order, gtk_check_button_get_active (self->global_check));
}

static void
iss_global_choice_class_init (IssGlobalChoiceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_global_choice_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_RADIO_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/global-choice.ui");
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, root);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, global_check);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, global_means);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, hand_check);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, hand_means);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, warning_box);
  gtk_widget_class_bind_template_child (widget_class, IssGlobalChoice, warning);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
iss_global_choice_init (IssGlobalChoice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_global_choice_set_order:
 * @self: a choice
 * @order: whose choice it is
 * @by_hand_means: what is true of what is chosen instead, a sentence
 * @changes: whether by hand it would be drift where it is assigned globally
 *
 * Looks what is assigned globally.
 */
void
iss_global_choice_set_order (IssGlobalChoice *self,
                             IssGlobalOrder  *order,
                             const char      *by_hand_means,
                             gboolean         changes)
{
  g_return_if_fail (ISS_IS_GLOBAL_CHOICE (self));
  g_return_if_fail (ISS_IS_GLOBAL_ORDER (order) && self->order == NULL);

  self->order = g_object_ref (order);
  self->changes = changes;
  gtk_label_set_label (self->hand_means, by_hand_means);
  g_signal_connect_object (order, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  iss_global_order_look (order);
  update (self);
}

/**
 * iss_global_choice_set_by_hand:
 * @self: a choice
 * @by_hand: what is chosen instead of every server, with a mnemonic
 */
void
iss_global_choice_set_by_hand (IssGlobalChoice *self,
                               const char      *by_hand)
{
  g_return_if_fail (ISS_IS_GLOBAL_CHOICE (self));
  g_return_if_fail (by_hand != NULL);

  gtk_check_button_set_label (self->hand_check, by_hand);
}

/**
 * iss_global_choice_set_type:
 * @self: a choice
 * @type: (nullable): the name of the certificate type that it is about
 * @obstacle: (nullable): why that cannot be done on every server, replicated: a sentence
 */
void
iss_global_choice_set_type (IssGlobalChoice *self,
                            const char      *type,
                            const char      *obstacle)
{
  g_return_if_fail (ISS_IS_GLOBAL_CHOICE (self));

  g_free (self->type);
  g_free (self->obstacle);
  self->type = g_strdup (type);
  self->obstacle = g_strdup (obstacle);
  update (self);
}

/**
 * iss_global_choice_get_warning:
 * @self: a choice
 *
 * Returns: (transfer none): that a change by hand would be drift; "" = it would not
 */
const char *
iss_global_choice_get_warning (IssGlobalChoice *self)
{
  g_return_val_if_fail (ISS_IS_GLOBAL_CHOICE (self), NULL);

  return gtk_label_get_label (self->warning);
}
