/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/event-log-page.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/store/audit-sentence.h"
#include "ui/pool/event-log-columns.h"
#include "ui/pool/ticket.h"

#define PATIENCE_MS 300
#define PAGE_ENTRIES 200

/**
 * IssEventLogPage:
 *
 * The audit record of one server.
 *
 * The newest entries are asked for whenever something has changed there; what is shown already
 * stays if it is still the same. Older ones come when they are asked for. Filtering is the
 * server's: it looks at entries that were never sent here, too.
 */
struct _IssEventLogPage
{
  GtkWidget           parent_instance;

  /* Template Widgets */
  GtkWidget          *root;
  GtkWidget          *trouble;
  GtkLabel           *trouble_title;
  GtkLabel           *trouble_text;
  GtkLabel           *trouble_remedy;
  GtkEditable        *filter_entry;
  GtkSpinner         *verify_spinner;
  GtkWidget          *result_box;
  GtkImage           *result_icon;
  GtkLabel           *result_label;
  GtkStack           *stack;
  GtkColumnView      *view;
  GtkWidget          *older_button;
  GtkLabel           *sentence;
  GtkLabel           *details;
  GtkLabel           *empty_label;
  GtkSpinner         *spinner;
  GtkLabel           *loading_label;

  /* Owned References */
  IssScopeNode       *node;
  IssServer          *server;
  IssObservation     *observation;    /* (nullable): of the server when it was last asked */
  GListStore         *entries;        /* (element-type IssAuditEntry), newest first */
  GtkSingleSelection *selection;
  GSimpleActionGroup *actions;
  GCancellable       *cancellable;    /* (nullable): of the look under way */
  GCancellable       *verifying;      /* (nullable) */
  GError             *error;          /* (nullable): why the last look failed */
  GTimeZone          *zone;
  char               *short_name;
  char               *filter;
  char               *shown_filter;   /* (nullable): what the entries shown were filtered by */
  char               *asked;          /* the filter of the look under way */

  guint64             next;           /* where older entries begin; 0: there are none */
  gint64              seen_at;        /* 0 = never */
  guint               patience;       /* source: 300 ms without a word */
  gboolean            wants_older;    /* the look under way is for older entries */
  gboolean            again;          /* something changed during it */
};

static gint64
get_now (IssEventLogPage *self)
{
  return iss_clock_now (iss_pool_get_clock (iss_scope_node_get_pool (self->node)));
}

static guint
get_n_entries (IssEventLogPage *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->entries));
}

