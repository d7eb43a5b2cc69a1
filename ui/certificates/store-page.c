/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/store-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/stack-pages.h"

/**
 * IssStorePage:
 *
 * One store of one server.
 *
 * What was last seen stays when the server does not answer: grey, under the
 * reason, with the time at which it was seen.
 */
struct _IssStorePage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkWidget          *trouble;
  GtkLabel           *trouble_title;
  GtkLabel           *trouble_text;
  GtkLabel           *trouble_remedy;
  GtkLabel           *trouble_age;
  GtkStack           *stack;
  GtkSpinner         *spinner;
  GtkLabel           *loading_label;
  IssCertificateList *list;

  /* Owned References */
  IssScopeNode       *node;
  IssServer          *server;
  GSimpleActionGroup *actions;
  GCancellable       *cancellable;    /* (nullable): of the look under way */
  GError             *error;          /* (nullable): why the last look failed */
  IssObservation     *observation;    /* (nullable): of the server when it was last listed */
  GTimeZone          *zone;
  char               *short_name;

  gint64              seen_at;        /* 0 = never */
  guint               patience;       /* source: 300 ms without a word */
};

#define PATIENCE_MS 300

static gint64
get_now (IssStorePage *self)
{
  return iss_clock_now (iss_pool_get_clock (iss_scope_node_get_pool (self->node)));
}

static char *
iss_store_page_dup_title (IssPage *page)
{
  IssStorePage *self = ISS_STORE_PAGE (page);

  /* Translators: a store and its server: "Personal, fe01" */
  return g_strdup_printf (_("%s, %s"), iss_scope_node_get_label (self->node), self->short_name);
}

static guint
count_expired (IssRowTable *table,
               gint64       now)
{
  guint n_expired = 0;

  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      IssRow row;

      iss_row_table_get_row (table, i, &row);
      if (iss_row_text_get_status (&row, now) == ISS_ROW_STATUS_EXPIRED)
        n_expired++;
    }

  return n_expired;
}

