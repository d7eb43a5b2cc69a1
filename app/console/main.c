/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/console/application.h"
#include "core/agent/token-helper.h"
#include "core/base/secret.h"

/* Every server is a process with two pipes or a socket: the usual 1024 are few. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = MIN (limit.rlim_max, 65536);
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(IssApplication) application = NULL;
  g_autofree char *own_path = NULL;
  int status;

  /* Before anything else allocates: passwords and keys live in memory of their own. */
  iss_secret_init_memory ();

  signal (SIGPIPE, SIG_IGN);
  raise_file_limit ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ISS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Started by this program for one signature: see core/central/token-signer.h. What PKCS#11
   * modules do at the end of a process is not waited for. */
  if (argc == 2 && strcmp (argv[1], ISS_TOKEN_HELPER_OPTION) == 0)
    _exit (iss_token_helper_serve (STDIN_FILENO, g_getenv ("CREDENTIALS_DIRECTORY"))
           ? EXIT_SUCCESS : EXIT_FAILURE);

  own_path = g_file_read_link ("/proc/self/exe", NULL);
  application = iss_application_new (own_path);

  status = g_application_run (G_APPLICATION (application), argc, argv);

  return status != 0 ? status : iss_application_get_status (application);
}
