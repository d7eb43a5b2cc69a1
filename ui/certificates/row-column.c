/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/row-column.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"

/**
 * iss_row_column_get_title:
 * @column: a column of the list
 *
 * Returns: (transfer none): its heading, translated
 */
const char *
iss_row_column_get_title (IssRowColumn column)
{
  switch (column)
    {
    case ISS_ROW_COLUMN_ISSUED_TO:
      return _("Issued To");

    case ISS_ROW_COLUMN_ISSUED_BY:
      return _("Issued By");

    case ISS_ROW_COLUMN_EXPIRES:
      return _("Expiration Date");

    case ISS_ROW_COLUMN_PURPOSES:
      return _("Intended Purposes");

    case ISS_ROW_COLUMN_FRIENDLY_NAME:
      return _("Friendly Name");

    case ISS_ROW_COLUMN_STATUS:
      return _("Status");

    case ISS_ROW_COLUMN_THUMBPRINT:
      return _("Thumbprint");

    case ISS_ROW_COLUMN_KEY:
      return _("Key");

    case ISS_ROW_COLUMN_ASSIGNED_TO:
      return _("Assigned To");

    case ISS_N_ROW_COLUMNS:
      break;
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_column_dup_text:
 * @column: a column of the list
 * @row: a row
 * @now: the instant at which it is shown
 * @zone: the zone in which dates are shown
 *
 * Returns: (transfer full): what stands there; the thumbprint short
 */
char *
iss_row_column_dup_text (IssRowColumn  column,
                         const IssRow *row,
                         gint64        now,
                         GTimeZone    *zone)
{
  g_autoptr(GBytes) sha1 = NULL;

  g_return_val_if_fail (row != NULL, NULL);

  switch (column)
    {
    case ISS_ROW_COLUMN_ISSUED_TO:
      return g_strdup (row->issued_to);

    case ISS_ROW_COLUMN_ISSUED_BY:
      return g_strdup (row->issued_by);

    case ISS_ROW_COLUMN_EXPIRES:
      return iss_row_text_expires (row, zone);

    case ISS_ROW_COLUMN_PURPOSES:
      return iss_row_text_purposes (row->purposes);

    case ISS_ROW_COLUMN_FRIENDLY_NAME:
      return g_strdup (row->friendly_name);

    case ISS_ROW_COLUMN_STATUS:
      return iss_row_text_status (row, now);

    case ISS_ROW_COLUMN_THUMBPRINT:
      sha1 = g_bytes_new_static (row->sha1, sizeof row->sha1);
      return iss_text_thumbprint_short (sha1);

    case ISS_ROW_COLUMN_KEY:
      return iss_row_text_key (row);

    case ISS_ROW_COLUMN_ASSIGNED_TO:
      return iss_row_text_assigned (row->assigned_to);

    case ISS_N_ROW_COLUMNS:
      break;
    }

  g_return_val_if_reached (NULL);
}

static char *
dup_validity (const IssRow *row,
              GTimeZone    *zone)
{
  g_autofree char *from = iss_time_text_instant (row->not_before, zone);
  g_autofree char *to = iss_time_text_instant (row->not_after, zone);

  /* Translators: two instants, such as "1 July 2027, 00:00 (UTC+2)" */
  return g_strdup_printf (_("Valid from %s to %s"), from, to);
}

/**
 * iss_row_column_dup_tooltip:
 * @column: a column of the list
 * @row: a row
 * @zone: the zone in which instants are shown
 *
 * Returns: (transfer full) (nullable): what the column shortens, in full
 */
char *
iss_row_column_dup_tooltip (IssRowColumn  column,
                            const IssRow *row,
                            GTimeZone    *zone)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (row != NULL, NULL);

  switch (column)
    {
    case ISS_ROW_COLUMN_EXPIRES:
    case ISS_ROW_COLUMN_STATUS:
      return dup_validity (row, zone);

    case ISS_ROW_COLUMN_THUMBPRINT:
      return iss_row_text_thumbprint (row);

    case ISS_ROW_COLUMN_KEY:
      if (row->key_state == ISS_KEY_STATE_NONE)
        return g_strdup (_("The server has no private key for this certificate"));
      break;

    case ISS_ROW_COLUMN_ISSUED_TO:
    case ISS_ROW_COLUMN_ISSUED_BY:
    case ISS_ROW_COLUMN_PURPOSES:
    case ISS_ROW_COLUMN_FRIENDLY_NAME:
    case ISS_ROW_COLUMN_ASSIGNED_TO:
    case ISS_N_ROW_COLUMNS:
      break;
    }

  text = iss_row_column_dup_text (column, row, 0, zone);

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/**
 * iss_row_column_get_icon:
 * @column: a column of the list
 * @row: a row
 * @now: the instant at which it is shown
 *
 * Returns: (transfer none) (nullable): the symbol before the text, in the
 *   columns Status and Key
 */
const char *
iss_row_column_get_icon (IssRowColumn  column,
                         const IssRow *row,
                         gint64        now)
{
  if (column == ISS_ROW_COLUMN_KEY && row->key_state != ISS_KEY_STATE_NONE)
    return "iss-certificate-key-symbolic";

  if (column != ISS_ROW_COLUMN_STATUS)
    return NULL;

  switch (iss_row_text_get_status (row, now))
    {
    case ISS_ROW_STATUS_OK:
      return "iss-state-published-symbolic";

    case ISS_ROW_STATUS_EXPIRES_SOON:
    case ISS_ROW_STATUS_EXPIRED:
      return "iss-state-expired-symbolic";

    case ISS_ROW_STATUS_NOT_YET_VALID:
      return "iss-state-not-yet-symbolic";
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_column_get_css_class:
 * @column: a column of the list
 * @row: a row
 * @now: the instant at which it is shown
 *
 * Returns: (transfer none) (nullable): the class of the symbol
 */
const char *
iss_row_column_get_css_class (IssRowColumn  column,
                              const IssRow *row,
                              gint64        now)
{
  if (column != ISS_ROW_COLUMN_STATUS)
    return NULL;

  switch (iss_row_text_get_status (row, now))
    {
    case ISS_ROW_STATUS_OK:
      return "success";

    case ISS_ROW_STATUS_EXPIRES_SOON:
    case ISS_ROW_STATUS_NOT_YET_VALID:
      return "warning";

    case ISS_ROW_STATUS_EXPIRED:
      return "error";
    }

  g_return_val_if_reached (NULL);
}
