/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/agent-delete.h"
#include "core/agent/agent-trash.h"
#include "core/base/error.h"
#include "ui/certificates/delete-text.h"
#include "ui/certificates/properties-dialog.h"
#include "ui/certificates/store-page.h"
#include "ui/dialogs/confirm-dialog.h"

/* The verbs that change a certificate where it is: properties, delete, undo. */

/* One deletion, from the verb to the end. */
typedef struct
{
  IssConsoleWindow *self;          /* owned */
  IssServer        *server;        /* owned */
  GPtrArray        *certificates;  /* (element-type GBytes) */
  char             *name;          /* whom the first was issued to */
  char             *server_name;
  IssStoreName      store;
  gboolean          has_key;       /* one of them */
} Deletion;

static void
deletion_free (Deletion *deletion)
{
  g_object_unref (deletion->self);
  g_object_unref (deletion->server);
  g_ptr_array_unref (deletion->certificates);
  g_free (deletion->name);
  g_free (deletion->server_name);
  g_free (deletion);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Deletion, deletion_free)

static void
told_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  iss_confirm_dialog_ask_finish (result);
}

static void
tell (IssConsoleWindow *self,
      const char       *what,
      const GError     *error)
{
  g_autofree char *why = g_strconcat (error->message, ".", NULL);

  iss_confirm_dialog_tell_async (GTK_WIDGET (self), what, why, told_cb, NULL);
}

static void
tell_not_deleted (Deletion     *deletion,
                  const GError *error)
{
  guint n = deletion->certificates->len;
  g_autofree char *what = n == 1
    ? g_strdup_printf (_("“%s” was not deleted."), deletion->name)
    : g_strdup_printf (ngettext ("%u certificate was not deleted.",
                                 "%u certificates were not deleted.", n), n);

  tell (deletion->self, what, error);
}

/* The page shows it at once; the server's own word comes a moment later. */
static void
refresh (IssConsoleWindow *self)
{
  if (self->page != NULL)
    iss_page_refresh (self->page);
}

static void
deleted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Deletion) deletion = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) entries = iss_server_call_finish (ISS_SERVER (object), result, &error);
  g_autofree char *what = NULL;
  g_autofree char *label = NULL;
  guint n = deletion->certificates->len;

  if (entries == NULL)
    {
      tell_not_deleted (deletion, error);
      refresh (deletion->self);
      return;
    }

  what = iss_delete_text_done (deletion->name, n, deletion->store, deletion->server_name);
  label = iss_delete_text_undo (deletion->name, n);
  iss_undo_bar_push (deletion->self->undo_bar, deletion->server, (const char *const *) entries,
                     what, label);
  refresh (deletion->self);
}

static void
confirmed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Deletion) deletion = user_data;
  g_autoptr(IssAgentCall) call = NULL;
  IssServer *server = deletion->server;

  if (!iss_confirm_dialog_ask_finish (result))
    return;

  /* What was warned of has been read. */
  call = iss_agent_delete_call (deletion->store, deletion->certificates, TRUE, FALSE);
  iss_server_call_async (server, call, NULL, deleted_cb, g_steal_pointer (&deletion));
}

/* The question names the server already. */
static const char *
skip_server (Deletion   *deletion,
             const char *message)
{
  gsize length = strlen (deletion->server_name);

  return g_str_has_prefix (message, deletion->server_name) &&
         g_str_has_prefix (message + length, ": ") ? message + length + 2 : message;
}

/* What is refused is said before it is asked for. */
static void
rehearsed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(Deletion) deletion = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) none = iss_server_call_finish (ISS_SERVER (object), result, &error);
  gboolean warned = g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  guint n = deletion->certificates->len;
  g_autofree char *question = NULL;
  g_autofree char *consequence = NULL;
  g_autofree char *verb = NULL;
  IssConsoleWindow *self = deletion->self;

  if (none == NULL && !warned)
    {
      tell_not_deleted (deletion, error);
      return;
    }

  question = iss_delete_text_question (deletion->name, n, deletion->store, deletion->server_name);
  consequence = iss_delete_text_consequence (n, deletion->store, deletion->has_key,
                                             deletion->server_name,
                                             warned ? skip_server (deletion, error->message)
                                                    : NULL);
  verb = iss_delete_text_verb (n);
  iss_confirm_dialog_ask_async (GTK_WIDGET (self), question, consequence, verb, TRUE, confirmed_cb,
                                g_steal_pointer (&deletion));
}

/* (nullable): the list of the store that is shown, with something selected */
static IssCertificateList *
get_list (IssConsoleWindow *self)
{
  IssCertificateList *list;

  if (self->page == NULL || !ISS_IS_STORE_PAGE (self->page))
    return NULL;

  list = iss_store_page_get_list (ISS_STORE_PAGE (self->page));
  return iss_certificate_list_get_n_selected (list) > 0 ? list : NULL;
}

