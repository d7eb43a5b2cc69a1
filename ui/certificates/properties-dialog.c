/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/properties-dialog.h"

#include <glib/gi18n-lib.h>

#include "core/agent/agent-key-access.h"
#include "core/agent/agent-key-uri.h"
#include "core/agent/agent-properties.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/certificates/token-key-dialog.h"
#include "ui/dialogs/confirm-dialog.h"

/**
 * IssPropertiesDialog:
 *
 * Looks when it opens and after each change; what it shows is what the server said then.
 */
struct _IssPropertiesDialog
{
  GtkWindow        parent_instance;

  /* Template Widgets */
  GtkStack        *stack;
  GtkLabel        *issued_to;
  GtkLabel        *issued_by;
  GtkLabel        *valid;
  GtkLabel        *thumbprint;
  GtkEditable     *friendly_name;
  GtkEditable     *description;
  GtkCheckButton  *for_pool;
  GtkCheckButton  *for_server;
  GtkCheckButton  *exportable;
  GtkLabel        *exportable_note;
  GtkWidget       *token_button;
  GtkWidget       *forget_button;
  GtkEditable     *accounts;
  GtkLabel        *access;
  GtkLabel        *error;
  GtkWidget       *spinner;
  GtkButton       *apply_button;

  /* Owned References */
  IssServer       *server;
  GBytes          *sha256;
  GCancellable    *cancellable;
  char            *server_name;

  /* As the server said last; all owned */
  char            *old_friendly_name;
  char            *old_description;
  char           **old_accounts;

  IssStoreName     store;
  IssIntent        old_intent;
  gboolean         old_exportable;
  gboolean         has_key_file;
  gboolean         may_be_in_token;
  gboolean         is_in_token;
  gboolean         busy;
  gboolean         filling;        /* by ourselves */
  gboolean         closes;         /* once it is applied */
  gboolean         force;          /* what was warned of has been read */
};

G_DEFINE_FINAL_TYPE (IssPropertiesDialog, iss_properties_dialog, GTK_TYPE_WINDOW)

static IssIntent
get_intent (IssPropertiesDialog *self)
{
  if (gtk_check_button_get_active (self->for_pool))
    return ISS_INTENT_POOL;

  return gtk_check_button_get_active (self->for_server) ? ISS_INTENT_SERVER : ISS_INTENT_UNKNOWN;
}

/* "a, b b" -> { "a", "b" }, as people separate names */
static char **
dup_accounts (IssPropertiesDialog *self)
{
  g_auto(GStrv) words = g_strsplit_set (gtk_editable_get_text (self->accounts), ",; ", -1);
  g_autoptr(GStrvBuilder) accounts = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0' && g_hash_table_add (seen, words[i]))
        g_strv_builder_add (accounts, words[i]);
    }

  return g_strv_builder_end (accounts);
}

/* Those in @from that are not in @without */
static char **
subtract (char **from,
          char **without)
{
  g_autoptr(GStrvBuilder) rest = g_strv_builder_new ();

  for (guint i = 0; from != NULL && from[i] != NULL; i++)
    {
      if (without == NULL || !g_strv_contains ((const char *const *) without, from[i]))
        g_strv_builder_add (rest, from[i]);
    }

  return g_strv_builder_end (rest);
}

static gboolean
read_property_changes (IssPropertiesDialog     *self,
                       IssAgentPropertyChanges *changes)
{
  const char *name = gtk_editable_get_text (self->friendly_name);
  const char *description = gtk_editable_get_text (self->description);
  IssIntent intent = get_intent (self);

  *changes = (IssAgentPropertyChanges) { NULL };
  if (g_strcmp0 (name, self->old_friendly_name) != 0)
    changes->friendly_name = name;
  if (g_strcmp0 (description, self->old_description) != 0)
    changes->description = description;
  if (intent != self->old_intent)
    changes->intent = intent;
  changes->not_exportable = self->old_exportable &&
                            !gtk_check_button_get_active (self->exportable);

  return changes->friendly_name != NULL || changes->description != NULL ||
         changes->intent != ISS_INTENT_UNKNOWN || changes->not_exportable;
}

