/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/pool-export.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/certificate-file.h"
#include "core/pool/pool-import.h"
#include "tests/core/pool/agents-fixture.h"
#include "tests/lib/wait.h"

#define SERVER(fixture) ISS_SERVER ((fixture)->servers->pdata[0])

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

/* fe01 has the certificate, with its key. */
static void
set_up (IssAgentsFixture *self,
        gconstpointer     exportable)
{
  const IssImportOptions options = { .automatic_store = TRUE, .exportable = exportable != NULL,
                                     .intent = ISS_INTENT_POOL, .origin = "manual" };
  g_autoptr(IssJob) job = NULL;

  iss_agents_fixture_set_up (self, GUINT_TO_POINTER (1));
  job = iss_pool_import_new (self->servers, self->pfx, self->password, &options);
  iss_agents_fixture_run (job);
  g_assert_cmpint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 1);
}

static char *
dup_key_path (IssAgentsFixture *self)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (self->certificate);
  g_autofree char *hex = iss_text_hex (g_bytes_get_data (spki, NULL), ISS_SHA256_SIZE, FALSE);
  g_autofree char *name = g_strdup_printf ("fe01/keys/%s.pem", hex);

  return iss_temp_folder_dup_path (self->folder, name);
}

static IssPoolExportOutcome *
export (IssAgentsFixture        *self,
        const char              *path,
        const IssExportOptions  *options,
        gboolean                 replace,
        GCancellable            *cancellable,
        GError                 **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GAsyncResult) result = NULL;
  const IssPoolExportRequest request =
    {
      .store = ISS_STORE_MY,
      .sha256 = iss_certificate_get_sha256 (self->certificate),
      .options = *options,
      .password = self->password,
      .file = file,
      .replace = replace,
    };

  iss_pool_export_async (SERVER (self), &request, cancellable, result_cb, &result);
  iss_wait_until (result != NULL);
  return iss_pool_export_finish (SERVER (self), result, error);
}

static char *
read_all (const char *path,
          gsize      *out_size)
{
  char *content = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &content, out_size, &error);
  g_assert_no_error (error);
  return content;
}

static void
test_written (IssAgentsFixture *self,
              gconstpointer     unused)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, "out.pfx");
  g_autofree char *text = NULL;
  g_autoptr(IssPoolExportOutcome) outcome = NULL;
  g_autoptr(IssPoolExportOutcome) again = NULL;
  g_autoptr(IssBundle) bundle = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  IssExportOptions options;
  struct stat info;
  gsize size;

  iss_export_options_init (&options);
  outcome = export (self, path, &options, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcome->n_certificates, ==, 2);
  g_assert_null (outcome->note);
  g_assert_false (outcome->key_deleted);

  g_assert_no_errno (g_stat (path, &info));
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  text = read_all (path, &size);
  bytes = g_bytes_new (text, size);
  bundle = iss_certificate_file_read (bytes, self->password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_keys (bundle), ==, 1);

  /* Never over another file without a word. */
  g_assert_null (export (self, path, &options, FALSE, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_EXISTS);
  g_clear_error (&error);
  again = export (self, path, &options, TRUE, NULL, &error);
  g_assert_no_error (error);
}

