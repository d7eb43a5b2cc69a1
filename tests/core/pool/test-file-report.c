/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/file-report.h"

#include "core/base/error.h"
#include "core/formats/certificate-file.h"
#include "tests/lib/openssl-tool.h"
#include "tests/lib/wait.h"

#include <unistd.h>

static void
report_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static IssPfxReport *
report (const char  *path,
        const char  *password,
        GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(IssSecret) secret = iss_openssl_tool_secret (password);
  g_autoptr(GAsyncResult) result = NULL;

  iss_file_report_async (file, secret, NULL, report_cb, &result);
  iss_wait_until (result != NULL);

  return iss_file_report_finish (result, error);
}

static void
test_file_report (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (folder, "a.p12");
  g_autofree char *large = iss_temp_folder_write (folder, "large.pfx", "", 0);
  g_autofree char *missing = iss_temp_folder_dup_path (folder, "missing.pfx");
  g_autoptr(GError) error = NULL;
  g_autoptr(IssPfxReport) opened = NULL;
  g_autoptr(IssPfxReport) closed = NULL;
  g_autoptr(IssPfxReport) too_large = NULL;
  g_autoptr(IssPfxReport) none = NULL;

  iss_openssl_tool_make_pair (folder, "leaf");
  iss_openssl_tool_run (folder, "openssl pkcs12 -export -inkey leaf.key -in leaf.crt -out a.p12 "
                        "-passout pass:secret");

  opened = report (path, "secret", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (iss_bundle_get_n_keys (opened->bundle), ==, 1);

  closed = report (path, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (closed->cause, ==, ISS_PFX_CAUSE_PASSWORD_NEEDED);

  g_assert_cmpint (truncate (large, ISS_CERTIFICATE_FILE_MAX_SIZE + 1), ==, 0);
  too_large = report (large, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (too_large->cause, ==, ISS_PFX_CAUSE_TOO_LARGE);

  none = report (missing, NULL, &error);
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
  g_assert_null (none);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-report/all", test_file_report);

  return g_test_run ();
}
