/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/reload-warning.h"

#include "tests/lib/scene-pool.h"

#define RELOADS "{'reloads': <[{'consumer': <'nginx'>, 'type': <'Default'>, " \
                "'what': <'nginx.service'>, 'timeout': <uint32 30>, 'state': <'%s'>, " \
                "'live': <(uint64 3, int64 1)>, 'attempts': <uint32 2>, 'started': <int64 2>, " \
                "'ended': <int64 3>, 'reason': <'The reload ended with status 1'>, " \
                "'output': <'no such file'>, 'account': <''>, 'tried': <int64 0>, " \
                "'readable': <false>, 'good': <(uint64 0, int64 0)>}]>}"

static void
assert_warning (IssPool    *pool,
                const char *lead,
                const char *rest)
{
  g_autoptr(GPtrArray) warnings = iss_reload_warning_find (pool);
  const IssReloadWarning *warning;

  g_assert_cmpuint (warnings->len, ==, 1);
  warning = g_ptr_array_index (warnings, 0);
  g_assert_cmpstr (iss_server_get_name (warning->server), ==, "fe02.contoso.example");
  g_assert_cmpstr (warning->lead, ==, lead);
  g_assert_cmpstr (warning->rest, ==, rest);
}

static void
assert_none (IssPool *pool)
{
  g_autoptr(GPtrArray) warnings = iss_reload_warning_find (pool);

  g_assert_cmpuint (warnings->len, ==, 0);
}

static void
test_reload_warning (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  IssServer *server = iss_pool_find_server (pool, "fe02.contoso.example");
  g_autofree char *failed = g_strdup_printf (RELOADS, "failed");
  g_autofree char *done = g_strdup_printf (RELOADS, "done");

  assert_none (pool);
  iss_scene_pool_say (server, failed);
  assert_warning (pool, "nginx does not use what is published for Default yet.",
                  "The reload ended with status 1. It said: no such file.");
  iss_scene_pool_say (server, done);
  assert_none (pool);

  iss_scene_pool_say (server, "{'reload-error': <'consumers.conf, line 2: what is this'>}");
  assert_warning (pool, "it is not known which services are to be reloaded.",
                  "consumers.conf, line 2: what is this.");

  /* What it was is not what it is. */
  iss_scene_pool_fail (server);
  assert_none (pool);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reload-warning/find", test_reload_warning);

  return g_test_run ();
}
