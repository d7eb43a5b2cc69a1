/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/pool-enroll.h"

#include <glib/gi18n-lib.h>

#include "core/central/enroller.h"

/* Everything owned. */
typedef struct
{
  IssCentralStore *store;
  IssPool         *pool;
  IssCertificate  *signer;
  IssPrivateKey   *signer_key;
} Enroll;

static void
enroll_free (gpointer data)
{
  Enroll *self = data;

  g_object_unref (self->store);
  g_object_unref (self->pool);
  g_object_unref (self->signer);
  g_object_unref (self->signer_key);
  g_free (self);
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Enroll *self = job_data;

  iss_enroller_run_async (self->store, iss_pool_get_name (self->pool), server, self->signer,
                          self->signer_key, iss_clock_now (iss_pool_get_clock (self->pool)),
                          FALSE, cancellable, callback, user_data);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  g_autoptr(IssEnrolment) enrolment = iss_enroller_run_finish (result, error);
  g_autofree char *seen = NULL;

  if (enrolment == NULL)
    return NULL;

  seen = iss_enrolment_dup_seen (enrolment);

  /* Translators: "ssh host key …", the beginning of a hash in hexadecimal */
  return g_strdup_printf (_("enrolled, %s; packages are sealed to its key %.16s…"), seen,
                          iss_certificate_get_sha256_hex (enrolment->recipient));
}

/**
 * iss_pool_enroll_new:
 * @store: the central store
 * @pool: a pool
 * @servers: (element-type IssServer): servers of it
 * @signer: the administrator
 * @signer_key: the private key of @signer
 *
 * Returns: (transfer full): a job that enrols them; see iss_enroller_run_async()
 */
IssJob *
iss_pool_enroll_new (IssCentralStore *store,
                     IssPool         *pool,
                     GPtrArray       *servers,
                     IssCertificate  *signer,
                     IssPrivateKey   *signer_key)
{
  Enroll *self;

  g_return_val_if_fail (ISS_IS_CENTRAL_STORE (store) && ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (signer) && ISS_IS_PRIVATE_KEY (signer_key), NULL);

  self = g_new0 (Enroll, 1);
  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);
  self->signer = g_object_ref (signer);
  self->signer_key = g_object_ref (signer_key);

  return iss_job_new (servers, start, finish, self, enroll_free);
}
