/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/formats/pfx-report.h"
#include "tests/fuzz/target.h"
#include "tests/lib/openssl-tool.h"

#define MOST_ITERATIONS 5000

/* What is allowed for one file takes minutes under the sanitizers: inputs in which there is an
 * INTEGER from here to the reader's own limit, over which it must refuse, are passed over. */
static gboolean
is_costly (const guint8 *data,
           gsize         size)
{
  for (gsize i = 0; i + 1 < size; i++)
    {
      gsize n = data[i + 1];
      gsize start = i + 2;
      guint64 number = 0;

      if (data[i] != 0x02)
        continue;

      if (n >= 0x81 && n <= 0x84)      /* BER: a length that is longer than it need be */
        {
          start += n - 0x80;
          n = start <= size ? data[start - 1] : 0;
        }

      for (gsize j = 0; j < n && start + j < size && number <= ISS_PFX_MAX_DERIVATION; j++)
        number = number << 8 | data[start + j];

      if (number > MOST_ITERATIONS && number <= ISS_PFX_MAX_DERIVATION)
        return TRUE;
    }

  return FALSE;
}

void
iss_target_add_seeds (GPtrArray *seeds)
{
  static const char *const arguments[] =
  {
    "-iter 2",
    "-iter 2 -nomac -certpbe NONE",
    "-iter 2 -certpbe NONE -keypbe NONE -name Auth",
    "-iter 2 -nomac -certpbe NONE -keypbe NONE -name Auth",
    "-iter 1 -legacy",
  };
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  iss_openssl_tool_make_pair (folder, "a");
  for (gsize i = 0; i < G_N_ELEMENTS (arguments); i++)
    {
      g_autofree char *line = g_strdup_printf ("openssl pkcs12 -export -inkey a.key -in a.crt "
                                               "-passout pass:secret -out a.p12 %s", arguments[i]);

      g_ptr_array_add (seeds, iss_openssl_tool_make_file (folder, line, "a.p12"));
    }
}

/* The doctor says something of whatever there is, and always one cause or none. */
static void
look_at_it (GBytes    *bytes,
            IssSecret *password)
{
  g_autoptr(IssPfxReport) report = iss_pfx_report_new (bytes, password);
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr(GPtrArray) lines = iss_pfx_report_dup_lines (report, zone);

  g_assert_true ((report->bundle == NULL) == (iss_pfx_report_get_cause_word (report) != NULL));
  g_assert_true ((report->bundle == NULL) == (report->message != NULL));

  for (guint i = 0; i < lines->len; i++)
    {
      const IssPfxLine *line = g_ptr_array_index (lines, i);

      g_assert_true (g_utf8_validate (line->name, -1, NULL));
      g_assert_true (g_utf8_validate (line->value, -1, NULL));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(IssSecret) password = iss_secret_new ("secret", 6);
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GError) error = NULL;

  iss_pfx_looks_like (bytes);
  if (is_costly (data, size))
    return 0;

  look_at_it (bytes, password);
  bundle = iss_pfx_read (bytes, password, &error);
  iss_seeds_assert_refused (bundle != NULL, error);
  if (bundle == NULL)
    return 0;

  g_assert_true (iss_bundle_get_format (bundle) == ISS_FORMAT_PFX);
  for (guint i = 0; i < iss_bundle_get_n_certificates (bundle); i++)
    g_assert_true (ISS_IS_CERTIFICATE (iss_bundle_get_certificate (bundle, i)));

  return 0;
}
