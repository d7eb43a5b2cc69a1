/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include <glib/gi18n-lib.h>

#include "core/pool/asked.h"

/* The verbs of the console, each with one name by which menus, tool bar, action
 * pane, keys, the banner and tests reach it. */

static void
show_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  iss_console_window_show_path (ISS_CONSOLE_WINDOW (widget),
                                g_variant_get_string (parameter, NULL));
}

static void
step (IssConsoleWindow *self,
      int               direction)
{
  const char *path = NULL;

  self->moving = TRUE;

  /* What has gone in the meantime is passed over. */
  do
    path = iss_history_go (self->history, direction);
  while (path != NULL && !iss_console_window_show_path (self, path));

  self->moving = FALSE;
  iss_console_window_actions_update (self);
}

static void
back_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  step (ISS_CONSOLE_WINDOW (widget), -1);
}

static void
forward_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  step (ISS_CONSOLE_WINDOW (widget), 1);
}

static IssScopeNode *
get_parent (IssConsoleWindow *self)
{
  IssScopeNode *node = iss_console_window_get_node (self);

  return node != NULL ? iss_scope_node_get_parent (node) : NULL;
}

static void
up_cb (GtkWidget  *widget,
       const char *action_name,
       GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);

  iss_console_window_show_path (self, iss_scope_node_get_path (get_parent (self)));
}

static void
next_pane_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  GtkWidget *panes[] = { GTK_WIDGET (self->tree), GTK_WIDGET (self->stack), self->side };
  /* Where the keys belong in it, if it knows. */
  GtkWidget *own[] = { panes[0], self->page != NULL ? GTK_WIDGET (self->page) : NULL, NULL };
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  guint here = G_N_ELEMENTS (panes) - 1;
  gboolean backward = g_str_equal (action_name, "console.previous-pane");

  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    {
      if (focus != NULL && gtk_widget_is_ancestor (focus, panes[i]))
        here = i;
    }

  for (guint i = 1; i <= G_N_ELEMENTS (panes); i++)
    {
      guint next = (here + (backward ? G_N_ELEMENTS (panes) - i : i)) % G_N_ELEMENTS (panes);

      if (!gtk_widget_get_visible (panes[next]))
        continue;
      if ((own[next] != NULL && gtk_widget_grab_focus (own[next])) ||
          gtk_widget_child_focus (panes[next], GTK_DIR_TAB_FORWARD))
        return;
    }
}

static void
context_menu_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  iss_console_window_popup_menu (ISS_CONSOLE_WINDOW (widget), NULL, 0, 0);
}

static void
refresh_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  iss_page_refresh (ISS_CONSOLE_WINDOW (widget)->page);
}

static void
pool_look_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);

  iss_console_window_look (self, iss_console_window_get_pool (self));
}

/* Why it failed is the server's state, which the tree and its page show. */
static void
server_looked_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(IssConsoleWindow) self = user_data;

  if (iss_server_look_finish (ISS_SERVER (object), result, NULL))
    iss_console_window_actions_update (self);
}

static void
server_look_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssPool *pool = iss_console_window_get_pool (self);
  const char *name = g_variant_get_string (parameter, NULL);
  IssScopeNode *node = iss_console_window_get_node (self);
  IssServer *server = NULL;

  if (*name == '\0' && node != NULL)
    server = iss_scope_node_get_server (node);
  else if (pool != NULL)
    server = iss_pool_find_server (pool, name);

  if (server != NULL)
    {
      g_autoptr(GPtrArray) asked = iss_asked_find (pool);

      iss_server_look_async (server, asked, self->cancellable, server_looked_cb,
                             g_object_ref (self));
    }
}

static void
find_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (ISS_CONSOLE_WINDOW (widget)->search_entry));
}

