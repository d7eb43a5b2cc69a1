/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"
#include "core/replication/deployment.h"
#include "tests/lib/server-folder.h"

G_BEGIN_DECLS

#define ISS_REPLICA_FIXTURE_POOL "pool01.contoso.example"

/**
 * IssReplicaFixture:
 *
 * An enrolled server, an administrator whom it has pinned, and three certificates which it does
 * not hold.
 */
typedef struct
{
  IssServerFolder          *folder;
  const IssCertificateType *type;
  IssCertificate           *admin;
  IssPrivateKey            *admin_key;
  IssCertificate           *one;
  IssPrivateKey            *one_key;
  IssCertificate           *two;
  IssPrivateKey            *two_key;
  IssCertificate           *three;
  IssPrivateKey            *three_key;
} IssReplicaFixture;

void          iss_replica_fixture_set_up       (IssReplicaFixture  *self,
                                                gconstpointer       unused);
void          iss_replica_fixture_tear_down    (IssReplicaFixture  *self,
                                                gconstpointer       unused);

IssManifest  *iss_replica_fixture_new_manifest (IssReplicaFixture  *self,
                                                guint64             revision,
                                                IssCertificate     *current,
                                                IssCertificate     *previous,
                                                IssCertificate     *staged,
                                                gint64              staged_at)
                                                G_GNUC_WARN_UNUSED_RESULT;
GBytes       *iss_replica_fixture_compose      (IssReplicaFixture  *self,
                                                IssManifest        *manifest,
                                                IssCertificate     *recipient)
                                                G_GNUC_WARN_UNUSED_RESULT;
void          iss_replica_fixture_deliver      (IssReplicaFixture  *self,
                                                IssManifest        *manifest,
                                                gint64              now);
void          iss_replica_fixture_expect       (IssReplicaFixture  *self,
                                                const char         *scope,
                                                IssCertificate     *current,
                                                IssCertificate     *previous,
                                                IssCertificate     *staged);

G_END_DECLS
