/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random decisions for a pool of five servers, by stage, then arm: packages and statements late,
 * out of order, twice, replayed, at the wrong server or lost; agents and replicators that are
 * killed at any change of their disk, or whose disk is full; servers that stand still across an
 * instant, or that nothing reaches; clocks that step, both ways. After every step: no server
 * signs with a certificate that another one does not know, or that it was not told to; none goes
 * back behind what it has accepted, or says that it has what it has no key of. At the end, all
 * converge, and nothing was done twice.
 *
 * ISS_MODEL_STEPS=10000 ISS_MODEL_SEED=7 in the environment is the long form: tests/model. */
#include "tests/core/central/model-history.h"

#define STEPS 150
#define LIFETIME (25 * 3600)
#define LONGEST_STEP_OF_A_CLOCK 5000

typedef struct
{
  IssServerFolder *source;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->source = iss_server_folder_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  iss_server_folder_free (fixture->source);
}

/* Mostly rolls; but an administrator may have second thoughts at any moment. */
static void
decide (IssModelWorld *world)
{
  static const IssTransitionKind kinds[] =
    {
      ISS_TRANSITION_STAGE, ISS_TRANSITION_STAGE, ISS_TRANSITION_STAGE, ISS_TRANSITION_CANCEL,
      ISS_TRANSITION_POSTPONE, ISS_TRANSITION_SWAP_BACK, ISS_TRANSITION_REMOVE_PREVIOUS,
    };
  const IssTransition change =
    {
      .kind = kinds[iss_model_world_pick (world, G_N_ELEMENTS (kinds))], .now = world->now,
      .instant = world->now + iss_model_world_pick (world, 400) + 1, .held = TRUE,
    };

  iss_model_world_decide (world, &change,
                          change.kind == ISS_TRANSITION_STAGE
                          ? world->certificates[iss_model_world_pick (world,
                                                                      ISS_MODEL_CERTIFICATES)]
                          : NULL,
                          iss_model_world_pick_trouble (world));
}

/* Something that was sent once: to that server, or to another. */
static void
repeat (IssModelWorld *world)
{
  const IssModelMessage *message =
    &g_array_index (world->messages, IssModelMessage,
                    iss_model_world_pick (world, world->messages->len));
  const guint server = iss_model_world_is_chance (world, 80)
    ? message->server : iss_model_world_pick (world, ISS_MODEL_SERVERS);

  if (!world->servers[server].stopped)
    iss_model_world_deliver (world, message, server, iss_model_world_pick_trouble (world));
}

/* Of what was sent last, one that may not have arrived. */
static void
arrive_late (IssModelWorld *world)
{
  const guint n = MIN (world->messages->len, 10);
  const IssModelMessage *message =
    &g_array_index (world->messages, IssModelMessage,
                    world->messages->len - 1 - iss_model_world_pick (world, n));

  if (!world->servers[message->server].stopped)
    iss_model_world_deliver (world, message, message->server,
                             iss_model_world_pick_trouble (world));
}

static void
step (IssModelWorld *world)
{
  const guint index = iss_model_world_pick (world, ISS_MODEL_SERVERS);
  IssModelServer *server = &world->servers[index];

  switch (iss_model_world_pick (world, 16))
    {
    case 0:
    case 1:
      decide (world);
      break;
    case 2:
    case 3:
    case 4:
    case 5:
      iss_model_world_replicate (world, FALSE);
      break;
    case 6:
      repeat (world);
      break;
    case 7:
      arrive_late (world);
      break;
    case 8:
      server->stopped = !server->stopped && iss_model_world_is_chance (world, 12);
      break;
    case 9:
      server->cut_off = !server->cut_off && iss_model_world_is_chance (world, 12);
      break;
    case 10:
      if (iss_model_world_is_chance (world, 30))
        server->skew = (gint64) iss_model_world_pick (world, 2 * LONGEST_STEP_OF_A_CLOCK) -
                       LONGEST_STEP_OF_A_CLOCK;
      else
        server->skew = 0;
      break;
    case 11:
      if (!server->stopped)
        iss_model_world_restart (world, index);
      break;
    case 12:
      world->now += iss_model_world_is_chance (world, 5) ? LIFETIME
                                                         : iss_model_world_pick (world, 300);
      break;
    default:
      world->now += iss_model_world_pick (world, 60);
      if (!server->stopped)
        iss_model_world_run_tasks (world, index, iss_model_world_pick_trouble (world));
      break;
    }
}

