/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/agent/owner.h"
#include "app/agent/parser.h"
#include "app/agent/resident.h"
#include "app/agent/watch-live.h"
#include "core/agent/agent-service.h"
#include "core/agent/agent-stream.h"
#include "core/agent/parser-client.h"
#include "core/agent/ssh-failure.h"
#include "core/agent/token-helper.h"
#include "core/agent/vetting.h"
#include "core/base/error.h"
#include "core/base/secret.h"
#include "core/base/text.h"

#define DEFAULT_ROOT "/var/lib/issuant"
#define MAX_WHO 64

typedef struct
{
  gboolean  stdio;
  gboolean  service;
  gboolean  run_due;
  gboolean  watch_live;
  gboolean  reload_consumers;
  gboolean  version;
  char     *root;
  gint64    at;
  char     *who;
  char     *role;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->root);
  g_free (options->who);
  g_free (options->role);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static int
fail (int         status,
      const char *message)
{
  g_printerr ("issuant-agent: %s\n", message);
  return status;
}

/* Who is at the other end, when nobody says: the account that was logged in to, and from
 * where. */
static char *
dup_default_who (void)
{
  const struct passwd *entry = getpwuid (getuid ());
  g_autofree char *name = entry != NULL ? g_strdup (entry->pw_name)
                                        : g_strdup_printf ("%u", (guint) getuid ());
  const char *connection = g_getenv ("SSH_CONNECTION");
  g_auto(GStrv) words = g_strsplit (connection != NULL ? connection : "", " ", 2);

  if (words[0] == NULL || *words[0] == '\0' || !iss_text_is_clean (words[0], MAX_WHO))
    return g_steal_pointer (&name);

  return g_strdup_printf ("%s from %s", name, words[0]);
}

static gboolean
check_options (Options  *options,
               GError  **error)
{
  int n_modes;

  if (options->at < 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--at takes seconds since 1970"));
      return FALSE;
    }

  if (options->at != 0 && options->root == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--at is only for a folder of one's own (--root)"));
      return FALSE;
    }

  if (options->root != NULL && !g_path_is_absolute (options->root))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--root takes the whole path of a folder"));
      return FALSE;
    }

  if (options->role == NULL)
    options->role = g_strdup ("operator");

  if (strcmp (options->role, "operator") != 0 && strcmp (options->role, "viewer") != 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--role is operator or viewer"));
      return FALSE;
    }

  if (options->who != NULL &&
      (*options->who == '\0' || !iss_text_is_clean (options->who, MAX_WHO)))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--who is a name of at most 64 characters"));
      return FALSE;
    }

  n_modes = options->stdio + options->service + options->run_due + options->watch_live +
            options->reload_consumers + options->version;
  if (n_modes > 1)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--stdio, --service, --run-due, --watch-live and --reload-consumers "
                             "exclude each other"));
      return FALSE;
    }

  if (n_modes == 0)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--stdio is missing: the agent is started by a console or by ssh"));
      return FALSE;
    }

  return TRUE;
}

static gboolean
parse_options (Options   *options,
               int       *argc,
               char    ***argv,
               GError   **error)
{
  const GOptionEntry entries[] =
    {
      { "stdio", 0, 0, G_OPTION_ARG_NONE, &options->stdio,
        N_("Speak to a console on stdin and stdout"), NULL },
      { "service", 0, 0, G_OPTION_ARG_NONE, &options->service,
        N_("Stay, and run what is due at its instant; for systemd"), NULL },
      { "run-due", 0, 0, G_OPTION_ARG_NONE, &options->run_due,
        N_("Run what is due now, and end"), NULL },
      { "watch-live", 0, 0, G_OPTION_ARG_NONE, &options->watch_live,
        N_("As root, where systemd does not: stay, and reload the services that use what is "
           "published"), NULL },
      { "reload-consumers", 0, 0, G_OPTION_ARG_NONE, &options->reload_consumers,
        N_("As root: reload the services that have not read what is published, and end"), NULL },
      { "root", 0, 0, G_OPTION_ARG_FILENAME, &options->root,
        N_("Work on this folder instead of /var/lib/issuant"), N_("FOLDER") },
      { "at", 0, 0, G_OPTION_ARG_INT64, &options->at,
        N_("With --root: take this instant for now"), N_("SECONDS") },
      { "who", 0, 0, G_OPTION_ARG_STRING, &options->who,
        N_("The name for the audit log"), N_("NAME") },
      { "role", 0, 0, G_OPTION_ARG_STRING, &options->role,
        N_("operator, or viewer who changes nothing"), N_("ROLE") },
      { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_("Show the version"), NULL },
      { NULL }
    };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, _("Owns the certificates of one server."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("There is no argument “%s”"), (*argv)[1]);
      return FALSE;
    }

  return check_options (options, error);
}

