/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/exit-status.h"

#include "core/base/error.h"

/**
 * ctl_exit_status_of_error:
 * @error: why a verb could not be done
 *
 * Returns: the exit status that says so
 */
CtlExitStatus
ctl_exit_status_of_error (const GError *error)
{
  if (error->domain != ISS_ERROR)
    return CTL_EXIT_STATUS_FAILED;

  switch ((IssError) error->code)
    {
    case ISS_ERROR_INVALID_ARGUMENT:
    case ISS_ERROR_AMBIGUOUS:
      return CTL_EXIT_STATUS_WRONG_USE;

    case ISS_ERROR_REFUSED:
    case ISS_ERROR_NEEDS_CONFIRMATION:
    case ISS_ERROR_STAGED:
      return CTL_EXIT_STATUS_REFUSED;

    case ISS_ERROR_UNREACHABLE:
    case ISS_ERROR_LOGIN:
    case ISS_ERROR_HOST_KEY_UNKNOWN:
    case ISS_ERROR_HOST_KEY_CHANGED:
    case ISS_ERROR_NO_AGENT:
    case ISS_ERROR_PROTOCOL:
    case ISS_ERROR_NOT_OWNER:
    case ISS_ERROR_CLOSED:
      return CTL_EXIT_STATUS_NOT_REACHED;

    case ISS_ERROR_FAILED:
    case ISS_ERROR_MALFORMED:
    case ISS_ERROR_TOO_LARGE:
    case ISS_ERROR_TOO_COSTLY:
    case ISS_ERROR_WRONG_PASSWORD:
    case ISS_ERROR_UNSUPPORTED:
    case ISS_ERROR_NOT_FOUND:
    case ISS_ERROR_EXISTS:
    case ISS_ERROR_BUSY:
    case ISS_ERROR_CHANGED:
    case ISS_ERROR_NO_SPACE:
    case ISS_ERROR_PERMISSION:
    case ISS_N_ERRORS:
      return CTL_EXIT_STATUS_FAILED;
    }

  return CTL_EXIT_STATUS_FAILED;
}

/**
 * ctl_exit_status_of_job:
 * @job: a job that is over
 *
 * Returns: 0 if it is done everywhere, 3 if on some servers, else what the
 *   errors have in common, or 1
 */
CtlExitStatus
ctl_exit_status_of_job (IssJob *job)
{
  guint n = iss_job_get_n_entries (job);
  guint n_done = iss_job_get_n_in_state (job, ISS_JOB_DONE);
  CtlExitStatus status = CTL_EXIT_STATUS_FAILED;

  if (n_done == n)
    return CTL_EXIT_STATUS_DONE;
  if (n_done > 0)
    return CTL_EXIT_STATUS_PARTLY;

  for (guint i = 0; i < n; i++)
    {
      const GError *error = iss_job_entry_get_error (iss_job_get_entry (job, i));
      CtlExitStatus its = error != NULL ? ctl_exit_status_of_error (error)
                                        : CTL_EXIT_STATUS_FAILED;

      if (i > 0 && its != status)
        return CTL_EXIT_STATUS_FAILED;
      status = its;
    }

  return status;
}
