/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/formats/bundle.h"

G_BEGIN_DECLS

typedef enum
{
  ISS_PFX_PROFILE_AES256_SHA256,    /* Windows 10 1709, Server 2019 and later */
  ISS_PFX_PROFILE_TRIPLEDES_SHA1    /* every Windows */
} IssPfxProfile;

GBytes  *iss_pfx_writer_write      (IssBundle      *bundle,
                                    IssPfxProfile   profile,
                                    IssSecret      *password,
                                    GError        **error) G_GNUC_WARN_UNUSED_RESULT;
/* privacy: certificates encrypted, too */
GBytes  *iss_pfx_writer_write_with (IssBundle      *bundle,
                                    IssPfxProfile   profile,
                                    gboolean        privacy,
                                    guint           rounds,   /* 0: of the profile */
                                    IssSecret      *password,
                                    GError        **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
