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
  char      *lead;     /* "nginx on fe02 does not use what is published for Default yet." */
  char      *rest;     /* why, and what to do */
} IssReloadWarning;

void        iss_reload_warning_free  (IssReloadWarning  *self);

/* (element-type IssReloadWarning): of servers that answer; empty = nothing to warn of */
GPtrArray  *iss_reload_warning_find  (IssPool           *pool) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssReloadWarning, iss_reload_warning_free)

G_END_DECLS
