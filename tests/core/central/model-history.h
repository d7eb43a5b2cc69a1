/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/core/central/model-world.h"

G_BEGIN_DECLS

/* What every server had, signed with and knew after each step, and whether that may be. */
typedef struct _IssModelHistory IssModelHistory;

IssModelHistory *iss_model_history_new       (void) G_GNUC_WARN_UNUSED_RESULT;
void             iss_model_history_free      (IssModelHistory *self);

/* (nullable): what is wrong after this step */
char            *iss_model_history_record    (IssModelHistory *self,
                                              IssModelWorld   *world) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): what is wrong when the faults have stopped */
char            *iss_model_history_judge_end (IssModelHistory *self,
                                              IssModelWorld   *world) G_GNUC_WARN_UNUSED_RESULT;
guint            iss_model_history_count_rolls (IssModelHistory *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssModelHistory, iss_model_history_free)

G_END_DECLS
