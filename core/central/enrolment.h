/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/**
 * IssEnrolment:
 *
 * What an administrator has seen when a server was enrolled, and signs: whoever could change
 * it would have keys sealed to himself.
 */
typedef struct
{
  char           *pool;
  char           *server;        /* its name */
  char           *server_id;
  IssCertificate *recipient;     /* what packages for it are sealed to */
  char           *connection;    /* how it was reached */
  char           *host_key;      /* "ssh-ed25519 SHA256:…", what ssh was shown; "local"; or "" */
  gint64          at;
} IssEnrolment;

IssEnrolment  *iss_enrolment_new     (const char          *pool,
                                      const char          *server,
                                      const char          *server_id,
                                      IssCertificate      *recipient,
                                      const char          *connection,
                                      const char          *host_key,
                                      gint64               at) G_GNUC_WARN_UNUSED_RESULT;
void           iss_enrolment_free    (IssEnrolment        *self);

GBytes        *iss_enrolment_sign    (const IssEnrolment  *self,
                                      IssCertificate      *signer,
                                      IssPrivateKey       *signer_key,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;
IssEnrolment  *iss_enrolment_verify  (GBytes              *message,
                                      const char          *pool,
                                      const char          *server,
                                      GPtrArray           *administrators,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* in words */
char          *iss_enrolment_dup_seen (const IssEnrolment  *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssEnrolment, iss_enrolment_free)

G_END_DECLS
