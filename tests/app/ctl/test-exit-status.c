/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/exit-status.h"

#include "core/base/error.h"
#include "tests/lib/wait.h"

#define MOST_SERVERS 3
#define DONE (-1)

/* The statuses are part of the program's interface. */
static void
test_exit_status_numbers (void)
{
  g_assert_cmpint (CTL_EXIT_STATUS_DONE, ==, 0);
  g_assert_cmpint (CTL_EXIT_STATUS_FAILED, ==, 1);
  g_assert_cmpint (CTL_EXIT_STATUS_WRONG_USE, ==, 2);
  g_assert_cmpint (CTL_EXIT_STATUS_PARTLY, ==, 3);
  g_assert_cmpint (CTL_EXIT_STATUS_REFUSED, ==, 4);
  g_assert_cmpint (CTL_EXIT_STATUS_NOT_REACHED, ==, 5);
}

static void
test_exit_status_of_error (void)
{
  static const CtlExitStatus expected[ISS_N_ERRORS] = {
    [ISS_ERROR_FAILED] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_MALFORMED] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_TOO_LARGE] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_TOO_COSTLY] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_WRONG_PASSWORD] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_UNSUPPORTED] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_NOT_FOUND] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_EXISTS] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_AMBIGUOUS] = CTL_EXIT_STATUS_WRONG_USE,
    [ISS_ERROR_INVALID_ARGUMENT] = CTL_EXIT_STATUS_WRONG_USE,
    [ISS_ERROR_REFUSED] = CTL_EXIT_STATUS_REFUSED,
    [ISS_ERROR_STAGED] = CTL_EXIT_STATUS_REFUSED,
    [ISS_ERROR_NEEDS_CONFIRMATION] = CTL_EXIT_STATUS_REFUSED,
    [ISS_ERROR_BUSY] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_CHANGED] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_NO_SPACE] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_PERMISSION] = CTL_EXIT_STATUS_FAILED,
    [ISS_ERROR_NOT_OWNER] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_UNREACHABLE] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_LOGIN] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_HOST_KEY_UNKNOWN] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_HOST_KEY_CHANGED] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_NO_AGENT] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_PROTOCOL] = CTL_EXIT_STATUS_NOT_REACHED,
    [ISS_ERROR_CLOSED] = CTL_EXIT_STATUS_NOT_REACHED,
  };
  g_autoptr(GError) foreign = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOENT, "Gone");

  for (int code = 0; code < ISS_N_ERRORS; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, code, "It went wrong");

      g_assert_cmpint (ctl_exit_status_of_error (error), ==, expected[code]);
    }
  g_assert_cmpint (ctl_exit_status_of_error (foreign), ==, CTL_EXIT_STATUS_FAILED);
}

/* A job ends on each server as the test says: with an error's code, or done. */
static void
start (IssServer           *server,
       gpointer             next,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (server, cancellable, callback, user_data);
  const int **outcome = next;
  int code = *(*outcome)++;

  if (code == DONE)
    g_task_return_pointer (task, g_strdup ("done"), g_free);
  else
    g_task_return_new_error (task, ISS_ERROR, code, "It went wrong");
}

static char *
finish (IssServer     *server,
        gpointer       next,
        GAsyncResult  *result,
        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
over_cb (GObject      *job,
         GAsyncResult *result,
         gpointer      over)
{
  *(gboolean *) over = TRUE;
}

static CtlExitStatus
status_of (const int *outcomes,
           guint      n)
{
  g_autoptr(IssConnectionAddress) address =
    iss_connection_address_parse ("local:///nowhere", NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nowhere/issuant-agent");
  g_autoptr(IssClock) clock = iss_clock_new_fixed (1000);
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(IssJob) job = NULL;
  gboolean over = FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u.example", i);

      g_ptr_array_add (servers, iss_server_new (name, address, launch, clock));
    }

  job = iss_job_new (servers, start, finish, &outcomes, NULL);
  iss_job_run_async (job, NULL, over_cb, &over);
  iss_wait_until (over);

  return ctl_exit_status_of_job (job);
}

static void
test_exit_status_of_job (void)
{
  static const struct
  {
    int           outcomes[MOST_SERVERS];
    CtlExitStatus status;
  } cases[] = {
    { { DONE, DONE, DONE }, CTL_EXIT_STATUS_DONE },
    { { DONE, ISS_ERROR_UNREACHABLE, DONE }, CTL_EXIT_STATUS_PARTLY },
    { { ISS_ERROR_REFUSED, ISS_ERROR_REFUSED, DONE }, CTL_EXIT_STATUS_PARTLY },
    { { ISS_ERROR_UNREACHABLE, ISS_ERROR_LOGIN, ISS_ERROR_NO_AGENT }, CTL_EXIT_STATUS_NOT_REACHED },
    { { ISS_ERROR_REFUSED, ISS_ERROR_NEEDS_CONFIRMATION, ISS_ERROR_REFUSED },
      CTL_EXIT_STATUS_REFUSED },
    { { ISS_ERROR_REFUSED, ISS_ERROR_UNREACHABLE, ISS_ERROR_REFUSED }, CTL_EXIT_STATUS_FAILED },
    { { ISS_ERROR_BUSY, ISS_ERROR_NO_SPACE, ISS_ERROR_BUSY }, CTL_EXIT_STATUS_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (status_of (cases[i].outcomes, MOST_SERVERS), ==, cases[i].status);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/exit-status/numbers", test_exit_status_numbers);
  g_test_add_func ("/exit-status/of-error", test_exit_status_of_error);
  g_test_add_func ("/exit-status/of-job", test_exit_status_of_job);

  return g_test_run ();
}
