/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-page.h"

#include "ui/window/banner.h"
#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignPage:
 *
 * Which certificate a type shall use on which servers.
 *
 * Every answer asks the servers anew: what is suitable depends on the type and
 * on what each of them trusts and holds.
 */
struct _IssAssignPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkDropDown        *type_drop_down;
  GtkCheckButton     *whole_check;
  GtkCheckButton     *ticked_check;
  IssServerCheckList *servers;
  GtkLabel           *intro_label;
  IssCandidateList   *list;
  GtkLabel           *silent_label;
  IssBanner          *banner;
  GtkCheckButton     *confirm_check;
  GtkLabel           *confirm_label;

  /* Owned References */
  IssAssignPlan      *plan;
  GBytes             *selected;      /* (nullable): SHA-256 of what was chosen last */
  GCancellable       *cancellable;   /* (nullable): while the servers are asked */
};

static char *
iss_assign_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Certificate"));
}

static gboolean
iss_assign_page_is_complete (IssWizardPage *page)
{
  IssAssignPage *self = ISS_ASSIGN_PAGE (page);
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);

  if (candidate == NULL || iss_assign_plan_get_servers (self->plan)->len == 0)
    return FALSE;

  return !iss_candidate_has_warnings (candidate)
         || gtk_check_button_get_active (self->confirm_check);
}

static const char *
iss_assign_page_get_next (IssWizardPage *page)
{
  return "run";
}

static const char *
iss_assign_page_get_next_label (IssWizardPage *page)
{
  return _("_Assign");
}

static gboolean
iss_assign_page_can_go_back (IssWizardPage *page)
{
  return FALSE;
}

static gboolean
iss_assign_page_advance (IssWizardPage *page)
{
  IssAssignPage *self = ISS_ASSIGN_PAGE (page);
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);

  iss_assign_plan_set_candidate (self->plan, candidate);
  iss_assign_plan_set_force (self->plan, iss_candidate_has_warnings (candidate));

  return TRUE;
}

static void
iss_assign_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_assign_page_dup_title;
  iface->is_complete = iss_assign_page_is_complete;
  iface->get_next = iss_assign_page_get_next;
  iface->get_next_label = iss_assign_page_get_next_label;
  iface->can_go_back = iss_assign_page_can_go_back;
  iface->advance = iss_assign_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignPage, iss_assign_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_assign_page_page_init))

static void
give_up (IssAssignPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_assign_page_dispose (GObject *object)
{
  IssAssignPage *self = ISS_ASSIGN_PAGE (object);

  give_up (self);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGN_PAGE);
  g_clear_pointer (&self->selected, g_bytes_unref);

  G_OBJECT_CLASS (iss_assign_page_parent_class)->dispose (object);
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
update_warnings (IssAssignPage *self)
{
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);
  const IssCertificateType *type = iss_assign_plan_get_type_used (self->plan);
  g_autofree char *left_out = iss_assign_plan_dup_left_out (self->plan);
  g_autofree char *lead = NULL;
  gboolean warns = candidate != NULL && iss_candidate_has_warnings (candidate);

  if (left_out != NULL)
    {
      /* Translators: %s is a certificate type */
      lead = g_strdup_printf (_("%s must be the same on every server."),
                              iss_certificate_type_get_label (type));
      iss_banner_say (self->banner, ISS_BANNER_WARNING, lead, left_out);
    }
  else
    {
      iss_banner_clear (self->banner);
    }

  if (warns)
    {
      /* Translators: %s are the warnings about a certificate */
      g_autofree char *text = g_strdup_printf (_("Assign it _all the same: %s"),
                                               iss_candidate_get_reason (candidate));

      gtk_label_set_label (self->confirm_label, text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_check), warns);
}

static void
update (IssAssignPage *self)
{
  if (self->plan == NULL)
    return;

  update_warnings (self);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
show_candidates (IssAssignPage *self,
                 GPtrArray     *candidates,
                 GPtrArray     *silent)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);
  g_autoptr(GBytes) selected = self->selected != NULL ? g_bytes_ref (self->selected) : NULL;
  g_autofree char *names = iss_pool_label_dup_names (silent != NULL && silent->len > 0 ? silent
                                                                                       : servers);
  g_autofree char *text = NULL;

  if (silent != NULL && silent->len > 0)
    /* Translators: %s are servers */
    text = g_strdup_printf (ngettext ("%s does not answer and was not asked.",
                                      "%s do not answer and were not asked.", silent->len), names);

  gtk_label_set_label (self->silent_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->silent_label), text != NULL);

  if (candidates->len > 0)
    iss_candidate_list_set_candidates (self->list, candidates, selected);
  else if (silent != NULL && silent->len == servers->len)
    iss_candidate_list_say (self->list, FALSE, _("None of these servers answers."));
  else
    iss_candidate_list_say (self->list, FALSE,
                            _("There is no certificate in Personal yet. Import one first."));
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssAssignPage) self = user_data;
  g_autoptr(GPtrArray) silent = NULL;
  g_autoptr(GPtrArray) candidates = NULL;
  g_autoptr(GError) error = NULL;

  candidates = iss_candidate_load_finish (result, &silent, &error);

  /* Something else is being asked, or the page is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (candidates != NULL)
    {
      show_candidates (self, candidates, silent);
    }
  else
    {
      g_autofree char *sentence = g_strdup_printf ("%s.", error->message);

      iss_candidate_list_say (self->list, FALSE, sentence);
    }

  update (self);
}

static void
ask (IssAssignPage *self)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);
  const IssCertificateType *type = iss_assign_plan_get_type_used (self->plan);
  g_autofree char *names = iss_pool_label_dup_names (servers);
  g_autofree char *intro = NULL;

  give_up (self);
  gtk_widget_set_visible (GTK_WIDGET (self->silent_label), FALSE);

  if (servers->len == 0)
    {
      gtk_label_set_label (self->intro_label, _("Select the certificate to use."));
      iss_candidate_list_say (self->list, FALSE, _("Tick at least one server."));
      return;
    }

  /* Translators: "Select the certificate that fe01 and fe02 should use for OAuthTokenIssuer." */
  intro = g_strdup_printf (_("Select the certificate that %s should use for %s."), names,
                           iss_certificate_type_get_label (type));
  gtk_label_set_label (self->intro_label, intro);
  iss_candidate_list_say (self->list, TRUE, _("Asking the servers…"));

  self->cancellable = g_cancellable_new ();
  iss_candidate_load_async (iss_assign_plan_get_pool (self->plan), servers, type->name,
                            self->cancellable, loaded_cb, g_object_ref (self));
}

