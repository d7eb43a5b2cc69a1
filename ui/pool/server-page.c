/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/server-page.h"

#include <glib/gi18n-lib.h>

#include "core/agent/ssh-failure.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/asked.h"
#include "core/pool/clock-check.h"
#include "core/pool/reload-note.h"
#include "core/pool/sighting.h"
#include "ui/pool/state-icon.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssServerPage:
 *
 * One server.
 */
struct _IssServerPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  IssVerdictLine     *verdict;
  GtkWidget          *trouble;
  GtkLabel           *reason;
  GtkLabel           *remedy;
  GtkLabel           *below;
  GtkWidget          *command_button;
  GtkWidget          *install_button;
  GtkGrid            *facts;
  GtkWidget          *confinement;
  GtkLabel           *confinement_text;
  GtkLabel           *uses_title;
  GtkGrid            *uses;
  GtkBox             *stores;

  /* Owned References */
  IssScopeNode       *node;
  IssServer          *server;
  GSimpleActionGroup *actions;
  GCancellable       *looking;    /* (nullable) */

  guint               n_facts;
  guint               n_uses;
  guint               update_id;
};

enum
{
  PROP_STATE_TEXT = 1,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_in_trouble (IssServer *server)
{
  return iss_server_get_failing_since (server) != 0;
}

static char *
iss_server_page_dup_status (IssPage *page)
{
  return iss_server_dup_state_text (ISS_SERVER_PAGE (page)->server);
}

static GMenuModel *
iss_server_page_dup_actions (IssPage *page)
{
  IssServerPage *self = ISS_SERVER_PAGE (page);
  const char *name = iss_server_get_name (self->server);
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();
  g_autoptr(GMenuItem) import = g_menu_item_new (_("_Import…"), NULL);
  g_autoptr(GMenuItem) assign = g_menu_item_new (_("_Assign…"), NULL);

  g_menu_item_set_action_and_target_value (import, "server.import", g_variant_new_strv (&name, 1));
  g_menu_item_set_action_and_target_value (assign, "assignment.assign",
                                           g_variant_new_strv (&name, 1));
  g_menu_append_item (section, import);
  g_menu_append_item (section, assign);
  g_menu_append (section, is_in_trouble (self->server) ? _("_Try Again") : _("_Look Again"),
                 "page.look");
  g_menu_append (section, _("Copy the _ssh Command"), "page.copy-command");
  g_menu_append (section, _("Copy _Details"), "page.copy-ticket");
  g_menu_append_section (menu, iss_scope_node_get_label (self->node), G_MENU_MODEL (section));

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_server_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_SERVER_PAGE (page)->actions);
}

static gboolean
iss_server_page_is_busy (IssPage *page)
{
  return ISS_SERVER_PAGE (page)->looking != NULL;
}

/* What looks comes further down. */
static void
iss_server_page_refresh (IssPage *page)
{
  g_action_group_activate_action (G_ACTION_GROUP (ISS_SERVER_PAGE (page)->actions), "look", NULL);
}

static void
iss_server_page_page_init (IssPageInterface *iface)
{
  iface->dup_status = iss_server_page_dup_status;
  iface->dup_actions = iss_server_page_dup_actions;
  iface->get_action_group = iss_server_page_get_action_group;
  iface->is_busy = iss_server_page_is_busy;
  iface->refresh = iss_server_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssServerPage, iss_server_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_server_page_page_init))

static void
iss_server_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  IssServerPage *self = ISS_SERVER_PAGE (object);

  switch (prop_id)
    {
    case PROP_STATE_TEXT:
      g_value_set_string (value, iss_verdict_line_get_text (self->verdict));
      break;

    case PROP_REASON:
      g_value_set_string (value, gtk_label_get_label (self->reason));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_server_page_dispose (GObject *object)
{
  IssServerPage *self = ISS_SERVER_PAGE (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->looking != NULL)
    g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SERVER_PAGE);
  g_clear_object (&self->server);
  g_clear_object (&self->node);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (iss_server_page_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (ISS_SERVER_PAGE (widget)->root, GTK_DIR_TAB_FORWARD);
}

static void
iss_server_page_class_init (IssServerPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = iss_server_page_get_property;
  object_class->dispose = iss_server_page_dispose;
  widget_class->grab_focus = grab_focus;

  properties[PROP_STATE_TEXT] = g_param_spec_string ("state-text", NULL, NULL, "", flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/server-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, reason);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, remedy);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, below);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, command_button);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, install_button);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, facts);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, confinement);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, confinement_text);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, uses_title);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, uses);
  gtk_widget_class_bind_template_child (widget_class, IssServerPage, stores);
}

