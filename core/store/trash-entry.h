/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"
#include "core/store/store-name.h"

G_BEGIN_DECLS

/**
 * IssTrashEntry:
 *
 * One certificate that was deleted from one store, as its folder in the trash says:
 * the certificate, what people had said about it, and where it was. Its private key
 * stays where keys are until the entry goes.
 */
typedef struct
{
  char         *id;             /* the folder's name: "<seconds>-<SHA-256>" */
  char         *sha256_hex;
  char         *issued_to;
  char         *issued_by;
  char         *friendly_name;  /* "" = none */
  char         *who;            /* who deleted it */
  IssStoreName  store;
  gint64        deleted;        /* seconds since 1970, UTC */
  gint64        not_after;
  guint8        sha256[32];
  guint8        sha1[20];
  guint8        spki_sha256[32];
  gboolean      has_key;        /* the server holds its key now */
} IssTrashEntry;

void            iss_trash_entry_free      (IssTrashEntry  *self);
gboolean        iss_trash_entry_is_id     (const char     *id);

/* Folders are given by the descriptor of the folder they are in. */
gboolean        iss_trash_entry_make      (IssRootFolder  *root,
                                           int             parent,
                                           const char     *id,
                                           IssStoreName    store,
                                           gint64          now,
                                           const char     *who,
                                           GError        **error);
IssTrashEntry  *iss_trash_entry_read      (IssRootFolder  *root,
                                           int             parent,
                                           const char     *id,
                                           GError        **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean        iss_trash_entry_take_out  (IssRootFolder  *root,
                                           int             parent,
                                           const char     *id,
                                           GError        **error);
gboolean        iss_trash_entry_put_back  (IssRootFolder  *root,
                                           int             parent,
                                           const char     *id,
                                           GError        **error);
gboolean        iss_trash_entry_is_back   (IssRootFolder  *root,
                                           int             parent,
                                           const IssTrashEntry *self,
                                           GError        **error);
gboolean        iss_trash_entry_remove    (int             parent,
                                           const char     *id,
                                           GError        **error);

/* One line of the audit record for any number of them. */
gboolean        iss_trash_entry_append_audit (IssRootFolder  *root,
                                           gint64          now,
                                           const char     *who,
                                           const char     *what,
                                           GPtrArray      *entries,
                                           GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssTrashEntry, iss_trash_entry_free)

G_END_DECLS
