/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Also covers: assign-plan-gate, assign-plan-line. */

#include "ui/wizards/assign-plan.h"

#include "tests/lib/scene-pool.h"
#include "tests/ui/wizards/wizard-fixture.h"

#include <string.h>

static GPtrArray *
dup_servers (IssPool *pool,
             guint    n)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

static void
test_assign_plan_types (void)
{
  static const char *const types[] = { "Default", "OAuthTokenIssuer", NULL };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (fixture->workspace, fixture->pool);
  g_autoptr(GPtrArray) one = dup_servers (fixture->pool, 1);
  g_autofree char *none = iss_assign_plan_dup_types_text (plan);
  g_autofree char *text = NULL;
  g_autofree char *pool_wide = NULL;
  g_autofree char *left_out = NULL;

  g_assert_cmpstr (none, ==, "");
  g_assert_false (iss_assign_plan_is_pool_wide (plan));
  g_assert_cmpstr (iss_assign_plan_get_name (plan), ==, "");

  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_servers (plan, one);
  text = iss_assign_plan_dup_types_text (plan);
  pool_wide = iss_assign_plan_dup_pool_wide_text (plan);
  left_out = iss_assign_plan_dup_left_out (plan);
  g_assert_cmpstr (text, ==, "Server default and OAuthTokenIssuer");
  g_assert_cmpstr (pool_wide, ==, "OAuthTokenIssuer");
  g_assert_cmpstr (left_out, ==, "fe02 and fe03 keep what they have, and what is agreed stays.");
  g_assert_finalize_object (g_steal_pointer (&plan));
}

/* The same in both shells; where it is done is never left to be guessed. */
static void
test_assign_plan_lines (void)
{
  static const struct
  {
    const char *types;
    guint       n_servers;
    IssTransitionKind change;
    gboolean    force;
    const char *shell;     /* how it goes on after the topology */
    const char *cmdlets;
  } cases[] = {
    { "OAuthTokenIssuer", 3, ISS_TRANSITION_REMOVE_CURRENT, TRUE,
      "remove-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --force",
      "Remove-CsCertificate -Identity Global -Type OAuthTokenIssuer -Force" },
    { "OAuthTokenIssuer", 2, ISS_TRANSITION_REMOVE_PREVIOUS, FALSE,
      "remove-certificate --server fe01,fe02 --type OAuthTokenIssuer --previous",
      "Remove-CsCertificate -Type OAuthTokenIssuer -Previous   # on fe01 and fe02" },
    { "Default", 3, ISS_TRANSITION_REMOVE_CURRENT, TRUE,
      "remove-certificate --pool pool01.contoso.example --type Default --force",
      "Remove-CsCertificate -Type Default -Force   # on fe01, fe02 and fe03" },
    { "Default,OAuthTokenIssuer", 3, ISS_TRANSITION_REMOVE_CURRENT, FALSE,
      "remove-certificate --pool pool01.contoso.example --type Default,OAuthTokenIssuer",
      "Remove-CsCertificate -Identity Global -Type OAuthTokenIssuer\n"
      "Remove-CsCertificate -Type Default   # on fe01, fe02 and fe03" },
    { "OAuthTokenIssuer", 3, ISS_TRANSITION_CANCEL, FALSE,
      "remove-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --staged", "" },
    { "OAuthTokenIssuer", 1, ISS_TRANSITION_SWAP_BACK, TRUE,
      "set-certificate --server fe01 --type OAuthTokenIssuer --swap-back --force", "" },
    { "OAuthTokenIssuer", 3, ISS_TRANSITION_POSTPONE, FALSE,
      "set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --postpone "
      "2027-07-12T00:00Z", "" },
    { "OAuthTokenIssuer", 3, ISS_TRANSITION_ARM, FALSE,
      "set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --arm", "" },
    { "OAuthTokenIssuer", 3, ISS_TRANSITION_ARM, TRUE,
      "set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --arm "
      "--except fe01,fe02,fe03", "" },
  };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(IssEffectiveDate) date = iss_effective_date_new (1815350400, utc);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (fixture->workspace, fixture->pool);
      g_autoptr(GPtrArray) servers = dup_servers (fixture->pool, cases[i].n_servers);
      g_auto(GStrv) types = g_strsplit (cases[i].types, ",", -1);
      g_autofree char *shell = NULL;
      g_autofree char *cmdlets = NULL;

      iss_assign_plan_set_types (plan, (const char *const *) types);
      iss_assign_plan_set_servers (plan, servers);
      iss_assign_plan_set_change (plan, cases[i].change, "auth.contoso.example");
      iss_assign_plan_set_force (plan, cases[i].force);
      if (cases[i].change == ISS_TRANSITION_POSTPONE)
        iss_assign_plan_set_date (plan, date);
      g_assert_cmpint (iss_assign_plan_get_change (plan), ==, cases[i].change);
      shell = iss_assign_plan_dup_shell_line (plan);
      cmdlets = iss_assign_plan_dup_cmdlets (plan);
      g_test_message ("%s", shell);
      g_assert_true (g_str_has_prefix (shell, "issuantctl "));
      g_assert_true (g_str_has_suffix (shell, cases[i].shell));
      g_assert_cmpstr (cmdlets, ==, cases[i].cmdlets);
    }
}

