/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/pool-proof.h"

static const char *const options[] = { CTL_VERB_WHERE, "type", "thumbprint", NULL };

/* (nullable): not known */
static char *
dup_sha1 (IssServer            *server,
          const IssServerProof *proof,
          gboolean              is_short)
{
  IssObservation *observation = iss_server_get_observation (server);
  const IssObservedCertificate *seen = NULL;
  g_autoptr(GBytes) sha1 = NULL;

  if (observation != NULL)
    seen = iss_observation_find_certificate (observation, g_bytes_get_data (proof->sha256, NULL));
  if (seen == NULL || seen->rung < ISS_RUNG_IN_STORE)
    return NULL;

  sha1 = g_bytes_new (seen->sha1, ISS_SHA1_SIZE);
  return is_short ? iss_text_thumbprint_short (sha1) : iss_text_thumbprint (sha1);
}

static void
add_proof_json (IssJsonText          *json,
                IssServer            *server,
                const IssServerProof *proof)
{
  g_autofree char *sha1 = dup_sha1 (server, proof, FALSE);
  g_autofree char *sha256 = iss_text_hex (g_bytes_get_data (proof->sha256, NULL),
                                          ISS_SHA256_SIZE, FALSE);
  g_autofree char *at = iss_time_text_iso (proof->at);
  gboolean has_slot = *proof->type != '\0';

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "type", has_slot ? proof->type : NULL);
  iss_json_text_name_string (json, "slot", has_slot ? iss_slot_get_name (proof->slot) : NULL);
  iss_json_text_name_string (json, "issuedTo", proof->issued_to);
  iss_json_text_name_string (json, "thumbprint", sha1);
  iss_json_text_name_string (json, "sha256", sha256);
  iss_json_text_name_boolean (json, "proved", proof->failure == NULL);
  iss_json_text_name_string (json, "at", at);
  iss_json_text_name_string (json, "reason", proof->failure);
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext *context,
            IssJob     *job)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      GPtrArray *proofs = iss_pool_proof_get_proofs (job, server);
      g_autofree char *reason = ctl_context_dup_reason (server, iss_job_entry_get_text (entry));

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_boolean (json, "answers", proofs != NULL);
      iss_json_text_name_string (json, "text", reason);
      iss_json_text_name (json, "proofs");
      iss_json_text_begin_array (json);
      for (guint k = 0; proofs != NULL && k < proofs->len; k++)
        add_proof_json (json, server, proofs->pdata[k]);
      iss_json_text_end_array (json);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
add_proof_row (CtlContext           *context,
               CtlTable             *table,
               IssServer            *server,
               const char           *name,
               const IssServerProof *proof)
{
  g_autofree char *sha1 = dup_sha1 (server, proof, TRUE);
  g_autofree char *certificate = g_strdup_printf ("%s %s",
                                                  proof->issued_to != NULL ? proof->issued_to
                                                                           : "–",
                                                  sha1 != NULL ? sha1 : "");
  g_autofree char *outcome = iss_pool_proof_dup_outcome (proof, ctl_context_get_zone (context));
  g_autofree char *result = g_strdup_printf ("%s %s", proof->failure == NULL ? "●" : "✕", outcome);
  g_autofree char *use = *proof->type != '\0'
    ? g_strdup_printf ("%s · %s", proof->type, iss_slot_get_label (proof->slot)) : g_strdup ("–");
  const char *cells[] = { name, use, certificate, result, NULL };

  ctl_table_add (table, cells);
}

static void
print_table (CtlContext *context,
             IssJob     *job)
{
  const char *titles[] = { _("Server"), _("Used for"), _("Certificate"), _("Private key"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      GPtrArray *proofs = iss_pool_proof_get_proofs (job, server);
      g_autofree char *name = iss_server_dup_short_name (server);

      if (proofs == NULL || proofs->len == 0)
        {
          g_autofree char *reason = ctl_context_dup_reason (server,
                                                            iss_job_entry_get_text (entry));
          const char *cells[] = { name, "–", "–", reason, NULL };

          ctl_table_add (table, cells);
        }

      for (guint k = 0; proofs != NULL && k < proofs->len; k++)
        add_proof_row (context, table, server, name, proofs->pdata[k]);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}

static CtlExitStatus
test_proof (CtlContext *context)
{
  const char *type_name = ctl_context_get (context, "type");
  const char *typed = ctl_context_get (context, "thumbprint");
  const IssCertificateType *type = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;
  guint n_answered = 0;

  if (type_name != NULL && typed != NULL)
    {
      g_printerr (_("issuantctl: --type proves what is assigned, --thumbprint a certificate that "
                    "need not be: say one of them\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (type_name != NULL)
    type = iss_certificate_type_parse (type_name, &error);
  if (error != NULL)
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers != NULL && typed != NULL)
    sha256 = ctl_context_find_certificate (context, servers, typed, &error);
  if (error != NULL)
    return ctl_context_fail (context, error);

  job = iss_pool_proof_new (servers, type != NULL ? type->name : NULL, sha256);
  ctl_context_run_job (context, job);

  if (ctl_context_wants_json (context))
    print_json (context, job);
  else
    print_table (context, job);

  for (guint i = 0; i < servers->len; i++)
    n_answered += iss_pool_proof_get_proofs (job, servers->pdata[i]) != NULL;

  return n_answered > 0 ? ctl_exit_status_of_job (job) : CTL_EXIT_STATUS_NOT_REACHED;
}

const CtlVerb ctl_test_proof_verb =
{
  .name = "test-proof",
  .summary = N_("Have servers prove that they hold the private keys of their certificates"),
  .words = "",
  .options = options,
  .run = test_proof,
};
