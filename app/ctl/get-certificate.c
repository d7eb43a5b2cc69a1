/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/as-of.h"
#include "app/ctl/table.h"
#include "app/ctl/verb.h"
#include "core/assignment/certificate-type.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/assignment-table.h"
#include "core/pool/pool-roll.h"
#include "core/pool/presence-forecast.h"
#include "core/pool/reload-note.h"

static const char *const options[] = { CTL_VERB_WHERE, "type", "property", "as-of", NULL };

static const char *const property_names[] = { "Issuer", "NotAfter", "NotBefore", "Subject",
                                              "Thumbprint", "Use", "Server", "Slot", "Sha256",
                                              NULL };

static char *
dup_property (const IssAssignmentUse *row,
              const char             *name)
{
  const IssObservedCertificate *certificate = row->certificate;

  if (g_ascii_strcasecmp (name, "Server") == 0)
    return g_strdup (iss_server_get_name (row->server));
  if (g_ascii_strcasecmp (name, "Use") == 0)
    return g_strdup (row->type->type);
  if (g_ascii_strcasecmp (name, "Slot") == 0)
    return g_strdup (iss_slot_get_name (row->slot));
  if (g_ascii_strcasecmp (name, "Sha256") == 0)
    return iss_text_hex (row->seen->sha256, sizeof row->seen->sha256, FALSE);
  if (certificate == NULL)
    return g_strdup ("");
  if (g_ascii_strcasecmp (name, "Thumbprint") == 0)
    return iss_text_hex (certificate->sha1, sizeof certificate->sha1, TRUE);
  if (g_ascii_strcasecmp (name, "Subject") == 0)
    return g_strdup (certificate->issued_to);
  if (g_ascii_strcasecmp (name, "Issuer") == 0)
    return g_strdup (certificate->issued_by);
  if (g_ascii_strcasecmp (name, "NotAfter") == 0)
    return iss_time_text_iso (certificate->not_after);
  if (g_ascii_strcasecmp (name, "NotBefore") == 0)
    return iss_time_text_iso (certificate->not_before);

  return NULL;
}

/* "fe01 uses sip.contoso.example (14B6…), fe02 …": what there is to choose from. */
static void
say_each (IssAssignmentTable *table,
          const char         *name)
{
  for (guint i = 0; i < iss_assignment_table_get_n_uses (table); i++)
    {
      const IssAssignmentUse *row = iss_assignment_table_get_use (table, i);
      g_autofree char *server = iss_server_dup_short_name (row->server);
      g_autofree char *value = dup_property (row, name);

      if (row->slot == ISS_SLOT_CURRENT)
        g_printerr ("  --server %s --type %s: %s\n", server, row->type->type, value);
    }
}

