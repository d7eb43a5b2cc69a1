/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-store-page.h"

#include "ui/certificates/certificate-dialog.h"
#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignStorePage:
 *
 * Which certificate the servers shall use.
 *
 * Whenever the page is shown the servers are asked anew: what is suitable depends
 * on the types, on what each server trusts and holds, and may have changed since.
 */
struct _IssAssignStorePage
{
  GtkWidget         parent_instance;

  /* Template Widgets */
  GtkWidget        *root;
  GtkLabel         *intro_label;
  IssCandidateList *list;
  GtkLabel         *note_label;
  GtkWidget        *view_button;

  /* Owned References */
  IssAssignPlan    *plan;
  GBytes           *selected;      /* (nullable): SHA-256 of what was chosen last */
  GCancellable     *cancellable;   /* (nullable): while the servers are asked */

  gboolean          everywhere;    /* the plan's servers have it, and every server gets it */
};

static void
give_up (IssAssignStorePage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
say_note (IssAssignStorePage *self,
          GPtrArray          *candidates,
          GPtrArray          *silent)
{
  g_autofree char *names = iss_pool_label_dup_names (silent);
  g_autoptr(GString) note = g_string_new (NULL);
  gboolean suits = candidates->len > 0
                   && iss_candidate_is_suitable (g_ptr_array_index (candidates, 0));

  if (candidates->len > 0 && !suits)
    g_string_append (note, _("None of these certificates suits. Each says what is wrong with it."));
  if (silent->len > 0)
    g_string_append_printf (note, ngettext ("%s%s does not answer and was not asked.",
                                            "%s%s do not answer and were not asked.",
                                            silent->len), note->len > 0 ? " " : "", names);

  gtk_label_set_label (self->note_label, note->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note->len > 0);
}

static void
show_candidates (IssAssignStorePage *self,
                 GPtrArray          *candidates,
                 GPtrArray          *silent)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);
  g_autoptr(GBytes) selected = self->selected != NULL ? g_bytes_ref (self->selected) : NULL;

  say_note (self, candidates, silent);

  if (candidates->len > 0)
    iss_candidate_list_set_candidates (self->list, candidates, selected);
  else if (silent->len == servers->len)
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
  g_autoptr(IssAssignStorePage) self = user_data;
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

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
ask (IssAssignStorePage *self)
{
  GPtrArray *servers = iss_assign_plan_get_servers (self->plan);
  g_autofree char *types = iss_assign_plan_dup_types_text (self->plan);
  g_autofree char *names = iss_pool_label_dup_names (servers);
  g_autofree char *pool = iss_pool_label_dup_short (iss_assign_plan_get_pool (self->plan));
  g_autofree char *intro = NULL;

  give_up (self);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), FALSE);

  if (self->everywhere)
    /* Translators: a pool, certificate types, servers */
    intro = g_strdup_printf (_("Select the certificate that every server of %s should use for %s. "
                               "These are on %s, from where the private key goes to each of the "
                               "others, sealed for it."), pool, types, names);
  else
    /* Translators: "Select the certificate that fe01 and fe02 should use for OAuthTokenIssuer." */
    intro = g_strdup_printf (_("Select the certificate that %s should use for %s."), names,
                             types);
  gtk_label_set_label (self->intro_label, intro);
  iss_candidate_list_say (self->list, TRUE, _("Asking the servers…"));

  self->cancellable = g_cancellable_new ();
  iss_candidate_load_async (iss_assign_plan_get_pool (self->plan), servers,
                            iss_assign_plan_get_types (self->plan), self->cancellable, loaded_cb,
                            g_object_ref (self));
}

/* As the first of the servers that have it sees it. */
static void
view (IssAssignStorePage *self)
{
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);
  IssPool *pool = iss_assign_plan_get_pool (self->plan);
  IssServer *server = candidate != NULL
    ? iss_pool_find_server (pool, iss_candidate_get_holder (candidate)) : NULL;

  if (server != NULL)
    gtk_window_present (GTK_WINDOW (iss_certificate_dialog_new (
      GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), pool, server,
      iss_store_name_get_nick (ISS_STORE_MY), iss_candidate_get_sha256 (candidate))));
}

