/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/witness.h"

#include <string.h>

static void
test_witness (void)
{
  const guint8 zeros[32] = { 0 };
  const guint8 ones[32] = { 1 };
  g_autoptr(IssWitness) witness = iss_witness_new ();
  g_autoptr(GBytes) sha256 = g_bytes_new (zeros, sizeof zeros);
  g_autofree char *endless = g_strnfill (100000, 'x');
  const IssWitnessed *seen;

  g_assert_null (iss_witness_get_proof (witness, zeros));
  g_assert_null (iss_witness_get_use (witness, "Default"));

  iss_witness_add_proof (witness, sha256, 5, "no key");
  seen = iss_witness_get_proof (witness, zeros);
  g_assert_cmpint (seen->at, ==, 5);
  g_assert_cmpstr (seen->failure, ==, "no key");
  g_assert_null (iss_witness_get_proof (witness, ones));

  /* The last one counts. */
  iss_witness_add_proof (witness, sha256, 6, NULL);
  seen = iss_witness_get_proof (witness, zeros);
  g_assert_cmpint (seen->at, ==, 6);
  g_assert_null (seen->failure);

  /* What a server says is cut. */
  iss_witness_add_proof (witness, sha256, 7, endless);
  g_assert_cmpuint (strlen (iss_witness_get_proof (witness, zeros)->failure), <, 2000);

  iss_witness_add_use (witness, "Default", "tls://fe01:443", 8, sha256, TRUE, NULL);
  seen = iss_witness_get_use (witness, "Default");
  g_assert_true (g_bytes_equal (seen->sha256, sha256));
  g_assert_cmpstr (seen->place, ==, "tls://fe01:443");
  g_assert_true (seen->is_named);
  iss_witness_add_use (witness, "Default", "tls://fe01:443", 9, NULL, FALSE, "refused");
  seen = iss_witness_get_use (witness, "Default");
  g_assert_null (seen->sha256);
  g_assert_cmpstr (seen->failure, ==, "refused");
  g_assert_null (iss_witness_get_use (witness, "OAuthTokenIssuer"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/witness", test_witness);

  return g_test_run ();
}
