/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/store/store-fixture.h"

/**
 * iss_store_fixture_make:
 * @self: a fixture with a maker
 * @subject: common name
 * @is_ca: whether to make a CA signed by the fixture's CA, else a token issuer's certificate
 * @out_key: (out) (optional) (transfer full): its key
 *
 * Returns: (transfer full): the certificate
 */
IssCertificate *
iss_store_fixture_make (IssStoreFixture  *self,
                        const char       *subject,
                        gboolean          is_ca,
                        IssPrivateKey   **out_key)
{
  const char *const names[] = { "sip.contoso.example", NULL };
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(GError) error = NULL;
  IssCertificate *certificate;
  IssMakerSpec spec =
    {
      .subject_cn = subject,
      .dns_names = is_ca ? NULL : names,
      .not_before = ISS_STORE_FIXTURE_NOW - 86400,
      .not_after = ISS_STORE_FIXTURE_NOW + 365 * 86400,
      .rsa_bits = 1024,
      .is_ca = is_ca,
      .token_issuer = !is_ca,
      .key_label = subject,
    };

  certificate = iss_maker_make (self->maker, &spec, self->ca, self->ca_key, &key, &error);
  g_assert_no_error (error);

  if (out_key != NULL)
    *out_key = g_steal_pointer (&key);

  return certificate;
}

/**
 * iss_store_fixture_set_up:
 * @self: a fixture
 * @unused: the test's data
 */
void
iss_store_fixture_set_up (IssStoreFixture *self,
                          gconstpointer    unused)
{
  g_autoptr(GError) error = NULL;

  self->temp = iss_temp_folder_new ();
  self->path = iss_temp_folder_dup_path (self->temp, "fe01");
  self->root = iss_root_folder_open (self->path, TRUE, &error);
  g_assert_no_error (error);

  self->maker = iss_maker_new ("store tests");
  self->ca = iss_store_fixture_make (self, "Contoso Root", TRUE, &self->ca_key);
  self->leaf = iss_store_fixture_make (self, "fe01.contoso.example", FALSE, &self->leaf_key);
  self->other = iss_store_fixture_make (self, "fe02.contoso.example", FALSE, &self->other_key);
}

/**
 * iss_store_fixture_tear_down:
 * @self: a fixture
 * @unused: the test's data
 *
 * Also checks that nothing is left that still refers to the root folder.
 */
void
iss_store_fixture_tear_down (IssStoreFixture *self,
                             gconstpointer    unused)
{
  g_clear_object (&self->ca);
  g_clear_object (&self->ca_key);
  g_clear_object (&self->leaf);
  g_clear_object (&self->leaf_key);
  g_clear_object (&self->other);
  g_clear_object (&self->other_key);
  g_clear_object (&self->maker);

  g_assert_finalize_object (self->root);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->temp, iss_temp_folder_free);
}

/**
 * iss_store_fixture_dup_path:
 * @self: a fixture
 * @relative: a path below its root folder
 *
 * Returns: (transfer full): the whole path
 */
char *
iss_store_fixture_dup_path (IssStoreFixture *self,
                            const char      *relative)
{
  return g_build_filename (self->path, relative, NULL);
}

/**
 * iss_store_fixture_write:
 * @self: a fixture
 * @relative: a path below its root folder
 * @text: what the file shall hold
 */
void
iss_store_fixture_write (IssStoreFixture *self,
                         const char      *relative,
                         const char      *text)
{
  g_autofree char *path = iss_store_fixture_dup_path (self, relative);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/**
 * iss_store_fixture_count:
 * @self: a fixture
 * @relative: a folder below its root folder
 *
 * Returns: how many names it holds, hidden ones too
 */
guint
iss_store_fixture_count (IssStoreFixture *self,
                         const char      *relative)
{
  g_autofree char *path = iss_store_fixture_dup_path (self, relative);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) folder = g_dir_open (path, 0, &error);
  guint n = 0;

  g_assert_no_error (error);

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}
