/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"

G_BEGIN_DECLS

/**
 * IssLiveState:
 *
 * Which made folder live/ shows for a type. A folder that was made anew for the same revision
 * is another one, by its inode.
 */
typedef struct
{
  guint64 revision;   /* 0: nothing is published */
  guint64 inode;
  gint64  since;      /* when the folder was made */
} IssLiveState;

/* descriptor of the made folder, -1 on error */
int       iss_live_state_open    (int                        root,
                                  const IssCertificateType  *type,
                                  IssLiveState              *out_state,
                                  GError                   **error);
gboolean  iss_live_state_is_same (const IssLiveState        *self,
                                  const IssLiveState        *other);

G_END_DECLS
