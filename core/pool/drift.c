/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/drift.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/presence-seen.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * iss_drift_is_gone:
 * @cell: a cell
 *
 * Returns: whether its certificate is assigned, and in the store no more
 */
gboolean
iss_drift_is_gone (const IssPresenceCell *cell)
{
  return cell->verdict == ISS_VERDICT_MISSING && cell->has_certificate;
}

/**
 * iss_drift_is_one:
 * @cell: a cell
 * @column: its column
 *
 * Returns: whether the server answers and is not as it was agreed
 */
gboolean
iss_drift_is_one (const IssPresenceCell   *cell,
                  const IssPresenceColumn *column)
{
  g_return_val_if_fail (cell != NULL && column != NULL, FALSE);

  if (cell->stale || cell->slot != ISS_SLOT_CURRENT || column->at != 0)
    return FALSE;

  return iss_drift_is_gone (cell) ||
         (column->has_expected && (cell->verdict == ISS_VERDICT_DIFFERENT ||
                                   cell->verdict == ISS_VERDICT_MISSING));
}

static gboolean
is_one_of (const char        *what,
           const char *const *names)
{
  return g_strv_contains (names, what);
}

/* (nullable): the newest entry that says what became current, or that it was removed */
static IssAuditEntry *
find_assignment (GPtrArray   *entries,
                 const char  *type,
                 const char **out_value)
{
  static const char *const setting[] = { "set-assignment", "roll-assignment", "swap-back", NULL };
  static const char *const removing[] = { "remove-assignment", NULL };

  for (guint i = 0; i < entries->len; i++)
    {
      IssAuditEntry *entry = g_ptr_array_index (entries, i);
      const char *what = iss_audit_entry_get_what (entry);
      const char *value = iss_audit_entry_get_detail (entry, type);

      if (value == NULL)
        continue;

      if (is_one_of (what, setting))
        {
          *out_value = value;
          return entry;
        }
      if (is_one_of (what, removing) && strcmp (value, iss_slot_get_name (ISS_SLOT_CURRENT)) == 0)
        {
          *out_value = NULL;
          return entry;
        }
    }

  return NULL;
}

/* (nullable): the newest entry that says that the certificate was deleted */
static IssAuditEntry *
find_deletion (GPtrArray  *entries,
               const char *sha256_hex)
{
  for (guint i = 0; i < entries->len; i++)
    {
      IssAuditEntry *entry = g_ptr_array_index (entries, i);
      const char *const *details = iss_audit_entry_get_details (entry);

      if (strcmp (iss_audit_entry_get_what (entry), "delete") != 0)
        continue;

      for (guint k = 0; details != NULL && details[k] != NULL; k++)
        {
          if (strstr (details[k], sha256_hex) != NULL)
            return entry;
        }
    }

  return NULL;
}

/**
 * iss_drift_find_cause:
 * @entries: (element-type IssAuditEntry): of the server's log, the newest first
 * @type: a certificate type
 * @present_hex: (nullable): what is current there, 64 lower-case hex digits; %NULL: nothing
 * @is_gone: the question is where its certificate went
 * @out_entry: (out) (transfer none) (nullable): the entry that tells
 *
 * What is there now must be what the newest change in the log made of it; else it was changed
 * past the agent.
 *
 * Returns: the cause
 */
IssDriftCause
iss_drift_find_cause (GPtrArray      *entries,
                      const char     *type,
                      const char     *present_hex,
                      gboolean        is_gone,
                      IssAuditEntry **out_entry)
{
  const char *value = NULL;
  IssAuditEntry *entry;

  g_return_val_if_fail (entries != NULL && type != NULL, ISS_DRIFT_NEVER);
  g_return_val_if_fail (!is_gone || present_hex != NULL, ISS_DRIFT_NEVER);

  *out_entry = NULL;
  entry = is_gone ? find_deletion (entries, present_hex) : find_assignment (entries, type, &value);
  if (entry == NULL)
    return present_hex != NULL ? ISS_DRIFT_OUTSIDE : ISS_DRIFT_NEVER;

  if (!is_gone && g_strcmp0 (value, present_hex) != 0)
    return ISS_DRIFT_OUTSIDE;

  *out_entry = entry;
  return ISS_DRIFT_LOGGED;
}

/**
 * iss_drift_dup_text:
 * @server: a server
 * @type: a certificate type
 * @present: (nullable): what is current there
 * @now: the present, in seconds since 1970 by the console's clock
 * @zone: (nullable): the zone to show times in; %NULL is UTC
 *
 * Returns: (transfer full) (nullable): who changed it and when, a sentence without a full stop;
 *   %NULL: the log was not asked about what is there now, or nobody ever changed it
 */
