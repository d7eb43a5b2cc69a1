/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

/* Who may read a private key, worked out from what the file system says: owner, mode, ACL, and
 * the search bits of the folders on the way. Root reads everything and is not listed. */

#define ISS_KEY_ACCESS_MAX_ACCOUNTS 64
#define ISS_KEY_ACCESS_MAX_NAME 64

/**
 * IssKeyReader:
 *
 * An account, or a group, that the key's file names.
 */
typedef struct
{
  char     *name;         /* "rtc-service"; "user 4711" when no account has the number */
  gboolean  is_group;
  gboolean  is_owner;     /* of the file: the agent's own account */
  gboolean  may_read;     /* it really could: the file's permissions and every folder's */
  char     *why_not;      /* (nullable): a sentence, when it could not */
} IssKeyReader;

typedef struct
{
  GPtrArray *readers;     /* (element-type IssKeyReader), the owner first */
  char      *path;        /* by which services reach the key: below live/ once it is published */
  gboolean   published;
  gboolean   has_acls;    /* the file system can keep them */
} IssKeyAccess;

void           iss_key_access_free    (IssKeyAccess        *self);

IssKeyAccess  *iss_key_access_read    (IssRootFolder       *root,
                                       GBytes              *spki_sha256,
                                       const char          *published,
                                       GError             **error) G_GNUC_WARN_UNUSED_RESULT;
/* names of accounts beside the owner that may really read it */
char         **iss_key_access_dup_readers (const IssKeyAccess *self) G_GNUC_WARN_UNUSED_RESULT;

/* the same of one account, in whatever group it is */
gboolean       iss_key_access_allows   (IssRootFolder       *root,
                                        GBytes              *spki_sha256,
                                        const char          *account,
                                        char               **out_why_not,
                                        gboolean            *out_grantable);
gboolean       iss_key_access_allows_file (const char       *path,
                                        const char          *account,
                                        char               **out_why_not,
                                        gboolean            *out_grantable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssKeyAccess, iss_key_access_free)

G_END_DECLS
