/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/package.h"

G_BEGIN_DECLS

#define ISS_WANTED_MAX_SERVERS 20000

/**
 * IssWantedServer:
 *
 * The package that one server of the pool is to get.
 */
typedef struct
{
  char *server;        /* its name */
  char *package_hex;   /* SHA-256; where it is in the central store */
} IssWantedServer;

/**
 * IssWanted:
 *
 * What one type shall use in a pool, as the central store has it: one record, so that its
 * revision and who gets which package change at once or not at all.
 */
typedef struct
{
  IssPackage  *copy;         /* the pool's own, signed: its manifest is what is wanted */
  GPtrArray   *servers;      /* IssWantedServer */
  GHashTable  *by_name;      /* borrows both server and entry from the array */
  GBytes      *arming;       /* (nullable): lets what is staged roll, once it is let out */
  gint64       armed_at;     /* when it was; 0 = not yet */
  gboolean     was_armed;    /* before this revision, by which a server may still act */
  char       **excepted;     /* servers without which it is armed */
} IssWanted;

IssWanted              *iss_wanted_new        (IssPackage           *copy,
                                               GBytes               *arming,
                                               const char *const    *excepted)
                                               G_GNUC_WARN_UNUSED_RESULT;
IssWanted              *iss_wanted_copy       (const IssWanted      *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
void                    iss_wanted_free       (IssWanted            *self);

const IssManifest      *iss_wanted_get_manifest (const IssWanted    *self);
void                    iss_wanted_set_server (IssWanted            *self,
                                               const char           *server,
                                               const char           *package_hex);
void                    iss_wanted_remove_server (IssWanted         *self,
                                               const char           *server);
const IssWantedServer  *iss_wanted_find_server (const IssWanted     *self,
                                               const char           *server);   /* (nullable) */
/* whether the servers' clocks have made, or may have made, the staged one current */
gboolean                iss_wanted_has_rolled (const IssWanted      *self,
                                               gint64                now);

GBytes                 *iss_wanted_encode     (const IssWanted      *self)
                                               G_GNUC_WARN_UNUSED_RESULT;
IssWanted              *iss_wanted_decode     (GBytes               *bytes,
                                               GPtrArray            *administrators,
                                               GError              **error)
                                               G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssWanted, iss_wanted_free)

G_END_DECLS
