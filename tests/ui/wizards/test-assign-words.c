/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-words.h"

#include <gtk/gtk.h>
#include <string.h>

#include "tests/lib/scene-pool.h"

/* Each change has its own words, and all of them. */
static void
test_words (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < ISS_N_TRANSITIONS; i++)
    {
      const IssTransitionKind change = (IssTransitionKind) i;
      g_autofree char *confirmation = iss_assign_words_dup_confirmation (change, "it stops");
      g_autofree char *running = iss_assign_words_dup_running (change, "auth", "Default");
      g_autofree char *done = iss_assign_words_dup_done (change, 2, 3);

      /* A roll is made by servers; the two removals are called the same. */
      if (change == ISS_TRANSITION_ROLL || change == ISS_TRANSITION_REMOVE_PREVIOUS)
        continue;

      g_test_message ("%s: %s", iss_transition_get_name (change), running);
      g_assert_true (g_hash_table_add (seen, g_strdup (iss_assign_words_get_title (change))));
      g_assert_true (g_hash_table_add (seen, g_strdup (iss_assign_words_get_button (change))));
      g_assert_true (g_hash_table_add (seen, g_strdup (iss_assign_words_get_failed (change))));
      g_assert_true (g_hash_table_add (seen, g_strdup (running)));
      g_assert_true (g_hash_table_add (seen, g_strdup (done)));
      g_assert_nonnull (strchr (iss_assign_words_get_button (change), '_'));
      g_assert_nonnull (strstr (confirmation, "it stops"));
      g_assert_nonnull (strstr (running, "auth"));
      g_assert_nonnull (strstr (running, "Default"));
      g_assert_nonnull (strstr (done, "2 of 3 servers"));
    }
}

/* Where a service is there at the instant, and where none is. */
static void
test_armed (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(GPtrArray) unattended = g_ptr_array_new ();
  g_autofree char *warning = NULL;
  g_autofree char *text = iss_assign_words_dup_armed (2, 3, "12 July 2027, 00:00", unattended);

  g_assert_cmpstr (text, ==, "Armed on 2 of 3 servers: they roll by themselves on 12 July 2027, "
                             "00:00.");

  g_ptr_array_add (unattended, iss_pool_get_server (pool, 1));
  warning = iss_assign_words_dup_armed (2, 3, "12 July 2027, 00:00", unattended);
  g_assert_cmpstr (warning, ==, "Armed on 2 of 3 servers for 12 July 2027, 00:00, but nothing will "
                                "roll it then on fe02: start issuant-agent.service there.");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assign-words/words", test_words);
  g_test_add_func ("/assign-words/armed", test_armed);

  return g_test_run ();
}
