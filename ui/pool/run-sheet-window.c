/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/run-sheet-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/pool/pool-watch.h"
#include "ui/pool/record-dialog.h"
#include "ui/pool/ticket.h"
#include "ui/wizards/shell-line-bar.h"
#include "ui/wizards/shell-line.h"

/**
 * IssRunSheetWindow:
 *
 * One page about one change.
 *
 * It is made anew whenever something was seen, and drawn anew only when it says something else.
 * What its button does is a verb of the console window, which asks before it does it.
 */
struct _IssRunSheetWindow
{
  GtkWindow                 parent_instance;

  /* Template Widgets */
  GtkLabel                 *headline;
  GtkLabel                 *seen;
  GtkWidget                *spinner;
  GtkLabel                 *verdict;
  GtkGrid                  *checks;
  GtkLabel                 *action_text;
  GtkButton                *action_button;
  IssShellLineBar          *shell_line;
  GtkLabel                 *prove;
  GtkGrid                  *matrix;
  GtkLabel                 *way_back;
  GtkLabel                 *saved;

  /* Owned References */
  IssWorkspace             *workspace;     /* (nullable) */
  IssPool                  *pool;
  IssPoolWatch             *watch;
  GPtrArray                *looks;         /* (nullable) */
  IssRunSheet              *sheet;         /* (nullable): while it is made */
  GCancellable             *cancellable;   /* (nullable): of the look under way */
  GTimeZone                *zone;
  char                     *shown;         /* (nullable): what is drawn */

  /* Borrowed */
  const IssCertificateType *type;
};

typedef struct
{
  const char *icon_name;
  const char *css_class;
} StateLook;

static const StateLook looks_of[] =
{
  [ISS_RUN_CHECK_GO]      = { "iss-state-published-symbolic", "success" },
  [ISS_RUN_CHECK_WARNING] = { "iss-state-different-symbolic", "warning" },
  [ISS_RUN_CHECK_UNKNOWN] = { "iss-state-unknown-symbolic", "dim-label" },
  [ISS_RUN_CHECK_NO_GO]   = { "window-close-symbolic", "error" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (looks_of) == ISS_N_RUN_CHECK_STATES);

static const char *const mark_symbols[] = { "–", "●", "✕" };
static const char *const mark_classes[] = { "dim-label", "success", "error" };

G_STATIC_ASSERT (G_N_ELEMENTS (mark_symbols) == ISS_N_RUNG_MARKS);
G_STATIC_ASSERT (G_N_ELEMENTS (mark_classes) == ISS_N_RUNG_MARKS);

G_DEFINE_FINAL_TYPE (IssRunSheetWindow, iss_run_sheet_window, GTK_TYPE_WINDOW)

static void
iss_run_sheet_window_dispose (GObject *object)
{
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->watch != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->watch, self);
      g_object_run_dispose (G_OBJECT (self->watch));
    }
  g_clear_object (&self->watch);
  g_clear_object (&self->sheet);
  g_clear_object (&self->pool);
  g_clear_pointer (&self->looks, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (iss_run_sheet_window_parent_class)->dispose (object);
}

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static GtkWidget *
new_label (const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
new_paragraph (const char *text,
               const char *css_class)
{
  GtkWidget *label = new_label (text, css_class);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 60);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 100);
  gtk_widget_set_hexpand (label, TRUE);
  /* It can be selected with the pointer; the keys go past it. */
  gtk_widget_set_focusable (label, FALSE);

  return label;
}

static GtkWidget *
new_state (IssRunCheckState state)
{
  GtkWidget *image = gtk_image_new_from_icon_name (looks_of[state].icon_name);

  gtk_widget_add_css_class (image, looks_of[state].css_class);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (image, iss_run_check_state_get_label (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  iss_run_check_state_get_label (state), -1);

  return image;
}

/* (transfer full) (nullable): what to do; a line to be typed is one for the topology that the
 * console works on */
static char *
dup_typed (IssRunSheetWindow *self,
           const char        *text)
{
  const char *program = "issuantctl ";
  g_autoptr(GString) whole = NULL;

  if (text == NULL || self->workspace == NULL || !g_str_has_prefix (text, program))
    return g_strdup (text);

  whole = iss_shell_line_new (self->workspace, text + strlen (program));

  return g_string_free (g_steal_pointer (&whole), FALSE);
}

/* What the pool, or a server, says: a symbol, its name, the checks; below it what to do. */
static void
add_checks_of (IssRunSheetWindow *self,
               IssServer         *server,
               int               *row)
{
  GPtrArray *checks = iss_run_sheet_get_checks (self->sheet);
  g_autofree char *text = iss_run_sheet_dup_checks_of (self->sheet, server);
  g_autofree char *name = server != NULL ? iss_server_dup_short_name (server) : NULL;
  /* The symbol is an icon here. */
  const char *rest = strchr (text, ' ') + 1;

  if (name != NULL && g_str_has_prefix (rest, name))
    rest += strlen (name) + strlen (": ");

  gtk_grid_attach (self->checks, new_state (iss_run_check_worst_of (checks, server)), 0, *row,
                   1, 1);
  gtk_grid_attach (self->checks, new_label (name != NULL ? name : _("Pool"), NULL), 1, *row, 1, 1);
  gtk_widget_set_valign (gtk_grid_get_child_at (self->checks, 1, *row), GTK_ALIGN_START);
  gtk_grid_attach (self->checks, new_paragraph (rest, NULL), 2, *row, 1, 1);
  (*row)++;

  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = checks->pdata[i];
      g_autofree char *typed = NULL;
      g_autofree char *remedy = NULL;

      if (check->server != server || check->remedy == NULL || check->state == ISS_RUN_CHECK_GO)
        continue;

      typed = dup_typed (self, check->remedy);
      remedy = g_strconcat ("→ ", typed, NULL);
      gtk_grid_attach (self->checks, new_paragraph (remedy, "dim-label"), 2, *row, 1, 1);
      (*row)++;
    }
}

