/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/connect-page.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "ui/wizards/status-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An address is not tried at every letter. */
#define TYPING_PAUSE 600

/**
 * IssConnectPage:
 *
 * Asks for a pool and its servers, and tries the servers while they are typed.
 * Nothing is written before Connect, and nothing if one of them cannot be.
 */
struct _IssConnectPage
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkEditable  *pool_entry;
  GtkEditable  *domains_entry;
  GtkEditable  *address_entry;
  GtkBox       *lines;

  /* Owned References */
  IssWorkspace *workspace;
  GCancellable *cancellable;   /* (nullable): while servers are tried */
  GString      *text;          /* what the lines say */

  guint         timer;
  gboolean      connected;
};

enum
{
  CONNECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static char *
dup_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

/* What stands between blanks, commas or semicolons. */
static char **
dup_words (GtkEditable *entry)
{
  g_autofree char *text = g_strdelimit (dup_text (entry), ",; ", ' ');
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);

  return g_strv_builder_end (builder);
}

/* A host alone means ssh. */
static char *
dup_connection (const char *word)
{
  return strstr (word, "://") != NULL ? g_strdup (word) : g_strconcat ("ssh://", word, NULL);
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
clear (IssConnectPage *self)
{
  GtkWidget *line;

  while ((line = gtk_widget_get_first_child (GTK_WIDGET (self->lines))) != NULL)
    gtk_box_remove (self->lines, line);
  g_string_truncate (self->text, 0);
}

static void
add_line (IssConnectPage *self,
          IssStatusKind   kind,
          const char     *text)
{
  GtkWidget *line = g_object_new (ISS_TYPE_STATUS_LINE, NULL);

  iss_status_line_say (ISS_STATUS_LINE (line), kind, text);
  gtk_box_append (self->lines, line);
  g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? "\n" : "", text);
}

static void
say (IssConnectPage *self,
     IssStatusKind   kind,
     const char     *text)
{
  clear (self);
  add_line (self, kind, text);
}

static void
say_error (IssConnectPage *self,
           const GError   *error)
{
  g_autofree char *sentence = g_strdup_printf ("%s.", error->message);

  say (self, ISS_STATUS_ERROR, sentence);
}

static char *
iss_connect_page_dup_title (IssWizardPage *page)
{
  return g_strdup (_("Pool and Servers"));
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

/* The servers as they were typed, in a pool of nobody's: to be tried, or judged
 * before anything is written. */
static IssPool *
make_typed_servers (IssConnectPage  *self,
                    GError         **error)
{
  static const char *const no_domains[] = { NULL };
  g_auto(GStrv) words = dup_words (self->address_entry);
  g_autoptr(IssPool) typed = iss_pool_new ("typed", no_domains,
                                           iss_workspace_get_clock (self->workspace));

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *connection = dup_connection (words[i]);
      g_autofree char *name = dup_server_name (connection);
      g_autoptr(IssServer) server = iss_workspace_make_server (self->workspace, name, connection,
                                                               NULL, error);

      if (server == NULL)
        return NULL;

      if (iss_pool_find_server (typed, name) == NULL)
        iss_pool_add_server (typed, server);
    }

  return g_steal_pointer (&typed);
}

static gboolean
check_new (IssConnectPage  *self,
           IssPool         *typed,
           GError         **error)
{
  for (guint i = 0; i < iss_pool_get_n_servers (typed); i++)
    {
      const char *name = iss_server_get_name (iss_pool_get_server (typed, i));

      if (!iss_text_is_host_name (name) && !g_hostname_is_ip_address (name))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("“%s” is not a host name"),
                       name);
          return FALSE;
        }

      if (iss_workspace_find_server (self->workspace, name, NULL) != NULL)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
                       _("%s is in the topology already: take it out of the line"), name);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
write_all (IssConnectPage  *self,
           IssPool         *typed,
           GError         **error)
{
  g_autofree char *pool = dup_text (self->pool_entry);
  g_auto(GStrv) domains = dup_words (self->domains_entry);

  if (!iss_workspace_set_pool (self->workspace, pool, (const char *const *) domains, error))
    return FALSE;

  for (guint i = 0; i < iss_pool_get_n_servers (typed); i++)
    {
      IssServer *server = iss_pool_get_server (typed, i);
      const char *uri = iss_connection_address_get_uri (iss_server_get_address (server));

      if (!iss_workspace_add_server (self->workspace, pool, iss_server_get_name (server), uri,
                                     NULL, error))
        return FALSE;
    }

  return TRUE;
}

