/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/presence-seen.h"

#include "core/base/text.h"

#include <string.h>

/* Which slot's certificate will be in @slot at @at; %ISS_N_SLOTS: none. */
static IssSlot
find_origin (const IssObservedType *observed,
             IssSlot                slot,
             gint64                 at)
{
  const IssObservedSlot *staged = &observed->slots[ISS_SLOT_STAGED];

  /* A roll that is held does not happen until it is armed. */
  if (at == 0 || !staged->is_set || staged->instant == 0 || at < staged->instant ||
      observed->held)
    return slot;

  switch (slot)
    {
    case ISS_SLOT_CURRENT:
      return ISS_SLOT_STAGED;

    case ISS_SLOT_PREVIOUS:
      return ISS_SLOT_CURRENT;

    case ISS_SLOT_STAGED:
    case ISS_N_SLOTS:
      break;
    }

  return ISS_N_SLOTS;
}

/**
 * iss_presence_seen_slot:
 * @server: a server
 * @type: a certificate type
 * @slot: one of its slots
 * @at: as of which instant; 0: as it was seen
 *
 * Returns: (transfer none) (nullable): what was last seen in it there, or what what was seen
 *   will make of it until @at
 */
const IssObservedSlot *
iss_presence_seen_slot (IssServer  *server,
                        const char *type,
                        IssSlot     slot,
                        gint64      at)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedType *observed = NULL;
  IssSlot origin;

  if (observation != NULL)
    observed = iss_observation_find_type (observation, type);
  if (observed == NULL)
    return NULL;

  origin = find_origin (observed, slot, at);
  if (origin == ISS_N_SLOTS || !observed->slots[origin].is_set)
    return NULL;

  return &observed->slots[origin];
}

/**
 * iss_presence_seen_origin:
 * @server: a server
 * @type: a certificate type
 * @slot: one of its slots
 * @at: as of which instant; 0: as it was seen
 *
 * Returns: the slot in which the certificate was seen that @slot will have at @at;
 *   %ISS_N_SLOTS: there is none
 */
IssSlot
iss_presence_seen_origin (IssServer  *server,
                          const char *type,
                          IssSlot     slot,
                          gint64      at)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedType *observed = NULL;

  if (observation != NULL)
    observed = iss_observation_find_type (observation, type);

  return observed != NULL ? find_origin (observed, slot, at) : ISS_N_SLOTS;
}

/**
 * iss_presence_seen_next_roll:
 * @pool: a pool
 * @now: the present, in seconds since 1970
 *
 * Returns: the first instant after @now at which something that is staged becomes current on
 *   a server; 0: there is none
 */
gint64
iss_presence_seen_next_roll (IssPool *pool,
                             gint64   now)
{
  gint64 next = 0;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));
      guint n = observation != NULL ? iss_observation_get_n_types (observation) : 0;

      for (guint k = 0; k < n; k++)
        {
          const IssObservedType *type = iss_observation_get_type_at (observation, k);
          const IssObservedSlot *staged = &type->slots[ISS_SLOT_STAGED];

          if (staged->is_set && staged->instant > now && !type->held)
            next = next == 0 ? staged->instant : MIN (next, staged->instant);
        }
    }

  return next;
}

/**
 * iss_presence_seen_is_used:
 * @pool: a pool
 * @type: a certificate type
 * @slot: one of its slots
 * @at: as of which instant; 0: as it was seen
 *
 * Returns: whether it holds anything on any server
 */
gboolean
iss_presence_seen_is_used (IssPool    *pool,
                           const char *type,
                           IssSlot     slot,
                           gint64      at)
{
  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    if (iss_presence_seen_slot (iss_pool_get_server (pool, i), type, slot, at) != NULL)
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
 * iss_presence_seen_proof:
 * @server: a server
 * @sha256: a certificate, 32 bytes
 * @rung: how far it has come there, as the agent says
 *
 * What was tried counts more than what is said, unless a later look says that there is no key
 * any more, or one again.
 *
 * Returns: (transfer none) (nullable): what came of the last proof of possession
 */
const IssWitnessed *
iss_presence_seen_proof (IssServer    *server,
                         const guint8 *sha256,
                         IssRung       rung)
{
  const IssWitnessed *proof = iss_witness_get_proof (iss_server_get_witness (server), sha256);

  if (proof == NULL)
    return NULL;
  if (proof->failure != NULL)
    return proof->at >= iss_server_get_seen_at (server) ? proof : NULL;

  return rung >= ISS_RUNG_KEY_MATCHES ? proof : NULL;
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
 * @at: as of which instant; 0: as it was seen
 *
 * Returns: (transfer none) (nullable): the one certificate that it holds wherever it holds any
 */
const IssObservedSlot *
iss_presence_seen_common (IssPool    *pool,
                          const char *type,
                          IssSlot     slot,
                          gint64      at)
{
  const IssObservedSlot *common = NULL;

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      const IssObservedSlot *observed =
        iss_presence_seen_slot (iss_pool_get_server (pool, i), type, slot, at);

      if (observed == NULL)
        continue;
      if (common != NULL && memcmp (common->sha256, observed->sha256, ISS_SHA256_SIZE) != 0)
        return NULL;
      common = observed;
    }

  return common;
}
