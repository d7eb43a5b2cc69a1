/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/row-text.h"

#include <glib/gi18n-lib.h>

#include "core/assignment/assignments.h"
#include "core/base/text.h"
#include "core/base/time-text.h"

typedef struct
{
  const char *oid;
  const char *name;
} Purpose;

/* RFC 5280 4.2.1.12, and those that Windows shows most. */
static const Purpose purposes[] =
{
  { "1.3.6.1.5.5.7.3.1",       N_("Server Authentication") },
  { "1.3.6.1.5.5.7.3.2",       N_("Client Authentication") },
  { "1.3.6.1.5.5.7.3.3",       N_("Code Signing") },
  { "1.3.6.1.5.5.7.3.4",       N_("Secure Email") },
  { "1.3.6.1.5.5.7.3.8",       N_("Time Stamping") },
  { "1.3.6.1.5.5.7.3.9",       N_("OCSP Signing") },
  { "1.3.6.1.5.5.7.3.17",      N_("IP Security IKE") },
  { "1.3.6.1.5.5.8.2.2",       N_("IP Security IKE Intermediate") },
  { "1.3.6.1.5.2.3.5",         N_("KDC Authentication") },
  { "1.3.6.1.4.1.311.10.3.4",  N_("Encrypting File System") },
  { "1.3.6.1.4.1.311.10.3.12", N_("Document Signing") },
  { "1.3.6.1.4.1.311.20.2.2",  N_("Smart Card Logon") },
  { "1.3.6.1.4.1.311.54.1.2",  N_("Remote Desktop Authentication") },
  { "2.5.29.37.0",             N_("Any Purpose") },
};

/**
 * iss_row_text_get_title:
 * @column: a column of the list
 *
 * Returns: (transfer none): its heading, translated
 */
