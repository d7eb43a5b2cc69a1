/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-assign.h"

#include <string.h>

#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/server-folder.h"

#define HOUR 3600
#define OAUTH "OAuthTokenIssuer"
#define GOOD_OPTIONS "{'sip-domains': <['contoso.example']>}"
#define FORCED "{'sip-domains': <['contoso.example']>, 'force': <true>}"
#define WHAT_IF "{'sip-domains': <['contoso.example']>, 'what-if': <true>}"

static GVariant *
new_options (const char *text)
{
  g_autoptr(GError) error = NULL;
  GVariant *options = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return options;
}

/* As the agent's frame calls it; the a{sv} in the answer. */
static GVariant *
change (IssServerFolder  *folder,
        const char       *what,
        GVariant         *wanted,
        const char       *options_text,
        gint64            now,
        GError          **error)
{
  const IssAgentContext context = { folder->root, "tester", now, NULL, NULL, NULL };
  g_autoptr(GVariant) options = new_options (options_text);
  g_autoptr(GVariant) parameters = NULL;
  g_autoptr(GVariant) answer = NULL;

  parameters = g_variant_ref_sink (g_variant_new ("(s@a(say)@a{sv})", what, wanted, options));
  answer = iss_agent_assign_run (&context, parameters, NULL, error);
  if (answer == NULL)
    return NULL;

  g_variant_ref_sink (answer);
  return g_variant_get_child_value (answer, 0);
}

static GVariant *
set (IssServerFolder  *folder,
     GVariant         *wanted,
     const char       *options_text,
     gint64            now,
     GError          **error)
{
  return change (folder, "set", wanted, options_text, now, error);
}

static GVariant *
new_type (const char *type)
{
  return g_variant_new_parsed ("[(%s, @ay [])]", type);
}

static GVariant *
new_wanted (const char     *type,
            IssCertificate *certificate)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(say)"));
  g_variant_builder_add (&builder, "(s@ay)", type,
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                   iss_certificate_get_sha256 (certificate),
                                                   TRUE));
  return g_variant_builder_end (&builder);
}

static void
expect_slot (IssServerFolder *folder,
             IssSlot          slot,
             IssCertificate  *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (folder->root, &error);
  const IssAssignment *assignment;

  g_assert_no_error (error);
  assignment = iss_assignments_find (assignments, iss_certificate_type_find (OAUTH));
  g_assert_nonnull (assignment);
  g_assert_cmpstr (assignment->slot[slot], ==, iss_certificate_get_sha256_hex (expected));
}

static void
set_well (IssServerFolder *folder,
          IssCertificate  *certificate,
          const char      *options,
          gint64           now)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) outcome = set (folder, new_wanted (OAUTH, certificate), options, now,
                                     &error);

  g_assert_no_error (error);
  g_assert_nonnull (outcome);
}

static char *
dup_audit (IssServerFolder *folder)
{
  return iss_temp_folder_read (folder->folder, "audit.jsonl", NULL);
}

/* The second change within the token lifetime drops what partners still need. */
static void
test_dropped (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssCertificate) three = iss_server_folder_hold (folder, "three", "contoso.example");
  const char *const unconfirmed[] = { GOOD_OPTIONS, WHAT_IF };

  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  set_well (folder, two, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  expect_slot (folder, ISS_SLOT_PREVIOUS, one);

  for (gsize i = 0; i < G_N_ELEMENTS (unconfirmed); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (set (folder, new_wanted (OAUTH, three), unconfirmed[i],
                          ISS_SERVER_FOLDER_NOW + 23 * HOUR, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION);
      g_assert_nonnull (strstr (error->message, "until 1 July 2027, 00:00 (UTC)"));
      g_assert_nonnull (strstr (error->message, OAUTH));
    }
  expect_slot (folder, ISS_SLOT_CURRENT, two);

  /* Back and forth nothing is dropped. */
  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW + HOUR);
  set_well (folder, two, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW + 2 * HOUR);

  set_well (folder, three, FORCED, ISS_SERVER_FOLDER_NOW + 3 * HOUR);
  expect_slot (folder, ISS_SLOT_CURRENT, three);
  expect_slot (folder, ISS_SLOT_PREVIOUS, two);
}