static void
about_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  gtk_show_about_dialog (GTK_WINDOW (widget),
                         "program-name", "Issuant",
                         "logo-icon-name", "org.issuant.Issuant",
                         "version", ISS_VERSION,
                         "comments", _("The same token-issuer certificate on every front end, "
                                       "rolled on time, provably"),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

typedef struct
{
  const char                *name;
  const char                *parameter;   /* (nullable): its type */
  GtkWidgetActionActivateFunc activate;
} Verb;

static const Verb verbs[] =
{
  { "console.show",          "s",  show_cb },
  { "console.back",          NULL, back_cb },
  { "console.forward",       NULL, forward_cb },
  { "console.up",            NULL, up_cb },
  { "console.next-pane",     NULL, next_pane_cb },
  { "console.previous-pane", NULL, next_pane_cb },
  { "console.context-menu",  NULL, context_menu_cb },
  { "view.refresh",          NULL, refresh_cb },
  { "pool.look",             NULL, pool_look_cb },
  { "server.look",           "s",  server_look_cb },   /* its name; "" = the one shown */
  { "certificate.find",      NULL, find_cb },
  { "help.about",            NULL, about_cb },
};

typedef struct
{
  guint            keyval;
  GdkModifierType  modifiers;
  const char      *action;
} Key;

static const Key keys[] =
{
  { GDK_KEY_Left,      GDK_ALT_MASK,     "console.back" },
  { GDK_KEY_BackSpace, 0,                "console.back" },
  { GDK_KEY_Back,      0,                "console.back" },
  { GDK_KEY_Right,     GDK_ALT_MASK,     "console.forward" },
  { GDK_KEY_Forward,   0,                "console.forward" },
  { GDK_KEY_Up,        GDK_ALT_MASK,     "console.up" },
  { GDK_KEY_Menu,      0,                "console.context-menu" },
  { GDK_KEY_F10,       GDK_SHIFT_MASK,   "console.context-menu" },
  { GDK_KEY_r,         GDK_CONTROL_MASK, "view.refresh" },
  { GDK_KEY_F5,        0,                "view.refresh" },
  { GDK_KEY_F9,        0,                "view.action-pane" },
  { GDK_KEY_f,         GDK_CONTROL_MASK, "certificate.find" },
  { GDK_KEY_q,         GDK_CONTROL_MASK, "window.close" },
  { GDK_KEY_w,         GDK_CONTROL_MASK, "window.close" },
};

/**
 * iss_console_window_actions_install:
 * @klass: the window's class
 *
 * Installs the verbs and their keys.
 */
void
iss_console_window_actions_install (GtkWidgetClass *klass)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    gtk_widget_class_install_action (klass, verbs[i].name, verbs[i].parameter, verbs[i].activate);

  iss_console_window_wizards_install (klass);
  iss_console_window_certificates_install (klass);
  iss_console_window_changes_install (klass);
  gtk_widget_class_install_property_action (klass, "view.action-pane", "show-action-pane");

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (klass, keys[i].keyval, keys[i].modifiers,
                                         keys[i].action, NULL);
}

/**
 * iss_console_window_actions_update:
 * @self: a window
 *
 * Works out which verbs may be used, from what is shown and selected.
 */
void
iss_console_window_actions_update (IssConsoleWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  IssPool *pool = iss_console_window_get_pool (self);
  gboolean has_page = self->page != NULL;
  gboolean has_servers = pool != NULL && iss_pool_get_n_servers (pool) > 0;
  gboolean can_filter = has_page && iss_page_can_filter (self->page);

  gtk_widget_action_set_enabled (widget, "console.back", iss_history_can_go (self->history, -1));
  gtk_widget_action_set_enabled (widget, "console.forward", iss_history_can_go (self->history, 1));
  gtk_widget_action_set_enabled (widget, "console.up", get_parent (self) != NULL);
  gtk_widget_action_set_enabled (widget, "view.refresh",
                                 has_page && !iss_page_is_busy (self->page));
  gtk_widget_action_set_enabled (widget, "pool.look", has_servers);
  gtk_widget_action_set_enabled (widget, "server.look", has_servers);
  gtk_widget_action_set_enabled (widget, "certificate.find", can_filter);
  gtk_widget_set_sensitive (GTK_WIDGET (self->search_entry), can_filter);
  iss_console_window_wizards_update (self);
  iss_console_window_changes_update (self);
}