static void
iss_server_page_init (IssServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
make_label (const char *text,
            gboolean    is_dim)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (is_dim)
    gtk_widget_add_css_class (label, "dim-label");

  return label;
}

static void
add_fact (IssServerPage *self,
          const char    *name,
          const char    *value)
{
  GtkWidget *label;
  int row = (int) self->n_facts;

  if (value == NULL)
    return;

  label = make_label (value, FALSE);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* A label that is selectable and not focusable takes Tab and leads nowhere. */
  gtk_widget_set_can_focus (label, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, name, -1);
  gtk_grid_attach (self->facts, make_label (name, TRUE), 0, row, 1, 1);
  gtk_grid_attach (self->facts, label, 1, row, 1, 1);
  self->n_facts++;
}

static const char *
get_role_text (const char *role)
{
  if (g_strcmp0 (role, "operator") == 0)
    return _("operator: may look and change");
  if (g_strcmp0 (role, "viewer") == 0)
    return _("viewer: may look only");

  return role;
}

static char *
dup_confinement_text (IssServer *server)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  return iss_parser_confinement_dup_text (iss_server_get_parser_lacks (server), name);
}

static void
show_facts (IssServerPage *self,
            gint64         now,
            GTimeZone     *zone)
{
  gint64 seen_at = iss_server_get_seen_at (self->server);
  gdouble offset = iss_server_get_clock_offset (self->server);
  g_autofree char *clock = NULL;
  g_autofree char *seen = NULL;

  while (self->n_facts > 0)
    gtk_grid_remove_row (self->facts, (int) --self->n_facts);

  add_fact (self, _("Name"), iss_server_get_name (self->server));
  add_fact (self, _("Address"),
            iss_connection_address_get_uri (iss_server_get_address (self->server)));

  if (iss_server_is_answering (self->server))
    {
      clock = iss_clock_check_dup_text (offset);
      add_fact (self, _("Agent"), iss_server_get_agent_version (self->server));
      add_fact (self, _("Role"), get_role_text (iss_server_get_role (self->server)));
      add_fact (self, _("Clock"), clock);
    }

  seen = seen_at != 0 ? iss_time_text_since (seen_at, now, zone) : g_strdup (_("never"));
  add_fact (self, _("Last seen"), seen);
}

/* Only where something is missing: whoever imports there should know. */
static void
show_confinement (IssServerPage *self)
{
  g_autofree char *text = dup_confinement_text (self->server);

  gtk_label_set_label (self->confinement_text, text != NULL ? text : "");
  gtk_widget_set_visible (self->confinement, text != NULL);
}

/* A line of what the server uses. */
static void
add_use (IssServerPage         *self,
         const IssObservedType *type,
         IssSlot                slot,
         gboolean               is_grey,
         gint64                 now,
         GTimeZone             *zone)
{
  IssObservation *observation = iss_server_get_observation (self->server);
  const IssObservedSlot *observed = &type->slots[slot];
  const IssObservedCertificate *certificate;
  g_autofree char *title = g_strdup_printf (_("%s · %s"), type->type, iss_slot_get_label (slot));
  g_autofree char *name = NULL;
  g_autofree char *date = NULL;
  g_autofree char *expires = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *reloads = NULL;
  g_autofree char *state = NULL;
  gboolean is_expired;
  GtkWidget *labels[4];
  int row = (int) self->n_uses++;

  certificate = iss_observation_find_certificate (observation, observed->sha256);
  is_expired = certificate != NULL && certificate->not_after != 0 && now > certificate->not_after;

  if (certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE)
    {
      g_autoptr(GBytes) sha1 = g_bytes_new (certificate->sha1, ISS_SHA1_SIZE);
      g_autofree char *thumbprint = iss_text_thumbprint_short (sha1);

      whole = iss_text_thumbprint (sha1);
      date = iss_time_text_date (certificate->not_after, zone);
      name = g_strdup_printf (_("%s (%s)"), certificate->issued_to, thumbprint);
      expires = g_strdup_printf (is_expired ? _("expired %s") : _("expires %s"), date);
    }
  else
    {
      name = g_strdup (_("a certificate that is not in its Personal store"));
      expires = g_strdup ("");
    }

  reloads = slot == ISS_SLOT_CURRENT
    ? iss_reload_note_dup_state (self->server, type->type, zone) : NULL;
  state = reloads != NULL
    ? g_strdup_printf ("%s, %s", iss_rung_get_label (observed->rung), reloads)
    : g_strdup (iss_rung_get_label (observed->rung));

  labels[0] = make_label (title, is_grey);
  labels[1] = make_label (name, is_grey);
  labels[2] = make_label (expires, is_grey);
  labels[3] = make_label (state, is_grey);
  gtk_widget_set_tooltip_text (labels[1], whole);
  if (is_expired && !is_grey)
    gtk_widget_add_css_class (labels[2], "error");

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_grid_attach (self->uses, labels[i], (int) i, row, 1, 1);
}

