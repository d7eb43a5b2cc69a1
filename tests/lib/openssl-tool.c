/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/openssl-tool.h"

#include <string.h>

/**
 * iss_openssl_tool_try:
 * @folder: where to run it
 * @command_line: a program and its arguments, quoted as for a shell
 * @out_output: (out) (optional) (transfer full): what it wrote
 *
 * Returns: whether it ended well
 */
gboolean
iss_openssl_tool_try (IssTempFolder  *folder,
                      const char     *command_line,
                      char          **out_output)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) argv = NULL;
  g_autofree char *output = NULL;
  g_autofree char *complaint = NULL;
  int status;

  g_shell_parse_argv (command_line, NULL, &argv, &error);
  g_assert_no_error (error);

  g_spawn_sync (iss_temp_folder_get_path (folder), argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                &output, &complaint, &status, &error);
  g_assert_no_error (error);

  if (!g_spawn_check_wait_status (status, NULL))
    {
      g_test_message ("%s: %s", command_line, complaint);
      return FALSE;
    }

  if (out_output != NULL)
    *out_output = g_steal_pointer (&output);

  return TRUE;
}

/**
 * iss_openssl_tool_run:
 * @folder: where to run it
 * @command_line: a program and its arguments, quoted as for a shell
 *
 * Runs it; fails the test if it fails.
 */
void
iss_openssl_tool_run (IssTempFolder *folder,
                      const char    *command_line)
{
  if (!iss_openssl_tool_try (folder, command_line, NULL))
    g_error ("%s failed", command_line);
}

/**
 * iss_openssl_tool_make_pair:
 * @folder: where to make it
 * @name: of the certificate and its files
 *
 * Makes a self-signed P-256 certificate, NAME.crt, and its private key, NAME.key.
 */
void
iss_openssl_tool_make_pair (IssTempFolder *folder,
                            const char    *name)
{
  g_autofree char *line = NULL;

  line = g_strdup_printf ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                          "-subj /CN=%s -days 3650 -keyout %s.key -out %s.crt", name, name, name);
  iss_openssl_tool_run (folder, line);
}

/**
 * iss_openssl_tool_load:
 * @folder: where it is
 * @name: the name of a file
 *
 * Returns: (transfer full): its content
 */
GBytes *
iss_openssl_tool_load (IssTempFolder *folder,
                       const char    *name)
{
  gsize size;
  char *data = iss_temp_folder_read (folder, name, &size);

  return g_bytes_new_take (data, size);
}

/**
 * iss_openssl_tool_make_file:
 * @folder: where to run it
 * @command_line: what makes a file
 * @name: the name of the file
 *
 * Returns: (transfer full): the content of the file made
 */
GBytes *
iss_openssl_tool_make_file (IssTempFolder *folder,
                            const char    *command_line,
                            const char    *name)
{
  iss_openssl_tool_run (folder, command_line);

  return iss_openssl_tool_load (folder, name);
}

/**
 * iss_openssl_tool_secret:
 * @text: (nullable): a password
 *
 * Returns: (transfer full) (nullable): the same as a secret
 */
IssSecret *
iss_openssl_tool_secret (const char *text)
{
  return text != NULL ? iss_secret_new (text, strlen (text)) : NULL;
}
