/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Against a real agent. Also covers: agent-import. */

#include "core/agent/agent-assign.h"
#include "core/agent/agent-client.h"

#include <string.h>

#include "core/base/error.h"
#include "core/store/root-folder.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/wait.h"

static const char *const sip_domains[] = { "contoso.example", NULL };

static GPtrArray *
import_one (IssAgentFixture *fixture,
            const char      *label,
            IssCertificate **out_certificate)
{
  g_autoptr(GBytes) file = iss_agent_fixture_make_file (label, out_certificate);
  g_autoptr(GError) error = NULL;
  GPtrArray *items = iss_agent_fixture_import (fixture, file, NULL, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  return items;
}

static IssChangeOutcome *
change (IssAgentFixture         *fixture,
        const IssAssignRequest  *request,
        GError                 **error)
{
  g_autoptr(IssAgentCall) call = iss_agent_assign_call (request);

  g_clear_object (&fixture->result);
  iss_agent_client_call_async (fixture->client, call, NULL, iss_agent_fixture_result_cb, fixture);
  return iss_agent_client_call_finish (fixture->client, iss_agent_fixture_wait (fixture), error);
}

static IssChangeOutcome *
assign (IssAgentFixture  *fixture,
        IssCertificate   *certificate,
        gboolean          force,
        gboolean          what_if,
        GError          **error)
{
  const char *const types[] = { "OAuthTokenIssuer", NULL };
  GBytes *const hashes[] = { iss_certificate_get_sha256 (certificate) };
  const IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_SET,
      .types = types,
      .sha256 = hashes,
      .server_name = "fe01.contoso.example",
      .sip_domains = sip_domains,
      .force = force,
      .what_if = what_if,
    };

  return change (fixture, &request, error);
}