/* "Personal on fe01: 3 certificates, 1 expired · seen 14:02:11" */
static char *
iss_store_page_dup_status (IssPage *page)
{
  IssStorePage *self = ISS_STORE_PAGE (page);
  IssRowModel *model = iss_certificate_list_get_model (self->list);
  IssRowTable *table = iss_row_model_get_table (model);
  g_autoptr(GString) text = NULL;
  g_autofree char *seen = NULL;
  guint n_rows;
  guint n_shown;
  guint n_expired;

  if (table == NULL)
    return NULL;

  n_rows = iss_row_table_get_n_rows (table);
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (model));
  n_expired = count_expired (table, iss_row_model_get_now (model));
  seen = iss_time_text_clock (self->seen_at, self->zone);

  text = g_string_new (NULL);
  /* Translators: a store and its server: "Personal on fe01: 3 certificates" */
  g_string_append_printf (text, _("%s on %s: "), iss_scope_node_get_label (self->node),
                          self->short_name);
  g_string_append_printf (text, ngettext ("%u certificate", "%u certificates", n_rows), n_rows);

  if (n_expired > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("%u expired", "%u expired", n_expired), n_expired);
    }

  if (n_shown != n_rows && !iss_row_model_is_busy (model))
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("%u shown", "%u shown", n_shown), n_shown);
    }

  if (iss_row_table_get_n_foreign (table) > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("%u file that is not a certificate",
                                              "%u files that are not certificates",
                                              iss_row_table_get_n_foreign (table)),
                              iss_row_table_get_n_foreign (table));
    }

  g_string_append (text, " · ");
  g_string_append_printf (text, _("seen %s"), seen);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_item (GMenu      *menu,
             const char *label,
             const char *action,
             GVariant   *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

/* What "certificate.open" and its like are about: server, store, certificate. */
static GVariant *
new_target (IssStorePage *self,
            const IssRow *row)
{
  g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  const char *store = iss_store_name_get_nick (iss_scope_node_get_store (self->node));
  const char *what[] = { iss_server_get_name (self->server), store, sha256, NULL };

  return g_variant_new_strv (what, -1);
}

/* Apart from what leaves everything as it is. */
static void
append_delete (IssStorePage *self,
               GMenu        *menu,
               const char   *title)
{
  g_autoptr(GMenu) section = g_menu_new ();

  if (iss_store_name_is_read_only (iss_scope_node_get_store (self->node)))
    return;

  append_item (section, _("_Delete…"), "certificate.delete", NULL);
  g_menu_append_section (menu, title, G_MENU_MODEL (section));
}

static void
append_delete_several (IssStorePage *self,
                       GMenu        *menu)
{
  guint n = iss_certificate_list_get_n_selected (self->list);
  g_autofree char *title = g_strdup_printf (ngettext ("%u certificate", "%u certificates", n), n);

  append_delete (self, menu, title);
}

static GMenuModel *
iss_store_page_dup_actions (IssPage *page)
{
  IssStorePage *self = ISS_STORE_PAGE (page);
  g_autoptr(GMenu) here = g_menu_new ();
  g_autofree char *title = iss_store_page_dup_title (page);
  GMenu *menu = g_menu_new ();
  IssRow row;

  if (!iss_store_name_is_read_only (iss_scope_node_get_store (self->node)))
    {
      const char *names[] = { iss_server_get_name (self->server), NULL };

      append_item (here, _("_Import…"), "server.import", g_variant_new_strv (names, -1));
    }
  append_item (here, _("_Find…"), "certificate.find", NULL);
  append_item (here, _("_Refresh"), "view.refresh", NULL);
  g_menu_append_section (menu, title, G_MENU_MODEL (here));

  if (iss_certificate_list_get_n_selected (self->list) > 1)
    {
      append_delete_several (self, menu);
    }
  else if (iss_certificate_list_get_selected (self->list, &row))
    {
      g_autoptr(GMenu) selected = g_menu_new ();

      append_item (selected, _("_Open"), "certificate.open", new_target (self, &row));
      if (iss_scope_node_get_store (self->node) == ISS_STORE_MY)
        {
          g_autofree char *sha256 = iss_text_hex (row.sha256, sizeof row.sha256, FALSE);
          const char *what[] = { "OAuthTokenIssuer", sha256, NULL };

          append_item (selected, _("_Assign…"), "assignment.assign",
                       g_variant_new_strv (what, -1));
          if (*row.assigned_to != '\0')
            append_item (selected, _("_Replace as Compromised…"), "assignment.replace",
                         g_variant_new_strv (what + 1, -1));
        }
      append_item (selected, _("_Export…"), "certificate.export", new_target (self, &row));
      if (iss_scope_node_get_store (self->node) == ISS_STORE_MY &&
          row.key_state != ISS_KEY_STATE_NONE)
        append_item (selected, _("Copy to ser_vers…"), "certificate.copy", new_target (self, &row));
      append_item (selected, _("Copy _Thumbprint"), "page.copy-thumbprint", NULL);
      append_item (selected, _("_Properties"), "certificate.properties", NULL);
      g_menu_append_section (menu, row.issued_to, G_MENU_MODEL (selected));
      append_delete (self, menu, NULL);
    }

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_store_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_STORE_PAGE (page)->actions);
}

static gboolean
iss_store_page_is_busy (IssPage *page)
{
  return ISS_STORE_PAGE (page)->cancellable != NULL;
}

static void
iss_store_page_set_filter (IssPage    *page,
                           const char *text)
{
  iss_certificate_list_set_filter (ISS_STORE_PAGE (page)->list, text);
}

static void
show_trouble (IssStorePage *self)
{
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *age = NULL;
  gboolean stale = self->error != NULL && self->seen_at != 0;

  gtk_widget_set_visible (self->trouble, self->error != NULL);
  iss_certificate_list_set_stale (self->list, stale);

  if (self->error == NULL)
    return;

  title = g_strdup_printf (iss_server_is_answering (self->server)
                           ? _("%s on %s could not be read.")
                           : _("%s on %s cannot be seen now."),
                           iss_scope_node_get_label (self->node), self->short_name);
  text = iss_server_is_answering (self->server) ? g_strconcat (self->error->message, ".", NULL)
                                                : iss_server_dup_state_text (self->server);
  remedy = iss_server_is_answering (self->server) ? NULL
                                                  : iss_server_dup_remedy_text (self->server);

  if (stale)
    {
      g_autofree char *seen = iss_time_text_clock (self->seen_at, self->zone);

      age = g_strdup_printf (_("What was last seen, %s, is shown below in grey. "
                               "Nothing can be changed on %s until it answers."),
                             seen, self->short_name);
    }

  gtk_label_set_label (self->trouble_title, title);
  gtk_label_set_label (self->trouble_text, text);
  gtk_label_set_label (self->trouble_remedy, remedy);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_remedy), remedy != NULL);
  gtk_label_set_label (self->trouble_age, age);
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_age), age != NULL);
}

