/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/trust.h"

#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>

#define NOW ISS_SERVER_FOLDER_NOW

static const char *const sip_domains[] = { "contoso.example", NULL };

static IssChainStatus
get_status (IssServerFolder *server,
            IssCertificate  *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssChain) chain = iss_trust_build_chain (server->root, certificate, NOW, &error);

  g_assert_no_error (error);

  return iss_chain_get_status (chain);
}

static void
move (IssServerFolder *server,
      IssCertificate  *certificate,
      IssStoreName     from,
      IssStoreName     to)
{
  g_autoptr(GError) error = NULL;

  iss_certificate_store_remove (server->root, from, iss_certificate_get_sha256_hex (certificate),
                                &error);
  g_assert_no_error (error);
  iss_certificate_store_add (server->root, to, certificate, NULL, &error);
  g_assert_no_error (error);
}

static void
test_trust_chain (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssCertificate) leaf = iss_server_folder_hold (server, "contoso.example", NULL);
  g_autoptr(IssChain) chain = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *links;

  chain = iss_trust_build_chain (server->root, leaf, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_chain_get_status (chain), ==, ISS_CHAIN_STATUS_TRUSTED);

  links = iss_chain_get_links (chain);
  g_assert_cmpuint (links->len, ==, 3);
  g_assert_cmpstr (iss_certificate_get_issued_to (g_ptr_array_index (links, 1)), ==,
                   "Contoso Issuing CA");
  g_assert_cmpstr (iss_certificate_get_issued_to (g_ptr_array_index (links, 2)), ==,
                   "Contoso Root");
}

/* Which store a certificate lies in decides. */
static void
test_trust_stores (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssCertificate) leaf = iss_server_folder_hold (server, "contoso.example", NULL);
  g_autofree char *pem = iss_certificate_dup_pem (server->authority);
  g_autofree char *bundle = NULL;
  g_autoptr(GError) error = NULL;

  /* A root that lies among the intermediates is known, not trusted. */
  move (server, server->authority, ISS_STORE_ROOT, ISS_STORE_CA);
  g_assert_cmpint (get_status (server, leaf), !=, ISS_CHAIN_STATUS_TRUSTED);

  /* But the system may trust it. */
  bundle = iss_temp_folder_write (server->folder, "bundle.crt", pem, -1);
  iss_root_folder_set_system_bundle (server->root, bundle);
  g_assert_cmpint (get_status (server, leaf), ==, ISS_CHAIN_STATUS_TRUSTED);

  /* Less what is in Untrusted. */
  iss_certificate_store_add (server->root, ISS_STORE_DISALLOWED, server->authority, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_status (server, leaf), ==, ISS_CHAIN_STATUS_DISTRUSTED);
  iss_certificate_store_remove (server->root, ISS_STORE_DISALLOWED,
                                iss_certificate_get_sha256_hex (server->authority), &error);
  g_assert_no_error (error);
  g_assert_cmpint (get_status (server, leaf), ==, ISS_CHAIN_STATUS_TRUSTED);

  /* What lies in Personal issues nothing. */
  move (server, server->issuing, ISS_STORE_CA, ISS_STORE_MY);
  g_assert_cmpint (get_status (server, leaf), ==, ISS_CHAIN_STATUS_INCOMPLETE);
}

/* The codes of the findings for OAuthTokenIssuer, joined. */
static char *
judge (IssServerFolder *server,
       const char      *sha256_hex)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  GString *codes = g_string_new (NULL);

  findings = iss_trust_judge (server->root, iss_certificate_type_find ("OAuthTokenIssuer"),
                              sha256_hex, "fe02", sip_domains, NOW, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < findings->len; i++)
    {
      const IssFinding *finding = g_ptr_array_index (findings, i);

      g_test_message ("%s: %s", finding->code, finding->text);
      if (finding->severity == ISS_FINDING_ERROR)
        g_string_append_printf (codes, "%s%s", codes->len > 0 ? " " : "", finding->code);
    }

  return g_string_free (codes, FALSE);
}

static void
assert_judged (IssServerFolder *server,
               IssCertificate  *certificate,
               const char      *expected)
{
  g_autofree char *found = judge (server, iss_certificate_get_sha256_hex (certificate));

  g_assert_cmpstr (found, ==, expected);
}

static char *
dup_key_path (IssServerFolder *server,
              IssCertificate  *certificate)
{
  GBytes *hash = iss_certificate_get_spki_sha256 (certificate);
  const guint8 *data = g_bytes_get_data (hash, NULL);
  g_autoptr(GString) name = g_string_new ("keys/");

  for (guint i = 0; i < 32; i++)
    g_string_append_printf (name, "%02x", data[i]);
  g_string_append (name, ".pem");

  return iss_temp_folder_dup_path (server->folder, name->str);
}

static void
test_trust_judge (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssCertificate) good = iss_server_folder_hold (server, "a.contoso.example",
                                                           "contoso.example");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) elsewhere = iss_server_folder_make (server, "b", NULL, &key);
  g_autofree char *key_path = dup_key_path (server, good);
  g_autofree char *pem = NULL;

  assert_judged (server, good, "");
  assert_judged (server, elsewhere, "not-here");

  /* A damaged key is one that does not match, not one that is not there. */
  g_assert_true (g_file_get_contents (key_path, &pem, NULL, NULL));
  g_assert_cmpint (g_unlink (key_path), ==, 0);
  assert_judged (server, good, "no-key");
  g_assert_true (g_file_set_contents (key_path, "nonsense", -1, NULL));
  assert_judged (server, good, "key-mismatch");
  g_assert_true (g_file_set_contents (key_path, pem, -1, NULL));
  assert_judged (server, good, "");

  move (server, server->authority, ISS_STORE_ROOT, ISS_STORE_CA);
  assert_judged (server, good, "untrusted");
}

/* No SIP domain in it, but it is in use for something else there. */
static void
test_trust_judge_used (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssCertificate) other = iss_server_folder_hold (server, "fe02.fabrikam.example", NULL);
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  assert_judged (server, other, "sip-domain");

  assignments = iss_assignments_load (server->root, &error);
  iss_assignments_set (assignments, iss_certificate_type_find ("OAuthTokenIssuer"),
                       iss_certificate_get_sha256_hex (other), NOW, NULL, &error);
  iss_assignments_save (assignments, server->root, &error);
  g_assert_no_error (error);
  assert_judged (server, other, "sip-domain");

  iss_assignments_set (assignments, iss_certificate_type_find ("Default"),
                       iss_certificate_get_sha256_hex (other), NOW, NULL, &error);
  iss_assignments_save (assignments, server->root, &error);
  g_assert_no_error (error);
  assert_judged (server, other, "");

  /* Without the truth of what is assigned nothing is judged. */
  path = iss_temp_folder_write (server->folder, "assignments.conf", "?", -1);
  g_assert_null (iss_trust_judge (server->root, iss_certificate_type_find ("Default"),
                                  iss_certificate_get_sha256_hex (other), "fe02", NULL, NOW,
                                  &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trust/chain", test_trust_chain);
  g_test_add_func ("/trust/stores", test_trust_stores);
  g_test_add_func ("/trust/judge", test_trust_judge);
  g_test_add_func ("/trust/judge/used", test_trust_judge_used);

  return g_test_run ();
}
