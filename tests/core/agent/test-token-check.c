/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/token-check.h"

#include <string.h>

#include "core/store/key-file.h"
#include "core/store/key-uri.h"
#include "tests/lib/server-folder.h"

#define PROVED 1793318400   /* 30 October 2026 */

static void
test_token_check_text (void)
{
  static const struct
    {
      IssTokenTrial trial;
      gint64        proved;
      const char   *reason;
      gboolean      matches;
      const char   *text;
    } cases[] =
    {
      { ISS_TOKEN_TRIAL_SIGNED, PROVED, "", TRUE,
        "Its private key is in a token, and signed just then" },
      { ISS_TOKEN_TRIAL_NONE, PROVED, "no PIN", TRUE,
        "Its private key is in a token, which proved it on 30 October 2026, 00:00 (UTC); it was "
        "not tried now: no PIN" },
      { ISS_TOKEN_TRIAL_NONE, 0, "no PIN", FALSE,
        "Its private key is said to be in a token, which never proved it: no PIN" },
      { ISS_TOKEN_TRIAL_FAILED, PROVED, "it is gone", FALSE,
        "Its private key is in a token and cannot be used: it is gone" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssTokenCheck *check = iss_token_check_new (cases[i].trial, cases[i].proved,
                                                  cases[i].reason);
      g_autofree char *text = iss_token_check_dup_text (check, NULL);

      g_assert_cmpint (iss_token_check_matches (check), ==, cases[i].matches);
      g_assert_cmpstr (text, ==, cases[i].text);
      iss_token_check_free (check);
    }
}

static IssTokenCheck *
check (IssServerFolder *folder,
       IssCertificate  *certificate,
       gboolean        *patient)
{
  return iss_token_check_make (folder->root, iss_certificate_get_sha256_hex (certificate),
                               ISS_SERVER_FOLDER_NOW, patient);
}

/* What is known without asking a token. */
static void
test_token_check_unasked (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssCertificate) held = iss_server_folder_hold (folder, "auth", "contoso.example");
  IssTokenCheck *not_there;
  IssTokenCheck *impatient;
  gboolean patient = TRUE;

  iss_key_file_remove (folder->root, iss_certificate_get_spki_sha256 (held), NULL);
  not_there = check (folder, held, &patient);
  g_assert_cmpint (not_there->trial, ==, ISS_TOKEN_TRIAL_FAILED);
  g_assert_true (patient);
  iss_token_check_free (not_there);

  iss_key_uri_save (folder->root, iss_certificate_get_spki_sha256 (held),
                    "pkcs11:token=HSM;object=auth;type=private", PROVED, NULL);
  patient = FALSE;
  impatient = check (folder, held, &patient);
  g_assert_cmpint (impatient->trial, ==, ISS_TOKEN_TRIAL_NONE);
  g_assert_cmpint (impatient->proved, ==, PROVED);
  g_assert_nonnull (strstr (impatient->reason, "did not answer in time"));
  iss_token_check_free (impatient);
}

/* A server is not trusted with what it says. */
static void
test_token_check_wire (void)
{
  static const struct { const char *text; gboolean good; } cases[] =
    {
      { "[]", TRUE },
      { "[(b'0123456789abcdef0123456789abcde', 0, 1793318400, 'no PIN')]", TRUE },
      { "[(b'short', 0, 1, '')]", FALSE },
      { "[(b'0123456789abcdef0123456789abcde', 3, 1, '')]", FALSE },
      { "[(b'0123456789abcdef0123456789abcde', 1, -1, '')]", FALSE },
      { "[(b'0123456789abcdef0123456789abcde', 1, 9223372036854775807, '')]", FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) checks =
        g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                               (GDestroyNotify) iss_token_check_free);
      g_autoptr(GVariant) list = g_variant_parse (G_VARIANT_TYPE (ISS_TOKEN_CHECK_TYPE),
                                                  cases[i].text, NULL, NULL, NULL);
      g_autoptr(GVariant) again = NULL;

      g_assert_nonnull (list);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (iss_token_check_read_all (list, checks), ==, cases[i].good);
      if (!cases[i].good)
        continue;

      again = g_variant_ref_sink (iss_token_check_write_all (checks));
      g_assert_true (g_variant_equal (again, list));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/token-check/text", test_token_check_text);
  g_test_add_func ("/token-check/unasked", test_token_check_unasked);

  g_test_add_func ("/token-check/wire", test_token_check_wire);

  return g_test_run ();
}
