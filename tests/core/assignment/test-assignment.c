/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/assignment.h"

#define NOW 1814313600      /* 2027-06-30T00:00:00Z */
#define HOUR 3600

static void
test_copy (void)
{
  g_autoptr(IssAssignment) one = iss_assignment_new (iss_certificate_type_find ("Default"));
  g_autoptr(IssAssignment) copy = NULL;

  g_assert_true (iss_assignment_is_empty (one));
  g_assert_cmpstr (one->scope, ==, "local");
  one->slot[ISS_SLOT_PREVIOUS] = g_strdup ("b");
  one->staged_typed = g_strdup ("tomorrow");
  one->held = TRUE;
  copy = iss_assignment_copy (one);
  g_assert_false (iss_assignment_is_empty (copy));
  g_assert_true (copy->type == one->type);
  g_assert_cmpstr (copy->slot[ISS_SLOT_PREVIOUS], ==, "b");
  g_assert_true (copy->slot[ISS_SLOT_PREVIOUS] != one->slot[ISS_SLOT_PREVIOUS]);
  g_assert_cmpstr (copy->staged_typed, ==, "tomorrow");
  g_assert_null (copy->staged_zone);
  g_assert_true (copy->held);
}

static void
test_is_due (void)
{
  g_autoptr(IssAssignment) one = iss_assignment_new (iss_certificate_type_find ("Default"));

  g_assert_false (iss_assignment_is_due (one, NOW));
  one->slot[ISS_SLOT_STAGED] = g_strdup ("b");
  one->staged_at = NOW;
  g_assert_false (iss_assignment_is_due (one, NOW - 1));
  g_assert_true (iss_assignment_is_due (one, NOW));
  one->held = TRUE;
  g_assert_false (iss_assignment_is_due (one, NOW + HOUR));
}

static void
test_needed_until (void)
{
  static const struct
  {
    const char *type;
    gint64      since;
    gint64      at;
    gint64      not_after;
    gint64      until;
  } cases[] =
  {
    { "OAuthTokenIssuer", NOW, NOW, 0, NOW + 24 * HOUR },
    { "OAuthTokenIssuer", NOW, NOW + 24 * HOUR, 0, 0 },
    { "OAuthTokenIssuer", NOW, NOW, NOW + HOUR, NOW + HOUR },
    { "OAuthTokenIssuer", NOW, NOW + HOUR, NOW + HOUR, 0 },
    { "OAuthTokenIssuer", 0, NOW, 0, 0 },
    { "AudioVideoAuthentication", NOW, NOW, 0, NOW + 8 * HOUR },
    { "Default", NOW, NOW, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssAssignment) one =
        iss_assignment_new (iss_certificate_type_find (cases[i].type));

      one->current_since = cases[i].since;
      g_assert_cmpint (iss_assignment_get_needed_until (one, cases[i].at, cases[i].not_after), ==,
                       0);
      one->slot[ISS_SLOT_PREVIOUS] = g_strdup ("b");
      g_assert_cmpint (iss_assignment_get_needed_until (one, cases[i].at, cases[i].not_after), ==,
                       cases[i].until);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/assignment/copy", test_copy);
  g_test_add_func ("/assignment/is-due", test_is_due);
  g_test_add_func ("/assignment/needed-until", test_needed_until);

  return g_test_run ();
}
