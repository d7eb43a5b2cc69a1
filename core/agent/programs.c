/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/programs.h"

#include <string.h>

#define PREFIX "issuant-"

/**
 * iss_programs_find:
 * @own_path: (nullable): the path of the program that asks
 * @installed_folder: where programs like @name are installed, such as libexecdir
 * @name: "issuant-agent" or "issuant-askpass"
 *
 * In a build tree every program is in a folder of its own below app/, which is
 * called as the program is without "issuant-". What is not found there is
 * where it would be installed, whether it is there or not.
 *
 * Returns: (transfer full): the path of the program called @name
 */
char *
iss_programs_find (const char *own_path,
                   const char *installed_folder,
                   const char *name)
{
  g_return_val_if_fail (installed_folder != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (own_path != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (own_path);
      g_autofree char *app = g_path_get_dirname (folder);
      g_autofree char *beside = g_build_filename (folder, name, NULL);
      const char *room = g_str_has_prefix (name, PREFIX) ? name + strlen (PREFIX) : name;
      g_autofree char *built = g_build_filename (app, room, name, NULL);

      if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&built);
      if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&beside);
    }

  return g_build_filename (installed_folder, name, NULL);
}
