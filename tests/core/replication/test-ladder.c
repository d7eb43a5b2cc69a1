/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/ladder.h"

#include "core/assignment/publication.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-readers.h"
#include "core/store/key-uri.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define NOW ISS_SERVER_FOLDER_NOW

typedef struct
{
  IssServerFolder          *server;
  IssCertificate           *old;
  IssCertificate           *new;
  const IssCertificateType *oauth;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->server = iss_server_folder_new ();
  fixture->old = iss_server_folder_hold (fixture->server, "old", NULL);
  fixture->new = iss_server_folder_hold (fixture->server, "new", NULL);
  fixture->oauth = iss_certificate_type_find ("OAuthTokenIssuer");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_object_unref (fixture->new);
  g_object_unref (fixture->old);
  iss_server_folder_free (fixture->server);
}

static void
assign (Fixture        *fixture,
        IssCertificate *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  iss_assignments_set (assignments, fixture->oauth, iss_certificate_get_sha256_hex (certificate),
                       NOW, NULL, &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, fixture->server->root, &error);
  g_assert_no_error (error);
}

static void
reconcile (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  iss_publication_reconcile (fixture->server->root, NOW, &error);
  g_assert_no_error (error);
}

static void
assert_rung (Fixture        *fixture,
             const char     *type,
             IssCertificate *certificate,
             IssRung         expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  IssRung found;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  found = iss_ladder_climb (fixture->server->root, assignments, iss_certificate_type_find (type),
                            iss_certificate_get_sha256_hex (certificate), TRUE);
  g_assert_cmpstr (iss_rung_get_name (found), ==, iss_rung_get_name (expected));
}

static void
test_rung_names (void)
{
  for (guint i = 0; i < ISS_N_RUNGS; i++)
    {
      g_assert_cmpstr (iss_rung_get_name (i), !=, "");
      g_assert_cmpstr (iss_rung_get_label (i), !=, "");
    }

  g_assert_cmpstr (iss_rung_get_name (ISS_RUNG_IN_STORE), ==, "in-store");
  g_assert_cmpstr (iss_rung_get_label (ISS_RUNG_IN_STORE), ==, "in store");
}

static void
test_ladder_held (Fixture       *fixture,
                  gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssCertificate) other = iss_server_folder_make (fixture->server, "other", NULL, &key);
  g_autoptr(GError) error = NULL;

  assert_rung (fixture, NULL, other, ISS_RUNG_NONE);

  iss_certificate_store_add (root, ISS_STORE_MY, other, NULL, &error);
  g_assert_no_error (error);
  assert_rung (fixture, NULL, other, ISS_RUNG_IN_STORE);

  iss_key_file_save (root, key, FALSE, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_rung (fixture, NULL, other, ISS_RUNG_KEY_MATCHES);
  assert_rung (fixture, "OAuthTokenIssuer", other, ISS_RUNG_KEY_MATCHES);
}

static void
test_ladder_published (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autofree char *link = NULL;

  assign (fixture, fixture->old);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_KEY_MATCHES);
  reconcile (fixture);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_PUBLISHED);
  assert_rung (fixture, "Default", fixture->old, ISS_RUNG_KEY_MATCHES);
  assert_rung (fixture, NULL, fixture->old, ISS_RUNG_KEY_MATCHES);

  /* What is published is of the revision before, for both. */
  assign (fixture, fixture->new);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_KEY_MATCHES);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_KEY_MATCHES);
  reconcile (fixture);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_PUBLISHED);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_PUBLISHED);

  link = iss_temp_folder_dup_path (fixture->server->folder, "live/OAuthTokenIssuer");
  g_assert_cmpint (g_unlink (link), ==, 0);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_KEY_MATCHES);
}

/* Published before it signs: that is what a roll of the whole pool waits for. */
static void
test_ladder_staged (Fixture       *fixture,
                    gconstpointer  user_data)
{
  const IssTransition stage =
    {
      .kind = ISS_TRANSITION_STAGE, .instant = ISS_SERVER_FOLDER_NOW + 86400,
      .sha256_hex = iss_certificate_get_sha256_hex (fixture->new),
    };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;

  assign (fixture, fixture->old);
  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_true (iss_assignments_change (assignments, fixture->oauth, &stage));
  iss_assignments_save (assignments, fixture->server->root, &error);
  g_assert_no_error (error);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_KEY_MATCHES);
  reconcile (fixture);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_PUBLISHED);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_PUBLISHED);

  /* Known to all, but unable to sign. */
  iss_key_file_remove (fixture->server->root, iss_certificate_get_spki_sha256 (fixture->new),
                       &error);
  g_assert_no_error (error);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_IN_STORE);
}

