/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/asked.h"

#include "core/base/text.h"

/* Takes @sha256. */
static void
add (GPtrArray  *asked,
     GHashTable *seen,
     GBytes     *sha256)
{
  if (sha256 == NULL)
    return;

  if (g_bytes_get_size (sha256) == ISS_SHA256_SIZE &&
      asked->len < ISS_OBSERVATION_MAX_ASKED &&
      !g_hash_table_contains (seen, sha256))
    {
      /* The array keeps alive what the set borrows. */
      g_hash_table_add (seen, sha256);
      g_ptr_array_add (asked, g_bytes_ref (sha256));
    }

  g_bytes_unref (sha256);
}

static void
add_agreed (IssPool    *pool,
            GPtrArray  *asked,
            GHashTable *seen)
{
  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssAgreed *agreed = iss_pool_get_agreed (pool, iss_certificate_type_get (i)->name);

      if (agreed == NULL)
        continue;

      add (asked, seen, iss_text_parse_hex (agreed->sha256_hex));
      if (agreed->previous_sha256_hex != NULL)
        add (asked, seen, iss_text_parse_hex (agreed->previous_sha256_hex));
      if (agreed->next_sha256_hex != NULL)
        add (asked, seen, iss_text_parse_hex (agreed->next_sha256_hex));
    }
}

/* The slots of the types that are the same everywhere, and what was imported
 * for the whole pool. */
static void
add_observed (IssObservation *observation,
              GPtrArray      *asked,
              GHashTable     *seen)
{
  for (guint i = 0; i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *observed = iss_observation_get_type_at (observation, i);
      const IssCertificateType *type = iss_certificate_type_find (observed->type);

      if (type == NULL || !type->pool_wide)
        continue;

      for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
        {
          if (observed->slots[slot].is_set)
            add (asked, seen, g_bytes_new (observed->slots[slot].sha256, ISS_SHA256_SIZE));
        }
    }

  for (guint i = 0; i < iss_observation_get_n_certificates (observation); i++)
    {
      const IssObservedCertificate *certificate = iss_observation_get_certificate (observation, i);

      if (certificate->intent == ISS_INTENT_POOL)
        add (asked, seen, g_bytes_new (certificate->sha256, ISS_SHA256_SIZE));
    }
}

/**
 * iss_asked_find:
 * @pool: a pool
 *
 * A server says "I do not have it" only of a certificate that it was asked
 * about. At most %ISS_OBSERVATION_MAX_ASKED are asked, what is agreed first.
 *
 * Returns: (transfer full) (element-type GBytes): SHA-256 of the certificates to
 *   ask every server of @pool about, each once
 */
GPtrArray *
iss_asked_find (IssPool *pool)
{
  GPtrArray *asked;
  g_autoptr(GHashTable) seen = NULL;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  seen = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  add_agreed (pool, asked, seen);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *observation = iss_server_get_observation (iss_pool_get_server (pool, i));

      if (observation != NULL)
        add_observed (observation, asked, seen);
    }

  return asked;
}
