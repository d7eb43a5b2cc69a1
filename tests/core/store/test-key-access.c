/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/key-access.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/store/key-file.h"
#include "core/store/key-readers.h"
#include "tests/core/store/store-fixture.h"

#define PUBLISHED "live/OAuthTokenIssuer"

/* Accounts of every Debian. */
#define SERVICE "daemon"
#define OTHER "games"

static GBytes *
get_spki (IssStoreFixture *fixture)
{
  return iss_certificate_get_spki_sha256 (fixture->leaf);
}

static char *
dup_key_path (IssStoreFixture *fixture)
{
  GBytes *spki = get_spki (fixture);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki, NULL), 32, FALSE);
  g_autofree char *relative = g_strdup_printf ("keys/%s.pem", hex);

  return iss_store_fixture_dup_path (fixture, relative);
}

/* As the publication does it: the key's second name, below a folder that all may search. */
static void
publish (IssStoreFixture *fixture)
{
  g_autofree char *key = dup_key_path (fixture);
  g_autofree char *made = iss_store_fixture_dup_path (fixture, "live/.made/OAuthTokenIssuer-1");
  g_autofree char *name = g_build_filename (made, "privkey.pem", NULL);
  g_autofree char *live = iss_store_fixture_dup_path (fixture, PUBLISHED);
  g_autoptr(GError) error = NULL;

  iss_key_file_save (fixture->root, fixture->leaf_key, FALSE, "manual", NULL, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_mkdir (made, 0755));
  g_assert_no_errno (chmod (made, 0755));
  g_assert_no_errno (link (key, name));
  g_assert_no_errno (symlink (".made/OAuthTokenIssuer-1", live));
  g_assert_no_errno (chmod (iss_temp_folder_get_path (fixture->temp), 0711));
}

static IssKeyAccess *
look (IssStoreFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  IssKeyAccess *access = iss_key_access_read (fixture->root, get_spki (fixture), PUBLISHED,
                                              &error);

  g_assert_no_error (error);
  return access;
}

static gboolean
change (IssStoreFixture *fixture,
        const char      *allow,
        const char      *deny)
{
  const char *const allowed[] = { allow, NULL };
  const char *const denied[] = { deny, NULL };
  g_autoptr(GError) error = NULL;
  gboolean changed = FALSE;

  iss_key_readers_change (fixture->root, get_spki (fixture), allowed, denied, FALSE, &changed,
                         &error);
  g_assert_no_error (error);
  return changed;
}

static char *
dup_readers (IssStoreFixture *fixture)
{
  g_autoptr(IssKeyAccess) access = look (fixture);
  g_auto(GStrv) names = iss_key_access_dup_readers (access);

  return g_strjoinv (" ", names);
}

static void
assert_readers (IssStoreFixture *fixture,
                const char      *expected)
{
  g_autofree char *readers = dup_readers (fixture);

  g_assert_cmpstr (readers, ==, expected);
}

/* What the kernel says, where this program may become somebody else. */
static void
assert_really (IssStoreFixture *fixture,
               uid_t            uid,
               gboolean         expected)
{
  g_autofree char *name = iss_store_fixture_dup_path (fixture, PUBLISHED "/privkey.pem");
  pid_t child;
  int status;

  if (geteuid () != 0)
    return;

  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (setgid (60000) != 0 || setuid (uid) != 0)
        _exit (2);
      _exit (open (name, O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 1);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, expected ? 0 : 1);
}

