/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/central-engine.h"

G_BEGIN_DECLS

/* The folder of the central store, beside the administrator's other data. */
#define ISS_CENTRAL_FOLDER_NAME "central"

#define ISS_TYPE_CENTRAL_FOLDER (iss_central_folder_get_type ())

/* The engine that needs nothing: a folder of the administrator's, a file a key. Several
 * administrators may share one, where its file system has locks. */
G_DECLARE_FINAL_TYPE (IssCentralFolder, iss_central_folder, ISS, CENTRAL_FOLDER, GObject)

IssCentralFolder  *iss_central_folder_new  (const char  *path,
                                            GError     **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
