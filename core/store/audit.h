/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* audit.jsonl: one line a change, each with the SHA-256 of the line before it,
 * on the disk before the change is acknowledged. */

/* details: name, value, name, value, …, NULL */
gboolean  iss_audit_append  (IssRootFolder      *root,
                             gint64              now,
                             const char         *who,
                             const char         *what,
                             const char *const  *details,
                             GError            **error);
gboolean  iss_audit_verify  (IssRootFolder      *root,
                             guint              *out_n_lines,
                             guint              *out_n_torn,
                             GError            **error);

G_END_DECLS
