/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: pfx-opener, pfx-outline. */
#include "core/formats/pfx-report.h"
#include "core/base/error.h"
#include "tests/lib/openssl-tool.h"

#include <openssl/pkcs12.h>
#include <string.h>

#define EXPORT "openssl pkcs12 -export -inkey leaf.key -in leaf.crt -certfile ca.crt -out a.p12 "
#define OLD "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 "

typedef struct
{
  IssTempFolder *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = iss_temp_folder_new ();
  iss_openssl_tool_make_pair (fixture->folder, "leaf");
  iss_openssl_tool_make_pair (fixture->folder, "ca");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_temp_folder_free (fixture->folder);
}

static IssPfxReport *
report_with (GBytes     *bytes,
             const char *password)
{
  g_autoptr(IssSecret) secret = iss_openssl_tool_secret (password);

  return iss_pfx_report_new (bytes, secret);
}

/* A letter for each program: y(es), n(o), d(epends), u(nknown). */
static char *
dup_verdicts (const IssPfxReport *report)
{
  GString *letters = g_string_new (NULL);

  for (guint i = 0; i < ISS_PFX_OPENER_N; i++)
    {
      IssPfxOpener opener = iss_pfx_opener_judge (report->outline, i);
      g_autofree char *text = iss_pfx_opener_dup_text (&opener);

      g_assert_cmpstr (text, !=, "");
      g_assert_cmpstr (opener.name, !=, "");
      g_assert_true ((opener.verdict == ISS_PFX_OPENER_YES) == (opener.reason == NULL));
      g_string_append_c (letters, *iss_pfx_opener_verdict_word (opener.verdict));
    }

  return g_string_free (letters, FALSE);
}

static void
test_good (Fixture       *fixture,
           gconstpointer  unused)
{
  /* Windows 2016, Windows 2019, OpenSSL 1.1, OpenSSL 3, Java, macOS */
  static const struct
  {
    const char *arguments;
    const char *integrity;
    const char *digest;
    guint64     rounds;
    const char *key;
    const char *content;
    const char *verdicts;
    guint       n_clear;
    guint       n_keys;
  } cases[] =
  {
    { "", "hmac", "SHA-256", 2048, "AES-256-CBC, PBKDF2 with HMAC-SHA-256",
      "AES-256-CBC, PBKDF2 with HMAC-SHA-256", "nyyydd", 0, 1 },
    { OLD "-iter 2000", "hmac", "SHA-1", 2000, "TripleDES with SHA-1", "TripleDES with SHA-1",
      "yyyyyy", 0, 1 },
    { "-legacy", "hmac", "SHA-1", 2048, "TripleDES with SHA-1", "RC2-40 with SHA-1", "yyydyy",
      0, 1 },
    { "-macalg sha512 -iter 1", "hmac", "SHA-512", 1, "AES-256-CBC, PBKDF2 with HMAC-SHA-256",
      "AES-256-CBC, PBKDF2 with HMAC-SHA-256", "nyyydd", 0, 1 },
    { "-macalg sha1 -iter 600001", "hmac", "SHA-1", 600001,
      "AES-256-CBC, PBKDF2 with HMAC-SHA-256", "AES-256-CBC, PBKDF2 with HMAC-SHA-256", "ndyydd",
      0, 1 },
    { "-nomac -certpbe AES-256-CBC", "none", NULL, 0, "AES-256-CBC, PBKDF2 with HMAC-SHA-256",
      "AES-256-CBC, PBKDF2 with HMAC-SHA-256", "nudydd", 0, 1 },
    { "-nomac " OLD, "none", NULL, 0, "TripleDES with SHA-1", "TripleDES with SHA-1", "uudyyu",
      0, 1 },
    { OLD "-certpbe NONE", "hmac", "SHA-1", 2048, "TripleDES with SHA-1", NULL, "yyyyyy", 2, 1 },
    { OLD "-certpbe NONE -keypbe NONE", "hmac", "SHA-1", 2048, NULL, NULL, "yyyyny", 2, 1 },
    { "-keypbe DES-EDE3-CBC -certpbe NONE -macalg sha1", "hmac", "SHA-1", 2048,
      "TripleDES-CBC, PBKDF2 with HMAC-SHA-256", NULL, "nuyynu", 2, 1 },
    { OLD "-nokeys", "hmac", "SHA-1", 2048, NULL, "TripleDES with SHA-1", "yyyydy", 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strconcat (EXPORT "-passout pass:secret ", cases[i].arguments,
                                           NULL);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IssPfxReport) report = NULL;
      g_autofree char *verdicts = NULL;
      const char *key = NULL;
      const char *content = NULL;

      g_test_message ("%s", cases[i].arguments);
      bytes = iss_openssl_tool_make_file (fixture->folder, line, "a.p12");
      report = report_with (bytes, "secret");

      g_assert_nonnull (report->outline);
      g_assert_true (report->outline->is_whole);
      g_assert_cmpstr (iss_pfx_report_get_integrity_word (report), ==, cases[i].integrity);
      g_assert_cmpstr (report->outline->digest, ==, cases[i].digest);
      g_assert_cmpuint (report->outline->rounds, ==, cases[i].rounds);
      g_assert_cmpuint (report->outline->n_certificates, ==, cases[i].n_clear);

      for (guint k = 0; k < report->outline->parts->len; k++)
        {
          const IssPfxOutlinePart *part = g_ptr_array_index (report->outline->parts, k);

          if (part->is_key)
            key = part->algorithm;
          else if (part->scheme != ISS_PFX_SCHEME_CLEAR)
            content = part->algorithm;
        }
      g_assert_cmpstr (key, ==, cases[i].key);
      g_assert_cmpstr (content, ==, cases[i].content);

      verdicts = dup_verdicts (report);
      g_assert_cmpstr (verdicts, ==, cases[i].verdicts);

      g_assert_null (report->message);
      g_assert_null (iss_pfx_report_get_cause_word (report));
      g_assert_cmpuint (iss_bundle_get_n_certificates (report->bundle), ==, 2);
      g_assert_cmpuint (iss_bundle_get_n_keys (report->bundle), ==, cases[i].n_keys);
    }
}

