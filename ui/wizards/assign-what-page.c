/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-what-page.h"

#include "core/pool/asked.h"
#include "ui/window/banner.h"
#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignWhatPage:
 *
 * The first page of the assignment: for which types, on which servers. The scope
 * is never guessed: it stands there to be read.
 */
struct _IssAssignWhatPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkLabel           *intro_label;
  IssTypeCheckList   *types;
  GtkCheckButton     *whole_check;
  GtkCheckButton     *ticked_check;
  IssServerCheckList *servers;
  IssBanner          *banner;

  /* Owned References */
  IssAssignPlan      *plan;

  gboolean            has_looked;
};

static char *
iss_assign_what_page_dup_title (IssWizardPage *page)
{
  IssAssignWhatPage *self = ISS_ASSIGN_WHAT_PAGE (page);

  return g_strdup (iss_assign_plan_rolls (self->plan) ? _("What Is Rolled")
                                                      : _("Certificate Assignment"));
}

static gboolean
iss_assign_what_page_is_complete (IssWizardPage *page)
{
  IssAssignWhatPage *self = ISS_ASSIGN_WHAT_PAGE (page);

  return iss_assign_plan_get_types (self->plan)[0] != NULL
         && iss_assign_plan_get_servers (self->plan)->len > 0;
}

static const char *
iss_assign_what_page_get_next (IssWizardPage *page)
{
  return "store";
}

static void
iss_assign_what_page_enter (IssWizardPage *page)
{
  IssAssignWhatPage *self = ISS_ASSIGN_WHAT_PAGE (page);
  g_autoptr(GPtrArray) asked = iss_asked_find (iss_assign_plan_get_pool (self->plan));

  if (!self->has_looked)
    iss_server_check_list_look (self->servers, asked);
  self->has_looked = TRUE;
}

static void
iss_assign_what_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_assign_what_page_dup_title;
  iface->is_complete = iss_assign_what_page_is_complete;
  iface->get_next = iss_assign_what_page_get_next;
  iface->enter = iss_assign_what_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignWhatPage, iss_assign_what_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_assign_what_page_page_init))

static void
iss_assign_what_page_dispose (GObject *object)
{
  IssAssignWhatPage *self = ISS_ASSIGN_WHAT_PAGE (object);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGN_WHAT_PAGE);

  G_OBJECT_CLASS (iss_assign_what_page_parent_class)->dispose (object);
}

static void
describe (IssServer           *server,
          IssServerCheckState *out_state,
          gpointer             user_data)
{
  const GError *error = iss_server_get_error (server);

  switch (iss_server_get_state (server))
    {
    case ISS_SERVER_STATE_NEW:
    case ISS_SERVER_STATE_CONNECTING:
      out_state->busy = TRUE;
      out_state->text = g_strdup (_("looking…"));
      return;

    case ISS_SERVER_STATE_READY:
      out_state->icon_name = "iss-server-symbolic";
      out_state->text = g_strdup (_("answers"));
      return;

    case ISS_SERVER_STATE_UNREACHABLE:
    case ISS_SERVER_STATE_LOGIN:
    case ISS_SERVER_STATE_HOST_KEY_UNKNOWN:
    case ISS_SERVER_STATE_HOST_KEY_CHANGED:
    case ISS_SERVER_STATE_NO_AGENT:
    case ISS_SERVER_STATE_PROTOCOL:
    case ISS_SERVER_STATE_NOT_OWNER:
    case ISS_SERVER_STATE_FAILED:
      break;
    }

  out_state->icon_name = "iss-server-off-symbolic";
  out_state->css_class = "dim-label";
  out_state->text = error != NULL ? g_strdup_printf (_("not answering: %s"), error->message)
                                  : g_strdup (_("not answering"));
  out_state->tooltip = iss_server_dup_remedy_text (server);
  out_state->can_retry = TRUE;
}

static void
update (IssAssignWhatPage *self)
{
  g_autofree char *left_out = iss_assign_plan_dup_left_out (self->plan);
  g_autofree char *types = iss_assign_plan_dup_pool_wide_text (self->plan);
  g_autofree char *lead = NULL;

  if (left_out != NULL)
    {
      /* Translators: %s is a certificate type */
      lead = g_strdup_printf (_("%s must be the same on every server."), types);
      iss_banner_say (self->banner, ISS_BANNER_WARNING, lead, left_out);
    }
  else
    {
      iss_banner_clear (self->banner);
    }

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
take_servers (IssAssignWhatPage *self)
{
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  g_autoptr(GPtrArray) servers = NULL;

  if (!gtk_check_button_get_active (self->whole_check))
    {
      servers = iss_server_check_list_dup_ticked (self->servers);
    }
  else
    {
      servers = g_ptr_array_new_with_free_func (g_object_unref);
      for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
        g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));
    }

  iss_assign_plan_set_servers (self->plan, servers);
}