static void
test_delete (IssAgentsFixture *self,
             gconstpointer     unused)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, "out.pfx");
  g_autofree char *bad = iss_temp_folder_dup_path (self->folder, "none/out.pfx");
  g_autofree char *key = dup_key_path (self);
  g_autoptr(IssPoolExportOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  IssExportOptions options;

  iss_export_options_init (&options);
  options.delete_key = TRUE;

  /* No file, no deletion. */
  g_assert_null (export (self, bad, &options, FALSE, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (g_file_test (key, G_FILE_TEST_EXISTS));

  outcome = export (self, path, &options, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_no_error (outcome->delete_error);
  g_assert_true (outcome->key_deleted);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (key, G_FILE_TEST_EXISTS));
}

/* What goes wrong leaves no file, and says which. */
static void
test_bad_places (IssAgentsFixture *self,
                 gconstpointer     unused)
{
  g_autofree char *nowhere = iss_temp_folder_dup_path (self->folder, "none/out.pfx");
  g_autofree char *below_file = iss_temp_folder_write (self->folder, "file", "x", 1);
  g_autofree char *in_file = g_build_filename (below_file, "out.pfx", NULL);
  g_autofree char *locked = iss_temp_folder_dup_path (self->folder, "locked");
  g_autofree char *in_locked = g_build_filename (locked, "out.pfx", NULL);
  const struct
  {
    const char *path;
    int         code;
  } cases[] =
  {
    { nowhere, ISS_ERROR_NOT_FOUND },
    { in_file, ISS_ERROR_NOT_FOUND },
    { below_file, ISS_ERROR_EXISTS },
    { iss_temp_folder_get_path (self->folder), ISS_ERROR_INVALID_ARGUMENT },
    { "/proc/out.pfx", ISS_ERROR_PERMISSION },
    { in_locked, ISS_ERROR_PERMISSION },
  };
  IssExportOptions options;

  g_assert_no_errno (g_mkdir (locked, 0500));
  iss_export_options_init (&options);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].path);
      /* Root may write anywhere, and /proc says “no such file” to it. */
      if (cases[i].code == ISS_ERROR_PERMISSION && geteuid () == 0)
        continue;

      g_assert_null (export (self, cases[i].path, &options, FALSE, NULL, &error));
      g_assert_error (error, ISS_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].path));
    }
}

/* A disk without space: the old file stays as it was. */
static void
test_full (IssAgentsFixture *self,
           gconstpointer     unused)
{
  g_autofree char *path = iss_temp_folder_write (self->folder, "out.pfx", "old", 3);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  IssExportOptions options;
  struct rlimit before, none;
  gsize size;

  iss_export_options_init (&options);
  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, &before));
  none = (struct rlimit) { 100, before.rlim_max };
  signal (SIGXFSZ, SIG_IGN);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &none));
  g_assert_null (export (self, path, &options, TRUE, NULL, &error));
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &before));

  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "out.pfx"));
  text = read_all (path, &size);
  g_assert_cmpmem (text, size, "old", 3);
}

static void
test_other (IssAgentsFixture *self,
            gconstpointer     unused)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, "out.cer");
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_autoptr(IssPoolExportOutcome) outcome = NULL;
  g_autoptr(IssPoolExportOutcome) pem = NULL;
  g_autoptr(GError) error = NULL;
  const IssExportOptions what_if = { .what_if = TRUE };
  const IssExportOptions chain = { .format = ISS_EXPORT_PEM, .include_chain = TRUE };
  const IssExportOptions bad = { .format = ISS_EXPORT_DER, .include_chain = TRUE };

  outcome = export (self, path, &what_if, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (outcome->n_certificates, ==, 1);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_null (export (self, path, &bad, FALSE, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  g_cancellable_cancel (cancelled);
  g_assert_null (export (self, path, &chain, FALSE, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  pem = export (self, path, &chain, FALSE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pem->n_certificates, ==, 2);
}

static void
test_not_exportable (IssAgentsFixture *self,
                     gconstpointer     unused)
{
  g_autofree char *path = iss_temp_folder_dup_path (self->folder, "out.pfx");
  g_autoptr(GError) error = NULL;
  IssExportOptions options;

  iss_export_options_init (&options);
  g_assert_null (export (self, path, &options, FALSE, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  g_assert_true (g_str_has_prefix (error->message, "fe01: "));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

#define ADD(name, exportable, func) \
  g_test_add ("/pool-export/" name, IssAgentsFixture, GUINT_TO_POINTER (exportable), set_up, func, \
              iss_agents_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("written", TRUE, test_written);
  ADD ("delete", TRUE, test_delete);
  ADD ("bad-places", TRUE, test_bad_places);
  ADD ("full", TRUE, test_full);
  ADD ("other", TRUE, test_other);
  ADD ("not-exportable", FALSE, test_not_exportable);

  return g_test_run ();
}
