/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/administration.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/replication/arming.h"

static gboolean
is_same (IssCertificate *one,
         IssCertificate *other)
{
  return g_bytes_equal (iss_certificate_get_sha256 (one), iss_certificate_get_sha256 (other));
}

/**
 * iss_administration_has:
 * @administrators: a set
 * @certificate: a certificate
 *
 * Returns: whether that is one of them
 */
gboolean
iss_administration_has (const IssAdministrators *administrators,
                        IssCertificate          *certificate)
{
  g_return_val_if_fail (administrators != NULL, FALSE);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), FALSE);

  for (guint i = 0; i < administrators->certificates->len; i++)
    if (is_same (administrators->certificates->pdata[i], certificate))
      return TRUE;

  return FALSE;
}

/**
 * iss_administration_check_signer:
 * @administrators: of a pool
 * @signer: who wants to sign something
 * @error: return location for %ISS_ERROR_REFUSED
 *
 * Returns: whether he may
 */
gboolean
iss_administration_check_signer (const IssAdministrators  *administrators,
                                 IssCertificate           *signer,
                                 GError                  **error)
{
  if (iss_administration_has (administrators, signer))
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               /* Translators: whom a certificate is issued to, a pool */
               _("“%s” is not an administrator of pool %s: have one of them add you"),
               iss_certificate_get_issued_to (signer), administrators->pool);

  return FALSE;
}

/**
 * iss_administration_may_add:
 * @administrators: of a pool
 * @joining: who is to be one
 * @signer: who adds him
 * @error: return location for an error: %ISS_ERROR_EXISTS when he is one; %ISS_ERROR_REFUSED
 *
 * Returns: whether he may be added
 */
gboolean
iss_administration_may_add (const IssAdministrators  *administrators,
                            IssCertificate           *joining,
                            IssCertificate           *signer,
                            GError                  **error)
{
  g_return_val_if_fail (administrators != NULL, FALSE);

  if (!iss_administration_check_signer (administrators, signer, error))
    return FALSE;

  if (iss_administration_has (administrators, joining))
    g_set_error (error, ISS_ERROR, ISS_ERROR_EXISTS,
                 /* Translators: whom a certificate is issued to, a pool */
                 _("“%s” is an administrator of pool %s already"),
                 iss_certificate_get_issued_to (joining), administrators->pool);
  else if (administrators->certificates->len >= ISS_ADMINISTRATORS_MAX)
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 _("A pool has 1 to %d administrators"), ISS_ADMINISTRATORS_MAX);
  else
    return TRUE;

  return FALSE;
}

/**
 * iss_administration_may_remove:
 * @administrators: of a pool
 * @leaving: who is to be none any more
 * @signer: who removes him
 * @error: return location for an error: %ISS_ERROR_NOT_FOUND when he is none; %ISS_ERROR_REFUSED
 *
 * Returns: whether he may be removed
 */
gboolean
iss_administration_may_remove (const IssAdministrators  *administrators,
                               IssCertificate           *leaving,
                               IssCertificate           *signer,
                               GError                  **error)
{
  g_return_val_if_fail (administrators != NULL, FALSE);

  if (!iss_administration_check_signer (administrators, signer, error))
    return FALSE;

  if (!iss_administration_has (administrators, leaving))
    g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                 /* Translators: whom a certificate is issued to, a pool */
                 _("“%s” is not an administrator of pool %s"),
                 iss_certificate_get_issued_to (leaving), administrators->pool);
  else if (is_same (leaving, signer))
    g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED,
                         _("Nobody removes himself: what he has signed must be signed by somebody "
                           "who stays. Have another administrator remove you"));
  else
    return TRUE;

  return FALSE;
}

static IssAdministrators *
put (IssCentralStore          *store,
     const IssAdministrators  *before,
     GPtrArray                *certificates,
     IssCertificate           *signer,
     IssPrivateKey            *signer_key,
     gint64                    now,
     GError                  **error)
{
  g_autoptr(IssAdministrators) next = iss_administrators_new (before->pool, before->version + 1,
                                                              certificates);
  g_autoptr(GBytes) message = iss_administrators_sign (next, signer, signer_key, now, error);

  if (message == NULL || !iss_central_store_put_administrators (store, message, error))
    return NULL;

  return g_steal_pointer (&next);
}

/**
 * iss_administration_add:
 * @store: the central store
 * @pool: a pool of which a server was enrolled
 * @joining: who is to be one of its administrators
 * @signer: one who is
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error: as of iss_administration_may_add(); %ISS_ERROR_CHANGED
 *   when another administrator was faster
 *
 * Returns: (transfer full): who may sign from now on
 */
IssAdministrators *
iss_administration_add (IssCentralStore  *store,
                        const char       *pool,
                        IssCertificate   *joining,
                        IssCertificate   *signer,
                        IssPrivateKey    *signer_key,
                        gint64            now,
                        GError          **error)
{
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(GPtrArray) certificates = g_ptr_array_new ();

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (joining), NULL);

  before = iss_central_store_get_administrators (store, pool, NULL, error);
  if (before == NULL || !iss_administration_may_add (before, joining, signer, error))
    return NULL;

  for (guint i = 0; i < before->certificates->len; i++)
    g_ptr_array_add (certificates, before->certificates->pdata[i]);
  g_ptr_array_add (certificates, joining);

  return put (store, before, certificates, signer, signer_key, now, error);
}

