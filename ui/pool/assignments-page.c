/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/assignments-page.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/transition.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/assignment-table.h"
#include "core/pool/presence-forecast.h"
#include "core/pool/presence-seen.h"
#include "ui/pool/assignment-item.h"
#include "ui/pool/pool-watch.h"
#include "ui/pool/roll-panel.h"
#include "ui/pool/state-icon.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssAssignmentsPage:
 *
 * What a pool, or one server of it, uses each certificate for.
 *
 * The list is made anew only when a row says something else, and what was
 * selected stays selected: a look that finds nothing new moves nothing.
 */
struct _IssAssignmentsPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  IssVerdictLine     *verdict;
  GtkLabel           *silence;
  GtkStack           *stack;
  GtkColumnView      *view;
  GtkLabel           *text;
  GtkButton          *text_button;
  IssRollPanel       *roll;
  GtkWidget          *buttons;
  GtkWidget          *cancel_button;
  GtkWidget          *postpone_button;
  GtkWidget          *swap_button;
  GtkWidget          *remove_button;

  /* Owned References */
  IssScopeNode       *node;
  IssPoolWatch       *watch;
  IssAssignmentTable *table;
  GtkSingleSelection *selection;   /* (nullable): before there is a row */
  GSimpleActionGroup *actions;
  IssAsOf            *as_of;       /* borrowed: of the verdict line */
  char               *shown;       /* what the rows were made from */
};

static IssAssignmentItem *
get_selected (IssAssignmentsPage *self)
{
  GtkTreeListRow *row = self->selection != NULL
                        ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  g_autoptr(IssAssignmentItem) item = row != NULL ? gtk_tree_list_row_get_item (row) : NULL;

  /* Borrowed: the list holds it. */
  return item;
}

static const IssAssignmentRow *
get_selected_row (IssAssignmentsPage *self)
{
  IssAssignmentItem *item = get_selected (self);

  return item != NULL ? iss_assignment_item_get_row (item) : NULL;
}

/* Whose log tells of the selection: a server that answers rather than one that does not. */
static IssServer *
find_log_server (IssAssignmentsPage *self)
{
  const IssAssignmentRow *row = get_selected_row (self);
  IssServer *server = iss_scope_node_get_server (self->node);

  if (server != NULL)
    return server;

  for (guint i = 0; row != NULL && i < row->servers->len; i++)
    {
      IssServer *its = g_ptr_array_index (row->servers, i);

      if (iss_server_is_answering (its))
        return its;
      if (server == NULL)
        server = its;
    }

  return server;
}

static char *
dup_where (IssAssignmentsPage *self)
{
  IssServer *server = iss_scope_node_get_server (self->node);

  return server != NULL ? iss_server_dup_short_name (server)
                        : g_strdup (iss_pool_get_name (iss_scope_node_get_pool (self->node)));
}

static char *
iss_assignments_page_dup_title (IssPage *page)
{
  IssAssignmentsPage *self = ISS_ASSIGNMENTS_PAGE (page);
  g_autofree char *where = dup_where (self);

  /* Translators: %s is a pool or a server */
  return g_strdup_printf (_("Assignments, %s"), where);
}

static char *
iss_assignments_page_dup_status (IssPage *page)
{
  IssAssignmentsPage *self = ISS_ASSIGNMENTS_PAGE (page);
  guint n = 0;

  for (guint i = 0; i < iss_assignment_table_get_n_rows (self->table); i++)
    n += iss_assignment_table_get_row (self->table, i)->has_certificate ? 1 : 0;

  return g_strdup_printf (ngettext ("%u assignment", "%u assignments", n), n);
}

