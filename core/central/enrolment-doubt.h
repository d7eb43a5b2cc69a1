/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/central/enrolment.h"

G_BEGIN_DECLS

/**
 * IssEnrolmentDoubt:
 *
 * Why a server that is enrolled once more may be another one: what somebody has to compare.
 */
typedef struct
{
  char *host_key;   /* it is seen under now, as iss_server_enroll_finish() tells it */
  char *now;        /* the same in words */
  char *before;     /* (nullable): in words; %NULL: its record cannot be read */
  char *when;       /* (nullable): the day of that */
  char *why;        /* how it may come, a sentence without its full stop */
} IssEnrolmentDoubt;

IssEnrolmentDoubt  *iss_enrolment_doubt_new             (const IssEnrolment       *before,
                                                         const IssEnrolment       *now)
                                                         G_GNUC_WARN_UNUSED_RESULT;
IssEnrolmentDoubt  *iss_enrolment_doubt_new_unreadable  (const char               *why,
                                                         const IssEnrolment       *now)
                                                         G_GNUC_WARN_UNUSED_RESULT;
IssEnrolmentDoubt  *iss_enrolment_doubt_copy            (const IssEnrolmentDoubt  *self)
                                                         G_GNUC_WARN_UNUSED_RESULT;
void                iss_enrolment_doubt_free            (IssEnrolmentDoubt        *self);

char               *iss_enrolment_doubt_dup_text        (const IssEnrolmentDoubt  *self)
                                                         G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IssEnrolmentDoubt, iss_enrolment_doubt_free)

G_END_DECLS