static IssAuditEntry *
get_selected (IssEventLogPage *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static char *
iss_event_log_page_dup_title (IssPage *page)
{
  return g_strdup_printf (_("Event Log, %s"), ISS_EVENT_LOG_PAGE (page)->short_name);
}

/* "Event log of fe01: 200 entries, and older ones · seen 14:02:11" */
static char *
iss_event_log_page_dup_status (IssPage *page)
{
  IssEventLogPage *self = ISS_EVENT_LOG_PAGE (page);
  g_autoptr(GString) text = NULL;
  g_autofree char *seen = NULL;
  guint n = get_n_entries (self);

  if (self->seen_at == 0)
    return NULL;

  text = g_string_new (NULL);
  seen = iss_time_text_clock (self->seen_at, self->zone);
  g_string_append_printf (text, _("Event log of %s: "), self->short_name);
  g_string_append_printf (text, ngettext ("%u entry", "%u entries", n), n);
  if (self->next != 0)
    g_string_append (text, _(", and older ones"));
  g_string_append (text, " · ");
  g_string_append_printf (text, _("seen %s"), seen);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GMenuModel *
iss_event_log_page_dup_actions (IssPage *page)
{
  IssEventLogPage *self = ISS_EVENT_LOG_PAGE (page);
  IssAuditEntry *entry = get_selected (self);
  g_autoptr(GMenu) here = g_menu_new ();
  g_autofree char *title = iss_event_log_page_dup_title (page);
  GMenu *menu = g_menu_new ();

  g_menu_append (here, _("_Verify Chain"), "page.verify");
  g_menu_append (here, _("_Refresh"), "view.refresh");
  g_menu_append_section (menu, title, G_MENU_MODEL (here));

  if (entry != NULL)
    {
      g_autoptr(GMenu) selected = g_menu_new ();
      g_autofree char *label = iss_audit_entry_get_n (entry) != 0
        ? g_strdup_printf (_("Entry %" G_GUINT64_FORMAT), iss_audit_entry_get_n (entry))
        : g_strdup (_("Line"));

      g_menu_append (selected, _("_Copy Entry"), "page.copy-entry");
      g_menu_append_section (menu, label, G_MENU_MODEL (selected));
    }

  return G_MENU_MODEL (menu);
}

static GActionGroup *
iss_event_log_page_get_action_group (IssPage *page)
{
  return G_ACTION_GROUP (ISS_EVENT_LOG_PAGE (page)->actions);
}

static gboolean
iss_event_log_page_is_busy (IssPage *page)
{
  IssEventLogPage *self = ISS_EVENT_LOG_PAGE (page);

  return self->cancellable != NULL || self->verifying != NULL;
}

static void
set_enabled (IssEventLogPage *self,
             const char      *name,
             gboolean         enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
show_trouble (IssEventLogPage *self)
{
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *remedy = NULL;
  const gboolean answers = iss_server_is_answering (self->server);

  gtk_widget_set_visible (self->trouble, self->error != NULL);
  if (self->error == NULL)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->view), "stale");
      return;
    }

  title = g_strdup_printf (answers ? _("The event log of %s could not be read.")
                                   : _("The event log of %s cannot be seen now."),
                           self->short_name);
  text = answers ? g_strconcat (self->error->message, ".", NULL)
                 : iss_server_dup_state_text (self->server);
  remedy = answers ? NULL : iss_server_dup_remedy_text (self->server);
  if (self->seen_at != 0)
    {
      g_autofree char *seen = iss_time_text_clock (self->seen_at, self->zone);
      g_autofree char *age = g_strdup_printf (_("What was last seen, %s, is shown below in grey."),
                                              seen);
      char *both = g_strjoin (remedy != NULL ? " " : "", remedy != NULL ? remedy : "", age, NULL);

      g_free (remedy);
      remedy = both;
    }

  gtk_label_set_label (self->trouble_title, title);
  gtk_label_set_label (self->trouble_text, text);
  gtk_label_set_label (self->trouble_remedy, remedy != NULL ? remedy : "");
  gtk_widget_set_visible (GTK_WIDGET (self->trouble_remedy), remedy != NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "stale");
}

static void
show_details (IssEventLogPage *self)
{
  IssAuditEntry *entry = get_selected (self);
  g_autofree char *sentence = entry != NULL ? iss_audit_sentence_dup (entry) : NULL;
  g_autofree char *details = entry != NULL ? iss_audit_sentence_dup_details (entry) : NULL;

  gtk_label_set_label (self->sentence, sentence != NULL ? sentence : "");
  gtk_label_set_label (self->details, details != NULL ? details : "");
  set_enabled (self, "copy-entry", entry != NULL);
  iss_page_changed (ISS_PAGE (self));
}

/* Which of its faces the page shows when nothing is under way. */
static void
show_face (IssEventLogPage *self)
{
  const char *face = "blank";

  if (get_n_entries (self) > 0)
    face = "list";
  else if (self->seen_at != 0)
    face = "empty";

  if (*self->filter != '\0')
    {
      g_autofree char *shown = iss_text_sanitise (self->filter, -1, 40);
      g_autofree char *text =
        g_strdup_printf (self->next != 0 ? _("None of the newest entries contains “%s”.")
                                         : _("No entry contains “%s”."), shown);

      gtk_label_set_label (self->empty_label, text);
    }
  else
    {
      g_autofree char *text = g_strdup_printf (_("Nothing was changed on %s yet."),
                                               self->short_name);

      gtk_label_set_label (self->empty_label, text);
    }

  gtk_stack_set_visible_child_name (self->stack, face);
  gtk_widget_set_visible (self->older_button, self->next != 0);
  set_enabled (self, "older", self->next != 0 && self->cancellable == NULL);
}

