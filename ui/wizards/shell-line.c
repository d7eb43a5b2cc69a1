/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/shell-line.h"

#include <string.h>

/* Quoted only where a shell would read it in another way. */
static void
append_word (GString    *line,
             const char *word)
{
  g_autofree char *quoted = NULL;
  const char *harmless = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "./-_:,@+=%";

  if (*word != '\0' && word[strspn (word, harmless)] == '\0')
    {
      g_string_append (line, word);
      return;
    }

  quoted = g_shell_quote (word);
  g_string_append (line, quoted);
}

/**
 * iss_shell_line_new:
 * @workspace: where it is to be done
 * @verb: a verb of issuantctl
 *
 * Returns: (transfer full): the beginning of the line, with the option that
 *   names @workspace's topology where it is not the usual one
 */
GString *
iss_shell_line_new (IssWorkspace *workspace,
                    const char   *verb)
{
  GString *line = g_string_new ("issuantctl");
  g_autofree char *usual = g_build_filename (g_get_user_config_dir (), "issuant",
                                             "topology.conf", NULL);
  g_autofree char *demo = g_build_filename (g_get_user_data_dir (), "issuant", "demo",
                                            "topology.conf", NULL);
  const char *path = iss_workspace_get_path (workspace);

  if (g_strcmp0 (path, demo) == 0)
    g_string_append (line, " --demo");
  else if (path != NULL && strcmp (path, usual) != 0)
    iss_shell_line_add_file (line, "--topology", path);

  g_string_append_c (line, ' ');
  g_string_append (line, verb);

  return line;
}

/**
 * iss_shell_line_add:
 * @line: a line
 * @option: an option
 * @value: (nullable): its value; %NULL = "…", for what the person adds
 *
 * Adds an option.
 */
void
iss_shell_line_add (GString    *line,
                    const char *option,
                    const char *value)
{
  g_string_append_printf (line, " %s ", option);
  if (value != NULL)
    append_word (line, value);
  else
    g_string_append (line, "…");
}

/**
 * iss_shell_line_add_file:
 * @line: a line
 * @option: (nullable): an option; %NULL = the file stands by itself
 * @path: (nullable): a file; %NULL = "…", for what the person adds
 *
 * Adds a file. What is in the home folder begins with "~/", which every shell reads: shorter, and
 * as good on another machine.
 */
void
iss_shell_line_add_file (GString    *line,
                         const char *option,
                         const char *path)
{
  const char *home = g_get_home_dir ();
  gsize len = strlen (home);

  if (path == NULL)
    {
      iss_shell_line_add (line, option, NULL);
      return;
    }

  if (option != NULL)
    g_string_append_printf (line, " %s", option);

  if (g_str_has_prefix (path, home) && path[len] == '/' && path[len + 1] != '\0')
    {
      g_string_append (line, " ~/");
      append_word (line, path + len + 1);
    }
  else
    {
      g_string_append_c (line, ' ');
      append_word (line, path);
    }
}

/**
 * iss_shell_line_add_servers:
 * @line: a line
 * @servers: (element-type IssServer): at least one
 *
 * Adds where it is done, by short names where these are not addresses.
 */
void
iss_shell_line_add_servers (GString   *line,
                            GPtrArray *servers)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < servers->len; i++)
    {
      g_autofree char *name = iss_server_dup_short_name (g_ptr_array_index (servers, i));

      if (i > 0)
        g_string_append_c (names, ',');
      g_string_append (names, name);
    }

  iss_shell_line_add (line, "--server", names->str);
}