const char *
iss_row_text_get_title (IssRowColumn column)
{
  switch (column)
    {
    case ISS_ROW_TEXT_ISSUED_TO:
      return _("Issued To");

    case ISS_ROW_TEXT_ISSUED_BY:
      return _("Issued By");

    case ISS_ROW_TEXT_EXPIRES:
      return _("Expiration Date");

    case ISS_ROW_TEXT_PURPOSES:
      return _("Intended Purposes");

    case ISS_ROW_TEXT_FRIENDLY_NAME:
      return _("Friendly Name");

    case ISS_ROW_TEXT_STATUS:
      return _("Status");

    case ISS_ROW_TEXT_THUMBPRINT:
      return _("Thumbprint");

    case ISS_ROW_TEXT_KEY:
      return _("Key");

    case ISS_ROW_TEXT_ASSIGNED_TO:
      return _("Assigned To");

    case ISS_N_ROW_TEXTS:
      break;
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_text_purposes:
 * @oids: dotted extended key usages joined by commas; "" for all purposes
 *
 * Returns: (transfer full): "Server Authentication, Client Authentication"; what
 *   is not known by name stays a number
 */
char *
iss_row_text_purposes (const char *oids)
{
  g_auto(GStrv) parts = NULL;
  g_autoptr(GString) text = NULL;

  /* Translators: a certificate that may be used for every purpose */
  if (*oids == '\0')
    return g_strdup (_("<All>"));

  parts = g_strsplit (oids, ",", -1);
  text = g_string_new (NULL);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      const char *name = parts[i];

      for (gsize j = 0; j < G_N_ELEMENTS (purposes); j++)
        {
          if (g_str_equal (purposes[j].oid, parts[i]))
            name = _(purposes[j].name);
        }

      if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, name);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_row_text_assigned_to:
 * @assigned: "Type:slot" joined by commas; "" for nothing
 *
 * Returns: (transfer full): "OAuthTokenIssuer, Default (previous)"
 */
char *
iss_row_text_assigned_to (const char *assigned)
{
  g_auto(GStrv) parts = g_strsplit (assigned, ",", -1);
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *colon = strchr (parts[i], ':');
      IssSlot slot = ISS_SLOT_CURRENT;

      if (i > 0)
        g_string_append (text, ", ");

      if (colon != NULL)
        *colon = '\0';
      g_string_append (text, parts[i]);

      if (colon != NULL && iss_slot_parse (colon + 1, &slot, NULL) && slot != ISS_SLOT_CURRENT)
        g_string_append_printf (text, " (%s)", iss_slot_get_label (slot));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_row_text_get_status:
 * @row: a row
 * @store: the store it is in
 * @now: the instant asked about
 *
 * RFC 5280 counts both ends of the validity as valid. A key is usual in
 * Personal only.
 *
 * Returns: the worst that is to be said of it
 */
IssRowStatus
iss_row_text_get_status (const IssRow *row,
                         IssStoreName  store,
                         gint64        now)
{
  if (now > row->not_after)
    return ISS_ROW_STATUS_EXPIRED;
  if (now < row->not_before)
    return ISS_ROW_STATUS_NOT_YET;
  if (row->not_after - now < ISS_ROW_TEXT_SOON_DAYS * (gint64) 86400)
    return ISS_ROW_STATUS_EXPIRES_SOON;
  if (store == ISS_STORE_MY && row->key_state == ISS_KEY_STATE_NONE)
    return ISS_ROW_STATUS_NO_KEY;

  return ISS_ROW_STATUS_OK;
}

const char *
iss_row_text_get_status_icon (IssRowStatus status)
{
  switch (status)
    {
    case ISS_ROW_STATUS_OK:
      return "iss-state-published-symbolic";

    case ISS_ROW_STATUS_NO_KEY:
      return "iss-state-different-symbolic";

    case ISS_ROW_STATUS_EXPIRES_SOON:
    case ISS_ROW_STATUS_EXPIRED:
      return "iss-state-expired-symbolic";

    case ISS_ROW_STATUS_NOT_YET:
      return "iss-state-not-yet-symbolic";
    }

  g_return_val_if_reached (NULL);
}

const char *
iss_row_text_get_status_class (IssRowStatus status)
{
  switch (status)
    {
    case ISS_ROW_STATUS_OK:
      return "success";

    case ISS_ROW_STATUS_NO_KEY:
    case ISS_ROW_STATUS_EXPIRES_SOON:
    case ISS_ROW_STATUS_NOT_YET:
      return "warning";

    case ISS_ROW_STATUS_EXPIRED:
      return "error";
    }

  g_return_val_if_reached (NULL);
}

static char *
dup_status (const IssRow *row,
            IssStoreName  store,
            gint64        now)
{
  int days = (int) ((row->not_after - now) / 86400);

  switch (iss_row_text_get_status (row, store, now))
    {
    case ISS_ROW_STATUS_OK:
      return g_strdup (_("OK"));

    case ISS_ROW_STATUS_NO_KEY:
      return g_strdup (_("No private key"));

    case ISS_ROW_STATUS_EXPIRES_SOON:
      if (days == 0)
        return g_strdup (_("Expires today"));
      /* Translators: %d is the number of days until a certificate expires */
      return g_strdup_printf (ngettext ("Expires in %d day", "Expires in %d days", days), days);

    case ISS_ROW_STATUS_NOT_YET:
      return g_strdup (_("Not yet valid"));

    case ISS_ROW_STATUS_EXPIRED:
      return g_strdup (_("Expired"));
    }

  g_return_val_if_reached (NULL);
}

static char *
dup_key (const IssRow *row)
{
  if (row->key_bits == 0)
    return g_strdup (row->key_algorithm);

  return g_strdup_printf ("%s %u", row->key_algorithm, row->key_bits);
}

/**
 * iss_row_text_for_column:
 * @row: a row
 * @column: a column of the list
 * @store: the store the row is in
 * @now: the instant at which it is shown
 * @zone: the zone in which dates are shown
 *
 * Returns: (transfer full): what stands there
 */
char *
iss_row_text_for_column (const IssRow *row,
                         IssRowColumn  column,
                         IssStoreName  store,
                         gint64        now,
                         GTimeZone    *zone)
{
  g_autoptr(GBytes) sha1 = NULL;

  g_return_val_if_fail (row != NULL, NULL);

  switch (column)
    {
    case ISS_ROW_TEXT_ISSUED_TO:
      return g_strdup (row->issued_to);

    case ISS_ROW_TEXT_ISSUED_BY:
      return g_strdup (row->issued_by);

    case ISS_ROW_TEXT_EXPIRES:
      return iss_time_text_short (row->not_after, zone);

    case ISS_ROW_TEXT_PURPOSES:
      return iss_row_text_purposes (row->purposes);

    case ISS_ROW_TEXT_FRIENDLY_NAME:
      return g_strdup (row->friendly_name);

    case ISS_ROW_TEXT_STATUS:
      return dup_status (row, store, now);

    case ISS_ROW_TEXT_THUMBPRINT:
      sha1 = g_bytes_new_static (row->sha1, sizeof row->sha1);
      return iss_text_thumbprint_short (sha1);

    case ISS_ROW_TEXT_KEY:
      return dup_key (row);

    case ISS_ROW_TEXT_ASSIGNED_TO:
      return iss_row_text_assigned_to (row->assigned_to);

    case ISS_N_ROW_TEXTS:
      break;
    }

  g_return_val_if_reached (NULL);
}

/**
 * iss_row_text_tooltip:
 * @row: a row
 * @column: a column of the list
 * @zone: the zone in which instants are shown
 *
 * Returns: (transfer full) (nullable): what the column shortens, in full
 */
char *
iss_row_text_tooltip (const IssRow *row,
                      IssRowColumn  column,
                      GTimeZone    *zone)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  switch (column)
    {
    case ISS_ROW_TEXT_ISSUED_TO:
      return g_strdup (row->issued_to);

    case ISS_ROW_TEXT_ISSUED_BY:
      return g_strdup (row->issued_by);

    case ISS_ROW_TEXT_PURPOSES:
      return iss_row_text_purposes (row->purposes);

    case ISS_ROW_TEXT_FRIENDLY_NAME:
      return *row->friendly_name != '\0' ? g_strdup (row->friendly_name) : NULL;

    case ISS_ROW_TEXT_EXPIRES:
    case ISS_ROW_TEXT_STATUS:
      from = iss_time_text_instant (row->not_before, zone);
      to = iss_time_text_instant (row->not_after, zone);
      /* Translators: two instants, such as "1 July 2027, 00:00 (UTC+2)" */
      return g_strdup_printf (_("Valid from %s to %s"), from, to);

    case ISS_ROW_TEXT_THUMBPRINT:
      return iss_text_hex (row->sha1, sizeof row->sha1, TRUE);

    case ISS_ROW_TEXT_KEY:
      if (row->key_state == ISS_KEY_STATE_NONE)
        return g_strdup (_("There is no private key for this certificate on the server"));
      if (row->key_state == ISS_KEY_STATE_TOKEN)
        return g_strdup (_("The private key is in a token"));
      return g_strdup (row->exportable ? _("With private key, which may be exported")
                                       : _("With private key, which may not be exported"));

    case ISS_ROW_TEXT_ASSIGNED_TO:
      return *row->assigned_to != '\0' ? iss_row_text_assigned_to (row->assigned_to) : NULL;

    case ISS_N_ROW_TEXTS:
      break;
    }

  return NULL;
}