static gboolean
read_access_changes (IssPropertiesDialog   *self,
                     char                ***out_allow,
                     char                ***out_deny)
{
  g_auto(GStrv) accounts = dup_accounts (self);

  *out_allow = subtract (accounts, self->old_accounts);
  *out_deny = subtract (self->old_accounts, accounts);

  return self->has_key_file && (**out_allow != NULL || **out_deny != NULL);
}

static void
update (IssPropertiesDialog *self)
{
  g_auto(GStrv) allow = NULL;
  g_auto(GStrv) deny = NULL;
  IssAgentPropertyChanges changes;
  gboolean changed = read_property_changes (self, &changes);

  changed = read_access_changes (self, &allow, &deny) || changed;
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "properties.apply", changed && !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "properties.ok", !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "properties.token-key",
                                 self->may_be_in_token && !self->busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "properties.forget-key",
                                 self->is_in_token && !self->busy);
  gtk_widget_set_visible (self->spinner, self->busy);
  gtk_button_set_label (self->apply_button, self->force ? _("_Apply All the Same") : _("_Apply"));
}

static void
edited_cb (IssPropertiesDialog *self)
{
  if (self->filling)
    return;

  self->force = FALSE;
  gtk_label_set_label (self->error, "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  update (self);
}

static void
show_error (IssPropertiesDialog *self,
            const GError        *error)
{
  g_autofree char *text = g_strconcat (error->message, ".", NULL);

  self->busy = FALSE;
  self->closes = FALSE;
  self->force = g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  gtk_label_set_label (self->error, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
  update (self);
}

/* One line each: "● daemon", "○ daemon: may not search the folder /root". */
static void
show_access (IssPropertiesDialog *self,
             const IssKeyAccess  *access)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GStrvBuilder) accounts = g_strv_builder_new ();
  g_autofree char *joined = NULL;

  for (guint i = 0; i < access->readers->len; i++)
    {
      const IssKeyReader *reader = access->readers->pdata[i];

      gboolean named = reader->why_not != NULL && g_str_has_prefix (reader->why_not, reader->name);

      g_string_append_printf (text, "%s%s %s", i > 0 ? "\n" : "", reader->may_read ? "●" : "○",
                              named ? reader->why_not : reader->name);
      if (reader->is_owner)
        g_string_append_printf (text, " (%s)", _("owner: the agent itself"));
      if (reader->is_group)
        g_string_append_printf (text, " (%s)", _("group"));
      if (reader->why_not != NULL && !named)
        g_string_append_printf (text, ": %s", reader->why_not);
      if (!reader->is_owner && !reader->is_group)
        g_strv_builder_add (accounts, reader->name);
    }

  g_string_append_printf (text, "\n%s", access->published
                          ? _("By permissions of the published key and the folders above it.")
                          : _("By permissions. The key is not published: no service reads it "
                              "before the certificate is assigned."));
  if (!access->has_acls)
    g_string_append_printf (text, "\n%s", _("The server's file system has no access control lists: "
                                            "only the owner can read the key."));

  g_strfreev (self->old_accounts);
  self->old_accounts = g_strv_builder_end (accounts);
  joined = g_strjoinv (", ", self->old_accounts);
  gtk_editable_set_text (self->accounts, joined);
  gtk_widget_set_sensitive (GTK_WIDGET (self->accounts), access->has_acls);
  gtk_label_set_label (self->access, text->str);
}

static void
end_look (IssPropertiesDialog *self)
{
  self->busy = FALSE;
  gtk_stack_set_visible_child_name (self->stack, "properties");
  update (self);
  if (self->closes)
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
access_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssKeyAccess) access = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->cancellable == NULL)
    return;

  self->filling = TRUE;
  if (access != NULL)
    show_access (self, access);
  else
    gtk_label_set_label (self->access, error->message);
  self->filling = FALSE;
  end_look (self);
}

