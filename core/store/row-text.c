/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/row-text.h"

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/certificate/certificate-summary.h"
#include "core/certificate/oid-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DAY (24 * 60 * 60)
#define SOON_DAYS 60

/**
 * iss_row_text_get_status:
 * @row: a row
 * @now: the moment asked about
 *
 * Returns: whether the certificate is valid then, by its dates
 */
IssRowStatus
iss_row_text_get_status (const IssRow *row,
                         gint64        now)
{
  g_return_val_if_fail (row != NULL, ISS_ROW_STATUS_OK);

  if (now > row->not_after)
    return ISS_ROW_STATUS_EXPIRED;
  if (now < row->not_before)
    return ISS_ROW_STATUS_NOT_YET_VALID;
  if (row->not_after - now <= (gint64) SOON_DAYS * DAY)
    return ISS_ROW_STATUS_EXPIRES_SOON;

  return ISS_ROW_STATUS_OK;
}

/**
 * iss_row_text_status:
 * @row: a row
 * @now: the moment asked about
 *
 * Returns: (transfer full): the Status column
 */
char *
iss_row_text_status (const IssRow *row,
                     gint64        now)
{
  gulong days;

  switch (iss_row_text_get_status (row, now))
    {
    case ISS_ROW_STATUS_OK:
      return g_strdup (_("OK"));

    case ISS_ROW_STATUS_EXPIRED:
      return g_strdup (_("Expired"));

    case ISS_ROW_STATUS_NOT_YET_VALID:
      return g_strdup (_("Not yet valid"));

    case ISS_ROW_STATUS_EXPIRES_SOON:
      days = (gulong) ((row->not_after - now) / DAY);
      if (days == 0)
        return g_strdup (_("Expires within a day"));

      /* Translators: %lu is the number of days until a certificate expires */
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Expires in %lu day",
                                           "Expires in %lu days", days), days);
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_text_expires:
 * @row: a row
 * @zone: the reader's time zone
 *
 * Returns: (transfer full): the Expiration Date column
 */
char *
iss_row_text_expires (const IssRow *row,
                      GTimeZone    *zone)
{
  g_return_val_if_fail (row != NULL, NULL);

  return iss_time_text_short (row->not_after, zone);
}

static const char *
name_of_purpose (const char *oid)
{
  const char *name = iss_oid_name_get_purpose (oid);

  return name != NULL ? name : oid;
}

/**
 * iss_row_text_purposes:
 * @oids: dotted object identifiers joined by ",", as in a row
 *
 * Returns: (transfer full): the Intended Purposes column: names where there are
 *   some; "<All>" if the certificate does not limit its use; "unreadable" if what it says about it
 *   cannot be read
 */
char *
iss_row_text_purposes (const char *oids)
{
  g_auto(GStrv) parts = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  g_return_val_if_fail (oids != NULL, NULL);

  if (oids[0] == '\0')
    return g_strdup (_("<All>"));
  if (strcmp (oids, ISS_CERTIFICATE_SUMMARY_UNREADABLE) == 0)
    return g_strdup (_("unreadable"));

  parts = g_strsplit (oids, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (names, (gpointer) name_of_purpose (parts[i]));
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

/**
 * iss_row_text_key:
 * @row: a row
 *
 * Returns: (transfer full): the Key column: what kind of private key the server
 *   has for it, "" for none
 */
char *
iss_row_text_key (const IssRow *row)
{
  g_autofree char *kind = NULL;

  g_return_val_if_fail (row != NULL, NULL);

  kind = row->key_bits > 0 ? g_strdup_printf ("%s %u", row->key_algorithm, row->key_bits)
                           : g_strdup (row->key_algorithm);

  switch (row->key_state)
    {
    case ISS_KEY_STATE_NONE:
      return g_strdup ("");

    case ISS_KEY_STATE_FILE:
      return row->exportable ? g_strdup_printf (_("%s, exportable"), kind)
                             : g_steal_pointer (&kind);

    case ISS_KEY_STATE_TOKEN:
      return g_strdup_printf (_("%s, in a token"), kind);
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_text_assigned:
 * @assigned_to: "Type:slot,…" as in a row
 *
 * Returns: (transfer full): the Assigned To column: the types it is current for,
 *   others with their slot, "" for nothing
 */
char *
iss_row_text_assigned (const char *assigned_to)
{
  g_auto(GStrv) parts = NULL;

  g_return_val_if_fail (assigned_to != NULL, NULL);

  parts = g_strsplit (assigned_to, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *colon = strchr (parts[i], ':');
      g_autofree char *with_slot = NULL;

      if (colon == NULL)
        continue;

      *colon = '\0';
      if (strcmp (colon + 1, "previous") == 0)
        with_slot = g_strdup_printf (_("%s (previous)"), parts[i]);
      else if (strcmp (colon + 1, "staged") == 0)
        with_slot = g_strdup_printf (_("%s (staged)"), parts[i]);
      else
        with_slot = g_strdup (parts[i]);

      g_free (parts[i]);
      parts[i] = g_steal_pointer (&with_slot);
    }

  return g_strjoinv (", ", parts);
}

/**
 * iss_row_text_thumbprint:
 * @row: a row
 *
 * Returns: (transfer full): 40 hex digits, upper case
 */
char *
iss_row_text_thumbprint (const IssRow *row)
{
  g_return_val_if_fail (row != NULL, NULL);

  return iss_text_hex (row->sha1, sizeof row->sha1, TRUE);
}
