/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/command-line.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_ARGUMENT_BYTES 4096

typedef struct
{
  const char *name;
  const char *argument;   /* NULL: it is a switch */
  const char *help;
  gboolean    everywhere; /* taken by every verb */
} Option;

static const Option options[] = {
  { "demo", NULL, N_("work on the demo pool, which is made when it is missing"), TRUE },
  { "seed", "S", N_("with --demo: the seed that its keys are made from"), TRUE },
  { "at", "TIME", N_("with --demo: the instant its clocks stand at"), TRUE },
  { "reset", NULL, N_("with --demo: make it anew"), TRUE },
  { "topology", "FILE", N_("the file that names pools and servers"), TRUE },
  { "json", NULL, N_("print JSON"), TRUE },
  { "help", NULL, N_("show help"), TRUE },
  { "version", NULL, N_("show the version"), TRUE },
  { "as-of", "D", N_("as of this instant, such as 2027-07-14, as things are staged now"), FALSE },
  { "nagios", NULL, N_("print one line for a monitoring system, and end with its exit status"),
    FALSE },
  { "what-if", NULL, N_("only say what would be done"), FALSE },
  { "force", NULL, N_("pass warnings; errors are never passed"), FALSE },
  { "server", "S[,S…]", N_("these servers"), FALSE },
  { "pool", "P", N_("every server of this pool"), FALSE },
  { "identity", "global", N_("globally, replicated"), FALSE },
  { "type", "T", N_("certificate type, such as OAuthTokenIssuer"), FALSE },
  { "thumbprint", "T", N_("certificate: SHA-1 or SHA-256 in hex; T[,T…] where several may be "
                          "named"), FALSE },
  { "property", "NAME", N_("print only this property, such as Thumbprint"), FALSE },
  { "path", "FILE", N_("the certificate file"), FALSE },
  { "password-file", "FILE", N_("the password: the whole file less one final newline"), FALSE },
  { "key-password-file", "FILE", N_("the passphrase of the administrator's key, or the PIN of "
                                    "its token: the whole file less one final newline"), FALSE },
  { "watch", NULL, N_("go on until it is ended, and serve what changes"), FALSE },
  { "password-fd", "N", N_("read the password from this descriptor"), FALSE },
  { "from", "S", N_("the server that has the certificate"), FALSE },
  { "format", "F", N_("pfx (with its private key), der, pem, p7b or sst (without)"), FALSE },
  { "encryption", "E", N_("of a PFX: aes256-sha256, or tripledes-sha1 for old Windows"), FALSE },
  { "include-chain", NULL, N_("the certificates above it go along"), FALSE },
  { "no-privacy", NULL, N_("certificates in a PFX can be read without the password"), FALSE },
  { "no-properties", NULL, N_("the friendly name does not go along"), FALSE },
  { "delete-key", NULL, N_("delete the private key there once the file is written"), FALSE },
  { "store", "STORE", N_("my, root, ca, trustedpeople, disallowed, request, authroot"), FALSE },
  { "exportable", NULL, N_("the private key may be exported from there later"), FALSE },
  { "intent", "pool|server", N_("whether every server shall have it, or these only"), FALSE },
  { "friendly-name", "NAME", N_("a name for people"), FALSE },
  { "description", "TEXT", N_("a description for people"), FALSE },
  { "not-exportable", NULL, N_("the private key may not be exported any more, for good"), FALSE },
  { "allow", "A[,A…]", N_("these accounts of the server may read the private key"), FALSE },
  { "deny", "A[,A…]", N_("these may not any more"), FALSE },
  { "key-uri", "URI", N_("where the private key is in a token: pkcs11:token=…;object=…"), FALSE },
  { "forget", NULL, N_("the server forgets in which token the key is; the token stays as it is"),
    FALSE },
  { "pin-file", "FILE", N_("the token's PIN: the whole file less one final newline; without, "
                           "asked for on a terminal, else the server's own"), FALSE },
  { "connection", "URI", N_("how it is reached: ssh://user@host:port or local:///folder"), FALSE },
  { "agent-path", "PATH", N_("where issuant-agent is on it, if not in the usual place"), FALSE },
  { "sip-domains", "D[,D…]", N_("the pool's SIP domains"), FALSE },
  { "since", "D", N_("only what happened from then on: 2026-10-30 or 2026-10-30T08:00Z"), FALSE },
  { "filter", "TEXT", N_("only what contains this, in any case"), FALSE },
  { "last", "N", N_("the newest N entries; 100 if not said"), FALSE },
  { "save", "FILE", N_("keep it as a roll record, signed with your key; --force replaces a file"),
    FALSE },
  { "signer", "CERT", N_("whose records are believed: certificates, in a file; without it, your "
                         "own"), FALSE },
  { "verify", NULL, N_("say whether the record is as it was written"), FALSE },
  { "details", NULL, N_("everything, in full"), FALSE },
  { "certification-path", NULL, N_("who issued it, as that server sees it"), FALSE },
  { "previous", NULL, N_("the previous certificate, not the current one"), FALSE },
  { "staged", NULL, N_("the staged certificate: the roll is cancelled"), FALSE },
  { "roll", NULL, N_("it becomes current at the effective date"), FALSE },
  { "effective-date", "D", N_("when, such as 2027-07-01T00:00+02:00; with --roll"), FALSE },
  { "unconditional", NULL, N_("with --roll: it rolls even if other servers are not ready"), FALSE },
  { "except", "S[,S…]", N_("these servers need not be ready for the roll"), FALSE },
  { "arm", NULL, N_("let what is staged roll at its instant, if all servers are ready"), FALSE },
  { "postpone", "D", N_("let what is staged roll at another instant"), FALSE },
  { "swap-back", NULL, N_("the previous certificate is current again"), FALSE },
  { "compromised", "T", N_("this one, used until now, is compromised: it verifies nothing any "
                          "more, and is untrusted on the servers"), FALSE },
  { "keep-staged", NULL, N_("what is staged still rolls at its instant"), FALSE },
  { "cancel-staged", NULL, N_("what is staged does not roll any more"), FALSE },
};