static void
test_key_access_allow (IssStoreFixture *fixture,
                       gconstpointer    unused)
{
  g_autofree char *conf = NULL;
  g_autofree char *conf_name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr(IssKeyAccess) before = NULL;
  const IssKeyReader *owner;
  struct stat info;

  publish (fixture);
  before = look (fixture);
  g_assert_true (before->has_acls);
  g_assert_true (before->published);
  g_assert_true (g_str_has_suffix (before->path, "/live/.made/OAuthTokenIssuer-1/privkey.pem"));
  g_assert_cmpuint (before->readers->len, ==, 1);
  owner = before->readers->pdata[0];
  g_assert_true (owner->is_owner && owner->may_read);
  assert_readers (fixture, "");
  assert_really (fixture, 1, FALSE);

  g_assert_true (change (fixture, SERVICE, NULL));
  assert_readers (fixture, SERVICE);
  assert_really (fixture, 1, TRUE);
  assert_really (fixture, 5, FALSE);
  g_assert_false (change (fixture, SERVICE, NULL));

  path = dup_key_path (fixture);
  conf = g_strndup (path, strlen (path) - strlen ("pem"));
  g_assert_true (change (fixture, OTHER, NULL));
  assert_readers (fixture, SERVICE " " OTHER);
  conf_name = g_strconcat (conf, "conf", NULL);
  g_assert_true (g_file_get_contents (conf_name, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "readers=" SERVICE ";" OTHER ";"));

  g_assert_true (change (fixture, NULL, SERVICE));
  assert_readers (fixture, OTHER);
  assert_really (fixture, 1, FALSE);
  assert_really (fixture, 5, TRUE);

  /* And the file is as it was at first. */
  g_assert_true (change (fixture, NULL, OTHER));
  assert_readers (fixture, "");
  g_assert_no_errno (stat (path, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_false (change (fixture, NULL, OTHER));
}

static void
test_key_access_refused (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  g_autofree char *owner = g_strdup (g_get_user_name ());
  const struct
    {
      const char *label;
      const char *allow;
      const char *deny;
      IssError    code;
    } cases[] =
    {
      { "no such account", "no-such-account", NULL, ISS_ERROR_NOT_FOUND },
      { "one of two is none", SERVICE, "no-such-account", ISS_ERROR_NOT_FOUND },
      { "a number", "0x1", NULL, ISS_ERROR_NOT_FOUND },
      { "nothing", "", NULL, ISS_ERROR_NOT_FOUND },
      { "the owner", NULL, owner, ISS_ERROR_REFUSED },
      { "root", NULL, "root", ISS_ERROR_REFUSED },
    };

  publish (fixture);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const allowed[] = { cases[i].allow, NULL };
      const char *const denied[] = { cases[i].deny, NULL };
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].label);
      g_assert_false (iss_key_readers_change (fixture->root, get_spki (fixture), allowed, denied,
                                             FALSE, NULL, &error));
      g_assert_error (error, ISS_ERROR, (int) cases[i].code);
      assert_readers (fixture, "");
    }
}

