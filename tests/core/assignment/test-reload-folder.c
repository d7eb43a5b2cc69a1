/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/reload-folder.h"

#include "core/assignment/consumer-file.h"
#include "core/assignment/publication.h"
#include "core/base/error.h"
#include "tests/lib/server-folder.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define NOW ISS_SERVER_FOLDER_NOW
#define MINUTES 60

typedef struct
{
  IssServerFolder *server;
  IssCertificate  *certificates[3];
  int              root;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  static const char *const names[] = { "one", "two", "three" };

  fixture->server = iss_server_folder_new ();
  fixture->root = iss_root_folder_get_fd (fixture->server->root);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fixture->certificates[i] = iss_server_folder_hold (fixture->server, names[i], NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->certificates); i++)
    g_object_unref (fixture->certificates[i]);
  iss_server_folder_free (fixture->server);
}

static void
publish (Fixture *fixture,
         guint    which,
         gint64   now)
{
  const IssCertificateType *type = iss_certificate_type_find ("Default");
  g_autoptr(GError) error = NULL;
  g_autoptr(IssAssignments) assignments = NULL;

  assignments = iss_assignments_load (fixture->server->root, &error);
  g_assert_no_error (error);
  iss_assignments_set (assignments, type,
                       iss_certificate_get_sha256_hex (fixture->certificates[which]), now, NULL,
                       &error);
  g_assert_no_error (error);
  iss_assignments_save (assignments, fixture->server->root, &error);
  g_assert_no_error (error);
  iss_publication_reconcile (fixture->server->root, now, &error);
  g_assert_no_error (error);
}

static void
configure (Fixture    *fixture,
           const char *text)
{
  int folder = iss_reload_folder_open (fixture->root, TRUE, NULL);
  g_autofree char *path = iss_temp_folder_write (fixture->server->folder, ISS_CONSUMER_FILE_OWN,
                                                 text, -1);

  g_assert_cmpint (folder, >=, 0);
  close (folder);
  g_chmod (path, 0644);
}

static GPtrArray *
look (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *reloads = iss_reload_folder_look (iss_root_folder_get_path (fixture->server->root),
                                               fixture->root, &error);

  g_assert_no_error (error);

  return reloads;
}

static void
end (Fixture        *fixture,
     IssReloadState  state)
{
  g_autoptr(GPtrArray) reloads = look (fixture);
  g_autoptr(GError) error = NULL;
  int folder = iss_reload_folder_open (fixture->root, TRUE, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < reloads->len; i++)
    {
      IssReload *reload = g_ptr_array_index (reloads, i);

      iss_reload_begin (reload, NOW);
      iss_reload_end (reload, state, NOW, state == ISS_RELOAD_DONE ? NULL : "no", NULL);
      iss_reload_folder_write (folder, reload, &error);
      g_assert_no_error (error);
    }
  close (folder);
}

static gboolean
is_there (Fixture    *fixture,
          const char *made)
{
  g_autofree char *relative = g_build_filename ("live", ".made", made, NULL);
  g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder, relative);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static void
test_reload_folder_record (Fixture       *fixture,
                           gconstpointer  user_data)
{
  g_autoptr(GPtrArray) reloads = NULL;
  const IssReload *reload;

  configure (fixture, "[web]\ntype=Default\nunit=web.service\n");
  reloads = look (fixture);
  reload = g_ptr_array_index (reloads, 0);
  g_assert_cmpuint (reload->live.revision, ==, 0);

  publish (fixture, 0, NOW);
  end (fixture, ISS_RELOAD_FAILED);
  g_clear_pointer (&reloads, g_ptr_array_unref);
  reloads = look (fixture);
  reload = g_ptr_array_index (reloads, 0);
  g_assert_cmpint (reload->state, ==, ISS_RELOAD_FAILED);
  g_assert_cmpuint (reload->live.revision, ==, 1);
  g_assert_cmpint (reload->live.since, ==, NOW);

  publish (fixture, 1, NOW);
  g_clear_pointer (&reloads, g_ptr_array_unref);
  reloads = look (fixture);
  reload = g_ptr_array_index (reloads, 0);
  g_assert_cmpint (reload->state, ==, ISS_RELOAD_PENDING);
  g_assert_cmpuint (reload->live.revision, ==, 2);
}

