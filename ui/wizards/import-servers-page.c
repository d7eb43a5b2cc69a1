/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/import-servers-page.h"

#include "core/pool/replication-warning.h"
#include "ui/window/banner.h"
#include "ui/wizards/global-choice.h"
#include "ui/wizards/global-pages.h"
#include "ui/wizards/import-order.h"
#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/**
 * IssImportServersPage:
 *
 * The page that matters: which servers get the certificate, and which do not.
 *
 * A server is ticked by itself once, when it is first known to lack the
 * certificate; from then on its tick is the administrator's.
 */
struct _IssImportServersPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkLabel           *intro_label;
  GtkCheckButton     *pool_check;
  IssGlobalChoice    *choice;
  IssServerCheckList *list;
  GtkLabel           *hint_label;
  IssBanner          *banner;

  /* Owned References */
  IssImportPlan      *plan;
  GHashTable         *decided;    /* (element-type IssServer) borrowed: ticked by itself, or not */
  GBytes             *sha256;     /* (nullable): the certificate that the page was entered with */
};

typedef enum
{
  HOLDING_UNKNOWN,
  HOLDING_NOT_ASKED,      /* it goes to another store than Personal, where looks do not go */
  HOLDING_NONE,
  HOLDING_WITHOUT_KEY,
  HOLDING_ALL
} Holding;

/* As iss_import_commit() chooses the store. */
static gboolean
goes_to_personal (IssImportServersPage *self)
{
  return iss_import_plan_has_key (self->plan)
         || !iss_certificate_is_ca (iss_import_plan_get_certificate (self->plan));
}

static Holding
get_holding (IssImportServersPage *self,
             IssServer            *server)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedCertificate *seen;
  gsize size;

  /* Gone back to another file: nothing is asked. */
  if (observation == NULL || self->sha256 == NULL
      || iss_import_plan_get_certificate (self->plan) == NULL)
    return HOLDING_UNKNOWN;
  if (!goes_to_personal (self))
    return HOLDING_NOT_ASKED;

  seen = iss_observation_find_certificate (observation, g_bytes_get_data (self->sha256, &size));
  if (seen == NULL)
    return HOLDING_UNKNOWN;
  if (seen->rung < ISS_RUNG_IN_STORE)
    return HOLDING_NONE;
  if (iss_import_plan_has_key (self->plan) && seen->rung < ISS_RUNG_KEY_MATCHES)
    return HOLDING_WITHOUT_KEY;

  return HOLDING_ALL;
}

static void
describe (IssServer           *server,
          IssServerCheckState *out_state,
          gpointer             user_data)
{
  IssImportServersPage *self = user_data;
  IssServerState state = iss_server_get_state (server);
  const GError *error = iss_server_get_error (server);

  if (state == ISS_SERVER_STATE_NEW || state == ISS_SERVER_STATE_CONNECTING)
    {
      out_state->busy = TRUE;
      out_state->text = g_strdup (_("looking…"));
      return;
    }

  if (!iss_server_is_answering (server))
    {
      out_state->icon_name = "iss-server-off-symbolic";
      out_state->css_class = "dim-label";
      /* Translators: %s is the reason */
      out_state->text = error != NULL ? g_strdup_printf (_("not answering: %s"), error->message)
                                      : g_strdup (_("not answering"));
      out_state->tooltip = iss_server_dup_remedy_text (server);
      out_state->can_retry = TRUE;
      return;
    }

  switch (get_holding (self, server))
    {
    case HOLDING_UNKNOWN:
      out_state->busy = TRUE;
      out_state->text = g_strdup (_("looking…"));
      break;

    case HOLDING_NOT_ASKED:
      out_state->icon_name = "iss-server-symbolic";
      out_state->css_class = "dim-label";
      out_state->text = g_strdup (_("answers"));
      break;

    case HOLDING_NONE:
      out_state->icon_name = "iss-state-missing-symbolic";
      out_state->css_class = "warning";
      out_state->text = g_strdup (_("does not have it"));
      break;

    case HOLDING_WITHOUT_KEY:
      out_state->icon_name = "iss-state-in-store-symbolic";
      out_state->css_class = "warning";
      out_state->text = g_strdup (_("has it without its private key"));
      break;

    case HOLDING_ALL:
      out_state->icon_name = "iss-state-published-symbolic";
      out_state->css_class = "success";
      out_state->text = g_strdup (_("already has it"));
      break;
    }
}

