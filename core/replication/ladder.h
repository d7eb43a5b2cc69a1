/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/assignments.h"
#include "core/certificate/certificate.h"
#include "core/store/key-access.h"
#include "core/store/root-folder.h"

G_BEGIN_DECLS

/**
 * IssRung:
 *
 * How far a certificate has come on one server. Each rung implies those below.
 */
typedef enum
{
  ISS_RUNG_NONE        = 0,   /* values cross the wire */
  ISS_RUNG_RECEIVED    = 1,
  ISS_RUNG_DECRYPTED   = 2,
  ISS_RUNG_IN_STORE    = 3,
  ISS_RUNG_KEY_MATCHES = 4,
  ISS_RUNG_READABLE    = 5,
  ISS_RUNG_PUBLISHED   = 6,
  ISS_RUNG_SEEN_IN_USE = 7,
  ISS_N_RUNGS
} IssRung;

const char  *iss_rung_get_name   (IssRung  self);    /* "in-store" */
const char  *iss_rung_get_label  (IssRung  self);    /* "in store", translated */

/* The highest rung that the disk of this server shows for a certificate, in a
 * slot of a type (or, with type NULL, just held). Of a key in a token the disk shows nothing. */
IssRung      iss_ladder_climb    (IssRootFolder             *root,
                                  IssAssignments            *assignments,
                                  const IssCertificateType  *type,
                                  const char                *sha256_hex,
                                  gboolean                   token_matches);

/* Who may read its key, by the path that services use. */
IssKeyAccess *iss_ladder_read_access (IssRootFolder        *root,
                                  IssCertificate            *certificate,
                                  GError                   **error) G_GNUC_WARN_UNUSED_RESULT;

/* (nullable): names of accounts that may read the key of a certificate of Personal */
char        *iss_ladder_dup_readers (IssRootFolder          *root,
                                  const char                *sha256_hex) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
