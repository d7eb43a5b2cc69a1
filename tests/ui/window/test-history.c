/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/history.h"

static void
test_history_back_and_forward (void)
{
  g_autoptr(IssHistory) history = iss_history_new ();

  g_assert_false (iss_history_can_go (history, -1));
  g_assert_false (iss_history_can_go (history, 1));
  g_assert_null (iss_history_go (history, -1));

  iss_history_visit (history, "a");
  iss_history_visit (history, "b");
  iss_history_visit (history, "b");
  iss_history_visit (history, "c");
  g_assert_false (iss_history_can_go (history, 1));
  g_assert_cmpstr (iss_history_go (history, -1), ==, "b");
  g_assert_cmpstr (iss_history_go (history, -1), ==, "a");
  g_assert_null (iss_history_go (history, -1));
  g_assert_cmpstr (iss_history_go (history, 1), ==, "b");

  /* A new way forgets the old one. */
  iss_history_visit (history, "d");
  g_assert_false (iss_history_can_go (history, 1));
  g_assert_cmpstr (iss_history_go (history, -1), ==, "b");
  g_assert_cmpstr (iss_history_go (history, 1), ==, "d");

  iss_history_clear (history);
  g_assert_false (iss_history_can_go (history, -1));
}

static void
test_history_limit (void)
{
  g_autoptr(IssHistory) history = iss_history_new ();
  guint n = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u", i);

      iss_history_visit (history, path);
    }

  while (iss_history_can_go (history, -1))
    {
      iss_history_go (history, -1);
      n++;
    }

  g_assert_cmpuint (n, ==, 99);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history/back-and-forward", test_history_back_and_forward);
  g_test_add_func ("/history/limit", test_history_limit);

  return g_test_run ();
}
