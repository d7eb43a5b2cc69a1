/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ISS_TYPE_ROOT_FOLDER (iss_root_folder_get_type ())

/* The folder that holds everything of one server (DESIGN: On a server's disk),
 * by descriptor, with its writers' lock. */
G_DECLARE_FINAL_TYPE (IssRootFolder, iss_root_folder, ISS, ROOT_FOLDER, GObject)

IssRootFolder *iss_root_folder_open        (const char     *path,
                                            gboolean        create,
                                            GError        **error) G_GNUC_WARN_UNUSED_RESULT;

const char    *iss_root_folder_get_path    (IssRootFolder  *self);
/* random, made once, kept in the folder */
const char    *iss_root_folder_get_server_id (IssRootFolder *self);
/* the CA bundle behind "authroot" */
const char    *iss_root_folder_get_system_bundle (IssRootFolder *self);
void           iss_root_folder_set_system_bundle (IssRootFolder *self,
                                            const char     *path);
int            iss_root_folder_get_fd      (IssRootFolder  *self);
int            iss_root_folder_open_folder (IssRootFolder  *self,
                                            const char     *relative,
                                            GError        **error);

/* One holder at a time, in this process or any other. try_lock fails at once
 * with ISS_ERROR_BUSY, naming the holder and since when. */
gboolean       iss_root_folder_try_lock    (IssRootFolder  *self,
                                            const char     *who,
                                            gint64          now,
                                            GError        **error);
void           iss_root_folder_unlock      (IssRootFolder  *self);

G_END_DECLS
