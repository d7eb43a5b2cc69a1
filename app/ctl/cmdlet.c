/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/cmdlet.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/command-line.h"
#include "core/base/error.h"
#include "core/base/text.h"

#define MAX_PASSWORD_BYTES 1024

typedef enum
{
  VALUE,
  LIST,       /* "A,B"; the shell makes two words of "A, B" */
  SWITCH,     /* "-Force", "-Force:true" */
  BOOLEAN,    /* "-PrivateKeyExportable True" */
  PASSWORD,
  CONFIRM,    /* a switch that only its denial makes sense of: nothing is asked here */
  NOT_HERE    /* known, and refused with the reason */
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
  const char *option;   /* of ours; (nullable) */
  const char *why;      /* NOT_HERE: untranslated */
} Parameter;

typedef struct
{
  const char      *name;
  const char      *verb;             /* NULL: not_yet */
  const char      *verb_with_path;   /* (nullable): the verb if there is a -Path */
  const char      *not_yet;          /* untranslated: what to do instead */
  const Parameter *parameters;       /* ends with a NULL name */
} Cmdlet;

/* Beside the cmdlets' own parameters stand -Pool and -Server: a cmdlet works on the computer
 * where it is typed, and here that must be said. */
#define WHERE                                                                                     \
  { "Identity", VALUE, "identity", NULL },                                                        \
  { "Pool", VALUE, "pool", NULL },                                                                \
  { "Server", LIST, "server", NULL }

#define NETPORT                                                                                   \
  { "NetportId", NOT_HERE, NULL, N_("is reserved there too: leave it out") }

#define REPORT                                                                                    \
  { "Report", NOT_HERE, NULL, N_("is not built: redirect what is printed, or use --json") }

#define CHANGES                                                                                   \
  { "Force", SWITCH, "force", NULL },                                                             \
  { "WhatIf", SWITCH, "what-if", NULL },                                                          \
  { "wi", SWITCH, "what-if", NULL },                                                              \
  { "Confirm", CONFIRM, NULL, NULL },                                                             \
  { "cf", CONFIRM, NULL, NULL }

#define ROLL                                                                                      \
  { "EffectiveDate", VALUE, "effective-date", NULL },                                             \
  { "EffectiveTime", VALUE, "effective-date", NULL },                                             \
  { "Roll", SWITCH, "roll", NULL }

static const Parameter get_parameters[] = {
  WHERE, NETPORT, REPORT,
  { "Type", LIST, "type", NULL },
  { "Property", VALUE, "property", NULL },
  { NULL, VALUE, NULL, NULL }
};

static const Parameter set_parameters[] = {
  WHERE, NETPORT, REPORT, CHANGES, ROLL,
  { "Type", LIST, "type", NULL },
  { "Thumbprint", VALUE, "thumbprint", NULL },
  { "Path", VALUE, "path", NULL },
  { "Password", PASSWORD, NULL, NULL },
  { "Reference", NOT_HERE, NULL, N_("comes through a pipeline there: use -Thumbprint") },
  { NULL, VALUE, NULL, NULL }
};

static const Parameter import_parameters[] = {
  WHERE, REPORT, CHANGES, ROLL,
  { "Type", LIST, "type", NULL },
  { "Path", VALUE, "path", NULL },
  { "Password", PASSWORD, NULL, NULL },
  { "PrivateKeyExportable", BOOLEAN, "exportable", NULL },
  { NULL, VALUE, NULL, NULL }
};

static const Parameter remove_parameters[] = {
  WHERE, NETPORT, REPORT, CHANGES,
  { "Type", LIST, "type", NULL },
  { "Previous", SWITCH, "previous", NULL },
  { NULL, VALUE, NULL, NULL }
};

static const Parameter status_parameters[] = {
  { "ReplicaFqdn", VALUE, "server", NULL },
  { NULL, VALUE, NULL, NULL }
};

static const Parameter invoke_parameters[] = {
  { "ReplicaFqdn", VALUE, "server", NULL },
  { "Force", SWITCH, "force", NULL },
  { NULL, VALUE, NULL, NULL }
};

static const Cmdlet cmdlets[] = {
  { "Get-CsCertificate", "get-certificate", NULL, NULL, get_parameters },
  { "Set-CsCertificate", "set-certificate", "import-certificate", NULL, set_parameters },
  { "Import-CsCertificate", "import-certificate", NULL, NULL, import_parameters },
  { "Remove-CsCertificate", "remove-certificate", NULL, NULL, remove_parameters },
  { "Request-CsCertificate", NULL, NULL,
    N_("make the request elsewhere and import what comes back with import-certificate"), NULL },
  { "Test-CsCertificateConfiguration", NULL, NULL,
    N_("get-certificate shows what is assigned, get-presence whether it is the same everywhere"),
    NULL },
  { "Get-CsManagementStoreReplicationStatus", "get-replication-status", NULL, NULL,
    status_parameters },
  { "Invoke-CsManagementStoreReplication", "invoke-replication", NULL, NULL, invoke_parameters },
};

