/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: audit-sentence. */
#include "core/store/audit-entry.h"

#include <string.h>

#include "core/base/text.h"
#include "core/store/audit-sentence.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define UNKNOWN "00cdba9876543210fedcba9876543210fedcba9876543210fedcba987654ffff"
#define HEAD "{\"n\":7,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"alice\",\"what\":"
#define TAIL "\"previous\":\"" HASH "\"}"

static IssAuditEntry *
new_entry (const char         *text,
           IssAuditEntryState  expected)
{
  g_autoptr(GBytes) line = g_bytes_new (text, strlen (text));
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (names, (gpointer) HASH, (gpointer) "auth.contoso.example");
  g_hash_table_insert (names, (gpointer) OTHER, (gpointer) "sip.contoso.example");
  return iss_audit_entry_new (line, 42, expected, names);
}

static void
test_whole (void)
{
  g_autoptr(IssAuditEntry) entry =
    new_entry (HEAD "\"import\",\"certificates\":\"" HASH "\",\"note\":\"a \\\"b\\\" \\u00e9 "
               "\\ud83d\\ude00 \\u202e\",\"certificates\":\"second\",\"torn\":\"" HASH "\"," TAIL,
               ISS_AUDIT_ENTRY_DAMAGED);
  const char *const *details = iss_audit_entry_get_details (entry);

  g_assert_cmpint (iss_audit_entry_get_state (entry), ==, ISS_AUDIT_ENTRY_WHOLE);
  g_assert_cmpuint (iss_audit_entry_get_offset (entry), ==, 42);
  g_assert_cmpuint (iss_audit_entry_get_n (entry), ==, 7);
  g_assert_cmpint (iss_audit_entry_get_time (entry), ==, 1793347200);
  g_assert_cmpstr (iss_audit_entry_get_who (entry), ==, "alice");
  g_assert_cmpstr (iss_audit_entry_get_what (entry), ==, "import");
  g_assert_cmpuint (g_strv_length ((char **) details), ==, 6);
  g_assert_cmpstr (details[0], ==, "certificates");
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, "certificates"), ==, HASH);
  g_assert_cmpstr (iss_audit_entry_get_detail (entry, "note"), ==,
                   "a \"b\" \303\251 \360\237\230\200 \357\277\275");
  g_assert_null (iss_audit_entry_get_detail (entry, "torn"));
  g_assert_true (iss_audit_entry_follows_torn (entry));
  g_assert_cmpstr (iss_audit_entry_get_name_of (entry, HASH), ==, "auth.contoso.example");
  g_assert_null (iss_audit_entry_get_name_of (entry, UNKNOWN));
  g_assert_true (g_str_has_prefix (iss_audit_entry_get_text (entry), "{\"n\":7,"));
  g_assert_cmpuint (g_bytes_get_size (iss_audit_entry_get_line (entry)), >, 100);
}

/* What is no entry is said to be none, whatever it looks like. */
static void
test_bad (void)
{
  static const struct
    {
      const char *name;
      const char *line;
    } cases[] =
    {
      { "empty", "" },
      { "text", "rubbish" },
      { "half a line", HEAD "\"import\",\"cert" },
      { "no time", "{\"n\":7,\"who\":\"alice\",\"what\":\"import\"," TAIL },
      { "strange time", "{\"n\":7,\"time\":\"soon\",\"who\":\"alice\",\"what\":\"x\"," TAIL },
      { "no who", "{\"n\":7,\"time\":\"2026-10-30T08:00:00Z\",\"what\":\"import\"," TAIL },
      { "empty who",
        "{\"n\":7,\"time\":\"2026-10-30T08:00:00Z\",\"who\":\"\",\"what\":\"x\"," TAIL },
      { "blank", HEAD " \"import\"," TAIL },
      { "nested", HEAD "\"import\",\"a\":{\"b\":\"c\"}," TAIL },
      { "null", HEAD "\"import\",\"a\":null," TAIL },
      { "long number", HEAD "\"import\",\"a\":123456789012345678901234567890," TAIL },
      { "control character", HEAD "\"import\",\"a\":\"\t\"," TAIL },
      { "half a pair", HEAD "\"import\",\"a\":\"\\ud83d\"," TAIL },
      { "low first", HEAD "\"import\",\"a\":\"\\ude00\"," TAIL },
      { "escaped NUL", HEAD "\"import\",\"a\":\"\\u0000\"," TAIL },
      { "bad escape", HEAD "\"import\",\"a\":\"\\x\"," TAIL },
      { "not UTF-8", HEAD "\"import\",\"a\":\"\377\"," TAIL },
      { "no comma", HEAD "\"import\"\"a\":\"b\"," TAIL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAuditEntry) entry = new_entry (cases[i].line, ISS_AUDIT_ENTRY_DAMAGED);
      g_autofree char *sentence = iss_audit_sentence_dup (entry);
      g_autofree char *details = iss_audit_sentence_dup_details (entry);

      g_test_message ("%s", cases[i].name);
      g_assert_cmpint (iss_audit_entry_get_state (entry), ==, ISS_AUDIT_ENTRY_DAMAGED);
      g_assert_cmpuint (iss_audit_entry_get_n (entry), ==, 0);
      g_assert_cmpint (iss_audit_entry_get_time (entry), ==, 0);
      g_assert_cmpstr (iss_audit_entry_get_who (entry), ==, "");
      g_assert_cmpstr (iss_audit_entry_get_what (entry), ==, "");
      g_assert_null (iss_audit_entry_get_details (entry)[0]);
      g_assert_true (iss_text_is_clean (iss_audit_entry_get_text (entry), 2000));
      g_assert_nonnull (strstr (sentence, "no entry"));
      g_assert_cmpstr (details, ==, iss_audit_entry_get_text (entry));
    }
}