/* live/ may still show what the server has lost. */
static void
test_ladder_lost (Fixture       *fixture,
                  gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  g_autoptr(GError) error = NULL;

  assign (fixture, fixture->old);
  assign (fixture, fixture->new);
  reconcile (fixture);

  iss_key_file_remove (root, iss_certificate_get_spki_sha256 (fixture->new), &error);
  g_assert_no_error (error);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->new, ISS_RUNG_IN_STORE);

  /* The previous one only verifies: it needs no key to be of use. */
  iss_key_file_remove (root, iss_certificate_get_spki_sha256 (fixture->old), &error);
  g_assert_no_error (error);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_PUBLISHED);

  iss_certificate_store_remove (root, ISS_STORE_MY, iss_certificate_get_sha256_hex (fixture->old),
                                &error);
  g_assert_no_error (error);
  assert_rung (fixture, "OAuthTokenIssuer", fixture->old, ISS_RUNG_NONE);
}

/* Of a key in a token the disk shows nothing: whoever asks must know. */
static void
test_ladder_token (Fixture       *fixture,
                   gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  GBytes *spki = iss_certificate_get_spki_sha256 (fixture->new);
  const char *hex = iss_certificate_get_sha256_hex (fixture->new);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, &error);

  g_assert_no_error (error);
  iss_key_file_remove (root, spki, &error);
  iss_key_uri_save (root, spki, "pkcs11:token=HSM;object=auth;type=private", 1, &error);
  g_assert_no_error (error);

  g_assert_cmpint (iss_ladder_climb (root, assignments, NULL, hex, FALSE), ==,
                   ISS_RUNG_IN_STORE);
  g_assert_cmpint (iss_ladder_climb (root, assignments, NULL, hex, TRUE), ==,
                   ISS_RUNG_KEY_MATCHES);
}

/* "daemon" is on every Debian. Without the folder's search bit the permission is not enough. */
static void
test_ladder_readable (Fixture       *fixture,
                      gconstpointer  user_data)
{
  const char *const allow[] = { "daemon", NULL };
  const char *path = iss_root_folder_get_path (fixture->server->root);
  const char *hex = iss_certificate_get_sha256_hex (fixture->new);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (fixture->server->root, &error);
  g_autofree char *closed = NULL;
  g_autofree char *readers = NULL;

  g_assert_no_error (error);
  iss_key_readers_change (fixture->server->root, iss_certificate_get_spki_sha256 (fixture->new),
                         allow, NULL, FALSE, NULL, &error);
  g_assert_no_error (error);

  g_assert_no_errno (chmod (path, 0700));
  closed = iss_ladder_dup_readers (fixture->server->root, hex);
  g_assert_null (closed);
  g_assert_cmpint (iss_ladder_climb (fixture->server->root, assignments, NULL, hex, FALSE), ==,
                   ISS_RUNG_KEY_MATCHES);

  g_assert_no_errno (chmod (path, 0711));
  readers = iss_ladder_dup_readers (fixture->server->root, hex);
  g_assert_cmpstr (readers, ==, "daemon");
  g_assert_cmpint (iss_ladder_climb (fixture->server->root, assignments, NULL, hex, FALSE), ==,
                   ISS_RUNG_READABLE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rung/names", test_rung_names);
  g_test_add ("/ladder/readable", Fixture, NULL, set_up, test_ladder_readable, tear_down);
  g_test_add ("/ladder/token", Fixture, NULL, set_up, test_ladder_token, tear_down);
  g_test_add ("/ladder/held", Fixture, NULL, set_up, test_ladder_held, tear_down);
  g_test_add ("/ladder/published", Fixture, NULL, set_up, test_ladder_published, tear_down);
  g_test_add ("/ladder/staged", Fixture, NULL, set_up, test_ladder_staged, tear_down);
  g_test_add ("/ladder/lost", Fixture, NULL, set_up, test_ladder_lost, tear_down);

  return g_test_run ();
}
