/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long PFX files take to be opened, all in this one process. bench-pfx.py starts it.
 *
 *   bench-pfx PASSWORD FILE...   prints: how many opened, seconds in all, the slowest one's
 *                                milliseconds, the peak of memory in MiB, and the slowest one's
 *                                milliseconds of the processor */

#include "core/formats/pfx.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Of the processor, for all of this process. */
static gint64
get_worked (void)
{
  struct timespec worked;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &worked);

  return worked.tv_sec * G_USEC_PER_SEC + worked.tv_nsec / 1000;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(IssSecret) password = NULL;
  struct rusage usage;
  gint64 total = 0;
  gint64 slowest = 0;
  gint64 hardest = 0;
  guint n_opened = 0;

  if (argc < 3)
    {
      fputs ("bench-pfx PASSWORD FILE...\n", stderr);
      return 2;
    }

  iss_secret_init_memory ();
  password = iss_secret_new (argv[1], strlen (argv[1]));

  for (int i = 2; i < argc; i++)
    {
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(IssBundle) bundle = NULL;
      gint64 start, took, worked;
      char *data;
      gsize size;

      if (!g_file_get_contents (argv[i], &data, &size, NULL))
        return 1;

      bytes = g_bytes_new_take (data, size);
      start = g_get_monotonic_time ();
      worked = get_worked ();
      bundle = iss_pfx_read (bytes, password, NULL);
      took = g_get_monotonic_time () - start;
      hardest = MAX (hardest, get_worked () - worked);
      total += took;
      slowest = MAX (slowest, took);
      n_opened += bundle != NULL;
    }

  getrusage (RUSAGE_SELF, &usage);
  printf ("%u %.6f %.3f %.1f %.3f\n", n_opened, (double) total / 1e6, (double) slowest / 1e3,
          (double) usage.ru_maxrss / 1024, (double) hardest / 1e3);

  return 0;
}
