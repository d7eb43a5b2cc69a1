/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Also covers: demo-content. */

#include "core/pool/demo.h"

#include "core/assignment/assignments.h"
#include "core/base/error.h"
#include "core/formats/certificate-file.h"
#include "core/replication/ladder.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/properties.h"
#include "tests/lib/temp-folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT 1814364000   /* 2027-06-30T14:00:00Z */
#define DAY (24 * 3600)

typedef struct
{
  IssTempFolder *temp;
  char          *folder;
} Fixture;

/* One demo for all tests that only read it: making one takes a second. */
static Fixture
fixture_new (void)
{
  Fixture fixture = { .temp = iss_temp_folder_new () };

  fixture.folder = iss_temp_folder_dup_path (fixture.temp, "demo");

  return fixture;
}

static void
fixture_clear (Fixture *fixture)
{
  g_clear_pointer (&fixture->folder, g_free);
  g_clear_pointer (&fixture->temp, iss_temp_folder_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static gboolean
prepare (Fixture *fixture,
         gint64   at,
         gboolean reset)
{
  IssDemoSpec spec = { .folder = fixture->folder, .seed = "test", .at = at, .reset = reset };
  g_autoptr(GError) error = NULL;
  gboolean made = FALSE;

  iss_demo_prepare (&spec, &made, &error);
  g_assert_no_error (error);

  return made;
}

static void
assert_refused (Fixture *fixture,
                int      code)
{
  IssDemoSpec spec = { .folder = fixture->folder, .seed = "test", .at = AT, .reset = TRUE };
  g_autoptr(GError) error = NULL;
  gboolean made = 7;

  g_assert_false (iss_demo_prepare (&spec, &made, &error));
  g_assert_error (error, ISS_ERROR, code);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_assert_cmpint (made, ==, 7);
}

static void
write_text (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static char *
read_text (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static IssRootFolder *
open_server (Fixture    *fixture,
             const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  IssRootFolder *root = iss_root_folder_open (path, FALSE, &error);

  g_assert_no_error (error);

  return root;
}

static int
compare_certificates (gconstpointer a,
                      gconstpointer b)
{
  return strcmp (iss_certificate_get_issued_to (*(IssCertificate **) a),
                 iss_certificate_get_issued_to (*(IssCertificate **) b));
}

/* "auth.contoso.example key pool published" … in the order of the names. */
static char *
describe (IssRootFolder *root)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) certificates =
    iss_certificate_store_get_all (root, ISS_STORE_MY, NULL, &error);
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, &error);
  g_autoptr(GHashTable) used = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  used = iss_assignments_dup_by_certificate (assignments);
  g_ptr_array_sort (certificates, compare_certificates);

  for (guint i = 0; i < certificates->len; i++)
    {
      IssCertificate *certificate = g_ptr_array_index (certificates, i);
      const char *hex = iss_certificate_get_sha256_hex (certificate);
      GBytes *spki = iss_certificate_get_spki_sha256 (certificate);
      const char *use = g_hash_table_lookup (used, hex);
      g_auto(IssProperties) properties = { 0 };

      iss_properties_load (&properties, root, hex, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (properties.origin, ==, "manual");
      g_string_append_printf (text, "%s %u%s %s [%s]\n",
                              iss_certificate_get_issued_to (certificate),
                              iss_certificate_get_key_bits (certificate),
                              iss_key_file_get_state (root, spki) == ISS_KEY_STATE_FILE
                              ? " key" : "",
                              iss_intent_to_string (properties.intent), use != NULL ? use : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static IssRung
get_rung (IssRootFolder *root,
          const char    *type_name,
          IssSlot        slot)
{
  const IssCertificateType *type = iss_certificate_type_find (type_name);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, &error);
  const IssAssignment *assignment;

  g_assert_no_error (error);
  assignment = iss_assignments_find (assignments, type);
  g_assert_nonnull (assignment);

  return iss_ladder_climb (root, assignments, type, assignment->slot[slot], FALSE);
}

static void
test_demo_servers (void)
{
  static const struct
  {
    const char *name;
    const char *content;
  } servers[] = {
    { "fe01",
      "auth.contoso.example 2048 key pool [OAuthTokenIssuer:current]\n"
      "old-auth.contoso.example 2048 key unknown [OAuthTokenIssuer:previous]\n"
      "sip.contoso.example 2048 key server "
      "[Default:current,WebServicesInternal:current,WebServicesExternal:current]\n" },
    { "fe02",
      "lab.contoso.example 1024 key server []\n"
      "sip.contoso.example 2048 key server "
      "[Default:current,WebServicesInternal:current,WebServicesExternal:current]\n"
      "www.contoso.example 2048 server []\n" },
    { "fe03",
      "sip.contoso.example 2048 key server "
      "[Default:current,WebServicesInternal:current,WebServicesExternal:current]\n" },
  };
  g_auto(Fixture) fixture = fixture_new ();

  g_assert_true (prepare (&fixture, AT, FALSE));

  for (guint i = 0; i < G_N_ELEMENTS (servers); i++)
    {
      g_autoptr(IssRootFolder) root = open_server (&fixture, servers[i].name);
      g_autofree char *content = describe (root);

      g_test_message ("%s", servers[i].name);
      g_assert_cmpstr (content, ==, servers[i].content);
      g_assert_cmpint (get_rung (root, "Default", ISS_SLOT_CURRENT), ==, ISS_RUNG_PUBLISHED);
      if (i == 0)
        {
          g_assert_cmpint (get_rung (root, "OAuthTokenIssuer", ISS_SLOT_CURRENT), ==,
                           ISS_RUNG_PUBLISHED);
          g_assert_cmpint (get_rung (root, "OAuthTokenIssuer", ISS_SLOT_PREVIOUS), >=,
                           ISS_RUNG_IN_STORE);
        }
    }

  /* A second start makes nothing. */
  g_assert_false (prepare (&fixture, AT, FALSE));
  g_assert_false (prepare (&fixture, AT + 100 * DAY, FALSE));
}

static void
test_demo_files (void)
{
  static const struct
  {
    const char *name;
    const char *issued_to;
    guint       n_certificates;
  } files[] = {
    { "auth.contoso.example.pfx",      "auth.contoso.example",      2 },
    { "auth-legacy.pfx",               "auth.contoso.example",      2 },
    { "next-auth.contoso.example.pfx", "next-auth.contoso.example", 2 },
    { "ca.cer",                        "Contoso Demo CA",           1 },
  };
  g_auto(Fixture) fixture = fixture_new ();
  g_autofree char *password = NULL;
  g_autofree char *topology = NULL;
  g_autofree char *topology_path = iss_demo_dup_topology (fixture.folder);
  g_autofree char *connection = NULL;
  g_autoptr(IssSecret) secret = NULL;

  prepare (&fixture, AT, FALSE);

  password = read_text (&fixture, "files/auth.password");
  g_assert_cmpuint (strlen (password), ==, 16);
  g_assert_null (strchr (password, '\n'));
  secret = iss_secret_new (password, strlen (password));

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (fixture.folder, "files", files[i].name, NULL);
      g_autofree char *data = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      g_autoptr(GError) error = NULL;
      struct stat info;
      gsize size;

      g_test_message ("%s", files[i].name);
      g_file_get_contents (path, &data, &size, &error);
      g_assert_no_error (error);
      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0077, ==, 0);
      bytes = g_bytes_new (data, size);
      bundle = iss_certificate_file_read (bytes, secret, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (iss_bundle_get_n_certificates (bundle), ==, files[i].n_certificates);
      g_assert_cmpstr (iss_certificate_get_issued_to (iss_bundle_get_certificate (bundle, 0)), ==,
                       files[i].issued_to);
      g_assert_cmpint (iss_bundle_get_key_for (bundle, 0) != NULL, ==, i < 3);
    }

  g_file_get_contents (topology_path, &topology, NULL, NULL);
  g_assert_nonnull (strstr (topology, "[pool pool01.contoso.example]"));
  connection = g_strdup_printf ("connection=local://%s/fe02\n", fixture.folder);
  g_assert_nonnull (strstr (topology, connection));
  g_assert_nonnull (strstr (topology, "OAuthTokenIssuer.previous="));
}

static char *
dup_thumbprint (Fixture    *fixture,
                const char *server,
                const char *type)
{
  g_autoptr(IssRootFolder) root = open_server (fixture, server);
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = iss_assignments_load (root, &error);

  g_assert_no_error (error);

  return g_strdup (iss_assignments_find (assignments, iss_certificate_type_find (type))
                   ->slot[ISS_SLOT_CURRENT]);
}

/* The same seed and instant give the same certificates on every machine. */
static void
test_demo_pinned (void)
{
  static const struct
  {
    const char *server;
    const char *type;
    const char *sha256;
  } pinned[] = {
    { "fe01", "OAuthTokenIssuer",
      "0dc8d8aca2cc14835c42b15d46621964f9864c87278bb0cbc022f27b77f2d079" },
    { "fe01", "Default",
      "4fbaff91fa7a4dec04f6967e23e6b108f34d4d8c668740235d23787bfef3ab11" },
    { "fe02", "Default",
      "cb4f47cbb9223bffaf3c0b7f70fc2adafff852707f560d5bee52dc0943e5119d" },
    { "fe03", "Default",
      "97e4bf318eec5781fbc0cb4793e7e1c0a416bdb905832feaf89091d4a7f193ee" },
  };
  g_auto(Fixture) fixture = fixture_new ();

  prepare (&fixture, AT, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (pinned); i++)
    {
      g_autofree char *sha256 = dup_thumbprint (&fixture, pinned[i].server, pinned[i].type);

      g_assert_cmpstr (sha256, ==, pinned[i].sha256);
    }
}

static void
test_demo_anew (void)
{
  g_auto(Fixture) fixture = fixture_new ();
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *later = NULL;
  g_autofree char *path = NULL;
  g_autofree char *listing = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *kept_file = NULL;

  g_assert_true (prepare (&fixture, AT, FALSE));
  first = dup_thumbprint (&fixture, "fe01", "OAuthTokenIssuer");

  /* Somebody's own files are kept, the demo's changes are not. */
  write_text (&fixture, "my-notes.txt", "mine");
  write_text (&fixture, "files/my-export.pfx", "mine, too");
  write_text (&fixture, "fe01/stores/my/junk", "junk");
  path = g_build_filename (fixture.folder, "fe01", "outside", NULL);
  g_free (iss_temp_folder_write (fixture.temp, "precious", "precious", -1));
  g_assert_cmpint (symlink ("../../precious", path), ==, 0);

  g_assert_true (prepare (&fixture, AT, TRUE));
  again = dup_thumbprint (&fixture, "fe01", "OAuthTokenIssuer");
  g_assert_cmpstr (again, ==, first);
  kept = read_text (&fixture, "my-notes.txt");
  g_assert_cmpstr (kept, ==, "mine");
  kept_file = read_text (&fixture, "files/my-export.pfx");
  g_assert_cmpstr (kept_file, ==, "mine, too");
  g_assert_false (g_file_test (path, G_FILE_TEST_IS_SYMLINK));

  /* Aged: auth has 240 days, less 30. */
  g_assert_false (prepare (&fixture, AT + 209 * DAY, FALSE));
  g_assert_true (prepare (&fixture, AT + 211 * DAY, FALSE));
  later = dup_thumbprint (&fixture, "fe01", "OAuthTokenIssuer");
  g_assert_cmpstr (later, !=, first);

  /* Made for the future, and cut off. */
  g_assert_true (prepare (&fixture, AT, FALSE));
  g_clear_pointer (&path, g_free);
  path = g_build_filename (fixture.folder, "topology.conf", NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (prepare (&fixture, AT, FALSE));

  listing = iss_temp_folder_dup_listing (fixture.temp);
  g_assert_null (strstr (listing, ".new"));
  g_assert_nonnull (strstr (listing, "precious"));
}

static void
test_demo_foreign (void)
{
  g_auto(Fixture) fixture = fixture_new ();
  g_autofree char *workshop = g_strconcat (fixture.folder, ".new", NULL);
  g_autofree char *elsewhere = iss_temp_folder_dup_path (fixture.temp, "elsewhere");
  g_autofree char *text = NULL;
  g_autofree char *left = NULL;

  /* A file */
  g_free (iss_temp_folder_write (fixture.temp, "demo", "a file", -1));
  assert_refused (&fixture, ISS_ERROR_EXISTS);
  g_assert_cmpint (g_unlink (fixture.folder), ==, 0);

  /* A link to a folder, even an empty one */
  g_assert_cmpint (g_mkdir (elsewhere, 0700), ==, 0);
  g_assert_cmpint (symlink (elsewhere, fixture.folder), ==, 0);
  assert_refused (&fixture, ISS_ERROR_EXISTS);
  g_assert_cmpint (g_unlink (fixture.folder), ==, 0);

  /* A folder with something in it */
  g_assert_cmpint (g_mkdir (fixture.folder, 0700), ==, 0);
  write_text (&fixture, "topology.conf", "somebody's");
  assert_refused (&fixture, ISS_ERROR_EXISTS);
  text = read_text (&fixture, "topology.conf");
  g_assert_cmpstr (text, ==, "somebody's");

  /* A marker that is none */
  write_text (&fixture, ".issuant-demo", "[demo]\nseed=test\n");
  assert_refused (&fixture, ISS_ERROR_EXISTS);
  left = read_text (&fixture, "topology.conf");
  g_assert_cmpstr (left, ==, "somebody's");

  /* Somebody's folder where the demo would be built */
  write_text (&fixture, "../demo.new-file", "");
  g_assert_cmpint (g_rename (fixture.folder, workshop), ==, 0);
  assert_refused (&fixture, ISS_ERROR_EXISTS);
  g_assert_false (g_file_test (fixture.folder, G_FILE_TEST_EXISTS));
}

static void
test_demo_empty_and_leftover (void)
{
  g_auto(Fixture) fixture = fixture_new ();
  g_autofree char *workshop = g_strconcat (fixture.folder, ".new", NULL);

  g_assert_true (prepare (&fixture, AT, FALSE));

  /* What a build that was cut off leaves is a demo without most of it. */
  g_assert_cmpint (g_rename (fixture.folder, workshop), ==, 0);
  g_assert_cmpint (g_mkdir (fixture.folder, 0700), ==, 0);
  g_assert_true (prepare (&fixture, AT, FALSE));
  g_assert_false (g_file_test (workshop, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/demo/servers", test_demo_servers);
  g_test_add_func ("/demo/files", test_demo_files);
  g_test_add_func ("/demo/pinned", test_demo_pinned);
  g_test_add_func ("/demo/anew", test_demo_anew);
  g_test_add_func ("/demo/foreign", test_demo_foreign);
  g_test_add_func ("/demo/empty-and-leftover", test_demo_empty_and_leftover);

  return g_test_run ();
}
