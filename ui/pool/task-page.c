/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/task-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"
#include "core/replication/task-text.h"
#include "ui/pool/task-columns.h"
#include "ui/pool/task-item.h"
#include "ui/pool/ticket.h"
#include "ui/pool/verdict-line.h"

/**
 * IssTaskPage:
 *
 * What a server does at an instant.
 *
 * It is asked whenever something was seen there anew. What it said stays on the screen, grey,
 * when it does not answer any more, but then nobody knows whether it is still true.
 */
struct _IssTaskPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  IssVerdictLine     *verdict;
  GtkWidget          *trouble;
  GtkLabel           *reason;
  GtkLabel           *remedy;
  GtkLabel           *below;
  GtkWidget          *warning_box;
  GtkLabel           *warning;
  GtkLabel           *resident;
  GtkWidget          *list;
  GtkColumnView      *view;

  /* Owned References */
  IssScopeNode       *node;
  IssServer          *server;
  IssObservation     *observation;    /* (nullable): of the server when it was last asked */
  IssAgentTasks      *tasks;          /* (nullable): as last seen */
  GListStore         *lines;          /* (element-type IssTaskItem) */
  GSimpleActionGroup *actions;
  GCancellable       *cancellable;    /* (nullable): of the look under way */
  GError             *error;          /* (nullable): why the last look failed */
  GTimeZone          *zone;
  char               *short_name;

  gint64              seen_at;        /* 0 = never */
};

static gint64
get_now (IssTaskPage *self)
{
  return iss_clock_now (iss_pool_get_clock (iss_scope_node_get_pool (self->node)));
}

static gboolean
is_unknown (IssTaskPage *self)
{
  return self->error != NULL || iss_server_get_error (self->server) != NULL;
}

static char *
iss_task_page_dup_title (IssPage *page)
{
  return g_strdup_printf (_("Scheduled Tasks, %s"), ISS_TASK_PAGE (page)->short_name);
}

/* "Scheduled tasks of fe01: 2 waiting · seen 14:02:11" */
static char *
iss_task_page_dup_status (IssPage *page)
{
  IssTaskPage *self = ISS_TASK_PAGE (page);
  g_autofree char *seen = NULL;

  if (self->tasks == NULL)
    return NULL;

  seen = iss_time_text_clock (self->seen_at, self->zone);
  return g_strdup_printf (_("Scheduled tasks of %s: %u waiting · seen %s"), self->short_name,
                          self->tasks->waiting->len, seen);
}

static GMenuModel *
iss_task_page_dup_actions (IssPage *page)
{
  g_autoptr(GMenu) here = g_menu_new ();
  g_autofree char *title = iss_task_page_dup_title (page);
  GMenu *menu = g_menu_new ();

  g_menu_append (here, _("_Look Again"), "page.look");
  g_menu_append (here, _("Copy for the _Ticket"), "page.copy-ticket");
  g_menu_append_section (menu, title, G_MENU_MODEL (here));

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_task_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_TASK_PAGE (page)->actions);
}

static gboolean
iss_task_page_is_busy (IssPage *page)
{
  return ISS_TASK_PAGE (page)->cancellable != NULL;
}

/* "auth.contoso.example 3F2A … 5B1E", or what of its hash is enough to find it; "" = it has none */
static char *
dup_certificate (IssTaskPage *self,
                 IssTask     *task)
{
  const char *hex = iss_task_get_certificate (task);
  g_autoptr(GBytes) sha256 = *hex != '\0' ? iss_text_parse_hex (hex) : NULL;
  const IssObservedCertificate *seen = NULL;

  if (sha256 == NULL)
    return g_strdup ("");

  seen = iss_presence_seen_anywhere (iss_scope_node_get_pool (self->node),
                                     g_bytes_get_data (sha256, NULL));
  if (seen == NULL)
    return g_strdup_printf (_("the certificate with SHA-256 %.8s…"), hex);

  return iss_presence_seen_dup_name (seen->issued_to, seen->sha1);
}

