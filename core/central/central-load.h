/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"

G_BEGIN_DECLS

/**
 * IssCentralLoadFunc:
 * @store: (nullable): the central store; %NULL: there is none yet
 * @pool: the name of a pool
 * @servers: (array zero-terminated=1): the names of its servers
 * @error: return location for an error
 *
 * Reads something of a pool. Called in a thread.
 *
 * Returns: (transfer full): what was read, or %NULL with @error set
 */
typedef gpointer (*IssCentralLoadFunc) (IssCentralStore    *store,
                                        const char         *pool,
                                        const char *const  *servers,
                                        GError            **error);

void     iss_central_load_async  (IssCentralStore      *store,
                                  const char           *pool,
                                  const char *const    *servers,
                                  IssCentralLoadFunc    load,
                                  GDestroyNotify        free_func,
                                  GCancellable         *cancellable,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gpointer iss_central_load_finish (GAsyncResult         *result,
                                  GError              **error);

G_END_DECLS
