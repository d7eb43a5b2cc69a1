/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/replication-table.h"
#include "tests/core/central/central-fixture.h"

G_BEGIN_DECLS

/* Writes a pool's replication, as it may be found, into the central store of a fixture. */

/* alice wants revision 2, for these servers; staged: two, a day from now */
void                  iss_replication_scene_want    (IssCentralFixture   *fixture,
                                                     const char *const   *servers,
                                                     gboolean             staged);
void                  iss_replication_scene_enroll  (IssCentralFixture   *fixture,
                                                     const char          *server);
/* what server said a minute ago: a type as GVariant writes it, see the .c file; (nullable) */
void                  iss_replication_scene_report  (IssCentralFixture   *fixture,
                                                     const char          *server,
                                                     const char          *type,
                                                     const char          *error);
/* (element-type of the table): every one of these servers has what is wanted */
void                  iss_replication_scene_deploy  (IssCentralFixture   *fixture,
                                                     const char          *server,
                                                     gboolean             staged,
                                                     gboolean             held);
IssReplicationTable  *iss_replication_scene_load    (IssCentralFixture   *fixture)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
