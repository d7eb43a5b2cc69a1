/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-ladder.h"

#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"

typedef struct
{
  const char *name;
  IssVerdict  verdict;
  IssRung     rung;
  IssSlot     slot;
  const char *marks;    /* received … seen in use */
} LadderCase;

static void
test_marks (void)
{
  static const LadderCase cases[] =
  {
    { "missing",   ISS_VERDICT_MISSING,   ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "--x----" },
    { "no key",    ISS_VERDICT_AGREES,    ISS_RUNG_IN_STORE,    ISS_SLOT_CURRENT,  "--ox---" },
    { "not published", ISS_VERDICT_AGREES, ISS_RUNG_KEY_MATCHES, ISS_SLOT_CURRENT, "--oo-x-" },
    { "published", ISS_VERDICT_AGREES,    ISS_RUNG_PUBLISHED,   ISS_SLOT_CURRENT,  "--oo-o-" },
    { "in use",    ISS_VERDICT_AGREES,    ISS_RUNG_SEEN_IN_USE, ISS_SLOT_CURRENT,  "--oo-oo" },
    { "kept",      ISS_VERDICT_AGREES,    ISS_RUNG_IN_STORE,    ISS_SLOT_PREVIOUS, "--o----" },
    { "gone",      ISS_VERDICT_MISSING,   ISS_RUNG_NONE,        ISS_SLOT_PREVIOUS, "--x----" },
    { "nothing",   ISS_VERDICT_NONE,      ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "-------" },
    { "unknown",   ISS_VERDICT_UNKNOWN,   ISS_RUNG_NONE,        ISS_SLOT_CURRENT,  "-------" },
  };
  static const char symbols[] = "-ox";
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_GOOD);
  g_autoptr(GtkWidget) ladder = g_object_ref_sink (iss_presence_ladder_new ());

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      IssPresenceCell cell = { 0 };
      char marks[ISS_N_RUNGS] = { 0 };

      cell.server = iss_pool_get_server (pool, 0);
      cell.verdict = cases[i].verdict;
      cell.rung = cases[i].rung;
      cell.slot = cases[i].slot;
      for (guint rung = ISS_RUNG_RECEIVED; rung < ISS_N_RUNGS; rung++)
        marks[rung - ISS_RUNG_RECEIVED] =
          symbols[iss_presence_ladder_get_mark (&cell, (IssRung) rung)];

      g_test_message ("%s", cases[i].name);
      g_assert_cmpstr (marks, ==, cases[i].marks);
      iss_presence_ladder_show (ISS_PRESENCE_LADDER (ladder), &cell);
    }

  iss_presence_ladder_show (ISS_PRESENCE_LADDER (ladder), NULL);
  g_assert_finalize_object (g_steal_pointer (&ladder));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/presence-ladder/marks", test_marks);

  return g_test_run ();
}