static void
end_look (IssStorePage *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, "list");
}

/* Somebody has looked at the server, as after an import: the rows may be others. */
static void
server_changed_cb (IssStorePage *self)
{
  if (iss_server_get_observation (self->server) != self->observation &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    iss_page_refresh (ISS_PAGE (self));
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssStorePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssRowTable) table = NULL;

  table = iss_server_list_rows_finish (ISS_SERVER (object), result, &error);

  /* The page went in the meantime. */
  if (self->node == NULL)
    return;

  end_look (self);

  if (table != NULL)
    {
      iss_store_page_show (self, table, get_now (self));
      /* What changed while it was listed may not be in it. */
      server_changed_cb (self);
      return;
    }

  g_clear_error (&self->error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  show_trouble (self);
  iss_page_changed (ISS_PAGE (self));
}

/* Nothing for 300 ms, then a spinner; never over rows that are there. */
static gboolean
out_of_patience_cb (gpointer user_data)
{
  IssStorePage *self = user_data;

  self->patience = 0;
  if (self->seen_at == 0)
    {
      gtk_spinner_start (self->spinner);
      gtk_stack_set_visible_child_name (self->stack, "loading");
    }

  return G_SOURCE_REMOVE;
}

static void
iss_store_page_refresh (IssPage *page)
{
  IssStorePage *self = ISS_STORE_PAGE (page);

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  g_set_object (&self->observation, iss_server_get_observation (self->server));
  self->patience = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
  iss_server_list_rows_async (self->server, iss_scope_node_get_store (self->node),
                              self->cancellable, listed_cb, g_object_ref (self));
  iss_page_changed (page);
}

static void
iss_store_page_page_init (IssPageInterface *iface)
{
  iface->dup_title = iss_store_page_dup_title;
  iface->dup_status = iss_store_page_dup_status;
  iface->dup_actions = iss_store_page_dup_actions;
  iface->get_action_group = iss_store_page_get_action_group;
  iface->is_busy = iss_store_page_is_busy;
  iface->refresh = iss_store_page_refresh;
  iface->set_filter = iss_store_page_set_filter;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssStorePage, iss_store_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_store_page_page_init))

static void
iss_store_page_dispose (GObject *object)
{
  IssStorePage *self = ISS_STORE_PAGE (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (iss_certificate_list_get_model (self->list), self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_STORE_PAGE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->actions);
  g_clear_object (&self->observation);
  g_clear_object (&self->server);
  g_clear_object (&self->node);
  g_clear_error (&self->error);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->short_name, g_free);

  G_OBJECT_CLASS (iss_store_page_parent_class)->dispose (object);
}

static void
copy_details_cb (GtkButton *button,
                 gpointer   user_data)
{
  IssStorePage *self = user_data;
  g_autofree char *text = g_strjoin ("\n",
                                     gtk_label_get_text (self->trouble_title),
                                     gtk_label_get_text (self->trouble_text),
                                     gtk_label_get_text (self->trouble_remedy),
                                     NULL);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
cancel_cb (GtkButton *button,
           gpointer   user_data)
{
  IssStorePage *self = user_data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
selected_cb (IssCertificateList *list,
             gpointer            user_data)
{
  IssStorePage *self = user_data;
  IssRow row;

  g_object_set (g_action_map_lookup_action (G_ACTION_MAP (self->actions), "export"),
                "enabled", iss_certificate_list_get_selected (list, &row), NULL);
  iss_page_changed (ISS_PAGE (self));
}

static void
activated_cb (IssCertificateList *list,
              gpointer            user_data)
{
  IssStorePage *self = user_data;
  IssRow row;

  if (iss_certificate_list_get_selected (list, &row))
    gtk_widget_activate_action_variant (GTK_WIDGET (self), "certificate.open",
                                        new_target (self, &row));
}

/* Whole, without spaces: what other tools take. */
static void
copy_thumbprint_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  IssStorePage *self = user_data;
  g_autofree char *thumbprint = NULL;
  IssRow row;

  if (!iss_certificate_list_get_selected (self->list, &row))
    return;

  thumbprint = iss_row_text_thumbprint (&row);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), thumbprint);
}