static char *
iss_assign_store_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Certificate Store"));
}

static gboolean
iss_assign_store_page_is_complete (IssWizardPage *page)
{
  return iss_candidate_list_get_selected (ISS_ASSIGN_STORE_PAGE (page)->list) != NULL;
}

static const char *
iss_assign_store_page_get_next (IssWizardPage *page)
{
  return iss_assign_plan_rolls (ISS_ASSIGN_STORE_PAGE (page)->plan) ? "date" : "summary";
}

static void
iss_assign_store_page_enter (IssWizardPage *page)
{
  ask (ISS_ASSIGN_STORE_PAGE (page));
}

static gboolean
iss_assign_store_page_advance (IssWizardPage *page)
{
  IssAssignStorePage *self = ISS_ASSIGN_STORE_PAGE (page);

  iss_assign_plan_set_candidate (self->plan, iss_candidate_list_get_selected (self->list));

  return TRUE;
}

static void
iss_assign_store_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_assign_store_page_dup_title;
  iface->is_complete = iss_assign_store_page_is_complete;
  iface->get_next = iss_assign_store_page_get_next;
  iface->enter = iss_assign_store_page_enter;
  iface->advance = iss_assign_store_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignStorePage, iss_assign_store_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_assign_store_page_page_init))

static void
iss_assign_store_page_dispose (GObject *object)
{
  IssAssignStorePage *self = ISS_ASSIGN_STORE_PAGE (object);

  give_up (self);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGN_STORE_PAGE);
  g_clear_pointer (&self->selected, g_bytes_unref);

  G_OBJECT_CLASS (iss_assign_store_page_parent_class)->dispose (object);
}

static void
chosen_cb (IssAssignStorePage *self)
{
  IssCandidate *candidate = iss_candidate_list_get_selected (self->list);

  if (self->plan == NULL)
    return;

  gtk_widget_set_sensitive (self->view_button, candidate != NULL);
  if (candidate != NULL)
    {
      g_clear_pointer (&self->selected, g_bytes_unref);
      self->selected = g_bytes_ref (iss_candidate_get_sha256 (candidate));
    }

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
iss_assign_store_page_class_init (IssAssignStorePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/assign-store-page.ui";

  object_class->dispose = iss_assign_store_page_dispose;

  g_type_ensure (ISS_TYPE_CANDIDATE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssAssignStorePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignStorePage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignStorePage, list);
  gtk_widget_class_bind_template_child (widget_class, IssAssignStorePage, note_label);
  gtk_widget_class_bind_template_child (widget_class, IssAssignStorePage, view_button);
  gtk_widget_class_bind_template_callback (widget_class, ask);
  gtk_widget_class_bind_template_callback (widget_class, view);
}

static void
iss_assign_store_page_init (IssAssignStorePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_assign_store_page_new:
 * @plan: what is collected
 * @selected: (nullable): the certificate to begin with, by its SHA-256
 *
 * Returns: (transfer floating): the page; it asks nobody before it is shown
 */
GtkWidget *
iss_assign_store_page_new (IssAssignPlan *plan,
                           GBytes        *selected)
{
  IssAssignStorePage *self;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_STORE_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->selected = selected != NULL ? g_bytes_ref (selected) : NULL;
  g_signal_connect_object (self->list, "changed", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * iss_assign_store_page_set_everywhere:
 * @self: a page
 * @everywhere: whether every server of the pool gets what the plan's servers have
 */
void
iss_assign_store_page_set_everywhere (IssAssignStorePage *self,
                                      gboolean            everywhere)
{
  g_return_if_fail (ISS_IS_ASSIGN_STORE_PAGE (self));

  self->everywhere = everywhere;
  if (everywhere)
    iss_candidate_list_hide_servers (self->list);
}

IssCandidateList *
iss_assign_store_page_get_list (IssAssignStorePage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_STORE_PAGE (self), NULL);

  return self->list;
}