static void
show_uses (IssServerPage *self,
           gint64         now,
           GTimeZone     *zone)
{
  IssObservation *observation = iss_server_get_observation (self->server);
  gboolean is_grey = iss_sighting_is_stale (self->server, now);
  g_autofree char *time = NULL;
  g_autofree char *title = NULL;

  while (self->n_uses > 0)
    gtk_grid_remove_row (self->uses, (int) --self->n_uses);

  for (guint i = 0; observation != NULL && i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (observation, i);

      for (IssSlot slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          if (type->slots[slot].is_set)
            add_use (self, type, slot, is_grey, now, zone);
        }
    }

  if (observation != NULL)
    time = iss_time_text_clock (iss_server_get_seen_at (self->server), zone);

  if (observation == NULL)
    title = g_strdup (_("What it uses was never seen."));
  else if (self->n_uses == 0)
    title = g_strdup_printf (_("Nothing was assigned, seen %s."), time);
  else if (is_grey)
    title = g_strdup_printf (_("What it used, seen %s:"), time);
  else
    title = g_strdup_printf (_("What it uses, seen %s:"), time);

  gtk_label_set_label (self->uses_title, title);
}

static void
show_stores (IssServerPage *self)
{
  for (IssStoreName store = 0; store < ISS_N_STORES; store++)
    {
      GtkWidget *button = gtk_button_new_with_label (iss_store_name_get_label (store));
      g_autofree char *path = NULL;

      path = g_strdup_printf ("%s/certificates/%s", iss_scope_node_get_path (self->node),
                              iss_store_name_get_nick (store));
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", path);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "console.show");
      gtk_widget_add_css_class (button, "small");
      gtk_widget_add_css_class (button, "flat");
      gtk_box_append (self->stores, button);

      /* The others are a step away in the tree. */
      if (store == ISS_STORE_CA)
        break;
    }
}

static void
show_trouble (IssServerPage *self,
              GTimeZone     *zone)
{
  gint64 seen_at = iss_server_get_seen_at (self->server);
  g_autofree char *name = iss_server_dup_short_name (self->server);
  g_autofree char *reason = iss_server_page_dup_reason (self->server, zone);
  g_autofree char *remedy = iss_server_dup_remedy_text (self->server);
  g_autofree char *below = NULL;
  g_autofree char *time = NULL;

  if (seen_at != 0)
    {
      time = iss_time_text_clock (seen_at, zone);
      /* Translators: time, server */
      below = g_strdup_printf (_("What was last seen, %s, is shown below in grey. Nothing can be "
                                 "changed on %s until it answers."), time, name);
    }
  else if (iss_server_get_state (self->server) == ISS_SERVER_STATE_NO_AGENT)
    {
      below = g_strdup_printf (_("Nothing was ever seen of it. Nothing can be changed on %s until "
                                 "the agent is there."), name);
    }
  else
    {
      below = g_strdup_printf (_("Nothing was ever seen of it. Nothing can be changed on %s until "
                                 "it answers."), name);
    }

  gtk_label_set_label (self->reason, reason != NULL ? reason : "");
  gtk_label_set_label (self->remedy, remedy != NULL ? remedy : "");
  gtk_label_set_label (self->below, below);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), reason != NULL);
  /* Of a server that is silent it says what is said already. */
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), remedy != NULL &&
                          iss_server_get_state (self->server) != ISS_SERVER_STATE_UNREACHABLE);
  gtk_widget_set_visible (self->trouble, is_in_trouble (self->server));
}

