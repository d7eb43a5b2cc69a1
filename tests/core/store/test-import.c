/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/import.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/core/store/store-fixture.h"

static const IssImportOptions automatic =
  { .automatic_store = TRUE, .exportable = TRUE, .intent = ISS_INTENT_POOL, .origin = "manual" };

static IssBundle *
new_bundle (IssStoreFixture *fixture)
{
  IssBundle *bundle = iss_bundle_new (ISS_FORMAT_PFX, ISS_INTEGRITY_HMAC);
  g_autoptr(IssCertificate) issuing = iss_store_fixture_make (fixture, "Contoso Issuing", TRUE,
                                                              NULL);

  iss_bundle_add_certificate (bundle, fixture->leaf, "From the file");
  iss_bundle_add_certificate (bundle, fixture->ca, NULL);
  iss_bundle_add_certificate (bundle, issuing, NULL);
  iss_bundle_add_key (bundle, fixture->leaf_key);

  return bundle;
}

static GPtrArray *
import (IssStoreFixture         *fixture,
        IssBundle               *bundle,
        const IssImportOptions  *options)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *items = iss_import_commit (fixture->root, bundle, options, &error);

  g_assert_no_error (error);
  g_assert_nonnull (items);

  return items;
}

static void
assert_counts (IssStoreFixture *fixture,
               guint            n_my,
               guint            n_root,
               guint            n_ca,
               guint            n_keys,
               guint            n_properties)
{
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/my"), ==, n_my);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/root"), ==, n_root);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/ca"), ==, n_ca);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "keys"), ==, 2 * n_keys);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "properties"), ==, n_properties);
}

static void
test_import_automatic (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  static const IssStoreName stores[] = { ISS_STORE_MY, ISS_STORE_ROOT, ISS_STORE_CA };
  g_autoptr(IssBundle) bundle = new_bundle (fixture);
  g_autoptr(GPtrArray) items = NULL;
  g_auto(IssProperties) properties = { NULL };

  /* To be tried first: the same answer, and nothing happens. */
  for (guint what_if = 2; what_if-- > 0;)
    {
      IssImportOptions options = automatic;

      options.what_if = what_if;
      g_clear_pointer (&items, g_ptr_array_unref);
      items = import (fixture, bundle, &options);
      g_assert_cmpuint (items->len, ==, 3);

      for (guint i = 0; i < 3; i++)
        {
          const IssImportItem *item = g_ptr_array_index (items, i);

          g_assert_cmpint (item->store, ==, stores[i]);
          g_assert_true (item->added);
          g_assert_cmpint (item->has_key, ==, i == 0);
          g_assert_cmpint (item->key_added, ==, i == 0);
        }

      if (what_if)
        assert_counts (fixture, 0, 0, 0, 0, 0);
      else
        assert_counts (fixture, 1, 1, 1, 1, 1);
    }

  g_assert_true (iss_properties_load (&properties, fixture->root,
                                      iss_certificate_get_sha256_hex (fixture->leaf), NULL));
  g_assert_cmpstr (properties.friendly_name, ==, "From the file");
  g_assert_cmpstr (properties.origin, ==, "manual");
  g_assert_cmpint (properties.intent, ==, ISS_INTENT_POOL);
  g_assert_true (iss_key_file_is_exportable (fixture->root,
                                             iss_private_key_get_spki_sha256 (fixture->leaf_key)));
}

static void
test_import_again (IssStoreFixture *fixture,
                   gconstpointer    unused)
{
  const char *hex = iss_certificate_get_sha256_hex (fixture->leaf);
  g_autoptr(IssBundle) bundle = new_bundle (fixture);
  g_autoptr(GPtrArray) first = import (fixture, bundle, &automatic);
  g_autoptr(GPtrArray) second = NULL;
  g_auto(IssProperties) properties = { NULL };
  IssImportOptions options = automatic;

  options.friendly_name = "Another name";
  options.intent = ISS_INTENT_SERVER;
  options.exportable = FALSE;
  second = import (fixture, bundle, &options);
  assert_counts (fixture, 1, 1, 1, 1, 1);

  for (guint i = 0; i < second->len; i++)
    {
      const IssImportItem *item = g_ptr_array_index (second, i);

      g_assert_false (item->added);
      g_assert_false (item->key_added);
      g_assert_cmpint (item->has_key, ==, i == 0);
    }

  g_assert_true (iss_properties_load (&properties, fixture->root, hex, NULL));
  g_assert_cmpstr (properties.friendly_name, ==, "From the file");
  g_assert_cmpint (properties.intent, ==, ISS_INTENT_SERVER);
  g_assert_false (iss_key_file_is_exportable (fixture->root,
                                              iss_private_key_get_spki_sha256 (fixture->leaf_key)));

  /* No intent: left as it is. */
  options.intent = ISS_INTENT_UNKNOWN;
  g_clear_pointer (&second, g_ptr_array_unref);
  second = import (fixture, bundle, &options);
  iss_properties_clear (&properties);
  g_assert_true (iss_properties_load (&properties, fixture->root, hex, NULL));
  g_assert_cmpint (properties.intent, ==, ISS_INTENT_SERVER);
}