/* (nullable): the first in that state, or, with @kind below ISS_N_TASK_KINDS, of that kind */
static IssTask *
find_waiting (IssTaskPage  *self,
              IssTaskState  state,
              IssTaskKind   kind)
{
  for (guint i = 0; i < self->tasks->waiting->len; i++)
    {
      IssTask *task = g_ptr_array_index (self->tasks->waiting, i);

      if (state < ISS_N_TASK_STATES && iss_task_get_state (task) != state)
        continue;
      if (kind < ISS_N_TASK_KINDS && iss_task_get_kind (task) != kind)
        continue;

      return task;
    }

  return NULL;
}

/* (nullable): the first one that is not held */
static IssTask *
find_next (IssTaskPage *self)
{
  for (guint i = 0; i < self->tasks->waiting->len; i++)
    {
      IssTask *task = g_ptr_array_index (self->tasks->waiting, i);

      if (iss_task_get_state (task) != ISS_TASK_STATE_HELD)
        return task;
    }

  return NULL;
}

/* Services are reloaded by root's watcher, with this service or without. */
static gboolean
waits_for_service (IssTaskPage *self)
{
  for (guint i = 0; i < self->tasks->waiting->len; i++)
    {
      if (iss_task_get_kind (g_ptr_array_index (self->tasks->waiting, i)) != ISS_TASK_RELOAD)
        return TRUE;
    }

  return FALSE;
}

/* What the list shows is not enough where nothing will run it. "" = something does. */
static char *
dup_warning (IssTaskPage *self)
{
  g_autofree char *text = NULL;

  if (is_unknown (self) || self->tasks == NULL || self->tasks->resident_since != 0 ||
      !waits_for_service (self))
    return g_strdup ("");

  if (find_waiting (self, ISS_N_TASK_STATES, ISS_TASK_ROLL) != NULL)
    return g_strdup_printf (_("Nothing on %s will run this roll at its instant: start "
                              "issuant-agent.service."), self->short_name);

  text = iss_task_text_dup_resident (self->short_name, 0, NULL);
  return g_strconcat (text, ".", NULL);
}

/* The first line, when the server said something that still holds. */
static void
say_tasks (IssTaskPage *self,
           const char  *seen)
{
  IssTask *failed = find_waiting (self, ISS_TASK_STATE_FAILED, ISS_N_TASK_KINDS);
  IssTask *next = failed != NULL ? failed : find_next (self);
  g_autofree char *certificate = next != NULL ? dup_certificate (self, next) : NULL;
  g_autofree char *plan = NULL;
  g_autofree char *text = NULL;
  const char *icon = "iss-task-symbolic";
  const char *css_class = "dim-label";

  if (next != NULL)
    plan = iss_task_text_dup_plan (next, certificate, self->zone);

  if (failed != NULL)
    {
      /* Translators: a server, and what was to be done there */
      text = g_strdup_printf (iss_task_get_next_try (failed) != 0
                              ? _("%s: failed, and will be tried again: %s.")
                              : _("%s: not done: %s."), self->short_name, plan);
      icon = "iss-state-different-symbolic";
      css_class = "error";
    }
  else if (next != NULL)
    {
      /* Translators: a server, and what is done there when */
      text = g_strdup_printf (_("%s: next, %s."), self->short_name, plan);
      if (self->tasks->resident_since == 0)
        {
          icon = "iss-state-different-symbolic";
          css_class = "warning";
        }
    }
  else if (self->tasks->waiting->len > 0)
    {
      text = g_strdup_printf (_("%s: nothing happens by itself: what is scheduled is held until "
                                "it is armed."), self->short_name);
    }
  else
    {
      text = g_strdup_printf (_("Nothing is scheduled on %s."), self->short_name);
    }

  iss_verdict_line_say (self->verdict, icon, css_class, text, seen);
}

