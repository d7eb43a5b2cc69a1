/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"

G_BEGIN_DECLS

/* live/: what the services of a server read, derived from assignments.conf.
 * Reconcile is idempotent: it makes what is missing and sweeps what is left. */

gboolean  iss_publication_reconcile     (IssRootFolder             *root,
                                         gint64                     now,
                                         GError                   **error);
gint64    iss_publication_get_next_sweep (IssRootFolder            *root,
                                         gint64                     after);
char     *iss_publication_dup_key_folder (IssRootFolder            *root,
                                         GBytes                    *spki_sha256)
                                         G_GNUC_WARN_UNUSED_RESULT;
gboolean  iss_publication_get_revision  (IssRootFolder             *root,
                                         const IssCertificateType  *type,
                                         guint64                   *out_revision);
gboolean  iss_publication_shows         (IssRootFolder             *root,
                                         const IssAssignment       *assignment,
                                         IssSlot                    slot);

G_END_DECLS
