/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/certificates/certificate-details.h"
#include "ui/certificates/certificate-general.h"
#include "ui/certificates/certificate-path.h"
#include "ui/certificates/properties-dialog.h"
#include "ui/stack-pages.h"

#define PATIENCE_MS 300
#define EXPORT_ACTION "certificate.export"

/**
 * IssCertificateDialog:
 *
 * One certificate of one server.
 *
 * It shows what the server said when it was opened, with the time; only which
 * servers have the certificate is kept up to date, because the pool is looked at
 * anyway. The certificate and its path are asked for at the same time.
 */
struct _IssCertificateDialog
{
  GtkWindow               parent_instance;

  /* Template Widgets */
  GtkStack               *stack;
  GtkWidget              *loading_box;
  GtkSpinner             *spinner;
  GtkLabel               *loading_label;
  GtkLabel               *failed_title;
  GtkLabel               *failed_text;
  GtkLabel               *failed_remedy;
  GtkNotebook            *notebook;
  IssCertificateGeneral  *general;
  IssCertificateDetails  *details;
  IssCertificatePath     *path;
  GtkLabel               *seen_label;

  /* Owned References */
  IssPool                *pool;          /* (nullable) */
  IssServer              *server;
  char                   *store;         /* nick; "" = any */
  GBytes                 *sha256;
  GVariant               *properties;    /* (nullable): from the server */
  IssCertificateFacts    *facts;         /* (nullable) */
  IssAgentPath           *agent_path;    /* (nullable) */
  GCancellable           *cancellable;   /* until it is closed */
  GTimeZone              *zone;
  char                   *short_name;

  guint                   patience;      /* source */
};

G_DEFINE_FINAL_TYPE (IssCertificateDialog, iss_certificate_dialog, GTK_TYPE_WINDOW)

static void
iss_certificate_dialog_dispose (GObject *object)
{
  IssCertificateDialog *self = ISS_CERTIFICATE_DIALOG (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CERTIFICATE_DIALOG);
  g_clear_object (&self->pool);
  g_clear_object (&self->server);
  g_clear_object (&self->facts);
  g_clear_object (&self->agent_path);
  g_clear_pointer (&self->properties, g_variant_unref);
  g_clear_pointer (&self->store, g_free);
  g_clear_pointer (&self->sha256, g_bytes_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->short_name, g_free);

  G_OBJECT_CLASS (iss_certificate_dialog_parent_class)->dispose (object);
}

/* By the pool's clock; outside of any pool by the system's. */
static gint64
get_now (IssCertificateDialog *self)
{
  g_autoptr(IssClock) clock = NULL;

  if (self->pool != NULL)
    return iss_clock_now (iss_pool_get_clock (self->pool));

  clock = iss_clock_new_system ();

  return iss_clock_now (clock);
}

static void
show_state (IssCertificateDialog *self,
            const char           *name)
{
  g_clear_handle_id (&self->patience, g_source_remove);
  gtk_spinner_stop (self->spinner);
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* What the path says goes before what the dates alone say. */
static void
show_fault (IssCertificateDialog *self)
{
  guint n = self->agent_path != NULL ? iss_agent_path_get_n_links (self->agent_path) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *sentence = NULL;
      g_autofree char *fault = NULL;
      const char *name;

      if (iss_agent_path_get_status (self->agent_path, i) == ISS_CHAIN_STATUS_TRUSTED)
        continue;

      sentence = iss_agent_path_dup_sentence (self->agent_path, i, self->short_name, self->zone);
      name = iss_certificate_get_issued_to (iss_agent_path_get_certificate (self->agent_path, i));
      /* Translators: an issuer, and what speaks against it */
      fault = i == 0 ? g_strdup (sentence) : g_strdup_printf (_("Issuer %s: %s"), name, sentence);
      iss_certificate_general_set_fault (self->general, fault);
      return;
    }

  iss_certificate_general_set_fault (self->general, n > 0
                                       ? NULL : iss_certificate_facts_get_fault (self->facts));
}