static GMenuModel *
iss_assignments_page_dup_actions (IssPage *page)
{
  IssAssignmentsPage *self = ISS_ASSIGNMENTS_PAGE (page);
  const IssAssignmentRow *row = get_selected_row (self);
  g_autofree char *title = iss_assignments_page_dup_title (page);
  g_autoptr(GMenu) here = g_menu_new ();
  g_autoptr(GMenu) selected = g_menu_new ();
  GMenu *menu = g_menu_new ();

  g_menu_append (here, _("_Assign…"), "page.assign");
  g_menu_append (here, _("Ro_ll…"), "page.roll");
  g_menu_append (here, _("R_un Sheet"), "page.run-sheet");
  g_menu_append (here, _("_Look Again"), "page.look");
  g_menu_append (here, _("Copy for the _Ticket"), "page.copy-ticket");
  g_menu_append_section (menu, title, G_MENU_MODEL (here));

  if (row != NULL && row->has_certificate)
    {
      g_menu_append (selected, _("_View"), "page.open");
      g_menu_append (selected, _("View _Log"), "page.log");
      if (row->slot == ISS_SLOT_STAGED)
        {
          g_menu_append (selected, _("_Arm…"), "page.arm");
          g_menu_append (selected, _("_Postpone…"), "page.postpone");
          g_menu_append (selected, _("_Cancel Roll…"), "page.cancel");
        }
      else
        {
          g_menu_append (selected, _("_Swap Back…"), "page.swap-back");
          g_menu_append (selected, _("_Remove…"), "page.remove");
        }
      g_menu_append (selected, _("Replace as Compro_mised…"), "page.replace");
      g_menu_append_section (menu, row->name, G_MENU_MODEL (selected));
    }

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_assignments_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_ASSIGNMENTS_PAGE (page)->actions);
}

static gboolean
iss_assignments_page_is_busy (IssPage *page)
{
  return iss_pool_watch_is_busy (ISS_ASSIGNMENTS_PAGE (page)->watch);
}

static void
iss_assignments_page_refresh (IssPage *page)
{
  iss_pool_watch_look (ISS_ASSIGNMENTS_PAGE (page)->watch);
}

static void
iss_assignments_page_page_init (IssPageInterface *iface)
{
  iface->dup_title = iss_assignments_page_dup_title;
  iface->dup_status = iss_assignments_page_dup_status;
  iface->dup_actions = iss_assignments_page_dup_actions;
  iface->get_action_group = iss_assignments_page_get_action_group;
  iface->is_busy = iss_assignments_page_is_busy;
  iface->refresh = iss_assignments_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssAssignmentsPage, iss_assignments_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE,
                                                      iss_assignments_page_page_init))

static void
iss_assignments_page_dispose (GObject *object)
{
  IssAssignmentsPage *self = ISS_ASSIGNMENTS_PAGE (object);

  if (self->watch != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->watch, self);
      g_object_run_dispose (G_OBJECT (self->watch));
    }
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_ASSIGNMENTS_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->watch);
  g_clear_object (&self->table);
  g_clear_object (&self->actions);
  g_clear_object (&self->node);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (iss_assignments_page_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  IssAssignmentsPage *self = ISS_ASSIGNMENTS_PAGE (widget);

  return gtk_widget_grab_focus (self->selection != NULL ? GTK_WIDGET (self->view)
                                                        : GTK_WIDGET (self->text_button));
}

static void
activate_cb (IssAssignmentsPage *self)
{
  g_action_group_activate_action (G_ACTION_GROUP (self->actions), "open", NULL);
}

