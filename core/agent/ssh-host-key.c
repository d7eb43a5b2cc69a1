/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/ssh-host-key.h"

#include <string.h>

#include "core/base/text.h"

#define MAX_HOST_KEY 255

/* From sshconnect.c of OpenSSH 9.2; a certificate is told with more behind it. */
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

/**
 * iss_ssh_host_key_find:
 * @stderr_text: what an ssh with %ISS_SSH_HOST_KEY_OPTION, and others, have said so far
 * @process: the number of its process
 *
 * Nothing else says under which key a connection is: what known_hosts has may be several keys, or
 * another one since; and who connects once more to look may reach somebody else. What a server or
 * a jump host says goes to the same place, but comes later, or from another process: only the
 * first line of the very ssh counts, and whatever anybody says, it is ssh that has compared the
 * key. A connection through another ssh (ControlMaster) is not told of.
 *
 * Returns: (transfer full) (nullable): "ssh-ed25519 SHA256:…"; %NULL: not told, or not yet
 */
char *
iss_ssh_host_key_find (const char *stderr_text,
                       const char *process)
{
  g_autofree char *who = NULL;
  const char *line = stderr_text;
  const char *end;

  g_return_val_if_fail (stderr_text != NULL && process != NULL, NULL);

  who = g_strdup_printf (" (pid=%s): ", process);
  for (; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      g_autofree char *text = g_strndup (line, (gsize) (end - line));
      const char *said;

      if (!g_str_has_prefix (text, ISS_SSH_HOST_KEY_PREFIX))
        continue;

      said = strstr (text, who);
      if (said == NULL)
        continue;

      said += strlen (who);
      for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
        if (g_str_has_prefix (said, openings[i]))
          return read_key (said + strlen (openings[i]));
    }

  return NULL;
}
