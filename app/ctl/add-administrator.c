/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administration.h"
#include "app/ctl/administrator.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/central/administration.h"
#include "core/pool/pool-import.h"

static const char *const options[] = { "pool", "path", "key-password-file", "what-if", NULL };

/* The file that make-administrator-key has left: one certificate. */
static IssCertificate *
read_certificate (CtlContext  *context,
                  GError     **error)
{
  const char *path = ctl_context_get (context, "path");
  g_autoptr(GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssBundle) bundle = NULL;

  iss_pool_import_read_async (file, NULL, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  bundle = iss_pool_import_read_finish (result, &bytes, error);
  if (bundle == NULL)
    return NULL;

  if (iss_bundle_get_n_certificates (bundle) == 1)
    return g_object_ref (iss_bundle_get_certificate (bundle, 0));

  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("%s has %u certificates: an administrator has one"), path,
               iss_bundle_get_n_certificates (bundle));

  return NULL;
}

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

  joining = read_certificate (context, &error);
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

  return ctl_central_replicate (context, &central, NULL, FALSE);
}

const CtlVerb ctl_add_administrator_verb =
{
  .name = "add-administrator",
  .summary = N_("Let somebody else assign globally in a pool, too"),
  .words = "",
  .options = options,
  .run = add_administrator,
};