static void
iss_assignments_page_class_init (IssAssignmentsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_assignments_page_dispose;
  widget_class->grab_focus = grab_focus;

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  g_type_ensure (ISS_TYPE_ROLL_PANEL);
  g_type_ensure (ISS_TYPE_ASSIGNMENT_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/assignments-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, silence);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, view);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, text);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, text_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, roll);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, buttons);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, postpone_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, swap_button);
  gtk_widget_class_bind_template_child (widget_class, IssAssignmentsPage, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
iss_assignments_page_init (IssAssignmentsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_enabled (IssAssignmentsPage *self,
             const char         *name,
             gboolean            enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

/* A button that cannot be pressed says why; one that can, what becomes of each slot. */
static void
give_reason (GtkWidget         *button,
             const char        *reason,
             IssTransitionKind  kind)
{
  g_autofree char *text = reason != NULL ? g_strdup (reason) : iss_transition_dup_help (kind);

  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}

/* (nullable): the row of the selected type in a slot. */
static const IssAssignmentRow *
find_row (IssAssignmentsPage *self,
          IssSlot             slot)
{
  const IssAssignmentRow *selected = get_selected_row (self);

  if (selected == NULL || (selected->has_certificate && selected->slot == slot))
    return selected;

  for (guint i = 0; i < iss_assignment_table_get_n_rows (self->table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (self->table, i);

      if (row->has_certificate && row->slot == slot && g_str_equal (row->type, selected->type))
        return row;
    }

  return NULL;
}

/* (nullable): why what is in a slot of the selected type cannot be changed. */
static const char *
get_reason (IssAssignmentsPage *self,
            IssSlot             slot)
{
  const IssAssignmentRow *row = find_row (self, slot);

  if (get_selected_row (self) == NULL)
    return _("Select what it is about");
  if (iss_as_of_get_instant (self->as_of) != 0)
    return _("This is another time: only what is so now can be changed");
  if (row == NULL && slot == ISS_SLOT_STAGED)
    return _("Nothing is staged for this certificate type");
  if (row == NULL)
    return _("There is no previous certificate of this type");

  return row->stale ? _("None of its servers answers: nothing can be changed") : NULL;
}

static const char *
get_remove_reason (IssAssignmentsPage     *self,
                   const IssAssignmentRow *row)
{
  if (row == NULL || !row->has_certificate)
    return _("Select what is to be taken out of use");
  if (iss_as_of_get_instant (self->as_of) != 0)
    return _("This is another time: only what is so now can be changed");
  if (row->slot == ISS_SLOT_STAGED)
    return _("It is not in use yet: cancel the roll instead");

  return row->stale ? _("None of its servers answers: nothing can be changed") : NULL;
}

static void
update_actions (IssAssignmentsPage *self)
{
  const IssAssignmentRow *row = get_selected_row (self);
  gboolean has_certificate = row != NULL && row->has_certificate;
  gboolean has_servers = iss_pool_get_n_servers (iss_pool_watch_get_pool (self->watch)) > 0;

  set_enabled (self, "look", has_servers && !iss_pool_watch_is_busy (self->watch));
  set_enabled (self, "assign", has_servers);
  set_enabled (self, "roll", has_servers && (row == NULL || row->known == NULL
                                             || row->known->rollable));
  set_enabled (self, "arm", get_reason (self, ISS_SLOT_STAGED) == NULL);
  set_enabled (self, "cancel", get_reason (self, ISS_SLOT_STAGED) == NULL);
  set_enabled (self, "postpone", get_reason (self, ISS_SLOT_STAGED) == NULL);
  set_enabled (self, "swap-back", get_reason (self, ISS_SLOT_PREVIOUS) == NULL);
  set_enabled (self, "remove", get_remove_reason (self, row) == NULL);
  set_enabled (self, "replace", has_certificate && row->known != NULL && !row->stale
                                && iss_as_of_get_instant (self->as_of) == 0);
  give_reason (self->cancel_button, get_reason (self, ISS_SLOT_STAGED), ISS_TRANSITION_CANCEL);
  give_reason (self->postpone_button, get_reason (self, ISS_SLOT_STAGED),
               ISS_TRANSITION_POSTPONE);
  give_reason (self->swap_button, get_reason (self, ISS_SLOT_PREVIOUS), ISS_TRANSITION_SWAP_BACK);
  give_reason (self->remove_button, get_remove_reason (self, row),
               row != NULL && row->slot == ISS_SLOT_PREVIOUS ? ISS_TRANSITION_REMOVE_PREVIOUS
                                                             : ISS_TRANSITION_REMOVE_CURRENT);
  set_enabled (self, "open", has_certificate && *row->issued_to != '\0');
  set_enabled (self, "log", find_log_server (self) != NULL);
}

static GPtrArray *
dup_servers (IssAssignmentsPage *self)
{
  IssServer *server = iss_scope_node_get_server (self->node);
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  if (server != NULL)
    g_ptr_array_add (servers, g_object_ref (server));
  for (guint i = 0; server == NULL && i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

static void
update_roll (IssAssignmentsPage *self)
{
  const IssAssignmentRow *row = get_selected_row (self);
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) servers = dup_servers (self);

  iss_roll_panel_update (self->roll, servers, row != NULL ? row->type : NULL,
                         iss_clock_now (iss_pool_get_clock (pool)), zone);
}

static void
selected_cb (IssAssignmentsPage *self)
{
  update_actions (self);
  update_roll (self);
  iss_page_changed (ISS_PAGE (self));
}

static GListModel *
get_children_cb (gpointer item,
                 gpointer unused)
{
  GListModel *children = iss_assignment_item_get_children (item);

  return children != NULL ? g_object_ref (children) : NULL;
}

/* Whatever the rows say, but for the time. */
static char *
dup_essence (IssAssignmentTable *table)
{
  GString *essence = g_string_new (NULL);

  for (guint i = 0; i < iss_assignment_table_get_n_rows (table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (table, i);
      g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);

      g_string_append_printf (essence, "%s|%u|%s|%s|%s|%s|%d\n", row->type, row->slot, sha256,
                              row->name, row->location, row->state, row->stale);
    }

  return g_string_free (essence, FALSE);
}

static void
select_key (IssAssignmentsPage *self,
            const char         *key)
{
  GListModel *rows = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(GtkTreeListRow) row = g_list_model_get_item (rows, i);
      g_autoptr(IssAssignmentItem) item = gtk_tree_list_row_get_item (row);

      if (g_strcmp0 (iss_assignment_item_get_key (item), key) == 0)
        {
          gtk_single_selection_set_selected (self->selection, i);
          return;
        }
    }
}

static void
show_rows (IssAssignmentsPage *self,
           GTimeZone          *zone)
{
  IssAssignmentItem *selected = get_selected (self);
  g_autofree char *key = selected != NULL ? g_strdup (iss_assignment_item_get_key (selected))
                                          : NULL;
  GListModel *groups = iss_assignment_item_make_tree (self->table, zone);
  GtkTreeListModel *tree = gtk_tree_list_model_new (groups, FALSE, TRUE, get_children_cb, NULL,
                                                    NULL);

  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);

  self->selection = gtk_single_selection_new (G_LIST_MODEL (tree));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  if (key != NULL)
    select_key (self, key);

  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "selection-changed", G_CALLBACK (selected_cb), self);
}

/* The answer, and how sure one can be of it. */
static void
say_answer (IssAssignmentsPage *self,
            GTimeZone          *zone)
{
  gint64 seen_at = iss_assignment_table_get_seen_at (self->table);
  IssOverviewLevel level = seen_at == 0 ? ISS_OVERVIEW_UNKNOWN : ISS_OVERVIEW_GOOD;
  g_autofree char *where = dup_where (self);
  gint64 at = iss_as_of_get_instant (self->as_of);
  g_autofree char *when = at != 0 ? iss_presence_forecast_dup_when (at, zone) : NULL;
  /* Translators: an instant, "On 14 July 2027", and a pool or a server */
  g_autofree char *text = at != 0
    ? g_strdup_printf (_("%s: what %s will use each certificate for, if nothing is changed."),
                       when, where)
    /* Translators: %s is a pool or a server */
    : g_strdup_printf (_("What %s uses each certificate for."), where);
  g_autofree char *time = seen_at != 0 ? iss_time_text_clock (seen_at, zone) : NULL;
  g_autofree char *seen = time != NULL ? g_strdup_printf (_("seen %s"), time) : NULL;
  const char *silence = iss_assignment_table_get_silence (self->table);

  for (guint i = 0; i < iss_assignment_table_get_n_rows (self->table); i++)
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (self->table, i);

      if (row->verdict == ISS_VERDICT_EXPIRED || row->verdict == ISS_VERDICT_NOT_YET_VALID)
        level = ISS_OVERVIEW_ERROR;
      else if (level == ISS_OVERVIEW_GOOD
               && (row->verdict == ISS_VERDICT_MISSING
                   || (at == 0 && row->slot == ISS_SLOT_CURRENT && row->has_certificate
                       && row->rung < ISS_RUNG_PUBLISHED)))
        level = ISS_OVERVIEW_WARNING;
    }
  if (silence != NULL && level == ISS_OVERVIEW_GOOD)
    level = ISS_OVERVIEW_WARNING;

  iss_verdict_line_say (self->verdict, iss_state_icon_of_level (level),
                        iss_state_icon_class_of_level (level), text, seen);
  gtk_label_set_label (self->silence, silence != NULL && seen_at != 0 ? silence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->silence), silence != NULL && seen_at != 0);
}

