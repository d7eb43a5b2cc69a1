/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/sshd.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define SSHD "/usr/sbin/sshd"

struct _IssTestSshd
{
  /* Owned */
  char        *folder;
  char        *config;      /* of the client: -F */
  GSubprocess *process;

  guint        port;
};

static void
write_file (IssTestSshd *self,
            const char  *name,
            const char  *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

static char *
read_file (IssTestSshd *self,
           const char  *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strchomp (text);
}

static void
make_key (IssTestSshd *self,
          const char  *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) keygen = NULL;

  keygen = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "ssh-keygen", "-q",
                             "-t", "ed25519", "-N", "", "-C", name, "-f", path, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (keygen, NULL, &error);
  g_assert_no_error (error);
}

/* Free when it is asked for; sshd wants it a moment later. */
static guint
find_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GError) error = NULL;
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  g_socket_listener_close (listener);
  return port;
}

static void
know_host_key (IssTestSshd *self,
               const char  *key_file)
{
  g_autofree char *public_key = read_file (self, key_file);
  g_auto(GStrv) words = g_strsplit (public_key, " ", 3);
  g_autofree char *line = g_strdup_printf ("[127.0.0.1]:%u %s %s\n", self->port, words[0],
                                           words[1]);

  write_file (self, "known_hosts", line);
}

static void
configure (IssTestSshd *self,
           const char  *key_options)
{
  const char *folder = self->folder;
  g_autofree char *user_key = read_file (self, "user.pub");
  g_autofree char *authorized = g_strdup_printf ("%s%s%s\n", key_options != NULL ? key_options : "",
                                                 key_options != NULL ? " " : "", user_key);
  g_autofree char *server = g_strdup_printf (
    "ListenAddress 127.0.0.1\nPort %u\nHostKey %s/host\nPidFile none\nUsePAM no\n"
    "StrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
    "PermitRootLogin yes\nAuthorizedKeysFile %s/authorized_keys\nLogLevel INFO\n",
    self->port, folder, folder);
  g_autofree char *client = g_strdup_printf (
    "Host *\n  UserKnownHostsFile %s/known_hosts\n  GlobalKnownHostsFile none\n"
    "  IdentityFile %s/user\n  IdentitiesOnly yes\n  IdentityAgent none\n"
    "  StrictHostKeyChecking ask\n  UpdateHostKeys no\n", folder, folder);

  write_file (self, "authorized_keys", authorized);
  write_file (self, "sshd_config", server);
  write_file (self, "config", client);
  know_host_key (self, "host.pub");
}

/* A test that fails must not leave a server behind. */
static void
end_with_parent_cb (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static void
start (IssTestSshd *self)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autofree char *config = g_build_filename (self->folder, "sshd_config", NULL);
  g_autoptr(GDataInputStream) log = NULL;
  g_autoptr(GError) error = NULL;

  /* Where it lives when it is started by hand as root. */
  g_mkdir ("/run/sshd", 0755);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent_cb, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, SSHD, "-D", "-e", "-f", config,
                                               NULL);
  g_assert_no_error (error);

  log = g_data_input_stream_new (g_subprocess_get_stderr_pipe (self->process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (log), FALSE);
  while (TRUE)
    {
      g_autofree char *line = g_data_input_stream_read_line (log, NULL, NULL, &error);

      g_assert_no_error (error);
      if (line == NULL)
        g_error ("sshd did not start");
      g_test_message ("sshd: %s", line);
      if (strstr (line, "Server listening") != NULL)
        break;
    }
}

/**
 * iss_test_sshd_new:
 * @temp: where its files go
 * @name: a folder in there
 * @key_options: (nullable): what stands before the key in authorized_keys
 *
 * Returns: (transfer full): a server that listens, and whose host key the client knows
 */
IssTestSshd *
iss_test_sshd_new (IssTempFolder *temp,
                   const char    *name,
                   const char    *key_options)
{
  IssTestSshd *self = g_new0 (IssTestSshd, 1);

  self->folder = iss_temp_folder_dup_path (temp, name);
  g_assert_no_errno (g_mkdir (self->folder, 0700));
  self->config = g_build_filename (self->folder, "config", NULL);
  self->port = find_port ();
  make_key (self, "host");
  make_key (self, "user");
  configure (self, key_options);
  start (self);
  return self;
}

/* Stops it, if it still runs. */
void
iss_test_sshd_free (IssTestSshd *self)
{
  iss_test_sshd_stop (self);
  g_free (self->folder);
  g_free (self->config);
  g_free (self);
}

guint
iss_test_sshd_get_port (IssTestSshd *self)
{
  return self->port;
}

const char *
iss_test_sshd_get_config (IssTestSshd *self)
{
  return self->config;
}

/* Nobody listens any more; connections that are open stay. */
void
iss_test_sshd_stop (IssTestSshd *self)
{
  if (self->process == NULL)
    return;

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

void
iss_test_sshd_forget_host_key (IssTestSshd *self)
{
  write_file (self, "known_hosts", "");
}

/* The client knows another key than the server has. */
void
iss_test_sshd_change_host_key (IssTestSshd *self)
{
  make_key (self, "other");
  know_host_key (self, "other.pub");
}

/* The client's key is not let in any more. */
void
iss_test_sshd_lock_out (IssTestSshd *self)
{
  write_file (self, "authorized_keys", "");
}

/* The client's key wants a passphrase from now on. */
void
iss_test_sshd_lock_key (IssTestSshd *self,
                        const char  *passphrase)
{
  g_autofree char *path = g_build_filename (self->folder, "user", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) keygen = NULL;

  keygen = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "ssh-keygen", "-q", "-p",
                             "-P", "", "-N", passphrase, "-f", path, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (keygen, NULL, &error);
  g_assert_no_error (error);
}

/* What the client knows by now. */
char *
iss_test_sshd_dup_known_hosts (IssTestSshd *self)
{
  return read_file (self, "known_hosts");
}

/* "SHA256:…" of the server's own key. */
char *
iss_test_sshd_dup_fingerprint (IssTestSshd *self)
{
  g_autofree char *public_key = read_file (self, "host.pub");
  g_auto(GStrv) words = g_strsplit (public_key, " ", 3);
  g_autofree guchar *bytes = NULL;
  g_autofree char *encoded = NULL;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize size = 0;
  gsize digest_size = sizeof digest;

  bytes = g_base64_decode (words[1], &size);
  g_checksum_update (checksum, bytes, (gssize) size);
  g_checksum_get_digest (checksum, digest, &digest_size);
  encoded = g_base64_encode (digest, digest_size);
  /* OpenSSH leaves the padding out. */
  *strchrnul (encoded, '=') = '\0';
  return g_strconcat ("SHA256:", encoded, NULL);
}
