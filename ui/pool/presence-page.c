/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/presence-seen.h"
#include "core/pool/presence.h"
#include "ui/pool/agree.h"
#include "ui/pool/as-of.h"
#include "ui/pool/drift-repair.h"
#include "ui/pool/pool-watch.h"
#include "ui/pool/presence-ladder.h"
#include "ui/pool/presence-matrix.h"
#include "ui/pool/presence-remedy.h"
#include "ui/pool/state-icon.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssPresencePage:
 *
 * Is it the same certificate everywhere?
 */
struct _IssPresencePage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  IssVerdictLine     *verdict;
  GtkStack           *stack;
  IssPresenceMatrix  *matrix;
  GtkWidget          *clocks;
  GtkLabel           *clocks_text;
  GtkLabel           *proved;
  GtkLabel           *sentence;
  IssPresenceLadder  *ladder;
  GtkLabel           *observer;
  GtkBox             *remedies;

  /* Owned References */
  IssScopeNode       *node;
  IssPoolWatch       *watch;
  IssPresence        *presence;
  GSimpleActionGroup *actions;
  GTimeZone          *zone;
  IssAsOf            *as_of;      /* borrowed: of the verdict line */
  char               *shown;      /* what the remedies were made from */

  gint64              now;        /* of the presence */
};

enum
{
  PROP_VERDICT = 1,
  PROP_SENTENCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* What is done is done now, not then. */
static GPtrArray *
find_remedies (IssPresencePage       *self,
               const IssPresenceCell *cell)
{
  if (iss_as_of_get_instant (self->as_of) != 0)
    return g_ptr_array_new ();

  return iss_presence_remedy_find (iss_pool_watch_get_pool (self->watch), self->presence, cell);
}

static char *
iss_presence_page_dup_status (IssPage *page)
{
  IssPresencePage *self = ISS_PRESENCE_PAGE (page);
  guint n_servers = iss_presence_get_n_servers (self->presence);
  guint n_columns = iss_presence_get_n_columns (self->presence);
  g_autofree char *servers = NULL;

  servers = g_strdup_printf (ngettext ("%u server", "%u servers", n_servers), n_servers);
  /* Translators: %s is "3 servers"; a slot is current, previous or staged */
  return g_strdup_printf (ngettext ("%s, %u slot", "%s, %u slots", n_columns), servers, n_columns);
}

static GMenuModel *
iss_presence_page_dup_actions (IssPage *page)
{
  IssPresencePage *self = ISS_PRESENCE_PAGE (page);
  const IssPresenceCell *cell = iss_presence_matrix_get_selected (self->matrix);
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) here = g_menu_new ();
  g_autoptr(GMenu) selected = g_menu_new ();
  g_autofree char *name = NULL;
  g_autoptr(GPtrArray) remedies = NULL;

  g_menu_append (here, _("_Look Again"), "page.look");
  g_menu_append (here, _("_Prove…"), "page.prove");
  g_menu_append (here, _("Copy for the _Ticket"), "page.copy-ticket");
  g_menu_append_section (menu, iss_scope_node_get_label (self->node), G_MENU_MODEL (here));

  if (cell == NULL)
    return G_MENU_MODEL (menu);

  remedies = find_remedies (self, cell);
  for (guint i = 0; i < remedies->len; i++)
    {
      const IssPresenceRemedy *remedy = g_ptr_array_index (remedies, i);
      g_autoptr(GMenuItem) item = g_menu_item_new (remedy->label, NULL);

      g_menu_item_set_action_and_target_value (item, remedy->action, remedy->target);
      g_menu_append_item (selected, item);
    }

  name = iss_server_dup_short_name (cell->server);
  if (remedies->len > 0)
    g_menu_append_section (menu, name, G_MENU_MODEL (selected));

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_presence_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_PRESENCE_PAGE (page)->actions);
}

static gboolean
iss_presence_page_is_busy (IssPage *page)
{
  return iss_pool_watch_is_busy (ISS_PRESENCE_PAGE (page)->watch);
}

static void
iss_presence_page_refresh (IssPage *page)
{
  iss_pool_watch_look (ISS_PRESENCE_PAGE (page)->watch);
}

static void
iss_presence_page_page_init (IssPageInterface *iface)
{
  iface->dup_status = iss_presence_page_dup_status;
  iface->dup_actions = iss_presence_page_dup_actions;
  iface->get_action_group = iss_presence_page_get_action_group;
  iface->is_busy = iss_presence_page_is_busy;
  iface->refresh = iss_presence_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssPresencePage, iss_presence_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_presence_page_page_init))

