/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/server-folder.h"

#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/lib/wait.h"

static IssCertificate *
make (IssMaker        *maker,
      const char      *name,
      const char      *dns_name,
      gboolean         is_ca,
      IssCertificate  *issuer,
      IssPrivateKey   *issuer_key,
      IssPrivateKey  **out_key)
{
  const char *const dns_names[] = { dns_name, NULL };
  IssMakerSpec spec = {
    .subject_cn = name,
    .dns_names = dns_name != NULL ? dns_names : NULL,
    .not_before = ISS_SERVER_FOLDER_NOW - ISS_SERVER_FOLDER_YEAR,
    .not_after = ISS_SERVER_FOLDER_NOW + ISS_SERVER_FOLDER_YEAR,
    .rsa_bits = 2048,
    .is_ca = is_ca,
    .token_issuer = !is_ca,
    .key_label = name,
  };
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;

  certificate = iss_maker_make (maker, &spec, issuer, issuer_key, out_key, &error);
  g_assert_no_error (error);

  return certificate;
}

static void
add (IssServerFolder *self,
     IssStoreName     store,
     IssCertificate  *certificate)
{
  g_autoptr(GError) error = NULL;

  iss_certificate_store_add (self->root, store, certificate, NULL, &error);
  g_assert_no_error (error);
}

/**
 * iss_server_folder_new:
 *
 * The folder has no system bundle beside its own trusted authority, and
 * nothing in Personal.
 *
 * Returns: (transfer full): a server's folder
 */
IssServerFolder *
iss_server_folder_new (void)
{
  IssServerFolder *self = g_new0 (IssServerFolder, 1);
  g_autofree char *no_bundle = NULL;
  g_autoptr(GError) error = NULL;

  self->folder = iss_temp_folder_new ();
  self->root = iss_root_folder_open (iss_temp_folder_get_path (self->folder), TRUE, &error);
  g_assert_no_error (error);
  no_bundle = iss_temp_folder_dup_path (self->folder, "no-such-bundle.crt");
  iss_root_folder_set_system_bundle (self->root, no_bundle);

  self->maker = iss_maker_new ("server-folder");
  self->authority = make (self->maker, "Contoso Root", NULL, TRUE, NULL, NULL,
                          &self->authority_key);
  self->issuing = make (self->maker, "Contoso Issuing CA", NULL, TRUE, self->authority,
                        self->authority_key, &self->issuing_key);
  add (self, ISS_STORE_ROOT, self->authority);
  add (self, ISS_STORE_CA, self->issuing);

  return self;
}

/**
 * iss_server_folder_free:
 * @self: (transfer full): a server's folder, which goes from the disk
 */
void
iss_server_folder_free (IssServerFolder *self)
{
  g_object_unref (self->issuing_key);
  g_object_unref (self->issuing);
  g_object_unref (self->authority_key);
  g_object_unref (self->authority);
  g_object_unref (self->maker);
  /* A thread that did something there lets go of it a moment after its answer. */
  iss_wait_until (G_OBJECT (self->root)->ref_count == 1);
  g_assert_finalize_object (self->root);
  iss_temp_folder_free (self->folder);
  g_free (self);
}

/**
 * iss_server_folder_make:
 * @self: a server's folder
 * @name: whom the certificate is issued to; also decides the key
 * @dns_name: (nullable): a subject alternative name
 * @out_key: (out): its key
 *
 * Returns: (transfer full): a token issuer's certificate, which the folder does not hold
 */
IssCertificate *
iss_server_folder_make (IssServerFolder  *self,
                        const char       *name,
                        const char       *dns_name,
                        IssPrivateKey   **out_key)
{
  return make (self->maker, name, dns_name, FALSE, self->issuing, self->issuing_key, out_key);
}

/**
 * iss_server_folder_hold:
 * @self: a server's folder
 * @name: whom the certificate is issued to; also decides the key
 * @dns_name: (nullable): a subject alternative name
 *
 * Returns: (transfer full): a certificate that the folder holds in Personal, with its key
 */
IssCertificate *
iss_server_folder_hold (IssServerFolder *self,
                        const char      *name,
                        const char      *dns_name)
{
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;

  certificate = iss_server_folder_make (self, name, dns_name, &key);
  iss_key_file_save (self->root, key, TRUE, "manual", NULL, &error);
  g_assert_no_error (error);
  add (self, ISS_STORE_MY, certificate);

  return certificate;
}
