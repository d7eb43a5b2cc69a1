/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/proof.h"

#include "core/base/error.h"
#include "core/certificate/signature.h"
#include "tests/lib/server-folder.h"

#include <string.h>

#define NOW ISS_SERVER_FOLDER_NOW
#define TYPE "OAuthTokenIssuer"

static GBytes *
fill (guint8 value)
{
  guint8 bytes[32];

  memset (bytes, value, sizeof bytes);
  return g_bytes_new (bytes, sizeof bytes);
}

/* Each byte of what is signed, by hand. */
static void
test_proof_statement (void)
{
  static const char text[] = "issuant proof 1\n" "server\0" TYPE "\0"
                             "cccccccccccccccccccccccccccccccc"
                             "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
                             "oooooooooooooooooooooooooooooooo"
                             "2027-06-30T00:00:00Z";
  g_autoptr(GBytes) expected = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr(GBytes) sha256 = fill ('c');
  g_autoptr(GBytes) nonce = fill ('n');
  g_autoptr(GBytes) own = fill ('o');
  g_autoptr(GBytes) statement = iss_proof_new_statement ("server", TYPE, sha256, nonce, own, NOW);

  g_assert_true (g_bytes_equal (statement, expected));
}

static void
test_proof_nonce (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) one = iss_proof_new_nonce (&error);
  g_autoptr(GBytes) two = iss_proof_new_nonce (&error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (one), ==, ISS_PROOF_NONCE_SIZE);
  g_assert_false (g_bytes_equal (one, two));
}

