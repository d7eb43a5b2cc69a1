/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/ssh-failure.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/agent/ssh-host-key.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_LINE 300
#define MAX_STDERR (8 * 1024)

#define EXIT_NOT_EXECUTABLE 126
#define EXIT_NO_SUCH_COMMAND 127
#define EXIT_SSH 255

#define AGENT_PREFIX "issuant-agent: "

/* What ssh says, in LC_ALL=C, on the line that gives the reason. From OpenSSH 9.2's sources
 * and from what it printed. */
typedef struct
{
  const char *text;
  IssError    code;
} Pattern;

static const Pattern patterns[] =
  {
    { "REMOTE HOST IDENTIFICATION HAS CHANGED", ISS_ERROR_HOST_KEY_CHANGED },
    { "Host key verification failed", ISS_ERROR_HOST_KEY_UNKNOWN },
    { "host key is known for", ISS_ERROR_HOST_KEY_UNKNOWN },
    { "Permission denied (", ISS_ERROR_LOGIN },
    { "Too many authentication failures", ISS_ERROR_LOGIN },
    { "No supported authentication methods", ISS_ERROR_LOGIN },
    { "account has expired", ISS_ERROR_LOGIN },
    { "Unable to negotiate with", ISS_ERROR_PROTOCOL },
    { "Protocol major versions differ", ISS_ERROR_PROTOCOL },
    { "Could not resolve hostname", ISS_ERROR_UNREACHABLE },
    { "Connection refused", ISS_ERROR_UNREACHABLE },
    { "onnection timed out", ISS_ERROR_UNREACHABLE },
    { "Operation timed out", ISS_ERROR_UNREACHABLE },
    { "No route to host", ISS_ERROR_UNREACHABLE },
    { "Network is unreachable", ISS_ERROR_UNREACHABLE },
    { "kex_exchange_identification", ISS_ERROR_UNREACHABLE },
    { "banner exchange", ISS_ERROR_UNREACHABLE },
    { "Timeout, server ", ISS_ERROR_CLOSED },
    { "closed by remote host", ISS_ERROR_CLOSED },
    { "client_loop: ", ISS_ERROR_CLOSED },
    { "Connection closed by", ISS_ERROR_UNREACHABLE },
    { "Connection reset by", ISS_ERROR_UNREACHABLE },
    { "Could not open ProxyCommand", ISS_ERROR_UNREACHABLE },
    { "stdio forwarding failed", ISS_ERROR_UNREACHABLE },
    { "Bad configuration option", ISS_ERROR_FAILED },
    { "Bad owner or permissions on", ISS_ERROR_FAILED },
    { "Can't open user config file", ISS_ERROR_FAILED },
  };

/* The last 8 KiB, in lines that can be shown. */
static GPtrArray *
split_lines (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  gsize length = strlen (text);
  const char *tail = length > MAX_STDERR ? text + length - MAX_STDERR : text;
  g_auto(GStrv) raw = g_strsplit (tail, "\n", -1);

  for (guint i = 0; raw[i] != NULL; i++)
    {
      char *line;

      g_strchomp (raw[i]);
      line = g_strstrip (iss_text_sanitise (raw[i], -1, MAX_LINE));
      /* A message of ours has no full stop at its end, nor has what it quotes there. */
      if (g_str_has_suffix (line, "."))
        line[strlen (line) - 1] = '\0';

      if (*line == '\0')
        g_free (line);
      else
        g_ptr_array_add (lines, line);
    }

  return lines;
}

/* ssh gives the reason last; what a server says before (its banner) is not looked at while
 * there is anything behind it that is known. A changed key is told above the last line. */
static const Pattern *
find_pattern (GPtrArray   *lines,
              const char **out_line)
{
  for (guint i = lines->len; i > 0; i--)
    {
      const char *line = g_ptr_array_index (lines, i - 1);

      for (gsize p = 0; p < G_N_ELEMENTS (patterns); p++)
        {
          if (strstr (line, patterns[p].text) != NULL)
            {
              *out_line = line;
              return &patterns[p];
            }
        }
    }

  return NULL;
}

static const char *
find_line (GPtrArray  *lines,
           const char *text)
{
  for (guint i = lines->len; i > 0; i--)
    {
      const char *line = g_ptr_array_index (lines, i - 1);

      if (strstr (line, text) != NULL)
        return line;
    }

  return NULL;
}

