/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/copy-servers-page.h"

#include <glib/gi18n-lib.h>

#include "core/pool/replication-warning.h"
#include "ui/window/banner.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/status-line.h"

/**
 * IssCopyServersPage:
 *
 * The servers of the pool beside the one that has the certificate.
 *
 * Each that lacks it is ticked once, when that is first known; from then on
 * its tick is the administrator's.
 */
struct _IssCopyServersPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkLabel           *intro_label;
  IssStatusLine      *status;
  GtkWidget          *retry_button;
  GtkWidget          *choices;
  GtkCheckButton     *pool_check;
  GtkCheckButton     *exportable_check;
  IssServerCheckList *list;
  IssBanner          *banner;

  /* Owned References */
  IssCopyPlan        *plan;
  GHashTable         *decided;       /* (element-type IssServer) borrowed */
  GCancellable       *cancellable;   /* (nullable): while the holder is asked */

  gboolean            can_copy;
};

typedef enum
{
  HOLDING_UNKNOWN,
  HOLDING_NONE,
  HOLDING_WITHOUT_KEY,
  HOLDING_ALL
} Holding;

static IssCertificate *
get_certificate (IssCopyServersPage *self)
{
  return iss_export_plan_get_certificate (iss_copy_plan_get_source (self->plan));
}

static Holding
get_holding (IssCopyServersPage *self,
             IssServer          *server)
{
  IssObservation *observation = iss_server_get_observation (server);
  IssCertificate *certificate = get_certificate (self);
  const IssObservedCertificate *seen;

  if (observation == NULL || certificate == NULL)
    return HOLDING_UNKNOWN;

  seen = iss_observation_find_certificate (observation,
                                           g_bytes_get_data (
                                             iss_certificate_get_sha256 (certificate), NULL));
  if (seen == NULL)
    return HOLDING_UNKNOWN;
  if (seen->rung < ISS_RUNG_IN_STORE)
    return HOLDING_NONE;

  return seen->rung < ISS_RUNG_KEY_MATCHES ? HOLDING_WITHOUT_KEY : HOLDING_ALL;
}

