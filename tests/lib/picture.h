/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean iss_picture_compare (const char  *reference,
                              const char  *picture,
                              const char  *difference,
                              char       **out_report,
                              GError     **error);

G_END_DECLS
