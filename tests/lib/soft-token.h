/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_SOFT_TOKEN_PIN "1234"
#define ISS_SOFT_TOKEN_LABEL "issuant test"
#define ISS_SOFT_TOKEN_URI "pkcs11:token=issuant%20test"

/* Tokens of a test's own: SoftHSM in a folder, for this process and those that it starts. */
void  iss_soft_token_set_up  (IssTempFolder *folder);
void  iss_soft_token_add     (IssTempFolder *folder,
                              const char    *label);
void  iss_soft_token_import  (IssTempFolder *folder,
                              const char    *key_file,
                              const char    *label,
                              const char    *id);

G_END_DECLS
