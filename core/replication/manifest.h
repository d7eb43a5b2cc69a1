/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignment.h"
#include "core/certificate/certificate.h"

G_BEGIN_DECLS

#define ISS_MANIFEST_MAX_NAME 255     /* characters of a pool, a server */
#define ISS_MANIFEST_MAX_CHAIN 10
#define ISS_MANIFEST_MAX_CERTIFICATE (64 * 1024)
#define ISS_MANIFEST_TYPE "(sssta(yayayaay)xxssb)"

/**
 * IssManifest:
 *
 * What one certificate type shall use on the servers of a pool, whole: not a change but the
 * state, so that a server that slept through some of them needs only the last.
 */
typedef struct
{
  char                     *pool;
  char                     *server;        /* a server's id; "" = the pool's own copy */
  const IssCertificateType *type;
  guint64                   revision;      /* counts changes of this type in this pool */

  IssCertificate           *slot[ISS_N_SLOTS];    /* (nullable) */
  GPtrArray                *chain[ISS_N_SLOTS];   /* IssCertificate: its issuers, nearest first */
  gint64                    current_since; /* 0 = when the server makes it current */

  /* Of the staged one. */
  gint64                    staged_at;     /* the roll's instant; 0 = none is staged */
  char                     *staged_typed;  /* (nullable) */
  char                     *staged_zone;   /* (nullable) */
  gboolean                  held;          /* it rolls only when it is armed */
} IssManifest;

IssManifest  *iss_manifest_new          (const char                *pool,
                                         const char                *server,
                                         const IssCertificateType  *type,
                                         guint64                    revision)
                                         G_GNUC_WARN_UNUSED_RESULT;
IssManifest  *iss_manifest_copy         (const IssManifest         *self) G_GNUC_WARN_UNUSED_RESULT;
void          iss_manifest_free         (IssManifest               *self);

void          iss_manifest_set_slot     (IssManifest               *self,
                                         IssSlot                    slot,
                                         IssCertificate            *certificate,
                                         GPtrArray                 *chain);
gboolean      iss_manifest_is_empty     (const IssManifest         *self);
/* whether the slot's private key goes along */
gboolean      iss_manifest_needs_key    (const IssManifest         *self,
                                         IssSlot                    slot);

GVariant     *iss_manifest_encode       (const IssManifest         *self) G_GNUC_WARN_UNUSED_RESULT;
IssManifest  *iss_manifest_decode       (GVariant                  *variant,
                                         GError                   **error)
                                         G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssManifest, iss_manifest_free)

G_END_DECLS
