/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/text.h"
#include "core/certificate/details.h"
#include "core/certificate/details-extension.h"
#include "core/certificate/details-text.h"
#include "tests/fuzz/target.h"

/* What the Details page makes of a certificate, and of an extension's bytes whatever it is. */

static const char *const oids[] =
{
  "2.5.29.9", "2.5.29.14", "2.5.29.15", "2.5.29.16", "2.5.29.17", "2.5.29.18", "2.5.29.19",
  "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.35", "2.5.29.36", "2.5.29.37",
  "2.5.29.46", "2.5.29.54", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.11", "1.3.6.1.5.5.7.1.24",
  "1.3.6.1.5.5.7.48.1.5", "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.4.1.311.20.2",
  "1.3.6.1.4.1.311.21.1", "1.3.6.1.4.1.311.21.7", "1.3.6.1.4.1.311.21.10",
  "1.2.840.113549.1.9.15", "2.16.840.1.113730.1.1",
};

void
iss_target_add_seeds (GPtrArray *seeds)
{
  /* A name of each kind; a distribution point; a policy with a notice; a timestamp. */
  static const char *const extensions[] =
    {
      "3030820161810161860161870401020304871001020304050607080102030405060708880229038203"
      "61d09f300000",
      "301a3018a014a0128610687474703a2f2f6578616d706c652f63810106",
      "302c302a06022a0330243022"
      "06082b0601050507020230160c14446f206e6f742072656c79206f6e2074686973",
      "043700350033000000000000000000000000000000000000000000000000000000000000000000"
      "00000001999c82cc00000004030004aabbccdd",
      "300e300c06035504053105130131",
    };

  iss_seeds_add_certificate (seeds);
  for (gsize i = 0; i < G_N_ELEMENTS (extensions); i++)
    {
      GBytes *bytes = iss_text_parse_hex (extensions[i]);

      g_assert_nonnull (bytes);
      g_ptr_array_add (seeds, bytes);
    }
}

static void
assert_clean (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *c = text; *c != '\0'; c++)
    g_assert_true ((guchar) *c >= ' ' || *c == '\n');
}

static void
try_extension (const uint8_t *data,
               size_t         size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (oids); i++)
    {
      g_autoptr(IssDetailsText) text = iss_details_text_new ();
      g_autofree char *whole = NULL;

      iss_details_extension_decode (oids[i], size > 0 ? data : NULL, size, text);
      whole = iss_details_text_dup_whole (text);
      assert_clean (whole);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCertificate) certificate = iss_certificate_new_from_der (bytes, &error);
  g_autoptr(IssDetails) details = NULL;

  try_extension (data, size);
  if (certificate == NULL)
    return 0;

  details = iss_details_new (certificate, NULL, 0, NULL);
  g_assert_cmpuint (iss_details_get_n_fields (details), >=, 10);
  for (guint i = 0; i < iss_details_get_n_fields (details); i++)
    {
      const IssDetailsField *field = iss_details_get_field (details, i);

      assert_clean (field->value);
      assert_clean (field->text);
      assert_clean (field->whole);
      g_assert_cmpint (g_utf8_strlen (field->value, -1), <=, 256);
    }

  return 0;
}
