/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/export-options.h"

#include <string.h>

#include "core/base/error.h"

static GVariant *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  GVariant *options = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);

  g_assert_no_error (error);
  return options;
}

/* What is written is read as it was. */
static void
test_round (void)
{
  for (guint bits = 0; bits < 128; bits++)
    {
      const IssExportOptions options =
        {
          .format = (IssExportFormat) (bits & 3),
          .include_chain = (bits & 4) != 0,
          .profile = (bits & 8) != 0 ? ISS_PFX_PROFILE_TRIPLEDES_SHA1
                                     : ISS_PFX_PROFILE_AES256_SHA256,
          .privacy = (bits & 16) != 0,
          .properties = (bits & 32) != 0,
          .delete_key = (bits & 64) != 0 && (bits & 3) == ISS_EXPORT_PFX,
          .what_if = (bits & 64) != 0,
        };
      g_autoptr(GVariant) variant = g_variant_ref_sink (iss_export_options_to_variant (&options));
      g_autoptr(GError) error = NULL;
      IssExportOptions read = { 0 };

      if (!iss_export_options_check (&options, NULL))
        {
          g_assert_false (iss_export_options_from_variant (&read, variant, &error));
          g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
          continue;
        }

      g_assert_true (iss_export_options_from_variant (&read, variant, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (&read, sizeof read, &options, sizeof options);
    }
}

static void
test_bad (void)
{
  static const char *const texts[] =
  {
    "{'format': <'jks'>}",
    "{'format': <''>}",
    "{'format': <'PFX'>}",
    "{'encryption': <'rc2'>}",
    "{'format': <'der'>, 'include-chain': <true>}",
    "{'format': <'p7b'>, 'delete-key': <true>}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GVariant) variant = parse (texts[i]);
      g_autoptr(GError) error = NULL;
      IssExportOptions read = { .what_if = 7 };

      g_test_message ("%s", texts[i]);
      g_assert_false (iss_export_options_from_variant (&read, variant, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_cmpint (read.what_if, ==, 7);
    }
}

static void
test_defaults (void)
{
  g_autoptr(GVariant) nothing = parse ("{'unknown': <1>}");
  g_autoptr(GError) error = NULL;
  IssExportOptions options;

  iss_export_options_init (&options);
  g_assert_cmpint (options.format, ==, ISS_EXPORT_PFX);
  g_assert_cmpint (options.profile, ==, ISS_PFX_PROFILE_AES256_SHA256);
  g_assert_true (options.include_chain && options.privacy && options.properties);
  g_assert_false (options.delete_key);
  g_assert_true (iss_export_options_check (&options, &error));

  g_assert_true (iss_export_options_from_variant (&options, nothing, &error));
  g_assert_cmpint (options.format, ==, ISS_EXPORT_PFX);
  g_assert_false (options.include_chain);
}

static void
test_words (void)
{
  for (guint i = 0; i <= ISS_EXPORT_SST; i++)
    {
      IssExportFormat format = ISS_EXPORT_P7B;

      g_assert_true (iss_export_options_parse_format (
        iss_export_options_format_name ((IssExportFormat) i), &format, NULL));
      g_assert_cmpint (format, ==, i);
      g_assert_nonnull (strchr (iss_export_options_format_label ((IssExportFormat) i), '('));
      g_assert_cmpint (iss_export_options_format_suffix ((IssExportFormat) i)[0], ==, '.');
    }

  g_assert_nonnull (strstr (iss_export_options_profile_readers (ISS_PFX_PROFILE_AES256_SHA256),
                            "1709"));
  g_assert_nonnull (strstr (iss_export_options_profile_readers (ISS_PFX_PROFILE_TRIPLEDES_SHA1),
                            "2016"));
  g_assert_cmpstr (iss_export_options_profile_name (ISS_PFX_PROFILE_TRIPLEDES_SHA1), ==,
                   "tripledes-sha1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/export-options/round", test_round);
  g_test_add_func ("/export-options/bad", test_bad);
  g_test_add_func ("/export-options/defaults", test_defaults);
  g_test_add_func ("/export-options/words", test_words);

  return g_test_run ();
}