static void
end_look (IssEventLogPage *self)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->cancellable);
  gtk_spinner_stop (self->spinner);
}

static gboolean
is_same (IssAuditEntry *one,
         IssAuditEntry *other)
{
  return iss_audit_entry_get_offset (one) == iss_audit_entry_get_offset (other) &&
         iss_audit_entry_get_state (one) == iss_audit_entry_get_state (other) &&
         g_bytes_equal (iss_audit_entry_get_line (one), iss_audit_entry_get_line (other));
}

/* How many entries of the new page stand above those that are shown, if the rest is the same. */
static gboolean
find_overlap (IssEventLogPage *self,
              IssAgentLogPage *page,
              guint           *out_n_new)
{
  const guint n_shown = get_n_entries (self);
  g_autoptr(IssAuditEntry) newest = g_list_model_get_item (G_LIST_MODEL (self->entries), 0);
  guint n_new = 0;

  if (newest == NULL || g_strcmp0 (self->shown_filter, self->filter) != 0)
    return FALSE;

  while (n_new < page->entries->len && !is_same (page->entries->pdata[n_new], newest))
    n_new++;

  /* What is shown must be as much as the page knows, and no more if that was all. */
  if (page->entries->len - n_new > n_shown ||
      (page->next == 0 && page->entries->len - n_new != n_shown))
    return FALSE;

  for (guint i = n_new; i < page->entries->len; i++)
    {
      g_autoptr(IssAuditEntry) shown = g_list_model_get_item (G_LIST_MODEL (self->entries),
                                                              i - n_new);

      if (!is_same (page->entries->pdata[i], shown))
        return FALSE;
    }

  *out_n_new = n_new;
  return n_new < page->entries->len;
}

static void
take_newest (IssEventLogPage *self,
             IssAgentLogPage *page)
{
  guint n_new;

  if (find_overlap (self, page, &n_new))
    {
      g_list_store_splice (self->entries, 0, 0, page->entries->pdata, n_new);
      return;
    }

  g_list_store_splice (self->entries, 0, get_n_entries (self), page->entries->pdata,
                       page->entries->len);
  self->next = page->next;
  g_free (self->shown_filter);
  self->shown_filter = g_strdup (self->filter);
}

/* An older page, which may have been asked for when there were others above it. */
static void
take_older (IssEventLogPage *self,
            IssAgentLogPage *page)
{
  g_list_store_splice (self->entries, get_n_entries (self), 0, page->entries->pdata,
                       page->entries->len);
  self->next = page->next;
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssEventLogPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentLogPage) page = iss_server_call_finish (ISS_SERVER (object), result, &error);
  gboolean again;

  /* The page went in the meantime. */
  if (self->node == NULL)
    return;

  end_look (self);
  again = self->again || g_strcmp0 (self->asked, self->filter) != 0;
  self->again = FALSE;

  if (page != NULL && g_strcmp0 (self->asked, self->filter) == 0)
    {
      if (self->wants_older)
        take_older (self, page);
      else
        take_newest (self, page);
      self->seen_at = get_now (self);
    }

  g_clear_error (&self->error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);

  show_trouble (self);
  show_face (self);
  iss_page_changed (ISS_PAGE (self));
  if (again && self->error == NULL)
    iss_page_refresh (ISS_PAGE (self));
}

