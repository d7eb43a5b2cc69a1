/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/assignments.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <glib/gstdio.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

#define NOW 1814313600      /* 2027-06-30T00:00:00Z */
#define HOUR 3600
#define YEAR (365 * 24 * HOUR)

typedef struct
{
  IssTempFolder            *folder;
  IssRootFolder            *root;
  const IssCertificateType *oauth;
  const IssCertificateType *server;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = iss_temp_folder_new ();
  fixture->root = iss_root_folder_open (iss_temp_folder_get_path (fixture->folder), TRUE, &error);
  g_assert_no_error (error);
  fixture->oauth = iss_certificate_type_find ("OAuthTokenIssuer");
  fixture->server = iss_certificate_type_find ("Default");
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->root);
  iss_temp_folder_free (fixture->folder);
}

static IssAssignments *
load (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssAssignments *assignments = iss_assignments_load (fixture->root, &error);

  g_assert_no_error (error);

  return assignments;
}

/* Loads @text, which must be good. */
static IssAssignments *
load_text (Fixture    *fixture,
           const char *text)
{
  g_autofree char *path = iss_temp_folder_write (fixture->folder, "assignments.conf", text, -1);

  return load (fixture);
}

static void
save (Fixture        *fixture,
      IssAssignments *assignments)
{
  g_autoptr(GError) error = NULL;

  iss_assignments_save (assignments, fixture->root, &error);
  g_assert_no_error (error);
}

/* "rev current previous staged", with the first letter of each certificate. */
static char *
describe (IssAssignments           *assignments,
          const IssCertificateType *type)
{
  const IssAssignment *assignment = iss_assignments_find (assignments, type);

  if (assignment == NULL)
    return g_strdup ("nothing");

  return g_strdup_printf ("%" G_GUINT64_FORMAT " %.1s %.1s %.1s", assignment->revision,
                          assignment->slot[0] != NULL ? assignment->slot[0] : "-",
                          assignment->slot[1] != NULL ? assignment->slot[1] : "-",
                          assignment->slot[2] != NULL ? assignment->slot[2] : "-");
}

static void
assert_is (IssAssignments           *assignments,
           const IssCertificateType *type,
           const char               *expected)
{
  g_autofree char *found = describe (assignments, type);

  g_assert_cmpstr (found, ==, expected);
}

static void
set (IssAssignments           *assignments,
     const IssCertificateType *type,
     const char               *sha256_hex,
     gint64                    now,
     gboolean                  expect_change)
{
  g_autoptr(GError) error = NULL;
  gboolean changed = !expect_change;

  iss_assignments_set (assignments, type, sha256_hex, now, &changed, &error);
  g_assert_no_error (error);
  g_assert_cmpint (changed, ==, expect_change);
}

static void
test_assignments_none (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr(IssAssignments) assignments = load (fixture);
  g_autoptr(GHashTable) uses = iss_assignments_dup_by_certificate (assignments);

  g_assert_cmpuint (iss_assignments_get_n (assignments), ==, 0);
  g_assert_null (iss_assignments_find (assignments, fixture->oauth));
  g_assert_cmpuint (g_hash_table_size (uses), ==, 0);

  g_assert_finalize_object (g_steal_pointer (&assignments));
}

static void
test_assignments_set (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(IssAssignments) assignments = load (fixture);
  g_autoptr(IssAssignments) again = NULL;
  const IssAssignment *assignment;
  g_autoptr(GHashTable) uses = NULL;
  GStatBuf info;
  g_autofree char *path = iss_temp_folder_dup_path (fixture->folder, "assignments.conf");

  set (assignments, fixture->oauth, A, NOW, TRUE);
  assert_is (assignments, fixture->oauth, "1 a - -");
  set (assignments, fixture->oauth, A, NOW + 1, FALSE);
  assert_is (assignments, fixture->oauth, "1 a - -");
  set (assignments, fixture->oauth, B, NOW + 2, TRUE);
  assert_is (assignments, fixture->oauth, "2 b a -");
  set (assignments, fixture->server, B, NOW + 3, TRUE);

  /* Only memory so far. */
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  save (fixture, assignments);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0644);

  again = load (fixture);
  g_assert_cmpuint (iss_assignments_get_n (again), ==, 2);
  g_assert_true (iss_assignments_get (again, 0)->type == fixture->server);
  g_assert_true (iss_assignments_get (again, 1)->type == fixture->oauth);
  assert_is (again, fixture->oauth, "2 b a -");
  assert_is (again, fixture->server, "1 b - -");

  assignment = iss_assignments_find (again, fixture->oauth);
  g_assert_cmpstr (assignment->scope, ==, "local");
  g_assert_cmpint (assignment->current_since, ==, NOW + 2);
  g_assert_cmpint (assignment->staged_at, ==, 0);

  uses = iss_assignments_dup_by_certificate (again);
  g_assert_cmpuint (g_hash_table_size (uses), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (uses, A), ==, "OAuthTokenIssuer:previous");
  g_assert_cmpstr (g_hash_table_lookup (uses, B), ==, "Default:current,OAuthTokenIssuer:current");
}

