/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administration.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/central/administration.h"

static const char *const options[] = { "pool", "thumbprint", "key-password-file", "what-if",
                                       NULL };

static IssCertificate *
find_leaving (const IssAdministrators  *administrators,
              const char               *typed,
              GError                  **error)
{
  g_autoptr(GBytes) thumbprint = iss_text_parse_thumbprint (typed, error);

  if (thumbprint == NULL)
    return NULL;

  for (guint i = 0; i < administrators->certificates->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (administrators->certificates, i);

      if (g_bytes_equal (iss_certificate_get_sha256 (certificate), thumbprint) ||
          g_bytes_equal (iss_certificate_get_sha1 (certificate), thumbprint))
        return certificate;
    }

  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("No administrator of pool %s has the thumbprint %s: see get-administrator"),
               administrators->pool, typed);

  return NULL;
}

/* What he has signed is signed by who stays, as the next revision. */
static gboolean
sign_anew (CtlContext               *context,
           CtlCentral               *central,
           const IssAdministrators  *administrators,
           IssCertificate           *leaving,
           GError                  **error)
{
  g_autoptr(GPtrArray) wanted = iss_central_store_list_wanted (central->store,
                                                               administrators->pool, error);

  for (guint i = 0; wanted != NULL && i < wanted->len; i++)
    {
      const IssGlobalRequest request =
        { .type = iss_wanted_get_manifest (wanted->pdata[i])->type, .anew = TRUE };

      if (iss_administration_needs (central->store, administrators, wanted->pdata[i], leaving))
        ctl_central_assign (context, central, &request);
    }

  return wanted != NULL;
}

static CtlExitStatus
remove_administrator (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "thumbprint");
  g_auto(CtlCentral) central = { NULL };
  g_auto(GStrv) names = NULL;
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(IssAdministrators) after = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *leaving = NULL;

  if (typed == NULL)
    {
      g_printerr (_("issuantctl: Say whom: --thumbprint, as get-administrator shows it\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (!ctl_central_unlock (context, &central, &error) ||
      !ctl_central_open (context, &central, NULL, &error))
    return ctl_context_fail (context, error);

  before = iss_central_store_get_administrators (central.store, iss_pool_get_name (central.pool),
                                                 NULL, &error);
  leaving = before != NULL ? find_leaving (before, typed, &error) : NULL;
  if (leaving == NULL ||
      !iss_administration_may_remove (before, leaving, central.signer, &error))
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "what-if"))
    {
      /* Translators: whom a certificate is issued to, a pool */
      g_printerr (_("%s would be no administrator of pool %s any more.\n"),
                  iss_certificate_get_issued_to (leaving), before->pool);
      return CTL_EXIT_STATUS_DONE;
    }

  names = iss_pool_dup_server_names (central.pool);
  if (sign_anew (context, &central, before, leaving, &error))
    after = iss_administration_remove (central.store, before->pool, (const char *const *) names,
                                       leaving, central.signer, central.signer_key,
                                       ctl_context_get_now (context), &error);
  if (after == NULL)
    return ctl_context_fail (context, error);

  /* Translators: whom a certificate is issued to */
  g_printerr (_("%s is no administrator any more for every server that has heard of it; the "
                "others go on believing him until they have.\n"),
              iss_certificate_get_issued_to (leaving));

  return ctl_central_replicate (context, &central, NULL, ISS_REPLICATOR_NORMAL);
}

const CtlVerb ctl_remove_administrator_verb =
{
  .name = "remove-administrator",
  .summary = N_("Believe somebody no more who assigned globally in a pool"),
  .words = "",
  .options = options,
  .run = remove_administrator,
};
