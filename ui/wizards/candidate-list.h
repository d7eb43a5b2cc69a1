/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/candidate.h"

G_BEGIN_DECLS

#define ISS_TYPE_CANDIDATE_LIST (iss_candidate_list_get_type ())

/* Certificates that may be assigned, and below them those that may not, with the
 * reason. Signal "changed": another one is selected, or none. */
G_DECLARE_FINAL_TYPE (IssCandidateList, iss_candidate_list, ISS, CANDIDATE_LIST, GtkWidget)

/* not on how many of those that are asked */
void           iss_candidate_list_hide_servers    (IssCandidateList  *self);
/* IssCandidate */
void           iss_candidate_list_set_candidates  (IssCandidateList  *self,
                                                   GPtrArray         *candidates,
                                                   GBytes            *selected);    /* (nullable) */
/* in their place */
void           iss_candidate_list_say             (IssCandidateList  *self,
                                                   gboolean           busy,
                                                   const char        *text);
IssCandidate  *iss_candidate_list_get_selected    (IssCandidateList  *self);        /* (nullable) */
gboolean       iss_candidate_list_select          (IssCandidateList  *self,
                                                   GBytes            *sha256);
guint          iss_candidate_list_get_n_rows      (IssCandidateList  *self);

G_END_DECLS
