/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/job.h"

#include "core/base/error.h"
#include "tests/lib/wait.h"

/* A job on servers that are never connected: what it does is done by the test. */
typedef struct
{
  GPtrArray *servers;
  GPtrArray *open;        /* (element-type GTask): begun, in order */
  guint      most_open;
} Fixture;

static void
start (IssServer           *server,
       gpointer             job_data,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  Fixture *fixture = job_data;

  g_ptr_array_add (fixture->open, g_task_new (server, cancellable, callback, user_data));
  fixture->most_open = MAX (fixture->most_open, fixture->open->len);
}

static char *
finish (IssServer     *server,
        gpointer       job_data,
        GAsyncResult  *result,
        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  n_servers)
{
  g_autoptr(IssConnectionAddress) address =
    iss_connection_address_parse ("local:///nowhere", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);

  fixture->servers = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->open = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < GPOINTER_TO_UINT (n_servers); i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u.example", i);

      g_ptr_array_add (fixture->servers, iss_server_new (name, address, launch, clock));
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_ptr_array_unref (fixture->open);
  g_ptr_array_unref (fixture->servers);
}

static void
end_first (Fixture    *fixture,
           const char *text,
           IssError    code)
{
  g_autoptr(GTask) task = g_ptr_array_steal_index (fixture->open, 0);

  if (text != NULL)
    g_task_return_pointer (task, g_strdup (text), g_free);
  else
    g_task_return_new_error (task, ISS_ERROR, (int) code, "It went wrong");
  iss_wait_for_idle ();
}

static void
over_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  GError **error = user_data;
  gboolean ended = iss_job_run_finish (ISS_JOB (object), result, error);

  g_assert_cmpint (ended, ==, *error == NULL);
  if (ended)
    *error = g_error_new_literal (G_IO_ERROR, 0, "over");
}

static void
test_job_goes_on (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(IssJob) job = iss_job_new (fixture->servers, start, finish, fixture, NULL);
  g_autoptr(GError) end = NULL;

  iss_job_run_async (job, NULL, over_cb, &end);
  g_assert_cmpuint (fixture->open->len, ==, ISS_POOL_MAX_OPENING);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_WAITING), ==, 4);

  end_first (fixture, NULL, ISS_ERROR_UNREACHABLE);
  while (fixture->open->len > 0)
    {
      g_assert_null (end);
      end_first (fixture, "done", 0);
    }
  iss_wait_until (end != NULL);

  g_assert_cmpuint (fixture->most_open, ==, ISS_POOL_MAX_OPENING);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 11);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_FAILED), ==, 1);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 0)), ==, "It went wrong");
  g_assert_error (iss_job_entry_get_error (iss_job_get_entry (job, 0)), ISS_ERROR,
                  ISS_ERROR_UNREACHABLE);
  g_assert_cmpstr (iss_job_entry_get_text (iss_job_get_entry (job, 1)), ==, "done");

  /* Again: only what failed. */
  g_clear_error (&end);
  iss_job_run_async (job, NULL, over_cb, &end);
  g_assert_cmpuint (fixture->open->len, ==, 1);
  end_first (fixture, "now it worked", 0);
  iss_wait_until (end != NULL);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 12);
  g_assert_null (iss_job_entry_get_error (iss_job_get_entry (job, 0)));

  g_assert_finalize_object (g_steal_pointer (&job));
}

static void
test_job_cancelled (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(IssJob) job = iss_job_new (fixture->servers, start, finish, fixture, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) end = NULL;

  iss_job_run_async (job, cancellable, over_cb, &end);
  end_first (fixture, "done", 0);
  g_cancellable_cancel (cancellable);
  while (fixture->open->len > 0)
    end_first (fixture, "too late", 0);
  iss_wait_until (end != NULL);

  g_assert_error (end, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_DONE), ==, 1);
  g_assert_cmpuint (iss_job_get_n_in_state (job, ISS_JOB_CANCELLED), ==, 11);
  g_assert_finalize_object (g_steal_pointer (&job));
}

static void
test_job_without_servers (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr(IssJob) job = iss_job_new (fixture->servers, start, finish, fixture, NULL);
  g_autoptr(GError) end = NULL;

  iss_job_run_async (job, NULL, over_cb, &end);
  iss_wait_until (end != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (job)), ==, 0);
  g_assert_finalize_object (g_steal_pointer (&job));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/job/goes-on", Fixture, GUINT_TO_POINTER (12), set_up, test_job_goes_on,
              tear_down);
  g_test_add ("/job/cancelled", Fixture, GUINT_TO_POINTER (12), set_up, test_job_cancelled,
              tear_down);
  g_test_add ("/job/without-servers", Fixture, GUINT_TO_POINTER (0), set_up,
              test_job_without_servers, tear_down);

  return g_test_run ();
}
