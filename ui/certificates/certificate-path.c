/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-path.h"

#include <glib/gi18n-lib.h>

#define INDENT 24

/**
 * IssCertificatePath:
 *
 * The certificate dialog's third page: the root first, each below its issuer.
 */
struct _IssCertificatePath
{
  GtkWidget     parent_instance;

  /* Template Widgets */
  GtkWidget    *root;
  GtkLabel     *heading;
  GtkListBox   *list;
  GtkWidget    *view_button;
  GtkLabel     *status;

  /* Owned References */
  IssAgentPath *path;          /* (nullable) */
  GTimeZone    *zone;          /* (nullable) */
  char         *server_name;
};

enum
{
  VIEW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssCertificatePath, iss_certificate_path, GTK_TYPE_WIDGET)

/* The list has the root first, the path the certificate itself. */
static guint
get_link (IssCertificatePath *self,
          GtkListBoxRow      *row)
{
  return iss_agent_path_get_n_links (self->path) - 1 - (guint) gtk_list_box_row_get_index (row);
}

static void
row_selected_cb (GtkListBox    *list,
                 GtkListBoxRow *row,
                 gpointer       user_data)
{
  IssCertificatePath *self = user_data;
  g_autofree char *sentence = NULL;
  guint link;

  if (row == NULL || self->path == NULL)
    {
      gtk_widget_set_sensitive (self->view_button, FALSE);
      return;
    }

  link = get_link (self, row);
  sentence = iss_agent_path_dup_sentence (self->path, link, self->server_name, self->zone);
  gtk_label_set_label (self->status, sentence);
  gtk_widget_set_sensitive (self->view_button, link != 0);
}

static void
view (IssCertificatePath *self,
      GtkListBoxRow      *row)
{
  if (row != NULL && self->path != NULL && get_link (self, row) != 0)
    g_signal_emit (self, signals[VIEW], 0, get_link (self, row));
}

static void
row_activated_cb (GtkListBox    *list,
                  GtkListBoxRow *row,
                  gpointer       user_data)
{
  view (user_data, row);
}

static void
view_cb (GtkButton *button,
         gpointer   user_data)
{
  IssCertificatePath *self = user_data;

  view (self, gtk_list_box_get_selected_row (self->list));
}

static void
iss_certificate_path_dispose (GObject *object)
{
  IssCertificatePath *self = ISS_CERTIFICATE_PATH (object);

  /* The list lets its selection go when everything else has gone. */
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_func (self->list, row_selected_cb, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_CERTIFICATE_PATH);
  g_clear_object (&self->path);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->server_name, g_free);

  G_OBJECT_CLASS (iss_certificate_path_parent_class)->dispose (object);
}

