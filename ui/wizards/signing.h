/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/administrator.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

#define ISS_TYPE_SIGNING (iss_signing_get_type ())

/* What a wizard signs with: the administrator, once his key was unlocked. */
G_DECLARE_FINAL_TYPE (IssSigning, iss_signing, ISS, SIGNING, GObject)

IssSigning        *iss_signing_new              (IssWorkspace         *workspace)
                                                 G_GNUC_WARN_UNUSED_RESULT;

const char        *iss_signing_get_key_folder   (IssSigning           *self);
/* (nullable): there is no key yet */
IssAdministrator  *iss_signing_get_administrator (IssSigning          *self);
/* (nullable): the key is there, but damaged */
const GError      *iss_signing_get_error        (IssSigning           *self);

/* Makes the key if there is none. */
void               iss_signing_unlock_async     (IssSigning           *self,
                                                 IssSecret            *passphrase,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean           iss_signing_unlock_finish    (IssSigning           *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);

/* (nullable) until it is unlocked */
IssPrivateKey     *iss_signing_get_key          (IssSigning           *self);
IssCertificate    *iss_signing_get_certificate  (IssSigning           *self);

G_END_DECLS