/* A clock over a minute off is in the way of arming later, too; who stages was asked before. */
static void
test_assign_plan_clocks (void)
{
  static const char *const types[] = { "Default", NULL };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (fixture->workspace, fixture->pool);
  g_autofree char *good = NULL;
  g_autofree char *off = NULL;
  g_autofree char *staging = NULL;

  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_change (plan, ISS_TRANSITION_ARM, "auth.contoso.example");
  good = iss_assign_plan_dup_obstacle (plan);
  g_assert_null (good);

  iss_server_set_answering (iss_pool_get_server (fixture->pool, 1), 90, NULL, NULL);
  off = iss_assign_plan_dup_obstacle (plan);
  g_assert_nonnull (strstr (off, "The clocks are too far apart to roll at one instant: fe02 is "));

  iss_assign_plan_set_change (plan, ISS_TRANSITION_STAGE, "auth.contoso.example");
  staging = iss_assign_plan_dup_obstacle (plan);
  g_assert_null (staging);
}

/* Who is not ready is excepted by the tick beside Arm, and its clock is not judged; that of another
 * is, and passed by --force, as a shell would have it. */
static void
test_assign_plan_excepted (void)
{
  static const char *const types[] = { "OAuthTokenIssuer", NULL };
  static const IssSceneSlot slots[] =
  {
    { "OAuthTokenIssuer", ISS_SLOT_CURRENT, ISS_SCENE_AUTH, ISS_RUNG_PUBLISHED, 0 },
    { "OAuthTokenIssuer", ISS_SLOT_STAGED, ISS_SCENE_NEW_AUTH, ISS_RUNG_PUBLISHED,
      ISS_SCENE_NOW + 86400 },
  };
  g_autoptr(IssWizardFixture) fixture = iss_wizard_fixture_new ();
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(IssAssignPlan) plan = iss_assign_plan_new (fixture->workspace, pool);
  g_autoptr(GPtrArray) servers = dup_servers (pool, 3);
  g_autofree char *not_ready = NULL;
  g_autofree char *obstacle = NULL;
  g_autofree char *line = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(IssObservation) seen = iss_scene_pool_observe (ISS_SCENE_SEEN, slots, 2);

      iss_server_set_last_seen (servers->pdata[i], seen, ISS_SCENE_SEEN, 0);
      iss_server_set_answering (servers->pdata[i], 0, NULL, NULL);
    }
  iss_server_set_answering (servers->pdata[2], 90, NULL, NULL);
  iss_assign_plan_set_types (plan, types);
  iss_assign_plan_set_servers (plan, servers);
  iss_assign_plan_set_change (plan, ISS_TRANSITION_ARM, "auth.contoso.example");
  not_ready = iss_assign_plan_dup_obstacle (plan);
  g_assert_true (g_str_has_prefix (not_ready, "fe03 has nothing staged"));
  g_assert_null (strstr (not_ready, "clock"));

  iss_server_set_answering (servers->pdata[1], 90, NULL, NULL);
  iss_assign_plan_set_force (plan, TRUE);
  obstacle = iss_assign_plan_dup_obstacle (plan);
  line = iss_assign_plan_dup_shell_line (plan);
  g_assert_true (g_str_has_prefix (obstacle, "fe03 has nothing staged"));
  g_assert_nonnull (strstr (obstacle, "The clocks are too far apart to roll at one instant: fe02 "
                                      "is 1 min 30 s ahead. Set"));
  g_assert_true (g_str_has_suffix (line, "--arm --except fe03 --force"));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assign-plan/types", test_assign_plan_types);
  g_test_add_func ("/assign-plan/lines", test_assign_plan_lines);
  g_test_add_func ("/assign-plan/clocks", test_assign_plan_clocks);
  g_test_add_func ("/assign-plan/excepted", test_assign_plan_excepted);

  return g_test_run ();
}