static void
test_key_access_no_key (IssStoreFixture *fixture,
                        gconstpointer    unused)
{
  const char *const allowed[] = { SERVICE, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_null (iss_key_access_read (fixture->root, get_spki (fixture), NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (iss_key_readers_change (fixture->root, get_spki (fixture), allowed, NULL, FALSE,
                                         NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
}

static void
test_key_access_what_if (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  const char *const allowed[] = { SERVICE, NULL };
  g_autoptr(GError) error = NULL;
  gboolean changed = FALSE;

  publish (fixture);
  g_assert_true (iss_key_readers_change (fixture->root, get_spki (fixture), allowed, NULL, TRUE,
                                        &changed, &error));
  g_assert_no_error (error);
  g_assert_true (changed);
  assert_readers (fixture, "");
}

/* The permission is there, but a folder on the way is shut. */
static void
test_key_access_closed_folder (IssStoreFixture *fixture,
                               gconstpointer    unused)
{
  g_autofree char *live = iss_store_fixture_dup_path (fixture, "live");
  g_autoptr(IssKeyAccess) access = NULL;
  const IssKeyReader *reader;

  publish (fixture);
  g_assert_true (change (fixture, SERVICE, NULL));
  g_assert_no_errno (chmod (live, 0700));

  access = look (fixture);
  g_assert_cmpuint (access->readers->len, ==, 2);
  reader = access->readers->pdata[1];
  g_assert_cmpstr (reader->name, ==, SERVICE);
  g_assert_false (reader->may_read);
  g_assert_nonnull (strstr (reader->why_not, "may not search the folder "));
  g_assert_true (g_str_has_suffix (reader->why_not, "/live"));
  assert_readers (fixture, "");
  assert_really (fixture, 1, FALSE);
}

/* What somebody set by hand is shown as it is. */
static void
test_key_access_by_hand (IssStoreFixture *fixture,
                         gconstpointer    unused)
{
  g_autofree char *path = NULL;
  g_autoptr(IssKeyAccess) masked = NULL;
  g_autoptr(IssKeyAccess) group = NULL;
  const IssKeyReader *reader;

  publish (fixture);
  path = dup_key_path (fixture);
  g_assert_true (change (fixture, SERVICE, NULL));

  /* chmod of a file with an ACL changes the mask. */
  g_assert_no_errno (chmod (path, 0600));
  masked = look (fixture);
  reader = masked->readers->pdata[1];
  g_assert_cmpstr (reader->name, ==, SERVICE);
  g_assert_false (reader->may_read);
  g_assert_nonnull (strstr (reader->why_not, "own permissions"));
  assert_really (fixture, 1, FALSE);

  g_assert_true (change (fixture, NULL, SERVICE));
  g_assert_no_errno (chmod (path, 0640));
  group = look (fixture);
  g_assert_cmpuint (group->readers->len, ==, 2);
  reader = group->readers->pdata[1];
  g_assert_true (reader->is_group && reader->may_read);
}

static void
test_key_access_not_published (IssStoreFixture *fixture,
                               gconstpointer    unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IssKeyAccess) access = NULL;

  iss_key_file_save (fixture->root, fixture->leaf_key, FALSE, "manual", NULL, &error);
  g_assert_no_error (error);
  access = look (fixture);
  g_assert_false (access->published);
  g_assert_true (g_str_has_suffix (access->path, "/live"));
}

/* Of one account, before live/ shows the key. */
static void
test_key_access_allows (IssStoreFixture *fixture,
                        gconstpointer    unused)
{
  const char *folder = iss_temp_folder_get_path (fixture->temp);
  g_autofree char *denied = NULL;
  g_autofree char *closed = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *nothing = NULL;
  g_autofree char *file_closed = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  gboolean grantable = FALSE;

  iss_key_file_save (fixture->root, fixture->leaf_key, FALSE, "manual", NULL, &error);
  g_assert_no_error (error);
  g_assert_no_errno (chmod (folder, 0711));

  g_assert_false (iss_key_access_allows (fixture->root, get_spki (fixture), SERVICE, &denied,
                                         &grantable));
  g_assert_cmpstr (denied, ==, "the key's own permissions do not let " SERVICE " read it; allow it "
                   "with set-key-access");
  g_assert_true (grantable);
  g_assert_false (iss_key_access_allows (fixture->root, get_spki (fixture), "no-such-account",
                                         &unknown, &grantable));
  g_assert_cmpstr (unknown, ==, "There is no account no-such-account on this server; make it, or "
                   "let another one run the service");
  g_assert_false (grantable);

  g_assert_true (change (fixture, SERVICE, NULL));
  g_assert_true (iss_key_access_allows (fixture->root, get_spki (fixture), SERVICE, &nothing,
                                        &grantable));
  g_assert_null (nothing);
  g_assert_no_errno (chmod (folder, 0700));
  grantable = TRUE;
  g_assert_false (iss_key_access_allows (fixture->root, get_spki (fixture), SERVICE, &closed,
                                         &grantable));
  g_assert_true (g_str_has_prefix (closed, SERVICE " may not search the folder "));
  g_assert_true (g_str_has_suffix (closed, "; let it, with setfacl or chmod"));
  g_assert_false (grantable);

  /* The very file, by the way that it is given by. */
  path = iss_temp_folder_write (fixture->temp, "privkey.pem", "key", -1);
  g_assert_no_errno (chmod (path, 0644));
  grantable = TRUE;
  g_assert_false (iss_key_access_allows_file (path, SERVICE, &file_closed, &grantable));
  g_assert_true (g_str_has_prefix (file_closed, SERVICE " may not search the folder "));
  g_assert_false (grantable);
}

#define ADD(path, func) \
  g_test_add (path, IssStoreFixture, NULL, iss_store_fixture_set_up, func, \
              iss_store_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/key-access/allow", test_key_access_allow);
  ADD ("/key-access/refused", test_key_access_refused);
  ADD ("/key-access/no-key", test_key_access_no_key);
  ADD ("/key-access/what-if", test_key_access_what_if);
  ADD ("/key-access/closed-folder", test_key_access_closed_folder);
  ADD ("/key-access/by-hand", test_key_access_by_hand);
  ADD ("/key-access/not-published", test_key_access_not_published);
  ADD ("/key-access/allows", test_key_access_allows);

  return g_test_run ();
}
