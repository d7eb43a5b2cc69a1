/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task.h"

#include "core/base/error.h"

#include <string.h>

#define DUE G_GINT64_CONSTANT (1814313600)   /* 2027-06-30T00:00:00Z */
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static IssTask *
new_roll (void)
{
  return iss_task_new (ISS_TASK_ROLL, "OAuthTokenIssuer", HASH, 7, DUE);
}

static void
assert_same (IssTask *task,
             IssTask *other)
{
  g_assert_cmpstr (iss_task_get_id (task), ==, iss_task_get_id (other));
  g_assert_cmpint (iss_task_get_kind (task), ==, iss_task_get_kind (other));
  g_assert_cmpstr (iss_task_get_type_name (task), ==, iss_task_get_type_name (other));
  g_assert_cmpstr (iss_task_get_certificate (task), ==, iss_task_get_certificate (other));
  g_assert_cmpuint (iss_task_get_revision (task), ==, iss_task_get_revision (other));
  g_assert_cmpint (iss_task_get_due (task), ==, iss_task_get_due (other));
  g_assert_cmpint (iss_task_get_state (task), ==, iss_task_get_state (other));
  g_assert_cmpuint (iss_task_get_attempts (task), ==, iss_task_get_attempts (other));
  g_assert_cmpint (iss_task_get_last_try (task), ==, iss_task_get_last_try (other));
  g_assert_cmpint (iss_task_get_next_try (task), ==, iss_task_get_next_try (other));
  g_assert_cmpstr (iss_task_get_result (task), ==, iss_task_get_result (other));
}

static void
test_task_words (void)
{
  for (guint i = 0; i < ISS_N_TASK_KINDS; i++)
    {
      IssTaskKind kind = ISS_N_TASK_KINDS;

      g_assert_cmpstr (iss_task_kind_get_label (i), !=, "");
      g_assert_true (iss_task_kind_parse (iss_task_kind_get_name (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }

  for (guint i = 0; i < ISS_N_TASK_STATES; i++)
    {
      IssTaskState state = ISS_N_TASK_STATES;

      g_assert_cmpstr (iss_task_state_get_label (i), !=, "");
      g_assert_true (iss_task_state_parse (iss_task_state_get_name (i), &state));
      g_assert_cmpint (state, ==, i);
    }
}

static void
test_task_id (void)
{
  g_autoptr(IssTask) roll = new_roll ();
  g_autoptr(IssTask) retire = iss_task_new (ISS_TASK_RETIRE, "OAuthTokenIssuer", HASH, 0, DUE);
  g_autoptr(IssTask) purge = iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE);

  g_assert_cmpstr (iss_task_get_id (roll), ==, "roll-OAuthTokenIssuer-7");
  g_assert_cmpstr (iss_task_get_id (retire), ==, "retire-OAuthTokenIssuer-1814313600");
  g_assert_cmpstr (iss_task_get_id (purge), ==, "purge-1814313600");
}

static void
test_task_steps (void)
{
  g_autoptr(IssTask) task = new_roll ();
  g_autoptr(IssTask) held = iss_task_hold (task);
  g_autoptr(IssTask) running = iss_task_begin (task, DUE + 1);
  g_autoptr(IssTask) failed = iss_task_fail (running, DUE + 2, "The disk is\nfull", 0);
  g_autoptr(IssTask) again = iss_task_begin (failed, DUE + 90);
  g_autoptr(IssTask) made = iss_task_make (again);
  g_autoptr(IssTask) done = iss_task_finish (made, ISS_TASK_STATE_DONE, DUE + 91, NULL);

  /* None of the steps changed the one before. */
  g_assert_cmpint (iss_task_get_state (task), ==, ISS_TASK_STATE_DUE);
  g_assert_cmpuint (iss_task_get_attempts (task), ==, 0);
  g_assert_cmpint (iss_task_get_wake (task, DUE - 5), ==, DUE);

  g_assert_cmpint (iss_task_get_state (held), ==, ISS_TASK_STATE_HELD);
  g_assert_cmpint (iss_task_get_wake (held, DUE + 5), ==, 0);
  g_assert_cmpint (iss_task_get_lateness (held, DUE + 3600), ==, 0);

  g_assert_cmpint (iss_task_get_state (running), ==, ISS_TASK_STATE_RUNNING);
  g_assert_cmpuint (iss_task_get_attempts (running), ==, 1);
  g_assert_cmpint (iss_task_get_last_try (running), ==, DUE + 1);
  g_assert_cmpint (iss_task_get_wake (running, DUE + 5), ==, DUE);

  /* One line, whatever the reason was. */
  g_assert_null (strchr (iss_task_get_result (failed), '\n'));
  g_assert_cmpint (iss_task_get_next_try (failed), ==, DUE + 12);
  g_assert_cmpint (iss_task_get_wake (failed, DUE + 5), ==, DUE + 12);
  g_assert_cmpint (iss_task_get_lateness (failed, DUE + 60), ==, 0);
  g_assert_cmpint (iss_task_get_lateness (failed, DUE + 61), ==, 61);
  g_assert_false (iss_task_is_over (failed));

  g_assert_cmpuint (iss_task_get_attempts (again), ==, 2);
  g_assert_false (iss_task_is_made (again));
  g_assert_true (iss_task_is_made (made));
  g_assert_cmpint (iss_task_get_last_try (made), ==, DUE + 90);

  g_assert_true (iss_task_is_over (done));
  g_assert_cmpstr (iss_task_get_result (done), ==, "");
  g_assert_cmpint (iss_task_get_wake (done, DUE), ==, 0);
  g_assert_cmpint (iss_task_get_lateness (done, DUE + 9999), ==, 91);
}

static void
test_task_back_off (void)
{
  const gint64 waits[] = { 10, 20, 40, 80, 160, 320, 640, 900, 900, 900 };
  g_autoptr(IssTask) task = new_roll ();

  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr(IssTask) running = iss_task_begin (task, DUE);
      g_autoptr(IssTask) least = iss_task_fail (running, DUE, "x", 0);
      g_autoptr(IssTask) most = iss_task_fail (running, DUE, "x", 1);
      g_autoptr(IssTask) same = iss_task_fail (running, DUE, "x", 1);
      g_autoptr(IssTask) wrong = iss_task_fail (running, DUE, "x", 99);

      g_assert_cmpint (iss_task_get_next_try (least) - DUE, ==, waits[i]);
      g_assert_cmpint (iss_task_get_next_try (most) - DUE, ==, waits[i] + waits[i] / 4);
      g_assert_cmpint (iss_task_get_next_try (same), ==, iss_task_get_next_try (most));
      g_assert_cmpint (iss_task_get_next_try (wrong), ==, iss_task_get_next_try (most));
      g_set_object (&task, least);
    }

  /* It failed while the clock was years ahead: that is not waited for. */
  g_assert_cmpint (iss_task_get_wake (task, DUE - 2000000), ==, DUE - 2000000);
}

static void
test_task_text (void)
{
  g_autoptr(IssTask) task = new_roll ();
  g_autoptr(IssTask) running = iss_task_begin (task, DUE + 1);
  g_autoptr(IssTask) made = iss_task_make (running);
  g_autoptr(IssTask) failed = iss_task_fail (made, DUE + 2, "Größe; a=b [c] # “d”", 0.5);
  g_autoptr(IssTask) purge = iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE);
  IssTask *const tasks[] = { task, running, made, failed, purge };

  for (gsize i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = iss_task_to_text (tasks[i]);
      g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr(IssTask) read = iss_task_new_from_text (bytes, &error);
      g_autoptr(GVariant) variant = g_variant_ref_sink (iss_task_to_variant (tasks[i]));
      g_autoptr(IssTask) sent = iss_task_new_from_variant (variant, &error);

      g_assert_no_error (error);
      assert_same (read, tasks[i]);
      assert_same (sent, tasks[i]);
      g_assert_cmpint (iss_task_is_made (read), ==, iss_task_is_made (tasks[i]));
    }
}

