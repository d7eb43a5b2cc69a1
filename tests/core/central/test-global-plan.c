/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-plan.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define HOUR 3600
#define DAY (24 * HOUR)
#define POOL ISS_CENTRAL_FIXTURE_POOL

static IssManifest *
plan (IssCentralFixture    *fixture,
      const IssWanted      *present,
      const IssTransition  *change,
      IssCertificate       *certificate,
      gboolean              force,
      GError              **error)
{
  return iss_global_plan_make (present, POOL, fixture->type, change, certificate, NULL, force,
                               error);
}

static void
expect (IssManifest    *manifest,
        guint64         revision,
        IssCertificate *current,
        IssCertificate *previous,
        IssCertificate *staged)
{
  IssCertificate *expected[] = { current, previous, staged };

  g_assert_cmpuint (manifest->revision, ==, revision);
  g_assert_cmpstr (manifest->server, ==, "");
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    g_assert_cmpstr (manifest->slot[i] != NULL ? iss_certificate_get_sha256_hex (manifest->slot[i])
                                               : NULL, ==,
                     expected[i] != NULL ? iss_certificate_get_sha256_hex (expected[i]) : NULL);
}

static void
test_first (IssCentralFixture *fixture,
            gconstpointer      unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .now = NOW };
  g_autoptr(GError) error = NULL;
  g_autoptr(IssManifest) manifest = plan (fixture, NULL, &set, fixture->one, FALSE, &error);

  g_assert_no_error (error);
  expect (manifest, 1, fixture->one, NULL, NULL);
  g_assert_cmpint (manifest->current_since, ==, NOW);

  g_assert_null (plan (fixture, NULL, &removal, NULL, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_stage (IssCentralFixture *fixture,
            gconstpointer      unused)
{
  const IssTransition stage =
    {
      .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + 2 * DAY, .held = TRUE,
      .typed = "in two days",
    };
  const IssTransition past = { .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW - 1 };
  const IssTransition cancel = { .kind = ISS_TRANSITION_CANCEL, .now = NOW };
  const IssTransition postpone =
    { .kind = ISS_TRANSITION_POSTPONE, .now = NOW, .instant = NOW + 3 * DAY };
  g_autoptr(IssWanted) present = iss_central_fixture_new_wanted (fixture, 4, 0);
  g_autoptr(IssWanted) staged = iss_central_fixture_new_wanted (fixture, 5, NOW + 2 * DAY);
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(IssManifest) cancelled = NULL;
  g_autoptr(IssManifest) postponed = NULL;
  g_autoptr(GError) error = NULL;

  manifest = plan (fixture, present, &stage, fixture->two, FALSE, &error);
  g_assert_no_error (error);
  expect (manifest, 5, fixture->one, NULL, fixture->two);
  g_assert_true (manifest->held);
  g_assert_cmpstr (manifest->staged_typed, ==, "in two days");

  g_assert_null (plan (fixture, present, &past, fixture->two, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);

  cancelled = plan (fixture, staged, &cancel, NULL, FALSE, &error);
  g_assert_no_error (error);
  expect (cancelled, 6, fixture->one, NULL, NULL);
  g_assert_false (cancelled->held);

  postponed = plan (fixture, staged, &postpone, NULL, TRUE, &error);
  g_assert_no_error (error);
  expect (postponed, 6, fixture->one, NULL, fixture->two);
  g_assert_true (postponed->held);
}

/* What was staged has become current meanwhile, unless it is still held. */
static void
test_after_roll (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  const IssTransition swap = { .kind = ISS_TRANSITION_SWAP_BACK, .now = NOW + HOUR };
  g_autoptr(IssWanted) present = iss_central_fixture_new_wanted (fixture, 5, NOW);
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plan (fixture, present, &swap, NULL, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  present->armed_at = NOW - HOUR;
  manifest = plan (fixture, present, &swap, NULL, TRUE, &error);
  g_assert_no_error (error);
  expect (manifest, 6, fixture->one, fixture->two, NULL);
}

static void
test_refused (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  const IssTransition set = { .kind = ISS_TRANSITION_SET, .now = NOW };
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .now = NOW };
  g_autoptr(IssWanted) present = iss_central_fixture_new_wanted (fixture, 4, 0);
  g_autoptr(IssManifest) forced = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plan (fixture, present, &set, fixture->one, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (plan (fixture, present, &removal, NULL, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_clear_error (&error);

  forced = plan (fixture, present, &removal, NULL, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (iss_manifest_is_empty (forced));
}

/* At once, without a previous one; by another, and only when that was confirmed. */
static void
test_compromised (IssCentralFixture *fixture,
                  gconstpointer      unused)
{
  IssTransition replace =
    {
      .kind = ISS_TRANSITION_REPLACE, .now = NOW,
      .compromised_hex = iss_certificate_get_sha256_hex (fixture->one),
    };
  g_autoptr(IssWanted) present = iss_central_fixture_new_wanted (fixture, 4, 0);
  g_autoptr(IssManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (plan (fixture, present, &replace, fixture->one, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_null (plan (fixture, present, &replace, fixture->two, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_clear_error (&error);

  manifest = plan (fixture, present, &replace, fixture->two, TRUE, &error);
  g_assert_no_error (error);
  expect (manifest, 5, fixture->two, NULL, NULL);

  /* It is so already, for who says it the other way round. */
  replace.compromised_hex = iss_certificate_get_sha256_hex (fixture->two);
  g_assert_null (plan (fixture, present, &replace, fixture->one, TRUE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
}

int
main (int   argc,
      char *argv[])
{
  const struct
  {
    const char *path;
    void (* func) (IssCentralFixture *fixture,
                   gconstpointer      unused);
  } tests[] =
  {
    { "/global-plan/first", test_first },
    { "/global-plan/stage", test_stage },
    { "/global-plan/after-roll", test_after_roll },
    { "/global-plan/refused", test_refused },
    { "/global-plan/compromised", test_compromised },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, IssCentralFixture, NULL, iss_central_fixture_set_up, tests[i].func,
                iss_central_fixture_tear_down);

  return g_test_run ();
}
