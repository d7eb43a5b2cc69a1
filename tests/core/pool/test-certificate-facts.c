/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/certificate-facts.h"

#include <string.h>

#include "core/certificate/maker.h"
#include "tests/lib/scene-pool.h"

#define DAY (24 * 60 * 60)
#define NOW ISS_SCENE_NOW

static IssCertificate *
make (const char *name,
      gint64      not_before,
      gint64      not_after)
{
  const IssMakerSpec spec = { name, NULL, not_before, not_after, 1024, FALSE, TRUE, "leaf" };
  g_autoptr(IssMaker) maker = iss_maker_new ("issuant tests");
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (maker, &spec, NULL, NULL, NULL, &error);

  g_assert_no_error (error);

  return certificate;
}

static IssCertificate *
make_valid (void)
{
  return make ("auth.contoso.example", NOW - DAY, NOW + DAY);
}

static GVariant *
new_properties (const char *store,
                guint32     key,
                gboolean    exportable,
                const char *assigned)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "store", "s", store);
  g_variant_dict_insert (&dict, "key", "u", key);
  g_variant_dict_insert (&dict, "exportable", "b", exportable);
  g_variant_dict_insert (&dict, "assigned", "s", assigned);
  g_variant_dict_insert (&dict, "friendly-name", "s", "auth 2026");
  g_variant_dict_insert (&dict, "intent", "u", (guint32) ISS_INTENT_POOL);

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* A look that found the certificate that far, or with rung 0 that it is not there. */
static void
see (IssServer      *server,
     IssCertificate *certificate,
     IssRung         rung)
{
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder held;
  GVariantDict dict;

  g_variant_builder_init (&held, G_VARIANT_TYPE ("a(ayayssssxxuuu)"));
  if (certificate != NULL)
    g_variant_builder_add (&held, "(@ay@ayssssxxuuu)",
                           g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                     iss_certificate_get_sha256 (certificate),
                                                     TRUE),
                           g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING,
                                                     iss_certificate_get_sha1 (certificate), TRUE),
                           rung > 0 ? "auth.contoso.example" : "", "", "", "",
                           (gint64) 0, (gint64) 0, 0, 0, (guint32) rung);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", (gint64) NOW);
  g_variant_dict_insert_value (&dict, "types", g_variant_new ("a(sstta(ayux))", NULL));
  g_variant_dict_insert_value (&dict, "certificates", g_variant_builder_end (&held));
  variant = g_variant_ref_sink (g_variant_dict_end (&dict));
  observation = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);

  iss_server_set_last_seen (server, observation, ISS_SCENE_SEEN, 0);
  iss_server_set_answering (server, 0, "0.1", "operator");
}

static void
assert_place (IssCertificateFacts *facts,
              guint                index,
              const char          *server,
              IssVerdict           verdict,
              const char          *sentence)
{
  const IssCertificatePlace *place = iss_certificate_facts_get_place (facts, index);

  g_assert_cmpstr (place->server, ==, server);
  g_assert_cmpint (place->verdict, ==, verdict);
  g_assert_cmpstr (place->sentence, ==, sentence);
}

/* A server that does not answer is never said not to have it now. */
static void
test_places (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  g_autoptr(IssCertificate) certificate = make_valid ();
  g_autoptr(GVariant) properties = new_properties ("my", ISS_KEY_STATE_FILE, TRUE, "");
  IssServer *has = iss_scene_pool_add_server (pool, "fe01.contoso.example");
  IssServer *lacks = iss_scene_pool_add_server (pool, "fe02.contoso.example");
  IssServer *silent = iss_scene_pool_add_server (pool, "fe03.contoso.example");
  IssServer *silent_lacks = iss_scene_pool_add_server (pool, "fe04.contoso.example");
  IssServer *not_asked = iss_scene_pool_add_server (pool, "fe05.contoso.example");
  IssCertificateFacts *facts;

  /* Never looked at. */
  IssServer *never = iss_scene_pool_add_server (pool, "fe06.contoso.example");

  see (has, certificate, ISS_RUNG_PUBLISHED);
  see (lacks, certificate, ISS_RUNG_NONE);
  see (silent, certificate, ISS_RUNG_IN_STORE);
  iss_scene_pool_fail (silent);
  see (silent_lacks, certificate, ISS_RUNG_NONE);
  iss_scene_pool_fail (silent_lacks);
  see (not_asked, NULL, ISS_RUNG_NONE);
  g_assert_nonnull (never);

  facts = iss_certificate_facts_new (has, pool, certificate, properties, NOW, NULL);
  g_assert_cmpuint (iss_certificate_facts_get_n_places (facts), ==, 6);
  assert_place (facts, 0, "fe01", ISS_VERDICT_AGREES, "published");
  assert_place (facts, 1, "fe02", ISS_VERDICT_MISSING, "does not have it");
  assert_place (facts, 2, "fe03", ISS_VERDICT_AGREES,
                "in store (seen 13:41, not answering since 13:58)");
  assert_place (facts, 3, "fe04", ISS_VERDICT_MISSING,
                "did not have it (seen 13:41, not answering since 13:58)");
  assert_place (facts, 4, "fe05", ISS_VERDICT_UNKNOWN, "not looked at for it yet");
  assert_place (facts, 5, "fe06", ISS_VERDICT_UNKNOWN, "not looked at yet");

  g_assert_finalize_object (facts);
}