/* Which host key it was shown, ssh says because it was told to: no reason for anything. */
static const char *
last_line (GPtrArray *lines)
{
  for (guint i = lines->len; i > 0; i--)
    if (!g_str_has_prefix (lines->pdata[i - 1], ISS_SSH_HOST_KEY_PREFIX))
      return g_ptr_array_index (lines, i - 1);

  return NULL;
}

/* "Offending ED25519 key in /etc/ssh/known_hosts:3" -> the file and its line */
static char *
dup_known_place (GPtrArray *lines)
{
  const char *line = find_line (lines, "Offending ");
  const char *in = line != NULL ? strstr (line, " key in ") : NULL;

  return in != NULL ? g_strdup (in + strlen (" key in ")) : NULL;
}

static char *
dup_fingerprint (GPtrArray *lines)
{
  const char *line = find_line (lines, "SHA256:");
  const char *start = line != NULL ? strstr (line, "SHA256:") : NULL;
  gsize length;

  if (start == NULL)
    return NULL;

  length = strcspn (start, " ");
  if (length > 0 && start[length - 1] == '.')
    length--;

  return g_strndup (start, length);
}

static GError *
host_key_changed (const char *host,
                  GPtrArray  *lines)
{
  g_autofree char *fingerprint = dup_fingerprint (lines);
  g_autofree char *place = dup_known_place (lines);

  if (fingerprint == NULL || place == NULL)
    return g_error_new (ISS_ERROR, ISS_ERROR_HOST_KEY_CHANGED,
                        _("The host key of %s has changed: either the server was set up anew, "
                          "or somebody stands in between. Do not connect before its "
                          "administrator has confirmed the new key"), host);

  /* Translators: a host, a fingerprint, and a file with the number of a line */
  return g_error_new (ISS_ERROR, ISS_ERROR_HOST_KEY_CHANGED,
                      _("The host key of %s has changed to %s; another one is known in %s: either "
                        "the server was set up anew, or somebody stands in between. Do not "
                        "connect before its administrator has confirmed the new key"),
                      host, fingerprint, place);
}

static GError *
host_key_unknown (const char *host,
                  GPtrArray  *lines)
{
  g_autofree char *fingerprint = dup_fingerprint (lines);

  /* ssh says the same when the user has answered "no". */
  if (fingerprint != NULL)
    return g_error_new (ISS_ERROR, ISS_ERROR_HOST_KEY_UNKNOWN,
                        _("The host key of %s (%s) is not known here: compare it with the "
                          "server's and accept it once, in the console or with “ssh %s”"),
                        host, fingerprint, host);

  return g_error_new (ISS_ERROR, ISS_ERROR_HOST_KEY_UNKNOWN,
                      _("The host key of %s is not known here: compare it with the server's and "
                        "accept it once, in the console or with “ssh %s”"), host, host);
}

static GError *
from_pattern (IssConnectionAddress *address,
              IssError              code,
              const char           *line,
              GPtrArray            *lines)
{
  const char *host = iss_connection_address_get_host (address);

  if (code == ISS_ERROR_LOGIN)
    return g_error_new (ISS_ERROR, code, _("%s does not let us in: %s"), host, line);

  if (code == ISS_ERROR_HOST_KEY_CHANGED ||
      (code == ISS_ERROR_HOST_KEY_UNKNOWN &&
       find_line (lines, "REMOTE HOST IDENTIFICATION HAS CHANGED") != NULL))
    return host_key_changed (host, lines);

  if (code == ISS_ERROR_HOST_KEY_UNKNOWN)
    return host_key_unknown (host, lines);

  return g_error_new_literal (ISS_ERROR, code, line);
}

/* What our own agent says before it gives up: a sentence of ours, with its exit status. */
static GError *
from_agent (const char *line,
            int         exit_status)
{
  const char *sentence = strstr (line, AGENT_PREFIX) + strlen (AGENT_PREFIX);
  IssError code = ISS_ERROR_FAILED;

  if (exit_status == ISS_AGENT_EXIT_NOT_OWNER || strstr (sentence, " belongs to ") != NULL)
    code = ISS_ERROR_NOT_OWNER;
  else if (exit_status == ISS_AGENT_EXIT_NO_ROOT)
    code = ISS_ERROR_NOT_FOUND;

  return g_error_new_literal (ISS_ERROR, code, sentence);
}

