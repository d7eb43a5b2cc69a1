/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-path.h"

#include <string.h>

#include "core/agent/agent-wire.h"
#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/server-folder.h"

/* As the console asks and reads the answer, but without a wire. */
static IssAgentPath *
build (IssServerFolder  *folder,
       const char       *store,
       IssCertificate   *certificate,
       gint64            now,
       GError          **error)
{
  const IssAgentContext context = { folder->root, "tester", now, NULL, NULL, NULL };
  g_autoptr(IssAgentCall) call =
    iss_agent_path_new_call (store, iss_certificate_get_sha256 (certificate));
  g_autoptr(GVariant) answer = NULL;

  g_assert_cmpstr (iss_agent_call_get_method (call), ==, "BuildPath");
  answer = iss_agent_path_run (&context, iss_agent_call_get_parameters (call), NULL, error);
  if (answer == NULL)
    return NULL;

  g_variant_ref_sink (answer);
  return iss_agent_call_read (call, answer, error);
}

static void
assert_sentence (IssAgentPath *path,
                 guint         index,
                 const char   *expected)
{
  g_autofree char *sentence = iss_agent_path_dup_sentence (path, index, "fe01", NULL);

  g_assert_cmpstr (sentence, ==, expected);
}

static void
test_trusted (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  const char *const stores[] = { "", "my" };

  for (gsize i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      g_autoptr(GError) error = NULL;
      IssAgentPath *path = build (folder, stores[i], held, ISS_SERVER_FOLDER_NOW, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (iss_agent_path_get_n_links (path), ==, 3);
      g_assert_true (iss_agent_path_is_good (path));
      g_assert_false (iss_agent_path_is_cut (path));
      g_assert_cmpint (iss_agent_path_get_time (path), ==, ISS_SERVER_FOLDER_NOW);
      for (guint j = 0; j < 3; j++)
        assert_sentence (path, j, "This certificate is OK.");
      g_assert_cmpstr (iss_certificate_get_issued_to (iss_agent_path_get_certificate (path, 2)),
                       ==, "Contoso Root");

      g_assert_finalize_object (path);
    }
}

/* By the server's clock, and with what is in its stores. */
static void
test_faults (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  const char *root = iss_certificate_get_sha256_hex (folder->authority);
  const gint64 late = ISS_SERVER_FOLDER_NOW + 100LL * ISS_SERVER_FOLDER_YEAR;
  g_autoptr(IssAgentPath) expired = NULL;
  g_autoptr(IssAgentPath) distrusted = NULL;
  g_autoptr(IssAgentPath) incomplete = NULL;
  g_autoptr(GError) error = NULL;

  expired = build (folder, "my", held, late, &error);
  g_assert_no_error (error);
  g_assert_false (iss_agent_path_is_good (expired));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (iss_agent_path_get_status (expired, i), ==, ISS_CHAIN_STATUS_EXPIRED);

  iss_certificate_store_add (folder->root, ISS_STORE_DISALLOWED, folder->issuing, NULL, &error);
  g_assert_no_error (error);
  distrusted = build (folder, "my", held, ISS_SERVER_FOLDER_NOW, &error);
  g_assert_no_error (error);
  assert_sentence (distrusted, 0, "This certificate is OK.");
  assert_sentence (distrusted, 1, "This certificate is in Untrusted Certificates on fe01.");

  iss_certificate_store_remove (folder->root, ISS_STORE_ROOT, root, &error);
  g_assert_no_error (error);
  incomplete = build (folder, "my", held, ISS_SERVER_FOLDER_NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_agent_path_get_n_links (incomplete), ==, 2);
  g_assert_cmpint (iss_agent_path_get_status (incomplete, 1), ==, ISS_CHAIN_STATUS_DISTRUSTED);
}

static void
test_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) stranger = iss_server_folder_make (folder, "stranger", NULL, NULL);
  const IssAgentContext context = { folder->root, "tester", ISS_SERVER_FOLDER_NOW, NULL, NULL,
                                    NULL };
  static const struct { const char *store; int code; } cases[] =
    {
      { "", ISS_ERROR_NOT_FOUND },
      { "root", ISS_ERROR_NOT_FOUND },
      { "no such store", ISS_ERROR_INVALID_ARGUMENT },
    };
  g_autoptr(GVariant) parameters =
    g_variant_ref_sink (g_variant_new_parsed ("('', [byte 1, 2], @a{sv} {})"));
  g_autoptr(GError) short_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (build (folder, cases[i].store, stranger, ISS_SERVER_FOLDER_NOW, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
    }

  g_assert_null (iss_agent_path_run (&context, parameters, NULL, &short_error));
  g_assert_error (short_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
}

static GVariant *
new_reply (GBytes     *der,
           guint       n,
           guint32     status,
           const char *reason)
{
  GVariantBuilder links;

  g_variant_builder_init (&links, G_VARIANT_TYPE ("a(ayus)"));
  for (guint i = 0; i < n; i++)
    g_variant_builder_add (&links, "(@ayus)", iss_agent_wire_new_bytes (der), status, reason);

  return g_variant_ref_sink (g_variant_new ("(@a(ayus)a{sv})", g_variant_builder_end (&links),
                                            NULL));
}

/* What comes from a server is not trusted. */
static void
test_hostile (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(GBytes) garbage = g_bytes_new_static ("garbage", 7);
  g_autoptr(IssAgentCall) call =
    iss_agent_path_new_call ("", iss_certificate_get_sha256 (folder->authority));
  GBytes *good = iss_certificate_get_der (folder->authority);
  const struct { GBytes *der; guint n; int code; } cases[] =
    {
      { good, 0, ISS_ERROR_PROTOCOL },
      { good, 11, ISS_ERROR_PROTOCOL },
      { garbage, 1, ISS_ERROR_MALFORMED },
      { iss_certificate_get_der (folder->issuing), 1, ISS_ERROR_PROTOCOL },
    };
  g_autoptr(GVariant) odd = new_reply (good, 1, 99, "bad\u202e");
  g_autoptr(IssAgentPath) path = NULL;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) reply = new_reply (cases[i].der, cases[i].n, 0, "");
      g_autoptr(GError) refused = NULL;

      g_assert_null (iss_agent_call_read (call, reply, &refused));
      g_assert_error (refused, ISS_ERROR, cases[i].code);
    }

  path = iss_agent_call_read (call, odd, &error);
  g_assert_no_error (error);
  g_assert_cmpint (iss_agent_path_get_status (path, 0), ==, ISS_CHAIN_STATUS_OTHER);
  assert_sentence (path, 0, "This certificate cannot be used in this path: bad\ufffd.");
}

