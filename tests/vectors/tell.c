/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What our readers see in files of others, for tests that ask somebody else as well:
 *
 *   tell pfx PASSWORD FILE...   "-" is no password, "" an empty one
 *   tell file PASSWORD FILE...  of any format
 *   tell write PROFILE PASSWORD FILE OUT   writes what is in FILE as PFX: aes256 or tripledes
 *   tell x509 FILE...           of one certificate as DER
 *   tell details FILE...        of one certificate as DER: every field of the Details page
 *
 * Writes one line of JSON a file: an object with "error", the code's number, or what was read. */

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/certificate-summary.h"
#include "core/certificate/details.h"
#include "core/formats/certificate-file.h"
#include "core/formats/pfx-writer.h"
#include "core/formats/pfx-report.h"

#include <stdio.h>
#include <string.h>

static void
add_text (GString    *json,
          const char *name,
          const char *text)
{
  g_string_append_printf (json, "\"%s\": \"", name);
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (json, '\\');
      g_string_append_c (json, *c);
    }

  g_string_append (json, "\", ");
}

static void
add_number (GString    *json,
            const char *name,
            gint64      number)
{
  g_string_append_printf (json, "\"%s\": %" G_GINT64_FORMAT ", ", name, number);
}

/* An object is begun by "{" and ended here, without its last comma. */
static void
end_object (GString *json)
{
  if (g_str_has_suffix (json->str, ", "))
    g_string_truncate (json, json->len - 2);
  g_string_append_c (json, '}');
}

static void
add_error (GString      *json,
           const GError *error)
{
  g_assert_true (error->domain == ISS_ERROR);
  add_number (json, "error", error->code);
}

static IssSecret *
new_password (const char *password)
{
  return g_str_equal (password, "-") ? NULL : iss_secret_new (password, strlen (password));
}

static void
tell_bundle (GString   *json,
             IssBundle *bundle)
{
  static const char *const pairings[] = { "none", "public key", "both", "contradicted" };
  static const char *const formats[] = { "unknown", "PEM", "DER", "PFX", "PKCS#7", "SST" };
  static const char *const integrities[] = { "none", "hmac", "pbmac1" };

  add_text (json, "format", formats[iss_bundle_get_format (bundle)]);
  add_text (json, "integrity", integrities[iss_bundle_get_integrity (bundle)]);
  add_number (json, "keys", iss_bundle_get_n_keys (bundle));
  add_number (json, "unpaired", iss_bundle_get_n_unpaired_keys (bundle));

  g_string_append (json, "\"kinds\": [");
  for (guint i = 0; i < iss_bundle_get_n_keys (bundle); i++)
    {
      IssPrivateKey *key = iss_bundle_get_key (bundle, i);

      g_string_append_printf (json, "%s\"%s %u\"", i > 0 ? ", " : "",
                              iss_private_key_get_algorithm (key), iss_private_key_get_bits (key));
    }

  g_string_append (json, "], \"certificates\": [");
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    {
      IssCertificate *certificate = iss_bundle_get_certificate (bundle, i);
      const char *name = iss_bundle_get_friendly_name (bundle, i);

      g_string_append (json, i > 0 ? ", {" : "{");
      add_text (json, "sha256", iss_certificate_get_sha256_hex (certificate));
      add_text (json, "name", name != NULL ? name : "");
      add_number (json, "has_key", iss_bundle_get_key_for (bundle, i) != NULL);
      add_text (json, "pairing", pairings[iss_bundle_get_pairing (bundle, i)]);
      end_object (json);
    }

  g_string_append (json, "], ");
}

static void
tell_pfx (GString    *json,
          GBytes     *bytes,
          const char *password)
{
  g_autoptr(IssSecret) secret = new_password (password);
  g_autoptr(IssPfxReport) report = iss_pfx_report_new (bytes, secret);
  const char *cause = iss_pfx_report_get_cause_word (report);

  if (cause != NULL)
    add_text (json, "cause", cause);
  else
    tell_bundle (json, report->bundle);
}

static void
tell_file (GString    *json,
           GBytes     *bytes,
           const char *password)
{
  g_autoptr(IssSecret) secret = new_password (password);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssBundle) bundle = iss_certificate_file_read (bytes, secret, &error);

  if (bundle != NULL)
    {
      tell_bundle (json, bundle);
      return;
    }

  add_error (json, error);
  add_text (json, "message", error->message);
}

static int
write_pfx (const char *profile,
           const char *password,
           const char *path,
           const char *out_path)
{
  g_autoptr(IssSecret) secret = new_password (password);
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GError) error = NULL;
  char *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &error))
    g_error ("%s", error->message);

  bytes = g_bytes_new_take (data, size);
  bundle = iss_certificate_file_read (bytes, secret, &error);
  if (bundle != NULL)
    written = iss_pfx_writer_write (bundle, g_str_equal (profile, "aes256")
                                            ? ISS_PFX_PROFILE_AES256_SHA256
                                            : ISS_PFX_PROFILE_TRIPLEDES_SHA1, secret, &error);
  if (written == NULL ||
      !g_file_set_contents (out_path, g_bytes_get_data (written, NULL),
                            (gssize) g_bytes_get_size (written), &error))
    g_error ("%s", error->message);

  return 0;
}

static void
add_bytes (GString      *json,
           const char   *name,
           const guint8 *data,
           gsize         size)
{
  g_autofree char *hex = iss_text_hex (data, size, FALSE);

  add_text (json, name, hex);
}

