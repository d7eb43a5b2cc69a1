/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include "core/base/text.h"
#include "ui/wizards/assign-dialog.h"
#include "ui/wizards/connect-wizard.h"
#include "ui/wizards/import-wizard.h"

/* The verbs that open a wizard. */

static void
import_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssPool *pool = iss_console_window_get_pool (self);
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree const char **names = g_variant_get_strv (parameter, NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      IssServer *server = iss_pool_find_server (pool, names[i]);

      if (server != NULL)
        g_ptr_array_add (servers, g_object_ref (server));
    }

  gtk_window_present (GTK_WINDOW (iss_import_wizard_new (GTK_WINDOW (self), self->workspace, pool,
                                                         servers)));
}

/* The target may name the type, and the certificate by its SHA-256. */
static void
assign_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  IssPool *pool = iss_console_window_get_pool (self);
  g_autofree const char **what = g_variant_get_strv (parameter, NULL);
  const char *type = what[0];
  g_autoptr(GBytes) sha256 = type != NULL && what[1] != NULL ? iss_text_parse_hex (what[1]) : NULL;

  gtk_window_present (GTK_WINDOW (iss_assign_dialog_new (GTK_WINDOW (self), self->workspace, pool,
                                                         type, sha256)));
}

static void
connect_cb (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (iss_connect_wizard_new (GTK_WINDOW (self), self->workspace,
                                                          iss_console_window_get_pool (self))));
}

/**
 * iss_console_window_wizards_install:
 * @klass: the window's class
 *
 * Installs the verbs that open a wizard, and their keys.
 */
void
iss_console_window_wizards_install (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "server.import", "as", import_cb);
  gtk_widget_class_install_action (klass, "assignment.assign", "as", assign_cb);
  gtk_widget_class_install_action (klass, "server.connect", NULL, connect_cb);

  gtk_widget_class_add_binding_action (klass, GDK_KEY_i, GDK_CONTROL_MASK, "server.import",
                                       "as", NULL);
}

/**
 * iss_console_window_wizards_update:
 * @self: a window
 *
 * Works out which of these verbs may be used.
 */
void
iss_console_window_wizards_update (IssConsoleWindow *self)
{
  IssPool *pool = iss_console_window_get_pool (self);
  gboolean has_servers = pool != NULL && iss_pool_get_n_servers (pool) > 0;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.import", has_servers);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "assignment.assign", has_servers);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.connect", self->workspace != NULL);
}
