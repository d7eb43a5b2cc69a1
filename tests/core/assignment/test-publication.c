/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/publication.h"

#include "core/assignment/staged-key.h"
#include "core/base/error.h"
#include "core/certificate/jwk.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW ISS_SERVER_FOLDER_NOW
#define N_KILLS 48

typedef struct
{
  IssServerFolder          *server;
  IssCertificate           *old;
  IssCertificate           *new;
  const IssCertificateType *oauth;
  const IssCertificateType *other;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  fixture->server = iss_server_folder_new ();
  fixture->old = iss_server_folder_hold (fixture->server, "old", NULL);
  fixture->new = iss_server_folder_hold (fixture->server, "new", NULL);
  fixture->oauth = iss_certificate_type_find ("OAuthTokenIssuer");
  fixture->other = iss_certificate_type_find ("Default");
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
assign (Fixture                  *fixture,
        const IssCertificateType *type,
        IssCertificate           *certificate)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  iss_assignments_set (assignments, type, iss_certificate_get_sha256_hex (certificate), NOW, NULL,
                       &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, fixture->server->root, &error);
  g_assert_no_error (error);
}

static void
reconcile (Fixture *fixture,
           gint64   now)
{
  g_autoptr(GError) error = NULL;
  gboolean reconciled = iss_publication_reconcile (fixture->server->root, now, &error);

  g_assert_no_error (error);
  g_assert_true (reconciled);
}

static char *
dup_path (Fixture    *fixture,
          const char *name)
{
  return iss_temp_folder_dup_path (fixture->server->folder, name);
}

static char *
read_file (Fixture    *fixture,
           const char *name)
{
  return iss_temp_folder_read (fixture->server->folder, name, NULL);
}

static void
assert_file_is (Fixture    *fixture,
                const char *name,
                const char *expected)
{
  g_autofree char *found = read_file (fixture, name);

  g_test_message ("%s", name);
  g_assert_cmpstr (found, ==, expected);
}

static gboolean
exists (Fixture    *fixture,
        const char *name)
{
  g_autofree char *path = dup_path (fixture, name);
  GStatBuf info;

  return g_lstat (path, &info) == 0;
}

static GStatBuf
examine (Fixture    *fixture,
         const char *name)
{
  g_autofree char *path = dup_path (fixture, name);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return info;
}

static int
compare_strings (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (*(const char **) a, *(const char **) b);
}

/* The sorted names in a folder, each with a newline. */
static char *
list (Fixture    *fixture,
      const char *name)
{
  g_autofree char *path = dup_path (fixture, name);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (entry));
  g_ptr_array_sort (names, compare_strings);
  g_ptr_array_add (names, NULL);

  return g_strjoinv ("\n", (char **) names->pdata);
}

/* All that services see: links, names, modes, contents. */
static char *
dup_state (Fixture *fixture)
{
  GString *state = g_string_new (NULL);

  for (guint i = 0; i < iss_certificate_type_get_n (); i++)
    {
      const IssCertificateType *type = iss_certificate_type_get (i);
      g_autofree char *name = g_build_filename ("live", type->name, NULL);
      g_autofree char *path = dup_path (fixture, name);
      g_autofree char *target = g_file_read_link (path, NULL);
      g_autofree char *joined = list (fixture, name);
      g_auto(GStrv) names = g_strsplit (joined, "\n", -1);

      if (target == NULL)
        continue;

      g_string_append_printf (state, "%s -> %s\n", type->name, target);
      if (!g_str_has_prefix (target, ".made/"))
        continue;

      for (guint j = 0; names[j] != NULL; j++)
        {
          g_autofree char *file = g_build_filename (name, names[j], NULL);
          g_autofree char *text = read_file (fixture, file);
          g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

          g_string_append_printf (state, "  %s %o %s\n", names[j],
                                  examine (fixture, file).st_mode & 07777, hash);
        }
    }

  return g_string_free (state, FALSE);
}

static void
test_publication_none (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autofree char *names = NULL;
  guint64 revision = 99;

  g_assert_false (iss_publication_get_revision (fixture->server->root, fixture->oauth, &revision));
  reconcile (fixture, NOW);
  names = list (fixture, "live");
  g_assert_cmpstr (names, ==, ".changed\n.made");
  g_assert_false (iss_publication_get_revision (fixture->server->root, fixture->oauth, &revision));
  g_assert_cmpuint (revision, ==, 99);
}