/* The faults stop. */
static char *
converge (IssModelWorld   *world,
          IssModelHistory *history)
{
  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    {
      world->servers[i].stopped = FALSE;
      world->servers[i].cut_off = FALSE;
      world->servers[i].skew = 0;
      iss_model_world_restart (world, i);
    }

  for (guint round = 0; round < 4; round++)
    {
      char *wrong;

      iss_model_world_replicate (world, TRUE);
      for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
        iss_model_world_run_tasks (world, i, ISS_MODEL_TROUBLE_NONE);
      wrong = iss_model_history_record (history, world);
      if (wrong != NULL)
        return wrong;

      world->now += LIFETIME;
    }

  for (guint i = 0; i < ISS_MODEL_SERVERS; i++)
    iss_model_world_run_tasks (world, i, ISS_MODEL_TROUBLE_NONE);
  {
    char *wrong = iss_model_history_record (history, world);

    return wrong != NULL ? wrong : iss_model_history_judge_end (history, world);
  }
}

/* (nullable): the first thing that was wrong */
static char *
run (Fixture     *fixture,
     IssModelBug  bug,
     guint        seed,
     guint        n_steps)
{
  g_autoptr(IssModelWorld) world = iss_model_world_new (seed, fixture->source, bug);
  g_autoptr(IssModelHistory) history = iss_model_history_new ();
  char *wrong = iss_model_history_record (history, world);
  guint n;

  for (n = 0; wrong == NULL && n < n_steps; n++)
    {
      step (world);
      wrong = iss_model_history_record (history, world);
    }
  if (wrong == NULL)
    wrong = converge (world, history);

  g_test_message ("seed %u: %u steps, %" G_GUINT64_FORMAT " s; %u rolls of a server, %u killed, "
                  "%u full disks, %u messages, %u decisions lost: %s", seed, n,
                  (guint64) (world->now - ISS_MODEL_NOW),
                  iss_model_history_count_rolls (history), world->n_killed, world->n_full,
                  world->messages->len, world->n_lost, wrong != NULL ? wrong : "good");
  if (bug == ISS_MODEL_BUG_NONE)
    g_assert_cmpuint (iss_model_history_count_rolls (history), >, 0);

  return wrong;
}

static guint
get_number (const char *name,
            guint       otherwise)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
test_good (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autofree char *wrong = run (fixture, ISS_MODEL_BUG_NONE, get_number ("ISS_MODEL_SEED", 2),
                                get_number ("ISS_MODEL_STEPS", STEPS));

  g_assert_cmpstr (wrong, ==, NULL);
}

/* What is wrong on purpose, and a beginning from which that shows early. */
typedef struct
{
  IssModelBug bug;
  guint       seed;
} Wrong;

/* It is found: else the model proves nothing. */
static void
test_wrong (Fixture       *fixture,
            gconstpointer  data)
{
  const Wrong *wrong = data;
  g_autofree char *found = run (fixture, wrong->bug, get_number ("ISS_MODEL_SEED", wrong->seed),
                                get_number ("ISS_MODEL_STEPS", STEPS));

  g_assert_nonnull (found);
}

int
main (int   argc,
      char *argv[])
{
  static const Wrong arms_unready = { ISS_MODEL_BUG_ARMS_UNREADY, 1 };
  static const Wrong cancels_at_once = { ISS_MODEL_BUG_CANCELS_AT_ONCE, 14 };
  static const Wrong forgets = { ISS_MODEL_BUG_FORGETS, 1 };

  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)
  ADD ("/model/good", NULL, test_good);
  ADD ("/model/arms-unready", &arms_unready, test_wrong);
  ADD ("/model/cancels-at-once", &cancels_at_once, test_wrong);
  ADD ("/model/forgets", &forgets, test_wrong);
#undef ADD

  return g_test_run ();
}
