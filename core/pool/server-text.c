/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/server.h"

#include <glib/gi18n-lib.h>

#include "core/agent/ssh-failure.h"

/* What a server's state is called, and what to do about it. */

/**
 * iss_server_dup_state_text:
 * @self: a server
 *
 * Returns: (transfer full): one sentence that says whether it answers
 */
char *
iss_server_dup_state_text (IssServer *self)
{
  g_autofree char *name = iss_server_dup_short_name (self);

  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  switch (iss_server_get_state (self))
    {
    case ISS_SERVER_STATE_NEW:
      return g_strdup_printf (_("%s was not looked at yet."), name);

    case ISS_SERVER_STATE_CONNECTING:
      return g_strdup_printf (_("Connecting to %s…"), name);

    case ISS_SERVER_STATE_READY:
      return g_strdup_printf (_("%s answers."), name);

    case ISS_SERVER_STATE_UNREACHABLE:
      return g_strdup_printf (_("%s does not answer."), name);

    case ISS_SERVER_STATE_LOGIN:
      return g_strdup_printf (_("%s does not let us in."), name);

    case ISS_SERVER_STATE_HOST_KEY_UNKNOWN:
      return g_strdup_printf (_("The host key of %s is not known yet."), name);

    case ISS_SERVER_STATE_HOST_KEY_CHANGED:
      return g_strdup_printf (_("The host key of %s has changed. It may be another machine."),
                              name);

    case ISS_SERVER_STATE_NO_AGENT:
      return g_strdup_printf (_("%s answers, but issuant-agent is not installed there."), name);

    case ISS_SERVER_STATE_PROTOCOL:
      return g_strdup_printf (_("%s speaks another protocol version, or none."), name);

    case ISS_SERVER_STATE_NOT_OWNER:
      return g_strdup_printf (_("%s answers, but to the wrong account."), name);

    case ISS_SERVER_STATE_FAILED:
      return g_strdup_printf (_("%s cannot be looked at."), name);
    }

  g_return_val_if_reached (NULL);
}

/* What to type after "ssh" to reach the same account as we do. */
static char *
dup_ssh_target (IssConnectionAddress *address)
{
  const char *host = iss_connection_address_get_host (address);
  const char *user = iss_connection_address_get_user (address);
  guint port = iss_connection_address_get_port (address);
  g_autofree char *place = user != NULL ? g_strdup_printf ("%s@%s", user, host) : g_strdup (host);

  return port != 0 ? g_strdup_printf ("-p %u %s", port, place) : g_steal_pointer (&place);
}

/**
 * iss_server_dup_remedy_text:
 * @self: a server
 *
 * Returns: (transfer full) (nullable): what to do about its state, or %NULL if
 *   there is nothing to do
 */
char *
iss_server_dup_remedy_text (IssServer *self)
{
  g_autofree char *target = NULL;
  g_autofree char *command = NULL;
  IssConnectionAddress *address;
  const char *host;

  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  address = iss_server_get_address (self);
  command = iss_ssh_failure_dup_install_command (address);
  host = iss_connection_address_get_host (address);
  if (host == NULL)
    host = iss_server_get_name (self);
  else
    target = dup_ssh_target (address);

  switch (iss_server_get_state (self))
    {
    case ISS_SERVER_STATE_NEW:
    case ISS_SERVER_STATE_CONNECTING:
    case ISS_SERVER_STATE_READY:
      return NULL;

    case ISS_SERVER_STATE_UNREACHABLE:
      if (target == NULL)
        return g_strdup (_("Nothing can be changed on it until it answers."));

      return g_strdup_printf (_("Nothing can be changed on it until it answers. "
                                "Try “ssh %s” in a terminal."), target);

    case ISS_SERVER_STATE_LOGIN:
      return g_strdup_printf (_("Check the account and the key: try “ssh %s” in a terminal."),
                              target != NULL ? target : host);

    case ISS_SERVER_STATE_HOST_KEY_UNKNOWN:
      return g_strdup_printf (_("Compare its fingerprint with the server's own, then accept it: "
                                "“ssh %s” in a terminal asks."),
                              target != NULL ? target : host);

    case ISS_SERVER_STATE_HOST_KEY_CHANGED:
      return g_strdup_printf (_("Find out why before you connect. If the server was installed "
                                "anew, remove the old key with “ssh-keygen -R %s”."), host);

    case ISS_SERVER_STATE_NO_AGENT:
      if (command == NULL)
        return g_strdup (_("Say where it is: agent=/path in its group of the topology file."));

      return g_strdup_printf (_("Install it from the folder of Issuant's sources: “%s” shows what "
                                "it will do, and asks. Or, if it is there, say where: agent=/path "
                                "in its group of the topology file."), command);

    case ISS_SERVER_STATE_PROTOCOL:
      if (command == NULL)
        return g_strdup_printf (_("Bring issuant-agent on %s and this program to the same "
                                  "version."), host);

      return g_strdup_printf (_("Bring issuant-agent on %s and this program to the same version: "
                                "“%s” in the folder of Issuant's sources updates it."),
                              host, command);

    case ISS_SERVER_STATE_NOT_OWNER:
      return g_strdup_printf (_("Connect as the owner of its folder: change the connection "
                                "to ssh://issuant@%s."), host);

    case ISS_SERVER_STATE_FAILED:
      return g_strdup (_("The details say why."));
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_server_dup_trouble_text:
 * @self: a server
 *
 * Returns: (transfer full) (nullable): what is wrong on a server that answers, one or two
 *   sentences, as it was seen last; %NULL when nothing is
 */
char *
iss_server_dup_trouble_text (IssServer *self)
{
  IssObservation *observation;
  const char *reason;
  g_autofree char *name = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (self), NULL);

  observation = iss_server_get_observation (self);
  reason = observation != NULL ? iss_observation_get_reconcile_error (observation) : NULL;
  if (reason == NULL)
    return NULL;

  name = iss_server_dup_short_name (self);
  /* Translators: a server, and a sentence without a full stop that says why */
  return g_strdup_printf (_("What services read on %s may not be what is assigned: it could not "
                            "be mended. %s."), name, reason);
}
