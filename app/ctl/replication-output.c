/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/replication-output.h"

#include <glib/gi18n.h>

#include "app/ctl/table.h"
#include "core/base/time-text.h"
#include "core/central/central-status.h"
#include "core/central/replication-text.h"

static void
add_row (CtlTable            *table,
         IssReplicationTable *all,
         guint                server,
         guint                wanted,
         GTimeZone           *zone)
{
  const IssReplicaReport *report = iss_replication_table_get_report (all, server);
  const IssWanted *one = iss_replication_table_get_wanted (all, wanted);
  const IssReplicaType *type = iss_replication_table_find_type (all, server, wanted);
  const IssReplicationState state = iss_replication_table_get_state (all, server, wanted);
  g_autofree char *revision = iss_replication_text_dup_revision (all, server, wanted);
  g_autofree char *staged = iss_replication_text_dup_staged (type, zone);
  g_autofree char *seen = iss_replication_text_dup_seen (report, zone);
  g_autofree char *clock = iss_replication_text_dup_clock (report);
  const char *cells[] =
    {
      report->server, iss_wanted_get_manifest (one)->type->name,
      iss_replication_state_get_label (state), revision,
      iss_replication_text_get_rung (type, ISS_SLOT_CURRENT), staged, seen, clock,
      report->version != NULL ? report->version : "–", NULL
    };

  ctl_table_add (table, cells);
}

/* Who replicates, and what servers that were removed still have. */
static void
print_status (CtlContext             *context,
              IssPool                *pool,
              const IssCentralStatus *status)
{
  GTimeZone *zone = ctl_context_get_zone (context);
  const gint64 now = iss_clock_now (iss_pool_get_clock (pool));
  g_autofree char *replicator = iss_central_status_dup_replicator (status, now, zone);

  ctl_context_print (context, replicator);
  ctl_context_print (context, ".\n");
  for (guint i = 0; i < status->deleted->len; i++)
    {
      g_autofree char *line = iss_central_status_dup_deleted (status, status->deleted->pdata[i],
                                                              zone);

      ctl_context_warn (context, line);
    }
}

static void
print_paragraph (CtlContext *context,
                 const char *text)
{
  ctl_context_print (context, "\n");
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/* Each server in Microsoft's words, and its ladder in sentences. */
static void
print_details (CtlContext          *context,
               IssReplicationTable *all)
{
  GTimeZone *zone = ctl_context_get_zone (context);

  for (guint i = 0; i < iss_replication_table_get_n_servers (all); i++)
    {
      g_autofree char *replica = iss_replication_text_dup_replica (all, i, zone);

      print_paragraph (context, replica);
      for (guint k = 0; k < iss_replication_table_get_n_wanted (all); k++)
        {
          g_autofree char *detail = iss_replication_text_dup_detail (all, i, k, zone);

          print_paragraph (context, detail);
        }
    }

  ctl_context_print (context, "\n");
}

static void
print_table (CtlContext             *context,
             IssPool                *pool,
             IssReplicationTable    *all,
             const IssCentralStatus *status)
{
  const char *titles[] =
    {
      _("Replica"), _("Type"), _("State"), _("Revision"), _("Current"), _("Staged"),
      _("Last status report"), _("Clock"), _("Version"), NULL
    };
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  if (iss_replication_table_get_n_wanted (all) == 0)
    {
      ctl_context_print (context, _("Nothing is assigned globally.\n"));
      return;
    }

  for (guint i = 0; i < iss_replication_table_get_n_servers (all); i++)
    for (guint k = 0; k < iss_replication_table_get_n_wanted (all); k++)
      add_row (table, all, i, k, ctl_context_get_zone (context));

  text = ctl_table_to_text (table);
  ctl_context_print (context, text);
  if (ctl_context_has (context, "details"))
    print_details (context, all);
  print_status (context, pool, status);
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
print_type (IssJsonText         *json,
            IssReplicationTable *all,
            guint                server,
            guint                wanted)
{
  const IssReplicaType *type = iss_replication_table_find_type (all, server, wanted);
  const IssWanted *one = iss_replication_table_get_wanted (all, wanted);
  const IssManifest *manifest = iss_wanted_get_manifest (one);
  const gboolean is_up_to_date =
    iss_replica_report_is_up_to_date (iss_replication_table_get_report (all, server), one);
  g_autofree char *obstacle = iss_replication_text_dup_obstacle (all, server, wanted);

  iss_json_text_begin_object (json);
  iss_json_text_name_string (json, "Type", manifest->type->name);
  iss_json_text_name_boolean (json, "UpToDate", is_up_to_date);
  iss_json_text_name_integer (json, "RevisionWanted", (gint64) manifest->revision);
  iss_json_text_name_integer (json, "RevisionHeld", type != NULL ? (gint64) type->revision : 0);
  print_instant (json, "LastUpdateCreation", iss_package_get_signed_at (one->copy));
  iss_json_text_name_boolean (json, "Deployed", type != NULL && type->deployed);
  iss_json_text_name_boolean (json, "Local", type != NULL && type->local);
  iss_json_text_name_boolean (json, "Held", type != NULL && type->held);
  print_instant (json, "EffectiveDate", type != NULL ? type->staged_at : 0);
  iss_json_text_name_string (json, "Reason", type != NULL ? type->reason : NULL);
  iss_json_text_name_string (json, "Unreadable", type != NULL ? type->unreadable : NULL);
  iss_json_text_name_string (json, "Obstacle", obstacle);
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
print_deleted (IssJsonText            *json,
               const IssCentralStatus *status)
{
  iss_json_text_name (json, "deletedReplicas");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < status->deleted->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (status->deleted, i);
      g_autoptr(GPtrArray) held = iss_central_status_list_held (report);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "Replica", report->server);
      print_instant (json, "LastStatusReport", report->seen);
      iss_json_text_name (json, "certificates");
      iss_json_text_begin_array (json);
      for (guint k = 0; k < held->len; k++)
        iss_json_text_string (json, held->pdata[k]);
      iss_json_text_end_array (json);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
}

static void
print_json (CtlContext             *context,
            IssReplicationTable    *all,
            const IssCentralStatus *status)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *verdict = iss_replication_text_dup_verdict (all);
  g_autofree char *text = NULL;

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_replication_table_get_pool (all));
  iss_json_text_name_string (json, "verdict", verdict);
  iss_json_text_name_string (json, "ActiveReplicator", status->replicator);
  print_instant (json, "ActiveSince", status->since);
  print_instant (json, "Heartbeat", status->heartbeat);
  print_deleted (json, status);
  iss_json_text_name (json, "replicas");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_replication_table_get_n_servers (all); i++)
    {
      const IssReplicaReport *report = iss_replication_table_get_report (all, i);
      const IssEnrolment *enrolment = iss_replication_table_get_enrolment (all, i);

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "Replica", report->server);
      iss_json_text_name_boolean (json, "Enrolled", enrolment != NULL);
      print_instant (json, "EnrolledOn", enrolment != NULL ? enrolment->at : 0);
      iss_json_text_name_string (json, "HostKey", enrolment != NULL && *enrolment->host_key != '\0'
                                                  ? enrolment->host_key : NULL);
      iss_json_text_name_boolean (json, "UpToDate", iss_replication_table_is_up_to_date (all, i));
      print_instant (json, "LastStatusReport", report->seen);
      print_instant (json, "LastUpdateCreation", iss_replication_table_get_decided (all));
      print_instant (json, "LastTry", report->tried);
      print_instant (json, "NextTry", iss_replica_report_get_next_try (report, 0));
      iss_json_text_name_string (json, "ProductVersion", report->version);
      iss_json_text_name_integer (json, "ClockOffsetMilliseconds",
                                  (gint64) (report->clock_offset * 1000));
      iss_json_text_name_string (json, "Error", report->error);
      iss_json_text_name (json, "types");
      iss_json_text_begin_array (json);
      for (guint k = 0; k < iss_replication_table_get_n_wanted (all); k++)
        print_type (json, all, i, k);
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
warn_of (CtlContext *context,
         const char *server,
         const char *reason)
{
  g_autofree char *line = reason != NULL ? g_strdup_printf ("%s: %s", server, reason) : NULL;

  if (line != NULL)
    ctl_context_warn (context, line);
}

