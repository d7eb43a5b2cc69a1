/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_JOB_WAITING,
  ISS_JOB_RUNNING,
  ISS_JOB_DONE,
  ISS_JOB_FAILED,
  ISS_JOB_CANCELLED
} IssJobState;

#define ISS_TYPE_JOB_ENTRY (iss_job_entry_get_type ())

/* What a job does on one server. Properties "state" (int of IssJobState),
 * "text", notify as it goes. */
G_DECLARE_FINAL_TYPE (IssJobEntry, iss_job_entry, ISS, JOB_ENTRY, GObject)

IssServer     *iss_job_entry_get_server   (IssJobEntry   *self);
IssJobState    iss_job_entry_get_state    (IssJobEntry   *self);
/* "imported, key matches"; or the error's sentence */
const char    *iss_job_entry_get_text     (IssJobEntry   *self);
/* what is true of what was done, now that something else has completed it */
void           iss_job_entry_amend        (IssJobEntry   *self,
                                           const char    *text);
/* the text, without the server's name before it */
char          *iss_job_entry_dup_reason   (IssJobEntry   *self) G_GNUC_WARN_UNUSED_RESULT;
const GError  *iss_job_entry_get_error    (IssJobEntry   *self);   /* (nullable) */
gdouble        iss_job_entry_get_seconds  (IssJobEntry   *self);

#define ISS_TYPE_JOB (iss_job_get_type ())

/* One thing done on several servers: results arrive as they come, one failure
 * never stops the rest, a failed entry can be tried again. A GListModel of
 * IssJobEntry. */
G_DECLARE_FINAL_TYPE (IssJob, iss_job, ISS, JOB, GObject)

typedef void   (* IssJobStart)            (IssServer           *server,
                                           gpointer             job_data,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
/* what was done, translated; NULL on error */
typedef char * (* IssJobFinish)           (IssServer           *server,
                                           gpointer             job_data,
                                           GAsyncResult        *result,
                                           GError             **error);

IssJob        *iss_job_new                (GPtrArray           *servers,
                                           IssJobStart          start,
                                           IssJobFinish         finish,
                                           gpointer             job_data,
                                           GDestroyNotify       free_job_data)
                                           G_GNUC_WARN_UNUSED_RESULT;

IssJobEntry   *iss_job_get_entry          (IssJob              *self,
                                           guint                index);
guint          iss_job_get_n_entries      (IssJob              *self);
guint          iss_job_get_n_in_state     (IssJob              *self,
                                           IssJobState          state);
gpointer       iss_job_get_data           (IssJob              *self);

/* Ends when no entry is waiting or running; fails only when cancelled. Running
 * it again runs what failed or was cancelled. */
void           iss_job_run_async          (IssJob              *self,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
/* the same for one that failed or was cancelled, and leaves the others */
void           iss_job_run_entry_async    (IssJob              *self,
                                           IssJobEntry         *entry,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
gboolean       iss_job_run_finish         (IssJob              *self,
                                           GAsyncResult        *result,
                                           GError             **error);

G_END_DECLS
