/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"

G_BEGIN_DECLS

/* consumers/ in a server's folder: what became of the reload of each consumer, a file each. It
 * belongs to root, who writes there; the agent only reads it. */

#define ISS_RELOAD_FOLDER "consumers"

/* Descriptor; for whoever reloads, and belongs to him alone. */
int         iss_reload_folder_open   (int                  root,
                                      gboolean             create,
                                      GError             **error);
gboolean    iss_reload_folder_write  (int                  folder,
                                      const IssReload     *reload,
                                      GError             **error);
void        iss_reload_folder_sweep  (int                  folder,
                                      GPtrArray           *consumers);

/* (element-type IssReload): of each consumer that is configured */
GPtrArray  *iss_reload_folder_read   (int                  root,
                                      GPtrArray           *consumers,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* configuration included */
GPtrArray  *iss_reload_folder_look   (const char          *root_path,
                                      int                  root,
                                      GError             **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether nobody who is configured may still use the made folder of an earlier revision. */
gboolean    iss_reload_folder_may_go (GPtrArray           *reloads,
                                      const char          *type,
                                      guint64              revision);

G_END_DECLS