char *
iss_drift_dup_text (IssServer  *server,
                    const char *type,
                    GBytes     *present,
                    gint64      now,
                    GTimeZone  *zone)
{
  const IssWitnessed *change;
  g_autofree char *time = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);

  change = iss_witness_get_change (iss_server_get_witness (server), type);
  if (change == NULL || (change->sha256 == NULL) != (present == NULL) ||
      (present != NULL && !g_bytes_equal (change->sha256, present)))
    return NULL;

  /* An entry's time is the server's; nobody's: it is in no entry. */
  if (change->place == NULL)
    return change->at != 0 ? g_strdup (_("It is not in the server's log who changed that: it was "
                                         "changed outside of Issuant")) : NULL;

  time = iss_time_text_instant (change->at, zone);
  /* Translators: a person, an instant */
  return g_strdup_printf (_("Changed by %s, %s"), change->place, time);
}

static void
add_remedies (GStrvBuilder            *lines,
              IssPool                 *pool,
              const IssPresenceCell   *cell,
              const IssPresenceColumn *column)
{
  g_autofree char *agreed = column->has_expected
    ? iss_text_hex (column->expected, ISS_SHA256_SIZE, FALSE) : NULL;
  g_autofree char *present = iss_text_hex (cell->sha256, ISS_SHA256_SIZE, FALSE);
  g_autofree char *server = iss_server_dup_short_name (cell->server);
  g_autofree char *lacking = NULL;
  const IssObservedCertificate *wanted =
    column->has_expected ? iss_presence_seen_certificate (cell->server, column->expected) : NULL;
  char *line = NULL;

  if (wanted != NULL && wanted->rung >= ISS_RUNG_IN_STORE)
    {
      line = g_strdup_printf (_("%s: put the agreed one back:"), server);
      g_strv_builder_add (lines, line);
      g_free (line);
      line = g_strdup_printf ("  issuantctl set-certificate --server %s --type %s --thumbprint %s",
                              server, column->type, agreed);
      g_strv_builder_add (lines, line);
      g_free (line);
    }

  if (cell->verdict != ISS_VERDICT_DIFFERENT)
    return;

  lacking = iss_drift_dup_lacking (pool, cell->sha256);
  line = lacking == NULL ? g_strdup_printf (_("%s: make it everyone's:"), server)
                         /* Translators: a server, servers */
                         : g_strdup_printf (_("%s: make it everyone's (import it first on %s):"),
                                            server, lacking);
  g_strv_builder_add (lines, line);
  g_free (line);
  line = g_strdup_printf ("  issuantctl set-certificate --pool %s --type %s --thumbprint %s",
                          iss_pool_get_name (pool), column->type, present);
  g_strv_builder_add (lines, line);
  g_free (line);
}

/**
 * iss_drift_dup_remedies:
 * @pool: a pool
 * @presence: its presence
 *
 * Returns: (transfer full): for each server that is not as it was agreed what puts it right,
 *   each time a line that says what and one to be typed
 */
char **
iss_drift_dup_remedies (IssPool     *pool,
                        IssPresence *presence)
{
  g_autoptr(GStrvBuilder) lines = g_strv_builder_new ();

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (ISS_IS_PRESENCE (presence), NULL);

  for (guint row = 0; row < iss_presence_get_n_servers (presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (presence, row, i);
        const IssPresenceColumn *column = iss_presence_get_column (presence, i);

        if (iss_drift_is_one (cell, column))
          add_remedies (lines, pool, cell, column);
      }

  return g_strv_builder_end (lines);
}

/**
 * iss_drift_dup_lacking:
 * @pool: a pool
 * @sha256: a certificate, 32 bytes
 *
 * Returns: (transfer full) (nullable): the servers that were not seen to have it in Personal
 */
char *
iss_drift_dup_lacking (IssPool      *pool,
                       const guint8 *sha256)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssServer *server = iss_pool_get_server (pool, i);
      const IssObservedCertificate *seen = iss_presence_seen_certificate (server, sha256);

      if (seen == NULL || seen->rung < ISS_RUNG_IN_STORE)
        g_ptr_array_add (names, iss_server_dup_short_name (server));
    }

  if (names->len == 0)
    return NULL;

  g_ptr_array_add (names, NULL);
  return iss_text_join_names ((const char *const *) names->pdata);
}
