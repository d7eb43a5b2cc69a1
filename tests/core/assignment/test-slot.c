/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/slot.h"

#include "core/base/error.h"

static void
test_slot_names (void)
{
  static const char *const wrong[] = { "", "next", "curren", "current ", "\xff" };
  IssSlot slot = ISS_N_SLOTS;

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (iss_slot_parse (iss_slot_get_name (i), &slot, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (slot, ==, i);
      g_assert_cmpstr (iss_slot_get_label (i), !=, "");
    }

  g_assert_true (iss_slot_parse ("PREVIOUS", &slot, NULL));
  g_assert_cmpuint (slot, ==, ISS_SLOT_PREVIOUS);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (iss_slot_parse (wrong[i], &slot, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_cmpuint (slot, ==, ISS_SLOT_PREVIOUS);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/slot/names", test_slot_names);

  return g_test_run ();
}
