/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/central-engine.h"

#include "core/base/error.h"
#include "core/central/central-folder.h"
#include "tests/lib/temp-folder.h"

/* What every engine refuses, over the one that needs nothing. */
static void
test_limits (void)
{
  g_autoptr(IssTempFolder) folder = iss_temp_folder_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IssCentralFolder) made = iss_central_folder_new (iss_temp_folder_get_path (folder),
                                                             &error);
  IssCentralEngine *engine = ISS_CENTRAL_ENGINE (made);
  g_autofree char *long_key = g_strnfill (ISS_CENTRAL_ENGINE_MAX_KEY + 1, 'k');
  const char *const keys[] = { "", "a\nb", "schlüssel", long_key };
  g_autoptr(GBytes) value = g_bytes_new_static ("v", 1);
  g_autoptr(GBytes) huge = g_bytes_new_take (g_malloc0 (ISS_CENTRAL_ENGINE_MAX_VALUE + 1),
                                             ISS_CENTRAL_ENGINE_MAX_VALUE + 1);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_assert_false (iss_central_engine_put_if (engine, keys[i], value, 0, NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
      g_assert_null (iss_central_engine_get (engine, keys[i], NULL, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
    }

  g_assert_false (iss_central_engine_put_if (engine, "key", huge, 0, NULL, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/central-engine/limits", test_limits);

  return g_test_run ();
}