/* Where there is no row: no server, or none that was ever seen. */
static void
say_nothing (IssAssignmentsPage *self)
{
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  const char *silence = iss_assignment_table_get_silence (self->table);
  gboolean is_empty = iss_pool_get_n_servers (pool) == 0;

  if (is_empty)
    gtk_label_set_label (self->text, _("There is no server in this pool yet."));
  else if (iss_pool_watch_is_busy (self->watch))
    gtk_label_set_label (self->text, _("Looking…"));
  else
    gtk_label_set_label (self->text, silence != NULL ? silence : "");

  gtk_button_set_label (self->text_button, is_empty ? _("Add a Server…") : _("Look Again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->text_button),
                                  is_empty ? "server.connect" : "page.look");
}

static void
update (IssAssignmentsPage *self)
{
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(GPtrArray) servers = dup_servers (self);
  g_autoptr(IssAssignmentTable) table = NULL;
  g_autofree char *essence = NULL;
  gboolean has_rows;
  gint64 now;

  now = iss_clock_now (iss_pool_get_clock (pool));
  iss_as_of_set_present (self->as_of, now, iss_presence_seen_next_roll (pool, now), zone);
  table = iss_assignment_table_new_at (servers, NULL, now, iss_as_of_get_instant (self->as_of),
                                       zone);
  has_rows = iss_assignment_table_get_n_rows (table) > 0;
  essence = dup_essence (table);
  g_set_object (&self->table, table);

  if (has_rows && g_strcmp0 (essence, self->shown) != 0)
    {
      show_rows (self, zone);
      g_free (self->shown);
      self->shown = g_steal_pointer (&essence);
    }
  if (!has_rows)
    say_nothing (self);

  say_answer (self, zone);
  iss_verdict_line_set_busy (self->verdict, iss_pool_watch_is_busy (self->watch));
  gtk_stack_set_visible_child_name (self->stack, has_rows ? "list" : "text");
  gtk_widget_set_visible (self->buttons, has_rows);
  update_actions (self);
  update_roll (self);
  iss_page_changed (ISS_PAGE (self));
}

/* What is selected, where it can be assigned or rolled: types, then the server of the page. */
static void
assign_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  gboolean rolls = g_str_equal (g_action_get_name (G_ACTION (action)), "roll");
  IssAssignmentsPage *self = user_data;
  IssAssignmentItem *item = get_selected (self);
  IssServer *server = iss_scope_node_get_server (self->node);
  g_auto(GStrv) types = item != NULL ? iss_assignment_item_dup_types (item) : NULL;
  g_autoptr(GStrvBuilder) what = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  for (guint i = 0; types != NULL && types[i] != NULL; i++)
    g_strv_builder_add (what, types[i]);
  if (server != NULL)
    g_strv_builder_add (what, iss_server_get_name (server));

  words = g_strv_builder_end (what);
  gtk_widget_activate_action (GTK_WIDGET (self), rolls ? "assignment.roll" : "assignment.assign",
                              "^as", words);
}