static void
iss_presence_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  IssPresencePage *self = ISS_PRESENCE_PAGE (object);

  switch (prop_id)
    {
    case PROP_VERDICT:
      g_value_set_string (value, iss_verdict_line_get_text (self->verdict));
      break;

    case PROP_SENTENCE:
      g_value_set_string (value, gtk_label_get_label (self->sentence));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_presence_page_dispose (GObject *object)
{
  IssPresencePage *self = ISS_PRESENCE_PAGE (object);

  if (self->watch != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->watch, self);
      g_object_run_dispose (G_OBJECT (self->watch));
    }
  if (self->matrix != NULL)
    g_signal_handlers_disconnect_by_data (self->matrix, self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_PRESENCE_PAGE);
  g_clear_object (&self->watch);
  g_clear_object (&self->presence);
  g_clear_object (&self->actions);
  g_clear_object (&self->node);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);

  G_OBJECT_CLASS (iss_presence_page_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ISS_PRESENCE_PAGE (widget)->matrix));
}

static void
agree_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  iss_agree_ask (widget, ISS_PRESENCE_PAGE (widget)->node, g_variant_get_string (parameter, NULL));
}

static void
put_back_cb (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  const char *server, *type;

  g_variant_get (parameter, "(&s&s)", &server, &type);
  iss_drift_repair_put_back (widget, ISS_PRESENCE_PAGE (widget)->node, server, type);
}

static void
make_everyones_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  const char *type, *sha256_hex;

  g_variant_get (parameter, "(&s&s)", &type, &sha256_hex);
  iss_drift_repair_make_everyones (widget, ISS_PRESENCE_PAGE (widget)->node, type, sha256_hex);
}

static void
iss_presence_page_class_init (IssPresencePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = iss_presence_page_get_property;
  object_class->dispose = iss_presence_page_dispose;
  widget_class->grab_focus = grab_focus;

  properties[PROP_VERDICT] = g_param_spec_string ("verdict", NULL, NULL, "", flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "pool.agree", "s", agree_cb);
  gtk_widget_class_install_action (widget_class, "drift.put-back", "(ss)", put_back_cb);
  gtk_widget_class_install_action (widget_class, "drift.make-everyones", "(ss)",
                                   make_everyones_cb);

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  g_type_ensure (ISS_TYPE_PRESENCE_MATRIX);
  g_type_ensure (ISS_TYPE_PRESENCE_LADDER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/presence-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, root);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, stack);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, matrix);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, clocks);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, clocks_text);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, proved);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, sentence);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, ladder);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, observer);
  gtk_widget_class_bind_template_child (widget_class, IssPresencePage, remedies);
}

static void
iss_presence_page_init (IssPresencePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_remedies (IssPresencePage       *self,
               const IssPresenceCell *cell)
{
  g_autoptr(GString) essence = g_string_new (NULL);
  g_autoptr(GPtrArray) remedies = find_remedies (self, cell);
  GtkWidget *child;

  for (guint i = 0; i < remedies->len; i++)
    {
      const IssPresenceRemedy *remedy = g_ptr_array_index (remedies, i);
      g_autofree char *target = g_variant_print (remedy->target, TRUE);

      g_string_append_printf (essence, "%s|%s|%s\n", remedy->label, remedy->action, target);
    }

  if (g_strcmp0 (essence->str, self->shown) != 0)
    {
      g_free (self->shown);
      self->shown = g_strdup (essence->str);

      while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->remedies))) != NULL)
        gtk_box_remove (self->remedies, child);

      for (guint i = 0; i < remedies->len; i++)
        {
          const IssPresenceRemedy *remedy = g_ptr_array_index (remedies, i);
          GtkWidget *button = gtk_button_new_with_label (remedy->label);

          gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), remedy->target);
          gtk_actionable_set_action_name (GTK_ACTIONABLE (button), remedy->action);
          gtk_box_append (self->remedies, button);
        }
    }
}

static char *
dup_observer (const IssPresenceCell *cell)
{
  g_autofree char *name = iss_server_dup_short_name (cell->server);

  if (cell->seen_at == 0)
    return g_strdup_printf (_("Nobody has looked at %s yet."), name);

  return g_strdup_printf (_("Observed by the agent on %s, but where it says otherwise."), name);
}

static void
selected_cb (IssPresencePage *self)
{
  const IssPresenceCell *cell = iss_presence_matrix_get_selected (self->matrix);
  g_autofree char *observer = NULL;

  if (cell == NULL || self->presence == NULL)
    return;

  observer = dup_observer (cell);
  gtk_label_set_label (self->sentence, cell->sentence);
  gtk_label_set_label (self->observer, observer);
  iss_presence_ladder_show (self->ladder, cell, self->now, self->zone);
  show_remedies (self, cell);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
  iss_page_changed (ISS_PAGE (self));
}

static IssOverviewLevel
get_level (IssPresence *presence)
{
  if (iss_presence_is_good (presence))
    return ISS_OVERVIEW_GOOD;
  if (iss_presence_get_seen_at (presence) == 0)
    return ISS_OVERVIEW_UNKNOWN;

  return ISS_OVERVIEW_WARNING;
}

