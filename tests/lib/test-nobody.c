/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/nobody.h"
#include "tests/lib/temp-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Holds whoever runs it: that is the point. */
static void
test_is_refused (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_write (folder, "a/closed", "x", -1);
  uid_t before = geteuid ();
  int fd;

  g_assert_cmpint (g_chmod (path, 0), ==, 0);

  iss_nobody_begin (iss_temp_folder_get_path (folder));
  g_assert_cmpuint (geteuid (), !=, 0);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (errno, ==, EACCES);
  g_assert_cmpint (fd, ==, -1);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  iss_nobody_end ();

  g_assert_cmpuint (geteuid (), ==, before);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/nobody/is-refused", test_is_refused);

  return g_test_run ();
}
