/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/column-choice.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * IssColumnChoice:
 *
 * Which columns certificate lists show.
 *
 * Whom a certificate was issued to always is: without it the others say nothing. What is shown
 * from the start is what fits beside tree and action pane on a screen of 1366 pixels.
 */
struct _IssColumnChoice
{
  GObject             parent_instance;

  /* Owned References */
  GSimpleActionGroup *actions;
  GMenu              *menu;
  char               *path;       /* (nullable): of the file in which it is kept */

  gboolean            shown[ISS_N_ROW_COLUMNS];
};

#define GROUP "certificate-list"
#define KEY "columns"
#define RESET "reset"

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Names of the actions, and in the file. */
static const char *const nicks[ISS_N_ROW_COLUMNS] =
{
  [ISS_ROW_COLUMN_ISSUED_TO] = "issued-to",
  [ISS_ROW_COLUMN_ISSUED_BY] = "issued-by",
  [ISS_ROW_COLUMN_EXPIRES] = "expires",
  [ISS_ROW_COLUMN_PURPOSES] = "purposes",
  [ISS_ROW_COLUMN_FRIENDLY_NAME] = "friendly-name",
  [ISS_ROW_COLUMN_STATUS] = "status",
  [ISS_ROW_COLUMN_THUMBPRINT] = "thumbprint",
  [ISS_ROW_COLUMN_KEY] = "key",
  [ISS_ROW_COLUMN_ASSIGNED_TO] = "assigned-to",
};

static const gboolean shown_at_first[ISS_N_ROW_COLUMNS] =
{
  [ISS_ROW_COLUMN_ISSUED_TO] = TRUE,
  [ISS_ROW_COLUMN_ISSUED_BY] = TRUE,
  [ISS_ROW_COLUMN_EXPIRES] = TRUE,
  [ISS_ROW_COLUMN_STATUS] = TRUE,
  [ISS_ROW_COLUMN_THUMBPRINT] = TRUE,
  [ISS_ROW_COLUMN_KEY] = TRUE,
  [ISS_ROW_COLUMN_ASSIGNED_TO] = TRUE,
};

G_DEFINE_FINAL_TYPE (IssColumnChoice, iss_column_choice, G_TYPE_OBJECT)

static void
iss_column_choice_finalize (GObject *object)
{
  IssColumnChoice *self = ISS_COLUMN_CHOICE (object);

  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_free (self->path);

  G_OBJECT_CLASS (iss_column_choice_parent_class)->finalize (object);
}

static void
iss_column_choice_class_init (IssColumnChoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_column_choice_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", ISS_TYPE_COLUMN_CHOICE, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/* A choice that cannot be kept holds until the window is closed, and is no reason for a box. */
static void
save (IssColumnChoice *self)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GPtrArray) shown = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;

  if (self->path == NULL)
    return;

  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    {
      if (self->shown[column])
        g_ptr_array_add (shown, (gpointer) nicks[column]);
    }

  g_key_file_load_from_file (file, self->path, G_KEY_FILE_KEEP_COMMENTS, NULL);
  g_key_file_set_string_list (file, GROUP, KEY, (const char *const *) shown->pdata, shown->len);
  text = g_key_file_to_data (file, NULL, NULL);
  folder = g_path_get_dirname (self->path);

  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_debug ("%s: %s", self->path, error != NULL ? error->message : "no folder");
}

static void
tell (IssColumnChoice *self)
{
  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), nicks[column]);

      g_simple_action_set_state (G_SIMPLE_ACTION (action),
                                 g_variant_new_boolean (self->shown[column]));
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
change_state_cb (GSimpleAction *action,
                 GVariant      *state,
                 gpointer       user_data)
{
  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    {
      if (g_str_equal (g_action_get_name (G_ACTION (action)), nicks[column]))
        iss_column_choice_set_shown (user_data, column, g_variant_get_boolean (state));
    }
}

static void
reset_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       user_data)
{
  iss_column_choice_reset (user_data);
}

