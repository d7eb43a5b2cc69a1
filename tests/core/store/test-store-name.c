/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/store-name.h"

#include "core/base/error.h"

static void
test_store_name_round_trip (void)
{
  for (guint i = 0; i < ISS_N_STORES; i++)
    {
      const char *nick = iss_store_name_get_nick ((IssStoreName) i);
      g_autofree char *upper = g_ascii_strup (nick, -1);
      g_autoptr(GError) error = NULL;
      IssStoreName store = ISS_N_STORES;

      g_assert_true (iss_store_name_parse (nick, &store, &error));
      g_assert_no_error (error);
      g_assert_cmpint (store, ==, i);

      g_assert_true (iss_store_name_parse (upper, &store, &error));
      g_assert_cmpint (store, ==, i);

      g_assert_cmpstr (iss_store_name_get_label (store), !=, "");
      g_assert_cmpint (iss_store_name_is_read_only (store), ==, store == ISS_STORE_AUTHROOT);
    }
}

static void
test_store_name_bad (void)
{
  static const char *const names[] = { "", "mine", "my ", "../my", "root\n", "Personal" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;
      IssStoreName store = ISS_N_STORES;

      g_test_message ("“%s”", names[i]);
      g_assert_false (iss_store_name_parse (names[i], &store, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_null (strchr (error->message, '\n'));
      g_assert_cmpint (store, ==, ISS_N_STORES);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-name/round-trip", test_store_name_round_trip);
  g_test_add_func ("/store-name/bad", test_store_name_bad);

  return g_test_run ();
}