static void
show_certificate (IssPropertiesDialog *self,
                  IssCertificate      *certificate)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *from = iss_time_text_date (iss_certificate_get_not_before (certificate), zone);
  g_autofree char *to = iss_time_text_date (iss_certificate_get_not_after (certificate), zone);
  g_autofree char *valid = g_strdup_printf (_("%s to %s"), from, to);
  g_autofree char *thumbprint = iss_text_thumbprint (iss_certificate_get_sha1 (certificate));
  /* Translators: a certificate, a store, a server */
  g_autofree char *title = g_strdup_printf (_("Properties of %s, %s on %s"),
                                            iss_certificate_get_issued_to (certificate),
                                            iss_store_name_get_label (self->store),
                                            self->server_name);

  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_label_set_label (self->issued_to, iss_certificate_get_issued_to (certificate));
  gtk_label_set_label (self->issued_by, iss_certificate_get_issued_by (certificate));
  gtk_label_set_label (self->valid, valid);
  gtk_label_set_label (self->thumbprint, thumbprint);
}

static void
show_key (IssPropertiesDialog *self,
          IssKeyState          state)
{
  const char *note = NULL;

  switch (state)
    {
    case ISS_KEY_STATE_FILE:
      note = self->old_exportable
           ? _("Issuant will export it. This can be taken away, but not given back.")
           : _("Issuant will not export it, now or later; root on the server still can.");
      break;

    case ISS_KEY_STATE_TOKEN:
      note = _("The key is in a token of the server and cannot be exported.");
      break;

    case ISS_KEY_STATE_NONE:
      note = _("The server does not have the private key.");
      break;
    }

  gtk_check_button_set_active (self->exportable, self->old_exportable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->exportable), self->old_exportable);
  gtk_label_set_label (self->exportable_note, note);
}

static void
show_properties (IssPropertiesDialog *self,
                 GVariant            *properties)
{
  guint32 intent = ISS_INTENT_UNKNOWN;
  guint32 key = ISS_KEY_STATE_NONE;

  g_clear_pointer (&self->old_friendly_name, g_free);
  g_clear_pointer (&self->old_description, g_free);
  g_variant_lookup (properties, "friendly-name", "s", &self->old_friendly_name);
  g_variant_lookup (properties, "description", "s", &self->old_description);
  g_variant_lookup (properties, "intent", "u", &intent);
  g_variant_lookup (properties, "key", "u", &key);
  self->old_exportable = FALSE;
  g_variant_lookup (properties, "exportable", "b", &self->old_exportable);
  self->old_intent = intent <= ISS_INTENT_SERVER ? (IssIntent) intent : ISS_INTENT_UNKNOWN;
  self->has_key_file = key == ISS_KEY_STATE_FILE && self->store == ISS_STORE_MY;
  self->may_be_in_token = key != ISS_KEY_STATE_FILE && self->store == ISS_STORE_MY;
  self->is_in_token = key == ISS_KEY_STATE_TOKEN && self->store == ISS_STORE_MY;
  gtk_widget_set_visible (self->token_button, self->may_be_in_token);
  gtk_widget_set_visible (self->forget_button, self->is_in_token);

  if (self->old_friendly_name == NULL)
    self->old_friendly_name = g_strdup ("");
  if (self->old_description == NULL)
    self->old_description = g_strdup ("");

  gtk_editable_set_text (self->friendly_name, self->old_friendly_name);
  gtk_editable_set_text (self->description, self->old_description);
  gtk_check_button_set_active (self->for_pool, self->old_intent == ISS_INTENT_POOL);
  gtk_check_button_set_active (self->for_server, self->old_intent == ISS_INTENT_SERVER);
  show_key (self, key <= ISS_KEY_STATE_TOKEN ? (IssKeyState) key : ISS_KEY_STATE_NONE);

  if (!self->has_key_file)
    {
      gtk_label_set_label (self->access, _("There is no key file that could be read."));
      gtk_widget_set_sensitive (GTK_WIDGET (self->accounts), FALSE);
    }
}