/* One certificate, its key, and what proved that. */
typedef struct
{
  IssServerFolder *folder;
  IssCertificate  *certificate;
  IssCertificate  *other;
  IssPrivateKey   *key;
  IssPrivateKey   *other_key;
  GBytes          *nonce;
  IssProof        *proof;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  self->folder = iss_server_folder_new ();
  self->certificate = iss_server_folder_make (self->folder, "auth", "contoso.example", &self->key);
  self->other = iss_server_folder_make (self->folder, "other", "contoso.example",
                                        &self->other_key);
  self->nonce = iss_proof_new_nonce (&error);
  g_assert_no_error (error);
  self->proof = iss_proof_make (self->key, self->certificate, "server", TYPE, self->nonce, NOW,
                                &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *self,
           gconstpointer  unused)
{
  iss_proof_free (self->proof);
  g_bytes_unref (self->nonce);
  g_object_unref (self->certificate);
  g_object_unref (self->other);
  g_object_unref (self->key);
  g_object_unref (self->other_key);
  iss_server_folder_free (self->folder);
}

static void
expect_refused (Fixture    *self,
                const char *label,
                IssProof   *proof,
                const char *server_id,
                const char *type,
                GBytes     *sha256,
                GBytes     *nonce)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", label);
  g_assert_false (iss_proof_verify (proof, server_id, type, sha256, nonce, NOW - 5, NOW + 5,
                                    &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
}

static void
test_proof_verify (Fixture       *self,
                   gconstpointer  unused)
{
  GBytes *sha256 = iss_certificate_get_sha256 (self->certificate);
  GBytes *own = iss_proof_get_own (self->proof);
  GBytes *signature = iss_proof_get_signature (self->proof);
  g_autoptr(GBytes) next = iss_proof_new_nonce (NULL);
  g_autoptr(IssProof) later = iss_proof_new (self->certificate, own, NOW + 1, signature);
  g_autoptr(IssProof) reused = iss_proof_new (self->certificate, next, NOW, signature);
  g_autoptr(IssProof) swapped = iss_proof_new (self->other, own, NOW, signature);
  g_autoptr(IssProof) borrowed = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_proof_verify (self->proof, "server", TYPE, sha256, self->nonce, NOW - 5,
                                   NOW + 5, &error));
  g_assert_no_error (error);

  expect_refused (self, "replay", self->proof, "server", TYPE, sha256, next);
  expect_refused (self, "another server's", self->proof, "server2", TYPE, sha256, self->nonce);
  expect_refused (self, "for another type", self->proof, "server", "Default", sha256, self->nonce);
  expect_refused (self, "for no type", self->proof, "server", "", sha256, self->nonce);
  expect_refused (self, "of another certificate", self->proof, "server", TYPE,
                  iss_certificate_get_sha256 (self->other), self->nonce);
  expect_refused (self, "with another certificate", swapped, "server", TYPE, sha256, self->nonce);
  expect_refused (self, "other bytes of its own", reused, "server", TYPE, sha256, self->nonce);
  expect_refused (self, "another time", later, "server", TYPE, sha256, self->nonce);

  /* Names cannot grow into one another. */
  expect_refused (self, "server and type shifted", self->proof, "serverO", "AuthTokenIssuer",
                  sha256, self->nonce);

  borrowed = iss_proof_make (self->other_key, self->certificate, "server", TYPE, self->nonce, NOW,
                             &error);
  g_assert_no_error (error);
  expect_refused (self, "another key", borrowed, "server", TYPE, sha256, self->nonce);
}

/* Every byte of what was signed counts. */
static void
test_proof_changed (Fixture       *self,
                    gconstpointer  unused)
{
  GBytes *sha256 = iss_certificate_get_sha256 (self->certificate);
  g_autoptr(GBytes) statement = iss_proof_new_statement ("server", TYPE, sha256, self->nonce,
                                                         iss_proof_get_own (self->proof), NOW);
  gsize size = g_bytes_get_size (statement);

  for (gsize i = 0; i < size; i++)
    {
      guint8 *bytes = g_memdup2 (g_bytes_get_data (statement, NULL), size);
      g_autoptr(GBytes) changed = NULL;
      g_autoptr(GError) error = NULL;

      bytes[i] ^= 0x20;
      changed = g_bytes_new_take (bytes, size);
      g_assert_false (iss_signature_verify (self->certificate, changed,
                                            iss_proof_get_signature (self->proof), &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_FAILED);
    }
}

static void
test_proof_time (Fixture       *self,
                 gconstpointer  unused)
{
  const struct
    {
      gint64   earliest;
      gint64   latest;
      gboolean good;
    } cases[] =
    {
      { NOW, NOW, TRUE },
      { NOW - 10, NOW - 1, FALSE },
      { NOW + 1, NOW + 10, FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (iss_proof_verify (self->proof, "server", TYPE,
                                         iss_certificate_get_sha256 (self->certificate),
                                         self->nonce, cases[i].earliest, cases[i].latest, &error),
                       ==, cases[i].good);
      g_assert_true (cases[i].good == (error == NULL));
      if (error != NULL)
        g_assert_nonnull (strstr (error->message, "2027-06-30T00:00:00Z"));
    }
}

/* What a verifier of PS256 would take as a token: the key never signs it. */
static void
test_proof_no_token (Fixture       *self,
                     gconstpointer  unused)
{
  g_autoptr(GBytes) input = g_bytes_new_static ("eyJhbGciOiJQUzI1NiJ9.eyJzdWIiOiJyb290In0", 40);
  g_autoptr(GBytes) nonce = g_bytes_new_from_bytes (input, 0, ISS_PROOF_NONCE_SIZE);
  g_autoptr(IssProof) proof = NULL;
  g_autoptr(GBytes) statement = NULL;
  g_autoptr(GError) error = NULL;

  proof = iss_proof_make (self->key, self->certificate, "server", TYPE, nonce, NOW, &error);
  g_assert_no_error (error);
  g_assert_false (iss_signature_verify (self->certificate, input,
                                        iss_proof_get_signature (proof), NULL));
  g_assert_false (iss_signature_verify (self->certificate, nonce,
                                        iss_proof_get_signature (proof), NULL));

  statement = iss_proof_new_statement ("server", TYPE,
                                       iss_certificate_get_sha256 (self->certificate), nonce,
                                       iss_proof_get_own (proof), NOW);
  g_assert_nonnull (memchr (g_bytes_get_data (statement, NULL), 0, g_bytes_get_size (statement)));
  g_assert_cmpint (memcmp (g_bytes_get_data (statement, NULL), "issuant proof 1\n", 16), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/proof/statement", test_proof_statement);
  g_test_add_func ("/proof/nonce", test_proof_nonce);
  g_test_add ("/proof/verify", Fixture, NULL, set_up, test_proof_verify, tear_down);
  g_test_add ("/proof/changed", Fixture, NULL, set_up, test_proof_changed, tear_down);
  g_test_add ("/proof/time", Fixture, NULL, set_up, test_proof_time, tear_down);
  g_test_add ("/proof/no-token", Fixture, NULL, set_up, test_proof_no_token, tear_down);

  return g_test_run ();
}
