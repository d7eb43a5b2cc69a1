/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/application.h"

#include <glib/gi18n.h>

#include "app/console/screenshot.h"
#include "core/agent/programs.h"
#include "core/base/time-text.h"
#include "core/pool/demo.h"
#include "ui/style.h"

/**
 * IssApplication:
 *
 * The desktop console. Not unique: two windows on two topologies are two
 * processes, and neither holds the other up.
 */
struct _IssApplication
{
  GtkApplication  parent_instance;

  /* Options */
  gboolean        demo;
  gboolean        reset;
  char           *seed;
  char           *at_text;
  char           *topology;
  gint64          at;          /* 0 = now */
  char           *page;        /* (nullable): only to be drawn */
  char           *output;
  char           *server;
  char           *size;
  gboolean        dark;
  int             width;       /* 0 = as the window likes */
  int             height;

  int             status;      /* what the program ends with */

  /* Owned References */
  char           *own_path;    /* (nullable) */
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (IssApplication, iss_application, GTK_TYPE_APPLICATION)

static IssLaunch *
make_launch (IssApplication *self)
{
  const char *told = g_getenv ("ISSUANT_AGENT");
  g_autofree char *agent = iss_programs_find (self->own_path, ISS_LIBEXECDIR, "issuant-agent");
  g_autofree char *askpass = iss_programs_find (self->own_path, ISS_LIBEXECDIR, "issuant-askpass");
  IssLaunch *launch = iss_launch_new (told != NULL && *told != '\0' ? told : agent);

  if (g_file_test (askpass, G_FILE_TEST_IS_EXECUTABLE))
    {
      g_free (launch->askpass);
      launch->askpass = g_steal_pointer (&askpass);
    }
  g_free (launch->who);
  launch->who = g_strdup (g_get_user_name ());
  launch->at = self->at;

  return launch;
}

/* What a picture was to be made of cannot be shown. */
static void
end_without_picture (IssApplication *self,
                     const GError   *error)
{
  g_printerr ("issuant: %s\n", error->message);
  self->status = 1;
  g_application_quit (G_APPLICATION (self));
}

static void
drawn_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(IssApplication) self = user_data;
  g_autoptr(GError) error = NULL;

  if (console_screenshot_take_finish (result, &error))
    g_application_quit (G_APPLICATION (self));
  else
    end_without_picture (self, error);
}

static void
draw (IssApplication   *self,
      IssConsoleWindow *window)
{
  const ConsoleScreenshotSpec spec = { self->page, self->server, self->output, self->width,
                                       self->height };

  console_screenshot_take_async (window, &spec, drawn_cb, g_object_ref (self));
}

static void
open_topology (IssApplication *self,
               const char     *path)
{
  IssConsoleWindow *window = iss_application_get_window (self);
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "issuant", NULL);
  g_autoptr(IssClock) clock = self->at != 0 ? iss_clock_new_fixed (self->at)
                                            : iss_clock_new_system ();
  g_autoptr(IssLaunch) launch = make_launch (self);
  g_autoptr(IssWorkspace) workspace = NULL;
  g_autoptr(GError) error = NULL;

  if (window == NULL)
    return;

  workspace = iss_workspace_open (path, cache, launch, clock, &error);
  iss_console_window_set_waiting (window, NULL);
  iss_console_window_set_workspace (window, workspace);

  if (workspace == NULL)
    iss_console_window_say_error (window, _("The topology file cannot be used."), error);

  if (self->page != NULL && workspace == NULL)
    end_without_picture (self, error);
  else if (self->page != NULL)
    draw (self, window);
}