static void
show_checks (IssRunSheetWindow *self)
{
  int row = 0;

  clear_grid (self->checks);
  add_checks_of (self, NULL, &row);
  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    add_checks_of (self, iss_pool_get_server (self->pool, i), &row);
}

static void
add_rung (IssRunSheetWindow     *self,
          const IssPresenceCell *cell,
          IssRung                rung,
          int                    row)
{
  g_auto(IssPresenceRung) known = { ISS_RUNG_MARK_NONE };
  g_autofree char *shown = NULL;
  g_autofree char *name = NULL;
  GtkWidget *label;

  if (cell != NULL)
    iss_presence_rung_init (&known, cell, rung, iss_run_sheet_get_now (self->sheet), self->zone);

  shown = known.time != NULL ? g_strdup_printf ("%s %s", mark_symbols[known.mark], known.time)
                             : g_strdup (mark_symbols[known.mark]);
  label = new_label (shown, mark_classes[known.mark]);
  gtk_widget_add_css_class (label, "numeric");
  if (cell != NULL && cell->stale)
    gtk_widget_add_css_class (label, "stale");

  /* Translators: rung, state: "published: seen 14:02:11 by the agent on fe01" */
  name = g_strdup_printf (_("%s: %s"), iss_rung_get_label (rung),
                          known.text != NULL ? known.text : _("not looked at"));
  gtk_widget_set_tooltip_text (label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach (self->matrix, label, (int) rung - ISS_RUNG_RECEIVED + 2, row, 1, 1);
}

static void
show_matrix (IssRunSheetWindow *self)
{
  IssPresence *presence = iss_run_sheet_get_presence (self->sheet);

  clear_grid (self->matrix);
  gtk_grid_attach (self->matrix, new_label (_("Server"), "dim-label"), 0, 0, 1, 1);
  for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
    gtk_grid_attach (self->matrix, new_label (iss_rung_get_label ((IssRung) rung), "dim-label"),
                     (int) rung - ISS_RUNG_RECEIVED + 2, 0, 1, 1);

  for (guint i = 0; i < iss_presence_get_n_servers (presence); i++)
    {
      const IssPresenceCell *cell = iss_run_sheet_get_cell (self->sheet, i);
      g_autofree char *name = iss_server_dup_short_name (iss_presence_get_server (presence, i));

      gtk_grid_attach (self->matrix, new_label (name, NULL), 0, (int) i + 1, 1, 1);
      gtk_grid_attach (self->matrix, new_label (cell != NULL ? cell->word : _("none"), NULL), 1,
                       (int) i + 1, 1, 1);
      for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
        add_rung (self, cell, (IssRung) rung, (int) i + 1);
    }
}

static void
show_action (IssRunSheetWindow *self)
{
  g_autofree char *line = dup_typed (self, iss_run_sheet_get_shell_line (self->sheet));
  IssRunAction action = iss_run_sheet_get_action (self->sheet);

  gtk_label_set_label (self->action_text, iss_run_sheet_get_action_text (self->sheet));
  gtk_button_set_label (self->action_button,
                        action == ISS_RUN_ACTION_ARM ? _("_Arm the Roll…") : _("Ro_ll…"));
  gtk_widget_set_visible (GTK_WIDGET (self->action_button), action != ISS_RUN_ACTION_NONE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "run-sheet.do",
                                 iss_run_sheet_may_do (self->sheet));
  iss_shell_line_bar_set_line (self->shell_line, line);
}

static void
show_seen (IssRunSheetWindow *self)
{
  gint64 seen_at = iss_run_sheet_get_seen_at (self->sheet);
  g_autofree char *clock = seen_at != 0 ? iss_time_text_clock (seen_at, self->zone) : NULL;
  /* Translators: a time of the day */
  g_autofree char *text = clock != NULL ? g_strdup_printf (_("seen %s"), clock) : NULL;

  gtk_label_set_label (self->seen, text != NULL ? text : "");
}

static void
show (IssRunSheetWindow *self)
{
  static const char *const sentences[] = { N_("How far the current certificate has come:"),
                                           N_("How far the previous certificate has come:"),
                                           N_("How far the staged certificate has come:") };
  const char *verdict_classes[] = { looks_of[iss_run_sheet_get_state (self->sheet)].css_class,
                                    NULL };

  gtk_label_set_label (self->headline, iss_run_sheet_get_headline (self->sheet));
  gtk_label_set_label (self->verdict, iss_run_sheet_get_verdict (self->sheet));
  gtk_widget_set_css_classes (GTK_WIDGET (self->verdict), verdict_classes);
  gtk_label_set_label (self->prove, _(sentences[iss_run_sheet_get_slot (self->sheet)]));
  gtk_label_set_label (self->way_back, iss_run_sheet_get_way_back (self->sheet));
  show_checks (self);
  show_action (self);
  show_matrix (self);
}

static void
update (IssRunSheetWindow *self)
{
  g_autofree char *text = NULL;

  g_clear_object (&self->sheet);
  self->sheet = iss_run_sheet_new (self->pool, self->type, self->looks,
                                   iss_clock_now (iss_pool_get_clock (self->pool)), self->zone);
  show_seen (self);

  text = iss_run_sheet_dup_text (self->sheet, self->zone);
  if (g_strcmp0 (text, self->shown) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&text);
  show (self);
}

static void
set_busy (IssRunSheetWindow *self)
{
  gboolean is_busy = self->cancellable != NULL;

  gtk_widget_set_visible (self->spinner, is_busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "run-sheet.look", !is_busy);
  /* What is kept is what was seen. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "run-sheet.save",
                                 !is_busy && self->looks != NULL);
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssRunSheetWindow) self = user_data;
  g_autoptr(GPtrArray) looks = iss_run_look_finish (ISS_POOL (object), result, NULL);

  /* Closed meanwhile */
  if (self->pool == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (looks != NULL)
    iss_run_sheet_window_set_looks (self, looks);
  set_busy (self);
}

static void
look_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (widget);

  if (self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  set_busy (self);
  iss_run_look_async (self->pool, self->type->name, self->cancellable, looked_cb,
                      g_object_ref (self));
}

/* What is staged, and where: the type, the slot, the certificate, then its servers. */
static GVariant *
new_arm_target (IssRunSheetWindow *self)
{
  IssPresence *presence = iss_run_sheet_get_presence (self->sheet);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();
  g_auto(GStrv) strv = NULL;
  g_autofree char *sha256 = NULL;

  for (guint i = 0; i < iss_presence_get_n_servers (presence); i++)
    {
      const IssPresenceCell *cell = iss_run_sheet_get_cell (self->sheet, i);

      if (cell == NULL || !cell->has_certificate)
        continue;

      if (sha256 == NULL)
        {
          sha256 = iss_text_hex (cell->sha256, sizeof cell->sha256, FALSE);
          g_strv_builder_add (words, self->type->name);
          g_strv_builder_add (words, iss_slot_get_name (ISS_SLOT_STAGED));
          g_strv_builder_add (words, sha256);
        }
      g_strv_builder_add (words, iss_server_get_name (iss_presence_get_server (presence, i)));
    }

  strv = g_strv_builder_end (words);

  return g_variant_new_strv ((const char *const *) strv, -1);
}

static void
do_cb (GtkWidget  *widget,
       const char *action_name,
       GVariant   *parameter)
{
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  const char *const types[] = { self->type->name, NULL };

  if (parent == NULL)
    return;

  if (iss_run_sheet_get_action (self->sheet) == ISS_RUN_ACTION_ARM)
    gtk_widget_activate_action_variant (GTK_WIDGET (parent), "assignment.arm",
                                        new_arm_target (self));
  else
    gtk_widget_activate_action_variant (GTK_WIDGET (parent), "assignment.roll",
                                        g_variant_new_strv (types, -1));
}

static void
saved_cb (IssRunSheetWindow *self,
          const char        *path,
          const char        *signer)
{
  /* Translators: a file, who signed it */
  g_autofree char *text = g_strdup_printf (_("Saved in %s, signed by %s."), path, signer);

  gtk_label_set_label (self->saved, text);
  gtk_widget_set_visible (GTK_WIDGET (self->saved), TRUE);
}

static void
save_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (widget);
  g_autofree char *key_folder = iss_record_dialog_dup_key_folder (self->workspace);
  GtkWidget *dialog = iss_record_dialog_new (GTK_WINDOW (self), self->sheet, key_folder,
                                             iss_pool_get_clock (self->pool));

  g_signal_connect_object (dialog, "saved", G_CALLBACK (saved_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
copy_cb (GtkWidget  *widget,
         const char *action_name,
         GVariant   *parameter)
{
  IssRunSheetWindow *self = ISS_RUN_SHEET_WINDOW (widget);
  g_autofree char *sheet = iss_run_sheet_dup_text (self->sheet, NULL);
  g_autofree char *observer = iss_ticket_dup_observer ();
  /* Translators: the sheet, who says it */
  g_autofree char *text = g_strdup_printf (_("%s\nTimes are in UTC. Seen by %s.\n"), sheet,
                                           observer);

  iss_ticket_copy (widget, text);
}

static void
close_cb (GtkWidget  *widget,
          const char *action_name,
          GVariant   *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
iss_run_sheet_window_class_init (IssRunSheetWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = iss_run_sheet_window_dispose;

  g_type_ensure (ISS_TYPE_SHELL_LINE_BAR);
  gtk_widget_class_install_action (widget_class, "run-sheet.look", NULL, look_cb);
  gtk_widget_class_install_action (widget_class, "run-sheet.do", NULL, do_cb);
  gtk_widget_class_install_action (widget_class, "run-sheet.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "run-sheet.copy", NULL, copy_cb);
  gtk_widget_class_install_action (widget_class, "run-sheet.close", NULL, close_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "run-sheet.look", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK,
                                       "run-sheet.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "run-sheet.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/issuant/Issuant/ui/pool/run-sheet-window.ui");
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, headline);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, seen);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, verdict);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, checks);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, action_text);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, action_button);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, shell_line);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, prove);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, matrix);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, way_back);
  gtk_widget_class_bind_template_child (widget_class, IssRunSheetWindow, saved);
}