static void
say_answer (IssTaskPage *self)
{
  g_autofree char *seen = NULL;
  g_autofree char *text = NULL;

  if (self->tasks != NULL)
    {
      g_autofree char *clock = iss_time_text_clock (self->seen_at, self->zone);

      seen = g_strdup_printf (_("seen %s"), clock);
    }

  if (!is_unknown (self) && self->tasks != NULL)
    {
      say_tasks (self, seen);
      return;
    }

  text = is_unknown (self)
    ? g_strdup_printf (_("What is scheduled on %s is not known now."), self->short_name)
    : g_strdup_printf (_("Asking %s for its scheduled tasks…"), self->short_name);
  iss_verdict_line_say (self->verdict, "iss-state-unknown-symbolic", "dim-label", text, seen);
}

/* The state in words, and what ssh or the agent said. */
static char *
dup_reason (IssTaskPage *self)
{
  const GError *error = iss_server_get_error (self->server);
  g_autofree char *state = NULL;

  if (error == NULL)
    return g_strconcat (self->error->message, ".", NULL);

  state = iss_server_dup_state_text (self->server);
  if (strstr (state, error->message) != NULL)
    return g_steal_pointer (&state);

  return g_strdup_printf ("%s %s.", state, error->message);
}

static void
show_trouble (IssTaskPage *self)
{
  g_autofree char *reason = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *below = NULL;

  gtk_widget_set_visible (self->trouble, is_unknown (self));
  if (!is_unknown (self))
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->view), "stale");
      return;
    }

  reason = dup_reason (self);
  if (iss_server_get_error (self->server) != NULL)
    remedy = iss_server_dup_remedy_text (self->server);
  if (self->tasks != NULL)
    {
      g_autofree char *seen = iss_time_text_clock (self->seen_at, self->zone);

      below = g_strdup_printf (_("What was last seen, %s, is shown below in grey. Whether it is "
                                 "still so is not known."), seen);
    }
  else
    {
      below = g_strdup (_("What is scheduled there was never seen by this console."));
    }

  gtk_label_set_label (self->reason, reason);
  gtk_label_set_label (self->remedy, remedy != NULL ? remedy : "");
  gtk_widget_set_visible (GTK_WIDGET (self->remedy), remedy != NULL);
  gtk_label_set_label (self->below, below);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "stale");
}

static void
update (IssTaskPage *self)
{
  GAction *look = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "look");
  const gboolean relied_on = !is_unknown (self) && self->tasks != NULL &&
                             self->tasks->resident_since != 0;
  g_autofree char *warning = dup_warning (self);
  g_autofree char *resident = NULL;

  say_answer (self);
  show_trouble (self);

  if (relied_on)
    {
      g_autofree char *text = iss_task_text_dup_resident (self->short_name,
                                                          self->tasks->resident_since, self->zone);

      resident = g_strconcat (text, ".", NULL);
    }
  gtk_label_set_label (self->resident, resident != NULL ? resident : "");
  gtk_widget_set_visible (GTK_WIDGET (self->resident), relied_on);
  gtk_label_set_label (self->warning, warning);
  gtk_widget_set_visible (self->warning_box, *warning != '\0');
  gtk_widget_set_visible (self->list, g_list_model_get_n_items (G_LIST_MODEL (self->lines)) > 0);

  iss_verdict_line_set_busy (self->verdict, self->cancellable != NULL);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (look), self->cancellable == NULL);
  iss_page_changed (ISS_PAGE (self));
}

static void
add_lines (IssTaskPage *self,
           GPtrArray   *lines,
           GPtrArray   *tasks)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      IssTask *task = g_ptr_array_index (tasks, i);
      g_autofree char *certificate = dup_certificate (self, task);

      g_ptr_array_add (lines, iss_task_item_new (task, certificate, self->tasks->time,
                                                 self->zone));
    }
}

