/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/certificate.h"

G_BEGIN_DECLS

/* The folder in which an administrator's key is, and its certificate beside it. The calls block. */

char      *iss_administrator_folder_dup_key_path          (const char      *folder)
                                                           G_GNUC_WARN_UNUSED_RESULT;
char      *iss_administrator_folder_dup_certificate_path  (const char      *folder)
                                                           G_GNUC_WARN_UNUSED_RESULT;

GBytes    *iss_administrator_folder_read                  (const char      *folder,
                                                           GError         **error)
                                                           G_GNUC_WARN_UNUSED_RESULT;
gboolean   iss_administrator_folder_check_none            (const char      *folder,
                                                           GError         **error);
gboolean   iss_administrator_folder_write                 (const char      *folder,
                                                           IssCertificate  *certificate,
                                                           GBytes          *key,
                                                           GError         **error);

G_END_DECLS
