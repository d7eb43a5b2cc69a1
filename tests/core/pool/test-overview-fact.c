/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/overview-fact.h"

#include "tests/lib/scene-pool.h"

#define AUTH "auth.contoso.example (3F2A 91C0 … 5B1E)"
#define LAB "lab.contoso.example (04D2 661B … 9E3C)"
#define DEFAULT_IS_GOOD \
  "good|Default|one per server, all valid; first to expire: sip.contoso.example on fe01, " \
  "1 July 2028|0"
#define CLOCKS_ARE_GOOD "good|Clocks|within 0.2 s|0"
#define IS_DEAD(name) \
  "error|" name "|" name " does not answer. ssh: connect to host " name ".contoso.example " \
  "port 22: Connection refused. Last seen 13:41.|5"
#define IS_NEW(name) "not known|" name "|" name " was not looked at yet.|5"

/* Level, subject, sentence and remedy of each fact. */
static const char *const facts_good[] =
{
  "good|OAuthTokenIssuer|" AUTH ", the same on all 3 servers; expires 14 July 2027|1",
  DEFAULT_IS_GOOD,
  CLOCKS_ARE_GOOD,
  NULL
};

static const char *const facts_mixed[] =
{
  "warning|OAuthTokenIssuer|agreed on " AUTH "; fe02 does not have it; fe03 has not answered since "
  "13:58 (missing, seen 13:41)|1",
  DEFAULT_IS_GOOD,
  "warning|Nothing replicates|auth.contoso.example was imported by hand on fe01. fe02 does not "
  "have auth.contoso.example. fe03 has not answered since 13:58; it did not have it at 13:41.|4",
  CLOCKS_ARE_GOOD,
  IS_DEAD ("fe03"),
  NULL
};

static const char *const facts_not_assigned[] =
{
  "warning|OAuthTokenIssuer|nothing is assigned on any server. Server-to-server authentication "
  "cannot work.|2",
  DEFAULT_IS_GOOD,
  CLOCKS_ARE_GOOD,
  NULL
};

static const char *const facts_not_agreed[] =
{
  "warning|OAuthTokenIssuer|two different certificates; none is agreed.|1",
  "not known||" AUTH " on fe01 and fe03|3",
  "not known||" LAB " on fe02|3",
  DEFAULT_IS_GOOD,
  "warning|Nothing replicates|auth.contoso.example was imported by hand on fe01 and fe03. fe02 "
  "does not have auth.contoso.example.|4",
  CLOCKS_ARE_GOOD,
  NULL
};

static const char *const facts_dead[] =
{
  "warning|OAuthTokenIssuer|agreed on " AUTH "; fe01, fe02 and fe03 have not answered since 13:58 "
  "(published, seen 13:41)|1",
  "not known|Default|one per server, all valid; first to expire: sip.contoso.example on fe01, "
  "1 July 2028; that was so when they last answered|1",
  IS_DEAD ("fe01"),
  IS_DEAD ("fe02"),
  IS_DEAD ("fe03"),
  NULL
};

static const char *const facts_first_look[] =
{
  "not known|OAuthTokenIssuer|not looked at on any server yet|0",
  IS_NEW ("fe01"),
  IS_NEW ("fe02"),
  IS_NEW ("fe03"),
  NULL
};

static const char *const facts_empty[] =
{
  "not known|Servers|Add the front ends of this pool to see whether they use the same "
  "certificate.|6",
  NULL
};

static const char *const *const cases[ISS_N_SCENES] =
{
  [ISS_SCENE_GOOD]         = facts_good,
  [ISS_SCENE_MIXED]        = facts_mixed,
  [ISS_SCENE_NOT_ASSIGNED] = facts_not_assigned,
  [ISS_SCENE_NOT_AGREED]   = facts_not_agreed,
  [ISS_SCENE_DEAD]         = facts_dead,
  [ISS_SCENE_FIRST_LOOK]   = facts_first_look,
  [ISS_SCENE_EMPTY]        = facts_empty,
};

static void
assert_facts (GPtrArray          *facts,
              const char *const  *expected)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const IssOverviewFact *fact = g_ptr_array_index (facts, i);
      g_autofree char *text = NULL;

      text = g_strdup_printf ("%s|%s|%s|%d", iss_overview_level_get_label (fact->level),
                              fact->subject, fact->sentence, (int) fact->remedy);
      g_assert_cmpstr (text, ==, expected[i]);
      g_assert_true (fact->remedy == ISS_REMEDY_NONE || fact->remedy == ISS_REMEDY_ADD_SERVER ||
                     fact->target != NULL);
    }

  g_assert_null (expected[facts->len]);
}