static void
certificate_read_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) certificate = NULL;

  certificate = iss_server_get_certificate_finish (ISS_SERVER (object), result, &properties,
                                                   &error);

  if (self->cancellable == NULL)
    return;

  if (certificate == NULL)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->stack), FALSE);
      gtk_stack_set_visible_child_name (self->stack, "properties");
      show_error (self, error);
      return;
    }

  self->filling = TRUE;
  show_certificate (self, certificate);
  show_properties (self, properties);
  self->filling = FALSE;

  if (self->has_key_file)
    {
      g_autoptr(IssAgentCall) call = iss_agent_key_access_call_get (self->sha256);

      iss_server_call_async (self->server, call, self->cancellable, access_read_cb,
                             g_object_ref (self));
      return;
    }

  end_look (self);
}

static void
look (IssPropertiesDialog *self)
{
  self->busy = TRUE;
  update (self);
  iss_server_get_certificate_async (self->server, iss_store_name_get_nick (self->store),
                                    self->sha256, self->cancellable, certificate_read_cb,
                                    g_object_ref (self));
}

static void
access_set_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssKeyAccess) access = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->cancellable == NULL)
    return;

  if (access != NULL)
    look (self);
  else
    show_error (self, error);
}

/* Who may read comes second: what is said first has been written by then. */
static void
apply_access (IssPropertiesDialog *self)
{
  g_auto(GStrv) allow = NULL;
  g_auto(GStrv) deny = NULL;
  g_autoptr(IssAgentCall) call = NULL;

  if (!read_access_changes (self, &allow, &deny))
    {
      look (self);
      return;
    }

  call = iss_agent_key_access_call_set (self->sha256, (const char *const *) allow,
                                        (const char *const *) deny, FALSE);
  iss_server_call_async (self->server, call, self->cancellable, access_set_cb,
                         g_object_ref (self));
}

static void
properties_set_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) changed = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->cancellable == NULL)
    return;

  if (changed != NULL)
    apply_access (self);
  else
    show_error (self, error);
}

static void
apply (IssPropertiesDialog *self)
{
  IssAgentPropertyChanges changes;
  gboolean changed = read_property_changes (self, &changes);
  gboolean force = self->force;
  g_autoptr(IssAgentCall) call = NULL;

  edited_cb (self);
  self->busy = TRUE;
  update (self);

  if (!changed)
    {
      apply_access (self);
      return;
    }

  call = iss_agent_properties_call (self->sha256, &changes, force, FALSE);
  iss_server_call_async (self->server, call, self->cancellable, properties_set_cb,
                         g_object_ref (self));
}

static void
apply_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  apply (ISS_PROPERTIES_DIALOG (widget));
}

static void
ok_cb (GtkWidget  *widget,
       const char *action_name,
       GVariant   *parameter)
{
  IssPropertiesDialog *self = ISS_PROPERTIES_DIALOG (widget);
  g_auto(GStrv) allow = NULL;
  g_auto(GStrv) deny = NULL;
  IssAgentPropertyChanges changes;

  if (!read_property_changes (self, &changes) && !read_access_changes (self, &allow, &deny))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  self->closes = TRUE;
  apply (self);
}

static void
proved_cb (IssPropertiesDialog *self)
{
  look (self);
}

static void
token_key_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  IssPropertiesDialog *self = ISS_PROPERTIES_DIALOG (widget);
  GtkWidget *dialog;

  dialog = iss_token_key_dialog_new (GTK_WINDOW (self), self->server, self->sha256,
                                     gtk_label_get_label (self->issued_to));
  g_signal_connect_object (dialog, "proved", G_CALLBACK (proved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
forgotten_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *none = iss_server_call_finish (ISS_SERVER (object), result, &error);

  if (self->cancellable == NULL)
    return;

  if (none != NULL)
    look (self);
  else
    show_error (self, error);
}

static void
forget_agreed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(IssPropertiesDialog) self = user_data;
  g_autoptr(IssAgentCall) call = NULL;

  if (!iss_confirm_dialog_ask_finish (result) || self->cancellable == NULL)
    return;

  edited_cb (self);
  self->busy = TRUE;
  update (self);
  call = iss_agent_key_uri_call (self->sha256, "", NULL, FALSE);
  iss_server_call_async (self->server, call, self->cancellable, forgotten_cb,
                         g_object_ref (self));
}

