/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/server-folder.h"

#include "core/store/certificate-store.h"
#include "core/store/key-file.h"

static void
test_server_folder_hold (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) held = NULL;
  g_autoptr(IssCertificate) made = NULL;

  made = iss_server_folder_make (server, "sip.contoso.example", NULL, &key);
  g_assert_true (iss_private_key_matches (key, made));
  g_assert_false (iss_certificate_store_contains (server->root, ISS_STORE_MY,
                                                  iss_certificate_get_sha256_hex (made)));

  held = iss_server_folder_hold (server, "sip.contoso.example", NULL);
  g_assert_true (iss_certificate_store_contains (server->root, ISS_STORE_MY,
                                                 iss_certificate_get_sha256_hex (held)));
  g_assert_cmpint (iss_key_file_get_state (server->root, iss_certificate_get_spki_sha256 (held)),
                   ==, ISS_KEY_STATE_FILE);
  g_assert_cmpstr (iss_certificate_get_issued_by (held), ==, "Contoso Issuing CA");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-folder/hold", test_server_folder_hold);

  return g_test_run ();
}
