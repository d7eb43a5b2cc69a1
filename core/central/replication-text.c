/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/replication-text.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/central/global-gate.h"
#include "core/pool/clock-check.h"

#define NOTHING "–"

/* Those that are, or are not, up to date. */
static char *
dup_names (IssReplicationTable *table,
           gboolean             is_up_to_date)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < iss_replication_table_get_n_servers (table); i++)
    if (iss_replication_table_is_up_to_date (table, i) == is_up_to_date)
      g_ptr_array_add (names,
                       iss_text_dup_short_host (iss_replication_table_get_report (table,
                                                                                  i)->server));
  g_ptr_array_add (names, NULL);

  return iss_text_join_names ((const char *const *) names->pdata);
}

/**
 * iss_replication_text_dup_verdict:
 * @table: a table
 *
 * Returns: (transfer full): whether every server has what is assigned globally, and if not,
 *   which have not
 */
char *
iss_replication_text_dup_verdict (IssReplicationTable *table)
{
  const guint n = iss_replication_table_get_n_servers (table);
  const guint n_good = iss_replication_table_get_n_up_to_date (table);
  g_autofree char *names = NULL;

  if (iss_replication_table_get_n_wanted (table) == 0)
    return g_strdup_printf (_("Nothing is assigned globally in %s: what is imported or assigned "
                              "by hand does not replicate."),
                            iss_replication_table_get_pool (table));

  if (n_good == n)
    return g_strdup_printf (ngettext ("What is assigned globally is deployed on %u of %u server.",
                                      "What is assigned globally is deployed on %u of %u servers.",
                                      n), n_good, n);

  names = dup_names (table, FALSE);

  /* Translators: two numbers, names of servers */
  return g_strdup_printf (ngettext ("What is assigned globally is deployed on %u of %u server; "
                                    "not on %s.",
                                    "What is assigned globally is deployed on %u of %u servers; "
                                    "not on %s.", n), n_good, n, names);
}

/**
 * iss_replication_text_dup_revision:
 * @table: a table
 * @server: which of its servers
 * @wanted: which of its types
 *
 * Returns: (transfer full): the revision it holds, and the one that is wanted
 */
char *
iss_replication_text_dup_revision (IssReplicationTable *table,
                                   guint                server,
                                   guint                wanted)
{
  const IssReplicaType *type = iss_replication_table_find_type (table, server, wanted);
  const IssWanted *one = iss_replication_table_get_wanted (table, wanted);

  return g_strdup_printf ("%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                          type != NULL ? type->revision : 0,
                          iss_wanted_get_manifest (one)->revision);
}

/**
 * iss_replication_text_get_rung:
 * @type: (nullable): what a server said of a type
 * @slot: a slot
 *
 * Returns: (transfer none): how far the certificate there has come
 */
const char *
iss_replication_text_get_rung (const IssReplicaType *type,
                               IssSlot               slot)
{
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return type != NULL && type->slot[slot] != NULL ? iss_rung_get_label (type->rung[slot]) : NOTHING;
}

/**
 * iss_replication_text_dup_staged:
 * @type: (nullable): what a server said of a type
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full): how far the staged certificate has come, when it becomes current, and
 *   whether it will by itself
 */
char *
iss_replication_text_dup_staged (const IssReplicaType *type,
                                 GTimeZone            *zone)
{
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (type == NULL || type->slot[ISS_SLOT_STAGED] == NULL)
    return g_strdup (NOTHING);

  when = iss_time_text_instant (type->staged_at, zone);
  text = g_strdup_printf (type->held ? _("%s, %s, held: not armed") : _("%s, %s"),
                          iss_replication_text_get_rung (type, ISS_SLOT_STAGED), when);

  return type->unreadable == NULL ? g_steal_pointer (&text)
                                  /* Translators: how far a certificate is */
                                  : g_strdup_printf (_("%s, not every service can use it"), text);
}

