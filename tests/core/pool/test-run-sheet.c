/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: run-action, run-check, run-look. */
#include "core/pool/run-sheet.h"

#include <string.h>

#include "core/pool/pool-assign.h"
#include "core/pool/pool-import.h"
#include "core/pool/run-action.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/core/pool/pool-fixture.h"
#include "tests/lib/wait.h"

#define TYPE "OAuthTokenIssuer"
#define NOW ISS_POOL_FIXTURE_NOW
#define IN_USE TYPE "=A6"
#define STAGED TYPE "=A6,,B6@86400"
#define HELD STAGED " ^" TYPE

static IssRunSheet *
make_sheet (IssPool *pool)
{
  return iss_run_sheet_new (pool, iss_certificate_type_find (TYPE), NULL, NOW, NULL);
}

/* (nullable): server 0 is the pool */
static const IssRunCheck *
find_check (IssRunSheet *sheet,
            IssPool     *pool,
            guint        server,
            const char  *name)
{
  GPtrArray *checks = iss_run_sheet_get_checks (sheet);
  IssServer *wanted = server != 0 ? iss_pool_get_server (pool, server - 1) : NULL;

  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = checks->pdata[i];

      if (check->server == wanted && strcmp (check->name, name) == 0)
        return check;
    }

  return NULL;
}

static void
test_actions (void)
{
  static const struct
  {
    const char   *name;
    const char   *lines[4];
    IssRunAction  action;
    const char   *text;        /* what it begins with */
    const char   *line;        /* NULL: none */
    IssSlot       slot;
  } cases[] =
  {
    { "in use", { IN_USE, IN_USE }, ISS_RUN_ACTION_ROLL, "Nothing is staged",
      "issuantctl set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer "
      "--thumbprint … --roll --effective-date …", ISS_SLOT_CURRENT },
    { "held", { HELD, HELD }, ISS_RUN_ACTION_ARM, "Arm the roll",
      "issuantctl set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --arm",
      ISS_SLOT_STAGED },
    { "held on one", { STAGED, HELD }, ISS_RUN_ACTION_ARM, "Arm the roll",
      "issuantctl set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer --arm",
      ISS_SLOT_STAGED },
    { "armed", { STAGED, STAGED }, ISS_RUN_ACTION_NONE,
      "It is armed for 1 July 2027, 14:02 (UTC); whether something on fe01 and fe02 will run it "
      "was not looked at.", NULL,
      ISS_SLOT_STAGED },
    { "rolled", { TYPE "=B6@-60,A6", TYPE "=B6@-60,A6" }, ISS_RUN_ACTION_NONE,
      "Nothing is left to do now: ", NULL, ISS_SLOT_CURRENT },
    { "never seen", { "?", "?" }, ISS_RUN_ACTION_ROLL, "Nothing is staged",
      "issuantctl set-certificate --pool pool01.contoso.example --type OAuthTokenIssuer "
      "--thumbprint … --roll --effective-date …", ISS_SLOT_CURRENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 'A', 0);
      g_autoptr(IssRunSheet) sheet = make_sheet (pool);

      g_test_message ("%s: %s", cases[i].name, iss_run_sheet_get_action_text (sheet));
      g_assert_cmpint (iss_run_sheet_get_action (sheet), ==, cases[i].action);
      g_assert_true (g_str_has_prefix (iss_run_sheet_get_action_text (sheet), cases[i].text));
      g_assert_cmpstr (iss_run_sheet_get_shell_line (sheet), ==, cases[i].line);
      g_assert_cmpint (iss_run_sheet_get_slot (sheet), ==, cases[i].slot);
      g_assert_finalize_object (g_steal_pointer (&sheet));
    }
}

