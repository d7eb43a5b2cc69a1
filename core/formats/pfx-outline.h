/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

/* How a part is encrypted, as far as it matters to those who are to open it. */
typedef enum
{
  ISS_PFX_SCHEME_CLEAR,         /* it is not */
  ISS_PFX_SCHEME_TRIPLEDES,     /* with SHA-1, as of old (RFC 7292 appendix C) */
  ISS_PFX_SCHEME_OLD,           /* RC2, RC4, DES: OpenSSL keeps them apart */
  ISS_PFX_SCHEME_AES,           /* PBES2 with PBKDF2 (RFC 8018) */
  ISS_PFX_SCHEME_OTHER,         /* PBES2 with another cipher or scrypt */
  ISS_PFX_SCHEME_MISNAMED,      /* PBES2 with a key that is too long or short for its cipher */
  ISS_PFX_SCHEME_GROUP,         /* for a public key or a Windows group, not for a password */
  ISS_PFX_SCHEME_UNKNOWN
} IssPfxScheme;

typedef struct
{
  gboolean      is_key;         /* one private key; else a part with any number of bags */
  IssPfxScheme  scheme;
  char         *algorithm;      /* "AES-256-CBC, PBKDF2 with HMAC-SHA-256"; "" if it is clear */
  guint64       rounds;         /* 0 = none, or not a number */
  gboolean      needs_legacy;   /* OpenSSL 3 has its cipher in another provider */
} IssPfxOutlinePart;

/**
 * IssPfxOutline:
 *
 * What can be said of a PFX file without its password.
 */
typedef struct
{
  gboolean      is_signed;      /* sealed with somebody's key, in place of a MAC */
  gboolean      is_whole;       /* all of it could be walked */
  IssIntegrity  integrity;
  char         *digest;         /* (nullable): of the MAC, "SHA-256" */
  gboolean      is_sha1;        /* and whether that is SHA-1 */
  guint64       rounds;         /* of the MAC; 0 = none, or not a number */
  GPtrArray    *parts;          /* of IssPfxOutlinePart: what is encrypted, and what is clear */

  guint         n_certificates; /* in clear */
  guint         n_keys;         /* in clear */
  guint         n_shrouded;     /* encrypted private keys that can be counted */
  guint         n_encrypted;    /* parts of which the bags cannot be counted */
} IssPfxOutline;

IssPfxOutline *iss_pfx_outline_read           (GBytes              *bytes)
                                               G_GNUC_WARN_UNUSED_RESULT;
void           iss_pfx_outline_free           (IssPfxOutline       *self);

gboolean       iss_pfx_outline_has            (const IssPfxOutline *self,
                                               IssPfxScheme         scheme);
gboolean       iss_pfx_outline_needs_legacy   (const IssPfxOutline *self);
guint64        iss_pfx_outline_get_max_rounds (const IssPfxOutline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssPfxOutline, iss_pfx_outline_free)

G_END_DECLS
