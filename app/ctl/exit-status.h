/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/pool/job.h"

G_BEGIN_DECLS

/* The exit statuses of issuantctl: part of its interface, they never change. */
typedef enum
{
  CTL_EXIT_STATUS_DONE        = 0,
  CTL_EXIT_STATUS_FAILED      = 1,
  CTL_EXIT_STATUS_WRONG_USE   = 2,
  CTL_EXIT_STATUS_PARTLY      = 3,   /* done on some servers, not on all */
  CTL_EXIT_STATUS_REFUSED     = 4,   /* by a rule, which is named */
  CTL_EXIT_STATUS_NOT_REACHED = 5    /* no server was reached */
} CtlExitStatus;

CtlExitStatus  ctl_exit_status_of_error (const GError  *error);
CtlExitStatus  ctl_exit_status_of_job   (IssJob        *job);

G_END_DECLS