static void
closed_cb (GDBusConnection *connection,
           gboolean         vanished,
           GError          *error,
           gboolean        *ended)
{
  *ended = TRUE;
}

static IssClock *
new_clock (const Options *options)
{
  return options->at != 0 ? iss_clock_new_fixed (options->at) : iss_clock_new_system ();
}

/* Until the console is gone, and what it has asked for is done. */
static int
serve (GIOStream     *stream,
       IssRootFolder *root,
       const Options *options)
{
  g_autoptr(IssClock) clock = new_clock (options);
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr(IssAgentService) service = NULL;
  g_autoptr(GDBusConnection) connection = NULL;
  g_autoptr(GError) error = NULL;
  gboolean ended = FALSE;

  if (!iss_agent_stream_greet (stream, &error))
    return fail (ISS_AGENT_EXIT_FAILED, error->message);

  connection = iss_agent_stream_accept (stream, NULL, &error);
  if (connection == NULL)
    return fail (ISS_AGENT_EXIT_FAILED, error->message);

  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), &ended);
  service = iss_agent_service_new (root, clock, g_time_zone_get_identifier (zone), options->role,
                                   options->who);
  if (!iss_agent_service_export (service, connection, &error))
    return fail (ISS_AGENT_EXIT_FAILED, error->message);

  while (!ended || iss_agent_service_is_busy (service))
    g_main_context_iteration (NULL, TRUE);

  return EXIT_SUCCESS;
}

int
main (int    argc,
      char **argv)
{
  g_auto(Options) options = { FALSE };
  g_autoptr(GIOStream) stream = NULL;
  g_autoptr(IssRootFolder) root = NULL;
  g_autoptr(GError) error = NULL;
  const char *folder;
  int status = ISS_AGENT_EXIT_FAILED;

  signal (SIGPIPE, SIG_IGN);
  umask (0077);
  setlocale (LC_ALL, "");
  iss_secret_init_memory ();

  /* No module of the desktop's is loaded into the process that owns the keys. */
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GIO_MODULE_DIR", "/nonexistent", TRUE);

  /* Started by an agent, for one file or one message. */
  if (argc == 2 && strcmp (argv[1], ISS_PARSER_CLIENT_OPTION) == 0)
    agent_parser_run (STDIN_FILENO, FALSE);
  if (argc == 2 && strcmp (argv[1], ISS_VETTING_OPTION) == 0)
    agent_parser_run (STDIN_FILENO, TRUE);

  /* Started by an agent, for one signature: what PKCS#11 modules do at the end of a process
   * is not waited for. */
  if (argc == 2 && strcmp (argv[1], ISS_TOKEN_HELPER_OPTION) == 0)
    _exit (iss_token_helper_serve (STDIN_FILENO, g_getenv ("CREDENTIALS_DIRECTORY"))
           ? EXIT_SUCCESS : EXIT_FAILURE);

  if (!parse_options (&options, &argc, &argv, &error))
    return fail (ISS_AGENT_EXIT_USAGE, error->message);

  if (options.version)
    {
      g_print ("issuant-agent %s\n", ISSUANT_VERSION);
      return EXIT_SUCCESS;
    }

  stream = options.stdio ? iss_agent_stream_take_stdio (&error) : NULL;
  if (options.stdio && stream == NULL)
    return fail (ISS_AGENT_EXIT_USAGE, error->message);

  /* Asked before it becomes somebody else. */
  if (options.who == NULL)
    options.who = dup_default_who ();

  folder = options.root != NULL ? options.root : DEFAULT_ROOT;

  /* Root stays root: it does what its own configuration names, and nothing else. */
  if (options.watch_live)
    return agent_watch_live_stay (folder, new_clock (&options));
  if (options.reload_consumers)
    return agent_watch_live_once (folder, new_clock (&options));

  if (!agent_owner_become (folder, options.root != NULL, &status, &error))
    return fail (status, error->message);

  /* Whoever changes accounts can be dumped again where fs.suid_dumpable says so. */
  iss_secret_init_memory ();

  root = iss_root_folder_open (folder, TRUE, &error);
  if (root == NULL)
    return fail (ISS_AGENT_EXIT_FAILED, error->message);

  if (options.service)
    return agent_resident_stay (root, new_clock (&options));
  if (options.run_due)
    return agent_resident_run_due (root, new_clock (&options));

  return serve (stream, root, &options);
}
