/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/clock-check.h"

#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/scene-pool.h"

static IssPool *
make (gdouble offset)
{
  IssPool *pool = iss_scene_pool_new (ISS_SCENE_GOOD);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    iss_server_set_answering (iss_pool_get_server (pool, i), i == 1 ? offset : 0.2, NULL, NULL);

  return pool;
}

static void
test_clock_check_warning (void)
{
  const struct
    {
      gdouble     offset;
      gdouble     worst;
      const char *warning;
    } cases[] =
    {
      { 0, 0.2, NULL },
      { 5, 5, NULL },
      { 5.1, 5.1, "fe02 is 5.1 s ahead, by this computer. Tokens are refused when clocks differ." },
      { -61, 61, "fe02 is 1 min 1 s behind, by this computer. Tokens are refused when clocks "
                 "differ." },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = make (cases[i].offset);
      g_autofree char *warning = NULL;
      gdouble worst;
      guint n_measured;

      warning = iss_clock_check_dup_warning (pool, &worst, &n_measured);
      g_assert_cmpstr (warning, ==, cases[i].warning);
      g_assert_cmpfloat (worst, ==, cases[i].worst);
      g_assert_cmpuint (n_measured, ==, 3);
    }
}

static void
test_clock_check_roll (void)
{
  const struct
    {
      gdouble  offset;
      gboolean force;
      gboolean good;
    } cases[] =
    {
      { 60, FALSE, TRUE },
      { -60, FALSE, TRUE },
      { 60.1, FALSE, FALSE },
      { -61, FALSE, FALSE },
      { -61, TRUE, TRUE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = make (cases[i].offset);
      g_autoptr(GPtrArray) servers = g_ptr_array_new ();
      g_autoptr(GError) error = NULL;

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        g_ptr_array_add (servers, iss_pool_get_server (pool, k));

      g_assert_cmpint (iss_clock_check_roll (servers, cases[i].force, &error), ==, cases[i].good);
      if (cases[i].good)
        g_assert_no_error (error);
      else
        g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
    }
}

/* A real server whose clock is a minute and a half ahead. */
static void
test_clock_check_measured (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_AGENT_FIXTURE_NOW - 90);
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssServer) server = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  server = iss_server_new ("fe01.contoso.example", fixture.address, fixture.launch, clock);
  g_ptr_array_add (servers, server);
  iss_server_look_async (server, NULL, NULL, iss_agent_fixture_result_cb, &fixture);
  g_assert_true (iss_server_look_finish (server, iss_agent_fixture_wait (&fixture), &error));
  g_assert_no_error (error);

  g_assert_cmpfloat (iss_server_get_clock_offset (server), ==, 90);
  g_assert_false (iss_clock_check_roll (servers, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_assert_true (g_str_has_prefix (error->message, "The clocks are too far apart"));

  iss_server_disconnect (server);
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock-check/warning", test_clock_check_warning);
  g_test_add_func ("/clock-check/roll", test_clock_check_roll);

  g_test_add_func ("/clock-check/measured", test_clock_check_measured);

  return g_test_run ();
}
