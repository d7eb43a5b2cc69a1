/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: agent-trash. */
#include "core/agent/agent-delete.h"

#include <string.h>

#include "core/agent/agent-trash.h"
#include "core/agent/agent-wire.h"
#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/store/audit.h"
#include "core/store/certificate-store.h"
#include "core/store/properties.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define DAY (24 * 60 * 60)

/* As it comes over the wire: the agent's end, then the console's. */
static gpointer
answer (IssServerFolder     *folder,
        IssAgentMethodFunc   func,
        IssAgentCall        *call,
        gint64               now,
        GError             **error)
{
  const IssAgentContext context = { folder->root, "alice", now, NULL, NULL, NULL };
  g_autoptr(IssAgentCall) owned = call;
  g_autoptr(GVariant) reply = func (&context, iss_agent_call_get_parameters (call), NULL, error);

  if (reply == NULL)
    return NULL;

  g_variant_ref_sink (reply);
  g_assert_cmpstr (g_variant_get_type_string (reply), ==, iss_agent_call_get_reply_type (call));
  return iss_agent_call_read (call, reply, error);
}

static char **
delete (IssServerFolder  *folder,
        IssStoreName      store,
        IssCertificate   *certificate,
        gboolean          force,
        gboolean          what_if,
        GError          **error)
{
  g_autoptr(GPtrArray) hashes = g_ptr_array_new ();

  if (certificate != NULL)
    g_ptr_array_add (hashes, iss_certificate_get_sha256 (certificate));

  return answer (folder, iss_agent_delete_run,
                 iss_agent_delete_call (store, hashes, force, what_if), NOW, error);
}

static GPtrArray *
restore (IssServerFolder  *folder,
         char            **ids,
         gboolean          what_if,
         GError          **error)
{
  return answer (folder, iss_agent_trash_run_restore,
                 iss_agent_trash_call_restore ((const char *const *) ids, what_if), NOW, error);
}

static void
assign (IssServerFolder *folder,
        const char      *type,
        IssCertificate  *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (folder->root, &error);

  g_assert_no_error (error);
  iss_assignments_set (assignments, iss_certificate_type_find (type),
                       iss_certificate_get_sha256_hex (certificate), NOW - DAY, NULL, &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, folder->root, &error);
  g_assert_no_error (error);
}

static void
expect_refusal (IssServerFolder *folder,
                const char      *label,
                IssStoreName     store,
                IssCertificate  *certificate,
                gboolean         force,
                IssError         code,
                const char      *words)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  g_assert_null (delete (folder, store, certificate, force, FALSE, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, words));
  if (certificate != NULL && store != ISS_STORE_AUTHROOT)
    g_assert_true (iss_certificate_store_contains (folder->root, store,
                                                   iss_certificate_get_sha256_hex (certificate)));
}

static void
test_agent_delete_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) used = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autoptr(IssCertificate) newer = iss_server_folder_hold (folder, "newer", "contoso.example");

  assign (folder, "OAuthTokenIssuer", used);
  assign (folder, "OAuthTokenIssuer", newer);

  expect_refusal (folder, "current", ISS_STORE_MY, newer, TRUE, ISS_ERROR_REFUSED,
                  "OAuthTokenIssuer (current). Take it out of use first (issuantctl "
                  "remove-certificate --type OAuthTokenIssuer), then");
  expect_refusal (folder, "previous", ISS_STORE_MY, used, TRUE, ISS_ERROR_REFUSED,
                  "--type OAuthTokenIssuer --previous)");
  expect_refusal (folder, "system's", ISS_STORE_AUTHROOT, used, TRUE, ISS_ERROR_REFUSED,
                  "the store is the system's");
  expect_refusal (folder, "none", ISS_STORE_MY, NULL, TRUE, ISS_ERROR_INVALID_ARGUMENT,
                  "which certificates");
}

static void
test_agent_delete_warned (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) used = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autoptr(IssCertificate) meant = iss_server_folder_hold (folder, "meant", "contoso.example");
  const IssProperties said = { .intent = ISS_INTENT_POOL };
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) ids = NULL;

  assign (folder, "OAuthTokenIssuer", used);
  iss_properties_save (&said, folder->root, iss_certificate_get_sha256_hex (meant), &error);
  g_assert_no_error (error);
  iss_certificate_store_add (folder->root, ISS_STORE_DISALLOWED, meant, NULL, &error);
  g_assert_no_error (error);

  expect_refusal (folder, "meant for the pool", ISS_STORE_MY, meant, FALSE,
                  ISS_ERROR_NEEDS_CONFIRMATION, "meant for every server");
  expect_refusal (folder, "root of what is in use", ISS_STORE_ROOT, folder->authority, FALSE,
                  ISS_ERROR_NEEDS_CONFIRMATION, "the certification path of “auth”");
  expect_refusal (folder, "intermediate of what is in use", ISS_STORE_CA, folder->issuing, FALSE,
                  ISS_ERROR_NEEDS_CONFIRMATION, "OAuthTokenIssuer uses");
  expect_refusal (folder, "distrusted", ISS_STORE_DISALLOWED, meant, FALSE,
                  ISS_ERROR_NEEDS_CONFIRMATION, "trusted on this server again");

  ids = delete (folder, ISS_STORE_ROOT, folder->authority, TRUE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (ids), ==, 1);
}