static void
test_scenes (void)
{
  for (IssScene scene = 0; scene < ISS_N_SCENES; scene++)
    {
      g_autoptr(IssPool) pool = iss_scene_pool_new (scene);
      g_autoptr(GPtrArray) facts = iss_overview_fact_find (pool, ISS_SCENE_NOW, NULL);

      g_test_message ("%s", iss_scene_pool_get_name (scene));
      assert_facts (facts, cases[scene]);
    }
}

static const IssOverviewFact *
find_fact (GPtrArray  *facts,
           const char *subject)
{
  for (guint i = 0; i < facts->len; i++)
    {
      const IssOverviewFact *fact = g_ptr_array_index (facts, i);

      if (g_str_equal (fact->subject, subject))
        return fact;
    }

  return NULL;
}

typedef struct
{
  gdouble           offset;
  IssOverviewLevel  level;
  const char       *sentence;
} ClockCase;

static void
test_clocks (void)
{
  static const ClockCase clock_cases[] =
  {
    { 0,     ISS_OVERVIEW_GOOD,    "within 0.1 s" },
    { -4.5,  ISS_OVERVIEW_GOOD,    "within 4.5 s" },
    { 5,     ISS_OVERVIEW_GOOD,    "within 5.0 s" },
    { 7,     ISS_OVERVIEW_WARNING,
      "fe02 is 7.0 s ahead, by this computer. Tokens are refused when clocks differ." },
    { -60,   ISS_OVERVIEW_WARNING,
      "fe02 is 1 min 0 s behind, by this computer. Tokens are refused when clocks differ." },
    { -200,  ISS_OVERVIEW_ERROR,
      "fe02 is 3 min 20 s behind, by this computer. Tokens are refused when clocks differ." },
    { 7260,  ISS_OVERVIEW_ERROR,
      "fe02 is 2 h 1 min ahead, by this computer. Tokens are refused when clocks differ." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (clock_cases); i++)
    {
      const ClockCase *c = &clock_cases[i];
      g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
      g_autoptr(GPtrArray) facts = NULL;
      const IssOverviewFact *fact;

      for (guint j = 0; j < 3; j++)
        iss_server_set_answering (iss_pool_get_server (pool, j), j == 1 ? c->offset : 0, NULL,
                                  NULL);

      facts = iss_overview_fact_find (pool, ISS_SCENE_NOW, NULL);
      fact = find_fact (facts, "Clocks");
      g_assert_nonnull (fact);
      g_assert_cmpstr (fact->sentence, ==, c->sentence);
      g_assert_cmpint (fact->level, ==, c->level);
    }
}

typedef struct
{
  gint64            now;
  IssOverviewLevel  level;
  const char       *tail;
} AgeCase;

/* The certificate of the good scene ends on 14 July 2027, 00:00. */
static void
test_expiry (void)
{
  static const AgeCase age_cases[] =
  {
    { 1815523200 - 31 * 86400, ISS_OVERVIEW_GOOD,    "; expires 14 July 2027" },
    { 1815523200 - 9 * 86400,  ISS_OVERVIEW_WARNING, "; expires in 9 days, 14 July 2027" },
    { 1815523200 - 86400,      ISS_OVERVIEW_WARNING, "; expires in 1 day, 14 July 2027" },
    { 1815523200 + 1,          ISS_OVERVIEW_ERROR,   ": expired" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (age_cases); i++)
    {
      const AgeCase *c = &age_cases[i];
      g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
      g_autoptr(GPtrArray) facts = iss_overview_fact_find (pool, c->now, NULL);
      const IssOverviewFact *fact = find_fact (facts, "OAuthTokenIssuer");

      g_test_message ("%s", fact->sentence);
      g_assert_cmpint (fact->level, ==, c->level);
      g_assert_true (g_str_has_suffix (fact->sentence, c->tail));
    }
}

static void
test_many (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new_large (60);
  g_autoptr(GPtrArray) facts = iss_overview_fact_find (pool, ISS_SCENE_NOW, NULL);
  const IssOverviewFact *fact = find_fact (facts, "OAuthTokenIssuer");

  g_assert_cmpstr (fact->sentence, ==,
                   "agreed on " AUTH "; fe03, fe06, fe09, fe12 and 16 more do not have it");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overview-fact/scenes", test_scenes);
  g_test_add_func ("/overview-fact/clocks", test_clocks);
  g_test_add_func ("/overview-fact/expiry", test_expiry);
  g_test_add_func ("/overview-fact/many", test_many);

  return g_test_run ();
}
