/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/package.h"
#include "tests/fuzz/target.h"

static IssManifest *
make_manifest (const char *server)
{
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  IssManifest *manifest = iss_manifest_new ("pool01.contoso.example", server,
                                            iss_certificate_type_find ("Default"), 3);

  iss_manifest_set_slot (manifest, ISS_SLOT_CURRENT, signer->certificate, NULL);

  return manifest;
}

/* The same bytes are tried as a package and, without the signature, as a manifest. */
void
iss_target_add_seeds (GPtrArray *seeds)
{
  const IssSeedsSigner *signer = iss_seeds_get_signer ();
  g_autoptr(IssManifest) manifest = make_manifest ("5e1f");
  g_autoptr(GError) error = NULL;
  GBytes *sealed = iss_package_seal_key (signer->key, signer->certificate, &error);
  GBytes *const keys[ISS_N_SLOTS] = { sealed, NULL, NULL };

  g_ptr_array_add (seeds, iss_package_compose (manifest, keys, signer->certificate, signer->key,
                                               ISS_SEEDS_NOW, &error));
  g_assert_no_error (error);
  g_bytes_unref (sealed);
  iss_seeds_add_variant (seeds, iss_manifest_encode (manifest));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GVariant) variant = iss_seeds_read_variant (ISS_MANIFEST_TYPE, data, size);
  g_autoptr(IssPackage) package = NULL;
  g_autoptr(GError) error = NULL;

  package = iss_package_verify (bytes, iss_seeds_get_signer ()->certificates, &error);
  iss_seeds_assert_refused (package != NULL, error);
  if (package != NULL)
    g_assert_cmpuint (iss_package_get_manifest (package)->revision, ==, 3);

  if (g_variant_is_normal_form (variant))
    {
      g_autoptr(GError) manifest_error = NULL;
      g_autoptr(IssManifest) manifest = iss_manifest_decode (variant, &manifest_error);

      iss_seeds_assert_refused (manifest != NULL, manifest_error);
    }

  return 0;
}