struct _CtlCommandLine
{
  char        *verb;
  GHashTable  *values;   /* option -> value, "" for switches */
  GPtrArray   *rest;     /* NULL-terminated */
  IssSecret   *password; /* (nullable): one that stood among the words */
};

static const Option *
find_option (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (strcmp (options[i].name, name) == 0)
        return &options[i];
    }

  return NULL;
}

/**
 * ctl_command_line_free:
 * @self: (nullable): a command line
 *
 * Frees it.
 */
void
ctl_command_line_free (CtlCommandLine *self)
{
  if (self == NULL)
    return;

  g_free (self->verb);
  g_hash_table_unref (self->values);
  g_ptr_array_unref (self->rest);
  g_clear_pointer (&self->password, iss_secret_unref);
  g_free (self);
}

/**
 * ctl_command_line_get_spelling:
 * @option: an option's name
 *
 * Returns: (transfer none): how it is typed, without the dashes
 */
const char *
ctl_command_line_get_spelling (const char *option)
{
  return strcmp (option, "as-of") == 0 ? "at" : option;
}

/* One "--name", "--name=value" or "--name value". */
static gboolean
take_option (CtlCommandLine     *self,
             const char *const  *argv,
             int                 argc,
             int                *index,
             GError            **error)
{
  const char *typed = argv[*index] + 2;
  const char *equals = strchr (typed, '=');
  g_autofree char *name = equals != NULL ? g_strndup (typed, (gsize) (equals - typed))
                                         : g_strdup (typed);
  const Option *option;
  const char *value = equals != NULL ? equals + 1 : NULL;

  /* Before the verb the demo's clocks are meant, behind it what is asked. */
  if (self->verb != NULL && strcmp (name, "at") == 0)
    {
      g_free (name);
      name = g_strdup ("as-of");
    }
  option = find_option (name);

  if (option == NULL)
    {
      g_autofree char *shown = iss_text_sanitise (name, -1, 40);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("There is no option --%s"),
                   shown);
      return FALSE;
    }

  if (option->argument == NULL && value != NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("--%s takes no value"), name);
      return FALSE;
    }

  if (option->argument != NULL && value == NULL)
    {
      if (*index + 1 >= argc)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("--%s needs a value: --%s %s"),
                       ctl_command_line_get_spelling (name),
                       ctl_command_line_get_spelling (name), option->argument);
          return FALSE;
        }
      value = argv[++*index];
    }

  /* A file may have any name. */
  if (value != NULL && strcmp (option->argument, "FILE") != 0 &&
      !g_utf8_validate (value, -1, NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("What stands behind --%s is not UTF-8 text"),
                   ctl_command_line_get_spelling (name));
      return FALSE;
    }

  if (g_hash_table_contains (self->values, name))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("--%s is there twice"),
                   ctl_command_line_get_spelling (name));
      return FALSE;
    }

  g_hash_table_insert (self->values, g_steal_pointer (&name),
                       g_strdup (value != NULL ? value : ""));

  return TRUE;
}

/**
 * ctl_command_line_parse:
 * @argc: how many words
 * @argv: the words, the program's name first
 * @error: return location for an error, %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): what was typed, or %NULL with @error set
 */
CtlCommandLine *
ctl_command_line_parse (int                 argc,
                        const char *const  *argv,
                        GError            **error)
{
  g_autoptr(CtlCommandLine) self = g_new0 (CtlCommandLine, 1);
  gboolean only_words = FALSE;

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->rest = g_ptr_array_new_with_free_func (g_free);

  for (int i = 1; i < argc; i++)
    {
      if (strlen (argv[i]) > MAX_ARGUMENT_BYTES || !g_utf8_validate (argv[i], -1, NULL))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("Word %d is too long or not UTF-8 text"), i);
          return NULL;
        }

      if (!only_words && strcmp (argv[i], "--") == 0)
        {
          only_words = TRUE;
        }
      else if (!only_words && g_str_has_prefix (argv[i], "--"))
        {
          if (!take_option (self, argv, argc, &i, error))
            return NULL;
        }
      else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0')
        {
          g_autofree char *shown = iss_text_sanitise (argv[i], -1, 40);

          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("There is no option %s: options have two dashes"), shown);
          return NULL;
        }
      else if (self->verb == NULL)
        {
          self->verb = g_ascii_strdown (argv[i], -1);
        }
      else
        {
          g_ptr_array_add (self->rest, g_strdup (argv[i]));
        }
    }

  g_ptr_array_add (self->rest, NULL);

  return g_steal_pointer (&self);
}

