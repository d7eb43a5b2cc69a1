/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/table.h"

static const char *const titles[] = { "Server", "State", "Why", NULL };

static void
assert_text (const char *const *cells,
             const char        *expected)
{
  g_autoptr(CtlTable) table = ctl_table_new (titles);
  g_autofree char *text = NULL;

  if (cells != NULL)
    ctl_table_add (table, cells);
  text = ctl_table_to_text (table);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_table_no_rows (void)
{
  assert_text (NULL, "Server  State  Why\n");
}

/* As wide as what is in them, in columns of a terminal and not in bytes. */
static void
test_table_widths (void)
{
  const char *longer[] = { "fe01.contoso", "up", "because", NULL };
  const char *accents[] = { "bücher.ex", "up", "x", NULL };
  const char *combined[] = { "bu\xcc\x88""cher.ex", "up", "x", NULL };
  const char *wide[] = { "日本語名", "up", "x", NULL };

  assert_text (longer, "Server        State  Why\n"
                       "fe01.contoso  up     because\n");
  assert_text (accents, "Server     State  Why\n"
                        "bücher.ex  up     x\n");
  assert_text (combined, "Server     State  Why\n"
                         "bu\xcc\x88""cher.ex  up     x\n");
  assert_text (wide, "Server    State  Why\n"
                     "日本語名  up     x\n");
}

static void
test_table_no_blanks_at_end (void)
{
  const char *last_empty[] = { "fe01", "up", "", NULL };
  const char *all_empty[] = { "", "", "", NULL };

  assert_text (last_empty, "Server  State  Why\nfe01    up\n");
  assert_text (all_empty, "Server  State  Why\n\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/no-rows", test_table_no_rows);
  g_test_add_func ("/table/widths", test_table_widths);
  g_test_add_func ("/table/no-blanks-at-end", test_table_no_blanks_at_end);

  return g_test_run ();
}
