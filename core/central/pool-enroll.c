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
  GHashTable      *doubts;     /* IssServer, borrowed by who has the entry: IssEnrolmentDoubt */
  GHashTable      *accepted;   /* IssServer, likewise: char */
} Enroll;

static void
enroll_free (gpointer data)
{
  Enroll *self = data;

  g_object_unref (self->store);
  g_object_unref (self->pool);
  g_object_unref (self->signer);
  g_object_unref (self->signer_key);
  g_hash_table_unref (self->doubts);
  g_hash_table_unref (self->accepted);
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
                          g_hash_table_lookup (self->accepted, server), cancellable, callback,
                          user_data);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  Enroll *self = job_data;
  const IssEnrolmentDoubt *doubt = iss_enroller_get_doubt (result);
  g_autoptr(IssEnrolment) enrolment = iss_enroller_run_finish (result, error);
  g_autofree char *seen = NULL;

  if (doubt != NULL)
    g_hash_table_replace (self->doubts, server, iss_enrolment_doubt_copy (doubt));
  else
    g_hash_table_remove (self->doubts, server);

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
  self->doubts = g_hash_table_new_full (NULL, NULL, NULL,
                                        (GDestroyNotify) iss_enrolment_doubt_free);
  self->accepted = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  return iss_job_new (servers, start, finish, self, enroll_free);
}

/**
 * iss_pool_enroll_get_doubt:
 * @job: a job of iss_pool_enroll_new()
 * @server: one of its servers
 *
 * Returns: (transfer none) (nullable): what is to be confirmed before @server is enrolled
 */
const IssEnrolmentDoubt *
iss_pool_enroll_get_doubt (IssJob    *job,
                           IssServer *server)
{
  g_return_val_if_fail (ISS_IS_JOB (job) && ISS_IS_SERVER (server), NULL);

  return g_hash_table_lookup (((Enroll *) iss_job_get_data (job))->doubts, server);
}

/**
 * iss_pool_enroll_accept:
 * @job: a job of iss_pool_enroll_new(), which does not run
 * @server: one of its servers
 * @host_key: what was confirmed, as of the doubt
 *
 * Enrols @server under @host_key, and no other, when it is tried again.
 */
void
iss_pool_enroll_accept (IssJob     *job,
                        IssServer  *server,
                        const char *host_key)
{
  g_return_if_fail (ISS_IS_JOB (job) && ISS_IS_SERVER (server));
  g_return_if_fail (host_key != NULL);

  g_hash_table_replace (((Enroll *) iss_job_get_data (job))->accepted, server,
                        g_strdup (host_key));
}
