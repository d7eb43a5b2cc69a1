/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/overview-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"
#include "core/pool/next-roll.h"
#include "core/pool/overview.h"
#include "core/pool/presence-seen.h"
#include "ui/pool/agree.h"
#include "ui/pool/as-of.h"
#include "ui/pool/pool-watch.h"
#include "ui/pool/state-icon.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssOverviewPage:
 *
 * The first page of a pool: the answer, then a line a fact with the one button
 * that helps.
 */
struct _IssOverviewPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  IssVerdictLine     *verdict;
  GtkGrid            *facts;
  GtkWidget          *footer;
  GtkLabel           *next;
  GtkActionable      *sheet;

  /* Owned References */
  IssScopeNode       *node;
  IssPoolWatch       *watch;
  IssOverview        *overview;
  GSimpleActionGroup *actions;
  IssAsOf            *as_of;      /* borrowed: of the verdict line */
  char               *shown;      /* what the lines were made from */
  guint               n_lines;
};

enum
{
  PROP_ANSWER = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static char *
iss_overview_page_dup_status (IssPage *page)
{
  IssOverviewPage *self = ISS_OVERVIEW_PAGE (page);
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  guint n_servers = iss_pool_get_n_servers (pool);
  guint n_answering = 0;

  for (guint i = 0; i < n_servers; i++)
    n_answering += iss_server_is_answering (iss_pool_get_server (pool, i)) ? 1 : 0;

  if (n_servers == 0)
    return g_strdup (_("No servers"));

  return g_strdup_printf (ngettext ("%u of %u server answers", "%u of %u servers answer",
                                    n_servers),
                          n_answering, n_servers);
}

static void
append_as (GMenu             *menu,
           const char        *label,
           const char        *action,
           const char *const *types)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, g_variant_new_strv (types, -1));
  g_menu_append_item (menu, item);
}

static GMenuModel *
iss_overview_page_dup_actions (IssPage *page)
{
  IssOverviewPage *self = ISS_OVERVIEW_PAGE (page);
  static const char *const none[] = { NULL };
  const char *rolling[] = { iss_next_roll_get_type (iss_pool_watch_get_pool (self->watch)), NULL };
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();

  append_as (section, _("_Import…"), "server.import", none);
  append_as (section, _("_Assign…"), "assignment.assign", none);
  append_as (section, _("_Roll…"), "assignment.roll", none);
  append_as (section, _("R_un Sheet…"), "assignment.run-sheet", rolling);
  g_menu_append (section, _("Add a _Server…"), "server.connect");
  g_menu_append (section, _("_Look Again"), "page.look");
  g_menu_append (section, _("Copy for the _Ticket"), "page.copy-ticket");
  g_menu_append_section (menu, iss_scope_node_get_label (self->node), G_MENU_MODEL (section));

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_overview_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_OVERVIEW_PAGE (page)->actions);
}

static gboolean
iss_overview_page_is_busy (IssPage *page)
{
  return iss_pool_watch_is_busy (ISS_OVERVIEW_PAGE (page)->watch);
}

static void
iss_overview_page_refresh (IssPage *page)
{
  iss_pool_watch_look (ISS_OVERVIEW_PAGE (page)->watch);
}

static void
iss_overview_page_page_init (IssPageInterface *iface)
{
  iface->dup_status = iss_overview_page_dup_status;
  iface->dup_actions = iss_overview_page_dup_actions;
  iface->get_action_group = iss_overview_page_get_action_group;
  iface->is_busy = iss_overview_page_is_busy;
  iface->refresh = iss_overview_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssOverviewPage, iss_overview_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_overview_page_page_init))

static void
iss_overview_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  IssOverviewPage *self = ISS_OVERVIEW_PAGE (object);

  switch (prop_id)
    {
    case PROP_ANSWER:
      g_value_set_string (value, iss_verdict_line_get_text (self->verdict));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_overview_page_dispose (GObject *object)
{
  IssOverviewPage *self = ISS_OVERVIEW_PAGE (object);

  if (self->watch != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->watch, self);
      g_object_run_dispose (G_OBJECT (self->watch));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_OVERVIEW_PAGE);
  g_clear_object (&self->watch);
  g_clear_object (&self->overview);
  g_clear_object (&self->actions);
  g_clear_object (&self->node);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (iss_overview_page_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (ISS_OVERVIEW_PAGE (widget)->root, GTK_DIR_TAB_FORWARD);
}

static void
agree_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  iss_agree_ask (widget, ISS_OVERVIEW_PAGE (widget)->node, g_variant_get_string (parameter, NULL));
}

