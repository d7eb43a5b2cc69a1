/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/maker.h"
#include "core/store/root-folder.h"
#include "tests/lib/temp-folder.h"

G_BEGIN_DECLS

#define ISS_SERVER_FOLDER_NOW 1814313600    /* 2027-06-30T00:00:00Z */
#define ISS_SERVER_FOLDER_YEAR (365 * 24 * 3600)

/**
 * IssServerFolder:
 *
 * A server's folder on the disk, which trusts one authority ("Contoso Root")
 * and knows the one below it ("Contoso Issuing CA"), which issues certificates.
 */
typedef struct
{
  IssTempFolder  *folder;
  IssRootFolder  *root;
  IssMaker       *maker;
  IssCertificate *authority;
  IssPrivateKey  *authority_key;
  IssCertificate *issuing;
  IssPrivateKey  *issuing_key;
} IssServerFolder;

IssServerFolder *iss_server_folder_new  (void) G_GNUC_WARN_UNUSED_RESULT;
void             iss_server_folder_free (IssServerFolder  *self);

IssCertificate  *iss_server_folder_make (IssServerFolder  *self,
                                         const char       *name,
                                         const char       *dns_name,
                                         IssPrivateKey   **out_key) G_GNUC_WARN_UNUSED_RESULT;
IssCertificate  *iss_server_folder_hold (IssServerFolder  *self,
                                         const char       *name,
                                         const char       *dns_name) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssServerFolder, iss_server_folder_free)

G_END_DECLS
