/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* Whole files in one folder, given by a descriptor: written whole or not at
 * all, and durable when the function returns. Names are single components. */

gboolean  iss_atomic_file_create  (int           folder,
                                   const char   *name,
                                   gconstpointer data,
                                   gsize         size,
                                   mode_t        mode,
                                   GError      **error);
gboolean  iss_atomic_file_replace (int           folder,
                                   const char   *name,
                                   gconstpointer data,
                                   gsize         size,
                                   mode_t        mode,
                                   GError      **error);
gboolean  iss_atomic_file_link    (int           folder,
                                   const char   *name,
                                   const char   *target,
                                   GError      **error);
gboolean  iss_atomic_file_remove  (int           folder,
                                   const char   *name,
                                   GError      **error);
GBytes   *iss_atomic_file_read    (int           folder,
                                   const char   *name,
                                   gsize         limit,
                                   GError      **error) G_GNUC_WARN_UNUSED_RESULT;
int       iss_atomic_file_open_folder (int         parent,
                                       const char *name,
                                       mode_t      mode,
                                       GError    **error);
void      iss_atomic_file_sweep   (int           folder);

G_END_DECLS
