/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/ssh-host-key.h"

#include <string.h>

#include "core/base/text.h"

#define MAX_HOST_KEY 255

/* From sshconnect.c of OpenSSH 9.2 and 10.0; a certificate is told with more behind it. */
static const char *const openings[] = { "Server host key: ", "Server host certificate: " };

/* "ssh-ed25519 SHA256:…" */
static char *
read_key (const char *text)
{
  const char *space = strchr (text, ' ');
  gsize length;
  g_autofree char *key = NULL;

  if (space == NULL || space == text || !g_str_has_prefix (space + 1, "SHA256:"))
    return NULL;

  length = (gsize) (space + 1 - text) + strcspn (space + 1, " ,\r");
  key = g_strndup (text, length);

  return iss_text_is_clean (key, MAX_HOST_KEY) ? g_steal_pointer (&key) : NULL;
}

/* "…():1477 (pid=71): …", since OpenSSH 10 "…():1514 (bin=ssh, pid=71): …"; (nullable): what is
 * said there, if @process does */
static const char *
skip_who (const char *line,
          const char *process)
{
  g_autofree char *who = g_strdup_printf ("pid=%s): ", process);
  const char *at;

  if (!g_str_has_prefix (line, ISS_SSH_HOST_KEY_PREFIX))
    return NULL;

  at = line + strlen (ISS_SSH_HOST_KEY_PREFIX);
  at += strspn (at, "0123456789");
  if (!g_str_has_prefix (at, " ("))
    return NULL;

  at += strlen (" (");
  if (g_str_has_prefix (at, "bin="))
    {
      at += strcspn (at, ",");
      if (!g_str_has_prefix (at, ", "))
        return NULL;

      at += strlen (", ");
    }

  return g_str_has_prefix (at, who) ? at + strlen (who) : NULL;
}

/**
 * iss_ssh_host_key_find:
 * @stderr_text: what an ssh with %ISS_SSH_HOST_KEY_OPTION, and others, have said so far
 * @process: the number of its process
 *
 * Nothing else says under which key a connection is: what known_hosts has may be several keys, or
 * another one since; and who connects once more to look may reach somebody else. What a server or
 * a jump host says goes to the same place, before or after, and may look like this very line: it
 * cannot be told from ssh's own. It can only be the second that names another key, and then
 * neither counts. That holds as long as ssh says its line at all, as it does on a connection of
 * its own, which iss_launch_dup_argv() asks for. Whatever anybody says, it is ssh that has
 * compared the key.
 *
 * Returns: (transfer full) (nullable): "ssh-ed25519 SHA256:…"; "" when different keys are told of;
 *   %NULL: not told, or not yet
 */
char *
iss_ssh_host_key_find (const char *stderr_text,
                       const char *process)
{
  g_autofree char *key = NULL;
  const char *line = stderr_text;
  const char *end;

  g_return_val_if_fail (stderr_text != NULL && process != NULL, NULL);

  for (; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      g_autofree char *text = g_strndup (line, (gsize) (end - line));
      const char *said = skip_who (text, process);
      g_autofree char *one = NULL;

      for (gsize i = 0; said != NULL && i < G_N_ELEMENTS (openings); i++)
        if (g_str_has_prefix (said, openings[i]))
          one = read_key (said + strlen (openings[i]));

      if (key != NULL && one != NULL && !g_str_equal (key, one))
        return g_strdup ("");
      if (key == NULL)
        key = g_steal_pointer (&one);
    }

  return g_steal_pointer (&key);
}