static void
path_called_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(IssCertificateDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentPath) path = iss_server_call_finish (ISS_SERVER (object), result, &error);
  g_autofree char *message = NULL;

  if (self->cancellable == NULL)
    return;

  if (path != NULL)
    {
      iss_certificate_dialog_set_path (self, path);
      return;
    }

  message = g_strconcat (error->message, ".", NULL);
  iss_certificate_path_set_error (self->path, message);
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr(IssCertificateDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) properties = NULL;
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssCertificateFacts) facts = NULL;

  certificate = iss_server_get_certificate_finish (ISS_SERVER (object), result, &properties,
                                                   &error);
  if (self->cancellable == NULL)
    return;

  if (certificate == NULL)
    {
      iss_certificate_dialog_set_error (self, error);
      return;
    }

  g_clear_pointer (&self->properties, g_variant_unref);
  self->properties = g_variant_ref (properties);
  facts = iss_certificate_facts_new (self->server, self->pool, certificate, properties,
                                     get_now (self), self->zone);
  iss_certificate_dialog_set_facts (self, facts);
}

/* Nothing for 300 ms, then a spinner. */
static gboolean
out_of_patience_cb (gpointer user_data)
{
  IssCertificateDialog *self = user_data;

  self->patience = 0;
  gtk_widget_set_visible (self->loading_box, TRUE);
  gtk_spinner_start (self->spinner);

  return G_SOURCE_REMOVE;
}

static void
load (IssCertificateDialog *self)
{
  g_autoptr(IssAgentCall) call = iss_agent_path_new_call (self->store, self->sha256);

  show_state (self, "loading");
  gtk_widget_set_visible (self->loading_box, FALSE);
  self->patience = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
  iss_certificate_path_set_waiting (self->path, self->short_name);

  iss_server_get_certificate_async (self->server, self->store, self->sha256, self->cancellable,
                                    got_cb, g_object_ref (self));
  iss_server_call_async (self->server, call, self->cancellable, path_called_cb,
                         g_object_ref (self));
}

static void
load_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  load (ISS_CERTIFICATE_DIALOG (widget));
}

static void
update_edit (IssCertificateDialog *self)
{
  g_autofree char *reason = NULL;
  IssStoreName store;

  if (!iss_server_is_answering (self->server))
    /* Translators: %s is a server */
    reason = g_strdup_printf (_("%s does not answer: nothing can be changed there now."),
                              self->short_name);
  else if (self->facts == NULL ||
           !iss_store_name_parse (iss_certificate_facts_get_store (self->facts), &store, NULL))
    reason = g_strdup_printf (_("The certificate is in no store of %s, so nothing can be said "
                                "of it there."), self->short_name);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.edit-properties", reason == NULL);
  iss_certificate_details_set_reason (self->details, reason);
}

/* Only which servers have it: the other pages keep their selections. */
static void
pool_changed_cb (IssCertificateDialog *self)
{
  g_autoptr(IssCertificateFacts) facts = NULL;

  if (self->facts == NULL)
    return;

  facts = iss_certificate_facts_new (self->server, self->pool,
                                     iss_certificate_facts_get_certificate (self->facts),
                                     self->properties, get_now (self), self->zone);
  iss_certificate_general_set_facts (self->general, facts);
  g_set_object (&self->facts, facts);
  update_edit (self);
}

/* Why a server does not answer is its own state, which the page shows. */
static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!iss_server_look_finish (ISS_SERVER (object), result, &error))
    g_debug ("%s: %s", iss_server_get_name (ISS_SERVER (object)), error->message);
}

/* Servers that were looked at before without having been asked about it. */
static void
look_for_it (IssCertificateDialog *self)
{
  guint n = self->pool != NULL ? iss_pool_get_n_servers (self->pool) : 0;
  const guint8 *sha256 = g_bytes_get_data (self->sha256, NULL);

  for (guint i = 0; i < n; i++)
    {
      IssServer *server = iss_pool_get_server (self->pool, i);
      IssObservation *observation = iss_server_get_observation (server);

      iss_server_ask_about (server, self->sha256);
      if (iss_server_is_answering (server) && observation != NULL &&
          iss_observation_find_certificate (observation, sha256) == NULL)
        iss_server_look_async (server, NULL, self->cancellable, looked_cb, NULL);
    }
}

/* The window above all certificate dialogs. */
static GtkWidget *
get_console (IssCertificateDialog *self)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));

  while (ISS_IS_CERTIFICATE_DIALOG (window))
    window = gtk_window_get_transient_for (window);

  return window != NULL ? GTK_WIDGET (window) : NULL;
}

static gboolean
has_export (GtkWidget *console)
{
  const GVariantType *type;
  const char *property;
  const char *name;
  GType owner;

  for (guint i = 0; console != NULL && gtk_widget_class_query_action (
         GTK_WIDGET_GET_CLASS (console), i, &owner, &name, &type, &property); i++)
    {
      if (strcmp (name, EXPORT_ACTION) == 0)
        return type != NULL && g_variant_type_equal (type, G_VARIANT_TYPE_STRING_ARRAY);
    }

  return FALSE;
}

