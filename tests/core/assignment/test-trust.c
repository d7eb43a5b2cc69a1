/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/trust.h"

#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/certificate/openssl.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>
#include <string.h>

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

/* A certificate of our own with an issuer's name that is written otherwise than the issuer
 * writes it: RFC 5280 section 7.1 compares without regard to case and kind of string. */
static IssCertificate *
make_with_issuer (IssServerFolder *server,
                  const char      *issuer)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) like = iss_server_folder_make (server, "contoso.example", NULL, &key);
  g_autoptr(X509) x509 = X509_dup (iss_certificate_get_x509 (like));
  X509_NAME *name = X509_NAME_new ();
  g_autoptr(GBytes) der = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;
  guint8 *data = NULL;
  int size;

  g_assert_true (X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_UTF8, (const guint8 *) issuer,
                                             -1, -1, 0));
  g_assert_true (X509_set_issuer_name (x509, name));
  X509_NAME_free (name);
  g_assert_cmpint (X509_sign (x509, iss_private_key_get_pkey (server->issuing_key),
                              EVP_sha256 ()), >, 0);
  size = i2d_X509 (x509, &data);
  g_assert_cmpint (size, >, 0);
  der = g_bytes_new (data, (gsize) size);
  OPENSSL_free (data);
  certificate = iss_certificate_new_from_der (der, &error);
  g_assert_no_error (error);

  return certificate;
}

static void
test_trust_names_alike (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  const struct
  {
    const char     *issuer;
    IssChainStatus  status;
  } cases[] =
  {
    { "Contoso Issuing CA", ISS_CHAIN_STATUS_TRUSTED },
    { "CONTOSO  issuing ca", ISS_CHAIN_STATUS_TRUSTED },
    { "Contoso Issuing CB", ISS_CHAIN_STATUS_INCOMPLETE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssCertificate) leaf = make_with_issuer (server, cases[i].issuer);

      g_test_message ("%s", cases[i].issuer);
      g_assert_cmpint (get_status (server, leaf), ==, (int) cases[i].status);
    }
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

static guint
count_findings (IssServerFolder *server,
                IssCertificate  *certificate,
                const char      *code)
{
  g_autoptr(GPtrArray) findings = NULL;
  guint n = 0;

  findings = iss_trust_judge (server->root, iss_certificate_type_find ("OAuthTokenIssuer"),
                              iss_certificate_get_sha256_hex (certificate), "fe02", sip_domains,
                              NOW, NULL);
  for (guint i = 0; i < findings->len; i++)
    n += g_str_equal (((const IssFinding *) findings->pdata[i])->code, code) ? 1 : 0;

  return n;
}

static void
test_trust_token (void)
{
  g_autoptr(IssServerFolder) server = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (server, "a.contoso.example",
                                                           "contoso.example");
  GBytes *spki = iss_certificate_get_spki_sha256 (held);
  g_autofree char *key_path = dup_key_path (server, held);
  g_autofree char *uri_path = NULL;
  g_autoptr(GError) error = NULL;

  iss_key_file_remove (server->root, spki, &error);
  iss_key_uri_save (server->root, spki, "pkcs11:token=HSM;object=a;type=private", NOW, &error);
  g_assert_no_error (error);
  assert_judged (server, held, "");
  g_assert_cmpuint (count_findings (server, held, "key-not-proved"), ==, 0);

  iss_key_uri_save (server->root, spki, "pkcs11:token=HSM;object=a;type=private", 0, &error);
  g_assert_cmpuint (count_findings (server, held, "key-not-proved"), ==, 1);

  key_path[strlen (key_path) - strlen (".pem")] = '\0';
  uri_path = g_strconcat (key_path, ".uri", NULL);
  g_assert_true (g_file_set_contents (uri_path, "pkcs11:object=a", -1, NULL));
  assert_judged (server, held, "key-uri");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trust/chain", test_trust_chain);
  g_test_add_func ("/trust/stores", test_trust_stores);
  g_test_add_func ("/trust/names-alike", test_trust_names_alike);
  g_test_add_func ("/trust/judge", test_trust_judge);
  g_test_add_func ("/trust/judge/used", test_trust_judge_used);

  g_test_add_func ("/trust/token", test_trust_token);

  return g_test_run ();
}