/* Where another agent, or one at all, is the remedy. */
static char *
dup_install_command (IssServer *server)
{
  IssServerState state = iss_server_get_state (server);

  if (state != ISS_SERVER_STATE_NO_AGENT && state != ISS_SERVER_STATE_PROTOCOL)
    return NULL;

  return iss_ssh_failure_dup_install_command (iss_server_get_address (server));
}

static IssOverviewLevel
get_level (IssServer *server)
{
  if (iss_server_is_answering (server))
    return ISS_OVERVIEW_GOOD;

  return is_in_trouble (server) ? ISS_OVERVIEW_ERROR : ISS_OVERVIEW_UNKNOWN;
}

static void
update (IssServerPage *self)
{
  gint64 now = iss_clock_now (iss_pool_get_clock (iss_scope_node_get_pool (self->node)));
  gint64 seen_at = iss_server_get_seen_at (self->server);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *state = iss_server_dup_state_text (self->server);
  g_autofree char *command = iss_server_page_dup_ssh_command (self->server);
  g_autofree char *install = dup_install_command (self->server);
  g_autofree char *time = NULL;
  g_autofree char *seen = NULL;
  IssOverviewLevel level = get_level (self->server);
  GAction *look = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "look");
  GAction *copy = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "copy-command");
  GAction *copy_install = g_action_map_lookup_action (G_ACTION_MAP (self->actions),
                                                      "copy-install");

  if (seen_at != 0)
    {
      time = iss_time_text_clock (seen_at, zone);
      seen = g_strdup_printf (_("seen %s"), time);
    }

  iss_verdict_line_say (self->verdict, iss_state_icon_of_level (level),
                        iss_state_icon_class_of_level (level), state, seen);
  iss_verdict_line_set_busy (self->verdict, self->looking != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (look), self->looking == NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (copy), command != NULL);
  gtk_widget_set_visible (self->command_button, command != NULL);
  gtk_widget_set_visible (self->install_button, install != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (copy_install), install != NULL);

  show_trouble (self, zone);
  show_facts (self, now, zone);
  show_confinement (self);
  show_uses (self, now, zone);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE_TEXT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  iss_page_changed (ISS_PAGE (self));
}

static gboolean
update_cb (gpointer user_data)
{
  IssServerPage *self = user_data;

  self->update_id = 0;
  update (self);

  return G_SOURCE_REMOVE;
}

static void
queue_update (IssServerPage *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_cb, self, NULL);
}

/* Why it failed is the server's state. */
static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssServerPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!iss_server_look_finish (ISS_SERVER (object), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (self->server == NULL)
    return;

  g_clear_object (&self->looking);
  queue_update (self);
}

static void
look_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  IssServerPage *self = user_data;
  g_autoptr(GPtrArray) asked = NULL;

  if (self->looking != NULL)
    return;

  asked = iss_asked_find (iss_scope_node_get_pool (self->node));
  self->looking = g_cancellable_new ();
  iss_server_look_async (self->server, asked, self->looking, looked_cb, g_object_ref (self));
  queue_update (self);
}

static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  IssServerPage *self = user_data;
  gint64 now = iss_clock_now (iss_pool_get_clock (iss_scope_node_get_pool (self->node)));
  g_autofree char *observer = iss_ticket_dup_observer ();
  g_autofree char *text = iss_server_page_dup_details (self->server, now, observer);

  iss_ticket_copy (GTK_WIDGET (self), text);
}

static void
copy_command_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  IssServerPage *self = user_data;
  g_autofree char *command = iss_server_page_dup_ssh_command (self->server);

  iss_ticket_copy (GTK_WIDGET (self), command);
}

static void
copy_install_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  IssServerPage *self = user_data;
  g_autofree char *command = dup_install_command (self->server);

  if (command != NULL)
    iss_ticket_copy (GTK_WIDGET (self), command);
}

/**
 * iss_server_page_new:
 * @node: a server's node
 *
 * Returns: (transfer floating): its page
 */
