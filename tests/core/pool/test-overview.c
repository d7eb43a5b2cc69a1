/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview.h"

#include "tests/lib/scene-pool.h"

#include <string.h>

typedef struct
{
  IssScene          scene;
  IssOverviewLevel  level;
  const char       *answer;
  gint64            seen_at;
} AnswerCase;

static const AnswerCase answer_cases[] =
{
  { ISS_SCENE_GOOD, ISS_OVERVIEW_GOOD,
    "pool01.contoso.example: everything is as it should be.", ISS_SCENE_NOW },
  { ISS_SCENE_MIXED, ISS_OVERVIEW_ERROR,
    "pool01.contoso.example: not everything is as it should be.", ISS_SCENE_NOW },
  { ISS_SCENE_NOT_ASSIGNED, ISS_OVERVIEW_WARNING,
    "pool01.contoso.example: not everything is as it should be.", ISS_SCENE_NOW },
  { ISS_SCENE_NOT_AGREED, ISS_OVERVIEW_WARNING,
    "pool01.contoso.example: not everything is as it should be.", ISS_SCENE_NOW },
  { ISS_SCENE_DEAD, ISS_OVERVIEW_ERROR,
    "pool01.contoso.example: not everything is as it should be.", ISS_SCENE_SEEN },
  { ISS_SCENE_FIRST_LOOK, ISS_OVERVIEW_UNKNOWN,
    "pool01.contoso.example: nobody has looked at its servers yet.", 0 },
  { ISS_SCENE_EMPTY, ISS_OVERVIEW_UNKNOWN,
    "pool01.contoso.example: there is no server in it yet.", 0 },
};

static void
test_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (answer_cases); i++)
    {
      const AnswerCase *c = &answer_cases[i];
      g_autoptr(IssPool) pool = iss_scene_pool_new (c->scene);
      g_autoptr(IssOverview) overview = iss_overview_new (pool, ISS_SCENE_NOW, NULL);

      g_test_message ("%s", iss_scene_pool_get_name (c->scene));
      g_assert_cmpstr (iss_overview_get_answer (overview), ==, c->answer);
      g_assert_cmpint (iss_overview_get_level (overview), ==, c->level);
      g_assert_cmpint (iss_overview_get_seen_at (overview), ==, c->seen_at);
      g_assert_finalize_object (g_steal_pointer (&overview));
    }
}

static void
test_ticket (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(IssOverview) overview = iss_overview_new (pool, ISS_SCENE_NOW, NULL);
  g_autofree char *ticket = iss_overview_dup_ticket (overview, "alice on console01");

  g_test_message ("%s", ticket);
  g_assert_true (g_str_has_prefix (ticket, iss_overview_get_answer (overview)));
  g_assert_nonnull (strstr (ticket, "[good] OAuthTokenIssuer: auth.contoso.example (3F2A 91C0"));
  g_assert_nonnull (strstr (ticket, "alice on console01, 2027-05-22T14:02:11Z"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overview/answers", test_answers);
  g_test_add_func ("/overview/ticket", test_ticket);

  return g_test_run ();
}
