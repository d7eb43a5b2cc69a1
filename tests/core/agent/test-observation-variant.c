/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wire's half: core/agent/observation-variant.c. */
#include "core/agent/observation.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <string.h>

#define TYPES "a(sstta(ayux))"
#define CERTIFICATES "a(ayayssssxxuuu)"
#define NO_SLOT "([], 0, 0)"
#define HASH "b'0123456789abcdef0123456789abcde'"   /* 32 with its NUL */
#define THUMB "b'0123456789abcdef012'"
#define SLOT "(" HASH ", 6, 7)"
#define CERTIFICATE "(" HASH ", " THUMB ", 'to', 'by', 'name', 'manual', 1, 2, 1, 1, 4)"

typedef struct
{
  const char *name;
  const char *types;
  const char *certificates;
  int         code;          /* -1: it is taken */
} Case;

static const Case cases[] =
{
  { "nothing", "[]", "[]", -1 },
  { "a type and a certificate",
    "[('Default', 'local', 3, 2, [" SLOT ", " NO_SLOT ", " NO_SLOT "])]", "[" CERTIFICATE "]",
    -1 },
  { "a type without a name",
    "[('', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT ", " NO_SLOT "])]", "[]", ISS_ERROR_MALFORMED },
  { "a type's name with a newline",
    "[('De\\nfault', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "two slots", "[('Default', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "four slots",
    "[('Default', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT ", " NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "a type twice",
    "[('Default', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT ", " NO_SLOT "]), "
    "('Default', 'local', 1, 1, [" NO_SLOT ", " NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "a short hash in a slot",
    "[('Default', 'local', 1, 1, [([0x01], 0, 0), " NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "a rung above all",
    "[('Default', 'local', 1, 1, [(" HASH ", 8, 0), " NO_SLOT ", " NO_SLOT "])]", "[]",
    ISS_ERROR_MALFORMED },
  { "a certificate twice", "[]", "[" CERTIFICATE ", " CERTIFICATE "]", ISS_ERROR_MALFORMED },
  { "a short SHA-256", "[]", "[([0x01], " THUMB ", '', '', '', '', 0, 0, 0, 0, 0)]",
    ISS_ERROR_MALFORMED },
  { "a short SHA-1", "[]", "[(" HASH ", [0x01], '', '', '', '', 0, 0, 0, 0, 0)]",
    ISS_ERROR_MALFORMED },
  { "no such state of a key", "[]", "[(" HASH ", " THUMB ", '', '', '', '', 0, 0, 99, 0, 0)]",
    ISS_ERROR_MALFORMED },
  { "no such intent", "[]", "[(" HASH ", " THUMB ", '', '', '', '', 0, 0, 0, 99, 0)]",
    ISS_ERROR_MALFORMED },
  { "no such rung", "[]", "[(" HASH ", " THUMB ", '', '', '', '', 0, 0, 0, 0, 99)]",
    ISS_ERROR_MALFORMED },
};

static GVariant *
new_variant (GVariant *types,
             GVariant *certificates)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", (gint64) 1814364131);
  g_variant_dict_insert (&dict, "later", "s", "a member that this program does not know");
  if (types != NULL)
    g_variant_dict_insert_value (&dict, "types", types);
  if (certificates != NULL)
    g_variant_dict_insert_value (&dict, "certificates", certificates);

  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

static void
test_observation_variant_read (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) types = g_variant_parse (G_VARIANT_TYPE (TYPES), test->types, NULL, NULL,
                                               &error);
  g_autoptr(GVariant) certificates = NULL;
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssObservation) observation = NULL;

  g_assert_no_error (error);
  certificates = g_variant_parse (G_VARIANT_TYPE (CERTIFICATES), test->certificates, NULL, NULL,
                                  &error);
  g_assert_no_error (error);
  variant = new_variant (types, certificates);

  observation = iss_observation_from_variant (variant, &error);
  if (test->code >= 0)
    {
      g_assert_error (error, ISS_ERROR, test->code);
      g_assert_null (observation);
      return;
    }

  g_assert_no_error (error);
  g_assert_cmpuint (iss_observation_get_n_types (observation), ==, g_variant_n_children (types));
  g_assert_cmpuint (iss_observation_get_n_certificates (observation), ==,
                    g_variant_n_children (certificates));
}