static void
add_column (IssColumnChoice *self,
            GMenu           *section,
            IssRowColumn     column)
{
  g_autoptr(GSimpleAction) action =
    g_simple_action_new_stateful (nicks[column], NULL,
                                  g_variant_new_boolean (shown_at_first[column]));
  g_autofree char *name = g_strconcat ("column.", nicks[column], NULL);

  g_simple_action_set_enabled (action, column != ISS_ROW_COLUMN_ISSUED_TO);
  g_signal_connect_object (action, "change-state", G_CALLBACK (change_state_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
  g_menu_append (section, iss_row_column_get_title (column), name);
}

static void
iss_column_choice_init (IssColumnChoice *self)
{
  g_autoptr(GMenu) columns = g_menu_new ();
  g_autoptr(GMenu) all = g_menu_new ();
  g_autoptr(GSimpleAction) reset = g_simple_action_new (RESET, NULL);

  memcpy (self->shown, shown_at_first, sizeof self->shown);
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();

  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    add_column (self, columns, column);

  g_signal_connect_object (reset, "activate", G_CALLBACK (reset_cb), self, 0);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (reset));
  g_menu_append (all, _("_Default Columns"), "column." RESET);
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (columns));
  g_menu_append_section (self->menu, NULL, G_MENU_MODEL (all));
}

/**
 * iss_column_choice_new:
 *
 * Returns: (transfer full): the columns that are shown at first
 */
IssColumnChoice *
iss_column_choice_new (void)
{
  return g_object_new (ISS_TYPE_COLUMN_CHOICE, NULL);
}

/**
 * iss_column_choice_remember:
 * @self: a choice
 * @path: of a file, which need not be there
 *
 * Takes the choice that was made before, and keeps the one that is made from now on. What the
 * file says and is no column is passed over; one that says nothing changes nothing.
 */
void
iss_column_choice_remember (IssColumnChoice *self,
                            const char      *path)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_auto(GStrv) names = NULL;

  g_return_if_fail (ISS_IS_COLUMN_CHOICE (self));
  g_return_if_fail (path != NULL);

  g_free (self->path);
  self->path = g_strdup (path);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;

  names = g_key_file_get_string_list (file, GROUP, KEY, NULL, NULL);
  if (names == NULL)
    return;

  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    self->shown[column] = column == ISS_ROW_COLUMN_ISSUED_TO ||
                          g_strv_contains ((const char *const *) names, nicks[column]);

  tell (self);
}

/**
 * iss_column_choice_is_shown:
 * @self: a choice
 * @column: a column
 *
 * Returns: whether lists show it
 */
gboolean
iss_column_choice_is_shown (IssColumnChoice *self,
                            IssRowColumn     column)
{
  g_return_val_if_fail (ISS_IS_COLUMN_CHOICE (self), FALSE);
  g_return_val_if_fail (column < ISS_N_ROW_COLUMNS, FALSE);

  return self->shown[column];
}

/**
 * iss_column_choice_set_shown:
 * @self: a choice
 * @column: a column; %ISS_ROW_COLUMN_ISSUED_TO stays
 * @shown: whether lists shall show it
 */
void
iss_column_choice_set_shown (IssColumnChoice *self,
                             IssRowColumn     column,
                             gboolean         shown)
{
  g_return_if_fail (ISS_IS_COLUMN_CHOICE (self));
  g_return_if_fail (column < ISS_N_ROW_COLUMNS);

  if (self->shown[column] == shown || column == ISS_ROW_COLUMN_ISSUED_TO)
    return;

  self->shown[column] = shown;
  save (self);
  tell (self);
}

/**
 * iss_column_choice_reset:
 * @self: a choice
 *
 * Shows what is shown at first.
 */
void
iss_column_choice_reset (IssColumnChoice *self)
{
  g_return_if_fail (ISS_IS_COLUMN_CHOICE (self));

  memcpy (self->shown, shown_at_first, sizeof self->shown);
  save (self);
  tell (self);
}

/**
 * iss_column_choice_get_action_group:
 * @self: a choice
 *
 * Returns: (transfer none): an action for each column, whose state is whether it is shown, and
 *   "reset"
 */
GActionGroup *
iss_column_choice_get_action_group (IssColumnChoice *self)
{
  g_return_val_if_fail (ISS_IS_COLUMN_CHOICE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

/**
 * iss_column_choice_get_menu:
 * @self: a choice
 *
 * Returns: (transfer none): a menu of those actions, by their names in the group "column"
 */
GMenuModel *
iss_column_choice_get_menu (IssColumnChoice *self)
{
  g_return_val_if_fail (ISS_IS_COLUMN_CHOICE (self), NULL);

  return G_MENU_MODEL (self->menu);
}