/* Takes @tasks. */
static void
take (IssTaskPage   *self,
      IssAgentTasks *tasks,
      gint64         seen_at)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_object_unref);

  g_clear_pointer (&self->tasks, iss_agent_tasks_free);
  self->tasks = tasks;
  self->seen_at = seen_at;
  add_lines (self, lines, tasks->waiting);
  add_lines (self, lines, tasks->over);
  g_list_store_splice (self->lines, 0, g_list_model_get_n_items (G_LIST_MODEL (self->lines)),
                       lines->pdata, lines->len);
}

/* Somebody has looked at the server since it was asked. Whether there was anything to ask. */
static gboolean
follow (IssTaskPage *self)
{
  if (iss_server_get_observation (self->server) == self->observation ||
      !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;

  iss_page_refresh (ISS_PAGE (self));
  return TRUE;
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssTaskPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentTasks) tasks = iss_server_call_finish (ISS_SERVER (object), result, &error);

  /* The page went in the meantime. */
  if (self->node == NULL)
    return;

  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  if (tasks != NULL)
    take (self, g_steal_pointer (&tasks), get_now (self));
  else
    self->error = g_steal_pointer (&error);

  update (self);
  /* What changed while it was asked for may not be in it. */
  if (self->error == NULL)
    follow (self);
}

static void
ask (IssTaskPage *self)
{
  g_autoptr(IssAgentCall) call = NULL;

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  g_set_object (&self->observation, iss_server_get_observation (self->server));
  call = iss_agent_tasks_new_call ();
  iss_server_call_async (self->server, call, self->cancellable, got_cb, g_object_ref (self));
  update (self);
}

static void
iss_task_page_refresh (IssPage *page)
{
  ask (ISS_TASK_PAGE (page));
}

static void
iss_task_page_page_init (IssPageInterface *iface)
{
  iface->dup_title = iss_task_page_dup_title;
  iface->dup_status = iss_task_page_dup_status;
  iface->dup_actions = iss_task_page_dup_actions;
  iface->get_action_group = iss_task_page_get_action_group;
  iface->is_busy = iss_task_page_is_busy;
  iface->refresh = iss_task_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssTaskPage, iss_task_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_task_page_page_init))

static void
iss_task_page_dispose (GObject *object)
{
  IssTaskPage *self = ISS_TASK_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_TASK_PAGE);
  g_clear_object (&self->lines);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->actions);
  g_clear_object (&self->observation);
  g_clear_object (&self->server);
  g_clear_object (&self->node);
  g_clear_error (&self->error);
  g_clear_pointer (&self->tasks, iss_agent_tasks_free);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->short_name, g_free);

  G_OBJECT_CLASS (iss_task_page_parent_class)->dispose (object);
}

static gboolean
iss_task_page_grab_focus (GtkWidget *widget)
{
  IssTaskPage *self = ISS_TASK_PAGE (widget);

  if (gtk_widget_get_visible (self->list))
    return gtk_widget_grab_focus (GTK_WIDGET (self->view));

  return gtk_widget_child_focus (self->root, GTK_DIR_TAB_FORWARD);
}

/* A roll may have been staged, armed or taken back. */
static void
server_changed_cb (IssTaskPage *self)
{
  if (!follow (self))
    update (self);
}

static void
iss_task_page_class_init (IssTaskPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_task_page_dispose;
  widget_class->grab_focus = iss_task_page_grab_focus;

  g_type_ensure (ISS_TYPE_VERDICT_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/task-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, reason);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, remedy);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, below);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, warning_box);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, warning);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, resident);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, list);
  gtk_widget_class_bind_template_child (widget_class, IssTaskPage, view);
}

static void
look_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  ask (ISS_TASK_PAGE (user_data));
}

static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  g_autofree char *text = iss_task_page_dup_ticket (ISS_TASK_PAGE (user_data));

  iss_ticket_copy (GTK_WIDGET (user_data), text);
}