static void
tell_summary (GString *json,
              GBytes  *bytes)
{
  g_auto(IssCertificateSummary) summary = { NULL };
  g_autoptr(GError) error = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!iss_certificate_summary_read (&summary, data, size, &error))
    {
      add_error (json, error);
      return;
    }

  add_text (json, "issued_to", summary.issued_to);
  add_text (json, "issued_by", summary.issued_by);
  add_number (json, "not_before", summary.not_before);
  add_number (json, "not_after", summary.not_after);
  add_text (json, "key_algorithm", summary.key_algorithm);
  add_number (json, "key_bits", summary.key_bits);
  add_number (json, "is_ca", summary.is_ca);
  add_number (json, "is_self_issued", summary.is_self_issued);
  add_bytes (json, "sha256", summary.sha256, sizeof summary.sha256);
  add_bytes (json, "sha1", summary.sha1, sizeof summary.sha1);
  add_bytes (json, "spki_sha256", summary.spki_sha256, sizeof summary.spki_sha256);
  add_text (json, "purposes", summary.purposes);
}

static void
add_hash (GString    *json,
          const char *name,
          GBytes     *bytes)
{
  add_bytes (json, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
tell_certificate (GString *json,
                  GBytes  *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) self = iss_certificate_new_from_der (bytes, &error);

  if (self == NULL)
    {
      add_error (json, error);
      return;
    }

  add_text (json, "issued_to", iss_certificate_get_issued_to (self));
  add_text (json, "issued_by", iss_certificate_get_issued_by (self));
  add_number (json, "not_before", iss_certificate_get_not_before (self));
  add_number (json, "not_after", iss_certificate_get_not_after (self));
  add_text (json, "key_algorithm", iss_certificate_get_key_algorithm (self));
  add_number (json, "key_bits", iss_certificate_get_key_bits (self));
  add_number (json, "is_ca", iss_certificate_is_ca (self));
  add_number (json, "is_self_issued", iss_certificate_is_self_issued (self));
  add_hash (json, "sha256", iss_certificate_get_sha256 (self));
  add_hash (json, "sha1", iss_certificate_get_sha1 (self));
  add_hash (json, "spki_sha256", iss_certificate_get_spki_sha256 (self));
}

/* Lines are an array: a newline is nothing else in JSON's strings. */
static void
add_lines (GString    *json,
           const char *name,
           const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  g_string_append_printf (json, "\"%s\": [", name);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *escaped = NULL;
      g_auto(GStrv) parts = g_strsplit (lines[i], "\\", -1);
      g_autofree char *once = g_strjoinv ("\\\\", parts);
      g_auto(GStrv) quoted = g_strsplit (once, "\"", -1);

      escaped = g_strjoinv ("\\\"", quoted);
      g_string_append_printf (json, "%s\"%s\"", i > 0 ? ", " : "", escaped);
    }

  g_string_append (json, "], ");
}

static void
tell_details (GString *json,
              GBytes  *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) certificate = iss_certificate_new_from_der (bytes, &error);
  g_autoptr(IssDetails) details = NULL;

  if (certificate == NULL)
    {
      add_error (json, error);
      return;
    }

  details = iss_details_new (certificate, NULL, 0, NULL);
  g_string_append (json, "\"fields\": [");
  for (guint i = 0; i < iss_details_get_n_fields (details); i++)
    {
      const IssDetailsField *field = iss_details_get_field (details, i);

      g_string_append (json, i > 0 ? ", {" : "{");
      add_text (json, "name", field->name);
      add_text (json, "oid", field->oid);
      add_text (json, "label", field->label);
      add_text (json, "value", field->value);
      add_number (json, "critical", field->critical);
      add_number (json, "decoded", !field->is_raw || field->note == NULL);
      add_text (json, "note", field->note != NULL ? field->note : "");
      add_lines (json, "text", field->whole);
      end_object (json);
    }

  g_string_append (json, "], ");
}

int
main (int    argc,
      char **argv)
{
  gboolean is_pfx = argc > 3 && g_str_equal (argv[1], "pfx");
  gboolean is_file = argc > 3 && g_str_equal (argv[1], "file");
  gboolean is_details = argc > 2 && g_str_equal (argv[1], "details");

  if (argc == 6 && g_str_equal (argv[1], "write"))
    return write_pfx (argv[2], argv[3], argv[4], argv[5]);

  if (!is_pfx && !is_file && !is_details && (argc < 3 || !g_str_equal (argv[1], "x509")))
    {
      g_printerr ("tell pfx|file PASSWORD FILE... | tell x509|details FILE... | "
                  "tell write PROFILE PASSWORD FILE OUT\n");
      return 2;
    }

  for (int i = is_pfx || is_file ? 3 : 2; i < argc; i++)
    {
      g_autoptr(GString) json = g_string_new ("{");
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GError) error = NULL;
      char *data;
      gsize size;

      if (!g_file_get_contents (argv[i], &data, &size, &error))
        g_error ("%s", error->message);

      bytes = g_bytes_new_take (data, size);
      if (is_pfx)
        {
          tell_pfx (json, bytes, argv[2]);
        }
      else if (is_file)
        {
          tell_file (json, bytes, argv[2]);
        }
      else if (is_details)
        {
          tell_details (json, bytes);
        }
      else
        {
          g_string_append (json, "\"summary\": {");
          tell_summary (json, bytes);
          end_object (json);
          g_string_append (json, ", \"certificate\": {");
          tell_certificate (json, bytes);
          end_object (json);
        }

      end_object (json);
      puts (json->str);    /* g_print () would turn it into the locale's characters */
    }

  return 0;
}
