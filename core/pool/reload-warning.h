/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssReloadWarning:
 *
 * A service of a server goes on with what it had before: its reload failed, or nobody makes it.
 */
typedef struct
{
  IssServer *server;
  char      *type;     /* (nullable): of which the services are not known */
  char      *lead;     /* "nginx does not use what is published for Default yet." */
  char      *rest;     /* why, and what to do */
} IssReloadWarning;

void        iss_reload_warning_free  (IssReloadWarning  *self);

/* (element-type IssReloadWarning): empty = nothing to warn of */
GPtrArray  *iss_reload_warning_find_on (IssServer      *server) G_GNUC_WARN_UNUSED_RESULT;
/* the same, of servers that answer */
GPtrArray  *iss_reload_warning_find  (IssPool           *pool) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssReloadWarning, iss_reload_warning_free)

G_END_DECLS
