/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/password.h"
#include "app/ctl/verb.h"
#include "core/base/password-strength.h"
#include "core/central/administrator-folder.h"

static const char *const options[] = { "password-file", "password-fd", "path", "key-uri",
                                       "pin-file", "what-if", NULL };

static CtlExitStatus
say_made (CtlContext       *context,
          IssAdministrator *administrator,
          const char       *what_next)
{
  ctl_administrator_print (context, administrator);
  g_printerr ("%s\n", what_next);

  return CTL_EXIT_STATUS_DONE;
}

/* The key is in a token already, and stays there. */
static CtlExitStatus
adopt (CtlContext *context,
       const char *folder)
{
  CtlCommandLine *command_line = ctl_context_get_command_line (context);
  const char *uri = ctl_context_get (context, "key-uri");
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(IssSecret) pin = NULL;
  g_autoptr(GError) error = NULL;

  if (!ctl_context_has (context, "path") || ctl_command_line_get_rest (command_line)[0] != NULL ||
      ctl_password_is_given (command_line))
    {
      g_printerr (_("issuantctl: Say whose key is in the token: --path, with its certificate; "
                    "there is no other name, and instead of a password a --pin-file\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (iss_administrator_folder_check_none (folder, &error))
    certificate = ctl_administrator_read_certificate (context, &error);
  if (certificate == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "what-if"))
    {
      g_printerr (_("The token would sign for %s, and its URI be noted in %s.\n"),
                  iss_certificate_get_issued_to (certificate), folder);
      return CTL_EXIT_STATUS_DONE;
    }

  pin = ctl_context_has (context, "pin-file") ? ctl_password_get_pin (command_line, &error)
                                              : ctl_administrator_ask_pin (&error);
  if (error == NULL)
    administrator = iss_administrator_adopt (folder, certificate, uri, pin, &error);
  if (administrator == NULL)
    return ctl_context_fail (context, error);

  return say_made (context, administrator,
                   _("Give the certificate to whoever shall verify what you sign."));
}

static CtlExitStatus
make_administrator_key (CtlContext *context)
{
  const char *const *words = ctl_command_line_get_rest (ctl_context_get_command_line (context));
  g_autofree char *folder = ctl_administrator_dup_folder (context);
  g_autofree char *usual = g_strdup_printf ("%s@%s", ctl_context_get_who (context),
                                            g_get_host_name ());
  const char *name = words[0] != NULL ? words[0] : usual;
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(IssSecret) passphrase = NULL;
  g_autoptr(GError) error = NULL;

  if (ctl_context_has (context, "key-uri"))
    return adopt (context, folder);

  if (ctl_context_has (context, "path") || ctl_context_has (context, "pin-file"))
    {
      g_printerr (_("issuantctl: A certificate has its key in a token: --key-uri says which\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!iss_administrator_folder_check_none (folder, &error))
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "what-if"))
    {
      g_printerr (_("A signing key for %s would be made in %s.\n"), name, folder);
      return CTL_EXIT_STATUS_DONE;
    }

  passphrase = ctl_password_choose (ctl_context_get_command_line (context),
                                    _("The administrator’s key"), &error);
  if (passphrase == NULL)
    return ctl_context_fail (context, error);

  if (iss_password_strength_judge (passphrase) == ISS_PASSWORD_WEAK)
    ctl_context_warn (context, _("The passphrase is weak: whoever copies the key file can try "
                                 "many"));

  administrator = iss_administrator_make (folder, name, passphrase, ctl_context_get_now (context),
                                          &error);
  if (administrator == NULL)
    return ctl_context_fail (context, error);

  return say_made (context, administrator,
                   _("Give the certificate to whoever shall verify what you sign, and keep a copy "
                     "of the private key."));
}

const CtlVerb ctl_make_administrator_key_verb =
{
  .name = "make-administrator-key",
  .summary = N_("Make the key with which you sign roll records and global changes"),
  .words = "[NAME]",
  .n_words = 1,
  .options = options,
  .is_local = TRUE,
  .run = make_administrator_key,
};
