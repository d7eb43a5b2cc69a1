/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/server.h"

G_BEGIN_DECLS

/* Starts an operation on an open connection; ends by returning from @task. */
typedef void (* IssServerStart) (IssServer      *self,
                                 IssAgentClient *client,
                                 GTask          *task);

void      iss_server_run          (IssServer       *self,
                                   GTask           *task,
                                   IssServerStart   start);
void      iss_server_return_error (IssServer       *self,
                                   GTask           *task,
                                   GError          *error);
void      iss_server_set_seen     (IssServer       *self,
                                   IssObservation  *observation);

IssClock *iss_server_get_clock    (IssServer       *self);
/* (nullable): what it said when the connection was opened */
const char *iss_server_get_server_id (IssServer    *self);
/* (nullable): the ssh host key that the connection was made under */
const char *iss_server_get_host_key (IssServer     *self);
void      iss_server_witnessed    (IssServer       *self);
void      iss_server_set_proved   (IssServer       *self,
                                   GBytes          *sha256,
                                   gint64           at,
                                   const char      *failure);

G_END_DECLS
