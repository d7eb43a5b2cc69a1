/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/administrator.h"
#include "app/ctl/verb.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/pool/roll-record.h"
#include "core/pool/run-sheet.h"

#define USUAL_TYPE "OAuthTokenIssuer"

static const char *const options[] = { "pool", "type", "save", "password-file", "password-fd",
                                       "force", NULL };

static void
name_time (IssJsonText *json,
           const char  *name,
           gint64       at)
{
  g_autofree char *iso = at != 0 ? iss_time_text_iso (at) : NULL;

  iss_json_text_name_string (json, name, iso);
}

static void
add_checks (IssJsonText *json,
            IssRunSheet *sheet)
{
  GPtrArray *checks = iss_run_sheet_get_checks (sheet);

  iss_json_text_name (json, "checks");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = checks->pdata[i];

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "check", check->name);
      iss_json_text_name_string (json, "server",
                                 check->server != NULL ? iss_server_get_name (check->server)
                                                       : NULL);
      iss_json_text_name_string (json, "state", iss_run_check_state_get_nick (check->state));
      iss_json_text_name_string (json, "text", check->text);
      iss_json_text_name_string (json, "remedy", check->remedy);
      name_time (json, "seenAt", check->seen_at);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
add_rungs (IssJsonText           *json,
           const IssPresenceCell *cell,
           gint64                 now)
{
  iss_json_text_name (json, "rungs");
  iss_json_text_begin_array (json);
  for (guint i = ISS_RUNG_RECEIVED; cell != NULL && i < ISS_N_RUNGS; i++)
    {
      g_auto(IssPresenceRung) rung = { ISS_RUNG_MARK_NONE, 0, NULL, NULL, NULL };

      iss_presence_rung_init (&rung, cell, (IssRung) i, now, NULL);
      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "rung", iss_rung_get_name ((IssRung) i));
      iss_json_text_name_string (json, "mark", iss_presence_rung_get_nick (rung.mark));
      name_time (json, "at", rung.at);
      iss_json_text_name_string (json, "observer", rung.observer);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
add_proof (IssJsonText *json,
           IssRunSheet *sheet)
{
  IssPresence *presence = iss_run_sheet_get_presence (sheet);

  iss_json_text_name_string (json, "slot", iss_slot_get_name (iss_run_sheet_get_slot (sheet)));
  iss_json_text_name (json, "proof");
  iss_json_text_begin_array (json);
  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    {
      const IssPresenceCell *cell = iss_run_sheet_get_cell (sheet, row);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "server",
                                 iss_server_get_name (iss_presence_get_server (presence, row)));
      iss_json_text_name_string (json, "verdict",
                                 cell != NULL ? iss_verdict_get_nick (cell->verdict) : NULL);
      add_rungs (json, cell, iss_run_sheet_get_now (sheet));
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
print_json (CtlContext  *context,
            IssRunSheet *sheet)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  const IssPoolRoll *roll = iss_run_sheet_get_roll (sheet);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_run_sheet_get_pool (sheet));
  iss_json_text_name_string (json, "type", iss_run_sheet_get_type_of (sheet)->name);
  iss_json_text_name_string (json, "headline", iss_run_sheet_get_headline (sheet));
  name_time (json, "instant", roll != NULL ? roll->instant : 0);
  iss_json_text_name_string (json, "state",
                             iss_run_check_state_get_nick (iss_run_sheet_get_state (sheet)));
  iss_json_text_name_string (json, "verdict", iss_run_sheet_get_verdict (sheet));
  add_checks (json, sheet);
  iss_json_text_name_string (json, "do", iss_run_sheet_get_action_text (sheet));
  iss_json_text_name_string (json, "line", iss_run_sheet_get_shell_line (sheet));
  add_proof (json, sheet);
  iss_json_text_name_string (json, "wayBack", iss_run_sheet_get_way_back (sheet));
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_text (CtlContext  *context,
            IssRunSheet *sheet)
{
  g_autofree char *text = iss_run_sheet_dup_text (sheet, ctl_context_get_zone (context));
  g_autofree char *typed = ctl_context_dup_lines (context, text);

  ctl_context_print (context, typed);
}

/* Makes the sheet of what was asked about. */
static IssRunSheet *
make_sheet (CtlContext                *context,
            IssPool                   *pool,
            const IssCertificateType  *type,
            GError                   **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) looks = NULL;

  iss_run_look_async (pool, type->name, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  looks = iss_run_look_finish (pool, result, error);
  if (looks == NULL)
    return NULL;

  return iss_run_sheet_new (pool, type, looks, ctl_context_get_now (context),
                            ctl_context_get_zone (context));
}

/* The key is unlocked before anybody is asked: a wrong passphrase is said at once. */
static gboolean
unlock (CtlContext        *context,
        IssAdministrator **out_administrator,
        IssPrivateKey    **out_key,
        GError           **error)
{
  g_autoptr(IssAdministrator) administrator = NULL;

  if (!ctl_context_has (context, "save"))
    return TRUE;

  administrator = ctl_administrator_open (context, error);
  if (administrator == NULL)
    return FALSE;

  *out_key = ctl_administrator_unlock (context, administrator, error);
  if (*out_key == NULL)
    return FALSE;

  *out_administrator = g_steal_pointer (&administrator);

  return TRUE;
}

static gboolean
save (CtlContext        *context,
      IssRunSheet       *sheet,
      IssAdministrator  *administrator,
      IssPrivateKey     *key,
      GError           **error)
{
  const char *path = ctl_context_get (context, "save");
  g_autofree char *by = g_strdup_printf ("%s@%s", ctl_context_get_who (context),
                                         g_get_host_name ());
  g_autofree char *text = NULL;
  g_autoptr(GBytes) file = NULL;
  g_autoptr(GError) local_error = NULL;

  text = iss_roll_record_write (sheet, by, "issuantctl");
  file = iss_roll_record_sign (text, iss_administrator_get_certificate (administrator), key,
                               ctl_context_get_now (context), error);
  if (file == NULL)
    return FALSE;

  if (!iss_roll_record_save (file, path, ctl_context_has (context, "force"), &local_error))
    {
      /* A file that is there is what --force is for. */
      if (g_error_matches (local_error, ISS_ERROR, ISS_ERROR_EXISTS))
        local_error->code = ISS_ERROR_NEEDS_CONFIRMATION;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_printerr (_("%s is signed by %s. Who has the certificate verifies it with “issuantctl "
                "verify-record %s --signer CERT”.\n"),
              path, iss_administrator_get_name (administrator), path);

  return TRUE;
}

static guint
count_answering (GPtrArray *servers)
{
  guint n = 0;

  for (guint i = 0; i < servers->len; i++)
    n += iss_server_is_answering (servers->pdata[i]);

  return n;
}

static CtlExitStatus
get_run_sheet (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "type");
  const IssCertificateType *type;
  g_autoptr(IssAdministrator) administrator = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssRunSheet) sheet = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool = NULL;

  type = iss_certificate_type_parse (typed != NULL ? typed : USUAL_TYPE, &error);
  if (type == NULL)
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL || !unlock (context, &administrator, &key, &error))
    return ctl_context_fail (context, error);

  sheet = make_sheet (context, pool, type, &error);
  if (sheet == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_wants_json (context))
    print_json (context, sheet);
  else
    print_text (context, sheet);

  if (administrator != NULL && !save (context, sheet, administrator, key, &error))
    return ctl_context_fail (context, error);

  if (count_answering (servers) == 0)
    return CTL_EXIT_STATUS_NOT_REACHED;

  return iss_run_sheet_get_state (sheet) <= ISS_RUN_CHECK_WARNING ? CTL_EXIT_STATUS_DONE
                                                                 : CTL_EXIT_STATUS_FAILED;
}

const CtlVerb ctl_get_run_sheet_verb =
{
  .name = "get-run-sheet",
  .summary = N_("Is a roll ready, what is to be done, did it work, and how to go back"),
  .words = "",
  .options = options,
  .run = get_run_sheet,
};