static const char *
iss_connect_page_get_next (IssWizardPage *page)
{
  return ISS_CONNECT_PAGE (page)->connected ? "servers" : NULL;
}

static gboolean
iss_connect_page_advance (IssWizardPage *page)
{
  IssConnectPage *self = ISS_CONNECT_PAGE (page);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPool) typed = make_typed_servers (self, &error);

  if (typed != NULL && check_new (self, typed, &error) && write_all (self, typed, &error))
    {
      g_autofree char *pool = dup_text (self->pool_entry);

      self->connected = TRUE;
      g_signal_emit (self, signals[CONNECTED], 0,
                     iss_workspace_find_pool (self->workspace, pool));
      return TRUE;
    }

  say_error (self, error);

  return FALSE;
}

static void
iss_connect_page_page_init (IssWizardPageInterface *iface)
{
  iface->dup_title = iss_connect_page_dup_title;
  iface->is_complete = iss_connect_page_is_complete;
  iface->get_next = iss_connect_page_get_next;
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

/* "fe01 answers." and the version of its agent, or why not and what to do. */
static void
add_outcome (IssConnectPage *self,
             IssServer      *server)
{
  const GError *error = iss_server_get_error (server);
  g_autofree char *state = iss_server_dup_state_text (server);
  g_autofree char *remedy = iss_server_dup_remedy_text (server);
  g_autofree char *text = NULL;

  if (iss_server_is_answering (server))
    /* Translators: "fe01 answers." and the version of its agent */
    text = g_strdup_printf (_("%s issuant-agent %s."), state,
                            iss_server_get_agent_version (server));
  else
    text = g_strdup_printf ("%s %s.%s%s", state, error != NULL ? error->message : "",
                            remedy != NULL ? "\n" : "", remedy != NULL ? remedy : "");

  add_line (self, iss_server_is_answering (server) ? ISS_STATUS_SUCCESS : ISS_STATUS_ERROR, text);
}

static void
tried_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssConnectPage) self = user_data;
  IssPool *typed = ISS_POOL (object);
  g_autoptr(GError) error = NULL;

  if (iss_pool_look_finish (typed, result, NULL, &error) && self->workspace != NULL)
    {
      g_clear_object (&self->cancellable);
      clear (self);
      for (guint i = 0; i < iss_pool_get_n_servers (typed); i++)
        add_outcome (self, iss_pool_get_server (typed, i));
    }

  for (guint i = 0; i < iss_pool_get_n_servers (typed); i++)
    iss_server_disconnect (iss_pool_get_server (typed, i));
}

static gboolean
typing_paused_cb (gpointer user_data)
{
  IssConnectPage *self = user_data;
  g_autoptr(IssPool) typed = NULL;
  g_autoptr(GError) error = NULL;

  self->timer = 0;
  typed = make_typed_servers (self, &error);
  if (typed == NULL)
    {
      say_error (self, error);
      return G_SOURCE_REMOVE;
    }

  say (self, ISS_STATUS_BUSY, _("Trying to reach it…"));
  self->cancellable = g_cancellable_new ();
  iss_pool_look_async (typed, NULL, self->cancellable, tried_cb, g_object_ref (self));

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
  clear (self);
  if (*gtk_editable_get_text (self->address_entry) != '\0')
    self->timer = g_timeout_add (TYPING_PAUSE, typing_paused_cb, self);
  changed_cb (self);
}

static void
iss_connect_page_finalize (GObject *object)
{
  IssConnectPage *self = ISS_CONNECT_PAGE (object);

  g_string_free (self->text, TRUE);

  G_OBJECT_CLASS (iss_connect_page_parent_class)->finalize (object);
}

static void
iss_connect_page_class_init (IssConnectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_connect_page_dispose;
  object_class->finalize = iss_connect_page_finalize;

  /**
   * IssConnectPage::connected:
   * @page: the page
   * @pool: the pool whose servers were written
   *
   * What was typed is in the topology now: what comes next may begin with it.
   */
  signals[CONNECTED] = g_signal_new ("connected", ISS_TYPE_CONNECT_PAGE, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, ISS_TYPE_POOL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/wizards/connect-page.ui");
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, root);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, pool_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, domains_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, address_entry);
  gtk_widget_class_bind_template_child (widget_class, IssConnectPage, lines);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_typed_cb);
}

static void
iss_connect_page_init (IssConnectPage *self)
{
  self->text = g_string_new (NULL);

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

  return self->text->str;
}
