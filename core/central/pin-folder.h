/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder that nobody else writes to, with a file for each pool: the signed set of those whom
 * this administrator believes. The calls block. */

char      *iss_pin_folder_dup_name  (const char  *pool) G_GNUC_WARN_UNUSED_RESULT;

gboolean   iss_pin_folder_read      (const char  *folder,
                                     const char  *pool,
                                     GBytes     **out_message,
                                     GError     **error);
gboolean   iss_pin_folder_write     (const char  *folder,
                                     const char  *pool,
                                     GBytes      *message,
                                     GError     **error);
void       iss_pin_folder_restore   (const char  *folder,
                                     const char  *pool,
                                     GBytes      *pinned);

G_END_DECLS
