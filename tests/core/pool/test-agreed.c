/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/agreed.h"

static void
test_settle (void)
{
  const IssAgreed first =
    {
      .sha256_hex = (char *) "a", .previous_sha256_hex = (char *) "z", .by = (char *) "alice",
      .at = 5, .next_sha256_hex = (char *) "b", .next_at = 100,
    };
  g_autoptr(IssAgreed) agreed = iss_agreed_copy (&first);

  g_assert_false (iss_agreed_settle (agreed, 99));
  g_assert_cmpstr (agreed->sha256_hex, ==, "a");
  g_assert_cmpstr (agreed->next_sha256_hex, ==, "b");

  g_assert_true (iss_agreed_settle (agreed, 100));
  g_assert_cmpstr (agreed->sha256_hex, ==, "b");
  g_assert_cmpstr (agreed->previous_sha256_hex, ==, "a");
  g_assert_cmpstr (agreed->by, ==, "alice");
  g_assert_cmpint (agreed->at, ==, 100);
  g_assert_null (agreed->next_sha256_hex);
  g_assert_false (iss_agreed_settle (agreed, 200));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agreed/settle", test_settle);

  return g_test_run ();
}