static void
test_dropped_late (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(IssCertificate) three = iss_server_folder_hold (folder, "three", "contoso.example");

  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  set_well (folder, two, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  set_well (folder, three, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW + 24 * HOUR);
  expect_slot (folder, ISS_SLOT_PREVIOUS, two);
}

/* What is refused changes nothing, and no line of the log says that it did. */
static void
test_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) elsewhere = iss_server_folder_hold (folder, "two", "fabrikam.example");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) absent = iss_server_folder_make (folder, "three", "contoso.example",
                                                             &key);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  const struct
    {
      const char     *what;
      const char     *type;
      IssCertificate *certificate;
      const char     *options;
      IssError        code;
    } cases[] =
    {
      { "no such type", "OAuth", held, GOOD_OPTIONS, ISS_ERROR_INVALID_ARGUMENT },
      { "not there", OAUTH, absent, GOOD_OPTIONS, ISS_ERROR_REFUSED },
      { "another domain", OAUTH, elsewhere, GOOD_OPTIONS, ISS_ERROR_REFUSED },
      { "force passes no error", OAUTH, elsewhere, FORCED, ISS_ERROR_REFUSED },
      { "a domain with bidi", OAUTH, held, "{'sip-domains': <['\\u202econtoso']>}",
        ISS_ERROR_INVALID_ARGUMENT },
    };

  before = iss_temp_folder_dup_listing (folder->folder);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].what);
      g_assert_null (set (folder, new_wanted (cases[i].type, cases[i].certificate),
                          cases[i].options, ISS_SERVER_FOLDER_NOW, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }
  after = iss_temp_folder_dup_listing (folder->folder);
  g_assert_null (strstr (after, "assignments.conf"));
  g_assert_null (strstr (after, "audit.jsonl"));
}

static void
test_malformed (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(GString) crowd = g_string_new ("@a(say) [");
  const char *const cases[] =
    {
      "@a(say) []",
      "[('OAuthTokenIssuer', @ay [0x01, 0x02])]",
      "[('OAuthTokenIssuer', @ay [])]",
    };
  g_autoptr(GError) removal_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i]);
      g_assert_null (set (folder, g_variant_new_parsed (cases[i]), GOOD_OPTIONS,
                          ISS_SERVER_FOLDER_NOW, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }

  g_assert_null (change (folder, "cancel",
                         g_variant_new_parsed ("[('OAuthTokenIssuer', @ay [0x01])]"),
                         GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW, &removal_error));
  g_assert_error (removal_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);

  for (guint i = 0; i < 65; i++)
    g_string_append_printf (crowd, "%s('%s', [])", i > 0 ? ", " : "", OAUTH);
  g_string_append (crowd, "]");
  {
    g_autoptr(GError) error = NULL;

    g_assert_null (set (folder, g_variant_new_parsed (crowd->str), GOOD_OPTIONS,
                        ISS_SERVER_FOLDER_NOW, &error));
    g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    g_assert_nonnull (strstr (error->message, "64"));
  }
}