/* Setting what is previous swaps the two; a third one pushes the oldest out. */
static void
test_assignments_set_again (Fixture       *fixture,
                            gconstpointer  user_data)
{
  const IssTransition removal = { .kind = ISS_TRANSITION_REMOVE_CURRENT, .now = NOW + 7 };
  g_autoptr(IssAssignments) assignments = load (fixture);

  set (assignments, fixture->oauth, A, NOW, TRUE);
  set (assignments, fixture->oauth, B, NOW, TRUE);
  set (assignments, fixture->oauth, A, NOW + 5, TRUE);
  assert_is (assignments, fixture->oauth, "3 a b -");
  g_assert_cmpint (iss_assignments_find (assignments, fixture->oauth)->current_since, ==, NOW + 5);
  set (assignments, fixture->oauth, C, NOW + 6, TRUE);
  assert_is (assignments, fixture->oauth, "4 c a -");

  /* With no current one, the previous one stays, unless it is set. */
  g_assert_true (iss_assignments_change (assignments, fixture->oauth, &removal));
  assert_is (assignments, fixture->oauth, "5 - a -");
  set (assignments, fixture->oauth, B, NOW + 8, TRUE);
  assert_is (assignments, fixture->oauth, "6 b a -");
  g_assert_true (iss_assignments_change (assignments, fixture->oauth, &removal));
  set (assignments, fixture->oauth, A, NOW + 10, TRUE);
  assert_is (assignments, fixture->oauth, "8 a - -");
}