static void
iss_overview_page_class_init (IssOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = iss_overview_page_get_property;
  object_class->dispose = iss_overview_page_dispose;
  widget_class->grab_focus = grab_focus;

  properties[PROP_ANSWER] =
    g_param_spec_string ("answer", NULL, NULL, "",
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "pool.agree", "s", agree_cb);

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, facts);
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, footer);
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, next);
  gtk_widget_class_bind_template_child (widget_class, IssOverviewPage, sheet);
}

static void
iss_overview_page_init (IssOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
make_label (const char *text,
            const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* A label that is selectable and not focusable takes Tab and leads nowhere. */
  gtk_widget_set_can_focus (label, FALSE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

/* The button that helps, or NULL. */
static GtkWidget *
make_button (IssOverviewPage       *self,
             const IssOverviewFact *fact)
{
  g_autofree char *label = NULL;
  g_autofree char *path = NULL;
  const char *action = NULL;
  GVariant *target = NULL;
  GtkWidget *button;

  switch (fact->remedy)
    {
    case ISS_REMEDY_PRESENCE:
      label = g_strdup (_("Presence"));
      action = "console.show";
      path = g_strconcat (iss_scope_node_get_path (self->node), "/presence", NULL);
      target = g_variant_new_string (path);
      break;

    case ISS_REMEDY_ASSIGN:
      label = g_strdup (_("Assign…"));
      action = "assignment.assign";
      target = g_variant_new_strv (NULL, 0);
      break;

    case ISS_REMEDY_AGREE:
      label = g_strdup (_("Agree on This One…"));
      action = "pool.agree";
      target = g_variant_new_string (fact->target);
      break;

    case ISS_REMEDY_MAKE_GLOBAL:
      label = g_strdup (_("Make It Global…"));
      action = "assignment.make-global";
      target = g_variant_new ("(ss)", "", fact->target);
      break;

    case ISS_REMEDY_LOOK:
      label = g_strdup (_("Try Again"));
      action = "server.look";
      target = g_variant_new_string (fact->target);
      break;

    case ISS_REMEDY_ADD_SERVER:
      label = g_strdup (_("Add a Server…"));
      action = "server.connect";
      break;

    case ISS_REMEDY_NONE:
    case ISS_N_REMEDIES:
      return NULL;
    }

  button = gtk_button_new_with_label (label);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, fact->sentence, -1);
  gtk_widget_add_css_class (button, "small");
  gtk_widget_set_valign (button, GTK_ALIGN_START);

  return button;
}

static void
add_line (IssOverviewPage       *self,
          const IssOverviewFact *fact)
{
  int row = (int) self->n_lines++;
  gboolean is_part = *fact->subject == '\0';
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = make_button (self, fact);

  if (!is_part)
    {
      const char *word = iss_overview_level_get_label (fact->level);
      GtkWidget *icon = gtk_image_new_from_icon_name (iss_state_icon_of_level (fact->level));
      GtkWidget *subject = make_label (fact->subject, NULL);

      gtk_widget_set_valign (icon, GTK_ALIGN_START);
      gtk_widget_set_margin_top (icon, 4);
      gtk_widget_set_tooltip_text (icon, word);
      gtk_widget_add_css_class (icon, iss_state_icon_class_of_level (fact->level));
      gtk_accessible_update_property (GTK_ACCESSIBLE (icon),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
      gtk_grid_attach (self->facts, icon, 0, row, 1, 1);

      gtk_widget_set_valign (subject, GTK_ALIGN_START);
      gtk_widget_set_margin_top (subject, 3);
      gtk_label_set_max_width_chars (GTK_LABEL (subject), 24);
      gtk_grid_attach (self->facts, subject, 1, row, 1, 1);
    }

  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_margin_top (box, 3);
  gtk_box_append (GTK_BOX (box), make_label (fact->sentence, NULL));
  if (fact->advice != NULL)
    gtk_box_append (GTK_BOX (box), make_label (fact->advice, "dim-label"));
  gtk_grid_attach (self->facts, box, 2, row, 1, 1);

  if (button != NULL)
    gtk_grid_attach (self->facts, button, 3, row, 1, 1);
}

static void
show_facts (IssOverviewPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean had_focus = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->facts));

  while (self->n_lines > 0)
    gtk_grid_remove_row (self->facts, (int) --self->n_lines);

  for (guint i = 0; i < iss_overview_get_n_facts (self->overview); i++)
    add_line (self, iss_overview_get_fact (self->overview, i));

  if (had_focus)
    gtk_widget_child_focus (GTK_WIDGET (self->facts), GTK_DIR_TAB_FORWARD);
}

/* All that the lines are made from, to leave them alone while nothing changes. */
static char *
dup_essence (IssOverview *overview)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < iss_overview_get_n_facts (overview); i++)
    {
      const IssOverviewFact *fact = iss_overview_get_fact (overview, i);

      g_string_append_printf (text, "%d|%s|%s|%s|%d|%s\n", (int) fact->level, fact->subject,
                              fact->sentence, fact->advice != NULL ? fact->advice : "",
                              (int) fact->remedy, fact->target != NULL ? fact->target : "");
    }

  return g_string_free (text, FALSE);
}