/* The newest look at a server that answers, if there is one. */
static gint64
find_seen_at (IssPresence *presence)
{
  gint64 fresh = 0;

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_presence_get_cell (presence, row, 0);

      if (!cell->stale && cell->seen_at != 0)
        fresh = fresh == 0 ? cell->seen_at : MIN (fresh, cell->seen_at);
    }

  return fresh != 0 ? fresh : iss_presence_get_seen_at (presence);
}

static void
set_enabled (IssPresencePage *self,
             const char      *name,
             gboolean         enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
show_clocks (IssPresencePage *self,
             IssPool         *pool)
{
  g_autofree char *warning = iss_clock_check_dup_warning (pool, NULL, NULL);
  g_autofree char *text = warning != NULL ? g_strdup_printf (_("Clocks: %s"), warning) : NULL;

  gtk_label_set_label (self->clocks_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->clocks, text != NULL);
}

static void
update (IssPresencePage *self)
{
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  g_autoptr(IssPresence) presence = NULL;
  g_autofree char *time = NULL;
  g_autofree char *seen = NULL;
  const char *proved = iss_pool_watch_get_proved (self->watch);
  gboolean is_empty = iss_pool_get_n_servers (pool) == 0;
  gboolean is_busy = iss_pool_watch_is_busy (self->watch);
  IssOverviewLevel level;
  gint64 seen_at;

  self->now = iss_clock_now (iss_pool_get_clock (pool));
  iss_as_of_set_present (self->as_of, self->now, iss_presence_seen_next_roll (pool, self->now),
                         self->zone);
  presence = iss_presence_new_at (pool, NULL, self->now, iss_as_of_get_instant (self->as_of),
                                  self->zone);
  level = get_level (presence);
  seen_at = find_seen_at (presence);
  g_set_object (&self->presence, presence);

  if (seen_at != 0)
    {
      time = iss_time_text_clock (seen_at, self->zone);
      seen = g_strdup_printf (_("seen %s"), time);
    }

  iss_verdict_line_say (self->verdict, iss_state_icon_of_level (level),
                        iss_state_icon_class_of_level (level),
                        iss_presence_get_verdict (presence), seen);
  iss_verdict_line_set_busy (self->verdict, is_busy);
  set_enabled (self, "look", !is_busy && !is_empty);
  set_enabled (self, "prove", !is_busy && !is_empty);
  show_clocks (self, pool);
  gtk_label_set_label (self->proved, proved != NULL ? proved : "");
  gtk_widget_set_visible (GTK_WIDGET (self->proved), proved != NULL);
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "matrix");

  iss_presence_matrix_set_presence (self->matrix, presence, self->now, self->zone);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
  iss_page_changed (ISS_PAGE (self));
}

static void
look_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  iss_page_refresh (ISS_PAGE (user_data));
}

static void
prove_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  iss_pool_watch_prove (ISS_PRESENCE_PAGE (user_data)->watch);
}

static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  IssPresencePage *self = user_data;
  g_autofree char *observer = iss_ticket_dup_observer ();
  g_autofree char *text = iss_presence_dup_ticket (self->presence, observer);

  iss_ticket_copy (GTK_WIDGET (self), text);
}

static void
add_prove (IssPresencePage *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Prove…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.prove");
  gtk_widget_set_tooltip_text (button, _("Have every server sign random bytes with the private "
                                         "keys of what it uses"));
  gtk_widget_add_css_class (button, "small");
  iss_verdict_line_append (self->verdict, button);
}

/**
 * iss_presence_page_new:
 * @node: the presence node of a pool
 *
 * Returns: (transfer floating): its page
 */
GtkWidget *
iss_presence_page_new (IssScopeNode *node)
{
  static const GActionEntry entries[] =
  {
    { .name = "look", .activate = look_cb },
    { .name = "prove", .activate = prove_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };
  static const char *const writing[] = { "pool.agree", "drift.put-back", "drift.make-everyones" };
  IssPresencePage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_pool (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_PRESENCE_PAGE, NULL);
  self->node = g_object_ref (node);
  self->watch = iss_pool_watch_new (iss_scope_node_get_pool (node));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  self->zone = g_time_zone_new_local ();
  self->as_of = ISS_AS_OF (iss_as_of_new ());
  iss_verdict_line_append (self->verdict, GTK_WIDGET (self->as_of));
  g_signal_connect_swapped (self->as_of, "changed", G_CALLBACK (update), self);
  add_prove (self);
  for (gsize i = 0; i < G_N_ELEMENTS (writing); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), writing[i],
                                   iss_scope_node_get_workspace (node) != NULL);
  g_signal_connect_swapped (self->matrix, "selected", G_CALLBACK (selected_cb), self);
  g_signal_connect_swapped (self->watch, "update", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}