static void
test_torn (void)
{
  g_autoptr(IssAuditEntry) entry = new_entry ("{\"n\":7,\"ti", ISS_AUDIT_ENTRY_TORN);
  g_autofree char *sentence = iss_audit_sentence_dup (entry);

  g_assert_cmpint (iss_audit_entry_get_state (entry), ==, ISS_AUDIT_ENTRY_TORN);
  g_assert_nonnull (strstr (sentence, "power loss"));
}

static void
test_sentences (void)
{
  static const struct
    {
      const char *members;
      const char *sentence;
    } cases[] =
    {
      { "\"import\",\"certificates\":\"" HASH "\",\"store\":\"my\",\"intent\":\"pool\",",
        "alice imported auth.contoso.example into Personal" },
      { "\"import\",\"certificates\":\"" HASH " " OTHER "\",\"store\":\"\",",
        "alice imported auth.contoso.example and sip.contoso.example" },
      { "\"import\",\"certificates\":\"" UNKNOWN "\",\"store\":\"attic\",",
        "alice imported certificate 00cdba98… into attic" },
      { "\"import\",\"certificates\":\"" HASH " " HASH " " HASH " " HASH "\",\"store\":\"ca\",",
        "alice imported 4 certificates into Intermediate Certification Authorities" },
      { "\"import\",\"certificates\":\"" HASH " " HASH " 0123…\",\"store\":\"my\",",
        "alice imported more than 2 certificates into Personal" },
      { "\"import\",", "alice imported a certificate" },
      { "\"export\",\"certificate\":\"" HASH "\",\"key\":\"" OTHER "\",\"format\":\"pfx\",",
        "alice exported auth.contoso.example with its private key" },
      { "\"export\",\"certificate\":\"" HASH "\",", "alice exported auth.contoso.example" },
      { "\"set-assignment\",\"OAuthTokenIssuer\":\"" HASH "\",",
        "alice assigned auth.contoso.example to OAuthTokenIssuer" },
      { "\"set-assignment\",\"OAuthTokenIssuer\":\"" HASH "\",\"Default\":\"" OTHER "\","
        "\"force\":\"yes\",",
        "alice assigned auth.contoso.example to OAuthTokenIssuer and sip.contoso.example to "
        "Default, passing warnings" },
      { "\"set-assignment\",", "alice assigned again what was assigned already" },
      { "\"stage-assignment\",\"OAuthTokenIssuer\":\"" HASH "\","
        "\"instant\":\"2027-07-12T00:00:00Z\",",
        "alice staged auth.contoso.example for OAuthTokenIssuer, to roll on 12 July 2027, 00:00 "
        "(UTC)" },
      { "\"stage-assignment\",\"OAuthTokenIssuer\":\"" HASH "\","
        "\"instant\":\"2027-07-12T00:00:00Z\",\"held\":\"yes\",",
        "alice staged auth.contoso.example for OAuthTokenIssuer, to roll on 12 July 2027, 00:00 "
        "(UTC) once it is armed" },
      { "\"stage-assignment\",\"OAuthTokenIssuer\":\"" HASH "\",\"instant\":\"soon\",",
        "alice staged auth.contoso.example for OAuthTokenIssuer, to roll on an unknown instant" },
      { "\"roll-assignment\",\"OAuthTokenIssuer\":\"" HASH "\",",
        "alice rolled: auth.contoso.example for OAuthTokenIssuer is current now" },
      { "\"arm-roll\",\"OAuthTokenIssuer\":\"" HASH "\",",
        "alice armed the roll of auth.contoso.example for OAuthTokenIssuer" },
      { "\"postpone-roll\",\"OAuthTokenIssuer\":\"" HASH "\","
        "\"instant\":\"2027-07-12T00:00:00Z\",",
        "alice moved the roll of auth.contoso.example for OAuthTokenIssuer to 12 July 2027, 00:00 "
        "(UTC)" },
      { "\"cancel-roll\",\"OAuthTokenIssuer\":\"staged\",",
        "alice cancelled the roll of OAuthTokenIssuer" },
      { "\"replace-compromised\",\"OAuthTokenIssuer\":\"" HASH "\",\"force\":\"yes\",",
        "alice replaced what is compromised: auth.contoso.example for OAuthTokenIssuer is current "
        "now" },
      { "\"swap-back\",\"OAuthTokenIssuer\":\"" HASH "\",\"Default\":\"" OTHER "\",",
        "alice swapped back: auth.contoso.example for OAuthTokenIssuer and sip.contoso.example for "
        "Default is current again" },
      { "\"remove-assignment\",\"OAuthTokenIssuer\":\"current\",",
        "alice took the current certificate of OAuthTokenIssuer out of use" },
      { "\"remove-assignment\",\"OAuthTokenIssuer\":\"previous\",\"force\":\"yes\",",
        "alice took the previous certificate of OAuthTokenIssuer out of use" },
      { "\"remove-assignment\",", "alice took out of use what was not in use" },
      { "\"delete\",\"certificate\":\"" HASH "\",", "alice deleted auth.contoso.example" },
      { "\"delete-key\",\"certificate\":\"" HASH "\",",
        "alice deleted the private key of auth.contoso.example" },
      { "\"forget-key-uri\",\"certificate\":\"" HASH "\",",
        "alice made the server forget in which token the private key of auth.contoso.example is" },
      { "\"delete\",", "alice: delete" },
      { "\"delete\",\"certificates\":\"" UNKNOWN " " HASH "\",\"names\":\"gone.example, b\",",
        "alice deleted gone.example and b" },
      { "\"delete\",\"certificates\":\"" UNKNOWN "\",\"names\":\"one, two\",",
        "alice deleted certificate 00cdba98…" },
      { "\"set-properties\",\"certificate\":\"" UNKNOWN "\",\"name\":\"gone.example\",",
        "alice changed the properties of gone.example" },
      { "\"paint\",\"colour\":\"blue\",\"certificate\":\"" HASH "\",",
        "alice: paint colour blue, certificate auth.contoso.example" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strconcat (HEAD, cases[i].members, TAIL, NULL);
      g_autoptr(IssAuditEntry) entry = new_entry (line, ISS_AUDIT_ENTRY_DAMAGED);
      g_autofree char *sentence = iss_audit_sentence_dup (entry);

      g_assert_cmpint (iss_audit_entry_get_state (entry), ==, ISS_AUDIT_ENTRY_WHOLE);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

static void
test_details (void)
{
  g_autoptr(IssAuditEntry) entry =
    new_entry (HEAD "\"import\",\"certificates\":\"" HASH " " UNKNOWN "\",\"store\":\"\","
               "\"intent\":\"pool\",\"torn\":\"" HASH "\"," TAIL, ISS_AUDIT_ENTRY_DAMAGED);
  g_autofree char *details = iss_audit_sentence_dup_details (entry);

  g_assert_cmpstr (details, ==,
                   "certificates: " HASH " (auth.contoso.example)\n"
                   "certificates: " UNKNOWN "\n"
                   "intent: pool\n"
                   "Before it, a power loss cut off an entry");
}

static void
test_hashes (void)
{
  const char *position = "x " HASH ",no:" OTHER;
  char *hex;

  g_assert_true (iss_audit_sentence_next_hash (&position, &hex));
  g_assert_cmpstr (hex, ==, HASH);
  g_free (hex);
  g_assert_true (iss_audit_sentence_next_hash (&position, &hex));
  g_assert_cmpstr (hex, ==, OTHER);
  g_free (hex);
  g_assert_false (iss_audit_sentence_next_hash (&position, &hex));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/audit-entry/whole", test_whole);
  g_test_add_func ("/audit-entry/bad", test_bad);
  g_test_add_func ("/audit-entry/torn", test_torn);
  g_test_add_func ("/audit-entry/sentences", test_sentences);
  g_test_add_func ("/audit-entry/details", test_details);
  g_test_add_func ("/audit-entry/hashes", test_hashes);

  return g_test_run ();
}
