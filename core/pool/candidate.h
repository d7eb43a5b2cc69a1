/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_TYPE_CANDIDATE (iss_candidate_get_type ())

/* A certificate that could be assigned to a type on some servers, or why not. Immutable. */
G_DECLARE_FINAL_TYPE (IssCandidate, iss_candidate, ISS, CANDIDATE, GObject)

GBytes       *iss_candidate_get_sha256      (IssCandidate  *self);
GBytes       *iss_candidate_get_sha1        (IssCandidate  *self);
const char   *iss_candidate_get_issued_to   (IssCandidate  *self);
const char   *iss_candidate_get_issued_by   (IssCandidate  *self);
const char   *iss_candidate_get_friendly_name (IssCandidate *self);
gint64        iss_candidate_get_not_before  (IssCandidate  *self);
gint64        iss_candidate_get_not_after   (IssCandidate  *self);
const char   *iss_candidate_get_key_text    (IssCandidate  *self);   /* "RSA 2048" */
guint         iss_candidate_get_n_on        (IssCandidate  *self);   /* servers that have it */
const char   *iss_candidate_get_holder      (IssCandidate  *self);   /* the first of them */
guint         iss_candidate_get_n_servers   (IssCandidate  *self);   /* servers asked */
gboolean      iss_candidate_is_suitable     (IssCandidate  *self);   /* no error anywhere */
gboolean      iss_candidate_has_warnings    (IssCandidate  *self);
/* (nullable): the first error, or the warnings */
const char   *iss_candidate_get_reason      (IssCandidate  *self);
const char   *iss_candidate_get_used_for    (IssCandidate  *self);   /* "Default", "" */
GPtrArray    *iss_candidate_get_findings    (IssCandidate  *self,
                                             const char    *server); /* (nullable): IssFinding */

/* Lists Personal on each server and asks each for its judgement, for all the types. Servers
 * that do not answer are left out and named in out_silent. */
void          iss_candidate_load_async      (IssPool             *pool,
                                             GPtrArray           *servers,
                                             const char *const   *types,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data);
/* suitable first */
GPtrArray    *iss_candidate_load_finish     (GAsyncResult        *result,
                                             GPtrArray          **out_silent,
                                             GError             **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
