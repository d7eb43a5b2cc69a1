/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/delete-text.h"

#include <string.h>

static void
test_delete_text_stores (void)
{
  const struct
    {
      IssStoreName  store;
      const char   *one;
      const char   *several;
    } cases[] =
    {
      { ISS_STORE_MY, "sign or decrypt with this certificate", "with these certificates" },
      { ISS_STORE_ROOT, "this root certification authority", "these root certification" },
      { ISS_STORE_CA, "this certification authority may", "these certification authorities may" },
      { ISS_STORE_TRUSTEDPEOPLE, "this person or service", "these people or services" },
      { ISS_STORE_DISALLOWED, "it may be trusted again", "they may be trusted again" },
      { ISS_STORE_REQUEST, "when it arrives", "when they arrive" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *one = iss_delete_text_consequence (1, cases[i].store,
                                                          cases[i].store == ISS_STORE_MY, "fe01",
                                                          NULL);
      g_autofree char *several = iss_delete_text_consequence (2, cases[i].store,
                                                              cases[i].store == ISS_STORE_MY,
                                                              "fe01", NULL);

      g_test_message ("%s", iss_store_name_get_nick (cases[i].store));
      g_assert_nonnull (strstr (one, cases[i].one));
      g_assert_nonnull (strstr (several, cases[i].several));
      g_assert_nonnull (strstr (one, "trash of fe01"));
      g_assert_nonnull (strstr (one, "30 days"));
      g_assert_cmpint (strstr (one, "private key") != NULL, ==, cases[i].store == ISS_STORE_MY);
    }
}

static void
test_delete_text_words (void)
{
  g_autofree char *warned = iss_delete_text_consequence (1, ISS_STORE_MY, TRUE, "fe01", "Beware");
  g_autofree char *keyless = iss_delete_text_consequence (1, ISS_STORE_MY, FALSE, "fe01", NULL);
  g_autofree char *one = iss_delete_text_question ("a", 1, ISS_STORE_MY, "fe01");
  g_autofree char *several = iss_delete_text_question ("a", 2, ISS_STORE_MY, "fe01");
  g_autofree char *verb = iss_delete_text_verb (2);
  g_autofree char *done = iss_delete_text_done ("a", 1, ISS_STORE_MY, "fe01");
  g_autofree char *both = iss_delete_text_done ("a", 2, ISS_STORE_MY, "fe01");
  g_autofree char *undo = iss_delete_text_undo ("a", 1);
  g_autofree char *undo_both = iss_delete_text_undo ("a", 2);

  g_assert_true (g_str_has_prefix (keyless, "The server has this certificate without its private "
                                            "key.\n\nIt goes into the trash of fe01, and"));
  g_assert_true (g_str_has_prefix (warned, "Beware.\n\n"));
  g_assert_cmpstr (one, ==, "Delete “a” from Personal on fe01?");
  g_assert_cmpstr (several, ==, "Delete 2 certificates from Personal on fe01?");
  g_assert_cmpstr (verb, ==, "_Delete 2 Certificates");
  g_assert_cmpstr (done, ==, "a was deleted from Personal on fe01.");
  g_assert_cmpstr (both, ==, "2 certificates were deleted from Personal on fe01.");
  g_assert_cmpstr (undo, ==, "Undo Delete of a");
  g_assert_cmpstr (undo_both, ==, "Undo Delete of 2 Certificates");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/delete-text/stores", test_delete_text_stores);
  g_test_add_func ("/delete-text/words", test_delete_text_words);

  return g_test_run ();
}
