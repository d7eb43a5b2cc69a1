/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/replication-words.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/central/replication-text.h"

/**
 * iss_replication_words_has_drift:
 * @table: (nullable): a table
 *
 * Returns: whether what is assigned globally was changed on a server by hand
 */
gboolean
iss_replication_words_has_drift (IssReplicationTable *table)
{
  if (table == NULL)
    return FALSE;

  for (guint i = 0; i < iss_replication_table_get_n_servers (table); i++)
    for (guint k = 0; k < iss_replication_table_get_n_wanted (table); k++)
      if (iss_replication_table_get_state (table, i, k) == ISS_REPLICATION_LOCAL)
        return TRUE;

  return FALSE;
}

/**
 * iss_replication_words_dup_troubles:
 * @table: (nullable): a table
 * @error: (nullable): what failed
 * @zone: where whoever reads this is
 *
 * Returns: (transfer full): what cannot be read, who cannot be reached, and for whose sake a roll
 *   is not armed, a line each
 */
char *
iss_replication_words_dup_troubles (IssReplicationTable *table,
                                    const GError        *error,
                                    GTimeZone           *zone)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (error != NULL)
    g_string_append_printf (text, "%s.\n", error->message);

  for (guint i = 0; table != NULL && iss_replication_table_get_n_wanted (table) > 0 &&
                    i < iss_replication_table_get_n_servers (table); i++)
    {
      const IssReplicaReport *report = iss_replication_table_get_report (table, i);
      g_autofree char *trouble = iss_replication_text_dup_trouble (report, zone);

      if (trouble != NULL)
        g_string_append_printf (text, "%s\n", trouble);

      for (guint k = 0; k < iss_replication_table_get_n_wanted (table); k++)
        {
          g_autofree char *obstacle = iss_replication_text_dup_obstacle (table, i, k);
          g_autofree char *name = iss_text_dup_short_host (report->server);

          if (obstacle != NULL)
            g_string_append_printf (text, "%s: %s.\n", name, obstacle);
        }
    }

  if (text->len > 0)
    g_string_truncate (text, text->len - 1);

  return g_strdup (text->str);
}

/**
 * iss_replication_words_dup_hint:
 * @table: (nullable): a table
 *
 * Returns: (transfer full): where nothing is replicated yet, how that is begun; else ""
 */
char *
iss_replication_words_dup_hint (IssReplicationTable *table)
{
  gboolean is_enrolled = FALSE;

  if (table == NULL || iss_replication_table_get_n_wanted (table) > 0)
    return g_strdup ("");

  for (guint i = 0; i < iss_replication_table_get_n_servers (table); i++)
    is_enrolled = is_enrolled || iss_replication_table_get_enrolment (table, i) != NULL;

  if (!is_enrolled)
    return g_strdup (_("To begin: enroll the servers. Each makes a key of its own, to which "
                       "packages are sealed, and learns whose packages to believe. Then import or "
                       "assign once, on every server, replicated."));

  return g_strdup (_("The servers are enrolled. Import or assign once, on every server, "
                     "replicated: it arrives on each by its own scheduled task."));
}

/**
 * iss_replication_words_dup_status:
 * @table: (nullable): a table
 *
 * Returns: (transfer full) (nullable): how many servers are up to date; %NULL: nothing is wanted
 */
char *
iss_replication_words_dup_status (IssReplicationTable *table)
{
  guint n;

  if (table == NULL || iss_replication_table_get_n_wanted (table) == 0)
    return NULL;

  n = iss_replication_table_get_n_servers (table);

  return g_strdup_printf (ngettext ("Replication: %u of %u server up to date",
                                    "Replication: %u of %u servers up to date", n),
                          iss_replication_table_get_n_up_to_date (table), n);
}

/**
 * iss_replication_words_dup_lines:
 * @table: (nullable): a table
 * @zone: where whoever reads this is
 *
 * Returns: (transfer full): how far each server is with each type, a line each
 */
char *
iss_replication_words_dup_lines (IssReplicationTable *table,
                                 GTimeZone           *zone)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; table != NULL && i < iss_replication_table_get_n_servers (table); i++)
    for (guint k = 0; k < iss_replication_table_get_n_wanted (table); k++)
      {
        const IssReplicationState state = iss_replication_table_get_state (table, i, k);
        g_autofree char *detail = iss_replication_text_dup_detail (table, i, k, zone);

        g_string_append_printf (text, "%s: %s\n", iss_replication_state_get_label (state),
                                detail);
      }

  return g_strdup (text->str);
}