/**
 * ctl_command_line_needs_value:
 * @word: a word
 *
 * Returns: whether it is an option of ours whose value is the next word
 */
gboolean
ctl_command_line_needs_value (const char *word)
{
  const Option *option = g_str_has_prefix (word, "--") ? find_option (word + 2) : NULL;

  return option != NULL && option->argument != NULL;
}

/**
 * ctl_command_line_find_verb:
 * @argc: how many words
 * @argv: the words, the program's name first
 *
 * Returns: the index of the verb, or 0 if there is none
 */
int
ctl_command_line_find_verb (int                argc,
                            const char *const *argv)
{
  for (int i = 1; i < argc; i++)
    {
      if (argv[i][0] != '-')
        return i;
      if (!g_str_has_prefix (argv[i], "--") || argv[i][2] == '\0')
        return 0;
      if (ctl_command_line_needs_value (argv[i]))
        i++;
    }

  return 0;
}

/**
 * ctl_command_line_set_password:
 * @self: a command line
 * @password: (nullable): a password that stood among the words
 *
 * Keeps it for ctl_password_get().
 */
void
ctl_command_line_set_password (CtlCommandLine *self,
                               IssSecret      *password)
{
  g_clear_pointer (&self->password, iss_secret_unref);
  self->password = password != NULL ? iss_secret_ref (password) : NULL;
}

/**
 * ctl_command_line_get_password:
 * @self: a command line
 *
 * Returns: (transfer none) (nullable): the password that stood among the words
 */
IssSecret *
ctl_command_line_get_password (CtlCommandLine *self)
{
  return self->password;
}

/**
 * ctl_command_line_get_verb:
 * @self: a command line
 *
 * Returns: (transfer none) (nullable): the verb in lower case
 */
const char *
ctl_command_line_get_verb (CtlCommandLine *self)
{
  return self->verb;
}

/**
 * ctl_command_line_get:
 * @self: a command line
 * @option: an option's name
 *
 * Returns: (transfer none) (nullable): its value, "" for a switch that is there
 */
const char *
ctl_command_line_get (CtlCommandLine *self,
                      const char     *option)
{
  g_return_val_if_fail (find_option (option) != NULL, NULL);

  return g_hash_table_lookup (self->values, option);
}

/**
 * ctl_command_line_has:
 * @self: a command line
 * @option: an option's name
 *
 * Returns: whether it is there
 */
gboolean
ctl_command_line_has (CtlCommandLine *self,
                      const char     *option)
{
  return ctl_command_line_get (self, option) != NULL;
}

/**
 * ctl_command_line_get_rest:
 * @self: a command line
 *
 * Returns: (transfer none): the words after the verb that are no options
 */
const char *const *
ctl_command_line_get_rest (CtlCommandLine *self)
{
  return (const char *const *) self->rest->pdata;
}

/**
 * ctl_command_line_check:
 * @self: a command line
 * @taken: the options that the verb takes, beside those that all take
 * @n_rest: how many words it takes
 * @error: return location for an error, %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether nothing was typed that the verb would ignore
 */
gboolean
ctl_command_line_check (CtlCommandLine     *self,
                        const char *const  *taken,
                        guint               n_rest,
                        GError            **error)
{
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
    {
      if (!find_option (name)->everywhere && !g_strv_contains (taken, name))
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s takes no --%s"),
                       self->verb, ctl_command_line_get_spelling (name));
          return FALSE;
        }
    }

  if (self->rest->len - 1 > n_rest)
    {
      g_autofree char *shown = iss_text_sanitise (g_ptr_array_index (self->rest, n_rest), -1, 40);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("%s does not know what to do with “%s”"), self->verb, shown);
      return FALSE;
    }

  return TRUE;
}

/**
 * ctl_command_line_get_argument:
 * @option: an option's name
 *
 * Returns: (transfer none) (nullable): what its value is called, or %NULL for a switch
 */
const char *
ctl_command_line_get_argument (const char *option)
{
  const Option *found = find_option (option);

  g_return_val_if_fail (found != NULL, NULL);

  return found->argument;
}

/**
 * ctl_command_line_get_help:
 * @option: an option's name
 *
 * Returns: (transfer none): one line about it, translated
 */
const char *
ctl_command_line_get_help (const char *option)
{
  const Option *found = find_option (option);

  g_return_val_if_fail (found != NULL, NULL);

  return _(found->help);
}