static void
delete_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssScopeNode *node = iss_console_window_get_node (self);
  IssCertificateList *list = get_list (self);
  g_autoptr(IssAgentCall) call = NULL;
  Deletion *deletion;
  IssRow row;

  if (list == NULL || !iss_certificate_list_get_selected (list, &row))
    return;

  deletion = g_new0 (Deletion, 1);
  deletion->self = g_object_ref (self);
  deletion->server = g_object_ref (iss_scope_node_get_server (node));
  deletion->server_name = iss_server_dup_short_name (deletion->server);
  deletion->store = iss_scope_node_get_store (node);
  deletion->certificates = iss_certificate_list_dup_selected (list);
  deletion->name = g_strdup (row.issued_to);
  deletion->has_key = iss_certificate_list_has_key_selected (list);

  call = iss_agent_delete_call (deletion->store, deletion->certificates, FALSE, TRUE);
  iss_server_call_async (deletion->server, call, NULL, rehearsed_cb, deletion);
}

static void
undone_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssConsoleWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) restored = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->undo_bar == NULL)
    return;

  self->undoing = FALSE;
  if (restored != NULL)
    iss_undo_bar_pop (self->undo_bar);
  else
    tell (self, _("What was deleted was not restored."), error);

  refresh (self);
  iss_console_window_actions_update (self);
}

static void
undo_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autoptr(IssAgentCall) call = NULL;
  const char *const *entries;
  IssServer *server;

  if (self->undoing || !iss_undo_bar_peek (self->undo_bar, &server, &entries))
    return;

  self->undoing = TRUE;
  call = iss_agent_trash_call_restore (entries, FALSE);
  iss_server_call_async (server, call, NULL, undone_cb, g_object_ref (self));
  iss_console_window_actions_update (self);
}

static void
properties_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssScopeNode *node = iss_console_window_get_node (self);
  IssCertificateList *list = get_list (self);
  g_autoptr(GBytes) sha256 = NULL;
  IssRow row;

  if (list == NULL || !iss_certificate_list_get_selected (list, &row))
    return;

  sha256 = g_bytes_new (row.sha256, sizeof row.sha256);
  gtk_window_present (GTK_WINDOW (iss_properties_dialog_new (GTK_WINDOW (self),
                                                             iss_scope_node_get_server (node),
                                                             iss_scope_node_get_store (node),
                                                             sha256)));
}

/**
 * iss_console_window_changes_install:
 * @klass: the window's class
 *
 * Installs these verbs and their keys. Delete and Alt+Enter are the store page's, so
 * that they mean nothing elsewhere.
 */
void
iss_console_window_changes_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "certificate.delete", NULL, delete_cb);
  gtk_widget_class_install_action (klass, "certificate.properties", NULL, properties_cb);
  gtk_widget_class_install_action (klass, "edit.undo", NULL, undo_cb);

  gtk_widget_class_add_binding_action (klass, GDK_KEY_z, GDK_CONTROL_MASK, "edit.undo", NULL);
}

/**
 * iss_console_window_changes_update:
 * @self: a window
 *
 * Works out which of these verbs may be used.
 */
void
iss_console_window_changes_update (IssConsoleWindow *self)
{
  IssScopeNode *node = iss_console_window_get_node (self);
  IssCertificateList *list = get_list (self);
  guint n = list != NULL ? iss_certificate_list_get_n_selected (list) : 0;
  gboolean answers = n > 0 && iss_server_is_answering (iss_scope_node_get_server (node));
  gboolean writable = n > 0 && !iss_store_name_is_read_only (iss_scope_node_get_store (node));
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "certificate.delete",
                                 answers && writable && n <= ISS_CERTIFICATE_LIST_MAX_SELECTED);
  gtk_widget_action_set_enabled (widget, "certificate.properties", answers && n == 1);
  gtk_widget_action_set_enabled (widget, "edit.undo",
                                 self->undo_bar != NULL && !self->undoing &&
                                 iss_undo_bar_peek (self->undo_bar, NULL, NULL));
}

/**
 * iss_console_window_changes_append_undo:
 * @self: a window
 * @menu: its Action menu
 *
 * Puts what can be undone below what can be done.
 */
void
iss_console_window_changes_append_undo (IssConsoleWindow *self,
                                        GMenu            *menu)
{
  const char *label = iss_undo_bar_get_label (self->undo_bar);
  g_autoptr(GMenu) section = NULL;
  g_autoptr(GString) escaped = NULL;

  if (label == NULL)
    return;

  /* A name may hold what would be a mnemonic. */
  escaped = g_string_new (label);
  g_string_replace (escaped, "_", "__", 0);

  section = g_menu_new ();
  g_menu_append (section, escaped->str, "edit.undo");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}
