/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/assign-plan.h"

G_BEGIN_DECLS

/* What the pages of the assignment call each change, before, while and after it is made. */

/* everywhere: on every server, replicated, instead of on those of the plan */
char        *iss_assign_words_dup_headline      (IssAssignPlan      *plan,
                                                 gboolean            everywhere)
                                                 G_GNUC_WARN_UNUSED_RESULT;
char        *iss_assign_words_dup_consequence   (IssAssignPlan      *plan,
                                                 gboolean            everywhere)
                                                 G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_assign_words_get_title         (IssTransitionKind   change);
const char  *iss_assign_words_get_button        (IssTransitionKind   change);
char        *iss_assign_words_dup_confirmation  (IssTransitionKind   change,
                                                 const char         *warning)
                                                 G_GNUC_WARN_UNUSED_RESULT;
char        *iss_assign_words_dup_running       (IssTransitionKind   change,
                                                 const char         *name,
                                                 const char         *types)
                                                 G_GNUC_WARN_UNUSED_RESULT;
char        *iss_assign_words_dup_done          (IssTransitionKind   change,
                                                 guint               n_done,
                                                 guint               n)
                                                 G_GNUC_WARN_UNUSED_RESULT;
/* unattended: (element-type IssServer): nothing will roll it there */
char        *iss_assign_words_dup_armed         (guint               n_done,
                                                 guint               n,
                                                 const char         *instant,
                                                 GPtrArray          *unattended)
                                                 G_GNUC_WARN_UNUSED_RESULT;
const char  *iss_assign_words_get_failed        (IssTransitionKind   change);

G_END_DECLS
