/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/replication-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"
#include "core/central/replication-text.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/pool/central-desk.h"
#include "ui/pool/presence-ladder.h"
#include "ui/pool/replication-columns.h"
#include "ui/pool/replication-item.h"
#include "ui/pool/replication-status.h"
#include "ui/pool/replication-words.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssReplicationPage:
 *
 * Has what is assigned globally arrived?
 *
 * It shows what the central store knows, and reads it again whenever the console's replicator has
 * made a pass. Looking again is a pass: it asks every server, and delivers what is missing.
 */
struct _IssReplicationPage
{
  GtkWidget              parent_instance;

  /* Template Widgets */
  GtkWidget             *root;
  IssVerdictLine        *verdict;
  GtkWidget             *trouble_box;
  GtkLabel              *trouble;
  GtkLabel              *hint;
  IssReplicationStatus  *status;
  GtkWidget             *list;
  GtkColumnView         *view;
  GtkWidget             *lower;
  GtkLabel              *detail;
  IssPresenceLadder     *ladder;
  GtkWidget             *force;

  /* Owned References */
  IssScopeNode          *node;
  IssPool               *pool;
  IssCentralDesk        *desk;             /* (nullable): without a workspace, in tests */
  IssReplicationService *service;          /* (nullable): there is no central store yet */
  IssReplicationTable   *table;            /* (nullable): not read yet */
  GListStore            *lines;            /* (element-type IssReplicationItem) */
  GtkSingleSelection    *selection;
  GSimpleActionGroup    *actions;
  GCancellable          *cancellable;      /* (nullable): of the reading under way */
  GError                *error;            /* (nullable): why the store cannot be read */
  GTimeZone             *zone;
};

static gboolean
is_busy (IssReplicationPage *self)
{
  return self->cancellable != NULL ||
         (self->service != NULL && iss_replication_service_is_running (self->service));
}

static char *
iss_replication_page_dup_title (IssPage *page)
{
  return g_strdup_printf (_("Replication, %s"),
                          iss_pool_get_name (ISS_REPLICATION_PAGE (page)->pool));
}

static char *
iss_replication_page_dup_status (IssPage *page)
{
  return iss_replication_words_dup_status (ISS_REPLICATION_PAGE (page)->table);
}

static GMenuModel *
iss_replication_page_dup_actions (IssPage *page)
{
  IssReplicationPage *self = ISS_REPLICATION_PAGE (page);
  g_autoptr(GMenu) here = g_menu_new ();
  GMenu *menu = g_menu_new ();

  g_menu_append (here, _("_Replicate Now"), "page.look");
  g_menu_append (here, _("_Enroll Servers…"), "replication.enroll");
  if (iss_replication_words_has_drift (self->table))
    g_menu_append (here, _("_Put Back What Was Changed…"), "page.force");
  g_menu_append (here, _("Copy for the _Ticket"), "page.copy-ticket");
  g_menu_append_section (menu, _("Replication"), G_MENU_MODEL (here));

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_replication_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_REPLICATION_PAGE (page)->actions);
}

static gboolean
iss_replication_page_is_busy (IssPage *page)
{
  return is_busy (ISS_REPLICATION_PAGE (page));
}

/* The first line. */
static void
say_answer (IssReplicationPage *self)
{
  g_autofree char *text = NULL;

  if (self->error != NULL)
    {
      iss_verdict_line_say (self->verdict, "iss-state-unknown-symbolic", "dim-label",
                            _("Whether what is assigned globally has arrived is not known now."),
                            NULL);
      return;
    }

  if (self->table == NULL)
    {
      iss_verdict_line_say (self->verdict, "iss-state-unknown-symbolic", "dim-label",
                            _("Reading the central store…"), NULL);
      return;
    }

  text = iss_replication_text_dup_verdict (self->table);
  if (iss_replication_table_get_n_wanted (self->table) == 0)
    iss_verdict_line_say (self->verdict, "iss-replication-symbolic", "dim-label", text, NULL);
  else if (iss_replication_table_get_n_up_to_date (self->table) ==
           iss_replication_table_get_n_servers (self->table))
    iss_verdict_line_say (self->verdict, "iss-state-published-symbolic", "success", text, NULL);
  else
    iss_verdict_line_say (self->verdict, "iss-state-different-symbolic", "warning", text, NULL);
}

