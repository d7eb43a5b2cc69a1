/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

/* Which certificates the services of a server show to those who connect, where the topology
 * file says where (seen-in-use). */

gboolean  iss_server_has_use_places     (IssServer            *self);

void      iss_server_look_at_use_async  (IssServer            *self,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean  iss_server_look_at_use_finish (IssServer            *self,
                                         GAsyncResult         *result,
                                         GError              **error);

G_END_DECLS
