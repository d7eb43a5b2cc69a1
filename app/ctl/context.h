/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/command-line.h"
#include "app/ctl/exit-status.h"
#include "core/base/json-text.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

/* What every verb works with: what was typed, the pools, and how to wait. */
typedef struct _CtlContext CtlContext;

CtlContext      *ctl_context_new              (CtlCommandLine      *command_line,
                                               const char          *program,
                                               GError             **error)
                                               G_GNUC_WARN_UNUSED_RESULT;
CtlContext      *ctl_context_new_local        (CtlCommandLine      *command_line)
                                               G_GNUC_WARN_UNUSED_RESULT;
void             ctl_context_free             (CtlContext          *self);

const char      *ctl_context_get              (CtlContext          *self,
                                               const char          *option);   /* (nullable) */
gboolean         ctl_context_has              (CtlContext          *self,
                                               const char          *option);
CtlCommandLine  *ctl_context_get_command_line (CtlContext          *self);
IssWorkspace    *ctl_context_get_workspace    (CtlContext          *self);
gint64           ctl_context_get_now          (CtlContext          *self);
GTimeZone       *ctl_context_get_zone         (CtlContext          *self);
const char      *ctl_context_get_who          (CtlContext          *self);
gboolean         ctl_context_wants_json       (CtlContext          *self);

/* Servers, by --server, --pool or --identity; changing verbs need one of them. */
GPtrArray       *ctl_context_dup_servers      (CtlContext          *self,
                                               gboolean             changes,
                                               IssPool            **out_pool,
                                               GError             **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

IssServer       *ctl_context_find_server      (CtlContext          *self,
                                               const char          *name,
                                               IssPool            **out_pool,
                                               GError             **error);

/* A callback that keeps the result, and waiting for it. */
void             ctl_context_result_cb        (GObject             *object,
                                               GAsyncResult        *result,
                                               gpointer             user_data);
GAsyncResult    *ctl_context_wait             (CtlContext          *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
void             ctl_context_run_job          (CtlContext          *self,
                                               IssJob              *job);
void             ctl_context_look             (CtlContext          *self,
                                               IssPool             *pool,
                                               GPtrArray           *asked);
void             ctl_context_look_at          (CtlContext          *self,
                                               GPtrArray           *servers);

/* The certificate that a thumbprint names on some servers. */
GBytes          *ctl_context_find_certificate (CtlContext          *self,
                                               GPtrArray           *servers,
                                               const char          *typed,
                                               GError             **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

GBytes          *ctl_context_find_certificate_in (CtlContext       *self,
                                               GPtrArray           *servers,
                                               IssStoreName         store,
                                               const char          *typed,
                                               GError             **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

void             ctl_context_print            (CtlContext          *self,
                                               const char          *text);
void             ctl_context_warn             (CtlContext          *self,
                                               const char          *text);
char            *ctl_context_dup_where        (CtlContext          *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
char            *ctl_context_dup_lines        (CtlContext          *self,
                                               const char          *text)
                                               G_GNUC_WARN_UNUSED_RESULT;
char            *ctl_context_dup_reason       (IssServer           *server,
                                               const char          *reason)
                                               G_GNUC_WARN_UNUSED_RESULT;
void             ctl_context_warn_of_server   (IssServer           *server,
                                               const char          *reason);
void             ctl_context_warn_of_pool     (CtlContext          *self,
                                               IssPool             *pool);
CtlExitStatus    ctl_context_fail             (CtlContext          *self,
                                               const GError        *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlContext, ctl_context_free)

G_END_DECLS