/* Why a server is not where it should be, or a roll is not armed for its sake. */
static void
warn (CtlContext          *context,
      IssReplicationTable *all)
{
  for (guint i = 0; i < iss_replication_table_get_n_servers (all); i++)
    {
      const IssReplicaReport *report = iss_replication_table_get_report (all, i);
      g_autofree char *trouble =
        iss_replication_text_dup_trouble (report, ctl_context_get_zone (context));

      if (trouble != NULL)
        ctl_context_warn (context, trouble);

      for (guint k = 0; k < iss_replication_table_get_n_wanted (all); k++)
        {
          const IssReplicaType *type = iss_replication_table_find_type (all, i, k);
          g_autofree char *obstacle = iss_replication_text_dup_obstacle (all, i, k);

          warn_of (context, report->server, type != NULL ? type->reason : NULL);
          warn_of (context, report->server, obstacle);
        }
    }
}

static CtlExitStatus
get_status (IssReplicationTable *all)
{
  const guint n = iss_replication_table_get_n_servers (all);
  const guint n_good = iss_replication_table_get_n_up_to_date (all);

  if (n_good == n)
    return CTL_EXIT_STATUS_DONE;
  if (n_good > 0)
    return CTL_EXIT_STATUS_PARTLY;

  for (guint i = 0; i < n; i++)
    {
      const IssReplicaReport *report = iss_replication_table_get_report (all, i);

      if (report->error == NULL && report->seen != 0)
        return CTL_EXIT_STATUS_FAILED;
    }

  return CTL_EXIT_STATUS_NOT_REACHED;
}

/**
 * ctl_replication_output_print:
 * @context: a context
 * @pool: the pool
 * @store: the central store
 * @servers: (nullable) (element-type IssServer): of which; %NULL: all of the pool
 *
 * Prints how far each server is with each type that is assigned globally, as last reported, and
 * why not further.
 *
 * Returns: %CTL_EXIT_STATUS_DONE if every server is up to date
 */
CtlExitStatus
ctl_replication_output_print (CtlContext      *context,
                              IssPool         *pool,
                              IssCentralStore *store,
                              GPtrArray       *servers)
{
  g_autoptr(IssReplicationTable) all = NULL;
  g_autoptr(IssCentralStatus) status = NULL;
  g_auto(GStrv) whole = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  g_autoptr(GError) error = NULL;
  const guint n = servers != NULL ? servers->len : iss_pool_get_n_servers (pool);

  for (guint i = 0; i < n; i++)
    g_strv_builder_add (builder, iss_server_get_name (servers != NULL
                                                      ? servers->pdata[i]
                                                      : iss_pool_get_server (pool, i)));
  names = g_strv_builder_end (builder);

  all = iss_replication_table_load (store, iss_pool_get_name (pool),
                                    (const char *const *) names, &error);
  whole = iss_pool_dup_server_names (pool);
  if (all != NULL)
    status = iss_central_status_load (store, iss_pool_get_name (pool),
                                      (const char *const *) whole, &error);
  if (status == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_wants_json (context))
    print_json (context, all, status);
  else
    print_table (context, pool, all, status);
  warn (context, all);

  return get_status (all);
}
