/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long PFX files take to be opened, all in this one process. bench-pfx.py starts it.
 *
 *   bench-pfx PASSWORD FILE...   prints: how many opened, seconds in all, the slowest one's
 *                                milliseconds, and the peak of memory in MiB */

#include "core/formats/pfx.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

int
main (int    argc,
      char **argv)
{
  g_autoptr(IssSecret) password = NULL;
  struct rusage usage;
  gint64 total = 0;
  gint64 slowest = 0;
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
      gint64 start, took;
      char *data;
      gsize size;

      if (!g_file_get_contents (argv[i], &data, &size, NULL))
        return 1;

      bytes = g_bytes_new_take (data, size);
      start = g_get_monotonic_time ();
      bundle = iss_pfx_read (bytes, password, NULL);
      took = g_get_monotonic_time () - start;
      total += took;
      slowest = MAX (slowest, took);
      n_opened += bundle != NULL;
    }

  getrusage (RUSAGE_SELF, &usage);
  printf ("%u %.6f %.3f %.1f\n", n_opened, (double) total / 1e6, (double) slowest / 1e3,
          (double) usage.ru_maxrss / 1024);

  return 0;
}