static void
test_assignments_set_refused (Fixture       *fixture,
                              gconstpointer  user_data)
{
  static const char *const wrong[] =
  {
    "", "abc", A "a", "\xff\xff",
    "AAAAAAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autoptr(GError) error = NULL;
  gboolean changed = 99;

  assignments = load_text (fixture,
                           "[OAuthTokenIssuer]\nrevision=4\ncurrent=" A "\nstaged=" B
                           "\nstaged-at=2027-07-01T00:00:00Z\n");

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) wrong_error = NULL;

      g_assert_false (iss_assignments_set (assignments, fixture->server, wrong[i], NOW, &changed,
                                           &wrong_error));
      g_assert_error (wrong_error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
    }

  g_assert_false (iss_assignments_set (assignments, fixture->oauth, C, NOW, &changed, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_cmpint (changed, ==, 99);
  assert_is (assignments, fixture->oauth, "4 a - b");
  assert_is (assignments, fixture->server, "nothing");
}

/* What is staged comes back from the disk as it was, and goes from it when it has rolled. */
static void
test_assignments_staged (Fixture       *fixture,
                         gconstpointer  user_data)
{
  const IssTransition stage =
    {
      .kind = ISS_TRANSITION_STAGE, .sha256_hex = B, .now = NOW, .instant = NOW + 24 * HOUR,
      .typed = "2027-07-01T02:00", .zone = "Europe/Berlin", .held = TRUE,
    };
  const IssTransition arm = { .kind = ISS_TRANSITION_ARM, .now = NOW + 1 };
  g_autoptr(IssAssignments) assignments = load (fixture);
  g_autoptr(IssAssignments) again = NULL;
  g_autoptr(IssAssignments) rolled = NULL;
  const IssAssignment *assignment;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  set (assignments, fixture->oauth, A, NOW - HOUR, TRUE);
  g_assert_true (iss_assignments_change (assignments, fixture->oauth, &stage));
  g_assert_false (iss_assignments_change (assignments, fixture->oauth, &stage));
  save (fixture, assignments);

  again = load (fixture);
  assert_is (again, fixture->oauth, "2 a - b");
  assignment = iss_assignments_find (again, fixture->oauth);
  g_assert_cmpint (assignment->staged_at, ==, NOW + 24 * HOUR);
  g_assert_cmpstr (assignment->staged_typed, ==, "2027-07-01T02:00");
  g_assert_cmpstr (assignment->staged_zone, ==, "Europe/Berlin");
  g_assert_true (assignment->held);
  g_assert_cmpint (assignment->current_since, ==, NOW - HOUR);

  /* Not before it is armed, nor before its instant. */
  g_assert_false (iss_assignments_roll (again, fixture->oauth, NOW + 25 * HOUR, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (iss_assignments_change (again, fixture->oauth, &arm));
  g_assert_false (iss_assignments_roll (again, fixture->oauth, NOW + 24 * HOUR - 1, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_clear_error (&error);
  assert_is (again, fixture->oauth, "3 a - b");

  g_assert_true (iss_assignments_roll (again, fixture->oauth, NOW + 24 * HOUR, &error));
  g_assert_no_error (error);
  save (fixture, again);

  rolled = load (fixture);
  assert_is (rolled, fixture->oauth, "4 b a -");
  g_assert_cmpint (iss_assignments_find (rolled, fixture->oauth)->current_since, ==,
                   NOW + 24 * HOUR);
  text = iss_temp_folder_read (fixture->folder, "assignments.conf", NULL);
  g_assert_null (strstr (text, "staged"));
  g_assert_null (strstr (text, "held"));
}

/* What a newer version wrote, and what a person wrote beside it, outlives a change. */
static void
test_assignments_keep_unknown (Fixture       *fixture,
                               gconstpointer  user_data)
{
  static const char *const kept[] =
  {
    "# By hand, on 3 June", "[QuantumIssuer]", "current=not even hex", "flags=true",
    "future-key=1;2",
  };
  g_autoptr(IssAssignments) assignments = NULL;
  g_autofree char *text = NULL;

  assignments = load_text (fixture,
                           "# By hand, on 3 June\n[QuantumIssuer]\ncurrent=not even hex\n\n"
                           "[Default]\nrevision=7\nscope=global\nflags=true\ncurrent=" A "\n"
                           "future-key=1;2\n");
  g_assert_cmpuint (iss_assignments_get_n (assignments), ==, 1);
  g_assert_cmpstr (iss_assignments_get (assignments, 0)->scope, ==, "global");
  g_assert_cmpint (iss_assignments_get (assignments, 0)->current_since, ==, 0);

  set (assignments, fixture->server, B, NOW, TRUE);
  save (fixture, assignments);

  text = iss_temp_folder_read (fixture->folder, "assignments.conf", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_test_message ("%s", kept[i]);
      g_assert_nonnull (strstr (text, kept[i]));
    }

  /* A change of this server's own makes it drift from the pool's. */
  assert_is (assignments, fixture->server, "8 b a -");
  g_assert_cmpstr (iss_assignments_get (assignments, 0)->scope, ==, "local");
}

static void
test_assignments_damaged (Fixture       *fixture,
                          gconstpointer  user_data)
{
  static const struct
  {
    const char *name;
    const char *text;
    const char *says;
  } cases[] =
  {
    { "no-group",        "revision=1\n",                                        "line 1:" },
    { "torn-line",       "[Default]\nrevision=1\ncurr",                         "line 3:" },
    { "torn-group",      "[Default]\nrevision=1\n\n[OAuthTok",                  "line 4:" },
    { "no-key",          "[Default]\n=1\n",                                     "line 2:" },
    { "group-twice",     "[Default]\nrevision=1\n[Default]\nrevision=2\n",      "line 3:" },
    { "key-twice",       "[Default]\nrevision=1\ncurrent=" A "\ncurrent=" B,    "line 4:" },
    { "spelling",        "[oauthtokenissuer]\nrevision=1\n",                    "OAuthToken" },
    { "no-revision",     "[Default]\ncurrent=" A "\n",                          "[Default]" },
    { "revision-0",      "[Default]\nrevision=0\n",                             "“revision”" },
    { "revision-signed", "[Default]\nrevision=-1\n",                            "“revision”" },
    { "revision-huge",   "[Default]\nrevision=99999999999999999999\n",          "“revision”" },
    { "short-hex",       "[Default]\nrevision=1\ncurrent=abc\n",                "“current”" },
    { "upper-hex",       "[Default]\nrevision=1\nprevious=A" A "\n",            "“previous”" },
    { "empty-hex",       "[Default]\nrevision=1\nstaged=\n",                    "“staged”" },
    { "path-for-hex",    "[Default]\nrevision=1\ncurrent=../../etc/passwd\n",   "“current”" },
    { "bad-instant",     "[Default]\nrevision=1\ncurrent-since=7/1/2027\n",     "“current-since”" },
    { "long-scope",      "[Default]\nrevision=1\nscope=aaaaaaaaaaaaaaaaaaaaa\n", "“scope”" },
    { "staged-no-instant", "[Default]\nrevision=1\nstaged=" A "\n",            "“staged-at”" },
    { "instant-no-staged", "[Default]\nrevision=1\nstaged-at=2027-07-01T00:00:00Z\n",
      "“staged-at”" },
    { "held-maybe",      "[Default]\nrevision=1\nheld=maybe\n",                "“held”" },
    { "long-zone",       "[Default]\nrevision=1\nstaged-zone="
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
      "“staged-zone”" },
    { "not-utf8",        "[Default]\nrevision=1\nscope=\xff\n",                 "UTF-8" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = NULL;
      g_autofree char *after = NULL;
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].name);
      path = iss_temp_folder_write (fixture->folder, "assignments.conf", cases[i].text, -1);
      g_assert_null (iss_assignments_load (fixture->root, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, "assignments.conf"));
      g_assert_nonnull (strstr (error->message, cases[i].says));

      after = iss_temp_folder_read (fixture->folder, "assignments.conf", NULL);
      g_assert_cmpstr (after, ==, cases[i].text);
    }
}

static void
test_assignments_zero_byte (Fixture       *fixture,
                            gconstpointer  user_data)
{
  static const char text[] = "[Default]\nrevision=1\n\0[OAuthTokenIssuer]\n";
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  path = iss_temp_folder_write (fixture->folder, "assignments.conf", text, sizeof text - 1);
  g_assert_null (iss_assignments_load (fixture->root, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
}

static void
test_assignments_too_large (Fixture       *fixture,
                            gconstpointer  user_data)
{
  g_autofree char *text = g_strnfill (1024 * 1024 + 1, '#');
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  path = iss_temp_folder_write (fixture->folder, "assignments.conf", text, -1);
  g_assert_null (iss_assignments_load (fixture->root, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

/* Somebody's editor was faster than we: their words stay. */
static void
test_assignments_changed (Fixture       *fixture,
                          gconstpointer  user_data)
{
  static const char *const meanwhile = "[Default]\nrevision=9\n";
  g_autoptr(IssAssignments) assignments = load (fixture);
  g_autofree char *path = NULL;
  g_autofree char *after = NULL;
  g_autoptr(GError) error = NULL;

  set (assignments, fixture->oauth, A, NOW, TRUE);
  path = iss_temp_folder_write (fixture->folder, "assignments.conf", meanwhile, -1);
  g_assert_false (iss_assignments_save (assignments, fixture->root, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_CHANGED);
  after = iss_temp_folder_read (fixture->folder, "assignments.conf", NULL);
  g_assert_cmpstr (after, ==, meanwhile);
}

/* One object may be saved again and again. */
static void
test_assignments_save_twice (Fixture       *fixture,
                             gconstpointer  user_data)
{
  g_autoptr(IssAssignments) assignments = load (fixture);

  set (assignments, fixture->oauth, A, NOW, TRUE);
  save (fixture, assignments);
  set (assignments, fixture->oauth, B, NOW, TRUE);
  save (fixture, assignments);
  save (fixture, assignments);
  assert_is (assignments, fixture->oauth, "2 b a -");
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

  add ("/assignments/none", test_assignments_none);
  add ("/assignments/set", test_assignments_set);
  add ("/assignments/set/again", test_assignments_set_again);
  add ("/assignments/set/refused", test_assignments_set_refused);
  add ("/assignments/staged", test_assignments_staged);
  add ("/assignments/keep-unknown", test_assignments_keep_unknown);
  add ("/assignments/damaged", test_assignments_damaged);
  add ("/assignments/zero-byte", test_assignments_zero_byte);
  add ("/assignments/too-large", test_assignments_too_large);
  add ("/assignments/changed", test_assignments_changed);
  add ("/assignments/save-twice", test_assignments_save_twice);

  return g_test_run ();
}
