/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/global-assign.h"
#include "core/pool/workspace.h"

G_BEGIN_DECLS

/* What is agreed is what is assigned globally; written down here it is known without the central
 * store, too. */
gboolean  iss_global_agreement_record  (IssWorkspace            *workspace,
                                        IssPool                 *pool,
                                        const IssGlobalOutcome  *outcome,
                                        const char              *who,
                                        GError                 **error);

G_END_DECLS
