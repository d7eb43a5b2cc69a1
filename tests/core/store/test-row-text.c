/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/row-text.h"

#define NOW 1795000000
#define DAY (24 * 60 * 60)

static void
test_row_text_status (void)
{
  static const struct
  {
    gint64       not_before, not_after;
    IssRowStatus status;
    const char  *text;
  } cases[] = {
    { NOW - DAY, NOW + 61 * DAY, ISS_ROW_STATUS_OK, "OK" },
    { NOW - DAY, NOW + 60 * DAY, ISS_ROW_STATUS_EXPIRES_SOON, "Expires in 60 days" },
    { NOW - DAY, NOW + DAY, ISS_ROW_STATUS_EXPIRES_SOON, "Expires in 1 day" },
    { NOW - DAY, NOW + 1, ISS_ROW_STATUS_EXPIRES_SOON, "Expires within a day" },
    { NOW - DAY, NOW, ISS_ROW_STATUS_EXPIRES_SOON, "Expires within a day" },
    { NOW - DAY, NOW - 1, ISS_ROW_STATUS_EXPIRED, "Expired" },
    { NOW + 1, NOW + DAY, ISS_ROW_STATUS_NOT_YET_VALID, "Not yet valid" },
    { NOW, NOW + 100 * DAY, ISS_ROW_STATUS_OK, "OK" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRow row = { .not_before = cases[i].not_before, .not_after = cases[i].not_after };
      g_autofree char *text = iss_row_text_status (&row, NOW);

      g_assert_cmpint (iss_row_text_get_status (&row, NOW), ==, (int) cases[i].status);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_row_text_purposes (void)
{
  static const char *const cases[][2] = {
    { "", "<All>" },
    { "1.3.6.1.5.5.7.3.1", "Server Authentication" },
    { "1.3.6.1.5.5.7.3.1,1.3.6.1.5.5.7.3.2", "Server Authentication, Client Authentication" },
    { "1.2.3", "1.2.3" },
    { "?", "unreadable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = iss_row_text_purposes (cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

static void
test_row_text_key (void)
{
  static const struct
  {
    IssKeyState  state;
    gboolean     exportable;
    guint        bits;
    const char  *text;
  } cases[] = {
    { ISS_KEY_STATE_NONE, FALSE, 2048, "" },
    { ISS_KEY_STATE_FILE, FALSE, 2048, "RSA 2048" },
    { ISS_KEY_STATE_FILE, TRUE, 2048, "RSA 2048, exportable" },
    { ISS_KEY_STATE_FILE, FALSE, 0, "RSA" },
    { ISS_KEY_STATE_TOKEN, FALSE, 4096, "RSA 4096, in a token" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRow row = { .key_algorithm = "RSA", .key_bits = cases[i].bits,
                     .key_state = cases[i].state, .exportable = cases[i].exportable };
      g_autofree char *text = iss_row_text_key (&row);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_row_text_assigned (void)
{
  static const char *const cases[][2] = {
    { "", "" },
    { "OAuthTokenIssuer:current", "OAuthTokenIssuer" },
    { "Default:current,OAuthTokenIssuer:previous", "Default, OAuthTokenIssuer (previous)" },
    { "OAuthTokenIssuer:staged", "OAuthTokenIssuer (staged)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = iss_row_text_assigned (cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

static void
test_row_text_thumbprint (void)
{
  IssRow row = { .sha1 = { 0x3f, 0x2a }, .not_after = 1814400000 };
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *thumbprint = iss_row_text_thumbprint (&row);
  g_autofree char *expires = iss_row_text_expires (&row, utc);

  g_assert_cmpstr (thumbprint, ==, "3F2A000000000000000000000000000000000000");
  g_assert_cmpstr (expires, ==, "1 Jul 2027");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/row-text/status", test_row_text_status);
  g_test_add_func ("/row-text/purposes", test_row_text_purposes);
  g_test_add_func ("/row-text/key", test_row_text_key);
  g_test_add_func ("/row-text/assigned", test_row_text_assigned);
  g_test_add_func ("/row-text/thumbprint", test_row_text_thumbprint);

  return g_test_run ();
}
