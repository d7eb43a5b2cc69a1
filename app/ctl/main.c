/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/cmdlet.h"
#include "app/ctl/verb.h"
#include "core/agent/token-helper.h"
#include "core/base/error.h"
#include "core/base/secret.h"
#include "core/base/text.h"

static const CtlVerb *const verbs[] = {
  &ctl_list_servers_verb,
  &ctl_add_server_verb,
  &ctl_remove_server_verb,
  &ctl_set_pool_verb,
  &ctl_test_server_verb,
  &ctl_get_store_verb,
  &ctl_show_certificate_verb,
  &ctl_get_certificate_verb,
  &ctl_import_certificate_verb,
  &ctl_export_certificate_verb,
  &ctl_copy_certificate_verb,
  &ctl_set_certificate_verb,
  &ctl_remove_certificate_verb,
  &ctl_delete_certificate_verb,
  &ctl_restore_certificate_verb,
  &ctl_set_property_verb,
  &ctl_set_key_access_verb,
  &ctl_set_key_uri_verb,
  &ctl_test_certificate_verb,
  &ctl_get_presence_verb,
  &ctl_test_proof_verb,
  &ctl_test_pool_verb,
  &ctl_get_run_sheet_verb,
  &ctl_verify_record_verb,
  &ctl_inspect_pfx_verb,
  &ctl_make_administrator_key_verb,
  &ctl_get_administrator_key_verb,
  &ctl_enroll_server_verb,
  &ctl_get_administrator_verb,
  &ctl_add_administrator_verb,
  &ctl_remove_administrator_verb,
  &ctl_get_replication_status_verb,
  &ctl_invoke_replication_verb,
  &ctl_replicate_verb,
  &ctl_get_task_verb,
  &ctl_get_log_verb,
};

static const char *const everywhere[] = { "demo", "seed", "at", "reset", "topology", "json",
                                          "help", "version" };

static const CtlVerb *
find_verb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (strcmp (verbs[i]->name, name) == 0)
        return verbs[i];
    }

  return NULL;
}

static void
print_option (const char *name)
{
  const char *argument = ctl_command_line_get_argument (name);
  const char *spelling = ctl_command_line_get_spelling (name);
  g_autofree char *left = argument != NULL ? g_strdup_printf ("--%s %s", spelling, argument)
                                           : g_strdup_printf ("--%s", spelling);

  g_print ("  %-28s %s\n", left, ctl_command_line_get_help (name));
}

static void
print_options (const char *const *names,
               gsize              n)
{
  for (gsize i = 0; i < n; i++)
    print_option (names[i]);
}

static void
print_help (void)
{
  g_print (_("Usage: issuantctl [--demo | --topology FILE] VERB [OPTIONS]\n\n"
             "The same certificate on every server of a pool, from a shell.\n\nVerbs:\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_print ("  %-28s %s\n", verbs[i]->name, _(verbs[i]->summary));

  g_print (_("\nOptions of every verb:\n"));
  print_options (everywhere, G_N_ELEMENTS (everywhere));
  g_print (_("\n“issuantctl VERB --help” shows the options of one verb.\n\n"
             "Exit status: 0 done, 1 failed, 2 wrong use, 3 done on some servers only, "
             "4 refused by a rule, 5 no server reached.\n"));
}

/* The rows of the transition table. */
static void
print_changes (const IssTransitionKind *changes,
               gsize                    n)
{
  g_print (_("\nWhat becomes of the current, previous and staged certificate:\n"));
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *help = iss_transition_dup_help (changes[i]);

      g_print ("  %s: %s\n", iss_transition_get_label (changes[i]), help);
    }
}

static void
print_verb_help (const CtlVerb *verb)
{
  g_print (_("Usage: issuantctl %s%s%s [OPTIONS]\n\n%s\n\nOptions:\n"), verb->name,
           *verb->words != '\0' ? " " : "", verb->words, _(verb->summary));
  print_options (verb->options, g_strv_length ((char **) verb->options));
  g_print ("\n");
  print_options (everywhere, G_N_ELEMENTS (everywhere));
  if (verb->n_changes > 0)
    print_changes (verb->changes, verb->n_changes);
}

static CtlExitStatus
run (CtlCommandLine *command_line,
     const char     *program)
{
  const char *name = ctl_command_line_get_verb (command_line);
  const CtlVerb *verb = name != NULL ? find_verb (name) : NULL;
  g_autoptr(CtlContext) context = NULL;
  g_autoptr(GError) error = NULL;

  if (ctl_command_line_has (command_line, "version"))
    {
      g_print ("issuantctl %s\n", ISS_VERSION);
      return CTL_EXIT_STATUS_DONE;
    }

  if (name == NULL)
    {
      print_help ();
      return ctl_command_line_has (command_line, "help") ? CTL_EXIT_STATUS_DONE
                                                         : CTL_EXIT_STATUS_WRONG_USE;
    }

  if (verb == NULL)
    {
      g_autofree char *shown = iss_text_sanitise (name, -1, 40);

      g_printerr (_("issuantctl: There is no verb “%s”: “issuantctl --help” lists them\n"), shown);
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (ctl_command_line_has (command_line, "help"))
    {
      print_verb_help (verb);
      return CTL_EXIT_STATUS_DONE;
    }

  if (!ctl_command_line_check (command_line, verb->options, verb->n_words, &error))
    return ctl_context_fail (NULL, error);

  context = verb->is_local ? ctl_context_new_local (command_line)
                           : ctl_context_new (command_line, program, &error);
  if (context == NULL)
    return ctl_context_fail (NULL, error);

  return verb->run (context);
}

/* Where no locale is set, as in a bare server's cron, "●" would become "?", which is the symbol
 * of another state: UTF-8 is what the terminal at the other end shows. */
static void
set_locale (void)
{
  setlocale (LC_ALL, "");
  if (strcmp (nl_langinfo (CODESET), "ANSI_X3.4-1968") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(CtlCommandLine) command_line = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *program = NULL;
  g_autoptr(IssSecret) password = NULL;
  g_auto(GStrv) words = NULL;

  iss_secret_init_memory ();
  signal (SIGPIPE, SIG_IGN);
  set_locale ();
  bindtextdomain (GETTEXT_PACKAGE, ISS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Started by this program for one signature: see core/central/token-signer.h. What PKCS#11
   * modules do at the end of a process is not waited for. */
  if (argc == 2 && strcmp (argv[1], ISS_TOKEN_HELPER_OPTION) == 0)
    _exit (iss_token_helper_serve (STDIN_FILENO, g_getenv ("CREDENTIALS_DIRECTORY"))
           ? EXIT_SUCCESS : EXIT_FAILURE);

  program = g_file_read_link ("/proc/self/exe", NULL);
  words = ctl_cmdlet_translate (argc, argv, &password, &error);
  if (words == NULL)
    return ctl_context_fail (NULL, error);
  if (password != NULL)
    g_printerr (_("Warning: -Password could be read in the list of processes and stays in the "
                  "shell's history: use --password-file\n"));

  command_line = ctl_command_line_parse ((int) g_strv_length (words),
                                         (const char *const *) words, &error);
  if (command_line == NULL)
    return ctl_context_fail (NULL, error);
  ctl_command_line_set_password (command_line, password);

  return run (command_line, program);
}
