/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

#define ISS_ADMINISTRATORS_MAX 32
#define ISS_ADMINISTRATORS_MAX_SIZE (256 * 1024)

/**
 * IssAdministrators:
 *
 * Who may sign packages for the servers of a pool: certificates that the servers pin. There is
 * no authority behind them and no expiry. Each change is a new set with a higher version, signed
 * by an administrator of the set before; the first by one of its own.
 */
typedef struct
{
  char      *pool;
  guint64    version;        /* from 1 */
  GPtrArray *certificates;   /* IssCertificate */
} IssAdministrators;

IssAdministrators  *iss_administrators_new      (const char         *pool,
                                                 guint64             version,
                                                 GPtrArray          *certificates)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void                iss_administrators_free     (IssAdministrators  *self);

/* administrator */
GBytes             *iss_administrators_sign     (const IssAdministrators *self,
                                                 IssCertificate     *signer,
                                                 IssPrivateKey      *signer_key,
                                                 gint64              now,
                                                 GError            **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;

/* server, and whoever reads them elsewhere; before: (nullable): what holds until then */
IssAdministrators  *iss_administrators_verify   (GBytes             *message,
                                                 const IssAdministrators *before,
                                                 GError            **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* what was verified once and is kept since */
IssAdministrators  *iss_administrators_read     (GBytes             *message,
                                                 GError            **error)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssAdministrators, iss_administrators_free)

G_END_DECLS
