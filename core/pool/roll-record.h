/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/private-key.h"
#include "core/pool/run-sheet.h"

G_BEGIN_DECLS

/* A run sheet that is kept: what was seen, by whom, and with what anybody can see again that it is
 * true: the servers' proofs, and the ends of their logs.
 *
 * The file is text, then the administrator's signature of it (core/formats/signed-data.h) with the
 * same text inside, in PEM: it is read without a program, verified with one, and what was changed
 * is found by the line. The text is a key file (as GLib reads it) whose first group is
 * [issuant-roll-record]. */

#define ISS_ROLL_RECORD_FORMAT 1
#define ISS_ROLL_RECORD_MAX_SIZE (4 * 1024 * 1024)

/* of the file: the text twice, once of them in base64, and the signature */
#define ISS_ROLL_RECORD_MAX_FILE (3 * ISS_ROLL_RECORD_MAX_SIZE)

#define ISS_ROLL_RECORD_GROUP "issuant-roll-record"
#define ISS_ROLL_RECORD_BEGIN "-----BEGIN CMS-----"
#define ISS_ROLL_RECORD_END "-----END CMS-----"

char    *iss_roll_record_write    (IssRunSheet     *sheet,
                                   const char      *by,
                                   const char      *program) G_GNUC_WARN_UNUSED_RESULT;
GBytes  *iss_roll_record_sign     (const char      *text,
                                   IssCertificate  *signer,
                                   IssPrivateKey   *key,
                                   gint64           at,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean iss_roll_record_save     (GBytes          *file,
                                   const char      *path,
                                   gboolean         replace,
                                   GError         **error);
GBytes  *iss_roll_record_load     (const char      *path,
                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;
/* the file that these make */
GBytes  *iss_roll_record_join     (GBytes          *text,
                                   GBytes          *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