/* What is said of it is asked for again; what is shown stays until the answer comes. */
static void
reload (IssCertificateDialog *self)
{
  if (self->cancellable != NULL)
    iss_server_get_certificate_async (self->server, self->store, self->sha256, self->cancellable,
                                      got_cb, g_object_ref (self));
}

static void
edit_properties_cb (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  IssCertificateDialog *self = ISS_CERTIFICATE_DIALOG (widget);
  GtkWidget *dialog;
  IssStoreName store;

  if (self->facts == NULL ||
      !iss_store_name_parse (iss_certificate_facts_get_store (self->facts), &store, NULL))
    return;

  dialog = iss_properties_dialog_new (GTK_WINDOW (self), self->server, store, self->sha256);
  g_signal_connect_object (dialog, "destroy", G_CALLBACK (reload), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copy_to_file_cb (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  IssCertificateDialog *self = ISS_CERTIFICATE_DIALOG (widget);
  g_autofree char *sha256 = iss_text_hex (g_bytes_get_data (self->sha256, NULL),
                                          g_bytes_get_size (self->sha256), FALSE);
  const char *what[] = { iss_server_get_name (self->server), self->store, sha256, NULL };

  if (self->facts != NULL)
    what[1] = iss_certificate_facts_get_store (self->facts);

  gtk_widget_activate_action (get_console (self), EXPORT_ACTION, "^as", what);
}

static void
view_cb (IssCertificatePath *path,
         guint               index,
         gpointer            user_data)
{
  IssCertificateDialog *self = user_data;
  IssCertificate *certificate = iss_agent_path_get_certificate (self->agent_path, index);

  gtk_window_present (GTK_WINDOW (iss_certificate_dialog_new (
    GTK_WINDOW (self), self->pool, self->server, "", iss_certificate_get_sha256 (certificate))));
}

static void
iss_certificate_dialog_class_init (IssCertificateDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_certificate_dialog_dispose;

  g_type_ensure (ISS_TYPE_CERTIFICATE_GENERAL);
  g_type_ensure (ISS_TYPE_CERTIFICATE_DETAILS);
  g_type_ensure (ISS_TYPE_CERTIFICATE_PATH);

  gtk_widget_class_install_action (widget_class, "dialog.load", NULL, load_cb);
  gtk_widget_class_install_action (widget_class, "dialog.copy-to-file", NULL, copy_to_file_cb);
  gtk_widget_class_install_action (widget_class, "dialog.edit-properties", NULL,
                                   edit_properties_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/issuant/Issuant/ui/certificates/certificate-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, loading_box);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, loading_label);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, failed_title);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, failed_text);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, failed_remedy);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, notebook);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, general);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, details);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, path);
  gtk_widget_class_bind_template_child (widget_class, IssCertificateDialog, seen_label);
  gtk_widget_class_bind_template_callback (widget_class, view_cb);
}

static void
iss_certificate_dialog_init (IssCertificateDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  iss_stack_pages_tell (self->stack);
  self->cancellable = g_cancellable_new ();
  self->zone = g_time_zone_new_local ();
}

/**
 * iss_certificate_dialog_new:
 * @parent: (nullable): the window that it belongs to
 * @pool: (nullable): the pool of @server
 * @server: whose certificate it is
 * @store: the nick of its store, or "" for any
 * @sha256: which one, 32 bytes
 *
 * Makes a dialog and asks the server for the certificate and its path.
 *
 * Returns: (transfer none): the dialog, not shown yet; GTK owns it until it is
 *   closed
 */
GtkWidget *
iss_certificate_dialog_new (GtkWindow  *parent,
                            IssPool    *pool,
                            IssServer  *server,
                            const char *store,
                            GBytes     *sha256)
{
  IssCertificateDialog *self;
  g_autofree char *loading = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (pool == NULL || ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (store != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (sha256) == ISS_SHA256_SIZE, NULL);

  self = g_object_new (ISS_TYPE_CERTIFICATE_DIALOG, "transient-for", parent, NULL);
  self->pool = pool != NULL ? g_object_ref (pool) : NULL;
  self->server = g_object_ref (server);
  self->store = g_strdup (store);
  self->sha256 = g_bytes_ref (sha256);
  self->short_name = iss_server_dup_short_name (server);

  loading = g_strdup_printf (_("Asking %s for the certificate…"), self->short_name);
  gtk_label_set_label (self->loading_label, loading);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.copy-to-file",
                                 has_export (get_console (self)));
  if (pool != NULL)
    g_signal_connect_object (pool, "changed", G_CALLBACK (pool_changed_cb), self,
                             G_CONNECT_SWAPPED);
  load (self);

  return GTK_WIDGET (self);
}