/* That nothing is left to do is said only when it is so. */
static void
test_armed (void)
{
  static const char *const lines[] = { STAGED, STAGED, NULL };
  static const struct
  {
    IssRunCheckState  states[2];
    const char       *other;        /* NULL: "clock" */
    IssRunCheckState  other_state;
    const char       *text;
  } cases[] =
  {
    { { ISS_RUN_CHECK_GO, ISS_RUN_CHECK_GO }, NULL, ISS_RUN_CHECK_WARNING,
      "Nothing is left to do: every server rolls by itself on 1 July 2027, 14:02 (UTC)." },
    { { ISS_RUN_CHECK_GO, ISS_RUN_CHECK_WARNING }, NULL, ISS_RUN_CHECK_WARNING,
      "Start issuant-agent.service on fe02: nothing there will run the roll on 1 July 2027, 14:02 "
      "(UTC)." },
    { { ISS_RUN_CHECK_WARNING, ISS_RUN_CHECK_UNKNOWN }, NULL, ISS_RUN_CHECK_WARNING,
      "Start issuant-agent.service on fe01: nothing there will run the roll on 1 July 2027, 14:02 "
      "(UTC)." },
    { { ISS_RUN_CHECK_UNKNOWN, ISS_RUN_CHECK_GO }, NULL, ISS_RUN_CHECK_WARNING,
      "It is armed for 1 July 2027, 14:02 (UTC); whether something on fe01 will run it was not "
      "looked at." },
    { { ISS_RUN_CHECK_GO, ISS_RUN_CHECK_GO }, "answers", ISS_RUN_CHECK_NO_GO,
      "Find out why there is no answer from fe02: whether anything there will run the roll on "
      "1 July 2027, 14:02 (UTC) is not known." },
    { { ISS_RUN_CHECK_GO, ISS_RUN_CHECK_GO }, "answers", ISS_RUN_CHECK_UNKNOWN,
      "It is armed for 1 July 2027, 14:02 (UTC); whether something on fe02 will run it was not "
      "looked at." },
    { { ISS_RUN_CHECK_GO, ISS_RUN_CHECK_WARNING }, "staged", ISS_RUN_CHECK_NO_GO,
      "Mend what is said above of fe02 before 1 July 2027, 14:02 (UTC): that is not ready for the "
      "roll." },
  };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(IssPoolRoll) roll = NULL;

  g_ptr_array_add (servers, iss_pool_get_server (pool, 0));
  g_ptr_array_add (servers, iss_pool_get_server (pool, 1));
  roll = iss_pool_roll_find (servers, TYPE, NOW);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssRunCheck checks[] =
        {
          { .name = "scheduler", .server = servers->pdata[0], .state = cases[i].states[0] },
          { .name = "scheduler", .server = servers->pdata[1], .state = cases[i].states[1] },
          { .name = cases[i].other != NULL ? cases[i].other : "clock",
            .server = servers->pdata[1], .state = cases[i].other_state },
        };
      g_autoptr(GPtrArray) all = g_ptr_array_new ();
      g_autofree char *text = NULL;

      for (guint k = 0; k < G_N_ELEMENTS (checks); k++)
        g_ptr_array_add (all, &checks[k]);
      text = iss_run_action_dup_armed (all, roll, NULL);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_checks (void)
{
  static const struct
  {
    const char       *name;
    const char       *lines[4];
    guint             server;
    const char       *check;
    IssRunCheckState  state;
    const char       *text;       /* contained */
    const char       *remedy;     /* contained; NULL: none */
  } cases[] =
  {
    { "agreed", { IN_USE, IN_USE }, 0, "agreed", ISS_RUN_CHECK_GO, "the same", NULL },
    { "differs", { IN_USE, TYPE "=C6" }, 0, "agreed", ISS_RUN_CHECK_WARNING, "not the same",
      "issuantctl get-presence" },
    { "never seen", { "?", "?" }, 0, "agreed", ISS_RUN_CHECK_UNKNOWN, "", NULL },
    { "never seen", { "?", "?" }, 1, "answers", ISS_RUN_CHECK_UNKNOWN, "not looked at", NULL },
    { "silent", { HELD, "!" HELD }, 2, "answers", ISS_RUN_CHECK_NO_GO, "does not answer", NULL },
    { "staged", { HELD, HELD }, 1, "staged", ISS_RUN_CHECK_GO, "staged and published, held",
      NULL },
    { "not published", { HELD, TYPE "=A6,,B4@86400 ^" TYPE }, 2, "staged", ISS_RUN_CHECK_NO_GO,
      "held: not armed; has not published the staged key yet", "Look again" },
    { "nothing staged", { HELD, IN_USE }, 2, "staged", ISS_RUN_CHECK_NO_GO, "has nothing staged",
      "issuantctl set-certificate --server fe02 --type OAuthTokenIssuer --thumbprint " },
    { "no scheduler asked", { HELD, HELD }, 1, "scheduler", ISS_RUN_CHECK_UNKNOWN, "not known",
      "Look again" },
    { "no proof asked", { HELD, HELD }, 1, "key", ISS_RUN_CHECK_UNKNOWN, "not proved yet",
      "issuantctl test-proof" },
    { "not published now", { TYPE "=A3", IN_USE }, 1, "published", ISS_RUN_CHECK_NO_GO,
      "not published", "Look again" },
    { "uses nothing", { IN_USE, "Default=S6" }, 2, "published", ISS_RUN_CHECK_NO_GO,
      "uses nothing", "Assign" },
    { "instant", { HELD, HELD }, 0, "instant", ISS_RUN_CHECK_GO, "rolls on 1 July 2027", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (cases[i].lines, 'A', 0);
      g_autoptr(IssRunSheet) sheet = make_sheet (pool);
      const IssRunCheck *check = find_check (sheet, pool, cases[i].server, cases[i].check);

      g_test_message ("%s: %s", cases[i].name, check != NULL ? check->text : "none");
      g_assert_nonnull (check);
      g_assert_cmpint (check->state, ==, cases[i].state);
      g_assert_nonnull (strstr (check->text, cases[i].text));
      if (cases[i].remedy != NULL)
        g_assert_nonnull (strstr (check->remedy, cases[i].remedy));
      g_assert_cmpint (iss_run_sheet_get_state (sheet), >=, check->state);
      g_assert_cmpint (iss_run_check_worst_of (iss_run_sheet_get_checks (sheet), check->server),
                       >=, check->state);
    }
}

/* What is current cannot be staged: what the pool agrees on is to be put back first, if it is
 * another one. */
static void
test_rolled_alone (void)
{
  static const char *const lines[] = { HELD, TYPE "=B6,A6", NULL };
  static const char agreed[] = { 'A', 'B' };

  for (gsize i = 0; i < G_N_ELEMENTS (agreed); i++)
    {
      g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, agreed[i], 0);
      g_autoptr(IssRunSheet) sheet = make_sheet (pool);
      const IssRunCheck *check = find_check (sheet, pool, 2, "staged");
      g_autofree char *line =
        g_strdup_printf ("issuantctl set-certificate --server fe02 --type " TYPE " --thumbprint %s",
                         iss_pool_get_agreed (pool, TYPE)->sha256_hex);

      g_assert_cmpint (check->state, ==, ISS_RUN_CHECK_NO_GO);
      g_assert_cmpstr (check->text, ==,
                       "uses the staged certificate already: it did not wait for the roll");
      g_assert_cmpstr (check->remedy, ==, agreed[i] == 'A' ? line : NULL);
    }
}

/* What one server was asked, as a fixture. */
static IssRunLook *
make_look (IssServer *server,
           gint64     resident_since)
{
  IssRunLook *look = g_new0 (IssRunLook, 1);
  IssServerProof *proof = g_new0 (IssServerProof, 1);

  look->server = g_object_ref (server);
  look->at = NOW;
  look->tasks = g_new0 (IssAgentTasks, 1);
  look->tasks->waiting = g_ptr_array_new ();
  look->tasks->over = g_ptr_array_new ();
  look->tasks->resident_since = resident_since;
  look->findings = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_finding_free);
  look->proofs = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_server_proof_free);
  proof->type = g_strdup (TYPE);
  proof->sha256 = g_bytes_new_static ("", 0);
  g_ptr_array_add (look->proofs, proof);

  return look;
}

