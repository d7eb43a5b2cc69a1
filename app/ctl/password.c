/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/password.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/error.h"

#define MAX_PASSWORD_BYTES 1024

static IssSecret *
read_descriptor (int          fd,
                 const char  *what,
                 GError     **error)
{
  g_autoptr(IssSecret) whole = iss_secret_read_fd (fd, MAX_PASSWORD_BYTES, what, error);

  if (whole == NULL)
    return NULL;

  return iss_secret_without_newline (whole);
}

static IssSecret *
read_file (const char  *path,
           const char  *what,
           GError     **error)
{
  struct stat info;
  IssSecret *secret;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    {
      iss_error_set_from_errno (error, errno, _("%s cannot be read"), what);
      return NULL;
    }

  if (fstat (fd, &info) == 0 && S_ISDIR (info.st_mode))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s is a folder"), path);
      close (fd);
      return NULL;
    }

  secret = read_descriptor (fd, path, error);
  close (fd);

  return secret;
}

/* Reads a line from the terminal straight into secret memory. */
static gsize
read_line (int   tty,
           char *line)
{
  gsize size = 0;
  ssize_t n;

  do
    {
      n = read (tty, line + size, MAX_PASSWORD_BYTES - size);
      if (n > 0)
        size += (gsize) n;
    }
  while (n < 0 && errno == EINTR);

  return size;
}

/* Asks on the terminal, without echo. Ctrl+C ends a line like Enter does, so that
 * the terminal echoes again before it ends the program. */
static IssSecret *
ask (const char  *prompt,
     const char  *what,
     const char  *option,
     GError     **error)
{
  struct termios before;
  struct termios quiet;
  gboolean interrupted;
  gpointer line;
  g_autoptr(IssSecret) typed = iss_secret_new_sized (MAX_PASSWORD_BYTES, &line);
  gsize size;
  int tty = open ("/dev/tty", O_RDWR | O_CLOEXEC);

  if (tty < 0 || tcgetattr (tty, &before) != 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s needs a password, and there is no terminal to ask on: "
                     "use %s"), what, option);
      if (tty >= 0)
        close (tty);
      return NULL;
    }

  /* Quiet before it asks: what is typed at once must not be seen either. */
  quiet = before;
  quiet.c_lflag &= ~((tcflag_t) (ECHO | ISIG));
  quiet.c_cc[VEOL] = before.c_cc[VINTR];
  tcsetattr (tty, TCSAFLUSH, &quiet);
  dprintf (tty, "%s", prompt);
  size = read_line (tty, line);
  dprintf (tty, "\n");
  tcsetattr (tty, TCSAFLUSH, &before);
  close (tty);

  interrupted = size > 0 && before.c_cc[VINTR] != _POSIX_VDISABLE &&
                ((const guint8 *) line)[size - 1] == before.c_cc[VINTR];
  if (interrupted)
    raise (SIGINT);
  if (size > 0 && ((char *) line)[size - 1] == '\n')
    size--;

  return iss_secret_new (line, size);
}

static IssSecret *
ask_for (const char  *what,
         const char  *option,
         GError     **error)
{
  g_autofree char *prompt = g_strdup_printf (_("Password of %s: "), what);

  return ask (prompt, what, option, error);
}

/**
 * ctl_password_is_given:
 * @command_line: what was typed
 *
 * Returns: whether ctl_password_get() will not ask
 */
gboolean
ctl_password_is_given (CtlCommandLine *command_line)
{
  return ctl_command_line_has (command_line, "password-file")
         || ctl_command_line_has (command_line, "password-fd")
         || ctl_command_line_get_password (command_line) != NULL;
}

/**
 * ctl_password_get:
 * @command_line: what was typed
 * @what: what the password opens, for the prompt
 * @error: return location for an error
 *
 * Gets the password from where the options say: a file, a descriptor, a cmdlet's
 * -Password, or else the terminal.
 *
 * Returns: (transfer full): the password, or %NULL with @error set
 */
