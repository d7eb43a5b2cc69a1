/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool.h"

#include "tests/lib/wait.h"

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *const domains[] = { "contoso.example", NULL };

static IssServer *
make_server (const char *name,
             IssClock   *clock)
{
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse ("local:///nowhere",
                                                                          NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");

  return iss_server_new (name, address, launch, clock);
}

static void
count_cb (IssPool *pool,
          guint   *n)
{
  (*n)++;
}

static void
test_pool_servers (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssPool) pool = iss_pool_new ("pool01.contoso.example", domains, clock);
  g_autoptr(IssServer) one = make_server ("fe01.contoso.example", clock);
  g_autoptr(IssServer) two = make_server ("fe02.contoso.example", clock);
  guint n_changed = 0;

  iss_pool_add_server (pool, one);
  iss_pool_add_server (pool, two);
  g_signal_connect (pool, "changed", G_CALLBACK (count_cb), &n_changed);

  g_assert_cmpuint (iss_pool_get_n_servers (pool), ==, 2);
  g_assert_true (iss_pool_find_server (pool, "FE02") == two);
  g_assert_true (iss_pool_find_server (pool, "fe01.contoso.example") == one);
  g_assert_null (iss_pool_find_server (pool, "fe03"));

  iss_server_set_last_seen (two, NULL, 0, 12);
  g_assert_cmpuint (n_changed, ==, 1);

  iss_pool_remove_server (pool, two);
  g_assert_cmpuint (n_changed, ==, 2);
  iss_server_set_last_seen (two, NULL, 0, 13);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pool)), ==, 1);

  g_assert_finalize_object (g_steal_pointer (&pool));
}

static void
test_pool_agreed (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssPool) pool = iss_pool_new ("pool01.contoso.example", domains, clock);
  IssAgreed agreed = { .sha256_hex = (char *) SHA, .by = (char *) "alice", .at = 5 };

  g_assert_null (iss_pool_get_agreed (pool, "OAuthTokenIssuer"));
  iss_pool_set_agreed (pool, "OAuthTokenIssuer", &agreed);
  g_assert_cmpstr (iss_pool_get_agreed (pool, "OAuthTokenIssuer")->by, ==, "alice");
  iss_pool_set_agreed (pool, "OAuthTokenIssuer", NULL);
  g_assert_null (iss_pool_get_agreed (pool, "OAuthTokenIssuer"));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  int *n_answering = user_data;
  g_autoptr(GError) error = NULL;
  guint n = 99;

  g_assert_true (iss_pool_look_finish (ISS_POOL (object), result, &n, &error));
  g_assert_no_error (error);
  *n_answering = (int) n;
}

static void
test_pool_look_at_the_dead (void)
{
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(IssPool) pool = iss_pool_new ("pool01.contoso.example", domains, clock);
  int n_answering = -1;

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u", i);
      g_autoptr(IssServer) server = make_server (name, clock);

      iss_pool_add_server (pool, server);
    }

  g_assert_false (iss_pool_is_looking (pool));
  iss_pool_look_async (pool, NULL, NULL, looked_cb, &n_answering);
  g_assert_true (iss_pool_is_looking (pool));
  iss_wait_until (n_answering >= 0);
  g_assert_false (iss_pool_is_looking (pool));
  g_assert_cmpint (n_answering, ==, 0);

  for (guint i = 0; i < 20; i++)
    {
      g_assert_nonnull (iss_server_get_error (iss_pool_get_server (pool, i)));
      g_assert_cmpint (iss_server_get_failing_since (iss_pool_get_server (pool, i)), ==, 1000);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool/servers", test_pool_servers);
  g_test_add_func ("/pool/agreed", test_pool_agreed);
  g_test_add_func ("/pool/look-at-the-dead", test_pool_look_at_the_dead);

  return g_test_run ();
}
