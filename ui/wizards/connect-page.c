/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/connect-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An address is not tried at every letter. */
#define TYPING_PAUSE 600

/**
 * IssConnectPage:
 *
 * Asks for a pool and a server, and tries the server while it is typed. Nothing
 * is written before Connect.
 */
struct _IssConnectPage
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkEditable  *pool_entry;
  GtkEditable  *domains_entry;
  GtkEditable  *address_entry;
  GtkSpinner   *spinner;
  GtkLabel     *label;

  /* Owned References */
  IssWorkspace *workspace;
  GCancellable *cancellable;   /* (nullable): while a server is tried */

  guint         timer;
};

static char *
dup_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

/* A host alone means ssh. */
static char *
dup_connection (IssConnectPage *self)
{
  g_autofree char *text = dup_text (self->address_entry);

  return strstr (text, "://") != NULL ? g_steal_pointer (&text)
                                       : g_strconcat ("ssh://", text, NULL);
}

static char *
dup_server_name (const char *connection)
{
  const char *rest = strstr (connection, "://") + 3;
  const char *at = strchr (rest, '@');

  if (g_str_has_prefix (connection, "local:"))
    return g_path_get_basename (rest);
  if (at != NULL)
    rest = at + 1;

  return g_strndup (rest, strcspn (rest, ":/"));
}

static void
say (IssConnectPage *self,
     gboolean        busy,
     const char     *text)
{
  gtk_label_set_label (self->label, text);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
}

static char *
iss_connect_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Pool and Server"));
}

static gboolean
iss_connect_page_is_complete (IssWizardPage *page)
{
  IssConnectPage *self = ISS_CONNECT_PAGE (page);

  return *gtk_editable_get_text (self->pool_entry) != '\0'
         && *gtk_editable_get_text (self->address_entry) != '\0';
}

static const char *
iss_connect_page_get_next_label (IssWizardPage *page)
{
  return _("_Connect");
}

static gboolean
iss_connect_page_advance (IssWizardPage *page)
{
  IssConnectPage *self = ISS_CONNECT_PAGE (page);
  g_autofree char *pool = dup_text (self->pool_entry);
  g_autofree char *domains_text = g_strdelimit (dup_text (self->domains_entry), ",; ", ' ');
  g_auto(GStrv) words = g_strsplit (domains_text, " ", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) domains = NULL;
  g_autofree char *connection = dup_connection (self);
  g_autofree char *name = dup_server_name (connection);
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);
  domains = g_strv_builder_end (builder);

  if (iss_workspace_set_pool (self->workspace, pool, (const char *const *) domains, &error)
      && iss_workspace_add_server (self->workspace, pool, name, connection, NULL, &error))
    return TRUE;

  sentence = g_strdup_printf ("%s.", error->message);
  say (self, FALSE, sentence);

  return FALSE;
}

static void
iss_connect_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_connect_page_dup_title;
  iface->is_complete = iss_connect_page_is_complete;
  iface->get_next_label = iss_connect_page_get_next_label;
  iface->advance = iss_connect_page_advance;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (IssConnectPage, iss_connect_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_WIZARD_PAGE,
                                                      iss_connect_page_page_init))

static void
give_up (IssConnectPage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
iss_connect_page_dispose (GObject *object)
{
  IssConnectPage *self = ISS_CONNECT_PAGE (object);

  give_up (self);
  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CONNECT_PAGE);

  G_OBJECT_CLASS (iss_connect_page_parent_class)->dispose (object);
}

static void
tried_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssConnectPage) self = user_data;
  IssServer *server = ISS_SERVER (object);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *state = NULL;
  g_autofree char *remedy = NULL;
  gboolean ok = iss_server_look_finish (server, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->workspace == NULL)
    {
      iss_server_disconnect (server);
      return;
    }

  g_clear_object (&self->cancellable);
  state = iss_server_dup_state_text (server);
  remedy = iss_server_dup_remedy_text (server);
  if (ok)
    /* Translators: "fe01 answers." and the version of its agent */
    text = g_strdup_printf (_("%s issuant-agent %s."), state,
                            iss_server_get_agent_version (server));
  else
    text = g_strdup_printf ("%s %s.\n%s", state, error->message, remedy != NULL ? remedy : "");

  iss_server_disconnect (server);
  say (self, FALSE, text);
}

static gboolean
typing_paused_cb (gpointer user_data)
{
  IssConnectPage *self = user_data;
  g_autofree char *connection = dup_connection (self);
  g_autofree char *name = dup_server_name (connection);
  g_autoptr(IssServer) server = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  self->timer = 0;
  server = iss_workspace_make_server (self->workspace, name, connection, NULL, &error);
  if (server == NULL)
    {
      sentence = g_strdup_printf ("%s.", error->message);
      say (self, FALSE, sentence);
      return G_SOURCE_REMOVE;
    }

  say (self, TRUE, _("Trying to reach it…"));
  self->cancellable = g_cancellable_new ();
  iss_server_look_async (server, NULL, self->cancellable, tried_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
changed_cb (IssConnectPage *self)
{
  iss_wizard_page_changed (ISS_WIZARD_PAGE (self));
}

static void
address_typed_cb (IssConnectPage *self)
{
  give_up (self);
  say (self, FALSE, "");
  if (*gtk_editable_get_text (self->address_entry) != '\0')
    self->timer = g_timeout_add (TYPING_PAUSE, typing_paused_cb, self);
  changed_cb (self);
}

static void
iss_connect_page_class_init (IssConnectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_connect_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/connect-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, pool_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, domains_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, address_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_typed_cb);
}

static void
iss_connect_page_init (IssConnectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_connect_page_new:
 * @workspace: where pool and server are written
 * @pool: (nullable): the pool to begin with
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
iss_connect_page_new (IssWorkspace *workspace,
                      IssPool      *pool)
{
  IssConnectPage *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);

  self = g_object_new (ISS_TYPE_CONNECT_PAGE, NULL);
  self->workspace = g_object_ref (workspace);
  if (pool != NULL)
    {
      g_autofree char *domains = g_strjoinv (" ", (char **) iss_pool_get_sip_domains (pool));

      gtk_editable_set_text (self->pool_entry, iss_pool_get_name (pool));
      gtk_editable_set_text (self->domains_entry, domains);
    }

  return GTK_WIDGET (self);
}

const char *
iss_connect_page_get_text (IssConnectPage *self)
{
  g_return_val_if_fail (ISS_IS_CONNECT_PAGE (self), NULL);

  return gtk_label_get_label (self->label);
}
