/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/manifest.h"

#include <string.h>

#include "core/base/error.h"
#include "tests/lib/server-folder.h"

#define INSTANT (ISS_SERVER_FOLDER_NOW + 3600)

static IssManifest *
make (IssServerFolder *folder)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(IssCertificate) one = iss_server_folder_make (folder, "one", NULL, &key);
  g_autoptr(IssCertificate) two = iss_server_folder_make (folder, "two", NULL, &other_key);
  g_autoptr(GPtrArray) chain = g_ptr_array_new ();
  IssManifest *manifest =
    iss_manifest_new ("pool01.contoso.example", "0123", iss_certificate_type_find ("Default"), 7);

  g_ptr_array_add (chain, folder->issuing);
  g_ptr_array_add (chain, folder->authority);
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, one, chain);
  iss_manifest_set_slot (manifest, ISS_SLOT_STAGED, two, NULL);
  manifest->staged_at = INSTANT;
  manifest->staged_typed = g_strdup ("2027-06-30T01:00Z");
  manifest->held = TRUE;

  return manifest;
}

static void
test_round_trip (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssManifest) manifest = make (folder);
  g_autoptr(IssManifest) copy = iss_manifest_copy (manifest);
  g_autoptr(IssManifest) read = NULL;
  g_autoptr(GVariant) encoded = g_variant_ref_sink (iss_manifest_encode (copy));
  g_autoptr(GVariant) again = NULL;
  g_autoptr(GError) error = NULL;

  read = iss_manifest_decode (encoded, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->pool, ==, "pool01.contoso.example");
  g_assert_cmpstr (read->server, ==, "0123");
  g_assert_cmpstr (read->type->name, ==, "Default");
  g_assert_cmpuint (read->revision, ==, 7);
  g_assert_cmpint (read->staged_at, ==, INSTANT);
  g_assert_cmpstr (read->staged_typed, ==, "2027-06-30T01:00Z");
  g_assert_null (read->staged_zone);
  g_assert_true (read->held);
  g_assert_null (read->slot[ISS_SLOT_PREVIOUS]);
  g_assert_cmpuint (read->chain[ISS_SLOT_CURRENT]->len, ==, 2);
  g_assert_false (iss_manifest_is_empty (read));
  g_assert_true (iss_manifest_needs_key (read, ISS_SLOT_STAGED));
  g_assert_false (iss_manifest_needs_key (read, ISS_SLOT_PREVIOUS));

  again = g_variant_ref_sink (iss_manifest_encode (read));
  g_assert_true (g_variant_equal (encoded, again));
}

/* Everything that a signature alone does not make sensible. */
static void
test_refused (void)
{
  g_autoptr(IssServerFolder) folder = iss_server_folder_new ();
  g_autoptr(IssManifest) manifest = make (folder);
  const struct
  {
    const char *text;
    const char *says;
  } cases[] =
  {
    { "('', 's', 'Default', 1, [], 0, 0, '', '', false)", "short text" },
    { "('p\x1b', 's', 'Default', 1, [], 0, 0, '', '', false)", "short text" },
    { "('p', 's', 'default', 1, [], 0, 0, '', '', false)", "certificate type" },
    { "('p', 's', 'Nonsense', 1, [], 0, 0, '', '', false)", "certificate type" },
    { "('p', 's', 'Default', 0, [], 0, 0, '', '', false)", "no revision" },
    { "('p', 's', 'Default', 18446744073709551615, [], 0, 0, '', '', false)", "no revision" },
    { "('p', 's', 'Default', 1, [], 0, 5, '', '', false)", "instant is missing" },
    { "('p', 's', 'Default', 1, [], -1, 0, '', '', false)", "instant is missing" },
    { "('p', 's', 'Default', 1, [], 0, 0, 'noon', '', false)", "nothing is staged" },
    { "('p', 's', 'Default', 1, [], 0, 0, '', '', true)", "nothing is staged" },
    { "('p', 's', 'Default', 1, [(3, b'', b'', [])], 0, 0, '', '', false)", "not in order" },
    { "('p', 's', 'Default', 1, [(0, b'', b'', [])], 0, 0, '', '', false)", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) variant = NULL;

      variant = g_variant_take_ref (g_variant_parse (G_VARIANT_TYPE (ISS_MANIFEST_TYPE),
                                                     cases[i].text, NULL, NULL, &error));
      g_assert_no_error (error);
      g_assert_null (iss_manifest_decode (variant, &error));
      g_test_message ("%s: %s", cases[i].text, error->message);
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }

  /* What is staged has to follow something. */
  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, NULL, NULL);
  {
    g_autoptr(GVariant) variant = g_variant_ref_sink (iss_manifest_encode (manifest));
    g_autoptr(GError) error = NULL;

    g_assert_null (iss_manifest_decode (variant, &error));
    g_assert_nonnull (strstr (error->message, "none is current"));
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manifest/round-trip", test_round_trip);
  g_test_add_func ("/manifest/refused", test_refused);

  return g_test_run ();
}
