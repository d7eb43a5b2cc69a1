/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation-private.h"

#include <string.h>

/* What is in it is found again, under whichever spelling. */
static void
test_observation_finds (void)
{
  g_autoptr(IssObservation) self = g_object_new (ISS_TYPE_OBSERVATION, NULL);
  const IssObservedType type = { .type = "OAuthTokenIssuer", .scope = "local" };
  IssObservedCertificate certificate = { .sha256 = "one", .issued_to = "auth" };
  guint8 other[32] = "another";

  g_array_append_vals (self->types, &type, 1);
  g_assert_true (iss_observation_add_certificate (self, &certificate));
  g_assert_false (iss_observation_add_certificate (self, &certificate));
  iss_observation_add_readers (self, certificate.sha256, "daemon, rtc-\x1bservice");

  g_assert_cmpuint (iss_observation_get_n_types (self), ==, 1);
  g_assert_true (iss_observation_get_type_at (self, 0) ==
                 iss_observation_find_type (self, "oauthtokenissuer"));
  g_assert_null (iss_observation_find_type (self, "Default"));

  g_assert_cmpstr (iss_observation_find_certificate (self, certificate.sha256)->issued_to, ==,
                   "auth");
  g_assert_null (iss_observation_find_certificate (self, other));
  g_assert_nonnull (strstr (iss_observation_get_readers (self, certificate.sha256),
                            "daemon, rtc-"));
  g_assert_null (strchr (iss_observation_get_readers (self, certificate.sha256), '\x1b'));
  g_assert_null (iss_observation_get_readers (self, other));
  g_assert_null (iss_observation_get_token (self, certificate.sha256));
  g_assert_null (iss_observation_get_reloads (self));
}

static void
test_observation_reconcile_error (void)
{
  g_autoptr(IssObservation) self = g_object_new (ISS_TYPE_OBSERVATION, NULL);

  g_assert_null (iss_observation_get_reconcile_error (self));
  iss_observation_set_reconcile_error (self, "The disk is full");
  g_assert_cmpstr (iss_observation_get_reconcile_error (self), ==, "The disk is full");
  iss_observation_set_reconcile_error (self, "");
  g_assert_null (iss_observation_get_reconcile_error (self));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/observation/finds", test_observation_finds);
  g_test_add_func ("/observation/reconcile-error", test_observation_reconcile_error);

  return g_test_run ();
}
