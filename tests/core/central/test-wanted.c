/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/wanted.h"

#include "core/base/error.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_round_trip (IssCentralFixture *fixture,
                 gconstpointer      unused)
{
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 3, NOW + 60);
  g_autoptr(IssWanted) copy = NULL;
  g_autoptr(IssWanted) read = NULL;
  g_autoptr(GPtrArray) administrators = g_ptr_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (administrators, fixture->alice);
  iss_wanted_set_server (wanted, "fe01.contoso.example", HEX);
  iss_wanted_set_server (wanted, "fe02.contoso.example", HEX);
  iss_wanted_set_server (wanted, "fe02.contoso.example", HEX);
  wanted->was_armed = TRUE;
  copy = iss_wanted_copy (wanted);
  bytes = iss_wanted_encode (copy);
  read = iss_wanted_decode (bytes, administrators, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_wanted_get_manifest (read)->revision, ==, 3);
  g_assert_cmpuint (read->servers->len, ==, 2);
  g_assert_cmpstr (iss_wanted_find_server (read, "fe02.contoso.example")->package_hex, ==, HEX);
  g_assert_null (iss_wanted_find_server (read, "fe03.contoso.example"));
  g_assert_nonnull (read->arming);
  iss_wanted_remove_server (read, "fe02.contoso.example");
  g_assert_null (iss_wanted_find_server (read, "fe02.contoso.example"));

  g_assert_true (read->was_armed);
  g_assert_false (iss_wanted_has_rolled (read, NOW + 61));
  read->armed_at = NOW;
  g_assert_false (iss_wanted_has_rolled (read, NOW + 59));
  g_assert_true (iss_wanted_has_rolled (read, NOW + 60));
}

static void
test_refused (IssCentralFixture *fixture,
              gconstpointer      unused)
{
  g_autoptr(IssWanted) wanted = iss_central_fixture_new_wanted (fixture, 3, NOW + 60);
  g_autoptr(IssWanted) bad_server = iss_wanted_copy (wanted);
  g_autoptr(IssWanted) other_arming = iss_wanted_copy (wanted);
  g_autoptr(IssWanted) later = iss_central_fixture_new_wanted (fixture, 4, NOW + 60);
  g_autoptr(GPtrArray) administrators = g_ptr_array_new ();
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(GBytes) good = iss_wanted_encode (wanted);
  g_autoptr(GBytes) torn = g_bytes_new_from_bytes (good, 0, g_bytes_get_size (good) - 1);
  g_autoptr(GBytes) misnamed = NULL;
  g_autoptr(GBytes) misarmed = NULL;

  g_ptr_array_add (administrators, fixture->alice);
  iss_wanted_set_server (bad_server, "-oProxyCommand", HEX);
  misnamed = iss_wanted_encode (bad_server);
  g_bytes_unref (other_arming->arming);
  other_arming->arming = g_bytes_ref (later->arming);
  misarmed = iss_wanted_encode (other_arming);

  {
    const struct
    {
      GBytes    *bytes;
      GPtrArray *administrators;
      IssError   code;
    } cases[] =
    {
      { good, nobody, ISS_ERROR_REFUSED },
      { torn, administrators, ISS_ERROR_MALFORMED },
      { misnamed, administrators, ISS_ERROR_MALFORMED },
      { misarmed, administrators, ISS_ERROR_REFUSED },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      {
        g_autoptr(GError) error = NULL;

        g_assert_null (iss_wanted_decode (cases[i].bytes, cases[i].administrators, &error));
        g_test_message ("%s", error->message);
        g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      }
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/wanted/round-trip", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_round_trip, iss_central_fixture_tear_down);
  g_test_add ("/wanted/refused", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_refused, iss_central_fixture_tear_down);

  return g_test_run ();
}