/* Every status has a sentence, and those who need them name server, issuer and date. */
static void
test_sentences (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssAgentCall) call =
    iss_agent_path_new_call ("", iss_certificate_get_sha256 (folder->issuing));
  static const struct { IssChainStatus status; const char *part; } cases[] =
    {
      { ISS_CHAIN_STATUS_TRUSTED, "is OK." },
      { ISS_CHAIN_STATUS_UNTRUSTED_ROOT, "This CA Root certificate is not trusted because it is "
        "not in Trusted Root Certification Authorities on fe01." },
      { ISS_CHAIN_STATUS_INCOMPLETE, "“Contoso Root”, could not be found on fe01" },
      { ISS_CHAIN_STATUS_EXPIRED, "has expired: it was valid until " },
      { ISS_CHAIN_STATUS_NOT_YET_VALID, "it begins on " },
      { ISS_CHAIN_STATUS_DISTRUSTED, "in Untrusted Certificates on fe01." },
      { ISS_CHAIN_STATUS_BAD_SIGNATURE, "it is not one of “Contoso Root”." },
      { ISS_CHAIN_STATUS_MAY_NOT_ISSUE, "not allowed to issue" },
      { ISS_CHAIN_STATUS_OTHER, "cannot be used in this path." },
    };

  G_STATIC_ASSERT (G_N_ELEMENTS (cases) == ISS_CHAIN_N_STATUSES);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) reply = new_reply (iss_certificate_get_der (folder->issuing), 1,
                                             cases[i].status, "");
      g_autoptr(IssAgentPath) path = iss_agent_call_read (call, reply, NULL);
      g_autofree char *sentence = iss_agent_path_dup_sentence (path, 0, "fe01", NULL);

      g_assert_cmpint (iss_agent_path_get_status (path, 0), ==, cases[i].status);
      g_assert_nonnull (strstr (sentence, cases[i].part));
      g_assert_true (g_str_has_suffix (sentence, "."));
    }
}

/* Through the agent itself. */
static void
test_wire (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", &certificate);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(IssAgentPath) path = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);

  call = iss_agent_path_new_call ("my", iss_certificate_get_sha256 (certificate));
  g_clear_object (&fixture.result);
  iss_agent_client_call_async (fixture.client, call, NULL, iss_agent_fixture_result_cb,
                               &fixture);
  path = iss_agent_client_call_finish (fixture.client, iss_agent_fixture_wait (&fixture), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_agent_path_get_n_links (path), ==, 1);
  g_assert_cmpint (iss_agent_path_get_time (path), ==, ISS_AGENT_FIXTURE_NOW);
  g_assert_cmpint (iss_agent_path_get_status (path, 0), ==, ISS_CHAIN_STATUS_UNTRUSTED_ROOT);
  assert_sentence (path, 0, "This certificate has signed itself and is not trusted because it is "
                   "not in Trusted Root Certification Authorities on fe01.");
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-path/trusted", test_trusted);
  g_test_add_func ("/agent-path/faults", test_faults);
  g_test_add_func ("/agent-path/refused", test_refused);
  g_test_add_func ("/agent-path/hostile", test_hostile);
  g_test_add_func ("/agent-path/sentences", test_sentences);
  g_test_add_func ("/agent-path/wire", test_wire);

  return g_test_run ();
}
