/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * IssDemoSpec:
 *
 * Which demo pool to make. Everything borrowed.
 */
typedef struct
{
  const char  *folder;    /* becomes topology.conf, fe01 … fe03, files */
  const char  *seed;      /* the same seed and instant give the same bytes */
  gint64       at;        /* the instant the certificates are made around */
  gboolean     reset;     /* start anew */
} IssDemoSpec;

/* The demo pool: pool01.contoso.example with fe01 to fe03, a demo CA, real
 * certificates, keys and PFX files. Made once; mended when its certificates
 * have aged. Never touches a folder that is not a demo. */

gboolean   iss_demo_prepare         (const IssDemoSpec  *spec,
                                     gboolean           *out_made,
                                     GError            **error);
char      *iss_demo_dup_topology    (const char         *folder) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