/* A certificate whose key the server has already, as after a request. */
static void
test_import_key_on_server (IssStoreFixture *fixture,
                           gconstpointer    unused)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_DER, ISS_INTEGRITY_NONE);
  g_autoptr(GPtrArray) items = NULL;
  const IssImportItem *item;

  g_assert_true (iss_key_file_save (fixture->root, fixture->leaf_key, FALSE, "request", NULL,
                                    NULL));
  iss_bundle_add_certificate (bundle, fixture->leaf, NULL);
  items = import (fixture, bundle, &automatic);

  item = g_ptr_array_index (items, 0);
  g_assert_true (item->has_key);
  g_assert_false (item->key_added);
  g_assert_cmpint (item->store, ==, ISS_STORE_MY);
}

/* One more than may be; nothing of it is kept. Only the last bytes, of the signature, differ. */
static void
test_import_too_many (IssStoreFixture *fixture,
                      gconstpointer    unused)
{
  const guint most = 10000;
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  GBytes *like = iss_certificate_get_der (fixture->ca);
  g_autoptr(GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (like, &size);

  for (guint i = 0; i <= most; i++)
    {
      guint8 *copy = g_memdup2 (data, size);
      g_autoptr(GBytes) der = NULL;
      g_autoptr(IssCertificate) certificate = NULL;

      copy[size - 1] = (guint8) i;
      copy[size - 2] = (guint8) (i >> 8);
      der = g_bytes_new_take (copy, size);
      certificate = iss_certificate_new_from_der (der, &error);
      g_assert_no_error (error);
      iss_bundle_add_certificate (bundle, certificate, NULL);
    }

  g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, most + 1);
  g_assert_null (iss_import_commit (fixture->root, bundle, &automatic, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "more than 10000 certificates"));
  assert_counts (fixture, 0, 0, 0, 0, 0);
}

static void
test_import_named_store (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  g_autoptr(IssBundle) bundle = new_bundle (fixture);
  g_autoptr(IssBundle) chain = iss_bundle_new (ISS_FORMAT_PKCS7, ISS_INTEGRITY_NONE);
  g_autoptr(GPtrArray) items = NULL;
  g_autoptr(GPtrArray) chain_items = NULL;
  IssImportOptions options = automatic;

  options.automatic_store = FALSE;
  options.store = ISS_STORE_TRUSTEDPEOPLE;
  items = import (fixture, bundle, &options);
  assert_counts (fixture, 0, 1, 1, 1, 0);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/trustedpeople"), ==, 1);

  /* Nothing but a chain: all of it is meant. */
  options.store = ISS_STORE_DISALLOWED;
  iss_bundle_add_certificate (chain, fixture->ca, NULL);
  iss_bundle_add_certificate (chain, fixture->ca, NULL);
  chain_items = import (fixture, chain, &options);
  g_assert_cmpuint (chain_items->len, ==, 1);
  g_assert_cmpuint (iss_store_fixture_count (fixture, "stores/disallowed"), ==, 1);
}

