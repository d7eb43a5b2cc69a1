/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/candidate.h"

G_BEGIN_DECLS

/**
 * IssCandidateView:
 *
 * What one server showed: its Personal store, and its judgement of those that
 * have a private key there.
 */
typedef struct
{
  char         *name;
  char         *short_name;
  IssRowTable  *rows;
  GHashTable   *findings;   /* GBytes SHA-256 → GPtrArray of IssFinding */
} IssCandidateView;

void        iss_candidate_view_free  (IssCandidateView  *view);
GPtrArray  *iss_candidate_group      (GPtrArray         *views,
                                      const char *const *types) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