static void
test_ready (void)
{
  static const char *const lines[] = { HELD, HELD, NULL };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(GPtrArray) looks = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_run_look_free);
  const IssCertificateType *type = iss_certificate_type_find (TYPE);
  g_autoptr(IssRunSheet) unknown = make_sheet (pool);
  g_autoptr(IssRunSheet) ready = NULL;
  g_autoptr(IssRunSheet) warned = NULL;
  g_autoptr(IssRunSheet) refused = NULL;
  g_autofree char *line = NULL;
  g_autofree char *bad = NULL;
  IssRunLook *second;

  g_assert_false (iss_run_sheet_may_do (unknown));
  g_assert_true (g_str_has_prefix (iss_run_sheet_get_verdict (unknown), "Not known yet: 6 of "));

  for (guint i = 0; i < 2; i++)
    {
      iss_server_set_answering (iss_pool_get_server (pool, i), i == 0 ? -0.01 : 0.12, "1", NULL);
      g_ptr_array_add (looks, make_look (iss_pool_get_server (pool, i), NOW - 3600));
    }
  second = looks->pdata[1];

  ready = iss_run_sheet_new (pool, type, looks, NOW, NULL);
  g_assert_cmpstr (iss_run_sheet_get_verdict (ready), ==, "Ready.");
  g_assert_true (iss_run_sheet_may_do (ready));
  line = iss_run_sheet_dup_checks_of (ready, iss_pool_get_server (pool, 0));
  g_assert_cmpstr (line, ==, "● fe01: answers, staged and published, held, clock +0.0 s, rolls by "
                             "itself, suits its use, 1 key proved");

  second->tasks->resident_since = 0;
  warned = iss_run_sheet_new (pool, type, looks, NOW, NULL);
  g_assert_cmpstr (iss_run_sheet_get_verdict (warned), ==, "Ready, with 1 warning.");
  g_assert_true (iss_run_sheet_may_do (warned));

  /* A clock that is too far off, a certificate that does not suit, a key that is not there. */
  iss_server_set_answering (iss_pool_get_server (pool, 1), -75, "1", NULL);
  g_ptr_array_add (second->findings, iss_finding_new (ISS_FINDING_WARNING, "weak", "It is weak"));
  g_ptr_array_add (second->findings, iss_finding_new (ISS_FINDING_ERROR, "no-key", "No key"));
  ((IssServerProof *) second->proofs->pdata[0])->failure = g_strdup ("no");
  refused = iss_run_sheet_new (pool, type, looks, NOW, NULL);
  g_assert_true (g_str_has_prefix (iss_run_sheet_get_verdict (refused), "Not ready: 3 of "));
  g_assert_false (iss_run_sheet_may_do (refused));
  bad = iss_run_sheet_dup_checks_of (refused, iss_pool_get_server (pool, 1));
  g_assert_cmpstr (bad, ==, "✕ fe02: its clock is 1 min 15 s behind, No key, the current key is "
                            "not proved: no, nothing there will run the roll at its instant, "
                            "answers, staged and published, held");
}