static void
show_sheet (IssOverviewPage *self,
            IssPool         *pool)
{
  const char *types[] = { iss_next_roll_get_type (pool), NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->sheet), types[0] != NULL);
  gtk_actionable_set_action_target_value (self->sheet, g_variant_new_strv (types, -1));
  gtk_actionable_set_action_name (self->sheet, "assignment.run-sheet");
}

static void
update (IssOverviewPage *self)
{
  IssPool *pool = iss_pool_watch_get_pool (self->watch);
  gint64 now = iss_clock_now (iss_pool_get_clock (pool));
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *essence = NULL;
  g_autofree char *time = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *next = NULL;
  GAction *look = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "look");
  gboolean is_empty = iss_pool_get_n_servers (pool) == 0;
  gboolean is_busy = iss_pool_watch_is_busy (self->watch);
  IssOverviewLevel level;

  g_clear_object (&self->overview);
  iss_as_of_set_present (self->as_of, now, iss_presence_seen_next_roll (pool, now), zone);
  self->overview = iss_overview_new_at (pool, now, iss_as_of_get_instant (self->as_of), zone);
  level = iss_overview_get_level (self->overview);

  if (iss_overview_get_seen_at (self->overview) != 0)
    {
      time = iss_time_text_clock (iss_overview_get_seen_at (self->overview), zone);
      seen = g_strdup_printf (_("seen %s"), time);
    }

  iss_verdict_line_say (self->verdict, iss_state_icon_of_level (level),
                        iss_state_icon_class_of_level (level),
                        iss_overview_get_answer (self->overview), seen);
  iss_verdict_line_set_busy (self->verdict, is_busy);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (look), !is_busy && !is_empty);
  gtk_widget_set_visible (self->footer, !is_empty);
  next = iss_next_roll_dup_text (pool, now, zone);
  gtk_label_set_label (self->next, next);
  show_sheet (self, pool);

  essence = dup_essence (self->overview);
  if (g_strcmp0 (essence, self->shown) != 0)
    {
      g_free (self->shown);
      self->shown = g_steal_pointer (&essence);
      show_facts (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANSWER]);
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
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  IssOverviewPage *self = user_data;
  g_autofree char *observer = iss_ticket_dup_observer ();
  g_autofree char *text = iss_overview_dup_ticket (self->overview, observer);

  iss_ticket_copy (GTK_WIDGET (self), text);
}

/**
 * iss_overview_page_new:
 * @node: a pool's node
 *
 * Returns: (transfer floating): the pool's first page
 */
GtkWidget *
iss_overview_page_new (IssScopeNode *node)
{
  static const GActionEntry entries[] =
  {
    { .name = "look", .activate = look_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };
  IssOverviewPage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_pool (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_OVERVIEW_PAGE, NULL);
  self->node = g_object_ref (node);
  self->watch = iss_pool_watch_new (iss_scope_node_get_pool (node));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "pool.agree",
                                 iss_scope_node_get_workspace (node) != NULL);
  self->as_of = ISS_AS_OF (iss_as_of_new ());
  iss_verdict_line_append (self->verdict, GTK_WIDGET (self->as_of));
  g_signal_connect_swapped (self->as_of, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->watch, "update", G_CALLBACK (update), self);
  update (self);

  return GTK_WIDGET (self);
}