/**
 * iss_ssh_failure_dup_install_command:
 * @address: a server
 *
 * Returns: (transfer full) (nullable): what to type in the folder of Issuant's sources to install
 *   the agent on that server, or to update it; %NULL if it is not reached over ssh
 */
char *
iss_ssh_failure_dup_install_command (IssConnectionAddress *address)
{
  guint port;
  g_autofree char *option = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  if (iss_connection_address_get_kind (address) != ISS_CONNECTION_SSH)
    return NULL;

  port = iss_connection_address_get_port (address);
  option = port != 0 ? g_strdup_printf ("--port %u ", port) : g_strdup ("");

  /* The account we connect as may do nothing but run the agent: root installs. */
  return g_strdup_printf ("app/install-agent %sroot@%s", option,
                          iss_connection_address_get_host (address));
}

static GError *
no_agent (IssConnectionAddress *address,
          int                   exit_status,
          GPtrArray            *lines)
{
  const char *host = iss_connection_address_get_host (address);
  const char *said = last_line (lines);
  g_autofree char *command = iss_ssh_failure_dup_install_command (address);

  if (said == NULL)
    said = exit_status == EXIT_NOT_EXECUTABLE ? _("the program cannot be run")
                                              : _("no such program");

  if (exit_status == EXIT_NOT_EXECUTABLE)
    return g_error_new (ISS_ERROR, ISS_ERROR_NO_AGENT,
                        _("%s answers, but issuant-agent cannot be run there (%s): install it "
                          "again with “%s”"), host, said, command);

  return g_error_new (ISS_ERROR, ISS_ERROR_NO_AGENT,
                      _("%s answers, but issuant-agent is not installed there (%s): install it "
                        "with “%s”"), host, said, command);
}

static GError *
without_reason (IssConnectionAddress *address,
                int                   exit_status,
                GPtrArray            *lines)
{
  const char *host = iss_connection_address_get_host (address);
  const char *said = last_line (lines);

  if (host == NULL)
    host = iss_connection_address_get_uri (address);

  if (exit_status == EXIT_SSH && said != NULL)
    return g_error_new_literal (ISS_ERROR, ISS_ERROR_UNREACHABLE, said);

  if (exit_status == EXIT_SSH)
    return g_error_new (ISS_ERROR, ISS_ERROR_UNREACHABLE,
                        _("ssh cannot reach %s and does not say why"), host);

  if (said != NULL)
    return g_error_new (ISS_ERROR, ISS_ERROR_CLOSED,
                        _("The connection to %s has ended: %s"), host, said);

  return g_error_new (ISS_ERROR, ISS_ERROR_CLOSED, _("The connection to %s has ended"), host);
}

/**
 * iss_ssh_failure_new:
 * @address: the server
 * @exit_status: that of ssh or of the local agent; -1 when it was killed or is not known
 * @stderr_text: what it said there, in any state; the last 8 KiB are looked at
 *
 * Finds out why a connection was not made, or ended. The message is a sentence for people
 * that quotes ssh's own line where there is one.
 *
 * Returns: (transfer full): the error; with %ISS_ERROR_CLOSED nothing more precise is known
 */
GError *
iss_ssh_failure_new (IssConnectionAddress *address,
                     int                   exit_status,
                     const char           *stderr_text)
{
  g_autoptr(GPtrArray) lines = NULL;
  const Pattern *pattern;
  const char *line;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (stderr_text != NULL, NULL);

  lines = split_lines (stderr_text);

  if (exit_status > 0 && exit_status < EXIT_NOT_EXECUTABLE)
    {
      line = find_line (lines, AGENT_PREFIX);
      if (line != NULL && g_str_has_prefix (line, AGENT_PREFIX))
        return from_agent (line, exit_status);
    }

  if (iss_connection_address_get_kind (address) == ISS_CONNECTION_LOCAL)
    return without_reason (address, exit_status == EXIT_SSH ? -1 : exit_status, lines);

  if (exit_status == EXIT_NO_SUCH_COMMAND || exit_status == EXIT_NOT_EXECUTABLE)
    return no_agent (address, exit_status, lines);

  pattern = exit_status == EXIT_SSH || exit_status < 0 ? find_pattern (lines, &line) : NULL;
  if (pattern != NULL)
    return from_pattern (address, pattern->code, line, lines);

  return without_reason (address, exit_status, lines);
}