/* Makes keys and certificates, which takes a second or two. */
static void
demo_worker (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (iss_demo_prepare (task_data, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
demo_made_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  IssApplication *self = ISS_APPLICATION (object);
  IssDemoSpec *spec = g_task_get_task_data (G_TASK (result));
  IssConsoleWindow *window = iss_application_get_window (self);
  g_autofree char *path = iss_demo_dup_topology (spec->folder);
  g_autoptr(GError) error = NULL;

  g_application_release (G_APPLICATION (self));

  if (window == NULL)
    return;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      open_topology (self, path);
      return;
    }

  iss_console_window_set_waiting (window, NULL);
  iss_console_window_set_workspace (window, NULL);
  iss_console_window_say_error (window, _("The demo pool could not be made."), error);
  if (self->page != NULL)
    end_without_picture (self, error);
}

static void
demo_spec_free (IssDemoSpec *spec)
{
  g_free ((char *) spec->folder);
  g_free ((char *) spec->seed);
  g_free (spec);
}

static void
open_demo (IssApplication *self)
{
  IssConsoleWindow *window = iss_application_get_window (self);
  g_autoptr(IssClock) clock = iss_clock_new_system ();
  g_autoptr(GTask) task = NULL;
  IssDemoSpec *spec = g_new0 (IssDemoSpec, 1);

  spec->folder = g_build_filename (g_get_user_data_dir (), "issuant", "demo", NULL);
  spec->seed = self->seed != NULL ? g_strdup (self->seed) : g_uuid_string_random ();
  spec->at = self->at != 0 ? self->at : iss_clock_now (clock);
  spec->reset = self->reset;

  if (window != NULL)
    iss_console_window_set_waiting (window, _("Making the demo pool…"));

  g_application_hold (G_APPLICATION (self));
  task = g_task_new (self, self->cancellable, demo_made_cb, NULL);
  g_task_set_source_tag (task, open_demo);
  g_task_set_task_data (task, spec, (GDestroyNotify) demo_spec_free);
  g_task_run_in_thread (task, demo_worker);
}

static void
iss_application_activate (GApplication *application)
{
  IssApplication *self = ISS_APPLICATION (application);
  GtkWidget *window = iss_console_window_new (GTK_APPLICATION (self));
  g_autofree char *chosen = g_build_filename (g_get_user_state_dir (), "issuant", "window.conf",
                                              NULL);

  /* A picture shows what everybody sees. */
  if (self->page == NULL)
    iss_console_window_remember (ISS_CONSOLE_WINDOW (window), chosen);
  if (self->width > 0)
    gtk_window_set_default_size (GTK_WINDOW (window), self->width, self->height);
  gtk_window_present (GTK_WINDOW (window));

  if (self->demo)
    {
      open_demo (self);
    }
  else
    {
      g_autofree char *standard = g_build_filename (g_get_user_config_dir (), "issuant",
                                                    "topology.conf", NULL);

      open_topology (self, self->topology != NULL ? self->topology : standard);
    }
}

static void
demo_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       user_data)
{
  open_demo (ISS_APPLICATION (user_data));
}

static void
iss_application_startup (GApplication *application)
{
  static const GActionEntry entries[] =
  {
    { "demo", demo_cb, NULL, NULL, NULL, { 0 } },
  };

  IssApplication *self = ISS_APPLICATION (application);

  G_APPLICATION_CLASS (iss_application_parent_class)->startup (application);

  iss_style_install ();
  if (self->dark)
    console_screenshot_use_dark ();
  gtk_window_set_default_icon_name ("org.issuant.Issuant");
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
}

static int
refuse (const char *reason)
{
  g_printerr ("issuant: %s\n", reason);

  return 2;
}

/* Returns the exit status, or -1 to go on. */
static int
iss_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  IssApplication *self = ISS_APPLICATION (application);
  g_autoptr(GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("issuant %s\n", ISS_VERSION);
      return 0;
    }

  self->demo = g_variant_dict_contains (options, "demo");
  self->reset = g_variant_dict_contains (options, "reset");
  g_variant_dict_lookup (options, "seed", "s", &self->seed);
  g_variant_dict_lookup (options, "at", "s", &self->at_text);
  g_variant_dict_lookup (options, "topology", "^ay", &self->topology);
  g_variant_dict_lookup (options, "screenshot", "s", &self->page);
  g_variant_dict_lookup (options, "output", "^ay", &self->output);
  g_variant_dict_lookup (options, "server", "s", &self->server);
  g_variant_dict_lookup (options, "size", "s", &self->size);
  self->dark = g_variant_dict_contains (options, "dark");

  if (g_strcmp0 (self->page, "list") == 0)
    {
      g_autofree char *names = console_screenshot_dup_names ();

      g_print ("%s", names);
      return 0;
    }

  if (!self->demo && (self->reset || self->seed != NULL || self->at_text != NULL))
    return refuse (_("--seed, --at and --reset belong to --demo"));
  if (self->demo && self->topology != NULL)
    return refuse (_("--demo and --topology exclude each other"));
  if (self->at_text != NULL && !iss_time_text_parse (self->at_text, &self->at, &error))
    return refuse (error->message);

  if (self->page == NULL && (self->output != NULL || self->server != NULL ||
                             self->size != NULL || self->dark))
    return refuse (_("--output, --server, --size and --dark belong to --screenshot"));
  if (self->page != NULL && self->output == NULL)
    return refuse (_("--screenshot needs --output FILE.png"));
  if ((self->page != NULL && !console_screenshot_check_page (self->page, &error)) ||
      (self->size != NULL &&
       !console_screenshot_parse_size (self->size, &self->width, &self->height, &error)))
    return refuse (error->message);

  return -1;
}