static void
export_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  IssStorePage *self = user_data;
  IssRow row;

  if (iss_certificate_list_get_selected (self->list, &row))
    gtk_widget_activate_action_variant (GTK_WIDGET (self), "certificate.export",
                                        new_target (self, &row));
}

static gboolean
iss_store_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ISS_STORE_PAGE (widget)->list));
}

static void
iss_store_page_class_init (IssStorePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_store_page_dispose;
  widget_class->grab_focus = iss_store_page_grab_focus;

  g_type_ensure (ISS_TYPE_CERTIFICATE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/certificates/"
                                               "store-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, trouble);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, trouble_title);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, trouble_text);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, trouble_remedy);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, trouble_age);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, stack);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, loading_label);
  gtk_widget_class_bind_template_child (widget_class, IssStorePage, list);
  gtk_widget_class_bind_template_callback (widget_class, copy_details_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);

  /* Only while the list has the keys: elsewhere Delete means something else, or nothing. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "certificate.delete",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK,
                                       "certificate.properties", NULL);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
iss_store_page_init (IssStorePage *self)
{
  static const GActionEntry entries[] =
  {
    { "copy-thumbprint", copy_thumbprint_cb, NULL, NULL, NULL, { 0 } },
    { "export", export_cb, NULL, NULL, NULL, { 0 } },
  };

  gtk_widget_init_template (GTK_WIDGET (self));
  iss_stack_pages_tell (self->stack);
  self->zone = g_time_zone_new_local ();
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  selected_cb (self->list, self);
  g_signal_connect_swapped (iss_certificate_list_get_model (self->list), "published",
                            G_CALLBACK (iss_page_changed), self);
}

/**
 * iss_store_page_new:
 * @node: the node of a store
 *
 * Returns: (transfer floating): a page that has not been looked at yet
 */
GtkWidget *
iss_store_page_new (IssScopeNode *node)
{
  IssStorePage *self;
  g_autofree char *loading = NULL;
  g_autofree char *empty = NULL;
  const char *label;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_kind (node) == ISS_SCOPE_KIND_STORE, NULL);

  self = g_object_new (ISS_TYPE_STORE_PAGE, NULL);
  self->node = g_object_ref (node);
  self->server = g_object_ref (iss_scope_node_get_server (node));
  self->short_name = iss_server_dup_short_name (self->server);
  g_signal_connect_object (self->server, "changed", G_CALLBACK (server_changed_cb), self,
                           G_CONNECT_SWAPPED);
  label = iss_scope_node_get_label (node);

  loading = g_strdup_printf (_("Asking %s for %s…"), self->short_name, label);
  gtk_label_set_label (self->loading_label, loading);
  empty = g_strdup_printf (_("%s on %s has no certificates."), label, self->short_name);
  iss_certificate_list_set_empty_text (self->list, empty);

  return GTK_WIDGET (self);
}

/**
 * iss_store_page_get_list:
 * @self: a page
 *
 * Returns: (transfer none): its list
 */
IssCertificateList *
iss_store_page_get_list (IssStorePage *self)
{
  g_return_val_if_fail (ISS_IS_STORE_PAGE (self), NULL);

  return self->list;
}

/**
 * iss_store_page_show:
 * @self: a page
 * @table: what the server answered
 * @seen_at: when, by the console's clock
 */
void
iss_store_page_show (IssStorePage *self,
                     IssRowTable  *table,
                     gint64        seen_at)
{
  g_return_if_fail (ISS_IS_STORE_PAGE (self));
  g_return_if_fail (ISS_IS_ROW_TABLE (table));

  self->seen_at = seen_at;
  g_clear_error (&self->error);
  show_trouble (self);
  iss_certificate_list_set_table (self->list, table, seen_at);
  iss_page_changed (ISS_PAGE (self));
}