/* What cannot be read, and who cannot be reached. */
static char *
dup_troubles (IssReplicationPage *self)
{
  const GError *error = self->error;

  if (error == NULL && self->service != NULL)
    error = iss_replication_service_get_error (self->service);

  return iss_replication_words_dup_troubles (self->error == NULL ? self->table : NULL, error,
                                             self->zone);
}

/* For whoever looks for Microsoft's words. */
static void
explain_detail (IssReplicationPage *self,
                guint               server)
{
  g_autofree char *text = iss_replication_text_dup_replica (self->table, server, self->zone);
  g_autofree char *markup = g_markup_printf_escaped ("<tt>%s</tt>", text);

  gtk_widget_set_tooltip_markup (GTK_WIDGET (self->detail), markup);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->detail),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

static void
show_detail (IssReplicationPage *self)
{
  IssReplicationItem *item = gtk_single_selection_get_selected_item (self->selection);
  const IssReplicaReport *report;
  const IssReplicaType *type;
  g_autofree char *text = NULL;
  g_autofree char *time = NULL;

  gtk_widget_set_visible (self->lower, item != NULL && self->table != NULL);
  if (item == NULL || self->table == NULL)
    {
      gtk_label_set_label (self->detail, "");
      return;
    }

  text = iss_replication_text_dup_detail (self->table, iss_replication_item_get_server (item),
                                          iss_replication_item_get_wanted (item), self->zone);
  gtk_label_set_label (self->detail, text);
  explain_detail (self, iss_replication_item_get_server (item));

  report = iss_replication_table_get_report (self->table, iss_replication_item_get_server (item));
  type = iss_replication_table_find_type (self->table, iss_replication_item_get_server (item),
                                          iss_replication_item_get_wanted (item));
  if (report->seen != 0)
    time = iss_time_text_clock (report->seen, self->zone);
  iss_presence_ladder_show_reached (self->ladder,
                                    type != NULL && type->slot[ISS_SLOT_CURRENT] != NULL
                                    ? type->rung[ISS_SLOT_CURRENT] : ISS_RUNG_NONE,
                                    time, _("agent"));
}

static void
set_enabled (IssReplicationPage *self,
             const char         *name,
             gboolean            enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update (IssReplicationPage *self)
{
  g_autofree char *troubles = dup_troubles (self);
  g_autofree char *hint =
    iss_replication_words_dup_hint (self->error == NULL ? self->table : NULL);
  const gboolean can_run = self->service != NULL && !is_busy (self);

  say_answer (self);
  gtk_label_set_label (self->trouble, troubles);
  gtk_widget_set_visible (self->trouble_box, *troubles != '\0');
  gtk_label_set_label (self->hint, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), *hint != '\0');
  gtk_widget_set_visible (self->list, g_list_model_get_n_items (G_LIST_MODEL (self->lines)) > 0);
  gtk_widget_set_visible (self->force, iss_replication_words_has_drift (self->table));
  show_detail (self);

  iss_verdict_line_set_busy (self->verdict, is_busy (self));
  set_enabled (self, "look", can_run);
  set_enabled (self, "force", can_run && iss_replication_words_has_drift (self->table));
  iss_page_changed (ISS_PAGE (self));
}

/* What was selected stays so. */
static void
fill (IssReplicationPage *self)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);
  const guint selected = gtk_single_selection_get_selected (self->selection);

  for (guint i = 0; i < iss_replication_table_get_n_servers (self->table); i++)
    for (guint k = 0; k < iss_replication_table_get_n_wanted (self->table); k++)
      g_ptr_array_add (lines, iss_replication_item_new (self->table, i, k, self->zone));

  g_list_store_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)),
                       lines->pdata, lines->len);
  if (lines->len > 0)
    gtk_single_selection_set_selected (self->selection, selected < lines->len ? selected : 0);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssReplicationPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssReplicationTable) table = iss_replication_table_load_finish (result, &error);

  /* The page went in the meantime. */
  if (self->node == NULL)
    return;

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  if (table != NULL)
    {
      g_set_object (&self->table, table);
      fill (self);
    }
  else
    self->error = g_steal_pointer (&error);

  update (self);
}

