/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-seen.h"

#include "core/base/text.h"

#include <string.h>

/**
 * iss_presence_seen_slot:
 * @server: a server
 * @type: a certificate type
 * @slot: one of its slots
 *
 * Returns: (transfer none) (nullable): what was last seen in it there
 */
const IssObservedSlot *
iss_presence_seen_slot (IssServer  *server,
           const char *type,
           IssSlot     slot)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedType *observed = NULL;

  if (observation != NULL)
    observed = iss_observation_find_type (observation, type);
  if (observed == NULL || !observed->slots[slot].is_set)
    return NULL;

  return &observed->slots[slot];
}

/**
 * iss_presence_seen_is_used:
 * @pool: a pool
 * @type: a certificate type
 * @slot: one of its slots
 *
 * Returns: whether it holds anything on any server
 */
gboolean
iss_presence_seen_is_used (IssPool    *pool,
         const char *type,
         IssSlot     slot)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    if (iss_presence_seen_slot (iss_pool_get_server (pool, i), type, slot) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * iss_presence_seen_certificate:
 * @server: a server
 * @sha256: 32 bytes
 *
 * Returns: (transfer none) (nullable): what was last seen of the certificate there
 */
const IssObservedCertificate *
iss_presence_seen_certificate (IssServer    *server,
                  const guint8 *sha256)
{
  IssObservation *observation = iss_server_get_observation (server);

  if (observation == NULL)
    return NULL;

  return iss_observation_find_certificate (observation, sha256);
}

/**
 * iss_presence_seen_anywhere:
 * @pool: a pool
 * @sha256: 32 bytes
 *
 * Asks a server that has it: the others can only say that they have not.
 *
 * Returns: (transfer none) (nullable): what was last seen of the certificate
 */
const IssObservedCertificate *
iss_presence_seen_anywhere (IssPool      *pool,
               const guint8 *sha256)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      const IssObservedCertificate *certificate =
        iss_presence_seen_certificate (iss_pool_get_server (pool, i), sha256);

      if (certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE)
        return certificate;
    }

  return NULL;
}

/**
 * iss_presence_seen_dup_name:
 * @issued_to: the name of a certificate
 * @sha1: its SHA-1, 20 bytes
 *
 * Returns: (transfer full): "auth.contoso.example 3F2A … 5B1E"
 */
char *
iss_presence_seen_dup_name (const char   *issued_to,
                         const guint8 *sha1)
{
  g_autoptr(GBytes) bytes = g_bytes_new (sha1, ISS_SHA1_SIZE);
  g_autofree char *thumbprint = iss_text_thumbprint_short (bytes);

  return g_strdup_printf ("%s %s", issued_to, thumbprint);
}

/**
 * iss_presence_seen_common:
 * @pool: a pool
 * @type: a certificate type
 * @slot: one of its slots
 *
 * Returns: (transfer none) (nullable): the one certificate that it holds wherever it holds any
 */
const IssObservedSlot *
iss_presence_seen_common (IssPool    *pool,
             const char *type,
             IssSlot     slot)
{
  const IssObservedSlot *common = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      const IssObservedSlot *observed =
        iss_presence_seen_slot (iss_pool_get_server (pool, i), type, slot);

      if (observed == NULL)
        continue;
      if (common != NULL && memcmp (common->sha256, observed->sha256, ISS_SHA256_SIZE) != 0)
        return NULL;
      common = observed;
    }

  return common;
}
