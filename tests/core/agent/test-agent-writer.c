/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-writer.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#include <string.h>

#define NOW 1814364131
#define SINCE 1793322061   /* 2026-10-30T01:01:01Z */
#define SHORT 200          /* milliseconds */

/* One folder, opened twice: by the writer and by whoever is in its way. */
typedef struct
{
  IssTempFolder *temp;
  IssRootFolder *root;
  IssRootFolder *other;
  GCancellable  *cancellable;
  GAsyncResult  *result;
  GThread       *own_thread;
  gboolean       fails;
  guint          n_runs;
  int            n_frees;        /* atomic: counted by the worker */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  fixture->temp = iss_temp_folder_new ();
  path = iss_temp_folder_dup_path (fixture->temp, "root");
  fixture->root = iss_root_folder_open (path, TRUE, &error);
  g_assert_no_error (error);
  fixture->other = iss_root_folder_open (path, FALSE, &error);
  g_assert_no_error (error);
  fixture->cancellable = g_cancellable_new ();
  fixture->own_thread = g_thread_self ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_clear_object (&fixture->result);
  g_object_unref (fixture->cancellable);
  g_object_unref (fixture->other);
  iss_wait_until (g_atomic_int_get (&G_OBJECT (fixture->root)->ref_count) == 1);
  g_assert_finalize_object (fixture->root);
  iss_temp_folder_free (fixture->temp);
}

static gpointer
work (IssRootFolder  *root,
      GCancellable   *cancellable,
      gpointer        user_data,
      GError        **error)
{
  Fixture *fixture = user_data;
  g_autoptr(GError) busy = NULL;

  g_assert_true (root == fixture->root);
  g_assert_true (g_thread_self () != fixture->own_thread);
  g_assert_false (iss_root_folder_try_lock (fixture->other, "somebody else", NOW, &busy));
  g_assert_error (busy, ISS_ERROR, ISS_ERROR_BUSY);
  fixture->n_runs++;

  if (fixture->fails)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_REFUSED, "A rule");
      return NULL;
    }

  return g_strdup ("done");
}

static void
count_free (gpointer data)
{
  g_atomic_int_inc (&((Fixture *) data)->n_frees);
}

static void
run_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static void
begin_with (Fixture *fixture,
            guint    patience)
{
  iss_agent_writer_run_async (fixture->root, "alice", NOW, patience, work, fixture, count_free,
                              g_free, fixture->cancellable, run_cb, fixture);
}

static void
begin (Fixture *fixture)
{
  begin_with (fixture, 0);
}

static char *
finish (Fixture  *fixture,
        GError  **error)
{
  iss_wait_until (fixture->result != NULL);

  return iss_agent_writer_run_finish (fixture->result, error);
}

static void
assert_unlocked (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_root_folder_try_lock (fixture->other, "next", NOW, &error));
  g_assert_no_error (error);
  iss_root_folder_unlock (fixture->other);
}

static void
test_agent_writer_done (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *done = NULL;
  g_autoptr(GError) error = NULL;

  begin (fixture);
  done = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (done, ==, "done");
  g_assert_cmpuint (fixture->n_runs, ==, 1);
  assert_unlocked (fixture);

  g_clear_object (&fixture->result);

  /* The worker lets go of the task a moment after the result is there. */
  iss_wait_until (g_atomic_int_get (&fixture->n_frees) == 1);
}

static void
test_agent_writer_failed (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->fails = TRUE;
  begin (fixture);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_REFUSED);
  assert_unlocked (fixture);
}

static gboolean
unlock_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpuint (fixture->n_runs, ==, 0);
  iss_root_folder_unlock (fixture->other);

  return G_SOURCE_REMOVE;
}

/* Somebody else writes, and is done before patience is at its end. */
static void
test_agent_writer_waits (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autofree char *done = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_root_folder_try_lock (fixture->other, "bob", NOW, &error));
  begin (fixture);
  g_assert_null (fixture->result);
  g_idle_add_full (G_PRIORITY_LOW, unlock_cb, fixture, NULL);
  done = finish (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (done, ==, "done");
}

static gboolean
cancel_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_cancellable_cancel (fixture->cancellable);

  return G_SOURCE_REMOVE;
}

static void
test_agent_writer_cancelled (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (iss_root_folder_try_lock (fixture->other, "bob", NOW, &error));
  begin (fixture);
  g_idle_add_full (G_PRIORITY_LOW, cancel_cb, fixture, NULL);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_runs, ==, 0);
  iss_root_folder_unlock (fixture->other);
}

/* Who never lets go is named, and since when. */
static void
test_agent_writer_busy (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  g_assert_true (iss_root_folder_try_lock (fixture->other, "bob", SINCE, &error));
  begin_with (fixture, SHORT);
  g_assert_null (finish (fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "bob since 01:01:01 UTC"));
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, SHORT * 1000);
  g_assert_cmpuint (fixture->n_runs, ==, 0);
  iss_root_folder_unlock (fixture->other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/agent-writer/done", Fixture, NULL, set_up, test_agent_writer_done, tear_down);
  g_test_add ("/agent-writer/failed", Fixture, NULL, set_up, test_agent_writer_failed, tear_down);
  g_test_add ("/agent-writer/waits", Fixture, NULL, set_up, test_agent_writer_waits, tear_down);
  g_test_add ("/agent-writer/cancelled", Fixture, NULL, set_up, test_agent_writer_cancelled,
              tear_down);
  g_test_add ("/agent-writer/busy", Fixture, NULL, set_up, test_agent_writer_busy, tear_down);

  return g_test_run ();
}