static void
test_publication_files (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *old_pem = iss_certificate_dup_pem (fixture->old);
  g_autofree char *new_pem = iss_certificate_dup_pem (fixture->new);
  g_autofree char *chain_pem = iss_certificate_dup_pem (fixture->server->issuing);
  g_autofree char *full_pem = g_strconcat (new_pem, chain_pem, NULL);
  g_autofree char *metadata = NULL;
  g_autofree char *x5t = NULL;
  g_autofree char *names = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *key = NULL;
  guint64 revision = 0;
  gsize size;
  const guchar *sha1;

  assign (fixture, fixture->oauth, fixture->old);
  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);

  names = list (fixture, "live/OAuthTokenIssuer");
  g_assert_cmpstr (names, ==,
                   "cert.pem\nchain.pem\nfullchain.pem\njwks.json\nmetadata.json\nprevious.pem\n"
                   "privkey.pem");
  assert_file_is (fixture, "live/OAuthTokenIssuer/cert.pem", new_pem);
  assert_file_is (fixture, "live/OAuthTokenIssuer/chain.pem", chain_pem);
  assert_file_is (fixture, "live/OAuthTokenIssuer/fullchain.pem", full_pem);
  assert_file_is (fixture, "live/OAuthTokenIssuer/previous.pem", old_pem);
  key = read_file (fixture, "live/OAuthTokenIssuer/privkey.pem");
  g_assert_true (g_str_has_prefix (key, "-----BEGIN PRIVATE KEY-----\n"));

  g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer").st_mode & 07777, ==, 0755);
  g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer/cert.pem").st_mode & 07777, ==, 0644);
  g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer/metadata.json").st_mode & 07777, ==,
                   0644);
  g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer/privkey.pem").st_mode & 07777, ==,
                   0600);

  /* RFC 7515, section 4.1.7: 20 bytes are 27 characters without padding. */
  sha1 = g_bytes_get_data (iss_certificate_get_sha1 (fixture->new), &size);
  x5t = g_base64_encode (sha1, size);
  g_strdelimit (g_strdelimit (x5t, "+", '-'), "/", '_');
  x5t[27] = '\0';
  metadata = read_file (fixture, "live/OAuthTokenIssuer/metadata.json");
  g_assert_nonnull (strstr (metadata, iss_certificate_get_sha256_hex (fixture->new)));
  g_assert_nonnull (strstr (metadata, iss_certificate_get_sha256_hex (fixture->old)));
  g_assert_nonnull (strstr (metadata, x5t));
  g_assert_nonnull (strstr (metadata, "\"2028-06-29T00:00:00Z\""));

  g_assert_true (iss_publication_get_revision (fixture->server->root, fixture->oauth, &revision));
  g_assert_cmpuint (revision, ==, 2);

  stamp = read_file (fixture, "live/.changed");
  g_assert_true (g_str_has_prefix (stamp, "2027-06-30T00:00:00Z\nOAuthTokenIssuer-2 "));
}

/* Called again and again it does nothing: not even the stamp moves. */
static void
test_publication_idempotent (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autofree char *before = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *after = NULL;
  GStatBuf folder;
  GStatBuf changed;

  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);
  before = iss_temp_folder_dup_listing (fixture->server->folder);
  stamp = read_file (fixture, "live/.changed");
  folder = examine (fixture, "live/OAuthTokenIssuer");
  changed = examine (fixture, "live/.changed");

  for (guint i = 1; i < 5; i++)
    reconcile (fixture, NOW + i * 86400);

  after = iss_temp_folder_dup_listing (fixture->server->folder);
  g_assert_cmpstr (after, ==, before);
  assert_file_is (fixture, "live/.changed", stamp);
  g_assert_cmpuint (examine (fixture, "live/OAuthTokenIssuer").st_ino, ==, folder.st_ino);
  g_assert_cmpuint (examine (fixture, "live/.changed").st_ino, ==, changed.st_ino);
}