/**
 * iss_certificate_dialog_set_facts:
 * @self: a dialog
 * @facts: what its server said
 */
void
iss_certificate_dialog_set_facts (IssCertificateDialog *self,
                                  IssCertificateFacts  *facts)
{
  g_autofree char *title = NULL;
  g_autofree char *time = NULL;
  g_autofree char *seen = NULL;

  g_return_if_fail (ISS_IS_CERTIFICATE_DIALOG (self));
  g_return_if_fail (ISS_IS_CERTIFICATE_FACTS (facts));

  g_set_object (&self->facts, facts);
  /* Translators: a certificate and its server, the title of a window */
  title = g_strdup_printf (_("%s, %s"), iss_certificate_facts_get_title (facts),
                           self->short_name);
  gtk_window_set_title (GTK_WINDOW (self), title);
  time = iss_time_text_clock (get_now (self), self->zone);
  seen = g_strdup_printf (_("seen %s on %s"), time, self->short_name);
  gtk_label_set_label (self->seen_label, seen);

  iss_certificate_general_set_facts (self->general, facts);
  iss_certificate_details_set_details (self->details, iss_certificate_facts_get_details (facts));
  update_edit (self);
  show_fault (self);
  show_state (self, "shown");
  if (iss_certificate_facts_get_n_places (facts) > 0)
    look_for_it (self);
}

/**
 * iss_certificate_dialog_set_path:
 * @self: a dialog
 * @path: the path that its server built
 */
void
iss_certificate_dialog_set_path (IssCertificateDialog *self,
                                 IssAgentPath         *path)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_DIALOG (self));
  g_return_if_fail (ISS_IS_AGENT_PATH (path));

  g_set_object (&self->agent_path, path);
  iss_certificate_path_set_path (self->path, path, self->short_name, self->zone);
  if (self->facts != NULL)
    show_fault (self);
}

/**
 * iss_certificate_dialog_set_error:
 * @self: a dialog
 * @error: why there is no certificate to show
 */
void
iss_certificate_dialog_set_error (IssCertificateDialog *self,
                                  const GError         *error)
{
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;
  g_autofree char *remedy = NULL;

  g_return_if_fail (ISS_IS_CERTIFICATE_DIALOG (self));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    {
      title = g_strdup_printf (_("The certificate is no longer on %s."), self->short_name);
      text = g_strdup (_("It was deleted or moved since the list was read."));
      remedy = g_strdup (_("Refresh the list."));
    }
  else if (!iss_server_is_answering (self->server))
    {
      title = g_strdup_printf (_("%s does not answer."), self->short_name);
      text = iss_server_dup_state_text (self->server);
      remedy = iss_server_dup_remedy_text (self->server);
    }
  else
    {
      title = g_strdup_printf (_("%s could not show the certificate."), self->short_name);
      text = g_strconcat (error->message, ".", NULL);
    }

  gtk_label_set_label (self->failed_title, title);
  gtk_label_set_label (self->failed_text, text);
  gtk_label_set_label (self->failed_remedy, remedy != NULL ? remedy : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failed_remedy), remedy != NULL);
  show_state (self, "failed");
}

/**
 * iss_certificate_dialog_get_state:
 * @self: a dialog
 *
 * Returns: (transfer none): "loading", "failed" or "shown"
 */
const char *
iss_certificate_dialog_get_state (IssCertificateDialog *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_DIALOG (self), NULL);

  return gtk_stack_get_visible_child_name (self->stack);
}

/**
 * iss_certificate_dialog_show_tab:
 * @self: a dialog
 * @name: "general", "details" or "path"
 */
void
iss_certificate_dialog_show_tab (IssCertificateDialog *self,
                                 const char           *name)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_DIALOG (self));
  g_return_if_fail (name != NULL);

  if (strcmp (name, "details") == 0)
    gtk_notebook_set_current_page (self->notebook, 1);
  else if (strcmp (name, "path") == 0)
    gtk_notebook_set_current_page (self->notebook, 2);
  else
    gtk_notebook_set_current_page (self->notebook, 0);
}
