/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/enroll-servers-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/status-line.h"

/**
 * IssEnrollServersPage:
 *
 * The servers of the pool, with those ticked that are not enrolled yet.
 *
 * One that is enrolled may be ticked as well: a server that was built anew has lost its key.
 */
struct _IssEnrollServersPage
{
  GtkWidget            parent_instance;

  /* Template Widgets */
  GtkWidget           *root;
  GtkLabel            *intro_label;
  IssStatusLine       *status;
  GtkWidget           *later;
  GtkWidget           *now_check;
  GtkCheckButton      *later_check;
  GtkLabel            *later_means;
  IssServerCheckList  *list;

  /* Owned References */
  IssEnrollPlan       *plan;
  IssReplicationTable *table;         /* (nullable): not read yet */
  GHashTable          *decided;       /* (element-type IssServer) borrowed */
  GCancellable        *cancellable;   /* (nullable): of the reading */

  gboolean             shown;         /* from when it is entered until it is left */
};

static const IssEnrolment *
find_enrolment (IssEnrollServersPage *self,
                IssServer            *server)
{
  for (guint i = 0; i < iss_replication_table_get_n_servers (self->table); i++)
    if (g_str_equal (iss_replication_table_get_report (self->table, i)->server,
                     iss_server_get_name (server)))
      return iss_replication_table_get_enrolment (self->table, i);

  return NULL;
}

static gboolean
is_asked (IssEnrollServersPage *self,
          IssServer            *server)
{
  const IssServerState state = iss_server_get_state (server);

  return state == ISS_SERVER_STATE_NEW || state == ISS_SERVER_STATE_CONNECTING ||
         self->table == NULL;
}

static void
describe (IssServer           *server,
          IssServerCheckState *out_state,
          gpointer             user_data)
{
  IssEnrollServersPage *self = user_data;
  const GError *error = iss_server_get_error (server);
  const IssEnrolment *enrolment = self->table != NULL ? find_enrolment (self, server) : NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  if (is_asked (self, server))
    {
      out_state->busy = TRUE;
      out_state->text = g_strdup (_("looking…"));
    }
  else if (!iss_server_is_answering (server))
    {
      out_state->icon_name = "iss-server-off-symbolic";
      out_state->css_class = "dim-label";
      /* Translators: %s is the reason */
      out_state->text = error != NULL ? g_strdup_printf (_("not answering: %s"), error->message)
                                      : g_strdup (_("not answering"));
      out_state->tooltip = iss_server_dup_remedy_text (server);
      out_state->can_retry = TRUE;
    }
  else if (enrolment == NULL)
    {
      out_state->icon_name = "iss-state-missing-symbolic";
      out_state->css_class = "warning";
      out_state->text = g_strdup (_("not enrolled"));
    }
  else
    {
      g_autofree char *date = iss_time_text_date (enrolment->at, zone);

      out_state->icon_name = "iss-state-published-symbolic";
      out_state->css_class = "success";
      out_state->text = g_strdup_printf (_("enrolled on %s"), date);
    }
}

static void
decide (IssEnrollServersPage *self)
{
  for (guint i = 0; i < iss_server_check_list_get_n_rows (self->list); i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (self->list, i);
      IssServer *server = iss_server_check_row_get_server (row);

      if (self->table == NULL || !iss_server_is_answering (server) ||
          !g_hash_table_add (self->decided, server))
        continue;

      iss_server_check_row_set_ticked (row, find_enrolment (self, server) == NULL);
    }
}

static gboolean
is_later (IssEnrollServersPage *self)
{
  return gtk_check_button_get_active (self->later_check);
}

static gboolean
has_enrolled (IssEnrollServersPage *self)
{
  for (guint i = 0; self->table != NULL && i < iss_replication_table_get_n_servers (self->table);
       i++)
    if (iss_replication_table_get_enrolment (self->table, i) != NULL)
      return TRUE;

  return FALSE;
}

