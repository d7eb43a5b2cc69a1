/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/base/secret.h"

G_BEGIN_DECLS

/* What might crash, hang, print or be taken over is done by a process of its own: it is started
 * for one request, gets that and one end of a socket and nothing else, answers and ends. */

/* The program that calls, whatever became of its file meanwhile. Only those can whose main()
 * serves: issuant-agent, and the administrator's programs for tokens. */
#define ISS_HELPER_PROCESS_OWN "/proc/self/exe"

#define ISS_HELPER_PROCESS_HEADER_SIZE 8

/**
 * IssHelperProcess:
 *
 * One kind of helper. Everything borrowed; the sentences are translated.
 */
typedef struct
{
  const char *name;           /* in the list of processes */
  const char *option;         /* by which the program knows what it shall be */
  const char *cannot_start;   /* "The reader of files cannot be started" */
  const char *too_late;       /* "The file was not read within 60 seconds; …" */
  const char *failed;         /* for what is no answer, or none at all */

  /* How many bytes follow the header; FALSE: it is none */
  gboolean (* read_header) (const guint8 *header,
                            gsize        *out_size);
} IssHelperProcess;

IssSecret  *iss_helper_process_ask    (const IssHelperProcess  *self,
                                       const char              *program,
                                       guint                    seconds,
                                       IssSecret               *request,
                                       GCancellable            *cancellable,
                                       GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

/* in the helper */
gboolean    iss_helper_process_reply  (int                      fd,
                                       IssSecret               *answer);

G_END_DECLS
