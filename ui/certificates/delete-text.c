/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/delete-text.h"

#include <glib/gi18n-lib.h>

#include "core/store/trash.h"

/**
 * iss_delete_text_question:
 * @name: whom the first certificate was issued to
 * @n: how many certificates
 * @store: where they are
 * @server: the server's short name
 *
 * Returns: (transfer full): the question
 */
char *
iss_delete_text_question (const char   *name,
                          guint         n,
                          IssStoreName  store,
                          const char   *server)
{
  g_return_val_if_fail (name != NULL && server != NULL, NULL);

  if (n == 1)
    /* Translators: a certificate, a store, a server */
    return g_strdup_printf (_("Delete “%s” from %s on %s?"), name,
                            iss_store_name_get_label (store), server);

  return g_strdup_printf (ngettext ("Delete %u certificate from %s on %s?",
                                    "Delete %u certificates from %s on %s?", n),
                          n, iss_store_name_get_label (store), server);
}

/* The snap-in's warnings, which differ by what the store is for. */
static const char *
get_store_warning (guint        n,
                   IssStoreName store,
                   gboolean     has_key)
{
  if (store == ISS_STORE_MY && !has_key)
    return ngettext ("The server has this certificate without its private key.",
                     "The server has these certificates without their private keys.", n);

  switch (store)
    {
    case ISS_STORE_MY:
      return ngettext ("The server can no longer sign or decrypt with this certificate.",
                       "The server can no longer sign or decrypt with these certificates.", n);

    case ISS_STORE_ROOT:
      return ngettext ("Certificates issued by this root certification authority, or by "
                       "authorities below it, will no longer be trusted.",
                       "Certificates issued by these root certification authorities, or by "
                       "authorities below them, will no longer be trusted.", n);

    case ISS_STORE_CA:
      return ngettext ("Certificates issued by this certification authority may no longer be "
                       "trusted.",
                       "Certificates issued by these certification authorities may no longer be "
                       "trusted.", n);

    case ISS_STORE_TRUSTEDPEOPLE:
      return ngettext ("What is signed with this certificate can no longer be verified as coming "
                       "from this person or service.",
                       "What is signed with these certificates can no longer be verified as coming "
                       "from these people or services.", n);

    case ISS_STORE_DISALLOWED:
      return ngettext ("This certificate is no longer refused: it may be trusted again.",
                       "These certificates are no longer refused: they may be trusted again.", n);

    case ISS_STORE_REQUEST:
      return ngettext ("The certificate that was requested can no longer be completed when it "
                       "arrives.",
                       "The certificates that were requested can no longer be completed when they "
                       "arrive.", n);

    case ISS_STORE_AUTHROOT:
    case ISS_N_STORES:
      break;
    }

  return "";
}

/**
 * iss_delete_text_consequence:
 * @n: how many certificates
 * @store: where they are
 * @has_key: whether one of them has its private key there
 * @server: the server's short name
 * @warning: (nullable): what the server warns of, a sentence without a full stop
 *
 * Returns: (transfer full): what comes of it, and the way back
 */
char *
iss_delete_text_consequence (guint         n,
                             IssStoreName  store,
                             gboolean      has_key,
                             const char   *server,
                             const char   *warning)
{
  g_autofree char *back = NULL;

  g_return_val_if_fail (server != NULL, NULL);

  back = g_strdup_printf (has_key
                          ? ngettext ("It goes into the trash of %s with its private key, and can "
                                      "be restored for %d days.",
                                      "They go into the trash of %s with their private keys, and "
                                      "can be restored for %d days.", n)
                          : ngettext ("It goes into the trash of %s, and can be restored for %d "
                                      "days.",
                                      "They go into the trash of %s, and can be restored for %d "
                                      "days.", n),
                          server, ISS_TRASH_SECONDS / (24 * 60 * 60));

  return g_strdup_printf ("%s%s%s\n\n%s", warning != NULL ? warning : "",
                          warning != NULL ? ".\n\n" : "", get_store_warning (n, store, has_key),
                          back);
}

/**
 * iss_delete_text_verb:
 * @n: how many certificates
 *
 * Returns: (transfer full): the button's label
 */
char *
iss_delete_text_verb (guint n)
{
  if (n == 1)
    return g_strdup (_("_Delete Certificate"));

  return g_strdup_printf (ngettext ("_Delete %u Certificate", "_Delete %u Certificates", n), n);
}

/**
 * iss_delete_text_done:
 * @name: whom the first certificate was issued to
 * @n: how many certificates
 * @store: where they were
 * @server: the server's short name
 *
 * Returns: (transfer full): what was done, a sentence
 */
char *
iss_delete_text_done (const char   *name,
                      guint         n,
                      IssStoreName  store,
                      const char   *server)
{
  g_return_val_if_fail (name != NULL && server != NULL, NULL);

  if (n == 1)
    return g_strdup_printf (_("%s was deleted from %s on %s."), name,
                            iss_store_name_get_label (store), server);

  return g_strdup_printf (ngettext ("%u certificate was deleted from %s on %s.",
                                    "%u certificates were deleted from %s on %s.", n),
                          n, iss_store_name_get_label (store), server);
}

/**
 * iss_delete_text_undo:
 * @name: whom the first certificate was issued to
 * @n: how many certificates
 *
 * Returns: (transfer full): the label of what undoes it
 */
char *
iss_delete_text_undo (const char *name,
                      guint       n)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (n == 1)
    return g_strdup_printf (_("Undo Delete of %s"), name);

  return g_strdup_printf (ngettext ("Undo Delete of %u Certificate",
                                    "Undo Delete of %u Certificates", n), n);
}
