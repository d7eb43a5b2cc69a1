/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/package.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/certificate/maker.h"
#include "core/formats/seal.h"
#include "core/formats/signed-data.h"
#include "tests/core/replication/hostile-package.h"

#define NOW 1814313600   /* 30 June 2027 */
#define START 1767225600
#define END 1830297600
#define POOL "pool01.contoso.example"
#define SERVER "5e1f"

typedef struct
{
  IssMaker       *maker;
  IssCertificate *admin;
  IssPrivateKey  *admin_key;
  IssCertificate *server;          /* what packages are sealed to */
  IssPrivateKey  *server_key;
  IssCertificate *one;
  IssPrivateKey  *one_key;
  IssCertificate *two;
  IssPrivateKey  *two_key;
  GPtrArray      *administrators;
} Fixture;

static IssCertificate *
make (Fixture        *fixture,
      const char     *name,
      IssPrivateKey **out_key)
{
  const IssMakerSpec spec = { name, NULL, START, END, 2048, FALSE, TRUE, name };
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate = iss_maker_make (fixture->maker, &spec, NULL, NULL, out_key,
                                                &error);

  g_assert_no_error (error);
  return certificate;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->maker = iss_maker_new ("package");
  fixture->admin = make (fixture, "alice", &fixture->admin_key);
  fixture->server = make (fixture, "fe01", &fixture->server_key);
  fixture->one = make (fixture, "one", &fixture->one_key);
  fixture->two = make (fixture, "two", &fixture->two_key);
  fixture->administrators = g_ptr_array_new ();
  g_ptr_array_add (fixture->administrators, fixture->admin);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_unref (fixture->maker);
  g_object_unref (fixture->admin);
  g_object_unref (fixture->admin_key);
  g_object_unref (fixture->server);
  g_object_unref (fixture->server_key);
  g_object_unref (fixture->one);
  g_object_unref (fixture->one_key);
  g_object_unref (fixture->two);
  g_object_unref (fixture->two_key);
  g_ptr_array_unref (fixture->administrators);
}

static IssManifest *
new_manifest (Fixture *fixture)
{
  IssManifest *manifest = iss_manifest_new (POOL, SERVER,
                                            iss_certificate_type_find ("OAuthTokenIssuer"), 5);

  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, fixture->one, NULL);
  iss_manifest_set_slot (manifest, ISS_SLOT_STAGED, fixture->two, NULL);
  manifest->staged_at = NOW + 3600;
  manifest->held = TRUE;

  return manifest;
}

