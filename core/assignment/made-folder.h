/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"

G_BEGIN_DECLS

/* What live/.made/<type>-<revision> must hold for one assignment: the files
 * that the services of a server read. Made under another name, then renamed. */
typedef struct _IssMadeFolder IssMadeFolder;

/* How the names of what is half made, or on its way out, begin. */
#define ISS_MADE_FOLDER_TEMPORARY ".tmp-"

IssMadeFolder *iss_made_folder_new       (IssRootFolder        *root,
                                          const IssAssignment  *assignment,
                                          gint64                now,
                                          GError              **error) G_GNUC_WARN_UNUSED_RESULT;
void           iss_made_folder_free      (IssMadeFolder        *self);

const char    *iss_made_folder_get_name  (IssMadeFolder        *self);   /* "OAuthTokenIssuer-3" */

gboolean       iss_made_folder_is_right  (IssMadeFolder        *self,
                                          int                   parent);
gboolean       iss_made_folder_make      (IssMadeFolder        *self,
                                          int                   parent,
                                          gint64                now,
                                          GError              **error);

void           iss_made_folder_sweep     (int                   parent,
                                          GHashTable           *kept,
                                          GPtrArray            *reloads,
                                          gint64                now);
gint64         iss_made_folder_get_next_sweep
                                         (int                   parent,
                                          GHashTable           *kept,
                                          GPtrArray            *reloads,
                                          gint64                after);

char          *iss_made_folder_dup_temporary_name (void) G_GNUC_WARN_UNUSED_RESULT;
/* (element-type utf8) (nullable) */
GPtrArray     *iss_made_folder_list      (int                   folder) G_GNUC_WARN_UNUSED_RESULT;

gboolean       iss_made_folder_read_revision (int                        folder,
                                              const IssCertificateType  *type,
                                              guint64                   *out_revision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssMadeFolder, iss_made_folder_free)

G_END_DECLS