static gboolean
iss_certificate_path_grab_focus (GtkWidget *widget)
{
  IssCertificatePath *self = ISS_CERTIFICATE_PATH (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
iss_certificate_path_class_init (IssCertificatePathClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = iss_certificate_path_dispose;
  widget_class->grab_focus = iss_certificate_path_grab_focus;

  signals[VIEW] = g_signal_new ("view", ISS_TYPE_CERTIFICATE_PATH, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/issuant/Issuant/ui/certificates/certificate-path.ui");
  gtk_widget_class_bind_template_child (widget_class, IssCertificatePath, root);
  gtk_widget_class_bind_template_child (widget_class, IssCertificatePath, heading);
  gtk_widget_class_bind_template_child (widget_class, IssCertificatePath, list);
  gtk_widget_class_bind_template_child (widget_class, IssCertificatePath, view_button);
  gtk_widget_class_bind_template_child (widget_class, IssCertificatePath, status);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_cb);
}

static void
iss_certificate_path_init (IssCertificatePath *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *
get_icon (IssChainStatus status)
{
  switch (status)
    {
    case ISS_CHAIN_STATUS_TRUSTED:
      return "iss-certificate-symbolic";

    case ISS_CHAIN_STATUS_EXPIRED:
      return "iss-state-expired-symbolic";

    case ISS_CHAIN_STATUS_NOT_YET_VALID:
      return "iss-state-not-yet-symbolic";

    case ISS_CHAIN_STATUS_INCOMPLETE:
      return "dialog-question-symbolic";

    case ISS_CHAIN_STATUS_UNTRUSTED_ROOT:
    case ISS_CHAIN_STATUS_DISTRUSTED:
    case ISS_CHAIN_STATUS_BAD_SIGNATURE:
    case ISS_CHAIN_STATUS_MAY_NOT_ISSUE:
    case ISS_CHAIN_STATUS_OTHER:
    case ISS_CHAIN_N_STATUSES:
      break;
    }

  return "dialog-error-symbolic";
}

static GtkWidget *
new_row (IssCertificatePath *self,
         guint               link,
         guint               depth)
{
  IssCertificate *certificate = iss_agent_path_get_certificate (self->path, link);
  IssChainStatus status = iss_agent_path_get_status (self->path, link);
  const char *name = iss_certificate_get_issued_to (certificate);
  g_autofree char *sentence = iss_agent_path_dup_sentence (self->path, link, self->server_name,
                                                           self->zone);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", get_icon (status),
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                   NULL);
  GtkWidget *label = gtk_label_new (*name != '\0' ? name : _("(no name)"));

  if (status != ISS_CHAIN_STATUS_TRUSTED)
    gtk_widget_add_css_class (image, "error");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_margin_start (box, (int) depth * INDENT);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence,
                                  -1);

  return row;
}

static void
clear (IssCertificatePath *self)
{
  GtkWidget *child;

  g_clear_object (&self->path);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  gtk_label_set_label (self->status, "");
  gtk_widget_set_sensitive (self->view_button, FALSE);
}

/**
 * iss_certificate_path_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
iss_certificate_path_new (void)
{
  return g_object_new (ISS_TYPE_CERTIFICATE_PATH, NULL);
}

/**
 * iss_certificate_path_set_path:
 * @self: a page
 * @path: what it shows
 * @server_name: how people call the server that built it
 * @zone: (nullable): the reader's time zone; %NULL is UTC
 */
void
iss_certificate_path_set_path (IssCertificatePath *self,
                               IssAgentPath       *path,
                               const char         *server_name,
                               GTimeZone          *zone)
{
  g_autoptr(IssAgentPath) kept = NULL;
  g_autofree char *heading = NULL;
  guint n;

  g_return_if_fail (ISS_IS_CERTIFICATE_PATH (self));
  g_return_if_fail (ISS_IS_AGENT_PATH (path));
  g_return_if_fail (server_name != NULL);

  kept = g_object_ref (path);
  clear (self);
  self->path = g_steal_pointer (&kept);
  g_free (self->server_name);
  self->server_name = g_strdup (server_name);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = zone != NULL ? g_time_zone_ref (zone) : NULL;

  heading = g_strdup_printf (iss_agent_path_is_cut (path)
                               ? _("As %s builds it, with its stores and its clock; what is above "
                                   "the first line is not shown:")
                               : _("As %s builds it, with its stores and its clock:"),
                             server_name);
  gtk_label_set_label (self->heading, heading);

  n = iss_agent_path_get_n_links (path);
  for (guint i = n; i > 0; i--)
    gtk_list_box_append (self->list, new_row (self, i - 1, n - i));
  iss_certificate_path_select (self, 0);
}

/**
 * iss_certificate_path_set_waiting:
 * @self: a page
 * @server_name: how people call the server that is asked
 */
void
iss_certificate_path_set_waiting (IssCertificatePath *self,
                                  const char         *server_name)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ISS_IS_CERTIFICATE_PATH (self));
  g_return_if_fail (server_name != NULL);

  clear (self);
  text = g_strdup_printf (_("Asking %s for the certification path…"), server_name);
  gtk_label_set_label (self->heading, text);
}

/**
 * iss_certificate_path_set_error:
 * @self: a page
 * @message: why there is no path, a sentence
 */
void
iss_certificate_path_set_error (IssCertificatePath *self,
                                const char         *message)
{
  g_return_if_fail (ISS_IS_CERTIFICATE_PATH (self));
  g_return_if_fail (message != NULL);

  clear (self);
  gtk_label_set_label (self->heading, _("The certification path could not be built."));
  gtk_label_set_label (self->status, message);
}

/**
 * iss_certificate_path_select:
 * @self: a page with a path
 * @index: a link: 0 is the certificate itself
 */
void
iss_certificate_path_select (IssCertificatePath *self,
                             guint               index)
{
  int row;

  g_return_if_fail (ISS_IS_CERTIFICATE_PATH (self));
  g_return_if_fail (self->path != NULL);
  g_return_if_fail (index < iss_agent_path_get_n_links (self->path));

  row = (int) (iss_agent_path_get_n_links (self->path) - 1 - index);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, row));
}

/**
 * iss_certificate_path_get_status:
 * @self: a page
 *
 * Returns: (transfer none): what it says of the selected link, "" if there is none
 */
const char *
iss_certificate_path_get_status (IssCertificatePath *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_PATH (self), NULL);

  return gtk_label_get_label (self->status);
}