/* The property alone, for a shell variable: whoever takes it into one means one. */
static CtlExitStatus
print_property (IssAssignmentTable *table,
                const char         *name)
{
  g_autoptr(GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *value = NULL;

  for (guint i = 0; i < iss_assignment_table_get_n_uses (table); i++)
    {
      const IssAssignmentUse *row = iss_assignment_table_get_use (table, i);

      if (row->slot != ISS_SLOT_CURRENT)
        continue;

      g_free (value);
      value = dup_property (row, name);
      g_hash_table_add (values, g_strdup (value));
    }

  if (g_hash_table_size (values) > 1)
    {
      g_printerr (_("issuantctl: There are %u different values of %s, and none was printed. Say "
                    "which is meant:\n"), g_hash_table_size (values), name);
      say_each (table, name);
      return CTL_EXIT_STATUS_REFUSED;
    }

  if (value != NULL)
    g_print ("%s\n", value);

  return CTL_EXIT_STATUS_DONE;
}

/* Of what is staged: when it rolls, and whether it waits to be armed. */
static void
write_staged (IssJsonText            *json,
              const IssAssignmentUse *row)
{
  g_autofree char *instant = NULL;

  if (row->slot != ISS_SLOT_STAGED)
    return;

  instant = iss_time_text_iso (row->seen->instant);
  iss_json_text_name_string (json, "EffectiveDate", instant);
  iss_json_text_name_boolean (json, "Held", row->type->held);
}

/* "published, 1 July 2027, 00:00 (UTC+2), held: not armed" */
static char *
dup_state (CtlContext             *context,
           const IssAssignmentUse *row)
{
  const char *rung = iss_rung_get_label (row->seen->rung);
  g_autofree char *instant = NULL;
  g_autofree char *reloads = NULL;

  if (row->slot == ISS_SLOT_CURRENT)
    reloads = iss_reload_note_dup_state (row->server, row->type->type,
                                         ctl_context_get_zone (context));
  if (reloads != NULL)
    return g_strdup_printf ("%s, %s", rung, reloads);
  if (row->slot != ISS_SLOT_STAGED)
    return g_strdup (rung);

  instant = iss_time_text_instant (row->seen->instant, ctl_context_get_zone (context));

  /* Translators: "published", and when a staged certificate becomes current */
  return row->type->held ? g_strdup_printf (_("%s, %s, held: not armed"), rung, instant)
                         : g_strdup_printf (_("%s, from %s"), rung, instant);
}

/* What services use it, and whether they have read it. */
static void
write_reloads (CtlContext             *context,
               IssJsonText            *json,
               const IssAssignmentUse *row)
{
  const IssObservedReloads *reloads =
    iss_observation_get_reloads (iss_server_get_observation (row->server));

  iss_json_text_name (json, "Reloads");
  iss_json_text_begin_array (json);
  for (guint i = 0; row->slot == ISS_SLOT_CURRENT && i < reloads->all->len; i++)
    {
      const IssReload *reload = g_ptr_array_index (reloads->all, i);
      g_autofree char *ended = reload->ended != 0 ? iss_time_text_iso (reload->ended) : NULL;
      g_autofree char *tried = reload->tried != 0 ? iss_time_text_iso (reload->tried) : NULL;

      if (!g_str_equal (reload->type, row->type->type))
        continue;

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "consumer", reload->consumer);
      iss_json_text_name_string (json, "reloads", reload->what);
      iss_json_text_name_string (json, "state", iss_reload_state_get_name (reload->state));
      iss_json_text_name_integer (json, "revision", (gint64) reload->live.revision);
      iss_json_text_name_integer (json, "attempts", reload->attempts);
      iss_json_text_name_string (json, "ended", ended);
      iss_json_text_name_string (json, "reason", reload->reason);
      iss_json_text_name_string (json, "output", reload->output);
      iss_json_text_name_string (json, "account", *reload->account != '\0' ? reload->account
                                                                          : NULL);
      iss_json_text_name_string (json, "keyTried", tried);
      iss_json_text_name_boolean (json, "keyRead", reload->tried != 0 && reload->readable);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
print_json (CtlContext         *context,
            IssAssignmentTable *table)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name (json, "assigned");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_assignment_table_get_n_uses (table); i++)
    {
      const IssAssignmentUse *row = iss_assignment_table_get_use (table, i);
      g_autofree char *seen = iss_time_text_iso (iss_server_get_seen_at (row->server));

      iss_json_text_begin_object (json);
      for (guint k = 0; property_names[k] != NULL; k++)
        {
          g_autofree char *value = dup_property (row, property_names[k]);

          iss_json_text_name_string (json, property_names[k], value);
        }
      iss_json_text_name_string (json, "Scope", row->type->scope);
      iss_json_text_name_string (json, "State", iss_rung_get_name (row->seen->rung));
      write_reloads (context, json, row);
      write_staged (json, row);
      iss_json_text_name_boolean (json, "Answers", iss_server_is_answering (row->server));
      iss_json_text_name_string (json, "Seen", seen);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_when (CtlContext *context,
            gint64      at)
{
  g_autofree char *when = NULL;
  g_autofree char *line = NULL;

  if (at == 0)
    return;

  when = iss_presence_forecast_dup_when (at, ctl_context_get_zone (context));
  /* Translators: an instant: "On 14 July 2027" */
  line = g_strdup_printf (_("%s, if nothing is changed:\n"), when);
  ctl_context_print (context, line);
}

static void
print_table (CtlContext         *context,
             IssAssignmentTable *assigned)
{
  const char *titles[] = { _("Server"), _("Use"), _("Slot"), _("Subject"), _("Issuer"),
                           _("NotAfter"), _("Thumbprint"), _("State"), NULL };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < iss_assignment_table_get_n_uses (assigned); i++)
    {
      const IssAssignmentUse *row = iss_assignment_table_get_use (assigned, i);
      g_autofree char *name = iss_server_dup_short_name (row->server);
      g_autofree char *thumbprint = dup_property (row, "Thumbprint");
      g_autofree char *expires = row->certificate != NULL
        ? iss_time_text_short (row->certificate->not_after, ctl_context_get_zone (context))
        : g_strdup ("");
      g_autofree char *since = iss_time_text_since (iss_server_get_seen_at (row->server),
                                                    ctl_context_get_now (context),
                                                    ctl_context_get_zone (context));
      g_autofree char *seen = dup_state (context, row);
      g_autofree char *state = iss_server_is_answering (row->server)
        ? g_strdup (seen) : g_strdup_printf (_("%s (seen %s, no answer)"), seen, since);
      const char *cells[] = { name, row->type->type, iss_slot_get_name (row->slot),
                              row->certificate != NULL ? row->certificate->issued_to
                                                       : _("gone from the store"),
                              row->certificate != NULL ? row->certificate->issued_by : "",
                              expires, thumbprint, state, NULL };

      ctl_table_add (table, cells);
    }

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
}

/* The rolls that are pending or felt, each as the console's timeline, in words. */
static void
print_rolls (CtlContext *context,
             GPtrArray  *servers,
             const char *type)
{
  GTimeZone *zone = ctl_context_get_zone (context);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const char *name = iss_certificate_type_get (i)->name;
      g_autoptr(IssPoolRoll) roll = NULL;
      g_autoptr(IssRollSchedule) schedule = NULL;
      g_autofree char *headline = NULL;
      g_autofree char *text = NULL;

      if (type != NULL && !g_str_equal (type, name))
        continue;

      roll = iss_pool_roll_find (servers, name, ctl_context_get_now (context));
      if (roll == NULL)
        continue;

      headline = iss_pool_roll_dup_headline (roll, zone);
      schedule = iss_pool_roll_make_schedule (roll, zone);
      text = iss_roll_schedule_dup_text (schedule);
      ctl_context_print (context, "\n");
      ctl_context_print (context, headline);
      ctl_context_print (context, "\n");
      ctl_context_print (context, text);
      ctl_context_print (context, "\n");
    }
}

