/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A span of DER that somebody else owns. Copy it freely. */
typedef struct
{
  const guint8 *data;
  gsize         size;
} IssDerWalk;

gboolean  iss_der_walk_next       (IssDerWalk       *self,
                                   guint8           *out_tag,
                                   IssDerWalk       *out_content);
gboolean  iss_der_walk_expect     (IssDerWalk       *self,
                                   guint8            tag,
                                   IssDerWalk       *out_content);
gboolean  iss_der_walk_time       (guint8            tag,
                                   const IssDerWalk *content,
                                   gint64           *out_instant);
char     *iss_der_walk_string     (guint8            tag,
                                   const IssDerWalk *content,
                                   gsize             max_characters) G_GNUC_WARN_UNUSED_RESULT;
char     *iss_der_walk_oid        (const IssDerWalk *content) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