static void
describe_holding (Holding              holding,
                  IssServerCheckState *out_state)
{
  switch (holding)
    {
    case HOLDING_UNKNOWN:
      out_state->busy = TRUE;
      out_state->text = g_strdup (_("looking…"));
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

static void
describe (IssServer           *server,
          IssServerCheckState *out_state,
          gpointer             user_data)
{
  IssServerState state = iss_server_get_state (server);
  const GError *error = iss_server_get_error (server);

  if (state == ISS_SERVER_STATE_NEW || state == ISS_SERVER_STATE_CONNECTING)
    {
      describe_holding (HOLDING_UNKNOWN, out_state);
      return;
    }

  if (iss_server_is_answering (server))
    {
      describe_holding (get_holding (user_data, server), out_state);
      return;
    }

  out_state->icon_name = "iss-server-off-symbolic";
  out_state->css_class = "dim-label";
  /* Translators: %s is the reason */
  out_state->text = error != NULL ? g_strdup_printf (_("not answering: %s"), error->message)
                                  : g_strdup (_("not answering"));
  out_state->tooltip = iss_server_dup_remedy_text (server);
  out_state->can_retry = TRUE;
}

static void
decide (IssCopyServersPage *self)
{
  IssServer *holder = iss_export_plan_get_server (iss_copy_plan_get_source (self->plan));

  for (guint i = 0; i < iss_server_check_list_get_n_rows (self->list); i++)
    {
      IssServerCheckRow *row = iss_server_check_list_get_row (self->list, i);
      IssServer *server = iss_server_check_row_get_server (row);

      /* It comes from there. */
      gtk_widget_set_visible (GTK_WIDGET (row), server != holder);
      if (server == holder || !iss_server_is_answering (server) ||
          get_holding (self, server) == HOLDING_UNKNOWN ||
          g_hash_table_contains (self->decided, server))
        continue;

      g_hash_table_add (self->decided, server);
      iss_server_check_row_set_ticked (row, get_holding (self, server) != HOLDING_ALL);
    }
}

static void
update_warning (IssCopyServersPage *self,
                GPtrArray          *ticked)
{
  IssPool *pool = iss_export_plan_get_pool (iss_copy_plan_get_source (self->plan));
  IssCertificate *certificate = get_certificate (self);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssReplicationWarning) warning = NULL;

  if (certificate != NULL && iss_copy_plan_get_for_pool (self->plan))
    warning = iss_replication_warning_new_for (
      pool, g_bytes_get_data (iss_certificate_get_sha256 (certificate), NULL),
      g_bytes_get_data (iss_certificate_get_sha1 (certificate), NULL),
      iss_certificate_get_issued_to (certificate), ticked,
      iss_clock_now (iss_pool_get_clock (pool)), zone);

  if (warning != NULL)
    iss_banner_say (self->banner, ISS_BANNER_WARNING, warning->lead, warning->rest);
  else
    iss_banner_clear (self->banner);
}

static void
update (IssCopyServersPage *self)
{
  g_autoptr(GPtrArray) ticked = NULL;

  decide (self);
  ticked = iss_server_check_list_dup_ticked (self->list);
  iss_copy_plan_set_servers (self->plan, ticked);
  update_warning (self, ticked);
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static char *
iss_copy_servers_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Servers"));
}

static gboolean
iss_copy_servers_page_is_complete (IssWizardPage *page)
{
  IssCopyServersPage *self = ISS_COPY_SERVERS_PAGE (page);

  return self->can_copy && iss_copy_plan_get_servers (self->plan)->len > 0;
}

static const char *
iss_copy_servers_page_get_next (IssWizardPage *page)
{
  return "run";
}

static const char *
iss_copy_servers_page_get_next_label (IssWizardPage *page)
{
  return _("_Copy");
}

static void
show_loaded (IssCopyServersPage *self)
{
  IssExportPlan *source = iss_copy_plan_get_source (self->plan);
  IssServer *holder = iss_export_plan_get_server (source);
  g_autoptr(GPtrArray) asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *reason = iss_export_plan_dup_key_reason (source);
  g_autofree char *name = iss_export_plan_dup_name (source);
  g_autofree char *from = iss_server_dup_short_name (holder);
  g_autofree char *intro = NULL;

  /* Translators: the first is a certificate with its thumbprint, the second a server */
  intro = g_strdup_printf (_("Where should %s be copied to, with its private key? %s seals it to "
                             "each server: no file is made, and nobody on the way can read it."),
                           name, from);
  gtk_label_set_label (self->intro_label, intro);
  self->can_copy = reason == NULL;
  gtk_widget_set_visible (self->choices, self->can_copy);
  if (!self->can_copy)
    {
      iss_status_line_say (self->status, ISS_STATUS_ERROR, reason);
      return;
    }

  iss_status_line_clear (self->status);
  g_ptr_array_add (asked, g_bytes_ref (iss_certificate_get_sha256 (get_certificate (self))));
  iss_server_check_list_look (self->list, asked);
  iss_server_check_list_update (self->list);
  update (self);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssCopyServersPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = iss_export_plan_load_finish (ISS_EXPORT_PLAN (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->plan == NULL)
    return;

  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (self->retry_button, !ok);
  if (ok)
    show_loaded (self);
  else
    iss_status_line_say_error (self->status, error);

  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
load (IssCopyServersPage *self)
{
  IssExportPlan *source = iss_copy_plan_get_source (self->plan);
  g_autofree char *name = iss_server_dup_short_name (iss_export_plan_get_server (source));
  g_autofree char *text = g_strdup_printf (_("Asking %s for the certificate…"), name);

  iss_status_line_say (self->status, ISS_STATUS_BUSY, text);
  gtk_widget_set_visible (self->retry_button, FALSE);
  self->cancellable = g_cancellable_new ();
  iss_export_plan_load_async (source, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
iss_copy_servers_page_enter (IssWizardPage *page)
{
  IssCopyServersPage *self = ISS_COPY_SERVERS_PAGE (page);

  if (self->cancellable == NULL && get_certificate (self) == NULL)
    load (self);
}

static void
iss_copy_servers_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_copy_servers_page_dup_title;
  iface->is_complete = iss_copy_servers_page_is_complete;
  iface->get_next = iss_copy_servers_page_get_next;
  iface->get_next_label = iss_copy_servers_page_get_next_label;
  iface->enter = iss_copy_servers_page_enter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssCopyServersPage, iss_copy_servers_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_copy_servers_page_page_init))

static void
iss_copy_servers_page_dispose (GObject *object)
{
  IssCopyServersPage *self = ISS_COPY_SERVERS_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_COPY_SERVERS_PAGE);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->decided, g_hash_table_unref);

  G_OBJECT_CLASS (iss_copy_servers_page_parent_class)->dispose (object);
}

static void
toggled_cb (IssCopyServersPage *self)
{
  if (self->plan == NULL)
    return;

  iss_copy_plan_set_for_pool (self->plan, gtk_check_button_get_active (self->pool_check));
  iss_copy_plan_set_exportable (self->plan, gtk_check_button_get_active (self->exportable_check));
  update (self);
}

static void
iss_copy_servers_page_class_init (IssCopyServersPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/copy-servers-page.ui";

  object_class->dispose = iss_copy_servers_page_dispose;

  g_type_ensure (ISS_TYPE_BANNER);
  g_type_ensure (ISS_TYPE_SERVER_CHECK_LIST);
  g_type_ensure (ISS_TYPE_STATUS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, intro_label);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, choices);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, pool_check);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, exportable_check);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssCopyServersPage, banner);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, load);
}

static void
iss_copy_servers_page_init (IssCopyServersPage *self)
{
  self->decided = g_hash_table_new (NULL, NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_copy_servers_page_new:
 * @plan: what it fills
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_copy_servers_page_new (IssCopyPlan *plan)
{
  IssCopyServersPage *self;
  IssPool *pool;
  g_autofree char *pool_name = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_COPY_PLAN (plan), NULL);

  self = g_object_new (ISS_TYPE_COPY_SERVERS_PAGE, NULL);
  self->plan = g_object_ref (plan);

  pool = iss_export_plan_get_pool (iss_copy_plan_get_source (plan));
  pool_name = iss_pool_label_dup_short (pool);
  /* Translators: %s is a pool */
  label = g_strdup_printf (_("This certificate is _meant for every server of %s"), pool_name);
  gtk_check_button_set_label (self->pool_check, label);

  iss_server_check_list_set_pool (self->list, pool, describe, self);
  g_signal_connect_object (self->list, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

IssServerCheckList *
iss_copy_servers_page_get_list (IssCopyServersPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_SERVERS_PAGE (self), NULL);

  return self->list;
}

const char *
iss_copy_servers_page_get_text (IssCopyServersPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_SERVERS_PAGE (self), NULL);

  return iss_status_line_get_text (self->status);
}

const char *
iss_copy_servers_page_get_warning (IssCopyServersPage *self)
{
  g_return_val_if_fail (ISS_IS_COPY_SERVERS_PAGE (self), NULL);

  return iss_banner_get_text (self->banner);
}