static void
iss_run_sheet_window_init (IssRunSheetWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * iss_run_sheet_window_new:
 * @parent: (nullable): the console, whose verbs the button uses
 * @workspace: (nullable): where the pool is
 * @pool: a pool
 * @type: a certificate type
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * It shows what is known already. "run-sheet.look" asks the servers.
 *
 * Returns: (transfer none): a window; GTK owns it as any toplevel
 */
GtkWidget *
iss_run_sheet_window_new (GtkWindow                *parent,
                          IssWorkspace             *workspace,
                          IssPool                  *pool,
                          const IssCertificateType *type,
                          GTimeZone                *zone)
{
  IssRunSheetWindow *self;
  g_autofree char *title = NULL;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  self = g_object_new (ISS_TYPE_RUN_SHEET_WINDOW, "transient-for", parent, NULL);
  self->pool = g_object_ref (pool);
  self->type = type;
  self->workspace = workspace != NULL ? g_object_ref (workspace) : NULL;
  self->zone = zone != NULL ? g_time_zone_ref (zone) : NULL;
  self->watch = iss_pool_watch_new (pool);
  g_signal_connect_swapped (self->watch, "update", G_CALLBACK (update), self);

  /* Translators: a certificate type, a pool */
  title = g_strdup_printf (_("Run Sheet: %s, %s"), iss_certificate_type_get_label (type),
                           iss_pool_get_name (pool));
  gtk_window_set_title (GTK_WINDOW (self), title);
  update (self);
  set_busy (self);

  return GTK_WIDGET (self);
}

/**
 * iss_run_sheet_window_get_sheet:
 * @self: a window
 *
 * Returns: (transfer none): what it shows
 */
IssRunSheet *
iss_run_sheet_window_get_sheet (IssRunSheetWindow *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET_WINDOW (self), NULL);

  return self->sheet;
}

/**
 * iss_run_sheet_window_is_busy:
 * @self: a window
 *
 * Returns: whether servers are being asked
 */
gboolean
iss_run_sheet_window_is_busy (IssRunSheetWindow *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET_WINDOW (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * iss_run_sheet_window_set_looks:
 * @self: a window
 * @looks: (element-type IssRunLook): what the servers were asked
 *
 * Shows it.
 */
void
iss_run_sheet_window_set_looks (IssRunSheetWindow *self,
                                GPtrArray         *looks)
{
  g_return_if_fail (ISS_IS_RUN_SHEET_WINDOW (self));
  g_return_if_fail (looks != NULL);

  g_clear_pointer (&self->looks, g_ptr_array_unref);
  self->looks = g_ptr_array_ref (looks);
  update (self);
  set_busy (self);
}