/* What nobody sees is not decided: a server may answer while the passphrase is typed. */
static void
update (IssEnrollServersPage *self)
{
  if (!self->shown)
    return;

  decide (self);
  iss_enroll_plan_set_has_enrolled (self->plan, has_enrolled (self));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static gboolean
is_looking (IssEnrollServersPage *self)
{
  for (guint i = 0; i < iss_server_check_list_get_n_rows (self->list); i++)
    if (is_asked (self, iss_server_check_row_get_server (
                              iss_server_check_list_get_row (self->list, i))))
      return TRUE;

  return FALSE;
}

static char *
iss_enroll_servers_page_dup_title (IssWizardPage *page)
{
  IssEnrollPlan *plan = ISS_ENROLL_SERVERS_PAGE (page)->plan;

  if (iss_enroll_plan_is_offered (plan))
    return g_strdup (_("Replication"));

  return g_strdup (iss_enroll_plan_get_then (plan) != NULL ? _("Enroll Servers") : _("Servers"));
}

/* For the sake of something else, those that are enrolled may be enough, once it is known who is
 * not. */
static gboolean
iss_enroll_servers_page_is_complete (IssWizardPage *page)
{
  IssEnrollServersPage *self = ISS_ENROLL_SERVERS_PAGE (page);
  g_autoptr(GPtrArray) ticked = iss_server_check_list_dup_ticked (self->list);

  if (ticked->len > 0 || is_later (self))
    return TRUE;

  return iss_enroll_plan_get_then (self->plan) != NULL && !is_looking (self) &&
         iss_enroll_plan_has_enrolled (self->plan);
}

static const char *
iss_enroll_servers_page_get_next (IssWizardPage *page)
{
  return is_later (ISS_ENROLL_SERVERS_PAGE (page)) ? NULL : "sign";
}

/* Where it is offered, what came before is written already. */
static gboolean
iss_enroll_servers_page_can_go_back (IssWizardPage *page)
{
  return !iss_enroll_plan_is_offered (ISS_ENROLL_SERVERS_PAGE (page)->plan);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssEnrollServersPage) self = user_data;
  g_autoptr(GError) error = NULL;
  IssReplicationTable *table = iss_replication_table_load_finish (result, &error);

  /* The page went in the meantime. */
  if (self->plan == NULL)
    {
      g_clear_object (&table);
      return;
    }

  g_clear_object (&self->cancellable);
  if (table == NULL)
    {
      iss_status_line_say_error (self->status, error);
      return;
    }

  g_clear_object (&self->table);
  self->table = table;
  iss_server_check_list_update (self->list);
  update (self);
}

static void
iss_enroll_servers_page_enter (IssWizardPage *page)
{
  IssEnrollServersPage *self = ISS_ENROLL_SERVERS_PAGE (page);
  g_autoptr(GError) error = NULL;

  self->shown = TRUE;
  iss_server_check_list_look (self->list, NULL);
  update (self);
  if (self->cancellable != NULL || self->table != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  if (!iss_enroll_plan_load_async (self->plan, self->cancellable, loaded_cb, g_object_ref (self),
                                   &error))
    {
      g_object_unref (self);
      g_clear_object (&self->cancellable);
      iss_status_line_say_error (self->status, error);
    }
}

/* Who was ticked when that was seen last. */
static gboolean
iss_enroll_servers_page_advance (IssWizardPage *page)
{
  IssEnrollServersPage *self = ISS_ENROLL_SERVERS_PAGE (page);
  g_autoptr(GPtrArray) ticked = iss_server_check_list_dup_ticked (self->list);

  self->shown = FALSE;
  iss_enroll_plan_set_servers (self->plan, ticked);
  iss_wizard_page_changed (page);

  return TRUE;
}

static void
iss_enroll_servers_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_enroll_servers_page_dup_title;
  iface->is_complete = iss_enroll_servers_page_is_complete;
  iface->get_next = iss_enroll_servers_page_get_next;
  iface->can_go_back = iss_enroll_servers_page_can_go_back;
  iface->enter = iss_enroll_servers_page_enter;
  iface->advance = iss_enroll_servers_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssEnrollServersPage, iss_enroll_servers_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_enroll_servers_page_page_init))