/* One type twice: which of the two should win? */
static void
test_twice (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  GVariantBuilder builder;
  g_autoptr(GError) error = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(say)"));
  for (guint i = 0; i < 2; i++)
    g_variant_builder_add (&builder, "(s@ay)", i == 0 ? OAUTH : "oauthtokenissuer",
                           g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                     iss_certificate_get_sha256 (one), TRUE));
  g_assert_null (set (folder, g_variant_builder_end (&builder), GOOD_OPTIONS,
                      ISS_SERVER_FOLDER_NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
}

static void
test_remove (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  g_autoptr(GVariant) outcome = NULL;
  g_autofree char *audit = NULL;
  g_autoptr(GError) done = NULL;
  const struct
    {
      const char *type;
      const char *change;
      const char *options;
      IssError    code;
    } cases[] =
    {
      { "OAuth", "remove-current", "{}", ISS_ERROR_INVALID_ARGUMENT },
      { OAUTH, "remove-next", "{}", ISS_ERROR_INVALID_ARGUMENT },
      { OAUTH, "roll", "{}", ISS_ERROR_INVALID_ARGUMENT },
      { OAUTH, "cancel", "{}", ISS_ERROR_NOT_FOUND },
      { OAUTH, "arm", "{}", ISS_ERROR_NOT_FOUND },
      { OAUTH, "postpone", "{}", ISS_ERROR_INVALID_ARGUMENT },
      { OAUTH, "postpone", "{'instant': <int64 1914313600>}", ISS_ERROR_NOT_FOUND },
      { OAUTH, "swap-back", "{'staged': <'both'>}", ISS_ERROR_INVALID_ARGUMENT },
      { "Default", "remove-current", "{}", ISS_ERROR_NOT_FOUND },
      { "Default", "swap-back", "{}", ISS_ERROR_NOT_FOUND },
      { OAUTH, "remove-current", "{}", ISS_ERROR_NEEDS_CONFIRMATION },
      { OAUTH, "remove-current", "{'compromised': <b'x'>}", ISS_ERROR_NEEDS_CONFIRMATION },
      { OAUTH, "remove-previous", "{'force': <true>}", ISS_ERROR_REFUSED },
    };

  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  set_well (folder, two, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s %s", cases[i].type, cases[i].change);
      g_assert_null (change (folder, cases[i].change, new_type (cases[i].type), cases[i].options,
                             ISS_SERVER_FOLDER_NOW, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
    }

  outcome = change (folder, "remove-current", new_type (OAUTH), "{'force': <true>}",
                    ISS_SERVER_FOLDER_NOW, &done);
  g_assert_no_error (done);
  audit = dup_audit (folder);
  g_assert_nonnull (strstr (audit, "remove-assignment"));
  g_assert_nonnull (strstr (audit, "\"force\""));
  expect_slot (folder, ISS_SLOT_PREVIOUS, one);
}

/* Which certificate is compromised is said by itself, so that who lacks it can distrust it. */
static void
test_replace (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  const char *const types[] = { OAUTH, NULL };
  GBytes *const hashes[] = { iss_certificate_get_sha256 (two) };
  const char *const domains[] = { "contoso.example", NULL };
  g_autoptr(GBytes) damaged = g_bytes_new_from_bytes (iss_certificate_get_der (one), 0, 100);
  IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_REPLACE, .types = types, .sha256 = hashes, .sip_domains = domains,
      .force = TRUE,
    };
  const struct { GBytes *compromised; int code; } cases[] =
    {
      { NULL, ISS_ERROR_INVALID_ARGUMENT },
      { damaged, ISS_ERROR_MALFORMED },
      { iss_certificate_get_der (two), ISS_ERROR_REFUSED },
      { iss_certificate_get_der (one), -1 },
    };
  g_autofree char *agent = iss_agent_fixture_dup_program ();
  const IssAgentContext context = { folder->root, "tester", ISS_SERVER_FOLDER_NOW, NULL, NULL,
                                    agent };

  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW - 48 * HOUR);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAgentCall) call = NULL;
      g_autoptr(GVariant) answer = NULL;
      g_autoptr(GError) error = NULL;

      request.compromised = cases[i].compromised;
      call = iss_agent_assign_call (&request);
      answer = iss_agent_assign_run (&context, iss_agent_call_get_parameters (call), NULL, &error);
      if (answer != NULL)
        g_variant_ref_sink (answer);
      g_assert_cmpint (error != NULL ? error->code : -1, ==, cases[i].code);
      expect_slot (folder, ISS_SLOT_CURRENT, cases[i].code < 0 ? two : one);
    }
}

