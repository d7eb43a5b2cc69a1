/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/console-window.h"

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

#define POOL "pool01.contoso.example"

/* Whether a menu would show the verb, and grey or not: a button asks the same. */
static gboolean
is_enabled (GtkWidget  *window,
            const char *action,
            GVariant   *target)
{
  GtkWidget *child = gtk_window_get_child (GTK_WINDOW (window));
  GtkWidget *button = gtk_button_new ();
  gboolean enabled;

  gtk_box_append (GTK_BOX (child), button);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  enabled = gtk_widget_get_sensitive (button);
  gtk_box_remove (GTK_BOX (child), button);

  return enabled;
}

static void
test_console_window_actions_enabled (void)
{
  static const struct
  {
    const char *path;
    const char *action;
    gboolean    enabled;
  } cases[] =
  {
    { POOL, "console.back", FALSE },
    { POOL, "console.forward", FALSE },
    { POOL, "console.up", TRUE },
    { POOL, "pool.look", TRUE },
    { POOL, "certificate.find", FALSE },
    { POOL "/fe01.contoso.example/certificates/my", "certificate.find", TRUE },
    { POOL "/fe01.contoso.example/certificates/my", "console.back", TRUE },
    { "", "console.up", FALSE },
    { "", "pool.look", TRUE },   /* of the only pool */
    { "", "help.about", TRUE },
  };
  IssWorkspaceFixture fixture;
  GtkWidget *window;

  iss_workspace_fixture_set_up (&fixture, TRUE);
  window = iss_console_window_new (NULL);
  iss_console_window_set_workspace (ISS_CONSOLE_WINDOW (window), fixture.workspace);
  gtk_window_present (GTK_WINDOW (window));
  iss_shot_settle (window);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s at %s", cases[i].action, cases[i].path);
      g_assert_true (iss_console_window_show_path (ISS_CONSOLE_WINDOW (window), cases[i].path));
      iss_shot_settle (window);
      g_assert_cmpint (is_enabled (window, cases[i].action, NULL), ==, cases[i].enabled);
    }

  g_assert_true (is_enabled (window, "server.import", g_variant_new_strv (NULL, 0)));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  iss_wait_until (window == NULL);
  iss_workspace_fixture_tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/console-window-actions/enabled", test_console_window_actions_enabled);

  return g_test_run ();
}