static void
take_servers (IssAssignPage *self)
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

static gboolean
have_servers_changed (IssAssignPage *self)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);
  g_autoptr(GPtrArray) before = g_ptr_array_ref (servers);
  gboolean changed;

  take_servers (self);
  servers = iss_assign_plan_get_servers (self->plan);
  changed = servers->len != before->len;

  for (guint i = 0; i < servers->len && !changed; i++)
    changed = g_ptr_array_index (servers, i) != g_ptr_array_index (before, i);

  return changed;
}

static void
servers_changed_cb (IssAssignPage *self)
{
  /* What is known of a server changes while it is asked: that is no reason to ask again. */
  if (self->plan == NULL || !have_servers_changed (self))
    return;

  ask (self);
  update (self);
}

static void
scope_chosen_cb (IssAssignPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->servers),
                          !gtk_check_button_get_active (self->whole_check));
  servers_changed_cb (self);
}

static void
type_chosen_cb (IssAssignPage *self)
{
  guint index = gtk_drop_down_get_selected (self->type_drop_down);

  if (self->plan == NULL || index >= iss_certificate_type_get_n ())
    return;

  iss_assign_plan_set_type (self->plan, iss_certificate_type_get (index));
  gtk_check_button_set_active (self->confirm_check, FALSE);
  ask (self);
  update (self);
}

static void
candidate_chosen_cb (IssAssignPage *self)
{
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);

  if (candidate != NULL)
    {
      g_clear_pointer (&self->selected, g_bytes_unref);
      self->selected = g_bytes_ref (iss_candidate_get_sha256 (candidate));
      gtk_check_button_set_active (self->confirm_check, FALSE);
    }

  update (self);
}

static void
confirmed_cb (IssAssignPage *self)
{
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_assign_page_class_init (IssAssignPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_assign_page_dispose;

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_CANDIDATE_LIST);
  g_type_ensure (ISS_TYPE_SERVER_CHECK_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/assign-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, type_drop_down);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, whole_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, ticked_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, servers);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, silent_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, banner);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, confirm_check);
  gtk_widget_class_bind_template_child (widget_class, IssAssignPage, confirm_label);
  gtk_widget_class_bind_template_callback (widget_class, type_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirmed_cb);
}

static void
iss_assign_page_init (IssAssignPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The types in the order of their table, each with its group in front. */
static void
fill_types (IssAssignPage *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      const char *label = iss_certificate_type_get_label (type);
      g_autofree char *text = NULL;

      /* Translators: a group of certificate types, and one of them */
      text = g_str_equal (type->group, type->label)
               ? g_strdup (label)
               : g_strdup_printf (_("%s: %s"), _(type->group), label);
      gtk_string_list_append (names, text);
      if (type == iss_assign_plan_get_type_used (self->plan))
        selected = i;
    }

  gtk_drop_down_set_model (self->type_drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->type_drop_down, selected);
}

/**
 * iss_assign_page_new:
 * @plan: what it fills
 * @selected: (nullable): SHA-256 of the certificate to begin with
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_assign_page_new (IssAssignPlan *plan,
                     GBytes        *selected)
{
  IssAssignPage *self;
  IssPool *pool;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_PAGE, NULL);
  pool = iss_assign_plan_get_pool (plan);
  name = iss_pool_label_dup_short (pool);
  /* Translators: %s is a pool */
  label = g_strdup_printf (_("On _every server of %s"), name);
  gtk_check_button_set_label (self->whole_check, label);
  self->selected = selected != NULL ? g_bytes_ref (selected) : NULL;

  iss_server_check_list_set_pool (self->servers, pool, describe, self);
  g_signal_connect_object (self->servers, "changed", G_CALLBACK (servers_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "changed", G_CALLBACK (candidate_chosen_cb), self,
                           G_CONNECT_SWAPPED);

  self->plan = g_object_ref (plan);
  take_servers (self);
  fill_types (self);
  ask (self);
  update (self);

  return GTK_WIDGET (self);
}

IssCandidateList *
iss_assign_page_get_list (IssAssignPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PAGE (self), NULL);

  return self->list;
}

IssServerCheckList *
iss_assign_page_get_servers (IssAssignPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PAGE (self), NULL);

  return self->servers;
}

const char *
iss_assign_page_get_warning (IssAssignPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}
