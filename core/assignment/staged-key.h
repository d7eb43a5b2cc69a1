/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In a made folder: a second name of the key's own file, so that it is as reachable there as it
 * will be once it is current. No service looks for it. */
#define ISS_STAGED_KEY_NAME ".staged-privkey.pem"

/**
 * IssStagedKey:
 *
 * Whether the account of a service can read the private key that is staged, before the roll.
 */
typedef struct
{
  gboolean  is_there;      /* one is staged, and in a file */
  guint64   inode;         /* of its file */
  guint64   permissions;   /* of owner, mode and ACL, all in one number */

  gint64    tried;         /* when it was tried; 0 = not, and the rest is by permissions */
  gboolean  readable;
  char     *why_not;       /* (nullable): and what to do, without full stop, when it is not */
  gboolean  grantable;     /* to allow it with set-key-access is what is to be done */
} IssStagedKey;

void      iss_staged_key_look         (IssStagedKey        *self,
                                       int                  folder);
void      iss_staged_key_clear        (IssStagedKey        *self);

void      iss_staged_key_take_trial   (IssStagedKey        *self,
                                       const IssStagedKey  *before);
void      iss_staged_key_set          (IssStagedKey        *self,
                                       gint64               tried,
                                       const char          *why_not,
                                       gboolean             grantable);

/* In the record of a reload, and in an observation. */
void      iss_staged_key_write        (const IssStagedKey  *self,
                                       GKeyFile            *file,
                                       const char          *group);
gboolean  iss_staged_key_read         (IssStagedKey        *self,
                                       GKeyFile            *file,
                                       const char          *group);
void      iss_staged_key_insert       (const IssStagedKey  *self,
                                       GVariantDict        *dict);
gboolean  iss_staged_key_lookup       (IssStagedKey        *self,
                                       GVariant            *variant);

G_END_DECLS