static void
damage (Fixture    *fixture,
        const char *how)
{
  g_autofree char *live = dup_path (fixture, "live/OAuthTokenIssuer");
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  char *colon;
  g_autofree char *verb = g_strdup (how);

  colon = strchr (verb, ':');
  *colon = '\0';
  path = g_build_filename (live, colon + 1, NULL);

  if (g_str_equal (verb, "remove"))
    g_assert_cmpint (g_unlink (path), ==, 0);
  else if (g_str_equal (verb, "write"))
    g_assert_true (g_file_set_contents (path, "something else\n", -1, NULL));
  else if (g_str_equal (verb, "open"))
    g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  else if (g_str_equal (verb, "close"))
    g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  else if (g_str_equal (verb, "copy"))
    g_assert_true (g_file_get_contents (path, &text, NULL, NULL) &&
                   g_file_set_contents (path, text, -1, NULL));
  else if (g_str_equal (verb, "folder"))
    g_assert_cmpint (g_chmod (path, 0777), ==, 0);
  else if (g_str_equal (verb, "unlink"))
    g_assert_cmpint (g_unlink (live), ==, 0);
  else if (g_str_equal (verb, "point"))
    g_assert_true (g_unlink (live) == 0 && symlink (colon + 1, live) == 0);
  else if (g_str_equal (verb, "plain"))
    g_assert_true (g_unlink (live) == 0 && g_file_set_contents (live, "?", -1, NULL));
  else
    g_assert_not_reached ();
}

/* Whatever hands have done to it. */
static void
test_publication_repair (Fixture       *fixture,
                         gconstpointer  user_data)
{
  static const char *const damages[] =
  {
    "remove:cert.pem", "remove:chain.pem", "remove:privkey.pem", "remove:metadata.json",
    "write:cert.pem", "write:metadata.json", "write:previous.pem", "write:extra.pem",
    "remove:jwks.json",
    "write:privkey.uri", "open:privkey.pem", "close:cert.pem", "copy:privkey.pem", "folder:.",
    "unlink:", "point:.made/OAuthTokenIssuer-1", "point:.made/Nothing-7", "point:/etc", "plain:",
  };
  g_autofree char *good = NULL;

  assign (fixture, fixture->oauth, fixture->old);
  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);
  good = dup_state (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *damaged = NULL;
      g_autofree char *mended = NULL;
      guint64 revision;

      g_test_message ("%s", damages[i]);
      damage (fixture, damages[i]);
      damaged = dup_state (fixture);
      if (!g_str_has_prefix (damages[i], "copy:") && !g_str_has_prefix (damages[i], "folder:"))
        g_assert_cmpstr (damaged, !=, good);

      reconcile (fixture, NOW);
      mended = dup_state (fixture);
      g_assert_cmpstr (mended, ==, good);
      g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer").st_mode & 07777, ==, 0755);
      g_assert_true (iss_publication_get_revision (fixture->server->root, fixture->oauth,
                                                   &revision));
      g_assert_cmpuint (revision, ==, 2);
    }
}

/* Consumers hear of a folder made anew, also if the power went before the stamp. */
static void
test_publication_stamp (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *before = NULL;
  g_autofree char *repaired = NULL;
  g_autofree char *path = dup_path (fixture, "live/.changed");

  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);
  before = read_file (fixture, "live/.changed");

  damage (fixture, "write:cert.pem");
  reconcile (fixture, NOW + 1);
  repaired = read_file (fixture, "live/.changed");
  g_assert_true (g_str_has_prefix (repaired, "2027-06-30T00:00:01Z\n"));

  g_assert_true (g_file_set_contents (path, before, -1, NULL));
  reconcile (fixture, NOW + 2);
  g_free (repaired);
  repaired = read_file (fixture, "live/.changed");
  g_assert_true (g_str_has_prefix (repaired, "2027-06-30T00:00:02Z\n"));
}

static void
test_publication_withdraw (Fixture       *fixture,
                           gconstpointer  user_data)
{
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .now = NOW };
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  g_autofree char *names = NULL;

  assign (fixture, fixture->oauth, fixture->old);
  assign (fixture, fixture->oauth, fixture->new);
  assign (fixture, fixture->other, fixture->old);
  reconcile (fixture, NOW);

  /* Without a current one, the previous one is for verifying all the same. */
  assignments = iss_assignments_load (fixture->server->root, &error);
  iss_assignments_change (assignments, fixture->oauth, &removal);
  iss_assignments_change (assignments, fixture->other, &removal);
  iss_assignments_save (assignments, fixture->server->root, &error);
  g_assert_no_error (error);
  reconcile (fixture, NOW + 1);

  names = list (fixture, "live/OAuthTokenIssuer");
  g_assert_cmpstr (names, ==, "jwks.json\nmetadata.json\nprevious.pem");
  g_assert_false (exists (fixture, "live/Default"));
}

