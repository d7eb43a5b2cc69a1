/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-proof.h"

#include "core/base/error.h"
#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char       *type;      /* (nullable) */
  GBytes     *sha256;    /* (nullable) */
  GHashTable *proofs;    /* server -> GPtrArray of IssServerProof, owned */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->type);
  g_clear_pointer (&work->sha256, g_bytes_unref);
  g_hash_table_unref (work->proofs);
  g_free (work);
}

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Work *work = job_data;

  iss_server_prove_async (server, work->type, work->sha256, cancellable, callback, user_data);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  Work *work = job_data;
  GPtrArray *proofs = iss_server_prove_finish (server, result, error);
  guint n_proved = 0;

  if (proofs == NULL)
    return NULL;

  g_hash_table_replace (work->proofs, g_object_ref (server), proofs);
  for (guint i = 0; i < proofs->len; i++)
    {
      const IssServerProof *proof = proofs->pdata[i];

      if (proof->failure != NULL)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED, "%s: %s",
                       proof->issued_to != NULL ? proof->issued_to : _("a certificate"),
                       proof->failure);
          return NULL;
        }
      n_proved++;
    }

  if (n_proved == 0)
    return g_strdup (_("nothing is assigned, nothing to prove"));

  return g_strdup_printf (ngettext ("proved that it holds %u private key",
                                    "proved that it holds %u private keys", n_proved), n_proved);
}

/**
 * iss_pool_proof_new:
 * @servers: (element-type IssServer): where
 * @type: (nullable): only what this certificate type uses; %NULL: every type
 * @sha256: (nullable): instead of what is assigned, this certificate
 *
 * Returns: (transfer full): a job that looks at each server and has it prove that it holds the
 *   private keys; an entry fails when one of them is not proved
 */
IssJob *
iss_pool_proof_new (GPtrArray  *servers,
                    const char *type,
                    GBytes     *sha256)
{
  Work *work;

  g_return_val_if_fail (servers != NULL, NULL);
  g_return_val_if_fail (type == NULL || sha256 == NULL, NULL);

  work = g_new0 (Work, 1);
  work->type = g_strdup (type);
  work->sha256 = sha256 != NULL ? g_bytes_ref (sha256) : NULL;
  work->proofs = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                        (GDestroyNotify) g_ptr_array_unref);

  return iss_job_new (servers, start, finish, work, work_free);
}

/**
 * iss_pool_proof_get_proofs:
 * @job: a job of iss_pool_proof_new()
 * @server: one of its servers
 *
 * Returns: (transfer none) (nullable) (element-type IssServerProof): what came of each, also
 *   of those that failed; %NULL: the server has not answered
 */
GPtrArray *
iss_pool_proof_get_proofs (IssJob    *job,
                           IssServer *server)
{
  Work *work;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  work = iss_job_get_data (job);
  return g_hash_table_lookup (work->proofs, server);
}

/**
 * iss_pool_proof_dup_summary:
 * @job: a job of iss_pool_proof_new() that is over
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full): how many keys were proved, and each reason why one was not
 */
char *
iss_pool_proof_dup_summary (IssJob    *job,
                            gint64     now,
                            GTimeZone *zone)
{
  g_autoptr(GString) reasons = g_string_new (NULL);
  g_autofree char *time = iss_time_text_clock (now, zone);
  guint n_proofs = 0;
  guint n_proved = 0;

  g_return_val_if_fail (ISS_IS_JOB (job), NULL);

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      GPtrArray *proofs = iss_pool_proof_get_proofs (job, iss_job_entry_get_server (entry));

      for (guint k = 0; proofs != NULL && k < proofs->len; k++)
        n_proved += ((const IssServerProof *) proofs->pdata[k])->failure == NULL;
      n_proofs += proofs != NULL ? proofs->len : 0;

      if (iss_job_entry_get_state (entry) == ISS_JOB_FAILED)
        {
          g_autofree char *name = iss_server_dup_short_name (iss_job_entry_get_server (entry));
          g_autofree char *reason = iss_job_entry_dup_reason (entry);

          g_string_append_printf (reasons, " %s: %s.", name, reason);
        }
    }

  /* Translators: how many were proved, of how many, a time, reasons or nothing */
  return g_strdup_printf (ngettext ("%u of %u private key was proved, %s.%s",
                                    "%u of %u private keys were proved, %s.%s", n_proofs),
                          n_proved, n_proofs, time, reasons->str);
}

/**
 * iss_pool_proof_dup_outcome:
 * @proof: what came of one
 * @zone: (nullable): the zone to show the time in; %NULL is UTC
 *
 * Returns: (transfer full): "proved 14:02:11 by this console", or why not
 */
char *
iss_pool_proof_dup_outcome (const IssServerProof *proof,
                            GTimeZone            *zone)
{
  g_autofree char *time = NULL;

  g_return_val_if_fail (proof != NULL, NULL);

  time = iss_time_text_clock (proof->at, zone);
  if (proof->failure != NULL)
    /* Translators: a time, a sentence */
    return g_strdup_printf (_("not proved %s: %s"), time, proof->failure);

  /* Translators: a time */
  return g_strdup_printf (_("proved %s by this console"), time);
}