/* (transfer container) */
static GPtrArray *
list_others (const IssAdministrators *administrators,
             IssCertificate          *leaving)
{
  GPtrArray *others = g_ptr_array_new ();

  for (guint i = 0; i < administrators->certificates->len; i++)
    if (!is_same (administrators->certificates->pdata[i], leaving))
      g_ptr_array_add (others, administrators->certificates->pdata[i]);

  return others;
}

/**
 * iss_administration_needs:
 * @store: the central store
 * @administrators: of a pool
 * @wanted: what is wanted of a type there
 * @leaving: one of @administrators
 *
 * Returns: whether @leaving has signed some of it: then it is to be signed anew before he leaves,
 *   or the servers and the store would refuse it
 */
gboolean
iss_administration_needs (IssCentralStore         *store,
                          const IssAdministrators *administrators,
                          const IssWanted         *wanted,
                          IssCertificate          *leaving)
{
  g_autoptr(GPtrArray) others = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), FALSE);
  g_return_val_if_fail (administrators != NULL && wanted != NULL, FALSE);

  if (is_same (iss_package_get_signer (wanted->copy), leaving))
    return TRUE;

  others = list_others (administrators, leaving);
  if (wanted->arming != NULL &&
      !iss_arming_verify (wanted->arming, iss_wanted_get_manifest (wanted), others, NULL))
    return TRUE;

  for (guint i = 0; i < wanted->servers->len; i++)
    {
      const IssWantedServer *server = g_ptr_array_index (wanted->servers, i);
      g_autoptr(GBytes) bytes = iss_central_store_get_package (store, server->package_hex, NULL);
      g_autoptr(IssPackage) package = NULL;

      if (bytes != NULL)
        package = iss_package_verify (bytes, others, NULL);
      if (package == NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_wanted (IssCentralStore          *store,
              const IssAdministrators  *administrators,
              IssCertificate           *leaving,
              GError                  **error)
{
  g_autoptr(GPtrArray) wanted = iss_central_store_list_wanted (store, administrators->pool, error);

  for (guint i = 0; wanted != NULL && i < wanted->len; i++)
    if (iss_administration_needs (store, administrators, wanted->pdata[i], leaving))
      {
        g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                     /* Translators: whom a certificate is issued to, a certificate type */
                     _("“%s” has signed what is wanted of %s: it is to be signed anew first"),
                     iss_certificate_get_issued_to (leaving),
                     iss_wanted_get_manifest (wanted->pdata[i])->type->name);
        return FALSE;
      }

  return wanted != NULL;
}

/* As of when it was seen: what was sealed to a server since stays good. */
static gboolean
sign_enrolments (IssCentralStore          *store,
                 const IssAdministrators  *administrators,
                 const char *const        *servers,
                 IssCertificate           *signer,
                 IssPrivateKey            *signer_key,
                 GError                  **error)
{
  for (guint i = 0; servers[i] != NULL; i++)
    {
      g_autoptr(IssEnrolment) enrolment = NULL;
      g_autoptr(GBytes) message = NULL;
      g_autoptr(GError) local_error = NULL;

      enrolment = iss_central_store_get_enrolment (store, administrators->pool, servers[i],
                                                   &local_error);
      if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_NOT_FOUND))
        continue;

      if (enrolment == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      message = iss_enrolment_sign (enrolment, signer, signer_key, error);
      if (message == NULL ||
          !iss_central_store_put_enrolment (store, administrators->pool, servers[i], message,
                                            error))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_administration_remove:
 * @store: the central store
 * @pool: a pool
 * @servers: (array zero-terminated=1): its servers
 * @leaving: who is to be no administrator any more
 * @signer: one who stays
 * @signer_key: the private key of @signer
 * @now: seconds since 1970
 * @error: return location for an error: as of iss_administration_may_remove(); %ISS_ERROR_REFUSED
 *   when something that is wanted needs him, see iss_administration_needs(); %ISS_ERROR_CHANGED
 *   when another administrator was faster
 *
 * What he has seen of servers is signed anew. From the moment that a server learns of the set, it
 * refuses whatever he signs.
 *
 * Returns: (transfer full): who may sign from now on
 */
IssAdministrators *
iss_administration_remove (IssCentralStore    *store,
                           const char         *pool,
                           const char *const  *servers,
                           IssCertificate     *leaving,
                           IssCertificate     *signer,
                           IssPrivateKey      *signer_key,
                           gint64              now,
                           GError            **error)
{
  g_autoptr(IssAdministrators) before = NULL;
  g_autoptr(GPtrArray) others = NULL;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (leaving), NULL);
  g_return_val_if_fail (servers != NULL, NULL);

  before = iss_central_store_get_administrators (store, pool, NULL, error);
  if (before == NULL || !iss_administration_may_remove (before, leaving, signer, error) ||
      !check_wanted (store, before, leaving, error) ||
      !sign_enrolments (store, before, servers, signer, signer_key, error))
    return NULL;

  others = list_others (before, leaving);

  return put (store, before, others, signer, signer_key, now, error);
}
