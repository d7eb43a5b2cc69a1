/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where Issuant's programs are: beside each other in a build tree, else where
 * they were installed. */

char  *iss_programs_find  (const char  *own_path,
                           const char  *installed_folder,
                           const char  *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