static void
test_text (void)
{
  static const char *const lines[] = { HELD, "!" HELD, NULL };
  static const char *const parts[] =
    { "\n\nReady? Not ready: 1 of ", "  ✕ fe02: does not answer (seen 13:41)", "\nDo: Arm the roll",
      "\n  issuantctl set-certificate ", "\nProve: how far the staged certificate has come",
      "\n  fe01: published; ", "\nWay back: Until the roll it can be cancelled. " };
  g_autoptr(IssPool) pool = iss_pool_fixture_new (lines, 'A', 0);
  g_autoptr(IssRunSheet) sheet = make_sheet (pool);
  g_autofree char *text = iss_run_sheet_dup_text (sheet, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_test_message ("%s in %s", parts[i], text);
      g_assert_nonnull (strstr (text, parts[i]));
    }
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static GPtrArray *
look (IssAgentsFixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *looks;

  iss_run_look_async (fixture->pool, TYPE, NULL, keep_result_cb, &result);
  iss_wait_until (result != NULL);
  looks = iss_run_look_finish (fixture->pool, result, &error);
  g_assert_no_error (error);

  return looks;
}

/* Two servers with agents, and one that is dead. */
static void
test_look (IssAgentsFixture *fixture,
           gconstpointer     unused)
{
  const IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL };
  const char *const types[] = { TYPE, NULL };
  g_autoptr(IssJob) import = iss_pool_import_new (fixture->servers, fixture->pfx,
                                                  fixture->password, &options);
  g_autoptr(IssJob) assign = NULL;
  g_autoptr(GPtrArray) looks = NULL;
  const IssRunLook *first, *dead;
  const IssServerProof *proof;

  iss_agents_fixture_run (import);
  assign = iss_pool_assign_new (fixture->pool, fixture->servers, types,
                                iss_certificate_get_sha256 (fixture->certificate), TRUE, FALSE);
  iss_agents_fixture_run (assign);
  iss_agents_fixture_add_dead (fixture, "fe03.contoso.example");

  looks = look (fixture);
  g_assert_cmpuint (looks->len, ==, 3);
  first = looks->pdata[0];
  g_assert_cmpint (first->at, !=, 0);
  g_assert_nonnull (first->tasks);
  g_assert_nonnull (first->findings);
  g_assert_cmpuint (first->audit->n_faults, ==, 0);
  g_assert_cmpuint (first->audit->last_n, ==, first->entries->len);
  g_assert_cmpuint (first->proofs->len, ==, 1);
  proof = first->proofs->pdata[0];
  g_assert_null (proof->failure);
  g_assert_nonnull (proof->server_id);
  g_assert_true (iss_proof_verify (proof->answer, proof->server_id, proof->type, proof->sha256,
                                   proof->nonce, 0, G_MAXINT64, NULL));

  dead = looks->pdata[2];
  g_assert_null (dead->proofs);
  g_assert_null (dead->entries);
}

static void
test_look_cancelled (IssAgentsFixture *fixture,
                     gconstpointer     unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  iss_run_look_async (fixture->pool, TYPE, cancellable, keep_result_cb, &result);
  g_cancellable_cancel (cancellable);
  iss_wait_until (result != NULL);
  g_assert_null (iss_run_look_finish (fixture->pool, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/run-sheet/actions", test_actions);
  g_test_add_func ("/run-sheet/armed", test_armed);
  g_test_add_func ("/run-sheet/checks", test_checks);
  g_test_add_func ("/run-sheet/rolled-alone", test_rolled_alone);
  g_test_add_func ("/run-sheet/ready", test_ready);
  g_test_add_func ("/run-sheet/text", test_text);
  g_test_add ("/run-sheet/look", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_look, iss_agents_fixture_tear_down);
  g_test_add ("/run-sheet/look-cancelled", IssAgentsFixture, GUINT_TO_POINTER (2),
              iss_agents_fixture_set_up, test_look_cancelled, iss_agents_fixture_tear_down);

  return g_test_run ();
}
