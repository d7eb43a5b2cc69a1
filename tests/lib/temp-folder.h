/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * IssTempFolder:
 *
 * An empty folder of the test's own, which goes with everything in it when it is freed.
 */
typedef struct _IssTempFolder IssTempFolder;

IssTempFolder *iss_temp_folder_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void           iss_temp_folder_free        (IssTempFolder *self);

const char    *iss_temp_folder_get_path    (IssTempFolder *self);
char          *iss_temp_folder_dup_path    (IssTempFolder *self,
                                            const char    *name) G_GNUC_WARN_UNUSED_RESULT;
char          *iss_temp_folder_write       (IssTempFolder *self,
                                            const char    *name,
                                            gconstpointer  data,
                                            gssize         size);
char          *iss_temp_folder_read        (IssTempFolder *self,
                                            const char    *name,
                                            gsize         *out_size) G_GNUC_WARN_UNUSED_RESULT;
char          *iss_temp_folder_dup_listing (IssTempFolder *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssTempFolder, iss_temp_folder_free)

G_END_DECLS
