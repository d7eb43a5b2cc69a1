/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/wanted.h"

G_BEGIN_DECLS

/* Of two administrators who decide at once one wins: what the other one is told. */

char  *iss_global_rival_dup_text  (const IssWanted    *won,
                                   const IssManifest  *lost,
                                   GTimeZone          *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
