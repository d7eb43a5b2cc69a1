/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

/* What stands for the ssh host key of a server on this very machine. */
#define ISS_SERVER_ENROLL_LOCAL "local"

/* Has a server make the key that packages for it are sealed to, and prove that it holds it. */

void             iss_server_enroll_async   (IssServer            *server,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
IssCertificate  *iss_server_enroll_finish  (IssServer            *server,
                                            GAsyncResult         *result,
                                            char                **out_server_id,
                                            char                **out_host_key,
                                            GError              **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
