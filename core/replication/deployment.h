/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/replica.h"

G_BEGIN_DECLS

/* A package on a server, in two steps: it is accepted, once and for all; then it is acted
 * upon, as often as necessary. With the writers' lock. */

/**
 * IssDelivery:
 *
 * What became of a package that was delivered.
 */
typedef enum
{
  ISS_DELIVERY_ACCEPTED,   /* it is to be deployed */
  ISS_DELIVERY_KNOWN       /* it is the one that was accepted before: nothing is changed */
} IssDelivery;

gboolean  iss_deployment_accept   (IssRootFolder             *root,
                                   GBytes                    *bytes,
                                   const IssCertificateType  *type,
                                   const char                *who,
                                   gint64                     now,
                                   IssDelivery               *out_delivery,
                                   GError                   **error);
/* a package that is refused before iss_deployment_accept() is asked */
void      iss_deployment_refuse   (IssRootFolder             *root,
                                   const IssCertificateType  *type,
                                   const char                *who,
                                   gint64                     now,
                                   const GError              *reason);
gboolean  iss_deployment_run      (IssRootFolder             *root,
                                   const IssCertificateType  *type,
                                   const char                *who,
                                   gint64                     now,
                                   GError                   **error);
gboolean  iss_deployment_arm      (IssRootFolder             *root,
                                   GBytes                    *statement,
                                   const IssCertificateType  *type,
                                   const char                *who,
                                   gint64                     now,
                                   GError                   **error);

G_END_DECLS