/* Without a central store nothing was ever decided; looking is no reason to make one. */
static void
load (IssReplicationPage *self)
{
  g_auto(GStrv) names = iss_pool_dup_server_names (self->pool);
  IssCentralStore *store = NULL;

  if (self->cancellable != NULL)
    return;

  g_clear_error (&self->error);
  if (self->desk != NULL && iss_central_desk_has_store (self->desk))
    store = iss_central_desk_get_store (self->desk, &self->error);
  if (self->error != NULL)
    {
      update (self);
      return;
    }

  iss_replication_status_load (self->status, store, self->pool);
  self->cancellable = g_cancellable_new ();
  iss_replication_table_load_async (store, iss_pool_get_name (self->pool),
                                    (const char *const *) names, self->cancellable, loaded_cb,
                                    g_object_ref (self));
  update (self);
}

static void
service_changed_cb (IssReplicationPage *self)
{
  if (iss_replication_service_is_running (self->service))
    update (self);
  else
    load (self);
}

/* As soon as there is one. */
static void
find_service (IssReplicationPage *self)
{
  IssReplicationService *service;

  if (self->service != NULL || self->desk == NULL)
    return;

  service = iss_central_desk_get_service (self->desk, self->pool);
  if (service == NULL)
    return;

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "changed", G_CALLBACK (service_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
iss_replication_page_refresh (IssPage *page)
{
  IssReplicationPage *self = ISS_REPLICATION_PAGE (page);

  find_service (self);
  load (self);
}

static void
iss_replication_page_page_init (IssPageInterface *iface)
{
  iface->dup_title = iss_replication_page_dup_title;
  iface->dup_status = iss_replication_page_dup_status;
  iface->dup_actions = iss_replication_page_dup_actions;
  iface->get_action_group = iss_replication_page_get_action_group;
  iface->is_busy = iss_replication_page_is_busy;
  iface->refresh = iss_replication_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssReplicationPage, iss_replication_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE,
                                                      iss_replication_page_page_init))

static void
iss_replication_page_dispose (GObject *object)
{
  IssReplicationPage *self = ISS_REPLICATION_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_REPLICATION_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->lines);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->actions);
  g_clear_object (&self->table);
  g_clear_object (&self->service);
  g_clear_object (&self->desk);
  g_clear_object (&self->pool);
  g_clear_object (&self->node);
  g_clear_error (&self->error);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_replication_page_parent_class)->dispose (object);
}

static gboolean
iss_replication_page_grab_focus (GtkWidget *widget)
{
  IssReplicationPage *self = ISS_REPLICATION_PAGE (widget);

  if (gtk_widget_get_visible (self->list))
    return gtk_widget_grab_focus (GTK_WIDGET (self->view));

  return gtk_widget_child_focus (self->root, GTK_DIR_TAB_FORWARD);
}

static void
iss_replication_page_class_init (IssReplicationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/pool/replication-page.ui";

  object_class->dispose = iss_replication_page_dispose;
  widget_class->grab_focus = iss_replication_page_grab_focus;

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  g_type_ensure (ISS_TYPE_PRESENCE_LADDER);
  g_type_ensure (ISS_TYPE_REPLICATION_STATUS);
  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, trouble_box);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, hint);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, status);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, view);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, lower);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, detail);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, ladder);
  gtk_widget_class_bind_template_child (widget_class, IssReplicationPage, force);
}

static void
look_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  iss_replication_service_run (ISS_REPLICATION_PAGE (user_data)->service, ISS_REPLICATOR_NORMAL);
}

static void
force_answered_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(IssReplicationPage) self = user_data;

  if (iss_confirm_dialog_ask_finish (result) && self->service != NULL)
    iss_replication_service_run (self->service, ISS_REPLICATOR_FORCE);
}

static void
force_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  IssReplicationPage *self = user_data;

  iss_confirm_dialog_ask_async (GTK_WIDGET (self),
                                _("Put back what is assigned globally?"),
                                _("What was changed on a server by hand is replaced with what is "
                                  "assigned globally. Its certificates stay in its store."),
                                _("_Put Back"), FALSE, force_answered_cb, g_object_ref (self));
}