static GBytes *
replace (GBytes     *bytes,
         const char *from,
         const char *to,
         gsize       size)
{
  gsize total = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), total);
  guint8 *at = memmem (copy, total, from, size);

  g_assert_nonnull (at);
  memcpy (at, to, size);

  return g_bytes_new_take (copy, total);
}

static GBytes *
make (Fixture    *fixture,
      const char *command_line,
      const char *name)
{
  return iss_openssl_tool_make_file (fixture->folder, command_line, name);
}

/* One cause each, and the true one. */
static void
test_causes (Fixture       *fixture,
             gconstpointer  unused)
{
  /* id-data, and id-envelopedData and id-signedData in its place */
  static const char data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
  static const char enveloped[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
  static const char is_signed[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
  static const char some[] = "\x02\x04\x01\x02\x03\x04";
  static const char many[] = "\x02\x04\x7f\xff\xff\xff";
  static const char aes256[] = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
  static const char unknown[] = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x63";
  g_autoptr(GBytes) file = make (fixture, EXPORT "-passout pass:secret", "a.p12");
  g_autoptr(GBytes) long_file = make (fixture, EXPORT "-passout pass:secret -iter 16909060 "
                                      "-keypbe NONE -certpbe NONE", "a.p12");
  g_autoptr(GBytes) empty = make (fixture, "openssl pkcs12 -export -nokeys -in ca.crt -nomac "
                                  "-certpbe NONE -passout pass: -out a.p12", "a.p12");
  g_autoptr(GBytes) pem = iss_openssl_tool_load (fixture->folder, "leaf.crt");
  g_autoptr(GBytes) der = make (fixture, "openssl x509 -in leaf.crt -outform DER -out a.der",
                                "a.der");
  g_autoptr(GBytes) p7 = make (fixture, "openssl crl2pkcs7 -nocrl -certfile leaf.crt -outform DER "
                               "-out a.p7b", "a.p7b");
  g_autoptr(GBytes) for_group = replace (file, data, enveloped, sizeof data - 1);
  g_autoptr(GBytes) sealed = replace (file, data, is_signed, sizeof data - 1);
  g_autoptr(GBytes) costly = replace (long_file, some, many, sizeof some - 1);
  g_autoptr(GBytes) strange = replace (file, aes256, unknown, sizeof aes256 - 1);
  g_autoptr(GBytes) cut = g_bytes_new_from_bytes (file, 0, 700);
  g_autoptr(GBytes) text = g_bytes_new_static ("Dear customer, attached your file.", 34);
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);
  const struct
  {
    const char *name;
    GBytes     *bytes;
    const char *password;
    const char *cause;
    const char *words;    /* in the message */
  } cases[] =
  {
    { "no password", file, NULL, "password needed", "password" },
    { "wrong password", file, "Secret", "wrong password", "password is wrong" },
    { "a group's", for_group, "secret", "protected for a group", "Windows group" },
    { "signed", sealed, "secret", "sealed with a key", "somebody's key" },
    { "costly", costly, "secret", "too costly", "2147483647" },
    { "unknown cipher", strange, "secret", "algorithm not available", "not supported" },
    { "cut", cut, "secret", "damaged", "cut short" },
    { "PEM", pem, NULL, "not a PFX", "PEM" },
    { "DER", der, NULL, "not a PFX", "certificate" },
    { "PKCS#7", p7, NULL, "not a PFX", "PKCS#7" },
    { "text", text, NULL, "not a PFX", "not a certificate" },
    { "nothing", nothing, NULL, "not a PFX", "empty" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPfxReport) report = report_with (cases[i].bytes, cases[i].password);
      g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
      g_autoptr(GPtrArray) lines = iss_pfx_report_dup_lines (report, zone);
      const IssPfxLine *first = g_ptr_array_index (lines, 0);

      g_test_message ("%s: %s", cases[i].name, report->message);
      g_assert_null (report->bundle);
      g_assert_cmpstr (iss_pfx_report_get_cause_word (report), ==, cases[i].cause);
      g_assert_nonnull (strstr (report->message, cases[i].words));
      g_assert_cmpint (first->kind, ==, report->cause == ISS_PFX_CAUSE_PASSWORD_NEEDED
                                        ? ISS_PFX_LINE_FACT
                                        : report->cause == ISS_PFX_CAUSE_NOT_PFX
                                          ? ISS_PFX_LINE_WARNING : ISS_PFX_LINE_BAD);
    }

  /* The password that is asked for by nobody opens it. */
  {
    g_autoptr(IssPfxReport) report = report_with (empty, NULL);

    g_assert_null (iss_pfx_report_get_cause_word (report));
    g_assert_cmpuint (iss_bundle_get_n_certificates (report->bundle), ==, 1);
  }
}

/* Sealed with one password, encrypted with another (RFC 7292 section 4 allows it). */
static void
test_other_password (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(GBytes) bytes = make (fixture, EXPORT "-passout pass:secret", "a.p12");
  g_autoptr(GBytes) changed = NULL;
  g_autoptr(IssPfxReport) report = NULL;
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  PKCS12 *file = d2i_PKCS12 (NULL, &data, (long) g_bytes_get_size (bytes));
  guint8 *der = NULL;
  int size;

  g_assert_true (PKCS12_set_mac (file, "other", -1, NULL, 0, 1, EVP_sha256 ()));
  size = i2d_PKCS12 (file, &der);
  changed = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  PKCS12_free (file);

  report = report_with (changed, "other");
  g_assert_cmpstr (iss_pfx_report_get_cause_word (report), ==, "another password for a part");
  g_assert_nonnull (strstr (report->message, "another password"));
}

static void
test_from_error (void)
{
  g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, ISS_ERROR_TOO_LARGE, "Too large");
  g_autoptr(IssPfxReport) report = iss_pfx_report_new_from_error (error);

  g_assert_cmpstr (iss_pfx_report_get_cause_word (report), ==, "too large");
  g_assert_null (iss_pfx_report_get_integrity_word (report));
  g_assert_cmpstr (report->message, ==, "Too large");
}

