/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-roll.h"

#include "tests/core/pool/pool-fixture.h"

#define NOW ISS_POOL_FIXTURE_NOW
#define DAY 86400
#define OAUTH "OAuthTokenIssuer"

static GPtrArray *
dup_servers (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

/* What is pending, or still felt: the next roll of all, else the last. */
static void
test_find (void)
{
  static const struct
  {
    const char *lines[4];
    const char *type;
    const char *old_name;   /* NULL: nothing is current */
    const char *new_name;   /* NULL: no roll */
    gint64      after;      /* the roll, in seconds from now */
  } cases[] = {
    { { OAUTH "=A6", OAUTH "=A6" }, OAUTH, NULL, NULL, 0 },
    { { "?", OAUTH "=A6,,L4@864000" }, OAUTH, "auth.contoso.example", "lab.contoso.example",
      864000 },
    { { OAUTH "=A6,,L4@864000", OAUTH "=A6,,L4@3600" }, OAUTH, "auth.contoso.example",
      "lab.contoso.example", 3600 },
    { { OAUTH "=,,L4@864000" }, OAUTH, NULL, "lab.contoso.example", 864000 },
    /* Due, and not run. */
    { { OAUTH "=A6,,L4@-60" }, OAUTH, "auth.contoso.example", "lab.contoso.example", -60 },
    /* Rolled, and felt for a day. */
    { { OAUTH "=L6@-60,A4" }, OAUTH, "auth.contoso.example", "lab.contoso.example", -60 },
    { { OAUTH "=L6@-86399,A4" }, OAUTH, "auth.contoso.example", "lab.contoso.example", -86399 },
    { { OAUTH "=L6@-86400,A4" }, OAUTH, NULL, NULL, 0 },
    { { OAUTH "=L6@-60" }, OAUTH, NULL, NULL, 0 },
    { { OAUTH "=L6,A4" }, OAUTH, NULL, NULL, 0 },
    /* One has rolled, the next has not: what is to come counts. */
    { { OAUTH "=L6@-60,A4", OAUTH "=A6,,L4@30" }, OAUTH, "auth.contoso.example",
      "lab.contoso.example", 30 },
    { { OAUTH "=A6,,L4@30", OAUTH "=L6@-60,A4" }, OAUTH, "auth.contoso.example",
      "lab.contoso.example", 30 },
    { { OAUTH "=L6@-60,A4", OAUTH "=L6@-10,A4" }, OAUTH, "auth.contoso.example",
      "lab.contoso.example", -10 },
    { { OAUTH "=A6,,L4@864000" }, "Default", NULL, NULL, 0 },
    /* No tokens: nothing is felt. */
    { { "Default=L6@-60,S4" }, "Default", NULL, NULL, 0 },
    { { "Default=S6,,L4@60" }, "Default", "sip.contoso.example", "lab.contoso.example", 60 },
    { { "NoSuchType=S6,,L4@60" }, "NoSuchType", "sip.contoso.example", "lab.contoso.example",
      60 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 0, 0);
      g_autoptr(GPtrArray) servers = dup_servers (pool);
      g_autoptr(IssPoolRoll) roll = iss_pool_roll_find (servers, cases[i].type, NOW);
      g_autoptr(IssRollSchedule) schedule = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (roll != NULL, ==, cases[i].new_name != NULL);
      if (roll == NULL)
        continue;

      g_assert_cmpstr (roll->plan.old_name, ==, cases[i].old_name);
      g_assert_cmpstr (roll->plan.new_name, ==, cases[i].new_name);
      g_assert_cmpint (roll->instant, ==, NOW + cases[i].after);
      schedule = iss_pool_roll_make_schedule (roll, NULL);
      g_assert_cmpuint (iss_roll_schedule_get_n_events (schedule), >=, 3);
    }
}

/* The one that expires first counts, and the tokens that live longest. */
static void
test_new (void)
{
  static const struct
  {
    const char *lines[3];
    const char *types[3];
    const char *old_name;
    gint64      lifetime;
  } cases[] = {
    { { OAUTH "=A6", OAUTH "=X6" }, { OAUTH }, "expired.contoso.example", DAY },
    { { OAUTH "=A6 AudioVideoAuthentication=X6" }, { "AudioVideoAuthentication", OAUTH },
      "expired.contoso.example", DAY },
    { { "AudioVideoAuthentication=S6" }, { "AudioVideoAuthentication" }, "sip.contoso.example",
      DAY / 3 },
    { { "Default=S6", "?" }, { "Default" }, "sip.contoso.example", 0 },
    { { "Default=S6" }, { OAUTH }, NULL, DAY },
    { { "!?" }, { OAUTH }, NULL, DAY },
    { { OAUTH "=A0" }, { OAUTH }, NULL, DAY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 0, 0);
      g_autoptr(GPtrArray) servers = dup_servers (pool);
      g_autoptr(IssPoolRoll) roll = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      roll = iss_pool_roll_new (servers, cases[i].types, "next", NOW - 1, NOW + DAY, NOW);
      g_assert_cmpstr (roll->plan.old_name, ==, cases[i].old_name);
      g_assert_cmpstr (roll->plan.new_name, ==, "next");
      g_assert_cmpint (roll->plan.token_lifetime, ==, cases[i].lifetime);
      g_assert_cmpint (roll->plan.new_not_after, ==, NOW + DAY);
      g_assert_cmpint (roll->instant, ==, NOW);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pool-roll/find", test_find);
  g_test_add_func ("/pool-roll/new", test_new);

  return g_test_run ();
}
