/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssMadeKey:
 *
 * A private key in a made folder. It is not read and not copied: its own file in keys/ gets a
 * second name there (a hard link). So there is one set of permissions for both, which whoever
 * grants or withdraws access to the key changes in one place.
 */
typedef struct
{
  const char     *name;          /* in the made folder; static */
  char           *file;          /* in keys/ */
  IssCertificate *certificate;   /* owned: whose key it is */
  gboolean        is_checked;    /* it really is that certificate's */
} IssMadeKey;

IssMadeKey *iss_made_key_new      (const char      *name,
                                   IssCertificate  *certificate) G_GNUC_WARN_UNUSED_RESULT;
void        iss_made_key_free     (IssMadeKey      *self);

gboolean    iss_made_key_check    (IssMadeKey      *self,
                                   IssRootFolder   *root,
                                   GError         **error);
gboolean    iss_made_key_is_own   (IssMadeKey      *self,
                                   IssRootFolder   *root);
gboolean    iss_made_key_is_right (IssMadeKey      *self,
                                   IssRootFolder   *root,
                                   int              folder);
gboolean    iss_made_key_link     (IssMadeKey      *self,
                                   IssRootFolder   *root,
                                   int              folder,
                                   GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssMadeKey, iss_made_key_free)

G_END_DECLS