static void
forget_key_cb (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  IssPropertiesDialog *self = ISS_PROPERTIES_DIALOG (widget);
  g_autofree char *question = NULL;
  g_autofree char *consequence = NULL;

  /* Translators: a server, a certificate */
  question = g_strdup_printf (_("Shall %s forget in which token the private key of %s is?"),
                              self->server_name, gtk_label_get_label (self->issued_to));
  /* Translators: a server */
  consequence = g_strdup_printf (_("Nothing in the token changes. Before %s can use the key "
                                   "again, the token has to prove once more that it holds it."),
                                 self->server_name);
  iss_confirm_dialog_ask_async (widget, question, consequence, _("_Forget"), FALSE,
                                forget_agreed_cb, g_object_ref (self));
}

static void
cancel_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
iss_properties_dialog_dispose (GObject *object)
{
  IssPropertiesDialog *self = ISS_PROPERTIES_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->server);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->server_name, g_free);
  g_clear_pointer (&self->old_friendly_name, g_free);
  g_clear_pointer (&self->old_description, g_free);
  g_clear_pointer (&self->old_accounts, g_strfreev);

  G_OBJECT_CLASS (iss_properties_dialog_parent_class)->dispose (object);
}

static void
iss_properties_dialog_class_init (IssPropertiesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_properties_dialog_dispose;

  gtk_widget_class_install_action (widget_class, "properties.ok", NULL, ok_cb);
  gtk_widget_class_install_action (widget_class, "properties.apply", NULL, apply_cb);
  gtk_widget_class_install_action (widget_class, "properties.token-key", NULL, token_key_cb);
  gtk_widget_class_install_action (widget_class, "properties.forget-key", NULL, forget_key_cb);
  gtk_widget_class_install_action (widget_class, "properties.cancel", NULL, cancel_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "properties.cancel", NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/certificates/"
                                               "properties-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, issued_to);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, issued_by);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, valid);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, thumbprint);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, friendly_name);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, description);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, for_pool);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, for_server);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, exportable);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, exportable_note);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, token_button);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, forget_button);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, accounts);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, access);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, error);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssPropertiesDialog, apply_button);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
iss_properties_dialog_init (IssPropertiesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

/**
 * iss_properties_dialog_new:
 * @parent: (nullable): its window
 * @server: where
 * @store: the store that holds the certificate
 * @sha256: the certificate
 *
 * Returns: (transfer none): a dialog that has begun to look; GTK owns it as any toplevel
 */
GtkWidget *
iss_properties_dialog_new (GtkWindow    *parent,
                           IssServer    *server,
                           IssStoreName  store,
                           GBytes       *sha256)
{
  IssPropertiesDialog *self;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  self = g_object_new (ISS_TYPE_PROPERTIES_DIALOG, "transient-for", parent, NULL);
  self->server = g_object_ref (server);
  self->server_name = iss_server_dup_short_name (server);
  self->store = store;
  self->sha256 = g_bytes_ref (sha256);
  self->old_friendly_name = g_strdup ("");
  self->old_description = g_strdup ("");

  label = g_strdup_printf (_("For %s only: no other server is expected to have it"),
                           self->server_name);
  gtk_check_button_set_label (self->for_server, label);
  look (self);

  return GTK_WIDGET (self);
}

/**
 * iss_properties_dialog_is_busy:
 * @self: a dialog
 *
 * Returns: whether it waits for the server
 */
gboolean
iss_properties_dialog_is_busy (IssPropertiesDialog *self)
{
  g_return_val_if_fail (ISS_IS_PROPERTIES_DIALOG (self), FALSE);

  return self->busy;
}

/**
 * iss_properties_dialog_get_error:
 * @self: a dialog
 *
 * Returns: (transfer none): what went wrong last; "" if nothing did
 */
const char *
iss_properties_dialog_get_error (IssPropertiesDialog *self)
{
  g_return_val_if_fail (ISS_IS_PROPERTIES_DIALOG (self), NULL);

  return gtk_label_get_label (self->error);
}
