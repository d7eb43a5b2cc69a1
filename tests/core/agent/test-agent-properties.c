/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: agent-key-access. */
#include "core/agent/agent-properties.h"

#include <string.h>
#include <sys/stat.h>

#include "core/agent/agent-key-access.h"
#include "core/base/error.h"
#include "core/store/audit.h"
#include "core/store/key-file.h"
#include "tests/lib/server-folder.h"

#define NOW ISS_SERVER_FOLDER_NOW
#define SERVICE "daemon"

static gpointer
answer (IssServerFolder     *folder,
        IssAgentMethodFunc   func,
        IssAgentCall        *call,
        GError             **error)
{
  const IssAgentContext context = { folder->root, "alice", NOW, NULL, NULL, NULL };
  g_autoptr(IssAgentCall) owned = call;
  g_autoptr(GVariant) reply = func (&context, iss_agent_call_get_parameters (call), NULL, error);

  if (reply == NULL)
    return NULL;

  g_variant_ref_sink (reply);
  g_assert_cmpstr (g_variant_get_type_string (reply), ==, iss_agent_call_get_reply_type (call));
  return iss_agent_call_read (call, reply, error);
}

static char *
set (IssServerFolder                *folder,
     IssCertificate                 *certificate,
     const IssAgentPropertyChanges  *changes,
     gboolean                        force,
     gboolean                        what_if,
     GError                        **error)
{
  g_auto(GStrv) changed = answer (folder, iss_agent_properties_run,
                                  iss_agent_properties_call (iss_certificate_get_sha256
                                                             (certificate), changes, force,
                                                             what_if), error);

  return changed != NULL ? g_strjoinv (" ", changed) : NULL;
}

static void
assert_said (IssServerFolder *folder,
             IssCertificate  *certificate,
             const char      *name,
             const char      *description,
             IssIntent        intent)
{
  g_auto(IssProperties) said = { NULL };
  g_autoptr(GError) error = NULL;

  iss_properties_load (&said, folder->root, iss_certificate_get_sha256_hex (certificate), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said.friendly_name, ==, name);
  g_assert_cmpstr (said.description, ==, description);
  g_assert_cmpint (said.intent, ==, intent);
}

static char *
dup_audit (IssServerFolder *folder)
{
  g_autofree char *path = g_build_filename (iss_root_folder_get_path (folder->root),
                                            "audit.jsonl", NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
test_agent_properties_set (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  const IssAgentPropertyChanges all = { "Token issuer", "Since May", ISS_INTENT_POOL, TRUE };
  const IssAgentPropertyChanges name = { .friendly_name = "" };
  GBytes *spki = iss_certificate_get_spki_sha256 (held);
  g_autoptr(GError) error = NULL;
  g_autofree char *tried = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *again = NULL;
  g_autofree char *cleared = NULL;
  g_autofree char *audit = NULL;

  tried = set (folder, held, &all, FALSE, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tried, ==, "friendly-name description intent exportable");
  assert_said (folder, held, NULL, NULL, ISS_INTENT_UNKNOWN);
  g_assert_true (iss_key_file_is_exportable (folder->root, spki));

  changed = set (folder, held, &all, FALSE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (changed, ==, tried);
  assert_said (folder, held, "Token issuer", "Since May", ISS_INTENT_POOL);
  g_assert_false (iss_key_file_is_exportable (folder->root, spki));

  again = set (folder, held, &all, FALSE, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, "");

  cleared = set (folder, held, &name, FALSE, FALSE, &error);
  g_assert_no_error (error);
  assert_said (folder, held, NULL, "Since May", ISS_INTENT_POOL);

  audit = dup_audit (folder);
  g_assert_nonnull (strstr (audit, "\"friendly-name-old\":\"\","
                                   "\"friendly-name\":\"Token issuer\""));
  g_assert_nonnull (strstr (audit, "\"intent-old\":\"unknown\",\"intent\":\"pool\""));
  g_assert_nonnull (strstr (audit, "\"exportable-old\":\"yes\",\"exportable\":\"no\""));
  g_assert_nonnull (strstr (audit, "\"friendly-name-old\":\"Token issuer\""));
}

static void
expect_refusal (IssServerFolder *folder,
                const char      *label,
                IssCertificate  *certificate,
                const char      *changes,
                IssError         code)
{
  const IssAgentContext context = { folder->root, "alice", NOW, NULL, NULL, NULL };
  g_autoptr(GVariant) sha256 = NULL;
  g_autoptr(GVariant) wanted = NULL;
  g_autoptr(GVariant) parameters = NULL;
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  sha256 = g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                     iss_certificate_get_sha256 (certificate), TRUE);
  wanted = g_variant_parse (G_VARIANT_TYPE_VARDICT, changes, NULL, NULL, &error);
  g_assert_no_error (error);
  parameters = g_variant_ref_sink (g_variant_new ("(@ay@a{sv}a{sv})",
                                                  g_steal_pointer (&sha256), wanted, NULL));

  g_assert_null (iss_agent_properties_run (&context, parameters, NULL, &error));
  g_assert_error (error, ISS_ERROR, (int) code);
}

static void
test_agent_properties_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autoptr(IssCertificate) other = iss_server_folder_hold (folder, "other", "contoso.example");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) missing = iss_server_folder_make (folder, "none", "x.example", &key);
  const IssAgentPropertyChanges named = { .friendly_name = "Taken" };
  g_autofree char *long_name = g_strnfill (257, 'x');
  g_autofree char *long_description = g_strnfill (1025, 'x');
  g_autofree char *too_long = g_strdup_printf ("{'friendly-name': <'%s'>}", long_name);
  g_autofree char *much_too_long = g_strdup_printf ("{'description': <'%s'>}", long_description);
  g_autoptr(GError) error = NULL;
  g_autofree char *taken = set (folder, other, &named, FALSE, FALSE, &error);
  g_autofree char *forced = NULL;
  g_autofree char *audit = NULL;

  g_assert_cmpstr (taken, ==, "friendly-name");
  expect_refusal (folder, "long name", held, too_long, ISS_ERROR_TOO_LARGE);
  expect_refusal (folder, "long description", held, much_too_long, ISS_ERROR_TOO_LARGE);
  expect_refusal (folder, "loosened", held, "{'exportable': <true>}", ISS_ERROR_REFUSED);
  expect_refusal (folder, "unknown member", held, "{'archived': <true>}",
                  ISS_ERROR_INVALID_ARGUMENT);
  expect_refusal (folder, "no text", held, "{'friendly-name': <7>}", ISS_ERROR_INVALID_ARGUMENT);
  expect_refusal (folder, "no intent", held, "{'intent': <uint32 3>}", ISS_ERROR_INVALID_ARGUMENT);
  expect_refusal (folder, "not there", missing, "{'description': <'x'>}", ISS_ERROR_NOT_FOUND);
  expect_refusal (folder, "no key", folder->authority, "{'exportable': <false>}",
                  ISS_ERROR_NOT_FOUND);
  expect_refusal (folder, "somebody else's name", held, "{'friendly-name': <'Taken'>}",
                  ISS_ERROR_NEEDS_CONFIRMATION);
  assert_said (folder, held, NULL, NULL, ISS_INTENT_UNKNOWN);
  g_assert_true (iss_key_file_is_exportable (folder->root,
                                             iss_certificate_get_spki_sha256 (held)));

  forced = set (folder, held, &named, TRUE, FALSE, &error);
  g_assert_no_error (error);
  assert_said (folder, held, "Taken", NULL, ISS_INTENT_UNKNOWN);
}

