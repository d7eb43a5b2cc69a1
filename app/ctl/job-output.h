/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"

G_BEGIN_DECLS

/* What a job did on each server, as a table or as JSON, and the exit status. */
CtlExitStatus  ctl_job_output_print (CtlContext  *context,
                                     IssJob      *job,
                                     const char  *what);

G_END_DECLS
