/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/sighting.h"

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define DAY (24 * 3600)

typedef struct
{
  const char *name;
  const char *line;
  gint64      later;      /* seconds between the last look and the question */
  gboolean    stale;
  const char *age;
  const char *silence;
} Case;

static const Case cases[] =
{
  { "seen just now", "", 0, FALSE, NULL, "fe01 was last looked at 14:02" },
  { "still fresh", "", ISS_SIGHTING_FRESH, FALSE, NULL, "fe01 was last looked at 14:02" },
  { "fresh no more", "", ISS_SIGHTING_FRESH + 1, TRUE, "seen 14:02",
    "fe01 was last looked at 14:02" },
  { "seen yesterday", "", DAY, TRUE, "seen 30 June, 14:02",
    "fe01 was last looked at 30 June, 14:02" },
  { "silent", "!", 0, TRUE, "seen 13:41, not answering since 13:58",
    "fe01 has not answered since 13:58" },
  { "silent and never seen", "!?", 0, TRUE, "not answering since 13:58",
    "fe01 has not answered since 13:58" },
};

static void
test_sighting (gconstpointer data)
{
  const Case *test = data;
  const char *const lines[] = { test->line, NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  IssServer *server = iss_pool_get_server (pool, 0);
  gint64 now = NOW + test->later;
  g_autofree char *age = iss_sighting_dup_age (server, now, NULL);
  g_autofree char *silence = iss_sighting_dup_silence (server, now, NULL);

  g_assert_cmpint (iss_sighting_is_stale (server, now), ==, test->stale);
  g_assert_cmpstr (age, ==, test->age);
  g_assert_cmpstr (silence, ==, test->silence);
}

/* Of a server that nobody has tried yet there is nothing to say. */
static void
test_sighting_never_tried (void)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (NOW);
  g_autoptr(IssServer) server = iss_server_new ("fe01.contoso.example", address, launch, clock);
  g_autofree char *silence = iss_sighting_dup_silence (server, NOW, NULL);

  g_assert_true (iss_sighting_is_stale (server, NOW));
  g_assert_null (iss_sighting_dup_age (server, NOW, NULL));
  g_assert_cmpstr (silence, ==, "fe01 was not looked at yet");
}

static void
test_sighting_zone (void)
{
  const char *const lines[] = { "!", NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 0, 0);
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset (7200);
  g_autofree char *age = iss_sighting_dup_age (iss_pool_get_server (pool, 0), NOW, zone);

  g_assert_cmpstr (age, ==, "seen 15:41, not answering since 15:58");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sighting/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_sighting);
    }
  g_test_add_func ("/sighting/never-tried", test_sighting_never_tried);
  g_test_add_func ("/sighting/zone", test_sighting_zone);

  return g_test_run ();
}