static void
test_publication_sweep (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autofree char *half = NULL;
  g_autofree char *foreign = NULL;
  g_autofree char *newer = NULL;
  g_autofree char *newer_link = dup_path (fixture, "live/QuantumIssuer");

  half = iss_temp_folder_write (fixture->server->folder, "live/.made/.tmp-1/privkey.pem", "k", -1);
  foreign = iss_temp_folder_write (fixture->server->folder, "live/.made/notes/x", "x", -1);
  newer = iss_temp_folder_write (fixture->server->folder, "live/.made/QuantumIssuer-1/x", "x", -1);
  g_assert_cmpint (symlink (".made/QuantumIssuer-1", newer_link), ==, 0);

  assign (fixture, fixture->oauth, fixture->old);
  reconcile (fixture, NOW);
  g_assert_false (exists (fixture, "live/.made/.tmp-1"));

  /* Ten minutes from when it was superseded, not from when it was made. */
  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW + 86400);
  g_assert_true (exists (fixture, "live/.made/OAuthTokenIssuer-1"));
  reconcile (fixture, NOW + 86400 + 599);
  g_assert_true (exists (fixture, "live/.made/OAuthTokenIssuer-1"));
  reconcile (fixture, NOW + 86400 + 600);
  g_assert_false (exists (fixture, "live/.made/OAuthTokenIssuer-1"));
  g_assert_true (exists (fixture, "live/.made/OAuthTokenIssuer-2"));

  /* Its key is still the server's. */
  g_assert_cmpint (iss_key_file_get_state (fixture->server->root,
                                           iss_certificate_get_spki_sha256 (fixture->old)),
                   ==, ISS_KEY_STATE_FILE);
  g_assert_cmpint (examine (fixture, "live/OAuthTokenIssuer/privkey.pem").st_nlink, ==, 2);

  g_assert_true (exists (fixture, "live/.made/notes/x"));
  g_assert_true (exists (fixture, "live/QuantumIssuer/x"));
}

/* One type that cannot be published takes nothing from it and from no other. */
static void
test_publication_gone (Fixture       *fixture,
                       gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  g_autofree char *old_pem = iss_certificate_dup_pem (fixture->old);
  g_autoptr(GError) error = NULL;
  guint64 revision = 0;

  assign (fixture, fixture->oauth, fixture->old);
  reconcile (fixture, NOW);
  assign (fixture, fixture->oauth, fixture->new);
  assign (fixture, fixture->other, fixture->old);
  iss_key_file_remove (root, iss_certificate_get_spki_sha256 (fixture->new), &error);
  g_assert_no_error (error);

  g_assert_false (iss_publication_reconcile (root, NOW + 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "OAuthTokenIssuer"));
  g_assert_nonnull (strstr (error->message, iss_certificate_get_sha256_hex (fixture->new)));
  g_assert_nonnull (strstr (error->message, "import"));
  g_clear_error (&error);

  g_assert_true (iss_publication_get_revision (root, fixture->oauth, &revision));
  g_assert_cmpuint (revision, ==, 1);
  assert_file_is (fixture, "live/OAuthTokenIssuer/cert.pem", old_pem);
  assert_file_is (fixture, "live/Default/cert.pem", old_pem);

  /* Nor does time: what is shown is not swept. */
  g_assert_false (iss_publication_reconcile (root, NOW + 86400, &error));
  g_clear_error (&error);
  assert_file_is (fixture, "live/OAuthTokenIssuer/cert.pem", old_pem);

  iss_certificate_store_remove (root, ISS_STORE_MY, iss_certificate_get_sha256_hex (fixture->new),
                                &error);
  g_assert_no_error (error);
  g_assert_false (iss_publication_reconcile (root, NOW + 2, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, iss_certificate_get_sha256_hex (fixture->new)));
}