static void
iss_enroll_servers_page_dispose (GObject *object)
{
  IssEnrollServersPage *self = ISS_ENROLL_SERVERS_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ENROLL_SERVERS_PAGE);
  g_clear_object (&self->table);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->decided, g_hash_table_unref);

  G_OBJECT_CLASS (iss_enroll_servers_page_parent_class)->dispose (object);
}

static void
later_toggled_cb (IssEnrollServersPage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->list), !is_later (self));
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

/* What enrolment is, and for the sake of what. */
static char *
dup_intro (IssEnrollPlan *plan)
{
  const guint n = iss_pool_get_n_servers (iss_enroll_plan_get_pool (plan));
  g_autofree char *pool = iss_pool_label_dup_short (iss_enroll_plan_get_pool (plan));

  if (iss_enroll_plan_is_offered (plan))
    /* Translators: %s is a pool */
    return g_strdup_printf (ngettext ("This server is in %s now. Should it take part in "
                                      "replication, too? It makes a key of its own, to which "
                                      "packages for it are sealed, and learns whose packages to "
                                      "believe: yours. What is decided once then arrives there.",
                                      "These servers are in %s now. Should they take part in "
                                      "replication, too? Each makes a key of its own, to which "
                                      "packages for it are sealed, and learns whose packages to "
                                      "believe: yours. What is decided once then arrives on every "
                                      "one of them.", n), pool);

  if (iss_enroll_plan_get_then (plan) != NULL)
    /* Translators: %s is a pool */
    return g_strdup_printf (_("Not every server of %s is enrolled yet, and what is replicated "
                              "reaches only those that are. Each that is ticked makes a key of "
                              "its own, to which packages for it are sealed, and learns whose "
                              "packages to believe: yours."), pool);

  /* Translators: %s is a pool */
  return g_strdup_printf (_("Which servers of %s should take part in replication? Each makes a "
                            "key of its own, to which packages for it are sealed, and proves "
                            "that it holds it; it learns whose packages to believe: yours."),
                          pool);
}

static void
iss_enroll_servers_page_class_init (IssEnrollServersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/enroll-servers-page.ui";

  G_OBJECT_CLASS (klass)->dispose = iss_enroll_servers_page_dispose;

  g_type_ensure (ISS_TYPE_SERVER_CHECK_LIST);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, later);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, now_check);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, later_check);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, later_means);
  gtk_widget_class_bind_template_child (widget_class, IssEnrollServersPage, list);
  gtk_widget_class_bind_template_callback (widget_class, later_toggled_cb);
}

static void
iss_enroll_servers_page_init (IssEnrollServersPage *self)
{
  self->decided = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_enroll_servers_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_enroll_servers_page_new (IssEnrollPlan *plan)
{
  IssEnrollServersPage *self;
  g_autofree char *intro = NULL;

  g_return_val_if_fail (ISS_IS_ENROLL_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_ENROLL_SERVERS_PAGE, NULL);
  self->plan = g_object_ref (plan);

  intro = dup_intro (plan);
  gtk_label_set_label (self->intro_label, intro);
  gtk_widget_set_visible (self->now_check, iss_enroll_plan_is_offered (plan));
  gtk_widget_set_visible (self->later, iss_enroll_plan_is_offered (plan));
  if (iss_enroll_plan_is_offered (plan))
    {
      g_object_set (self, "accessible-role", GTK_ACCESSIBLE_ROLE_RADIO_GROUP, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->later_check),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                      gtk_label_get_label (self->later_means), -1);
      gtk_widget_set_margin_start (GTK_WIDGET (self->list), 24);
    }
  iss_server_check_list_set_pool (self->list, iss_enroll_plan_get_pool (plan), describe, self);
  g_signal_connect_object (self->list, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * iss_enroll_servers_page_get_plan:
 * @self: a page
 *
 * Returns: (transfer none): what it fills
 */
IssEnrollPlan *
iss_enroll_servers_page_get_plan (IssEnrollServersPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_SERVERS_PAGE (self), NULL);

  return self->plan;
}

/**
 * iss_enroll_servers_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): its list of servers
 */
IssServerCheckList *
iss_enroll_servers_page_get_list (IssEnrollServersPage *self)
{
  g_return_val_if_fail (ISS_IS_ENROLL_SERVERS_PAGE (self), NULL);

  return self->list;
}
