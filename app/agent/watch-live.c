/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/watch-live.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/agent/reloader.h"
#include "core/agent/ssh-failure.h"
#include "core/assignment/consumer-file.h"
#include "core/base/error.h"

static gboolean
end_cb (gpointer user_data)
{
  gboolean *ended = user_data;

  *ended = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Of the server's own folder only root may; whoever has one of his own, there. */
static gboolean
may_reload (const char *root_path)
{
  if (geteuid () == 0 || !g_str_equal (root_path, ISS_CONSUMER_FILE_ROOT))
    return TRUE;

  g_printerr (_("issuant-agent: Only root reloads the services of this server\n"));

  return FALSE;
}

/**
 * agent_watch_live_stay:
 * @root_path: a server's folder
 * @clock: (transfer full): the time of day
 *
 * Reloads services whenever something is published, until SIGTERM or SIGINT. What is under way
 * then is cut off, and done again by the next start.
 *
 * Returns: the program's exit status
 */
int
agent_watch_live_stay (const char *root_path,
                       IssClock   *clock)
{
  g_autoptr(IssClock) owned = clock;
  g_autoptr(AgentReloader) reloader = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ended = FALSE;

  if (!may_reload (root_path))
    return ISS_AGENT_EXIT_NOT_OWNER;

  reloader = agent_reloader_new (root_path, clock, &error);
  if (reloader == NULL)
    {
      g_printerr ("issuant-agent: %s\n", error->message);
      return ISS_AGENT_EXIT_FAILED;
    }

  g_unix_signal_add (SIGTERM, end_cb, &ended);
  g_unix_signal_add (SIGINT, end_cb, &ended);
  agent_reloader_watch (reloader);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}

/**
 * agent_watch_live_once:
 * @root_path: a server's folder
 * @clock: (transfer full): the time of day
 *
 * Reloads the services that have not read what is published, also those that failed before.
 *
 * Returns: the program's exit status: failure when one of them still has not
 */
int
agent_watch_live_once (const char *root_path,
                       IssClock   *clock)
{
  g_autoptr(IssClock) owned = clock;
  g_autoptr(AgentReloader) reloader = NULL;
  g_autoptr(GError) error = NULL;

  if (!may_reload (root_path))
    return ISS_AGENT_EXIT_NOT_OWNER;

  reloader = agent_reloader_new (root_path, clock, &error);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_BUSY))
    return EXIT_SUCCESS;

  if (reloader == NULL)
    {
      g_printerr ("issuant-agent: %s\n", error->message);
      return ISS_AGENT_EXIT_FAILED;
    }

  agent_reloader_run (reloader, TRUE);
  while (agent_reloader_is_busy (reloader))
    g_main_context_iteration (NULL, TRUE);

  /* Those that could not even begin are counted by a pass that finds them so. */
  agent_reloader_run (reloader, FALSE);
  while (agent_reloader_is_busy (reloader))
    g_main_context_iteration (NULL, TRUE);

  return agent_reloader_get_n_failed (reloader) == 0 ? EXIT_SUCCESS : ISS_AGENT_EXIT_FAILED;
}