static void
test_publication_damaged (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);
  before = dup_state (fixture);

  path = iss_temp_folder_write (fixture->server->folder, "assignments.conf", "[OAuthTok", -1);
  g_assert_false (iss_publication_reconcile (fixture->server->root, NOW, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
  after = dup_state (fixture);
  g_assert_cmpstr (after, ==, before);
}

static void
test_publication_metadata (Fixture       *fixture,
                           gconstpointer  user_data)
{
#define REST ",\"scope\":\"local\"}"
  static const struct
  {
    const char *text;
    guint64     revision;   /* 0: not published */
  } cases[] =
  {
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":7" REST,                  7 },
    { "{ \"format\": 1,\n\t\"type\": \"OAuthTokenIssuer\", \"revision\": 8" REST "\r\n",  8 },
    { "{\"format\":2,\"type\":\"OAuthTokenIssuer\",\"revision\":7" REST,                  0 },
    { "{\"format\":10,\"type\":\"OAuthTokenIssuer\",\"revision\":7" REST,                 0 },
    { "{\"format\":1,\"type\":\"Default\",\"revision\":7" REST,                           0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":0" REST,                  0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":-7" REST,                 0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":7.5" REST,                0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":99999999999999999999" REST, 0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\":7,\"scope\":\"loc",       0 },
    { "{\"format\":1,\"type\":\"OAuthTokenIssuer\",\"revision\"",                         0 },
    { "",                                                                                 0 },
    { "\xff\xff\xff}",                                                                    0 },
  };
#undef REST

  assign (fixture, fixture->oauth, fixture->new);
  reconcile (fixture, NOW);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 revision = 0;
      g_autofree char *path = NULL;

      g_test_message ("%s", cases[i].text);
      path = iss_temp_folder_write (fixture->server->folder, "live/OAuthTokenIssuer/metadata.json",
                                    cases[i].text, -1);
      g_assert_cmpint (iss_publication_get_revision (fixture->server->root, fixture->oauth,
                                                     &revision), ==, cases[i].revision != 0);
      g_assert_cmpuint (revision, ==, cases[i].revision);
    }
}

static void
test_publication_shows (Fixture       *fixture,
                        gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  g_autoptr(IssAssignments) assignments = NULL;
  const IssAssignment *assignment;

  assign (fixture, fixture->oauth, fixture->old);
  assign (fixture, fixture->oauth, fixture->new);
  assignments = iss_assignments_load (root, NULL);
  assignment = iss_assignments_find (assignments, fixture->oauth);

  g_assert_false (iss_publication_shows (root, assignment, ISS_SLOT_CURRENT));
  reconcile (fixture, NOW);
  g_assert_true (iss_publication_shows (root, assignment, ISS_SLOT_CURRENT));
  g_assert_true (iss_publication_shows (root, assignment, ISS_SLOT_PREVIOUS));
  g_assert_false (iss_publication_shows (root, assignment, ISS_SLOT_STAGED));

  damage (fixture, "write:previous.pem");
  g_assert_true (iss_publication_shows (root, assignment, ISS_SLOT_CURRENT));
  g_assert_false (iss_publication_shows (root, assignment, ISS_SLOT_PREVIOUS));
}

/* A staged key is known to those who verify before it signs, and only to them. */
static void
test_publication_staged (Fixture       *fixture,
                         gconstpointer  user_data)
{
  const IssTransition stage =
    {
      .kind = ISS_TRANSITION_STAGE, .now = NOW, .instant = NOW + 86400,
      .sha256_hex = iss_certificate_get_sha256_hex (fixture->new),
    };
  g_autofree char *old_pem = iss_certificate_dup_pem (fixture->old);
  g_autofree char *x5c = iss_jwk_dup_x5c (fixture->new);
  g_autofree char *names = NULL;
  g_autofree char *jwks = NULL;
  g_autofree char *metadata = NULL;
  g_autoptr(IssAssignments) assignments = NULL;
  const IssAssignment *assignment;

  assign (fixture, fixture->oauth, fixture->old);
  assignments = iss_assignments_load (fixture->server->root, NULL);
  g_assert_true (iss_assignments_change (assignments, fixture->oauth, &stage));
  g_assert_true (iss_assignments_save (assignments, fixture->server->root, NULL));
  assignment = iss_assignments_find (assignments, fixture->oauth);
  g_assert_false (iss_publication_shows (fixture->server->root, assignment, ISS_SLOT_STAGED));
  reconcile (fixture, NOW);

  g_assert_true (iss_publication_shows (fixture->server->root, assignment, ISS_SLOT_STAGED));
  names = list (fixture, "live/OAuthTokenIssuer");
  g_assert_cmpstr (names, ==,
                   ISS_STAGED_KEY_NAME "\ncert.pem\nchain.pem\nfullchain.pem\njwks.json\n"
                   "metadata.json\nprivkey.pem");
  assert_file_is (fixture, "live/OAuthTokenIssuer/cert.pem", old_pem);
  jwks = read_file (fixture, "live/OAuthTokenIssuer/jwks.json");
  metadata = read_file (fixture, "live/OAuthTokenIssuer/metadata.json");
  g_assert_nonnull (strstr (jwks, x5c));
  g_assert_nonnull (strstr (metadata, x5c));

  damage (fixture, "write:jwks.json");
  g_assert_false (iss_publication_shows (fixture->server->root, assignment, ISS_SLOT_STAGED));
}

