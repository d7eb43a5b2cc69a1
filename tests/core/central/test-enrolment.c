/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/enrolment.h"

#include "core/base/error.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"
#include "tests/core/central/central-fixture.h"

#define NOW ISS_CENTRAL_FIXTURE_NOW
#define POOL ISS_CENTRAL_FIXTURE_POOL
#define SERVER "fe01.contoso.example"

static void
test_enrolment (IssCentralFixture *fixture,
                gconstpointer      unused)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) recipient = iss_seal_make_recipient (&key, NULL);
  g_autoptr(IssEnrolment) enrolment =
    iss_enrolment_new (POOL, SERVER, "5e1f", recipient, "ssh://issuant@fe01.contoso.example",
                       "SHA256:abc", NOW);
  g_autoptr(GPtrArray) administrators = g_ptr_array_new ();
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(IssEnrolment) read = NULL;
  g_autoptr(GBytes) message = NULL;
  g_autoptr(GBytes) content = g_bytes_new_static ("nonsense", 8);
  g_autoptr(GBytes) nonsense = NULL;
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (administrators, fixture->alice);
  message = iss_enrolment_sign (enrolment, fixture->alice, fixture->alice_key, &error);
  g_assert_no_error (error);
  read = iss_enrolment_verify (message, POOL, SERVER, administrators, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->server_id, ==, "5e1f");
  g_assert_cmpstr (read->host_key, ==, "SHA256:abc");
  g_assert_cmpint (read->at, ==, NOW);
  g_assert_cmpstr (iss_certificate_get_sha256_hex (read->recipient), ==,
                   iss_certificate_get_sha256_hex (recipient));

  /* Another server's, another pool's, nobody's, nothing. */
  g_assert_null (iss_enrolment_verify (message, POOL, "fe02.contoso.example", administrators,
                                       &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (iss_enrolment_verify (message, "pool02", SERVER, administrators, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (iss_enrolment_verify (message, POOL, SERVER, nobody, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  nonsense = iss_signed_data_sign (content, fixture->alice, fixture->alice_key, NOW, &error);
  g_assert_null (iss_enrolment_verify (nonsense, POOL, SERVER, administrators, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
test_seen (IssCentralFixture *fixture,
           gconstpointer      unused)
{
  const struct
    {
      const char *host_key;
      const char *text;
    } cases[] =
    {
      { "ssh-ed25519 SHA256:abc", "ssh host key ssh-ed25519 SHA256:abc" },
      { "local", "on this computer, without ssh" },
      { "", "ssh host key not noted: enrol it again" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssEnrolment) enrolment =
        iss_enrolment_new (POOL, SERVER, "5e1f", fixture->one, "ssh://fe01", cases[i].host_key,
                           NOW);
      g_autofree char *text = iss_enrolment_dup_seen (enrolment);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/enrolment/enrolment", IssCentralFixture, NULL, iss_central_fixture_set_up,
              test_enrolment, iss_central_fixture_tear_down);
  g_test_add ("/enrolment/seen", IssCentralFixture, NULL, iss_central_fixture_set_up, test_seen,
              iss_central_fixture_tear_down);

  return g_test_run ();
}