static void
test_import (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autofree char *audit = NULL;
  const IssImportItem *item;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  items = import_one (&fixture, "one", &certificate);
  item = items->pdata[0];
  g_assert_cmpmem (item->sha256, 32, g_bytes_get_data (iss_certificate_get_sha256 (certificate),
                                                       NULL), 32);
  g_assert_cmpstr (item->issued_to, ==, "auth.contoso.example");
  g_assert_cmpint (item->store, ==, ISS_STORE_MY);
  g_assert_true (item->added);
  g_assert_true (item->has_key);
  g_assert_true (item->key_added);

  audit = iss_temp_folder_read (fixture.temp, "root/audit.jsonl", NULL);
  g_assert_nonnull (strstr (audit, "\"tester\""));
  g_assert_nonnull (strstr (audit, iss_certificate_get_sha256_hex (certificate)));
  g_assert_null (strstr (audit, "PRIVATE KEY"));

  again = import_one (&fixture, "one", NULL);
  item = again->pdata[0];
  g_assert_false (item->added);
  g_assert_false (item->key_added);
  g_assert_true (item->has_key);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_import_what_if (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  g_object_unref (iss_agent_fixture_observe (&fixture, NULL, &error));
  /* What an agent mends when it starts ends with this file, some time after it has answered. */
  changed = iss_temp_folder_dup_path (fixture.temp, "root/live/.changed");
  iss_wait_until (g_file_test (changed, G_FILE_TEST_EXISTS));
  before = iss_temp_folder_dup_listing (fixture.temp);
  items = iss_agent_fixture_import (&fixture, file, NULL, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 1);
  after = iss_temp_folder_dup_listing (fixture.temp);
  g_assert_cmpstr (before, ==, after);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_import_bad (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree char *large = g_malloc0 (9 * 1024 * 1024);
  const struct
    {
      const char *what;
      gconstpointer data;
      gsize size;
      IssError code;
    } cases[] =
    {
      { "not a certificate", "hello", 5, ISS_ERROR_MALFORMED },
      { "empty", "", 0, ISS_ERROR_MALFORMED },
      { "too large", large, 9 * 1024 * 1024, ISS_ERROR_TOO_LARGE },
    };

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) file = g_bytes_new_static (cases[i].data, cases[i].size);
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].what);
      g_assert_null (iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_null (strstr (error->message, "GDBus"));
    }
  g_assert_false (iss_agent_client_is_closed (fixture.client));
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_import_cancelled (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(IssRootFolder) root = NULL;
  g_autoptr(GError) error = NULL;
  const IssImportOptions options = { .automatic_store = TRUE };
  gboolean locked = FALSE;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  g_object_unref (iss_agent_fixture_observe (&fixture, NULL, &error));

  /* Somebody else writes: the import waits for the lock. */
  root = iss_root_folder_open (fixture.root, FALSE, &error);
  g_assert_no_error (error);
  iss_wait_until (locked || (locked = iss_root_folder_try_lock (root, "somebody else", 1, NULL)));

  g_clear_object (&fixture.result);
  iss_agent_client_import_async (fixture.client, file, NULL, &options, cancellable,
                                 iss_agent_fixture_result_cb, &fixture);
  /* An answer to something else shows that the agent is not held up by the wait. */
  {
    IssAgentFixture other = fixture;

    other.result = NULL;
    iss_agent_client_observe_async (fixture.client, NULL, NULL, iss_agent_fixture_result_cb,
                                    &other);
    iss_agent_fixture_wait (&other);
    g_object_unref (iss_agent_client_observe_finish (fixture.client, other.result, &error));
    g_assert_no_error (error);
    g_clear_object (&other.result);
  }
  g_assert_null (fixture.result);
  g_cancellable_cancel (cancellable);
  g_assert_null (iss_agent_client_import_finish (fixture.client,
                                                 iss_agent_fixture_wait (&fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (iss_agent_client_is_closed (fixture.client));
  iss_root_folder_unlock (root);
  iss_agent_fixture_tear_down (&fixture);
}

static void
test_assign (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(IssChangeOutcome) rehearsed = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) again = NULL;
  g_autoptr(IssChangeOutcome) removed = NULL;
  const char *const types[] = { "OAuthTokenIssuer", NULL };
  IssAssignRequest removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .types = types };
  g_autoptr(IssObservation) before = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;
  const IssObservedType *type;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_open (&fixture);
  items = import_one (&fixture, "one", &certificate);

  /* Nobody trusts its issuer. */
  g_assert_null (assign (&fixture, certificate, FALSE, FALSE, &error));
  g_test_message ("%s", error->message);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_REFUSED))
    {
      const IssImportOptions options = { .store = ISS_STORE_ROOT };
      g_autofree char *pem = iss_certificate_dup_pem (certificate);
      g_autoptr(GBytes) file = g_bytes_new (pem, strlen (pem));
      g_autoptr(GPtrArray) added = NULL;

      g_clear_error (&error);
      g_clear_object (&fixture.result);
      iss_agent_client_import_async (fixture.client, file, NULL, &options, NULL,
                                     iss_agent_fixture_result_cb, &fixture);
      added = iss_agent_client_import_finish (fixture.client, iss_agent_fixture_wait (&fixture),
                                              &error);
      g_assert_no_error (error);
    }
  g_clear_error (&error);

  rehearsed = assign (&fixture, certificate, TRUE, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rehearsed->changed[0], ==, "OAuthTokenIssuer");
  g_assert_false (rehearsed->published);
  before = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (iss_observation_find_type (before, "OAuthTokenIssuer"));

  outcome = assign (&fixture, certificate, TRUE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (outcome->changed), ==, 1);
  g_assert_cmpstr (outcome->publish_error, ==, NULL);
  g_assert_true (outcome->published);

  again = assign (&fixture, certificate, TRUE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (again->changed), ==, 0);

  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  type = iss_observation_find_type (observation, "OAuthTokenIssuer");
  g_assert_nonnull (type);
  g_assert_true (type->slots[ISS_SLOT_CURRENT].is_set);
  g_assert_cmpint (type->slots[ISS_SLOT_CURRENT].rung, ==, ISS_RUNG_PUBLISHED);
  g_assert_cmpuint (type->revision, ==, type->published);

  /* Removing what is in use wants to be confirmed. */
  g_assert_null (change (&fixture, &removal, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
  g_clear_error (&error);

  removal.force = TRUE;
  removed = change (&fixture, &removal, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (removed->changed, types);
  iss_agent_fixture_tear_down (&fixture);
}

/* A viewer looks, and changes nothing. */
static void
test_viewer (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(IssCertificate) certificate = NULL;
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", &certificate);
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  iss_agent_fixture_script (&fixture, "exec \"$AGENT\" \"$@\" --role viewer");
  iss_agent_fixture_open (&fixture);
  g_assert_cmpstr (iss_agent_client_get_role (fixture.client), ==, "viewer");
  g_assert_null (iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_clear_error (&error);
  g_assert_null (assign (&fixture, certificate, TRUE, FALSE, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_clear_error (&error);
  observation = iss_agent_fixture_observe (&fixture, NULL, &error);
  g_assert_no_error (error);
  iss_agent_fixture_tear_down (&fixture);
}

/* As strace writes them: execve of /proc/self, and --parse */
#define SELF "execve(\"\\x2f\\x70\\x72\\x6f\\x63\\x2f\\x73\\x65\\x6c\\x66"
#define PARSE "\\x2d\\x2d\\x70\\x61\\x72\\x73\\x65"

/* Without what the agent hands to the reader of files, which it starts as /proc/self/exe --parse:
 * that socket leads nowhere else. The one that looks at the seal before sees no more than the
 * seal. */
static char *
dup_without_reader (const char *recorded)
{
  g_autoptr(GString) rest = g_string_new (NULL);
  g_auto(GStrv) lines = g_strsplit (recorded, "\n", -1);
  g_autofree char *reader = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (reader == NULL && strstr (lines[i], SELF) != NULL && strstr (lines[i], PARSE) != NULL)
        reader = g_strndup (lines[i], strcspn (lines[i], " ") + 1);
      else if (reader == NULL || !g_str_has_prefix (lines[i], reader))
        g_string_append_printf (rest, "%s\n", lines[i]);
    }

  g_assert_nonnull (reader);
  return g_string_free (g_steal_pointer (&rest), FALSE);
}

/* What crosses is recorded by a tee between the two ends. */
static void
test_secret_on_the_wire (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(IssSecret) password = iss_secret_new ("Geheim-4711", 11);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *everything = NULL;
  g_autofree char *recorded = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *strace = g_find_program_in_path ("strace");
  g_autofree char *script = NULL;
  g_autofree char *record = NULL;
  gsize size;

  iss_agent_fixture_set_up (&fixture);
  record = iss_temp_folder_dup_path (fixture.temp, "wire");
  folder = g_path_get_dirname (fixture.root);
  /* EXTERNAL needs the socket itself, so the recorder sits beside it: strace would, too. */
  script = g_strdup_printf ("exec strace -qq -f -e trace=execve,read,recvfrom,recvmsg -xx -s 65536 "
                            "-o '%s' \"$AGENT\" \"$@\"", record);
  g_assert_nonnull (strace);   /* tests/run installs it */
  iss_agent_fixture_script (&fixture, script);
  iss_agent_fixture_open (&fixture);
  items = iss_agent_fixture_import (&fixture, file, password, FALSE, &error);
  g_assert_no_error (error);
  everything = iss_temp_folder_read (fixture.temp, "wire", &size);
  recorded = dup_without_reader (everything);
  g_assert_nonnull (strstr (recorded, "\\x49\\x6d\\x70\\x6f\\x72\\x74"));   /* Import */
  g_assert_null (strstr (recorded, "\\x47\\x65\\x68\\x65\\x69\\x6d"));      /* Geheim */
  g_assert_null (strstr (recorded, "\\x42\\x45\\x47\\x49\\x4e\\x20\\x50\\x52"));   /* BEGIN PR */
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-client-change/import", test_import);
  g_test_add_func ("/agent-client-change/import-what-if", test_import_what_if);
  g_test_add_func ("/agent-client-change/import-bad", test_import_bad);
  g_test_add_func ("/agent-client-change/import-cancelled", test_import_cancelled);
  g_test_add_func ("/agent-client-change/assign", test_assign);
  g_test_add_func ("/agent-client-change/viewer", test_viewer);
  g_test_add_func ("/agent-client-change/secret-on-the-wire", test_secret_on_the_wire);

  return g_test_run ();
}
