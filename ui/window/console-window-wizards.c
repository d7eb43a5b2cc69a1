/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window-private.h"

#include "core/base/text.h"
#include "ui/pool/run-sheet-window.h"
#include "ui/wizards/assign-wizard.h"
#include "ui/wizards/connect-wizard.h"
#include "ui/wizards/copy-wizard.h"
#include "ui/wizards/enroll-wizard.h"
#include "ui/wizards/export-wizard.h"
#include "ui/wizards/import-wizard.h"
#include "ui/wizards/roll-wizard.h"

/* The verbs that open a wizard. */

/* What a run sheet is about where nobody says. */
#define USUAL_TYPE "OAuthTokenIssuer"

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

static IssTransitionKind
get_change (const char *action_name)
{
  static const struct { const char *action; IssTransitionKind change; } changes[] = {
    { "assignment.remove", ISS_TRANSITION_REMOVE_CURRENT },
    { "assignment.arm", ISS_TRANSITION_ARM },
    { "assignment.cancel", ISS_TRANSITION_CANCEL },
    { "assignment.postpone", ISS_TRANSITION_POSTPONE },
    { "assignment.swap-back", ISS_TRANSITION_SWAP_BACK },
    { "assignment.replace", ISS_TRANSITION_REPLACE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    if (g_str_equal (changes[i].action, action_name))
      return changes[i].change;

  return ISS_TRANSITION_SET;
}

/* The target names types, servers, a slot, and a certificate by its SHA-256. */
static void
roll_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autofree const char **words = g_variant_get_strv (parameter, NULL);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();

  gtk_window_present (GTK_WINDOW (iss_roll_wizard_new_for (GTK_WINDOW (self), self->workspace,
                                                           iss_console_window_get_pool (self),
                                                           words, zone)));
}

/* The target names a certificate type, or none. */
static void
run_sheet_cb (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autofree const char **words = g_variant_get_strv (parameter, NULL);
  const IssCertificateType *type = iss_certificate_type_find (words[0] != NULL ? words[0]
                                                                               : USUAL_TYPE);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  GtkWidget *sheet;

  if (type == NULL)
    return;

  sheet = iss_run_sheet_window_new (GTK_WINDOW (self), self->workspace,
                                    iss_console_window_get_pool (self), type, zone);
  gtk_window_present (GTK_WINDOW (sheet));
  gtk_widget_activate_action (sheet, "run-sheet.look", NULL);
}

/* Likewise. */
static void
assign_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autofree const char **words = g_variant_get_strv (parameter, NULL);
  GtkWidget *wizard;

  wizard = iss_assign_wizard_new_for (GTK_WINDOW (self), self->workspace,
                                      iss_console_window_get_pool (self), words,
                                      get_change (action_name));
  if (wizard != NULL)
    gtk_window_present (GTK_WINDOW (wizard));
}

/* A certificate type, "" = what it is used for; and a certificate's SHA-256. */
static void
make_global_cb (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  const char *type, *hex;
  g_autoptr(GBytes) sha256 = NULL;

  g_variant_get (parameter, "(&s&s)", &type, &hex);
  sha256 = iss_text_parse_hex (hex);
  if (sha256 == NULL || g_bytes_get_size (sha256) != ISS_SHA256_SIZE)
    return;

  gtk_window_present (GTK_WINDOW (
    iss_assign_wizard_new_global (GTK_WINDOW (self), self->workspace,
                                  iss_console_window_get_pool (self),
                                  iss_certificate_type_find (type) != NULL ? type : NULL,
                                  sha256)));
}

/* A server, a store and a certificate's SHA-256; FALSE when there are no such. */
static gboolean
read_certificate (IssConsoleWindow  *self,
                  GVariant          *parameter,
                  IssPool          **out_pool,
                  IssServer        **out_server,
                  IssStoreName      *out_store,
                  GBytes           **out_sha256)
{
  g_autofree const char **what = g_variant_get_strv (parameter, NULL);

  if (g_strv_length ((char **) what) != 3 || self->workspace == NULL)
    return FALSE;

  *out_server = iss_workspace_find_server (self->workspace, what[0], out_pool);
  if (*out_server == NULL || !iss_store_name_parse (what[1], out_store, NULL))
    return FALSE;

  *out_sha256 = iss_text_parse_hex (what[2]);
  return *out_sha256 != NULL;
}

static void
export_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autoptr(GBytes) sha256 = NULL;
  IssStoreName store;
  IssServer *server;
  IssPool *pool;

  if (read_certificate (self, parameter, &pool, &server, &store, &sha256))
    gtk_window_present (GTK_WINDOW (iss_export_wizard_new (GTK_WINDOW (self), self->workspace,
                                                           pool, server, store, sha256)));
}

static void
copy_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);
  g_autoptr(GBytes) sha256 = NULL;
  IssStoreName store;
  IssServer *server;
  IssPool *pool;

  if (read_certificate (self, parameter, &pool, &server, &store, &sha256) &&
      store == ISS_STORE_MY)
    gtk_window_present (GTK_WINDOW (iss_copy_wizard_new (GTK_WINDOW (self), self->workspace, pool,
                                                         server, sha256)));
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

static void
enroll_cb (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  IssConsoleWindow *self = ISS_CONSOLE_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (iss_enroll_wizard_new (GTK_WINDOW (self), self->workspace,
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
  gtk_widget_class_install_action (klass, "certificate.export", "as", export_cb);
  gtk_widget_class_install_action (klass, "certificate.copy", "as", copy_cb);
  gtk_widget_class_install_action (klass, "assignment.assign", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.remove", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.arm", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.cancel", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.postpone", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.swap-back", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.replace", "as", assign_cb);
  gtk_widget_class_install_action (klass, "assignment.roll", "as", roll_cb);
  gtk_widget_class_install_action (klass, "assignment.run-sheet", "as", run_sheet_cb);
  gtk_widget_class_install_action (klass, "assignment.make-global", "(ss)", make_global_cb);
  gtk_widget_class_install_action (klass, "server.connect", NULL, connect_cb);
  gtk_widget_class_install_action (klass, "replication.enroll", NULL, enroll_cb);

  gtk_widget_class_add_binding_action (klass, GDK_KEY_i, GDK_CONTROL_MASK, "server.import",
                                       "as", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_e, GDK_CONTROL_MASK, "page.export", NULL);
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
  const char *assignments[] = { "assignment.assign", "assignment.remove", "assignment.arm",
                                "assignment.cancel", "assignment.postpone",
                                "assignment.swap-back", "assignment.replace", "assignment.roll",
                                "assignment.run-sheet", "assignment.make-global" };

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.import", has_servers);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "certificate.export", has_servers);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "certificate.copy",
                                 has_servers && iss_pool_get_n_servers (pool) > 1);
  for (gsize i = 0; i < G_N_ELEMENTS (assignments); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), assignments[i], has_servers);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "replication.enroll",
                                 has_servers && self->workspace != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "server.connect", self->workspace != NULL);
}