/* Nothing for 300 ms, then a spinner; never over entries that are there. */
static gboolean
out_of_patience_cb (gpointer user_data)
{
  IssEventLogPage *self = user_data;

  self->patience = 0;
  if (get_n_entries (self) == 0)
    {
      gtk_spinner_start (self->spinner);
      gtk_stack_set_visible_child_name (self->stack, "loading");
    }

  return G_SOURCE_REMOVE;
}

static void
ask (IssEventLogPage *self,
     gboolean         older)
{
  IssAgentLogQuery query = { .limit = PAGE_ENTRIES, .filter = self->filter };
  g_autoptr(IssAgentCall) call = NULL;

  if (self->cancellable != NULL)
    {
      self->again = TRUE;
      return;
    }

  if (older)
    query.before = self->next;

  self->wants_older = older;
  self->cancellable = g_cancellable_new ();
  g_free (self->asked);
  self->asked = g_strdup (self->filter);
  g_set_object (&self->observation, iss_server_get_observation (self->server));
  self->patience = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
  set_enabled (self, "older", FALSE);

  call = iss_agent_log_new_get (&query);
  iss_server_call_async (self->server, call, self->cancellable, got_cb, g_object_ref (self));
  iss_page_changed (ISS_PAGE (self));
}

static void
iss_event_log_page_refresh (IssPage *page)
{
  ask (ISS_EVENT_LOG_PAGE (page), FALSE);
}

static void
iss_event_log_page_page_init (IssPageInterface *iface)
{
  iface->dup_title = iss_event_log_page_dup_title;
  iface->dup_status = iss_event_log_page_dup_status;
  iface->dup_actions = iss_event_log_page_dup_actions;
  iface->get_action_group = iss_event_log_page_get_action_group;
  iface->is_busy = iss_event_log_page_is_busy;
  iface->refresh = iss_event_log_page_refresh;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssEventLogPage, iss_event_log_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, iss_event_log_page_page_init))

static void
iss_event_log_page_dispose (GObject *object)
{
  IssEventLogPage *self = ISS_EVENT_LOG_PAGE (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->verifying != NULL)
    g_cancellable_cancel (self->verifying);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);

  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_EVENT_LOG_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->entries);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->verifying);
  g_clear_object (&self->actions);
  g_clear_object (&self->observation);
  g_clear_object (&self->server);
  g_clear_object (&self->node);
  g_clear_error (&self->error);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->short_name, g_free);
  g_clear_pointer (&self->filter, g_free);
  g_clear_pointer (&self->shown_filter, g_free);
  g_clear_pointer (&self->asked, g_free);

  G_OBJECT_CLASS (iss_event_log_page_parent_class)->dispose (object);
}

static gboolean
iss_event_log_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ISS_EVENT_LOG_PAGE (widget)->view));
}

/* Something was done there, perhaps from here: there may be new entries. */
static void
server_changed_cb (IssEventLogPage *self)
{
  if (iss_server_get_observation (self->server) != self->observation &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask (self, FALSE);
}

static void
filter_changed_cb (GtkSearchEntry *entry,
                   gpointer        user_data)
{
  IssEventLogPage *self = user_data;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (g_str_equal (text, self->filter))
    return;

  g_free (self->filter);
  self->filter = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1),
                                                 ISS_AGENT_LOG_MAX_FILTER));
  ask (self, FALSE);
}

static void
try_again_cb (GtkButton *button,
              gpointer   user_data)
{
  ask (ISS_EVENT_LOG_PAGE (user_data), FALSE);
}

static void
cancel_cb (GtkButton *button,
           gpointer   user_data)
{
  IssEventLogPage *self = user_data;

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
copy_details_cb (GtkButton *button,
                 gpointer   user_data)
{
  IssEventLogPage *self = user_data;
  g_autofree char *text = g_strjoin ("\n", gtk_label_get_text (self->trouble_title),
                                     gtk_label_get_text (self->trouble_text),
                                     gtk_label_get_text (self->trouble_remedy), NULL);

  iss_ticket_copy (GTK_WIDGET (self), text);
}

static void
iss_event_log_page_class_init (IssEventLogPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_event_log_page_dispose;
  widget_class->grab_focus = iss_event_log_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/event-log-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, trouble);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, trouble_title);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, trouble_text);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, trouble_remedy);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, verify_spinner);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, result_box);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, result_icon);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, result_label);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, stack);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, view);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, older_button);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, sentence);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, details);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssEventLogPage, loading_label);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, try_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_details_cb);
}