static gboolean
is_wanted (IssImportServersPage *self,
           IssServer            *server)
{
  Holding holding = get_holding (self, server);

  if (holding == HOLDING_UNKNOWN || holding == HOLDING_ALL)
    return FALSE;

  return iss_import_plan_get_for_pool (self->plan) || iss_import_plan_prefers (self->plan, server);
}

static void
decide (IssImportServersPage *self)
{
  for (guint i = 0; i < iss_server_check_list_get_n_rows (self->list); i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (self->list, i);
      IssServer *server = iss_server_check_row_get_server (row);

      if (!iss_server_is_answering (server) || get_holding (self, server) == HOLDING_UNKNOWN
          || g_hash_table_contains (self->decided, server))
        continue;

      g_hash_table_add (self->decided, server);
      iss_server_check_row_set_ticked (row, is_wanted (self, server));
    }
}

static void
update_hint (IssImportServersPage *self,
             GPtrArray            *ticked)
{
  guint n_holders = 0;
  guint n = iss_server_check_list_get_n_rows (self->list);
  const char *hint = NULL;

  for (guint i = 0; i < n; i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (self->list, i);

      if (get_holding (self, iss_server_check_row_get_server (row)) == HOLDING_ALL)
        n_holders++;
    }

  if (n == 0)
    hint = _("This pool has no servers yet.");
  else if (n_holders == n && ticked->len == 0)
    hint = _("Every server has it already. Tick one to import it there again.");
  else if (ticked->len == 0)
    hint = _("Tick at least one server.");

  gtk_label_set_label (self->hint_label, hint != NULL ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), hint != NULL);
}

static void
update_warning (IssImportServersPage *self,
                GPtrArray            *ticked)
{
  IssPool *pool = iss_import_plan_get_pool (self->plan);
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  g_autoptr(IssReplicationWarning) warning = NULL;
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  if (certificate != NULL && iss_import_plan_get_for_pool (self->plan)
      && goes_to_personal (self))
    {
      const guint8 *sha256 = g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL);
      const guint8 *sha1 = g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL);
      const char *issued_to = iss_certificate_get_issued_to (certificate);
      gint64 now = iss_clock_now (iss_pool_get_clock (pool));

      warning = iss_replication_warning_new_for (pool, sha256, sha1, issued_to, ticked, now, zone);
    }

  if (warning != NULL)
    iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, warning->rest);
  else
    iss_banner_clear (self->banner);
}

static gboolean
is_global (IssImportServersPage *self)
{
  return iss_global_order_is_chosen (iss_import_plan_get_order (self->plan));
}

static void
update (IssImportServersPage *self)
{
  g_autoptr(GPtrArray) ticked = NULL;

  decide (self);
  ticked = iss_server_check_list_dup_ticked (self->list);
  iss_import_plan_set_servers (self->plan, ticked);
  update_hint (self, ticked);
  update_warning (self, ticked);
  gtk_widget_set_visible (GTK_WIDGET (self->list), !is_global (self));
  if (is_global (self))
    {
      gtk_widget_set_visible (GTK_WIDGET (self->hint_label), FALSE);
      iss_banner_clear (self->banner);
    }
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static char *
iss_import_servers_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Servers"));
}

static gboolean
iss_import_servers_page_is_complete (IssWizardPage *page)
{
  IssImportServersPage *self = ISS_IMPORT_SERVERS_PAGE (page);

  return is_global (self) || iss_import_plan_get_servers (self->plan)->len > 0;
}

static const char *
iss_import_servers_page_get_next (IssWizardPage *page)
{
  IssImportServersPage *self = ISS_IMPORT_SERVERS_PAGE (page);

  return is_global (self) ? iss_global_pages_get_first (iss_import_plan_get_order (self->plan))
                          : "run";
}

static const char *
iss_import_servers_page_get_next_label (IssWizardPage *page)
{
  return is_global (ISS_IMPORT_SERVERS_PAGE (page)) ? NULL : _("_Import");
}

static gboolean
iss_import_servers_page_advance (IssWizardPage *page)
{
  IssImportServersPage *self = ISS_IMPORT_SERVERS_PAGE (page);

  if (is_global (self))
    iss_import_order_fill (self->plan);

  return TRUE;
}

