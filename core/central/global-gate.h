/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/transition.h"
#include "core/central/replica-report.h"

G_BEGIN_DECLS

/* What is promised of a roll that waits until all are ready: never two servers signing with
 * certificates that a third does not know. Two gates keep it: nothing is armed before every server
 * was seen to publish what is staged, and what was armed is not taken out again before every
 * server was seen to hold it: any of them may have made it current. */

/* to arm: every server that is not excepted by name publishes what is staged, and its clock is not
 * too far off */
gboolean      iss_global_gate_is_open   (const IssWanted           *wanted,
                                         GPtrArray                 *reports,
                                         gboolean                   any_clock);
gboolean      iss_global_gate_waits_for_clock (const IssWanted     *wanted,
                                         const IssReplicaReport    *report);
/* whether a server may make what is staged current, without being told anything more */
gboolean      iss_global_gate_may_roll  (const IssWanted           *wanted);
/* what is decided in the place of @next, which becomes @next; or refuses */
gboolean      iss_global_gate_pass      (const IssWanted           *present,
                                         const IssTransition       *change,
                                         GPtrArray                 *reports,
                                         const char *const         *excepted,
                                         IssManifest              **next,
                                         gboolean                  *out_only_holds,
                                         GError                   **error);
/* whether somebody may still make current what @next has staged, as of before */
gboolean      iss_global_gate_was_armed (const IssWanted           *present,
                                         const IssManifest         *next);

G_END_DECLS
