/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/job-output.h"

#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "core/base/error.h"

static const char *
word_of_state (IssJobState state)
{
  switch (state)
    {
    case ISS_JOB_DONE:
      return "done";

    case ISS_JOB_CANCELLED:
      return "cancelled";

    case ISS_JOB_WAITING:
    case ISS_JOB_RUNNING:
    case ISS_JOB_FAILED:
      return "failed";
    }

  g_return_val_if_reached ("failed");
}

static void
print_json (CtlContext *context,
            IssJob     *job,
            const char *what)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "verb", what);
  iss_json_text_name_boolean (json, "whatIf", ctl_context_has (context, "what-if"));
  iss_json_text_name (json, "servers");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      g_autofree char *reason = ctl_context_dup_reason (server, iss_job_entry_get_text (entry));

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server", iss_server_get_name (server));
      iss_json_text_name_string (json, "outcome", word_of_state (iss_job_entry_get_state (entry)));
      iss_json_text_name_string (json, "text", reason);
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
             IssJob     *job)
{
  const char *titles[] = { _("Server"), _("Outcome"), "", NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      IssJobEntry *entry = iss_job_get_entry (job, i);
      IssServer *server = iss_job_entry_get_server (entry);
      g_autofree char *name = iss_server_dup_short_name (server);
      g_autofree char *reason = ctl_context_dup_reason (server, iss_job_entry_get_text (entry));
      const char *cells[] = { name, NULL, reason, NULL };

      cells[1] = iss_job_entry_get_state (entry) == ISS_JOB_DONE ? _("done") : _("failed");
      ctl_table_add (table, cells);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}

/**
 * ctl_job_output_print:
 * @context: a context
 * @job: a job that is over
 * @what: the verb
 *
 * Prints what became of each server.
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_job_output_print (CtlContext *context,
                      IssJob     *job,
                      const char *what)
{
  gboolean force_would_help = FALSE;
  gboolean fate_is_asked = FALSE;

  if (ctl_context_wants_json (context))
    print_json (context, job, what);
  else
    print_table (context, job);

  for (guint i = 0; i < iss_job_get_n_entries (job); i++)
    {
      const GError *error = iss_job_entry_get_error (iss_job_get_entry (job, i));

      force_would_help |= g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
      fate_is_asked |= g_error_matches (error, ISS_ERROR, ISS_ERROR_STAGED);
    }

  if (force_would_help)
    g_printerr (_("Use --force if you want it all the same.\n"));
  if (fate_is_asked)
    g_printerr (_("Say which wins: --keep-staged or --cancel-staged.\n"));

  return ctl_exit_status_of_job (job);
}