static void
test_import_bad (IssStoreFixture *fixture,
                 gconstpointer    unused)
{
  g_autoptr(IssBundle) empty = iss_bundle_new (ISS_FORMAT_PEM, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) only_key = iss_bundle_new (ISS_FORMAT_PEM, ISS_INTEGRITY_NONE);
  g_autoptr(IssBundle) good = new_bundle (fixture);
  const struct
  {
    const char   *name;
    IssBundle    *bundle;
    IssStoreName  store;
    IssIntent     intent;
    IssError      code;
  } cases[] =
    {
      { "empty", empty, ISS_STORE_MY, ISS_INTENT_POOL, ISS_ERROR_MALFORMED },
      { "only a key", only_key, ISS_STORE_MY, ISS_INTENT_POOL, ISS_ERROR_MALFORMED },
      { "read-only store", good, ISS_STORE_AUTHROOT, ISS_INTENT_POOL, ISS_ERROR_REFUSED },
      { "no such store", good, ISS_N_STORES, ISS_INTENT_POOL, ISS_ERROR_INVALID_ARGUMENT },
      { "no such intent", good, ISS_STORE_MY, 3, ISS_ERROR_INVALID_ARGUMENT },
    };

  iss_bundle_add_key (only_key, fixture->leaf_key);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      IssImportOptions options = automatic;

      g_test_message ("%s", cases[i].name);
      options.automatic_store = FALSE;
      options.store = cases[i].store;
      options.intent = cases[i].intent;
      g_assert_null (iss_import_commit (fixture->root, cases[i].bundle, &options, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      g_assert_cmpint (strstr (error->message, "private key") != NULL, ==,
                       cases[i].bundle == only_key);
      assert_counts (fixture, 0, 0, 0, 0, 0);
    }
}

/* The disk takes files up to some size only: whatever fails, nothing is left. */
static void
test_import_no_space (IssStoreFixture *fixture,
                      gconstpointer    unused)
{
  g_autoptr(IssBundle) bundle = new_bundle (fixture);
  guint n_failed = 0;

  for (rlim_t limit = 0; limit <= 1200; limit += 40)
    {
      pid_t child = fork ();
      int status;

      if (child == 0)
        {
          struct rlimit rlimit = { limit, limit };
          g_autoptr(GPtrArray) items = NULL;
          g_autoptr(GError) error = NULL;

          signal (SIGXFSZ, SIG_IGN);
          if (setrlimit (RLIMIT_FSIZE, &rlimit) != 0)
            _exit (3);

          items = iss_import_commit (fixture->root, bundle, &automatic, &error);
          _exit (items != NULL ? 0 : error->domain == ISS_ERROR ? 1 : 2);
        }

      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), <=, 1);

      if (WEXITSTATUS (status) == 1)
        assert_counts (fixture, 0, 0, 0, 0, 0);
      else
        break;

      n_failed++;
    }

  g_assert_cmpuint (n_failed, >, 10);
  assert_counts (fixture, 1, 1, 1, 1, 1);
}

/* Killed anywhere: no certificate without its key, no key for others' eyes, and
 * doing it again completes it. */
static void
test_import_killed (IssStoreFixture *fixture,
                    gconstpointer    unused)
{
  const char *hex = iss_certificate_get_sha256_hex (fixture->leaf);
  GBytes *spki_sha256 = iss_private_key_get_spki_sha256 (fixture->leaf_key);

  for (guint round = 0; round < 40; round++)
    {
      g_autoptr(IssBundle) bundle = new_bundle (fixture);
      g_autoptr(GPtrArray) items = NULL;
      g_autoptr(GHashTable) keys = NULL;
      struct itimerval when = { .it_value.tv_usec = g_test_rand_int_range (500, 12000) };
      int status;
      pid_t child = fork ();

      if (child == 0)
        {
          /* Nobody handles the signal: it ends the process between two instructions. */
          if (setitimer (ITIMER_REAL, &when, NULL) != 0)
            _exit (1);

          for (;;)
            {
              g_autoptr(GPtrArray) done = iss_import_commit (fixture->root, bundle, &automatic,
                                                             NULL);

              iss_certificate_store_remove (fixture->root, ISS_STORE_MY, hex, NULL);
              iss_properties_remove (fixture->root, hex, NULL);
              iss_key_file_remove (fixture->root, spki_sha256, NULL);
            }
        }

      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, SIGALRM);

      if (iss_certificate_store_contains (fixture->root, ISS_STORE_MY, hex))
        {
          g_autoptr(IssPrivateKey) key = iss_key_file_load (fixture->root, spki_sha256, NULL);

          g_assert_nonnull (key);
        }

      items = import (fixture, bundle, &automatic);
      g_clear_object (&fixture->root);
      fixture->root = iss_root_folder_open (fixture->path, TRUE, NULL);
      assert_counts (fixture, 1, 1, 1, 1, 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) \
  g_test_add ("/import/" path, IssStoreFixture, NULL, \
              iss_store_fixture_set_up, func, iss_store_fixture_tear_down)

  ADD ("automatic", test_import_automatic);
  ADD ("again", test_import_again);
  ADD ("key-on-server", test_import_key_on_server);
  ADD ("named-store", test_import_named_store);
  ADD ("bad", test_import_bad);
  ADD ("too-many", test_import_too_many);
  ADD ("no-space", test_import_no_space);
  ADD ("killed", test_import_killed);

  return g_test_run ();
}