/* In a process of its own, which the timer kills after @usec microseconds if it
 * is still at work. Returns whether it was. */
static gboolean
reconcile_and_kill (Fixture *fixture,
                    int      usec)
{
  struct itimerval timer = { .it_value = { .tv_usec = usec } };
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      setitimer (ITIMER_REAL, &timer, NULL);
      iss_publication_reconcile (fixture->server->root, NOW, NULL);
      _exit (0);
    }

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return WIFSIGNALED (status);
}

/* Each type is shown whole or not at all, and no key is open. */
static void
assert_whole (Fixture                  *fixture,
              const IssCertificateType *type)
{
  g_autofree char *name = g_build_filename ("live", type->name, NULL);
  g_autofree char *key = g_build_filename (name, "privkey.pem", NULL);
  g_autofree char *cert = g_build_filename (name, "cert.pem", NULL);
  g_autofree char *old_pem = iss_certificate_dup_pem (fixture->old);
  g_autofree char *new_pem = iss_certificate_dup_pem (fixture->new);
  g_autofree char *found = NULL;
  guint64 revision;
  GStatBuf info;

  if (!exists (fixture, name))
    return;

  g_assert_true (iss_publication_get_revision (fixture->server->root, type, &revision));
  info = examine (fixture, key);
  g_assert_cmpint (info.st_mode & 07777, ==, 0600);
  found = read_file (fixture, cert);
  g_assert_true (g_str_equal (found, old_pem) || g_str_equal (found, new_pem));
}

static void
test_publication_killed (Fixture       *fixture,
                         gconstpointer  user_data)
{
  g_autofree char *live = dup_path (fixture, "live");
  gint64 before;
  int duration;
  guint n_killed = 0;

  assign (fixture, fixture->oauth, fixture->old);
  assign (fixture, fixture->other, fixture->old);
  before = g_get_monotonic_time ();
  reconcile (fixture, NOW);
  duration = (int) CLAMP (g_get_monotonic_time () - before, 1000, 500000);

  for (guint i = 0; i < N_KILLS; i++)
    {
      g_autofree char *mended = NULL;
      g_autofree char *fresh = NULL;
      g_autofree char *aside = g_strdup_printf ("%s-%u", live, i);

      assign (fixture, fixture->oauth, i % 2 == 0 ? fixture->new : fixture->old);
      assign (fixture, fixture->other, i % 2 == 0 ? fixture->new : fixture->old);
      if (reconcile_and_kill (fixture, i == 0 ? 1 : g_test_rand_int_range (1, 2 * duration)))
        n_killed++;

      assert_whole (fixture, fixture->oauth);
      assert_whole (fixture, fixture->other);

      reconcile (fixture, NOW);
      mended = dup_state (fixture);

      /* The same as where there was nothing before. */
      g_assert_cmpint (g_rename (live, aside), ==, 0);
      reconcile (fixture, NOW);
      fresh = dup_state (fixture);
      g_assert_cmpstr (mended, ==, fresh);
    }

  g_test_message ("killed at work: %u of %d", n_killed, N_KILLS);
  g_assert_cmpuint (n_killed, >, 0);
}

static void
add (const char  *path,
     void       (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/publication/none", test_publication_none);
  add ("/publication/files", test_publication_files);
  add ("/publication/idempotent", test_publication_idempotent);
  add ("/publication/repair", test_publication_repair);
  add ("/publication/stamp", test_publication_stamp);
  add ("/publication/withdraw", test_publication_withdraw);
  add ("/publication/sweep", test_publication_sweep);
  add ("/publication/gone", test_publication_gone);
  add ("/publication/damaged", test_publication_damaged);
  add ("/publication/metadata", test_publication_metadata);
  add ("/publication/shows", test_publication_shows);
  add ("/publication/staged", test_publication_staged);
  add ("/publication/killed", test_publication_killed);

  return g_test_run ();
}