static const Cmdlet *
find_cmdlet (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cmdlets); i++)
    {
      if (g_ascii_strcasecmp (cmdlets[i].name, word) == 0)
        return &cmdlets[i];
    }

  return NULL;
}

/* What follows one dash, also one of those that a web page or a word processor makes of it. */
static char *
skip_dash (char *word)
{
  static const char *const dashes[] = { "–", "—", "―" };

  if (word[0] == '-')
    return word[1] != '-' && word[1] != '\0' ? word + 1 : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (dashes); i++)
    {
      if (g_str_has_prefix (word, dashes[i]))
        return word + strlen (dashes[i]);
    }

  return NULL;
}

static gboolean
are_same (const Parameter *one,
          const Parameter *other)
{
  return one->kind == other->kind && one->option != NULL
         && g_strcmp0 (one->option, other->option) == 0;
}

/* The parameter of that name, or the only one whose name begins so. */
static const Parameter *
find_parameter (const Cmdlet  *cmdlet,
                const char    *name,
                GError       **error)
{
  const Parameter *found = NULL;
  gsize size = strlen (name);
  g_autofree char *shown = NULL;

  for (const Parameter *its = cmdlet->parameters; its->name != NULL; its++)
    {
      if (g_ascii_strcasecmp (its->name, name) == 0)
        return its;
    }

  for (const Parameter *its = cmdlet->parameters; size > 0 && its->name != NULL; its++)
    {
      if (g_ascii_strncasecmp (its->name, name, size) != 0)
        continue;

      if (found != NULL && !are_same (found, its))
        {
          shown = iss_text_sanitise (name, -1, 40);
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("-%s can be -%s or -%s: write it out"), shown, found->name, its->name);
          return NULL;
        }
      found = its;
    }

  if (found == NULL)
    {
      shown = iss_text_sanitise (name, -1, 40);
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("%s has no parameter -%s"),
                   cmdlet->name, shown);
    }

  return found;
}

static gboolean
parse_boolean (const Parameter  *parameter,
               const char       *value,
               gboolean         *out_value,
               GError          **error)
{
  const char *word = *value == '$' ? value + 1 : value;

  if (g_ascii_strcasecmp (word, "true") == 0 || strcmp (word, "1") == 0)
    {
      *out_value = TRUE;
      return TRUE;
    }

  if (g_ascii_strcasecmp (word, "false") == 0 || strcmp (word, "0") == 0)
    {
      *out_value = FALSE;
      return TRUE;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("-%s is True or False, without the “$”, which this shell takes for itself"),
               parameter->name);

  return FALSE;
}

/* Where translating has come to. */
typedef struct
{
  const Cmdlet  *cmdlet;
  char         **argv;
  int            argc;
  int            index;      /* of the word that is looked at */
  GPtrArray     *words;      /* (element-type utf8): what comes of it */
  gboolean       has_path;
  IssSecret     *password;   /* (nullable) */
} Translation;

/* The value after the colon, or the next word. Another parameter is no value: "-Type -Roll" has
 * forgotten one. A password may look like anything. */
static char *
take_value (Translation      *self,
            const Parameter  *parameter,
            char             *after_colon,
            GError          **error)
{
  char *next = self->index + 1 < self->argc ? self->argv[self->index + 1] : NULL;
  char *name = next != NULL ? skip_dash (next) : NULL;

  if (after_colon != NULL)
    return after_colon;

  if (next == NULL
      || (parameter->kind != PASSWORD && name != NULL
          && find_parameter (self->cmdlet, name, NULL) != NULL))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   parameter->kind == BOOLEAN ? _("-%s needs a value: True or False")
                                              : _("-%s needs a value"), parameter->name);
      return NULL;
    }

  self->index++;

  return next;
}

/* "A," is followed by more of the list. */
static char *
take_list (Translation *self,
           const char  *first)
{
  GString *list = g_string_new (first);

  while (list->len > 0 && list->str[list->len - 1] == ',' && self->index + 1 < self->argc)
    g_string_append (list, self->argv[++self->index]);

  return g_string_free (list, FALSE);
}

/* Taken into memory that is wiped, and overwritten where everybody who may list processes
 * can read it. */
static gboolean
take_password (Translation  *self,
               char         *value,
               GError      **error)
{
  gsize size = strlen (value);
  gboolean twice = self->password != NULL;

  if (!twice && size <= MAX_PASSWORD_BYTES)
    self->password = iss_secret_new (value, size);
  explicit_bzero (value, size);

  if (twice)
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                         _("-Password is there twice"));
  else if (size > MAX_PASSWORD_BYTES)
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                 _("A password has at most %d bytes"), MAX_PASSWORD_BYTES);

  return !twice && size <= MAX_PASSWORD_BYTES;
}

static void
add_option (Translation     *self,
            const Parameter *parameter,
            const char      *value)
{
  self->has_path = self->has_path || strcmp (parameter->option, "path") == 0;
  g_ptr_array_add (self->words,
                   value != NULL ? g_strdup_printf ("--%s=%s", parameter->option, value)
                                 : g_strdup_printf ("--%s", parameter->option));
}