static void
servers_changed_cb (IssAssignWhatPage *self)
{
  if (self->plan == NULL)
    return;

  iss_type_check_list_update (self->types);
  take_servers (self);
  update (self);
}

static void
scope_chosen_cb (IssAssignWhatPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->servers),
                          !gtk_check_button_get_active (self->whole_check));
  servers_changed_cb (self);
}

static void
types_changed_cb (IssAssignWhatPage *self)
{
  g_auto(GStrv) types = iss_type_check_list_dup_ticked (self->types);

  if (self->plan == NULL)
    return;

  iss_assign_plan_set_types (self->plan, (const char *const *) types);
  update (self);
}

static void
iss_assign_what_page_class_init (IssAssignWhatPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/assign-what-page.ui";

  object_class->dispose = iss_assign_what_page_dispose;

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_SERVER_CHECK_LIST);
  g_type_ensure (ISS_TYPE_TYPE_CHECK_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, types);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, whole_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, ticked_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, servers);
  gtk_widget_class_bind_template_child (widget_class, IssAssignWhatPage, banner);
  gtk_widget_class_bind_template_callback (widget_class, scope_chosen_cb);
}

static void
iss_assign_what_page_init (IssAssignWhatPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The plan's servers are ticked; they are also the scope unless a type is pool-wide: that
 * belongs on every server, wherever the wizard was begun. */
static void
tick_servers (IssAssignWhatPage *self,
              IssAssignPlan     *plan)
{
  GPtrArray *servers = iss_assign_plan_get_servers (plan);

  for (guint i = 0; i < iss_server_check_list_get_n_rows (self->servers); i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (self->servers, i);
      IssServer *server = iss_server_check_row_get_server (row);

      iss_server_check_row_set_ticked (row, servers->len == 0
                                            || g_ptr_array_find (servers, server, NULL));
    }

  if (servers->len > 0 && !iss_assign_plan_is_pool_wide (plan))
    {
      gtk_check_button_set_active (self->ticked_check, TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->servers), TRUE);
    }
}

/**
 * iss_assign_what_page_new:
 * @plan: what is collected
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_assign_what_page_new (IssAssignPlan *plan)
{
  IssAssignWhatPage *self;
  IssPool *pool;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_WHAT_PAGE, NULL);
  pool = iss_assign_plan_get_pool (plan);
  name = iss_pool_label_dup_short (pool);
  /* Translators: %s is a pool */
  label = g_strdup_printf (_("On _every server of %s"), name);
  gtk_check_button_set_label (self->whole_check, label);

  if (iss_assign_plan_rolls (plan))
    gtk_label_set_label (self->intro_label,
                         _("What shall be rolled? The new certificate is published at once, so "
                           "that everyone can come to know it, and signs from a date on. The one "
                           "that signs now verifies what it signed until then."));
  iss_type_check_list_set_pool (self->types, pool, iss_assign_plan_get_types (plan),
                                iss_assign_plan_rolls (plan));
  iss_server_check_list_set_pool (self->servers, pool, describe, self);
  g_signal_connect_object (self->types, "changed", G_CALLBACK (types_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->servers, "changed", G_CALLBACK (servers_changed_cb), self,
                           G_CONNECT_SWAPPED);

  /* Until the plan is there, no callback takes what is not all ticked yet. */
  tick_servers (self, plan);
  self->plan = g_object_ref (plan);
  take_servers (self);
  update (self);

  return GTK_WIDGET (self);
}

IssTypeCheckList *
iss_assign_what_page_get_types (IssAssignWhatPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_WHAT_PAGE (self), NULL);

  return self->types;
}

IssServerCheckList *
iss_assign_what_page_get_servers (IssAssignWhatPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_WHAT_PAGE (self), NULL);

  return self->servers;
}

const char *
iss_assign_what_page_get_warning (IssAssignWhatPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_WHAT_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}