static GBytes *
compose (Fixture           *fixture,
         const IssManifest *manifest,
         IssCertificate    *signer,
         IssPrivateKey     *signer_key)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) one = iss_package_seal_key (fixture->one_key, fixture->server, &error);
  g_autoptr(GBytes) two = iss_package_seal_key (fixture->two_key, fixture->server, &error);
  GBytes *const keys[ISS_N_SLOTS] = { one, NULL, two };
  GBytes *package = iss_package_compose (manifest, keys, signer, signer_key, NOW, &error);

  g_assert_no_error (error);
  return package;
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  g_autoptr(GBytes) bytes = compose (fixture, manifest, fixture->admin, fixture->admin_key);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPackage) package = iss_package_verify (bytes, fixture->administrators, &error);
  g_autoptr(IssPrivateKey) one = NULL;
  g_autoptr(IssPrivateKey) two = NULL;

  g_assert_no_error (error);
  g_assert_true (iss_package_get_bytes (package) == bytes);
  g_assert_cmpint (iss_package_get_signed_at (package), ==, NOW);
  g_assert_true (iss_certificate_get_sha256_hex (iss_package_get_signer (package)) != NULL);
  g_assert_cmpuint (iss_package_get_manifest (package)->revision, ==, 5);
  g_assert_nonnull (iss_package_get_sealed_key (package, ISS_SLOT_CURRENT));
  g_assert_null (iss_package_get_sealed_key (package, ISS_SLOT_PREVIOUS));
  g_assert_true (iss_package_check (package, POOL, SERVER, NULL, 4, &error));

  one = iss_package_open_key (package, ISS_SLOT_CURRENT, fixture->server, fixture->server_key,
                              &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (one, fixture->one));
  two = iss_package_open_key (package, ISS_SLOT_STAGED, fixture->server, fixture->server_key,
                              &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (two, fixture->two));
  g_assert_null (iss_package_open_key (package, ISS_SLOT_PREVIOUS, fixture->server,
                                       fixture->server_key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

/* It never was for this server, or is not any more. */
static void
test_not_for_this_server (Fixture       *fixture,
                          gconstpointer  unused)
{
  static const struct
  {
    const char *pool;
    const char *server;
    const char *type;
    guint64     highest;
    const char *says;
  } cases[] =
  {
    { "pool02.contoso.example", SERVER, "OAuthTokenIssuer", 0, "another pool" },
    { POOL, "5e20", "OAuthTokenIssuer", 0, "another server" },
    { POOL, "", "OAuthTokenIssuer", 0, "another server" },
    { POOL, SERVER, "Default", 0, "another certificate type" },
    { POOL, SERVER, "OAuthTokenIssuer", 5, "revision 5 was accepted before" },
    { POOL, SERVER, "OAuthTokenIssuer", 6, "revision 6 was accepted before" },
  };
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  g_autoptr(GBytes) bytes = compose (fixture, manifest, fixture->admin, fixture->admin_key);
  g_autoptr(IssPackage) package = iss_package_verify (bytes, fixture->administrators, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (iss_package_check (package, cases[i].pool, cases[i].server,
                                         iss_certificate_type_find (cases[i].type),
                                         cases[i].highest, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

static void
refuse (GBytes    *bytes,
        GPtrArray *administrators,
        int        code)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_package_verify (bytes, administrators, &error));
  g_assert_error (error, ISS_ERROR, code);
  g_test_message ("%s", error->message);
}

static GBytes *
sign_content (Fixture    *fixture,
              gpointer    data,
              gsize       size)
{
  g_autoptr(GBytes) content = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  GBytes *package = iss_signed_data_sign (content, fixture->admin, fixture->admin_key, NOW,
                                          &error);

  g_assert_no_error (error);
  return package;
}

/* Another administrator's, one's who is not one any more, cut off, changed, too large. */
static void
test_forged (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  g_autoptr(IssPrivateKey) mallory_key = NULL;
  g_autoptr(IssCertificate) mallory = make (fixture, "mallory", &mallory_key);
  g_autoptr(GBytes) good = compose (fixture, manifest, fixture->admin, fixture->admin_key);
  g_autoptr(GBytes) forged = compose (fixture, manifest, mallory, mallory_key);
  g_autoptr(GBytes) huge = g_bytes_new_take (g_malloc0 (ISS_PACKAGE_MAX_SIZE + 1),
                                             ISS_PACKAGE_MAX_SIZE + 1);
  g_autoptr(GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (good, &size);

  refuse (forged, fixture->administrators, ISS_ERROR_REFUSED);
  refuse (good, nobody, ISS_ERROR_REFUSED);
  refuse (huge, fixture->administrators, ISS_ERROR_TOO_LARGE);
  refuse (empty, fixture->administrators, ISS_ERROR_MALFORMED);

  for (gsize n = 0; n < size; n += 97)
    {
      g_autoptr(GBytes) torn = g_bytes_new (data, n);
      g_autoptr(GError) error = NULL;

      g_assert_null (iss_package_verify (torn, fixture->administrators, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }

  for (gsize at = 0; at < size; at += 13)
    {
      g_autoptr(GBytes) changed = NULL;
      g_autoptr(GError) error = NULL;
      guint8 *copy = g_memdup2 (data, size);

      copy[at] ^= 1;
      changed = g_bytes_new_take (copy, size);
      g_assert_null (iss_package_verify (changed, fixture->administrators, &error));
      g_assert_nonnull (error);
    }
}

/* Signed by an administrator, and no package. */
static void
test_signed_nonsense (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  g_autoptr(GVariant) encoded = g_variant_ref_sink (iss_manifest_encode (manifest));
  g_autoptr(GVariant) titled = NULL;
  g_autoptr(GVariant) keyless = NULL;
  g_autoptr(GBytes) text = sign_content (fixture, (gpointer) "issuant package 1", 17);
  g_autoptr(GBytes) other = NULL;
  g_autoptr(GBytes) without = NULL;

  refuse (text, fixture->administrators, ISS_ERROR_MALFORMED);

  titled = g_variant_ref_sink (g_variant_new ("(s@" ISS_MANIFEST_TYPE "a(yay))",
                                              "issuant roll record 1", encoded, NULL));
  other = sign_content (fixture, (gpointer) g_variant_get_data (titled),
                        g_variant_get_size (titled));
  refuse (other, fixture->administrators, ISS_ERROR_MALFORMED);

  keyless = g_variant_ref_sink (g_variant_new ("(s@" ISS_MANIFEST_TYPE "a(yay))",
                                               "issuant package 1", encoded, NULL));
  without = sign_content (fixture, (gpointer) g_variant_get_data (keyless),
                          g_variant_get_size (keyless));
  refuse (without, fixture->administrators, ISS_ERROR_MALFORMED);
}

/* What is sealed must show tampering, be for this server, and be the certificate's key. */
static void
test_sealed (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  g_autoptr(IssCertificate) other = NULL;
  g_autoptr(IssPrivateKey) other_key = NULL;
  g_autoptr(GBytes) cbc = iss_hostile_package_seal_cbc (fixture->one_key, fixture->server);
  g_autoptr(GBytes) wrong = iss_package_seal_key (fixture->one_key, fixture->server, NULL);
  g_autoptr(GBytes) missing = NULL;
  GBytes *const keys[ISS_N_SLOTS] = { cbc, NULL, wrong };
  GBytes *const too_few[ISS_N_SLOTS] = { cbc, NULL, NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(GError) error = NULL;

  missing = iss_package_compose (manifest, too_few, fixture->admin, fixture->admin_key, NOW,
                                 &error);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_null (missing);
  g_clear_error (&error);

  bytes = iss_package_compose (manifest, keys, fixture->admin, fixture->admin_key, NOW, &error);
  package = iss_package_verify (bytes, fixture->administrators, &error);
  g_assert_no_error (error);

  g_assert_null (iss_package_open_key (package, ISS_SLOT_CURRENT, fixture->server,
                                       fixture->server_key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (iss_package_open_key (package, ISS_SLOT_STAGED, fixture->server,
                                       fixture->server_key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "does not belong"));
  g_clear_error (&error);

  other = iss_seal_make_recipient (&other_key, NULL);
  g_assert_null (iss_package_open_key (package, ISS_SLOT_STAGED, other, other_key, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

/* The pool's own copy says what is wanted, and holds nothing secret. */
static void
test_pools_copy (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(IssManifest) manifest = new_manifest (fixture);
  GBytes *const none[ISS_N_SLOTS] = { NULL, NULL, NULL };
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(GError) error = NULL;

  g_free (manifest->server);
  manifest->server = g_strdup ("");
  bytes = iss_package_compose (manifest, none, fixture->admin, fixture->admin_key, NOW, &error);
  package = iss_package_verify (bytes, fixture->administrators, &error);
  g_assert_no_error (error);
  g_assert_true (iss_package_check (package, POOL, "", NULL, 0, &error));
  g_assert_false (iss_package_check (package, POOL, SERVER, NULL, 0, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
}

/* What was made on 30 November 2026 is read as long as there is this format. UPDATE_VECTORS=1 in
 * the environment writes the file anew, which is right only with a new format. The keys come of a
 * seed: no private key lies in the repository. */
static void
test_vector (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "vectors", "package-1.hex", NULL);
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *hex = NULL;

  if (g_getenv ("UPDATE_VECTORS") != NULL)
    {
      g_autoptr(IssManifest) manifest = new_manifest (fixture);
      g_autoptr(GBytes) fresh = compose (fixture, manifest, fixture->admin, fixture->admin_key);
      g_autofree char *text = iss_text_hex (g_bytes_get_data (fresh, NULL),
                                            g_bytes_get_size (fresh), FALSE);
      g_autofree char *line = g_strconcat (text, "\n", NULL);

      g_assert_true (g_file_set_contents (path, line, -1, &error));
    }

  g_file_get_contents (path, &hex, NULL, &error);
  g_assert_no_error (error);
  bytes = iss_text_parse_hex (g_strstrip (hex));
  g_assert_nonnull (bytes);

  package = iss_package_verify (bytes, fixture->administrators, &error);
  g_assert_no_error (error);
  g_assert_true (iss_package_check (package, POOL, SERVER, NULL, 4, &error));
  key = iss_package_open_key (package, ISS_SLOT_STAGED, fixture->server, fixture->server_key,
                              &error);
  g_assert_no_error (error);
  g_assert_true (iss_private_key_matches (key, fixture->two));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/package/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/package/not-for-this-server", Fixture, NULL, set_up, test_not_for_this_server,
              tear_down);
  g_test_add ("/package/forged", Fixture, NULL, set_up, test_forged, tear_down);
  g_test_add ("/package/signed-nonsense", Fixture, NULL, set_up, test_signed_nonsense, tear_down);
  g_test_add ("/package/sealed", Fixture, NULL, set_up, test_sealed, tear_down);
  g_test_add ("/package/pools-copy", Fixture, NULL, set_up, test_pools_copy, tear_down);
  g_test_add ("/package/vector", Fixture, NULL, set_up, test_vector, tear_down);

  return g_test_run ();
}
