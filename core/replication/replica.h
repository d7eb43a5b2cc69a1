/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/administrators.h"
#include "core/replication/package.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssAccepted:
 *
 * The newest package of one type that a server has accepted.
 */
typedef struct
{
  const IssCertificateType *type;
  guint64                   revision;
  char                     *sha256_hex;   /* of the package */
  gint64                    at;           /* when */
  gboolean                  deployed;     /* it was acted upon */
  gboolean                  armed;        /* what it has staged was armed */
} IssAccepted;

#define ISS_TYPE_REPLICA (iss_replica_get_type ())

/* replica/: what a server has of its own for replication: the key that packages are sealed to,
 * whose packages it takes, and how far it is. As it is on the disk at one moment. */
G_DECLARE_FINAL_TYPE (IssReplica, iss_replica, ISS, REPLICA, GObject)

IssReplica               *iss_replica_load               (IssRootFolder  *root,
                                                          GError        **error)
                                                          G_GNUC_WARN_UNUSED_RESULT;

/* (nullable) until the server is enrolled */
IssCertificate           *iss_replica_get_certificate    (IssReplica     *self);
const IssAdministrators  *iss_replica_get_administrators (IssReplica     *self);
guint                     iss_replica_get_n_accepted     (IssReplica     *self);
const IssAccepted        *iss_replica_get_accepted       (IssReplica     *self,
                                                          guint           index);
const IssAccepted        *iss_replica_find_accepted      (IssReplica     *self,
                                                          const IssCertificateType *type);
IssPrivateKey            *iss_replica_load_key           (IssReplica     *self,
                                                          GError        **error)
                                                          G_GNUC_WARN_UNUSED_RESULT;
IssPackage               *iss_replica_load_package       (IssReplica     *self,
                                                          const IssCertificateType *type,
                                                          GError        **error)
                                                          G_GNUC_WARN_UNUSED_RESULT;

/* With the writers' lock; on the disk when they return. */
gboolean                  iss_replica_enroll             (IssReplica     *self,
                                                          GError        **error);
gboolean                  iss_replica_pin                (IssReplica     *self,
                                                          GBytes         *message,
                                                          GError        **error);
gboolean                  iss_replica_accept             (IssReplica     *self,
                                                          IssPackage     *package,
                                                          gint64          now,
                                                          GError        **error);
gboolean                  iss_replica_note_deployed      (IssReplica     *self,
                                                          const IssCertificateType *type,
                                                          GError        **error);
gboolean                  iss_replica_note_armed         (IssReplica     *self,
                                                          const IssCertificateType *type,
                                                          GError        **error);

G_END_DECLS
