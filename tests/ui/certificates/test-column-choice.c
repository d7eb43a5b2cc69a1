/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/column-choice.h"

#include <string.h>

#include "tests/lib/temp-folder.h"

static void
count_cb (IssColumnChoice *choice,
          guint           *n)
{
  (*n)++;
}

static gboolean
get_state (IssColumnChoice *choice,
           const char      *action)
{
  g_autoptr(GVariant) state =
    g_action_group_get_action_state (iss_column_choice_get_action_group (choice), action);

  return g_variant_get_boolean (state);
}

static void
test_column_choice_change (void)
{
  g_autoptr(IssColumnChoice) choice = iss_column_choice_new ();
  GActionGroup *actions = iss_column_choice_get_action_group (choice);
  guint n = 0;

  g_signal_connect (choice, "changed", G_CALLBACK (count_cb), &n);
  g_assert_true (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_THUMBPRINT));
  g_assert_false (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_PURPOSES));
  g_assert_false (get_state (choice, "purposes"));

  g_action_group_activate_action (actions, "purposes", NULL);
  g_assert_true (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_PURPOSES));
  g_assert_true (get_state (choice, "purposes"));
  g_assert_cmpuint (n, ==, 1);

  iss_column_choice_set_shown (choice, ISS_ROW_COLUMN_PURPOSES, TRUE);
  g_assert_cmpuint (n, ==, 1);

  /* Without it the others say nothing. */
  g_assert_false (g_action_group_get_action_enabled (actions, "issued-to"));
  iss_column_choice_set_shown (choice, ISS_ROW_COLUMN_ISSUED_TO, FALSE);
  g_assert_true (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_ISSUED_TO));

  g_action_group_activate_action (actions, "reset", NULL);
  g_assert_false (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_PURPOSES));
  g_assert_cmpuint (n, ==, 2);
}

static void
test_column_choice_remember (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (temp, "state/issuant/window.conf");
  g_autofree char *text = NULL;

  {
    g_autoptr(IssColumnChoice) choice = iss_column_choice_new ();

    iss_column_choice_remember (choice, path);
    iss_column_choice_set_shown (choice, ISS_ROW_COLUMN_FRIENDLY_NAME, TRUE);
    iss_column_choice_set_shown (choice, ISS_ROW_COLUMN_KEY, FALSE);
  }

  {
    g_autoptr(IssColumnChoice) choice = iss_column_choice_new ();

    iss_column_choice_remember (choice, path);
    g_assert_true (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_FRIENDLY_NAME));
    g_assert_false (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_KEY));
    g_assert_false (get_state (choice, "key"));
    iss_column_choice_reset (choice);
  }

  text = iss_temp_folder_read (temp, "state/issuant/window.conf", NULL);
  g_assert_nonnull (strstr (text, "columns=issued-to;issued-by;expires;status;thumbprint;key;"
                                  "assigned-to;"));
}

/* What nobody has chosen changes nothing; what cannot be kept is chosen all the same. */
static void
test_column_choice_bad_files (void)
{
  static const struct { const char *text; gboolean purposes; gboolean key; } cases[] =
  {
    { "", FALSE, TRUE },
    { "not a key file", FALSE, TRUE },
    { "[certificate-list]\nwidth=3\n", FALSE, TRUE },
    { "[certificate-list]\ncolumns=\n", FALSE, FALSE },
    { "[certificate-list]\ncolumns=purposes;no-such-column;\n", TRUE, FALSE },
  };
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (temp, "window.conf");
  g_autofree char *below = iss_temp_folder_dup_path (temp, "window.conf/below/it.conf");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssColumnChoice) choice = iss_column_choice_new ();
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      g_file_set_contents (path, cases[i].text, -1, &error);
      g_assert_no_error (error);

      iss_column_choice_remember (choice, path);
      g_assert_true (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_ISSUED_TO));
      g_assert_cmpint (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_PURPOSES), ==,
                       cases[i].purposes);
      g_assert_cmpint (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_KEY), ==, cases[i].key);

      iss_column_choice_remember (choice, below);
      iss_column_choice_set_shown (choice, ISS_ROW_COLUMN_STATUS, i % 2 == 0);
      g_assert_cmpint (iss_column_choice_is_shown (choice, ISS_ROW_COLUMN_STATUS), ==, i % 2 == 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/column-choice/change", test_column_choice_change);
  g_test_add_func ("/column-choice/remember", test_column_choice_remember);
  g_test_add_func ("/column-choice/bad-files", test_column_choice_bad_files);

  return g_test_run ();
}