/* Of what is selected, if that is one type. */
static void
run_sheet_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  IssAssignmentsPage *self = user_data;
  const IssAssignmentRow *row = get_selected_row (self);
  const char *const types[] = { row != NULL ? row->type : NULL, NULL };

  gtk_widget_activate_action (GTK_WIDGET (self), "assignment.run-sheet", "^as", types);
}

/* A row: type, slot, certificate, then its servers. */
static void
change_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  IssAssignmentsPage *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  const IssAssignmentRow *row = g_str_equal (name, "remove") || g_str_equal (name, "replace")
                                ? get_selected_row (self)
                                : find_row (self, g_str_equal (name, "swap-back")
                                                  ? ISS_SLOT_PREVIOUS : ISS_SLOT_STAGED);
  g_autofree char *verb = g_strconcat ("assignment.", name, NULL);
  g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  g_autoptr(GStrvBuilder) what = g_strv_builder_new ();
  g_auto(GStrv) words = NULL;

  g_strv_builder_add (what, row->type);
  g_strv_builder_add (what, iss_slot_get_name (row->slot));
  g_strv_builder_add (what, sha256);
  for (guint i = 0; i < row->servers->len; i++)
    g_strv_builder_add (what, iss_server_get_name (g_ptr_array_index (row->servers, i)));

  words = g_strv_builder_end (what);
  gtk_widget_activate_action (GTK_WIDGET (self), verb, "^as", words);
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  IssAssignmentsPage *self = user_data;
  const IssAssignmentRow *row = get_selected_row (self);
  g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  const char *what[] = { NULL, iss_store_name_get_nick (ISS_STORE_MY), sha256, NULL };

  what[0] = iss_server_get_name (find_log_server (self));
  gtk_widget_activate_action (GTK_WIDGET (self), "certificate.open", "^as", what);
}