static gboolean
take_switch (Translation      *self,
             const Parameter  *parameter,
             const char       *after_colon,
             GError          **error)
{
  gboolean on = TRUE;

  if (after_colon != NULL && !parse_boolean (parameter, after_colon, &on, error))
    return FALSE;

  if (on && parameter->kind == CONFIRM)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("-%s: nothing is asked here; -WhatIf shows what would be done"),
                   parameter->name);
      return FALSE;
    }

  if (on)
    add_option (self, parameter, NULL);

  return TRUE;
}

static gboolean
take_parameter (Translation  *self,
                char         *typed,
                GError      **error)
{
  char *colon = strchr (typed, ':');
  g_autofree char *name = colon != NULL ? g_strndup (typed, (gsize) (colon - typed))
                                        : g_strdup (typed);
  char *after_colon = colon != NULL ? colon + 1 : NULL;
  const Parameter *parameter = find_parameter (self->cmdlet, name, error);
  g_autofree char *list = NULL;
  gboolean on = FALSE;
  char *value;

  if (parameter == NULL)
    return FALSE;

  if (parameter->kind == SWITCH || parameter->kind == CONFIRM)
    return take_switch (self, parameter, after_colon, error);

  if (parameter->kind == NOT_HERE)
    {
      /* Translators: "-Report is not built: …" */
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("-%s %s"), parameter->name,
                   _(parameter->why));
      return FALSE;
    }

  value = take_value (self, parameter, after_colon, error);
  if (value == NULL)
    return FALSE;

  if (parameter->kind == PASSWORD)
    return take_password (self, value, error);

  if (parameter->kind == BOOLEAN)
    {
      if (!parse_boolean (parameter, value, &on, error))
        return FALSE;
      if (on)
        add_option (self, parameter, NULL);
      return TRUE;
    }

  if (parameter->kind == LIST)
    list = take_list (self, value);
  add_option (self, parameter, list != NULL ? list : value);

  return TRUE;
}

static gboolean
take_word (Translation  *self,
           GError      **error)
{
  char *word = self->argv[self->index];
  char *typed = skip_dash (word);

  if (strcmp (word, "-?") == 0)
    {
      g_ptr_array_add (self->words, g_strdup ("--help"));
      return TRUE;
    }

  if (typed != NULL)
    return take_parameter (self, typed, error);

  g_ptr_array_add (self->words, g_strdup (word));
  if (ctl_command_line_needs_value (word) && self->index + 1 < self->argc)
    g_ptr_array_add (self->words, g_strdup (self->argv[++self->index]));

  return TRUE;
}

/* Every word is looked at even after a bad one, so that no password is left standing. */
static gboolean
take_words (Translation  *self,
            GError      **error)
{
  g_autoptr(GError) first = NULL;

  for (self->index++; self->index < self->argc; self->index++)
    {
      g_autoptr(GError) local_error = NULL;

      if (!take_word (self, &local_error) && first == NULL)
        first = g_steal_pointer (&local_error);
    }

  if (first == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&first));

  return FALSE;
}

/**
 * ctl_cmdlet_translate:
 * @argc: how many words
 * @argv: the words, the program's name first; the value of a -Password is overwritten there
 * @out_password: (out) (transfer full) (nullable): the value of -Password, if there is one
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT, or %ISS_ERROR_REFUSED for
 *   a cmdlet that is known and not built
 *
 * Puts a command line in cmdlet spelling into our own: any case, one dash, names shortened as
 * long as they are clear, "-Name:value". Our options, with two dashes, stay what they are. A
 * command line with a verb of ours is only copied.
 *
 * Returns: (transfer full): the words, %NULL-terminated, or %NULL with @error set
 */
char **
ctl_cmdlet_translate (int          argc,
                      char       **argv,
                      IssSecret  **out_password,
                      GError     **error)
{
  int at = ctl_command_line_find_verb (argc, (const char *const *) argv);
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  Translation self = { at > 0 ? find_cmdlet (argv[at]) : NULL, argv, argc, at, words, FALSE, NULL };
  gboolean imports;

  for (int i = 0; i < (self.cmdlet != NULL ? at + 1 : argc); i++)
    g_ptr_array_add (words, g_strdup (argv[i]));

  if (self.cmdlet != NULL && self.cmdlet->verb == NULL)
    {
      /* Translators: name of a cmdlet, what to do instead */
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED, _("Not yet: %s is not part of this "
                   "version; %s"), self.cmdlet->name, _(self.cmdlet->not_yet));
      return NULL;
    }

  if (self.cmdlet != NULL)
    {
      if (!take_words (&self, error))
        {
          g_clear_pointer (&self.password, iss_secret_unref);
          return NULL;
        }

      imports = self.has_path && self.cmdlet->verb_with_path != NULL;
      g_free (words->pdata[at]);
      words->pdata[at] = g_strdup (imports ? self.cmdlet->verb_with_path : self.cmdlet->verb);
    }

  *out_password = self.password;
  g_ptr_array_add (words, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}
