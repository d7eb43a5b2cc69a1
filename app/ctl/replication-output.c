/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/replication-output.h"

#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "core/base/error.h"
#include "core/base/time-text.h"

static gboolean
is_enrolled (CtlContext             *context,
             IssCentralStore        *store,
             IssPool                *pool,
             const IssReplicaReport *report)
{
  g_autoptr(IssEnrolment) enrolment = iss_central_store_get_enrolment (store,
                                                                       iss_pool_get_name (pool),
                                                                       report->server, NULL);

  return enrolment != NULL;
}

static const IssReplicaType *
find_type (const IssReplicaReport *report,
           const IssWanted        *wanted)
{
  return report->state == NULL ? NULL
    : iss_replica_state_find_type (report->state, iss_wanted_get_manifest (wanted)->type);
}

/* One word for a server and a type. */
static const char *
get_state_text (const IssReplicaReport *report,
                const IssWanted        *wanted)
{
  const IssReplicaType *type = find_type (report, wanted);

  if (iss_wanted_find_server (wanted, report->server) == NULL)
    return _("gets no package");
  if (type == NULL)
    return _("has no package yet");
  if (type->local)
    return _("changed on the server");
  if (!type->deployed)
    return _("not deployed");
  if (!iss_replica_report_is_up_to_date (report, wanted))
    return _("has an older package");

  return _("up to date");
}

static const char *
get_rung_text (const IssReplicaType *type,
               IssSlot               slot)
{
  return type != NULL && type->slot[slot] != NULL ? iss_rung_get_label (type->rung[slot]) : "–";
}

static char *
dup_roll (const IssReplicaType *type,
          GTimeZone            *zone)
{
  g_autofree char *when = NULL;

  if (type == NULL || type->slot[ISS_SLOT_STAGED] == NULL)
    return g_strdup ("–");

  when = iss_time_text_instant (type->staged_at, zone);

  return g_strdup_printf (type->held ? _("%s, %s, held: not armed") : _("%s, %s"),
                          get_rung_text (type, ISS_SLOT_STAGED), when);
}

static void
add_row (CtlTable               *table,
         const IssReplicaReport *report,
         const IssWanted        *wanted,
         GTimeZone              *zone)
{
  const IssReplicaType *type = find_type (report, wanted);
  const guint64 revision = iss_wanted_get_manifest (wanted)->revision;
  g_autofree char *revisions =
    g_strdup_printf ("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                     type != NULL ? type->revision : 0, revision);
  g_autofree char *seen = report->seen != 0 ? iss_time_text_instant (report->seen, zone)
                                            : g_strdup (_("never"));
  g_autofree char *roll = dup_roll (type, zone);
  const char *cells[] =
    {
      report->server, iss_wanted_get_manifest (wanted)->type->name,
      get_state_text (report, wanted), revisions, get_rung_text (type, ISS_SLOT_CURRENT), roll,
      seen, NULL
    };

  ctl_table_add (table, cells);
}

static void
print_table (CtlContext *context,
             GPtrArray  *wanted,
             GPtrArray  *reports)
{
  const char *titles[] =
    {
      _("Replica"), _("Type"), _("State"), _("Revision"), _("Current"), _("Staged"),
      _("Last status report"), NULL
    };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  for (guint i = 0; i < reports->len; i++)
    for (guint k = 0; k < wanted->len; k++)
      add_row (table, reports->pdata[i], wanted->pdata[k], ctl_context_get_zone (context));

  text = wanted->len > 0 ? ctl_table_to_text (table)
                         : g_strdup (_("Nothing is assigned globally.\n"));
  ctl_context_print (context, text);
}

static void
print_instant (IssJsonText *json,
               const char  *name,
               gint64       instant)
{
  g_autofree char *text = instant != 0 ? iss_time_text_iso (instant) : NULL;

  iss_json_text_name_string (json, name, text);
}

static void
print_type (IssJsonText            *json,
            const IssReplicaReport *report,
            const IssWanted        *wanted)
{
  const IssReplicaType *type = find_type (report, wanted);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "Type", iss_wanted_get_manifest (wanted)->type->name);
  iss_json_text_name_boolean (json, "UpToDate", iss_replica_report_is_up_to_date (report, wanted));
  iss_json_text_name_integer (json, "RevisionWanted",
                              (gint64) iss_wanted_get_manifest (wanted)->revision);
  iss_json_text_name_integer (json, "RevisionHeld", type != NULL ? (gint64) type->revision : 0);
  print_instant (json, "LastUpdateCreation", iss_package_get_signed_at (wanted->copy));
  iss_json_text_name_boolean (json, "Deployed", type != NULL && type->deployed);
  iss_json_text_name_boolean (json, "Local", type != NULL && type->local);
  iss_json_text_name_boolean (json, "Held", type != NULL && type->held);
  print_instant (json, "EffectiveDate", type != NULL ? type->staged_at : 0);
  iss_json_text_name_string (json, "Reason", type != NULL ? type->reason : NULL);
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const char *slot = iss_slot_get_name ((IssSlot) i);
      g_autofree char *rung = g_strconcat (slot, "Rung", NULL);
      const gboolean is_set = type != NULL && type->slot[i] != NULL;

      iss_json_text_name_string (json, slot, is_set ? type->slot[i] : NULL);
      iss_json_text_name_string (json, rung, is_set ? iss_rung_get_name (type->rung[i]) : NULL);
    }
  iss_json_text_end_object (json);
}

