/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/programs.h"

#include <glib/gstdio.h>

#include "tests/lib/temp-folder.h"

static void
make_program (IssTempFolder *folder,
              const char    *path)
{
  g_autofree char *full = iss_temp_folder_dup_path (folder, path);
  g_autofree char *parent = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_assert_true (g_file_set_contents (full, "", 0, NULL));
  g_assert_cmpint (g_chmod (full, 0755), ==, 0);
}

static void
assert_found (IssTempFolder *folder,
              const char    *own,
              const char    *name,
              const char    *expected)
{
  g_autofree char *own_path = own != NULL ? iss_temp_folder_dup_path (folder, own) : NULL;
  g_autofree char *expected_path = iss_temp_folder_dup_path (folder, expected);
  g_autofree char *installed = iss_temp_folder_dup_path (folder, "usr/libexec");
  g_autofree char *found = iss_programs_find (own_path, installed, name);

  g_assert_cmpstr (found, ==, expected_path);
}

static void
test_programs_find (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();

  make_program (folder, "build/app/console/issuant");
  make_program (folder, "build/app/agent/issuant-agent");
  make_program (folder, "flat/issuant-askpass");

  assert_found (folder, "build/app/console/issuant", "issuant-agent",
                "build/app/agent/issuant-agent");
  assert_found (folder, "build/app/console/issuant", "issuant-askpass",
                "usr/libexec/issuant-askpass");
  assert_found (folder, "flat/issuant", "issuant-askpass", "flat/issuant-askpass");
  assert_found (folder, "usr/bin/issuant", "issuant-agent", "usr/libexec/issuant-agent");
  assert_found (folder, NULL, "issuant-agent", "usr/libexec/issuant-agent");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/programs/find", test_programs_find);

  return g_test_run ();
}