static void
show_result (IssEventLogPage *self,
             const char      *icon,
             const char      *class_name,
             const char      *text)
{
  static const char *const classes[] = { "success", "error", "dim-label" };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_icon), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->result_icon), class_name);
  gtk_image_set_from_icon_name (self->result_icon, icon);
  gtk_label_set_label (self->result_label, text);
  gtk_widget_set_visible (self->result_box, TRUE);
}

static void
verified_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(IssEventLogPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree IssAuditCheck *check = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->node == NULL)
    return;

  g_clear_object (&self->verifying);
  gtk_spinner_stop (self->verify_spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->verify_spinner), FALSE);
  set_enabled (self, "verify", TRUE);

  if (check != NULL)
    {
      iss_event_log_page_show_check (self, check, get_now (self));
    }
  else
    {
      g_autofree char *text = g_strdup_printf (_("Not checked: %s."), error->message);

      show_result (self, "iss-state-unknown-symbolic", "dim-label", text);
    }
  iss_page_changed (ISS_PAGE (self));
}

static void
verify_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  IssEventLogPage *self = user_data;
  g_autoptr(IssAgentCall) call = iss_agent_log_new_verify ();

  self->verifying = g_cancellable_new ();
  set_enabled (self, "verify", FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->verify_spinner), TRUE);
  gtk_spinner_start (self->verify_spinner);
  iss_server_call_async (self->server, call, self->verifying, verified_cb, g_object_ref (self));
  iss_page_changed (ISS_PAGE (self));
}

static void
older_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  ask (ISS_EVENT_LOG_PAGE (user_data), TRUE);
}

static void
copy_entry_cb (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  IssEventLogPage *self = user_data;

  iss_ticket_copy (GTK_WIDGET (self), iss_audit_entry_get_text (get_selected (self)));
}

/* Server, what was found, observer. */
static void
copy_ticket_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  IssEventLogPage *self = user_data;
  g_autofree char *observer = iss_ticket_dup_observer ();
  g_autofree char *now = iss_time_text_iso (get_now (self));
  g_autofree char *text = g_strdup_printf (_("Event log of %s: %s\nSeen by %s, %s\n"),
                                           iss_server_get_name (self->server),
                                           gtk_label_get_label (self->result_label), observer,
                                           now);

  iss_ticket_copy (GTK_WIDGET (self), text);
}

static void
iss_event_log_page_init (IssEventLogPage *self)
{
  static const GActionEntry entries[] =
  {
    { .name = "verify", .activate = verify_cb },
    { .name = "older", .activate = older_cb },
    { .name = "copy-entry", .activate = copy_entry_cb },
    { .name = "copy-ticket", .activate = copy_ticket_cb },
  };

  self->filter = g_strdup ("");
  self->zone = g_time_zone_new_local ();
  self->entries = g_list_store_new (ISS_TYPE_AUDIT_ENTRY);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "page", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));

  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->entries)));
  iss_event_log_columns_add (self->view, self->zone);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (show_details),
                            self);
}

/**
 * iss_event_log_page_new:
 * @node: the event log node of a server
 *
 * Returns: (transfer floating): a page that has not been looked at yet
 */