/**
 * iss_replication_text_dup_seen:
 * @report: what is known of a server
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full): when it last answered
 */
char *
iss_replication_text_dup_seen (const IssReplicaReport *report,
                               GTimeZone              *zone)
{
  g_return_val_if_fail (report != NULL, NULL);

  return report->seen != 0 ? iss_time_text_instant (report->seen, zone) : g_strdup (_("never"));
}

/**
 * iss_replication_text_dup_clock:
 * @report: what is known of a server
 *
 * Returns: (transfer full): how far its clock is ahead or behind
 */
char *
iss_replication_text_dup_clock (const IssReplicaReport *report)
{
  g_return_val_if_fail (report != NULL, NULL);

  return report->seen != 0 ? iss_clock_check_dup_text (report->clock_offset)
                           : g_strdup (NOTHING);
}

/**
 * iss_replication_text_dup_trouble:
 * @report: what is known of a server
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full) (nullable): what went wrong at the last try, and when the next is
 */
char *
iss_replication_text_dup_trouble (const IssReplicaReport *report,
                                  GTimeZone              *zone)
{
  g_autofree char *next = NULL;

  g_return_val_if_fail (report != NULL, NULL);

  if (report->error == NULL)
    return NULL;

  next = iss_time_text_clock (iss_replica_report_get_next_try (report, 0), zone);

  /* Translators: an error, a time */
  return g_strdup_printf (_("%s. Tried again from %s on."), report->error, next);
}

/**
 * iss_replication_text_dup_replica:
 * @table: a table
 * @server: which of its servers
 * @zone: the zone to show instants in
 *
 * Whoever comes from there looks for these words, which are the same in every language. Here
 * "UpToDate" says that the certificates are deployed, not that a document has arrived.
 *
 * Returns: (transfer full): the server's state in the words of Microsoft's
 *   Get-CsManagementStoreReplicationStatus, in five lines whose colons are below each other
 */
char *
iss_replication_text_dup_replica (IssReplicationTable *table,
                                  guint                server,
                                  GTimeZone           *zone)
{
  const IssReplicaReport *report = iss_replication_table_get_report (table, server);
  const gint64 at = iss_replication_table_get_decided (table);
  g_autofree char *seen = iss_replication_text_dup_seen (report, zone);
  g_autofree char *decided = at != 0 ? iss_time_text_instant (at, zone) : g_strdup (NOTHING);

  return g_strdup_printf ("Replica            : %s\n"
                          "UpToDate           : %s\n"
                          "LastStatusReport   : %s\n"
                          "LastUpdateCreation : %s\n"
                          "ProductVersion     : %s",
                          report->server,
                          iss_replication_table_is_up_to_date (table, server) ? "True" : "False",
                          seen, decided, report->version != NULL ? report->version : NOTHING);
}

/* Who takes part, and with what. */
static void
append_replica (GString                *text,
                const IssReplicaReport *report,
                const IssEnrolment     *enrolment,
                GTimeZone              *zone)
{
  g_autofree char *clock = iss_replication_text_dup_clock (report);
  g_autofree char *enrolled = NULL;
  g_autofree char *seen = NULL;

  if (enrolment == NULL)
    {
      g_string_append (text, _("It is not enrolled: until it is, no package is made for it."));
      return;
    }

  enrolled = iss_time_text_date (enrolment->at, zone);
  seen = iss_enrolment_dup_seen (enrolment);
  /* Translators: a date, "ssh host key …", a version, how far a clock is off */
  g_string_append_printf (text, _("Enrolled on %s, %s. Version %s, clock %s."), enrolled, seen,
                          report->version != NULL ? report->version : NOTHING, clock);
}

/**
 * iss_replication_text_dup_obstacle:
 * @table: a table
 * @server: which of its servers
 * @wanted: which of its types
 *
 * Returns: (transfer full) (nullable): what is wrong on that server, for which a roll is not armed
 *   anywhere, and what to do; without a full stop
 */
