/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"
#include "core/replication/scheduler.h"
#include "tests/lib/server-folder.h"

G_BEGIN_DECLS

#define ISS_SCHEDULER_FIXTURE_NOW ISS_SERVER_FOLDER_NOW

/**
 * IssSchedulerFixture:
 *
 * A server whose OAuthTokenIssuer is old, and which holds new.
 */
typedef struct
{
  IssServerFolder          *server;
  IssCertificate           *old;
  IssCertificate           *new;
  const IssCertificateType *oauth;
} IssSchedulerFixture;

void            iss_scheduler_fixture_set_up     (IssSchedulerFixture  *fixture,
                                                  gconstpointer         user_data);
void            iss_scheduler_fixture_tear_down  (IssSchedulerFixture  *fixture,
                                                  gconstpointer         user_data);

/* Writes assignments.conf as a text: by hand, as it were. */
void            iss_scheduler_fixture_stage      (IssSchedulerFixture  *fixture,
                                                  const char           *type,
                                                  IssCertificate       *certificate,
                                                  gint64                at,
                                                  gboolean              held);
void            iss_scheduler_fixture_put_key    (IssSchedulerFixture  *fixture,
                                                  const char           *type,
                                                  const char           *key,
                                                  const char           *value);

IssSchedulerOutcome
                iss_scheduler_fixture_run        (IssSchedulerFixture  *fixture,
                                                  gint64                now);
/* "roll OAuthTokenIssuer due +60, purge failed …", in order */
char           *iss_scheduler_fixture_dup_list   (IssSchedulerFixture  *fixture,
                                                  gint64                now);
guint           iss_scheduler_fixture_count      (IssSchedulerFixture  *fixture,
                                                  const char           *what);   /* audit lines */
void            iss_scheduler_fixture_assert     (IssSchedulerFixture  *fixture,
                                                  const char           *type,
                                                  IssCertificate       *current,
                                                  IssCertificate       *previous,
                                                  IssCertificate       *staged);

G_END_DECLS