GtkWidget *
iss_event_log_page_new (IssScopeNode *node)
{
  IssEventLogPage *self;
  g_autofree char *loading = NULL;

  g_return_val_if_fail (ISS_IS_SCOPE_NODE (node), NULL);
  g_return_val_if_fail (iss_scope_node_get_server (node) != NULL, NULL);

  self = g_object_new (ISS_TYPE_EVENT_LOG_PAGE, NULL);
  self->node = g_object_ref (node);
  self->server = g_object_ref (iss_scope_node_get_server (node));
  self->short_name = iss_server_dup_short_name (self->server);
  g_signal_connect_object (self->server, "changed", G_CALLBACK (server_changed_cb), self,
                           G_CONNECT_SWAPPED);

  loading = g_strdup_printf (_("Asking %s for its event log…"), self->short_name);
  gtk_label_set_label (self->loading_label, loading);
  show_details (self);
  show_face (self);

  return GTK_WIDGET (self);
}

/**
 * iss_event_log_page_get_entries:
 * @self: a page
 *
 * Returns: (transfer none): the entries that are shown, newest first
 */
GListModel *
iss_event_log_page_get_entries (IssEventLogPage *self)
{
  g_return_val_if_fail (ISS_IS_EVENT_LOG_PAGE (self), NULL);

  return G_LIST_MODEL (self->entries);
}

/**
 * iss_event_log_page_select:
 * @self: a page
 * @position: of an entry that is shown
 *
 * Selects it, and shows its details below.
 */
void
iss_event_log_page_select (IssEventLogPage *self,
                           guint            position)
{
  g_return_if_fail (ISS_IS_EVENT_LOG_PAGE (self));
  g_return_if_fail (position < get_n_entries (self));

  gtk_single_selection_set_selected (self->selection, position);
}

/**
 * iss_event_log_page_set_filter:
 * @self: a page
 * @text: what is looked for; "" for everything
 *
 * As typing it does.
 */
void
iss_event_log_page_set_filter (IssEventLogPage *self,
                               const char      *text)
{
  g_return_if_fail (ISS_IS_EVENT_LOG_PAGE (self));
  g_return_if_fail (text != NULL);

  gtk_editable_set_text (self->filter_entry, text);
}

/**
 * iss_event_log_page_get_result:
 * @self: a page
 *
 * Returns: (transfer none): what the chain proved when it was last checked; "" before
 */
const char *
iss_event_log_page_get_result (IssEventLogPage *self)
{
  g_return_val_if_fail (ISS_IS_EVENT_LOG_PAGE (self), NULL);

  return gtk_label_get_label (self->result_label);
}

/**
 * iss_event_log_page_show:
 * @self: a page
 * @page: what the server answered about its newest entries
 * @seen_at: when, by the console's clock
 */
void
iss_event_log_page_show (IssEventLogPage *self,
                         IssAgentLogPage *page,
                         gint64           seen_at)
{
  g_return_if_fail (ISS_IS_EVENT_LOG_PAGE (self));
  g_return_if_fail (page != NULL);

  take_newest (self, page);
  self->seen_at = seen_at;
  g_clear_error (&self->error);
  show_trouble (self);
  show_face (self);
  iss_page_changed (ISS_PAGE (self));
}

/**
 * iss_event_log_page_show_check:
 * @self: a page
 * @check: what the server found in its record
 * @seen_at: when, by the console's clock
 */
void
iss_event_log_page_show_check (IssEventLogPage     *self,
                               const IssAuditCheck *check,
                               gint64               seen_at)
{
  g_autofree char *found = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_EVENT_LOG_PAGE (self));
  g_return_if_fail (check != NULL);

  found = iss_audit_check_dup_text (check, self->zone);
  seen = iss_time_text_clock (seen_at, self->zone);
  if (check->n_faults == 0)
    text = g_strdup_printf (_("%s. Checked %s."), found, seen);
  else
    text = g_strdup_printf (_("%s. Checked %s. Keep the files audit.jsonl and audit.head of %s as "
                              "they are, and find out who could write there."), found, seen,
                            self->short_name);

  show_result (self, check->n_faults == 0 ? "iss-state-published-symbolic"
                                          : "iss-state-different-symbolic",
               check->n_faults == 0 ? "success" : "error", text);
}
