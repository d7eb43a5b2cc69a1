/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/application.h"

#include <glib/gstdio.h>

#include "tests/lib/agent-fixture.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#define AT "2026-11-22T12:00:00Z"
#define MAX_WORDS 6

/* Runs the program, whose window is never seen: it is gone before it is drawn. */
static int
run (IssApplication     *application,
     const char *const  *words)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) "issuant");
  for (guint i = 0; i < MAX_WORDS && words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);

  return g_application_run (G_APPLICATION (application), (int) argv->len, (char **) argv->pdata);
}

static void
write_topology (const char *path,
                const char *pool)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = g_strdup_printf ("[pool %s]\nsip-domains=contoso.example;\n", pool);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

typedef struct
{
  const char *words[MAX_WORDS];
  int         status;
  const char *out;      /* patterns */
  const char *err;
} OptionCase;

static const OptionCase options[] =
{
  { { "--version" },                            0, "*issuant ?*", "" },
  { { "--seed", "s" },                          2, "*", "*issuant: *belong to --demo*" },
  { { "--at", AT },                             2, "*", "*issuant: *belong to --demo*" },
  { { "--reset" },                              2, "*", "*issuant: *belong to --demo*" },
  { { "--topology", "t", "--seed", "s" },       2, "*", "*issuant: *belong to --demo*" },
  { { "--demo", "--topology", "t" },            2, "*", "*issuant: *exclude each other*" },
  { { "--demo", "--at", "tomorrow" },           2, "*", "*issuant: *tomorrow*" },
  { { "--demo", "--at", "" },                   2, "*", "*issuant: ?*" },
  { { "--nonsense" },                           1, "*", "*--nonsense*" },
};

static void
test_options (gconstpointer user_data)
{
  const OptionCase *c = user_data;

  if (g_test_subprocess ())
    {
      g_autoptr(IssApplication) application = iss_application_new (NULL);

      exit (run (application, c->words) == c->status ? 0 : 1);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout (c->out);
  if (*c->err != '\0')
    g_test_trap_assert_stderr (c->err);
}

/* What the window was opened on. */
typedef struct
{
  const char   *topology;   /* expected */
  const char   *pool;       /* expected; (nullable): there is none */
  gboolean      waits;      /* it is made first */
  guint         n_seen;
} Opened;

static void
look (IssApplication *application,
      Opened         *opened)
{
  IssConsoleWindow *window = iss_application_get_window (application);
  IssWorkspace *workspace = iss_console_window_get_workspace (window);

  if (opened->topology == NULL)
    {
      g_assert_null (workspace);
    }
  else
    {
      IssPool *pool = iss_console_window_get_pool (window);

      g_assert_nonnull (workspace);
      g_assert_cmpstr (iss_workspace_get_path (workspace), ==, opened->topology);
      g_assert_cmpstr (pool != NULL ? iss_pool_get_name (pool) : NULL, ==, opened->pool);
    }

  opened->n_seen++;
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
activated_cb (IssApplication *application,
              Opened         *opened)
{
  IssConsoleWindow *window = iss_application_get_window (application);

  g_assert_nonnull (window);
  if (opened->waits)
    {
      /* Nothing is there to be looked at while it is made. */
      g_assert_null (iss_console_window_get_workspace (window));
      iss_wait_until (iss_console_window_get_workspace (window) != NULL);
    }

  look (application, opened);
}

static void
assert_opens (const char *const *words,
              Opened            *opened)
{
  IssApplication *application = iss_application_new (NULL);

  g_assert_null (iss_application_get_window (application));
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), opened);
  g_assert_cmpint (run (application, words), ==, 0);
  g_assert_cmpuint (opened->n_seen, ==, 1);
  iss_wait_for_idle ();
  g_assert_finalize_object (application);
}

static void
test_topology_told (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "told.conf", NULL);
  const char *words[MAX_WORDS] = { "--topology", path };
  Opened opened = { .topology = path, .pool = "told.contoso.example" };

  write_topology (path, "told.contoso.example");
  assert_opens (words, &opened);
}

static void
test_topology_standard (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "issuant", "topology.conf",
                                            NULL);
  const char *words[MAX_WORDS] = { NULL };
  Opened opened = { .topology = path, .pool = "standard.contoso.example" };

  write_topology (path, "standard.contoso.example");
  assert_opens (words, &opened);
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* The first time there is none: an empty console, and no file is made by looking. */
static void
test_topology_missing (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "issuant", "topology.conf",
                                            NULL);
  const char *words[MAX_WORDS] = { NULL };
  Opened opened = { .topology = path };

  assert_opens (words, &opened);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_topology_bad (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "bad.conf", NULL);
  const char *words[MAX_WORDS] = { "--topology", path };
  Opened opened = { .topology = NULL };

  g_assert_true (g_file_set_contents (path, "[pool\n", -1, NULL));
  assert_opens (words, &opened);
}

static void
test_demo (void)
{
  g_autofree char *program = iss_agent_fixture_dup_program ();
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "issuant", "demo",
                                            "topology.conf", NULL);
  const char *words[MAX_WORDS] = { "--demo", "--seed", "application", "--at", AT };
  Opened opened = { .topology = path, .pool = "pool01.contoso.example", .waits = TRUE };

  g_setenv ("ISSUANT_AGENT", program, TRUE);
  assert_opens (words, &opened);
  g_unsetenv ("ISSUANT_AGENT");
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(IssTempFolder) temp = NULL;

  /* Before anybody asks for one of them: GLib remembers what it was told first. */
  temp = iss_temp_folder_new ();
  g_setenv ("XDG_CONFIG_HOME", iss_temp_folder_get_path (temp), TRUE);
  g_setenv ("XDG_DATA_HOME", iss_temp_folder_get_path (temp), TRUE);
  g_setenv ("XDG_CACHE_HOME", iss_temp_folder_get_path (temp), TRUE);
  gtk_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *path = g_strdup_printf ("/application/options/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, &options[i], test_options);
    }
  g_test_add_func ("/application/topology/told", test_topology_told);
  g_test_add_func ("/application/topology/standard", test_topology_standard);
  g_test_add_func ("/application/topology/missing", test_topology_missing);
  g_test_add_func ("/application/topology/bad", test_topology_bad);
  g_test_add_func ("/application/demo", test_demo);

  return g_test_run ();
}
