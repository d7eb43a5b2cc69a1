/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-rival.h"

#include <string.h>

#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW

static void
test_text (IssCentralFixture *fixture,
           gconstpointer      unused)
{
  g_autoptr(IssWanted) won = iss_central_fixture_new_wanted (fixture, 3, NOW + 3600);
  g_autoptr(IssManifest) same = iss_manifest_copy (iss_wanted_get_manifest (won));
  g_autoptr(IssManifest) other = iss_manifest_new (ISS_CENTRAL_FIXTURE_POOL, "", fixture->type, 3);
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *of_same = NULL;
  g_autofree char *of_other = NULL;
  g_autofree char *of_later = NULL;

  of_same = iss_global_rival_dup_text (won, same, utc);
  g_assert_nonnull (strstr (of_same, "“alice” was faster, with revision 3 of OAuthTokenIssuer"));
  g_assert_nonnull (strstr (of_same, "it is the same as yours"));

  same->staged_at++;
  of_later = iss_global_rival_dup_text (won, same, utc);
  g_assert_nonnull (strstr (of_later, "would be “auth-2027.contoso.example” at"));
  g_assert_null (strstr (of_later, "“auth.contoso.example”"));

  iss_manifest_set_slot (other, ISS_SLOT_CURRENT, fixture->two, NULL);
  of_other = iss_global_rival_dup_text (won, other, utc);
  g_test_message ("%s", of_other);
  g_assert_nonnull (strstr (of_other, "is “auth.contoso.example”, and would be "
                                      "“auth-2027.contoso.example”; "));
  g_assert_nonnull (strstr (of_other, "30 June 2027, 01:00"));
  g_assert_nonnull (strstr (of_other, ", and would be none."));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/global-rival/text", IssCentralFixture, NULL, iss_central_fixture_set_up, test_text,
              iss_central_fixture_tear_down);

  return g_test_run ();
}