/* A record that somebody else could have written is none. */
static void
test_reload_folder_not_believed (Fixture       *fixture,
                                 gconstpointer  user_data)
{
  g_autofree char *path = iss_temp_folder_dup_path (fixture->server->folder,
                                                    "consumers/web.reload");
  g_autofree char *folder_path = iss_temp_folder_dup_path (fixture->server->folder, "consumers");
  g_autoptr(GPtrArray) reloads = NULL;
  g_autoptr(GError) error = NULL;

  configure (fixture, "[web]\ntype=Default\nunit=web.service\n");
  publish (fixture, 0, NOW);
  end (fixture, ISS_RELOAD_DONE);
  g_assert_cmpint (g_chmod (path, 0666), ==, 0);
  reloads = look (fixture);
  g_assert_cmpint (((IssReload *) g_ptr_array_index (reloads, 0))->state, ==, ISS_RELOAD_PENDING);

  g_assert_cmpint (g_chmod (folder_path, 0777), ==, 0);
  g_assert_cmpint (iss_reload_folder_open (fixture->root, TRUE, &error), ==, -1);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
}

static void
test_reload_folder_sweep (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autofree char *gone = iss_temp_folder_write (fixture->server->folder, "consumers/a.reload",
                                                 "", 0);
  g_autofree char *kept = iss_temp_folder_write (fixture->server->folder,
                                                 "consumers/consumers.conf", "", 0);
  int folder;

  folder = iss_reload_folder_open (fixture->root, TRUE, NULL);
  iss_reload_folder_sweep (folder, none);
  close (folder);
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
}

/* A made folder goes when its successor's reload has succeeded, at the earliest after ten
 * minutes; and each in its turn. */
static void
test_reload_folder_may_go (Fixture       *fixture,
                           gconstpointer  user_data)
{
  IssRootFolder *root = fixture->server->root;
  g_autoptr(GError) error = NULL;

  configure (fixture, "[web]\ntype=Default\nunit=web.service\n"
                      "[mail]\ntype=Default\nunit=mail.service\n"
                      "[other]\ntype=OAuthTokenIssuer\nunit=other.service\n");
  publish (fixture, 0, NOW);
  end (fixture, ISS_RELOAD_DONE);
  publish (fixture, 1, NOW);

  g_assert_cmpint (iss_publication_get_next_sweep (root, 0), ==, 0);
  iss_publication_reconcile (root, NOW + 60 * MINUTES, &error);
  g_assert_true (is_there (fixture, "Default-1"));

  end (fixture, ISS_RELOAD_FAILED);
  iss_publication_reconcile (root, NOW + 60 * MINUTES, &error);
  g_assert_true (is_there (fixture, "Default-1"));

  end (fixture, ISS_RELOAD_DONE);
  publish (fixture, 2, NOW + 1);
  end (fixture, ISS_RELOAD_TIMED_OUT);
  g_assert_cmpint (iss_publication_get_next_sweep (root, 0), ==, NOW + 10 * MINUTES);
  iss_publication_reconcile (root, NOW + 10 * MINUTES - 1, &error);
  g_assert_true (is_there (fixture, "Default-1"));
  iss_publication_reconcile (root, NOW + 60 * MINUTES, &error);
  g_assert_false (is_there (fixture, "Default-1"));
  g_assert_true (is_there (fixture, "Default-2"));

  /* Where it is not known who uses it, nothing goes; where nobody does, it does. */
  configure (fixture, "nonsense");
  iss_publication_reconcile (root, NOW + 60 * MINUTES, &error);
  g_assert_true (is_there (fixture, "Default-2"));
  configure (fixture, "");
  iss_publication_reconcile (root, NOW + 60 * MINUTES, &error);
  g_assert_false (is_there (fixture, "Default-2"));
  g_assert_true (is_there (fixture, "Default-3"));
  g_assert_no_error (error);
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

  add ("/reload-folder/record", test_reload_folder_record);
  add ("/reload-folder/not-believed", test_reload_folder_not_believed);
  add ("/reload-folder/sweep", test_reload_folder_sweep);
  add ("/reload-folder/may-go", test_reload_folder_may_go);

  return g_test_run ();
}