static void
iss_task_page_init (IssTaskPage *self)
{
  static const GActionEntry entries[] =
  {
    { .name = "look", .activate = look_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };
  g_autoptr(GtkSingleSelection) selection = NULL;

  self->zone = g_time_zone_new_local ();
  self->lines = g_list_store_new (ISS_TYPE_TASK_ITEM);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));

  selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->lines)));
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  iss_task_columns_add (self->view);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

/**
 * iss_task_page_new:
 * @node: the node of a server's tasks
 *
 * Returns: (transfer floating): a page that has not been looked at yet
 */
GtkWidget *
iss_task_page_new (IssScopeNode *node)
{
  IssTaskPage *self;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_server (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_TASK_PAGE, NULL);
  self->node = g_object_ref (node);
  self->server = g_object_ref (iss_scope_node_get_server (node));
  self->short_name = iss_server_dup_short_name (self->server);
  g_signal_connect_object (self->server, "changed", G_CALLBACK (server_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

/**
 * iss_task_page_get_answer:
 * @self: a page
 *
 * Returns: (transfer none): its first line
 */
const char *
iss_task_page_get_answer (IssTaskPage *self)
{
  g_return_val_if_fail (ISS_IS_TASK_PAGE (self), NULL);

  return iss_verdict_line_get_text (self->verdict);
}

/**
 * iss_task_page_get_warning:
 * @self: a page
 *
 * Returns: (transfer none): that nothing runs what is scheduled; "" = something does, or there is
 *   nothing to run
 */
const char *
iss_task_page_get_warning (IssTaskPage *self)
{
  g_return_val_if_fail (ISS_IS_TASK_PAGE (self), NULL);

  return gtk_label_get_label (self->warning);
}

/**
 * iss_task_page_get_lines:
 * @self: a page
 *
 * Returns: (transfer none): the tasks that are shown: those that wait, then those that are over
 */
GListModel *
iss_task_page_get_lines (IssTaskPage *self)
{
  g_return_val_if_fail (ISS_IS_TASK_PAGE (self), NULL);

  return G_LIST_MODEL (self->lines);
}

/**
 * iss_task_page_dup_ticket:
 * @self: a page
 *
 * Returns: (transfer full): what the page says, as plain text, and who saw it when
 */
char *
iss_task_page_dup_ticket (IssTaskPage *self)
{
  g_autofree char *observer = NULL;
  g_autofree char *now = NULL;
  GString *text;

  g_return_val_if_fail (ISS_IS_TASK_PAGE (self), NULL);

  observer = iss_ticket_dup_observer ();
  now = iss_time_text_iso (get_now (self));
  text = g_string_new (NULL);
  g_string_append_printf (text, _("Scheduled tasks of %s: %s\n"),
                          iss_server_get_name (self->server), iss_task_page_get_answer (self));
  if (is_unknown (self))
    g_string_append_printf (text, "%s\n%s\n", gtk_label_get_label (self->reason),
                            gtk_label_get_label (self->below));
  if (*iss_task_page_get_warning (self) != '\0')
    g_string_append_printf (text, "%s\n", iss_task_page_get_warning (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++)
    {
      g_autoptr(IssTaskItem) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

      for (guint k = 0; k < ISS_N_TASK_COLUMNS; k++)
        g_string_append_printf (text, "%s%s", k > 0 ? " · " : "",
                                iss_task_item_get_text (line, k));
      g_string_append_c (text, '\n');
    }

  g_string_append_printf (text, _("Seen by %s, %s\n"), observer, now);
  return g_string_free (text, FALSE);
}

/**
 * iss_task_page_show:
 * @self: a page
 * @tasks: (transfer full): what the server answered
 * @seen_at: when, by the console's clock
 */
void
iss_task_page_show (IssTaskPage   *self,
                    IssAgentTasks *tasks,
                    gint64         seen_at)
{
  g_return_if_fail (ISS_IS_TASK_PAGE (self));
  g_return_if_fail (tasks != NULL);

  take (self, tasks, seen_at);
  g_clear_error (&self->error);
  update (self);
}
