/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replication/task-queue.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"

#include <glib/gstdio.h>
#include <string.h>

#define DUE G_GINT64_CONSTANT (1814313600)

typedef struct
{
  IssTempFolder *folder;
  IssRootFolder *root;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = iss_temp_folder_new ();
  fixture->root = iss_root_folder_open (iss_temp_folder_get_path (fixture->folder), TRUE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_assert_finalize_object (fixture->root);
  iss_temp_folder_free (fixture->folder);
}

static void
put (Fixture *fixture,
     IssTask *task)
{
  g_autoptr(GError) error = NULL;

  iss_task_queue_put (fixture->root, task, &error);
  g_assert_no_error (error);
}

static GPtrArray *
read_queue (Fixture *fixture,
            guint   *out_n_foreign)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *tasks = iss_task_queue_read (fixture->root, out_n_foreign, &error);

  g_assert_no_error (error);

  return tasks;
}

static GPtrArray *
read_done (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *tasks = iss_task_queue_read_done (fixture->root, NULL, &error);

  g_assert_no_error (error);

  return tasks;
}

static void
test_task_queue_kept (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr(IssTask) late = iss_task_new (ISS_TASK_ROLL, "Default", "", 2, DUE + 10);
  g_autoptr(IssTask) early = iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE);
  g_autoptr(IssTask) running = iss_task_begin (late, DUE + 11);
  g_autoptr(IssTask) done = iss_task_finish (running, ISS_TASK_STATE_DONE, DUE + 12, "It is well");
  g_autoptr(GPtrArray) tasks = NULL;
  g_autoptr(GError) error = NULL;
  guint n_foreign = 99;

  put (fixture, late);
  put (fixture, early);
  put (fixture, running);

  tasks = read_queue (fixture, &n_foreign);
  g_assert_cmpuint (n_foreign, ==, 0);
  g_assert_cmpuint (tasks->len, ==, 2);
  g_assert_cmpstr (iss_task_get_id (tasks->pdata[0]), ==, "purge-1814313600");
  g_assert_cmpstr (iss_task_get_id (tasks->pdata[1]), ==, "roll-Default-2");
  g_assert_cmpint (iss_task_get_state (tasks->pdata[1]), ==, ISS_TASK_STATE_RUNNING);
  g_ptr_array_unref (tasks);

  /* Twice is once. */
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (iss_task_queue_finish (fixture->root, done, &error));
      g_assert_no_error (error);
    }

  tasks = read_queue (fixture, NULL);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_ptr_array_unref (tasks);
  tasks = read_done (fixture);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_assert_cmpstr (iss_task_get_result (tasks->pdata[0]), ==, "It is well");
}

static void
test_task_queue_foreign (Fixture       *fixture,
                         gconstpointer  user_data)
{
  const struct
    {
      const char *name;
      const char *text;
    } files[] =
    {
      { "tasks/queue/README", "by hand" },
      { "tasks/queue/broken.conf", "[task\n" },
      /* Under another one's name it would run twice. */
      { "tasks/queue/roll-Default-9.conf",
        "[task]\nkind=roll\ntype=Default\nrevision=8\ndue=2027-06-30T00:00:00Z\nstate=due\n" },
      { "tasks/queue/.new-of-somebody", "x" },
    };
  g_autofree char *big = g_strnfill (20000, '#');
  g_autoptr(IssTask) good = iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE);
  g_autoptr(GPtrArray) tasks = NULL;
  g_autofree char *link = iss_temp_folder_dup_path (fixture->folder, "tasks/queue/link.conf");
  guint n_foreign = 99;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_free (iss_temp_folder_write (fixture->folder, files[i].name, files[i].text, -1));
  g_free (iss_temp_folder_write (fixture->folder, "tasks/queue/big.conf", big, -1));
  g_assert_no_errno (symlink ("broken.conf", link));
  put (fixture, good);

  tasks = read_queue (fixture, &n_foreign);
  g_assert_cmpuint (tasks->len, ==, 1);
  g_assert_cmpuint (n_foreign, ==, 5);
}

static void
test_task_queue_too_many (Fixture       *fixture,
                          gconstpointer  user_data)
{
  g_autoptr(GError) error = NULL;
  guint n_foreign = 99;

  for (guint i = 0; i <= 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("tasks/queue/%u", i);

      g_free (iss_temp_folder_write (fixture->folder, name, "", 0));
    }

  g_assert_null (iss_task_queue_read (fixture->root, &n_foreign, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_TOO_LARGE);
  g_assert_cmpuint (n_foreign, ==, 99);
}

static void
test_task_queue_pruned (Fixture       *fixture,
                        gconstpointer  user_data)
{
  g_autoptr(GPtrArray) tasks = NULL;

  for (guint i = 0; i < ISS_TASK_QUEUE_MAX_DONE + 2; i++)
    {
      g_autoptr(IssTask) task = iss_task_new (ISS_TASK_PURGE, "", "", 0, DUE + i);
      g_autoptr(IssTask) done = iss_task_finish (task, ISS_TASK_STATE_DONE, DUE + i, NULL);
      g_autoptr(GError) error = NULL;

      iss_task_queue_finish (fixture->root, done, &error);
      g_assert_no_error (error);
    }

  tasks = read_done (fixture);
  g_assert_cmpuint (tasks->len, ==, ISS_TASK_QUEUE_MAX_DONE);
  g_assert_cmpint (iss_task_get_due (tasks->pdata[0]), ==, DUE + ISS_TASK_QUEUE_MAX_DONE + 1);
  g_assert_cmpint (iss_task_get_due (tasks->pdata[tasks->len - 1]), ==, DUE + 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/task-queue/kept", test_task_queue_kept);
  ADD ("/task-queue/foreign", test_task_queue_foreign);
  ADD ("/task-queue/too-many", test_task_queue_too_many);
  ADD ("/task-queue/pruned", test_task_queue_pruned);
#undef ADD

  return g_test_run ();
}