static char *
change_access (IssServerFolder  *folder,
               IssCertificate   *certificate,
               const char       *allow,
               const char       *deny,
               GError          **error)
{
  const char *const allowed[] = { allow, NULL };
  const char *const denied[] = { deny, NULL };
  g_autoptr(IssKeyAccess) access = NULL;
  g_auto(GStrv) readers = NULL;

  access = answer (folder, iss_agent_key_access_run_set,
                   iss_agent_key_access_call_set (iss_certificate_get_sha256 (certificate),
                                                  allowed, denied, FALSE), error);
  if (access == NULL)
    return NULL;

  readers = iss_key_access_dup_readers (access);
  return g_strjoinv (" ", readers);
}

static void
test_agent_properties_key_access (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  g_autofree char *parent = g_path_get_dirname (iss_root_folder_get_path (folder->root));
  g_autoptr(IssKeyAccess) access = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *allowed = NULL;
  g_autofree char *again = NULL;
  g_autofree char *denied = NULL;
  g_autofree char *audit = NULL;
  guint n_lines;

  g_assert_no_errno (chmod (iss_root_folder_get_path (folder->root), 0711));

  allowed = change_access (folder, held, SERVICE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (allowed, ==, SERVICE);
  again = change_access (folder, held, SERVICE, NULL, &error);
  g_assert_cmpstr (again, ==, SERVICE);

  access = answer (folder, iss_agent_key_access_run_get,
                   iss_agent_key_access_call_get (iss_certificate_get_sha256 (held)), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (access->readers->len, ==, 2);
  g_assert_false (access->published);

  denied = change_access (folder, held, NULL, SERVICE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (denied, ==, "");

  g_assert_null (change_access (folder, held, "no-such-account", NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (change_access (folder, folder->authority, SERVICE, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);

  audit = dup_audit (folder);
  g_assert_nonnull (strstr (audit, "\"allow\":\"" SERVICE "\",\"deny\":\"\",\"readers-old\":\"\","
                                   "\"readers\":\"" SERVICE "\""));
  g_assert_true (iss_audit_verify (folder->root, &n_lines, NULL, &error));
  g_assert_cmpuint (n_lines, ==, 2);
}

static void
test_agent_properties_hostile (void)
{
  const guint8 zeros[32] = { 0 };
  g_autoptr(GBytes) sha256 = g_bytes_new (zeros, sizeof zeros);
  const IssAgentPropertyChanges changes = { NULL };
  g_autoptr(IssAgentCall) properties = iss_agent_properties_call (sha256, &changes, FALSE, FALSE);
  g_autoptr(IssAgentCall) access = iss_agent_key_access_call_get (sha256);
  GVariantBuilder many;
  GVariantBuilder readers;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) other = NULL;
  g_autoptr(GError) error = NULL;

  g_variant_builder_init (&many, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < 17; i++)
    g_variant_builder_add (&many, "s", "x");
  reply = g_variant_ref_sink (g_variant_new ("(as)", &many));
  g_assert_null (iss_agent_call_read (properties, reply, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
  g_clear_error (&error);

  g_variant_builder_init (&readers, G_VARIANT_TYPE ("a(sbbbs)"));
  for (guint i = 0; i < 513; i++)
    g_variant_builder_add (&readers, "(sbbbs)", "x", FALSE, FALSE, TRUE, "");
  other = g_variant_ref_sink (g_variant_new ("(sbba(sbbbs))", "/", FALSE, TRUE, &readers));
  g_assert_null (iss_agent_call_read (access, other, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-properties/set", test_agent_properties_set);
  g_test_add_func ("/agent-properties/refused", test_agent_properties_refused);
  g_test_add_func ("/agent-properties/key-access", test_agent_properties_key_access);
  g_test_add_func ("/agent-properties/hostile", test_agent_properties_hostile);

  return g_test_run ();
}