static void
log_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       user_data)
{
  IssAssignmentsPage *self = user_data;
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  g_autofree char *path = g_strconcat (iss_pool_get_name (pool), "/",
                                       iss_server_get_name (find_log_server (self)), "/event-log",
                                       NULL);

  gtk_widget_activate_action (GTK_WIDGET (self), "console.show", "s", path);
}

static void
look_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  iss_page_refresh (ISS_PAGE (user_data));
}

static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  IssAssignmentsPage *self = user_data;
  g_autofree char *observer = iss_ticket_dup_observer ();
  g_autofree char *text = NULL;

  text = iss_assignment_table_dup_ticket (self->table, iss_verdict_line_get_text (self->verdict),
                                          observer);
  iss_ticket_copy (GTK_WIDGET (self), text);
}

/**
 * iss_assignments_page_new:
 * @node: the Assignments node of a pool or of a server
 *
 * Returns: (transfer floating): its page
 */
GtkWidget *
iss_assignments_page_new (IssScopeNode *node)
{
  static const GActionEntry entries[] =
  {
    { .name = "assign", .activate = assign_cb },
    { .name = "roll", .activate = assign_cb },
    { .name = "run-sheet", .activate = run_sheet_cb },
    { .name = "arm", .activate = change_cb },
    { .name = "cancel", .activate = change_cb },
    { .name = "postpone", .activate = change_cb },
    { .name = "swap-back", .activate = change_cb },
    { .name = "remove", .activate = change_cb },
    { .name = "replace", .activate = change_cb },
    { .name = "open", .activate = open_cb },
    { .name = "log", .activate = log_cb },
    { .name = "look", .activate = look_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };
  IssAssignmentsPage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_pool (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_ASSIGNMENTS_PAGE, NULL);
  self->node = g_object_ref (node);
  self->watch = iss_pool_watch_new (iss_scope_node_get_pool (node));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  self->as_of = ISS_AS_OF (iss_as_of_new ());
  iss_verdict_line_append (self->verdict, GTK_WIDGET (self->as_of));
  g_signal_connect_swapped (self->as_of, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->watch, "update", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * iss_assignments_page_get_as_of:
 * @self: a page
 *
 * Returns: (transfer none): as of which instant it is drawn
 */
IssAsOf *
iss_assignments_page_get_as_of (IssAssignmentsPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS_PAGE (self), NULL);

  return self->as_of;
}

/**
 * iss_assignments_page_get_rows:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what the list shows, #GtkTreeListRow of
 *   #IssAssignmentItem
 */
GListModel *
iss_assignments_page_get_rows (IssAssignmentsPage *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS_PAGE (self), NULL);

  return G_LIST_MODEL (self->selection);
}

/**
 * iss_assignments_page_select:
 * @self: a page with rows
 * @position: of a row
 *
 * Returns: whether it is selected now
 */
gboolean
iss_assignments_page_select (IssAssignmentsPage *self,
                             guint               position)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENTS_PAGE (self), FALSE);

  gtk_single_selection_set_selected (self->selection, position);

  return gtk_single_selection_get_selected (self->selection) == position;
}