static gboolean
has_line (GPtrArray      *lines,
          IssPfxLineKind  kind,
          const char     *name,
          const char     *value)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const IssPfxLine *line = g_ptr_array_index (lines, i);

      if (line->kind == kind && g_str_equal (line->name, name) &&
          g_str_equal (line->value, value))
        return TRUE;
    }

  return FALSE;
}

static void
test_lines (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GBytes) bytes = make (fixture, EXPORT "-passout pass:secret -certpbe NONE -name Größe "
                                  "-CSP 'Microsoft Software Key Storage Provider'", "a.p12");
  g_autoptr(IssPfxReport) report = report_with (bytes, "secret");
  g_autoptr(GPtrArray) lines = iss_pfx_report_dup_lines (report, zone);

  g_assert_true (has_line (lines, ISS_PFX_LINE_GOOD, "Opens", "yes"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Integrity",
                           "HMAC with SHA-256, 2048 rounds"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Private key",
                           "AES-256-CBC, PBKDF2 with HMAC-SHA-256, 2048 rounds"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_WARNING, "Content", "not encrypted"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Open to everybody", "2 certificates"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_HEADING, "Opened by", ""));
  g_assert_true (has_line (lines, ISS_PFX_LINE_GOOD, "OpenSSL 3", "yes"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Certificate", "leaf"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Friendly name", "Größe"));
  g_assert_true (has_line (lines, ISS_PFX_LINE_FACT, "Kept by",
                           "Microsoft Software Key Storage Provider"));
}

#define ADD(path, func) g_test_add ("/pfx-report/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("good", test_good);
  ADD ("causes", test_causes);
  ADD ("other-password", test_other_password);
  g_test_add_func ("/pfx-report/from-error", test_from_error);
  ADD ("lines", test_lines);

  return g_test_run ();
}
