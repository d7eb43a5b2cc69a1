/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/nobody.h"

#include <ftw.h>
#include <unistd.h>

#define NOBODY 65534
#define MOST_OPEN 16

static int
give_away_cb (const char        *path,
              const struct stat *info,
              int                kind,
              struct FTW        *place)
{
  return lchown (path, NOBODY, (gid_t) -1);
}

/**
 * iss_nobody_begin:
 * @folder: a folder of the test's
 *
 * Root may read everything, so what is refused to others cannot be seen as root. Gives @folder,
 * with everything in it, to an ordinary account and works as that from here on. Does nothing if
 * the test is not run by root.
 */
void
iss_nobody_begin (const char *folder)
{
  if (geteuid () != 0)
    return;

  g_assert_cmpint (nftw (folder, give_away_cb, MOST_OPEN, FTW_PHYS), ==, 0);
  g_assert_cmpint (seteuid (NOBODY), ==, 0);
}

/**
 * iss_nobody_end:
 *
 * Works as whoever started the test again.
 */
void
iss_nobody_end (void)
{
  g_assert_cmpint (seteuid (getuid ()), ==, 0);
}