IssSecret *
ctl_password_get (CtlCommandLine  *command_line,
                  const char      *what,
                  GError         **error)
{
  const char *file = ctl_command_line_get (command_line, "password-file");
  const char *fd_text = ctl_command_line_get (command_line, "password-fd");
  IssSecret *typed = ctl_command_line_get_password (command_line);
  guint64 fd;

  if ((typed != NULL) + (file != NULL) + (fd_text != NULL) > 1)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("Say one password only: -Password, --password-file and "
                             "--password-fd exclude each other"));
      return NULL;
    }

  if (typed != NULL)
    return iss_secret_ref (typed);

  if (file != NULL)
    {
      g_autofree char *named = g_strdup_printf (_("The password file %s"), file);

      return read_file (file, named, error);
    }

  if (fd_text == NULL)
    return ask_for (what, "--password-file", error);

  if (!g_ascii_string_to_unsigned (fd_text, 10, 0, 65535, &fd, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("--password-fd takes the number of an open descriptor"));
      return NULL;
    }

  return read_descriptor ((int) fd, "--password-fd", error);
}

/**
 * ctl_password_get_signing:
 * @command_line: what was typed
 * @what: the key that signs, for the prompt
 * @error: return location for an error
 *
 * Gets the passphrase of the administrator's key from --key-password-file, or else from the
 * terminal: --password-file may be that of what is imported.
 *
 * Returns: (transfer full): the passphrase, or %NULL with @error set
 */
IssSecret *
ctl_password_get_signing (CtlCommandLine  *command_line,
                          const char      *what,
                          GError         **error)
{
  const char *file = ctl_command_line_get (command_line, "key-password-file");
  g_autofree char *named = NULL;

  if (file == NULL)
    return ask_for (what, "--key-password-file", error);

  named = g_strdup_printf (_("The password file %s"), file);

  return read_file (file, named, error);
}

/**
 * ctl_password_choose:
 * @command_line: what was typed
 * @what: what the password will protect, for the prompt
 * @error: return location for an error
 *
 * Gets a new password like ctl_password_get(), but asks for it twice on the terminal.
 *
 * Returns: (transfer full): the password, not empty, or %NULL with @error set
 */
IssSecret *
ctl_password_choose (CtlCommandLine  *command_line,
                     const char      *what,
                     GError         **error)
{
  g_autoptr(IssSecret) password = ctl_password_get (command_line, what, error);
  g_autoptr(IssSecret) again = NULL;

  if (password == NULL)
    return NULL;

  if (iss_secret_get_size (password) == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s holds a private key and needs a password that is not empty"), what);
      return NULL;
    }

  if (ctl_password_is_given (command_line))
    return g_steal_pointer (&password);

  again = ask (_("The same password again: "), what, "--password-file", error);
  if (again == NULL)
    return NULL;

  if (!iss_secret_equal (password, again))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("The two passwords are not the same: nothing was done"));
      return NULL;
    }

  return g_steal_pointer (&password);
}

/**
 * ctl_password_ask_pin:
 * @prompt: what to ask
 * @error: return location for an error
 *
 * Asks for a token's PIN on the terminal if there is one. An empty one means one that is kept
 * where the token's own computer finds it, as none does.
 *
 * Returns: (transfer full) (nullable): the PIN; %NULL with @error unset: there is none
 */
IssSecret *
ctl_password_ask_pin (const char  *prompt,
                      GError     **error)
{
  int tty = open ("/dev/tty", O_RDWR | O_CLOEXEC);

  if (tty < 0)
    return NULL;

  close (tty);
  return ask (prompt, _("The token"), "--pin-file", error);
}

/**
 * ctl_password_get_pin:
 * @command_line: what was typed
 * @error: return location for an error
 *
 * Gets a token's PIN from --pin-file, else from the terminal if there is one. An empty one means
 * the server's own, as none does.
 *
 * Returns: (transfer full) (nullable): the PIN; %NULL with @error unset: there is none
 */
IssSecret *
ctl_password_get_pin (CtlCommandLine  *command_line,
                      GError         **error)
{
  const char *file = ctl_command_line_get (command_line, "pin-file");

  if (file != NULL)
    {
      g_autofree char *named = g_strdup_printf (_("The PIN file %s"), file);

      return read_file (file, named, error);
    }

  return ctl_password_ask_pin (_("PIN of the token (nothing: the server's own): "), error);
}
