/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_TYPE_POOL_WATCH (iss_pool_watch_get_type ())

/* Follows a pool for a page: signal "update" comes once, however many servers
 * changed, and it looks at all servers when told to. */
G_DECLARE_FINAL_TYPE (IssPoolWatch, iss_pool_watch, ISS, POOL_WATCH, GObject)

IssPoolWatch  *iss_pool_watch_new      (IssPool       *pool) G_GNUC_WARN_UNUSED_RESULT;

IssPool       *iss_pool_watch_get_pool (IssPoolWatch  *self);
gboolean       iss_pool_watch_is_busy  (IssPoolWatch  *self);
void           iss_pool_watch_look     (IssPoolWatch  *self);

/* Has every server prove that it holds its private keys. */
void           iss_pool_watch_prove    (IssPoolWatch  *self);
/* (nullable): what came of it, in words */
const char    *iss_pool_watch_get_proved (IssPoolWatch *self);

G_END_DECLS