static void
test_agent_delete_round_trip (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  const char *hex = iss_certificate_get_sha256_hex (held);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAgentTrash) trash = NULL;
  g_autoptr(GPtrArray) tried = NULL;
  g_autoptr(GPtrArray) back = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_auto(GStrv) nothing = NULL;
  g_auto(GStrv) ids = NULL;
  const IssTrashEntry *entry;
  guint n_lines;

  nothing = delete (folder, ISS_STORE_MY, held, FALSE, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (nothing), ==, 0);
  g_assert_true (iss_certificate_store_contains (folder->root, ISS_STORE_MY, hex));

  ids = delete (folder, ISS_STORE_MY, held, FALSE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (iss_certificate_store_contains (folder->root, ISS_STORE_MY, hex));

  trash = answer (folder, iss_agent_trash_run_list, iss_agent_trash_call_list (), NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (trash->n_all, ==, 1);
  entry = trash->entries->pdata[0];
  g_assert_cmpstr (entry->id, ==, ids[0]);
  g_assert_cmpstr (entry->issued_to, ==, "auth");
  g_assert_cmpstr (entry->who, ==, "alice");
  g_assert_cmpint (entry->deleted, ==, NOW);
  g_assert_cmpint (entry->store, ==, ISS_STORE_MY);
  g_assert_true (entry->has_key);
  g_assert_cmpmem (entry->sha256, 32,
                   g_bytes_get_data (iss_certificate_get_sha256 (held), NULL), 32);

  tried = restore (folder, ids, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tried->len, ==, 1);
  g_assert_false (iss_certificate_store_contains (folder->root, ISS_STORE_MY, hex));

  back = restore (folder, ids, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 1);
  g_assert_true (iss_certificate_store_contains (folder->root, ISS_STORE_MY, hex));

  again = restore (folder, ids, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 0);

  /* Two changes, two lines: what changed nothing is in none. */
  g_assert_true (iss_audit_verify (folder->root, &n_lines, NULL, &error));
  g_assert_cmpuint (n_lines, ==, 2);
}

/* What a server that is not ours may answer. */
static void
test_agent_delete_hostile (void)
{
  const char *const ids[] = { "1-x", NULL };
  const struct
    {
      const char *label;
      const char *type;
      const char *reply;
    } cases[] =
    {
      { "entry that is none", "(as)", "(['../../etc/passwd'],)" },
      { "more entries than asked", "(as)",
        "(['1-0000000000000000000000000000000000000000000000000000000000000000'],)" },
      { "list without names", "(uaa{sv})", "(1, [{'store': <'my'>}])" },
      { "list with an odd store", "(uaa{sv})",
        "(1, [{'id': <'1-0000000000000000000000000000000000000000000000000000000000000000'>, "
        "'sha1': <@ay b'xxxxxxxxxxxxxxxxxxx'>, 'store': <'../my'>}])" },
      { "list with a short thumbprint", "(uaa{sv})",
        "(1, [{'id': <'1-0000000000000000000000000000000000000000000000000000000000000000'>, "
        "'sha1': <@ay b'x'>, 'store': <'my'>}])" },
      { "restored without names", "(aa{sv})", "([@a{sv} {}],)" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) none = g_ptr_array_new ();
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) reply = g_variant_parse (G_VARIANT_TYPE (cases[i].type), cases[i].reply,
                                                   NULL, NULL, &error);
      g_autoptr(IssAgentCall) call = NULL;

      g_test_message ("%s", cases[i].label);
      g_assert_no_error (error);
      if (g_str_equal (cases[i].type, "(as)"))
        call = iss_agent_delete_call (ISS_STORE_MY, none, FALSE, FALSE);
      else if (g_str_equal (cases[i].type, "(aa{sv})"))
        call = iss_agent_trash_call_restore (ids, FALSE);
      else
        call = iss_agent_trash_call_list ();

      g_assert_null (iss_agent_call_read (call, reply, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-delete/refused", test_agent_delete_refused);
  g_test_add_func ("/agent-delete/warned", test_agent_delete_warned);
  g_test_add_func ("/agent-delete/round-trip", test_agent_delete_round_trip);
  g_test_add_func ("/agent-delete/hostile", test_agent_delete_hostile);

  return g_test_run ();
}