static void
test_task_malformed (void)
{
  const char *cases[] =
    {
      "",
      "\xff\xfe",
      "kind=roll\n",
      "[task]\nkind=dance\ndue=2027-06-30T00:00:00Z\nstate=due\n",
      "[task]\nkind=roll\nstate=due\n",
      "[task]\nkind=roll\ndue=tomorrow\nstate=due\n",
      "[task]\nkind=roll\ndue=2027-06-30T00:00:00Z\n",
      "[task]\nkind=roll\ndue=2027-06-30T00:00:00Z\nstate=tired\n",
      "[task]\nkind=roll\ntype=../../etc\ndue=2027-06-30T00:00:00Z\nstate=due\n",
      "[task]\nkind=roll\ntype=\ndue=2027-06-30T00:00:00Z\nstate=due\n",
      "[task]\nkind=roll\ncertificate=abc\ndue=2027-06-30T00:00:00Z\nstate=due\n",
      "[task]\nkind=roll\ndue=2027-06-30T00:00:00Z\nstate=due\nnext-try=soon\n",
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = g_bytes_new_static (cases[i], strlen (cases[i]));

      g_test_message ("%s", cases[i]);
      g_assert_null (iss_task_new_from_text (bytes, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_MALFORMED);
    }
}

/* What a server that is not ours may answer. */
static void
test_task_hostile (void)
{
  const struct
    {
      const char *key;
      const char *value;
    } cases[] =
    {
      { "kind", "'dance'" },
      { "kind", "7" },
      { "type", "'../x'" },
      { "certificate", "'zz'" },
      { "revision", "'7'" },
      { "due", "int64 9223372036854775807" },
      { "due", "int64 -1" },
      { "last-try", "int64 9223372036854775807" },
      { "next-try", "int64 -9223372036854775808" },
      { "state", "'tired'" },
      { "attempts", "'many'" },
      { "result", "5" },
    };
  g_autoptr(IssTask) task = new_roll ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) good = g_variant_ref_sink (iss_task_to_variant (task));
      g_autoptr(GVariant) bad = NULL;
      g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (good);

      g_test_message ("%s %s", cases[i].key, cases[i].value);
      g_variant_dict_insert_value (&dict, cases[i].key,
                                   g_variant_new_parsed (cases[i].value));
      bad = g_variant_ref_sink (g_variant_dict_end (&dict));
      g_assert_null (iss_task_new_from_variant (bad, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_PROTOCOL);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/task/words", test_task_words);
  g_test_add_func ("/task/id", test_task_id);
  g_test_add_func ("/task/steps", test_task_steps);
  g_test_add_func ("/task/back-off", test_task_back_off);
  g_test_add_func ("/task/text", test_task_text);
  g_test_add_func ("/task/malformed", test_task_malformed);
  g_test_add_func ("/task/hostile", test_task_hostile);

  return g_test_run ();
}
