/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/password.h"
#include "app/ctl/verb.h"
#include "core/base/password-strength.h"

static const char *const options[] = { "password-file", "password-fd", "what-if", NULL };

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

  ctl_administrator_print (context, administrator);
  g_printerr (_("Give the certificate to whoever shall verify what you sign, and keep a copy of "
                "the private key.\n"));

  return CTL_EXIT_STATUS_DONE;
}

const CtlVerb ctl_make_administrator_key_verb =
{
  .name = "make-administrator-key",
  .summary = N_("Make the key with which you sign roll records"),
  .words = "[NAME]",
  .n_words = 1,
  .options = options,
  .is_local = TRUE,
  .run = make_administrator_key,
};