static CtlExitStatus
status_of (GPtrArray *servers)
{
  guint n_answering = 0;

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = g_ptr_array_index (servers, i);
      const GError *error = iss_server_get_error (server);

      if (iss_server_is_answering (server))
        n_answering++;
      else if (error != NULL)
        ctl_context_warn_of_server (server, error->message);
    }

  if (n_answering == servers->len)
    return CTL_EXIT_STATUS_DONE;

  return n_answering > 0 ? CTL_EXIT_STATUS_PARTLY : CTL_EXIT_STATUS_NOT_REACHED;
}

static CtlExitStatus
get_certificate (CtlContext *context)
{
  const char *type_name = ctl_context_get (context, "type");
  const char *property = ctl_context_get (context, "property");
  const IssCertificateType *type = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(IssAssignmentTable) table = NULL;
  g_autoptr(GError) error = NULL;
  CtlExitStatus status = CTL_EXIT_STATUS_DONE;
  IssPool *pool = NULL;
  gint64 at = 0;

  if (type_name != NULL)
    {
      type = iss_certificate_type_parse (type_name, &error);
      if (type == NULL)
        return ctl_context_fail (context, error);
    }

  if (property != NULL)
    {
      gboolean known = FALSE;

      for (guint i = 0; property_names[i] != NULL; i++)
        known = known || g_ascii_strcasecmp (property_names[i], property) == 0;
      if (!known)
        {
          g_autofree char *all = g_strjoinv (", ", (char **) property_names);

          g_printerr (_("issuantctl: There is no property “%s”. There are: %s\n"), property, all);
          return CTL_EXIT_STATUS_WRONG_USE;
        }
    }

  if (!ctl_as_of_get (context, &at, &error))
    return ctl_context_fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  ctl_context_look_at (context, servers);
  table = iss_assignment_table_new_at (servers, type != NULL ? type->name : NULL,
                                       ctl_context_get_now (context), at,
                                       ctl_context_get_zone (context));

  if (property != NULL)
    status = print_property (table, property);
  else if (ctl_context_wants_json (context))
    print_json (context, table);
  else if (iss_assignment_table_get_n_uses (table) > 0)
    {
      print_when (context, at);
      print_table (context, table);
      if (at == 0)
        print_rolls (context, servers, type != NULL ? type->name : NULL);
    }

  if (iss_assignment_table_get_n_uses (table) == 0 && type != NULL)
    g_printerr (_("Nothing is assigned to %s.\n"), type->name);

  return status != CTL_EXIT_STATUS_DONE ? status : status_of (servers);
}

const CtlVerb ctl_get_certificate_verb =
{
  .name = "get-certificate",
  .summary = N_("Show what is assigned"),
  .words = "",
  .options = options,
  .run = get_certificate,
};
