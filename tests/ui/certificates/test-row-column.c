/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/row-column.h"

#include <string.h>

#include "tests/lib/row-maker.h"

#define DAY 86400

static void
assert_text (const IssRow *row,
             IssRowColumn  column,
             const char   *expected)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = iss_row_column_dup_text (column, row, ISS_ROW_MAKER_NOW, zone);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_row_column_texts (void)
{
  IssRow row;

  iss_row_maker_init (&row, 1, "auth.contoso.example");
  row.not_after = 1815523200;   /* 14 July 2027 */
  row.friendly_name = "Tokens";
  row.assigned_to = "OAuthTokenIssuer:current,Default:previous";
  memset (row.sha1, 0xab, sizeof row.sha1);

  assert_text (&row, ISS_ROW_COLUMN_ISSUED_TO, "auth.contoso.example");
  assert_text (&row, ISS_ROW_COLUMN_ISSUED_BY, "Contoso CA");
  assert_text (&row, ISS_ROW_COLUMN_EXPIRES, "14 Jul 2027");
  assert_text (&row, ISS_ROW_COLUMN_PURPOSES, "Server Authentication, Client Authentication");
  assert_text (&row, ISS_ROW_COLUMN_FRIENDLY_NAME, "Tokens");
  assert_text (&row, ISS_ROW_COLUMN_STATUS, "OK");
  assert_text (&row, ISS_ROW_COLUMN_THUMBPRINT, "ABAB ABAB … ABAB");
  assert_text (&row, ISS_ROW_COLUMN_KEY, "RSA 2048");
  assert_text (&row, ISS_ROW_COLUMN_ASSIGNED_TO, "OAuthTokenIssuer, Default (previous)");
}

static void
test_row_column_status (void)
{
  static const struct
  {
    const char *what;
    gint64      not_before;
    gint64      not_after;
    const char *icon;
    const char *css_class;
  } cases[] =
  {
    { "valid", -DAY, 300 * DAY, "iss-state-published-symbolic", "success" },
    { "soon", -DAY, 10 * DAY, "iss-state-expired-symbolic", "warning" },
    { "expired", -9 * DAY, -1, "iss-state-expired-symbolic", "error" },
    { "not yet", 1, 300 * DAY, "iss-state-not-yet-symbolic", "warning" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRow row;

      g_test_message ("%s", cases[i].what);
      iss_row_maker_init (&row, 1, "x");
      row.not_before = ISS_ROW_MAKER_NOW + cases[i].not_before;
      row.not_after = ISS_ROW_MAKER_NOW + cases[i].not_after;
      g_assert_cmpstr (iss_row_column_get_icon (ISS_ROW_COLUMN_STATUS, &row, ISS_ROW_MAKER_NOW),
                       ==, cases[i].icon);
      g_assert_cmpstr (iss_row_column_get_css_class (ISS_ROW_COLUMN_STATUS, &row,
                                                     ISS_ROW_MAKER_NOW), ==, cases[i].css_class);
    }
}

static void
test_row_column_key (void)
{
  IssRow row;

  iss_row_maker_init (&row, 1, "x");
  g_assert_cmpstr (iss_row_column_get_icon (ISS_ROW_COLUMN_KEY, &row, 0), ==,
                   "iss-certificate-key-symbolic");
  row.key_state = ISS_KEY_STATE_NONE;
  g_assert_null (iss_row_column_get_icon (ISS_ROW_COLUMN_KEY, &row, 0));
  assert_text (&row, ISS_ROW_COLUMN_KEY, "");
  g_assert_null (iss_row_column_get_icon (ISS_ROW_COLUMN_ISSUED_TO, &row, 0));
}

static void
test_row_column_tooltips (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *thumbprint = NULL;
  g_autofree char *validity = NULL;
  g_autofree char *nothing = NULL;
  IssRow row;

  iss_row_maker_init (&row, 1, "x");
  row.not_before = 0;
  row.not_after = 1815523200;
  memset (row.sha1, 0xab, sizeof row.sha1);

  thumbprint = iss_row_column_dup_tooltip (ISS_ROW_COLUMN_THUMBPRINT, &row, zone);
  g_assert_cmpstr (thumbprint, ==, "ABABABABABABABABABABABABABABABABABABABAB");
  validity = iss_row_column_dup_tooltip (ISS_ROW_COLUMN_EXPIRES, &row, zone);
  g_assert_cmpstr (validity, ==,
                   "Valid from 1 January 1970, 00:00 (UTC) to 14 July 2027, 00:00 (UTC)");
  nothing = iss_row_column_dup_tooltip (ISS_ROW_COLUMN_FRIENDLY_NAME, &row, zone);
  g_assert_null (nothing);
}

static void
test_row_column_titles (void)
{
  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    g_assert_cmpstr (iss_row_column_get_title (column), !=, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/row-column/texts", test_row_column_texts);
  g_test_add_func ("/row-column/status", test_row_column_status);
  g_test_add_func ("/row-column/key", test_row_column_key);
  g_test_add_func ("/row-column/tooltips", test_row_column_tooltips);
  g_test_add_func ("/row-column/titles", test_row_column_titles);

  return g_test_run ();
}
