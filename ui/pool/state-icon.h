/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/overview.h"
#include "core/pool/presence.h"

G_BEGIN_DECLS

/* The symbol and the CSS class of a state. A word always stands beside them. */

/* (nullable): no symbol */
const char  *iss_state_icon_of_verdict        (IssVerdict        verdict,
                                               IssRung           rung);
const char  *iss_state_icon_class_of_verdict  (IssVerdict        verdict,
                                               IssRung           rung);
const char  *iss_state_icon_of_level          (IssOverviewLevel  level);
const char  *iss_state_icon_class_of_level    (IssOverviewLevel  level);

G_END_DECLS
