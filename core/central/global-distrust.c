/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-distrust.h"

#include "core/pool/pool-import.h"

/**
 * iss_global_distrust_new:
 * @pool: a pool
 * @compromised: a certificate that is decided to be used there no more
 *
 * Returns: (transfer full): a job that puts it into Untrusted on each server of the pool; where it
 *   is there already nothing changes
 */
IssJob *
iss_global_distrust_new (IssPool        *pool,
                         IssCertificate *compromised)
{
  const IssImportOptions options = { .store = ISS_STORE_DISALLOWED, .origin = "manual" };
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();

  g_return_val_if_fail (ISS_IS_POOL (pool) && ISS_IS_CERTIFICATE (compromised), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (pool, i));

  return iss_pool_import_new (servers, iss_certificate_get_der (compromised), NULL, &options);
}
