/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/demo.h"

G_BEGIN_DECLS

/* What is in the demo's folder: for demo.c alone. */

#define ISS_DEMO_CONTENT_VERSION 1

gboolean  iss_demo_content_make  (const IssDemoSpec  *spec,
                                  const char         *folder,
                                  const char         *becomes,
                                  gint64             *out_valid_from,
                                  gint64             *out_expires,
                                  GError            **error);

extern const char *const iss_demo_content_names[];   /* in the folder, NULL-terminated */
extern const char *const iss_demo_content_files[];   /* in its "files", NULL-terminated */

G_END_DECLS
