/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store/root-folder.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_TOKEN_TRIAL_NONE   = 0,   /* values cross the wire: it could not be tried */
  ISS_TOKEN_TRIAL_SIGNED = 1,   /* the key signed now, and matches */
  ISS_TOKEN_TRIAL_FAILED = 2    /* it is gone, is another one, or does not sign */
} IssTokenTrial;

/**
 * IssTokenCheck:
 *
 * What is known of a certificate's key that is in a token.
 */
typedef struct
{
  IssTokenTrial  trial;
  gint64         proved;   /* when it signed last before that, seconds since 1970; 0: never */
  char          *reason;   /* why not; "" */
} IssTokenCheck;

IssTokenCheck  *iss_token_check_new      (IssTokenTrial         trial,
                                          gint64                proved,
                                          const char           *reason) G_GNUC_WARN_UNUSED_RESULT;
void            iss_token_check_free     (IssTokenCheck        *self);

/* agent; has the token sign, with the server's own PIN if it has one */
IssTokenCheck  *iss_token_check_make     (IssRootFolder        *root,
                                          const char           *sha256_hex,
                                          gint64                now,
                                          gboolean             *patient) G_GNUC_WARN_UNUSED_RESULT;

gboolean        iss_token_check_matches  (const IssTokenCheck  *self);
char           *iss_token_check_dup_text (const IssTokenCheck  *self,
                                          GTimeZone            *zone) G_GNUC_WARN_UNUSED_RESULT;

/* Checks by the SHA-256 of their certificates, GBytes: floating on the one side, checked on the
 * other */
#define ISS_TOKEN_CHECK_TYPE "a(ayuxs)"

GVariant       *iss_token_check_write_all (GHashTable          *checks);
gboolean        iss_token_check_read_all  (GVariant            *list,
                                           GHashTable          *checks);

G_END_DECLS