char *
iss_replication_text_dup_obstacle (IssReplicationTable *table,
                                   guint                server,
                                   guint                wanted)
{
  const IssReplicaReport *report = iss_replication_table_get_report (table, server);
  const IssReplicaType *type = iss_replication_table_find_type (table, server, wanted);
  const IssWanted *one = iss_replication_table_get_wanted (table, wanted);
  g_autofree char *clock = NULL;

  if (type != NULL && type->unreadable != NULL)
    /* Translators: "rtc, whose account rtc-service cannot read the staged key (tried)", or
     * "services that are not known (…)" */
    return g_strdup_printf (_("It has %s: at the roll it would be left with the old certificate"),
                            type->unreadable);

  if (!iss_global_gate_waits_for_clock (one, report))
    return NULL;

  clock = iss_replication_text_dup_clock (report);

  /* Translators: "3 min 20 s behind", a pool, a certificate type */
  return g_strdup_printf (_("Its clock is %s, too far off to roll when the others do: the roll is "
                            "held on every server, not armed. Set it right (such as with "
                            "systemd-timesyncd or chrony): then it is armed by itself. Or arm it "
                            "all the same: issuantctl set-certificate --identity global --pool %s "
                            "--type %s --arm --force"),
                          clock, iss_replication_table_get_pool (table),
                          iss_wanted_get_manifest (one)->type->name);
}

/**
 * iss_replication_text_dup_detail:
 * @table: a table
 * @server: which of its servers
 * @wanted: which of its types
 * @zone: the zone to show instants in
 *
 * Returns: (transfer full): what the server should use, how far it is and why not further
 */
char *
iss_replication_text_dup_detail (IssReplicationTable *table,
                                 guint                server,
                                 guint                wanted,
                                 GTimeZone           *zone)
{
  const IssReplicaReport *report = iss_replication_table_get_report (table, server);
  const IssReplicaType *type = iss_replication_table_find_type (table, server, wanted);
  const IssWanted *one = iss_replication_table_get_wanted (table, wanted);
  const IssManifest *manifest = iss_wanted_get_manifest (one);
  IssCertificate *current = manifest->slot[ISS_SLOT_CURRENT];
  g_autofree char *name = iss_text_dup_short_host (report->server);
  g_autofree char *obstacle = iss_replication_text_dup_obstacle (table, server, wanted);
  g_autofree char *made = iss_time_text_instant (iss_package_get_signed_at (one->copy), zone);
  g_autofree char *trouble = iss_replication_text_dup_trouble (report, zone);
  GString *text = g_string_new (NULL);

  /* Translators: a server, a certificate type, a certificate, how far it has come there */
  g_string_append_printf (text, _("%s · %s · current: %s, %s."), name, manifest->type->name,
                          current != NULL ? iss_certificate_get_issued_to (current)
                                          : _("none"),
                          type != NULL && type->slot[ISS_SLOT_CURRENT] != NULL
                          ? iss_rung_get_label (type->rung[ISS_SLOT_CURRENT])
                          : _("not reported"));
  g_string_append_c (text, '\n');
  /* Translators: two numbers, an instant */
  g_string_append_printf (text, _("Holds revision %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                                  ", which was decided %s."),
                          type != NULL ? type->revision : 0, manifest->revision, made);
  g_string_append_c (text, ' ');
  append_replica (text, report, iss_replication_table_get_enrolment (table, server), zone);
  if (type != NULL && type->reason != NULL)
    g_string_append_printf (text, _("\nNot deployed: %s."), type->reason);
  if (obstacle != NULL)
    g_string_append_printf (text, "\n%s.", obstacle);
  if (type != NULL && type->local)
    g_string_append_printf (text, _("\nIt was changed on %s by hand since it was deployed."), name);
  if (trouble != NULL)
    g_string_append_printf (text, "\n%s", trouble);

  return g_string_free (text, FALSE);
}
