/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/trash-entry.h"

G_BEGIN_DECLS

/* What was deleted from the stores of one server and can still be restored:
 * trash/<seconds>-<SHA-256>/, for 30 days. Any number of certificates goes in or comes back
 * at once, by one rename; mending finishes what a crash has cut off after that rename and
 * takes back what it has cut off before. */

#define ISS_TRASH_SECONDS (30 * 24 * 60 * 60)
#define ISS_TRASH_MAX_AT_ONCE 1000

gboolean    iss_trash_mend      (IssRootFolder       *root,
                                 GError             **error);
/* ids of the entries, in the order of the certificates */
char      **iss_trash_put       (IssRootFolder       *root,
                                 IssStoreName         store,
                                 const char *const   *sha256_hex,
                                 gint64               now,
                                 const char          *who,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* IssTrashEntry, newest first */
GPtrArray  *iss_trash_list      (IssRootFolder       *root,
                                 guint                max,
                                 guint               *out_n_all,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* IssTrashEntry: what is back */
GPtrArray  *iss_trash_restore   (IssRootFolder       *root,
                                 const char *const   *ids,
                                 gboolean             what_if,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* IssTrashEntry: what went for good */
GPtrArray  *iss_trash_purge     (IssRootFolder       *root,
                                 GHashTable          *kept,
                                 gint64               now,
                                 GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* the earliest instant after @after at which there is something to purge; 0 = there is none */
gint64      iss_trash_get_next_purge (IssRootFolder  *root,
                                 GHashTable          *kept,
                                 gint64               after);

G_END_DECLS
