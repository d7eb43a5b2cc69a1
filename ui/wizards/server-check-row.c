/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/server-check-row.h"

#include <glib/gi18n-lib.h>

/**
 * IssServerCheckRow:
 *
 * One server of a checklist.
 */
struct _IssServerCheckRow
{
  GtkWidget       parent_instance;

  /* Template Widgets */
  GtkWidget      *root;
  GtkCheckButton *check;
  GtkStack       *symbol;
  GtkImage       *icon;
  GtkSpinner     *spinner;
  GtkLabel       *label;
  GtkWidget      *retry_button;

  /* Owned References */
  IssServer      *server;

  const char     *css_class;
};

enum
{
  PROP_TICKED = 1,
  N_PROPS
};

enum
{
  RETRY,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (IssServerCheckRow, iss_server_check_row, GTK_TYPE_WIDGET)

static void
iss_server_check_row_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  IssServerCheckRow *self = ISS_SERVER_CHECK_ROW (object);

  switch (prop_id)
    {
    case PROP_TICKED:
      g_value_set_boolean (value, iss_server_check_row_get_ticked (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_server_check_row_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  IssServerCheckRow *self = ISS_SERVER_CHECK_ROW (object);

  switch (prop_id)
    {
    case PROP_TICKED:
      iss_server_check_row_set_ticked (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_server_check_row_dispose (GObject *object)
{
  IssServerCheckRow *self = ISS_SERVER_CHECK_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ISS_TYPE_SERVER_CHECK_ROW);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (iss_server_check_row_parent_class)->dispose (object);
}

static void
toggled_cb (IssServerCheckRow *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKED]);
}

static void
retry_clicked_cb (IssServerCheckRow *self)
{
  g_signal_emit (self, signals[RETRY], 0);
}

static void
iss_server_check_row_class_init (IssServerCheckRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char *template = "/org/issuant/Issuant/ui/wizards/server-check-row.ui";

  object_class->get_property = iss_server_check_row_get_property;
  object_class->set_property = iss_server_check_row_set_property;
  object_class->dispose = iss_server_check_row_dispose;

  properties[PROP_TICKED] =
    g_param_spec_boolean ("ticked", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IssServerCheckRow::retry:
   *
   * The server is to be looked at again.
   */
  signals[RETRY] =
    g_signal_new ("retry", ISS_TYPE_SERVER_CHECK_ROW, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, template);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, root);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, check);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, symbol);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, label);
  gtk_widget_class_bind_template_child (widget_class, IssServerCheckRow, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
}

static void
iss_server_check_row_init (IssServerCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_server_check_row_new:
 * @server: a server
 * @names: (nullable): makes the names of all rows equally wide
 *
 * Returns: (transfer floating): a row that says nothing yet
 */
GtkWidget *
iss_server_check_row_new (IssServer    *server,
                          GtkSizeGroup *names)
{
  IssServerCheckRow *self;
  g_autofree char *name = NULL;
  g_autofree char *label = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  self = g_object_new (ISS_TYPE_SERVER_CHECK_ROW, NULL);
  self->server = g_object_ref (server);

  name = iss_server_dup_short_name (server);
  gtk_check_button_set_label (self->check, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->check), iss_server_get_name (server));
  /* Translators: a button's name for screen readers; %s is a server */
  label = g_strdup_printf (_("Try %s again"), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->retry_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  if (names != NULL)
    gtk_size_group_add_widget (names, GTK_WIDGET (self->check));

  return GTK_WIDGET (self);
}

IssServer *
iss_server_check_row_get_server (IssServerCheckRow *self)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_ROW (self), NULL);

  return self->server;
}

gboolean
iss_server_check_row_get_ticked (IssServerCheckRow *self)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_ROW (self), FALSE);

  return gtk_check_button_get_active (self->check);
}

void
iss_server_check_row_set_ticked (IssServerCheckRow *self,
                                 gboolean           ticked)
{
  g_return_if_fail (ISS_IS_SERVER_CHECK_ROW (self));

  gtk_check_button_set_active (self->check, ticked);
}

const char *
iss_server_check_row_get_text (IssServerCheckRow *self)
{
  g_return_val_if_fail (ISS_IS_SERVER_CHECK_ROW (self), NULL);

  return gtk_label_get_label (self->label);
}

/**
 * iss_server_check_row_say:
 * @self: a row
 * @state: what to say; its strings are taken
 *
 * Shows the state of the server beside its name.
 */
void
iss_server_check_row_say (IssServerCheckRow   *self,
                          IssServerCheckState *state)
{
  g_autofree char *text = g_steal_pointer (&state->text);
  g_autofree char *tooltip = g_steal_pointer (&state->tooltip);

  g_return_if_fail (ISS_IS_SERVER_CHECK_ROW (self));

  if (self->css_class != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->css_class);
  self->css_class = state->css_class != NULL ? g_intern_string (state->css_class) : NULL;
  if (self->css_class != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), self->css_class);

  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), tooltip);
  gtk_image_set_from_icon_name (self->icon, state->icon_name);
  gtk_stack_set_visible_child_name (self->symbol, state->busy ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, state->busy);
  gtk_widget_set_visible (self->retry_button, state->can_retry);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text != NULL ? text : "",
                                  -1);
}
