/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"

G_BEGIN_DECLS

/**
 * IssChainStatus:
 *
 * Why a chain, or one link of it, is or is not trusted. The values cross the wire.
 */
typedef enum
{
  ISS_CHAIN_STATUS_TRUSTED,
  ISS_CHAIN_STATUS_UNTRUSTED_ROOT,      /* complete, but its root is in no trusted store */
  ISS_CHAIN_STATUS_INCOMPLETE,          /* an issuer was not found */
  ISS_CHAIN_STATUS_EXPIRED,             /* the certificate or one above it */
  ISS_CHAIN_STATUS_NOT_YET_VALID,
  ISS_CHAIN_STATUS_DISTRUSTED,          /* a link is in the Untrusted store */
  ISS_CHAIN_STATUS_BAD_SIGNATURE,
  ISS_CHAIN_STATUS_MAY_NOT_ISSUE,       /* a link is no authority, or not for so long a chain */
  ISS_CHAIN_STATUS_OTHER,
  ISS_CHAIN_N_STATUSES
} IssChainStatus;

#define ISS_TYPE_CHAIN (iss_chain_get_type ())

G_DECLARE_FINAL_TYPE (IssChain, iss_chain, ISS, CHAIN, GObject)

IssChain       *iss_chain_build         (IssCertificate  *leaf,
                                         GPtrArray       *trusted,
                                         GPtrArray       *intermediates,
                                         GPtrArray       *distrusted,
                                         gint64           now) G_GNUC_WARN_UNUSED_RESULT;

IssChainStatus  iss_chain_get_status    (IssChain        *self);
/* a sentence that names the certificate it is about */
const char     *iss_chain_get_message   (IssChain        *self);
/* (element-type IssCertificate), leaf first */
/* (transfer full) (element-type IssCertificate): nearest first, of what is in others */
GPtrArray      *iss_chain_dup_issuers   (IssCertificate  *certificate,
                                         GPtrArray       *others,
                                         guint            max,
                                         gint64           now) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray      *iss_chain_get_links     (IssChain        *self);
/* what is wrong with this link itself; TRUSTED = nothing */
IssChainStatus  iss_chain_get_link_status (IssChain      *self,
                                         guint            index);
/* (nullable): in OpenSSL's words, where there are no others */
const char     *iss_chain_get_link_reason (IssChain      *self,
                                         guint            index);

G_END_DECLS