static void
test_key (void)
{
  static const struct
    {
      const char *store;
      guint32     key;
      gboolean    exportable;
      const char *sentence;
      gboolean    has_key;
    } cases[] =
    {
      { "my", ISS_KEY_STATE_NONE, FALSE,
        "There is no private key for this certificate on fe01.", FALSE },
      { "my", ISS_KEY_STATE_FILE, TRUE, "You have a private key that corresponds to this "
        "certificate: it is on fe01 and may be exported.", TRUE },
      { "my", ISS_KEY_STATE_FILE, FALSE, "You have a private key that corresponds to this "
        "certificate: it is on fe01 and is marked as not exportable.", TRUE },
      { "my", ISS_KEY_STATE_TOKEN, FALSE, "You have a private key that corresponds to this "
        "certificate: it is in a token on fe01 and cannot be exported.", TRUE },
      { "my", 77, FALSE, "You have a private key that corresponds to this "
        "certificate: it is in a token on fe01 and cannot be exported.", TRUE },
      { "root", ISS_KEY_STATE_NONE, FALSE, NULL, FALSE },
    };
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  IssServer *server = iss_scene_pool_add_server (pool, "fe01.contoso.example");
  g_autoptr(IssCertificate) certificate = make_valid ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) properties = new_properties (cases[i].store, cases[i].key,
                                                       cases[i].exportable, "");
      g_autoptr(IssCertificateFacts) facts =
        iss_certificate_facts_new (server, pool, certificate, properties, NOW, NULL);

      g_assert_cmpstr (iss_certificate_facts_get_key (facts), ==, cases[i].sentence);
      g_assert_cmpint (iss_certificate_facts_has_key (facts), ==, cases[i].has_key);
      g_assert_cmpstr (iss_certificate_facts_get_store (facts), ==, cases[i].store);
      g_assert_cmpuint (iss_certificate_facts_get_n_places (facts), ==,
                        cases[i].sentence != NULL ? 1 : 0);
    }
}

static void
test_use (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  IssServer *server = iss_scene_pool_add_server (pool, "fe01.contoso.example");
  g_autoptr(IssCertificate) certificate = make_valid ();
  g_autoptr(GVariant) used = new_properties ("my", 1, TRUE,
                                             "OAuthTokenIssuer:current,Default:previous");
  g_autoptr(GVariant) unused = new_properties ("my", 1, TRUE, "");
  g_autoptr(IssCertificateFacts) one = NULL;
  g_autoptr(IssCertificateFacts) other = NULL;
  IssDetails *details;

  one = iss_certificate_facts_new (server, NULL, certificate, used, NOW, NULL);
  other = iss_certificate_facts_new (server, NULL, certificate, unused, NOW, NULL);
  g_assert_cmpstr (iss_certificate_facts_get_use (one), ==,
                   "Assigned on fe01 to OAuthTokenIssuer, Default (previous).");
  g_assert_cmpstr (iss_certificate_facts_get_use (other), ==,
                   "Not assigned to anything on fe01.");
  g_assert_cmpuint (iss_certificate_facts_get_n_places (one), ==, 0);

  details = iss_certificate_facts_get_details (one);
  g_assert_cmpstr (iss_details_find (details, "friendly-name")->value, ==, "auth 2026");
  g_assert_cmpstr (iss_details_find (details, "store")->value, ==, "Personal");
  g_assert_cmpstr (iss_details_find (details, "intent")->value, ==, "For every server of the pool");
  g_assert_cmpstr (iss_details_find (details, "private-key")->value, ==, "In a file, exportable");
}

/* Without properties, without a name, and outside its dates. */
static void
test_edges (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_EMPTY);
  IssServer *server = iss_scene_pool_add_server (pool, "fe01.contoso.example");
  g_autoptr(IssCertificate) past = make ("", NOW - 2 * DAY, NOW - DAY);
  g_autoptr(IssCertificate) future = make ("later", NOW + DAY, NOW + 2 * DAY);
  g_autoptr(IssCertificateFacts) one = NULL;
  g_autoptr(IssCertificateFacts) other = NULL;

  one = iss_certificate_facts_new (server, pool, past, NULL, NOW, NULL);
  g_assert_true (g_str_has_prefix (iss_certificate_facts_get_title (one), "(no name) "));
  g_assert_cmpstr (iss_certificate_facts_get_fault (one), ==,
                   "This certificate has expired: it was valid until 21 May 2027.");
  g_assert_cmpstr (iss_certificate_facts_get_key (one), ==, NULL);
  g_assert_cmpstr (iss_certificate_facts_get_purposes (one)[0], ==, "Server Authentication");

  other = iss_certificate_facts_new (server, pool, future, NULL, NOW, NULL);
  g_assert_cmpstr (iss_certificate_facts_get_fault (other), ==,
                   "This certificate is not yet valid: it begins on 23 May 2027.");
  g_assert_cmpstr (iss_certificate_facts_get_valid_from (other), ==, "23 May 2027");
  g_assert_cmpstr (iss_certificate_facts_get_valid_to (other), ==, "24 May 2027");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/certificate-facts/places", test_places);
  g_test_add_func ("/certificate-facts/key", test_key);
  g_test_add_func ("/certificate-facts/use", test_use);
  g_test_add_func ("/certificate-facts/edges", test_edges);

  return g_test_run ();
}