GtkWidget *
iss_server_page_new (IssScopeNode *node)
{
  static const GActionEntry entries[] =
  {
    { .name = "look", .activate = look_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
    { .name = "copy-command", .activate = copy_command_cb },
    { .name = "copy-install", .activate = copy_install_cb },
  };
  IssServerPage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_server (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_SERVER_PAGE, NULL);
  self->node = g_object_ref (node);
  self->server = g_object_ref (iss_scope_node_get_server (node));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  g_signal_connect_swapped (self->server, "changed", G_CALLBACK (queue_update), self);
  show_stores (self);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * iss_server_page_dup_reason:
 * @server: a server
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): why it does not answer: "ssh: connect to
 *   host … Connection refused, at 13:58:20 (third try)."; %NULL if it does
 */
char *
iss_server_page_dup_reason (IssServer *server,
                            GTimeZone *zone)
{
  static const char *const ordinals[] =
  {
    NULL, N_("first try"), N_("second try"), N_("third try"), N_("fourth try"), N_("fifth try")
  };
  const GError *error;
  guint n_tries;
  g_autofree char *time = NULL;
  g_autofree char *tries = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  error = iss_server_get_error (server);
  n_tries = iss_server_get_n_tries (server);
  if (error == NULL || n_tries == 0)
    return NULL;

  time = iss_time_text_clock (iss_server_get_failing_since (server), zone);
  if (n_tries < G_N_ELEMENTS (ordinals))
    tries = g_strdup (_(ordinals[n_tries]));
  else
    tries = g_strdup_printf (ngettext ("%u try", "%u tries", n_tries), n_tries);

  if (n_tries == 1)
    /* Translators: what happened, time */
    return g_strdup_printf (_("%s, at %s."), error->message, time);

  /* Translators: what happened, time, "third try" */
  return g_strdup_printf (_("%s, since %s (%s)."), error->message, time, tries);
}

/**
 * iss_server_page_dup_ssh_command:
 * @server: a server
 *
 * Returns: (transfer full) (nullable): what to type into a terminal to see what
 *   ssh says; %NULL if it is not reached over ssh
 */
char *
iss_server_page_dup_ssh_command (IssServer *server)
{
  IssConnectionAddress *address;
  g_autofree char *port = NULL;
  g_autofree char *target = NULL;
  const char *user;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  address = iss_server_get_address (server);
  if (iss_connection_address_get_kind (address) != ISS_CONNECTION_SSH)
    return NULL;

  user = iss_connection_address_get_user (address);
  target = g_strconcat (user != NULL ? user : "", user != NULL ? "@" : "",
                        iss_connection_address_get_host (address), NULL);
  if (iss_connection_address_get_port (address) != 0)
    port = g_strdup_printf ("-p %u ", iss_connection_address_get_port (address));

  return g_strdup_printf ("ssh -v %s-- %s", port != NULL ? port : "", target);
}

/**
 * iss_server_page_dup_details:
 * @server: a server
 * @now: the present, in seconds since 1970
 * @observer: who looked
 *
 * Returns: (transfer full): its state as plain text for a ticket, in UTC
 */
char *
iss_server_page_dup_details (IssServer  *server,
                             gint64      now,
                             const char *observer)
{
  g_autofree char *state = iss_server_dup_state_text (server);
  g_autofree char *reason = iss_server_page_dup_reason (server, NULL);
  g_autofree char *command = iss_server_page_dup_ssh_command (server);
  g_autofree char *confinement = dup_confinement_text (server);
  g_autofree char *made = iss_time_text_iso (now);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s\n", iss_server_get_name (server), state);
  if (reason != NULL)
    g_string_append_printf (text, "%s\n", reason);
  if (command != NULL)
    g_string_append_printf (text, "%s\n", command);
  if (iss_server_get_agent_version (server) != NULL)
    g_string_append_printf (text, "issuant-agent %s\n", iss_server_get_agent_version (server));
  if (confinement != NULL)
    g_string_append_printf (text, "%s\n", confinement);
  if (iss_server_get_seen_at (server) != 0)
    {
      g_autofree char *seen = iss_time_text_iso (iss_server_get_seen_at (server));

      g_string_append_printf (text, _("Last seen %s"), seen);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, _("Observed by %s, %s"), observer, made);
  g_string_append_c (text, '\n');

  return g_string_free (text, FALSE);
}