static void
iss_application_shutdown (GApplication *application)
{
  g_cancellable_cancel (ISS_APPLICATION (application)->cancellable);

  G_APPLICATION_CLASS (iss_application_parent_class)->shutdown (application);
}

static void
iss_application_finalize (GObject *object)
{
  IssApplication *self = ISS_APPLICATION (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->own_path, g_free);
  g_clear_pointer (&self->seed, g_free);
  g_clear_pointer (&self->at_text, g_free);
  g_clear_pointer (&self->topology, g_free);
  g_clear_pointer (&self->page, g_free);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->size, g_free);

  G_OBJECT_CLASS (iss_application_parent_class)->finalize (object);
}

static void
iss_application_class_init (IssApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->finalize = iss_application_finalize;
  application_class->activate = iss_application_activate;
  application_class->startup = iss_application_startup;
  application_class->shutdown = iss_application_shutdown;
  application_class->handle_local_options = iss_application_handle_local_options;
}

static void
iss_application_init (IssApplication *self)
{
  static const GOptionEntry entries[] =
  {
    { "demo", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("Open a pool of three servers made for trying things out"), NULL },
    { "seed", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Make the same demo pool for the same seed"), N_("SEED") },
    { "at", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Let the demo pool's time stand at this instant"), N_("TIME") },
    { "reset", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Make the demo pool anew"), NULL },
    { "topology", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_("Use this topology file"), N_("FILE") },
    { "screenshot", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("Draw this page into a file and end; “list” lists the pages"), N_("PAGE") },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_("With --screenshot: the PNG file"), N_("FILE") },
    { "server", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("With --screenshot: the server whose page it is"), N_("SERVER") },
    { "size", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_("With --screenshot: the picture's size in pixels, such as 1366x768"), N_("WxH") },
    { "dark", 0, 0, G_OPTION_ARG_NONE, NULL,
      N_("With --screenshot: in the theme's dark variant"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };

  self->cancellable = g_cancellable_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), entries);
}

/**
 * iss_application_new:
 * @own_path: (nullable): the path of this program, beside which the agent is
 *   looked for
 *
 * Returns: (transfer full): the program
 */
IssApplication *
iss_application_new (const char *own_path)
{
  IssApplication *self = g_object_new (ISS_TYPE_APPLICATION,
                                       "application-id", "org.issuant.Issuant",
                                       "flags", G_APPLICATION_NON_UNIQUE,
                                       NULL);

  self->own_path = g_strdup (own_path);

  return self;
}

/**
 * iss_application_get_window:
 * @self: the program
 *
 * Returns: (transfer none) (nullable): its window, while it is open
 */
IssConsoleWindow *
iss_application_get_window (IssApplication *self)
{
  g_return_val_if_fail (ISS_IS_APPLICATION (self), NULL);

  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL;
       link = link->next)
    {
      if (ISS_IS_CONSOLE_WINDOW (link->data))
        return link->data;
    }

  return NULL;
}

/**
 * iss_application_get_status:
 * @self: the program, once it has run
 *
 * Returns: what it ends with, beside what g_application_run() says: 1 if a picture could not be
 *   made
 */
int
iss_application_get_status (IssApplication *self)
{
  g_return_val_if_fail (ISS_IS_APPLICATION (self), 1);

  return self->status;
}