static void
iss_import_servers_page_enter (IssWizardPage *page)
{
  IssImportServersPage *self = ISS_IMPORT_SERVERS_PAGE (page);
  IssCertificate *certificate = iss_import_plan_get_certificate (self->plan);
  GBytes *sha256 = iss_certificate_get_sha256 (certificate);
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *name = iss_import_plan_dup_name (self->plan);
  g_autofree char *intro = NULL;

  if (self->sha256 == NULL || !g_bytes_equal (self->sha256, sha256))
    {
      g_clear_pointer (&self->sha256, g_bytes_unref);
      self->sha256 = g_bytes_ref (sha256);
      g_hash_table_remove_all (self->decided);
      gtk_check_button_set_active (self->pool_check, iss_import_plan_get_for_pool (self->plan));

      for (guint i = 0; i < iss_server_check_list_get_n_rows (self->list); i++)
        iss_server_check_row_set_ticked (iss_server_check_list_get_row (self->list, i), FALSE);
    }

  iss_import_plan_set_for_pool (self->plan, gtk_check_button_get_active (self->pool_check));

  /* Translators: %s is a certificate with its thumbprint */
  intro = g_strdup_printf (_("Where should %s be imported?"), name);
  gtk_label_set_label (self->intro_label, intro);

  g_ptr_array_add (asked, g_bytes_ref (sha256));
  iss_global_choice_set_type (self->choice, ISS_IMPORT_ORDER_TYPE,
                              iss_import_order_get_obstacle (self->plan));
  iss_server_check_list_look (self->list, asked);
  iss_server_check_list_update (self->list);
  update (self);
}

static void
iss_import_servers_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_import_servers_page_dup_title;
  iface->is_complete = iss_import_servers_page_is_complete;
  iface->get_next = iss_import_servers_page_get_next;
  iface->get_next_label = iss_import_servers_page_get_next_label;
  iface->enter = iss_import_servers_page_enter;
  iface->advance = iss_import_servers_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssImportServersPage, iss_import_servers_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_import_servers_page_page_init))

static void
iss_import_servers_page_dispose (GObject *object)
{
  IssImportServersPage *self = ISS_IMPORT_SERVERS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_IMPORT_SERVERS_PAGE);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->decided, g_hash_table_unref);

  G_OBJECT_CLASS (iss_import_servers_page_parent_class)->dispose (object);
}

static void
intent_toggled_cb (IssImportServersPage *self)
{
  iss_import_plan_set_for_pool (self->plan, gtk_check_button_get_active (self->pool_check));
  update (self);
}

static void
iss_import_servers_page_class_init (IssImportServersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/import-servers-page.ui";

  object_class->dispose = iss_import_servers_page_dispose;

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_GLOBAL_CHOICE);
  g_type_ensure (ISS_TYPE_SERVER_CHECK_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, pool_check);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, choice);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, IssImportServersPage, banner);
  gtk_widget_class_bind_template_callback (widget_class, intent_toggled_cb);
}

static void
iss_import_servers_page_init (IssImportServersPage *self)
{
  self->decided = g_hash_table_new (NULL, NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_import_servers_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_import_servers_page_new (IssImportPlan *plan)
{
  IssImportServersPage *self;
  g_autofree char *pool = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_IMPORT_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_IMPORT_SERVERS_PAGE, NULL);
  self->plan = g_object_ref (plan);

  pool = iss_pool_label_dup_short (iss_import_plan_get_pool (plan));
  /* Translators: %s is a pool */
  label = g_strdup_printf (_("This certificate is _meant for every server of %s"), pool);
  gtk_check_button_set_label (self->pool_check, label);

  iss_server_check_list_set_pool (self->list, iss_import_plan_get_pool (plan), describe, self);
  g_signal_connect_object (self->list, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  iss_global_choice_set_by_hand (self->choice, _("On the servers I _tick, by hand"));
  iss_global_choice_set_order (self->choice, iss_import_plan_get_order (plan),
                               _("Manual import does not replicate: a server that is not ticked "
                                 "will not get it."), FALSE);
  g_signal_connect_object (iss_import_plan_get_order (plan), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

IssServerCheckList *
iss_import_servers_page_get_list (IssImportServersPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_SERVERS_PAGE (self), NULL);

  return self->list;
}

const char *
iss_import_servers_page_get_warning (IssImportServersPage *self)
{
  g_return_val_if_fail (ISS_IS_IMPORT_SERVERS_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}