static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  g_autofree char *text = iss_replication_page_dup_ticket (ISS_REPLICATION_PAGE (user_data));

  iss_ticket_copy (GTK_WIDGET (user_data), text);
}

static void
iss_replication_page_init (IssReplicationPage *self)
{
  static const GActionEntry entries[] =
  {
    { .name = "look", .activate = look_cb },
    { .name = "force", .activate = force_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };

  self->zone = g_time_zone_new_local ();
  self->lines = g_list_store_new (ISS_TYPE_REPLICATION_ITEM);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->lines)));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (show_detail),
                           self, G_CONNECT_SWAPPED);
  iss_replication_columns_add (self->view);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
}

/**
 * iss_replication_page_new:
 * @node: the node of a pool's replication
 *
 * Returns: (transfer floating): a page that has not been looked at yet
 */
GtkWidget *
iss_replication_page_new (IssScopeNode *node)
{
  IssReplicationPage *self;
  IssWorkspace *workspace;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_pool (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_REPLICATION_PAGE, NULL);
  self->node = g_object_ref (node);
  self->pool = g_object_ref (iss_scope_node_get_pool (node));
  workspace = iss_scope_node_get_workspace (node);
  if (workspace != NULL)
    {
      self->desk = g_object_ref (iss_central_desk_get (workspace));
      g_signal_connect_object (self->desk, "changed",
                               G_CALLBACK (iss_replication_page_refresh), self,
                               G_CONNECT_SWAPPED);
    }
  update (self);

  return GTK_WIDGET (self);
}

/**
 * iss_replication_page_get_answer:
 * @self: a page
 *
 * Returns: (transfer none): its first line
 */
const char *
iss_replication_page_get_answer (IssReplicationPage *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_PAGE (self), NULL);

  return iss_verdict_line_get_text (self->verdict);
}

/**
 * iss_replication_page_get_detail:
 * @self: a page
 *
 * Returns: (transfer none): what is said of the line that is selected; "" = none is
 */
const char *
iss_replication_page_get_detail (IssReplicationPage *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_PAGE (self), NULL);

  return gtk_label_get_label (self->detail);
}

/**
 * iss_replication_page_get_lines:
 * @self: a page
 *
 * Returns: (transfer none): the lines that are shown
 */
GListModel *
iss_replication_page_get_lines (IssReplicationPage *self)
{
  g_return_val_if_fail (ISS_IS_REPLICATION_PAGE (self), NULL);

  return G_LIST_MODEL (self->lines);
}

/**
 * iss_replication_page_dup_ticket:
 * @self: a page
 *
 * Returns: (transfer full): what the page says, as plain text, and who saw it when
 */
char *
iss_replication_page_dup_ticket (IssReplicationPage *self)
{
  g_autofree char *observer = NULL;
  g_autofree char *now = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *status = NULL;
  GString *text;

  g_return_val_if_fail (ISS_IS_REPLICATION_PAGE (self), NULL);

  observer = iss_ticket_dup_observer ();
  now = iss_time_text_iso (iss_clock_now (iss_pool_get_clock (self->pool)));
  text = g_string_new (NULL);
  g_string_append_printf (text, _("Replication of %s: %s\n"), iss_pool_get_name (self->pool),
                          iss_replication_page_get_answer (self));

  lines = iss_replication_words_dup_lines (self->table, self->zone);
  status = iss_replication_status_dup_text (self->status);
  g_string_append_printf (text, "%s%s", lines, status);
  g_string_append_printf (text, _("Seen by %s, %s\n"), observer, now);

  return g_string_free (text, FALSE);
}

/**
 * iss_replication_page_show:
 * @self: a page
 * @table: what was read from the central store
 */
void
iss_replication_page_show (IssReplicationPage  *self,
                           IssReplicationTable *table)
{
  g_return_if_fail (ISS_IS_REPLICATION_PAGE (self));
  g_return_if_fail (ISS_IS_REPLICATION_TABLE (table));

  g_clear_error (&self->error);
  g_set_object (&self->table, table);
  fill (self);
  update (self);
}
