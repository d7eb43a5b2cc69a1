/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/page-window.h"

#include "tests/lib/shot.h"
#include "ui/style.h"

struct _IssPageWindow
{
  GtkWidget  *window;
  char       *activated;
};

typedef struct
{
  const char *group;
  const char *name;
  const char *parameter;
} Verb;

static const Verb verbs[] =
{
  { "console",     "show",    "s" },
  { "server",      "look",    "s" },
  { "server",      "import",  "as" },
  { "server",      "connect", NULL },
  { "assignment",  "assign",  "as" },
  { "assignment",  "remove",  "as" },
  { "assignment",  "roll",    "as" },
  { "assignment",  "arm",     "as" },
  { "assignment",  "make-global", "(ss)" },
  { "assignment",  "run-sheet", "as" },
  { "assignment",  "cancel",  "as" },
  { "assignment",  "postpone", "as" },
  { "assignment",  "swap-back", "as" },
  { "certificate", "open",    "as" },
};

static void
activate_cb (GSimpleAction *action,
             GVariant      *parameter,
             IssPageWindow *self)
{
  g_autofree char *target = parameter != NULL ? g_variant_print (parameter, TRUE) : NULL;
  const char *group = g_object_get_data (G_OBJECT (action), "group");

  g_free (self->activated);
  self->activated = g_strconcat (group, ".", g_action_get_name (G_ACTION (action)),
                                 target != NULL ? " " : NULL, target, NULL);
}

static void
add_verbs (IssPageWindow *self)
{
  g_autoptr(GHashTable) groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                        g_object_unref);

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      GSimpleActionGroup *group = g_hash_table_lookup (groups, verbs[i].group);
      const char *parameter = verbs[i].parameter;
      g_autoptr(GSimpleAction) action = NULL;

      if (group == NULL)
        {
          group = g_simple_action_group_new ();
          g_hash_table_insert (groups, (gpointer) verbs[i].group, group);
          gtk_widget_insert_action_group (self->window, verbs[i].group, G_ACTION_GROUP (group));
        }

      action = g_simple_action_new (verbs[i].name,
                                    parameter != NULL ? G_VARIANT_TYPE (parameter) : NULL);
      g_object_set_data (G_OBJECT (action), "group", (gpointer) verbs[i].group);
      g_signal_connect (action, "activate", G_CALLBACK (activate_cb), self);
      g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
    }
}

/**
 * iss_page_window_init:
 *
 * Makes templates and icons known.
 */
void
iss_page_window_init (void)
{
  iss_style_install ();
}

/**
 * iss_page_window_new:
 * @page: a page
 *
 * Returns: (transfer full): a window on the screen with @page in it
 */
IssPageWindow *
iss_page_window_new (GtkWidget *page)
{
  IssPageWindow *self = g_new0 (IssPageWindow, 1);

  self->window = gtk_window_new ();
  add_verbs (self);
  gtk_window_set_child (GTK_WINDOW (self->window), page);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 900, 520);
  gtk_window_present (GTK_WINDOW (self->window));

  return self;
}

/**
 * iss_page_window_free:
 * @self: a window
 */
void
iss_page_window_free (IssPageWindow *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_free (self->activated);
  g_free (self);
}

/**
 * iss_page_window_get_window:
 * @self: a window
 *
 * Returns: (transfer none): the GtkWindow
 */
GtkWidget *
iss_page_window_get_window (IssPageWindow *self)
{
  return self->window;
}

/**
 * iss_page_window_get_activated:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the action that was last activated, with
 *   its target
 */
const char *
iss_page_window_get_activated (IssPageWindow *self)
{
  return self->activated;
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * iss_page_window_find_button:
 * @self: a window
 * @label: the label of a button that can be seen
 *
 * Returns: (transfer none) (nullable): the first of that label
 */
GtkWidget *
iss_page_window_find_button (IssPageWindow *self,
                             const char    *label)
{
  iss_shot_settle (self->window);

  return find_button (self->window, label);
}

/**
 * iss_page_window_shoot:
 * @self: a window
 * @page: the kind of page
 * @scene: what it shows
 *
 * Saves a picture of it in the folder that ISS_PAGE_SHOTS names, light and dark,
 * for people to look at; does nothing without it.
 */
void
iss_page_window_shoot (IssPageWindow *self,
                       const char    *page,
                       const char    *scene)
{
  const char *folder = g_getenv ("ISS_PAGE_SHOTS");

  if (folder == NULL)
    return;

  for (guint dark = 0; dark < 2; dark++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%s%s.png", page, scene, dark ? "-dark" : "");
      g_autofree char *path = g_build_filename (folder, name, NULL);

      iss_shot_set_dark (dark != 0);
      iss_shot_save (self->window, path);
    }

  iss_shot_set_dark (FALSE);
}
