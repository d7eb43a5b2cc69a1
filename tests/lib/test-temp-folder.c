/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/temp-folder.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
test_write_and_read (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_write (folder, "a/b/c", "x\0y", 3);
  g_autofree char *same = iss_temp_folder_dup_path (folder, "a/b/c");
  g_autofree char *data = NULL;
  g_autofree char *listing = NULL;
  gsize size;

  g_assert_cmpstr (path, ==, same);
  g_assert_true (g_str_has_prefix (path, iss_temp_folder_get_path (folder)));
  data = iss_temp_folder_read (folder, "a/b/c", &size);
  g_assert_cmpmem (data, size, "x\0y", 3);
  listing = iss_temp_folder_dup_listing (folder);
  g_assert_cmpstr (listing, ==, "0700 a/\n0700 a/b/\n0600 a/b/c\n");
}

static void
test_free (void)
{
  g_autoptr(IssTempFolder) outside = iss_temp_folder_new ();
  g_autofree char *kept = iss_temp_folder_write (outside, "kept", "x", -1);
  g_autofree char *path = NULL;
  g_autofree char *closed = NULL;
  g_autofree char *link = NULL;
  IssTempFolder *folder = iss_temp_folder_new ();

  path = g_strdup (iss_temp_folder_get_path (folder));
  g_free (iss_temp_folder_write (folder, "closed/file", "x", -1));
  closed = iss_temp_folder_dup_path (folder, "closed");
  link = iss_temp_folder_dup_path (folder, "link");
  g_assert_cmpint (symlink (iss_temp_folder_get_path (outside), link), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);

  iss_temp_folder_free (folder);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/temp-folder/write-and-read", test_write_and_read);
  g_test_add_func ("/temp-folder/free", test_free);

  return g_test_run ();
}
