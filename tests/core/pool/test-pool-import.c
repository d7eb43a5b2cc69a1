/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-import.h"

#include "core/base/error.h"
#include "core/formats/certificate-file.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#include <string.h>
#include <unistd.h>

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static IssBundle *
read_file (const char  *path,
           IssSecret   *password,
           GBytes     **out_bytes,
           GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GAsyncResult) result = NULL;

  iss_pool_import_read_async (file, password, NULL, read_cb, &result);
  iss_wait_until (result != NULL);

  return iss_pool_import_read_finish (result, out_bytes, error);
}

static void
test_pool_import_read (IssAgentsFixture *fixture,
                       gconstpointer     unused)
{
  gsize size = g_bytes_get_size (fixture->pfx);
  g_autofree char *path = iss_temp_folder_write (fixture->folder, "auth.pfx",
                                                 g_bytes_get_data (fixture->pfx, NULL),
                                                 (gssize) size);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(IssBundle) bundle = read_file (path, fixture->password, &bytes, &error);
  gboolean has_key = FALSE;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, fixture->pfx));
  /* The authority comes first in the file, but the file is about what it has a key for. */
  g_assert_cmpstr (iss_certificate_get_sha256_hex (iss_pool_import_get_leading (bundle, &has_key)),
                   ==, iss_certificate_get_sha256_hex (fixture->certificate));
  g_assert_true (has_key);
}

static void
test_pool_import_read_bad (IssAgentsFixture *fixture,
                           gconstpointer     unused)
{
  g_autofree char *pfx = iss_temp_folder_write (fixture->folder, "auth.pfx",
                                                g_bytes_get_data (fixture->pfx, NULL),
                                                (gssize) g_bytes_get_size (fixture->pfx));
  g_autofree char *text = iss_temp_folder_write (fixture->folder, "notes.txt", "Hello", 5);
  g_autofree char *large = iss_temp_folder_write (fixture->folder, "large.pfx", "", 0);
  g_autofree char *missing = iss_temp_folder_dup_path (fixture->folder, "missing.pfx");
  g_autoptr(IssSecret) wrong = iss_secret_new ("falsch", 6);
  const struct
  {
    const char *path;
    IssSecret  *password;
    int         code;
  } cases[] = {
    { pfx, wrong, ISS_ERROR_WRONG_PASSWORD },
    { text, NULL, ISS_ERROR_MALFORMED },
    { large, NULL, ISS_ERROR_TOO_LARGE },
    { missing, NULL, ISS_ERROR_NOT_FOUND },
    { iss_temp_folder_get_path (fixture->folder), NULL, ISS_ERROR_INVALID_ARGUMENT },
    { "/dev/zero", NULL, ISS_ERROR_INVALID_ARGUMENT },
  };

  g_assert_cmpint (truncate (large, ISS_CERTIFICATE_FILE_MAX_SIZE + 1), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      GBytes *bytes = NULL;

      g_test_message ("%s", cases[i].path);
      g_assert_null (read_file (cases[i].path, cases[i].password, &bytes, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].path));
      g_assert_null (strstr (error->message, "falsch"));
      g_assert_null (bytes);
    }
}

static void
test_pool_import_leading (IssAgentsFixture *fixture,
                          gconstpointer     unused)
{
  g_autoptr(IssBundle) bundle = iss_bundle_new (ISS_FORMAT_PEM, ISS_INTEGRITY_NONE);
  gboolean has_key = TRUE;

  g_assert_null (iss_pool_import_get_leading (bundle, &has_key));
  g_assert_false (has_key);

  iss_bundle_add_certificate (bundle, fixture->authority, NULL);
  g_assert_true (iss_pool_import_get_leading (bundle, NULL) == fixture->authority);

  iss_bundle_add_certificate (bundle, fixture->certificate, NULL);
  g_assert_true (iss_pool_import_get_leading (bundle, NULL) == fixture->certificate);
}

/* One server that is not there does not keep the other from its certificate. */
static void
test_pool_import_job (IssAgentsFixture *fixture,
                      gconstpointer     unused)
{
  IssImportOptions options = { .automatic_store = TRUE, .intent = ISS_INTENT_POOL,
                               .origin = "manual" };
  g_autoptr(IssJob) job = NULL;
  GPtrArray *items;
  IssJobEntry *dead;

  iss_agents_fixture_add_dead (fixture, "fe02.contoso.example");
  job = iss_pool_import_new (fixture->servers, fixture->pfx, fixture->password, &options);
  g_assert_null (iss_pool_import_get_items (job, fixture->servers->pdata[0]));
  iss_agents_fixture_run (job);

  g_assert_cmpint (iss_job_entry_get_state (iss_job_get_entry (job, 0)), ==, ISS_JOB_DONE);
  items = iss_pool_import_get_items (job, fixture->servers->pdata[0]);
  g_assert_nonnull (items);
  g_assert_cmpuint (items->len, ==, 2);

  dead = iss_job_get_entry (job, 1);
  g_assert_cmpint (iss_job_entry_get_state (dead), ==, ISS_JOB_FAILED);
  g_assert_nonnull (iss_job_entry_get_error (dead));
  g_assert_null (iss_pool_import_get_items (job, fixture->servers->pdata[1]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/pool-import/read", IssAgentsFixture, NULL, iss_agents_fixture_set_up,
              test_pool_import_read, iss_agents_fixture_tear_down);
  g_test_add ("/pool-import/read-bad", IssAgentsFixture, NULL, iss_agents_fixture_set_up,
              test_pool_import_read_bad, iss_agents_fixture_tear_down);
  g_test_add ("/pool-import/leading", IssAgentsFixture, NULL, iss_agents_fixture_set_up,
              test_pool_import_leading, iss_agents_fixture_tear_down);
  g_test_add ("/pool-import/job", IssAgentsFixture, GUINT_TO_POINTER (1),
              iss_agents_fixture_set_up, test_pool_import_job, iss_agents_fixture_tear_down);

  return g_test_run ();
}
