/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"

G_BEGIN_DECLS

/* Beside the topology file: where the administrator's key is kept. */
#define ISS_ADMINISTRATOR_FOLDER "administrator"

#define ISS_ADMINISTRATOR_MAX_NAME 64   /* RFC 5280: ub-common-name */

#define ISS_TYPE_ADMINISTRATOR (iss_administrator_get_type ())

G_DECLARE_FINAL_TYPE (IssAdministrator, iss_administrator, ISS, ADMINISTRATOR, GObject)

IssAdministrator *iss_administrator_open            (const char           *folder,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;
IssAdministrator *iss_administrator_make            (const char           *folder,
                                                     const char           *name,
                                                     IssSecret            *passphrase,
                                                     gint64                now,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;
void              iss_administrator_make_async      (const char           *folder,
                                                     const char           *name,
                                                     IssSecret            *passphrase,
                                                     gint64                now,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
IssAdministrator *iss_administrator_make_finish     (GAsyncResult         *result,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

/* a key that is in a token already; blocks */
IssAdministrator *iss_administrator_adopt           (const char           *folder,
                                                     IssCertificate       *certificate,
                                                     const char           *key_uri,
                                                     IssSecret            *pin,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

IssCertificate   *iss_administrator_get_certificate (IssAdministrator     *self);
const char       *iss_administrator_get_name        (IssAdministrator     *self);
const char       *iss_administrator_get_key_path    (IssAdministrator     *self);
/* (nullable): where it is, if not in that file */
const char       *iss_administrator_get_key_uri     (IssAdministrator     *self);
const char       *iss_administrator_get_certificate_path (IssAdministrator *self);

IssPrivateKey    *iss_administrator_unlock          (IssAdministrator     *self,
                                                     IssSecret            *passphrase,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;
void              iss_administrator_unlock_async    (IssAdministrator     *self,
                                                     IssSecret            *passphrase,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
IssPrivateKey    *iss_administrator_unlock_finish   (IssAdministrator     *self,
                                                     GAsyncResult         *result,
                                                     GError              **error)
                                                     G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