/* What was read is said again in the same words. */
static void
test_observation_variant_round_trip (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) types =
    g_variant_parse (G_VARIANT_TYPE (TYPES),
                     "[('Default', 'local', 3, 2, [" SLOT ", " NO_SLOT ", " NO_SLOT "])]", NULL,
                     NULL, NULL);
  g_autoptr(GVariant) certificates = g_variant_parse (G_VARIANT_TYPE (CERTIFICATES),
                                                      "[" CERTIFICATE "]", NULL, NULL, NULL);
  g_autoptr(GVariant) variant = new_variant (types, certificates);
  g_autoptr(GVariant) again = NULL;
  g_autoptr(GVariant) types_again = NULL;
  g_autoptr(GVariant) certificates_again = NULL;
  g_autoptr(IssObservation) observation = iss_observation_from_variant (variant, &error);
  const IssObservedType *type;
  const IssObservedCertificate *certificate;

  g_assert_no_error (error);
  again = g_variant_ref_sink (iss_observation_to_variant (observation));
  types_again = g_variant_lookup_value (again, "types", NULL);
  certificates_again = g_variant_lookup_value (again, "certificates", NULL);
  g_assert_cmpvariant (types_again, types);
  g_assert_cmpvariant (certificates_again, certificates);
  g_assert_cmpint (iss_observation_get_time (observation), ==, 1814364131);

  type = iss_observation_find_type (observation, "Default");
  g_assert_nonnull (type);
  g_assert_cmpuint (type->revision, ==, 3);
  g_assert_cmpuint (type->published, ==, 2);
  g_assert_true (type->slots[ISS_SLOT_CURRENT].is_set);
  g_assert_cmpint (type->slots[ISS_SLOT_CURRENT].rung, ==, ISS_RUNG_PUBLISHED);
  g_assert_cmpint (type->slots[ISS_SLOT_CURRENT].instant, ==, 7);
  g_assert_false (type->slots[ISS_SLOT_PREVIOUS].is_set);
  g_assert_null (iss_observation_find_type (observation, "Defaul"));

  certificate = iss_observation_find_certificate (observation,
                                                  type->slots[ISS_SLOT_CURRENT].sha256);
  g_assert_nonnull (certificate);
  g_assert_cmpstr (certificate->issued_to, ==, "to");
  g_assert_cmpstr (certificate->origin, ==, "manual");
  g_assert_null (iss_observation_find_certificate (observation, (const guint8 *)
                                                   "another hash that was not asked about"));
  g_assert_finalize_object (g_steal_pointer (&observation));
}

static void
test_observation_variant_incomplete (void)
{
  g_autoptr(GVariant) none = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"),
                                                                      NULL, 0));
  g_autoptr(GVariant) no_types =
    new_variant (NULL, g_variant_new_array (G_VARIANT_TYPE ("(ayayssssxxuuu)"), NULL, 0));
  g_autoptr(GVariant) no_certificates =
    new_variant (g_variant_new_array (G_VARIANT_TYPE ("(sstta(ayux))"), NULL, 0), NULL);
  g_autoptr(GVariant) other_type = new_variant (g_variant_new_string ("types"),
                                                g_variant_new_string ("certificates"));
  g_autoptr(GVariant) no_dictionary = g_variant_ref_sink (g_variant_new_string ("observation"));
  GVariant *const variants[] = { none, no_types, no_certificates, other_type, no_dictionary };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%u", i);
      g_assert_null (iss_observation_from_variant (variants[i], &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

/* One more than the limit is refused, before any of them is read. */
static void
test_observation_variant_crowded (void)
{
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  GVariantBuilder certificates;

  g_variant_builder_init (&certificates, G_VARIANT_TYPE (CERTIFICATES));
  for (guint i = 0; i <= ISS_OBSERVATION_MAX_CERTIFICATES; i++)
    g_variant_builder_add_parsed (&certificates, "(@ay [], @ay [], '', '', '', '', "
                                  "@x 0, @x 0, @u 0, @u 0, @u 0)");
  variant = new_variant (g_variant_new_array (G_VARIANT_TYPE ("(sstta(ayux))"), NULL, 0),
                         g_variant_builder_end (&certificates));

  g_assert_null (iss_observation_from_variant (variant, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

static GVariant *
new_with_certificates (guint       n,
                       const char *text)
{
  GVariantBuilder certificates;
  GVariantDict dict;

  g_variant_builder_init (&certificates, G_VARIANT_TYPE ("a(ayayssssxxuuu)"));
  for (guint i = 0; i < n; i++)
    {
      guint8 sha256[32] = { (guint8) i, (guint8) (i >> 8), (guint8) (i >> 16) };

      g_variant_builder_add (&certificates, "(@ay@ayssssxxuuu)",
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, sha256, 32, 1),
                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, sha256, 20, 1),
                             text, text, text, text, (gint64) 1, (gint64) 2, 0, 0, 0);
    }

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", (gint64) 5);
  g_variant_dict_insert_value (&dict, "types", g_variant_new_parsed ("@" TYPES " []"));
  g_variant_dict_insert_value (&dict, "certificates", g_variant_builder_end (&certificates));
  g_variant_dict_insert (&dict, "reconcile-error", "s", text);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/* Long, and written from right to left: shown short and plain. */
static void
test_observation_variant_texts (void)
{
  g_autoptr(GString) text = g_string_new ("\342\200\256gro.live\a\n");
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(IssObservation) observation = NULL;
  const IssObservedCertificate *certificate;
  g_autoptr(GError) error = NULL;

  while (text->len < 1024 * 1024)
    g_string_append (text, "0123456789abcdef");
  variant = new_with_certificates (1, text->str);
  observation = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);
  certificate = iss_observation_get_certificate (observation, 0);

  {
    const char *const shown[] = { certificate->issued_to, certificate->issued_by,
                                  certificate->friendly_name, certificate->origin,
                                  iss_observation_get_reconcile_error (observation) };

    for (gsize i = 0; i < G_N_ELEMENTS (shown); i++)
      {
        g_assert_true (iss_text_is_clean (shown[i], 1024));
        g_assert_null (strstr (shown[i], "\342\200\256"));
        g_assert_nonnull (strstr (shown[i], "gro.live"));
      }
  }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/observation-variant/read/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_observation_variant_read);
    }
  g_test_add_func ("/observation-variant/round-trip", test_observation_variant_round_trip);
  g_test_add_func ("/observation-variant/incomplete", test_observation_variant_incomplete);
  g_test_add_func ("/observation-variant/crowded", test_observation_variant_crowded);
  g_test_add_func ("/observation-variant/texts", test_observation_variant_texts);

  return g_test_run ();
}
