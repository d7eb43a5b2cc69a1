/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/certificate-type.h"
#include "core/assignment/roll-plan.h"

G_BEGIN_DECLS

/**
 * IssRollNotice:
 *
 * Who must be told of a roll, and what that one needs. Strings are translated.
 */
typedef struct
{
  char     *who;       /* "Partners that were given a certificate file (.cer)" */
  char     *needs;
  gboolean  by_hand;   /* a person has to do something, and nothing here sees whether it was done */
} IssRollNotice;

/* (element-type IssRollNotice) */
GPtrArray  *iss_roll_notice_list     (const IssCertificateType  *type,
                                      const IssRollPlan         *plan,
                                      gint64                     instant,
                                      const char                *pool,
                                      GTimeZone                 *zone) G_GNUC_WARN_UNUSED_RESULT;
char       *iss_roll_notice_dup_text (GPtrArray                 *notices) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
