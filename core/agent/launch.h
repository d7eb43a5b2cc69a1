/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/agent/connection-address.h"

G_BEGIN_DECLS

/**
 * IssLaunch:
 *
 * How agents are started: paths and options that are the same for all servers
 * of one program, with what one server overrides. Boxed, immutable.
 */
typedef struct
{
  char    *local_agent;     /* path of issuant-agent for local:// */
  char    *remote_agent;    /* path on ssh servers: /usr/libexec/issuant-agent */
  char    *askpass;         /* (nullable): issuant-askpass; NULL = BatchMode=yes */
  char    *ssh_program;     /* "ssh" */
  char    *ssh_config;      /* (nullable): -F */
  char    *who;             /* (nullable): for the audit of local agents */
  gint64   at;              /* 0, or the fixed instant of a demo's local agents */
  guint    patience;        /* seconds until opening is given up; 0 = 60, with askpass 120 */
} IssLaunch;

#define ISS_TYPE_LAUNCH (iss_launch_get_type ())

GType        iss_launch_get_type  (void);
IssLaunch   *iss_launch_new       (const char                 *local_agent)
                                   G_GNUC_WARN_UNUSED_RESULT;
IssLaunch   *iss_launch_copy      (const IssLaunch            *self) G_GNUC_WARN_UNUSED_RESULT;
void         iss_launch_free      (IssLaunch                  *self);

char       **iss_launch_dup_argv  (const IssLaunch            *self,
                                   IssConnectionAddress       *address) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssLaunch, iss_launch_free)

G_END_DECLS
