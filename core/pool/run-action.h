/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/run-check.h"

G_BEGIN_DECLS

/* What is left to do once a roll is armed: nothing, if on every server something will run it. */
char  *iss_run_action_dup_armed  (GPtrArray    *checks,
                                  IssPoolRoll  *roll,
                                  GTimeZone    *zone) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
