/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administration.h"
#include "app/ctl/administrator.h"
#include "app/ctl/verb.h"
#include "core/central/administration.h"

static const char *const options[] = { "pool", "path", "key-password-file", "what-if", NULL };

static void
say_how (CtlContext     *context,
         CtlCentral     *central,
         IssCertificate *joining)
{
  g_autofree char *file = ctl_central_dup_pin_path (context, central->pool);

  /* Translators: whom a certificate is issued to, path of a file */
  g_printerr (_("Give %s a copy of %s, to be put into the folder of the same name there: from it "
                "follows whom to believe.\n"), iss_certificate_get_issued_to (joining), file);
}

static CtlExitStatus
add_administrator (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(IssCertificate) joining = NULL;
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(IssAdministrators) after = NULL;
  g_autoptr(GError) error = NULL;

  if (ctl_context_get (context, "path") == NULL)
    {
      g_printerr (_("issuantctl: Say whom: --path, with the certificate that "
                    "make-administrator-key has made\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  joining = ctl_administrator_read_certificate (context, &error);
  if (joining == NULL || !ctl_central_unlock (context, &central, &error) ||
      !ctl_central_open (context, &central, NULL, &error))
    return ctl_context_fail (context, error);

  before = iss_central_store_get_administrators (central.store, iss_pool_get_name (central.pool),
                                                 NULL, &error);
  if (before == NULL || !iss_administration_may_add (before, joining, central.signer, &error))
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "what-if"))
    {
      /* Translators: whom a certificate is issued to, a pool */
      g_printerr (_("%s would be an administrator of pool %s.\n"),
                  iss_certificate_get_issued_to (joining), before->pool);
      return CTL_EXIT_STATUS_DONE;
    }

  after = iss_administration_add (central.store, before->pool, joining, central.signer,
                                  central.signer_key, ctl_context_get_now (context), &error);
  if (after == NULL)
    return ctl_context_fail (context, error);

  say_how (context, &central, joining);

  return ctl_central_replicate (context, &central, NULL, ISS_REPLICATOR_NORMAL);
}

const CtlVerb ctl_add_administrator_verb =
{
  .name = "add-administrator",
  .summary = N_("Let somebody else assign globally in a pool, too"),
  .words = "",
  .options = options,
  .run = add_administrator,
};
