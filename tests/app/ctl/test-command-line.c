/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/command-line.h"

#include "core/base/error.h"

#define MOST_WORDS 8

static CtlCommandLine *
parse (const char *const  *words,
       GError            **error)
{
  const char *argv[MOST_WORDS + 1] = { "issuantctl" };
  int argc = 1;

  for (guint i = 0; words[i] != NULL; i++)
    argv[argc++] = words[i];

  return ctl_command_line_parse (argc, argv, error);
}

static void
test_command_line_empty (void)
{
  const char *const words[] = { NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(CtlCommandLine) line = parse (words, &error);

  g_assert_no_error (error);
  g_assert_null (ctl_command_line_get_verb (line));
  g_assert_cmpuint (g_strv_length ((char **) ctl_command_line_get_rest (line)), ==, 0);
  g_assert_false (ctl_command_line_has (line, "demo"));
}

static void
test_command_line_options (void)
{
  const char *const words[] = { "--demo", "Get-Store", "--server=fe01,fe02", "--store", "--odd",
                                "--", "--server", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(CtlCommandLine) line = parse (words, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ctl_command_line_get_verb (line), ==, "get-store");
  g_assert_cmpstr (ctl_command_line_get (line, "demo"), ==, "");
  g_assert_cmpstr (ctl_command_line_get (line, "server"), ==, "fe01,fe02");
  g_assert_cmpstr (ctl_command_line_get (line, "store"), ==, "--odd");
  g_assert_null (ctl_command_line_get (line, "json"));
  g_assert_cmpstr (ctl_command_line_get_rest (line)[0], ==, "--server");
  g_assert_null (ctl_command_line_get_rest (line)[1]);
}

static void
test_command_line_empty_value (void)
{
  const char *const words[] = { "get-store", "--server=", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(CtlCommandLine) line = parse (words, &error);

  g_assert_no_error (error);
  g_assert_true (ctl_command_line_has (line, "server"));
  g_assert_cmpstr (ctl_command_line_get (line, "server"), ==, "");
}

typedef struct
{
  const char *name;
  const char *words[MOST_WORDS];
  const char *message;
} BadLine;

static const BadLine bad_lines[] =
{
  { "unknown", { "get-store", "--nothing" }, "There is no option --nothing" },
  { "unknown-with-value", { "--nothing=1" }, "There is no option --nothing" },
  { "one-dash", { "get-store", "-s" }, "There is no option -s: options have two dashes" },
  { "twice", { "--server", "a", "--server=b" }, "--server is there twice" },
  { "switch-with-value", { "--json=yes" }, "--json takes no value" },
  { "value-missing", { "get-store", "--store" }, "--store needs a value: --store STORE" },
  { "control", { "--a\nb" }, "There is no option --a?b" },
  { "not-utf-8", { "get-store", "\xff" }, "Word 2 is too long or not UTF-8 text" },
  { "value-not-utf-8", { "get-store", "--server", "a\xff" },
    "What stands behind --server is not UTF-8 text" },
};

static void
test_command_line_bad (gconstpointer data)
{
  const BadLine *bad = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CtlCommandLine) line = parse (bad->words, &error);

  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_assert_null (line);
  if (!g_str_equal (bad->name, "control"))
    g_assert_cmpstr (error->message, ==, bad->message);
  g_assert_null (strpbrk (error->message, "\n\r\x1b"));
}

static void
test_command_line_too_long (void)
{
  g_autofree char *longest = g_strnfill (4096, 'x');
  g_autofree char *longer = g_strnfill (4097, 'x');
  const char *const good[] = { longest, NULL };
  const char *const bad[] = { longer, NULL };
  const char *const many_servers[] = { "--server", longer, "--path", "a\xff", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(CtlCommandLine) line = parse (good, &error);

  g_assert_no_error (error);
  g_clear_pointer (&line, ctl_command_line_free);
  line = parse (bad, &error);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_assert_null (line);
  g_clear_error (&error);
  line = parse (many_servers, &error);
  g_assert_no_error (error);
}

/* What a verb would ignore is refused. */
static void
test_command_line_check (void)
{
  static const char *const taken[] = { "server", NULL };
  static const struct
  {
    const char *words[MOST_WORDS];
    guint       n_rest;
    const char *message;   /* NULL: it is taken */
  } cases[] = {
    { { "test-server", "--server", "fe01", "--json", "--demo" }, 0, NULL },
    { { "test-server", "fe01" }, 1, NULL },
    { { "test-server", "--store", "my" }, 0, "test-server takes no --store" },
    { { "test-server", "fe01" }, 0, "test-server does not know what to do with “fe01”" },
    { { "test-server", "fe01", "fe02" }, 1, "test-server does not know what to do with “fe02”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(CtlCommandLine) line = parse (cases[i].words, NULL);
      gboolean good = ctl_command_line_check (line, taken, cases[i].n_rest, &error);

      g_assert_cmpint (good, ==, cases[i].message == NULL);
      if (good)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_command_line_help (void)
{
  g_assert_cmpstr (ctl_command_line_get_argument ("path"), ==, "FILE");
  g_assert_null (ctl_command_line_get_argument ("json"));
  g_assert_cmpstr (ctl_command_line_get_help ("json"), ==, "print JSON");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command-line/empty", test_command_line_empty);
  g_test_add_func ("/command-line/options", test_command_line_options);
  g_test_add_func ("/command-line/empty-value", test_command_line_empty_value);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_lines); i++)
    {
      g_autofree char *path = g_strconcat ("/command-line/bad/", bad_lines[i].name, NULL);

      g_test_add_data_func (path, &bad_lines[i], test_command_line_bad);
    }
  g_test_add_func ("/command-line/too-long", test_command_line_too_long);
  g_test_add_func ("/command-line/check", test_command_line_check);
  g_test_add_func ("/command-line/help", test_command_line_help);

  return g_test_run ();
}
