/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"

static const char *const options[] = { CTL_VERB_WHERE, "type", "thumbprint", NULL };

/* What one job asks, and each server's findings as they come. */
typedef struct
{
  const char  *type;
  GPtrArray   *asked;      /* the one certificate */
  IssPool     *pool;
  GHashTable  *findings;   /* IssServer (borrowed) -> GPtrArray of IssFinding */
} Test;

static void
start_judge (IssServer           *server,
             gpointer             job_data,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  Test *test = job_data;

  iss_server_judge_async (server, test->type, test->asked, iss_pool_get_sip_domains (test->pool),
                          cancellable, callback, user_data);
}

static char *
finish_judge (IssServer     *server,
              gpointer       job_data,
              GAsyncResult  *result,
              GError       **error)
{
  Test *test = job_data;
  g_autoptr(GPtrArray) all = iss_server_judge_finish (server, result, error);

  if (all == NULL)
    return NULL;

  g_hash_table_insert (test->findings, server, g_ptr_array_ref (g_ptr_array_index (all, 0)));

  return g_strdup ("");
}

static const char *
word_of_severity (IssFindingSeverity severity)
{
  switch (severity)
    {
    case ISS_FINDING_ERROR:
      return "error";

    case ISS_FINDING_WARNING:
      return "warning";

    case ISS_FINDING_NOTE:
      return "note";
    }

  return "error";
}

static void
print_json (CtlContext *context,
            IssJob     *job,
            Test       *test)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "type", test->type);
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      GPtrArray *findings = g_hash_table_lookup (test->findings, server);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_string (json, "error",
                                 findings == NULL ? iss_job_entry_get_text (entry) : NULL);
      iss_json_text_name_boolean (json, "suitable",
                                  findings != NULL && !iss_suitability_refuses (findings));
      iss_json_text_name (json, "findings");
      iss_json_text_begin_array (json);
      for (guint k = 0; findings != NULL && k < findings->len; k++)
        {
          const IssFinding *finding = g_ptr_array_index (findings, k);

          iss_json_text_begin_object (json);
          iss_json_text_name_string (json, "severity", word_of_severity (finding->severity));
          iss_json_text_name_string (json, "code", finding->code);
          iss_json_text_name_string (json, "text", finding->text);
          iss_json_text_end_object (json);
        }
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
print_table (CtlContext *context,
             IssJob     *job,
             Test       *test)
{
  const char *titles[] = { _("Server"), _("Verdict"), _("Why"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      GPtrArray *findings = g_hash_table_lookup (test->findings, server);
      g_autofree char *name = iss_server_dup_short_name (server);
      g_autofree char *reason = ctl_context_dup_reason (server, iss_job_entry_get_text (entry));
      const char *cells[] = { name, _("suitable"), "", NULL };

      if (findings == NULL)
        {
          cells[1] = _("not asked");
          cells[2] = reason;
        }
      else if (iss_suitability_refuses (findings))
        {
          cells[1] = _("not suitable");
        }
      else if (iss_suitability_warns (findings))
        {
          cells[1] = _("suitable, with warnings");
        }

      if (findings == NULL || findings->len == 0)
        ctl_table_add (table, cells);

      for (guint k = 0; findings != NULL && k < findings->len; k++)
        {
          const IssFinding *finding = g_ptr_array_index (findings, k);

          cells[2] = finding->text;
          ctl_table_add (table, cells);
          cells[0] = "";
          cells[1] = "";
        }
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}

static CtlExitStatus
status_of (IssJob *job,
           Test   *test)
{
  CtlExitStatus status = ctl_exit_status_of_job (job);
  GHashTableIter iter;
  GPtrArray *findings;

  g_hash_table_iter_init (&iter, test->findings);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &findings))
    {
      if (iss_suitability_refuses (findings))
        return CTL_EXIT_STATUS_REFUSED;
    }

  return status;
}

static CtlExitStatus
test_certificate (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "type");
  const char *thumbprint = ctl_context_get (context, "thumbprint");
  g_autoptr(GHashTable) findings = g_hash_table_new_full (NULL, NULL, NULL,
                                                          (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  Test test = { .asked = asked, .findings = findings };
  const IssCertificateType *type;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;

  if (typed == NULL || thumbprint == NULL)
    {
      g_printerr (_("issuantctl: Say what for and which: --type OAuthTokenIssuer "
                    "--thumbprint T\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  type = iss_certificate_type_parse (typed, &error);
  if (type == NULL)
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &test.pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  sha256 = ctl_context_find_certificate (context, servers, thumbprint, &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  test.type = type->name;
  g_ptr_array_add (asked, sha256);
  job = iss_job_new (servers, start_judge, finish_judge, &test, NULL);
  ctl_context_run_job (context, job);

  if (ctl_context_wants_json (context))
    print_json (context, job, &test);
  else
    print_table (context, job, &test);

  return status_of (job, &test);
}

const CtlVerb ctl_test_certificate_verb =
{
  .name = "test-certificate",
  .summary = N_("Say whether a certificate suits a type on servers, and if not, why"),
  .words = "",
  .options = options,
  .run = test_certificate,
};
