/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agent's half: core/agent/observation-make.c. */
#include "core/agent/observation.h"

#include "core/store/properties.h"
#include "tests/lib/server-folder.h"

/* What an agent makes of a folder comes out at the other end as it went in. */
static void
test_observation_make_asked (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) absent = iss_server_folder_make (folder, "two", "contoso.example",
                                                             &key);
  g_autoptr(GPtrArray) asked = g_ptr_array_new ();
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssObservation) made = NULL;
  g_autoptr(IssObservation) read = NULL;
  const IssObservedCertificate *seen;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (asked, iss_certificate_get_sha256 (held));
  g_ptr_array_add (asked, iss_certificate_get_sha256 (absent));
  made = iss_observation_make (folder->root, asked, ISS_SERVER_FOLDER_NOW, &error);
  g_assert_no_error (error);
  g_assert_null (iss_observation_get_reconcile_error (made));
  iss_observation_set_reconcile_error (made, "The disk is full");

  variant = g_variant_ref_sink (iss_observation_to_variant (made));
  read = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_observation_get_time (read), ==, ISS_SERVER_FOLDER_NOW);
  g_assert_true (iss_observation_is_unattended (read));
  g_assert_cmpstr (iss_observation_get_reconcile_error (read), ==, "The disk is full");
  g_assert_cmpuint (iss_observation_get_n_types (read), ==, 0);
  g_assert_null (iss_observation_find_type (read, "OAuthTokenIssuer"));
  g_assert_cmpuint (iss_observation_get_n_certificates (read), ==, 2);

  seen = iss_observation_find_certificate (read, g_bytes_get_data (asked->pdata[0], NULL));
  g_assert_cmpstr (seen->issued_to, ==, "one");
  g_assert_cmpint (seen->rung, >, ISS_RUNG_NONE);
  seen = iss_observation_find_certificate (read, g_bytes_get_data (asked->pdata[1], NULL));
  g_assert_cmpstr (seen->issued_to, ==, "");
  g_assert_cmpint (seen->rung, ==, ISS_RUNG_NONE);
  g_assert_finalize_object (g_steal_pointer (&read));
  g_assert_finalize_object (g_steal_pointer (&made));
}

/* Whose intent is known is looked at unasked; others are not. */
static void
test_observation_make_unasked (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) meant = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) other = iss_server_folder_hold (folder, "two", "contoso.example");
  g_auto(IssProperties) properties = { NULL };
  const char *hex = iss_certificate_get_sha256_hex (meant);
  g_autoptr(IssObservation) made = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_properties_load (&properties, folder->root, hex, &error));
  properties.intent = ISS_INTENT_POOL;
  g_assert_true (iss_properties_save (&properties, folder->root, hex, &error));
  g_assert_no_error (error);

  made = iss_observation_make (folder->root, NULL, ISS_SERVER_FOLDER_NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_observation_get_n_certificates (made), ==, 1);
  g_assert_cmpstr (iss_observation_get_certificate (made, 0)->issued_to, ==, "one");
  g_assert_cmpint (iss_observation_get_certificate (made, 0)->intent, ==, ISS_INTENT_POOL);
  g_assert_cmpint (iss_observation_get_certificate (made, 0)->key_state, ==, ISS_KEY_STATE_FILE);
  g_assert_null (iss_observation_find_certificate (
    made, g_bytes_get_data (iss_certificate_get_sha256 (other), NULL)));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/observation-make/asked", test_observation_make_asked);
  g_test_add_func ("/observation-make/unasked", test_observation_make_unasked);

  return g_test_run ();
}