/* What crosses the wire arrives. */
static void
test_stage (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) one = iss_server_folder_hold (folder, "one", "contoso.example");
  g_autoptr(IssCertificate) two = iss_server_folder_hold (folder, "two", "contoso.example");
  const char *const types[] = { OAUTH, NULL };
  GBytes *const hashes[] = { iss_certificate_get_sha256 (two) };
  const char *const domains[] = { "contoso.example", NULL };
  IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_STAGE, .types = types, .sha256 = hashes, .sip_domains = domains,
      .instant = ISS_SERVER_FOLDER_NOW + 48 * HOUR, .typed = "2027-07-02", .zone = "Europe/Berlin",
      .held = TRUE,
    };
  const IssAgentContext context = { folder->root, "tester", ISS_SERVER_FOLDER_NOW, NULL, NULL,
                                    NULL };
  g_autoptr(IssAgentCall) call = NULL;
  g_autoptr(IssAgentCall) swap = NULL;
  g_autoptr(IssAgentCall) arm = NULL;
  g_autoptr(GVariant) answer = NULL;
  g_autoptr(GVariant) armed = NULL;
  g_autoptr(IssChangeOutcome) outcome = NULL;
  g_autoptr(IssChangeOutcome) armed_outcome = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  const IssAssignment *assignment;
  g_autoptr(GError) error = NULL;

  set_well (folder, one, GOOD_OPTIONS, ISS_SERVER_FOLDER_NOW - 48 * HOUR);
  call = iss_agent_assign_call (&request);
  g_assert_cmpstr (iss_agent_call_get_method (call), ==, "ChangeAssignments");
  answer = iss_agent_assign_run (&context, iss_agent_call_get_parameters (call), NULL, &error);
  g_assert_no_error (error);
  g_variant_ref_sink (answer);
  outcome = iss_agent_call_read (call, answer, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (outcome->changed, types);
  g_assert_cmpstr (outcome->notes, ==, "Nothing on this server will run this roll at its instant: "
                   "start issuant-agent.service");
  g_assert_true (outcome->published);
  g_assert_null (outcome->publish_error);

  assignments = iss_assignments_load (folder->root, &error);
  assignment = iss_assignments_find (assignments, iss_certificate_type_find (OAUTH));
  g_assert_cmpint (assignment->staged_at, ==, request.instant);
  g_assert_cmpstr (assignment->staged_typed, ==, "2027-07-02");
  g_assert_cmpstr (assignment->staged_zone, ==, "Europe/Berlin");
  g_assert_true (assignment->held);
  expect_slot (folder, ISS_SLOT_CURRENT, one);
  expect_slot (folder, ISS_SLOT_STAGED, two);

  /* Armed, it needs somebody all the more. */
  request.kind = ISS_TRANSITION_ARM;
  request.sha256 = NULL;
  arm = iss_agent_assign_call (&request);
  armed = iss_agent_assign_run (&context, iss_agent_call_get_parameters (arm), NULL, &error);
  g_assert_no_error (error);
  g_variant_ref_sink (armed);
  armed_outcome = iss_agent_call_read (arm, armed, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (armed_outcome->changed, types);
  g_assert_true (armed_outcome->unattended);

  /* An answer that is none. */
  g_variant_unref (answer);
  answer = g_variant_ref_sink (g_variant_new_parsed ("({'changed': <5>},)"));
  g_assert_null (iss_agent_call_read (call, answer, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
test_read_names (void)
{
  g_autoptr(GString) crowd = g_string_new ("{'sip-domains': <[");
  const struct
    {
      const char *options;
      guint       n;
      int         code;   /* 0: fine */
    } cases[] =
    {
      { "{}", 0, 0 },
      { "{'sip-domains': <5>}", 0, 0 },
      { "{'sip-domains': <['a.example', 'b.example']>, 'server-name': <'fe01'>}", 2, 0 },
      { "{'sip-domains': <['']>}", 1, 0 },
      { "{'sip-domains': <['a\\nb']>}", 0, ISS_ERROR_INVALID_ARGUMENT },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) options = new_options (cases[i].options);
      g_autofree char *name = NULL;
      g_auto(GStrv) domains = NULL;
      g_autoptr(GError) error = NULL;
      gboolean ok = iss_agent_assign_read_names (options, &name, &domains, &error);

      g_test_message ("%s", cases[i].options);
      if (cases[i].code == 0)
        {
          g_assert_no_error (error);
          g_assert_true (ok);
          g_assert_cmpuint (g_strv_length (domains), ==, cases[i].n);
          continue;
        }

      g_assert_false (ok);
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_null (name);
      g_assert_null (domains);
    }

  for (guint i = 0; i < 257; i++)
    g_string_append_printf (crowd, "%s'd%u.example'", i > 0 ? ", " : "", i);
  g_string_append (crowd, "]>}");
  {
    g_autoptr(GVariant) options = new_options (crowd->str);
    g_autofree char *name = NULL;
    g_auto(GStrv) domains = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false (iss_agent_assign_read_names (options, &name, &domains, &error));
    g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent-assign/dropped", test_dropped);
  g_test_add_func ("/agent-assign/dropped-late", test_dropped_late);
  g_test_add_func ("/agent-assign/refused", test_refused);
  g_test_add_func ("/agent-assign/malformed", test_malformed);
  g_test_add_func ("/agent-assign/twice", test_twice);
  g_test_add_func ("/agent-assign/remove", test_remove);
  g_test_add_func ("/agent-assign/replace", test_replace);
  g_test_add_func ("/agent-assign/stage", test_stage);
  g_test_add_func ("/agent-assign/read-names", test_read_names);

  return g_test_run ();
}
