/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-store.h"
#include "core/central/global-plan.h"
#include "core/pool/pool.h"

G_BEGIN_DECLS

/**
 * IssGlobalRequest:
 *
 * What an administrator decides for a type on every server of a pool. Everything borrowed.
 */
typedef struct
{
  IssCentralStore           *store;
  IssPool                   *pool;
  const IssCertificateType  *type;
  IssCertificate            *signer;
  IssPrivateKey             *signer_key;     /* (nullable) if what_if */
  gint64                     now;

  /* (nullable): nothing is to be different, but servers that have no package are to get one */
  const IssTransition       *change;
  gboolean                   anew;           /* without a change: signed as the next revision */
  IssCertificate            *certificate;    /* (nullable) */
  GPtrArray                 *chain;          /* (nullable) */
  IssPrivateKey             *key;            /* (nullable): a server has it */
  const char *const         *excepted;       /* (nullable): as before, or nobody */
  gboolean                   force;
  gboolean                   what_if;
} IssGlobalRequest;

/**
 * IssGlobalOutcome:
 *
 * What was decided, and who gets it.
 */
typedef struct
{
  IssManifest  *manifest;
  /* It was armed: the servers hold it first. When they were seen to, the same request cancels. */
  gboolean      only_holds;
  char        **served;       /* names of servers with a package */
  char        **unserved;     /* "fe03: it is not enrolled", translated */
} IssGlobalOutcome;

void               iss_global_assign_async   (const IssGlobalRequest  *request,
                                              GCancellable            *cancellable,
                                              GAsyncReadyCallback      callback,
                                              gpointer                 user_data);
IssGlobalOutcome  *iss_global_assign_finish  (GAsyncResult            *result,
                                              GError                 **error)
                                              G_GNUC_WARN_UNUSED_RESULT;
void               iss_global_outcome_free   (IssGlobalOutcome        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssGlobalOutcome, iss_global_outcome_free)

G_END_DECLS
