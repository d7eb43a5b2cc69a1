/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observation.h"
#include "tests/fuzz/target.h"

void
iss_target_add_seeds (GPtrArray *seeds)
{
  const char *sha256 = "[byte 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,"
                       "27,28,29,30,31,32]";
  const char *sha1 = "[byte 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]";
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{'time': <int64 1783000000>, 'types': <[('OAuthTokenIssuer', 'local', "
                          "uint64 3, uint64 2, [(%s, uint32 2, int64 5), "
                          "(@ay [], uint32 0, int64 0), (@ay [], uint32 0, int64 0)])]>, "
                          "'certificates': <[(%s, %s, 'auth', 'ca', 'Tokens', 'manual', "
                          "int64 1, int64 2, uint32 1, uint32 1, uint32 1)]>}",
                          sha256, sha256, sha1);
  iss_seeds_add_variant (seeds, g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL));
}

static void
look (IssObservation *observation)
{
  for (guint i = 0; i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (observation, i);

      g_assert_true (g_utf8_validate (type->scope, -1, NULL));
      g_assert_true (iss_observation_find_type (observation, type->type) == type);
    }

  for (guint i = 0; i < iss_observation_get_n_certificates (observation); i++)
    {
      const IssObservedCertificate *seen = iss_observation_get_certificate (observation, i);

      g_assert_true (g_utf8_validate (seen->issued_to, -1, NULL));
      g_assert_true (g_utf8_validate (seen->friendly_name, -1, NULL));
      g_assert_true (iss_observation_find_certificate (observation, seen->sha256) == seen);
    }
}

/* What was taken can be told to somebody else, who takes it as well. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GVariant) variant = iss_seeds_read_variant ("a{sv}", data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssObservation) observation = iss_observation_from_variant (variant, &error);
  g_autoptr(IssObservation) again = NULL;
  g_autoptr(GVariant) told = NULL;

  iss_seeds_assert_refused (observation != NULL, error);
  if (observation == NULL)
    return 0;

  look (observation);
  told = g_variant_ref_sink (iss_observation_to_variant (observation));
  again = iss_observation_from_variant (told, &error);
  g_assert_no_error (error);
  look (again);

  return 0;
}
