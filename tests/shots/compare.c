/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare REFERENCE.png NEW.png DIFFERENCE.png: 0 the same, 1 different, 2 trouble. */
#include "tests/lib/picture.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *report = NULL;
  gboolean same;

  if (argc != 4)
    {
      g_printerr ("compare REFERENCE.png NEW.png DIFFERENCE.png\n");
      return 2;
    }

  same = iss_picture_compare (argv[1], argv[2], argv[3], &report, &error);
  if (error != NULL)
    {
      g_printerr ("compare: %s\n", error->message);
      return 2;
    }

  g_print ("%s\n", report);

  return same ? 0 : 1;
}
