/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/launch.h"

#include "core/agent/ssh-host-key.h"

G_DEFINE_BOXED_TYPE (IssLaunch, iss_launch, iss_launch_copy, iss_launch_free)

/* A connection that is shared (ControlMaster) has had its host key compared by another process, and
 * nothing says which it was: each has its own. What the configuration says of a jump host still
 * holds: that is an ssh of its own. */
static void
add_ssh_options (GStrvBuilder *argv)
{
  const char *const options[] =
    {
      "ClearAllForwardings=yes",
      "PermitLocalCommand=no",
      "ServerAliveInterval=15",
      "ServerAliveCountMax=3",
      "ConnectTimeout=15",
      "FingerprintHash=sha256",
      "ControlPath=none",
      ISS_SSH_HOST_KEY_OPTION,
    };

  g_strv_builder_add_many (argv, "-T", "-a", "-x", "-e", "none", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_strv_builder_add_many (argv, "-o", options[i], NULL);
}

static void
add_ssh (const IssLaunch      *self,
         IssConnectionAddress *address,
         GStrvBuilder         *argv)
{
  guint port = iss_connection_address_get_port (address);
  const char *user = iss_connection_address_get_user (address);
  g_autofree char *quoted = g_shell_quote (self->remote_agent);

  g_strv_builder_add (argv, self->ssh_program);
  add_ssh_options (argv);

  if (self->ssh_config != NULL)
    g_strv_builder_add_many (argv, "-F", self->ssh_config, NULL);

  if (port != 0)
    {
      g_autofree char *text = g_strdup_printf ("%u", port);

      g_strv_builder_add_many (argv, "-p", text, NULL);
    }

  if (user != NULL)
    g_strv_builder_add_many (argv, "-l", user, NULL);

  if (self->askpass == NULL)
    g_strv_builder_add_many (argv, "-o", "BatchMode=yes", NULL);

  /* The login shell reads the command: exec, so that it does not stay between sshd and us. */
  g_strv_builder_add_many (argv, "--", iss_connection_address_get_host (address),
                           "exec", quoted, "--stdio", NULL);
}

static void
add_local (const IssLaunch      *self,
           IssConnectionAddress *address,
           GStrvBuilder         *argv)
{
  g_strv_builder_add_many (argv, self->local_agent, "--stdio",
                           "--root", iss_connection_address_get_folder (address), NULL);

  if (self->at != 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, self->at);

      g_strv_builder_add_many (argv, "--at", text, NULL);
    }

  if (self->who != NULL)
    g_strv_builder_add_many (argv, "--who", self->who, NULL);
}

/**
 * iss_launch_new:
 * @local_agent: path of `issuant-agent` on this machine
 *
 * The usual way to start agents; change the fields before it is used.
 *
 * Returns: (transfer full): how to start agents
 */
IssLaunch *
iss_launch_new (const char *local_agent)
{
  IssLaunch *self;

  g_return_val_if_fail (local_agent != NULL, NULL);

  self = g_new0 (IssLaunch, 1);
  self->local_agent = g_strdup (local_agent);
  self->remote_agent = g_strdup ("/usr/libexec/issuant-agent");
  self->ssh_program = g_strdup ("ssh");
  return self;
}

/**
 * iss_launch_copy:
 * @self: how to start agents
 *
 * Returns: (transfer full): a copy, for instance to override something for one server
 */
IssLaunch *
iss_launch_copy (const IssLaunch *self)
{
  IssLaunch *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (IssLaunch, 1);
  copy->local_agent = g_strdup (self->local_agent);
  copy->remote_agent = g_strdup (self->remote_agent);
  copy->askpass = g_strdup (self->askpass);
  copy->ssh_program = g_strdup (self->ssh_program);
  copy->ssh_config = g_strdup (self->ssh_config);
  copy->who = g_strdup (self->who);
  copy->at = self->at;
  copy->patience = self->patience;
  return copy;
}

/**
 * iss_launch_free:
 * @self: (transfer full) (nullable): how to start agents
 *
 * Frees it.
 */
void
iss_launch_free (IssLaunch *self)
{
  if (self == NULL)
    return;

  g_free (self->local_agent);
  g_free (self->remote_agent);
  g_free (self->askpass);
  g_free (self->ssh_program);
  g_free (self->ssh_config);
  g_free (self->who);
  g_free (self);
}

/**
 * iss_launch_dup_argv:
 * @self: how to start agents
 * @address: the server
 *
 * The command that starts the agent of @address with its protocol on stdin and stdout: the
 * agent itself when local, else ssh. No secret is ever in it.
 *
 * Returns: (transfer full): its arguments, the program first
 */
char **
iss_launch_dup_argv (const IssLaunch      *self,
                     IssConnectionAddress *address)
{
  g_autoptr(GStrvBuilder) argv = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  argv = g_strv_builder_new ();
  switch (iss_connection_address_get_kind (address))
    {
    case ISS_CONNECTION_LOCAL:
      add_local (self, address, argv);
      break;

    case ISS_CONNECTION_SSH:
      add_ssh (self, address, argv);
      break;
    }

  return g_strv_builder_end (argv);
}
