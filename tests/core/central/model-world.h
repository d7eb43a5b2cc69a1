/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/certificate/private-key.h"
#include "core/replication/deployment.h"
#include "tests/lib/server-folder.h"

G_BEGIN_DECLS

#define ISS_MODEL_SERVERS 5
#define ISS_MODEL_CERTIFICATES 4
#define ISS_MODEL_POOL "pool01.contoso.example"
#define ISS_MODEL_NOW ISS_SERVER_FOLDER_NOW

/* What is built wrongly on purpose, to see that the checks find it. */
typedef enum
{
  ISS_MODEL_BUG_NONE,
  ISS_MODEL_BUG_ARMS_UNREADY,      /* armed as soon as one server is ready */
  ISS_MODEL_BUG_CANCELS_AT_ONCE,   /* what was armed is taken out without holding it first */
  ISS_MODEL_BUG_FORGETS,           /* a server that starts anew takes what it has refused */
} IssModelBug;

/* What comes between an operation and its end. */
typedef enum
{
  ISS_MODEL_TROUBLE_NONE,
  ISS_MODEL_TROUBLE_KILL,
  ISS_MODEL_TROUBLE_FULL,
} IssModelTrouble;

/**
 * IssModelServer:
 *
 * A server: its disk, its clock, and whether it can be reached.
 */
typedef struct
{
  char           *name;
  IssRootFolder  *root;
  IssCertificate *recipient;
  gint64          skew;        /* of its clock */
  gboolean        stopped;     /* SIGSTOP: it does nothing until it goes on */
  gboolean        cut_off;     /* nothing reaches it, but its agent runs */
  gboolean        is_touched;  /* its disk may have changed since it was last looked at */
} IssModelServer;

/**
 * IssModelMessage:
 *
 * What was sent to a server, and may arrive now, later, twice or never.
 */
typedef struct
{
  guint   server;
  GBytes *bytes;
  gboolean arms;
} IssModelMessage;

/**
 * IssModelWorld:
 *
 * Five servers, a central store on a disk, an administrator, and everything that goes wrong.
 */
typedef struct
{
  GRand                    *random;
  IssModelBug               bug;
  const IssCertificateType *type;
  IssServerFolder          *source;         /* makes what there is of certificates */
  IssTempFolder            *folder;
  IssModelServer            servers[ISS_MODEL_SERVERS];
  IssCertificate           *certificates[ISS_MODEL_CERTIFICATES];
  IssPrivateKey            *keys[ISS_MODEL_CERTIFICATES];
  IssCertificate           *admin;
  IssPrivateKey            *admin_key;
  IssCentralStore          *store;
  GArray                   *messages;       /* IssModelMessage: everything that was ever sent */
  gint64                    now;            /* the administrator's clock */
  guint                     n_killed;
  guint                     n_full;
  guint                     n_lost;         /* decisions that another one overtook */
} IssModelWorld;

/* what makes certificates; it costs seconds, so several worlds share it */
IssModelWorld   *iss_model_world_new        (guint                  seed,
                                             IssServerFolder       *source,
                                             IssModelBug            bug)
                                             G_GNUC_WARN_UNUSED_RESULT;
void             iss_model_world_free       (IssModelWorld         *self);

gboolean         iss_model_world_is_chance  (IssModelWorld         *self,
                                             guint                  percent);
guint            iss_model_world_pick       (IssModelWorld         *self,
                                             guint                  n);
IssModelTrouble  iss_model_world_pick_trouble (IssModelWorld       *self);
IssWanted       *iss_model_world_get_wanted (IssModelWorld         *self)
                                             G_GNUC_WARN_UNUSED_RESULT;

/* what an administrator, the replicator, the network and the servers do */
gboolean         iss_model_world_decide     (IssModelWorld         *self,
                                             const IssTransition   *change,
                                             IssCertificate        *certificate,
                                             IssModelTrouble        trouble);
void             iss_model_world_replicate  (IssModelWorld         *self,
                                             gboolean               is_perfect);
void             iss_model_world_deliver    (IssModelWorld         *self,
                                             const IssModelMessage *message,
                                             guint                  server,
                                             IssModelTrouble        trouble);
void             iss_model_world_run_tasks  (IssModelWorld         *self,
                                             guint                  server,
                                             IssModelTrouble        trouble);
void             iss_model_world_restart    (IssModelWorld         *self,
                                             guint                  server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssModelWorld, iss_model_world_free)

G_END_DECLS