static void
print_json (CtlContext      *context,
            IssPool         *pool,
            IssCentralStore *store,
            GPtrArray       *wanted,
            GPtrArray       *reports)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_pool_get_name (pool));
  iss_json_text_name (json, "replicas");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);
      gboolean is_up_to_date = TRUE;

      for (guint k = 0; k < wanted->len; k++)
        is_up_to_date = is_up_to_date &&
                        iss_replica_report_is_up_to_date (report, wanted->pdata[k]);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "Replica", report->server);
      iss_json_text_name_boolean (json, "Enrolled", is_enrolled (context, store, pool, report));
      iss_json_text_name_boolean (json, "UpToDate", is_up_to_date);
      print_instant (json, "LastStatusReport", report->seen);
      print_instant (json, "LastTry", report->tried);
      print_instant (json, "NextTry", iss_replica_report_get_next_try (report, 0));
      iss_json_text_name_string (json, "ProductVersion", report->version);
      iss_json_text_name_string (json, "Error", report->error);
      iss_json_text_name (json, "types");
      iss_json_text_begin_array (json);
      for (guint k = 0; k < wanted->len; k++)
        print_type (json, report, wanted->pdata[k]);
      iss_json_text_end_array (json);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  iss_json_text_end_object (json);

  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/* Why a server is not where it should be. */
static void
warn (CtlContext *context,
      GPtrArray  *wanted,
      GPtrArray  *reports)
{
  for (guint i = 0; i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);

      if (report->error != NULL)
        ctl_context_warn (context, report->error);

      for (guint k = 0; k < wanted->len; k++)
        {
          const IssReplicaType *type = find_type (report, wanted->pdata[k]);
          g_autofree char *line = NULL;

          if (type == NULL || type->reason == NULL)
            continue;

          line = g_strdup_printf ("%s: %s", report->server, type->reason);
          ctl_context_warn (context, line);
        }
    }
}

static CtlExitStatus
get_status (GPtrArray *wanted,
            GPtrArray *reports)
{
  guint n_good = 0;
  guint n_reached = 0;

  for (guint i = 0; i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);
      gboolean is_good = report->error == NULL;

      for (guint k = 0; k < wanted->len; k++)
        is_good = is_good && iss_replica_report_is_up_to_date (report, wanted->pdata[k]);
      n_good += is_good ? 1 : 0;
      n_reached += report->error == NULL && report->seen != 0 ? 1 : 0;
    }

  if (n_good == reports->len)
    return CTL_EXIT_STATUS_DONE;
  if (n_good > 0)
    return CTL_EXIT_STATUS_PARTLY;

  return n_reached > 0 ? CTL_EXIT_STATUS_FAILED : CTL_EXIT_STATUS_NOT_REACHED;
}

/**
 * ctl_replication_output_print:
 * @context: a context
 * @pool: the pool
 * @store: the central store
 * @reports: (element-type IssReplicaReport): how far its servers are
 *
 * Prints how far each server is with each type that is assigned globally, and why not further.
 *
 * Returns: %CTL_EXIT_STATUS_DONE if every server is up to date
 */
CtlExitStatus
ctl_replication_output_print (CtlContext      *context,
                              IssPool         *pool,
                              IssCentralStore *store,
                              GPtrArray       *reports)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(IssAdministrators) administrators = NULL;
  g_autoptr(GPtrArray) wanted = NULL;

  administrators = iss_central_store_get_administrators (store, iss_pool_get_name (pool), NULL,
                                                         &unknown);
  /* Before the first server is enrolled there are no administrators, and nothing is wanted. */
  if (administrators == NULL && !g_error_matches (unknown, ISS_ERROR, ISS_ERROR_NOT_FOUND))
    return ctl_context_fail (context, unknown);

  wanted = administrators != NULL
    ? iss_central_store_list_wanted (store, iss_pool_get_name (pool), &error)
    : g_ptr_array_new ();
  if (wanted == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_wants_json (context))
    print_json (context, pool, store, wanted, reports);
  else
    print_table (context, wanted, reports);
  warn (context, wanted, reports);

  return get_status (wanted, reports);
}
